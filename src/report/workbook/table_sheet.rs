//! A table of results as sheets of the workbook: real dates, frozen header, filter, and a next sheet where one is full.

use super::style::Styles;
use crate::report::table::{Column, Kind, Rows, Table};
use jiff::civil::Date;
use rust_xlsxwriter::{ColNum, Note, RowNum, Workbook, Worksheet, XlsxError};
use std::io;

/// Most rows of a sheet, the header among them.
pub const ROWS_PER_SHEET: u64 = 1_048_576;
/// Widest column, in characters.
const WIDEST: usize = 60;
/// Characters that the button of the filter takes.
const BUTTON: usize = 3;

/// One sheet that holds a table, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSheet {
    /// Its name.
    pub name: String,
    /// The table.
    pub table: &'static str,
    /// Rows without the header.
    pub rows: u64,
}

/// A table's rows on their way into one sheet, or into several.
pub(super) struct TableSheets<'a> {
    table: &'static Table,
    styles: &'a Styles,
    workbook: &'a mut Workbook,
    rows_per_sheet: u64,
    sheets: Vec<TableSheet>,
    /// Row that is being written.
    row: RowNum,
    column: usize,
    widths: Vec<usize>,
    day: Day,
    /// What went wrong in the middle of a row, told at its end.
    failed: Option<XlsxError>,
}

impl<'a> TableSheets<'a> {
    /// The sheets of `table`, the first of which is begun.
    pub(super) fn new(
        table: &'static Table,
        styles: &'a Styles,
        workbook: &'a mut Workbook,
        rows_per_sheet: u64,
    ) -> Result<Self, XlsxError> {
        let mut sheets = TableSheets {
            table,
            styles,
            workbook,
            rows_per_sheet: rows_per_sheet.max(2),
            sheets: Vec::new(),
            row: 0,
            column: 0,
            widths: Vec::new(),
            day: Day::default(),
            failed: None,
        };
        sheets.begin()?;
        Ok(sheets)
    }

    /// Closes the last sheet and tells of all.
    pub(super) fn finish(mut self) -> Result<Vec<TableSheet>, XlsxError> {
        self.close()?;
        Ok(self.sheets)
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        let name = match self.sheets.len() {
            0 => self.table.name.to_owned(),
            before => format!("{}-{}", self.table.name, before + 1),
        };
        let sheet = self.workbook.add_worksheet_with_low_memory()?;
        sheet.set_name(&name)?;
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        for (at, column) in (0..).zip(self.table.columns) {
            sheet.write_string_with_format(0, at, column.name, &self.styles.header)?;
            sheet.insert_note(0, at, &note(column))?;
        }
        sheet.set_row_height(0, 20)?;
        let names = self.table.columns.iter().map(|it| it.name.len() + BUTTON);
        self.widths = names.collect();
        self.row = 1;
        self.sheets.push(TableSheet {
            name,
            table: self.table.name,
            rows: 0,
        });
        Ok(())
    }

    /// Goes on in a next sheet if the present one is full.
    fn make_room(&mut self) -> Result<(), XlsxError> {
        if self.column == 0 && u64::from(self.row) >= self.rows_per_sheet {
            self.close()?;
            self.begin()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), XlsxError> {
        let last = self.row.saturating_sub(1);
        if let Some(told) = self.sheets.last_mut() {
            told.rows = u64::from(last);
        }
        let widths = std::mem::take(&mut self.widths);
        let sheet = last_sheet(self.workbook);
        for (at, width) in (0..).zip(&widths) {
            sheet.set_column_width(at, (width.min(&WIDEST) + 1) as f64)?;
        }
        sheet.autofilter(0, 0, last, (widths.len().max(1) - 1) as ColNum)?;
        Ok(())
    }

    fn cell(
        &mut self,
        width: usize,
        write: impl FnOnce(&mut Worksheet, RowNum, ColNum, &Styles) -> Result<(), XlsxError>,
    ) {
        if let Err(error) = self.make_room() {
            self.failed.get_or_insert(error);
        }
        if let Some(widest) = self.widths.get_mut(self.column) {
            *widest = width.max(*widest);
        }
        let sheet = last_sheet(self.workbook);
        if let Err(error) = write(sheet, self.row, self.column as ColNum, self.styles) {
            self.failed.get_or_insert(error);
        }
        self.column += 1;
    }
}

/// The sheet that was added last; there always is one once a table is begun.
fn last_sheet(workbook: &mut Workbook) -> &mut Worksheet {
    let sheets = workbook.worksheets_mut();
    let last = sheets.len() - 1;
    &mut sheets[last]
}

/// What a column means, shown where the pointer rests on its header.
fn note(column: &Column) -> Note {
    let unit = match column.unit {
        "" => String::new(),
        unit => format!(" [{unit}]"),
    };
    let text = format!("{}{unit}\n{}", column.kind.name(), column.meaning);
    let lines = 2 + text.len() as u32 / 40;
    Note::new(text)
        .add_author_prefix(false)
        .set_width(260)
        .set_height(18 * lines + 8)
}

impl Rows for TableSheets<'_> {
    fn text(&mut self, text: &str) {
        self.cell(text.chars().count(), |sheet, row, column, styles| {
            // A cell of text is never run as a formula here, whatever it begins with.
            sheet.write_string_with_format(row, column, text, &styles.text)?;
            Ok(())
        });
    }

    fn local_time(&mut self, text: &str) {
        let serial = self.day.serial(text);
        self.cell(19, |sheet, row, column, styles| {
            match serial {
                Some(serial) => {
                    sheet.write_number_with_format(row, column, serial, &styles.time)?;
                }
                None => {
                    sheet.write_string_with_format(row, column, text, &styles.text)?;
                }
            }
            Ok(())
        });
    }

    fn whole(&mut self, number: u64) {
        self.number(number as f64);
    }

    fn number(&mut self, number: f64) {
        let kind = self.table.columns.get(self.column).map(|it| it.kind);
        // As many decimals as the CSV file has.
        let number = (number * 1e6).round() / 1e6;
        self.cell(digits(number), |sheet, row, column, styles| {
            let format = match kind {
                Some(Kind::Share) => &styles.share,
                _ if number.fract() == 0.0 => &styles.whole,
                _ => &styles.mean,
            };
            sheet.write_number_with_format(row, column, number, format)?;
            Ok(())
        });
    }

    fn missing(&mut self) {
        if let Err(error) = self.make_room() {
            self.failed.get_or_insert(error);
        }
        self.column += 1;
    }

    fn end(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.column, self.table.columns.len());
        self.column = 0;
        if let Some(error) = self.failed.take() {
            return Err(io::Error::other(error));
        }
        self.row += 1;
        Ok(())
    }
}

/// Characters of a number with its separators.
fn digits(number: f64) -> usize {
    let whole = number.abs().max(1.0).log10() as usize + 1;
    whole + whole / 3 + if number.fract() == 0.0 { 1 } else { 5 }
}

/// Turns local times into serial numbers of a spreadsheet, and remembers the last date.
#[derive(Default)]
pub(super) struct Day {
    text: String,
    number: f64,
}

impl Day {
    /// Days since the spreadsheet's day 0 of a time written `2000-06-23 18:00:00`; `None` if it is written otherwise.
    pub(super) fn serial(&mut self, text: &str) -> Option<f64> {
        let (date, time) = text.split_once(' ')?;
        if self.text != date {
            let date_read: Date = date.parse().ok()?;
            let zero = Date::constant(1899, 12, 30);
            let span = date_read.since(zero).ok()?;
            self.number = f64::from(span.get_days());
            self.text = date.to_owned();
        }
        let mut seconds = 0_u32;
        for part in time.split(':') {
            seconds = seconds * 60 + part.parse::<u32>().ok()?;
        }
        Some(self.number + f64::from(seconds) / 86_400.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_days_since_1899() {
        let mut day = Day::default();
        assert_eq!(day.serial("1900-03-01 00:00:00"), Some(61.0));
        assert_eq!(day.serial("2000-06-23 18:00:00"), Some(36_700.75));
        assert_eq!(day.serial("2000-06-23 06:00:00"), Some(36_700.25));
        assert_eq!(day.serial("never"), None);
    }
}
