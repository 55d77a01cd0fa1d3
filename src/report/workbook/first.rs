//! The first sheet: what the run says, laid out for reading and for print.

use super::style::{self, BAD, GOOD, GREY, INK, line, reading, small_header};
use super::table_sheet::{Day, TableSheet};
use super::{cards, curves, load};
use crate::engine::Second;
use crate::report::Results;
use crate::report::answer::{advice, busiest, stuck};
use crate::study::{MILESTONES, Place};
use rust_xlsxwriter::{ColNum, Format, FormatAlign, RowNum, Worksheet, XlsxError};

/// Name of the sheet.
pub(super) const NAME: &str = "Answer";
/// Columns of the page, behind one that is its margin.
pub(super) const COLUMNS: ColNum = 12;
/// Servers and reasons that are listed.
const LISTED: usize = 8;
/// Characters that fit on one line of the page.
const LINE: usize = 150;

/// The sheet in the making.
pub(super) struct Page<'a> {
    pub sheet: &'a mut Worksheet,
    pub results: &'a Results<'a>,
    pub row: RowNum,
    day: Day,
}

pub(super) fn fill(
    sheet: &mut Worksheet,
    results: &Results<'_>,
    sheets: &[TableSheet],
) -> Result<(), XlsxError> {
    sheet.set_screen_gridlines(false);
    sheet.set_column_width(0, 2)?;
    sheet.set_column_range_width(1, COLUMNS, 12.3)?;
    sheet.set_column_width(COLUMNS + 1, 2)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 1);
    sheet.set_margins(0.3, 0.3, 0.3, 0.3, 0.2, 0.2);
    let mut page = Page {
        sheet,
        results,
        row: 0,
        day: Day::default(),
    };
    page.title()?;
    cards::fill(&mut page)?;
    page.what_to_do()?;
    let charts = page.room_for_charts()?;
    page.milestones()?;
    page.thresholds()?;
    page.stuck()?;
    let servers = page.servers()?;
    page.charts(charts, servers)?;
    page.footer(sheets)
}

impl Page<'_> {
    /// One cell over several columns.
    pub(super) fn span(
        &mut self,
        from: ColNum,
        columns: ColNum,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if columns == 1 {
            self.sheet
                .write_string_with_format(self.row, from, text, format)?;
        } else {
            self.sheet
                .merge_range(self.row, from, self.row, from + columns - 1, text, format)?;
        }
        Ok(())
    }

    /// A number over several columns.
    fn value(
        &mut self,
        from: ColNum,
        columns: ColNum,
        value: Option<f64>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.span(from, columns, "", format)?;
        if let Some(value) = value {
            self.sheet
                .write_number_with_format(self.row, from, value, format)?;
        }
        Ok(())
    }

    /// A moment as the spreadsheet counts, in a zone of the plan.
    pub(super) fn serial(&mut self, zone: usize, moment: Second) -> Option<f64> {
        self.day.serial(&self.results.local(zone, moment))
    }

    fn title(&mut self) -> Result<(), XlsxError> {
        let (plan, study) = (self.results.plan, self.results.study);
        self.row = 0;
        self.sheet.set_row_height(self.row, 34)?;
        let title = reading()
            .set_bold()
            .set_font_size(22)
            .set_font_color(style::BLUE);
        self.span(1, COLUMNS, &plan.name, &title)?;
        self.row = 1;
        let days = study.grid.end.since(study.grid.start) / 86_400;
        let runs = match study.count() {
            1 => "1 replication".to_owned(),
            several => format!("{several} replications"),
        };
        let mut text = format!(
            "{} clients at {} sites, {days} days from {}; {runs}, seed {}. Times are of {}.",
            grouped(plan.clients()),
            plan.sites.len(),
            self.results.local(0, study.grid.start),
            plan.seed,
            plan.zones[0].name,
        );
        if study.interrupted {
            text.push_str(&format!(
                " Interrupted after {} of {} replications.",
                study.count(),
                plan.replications
            ));
        }
        self.span(1, COLUMNS, &text, &reading().set_font_color(GREY))?;
        self.row = 3;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 26)?;
        self.span(1, COLUMNS, text, &style::heading())?;
        self.row += 1;
        Ok(())
    }

    /// A paragraph over the whole page, as high as it needs.
    fn paragraph(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        let lines = text.chars().count().div_ceil(LINE).max(1);
        self.sheet
            .set_row_height(self.row, 15.5 * lines as f64 + 3.0)?;
        self.span(1, COLUMNS, text, &format.clone().set_text_wrap())?;
        self.row += 1;
        Ok(())
    }

    fn header(&mut self, cells: &[(ColNum, &str)]) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 17)?;
        let mut at = 1;
        for (columns, text) in cells {
            self.span(at, *columns, text, &small_header())?;
            at += columns;
        }
        self.row += 1;
        Ok(())
    }

    fn what_to_do(&mut self) -> Result<(), XlsxError> {
        self.heading("What to do")?;
        let advice = advice(self.results);
        if advice.is_empty() {
            return self.paragraph(
                "Nothing: every client converged, and no server was short of bandwidth.",
                &reading(),
            );
        }
        for (number, text) in (1..).zip(advice) {
            self.paragraph(&format!("{number}.  {text}"), &reading())?;
        }
        Ok(())
    }

    /// Leaves rows free for the charts and says from which on.
    fn room_for_charts(&mut self) -> Result<RowNum, XlsxError> {
        self.sheet.set_row_height(self.row, 26)?;
        self.span(1, 8, "Convergence of the whole fleet", &style::heading())?;
        self.span(
            9,
            4,
            "Busiest interval, share of bandwidth",
            &style::heading(),
        )?;
        let from = self.row + 1;
        self.row += CHART_ROWS + 2;
        Ok(from)
    }

    fn charts(&mut self, row: RowNum, servers: Option<(RowNum, RowNum)>) -> Result<(), XlsxError> {
        let mut curves = curves::fleet_chart(self.results);
        curves
            .set_width(8 * COLUMN_PIXELS)
            .set_height(20 * CHART_ROWS);
        self.sheet.insert_chart(row, 1, &curves)?;
        if let Some((first, last)) = servers {
            let mut bars = load::bars(NAME, first, last);
            bars.set_width(4 * COLUMN_PIXELS)
                .set_height(20 * CHART_ROWS);
            self.sheet.insert_chart(row, 9, &bars)?;
        }
        Ok(())
    }

    fn milestones(&mut self) -> Result<(), XlsxError> {
        let (plan, study) = (self.results.plan, self.results.study);
        self.heading("Milestones of the whole fleet")?;
        self.header(&[
            (2, "clients converged"),
            (2, "median"),
            (2, "early: 1 in 10 runs"),
            (2, "late: 9 in 10 runs"),
            (2, "hours from the start, median"),
            (2, "reached in runs"),
        ])?;
        let fleet = Place::Fleet.index(plan);
        let time = line()
            .set_num_format(style::DAY_AND_TIME)
            .set_align(FormatAlign::Left);
        let hours = line()
            .set_num_format("#,##0.0")
            .set_align(FormatAlign::Left);
        let share = line()
            .set_bold()
            .set_num_format("0 %")
            .set_align(FormatAlign::Left);
        for (milestone, percent) in MILESTONES.into_iter().enumerate() {
            let band = study
                .milestone_band(fleet, milestone)
                .map(|it| it.map(|at| study.moment(at)));
            self.value(1, 2, Some(f64::from(percent) / 100.0), &share)?;
            for (at, moment) in [(3, band.p50), (5, band.p10), (7, band.p90)] {
                let serial = moment.and_then(|it| self.serial(0, it));
                self.value(at, 2, serial, &time)?;
            }
            self.value(9, 2, band.p50.map(|it| self.results.hours(it)), &hours)?;
            let reached = format!("{} of {}", study.reached(fleet, milestone), study.count());
            self.span(11, 2, &reached, &line())?;
            self.row += 1;
        }
        Ok(())
    }

    fn thresholds(&mut self) -> Result<(), XlsxError> {
        let (plan, study) = (self.results.plan, self.results.study);
        if plan.thresholds.is_empty() {
            return Ok(());
        }
        self.heading("Thresholds")?;
        self.header(&[
            (1, "verdict"),
            (5, "asked"),
            (1, "site"),
            (2, "found, median"),
            (1, "unit"),
            (2, "met in runs"),
        ])?;
        let number = line()
            .set_num_format("#,##0.##")
            .set_align(FormatAlign::Left);
        for (threshold, judged) in plan.thresholds.iter().zip(study.judged(&plan.thresholds)) {
            let (verdict, (dark, pale)) = if judged.passed {
                ("met", GOOD)
            } else {
                ("missed", BAD)
            };
            let format = line()
                .set_bold()
                .set_font_color(dark)
                .set_background_color(pale);
            self.span(1, 1, verdict, &format)?;
            self.span(2, 5, &threshold.that, &line())?;
            let site = threshold
                .site
                .map_or("*", |it| &plan.sites[it.index()].code);
            self.span(7, 1, site, &line())?;
            self.value(8, 2, judged.actual, &number)?;
            self.span(10, 1, threshold.measure.unit(), &line())?;
            let wanted = (threshold.at_least * 100.0).round();
            self.span(
                11,
                2,
                &format!(
                    "{} of {}, {wanted} % wanted",
                    judged.met, judged.replications
                ),
                &line(),
            )?;
            self.row += 1;
        }
        Ok(())
    }

    fn stuck(&mut self) -> Result<(), XlsxError> {
        let stuck = stuck(self.results);
        if stuck.is_empty() {
            return Ok(());
        }
        self.heading("Not converged at the end")?;
        self.header(&[
            (1, "clients"),
            (2, "reason"),
            (4, "who"),
            (3, "what to do"),
            (2, "articles"),
        ])?;
        let number = line()
            .set_num_format("#,##0.#")
            .set_align(FormatAlign::Left)
            .set_bold();
        let wrapped = line().set_text_wrap();
        for stuck in stuck.iter().take(LISTED) {
            let who = stuck.who(self.results.plan);
            let longest = [
                (who.as_str(), 52),
                (stuck.cure(), 39),
                (stuck.reason.articles(), 26),
            ];
            let lines = longest
                .map(|(text, width)| text.len().div_ceil(width))
                .into_iter()
                .max();
            self.sheet
                .set_row_height(self.row, 15.5 * lines.unwrap_or(1) as f64 + 2.0)?;
            self.value(1, 1, Some(whole_from_ten(stuck.clients)), &number)?;
            self.span(2, 2, stuck.reason.code(), &line())?;
            self.span(4, 4, &who, &wrapped)?;
            self.span(8, 3, stuck.cure(), &wrapped)?;
            self.span(11, 2, stuck.reason.articles(), &wrapped)?;
            self.row += 1;
        }
        Ok(())
    }

    /// The busiest servers; gives the first and last row of those with a limit.
    fn servers(&mut self) -> Result<Option<(RowNum, RowNum)>, XlsxError> {
        let plan = self.results.plan;
        let busy = busiest(self.results);
        if busy.is_empty() {
            return Ok(None);
        }
        self.heading("Busiest servers")?;
        self.header(&[
            (2, "server"),
            (2, "kind"),
            (1, "of"),
            (2, "busiest interval begins"),
            (2, "MB in it"),
            (1, "share"),
            (2, "share in 8 of 10 runs"),
        ])?;
        let first = self.row;
        let mut limited = None;
        let time = line()
            .set_num_format(style::DAY_AND_TIME)
            .set_align(FormatAlign::Left);
        let number = line().set_num_format("#,##0").set_align(FormatAlign::Left);
        let share = line()
            .set_num_format("0 %")
            .set_align(FormatAlign::Left)
            .set_bold();
        for busy in busy.iter().take(LISTED) {
            let (server, peak) = (busy.server, busy.peak.p50);
            self.span(1, 2, &server.name(plan), &line().set_bold())?;
            self.span(3, 2, server.kind(), &line())?;
            self.span(5, 1, server.belongs_to(plan), &line())?;
            let from = self.results.study.grid.boundary(peak.interval);
            let serial = self.serial(server.zone(plan), from);
            self.value(6, 2, serial, &time)?;
            self.value(8, 2, Some((peak.bytes as f64 / 1e6).round()), &number)?;
            let dark = match busy.share {
                Some(share) if share.p50 >= 0.8 => BAD.0,
                _ => INK,
            };
            self.value(
                10,
                1,
                busy.share.map(|it| it.p50),
                &share.clone().set_font_color(dark),
            )?;
            let band = match busy.share {
                Some(it) => format!("{:.0} to {:.0} %", it.p10 * 100.0, it.p90 * 100.0),
                None => "no limit".to_owned(),
            };
            self.span(11, 2, &band, &line())?;
            if busy.share.is_some() {
                limited = Some((first, self.row));
            }
            self.row += 1;
        }
        Ok(limited)
    }

    fn footer(&mut self, sheets: &[TableSheet]) -> Result<(), XlsxError> {
        self.row += 1;
        let small = reading().set_font_color(GREY).set_font_size(9);
        let mut text = "Converged: base components and every agent at the target, no restart pending. Milestones leave out clients that the rollout could not reach. Hours count from the start of the scenario; a date of a server or site is its own local time. Every table has a sheet; the last sheet explains the columns.".to_owned();
        let split = sheets
            .windows(2)
            .filter(|pair| pair[0].table == pair[1].table);
        for pair in split {
            text.push_str(&format!(
                " {} is full and goes on in {}.",
                pair[0].name, pair[1].name
            ));
        }
        self.paragraph(&text, &small)?;
        let made = format!(
            "smsim {}, fingerprint {}",
            env!("CARGO_PKG_VERSION"),
            crate::report::manifest::fingerprint(self.results.study)
        );
        self.paragraph(&made, &small)
    }
}

/// Rows of a chart, 20 pixels each.
const CHART_ROWS: RowNum = 15;
/// Width of a column of the page.
const COLUMN_PIXELS: u32 = 91;

/// A mean with one decimal below ten.
fn whole_from_ten(mean: f64) -> f64 {
    match mean >= 10.0 {
        true => mean.round(),
        false => (mean * 10.0).round() / 10.0,
    }
}

/// A whole number with its digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
