//! Finished replications in the results folder: `replications/KEY/000001.bin` and so on.
//!
//! A file holds what the tables need of one replication, and no more: the record of its clients and the load they made.
//! Servers are simulated anew, and quantiles taken anew, when it is read. It begins with a line of text that says what it
//! is: program, version, model, plan, number and the hash of what follows. `KEY` stands for the first four, so that a
//! changed scenario or program finds no replications, and those of the results that still stand there are not touched.
//!
//! Each file is written beside its place and renamed, so that it is whole or not there. The same replication has the
//! same bytes, whoever makes it.

mod file;

pub use file::{FORMAT, Stored, Unusable};

use super::csv_file::hexadecimal;
use super::folder::{FolderError, failed};
use super::manifest::PROGRAM;
use crate::plan::Plan;
use crate::run::Tally;
use crate::study::keep::{Compared, Keep, NotKept};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// The folder of finished replications in a results folder.
pub const REPLICATIONS: &str = "replications";
/// The source that this program was built from, as far as it decides what a replication comes out as.
pub const MODEL: &str = env!("SMSIM_MODEL");
/// What follows the name of a file that is being written.
const BESIDE: &str = ".tmp-";
/// Digits of a key.
const KEY_DIGITS: usize = 16;

/// What replications have to have in common to belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Version of the program.
    pub version: String,
    /// [`MODEL`].
    pub model: String,
    /// Hash of the plan.
    pub plan: String,
}

impl Identity {
    /// Of what this program makes of `plan`.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Identity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model: MODEL.to_owned(),
            plan: plan_hash(plan),
        }
    }

    /// Name of the folder for such replications.
    #[must_use]
    pub fn key(&self) -> String {
        let all = format!("{PROGRAM} {} {} {}", self.version, self.model, self.plan);
        let mut key = hexadecimal(&Sha256::digest(all));
        key.truncate(KEY_DIGITS);
        key
    }
}

/// A hash of all that decides what a replication comes out as: the seed and the whole plan, inventories included, but
/// for the name, what is asked of replications and of their number, the thresholds, what is written, and what of other
/// programs' files is not in it.
///
/// It is taken of the plan's `Debug` text, to which every field of every part belongs without anybody having to
/// remember it; numbers are in there to the last digit.
#[must_use]
pub fn plan_hash(plan: &Plan) -> String {
    let bare = Plan {
        name: String::new(),
        replications: 1,
        thresholds: Vec::new(),
        study: crate::plan::StudyOptions::default(),
        results: crate::plan::ResultOptions { clients: false },
        left_out: Vec::new(),
        not_read: Vec::new(),
        ..plan.clone()
    };
    let mut hash = TextHash(Sha256::new());
    // A hash takes any text.
    let _ = write!(hash, "{bare:?}");
    hexadecimal(&hash.0.finalize())
}

struct TextHash(Sha256);

impl fmt::Write for TextHash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

/// Where the replications of one plan are kept.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    identity: Identity,
    clients: bool,
    /// Whether what is there already is taken.
    pub reuses: bool,
    /// Whether what is new is kept.
    pub keeps: bool,
    reused: AtomicU32,
    unusable: Mutex<Vec<Unusable>>,
}

impl Store {
    /// The store of `plan` in a results folder, which need not be there yet.
    #[must_use]
    pub fn in_results(plan: &Plan, results: &Path) -> Self {
        let key = Identity::of(plan).key();
        Store::at(plan, results.join(REPLICATIONS).join(key))
    }

    /// The store of `plan` in a folder of shards that holds replications of many plans.
    #[must_use]
    pub fn in_shards(plan: &Plan, folder: &Path) -> Self {
        Store::at(plan, folder.join(Identity::of(plan).key()))
    }

    /// A store of `plan` that is this very folder.
    #[must_use]
    pub fn at(plan: &Plan, folder: PathBuf) -> Self {
        Store {
            clients: plan.results.clients,
            ..Store::of(Identity::of(plan), folder)
        }
    }

    /// A store of such replications, whose clients nobody asks for.
    #[must_use]
    pub fn of(identity: Identity, folder: PathBuf) -> Self {
        Store {
            folder,
            identity,
            clients: false,
            reuses: true,
            keeps: true,
            reused: AtomicU32::new(0),
            unusable: Mutex::new(Vec::new()),
        }
    }

    /// Where files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Numbers of the replications that are there, from 0, by the names of their files.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn numbers(&self) -> Result<BTreeSet<u32>, FolderError> {
        numbers_in(&self.folder)
    }

    /// Replications that were taken from here so far.
    #[must_use]
    pub fn reused(&self) -> u32 {
        self.reused.load(Ordering::Relaxed)
    }

    /// Files that could not be used, in the order of their names.
    #[must_use]
    pub fn unusable(&self) -> Vec<Unusable> {
        let mut unusable = locked(&self.unusable).clone();
        unusable.sort_by(|one, other| one.path.cmp(&other.path));
        unusable
    }

    /// Reads one replication; `None` if it is not there.
    ///
    /// # Errors
    /// If the file is damaged, or of something else.
    pub fn read(&self, number: u32) -> Result<Option<Stored>, Unusable> {
        let path = self.folder.join(file_name(number));
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Unusable::new(&path, &format!("cannot be read: {error}"))),
            Ok(bytes) => file::decode(&bytes, &self.identity, number)
                .map(Some)
                .map_err(|why| Unusable::new(&path, &why)),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Keep for Store {
    fn fetch(&self, number: u32) -> Result<Option<Tally>, NotKept> {
        if !self.reuses {
            return Ok(None);
        }
        let stored = match self.read(number) {
            Ok(stored) => stored,
            Err(unusable) => {
                locked(&self.unusable).push(unusable);
                None
            }
        };
        let wanted = number == 0 && self.clients;
        let stored = stored.filter(|stored| stored.clients || !wanted);
        Ok(stored.map(|mut stored| {
            self.reused.fetch_add(1, Ordering::Relaxed);
            if !wanted {
                stored.tally.clients = Vec::new();
            }
            stored.tally
        }))
    }

    fn put(&self, number: u32, compared: &Compared, tally: &Tally) -> Result<(), NotKept> {
        if !self.keeps {
            return Ok(());
        }
        let clients = number == 0 && self.clients;
        let bytes = file::encode(&self.identity, number, clients, compared, tally)?;
        Ok(put_file(&self.folder, &file_name(number), &bytes)?)
    }
}

/// Writes a file beside its place and puts it there.
///
/// # Errors
/// If the machine would not do it.
pub fn put_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    fs::create_dir_all(folder).map_err(failed("create", folder))?;
    let path = folder.join(name);
    // Machines that share a folder may have processes of the same number.
    let random = RandomState::new().build_hasher().finish();
    let beside = folder.join(format!("{name}{BESIDE}{random:016x}"));
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|cause| {
            // What is half written is of no use to anybody.
            let _ = fs::remove_file(&beside);
            failed("write", &path)(cause)
        })
}

/// Name of a replication's file; people count from 1.
#[must_use]
pub fn file_name(number: u32) -> String {
    format!("{:06}.bin", number + 1)
}

/// The number of the replication in a file of this name, from 0.
#[must_use]
pub fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".bin")?;
    let number: u32 = digits.parse().ok()?;
    let number = number.checked_sub(1)?;
    (file_name(number) == name).then_some(number)
}

/// Numbers of the replications in a folder; of none if it is not there.
///
/// # Errors
/// If the folder cannot be read.
pub fn numbers_in(folder: &Path) -> Result<BTreeSet<u32>, FolderError> {
    let names = names_in(folder)?;
    Ok(names.iter().filter_map(|name| number_of(name)).collect())
}

/// Names in a folder; none if it is not there.
fn names_in(folder: &Path) -> Result<Vec<String>, FolderError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed("read", folder))?,
    };
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name());
    let names: Result<Vec<_>, io::Error> = entries.map(name).collect();
    let names = names.map_err(failed("read", folder))?;
    let text = |name: std::ffi::OsString| name.to_string_lossy().into_owned();
    Ok(names.into_iter().map(text).collect())
}

/// Removes what was half written when a machine went down.
///
/// # Errors
/// If that cannot be done.
pub fn remove_halves(folder: &Path) -> Result<(), FolderError> {
    for name in names_in(folder)?
        .iter()
        .filter(|name| name.contains(BESIDE))
    {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(failed("remove", &path))?;
    }
    Ok(())
}

/// What is in a folder of replications and not ours; `None` if nothing is.
///
/// # Errors
/// If the folder cannot be read.
pub fn stranger_in(replications: &Path) -> Result<Option<PathBuf>, FolderError> {
    for key in names_in(replications)? {
        let folder = replications.join(&key);
        let is_key = key.len() == KEY_DIGITS && key.bytes().all(|it| it.is_ascii_hexdigit());
        if !is_key || !folder.is_dir() {
            return Ok(Some(PathBuf::from(key)));
        }
        let is_ours = |name: &String| {
            let whole = name.split(BESIDE).next().unwrap_or_default();
            number_of(whole).is_some()
        };
        if let Some(name) = names_in(&folder)?.into_iter().find(|name| !is_ours(name)) {
            return Ok(Some(Path::new(&key).join(name)));
        }
    }
    Ok(None)
}
