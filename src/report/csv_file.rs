//! A table as CSV: UTF-8, one header row, cells that no spreadsheet mistakes for formulas, files that it can open.

use super::table::{Rows, Table};
use crate::plan::Percentile;
use crate::plan::study::USUAL_PERCENTILES;
use csv::{ByteRecord, Writer, WriterBuilder};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::{self, Write};

/// How numbers and columns are set apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Commas between cells, decimal points.
    #[default]
    Standard,
    /// For spreadsheets set up for continental Europe: semicolons between cells, decimal commas, and the byte order
    /// mark by which Excel knows UTF-8.
    ExcelEu,
}

impl Dialect {
    /// As named on the command line and in the manifest.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Standard => "standard",
            Dialect::ExcelEu => "excel-eu",
        }
    }

    /// The dialect of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let all = [Dialect::Standard, Dialect::ExcelEu];
        all.into_iter().find(|it| it.name() == name)
    }

    pub(super) fn delimiter(self) -> u8 {
        match self {
            Dialect::Standard => b',',
            Dialect::ExcelEu => b';',
        }
    }

    pub(super) fn point(self) -> char {
        match self {
            Dialect::Standard => '.',
            Dialect::ExcelEu => ',',
        }
    }
}

/// Most lines of a file, the header among them: one less than a spreadsheet has.
pub const LINES_PER_FILE: u64 = 1_048_575;

/// First letters by which a spreadsheet takes a text for a formula, or drops them.
pub(super) const FORMULAS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name in the results folder.
    pub name: String,
    /// The table it holds, or part of it.
    pub table: &'static str,
    /// Rows without the header.
    pub rows: u64,
    /// Size \[bytes\].
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// A table's rows on their way into one file, or into several if they are too many for one.
pub struct CsvFiles<'a> {
    table: &'static Table,
    columns: Vec<Cow<'static, str>>,
    dialect: Dialect,
    lines_per_file: u64,
    open: &'a mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
    current: Option<OpenFile>,
    written: Vec<WrittenFile>,
    record: ByteRecord,
    cell: String,
}

struct OpenFile {
    name: String,
    rows: u64,
    writer: Writer<Hashing>,
}

impl<'a> CsvFiles<'a> {
    /// The files of `table`, which `open` makes by name.
    pub fn new(
        table: &'static Table,
        dialect: Dialect,
        open: &'a mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
    ) -> Self {
        CsvFiles {
            table,
            columns: table.columns_for(&USUAL_PERCENTILES),
            dialect,
            lines_per_file: LINES_PER_FILE,
            open,
            current: None,
            written: Vec::new(),
            record: ByteRecord::new(),
            cell: String::new(),
        }
    }

    /// Adds columns that the table itself does not know, such as one for each knob of a sweep.
    #[must_use]
    pub fn more_columns(mut self, names: Vec<String>) -> Self {
        self.columns.extend(names.into_iter().map(Cow::Owned));
        self
    }

    /// Tells these percentiles in place of the usual ones.
    #[must_use]
    pub fn percentiles(mut self, percentiles: &[Percentile]) -> Self {
        self.columns = self.table.columns_for(percentiles);
        self
    }

    /// Splits earlier than a spreadsheet needs it.
    #[must_use]
    pub fn lines_per_file(mut self, lines: u64) -> Self {
        self.lines_per_file = lines.max(2);
        self
    }

    /// Everything is written; a table without rows is a file with a header.
    ///
    /// # Errors
    /// If the last bytes cannot be written.
    pub fn finish(mut self) -> io::Result<Vec<WrittenFile>> {
        if self.current.is_none() {
            self.current = Some(self.next_file()?);
        }
        self.close()?;
        Ok(self.written)
    }

    fn next_file(&mut self) -> io::Result<OpenFile> {
        let name = match self.written.len() {
            0 => format!("{}.csv", self.table.name),
            before => format!("{}-{}.csv", self.table.name, before + 1),
        };
        let mut file = Hashing {
            inner: (self.open)(&name)?,
            hash: Sha256::new(),
            bytes: 0,
        };
        if self.dialect == Dialect::ExcelEu {
            file.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = WriterBuilder::new()
            .delimiter(self.dialect.delimiter())
            .buffer_capacity(1 << 16)
            .from_writer(file);
        writer.write_record(self.columns.iter().map(|name| name.as_bytes()))?;
        Ok(OpenFile {
            name,
            rows: 0,
            writer,
        })
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(OpenFile { name, rows, writer }) = self.current.take() else {
            return Ok(());
        };
        let mut file = writer.into_inner().map_err(|error| {
            let cause = error.error();
            io::Error::new(cause.kind(), cause.to_string())
        })?;
        file.inner.flush()?;
        self.written.push(WrittenFile {
            name,
            table: self.table.name,
            rows,
            bytes: file.bytes,
            sha256: hexadecimal(&file.hash.finalize()),
        });
        Ok(())
    }
}

impl Rows for CsvFiles<'_> {
    fn text(&mut self, text: &str) {
        if text.starts_with(FORMULAS) {
            self.cell.clear();
            self.cell.push('\'');
            self.cell.push_str(text);
            self.record.push_field(self.cell.as_bytes());
        } else {
            self.record.push_field(text.as_bytes());
        }
    }

    fn local_time(&mut self, text: &str) {
        self.record.push_field(text.as_bytes());
    }

    fn whole(&mut self, number: u64) {
        let mut digits = itoa::Buffer::new();
        self.record.push_field(digits.format(number).as_bytes());
    }

    fn number(&mut self, number: f64) {
        self.cell.clear();
        push_decimal(number, self.dialect.point(), &mut self.cell);
        self.record.push_field(self.cell.as_bytes());
    }

    fn missing(&mut self) {
        self.record.push_field(b"");
    }

    fn end(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.record.len(), self.columns.len());
        let full = self
            .current
            .as_ref()
            .is_some_and(|file| file.rows + 1 >= self.lines_per_file);
        if full {
            self.close()?;
        }
        let mut file = match self.current.take() {
            Some(file) => file,
            None => self.next_file()?,
        };
        let written = file.writer.write_byte_record(&self.record);
        file.rows += 1;
        self.current = Some(file);
        self.record.clear();
        Ok(written?)
    }
}

/// Decimals of a number.
const PLACES: usize = 6;

/// A number to six decimals, without trailing zeros.
#[must_use]
pub fn decimal(number: f64, point: char) -> String {
    let mut text = String::new();
    push_decimal(number, point, &mut text);
    text
}

/// Goes through an integer: the same digits on every platform, and several times faster than formatting a float.
fn push_decimal(number: f64, point: char, text: &mut String) {
    let scale = 10_f64.powi(PLACES as i32);
    let scaled = (number.abs() * scale).round();
    if scaled >= 9e18 {
        text.push_str(&format!("{number:.0}"));
        return;
    }
    let scaled = scaled as u64;
    let (whole, mut rest) = (scaled / scale as u64, scaled % scale as u64);
    if number < 0.0 && scaled > 0 {
        text.push('-');
    }
    text.push_str(itoa::Buffer::new().format(whole));
    if rest > 0 {
        let mut digits = PLACES;
        while rest % 10 == 0 {
            rest /= 10;
            digits -= 1;
        }
        let mut buffer = itoa::Buffer::new();
        let rest = buffer.format(rest);
        text.push(point);
        text.extend(std::iter::repeat_n('0', digits - rest.len()));
        text.push_str(rest);
    }
}

/// Counts and hashes what passes through.
struct Hashing {
    inner: Box<dyn Write>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::{number, text};
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::rc::Rc;

    static TABLE: Table = Table {
        name: "sample",
        one_row_per: "test",
        columns: &[
            text("who", "A name.", "x"),
            number("amount_hours", "h", "A number.", "1.5"),
        ],
        fill: |_, _| Ok(()),
    };

    type Folder = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

    struct Sheet(Folder, String);

    impl Write for Sheet {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut folder = self.0.borrow_mut();
            folder.entry(self.1.clone()).or_default().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(
        dialect: Dialect,
        lines: u64,
        cells: &[(&str, Option<f64>)],
    ) -> (BTreeMap<String, String>, Vec<WrittenFile>) {
        let folder = Folder::default();
        let mut open = |name: &str| {
            let sheet = Sheet(Rc::clone(&folder), name.to_owned());
            Ok(Box::new(sheet) as Box<dyn Write>)
        };
        let mut files = CsvFiles::new(&TABLE, dialect, &mut open).lines_per_file(lines);
        for (who, amount) in cells {
            files.text(who);
            (&mut files as &mut dyn Rows).number_if(*amount);
            files.end().unwrap();
        }
        let files = files.finish().unwrap();
        let folder = folder.borrow();
        let texts = folder
            .iter()
            .map(|(name, bytes)| (name.clone(), String::from_utf8(bytes.clone()).unwrap()));
        (texts.collect(), files)
    }

    #[test]
    fn cells_are_quoted_defused_and_missing_as_they_should() {
        let cells = [
            ("plain", Some(1.5)),
            ("=1+1", None),
            ("-x", Some(-2.0)),
            ("\tx", Some(0.0)),
            ("a,b \"c\"", Some(1e15)),
            ("Zürich; EU", Some(0.1 + 0.2)),
        ];
        let (texts, files) = written(Dialect::Standard, LINES_PER_FILE, &cells);
        assert_eq!(
            texts["sample.csv"],
            "who,amount_hours\nplain,1.5\n'=1+1,\n'-x,-2\n'\tx,0\n\"a,b \"\"c\"\"\",1000000000000000\nZürich; EU,0.3\n"
        );
        assert_eq!(files[0].rows, 6);
        assert_eq!(files[0].bytes, texts["sample.csv"].len() as u64);
        let hash = Sha256::digest(texts["sample.csv"].as_bytes());
        assert_eq!(files[0].sha256, hexadecimal(&hash));
    }

    #[test]
    fn the_european_dialect_has_semicolons_and_decimal_commas() {
        let cells = [("a,b", Some(1.5)), ("Zürich; EU", Some(-0.25))];
        let (texts, _) = written(Dialect::ExcelEu, LINES_PER_FILE, &cells);
        assert_eq!(
            texts["sample.csv"],
            "\u{feff}who;amount_hours\na,b;1,5\n\"Zürich; EU\";-0,25\n"
        );
    }

    #[test]
    fn too_many_rows_go_into_further_files() {
        let cells: Vec<(&str, Option<f64>)> = vec![("x", None); 5];
        let (texts, files) = written(Dialect::Standard, 3, &cells);
        let rows: Vec<(&str, u64)> = files.iter().map(|it| (&*it.name, it.rows)).collect();
        assert_eq!(
            rows,
            [("sample.csv", 2), ("sample-2.csv", 2), ("sample-3.csv", 1)]
        );
        assert_eq!(texts["sample-3.csv"], "who,amount_hours\nx,\n");
    }

    #[test]
    fn a_table_without_rows_is_a_header() {
        let (texts, files) = written(Dialect::Standard, 3, &[]);
        assert_eq!(texts["sample.csv"], "who,amount_hours\n");
        assert_eq!(files[0].rows, 0);
    }

    #[test]
    fn numbers_keep_six_decimals_and_no_idle_zeros() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (1.0 / 3.0, "0.333333"),
            (2.0 / 3.0, "0.666667"),
            (0.000_001, "0.000001"),
            (0.000_000_4, "0"),
            (-0.000_000_4, "0"),
            (120.05, "120.05"),
            (1e13, "10000000000000"),
        ] {
            assert_eq!(decimal(number, '.'), text);
        }
    }
}
