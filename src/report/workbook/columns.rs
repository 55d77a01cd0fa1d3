//! The last sheet: what every column says.

use super::style::Styles;
use crate::report::tables;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

/// Header and width of each column.
const COLUMNS: [(&str, f64); 6] = [
    ("table", 14.0),
    ("column", 28.0),
    ("kind", 11.0),
    ("unit", 13.0),
    ("meaning", 90.0),
    ("example", 24.0),
];

pub(super) fn fill(sheet: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name("columns")?;
    for (at, (name, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, at, name, &styles.header)?;
        sheet.set_column_width(at, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let columns = tables::ALL.into_iter().flat_map(|table| {
        let columns = table.columns.iter();
        columns.map(|column| (table.name, column))
    });
    let mut row = 0;
    for (table, column) in columns {
        row += 1;
        let kind = column.kind.name();
        let cells = [
            table,
            column.name,
            kind,
            column.unit,
            column.meaning,
            column.example,
        ];
        for (at, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, at, cell, &wrapped)?;
        }
    }
    sheet.autofilter(0, 0, row, COLUMNS.len() as u16 - 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}
