//! The sheet of load: what the busiest servers moved, interval by interval.

use super::style::{self, BLUE, GREY, HAIRLINE, ORANGE, TEAL};
use super::table_sheet::Day;
use crate::report::Results;
use crate::report::answer::{Busy, busiest};
use rust_xlsxwriter::{
    Chart, ChartAxisTickType, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartSolidFill, ChartType, Color, Format, FormatAlign, RowNum, Worksheet, XlsxError,
};

/// Name of the sheet.
pub(super) const NAME: &str = "Busiest servers";
/// First row of the numbers.
const FIRST: RowNum = 5;
/// Most servers that are drawn, and their colours.
const COLORS: [Color; 5] = [
    BLUE,
    ORANGE,
    TEAL,
    Color::RGB(0x8E_44_AD),
    Color::RGB(0x7F_8C_8D),
];

/// Fills the sheet.
pub(super) fn fill(sheet: &mut Worksheet, results: &Results<'_>) -> Result<(), XlsxError> {
    let plan = results.plan;
    let servers: Vec<Busy> = busiest(results).into_iter().take(COLORS.len()).collect();
    sheet.set_screen_gridlines(false);
    sheet.write_string_with_format(
        0,
        0,
        "Load of the busiest servers",
        &style::heading().set_font_size(18),
    )?;
    sheet.set_row_height(0, 30)?;
    let small = style::reading().set_font_color(GREY);
    let zone = &plan.zones[0].name;
    let told = format!(
        "Megabytes moved in each interval, mean over replications; times of {zone}. All servers are in the sheet load."
    );
    sheet.write_string_with_format(1, 0, told, &small)?;
    let header = style::header().set_text_wrap();
    let names = servers.iter().map(|it| it.server.name(plan));
    let names: Vec<String> = ["local_time".to_owned(), "elapsed_hours".to_owned()]
        .into_iter()
        .chain(names)
        .collect();
    for (at, name) in (0..).zip(&names) {
        sheet.write_string_with_format(FIRST - 1, at, name, &header)?;
        sheet.set_column_width(at, if at == 0 { 20.0 } else { 14.0 })?;
    }
    numbers(sheet, results, &servers)?;
    if !servers.is_empty() {
        let mut chart = chart(results, &servers);
        chart.set_width(880).set_height(440);
        sheet.insert_chart(3, names.len() as u16 + 1, &chart)?;
    }
    sheet.set_freeze_panes(FIRST, 1)?;
    Ok(())
}

fn numbers(
    sheet: &mut Worksheet,
    results: &Results<'_>,
    servers: &[Busy],
) -> Result<(), XlsxError> {
    let (plan, study) = (results.plan, results.study);
    let time = Format::new()
        .set_num_format(style::TIME)
        .set_align(FormatAlign::Left);
    let whole = Format::new().set_num_format(style::WHOLE);
    let mean = Format::new().set_num_format(style::MEAN);
    let mut day = Day::default();
    for interval in 0..study.grid.intervals {
        let row = FIRST + interval as RowNum;
        let from = study.grid.boundary(interval);
        let serial = day.serial(&results.local(0, from)).unwrap_or(0.0);
        sheet.write_number_with_format(row, 0, serial, &time)?;
        sheet.write_number_with_format(row, 1, results.hours(from), &whole)?;
        for (at, busy) in (2..).zip(servers) {
            let bytes = study.load(plan, busy.server).bytes(interval);
            let megabytes = results.mean(bytes as f64) / 1e6;
            let megabytes = (megabytes * 1e3).round() / 1e3;
            sheet.write_number_with_format(row, at, megabytes, &mean)?;
        }
    }
    Ok(())
}

fn chart(results: &Results<'_>, servers: &[Busy]) -> Chart {
    let grid = &results.study.grid;
    let last = FIRST + grid.intervals as RowNum - 1;
    let mut chart = Chart::new(ChartType::Line);
    for ((at, busy), color) in (2..).zip(servers).zip(COLORS) {
        chart
            .add_series()
            .set_name(busy.server.name(results.plan).as_str())
            .set_categories((NAME, FIRST, 0, last, 0))
            .set_values((NAME, FIRST, at, last, at))
            .set_format(
                ChartFormat::new().set_line(ChartLine::new().set_color(color).set_width(1.5)),
            );
    }
    let mut font = ChartFont::new();
    font.set_size(9).set_color(GREY);
    let every = super::curves::label_every(grid);
    chart
        .x_axis()
        .set_text_axis(true)
        .set_num_format("d mmm")
        .set_font(&font)
        .set_label_interval(every)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_tick_interval(every);
    chart
        .y_axis()
        .set_name("MB in an interval")
        .set_name_font(&font)
        .set_num_format("#,##0")
        .set_font(&font)
        .set_major_gridlines_line(ChartLine::new().set_color(HAIRLINE).set_width(0.5));
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&font);
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_no_border());
    chart.set_alt_text("Megabytes that the busiest servers moved in each interval");
    chart
}

/// Bars of the servers in these rows, the first on top.
pub(super) fn bars(sheet: &str, first: RowNum, last: RowNum) -> Chart {
    let mut chart = Chart::new(ChartType::Bar);
    let mut fill = ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(BLUE))
        .clone();
    chart
        .add_series()
        .set_name("share of bandwidth")
        .set_categories((sheet, first, 1, last, 1))
        .set_values((sheet, first, 10, last, 10))
        .set_gap(60)
        .set_format(&mut fill)
        .set_data_label(ChartDataLabel::new().show_value().set_num_format("0%"));
    let mut font = ChartFont::new();
    font.set_size(9).set_color(GREY);
    // In a chart of bars the axes change places: y is where the servers stand.
    chart
        .y_axis()
        .set_reverse()
        .set_font(&font)
        .set_major_gridlines(false);
    chart
        .x_axis()
        .set_min(0)
        .set_hidden(true)
        .set_major_gridlines(false);
    chart.legend().set_hidden();
    chart.title().set_hidden();
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_no_border());
    chart.set_alt_text("Share of its bandwidth that each server's busiest interval takes");
    chart
}
