//! What a table of results is: its columns, documented where they are defined, and rows that stream out.

use crate::plan::Percentile;
use crate::report::Results;
use std::borrow::Cow;
use std::io;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Local date and time, `2000-06-23 18:00:00`.
    LocalTime,
    /// A whole number, or a mean of whole numbers over replications.
    Number,
    /// A share from 0 to 1.
    Share,
}

impl Kind {
    /// As printed in the documentation of columns.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::LocalTime => "local time",
            Kind::Number => "number",
            Kind::Share => "share",
        }
    }
}

/// One column, with everything a reader of the file has to know about it.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header, stable from version to version.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Unit of a number; empty where there is none.
    pub unit: &'static str,
    /// What it means, and when it is empty.
    pub meaning: &'static str,
    /// A cell as it may occur.
    pub example: &'static str,
}

/// A column of text.
pub(super) const fn text(
    name: &'static str,
    meaning: &'static str,
    example: &'static str,
) -> Column {
    Column {
        name,
        kind: Kind::Text,
        unit: "",
        meaning,
        example,
    }
}

/// A column of local times.
pub(super) const fn local_time(name: &'static str, meaning: &'static str) -> Column {
    Column {
        name,
        kind: Kind::LocalTime,
        unit: "",
        meaning,
        example: "2000-06-23 18:00:00",
    }
}

/// A column of numbers.
pub(super) const fn number(
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    example: &'static str,
) -> Column {
    Column {
        name,
        kind: Kind::Number,
        unit,
        meaning,
        example,
    }
}

/// A column of shares.
pub(super) const fn share(name: &'static str, meaning: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Share,
        unit: "0 to 1",
        meaning,
        example: "0.95",
    }
}

/// Where rows go, cell by cell, in the order of the columns.
pub trait Rows {
    /// A cell of text.
    fn text(&mut self, text: &str);

    /// A cell of local time, written `2000-06-23 18:00:00`.
    fn local_time(&mut self, text: &str);

    /// A cell with a whole number.
    fn whole(&mut self, number: u64);

    /// A cell with a number, to six decimals.
    fn number(&mut self, number: f64);

    /// An empty cell: not known, or does not apply.
    fn missing(&mut self);

    /// The row is complete.
    ///
    /// # Errors
    /// If it cannot be written.
    fn end(&mut self) -> io::Result<()>;
}

impl dyn Rows + '_ {
    /// A cell with a number that may be missing.
    pub fn number_if(&mut self, number: Option<f64>) {
        match number {
            Some(number) => self.number(number),
            None => self.missing(),
        }
    }

    /// A cell of text that may be missing.
    pub fn text_if(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.missing(),
        }
    }

    /// A cell with a part of a whole; of nothing it is missing.
    pub fn share_of(&mut self, part: f64, whole: f64) {
        self.number_if((whole > 0.0).then(|| part / whole));
    }

    /// A cell that says yes or no.
    pub fn yes_or_no(&mut self, yes: bool) {
        self.text(if yes { "yes" } else { "no" });
    }
}

/// A table of results.
#[derive(Clone, Copy)]
pub struct Table {
    /// Its name, which also names its file.
    pub name: &'static str,
    /// What it has one row for.
    pub one_row_per: &'static str,
    /// Its columns, with the usual percentiles; [`Table::columns_for`] names them for others.
    pub columns: &'static [Column],
    /// Writes its rows.
    pub fill: fn(&Results<'_>, &mut dyn Rows) -> io::Result<()>,
}

/// Endings of the columns that stand for percentiles; each such column has one of each ending, in this order.
const USUAL: [&str; 3] = ["_p10", "_p50", "_p90"];

impl Table {
    /// Its columns if these percentiles are told in place of the usual ones.
    #[must_use]
    pub fn columns_for(&self, percentiles: &[Percentile]) -> Vec<Cow<'static, str>> {
        let mut names = Vec::new();
        for column in self.columns {
            if let Some(stem) = column.name.strip_suffix(USUAL[0]) {
                names.extend(
                    percentiles
                        .iter()
                        .map(|it| Cow::Owned(format!("{stem}_{}", it.name()))),
                );
            } else if !USUAL.iter().any(|usual| column.name.ends_with(usual)) {
                names.push(Cow::Borrowed(column.name));
            }
        }
        names
    }
}

/// Collects rows as text, for tests and for what is shown rather than filed.
#[derive(Debug, Default)]
pub struct TextRows {
    /// Complete rows.
    pub rows: Vec<Vec<String>>,
    row: Vec<String>,
}

impl Rows for TextRows {
    fn text(&mut self, text: &str) {
        self.row.push(text.to_owned());
    }

    fn local_time(&mut self, text: &str) {
        self.row.push(text.to_owned());
    }

    fn whole(&mut self, number: u64) {
        self.row.push(number.to_string());
    }

    fn number(&mut self, number: f64) {
        self.row.push(super::csv_file::decimal(number, '.'));
    }

    fn missing(&mut self) {
        self.row.push(String::new());
    }

    fn end(&mut self) -> io::Result<()> {
        self.rows.push(std::mem::take(&mut self.row));
        Ok(())
    }
}
