//! All tables of a study into its results folder.

use super::csv_file::{CsvFiles, Dialect, WrittenFile};
use super::folder::{Draft, FolderError, folder_name};
use super::manifest::{FILE_NAME, Manifest};
use super::page::{self, About, Tables, run_page};
use super::store::Identity;
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

/// What is written besides the tables that the scenario asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// How cells of CSV files are set apart.
    pub dialect: Dialect,
    /// Whether `report.html` is written.
    pub page: bool,
    /// Whether `report.xlsx` is written.
    pub workbook: bool,
}

/// Writes the results of a scenario, whose whole text is `resolved`, into a folder below `parent`.
///
/// # Errors
/// If something else stands in the folder's place, or a file cannot be written; what stood there is then untouched.
pub fn write_results(
    results: &Results<'_>,
    resolved: &str,
    extras: Extras,
    parent: &Path,
) -> Result<Written, FolderError> {
    let draft = Draft::begin(parent, &folder_name(&results.plan.name))?;
    let draft = draft.keeping(&Identity::of(results.plan).key());
    let files: Result<Vec<Vec<WrittenFile>>, FolderError> = tables::wanted(results.plan)
        .into_par_iter()
        .map(|table| write_table(results, table, extras.dialect, &draft))
        .collect();
    let mut files: Vec<WrittenFile> = files?.into_iter().flatten().collect();
    if extras.page {
        let page = run_page(&About::of(results), &Tables::of(results));
        files.push(draft.put(page::FILE_NAME, page.as_bytes())?);
    }
    if extras.workbook {
        let path = draft.path(workbook::FILE_NAME);
        let bytes = workbook::workbook(results);
        let bytes = bytes.map_err(|error| FolderError::io("write", &path, error))?;
        files.push(draft.put(workbook::FILE_NAME, &bytes)?);
    }
    let manifest = Manifest::new(results, resolved, extras.dialect, &files);
    let text = toml::to_string_pretty(&manifest)
        .map_err(|error| FolderError::io("write", &draft.path(FILE_NAME), error))?;
    draft.put(FILE_NAME, text.as_bytes())?;
    let folder = draft.publish()?;
    Ok(Written { folder, files })
}

fn write_table(
    results: &Results<'_>,
    table: &'static Table,
    dialect: Dialect,
    draft: &Draft,
) -> Result<Vec<WrittenFile>, FolderError> {
    let mut open = |name: &str| -> io::Result<Box<dyn Write>> { Ok(Box::new(draft.create(name)?)) };
    let percentiles = results.percentiles;
    let mut files = CsvFiles::new(table, dialect, &mut open).percentiles(percentiles);
    let filled = (table.fill)(results, &mut files);
    filled
        .and_then(|()| files.finish())
        .map_err(|cause| FolderError::Io {
            operation: "write",
            path: draft.path(&format!("{}.csv", table.name)),
            cause,
        })
}
