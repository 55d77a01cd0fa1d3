//! A single file of results outside of any run's folder: replaced only if it is ours.

use super::run::Csv;
use super::{Failure, interrupt};
use crate::report::csv_file::CsvFiles;
use crate::report::{Rows, Table};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Whether a CSV file of `table` may be written: what stands there is replaced if it holds that table.
pub(super) fn check_table(path: &Path, table: &Table) -> Result<(), Failure> {
    let header: Vec<&str> = table.columns.iter().map(|it| it.name).collect();
    let begins = [header.join(","), header.join(";")];
    check(path, table.name, &|text| {
        begins.iter().any(|it| text.starts_with(it))
    })
}

/// Whether a file may be written: what stands there is replaced if `ours` knows its text.
pub(super) fn check(path: &Path, what: &str, ours: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let failed = |error| Err(Failure::File(path.to_owned(), error));
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => failed(error),
        Ok(text) => {
            let text = String::from_utf8_lossy(&text);
            if ours(text.trim_start_matches('\u{feff}')) {
                return Ok(());
            }
            let what = format!("it is there already and holds no {what} of this program");
            failed(io::Error::other(what))
        }
    }
}

/// Writes a CSV file of `table` in one go, with `more` columns behind its own.
pub(super) fn write_table(
    path: &Path,
    table: &'static Table,
    more: Vec<String>,
    csv: Csv,
    fill: impl FnOnce(&mut dyn Rows) -> io::Result<()>,
) -> Result<(), Failure> {
    write(path, |beside| {
        let mut open =
            |_: &str| -> io::Result<Box<dyn Write>> { Ok(Box::new(fs::File::create(beside)?)) };
        let mut files = CsvFiles::new(table, csv.into(), &mut open)
            .more_columns(more)
            .lines_per_file(u64::MAX);
        fill(&mut files)?;
        files.finish().map(drop)
    })
}

/// Writes a text in one go.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, |beside| fs::write(beside, text))
}

/// Writes beside the place, then puts it there.
fn write(path: &Path, fill: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Failure> {
    let beside = path.with_extension(format!("tmp-{}", std::process::id()));
    let work = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fill(&beside)?;
        fs::rename(&beside, path)
    };
    interrupt::uncut(work).map_err(|error| {
        // What is half written is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Failure::File(path.to_owned(), error)
    })
}
