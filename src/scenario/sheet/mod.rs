//! Tables in files of other programs, as text: CSV in whatever encoding it comes, and workbooks.
//!
//! A workbook's sheet becomes CSV, row by row, so that whatever is wrong with it can be shown at its place.

mod header;
pub mod place;

pub use header::{Format, Header, Map, header};

use super::complaint::Complaint;
use super::placed::Placed;
use super::source::{SourceMap, Sources};
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Cursor;
use std::path::PathBuf;

/// First bytes of a workbook: a ZIP archive, or a compound file.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// The text of a table's file; `sheet` names the sheet of a workbook, else its first one is meant.
///
/// # Errors
/// In words, if it is no workbook after all or has no such sheet.
pub fn text_of(bytes: &[u8], sheet: Option<&str>) -> Result<String, String> {
    match WORKBOOKS.iter().any(|begin| bytes.starts_with(begin)) {
        true => sheet_of(bytes, sheet),
        false => Ok(decoded(bytes)),
    }
}

/// Reads the table at a path that a scenario names into the source map: how it is called, and the place of its first
/// byte.
///
/// # Errors
/// If it cannot be read.
pub fn read(
    sources: &dyn Sources,
    map: &mut SourceMap,
    path: &Placed<String>,
    sheet: Option<&Placed<String>>,
) -> Result<(String, usize), Complaint> {
    let file = map.folder(&path.place).join(&path.value);
    let shown = file.display().to_string();
    let bytes = sources
        .read_bytes(&file)
        .map_err(|cause| Complaint::unreadable(&shown, &cause, Some(path.place.clone())))?;
    match text_of(&bytes, sheet.map(|it| it.value.as_str())) {
        Ok(text) => {
            let begins = map.add(shown.clone(), PathBuf::new(), text);
            Ok((shown, begins))
        }
        Err(why) => {
            let (title, place) = match sheet {
                Some(sheet) => (
                    format!("there is no sheet `{}` in it", sheet.value),
                    &sheet.place,
                ),
                None => (format!("cannot read `{shown}`"), &path.place),
            };
            Err(Complaint::new(title, place.clone(), why))
        }
    }
}

/// The rows of a table's text.
pub fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(place::delimiter(text) as u8)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// Text in the encoding it seems to have: what a byte order mark says; else UTF-16 if every other byte is 0, UTF-8 if it
/// is that, and Windows-1252 otherwise.
fn decoded(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    if bytes.starts_with(b"\xff\xfe") || zeros(bytes, 1) {
        return UTF_16LE.decode_with_bom_removal(bytes).0.into_owned();
    }
    if bytes.starts_with(b"\xfe\xff") || zeros(bytes, 0) {
        return UTF_16BE.decode_with_bom_removal(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// Whether bytes of a text's beginning at even or odd places are mostly 0.
fn zeros(bytes: &[u8], from: usize) -> bool {
    const LOOKED_AT: usize = 200;
    let bytes = bytes.iter().take(LOOKED_AT).skip(from).step_by(2);
    let (all, zero) = bytes.fold((0, 0), |(all, zero), byte| {
        (all + 1, zero + usize::from(*byte == 0))
    });
    all > 0 && zero * 10 > all * 9
}

fn sheet_of(bytes: &[u8], sheet: Option<&str>) -> Result<String, String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| format!("it cannot be read as a workbook: {error}"))?;
    let names = book.sheet_names();
    let name = match sheet {
        None => names.first(),
        Some(sheet) => names.iter().find(|name| name.eq_ignore_ascii_case(sheet)),
    };
    let Some(name) = name.cloned() else {
        return Err(format!(
            "its sheets are {}",
            super::suggest::listed(names.iter().map(String::as_str))
        ));
    };
    let range = book
        .worksheet_range(&name)
        .map_err(|error| format!("its sheet `{name}` cannot be read: {error}"))?;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    // Rows above the first cell are kept, so that the lines of the text are the rows of the sheet.
    let above = range.start().map_or(0, |(row, _)| row);
    let mut written = Ok(());
    for _ in 0..above {
        written = written.and_then(|()| writer.write_record([""]));
    }
    for row in range.rows() {
        written = written.and_then(|()| writer.write_record(row.iter().map(cell)));
    }
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| format!("its sheet `{name}` cannot be written as text"))
}

/// A cell as CSV has it.
fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.replace(['\r', '\n'], " "),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace('T', " "),
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    const TEXT: &str = "name;subnet\nZÜRICH-1;10.1.0.0\n";

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn encodings_are_recognised() {
        let with_mark = |text: &str| format!("\u{feff}{text}");
        let (windows, _, _) = WINDOWS_1252.encode(TEXT);
        for (what, bytes) in [
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with mark", with_mark(TEXT).into_bytes()),
            ("Windows-1252", windows.into_owned()),
            (
                "UTF-16 with mark",
                utf16(&with_mark(TEXT), u16::to_le_bytes),
            ),
            (
                "big-endian with mark",
                utf16(&with_mark(TEXT), u16::to_be_bytes),
            ),
            ("UTF-16", utf16(TEXT, u16::to_le_bytes)),
            ("big-endian", utf16(TEXT, u16::to_be_bytes)),
        ] {
            assert_eq!(text_of(&bytes, None).as_deref(), Ok(TEXT), "{what}");
        }
        assert_eq!(text_of(b"", None).as_deref(), Ok(""));
    }

    #[test]
    fn a_sheet_is_read_with_its_dates() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Notes").unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("Machines").unwrap();
        let seen = ExcelDateTime::from_ymd(2000, 6, 1)
            .unwrap()
            .and_hms(12, 30, 0.0)
            .unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        sheet.write_string(1, 0, "name").unwrap();
        sheet.write_string(1, 1, "seen").unwrap();
        sheet.write_string(2, 0, "PC,\n1").unwrap();
        sheet
            .write_datetime_with_format(2, 1, &seen, &date)
            .unwrap();
        sheet.write_number(3, 0, 42).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let expected = "\"\"\nname,seen\n\"PC,  1\",2000-06-01 12:30:00\n42,\n".replace("  ", " ");
        assert_eq!(text_of(&bytes, Some("machines")).unwrap(), expected);
        assert_eq!(text_of(&bytes, None).unwrap(), "");
        assert_eq!(
            text_of(&bytes, Some("PCs")).unwrap_err(),
            "its sheets are `Notes`, `Machines`"
        );
        assert!(
            text_of(b"PK\x03\x04 and so on", None)
                .unwrap_err()
                .starts_with("it cannot be read")
        );
    }
}
