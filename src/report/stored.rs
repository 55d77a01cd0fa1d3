//! A results folder that an earlier run wrote: its tables read back, and files added to it.

use super::csv_file::{Dialect, hexadecimal};
use super::folder::FolderError;
use super::frame::Frame;
use super::manifest::{FILE_NAME, FileEntry, Manifest, PROGRAM};
use super::table::Table;
use super::tables::SCHEMA_VERSION;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A results folder, known by its manifest.
#[derive(Clone, Debug)]
pub struct Stored {
    /// What was run.
    pub manifest: Manifest,
    folder: PathBuf,
    dialect: Dialect,
}

impl Stored {
    /// Opens a folder of results.
    ///
    /// # Errors
    /// If it has no manifest of ours, or one of another version.
    pub fn open(folder: &Path) -> Result<Self, FolderError> {
        let path = folder.join(FILE_NAME);
        let failed = |what: String| FolderError::io("read", &path, what);
        let text = fs::read_to_string(&path).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => failed(
                "there is no such file: name the folder of a run's results, such as output/two-sites-one-domain".to_owned(),
            ),
            _ => failed(cause.to_string()),
        })?;
        let manifest: Manifest = toml::from_str(&text)
            .map_err(|error| failed(format!("it is no manifest: {}", error.message())))?;
        if manifest.program != PROGRAM {
            return Err(failed("another program wrote it".to_owned()));
        }
        if manifest.schema_version != SCHEMA_VERSION {
            return Err(failed(format!(
                "its tables have columns of version {}, this program knows version {SCHEMA_VERSION}; run the scenario again",
                manifest.schema_version
            )));
        }
        let dialect = Dialect::by_name(&manifest.csv)
            .ok_or_else(|| failed(format!("its dialect {:?} is unknown", manifest.csv)))?;
        Ok(Stored {
            manifest,
            folder: folder.to_owned(),
            dialect,
        })
    }

    /// Reads a table; `None` if the run wrote no such table.
    ///
    /// # Errors
    /// If a file of it cannot be read, or is not as it was written.
    pub fn frame(&self, table: &'static Table) -> Result<Option<Frame>, FolderError> {
        let mut files = self.manifest.files.iter();
        let mut frame = None;
        for entry in files.by_ref().filter(|it| it.table == table.name) {
            let path = self.folder.join(&entry.name);
            let failed = |cause: io::Error| FolderError::io("read", &path, cause);
            let bytes = fs::read(&path).map_err(failed)?;
            if hexadecimal(&Sha256::digest(&bytes)) != entry.sha256 {
                let what = "it was changed since it was written; run the scenario again";
                return Err(failed(io::Error::other(what)));
            }
            let frame = frame.get_or_insert_with(|| Frame::new(table));
            frame.read(self.dialect, bytes.as_slice()).map_err(failed)?;
        }
        Ok(frame)
    }

    /// As [`Stored::frame`], of a table that every run writes.
    ///
    /// # Errors
    /// Also if the table is not there.
    pub fn frame_of(&self, table: &'static Table) -> Result<Frame, FolderError> {
        let path = self.folder.join(format!("{}.csv", table.name));
        let what = "the run wrote no such table; run the scenario again";
        self.frame(table)?
            .ok_or_else(|| FolderError::io("read", &path, what))
    }

    /// Puts a file into the folder, in place of an earlier one of that name.
    ///
    /// # Errors
    /// If something else stands there, or it cannot be written.
    pub fn put(&mut self, name: &str, content: &[u8]) -> Result<PathBuf, FolderError> {
        let path = self.folder.join(name);
        let files = &mut self.manifest.files;
        let listed = files.iter().position(|it| it.name == name);
        if listed.is_none() && path.exists() {
            return Err(FolderError::InTheWay {
                path,
                what: "it was not written by this program".to_owned(),
            });
        }
        let entry = FileEntry {
            name: name.to_owned(),
            table: String::new(),
            rows: 0,
            bytes: content.len() as u64,
            sha256: hexadecimal(&Sha256::digest(content)),
        };
        match listed {
            Some(at) => files[at] = entry,
            None => files.push(entry),
        }
        let manifest = self.folder.join(FILE_NAME);
        let text = toml::to_string_pretty(&self.manifest)
            .map_err(|error| FolderError::io("write", &manifest, error))?;
        // The manifest comes first: a file that it lists and that is not there does no harm, one that it does not list does.
        replace(&manifest, text.as_bytes())?;
        replace(&path, content)?;
        Ok(path)
    }
}

/// Writes a file beside its place, then puts it there.
fn replace(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".tmp-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, content).and_then(|()| fs::rename(&beside, path));
    written.map_err(|cause| {
        // What is half written is of no use to anybody.
        let _ = fs::remove_file(&beside);
        FolderError::io("write", path, cause)
    })
}
