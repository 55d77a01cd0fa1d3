//! The sheet of curves: the convergence of the fleet, or of a site chosen in a cell, with its band.

use super::style::{self, BAND, BLUE, GREY, HAIRLINE, ORANGE, TEAL};
use super::table_sheet::Day;
use crate::report::Results;
use crate::report::tables::TIMELINE;
use crate::run::tally::{Curve, Grid};
use crate::study::{Band, Place};
use rust_xlsxwriter::{
    Chart, ChartAxisTickType, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker,
    ChartMarkerType, ChartRange, ChartSolidFill, ChartType, DataValidation, Format, FormatAlign,
    Formula, RowNum, Worksheet, XlsxError, utility::column_number_to_name,
};

/// Name of the sheet.
pub(super) const NAME: &str = "Curves";
/// First row of the curves' numbers.
const FIRST: RowNum = 6;
/// Where the list of places stands.
const LIST: u16 = 12;

/// Fills the sheet; `places` are those that can be chosen.
pub(super) fn fill(
    sheet: &mut Worksheet,
    results: &Results<'_>,
    places: &[Place],
) -> Result<(), XlsxError> {
    let plan = results.plan;
    sheet.set_screen_gridlines(false);
    sheet.write_string_with_format(0, 0, "Convergence", &style::heading().set_font_size(18))?;
    sheet.set_row_height(0, 30)?;
    let small = style::reading().set_font_color(GREY);
    let told = "Choose a site in the blue cell; * is the whole fleet. The chart and the numbers below follow.";
    sheet.write_string_with_format(1, 0, told, &small)?;
    sheet.write_string_with_format(2, 0, "Site", &style::reading().set_bold())?;
    let chosen = style::header().set_align(FormatAlign::Center);
    sheet.write_string_with_format(2, 1, "*", &chosen)?;
    let last = places.len().max(1) as RowNum;
    for (row, place) in (1..).zip(places) {
        sheet.write_string_with_format(row, LIST, place.name(plan), &small)?;
    }
    sheet.write_string_with_format(0, LIST, "places", &small)?;
    let list = format!("${0}$2:${0}${1}", column_number_to_name(LIST), last + 1);
    let validation = DataValidation::new()
        .allow_list_formula(Formula::new(format!("={list}")))
        .set_error_message("Choose one of the list.")?;
    sheet.add_data_validation(2, 1, 2, 1, &validation)?;
    sheet.write_string_with_format(3, 0, "rows before it in timeline", &small)?;
    let boundaries = results.study.grid.boundaries();
    let before = format!("=(MATCH(B3,{list},0)-1)*{boundaries}");
    sheet.write_formula_with_format(3, 1, Formula::new(before).set_result("0"), &small)?;
    numbers(sheet, results, places.len())?;
    let last = FIRST + boundaries as RowNum - 1;
    let column = |at: u16| ChartRange::new_from_range(NAME, FIRST, at, last, at);
    let chart = chart(
        results,
        &Series {
            times: column(0),
            low: column(2),
            band: column(3),
            middle: [column(4), column(5), column(6)],
            upgrades: column(7),
        },
    );
    let mut chart = chart;
    chart.title().set_hidden();
    chart.set_width(880).set_height(440);
    sheet.insert_chart(4, 9, &chart)?;
    sheet.set_freeze_panes(FIRST, 0)?;
    Ok(())
}

/// Headers of the numbers, and widths of their columns.
const COLUMNS: [(&str, f64); 9] = [
    ("local_time", 26.0),
    ("elapsed_hours", 14.0),
    ("converged_share_p10", 12.0),
    ("band: p90 less p10", 12.0),
    ("converged_share_p50", 12.0),
    ("base_share_p50", 12.0),
    ("reported_share_p50", 12.0),
    ("upgrade begins", 10.0),
    ("fleet: p90 less p10", 12.0),
];

/// The rows that the chart is drawn from: formulas on the table `timeline`, with the values of the fleet.
fn numbers(sheet: &mut Worksheet, results: &Results<'_>, places: usize) -> Result<(), XlsxError> {
    let header = style::header().set_text_wrap();
    for (at, (name, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(FIRST - 1, at, name, &header)?;
        sheet.set_column_width(at, width)?;
    }
    sheet.set_row_height(FIRST - 1, 32)?;
    let boundaries = results.study.grid.boundaries();
    let time = Format::new()
        .set_num_format(style::TIME)
        .set_align(FormatAlign::Left);
    let hours = Format::new().set_num_format(style::WHOLE);
    let share = Format::new().set_num_format(style::SHARE);
    let from = |name: &str| {
        let cells = timeline(name, boundaries * places.max(1));
        format!("INDEX({cells},$B$4+ROW()-{FIRST})")
    };
    let (low, high) = (from("converged_share_p10"), from("converged_share_p90"));
    let cells = [
        (from("local_time"), &time),
        (from("elapsed_hours"), &hours),
        (low.clone(), &share),
        (format!("{high}-{low}"), &share),
        (from("converged_share_p50"), &share),
        (from("base_share_p50"), &share),
        (from("reported_share_p50"), &share),
    ];
    let upgrades = upgrades(results);
    let (low, high) = (letter("converged_share_p10"), letter("converged_share_p90"));
    for (boundary, values) in values(results).into_iter().enumerate() {
        let row = FIRST + boundary as RowNum;
        for (at, ((formula, format), value)) in (0..).zip(cells.iter().zip(values)) {
            let formula = Formula::new(format!("={formula}")).set_result(value.to_string());
            sheet.write_formula_with_format(row, at, formula, format)?;
        }
        if upgrades.contains(&boundary) {
            sheet.write_number_with_format(row, 7, 0.0, &share)?;
        }
        let at = boundary + 2;
        let fleet = Formula::new(format!("=timeline!{high}{at}-timeline!{low}{at}"));
        let fleet = fleet.set_result(values[3].to_string());
        sheet.write_formula_with_format(row, 8, fleet, &share)?;
    }
    Ok(())
}

/// What the formulas come to for the whole fleet, boundary by boundary: time, hours, p10, width of the band, p50, base,
/// reported.
fn values(results: &Results<'_>) -> Vec<[f64; 7]> {
    let (plan, study) = (results.plan, results.study);
    let zone = Place::Fleet.zone(plan);
    let clients = results.mean(study.total.fleet().clients as f64).max(1.0);
    let mut day = Day::default();
    let at = |boundary: usize| {
        let moment = study.grid.boundary(boundary);
        // With as many decimals as the table has, of which the formulas make theirs.
        let rounded = |share: f64| (share * 1e6).round() / 1e6;
        let shares = shares(results, boundary, clients);
        let [converged, base, reported] = shares.map(|band| band.map(rounded));
        let serial = day.serial(&results.local(zone, moment));
        [
            serial.unwrap_or(0.0),
            results.hours(moment),
            converged.p10,
            converged.p90 - converged.p10,
            converged.p50,
            base.p50,
            reported.p50,
        ]
    };
    (0..study.grid.boundaries()).map(at).collect()
}

/// Shares of the fleet's `clients` on each curve at a boundary.
fn shares(results: &Results<'_>, boundary: usize, clients: f64) -> [Band<f64>; 3] {
    let fleet = Place::Fleet.index(results.plan);
    Curve::ALL.map(|curve| {
        let band = results.study.curve_band(fleet, boundary, curve);
        band.map(|count| f64::from(count) / clients)
    })
}

/// Boundaries after which a site's upgrade begins.
fn upgrades(results: &Results<'_>) -> Vec<usize> {
    let grid = &results.study.grid;
    let moments = results.plan.rollout.iter().map(|line| line.at);
    moments.filter_map(|at| grid.interval(at)).collect()
}

/// The letter of a column of the table `timeline`.
fn letter(name: &str) -> String {
    let at = TIMELINE.columns.iter().position(|it| it.name == name);
    column_number_to_name(at.unwrap_or(0) as u16)
}

/// The first `rows` cells of a column of the table `timeline`.
fn timeline(name: &str, rows: usize) -> String {
    let letter = letter(name);
    format!("timeline!${letter}$2:${letter}${}", rows + 1)
}

/// Where the numbers of a chart stand.
struct Series {
    times: ChartRange,
    low: ChartRange,
    band: ChartRange,
    middle: [ChartRange; 3],
    upgrades: ChartRange,
}

/// The chart of the whole fleet, drawn from the table `timeline`.
pub(super) fn fleet_chart(results: &Results<'_>) -> Chart {
    let boundaries = results.study.grid.boundaries();
    let column =
        |name: &str| ChartRange::new_from_string(&format!("={}", timeline(name, boundaries)));
    let last = FIRST + boundaries as RowNum - 1;
    let here = |at: u16| ChartRange::new_from_range(NAME, FIRST, at, last, at);
    chart(
        results,
        &Series {
            times: column("local_time"),
            low: column("converged_share_p10"),
            band: here(8),
            middle: [
                "converged_share_p50",
                "base_share_p50",
                "reported_share_p50",
            ]
            .map(column),
            upgrades: here(7),
        },
    )
}

/// What the three curves are called, with colour and width; in the order of [`Curve::ALL`].
const LINES: [(&str, rust_xlsxwriter::Color, f64); 3] = [
    ("converged (median)", BLUE, 2.5),
    ("base components", ORANGE, 1.25),
    ("known to the console", TEAL, 1.25),
];

fn chart(results: &Results<'_>, series: &Series) -> Chart {
    let several = results.study.count() > 1;
    let mut chart = Chart::new(ChartType::AreaStacked);
    if several {
        chart
            .add_series()
            .set_name("p10")
            .set_categories(&series.times)
            .set_values(&series.low)
            .set_format(ChartFormat::new().set_no_fill().set_no_border())
            .delete_from_legend(true);
        chart
            .add_series()
            .set_name("8 of 10 runs")
            .set_categories(&series.times)
            .set_values(&series.band)
            .set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(BAND))
                    .set_no_border(),
            );
    }
    let mut lines = Chart::new(ChartType::Line);
    for ((name, color, width), values) in LINES.iter().zip(&series.middle) {
        lines
            .add_series()
            .set_name(*name)
            .set_categories(&series.times)
            .set_values(values)
            .set_format(
                ChartFormat::new().set_line(ChartLine::new().set_color(*color).set_width(*width)),
            );
    }
    let mut fill = ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(GREY))
        .clone();
    lines
        .add_series()
        .set_name("site upgrade begins")
        .set_categories(&series.times)
        .set_values(&series.upgrades)
        .set_format(ChartFormat::new().set_no_line())
        .set_marker(
            ChartMarker::new()
                .set_type(ChartMarkerType::Triangle)
                .set_size(9)
                .set_format(&mut fill),
        );
    if several {
        chart.combine(&lines);
    } else {
        chart = lines;
    }
    axes(&mut chart, results);
    chart
}

/// Intervals between two dates on the axis of time: whole days, at most eight of them.
pub(super) fn label_every(grid: &Grid) -> u16 {
    let per_day = (86_400 / grid.interval_s.max(1)).max(1);
    let days = grid.intervals as u32 / per_day + 1;
    let every = per_day * days.div_ceil(8).max(1);
    u16::try_from(every).unwrap_or(u16::MAX)
}

fn axes(chart: &mut Chart, results: &Results<'_>) {
    let font = |size: u32| {
        let mut font = ChartFont::new();
        font.set_size(size).set_color(GREY);
        font
    };
    let every = label_every(&results.study.grid);
    chart
        .x_axis()
        .set_text_axis(true)
        .set_num_format("d mmm")
        .set_font(&font(9))
        .set_label_interval(every)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_tick_interval(every);
    chart
        .y_axis()
        .set_min(0)
        .set_max(1)
        .set_major_unit(0.25)
        .set_num_format("0%")
        .set_font(&font(9))
        .set_major_gridlines_line(ChartLine::new().set_color(HAIRLINE).set_width(0.5));
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&font(9));
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_no_border());
    let text =
        "Share of clients converged, with base components, and known to the console, over time";
    chart.set_alt_text(text);
}
