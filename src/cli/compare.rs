//! `smsim compare`: two or more plans on the same draws, and which is better at what.

mod gains;
mod variant;
mod verdict;

use super::progress::Progress;
use super::run::{Csv, pool};
use super::{Exit, Failure, interrupt, judgement, load, words};
use crate::plan::{Measure, Plan};
use crate::report::csv_file::CsvFiles;
use crate::report::manifest::Basis;
use crate::report::page::{ComparedPlan, comparison_page, is_comparison};
use crate::report::tables::{COMPARISON, comparison_rows};
use crate::report::{Results, Stored, StoredRun};
use crate::study::comparison::{Comparison, Line, Values, Verdict, compare, values};
use crate::study::run_study;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use variant::variant_of;

/// What `compare` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario files, or results folders of this program version; every plan is held against the first
    #[arg(required = true, value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// A variant of the first file, as in --variant 'all at once: rollout.EU1.at=2000-06-24 01:00:00'; a semicolon
    /// goes between several values
    #[arg(long = "variant", value_name = "NAME: PATH=VALUE")]
    variants: Vec<String>,
    /// Sets a value in every plan, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// First number of every draw in all plans, in place of the first scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of replications of every plan, in place of the first scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Also show how much wider the intervals would be on independent draws
    #[arg(long)]
    independent: bool,
    /// Threads; results do not depend on them [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Also write the comparison to this CSV file; `smsim columns comparison` explains it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How cells of the CSV file are set apart
    #[arg(long, value_enum, default_value_t = Csv::Standard)]
    csv: Csv,
    /// Also write one page for reading, plans side by side, to this HTML file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// A plan that takes part: one that is simulated, or a run that was.
struct Contender {
    name: String,
    seed: u64,
    replications: u32,
    basis: Basis,
    what: What,
}

enum What {
    Plan(Box<Plan>),
    Stored { folder: PathBuf, values: Values },
}

impl Contender {
    fn of_plan(name: String, plan: Plan) -> Self {
        Contender {
            name,
            seed: plan.seed,
            replications: plan.replications,
            basis: Basis::of(&plan),
            what: What::Plan(Box::new(plan)),
        }
    }

    fn stored(folder: &Path) -> Result<Self, Failure> {
        let run = StoredRun::read(folder)
            .map_err(|unusable| Failure::Read(unusable.path, unusable.why))?;
        Ok(Contender {
            name: run.name,
            seed: run.seed,
            replications: run.values.len() as u32,
            basis: run.basis,
            what: What::Stored {
                folder: folder.to_owned(),
                values: run.values,
            },
        })
    }
}

/// Compares all plans with the first.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let contenders = contenders(args)?;
    if let Some(path) = &args.out {
        check_file(path)?;
    }
    if let Some(path) = &args.report {
        check_page(path)?;
    }
    let pool = pool(args.threads)?;
    interrupt::listen();
    let mut all: Vec<Values> = Vec::new();
    let mut shown = Vec::new();
    for contender in &contenders {
        let plan = match &contender.what {
            What::Stored { folder, values } => {
                all.push(values.clone());
                if args.report.is_some() {
                    shown.push(ComparedPlan::read(&Stored::open(folder)?)?);
                }
                continue;
            }
            What::Plan(plan) => plan,
        };
        let progress = Progress::new(plan, args.quiet);
        let study = pool.install(|| run_study(plan, &progress));
        drop(progress);
        let study = study?;
        if study.interrupted {
            anstream::eprintln!("interrupted: the plans are not compared");
            return Ok(Exit::Interrupted);
        }
        all.push(values(&study));
        if args.report.is_some() {
            shown.push(ComparedPlan::of(
                &contender.name,
                &Results::new(plan, &study),
            ));
        }
    }
    let comparison = compare(&all);
    if let Some(path) = &args.out {
        interrupt::uncut(|| write_file(args, path, &comparison, &contenders))?;
    }
    if let Some(path) = &args.report {
        interrupt::uncut(|| write_page(path, &comparison, &contenders, &shown))?;
    }
    if !args.quiet {
        print(out, &contenders, &comparison)?;
        if args.independent {
            gains::print(out, &comparison)?;
        }
    }
    Ok(Exit::Done)
}

/// Everybody who takes part, in the order of the command line: files and folders, then variants of the first file.
fn contenders(args: &Args) -> Result<Vec<Contender>, Failure> {
    if args.files.len() + args.variants.len() < 2 {
        let help = "two plans are needed: name another file or results folder, or a variant, as in --variant 'slower: rules.ccim_cycle=46h'";
        return Err(Failure::Usage(help.to_owned()));
    }
    let mut contenders: Vec<Option<Contender>> = Vec::new();
    for file in &args.files {
        let stored = file.is_dir().then(|| Contender::stored(file));
        contenders.push(stored.transpose()?);
    }
    let seed = common_seed(args, contenders.iter().flatten())?;
    let mut replications = args.replications;
    let mut same_seed = seed;
    let mut wrong = Vec::new();
    for (at, file) in args.files.iter().enumerate() {
        if contenders[at].is_none() {
            match load::load(file, &args.sets, same_seed, replications) {
                Ok(loaded) => {
                    let plan = once(loaded.plan);
                    contenders[at] = Some(Contender::of_plan(plan.name.clone(), plan));
                }
                Err(complaints) => wrong.push(complaints),
            }
        }
        // The first one says how often, and on which draws.
        if let (0, Some(first)) = (at, &contenders[0]) {
            replications = replications.or(Some(first.replications));
            same_seed = same_seed.or(Some(first.seed));
        }
    }
    for variant in &args.variants {
        let (name, sets) = variant_of(variant)?;
        if args.files[0].is_dir() {
            let help = "a variant is one of the first plan's file: name that first, not a folder of results";
            return Err(Failure::Usage(help.to_owned()));
        }
        let sets: Vec<String> = args.sets.iter().cloned().chain(sets).collect();
        match load::load(&args.files[0], &sets, same_seed, replications) {
            Ok(loaded) => {
                contenders.push(Some(Contender::of_plan(name, once(loaded.plan))));
            }
            Err(complaints) => wrong.push(complaints),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Scenario(wrong));
    }
    let contenders: Vec<Contender> = contenders.into_iter().flatten().collect();
    check_contenders(args, &contenders)?;
    Ok(contenders)
}

/// A plan that is done so often and no more: pairs need the same number on both sides.
fn once(mut plan: Plan) -> Plan {
    plan.study.until = None;
    plan
}

/// The seed that the command line or stored runs prescribe; the draws of stored runs are what they are.
fn common_seed<'c>(
    args: &Args,
    stored: impl Iterator<Item = &'c Contender>,
) -> Result<Option<u64>, Failure> {
    let mut seed = args.seed.map(|seed| (seed, "--seed".to_owned()));
    for run in stored {
        match &seed {
            None => seed = Some((run.seed, format!("{:?}", run.name))),
            Some((common, whose)) if *common != run.seed => {
                return Err(Failure::Usage(format!(
                    "{:?} was run with seed {} and {whose} says {common}: only runs on the same draws are compared",
                    run.name, run.seed
                )));
            }
            Some(_) => {}
        }
    }
    Ok(seed.map(|(seed, _)| seed))
}

/// Hours can be compared only where they count from the same moment, and sums only over the same time.
fn check_contenders(args: &Args, contenders: &[Contender]) -> Result<(), Failure> {
    let first = &contenders[0];
    for (at, contender) in contenders.iter().enumerate() {
        let Contender { name, basis, .. } = contender;
        let asked = args.replications.unwrap_or(0);
        if contender.replications < asked {
            return Err(Failure::Usage(format!(
                "the stored run {name:?} has {} only: run it with --replications {asked} first",
                words::count(u64::from(contender.replications), "replication")
            )));
        }
        if contenders[..at].iter().any(|other| other.name == *name) {
            return Err(Failure::Usage(format!(
                "two plans are called {name:?}: give one of the scenarios, or variants, another name"
            )));
        }
        if (&basis.start, basis.seconds) != (&first.basis.start, first.basis.seconds) {
            return Err(Failure::Usage(format!(
                "{name:?} and {:?} cannot be compared: they begin at other times or last for other numbers of days",
                first.name
            )));
        }
    }
    Ok(())
}

/// Whether the CSV file may be written: what stands there is replaced if it is a comparison.
fn check_file(path: &Path) -> Result<(), Failure> {
    let header: Vec<&str> = COMPARISON.columns.iter().map(|it| it.name).collect();
    let ours = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        let text = text.trim_start_matches('\u{feff}');
        text.starts_with(&header.join(",")) || text.starts_with(&header.join(";"))
    };
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::File(path.to_owned(), error)),
        Ok(text) if ours(&text) => Ok(()),
        Ok(_) => Err(Failure::File(
            path.to_owned(),
            io::Error::other("it is there already and holds no comparison"),
        )),
    }
}

/// Whether the page may be written: what stands there is replaced if it is a page of a comparison.
fn check_page(path: &Path) -> Result<(), Failure> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::File(path.to_owned(), error)),
        Ok(text) if is_comparison(&text) => Ok(()),
        Ok(_) => Err(Failure::File(
            path.to_owned(),
            io::Error::other("it is there already and holds no comparison"),
        )),
    }
}

fn write_file(
    args: &Args,
    path: &Path,
    comparison: &Comparison,
    contenders: &[Contender],
) -> Result<(), Failure> {
    let names: Vec<String> = contenders.iter().map(|it| it.name.clone()).collect();
    put(path, |beside| {
        let mut open =
            |_: &str| -> io::Result<Box<dyn Write>> { Ok(Box::new(fs::File::create(beside)?)) };
        let mut files = CsvFiles::new(&COMPARISON, args.csv.into(), &mut open);
        comparison_rows(comparison, &names, &mut files)?;
        files.finish().map(drop)
    })
}

fn write_page(
    path: &Path,
    comparison: &Comparison,
    contenders: &[Contender],
    shown: &[ComparedPlan],
) -> Result<(), Failure> {
    let verdicts: Vec<Vec<String>> = (1..contenders.len())
        .map(|at| told(contenders, comparison, at))
        .collect();
    let page = comparison_page(comparison, shown, &verdicts, note(comparison));
    put(path, |beside| fs::write(beside, &page))
}

/// Has a file written beside its place, then puts it there.
fn put(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Failure> {
    let beside = path.with_extension(format!("tmp-{}", std::process::id()));
    let written = write(&beside).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What is half written is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Failure::File(path.to_owned(), error)
    })
}

/// What plans are called in the tables: A, B and so on, and by number beyond Z.
fn letter(plan: usize) -> String {
    match u8::try_from(plan) {
        Ok(plan) if plan < 26 => char::from(b'A' + plan).to_string(),
        _ => format!("P{}", plan + 1),
    }
}

fn print(out: &mut dyn Write, contenders: &[Contender], comparison: &Comparison) -> io::Result<()> {
    for (at, Contender { name, .. }) in contenders.iter().enumerate() {
        writeln!(out, "{}", words::fit(&format!("{}  {name}", letter(at))))?;
    }
    let first = &contenders[0];
    let replications = words::count(u64::from(comparison.replications), "replication");
    writeln!(
        out,
        "{replications} of each, on the same draws: seed {}",
        first.seed
    )?;
    for at in 1..contenders.len() {
        writeln!(out)?;
        table(out, at, &comparison.plans[0], &comparison.plans[at])?;
        writeln!(out)?;
        for paragraph in told(contenders, comparison, at) {
            words::wrapped(out, 0, &paragraph)?;
        }
    }
    note(comparison).map_or(Ok(()), |note| words::wrapped(out, 0, note))
}

/// What is to be said of a plan beside the first.
fn told(contenders: &[Contender], comparison: &Comparison, at: usize) -> Vec<String> {
    let mut told = verdict::paragraphs(&letter(at), &comparison.plans[0], &comparison.plans[at]);
    let clients = |at: usize| &contenders[at].basis.clients_sha256;
    if clients(at) != clients(0) {
        let note = "Note: the plans have different clients, so that only some draws are the same and totals are of other fleets.";
        told.push(note.to_owned());
    }
    told
}

/// What is to be said of the comparison as a whole.
fn note(comparison: &Comparison) -> Option<&'static str> {
    let note =
        "One replication tells no difference from chance: take more, as in --replications 20.";
    (comparison.replications < 2).then_some(note)
}

/// Medians of the first plan and of another, and how they differ.
fn table(out: &mut dyn Write, at: usize, first: &[Line], other: &[Line]) -> io::Result<()> {
    let name = letter(at);
    let difference = format!("{name} minus A, 95 % interval");
    writeln!(out, "{:<23}{:>12}{name:>12}   {difference}", "Medians", "A")?;
    for (first, other) in first.iter().zip(other) {
        let measure = first.compared.measure;
        let shown = |line: &Line| {
            let missing = || match measure {
                Measure::HoursTo { .. } => "not reached".to_owned(),
                _ => "unknown".to_owned(),
            };
            line.median
                .map_or_else(missing, |it| judgement::quantity(measure, it))
        };
        let signed = |value: f64| {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", judgement::quantity(measure, value.abs()))
        };
        let difference = match other.difference {
            None => String::new(),
            Some(it) if other.verdict == Verdict::Unknown => {
                format!("in {} runs with both: {}", it.count, signed(it.mean))
            }
            Some(it) => format!(
                "{} ({} to {})",
                signed(it.mean),
                signed(it.low),
                signed(it.high)
            ),
        };
        let line = format!(
            "{:<23}{:>12}{:>12}   {difference}",
            first.compared.name,
            shown(first),
            shown(other)
        );
        writeln!(out, "{}", words::fit(line.trim_end()))?;
    }
    Ok(())
}
