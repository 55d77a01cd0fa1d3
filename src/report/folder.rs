//! The results folder: written beside its place, then put there all at once.
//!
//! What stands in that place is replaced only if all of it is what an earlier run wrote: its manifest lists every file
//! with its hash. Whatever else is found there, a file somebody added or changed, a folder of another origin, a file
//! instead of a folder, is refused and left alone.

use super::csv_file::{WrittenFile, hexadecimal};
use super::manifest::{FILE_NAME, FileEntry, Manifest, PROGRAM};
use super::store::{REPLICATIONS, remove_halves, stranger_in};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Why results cannot be put into their folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something else stands there.
    #[error("{path} is in the way: {what}. Move it, or choose another folder with --out")]
    InTheWay {
        /// Where the results should go.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The machine would not do it.
    #[error("cannot {operation} {path}: {cause}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

impl FolderError {
    /// The machine would not do `operation` with `path`, for whatever cause.
    pub(super) fn io(
        operation: &'static str,
        path: &Path,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        FolderError::Io {
            operation,
            path: path.to_owned(),
            cause: io::Error::other(cause),
        }
    }
}

pub(super) fn failed(
    operation: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |cause| FolderError::Io {
        operation,
        path,
        cause,
    }
}

/// The name of the folder for a scenario's results: its letters and digits in lower case, with hyphens between them.
#[must_use]
pub fn folder_name(scenario: &str) -> String {
    let lower = scenario.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "scenario".to_owned()
    } else {
        words.join("-")
    }
}

/// How closely files that an earlier run wrote are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// Names and sizes.
    Glance,
    /// Every byte.
    Bytes,
}

/// Checks that results may be put into `parent/name`, as far as names and sizes of files tell.
///
/// # Errors
/// If something else stands there, or it cannot be looked at.
pub fn check_place(parent: &Path, name: &str) -> Result<(), FolderError> {
    look_at(parent, name, Care::Glance)
}

fn look_at(parent: &Path, name: &str, care: Care) -> Result<(), FolderError> {
    let path = parent.join(name);
    let in_the_way = |what: String| FolderError::InTheWay {
        path: path.clone(),
        what,
    };
    let kind = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("look at", &path)(error)),
        Ok(found) => found.file_type(),
    };
    if !kind.is_dir() {
        return Err(in_the_way("it is not a folder".to_owned()));
    }
    let entries = fs::read_dir(&path).map_err(failed("read", &path))?;
    let names: Result<Vec<_>, io::Error> = entries.map(|entry| Ok(entry?.file_name())).collect();
    let mut names = names.map_err(failed("read", &path))?;
    names.sort();
    if names.is_empty() {
        return Ok(());
    }
    let replications = path.join(REPLICATIONS);
    if let Some(stranger) = stranger_in(&replications)? {
        let shown = Path::new(REPLICATIONS).join(stranger);
        return Err(in_the_way(format!("it also holds {}", shown.display())));
    }
    names.retain(|name| name != REPLICATIONS);
    if names.is_empty() {
        return Ok(()); // a run that was cut off before it could write its tables
    }
    let Some(listed) = our_files(&path)? else {
        return Err(in_the_way("it was not written by this program".to_owned()));
    };
    for name in names.iter().filter(|name| *name != FILE_NAME) {
        let shown = name.to_string_lossy();
        let Some(entry) = listed.iter().find(|entry| *name == *entry.name) else {
            return Err(in_the_way(format!("it also holds {shown}")));
        };
        if !unchanged(&path.join(name), entry, care)? {
            return Err(in_the_way(format!(
                "{shown} was changed since it was written"
            )));
        }
    }
    Ok(())
}

/// The files that the folder's manifest lists; `None` if it has no manifest of ours.
fn our_files(path: &Path) -> Result<Option<Vec<FileEntry>>, FolderError> {
    let manifest = path.join(FILE_NAME);
    let text = match fs::read(&manifest) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed("read", &manifest))?,
    };
    let text = String::from_utf8_lossy(&text);
    let manifest: Option<Manifest> = toml::from_str(&text).ok();
    let ours = manifest.filter(|manifest| manifest.program == PROGRAM);
    Ok(ours.map(|manifest| manifest.files))
}

fn unchanged(path: &Path, entry: &FileEntry, care: Care) -> Result<bool, FolderError> {
    let found = fs::symlink_metadata(path).map_err(failed("look at", path))?;
    if !found.is_file() || found.len() != entry.bytes {
        return Ok(false);
    }
    if care == Care::Glance {
        return Ok(true);
    }
    let mut file = File::open(path).map_err(failed("read", path))?;
    let mut hash = Sha256::new();
    io::copy(&mut file, &mut HashOnly(&mut hash)).map_err(failed("read", path))?;
    Ok(hexadecimal(&hash.finalize()) == entry.sha256)
}

struct HashOnly<'a>(&'a mut Sha256);

impl io::Write for HashOnly<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A results folder in the making. Dropped without [`Draft::publish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    parent: PathBuf,
    name: String,
    beside: PathBuf,
    kept: Option<PathBuf>,
}

impl Draft {
    /// Begins the folder `parent/name`.
    ///
    /// # Errors
    /// If something else stands there, or no folder can be made beside it.
    pub fn begin(parent: &Path, name: &str) -> Result<Self, FolderError> {
        look_at(parent, name, Care::Bytes)?;
        fs::create_dir_all(parent).map_err(failed("create", parent))?;
        let beside = parent.join(format!(".{name}.tmp-{}", std::process::id()));
        // Only a process of the same id can have left it, and that one is gone.
        if beside.is_dir() {
            fs::remove_dir_all(&beside).map_err(failed("remove", &beside))?;
        }
        fs::create_dir(&beside).map_err(failed("create", &beside))?;
        Ok(Draft {
            parent: parent.to_owned(),
            name: name.to_owned(),
            beside,
            kept: None,
        })
    }

    /// Makes a file in the folder.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn create(&self, name: &str) -> io::Result<File> {
        File::create_new(self.beside.join(name))
    }

    /// Where a file of the folder will stand.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.parent.join(&self.name).join(name)
    }

    /// Writes a file in one go.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, name: &str, content: &[u8]) -> Result<WrittenFile, FolderError> {
        let write = || {
            let mut file = self.create(name)?;
            io::Write::write_all(&mut file, content)
        };
        write().map_err(failed("write", &self.path(name)))?;
        Ok(WrittenFile {
            name: name.to_owned(),
            table: "",
            rows: 0,
            bytes: content.len() as u64,
            sha256: hexadecimal(&Sha256::digest(content)),
        })
    }

    /// Takes the finished replications of this key over from the folder that stands there; those of another plan go
    /// with it.
    #[must_use]
    pub fn keeping(mut self, key: &str) -> Self {
        self.kept = Some(Path::new(REPLICATIONS).join(key));
        self
    }

    /// Moves kept replications from one folder to another, if there are any.
    fn carry(&self, from: &Path, to: &Path) -> Result<(), FolderError> {
        let Some(kept) = &self.kept else {
            return Ok(());
        };
        if from.join(kept).is_dir() {
            remove_halves(&from.join(kept))?;
            let parent = to.join(REPLICATIONS);
            fs::create_dir_all(&parent).map_err(failed("create", &parent))?;
            fs::rename(from.join(kept), to.join(kept)).map_err(failed("move", &from.join(kept)))?;
        }
        Ok(())
    }

    /// Puts the folder in its place. Results of an earlier run stay whole until the new ones stand there.
    ///
    /// # Errors
    /// If something came in the way meanwhile, or the folder cannot be moved.
    pub fn publish(self) -> Result<PathBuf, FolderError> {
        check_place(&self.parent, &self.name)?;
        let place = self.parent.join(&self.name);
        let retired = self
            .parent
            .join(format!(".{}.old-{}", self.name, std::process::id()));
        let replaces = place.exists();
        if replaces {
            fs::rename(&place, &retired).map_err(failed("move", &place))?;
        }
        let put = || {
            self.carry(&retired, &self.beside)?;
            fs::rename(&self.beside, &place).map_err(failed("put in place", &place))
        };
        if let Err(error) = put() {
            if replaces {
                self.carry(&self.beside, &retired)?;
                fs::rename(&retired, &place).map_err(failed("put back", &place))?;
            }
            return Err(error);
        }
        if replaces {
            fs::remove_dir_all(&retired).map_err(failed("remove", &retired))?;
        }
        Ok(place)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.beside.exists() {
            // Nothing more can be done about a failure here; what stands in the results' place is whole either way.
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}
