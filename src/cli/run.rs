//! `smsim run`: simulate scenarios and write their results.

use super::progress::Progress;
use super::{Exit, Failure, curve, interrupt, summary, words};
use crate::plan::Plan;
use crate::plan::risks::Risk;
use crate::report::folder::check_place;
use crate::report::{Dialect, Extras, Results, folder_name, write_results};
use crate::scenario::{self, Loaded};
use crate::study::run_study;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where results go unless the command line says otherwise.
const OUTPUT: &str = "output";

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
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
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
    let scenarios = load_all(&args.files, |file| {
        scenario::load(file, &args.sets, args.seed, args.replications)
    })?;
    check_places(args, &scenarios)?;
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = args.threads {
        pool = pool.num_threads(usize::from(threads));
    }
    let pool = pool
        .build()
        .map_err(|error| Failure::Usage(format!("cannot start threads: {error}")))?;
    interrupt::listen();
    let mut end = Exit::Done;
    for (number, (file, loaded)) in scenarios.iter().enumerate() {
        if !args.quiet {
            if number > 0 {
                writeln!(out)?;
            }
            warn(file, &loaded.risks);
            warn_left_out(file, &loaded.plan);
        }
        match run_one(args, &pool, file, loaded, out)? {
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
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let plan = &loaded.plan;
    let progress = Progress::new(plan, args.quiet);
    let study = pool.install(|| run_study(plan, &progress));
    drop(progress);
    let study = study?;
    let results = Results::new(plan, &study);
    let extras = Extras {
        dialect: args.csv.into(),
        page: args.report,
        workbook: args.xlsx,
    };
    let written =
        interrupt::uncut(|| write_results(&results, &loaded.resolved, extras, &args.out))?;
    if !args.quiet {
        let possible = |set: &str| {
            let sets: Vec<String> = args.sets.iter().cloned().chain([set.to_owned()]).collect();
            scenario::load(file, &sets, args.seed, args.replications).is_ok()
        };
        let asked = summary::Asked {
            sets: &args.sets,
            again: &again(args, file),
            possible: &possible,
            usual_folder: args.out == Path::new(OUTPUT),
        };
        summary::print(&results, &written, &asked, out)?;
        if args.curve || std::io::stdout().is_terminal() {
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

/// Says on standard error that clients of inventories are not in the run.
fn warn_left_out(file: &Path, plan: &Plan) {
    if let rows @ 1.. = plan.left_out.len() as u64 {
        let check = words::command(&["smsim".into(), "check".into(), file.into()]);
        let rows = words::count(rows, "row");
        anstream::eprintln!(
            "warning: {rows} of inventories left out: see left_out.csv, or {check}"
        );
    }
}

/// The command that would run `file` like this, with `more`.
fn again(args: &Args, file: &Path) -> impl Fn(&[&str]) -> String {
    let mut arguments: Vec<OsString> = vec!["smsim".into(), "run".into(), file.into()];
    let mut say = |option: &str, value: OsString| arguments.extend([option.into(), value]);
    if let Some(seed) = args.seed {
        say("--seed", seed.to_string().into());
    }
    if args.out != Path::new(OUTPUT) {
        say("--out", args.out.clone().into());
    }
    for set in &args.sets {
        say("--set", set.into());
    }
    move |more: &[&str]| {
        let more = more.iter().map(OsString::from);
        words::command(&arguments.iter().cloned().chain(more).collect::<Vec<_>>())
    }
}
