//! `report.xlsx`: the answer, its charts, and a sheet per table with real dates, frozen header and filter.
//!
//! The first sheet is laid out for reading; its charts and those of the next two refer to the tables' cells, so whoever
//! changes or filters a table sees it. The same results give the same bytes.

mod cards;
mod columns;
mod curves;
mod first;
mod load;
mod style;
mod table_sheet;
#[cfg(test)]
mod tests;

pub use table_sheet::{ROWS_PER_SHEET, TableSheet};

use super::{Results, tables};
use crate::study::Place;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use style::Styles;
use table_sheet::TableSheets;

/// Name of the workbook in a results folder.
pub const FILE_NAME: &str = "report.xlsx";

/// The workbook of a run, as the bytes of its file.
///
/// # Errors
/// If there is no room for its temporary files, or the library refuses something.
pub fn workbook(results: &Results<'_>) -> Result<Vec<u8>, XlsxError> {
    workbook_with(results, ROWS_PER_SHEET)
}

/// The same with sheets that are full earlier.
fn workbook_with(results: &Results<'_>, rows_per_sheet: u64) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date, as the same results have to give the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(&results.plan.name)
        .set_comment(format!("smsim {}", env!("CARGO_PKG_VERSION")))
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    for name in [first::NAME, curves::NAME, load::NAME] {
        workbook.add_worksheet().set_name(name)?;
    }
    let styles = Styles::new();
    let mut sheets = Vec::new();
    for table in tables::wanted(results.plan) {
        let mut rows = TableSheets::new(table, &styles, &mut workbook, rows_per_sheet)?;
        (table.fill)(results, &mut rows).map_err(XlsxError::IoError)?;
        sheets.extend(rows.finish()?);
    }
    let places = places(results, rows_per_sheet);
    first::fill(workbook.worksheet_from_name(first::NAME)?, results, &sheets)?;
    curves::fill(
        workbook.worksheet_from_name(curves::NAME)?,
        results,
        &places,
    )?;
    load::fill(workbook.worksheet_from_name(load::NAME)?, results)?;
    columns::fill(workbook.add_worksheet(), &styles)?;
    workbook.save_to_buffer()
}

/// The places of the timeline in the order of its rows, as far as its first sheet goes.
fn places(results: &Results<'_>, rows_per_sheet: u64) -> Vec<Place> {
    let (plan, study) = (results.plan, results.study);
    let sites = Place::all(plan).zip(&study.total.sites);
    let sites = sites.filter(|(place, site)| *place != Place::NoSite || site.clients > 0);
    let places = [Place::Fleet]
        .into_iter()
        .chain(sites.map(|(place, _)| place));
    let room = (rows_per_sheet.saturating_sub(1)) as usize / study.grid.boundaries();
    places.take(room).collect()
}
