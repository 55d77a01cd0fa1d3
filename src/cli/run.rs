//! `smsim run`: simulate scenarios and write their results.

use super::progress::Progress;
use super::shard::{self, Shard};
use super::{Exit, Failure, curve, interrupt, load, summary, words};
use crate::plan::Plan;
use crate::plan::risks::Risk;
use crate::report::folder::check_place;
use crate::report::{Dialect, Extras, Results, Store, folder_name, write_results};
use crate::scenario::{self, Loaded};
use crate::study::{Study, run_kept, run_some};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where results go unless the command line says otherwise.
pub(super) const OUTPUT: &str = "output";

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// First number of every draw, in place of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of replications, in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Percentiles over replications that tables tell, as in --percentiles 5,50,95
    #[arg(long, value_name = "P,...", value_delimiter = ',')]
    percentiles: Vec<f64>,
    /// When there are enough replications, as in --until "half-width of p50 of hours to 95% converged < 2h"
    #[arg(long, value_name = "TEXT")]
    until: Option<String>,
    /// Threads; results do not depend on them [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Sets a value of the scenario, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
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
    /// Draw the curve of convergence with letters, also where standard output is no terminal
    #[arg(long)]
    curve: bool,
    /// Only simulate every eighth replication, the third first, as in --shard 3/8; `smsim merge` writes the results
    #[arg(long, value_name = "I/N", conflicts_with_all = ["resume", "no_keep"])]
    shard: Option<Shard>,
    #[command(flatten)]
    kept: Kept,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

impl Args {
    /// What the command line sets, percentiles and precision among it.
    fn all_sets(&self) -> Vec<String> {
        let mut sets = self.sets.clone();
        if !self.percentiles.is_empty() {
            let listed: Vec<String> = self.percentiles.iter().map(f64::to_string).collect();
            sets.push(format!("study.percentiles=[{}]", listed.join(", ")));
        }
        if let Some(until) = &self.until {
            sets.push(format!("study.until={}", toml::Value::from(until.as_str())));
        }
        sets
    }
}

/// What becomes of finished replications. Those of the same plan and seed are taken from the results folder unless told
/// otherwise.
#[derive(Debug, clap::Args)]
pub(super) struct Kept {
    /// Go on from replications that were finished before; complain if there are none of this plan and seed
    #[arg(long, conflicts_with_all = ["fresh", "no_keep"])]
    resume: bool,
    /// Simulate every replication anew
    #[arg(long)]
    fresh: bool,
    /// Keep no finished replications: saves space, but nothing can be resumed, reused or compared later
    #[arg(long)]
    no_keep: bool,
}

impl Kept {
    /// The store for `plan` in its results folder.
    fn store(&self, plan: &Plan, results: &Path) -> Result<Store, Failure> {
        let mut store = Store::in_results(plan, results);
        store.reuses = !self.fresh;
        store.keeps = !self.no_keep;
        if self.resume && store.numbers()?.is_empty() {
            return Err(Failure::Usage(format!(
                "{} holds no finished replications of this plan, with this seed and program: check the file, --set, \
                 --seed and --out, or leave out --resume",
                results.display()
            )));
        }
        Ok(store)
    }
}

/// Says on standard error what was taken from the store, and what could not be.
pub(super) fn tell_reused(store: &Store, count: u32) {
    for unusable in store.unusable() {
        let told = format!("warning: {unusable}; this replication is simulated anew");
        anstream::eprint!("{}", words::paragraph(0, &told));
    }
    if store.reused() > 0 {
        let (reused, all) = (
            store.reused(),
            words::count(u64::from(count), "replication"),
        );
        anstream::eprintln!("{reused} of {all} were there already");
    }
}

/// How cells of CSV files are set apart.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Csv {
    /// Commas and decimal points
    Standard,
    /// Semicolons and decimal commas, for Excel in continental Europe
    ExcelEu,
}

impl From<Csv> for Dialect {
    fn from(csv: Csv) -> Self {
        match csv {
            Csv::Standard => Dialect::Standard,
            Csv::ExcelEu => Dialect::ExcelEu,
        }
    }
}

/// Runs every scenario, after all of them turned out to be right.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(shard) = args.shard {
        return run_shards(args, shard);
    }
    let scenarios = load_all(&args.files, |file| {
        load::load(file, &args.all_sets(), args.seed, args.replications)
    })?;
    check_places(args, &scenarios)?;
    let stores: Result<Vec<Store>, Failure> = scenarios
        .iter()
        .map(|(_, loaded)| {
            let results = args.out.join(folder_name(&loaded.plan.name));
            args.kept.store(&loaded.plan, &results)
        })
        .collect();
    let stores = stores?;
    let pool = pool(args.threads)?;
    interrupt::listen();
    let mut end = Exit::Done;
    for (number, ((file, loaded), store)) in scenarios.iter().zip(&stores).enumerate() {
        if !args.quiet {
            if number > 0 {
                writeln!(out)?;
            }
            warn(file, &loaded.risks);
            warn_left_out(file, &loaded.plan);
        }
        match run_one(args, &pool, file, loaded, store, out)? {
            Exit::Done => {}
            Exit::Missed => end = Exit::Missed,
            other => return Ok(other),
        }
    }
    Ok(end)
}

fn run_one(
    args: &Args,
    pool: &rayon::ThreadPool,
    file: &Path,
    loaded: &Loaded,
    store: &Store,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let plan = &loaded.plan;
    let progress = Progress::new(plan, args.quiet);
    let study = pool.install(|| run_kept(plan, store, &progress));
    drop(progress);
    let study = study?;
    if !args.quiet {
        tell_reused(store, study.count());
    }
    let finish = Finish {
        out: &args.out,
        csv: args.csv,
        page: args.report,
        workbook: args.xlsx,
        curve: args.curve,
        quiet: args.quiet,
        sets: &args.all_sets(),
        possible: &|set| {
            let sets = [args.all_sets(), vec![set.to_owned()]].concat();
            scenario::load(file, &sets, args.seed, args.replications).is_ok()
        },
    };
    finish.write(loaded, &study, &again(args, file), out)
}

/// Threads to simulate on.
pub(super) fn pool(threads: Option<u16>) -> Result<rayon::ThreadPool, Failure> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(usize::from(threads));
    }
    pool.build()
        .map_err(|error| Failure::Usage(format!("cannot start threads: {error}")))
}

/// How results are written and summed up, once there is a study.
pub(super) struct Finish<'a> {
    /// Folder in which the results folder is made.
    pub out: &'a Path,
    /// How cells are set apart.
    pub csv: Csv,
    /// Whether the page for reading is written.
    pub page: bool,
    /// Whether the workbook is written.
    pub workbook: bool,
    /// Whether the curve is drawn even where standard output is no terminal.
    pub curve: bool,
    /// Whether nothing is printed.
    pub quiet: bool,
    /// Values that were set on the command line.
    pub sets: &'a [String],
    /// Whether the scenario could be run with one more value set.
    pub possible: &'a dyn Fn(&str) -> bool,
}

impl Finish<'_> {
    /// Writes the results and prints the closing lines; `again` is the command that would repeat the run.
    pub(super) fn write(
        &self,
        loaded: &Loaded,
        study: &Study,
        again: &[OsString],
        out: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let plan = &loaded.plan;
        let results = Results::new(plan, study);
        let extras = Extras {
            dialect: self.csv.into(),
            page: self.page,
            workbook: self.workbook,
        };
        let write = || write_results(&results, &loaded.resolved, extras, self.out);
        let written = interrupt::uncut(write)?;
        if !self.quiet {
            let again = |more: &[&str]| {
                let more = more.iter().map(OsString::from);
                words::command(&again.iter().cloned().chain(more).collect::<Vec<_>>())
            };
            let asked = summary::Asked {
                sets: self.sets,
                again: &again,
                possible: self.possible,
                usual_folder: self.out == Path::new(OUTPUT),
            };
            summary::print(&results, &written, &asked, out)?;
            if self.curve || std::io::stdout().is_terminal() {
                curve::draw(&results, curve::Letters::of_terminal(), out)?;
            }
        }
        if study.interrupted {
            Ok(Exit::Interrupted)
        } else if study.missed_any(&plan.thresholds) {
            Ok(Exit::Missed)
        } else {
            Ok(Exit::Done)
        }
    }
}

/// Simulates a shard of every scenario, and leaves what it takes to merge them.
fn run_shards(args: &Args, shard: Shard) -> Result<Exit, Failure> {
    let mut sets = args.all_sets();
    sets.extend(args.seed.map(|seed| format!("scenario.seed={seed}")));
    let replications = args.replications;
    sets.extend(replications.map(|number| format!("study.replications={number}")));
    let mut jobs = Vec::new();
    let mut wrong = Vec::new();
    for file in &args.files {
        match shard::load(file, &sets, shard) {
            Ok(loaded) => jobs.push(loaded),
            Err(complaints) => wrong.push(complaints),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Scenario(wrong));
    }
    let pool = pool(args.threads)?;
    interrupt::listen();
    for (loaded, job) in &jobs {
        let folder = job.folder(&args.out);
        job.leave(&folder)?;
        let mut store = shard::store(loaded, &folder);
        store.reuses = !args.kept.fresh;
        let numbers = shard.numbers(loaded.plan.most_replications());
        let progress = Progress::of_some(&loaded.plan, numbers.len() as u32, args.quiet);
        let complete = pool.install(|| run_some(&loaded.plan, &numbers, &store, &progress));
        drop(progress);
        let complete = complete?;
        if !args.quiet {
            tell_reused(&store, numbers.len() as u32);
            let count = words::count(numbers.len() as u64, "replication");
            anstream::eprintln!("{count} in {}", folder.display());
        }
        if !complete {
            return Ok(Exit::Interrupted);
        }
    }
    Ok(Exit::Done)
}

/// Loads all files; if any is wrong, everything that is wrong in any of them.
pub(super) fn load_all(
    files: &[PathBuf],
    load: impl Fn(&Path) -> Result<Loaded, scenario::Complaints>,
) -> Result<Vec<(PathBuf, Loaded)>, Failure> {
    let mut scenarios = Vec::new();
    let mut complaints = Vec::new();
    for file in files {
        match load(file) {
            Ok(loaded) => scenarios.push((file.clone(), loaded)),
            Err(wrong) => complaints.push(wrong),
        }
    }
    if complaints.is_empty() {
        Ok(scenarios)
    } else {
        Err(Failure::Scenario(complaints))
    }
}

/// Whether every scenario has a results folder of its own, before anything is simulated.
fn check_places(args: &Args, scenarios: &[(PathBuf, Loaded)]) -> Result<(), Failure> {
    let mut taken: BTreeMap<String, &Path> = BTreeMap::new();
    for (file, loaded) in scenarios {
        let name = folder_name(&loaded.plan.name);
        check_place(&args.out, &name)?;
        if let Some(other) = taken.insert(name.clone(), file) {
            return Err(Failure::Usage(format!(
                "{} and {} would both write to {}: give them different names",
                other.display(),
                file.display(),
                args.out.join(&name).display()
            )));
        }
    }
    Ok(())
}

/// Risks that are told before a run; `check` tells them all.
const RISKS_TOLD: usize = 3;

/// Says what is risky, on standard error.
fn warn(file: &Path, risks: &[Risk]) {
    for risk in risks.iter().take(RISKS_TOLD) {
        let warning = words::paragraph(0, &format!("warning: {} ({})", risk.text, risk.article));
        let help = words::paragraph(3, &format!("help: {}", risk.help));
        anstream::eprint!("{warning}{help}");
    }
    let more = risks.len().saturating_sub(RISKS_TOLD) as u64;
    if more > 0 {
        let check = words::command(&["smsim".into(), "check".into(), file.into()]);
        anstream::eprintln!("warning: {} more; see {check}", words::count(more, "risk"));
    }
}

/// Says on standard error what of inventories and tables is not in the run.
fn warn_left_out(file: &Path, plan: &Plan) {
    let check = words::command(&["smsim".into(), "check".into(), file.into()]);
    if let rows @ 1.. = plan.left_out.len() as u64 {
        let rows = words::count(rows, "row");
        anstream::eprintln!(
            "warning: {rows} of inventories or tables left out: see left_out.csv, or {check}"
        );
    }
    let columns = plan.not_read.iter().map(|it| it.columns.len() as u64).sum();
    if columns > 0 {
        let columns = words::count(columns, "column");
        let files: Vec<&str> = plan.not_read.iter().map(|it| it.file.as_str()).collect();
        anstream::eprintln!(
            "note: {columns} of {} not read: see {check}",
            files.join(", ")
        );
    }
}

/// The command that would run `file` like this.
fn again(args: &Args, file: &Path) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["smsim".into(), "run".into(), file.into()];
    let mut say = |option: &str, value: OsString| arguments.extend([option.into(), value]);
    if let Some(seed) = args.seed {
        say("--seed", seed.to_string().into());
    }
    if args.out != Path::new(OUTPUT) {
        say("--out", args.out.clone().into());
    }
    for set in &args.all_sets() {
        say("--set", set.into());
    }
    arguments
}
