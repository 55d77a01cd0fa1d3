//! A part of a study that one machine of many runs, and what it leaves for `merge`.
//!
//! A shard simulates every `n`th replication into `NAME.shards` beside the place of the results: one file each, as in the
//! results folder, and a job file with all it takes to write the results: the texts of the scenario and of what it
//! reads, and what the command line set. All shards of a run may share that folder, or each have their own. A shard that
//! is started again goes on from what it finished; done twice, it writes the same bytes.

use super::Failure;
use super::load::with_dates;
use crate::report::manifest::PROGRAM;
use crate::report::store::{Identity, put_file};
use crate::report::{Store, folder_name};
use crate::scenario::{self, Complaints, Files, Loaded, Sources};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What the folder of a run's shards ends with.
pub(super) const SHARDS: &str = ".shards";
/// Name of the job file.
pub(super) const JOB: &str = "job.toml";

/// One part of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    number: u32,
    of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = "write it as 3/8: the third of eight";
        let (number, of) = text.split_once('/').ok_or(help)?;
        let read = |text: &str| text.trim().parse::<u32>().map_err(|_| help.to_owned());
        let (number, of) = (read(number)?, read(of)?);
        match number {
            0 => Err("shards count from 1, as in 1/8".to_owned()),
            number if number > of => Err(format!("there is no shard {number} of {of}")),
            number => Ok(Shard { number, of }),
        }
    }
}

impl Shard {
    /// Its replications, from 0: every `of`th, so that all shards have as much to do, give or take one.
    pub(super) fn numbers(self, replications: u32) -> Vec<u32> {
        (self.number - 1..replications)
            .step_by(self.of as usize)
            .collect()
    }

    /// The shard that a replication belongs to, if there are so many.
    pub(super) fn with(replication: u32, of: u32) -> String {
        format!("{}/{of}", replication % of.max(1) + 1)
    }
}

/// What a run was asked for, enough to do it again anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    program: String,
    version: String,
    model: String,
    plan: String,
    /// Name of the scenario.
    pub name: String,
    seed: u64,
    /// Replications of all shards together.
    pub replications: u32,
    /// Number of shards, as the one said that came first.
    pub shards: u32,
    resolved: String,
    /// The scenario's file, by the name under which it was read.
    pub file: PathBuf,
    /// What the command line set.
    pub sets: Vec<String>,
    /// The scenario's text and those of all files it reads, by name.
    texts: BTreeMap<PathBuf, String>,
}

/// The file system, with a memory of what was read.
#[derive(Default)]
struct Remembering(RefCell<BTreeMap<PathBuf, String>>);

impl Sources for Remembering {
    fn read(&self, path: &Path) -> io::Result<String> {
        let text = Files.read(path)?;
        self.0.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }
}

/// Loads a scenario, and writes down what it takes to load it again elsewhere.
pub(super) fn load(
    file: &Path,
    sets: &[String],
    shard: Shard,
) -> Result<(Loaded, Job), Complaints> {
    let sources = Remembering::default();
    let loaded = with_dates(sets, |sets| {
        scenario::parse(&sources, file, sets, None, None)
    })?;
    let Identity {
        version,
        model,
        plan,
    } = Identity::of(&loaded.plan);
    let job = Job {
        program: PROGRAM.to_owned(),
        version,
        model,
        plan,
        name: loaded.plan.name.clone(),
        seed: loaded.plan.seed,
        replications: loaded.plan.most_replications(),
        shards: shard.of,
        resolved: loaded.resolved.clone(),
        file: file.to_owned(),
        sets: sets.to_vec(),
        texts: sources.0.into_inner(),
    };
    Ok((loaded, job))
}

impl Job {
    /// The folder of the run's shards below `out`.
    pub(super) fn folder(&self, out: &Path) -> PathBuf {
        out.join(format!("{}{SHARDS}", folder_name(&self.name)))
    }

    /// Reads the job of a folder of shards; `None` if it is none.
    pub(super) fn read(folder: &Path) -> Result<Option<Job>, Failure> {
        let path = folder.join(JOB);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|error| Failure::Read(path.clone(), error.to_string()))?,
        };
        let job: Job = toml::from_str(&text)
            .map_err(|_| Failure::Read(path, "it is no job that this program wrote".to_owned()))?;
        Ok(Some(job))
    }

    /// Leaves the job where its replications go, unless it is there already.
    pub(super) fn leave(&self, folder: &Path) -> Result<(), Failure> {
        if let Some(other) = Job::read(folder)? {
            return match self.differs(&other) {
                None => Ok(()),
                Some(what) => Err(Failure::Usage(format!(
                    "{} holds shards of another run: {what}. Merge or remove it, or choose another folder with --out",
                    folder.display()
                ))),
            };
        }
        let text = toml::to_string_pretty(self)
            .map_err(|error| Failure::File(folder.join(JOB), io::Error::other(error)))?;
        Ok(put_file(folder, JOB, text.as_bytes())?)
    }

    /// In what another job asks for other results; how each of them was split does not matter.
    pub(super) fn differs(&self, other: &Job) -> Option<String> {
        let differs = |what: &str, mine: &str, theirs: &str| {
            (mine != theirs).then(|| format!("{what} {mine} here, {theirs} there"))
        };
        differs("version", &self.version, &other.version)
            .or_else(|| {
                let built = "built from other sources, or another version".to_owned();
                (self.model != other.model).then_some(built)
            })
            .or_else(|| differs("seed", &self.seed.to_string(), &other.seed.to_string()))
            .or_else(|| {
                let [mine, theirs] = [self, other].map(|it| it.replications.to_string());
                differs("replications", &mine, &theirs)
            })
            .or_else(|| {
                let same = self.plan == other.plan && self.resolved == other.resolved;
                (!same).then(|| "the scenario differs".to_owned())
            })
    }

    /// Loads the scenario from the texts in the job.
    pub(super) fn load(&self, folder: &Path) -> Result<Loaded, Failure> {
        let read = |sets: &[String]| scenario::parse(&self.texts, &self.file, sets, None, None);
        let loaded =
            with_dates(&self.sets, read).map_err(|wrong| Failure::Scenario(vec![wrong]))?;
        let now = Identity::of(&loaded.plan);
        let why = if self.version != now.version {
            format!(
                "was made by version {}; this is {}",
                self.version, now.version
            )
        } else if self.model != now.model {
            "was made by a program built from other sources; all shards and the merge need the same"
                .to_owned()
        } else if self.plan != now.plan || self.resolved != loaded.resolved {
            "does not say what its shards were made from: it is damaged".to_owned()
        } else {
            return Ok(loaded);
        };
        Err(Failure::Read(folder.join(JOB), why))
    }
}

/// The store in a folder of shards.
pub(super) fn store(loaded: &Loaded, folder: &Path) -> Store {
    Store::at(&loaded.plan, folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_out_every_replication_once() {
        for (replications, of) in [(1, 1), (20, 3), (2, 5), (7, 7)] {
            let mut all: Vec<u32> = (1..=of)
                .flat_map(|number| Shard { number, of }.numbers(replications))
                .collect();
            all.sort_unstable();
            assert_eq!(all, (0..replications).collect::<Vec<_>>());
        }
        assert_eq!("2/3".parse::<Shard>().unwrap().numbers(6), [1, 4]);
        assert_eq!(Shard::with(4, 3), "2/3");
    }

    #[test]
    fn what_is_no_shard_is_told() {
        for text in ["3", "0/4", "5/4", "a/b", "1/", "/2", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
