//! All tables of a study into its results folder.

use super::csv_file::{CsvFiles, Dialect, WrittenFile};
use super::folder::{Draft, FolderError, folder_name};
use super::manifest::{FILE_NAME, Manifest};
use super::table::Table;
use super::{Results, tables, workbook};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A results folder that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where it stands.
    pub folder: PathBuf,
    /// Its files but for the manifest, in the order of the tables.
    pub files: Vec<WrittenFile>,
}

/// What is written besides tables and manifest, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// How cells of CSV files are set apart.
    pub csv: Dialect,
    /// Whether there is a workbook.
    pub workbook: bool,
}

/// Writes the results of a scenario, whose whole text is `resolved`, into a folder below `parent`.
///
/// # Errors
/// If something else stands in the folder's place, or a file cannot be written; what stood there is then untouched.
pub fn write_results(
    results: &Results<'_>,
    resolved: &str,
    form: Extras,
    parent: &Path,
) -> Result<Written, FolderError> {
    let draft = Draft::begin(parent, &folder_name(&results.plan.name))?;
    let files: Result<Vec<Vec<WrittenFile>>, FolderError> = tables::wanted(results.plan)
        .into_par_iter()
        .map(|table| write_table(results, table, form.csv, &draft))
        .collect();
    let mut files: Vec<WrittenFile> = files?.into_iter().flatten().collect();
    if form.workbook {
        let path = draft.path(workbook::FILE_NAME);
        let bytes = workbook::workbook(results).map_err(|error| not_written(path, error))?;
        files.push(draft.put(workbook::FILE_NAME, &bytes)?);
    }
    let manifest = Manifest::new(results, resolved, form.csv, &files);
    let text = toml::to_string_pretty(&manifest)
        .map_err(|error| not_written(draft.path(FILE_NAME), error))?;
    draft.put(FILE_NAME, text.as_bytes())?;
    let folder = draft.publish()?;
    Ok(Written { folder, files })
}

fn not_written(
    path: PathBuf,
    cause: impl std::error::Error + Send + Sync + 'static,
) -> FolderError {
    FolderError::Io {
        operation: "write",
        path,
        cause: io::Error::other(cause),
    }
}

fn write_table(
    results: &Results<'_>,
    table: &'static Table,
    dialect: Dialect,
    draft: &Draft,
) -> Result<Vec<WrittenFile>, FolderError> {
    let mut open = |name: &str| -> io::Result<Box<dyn Write>> { Ok(Box::new(draft.create(name)?)) };
    let mut files = CsvFiles::new(table, dialect, &mut open);
    let filled = (table.fill)(results, &mut files);
    filled
        .and_then(|()| files.finish())
        .map_err(|cause| FolderError::Io {
            operation: "write",
            path: draft.path(&format!("{}.csv", table.name)),
            cause,
        })
}
