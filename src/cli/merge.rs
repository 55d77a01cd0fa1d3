//! `smsim merge`: the shards of a run become its results, as if one machine had done it all.

use super::run::{Csv, Finish, OUTPUT};
use super::shard::{self, Job, SHARDS, Shard};
use super::sweep::Swept;
use super::{Exit, Failure, interrupt, words};
use crate::report::store::{file_name, put_file};
use crate::report::{Store, folder_name};
use crate::run::{Silent, Tally};
use crate::scenario::Loaded;
use crate::study::evaluate::{self, Task, Variant};
use crate::study::keep::{Compared, Keep, NotKept};
use crate::study::run_kept;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What `merge` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders that shards wrote, or those they are in [default: all in output]
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder in which each scenario's results folder is made
    #[arg(long, value_name = "DIR", default_value = OUTPUT)]
    out: PathBuf,
    /// How cells of CSV files are set apart
    #[arg(long, value_enum, default_value_t = Csv::Standard)]
    csv: Csv,
    /// Also write report.html, one page for reading, into the results folder
    #[arg(long)]
    report: bool,
    /// Write a workbook too, report.xlsx, with charts and a sheet per table
    #[arg(long)]
    xlsx: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Merges the shards of every run that is found.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let runs = found(&args.folders)?;
    interrupt::listen();
    let mut end = Exit::Done;
    for (at, folders) in runs.values().enumerate() {
        if at > 0 && !args.quiet {
            writeln!(out)?;
        }
        if merge(args, folders, out)? == Exit::Missed {
            end = Exit::Missed;
        }
    }
    Ok(end)
}

/// Folders of shards with their jobs, by the name of their results.
type Runs = BTreeMap<String, Vec<(PathBuf, Job)>>;

fn found(folders: &[PathBuf]) -> Result<Runs, Failure> {
    let by_default = [PathBuf::from(OUTPUT)];
    let places = if folders.is_empty() {
        &by_default[..]
    } else {
        folders
    };
    let mut runs = Runs::new();
    for place in places {
        let mut here = Vec::new();
        match Job::found(place)? {
            Some(job) => here.push((place.clone(), job)),
            None => {
                for folder in below(place)? {
                    here.extend(Job::found(&folder)?.map(|job| (folder, job)));
                }
            }
        }
        if here.is_empty() {
            return Err(Failure::Usage(format!(
                "{} holds no shards: name a folder that `smsim run FILE --shard 1/8` wrote, such as output/NAME{SHARDS}",
                place.display()
            )));
        }
        for (folder, job) in here {
            let run = runs.entry(job.results()).or_default();
            if !run.iter().any(|(known, _)| *known == folder) {
                run.push((folder, job));
            }
        }
    }
    Ok(runs)
}

/// Folders of shards in a folder, by name.
fn below(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| Failure::Read(place.to_owned(), error.to_string());
    let mut folders = Vec::new();
    for entry in fs::read_dir(place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.to_string_lossy().ends_with(SHARDS) && path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn merge(args: &Args, folders: &[(PathBuf, Job)], out: &mut dyn Write) -> Result<Exit, Failure> {
    let (first_folder, job) = &folders[0];
    for (folder, other) in &folders[1..] {
        if let Some(what) = other.differs(job) {
            return Err(Failure::Shards(vec![format!(
                "{} and {} are shards of different runs: {what}",
                folder.display(),
                first_folder.display()
            )]));
        }
    }
    let loaded = job.load(first_folder)?;
    if let Some(knobs) = &job.sweep {
        return merge_sweep(
            args,
            folders,
            &Swept::of(loaded, knobs, &|it| job.read(it))?,
            out,
        );
    }
    let place = args.out.join(folder_name(&job.name));
    let parts = Parts {
        stores: folders
            .iter()
            .map(|(folder, _)| shard::store(&loaded, folder))
            .collect(),
        results: Some(Store::in_results(&loaded.plan, &place)),
    };
    let all: Vec<(&Parts, u32)> = (0..job.replications).map(|it| (&parts, it)).collect();
    complete(job, &all)?;
    crate::report::folder::check_place(&args.out, &folder_name(&job.name))?;
    finish(args, job, &loaded, &parts, out)
}

/// Writes the table of a sweep whose replications are all there.
fn merge_sweep(
    args: &Args,
    folders: &[(PathBuf, Job)],
    swept: &Swept,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let job = &folders[0].1;
    let of_variant = |variant: &Variant| Parts {
        stores: folders
            .iter()
            .map(|(folder, _)| Store::in_shards(&variant.plan, folder))
            .collect(),
        results: None,
    };
    let parts: Vec<Parts> = swept.variants.iter().map(of_variant).collect();
    let tasks: Vec<Task<'_>> = swept.tasks(|at| &parts[at]);
    let numbered = swept.numbered().into_iter();
    let all: Vec<(&Parts, u32)> = numbered.map(|(at, it)| (&parts[at], it)).collect();
    complete(job, &all)?;
    let path = args.out.join(format!("{}.csv", job.results()));
    swept.check(&path)?;
    let rows = swept.by_point(evaluate::rows(&tasks, None, &Silent)?);
    swept.write(&rows, &path, args.csv)?;
    if !args.quiet {
        swept.headline(out)?;
        swept.table(&rows, &path, out)?;
    }
    Ok(Exit::Done)
}

/// Whether all these replications are there, whole, and the same wherever they are twice.
fn complete(job: &Job, all: &[(&Parts, u32)]) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    let mut missing = Vec::new();
    for (place, (parts, number)) in (0..).zip(all) {
        if !parts.has(*number, &mut wrong) {
            missing.push(place);
        }
    }
    if !missing.is_empty() {
        wrong.push(told_missing(&missing, all.len(), job));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Failure::Shards(wrong)),
    }
}

/// Writes the results of replications that are all there.
fn finish(
    args: &Args,
    job: &Job,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let study = run_kept(&loaded.plan, parts, &Silent)?;
    let finish = Finish {
        out: &args.out,
        csv: args.csv,
        page: args.report,
        workbook: args.xlsx,
        curve: false,
        quiet: args.quiet,
        sets: &job.sets,
        // The scenario's files may be on another machine.
        possible: &|_| false,
    };
    let mut again = vec!["smsim".into(), "run".into(), job.file.clone().into()];
    for set in &job.sets {
        again.extend(["--set".into(), set.into()]);
    }
    finish.write(loaded, &study, &again, out)
}

/// The replications of one plan in all shards.
struct Parts {
    stores: Vec<Store>,
    /// Where they are kept from now on, if anywhere.
    results: Option<Store>,
}

impl Parts {
    /// Whether a replication is there, once or more; what is damaged, foreign, or doubled and different is added to what
    /// is wrong.
    fn has(&self, number: u32, wrong: &mut Vec<String>) -> bool {
        let mut first: Option<(PathBuf, Vec<u8>)> = None;
        for store in &self.stores {
            let path = store.folder().join(file_name(number));
            let Ok(bytes) = fs::read(&path) else {
                continue;
            };
            if let Err(unusable) = store.read(number) {
                wrong.push(format!("{unusable}: remove it and run its shard again"));
            }
            match &first {
                Some((other, others)) if *others != bytes => wrong.push(format!(
                    "{} and {} are the same replication and differ: one of them is not what this program makes",
                    other.display(),
                    path.display()
                )),
                Some(_) => {}
                None => first = Some((path, bytes)),
            }
        }
        first.is_some()
    }
}

/// Which replications are missing, and which shards to run again.
fn told_missing(missing: &[u32], all: usize, job: &Job) -> String {
    const NAMED: usize = 8;
    let listed = |mut names: Vec<String>| {
        names.dedup();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let text = names.join(", ");
        match more {
            0 => text,
            more => format!("{text} and {more} more"),
        }
    };
    let numbers = listed(missing.iter().map(|it| (it + 1).to_string()).collect());
    let mut shards: Vec<u32> = missing.iter().map(|it| it % job.shards.max(1)).collect();
    shards.sort_unstable();
    shards.dedup();
    let shards = listed(
        shards
            .iter()
            .map(|it| Shard::with(*it, job.shards))
            .collect(),
    );
    format!(
        "{} of {} are missing: {numbers}. Run again: --shard {shards}",
        words::grouped(missing.len() as u64),
        words::count(all as u64, "replication"),
    )
}

impl Keep for Parts {
    fn fetch(&self, number: u32) -> Result<Option<Tally>, NotKept> {
        let name = file_name(number);
        for store in &self.stores {
            if let Some(tally) = store.fetch(number)? {
                let path = store.folder().join(&name);
                if let Some(results) = &self.results {
                    put_file(results.folder(), &name, &fs::read(path)?)?;
                }
                return Ok(Some(tally));
            }
        }
        Err(format!("replication {} is missing", number + 1).into())
    }

    fn put(&self, _number: u32, _compared: &Compared, _tally: &Tally) -> Result<(), NotKept> {
        Ok(()) // nothing is simulated here
    }
}
