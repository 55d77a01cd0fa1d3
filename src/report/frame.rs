//! A table of results in memory: filled like a file, or read back from one.
//!
//! What is shown rather than filed is made of frames, so that it does not matter whether a run just ended or its results
//! were stored long ago: the numbers are those of the files, to the last digit.

use super::Results;
use super::csv_file::{Dialect, decimal};
use super::table::{Kind, Rows, Table};
use csv::ReaderBuilder;
use std::io::{self, Read};

/// A table of results, column by column.
#[derive(Clone)]
pub struct Frame {
    table: &'static Table,
    columns: Vec<Cells>,
    next: usize,
    rows: usize,
}

#[derive(Clone, Debug)]
enum Cells {
    /// Texts and local times; a missing one is empty.
    Texts(Vec<Box<str>>),
    /// Numbers and shares; a missing one is not a number.
    Numbers(Vec<f64>),
}

impl Frame {
    /// A frame without rows.
    #[must_use]
    pub fn new(table: &'static Table) -> Self {
        let cells = |kind| match kind {
            Kind::Text | Kind::LocalTime => Cells::Texts(Vec::new()),
            Kind::Number | Kind::Share => Cells::Numbers(Vec::new()),
        };
        Frame {
            table,
            columns: table.columns.iter().map(|it| cells(it.kind)).collect(),
            next: 0,
            rows: 0,
        }
    }

    /// The whole table as `results` fill it.
    #[must_use]
    pub fn of(table: &'static Table, results: &Results<'_>) -> Self {
        let mut frame = Frame::new(table);
        // A frame takes every row.
        let filled = (table.fill)(&results.usual(), &mut frame);
        debug_assert!(filled.is_ok());
        frame
    }

    /// Appends what a file of the table holds.
    ///
    /// # Errors
    /// If it cannot be read, or is not such a file.
    pub fn read(&mut self, dialect: Dialect, file: impl Read) -> io::Result<()> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        let mut reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter())
            .from_reader(file);
        let header = reader.headers()?.clone();
        let named = header.iter().map(|it| it.trim_start_matches('\u{feff}'));
        if !named.eq(self.table.columns.iter().map(|it| it.name)) {
            return Err(wrong(
                "its columns are not those of this version, or tell other percentiles".to_owned(),
            ));
        }
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            for (cell, column) in record.iter().zip(self.table.columns) {
                match column.kind {
                    _ if cell.is_empty() => self.missing(),
                    Kind::Text => self.text(without_guard(cell)),
                    Kind::LocalTime => self.local_time(cell),
                    Kind::Number | Kind::Share => {
                        let number = cell.replace(dialect.point(), ".").parse();
                        let wrong = |_| wrong(format!("{cell:?} is no number"));
                        self.number(number.map_err(wrong)?);
                    }
                }
            }
            self.end()?;
        }
        Ok(())
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column of texts or local times.
    ///
    /// # Panics
    /// If the table has no such column: the names are this program's own.
    #[must_use]
    pub fn texts(&self, column: &str) -> &[Box<str>] {
        match &self.columns[self.position(column)] {
            Cells::Texts(texts) => texts,
            Cells::Numbers(_) => unreachable!("{column} holds numbers"),
        }
    }

    /// A column of numbers; a missing one is not a number.
    ///
    /// # Panics
    /// If the table has no such column: the names are this program's own.
    #[must_use]
    pub fn numbers(&self, column: &str) -> &[f64] {
        match &self.columns[self.position(column)] {
            Cells::Numbers(numbers) => numbers,
            Cells::Texts(_) => unreachable!("{column} holds texts"),
        }
    }

    /// Whether a column holds numbers.
    #[must_use]
    pub fn holds_numbers(&self, column: &str) -> bool {
        matches!(self.columns[self.position(column)], Cells::Numbers(_))
    }

    fn position(&self, column: &str) -> usize {
        let found = self.table.columns.iter().position(|it| it.name == column);
        found.unwrap_or_else(|| unreachable!("{} has no column {column}", self.table.name))
    }

    fn push_text(&mut self, text: &str) {
        match &mut self.columns[self.next] {
            Cells::Texts(texts) => texts.push(text.into()),
            Cells::Numbers(_) => unreachable!("a text in a column of numbers"),
        }
        self.next += 1;
    }
}

/// A text without the apostrophe that keeps spreadsheets from taking it for a formula.
fn without_guard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(super::csv_file::FORMULAS) => rest,
        _ => cell,
    }
}

impl Rows for Frame {
    fn text(&mut self, text: &str) {
        self.push_text(text);
    }

    fn local_time(&mut self, text: &str) {
        self.push_text(text);
    }

    fn whole(&mut self, number: u64) {
        self.number(number as f64);
    }

    fn number(&mut self, number: f64) {
        // Through the text that a file would hold, so that it does not matter where a frame comes from.
        let number = decimal(number, '.').parse().unwrap_or(number);
        match &mut self.columns[self.next] {
            Cells::Numbers(numbers) => numbers.push(number),
            Cells::Texts(_) => unreachable!("a number in a column of texts"),
        }
        self.next += 1;
    }

    fn missing(&mut self) {
        match &mut self.columns[self.next] {
            Cells::Texts(texts) => texts.push("".into()),
            Cells::Numbers(numbers) => numbers.push(f64::NAN),
        }
        self.next += 1;
    }

    fn end(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.next, self.columns.len());
        self.next = 0;
        self.rows += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv_file::CsvFiles;
    use super::super::table::{local_time, number, text};
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    static TABLE: Table = Table {
        name: "sample",
        one_row_per: "test",
        columns: &[
            text("who", "A name.", "x"),
            number("amount_hours", "h", "A number.", "1.5"),
            local_time("when", "A moment."),
        ],
        fill: |_, _| Ok(()),
    };

    #[derive(Clone, Default)]
    struct Sheet(Rc<RefCell<Vec<u8>>>);

    impl io::Write for Sheet {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A file with one full row and an empty one.
    fn file(dialect: Dialect) -> Vec<u8> {
        let sheet = Sheet::default();
        let mut open = |_: &str| Ok(Box::new(sheet.clone()) as Box<dyn io::Write>);
        let mut files = CsvFiles::new(&TABLE, dialect, &mut open);
        files.text("=1;\n\"x\"");
        files.number(-2.25);
        files.local_time("2000-06-23 18:00:00");
        files.end().unwrap();
        (0..3).for_each(|_| files.missing());
        files.end().unwrap();
        files.finish().unwrap();
        sheet.0.take()
    }

    #[test]
    fn what_was_written_is_read_back_in_both_dialects() {
        for dialect in [Dialect::Standard, Dialect::ExcelEu] {
            let file = file(dialect);
            let mut frame = Frame::new(&TABLE);
            frame.read(dialect, file.as_slice()).unwrap();
            assert_eq!(frame.rows(), 2);
            assert_eq!(&*frame.texts("who")[0], "=1;\n\"x\"");
            assert_eq!(frame.numbers("amount_hours")[0], -2.25);
            assert!(frame.numbers("amount_hours")[1].is_nan());
            assert_eq!(&*frame.texts("when")[0], "2000-06-23 18:00:00");
            assert_eq!(&*frame.texts("when")[1], "");
        }
    }

    #[test]
    fn other_files_are_refused() {
        let mut frame = Frame::new(&TABLE);
        for text in [
            "",
            "who,amount\n",
            "who,amount_hours,when\nx,much,\n",
            "who,amount_hours,when\nx\n",
        ] {
            assert!(frame.read(Dialect::Standard, text.as_bytes()).is_err());
        }
    }
}
