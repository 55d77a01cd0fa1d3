//! `smsim compare`: two or more plans on the same draws, and which is better at what.

mod verdict;

use super::progress::Progress;
use super::run::Csv;
use super::{Exit, Failure, interrupt, judgement, words};
use crate::plan::{Measure, Plan};
use crate::report::Results;
use crate::report::csv_file::CsvFiles;
use crate::report::page::{ComparedPlan, comparison_page, is_comparison};
use crate::report::tables::{COMPARISON, comparison_rows};
use crate::scenario;
use crate::study::comparison::{Comparison, Line, Values, Verdict, compare, values};
use crate::study::run_study;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `compare` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario files; every plan is held against the first
    #[arg(required = true, value_name = "FILE")]
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

/// Compares all plans with the first.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let plans = plans(args)?;
    if let Some(path) = &args.out {
        check_file(path)?;
    }
    if let Some(path) = &args.report {
        check_page(path)?;
    }
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = args.threads {
        pool = pool.num_threads(usize::from(threads));
    }
    let pool = pool
        .build()
        .map_err(|error| Failure::Usage(format!("cannot start threads: {error}")))?;
    interrupt::listen();
    let mut all: Vec<Values> = Vec::new();
    let mut shown = Vec::new();
    for (name, plan) in &plans {
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
            shown.push(ComparedPlan::of(name, &Results::new(plan, &study)));
        }
    }
    let comparison = compare(&all);
    if let Some(path) = &args.out {
        interrupt::uncut(|| write_file(args, path, &comparison, &plans))?;
    }
    if let Some(path) = &args.report {
        interrupt::uncut(|| write_page(path, &comparison, &plans, &shown))?;
    }
    if !args.quiet {
        print(out, &plans, &comparison)?;
    }
    Ok(Exit::Done)
}

/// Every plan with its name.
fn plans(args: &Args) -> Result<Vec<(String, Plan)>, Failure> {
    let load = |file: &Path, sets: &[String], seed, replications| {
        scenario::load(file, sets, seed, replications).map(|loaded| loaded.plan)
    };
    if args.files.len() + args.variants.len() < 2 {
        let help = "two plans are needed: name another file, or a variant, as in --variant 'slower: rules.ccim_cycle=46h'";
        return Err(Failure::Usage(help.to_owned()));
    }
    let first = load(&args.files[0], &args.sets, args.seed, args.replications)
        .map_err(|wrong| Failure::Scenario(vec![wrong]))?;
    let same = (Some(first.seed), Some(first.replications));
    let mut plans = vec![(first.name.clone(), first)];
    let mut wrong = Vec::new();
    for file in &args.files[1..] {
        match load(file, &args.sets, same.0, same.1) {
            Ok(plan) => plans.push((plan.name.clone(), plan)),
            Err(complaints) => wrong.push(complaints),
        }
    }
    for variant in &args.variants {
        let (name, sets) = variant_of(variant)?;
        let sets: Vec<String> = args.sets.iter().cloned().chain(sets).collect();
        match load(&args.files[0], &sets, same.0, same.1) {
            Ok(plan) => plans.push((name, plan)),
            Err(complaints) => wrong.push(complaints),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Scenario(wrong));
    }
    check_plans(&plans)?;
    Ok(plans)
}

/// The name of a variant, and the values it sets. Without a name it is called by its values.
fn variant_of(text: &str) -> Result<(String, Vec<String>), Failure> {
    let wrong = |what: &str| {
        let help = "write a variant as 'name: path=value', with `;` between several values";
        Failure::Usage(format!("--variant {text:?} {what}: {help}"))
    };
    let named = text.split_once(':');
    let named = named.filter(|(name, _)| !name.contains('='));
    let (name, rest) = named.unwrap_or((text, text));
    let mut sets = vec![String::new()];
    let mut quoted = false;
    for c in rest.chars() {
        quoted ^= c == '"';
        match (c, sets.last_mut()) {
            (';', _) if !quoted => sets.push(String::new()),
            (c, Some(last)) => last.push(c),
            _ => {}
        }
    }
    let sets: Vec<String> = sets
        .iter()
        .map(|set| set.trim().to_owned())
        .filter(|set| !set.is_empty())
        .collect();
    match (name.trim(), sets.as_slice()) {
        ("", _) => Err(wrong("has no name")),
        (_, []) => Err(wrong("sets nothing")),
        (name, _) => Ok((name.to_owned(), sets)),
    }
}

/// Hours can be compared only where they count from the same moment, and sums only over the same time.
fn check_plans(plans: &[(String, Plan)]) -> Result<(), Failure> {
    let (first_name, first) = &plans[0];
    let begins = |plan: &Plan| {
        let start = plan.zones[0].local(&plan.clock, plan.clock.start);
        (start, plan.clock.end.since(plan.clock.start))
    };
    for (at, (name, plan)) in plans.iter().enumerate().skip(1) {
        if plans[..at].iter().any(|(other, _)| other == name) {
            return Err(Failure::Usage(format!(
                "two plans are called {name:?}: give one of the scenarios, or variants, another name"
            )));
        }
        if begins(plan) != begins(first) {
            return Err(Failure::Usage(format!(
                "{name:?} and {first_name:?} cannot be compared: they begin at other times or last for other numbers of days"
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
    plans: &[(String, Plan)],
) -> Result<(), Failure> {
    let names: Vec<String> = plans.iter().map(|(name, _)| name.clone()).collect();
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
    plans: &[(String, Plan)],
    shown: &[ComparedPlan],
) -> Result<(), Failure> {
    let verdicts: Vec<Vec<String>> = (1..plans.len())
        .map(|at| told(plans, comparison, at))
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

fn print(out: &mut dyn Write, plans: &[(String, Plan)], comparison: &Comparison) -> io::Result<()> {
    for (at, (name, _)) in plans.iter().enumerate() {
        writeln!(out, "{}", words::fit(&format!("{}  {name}", letter(at))))?;
    }
    let first = &plans[0].1;
    let replications = words::count(u64::from(comparison.replications), "replication");
    writeln!(
        out,
        "{replications} of each, on the same draws: seed {}",
        first.seed
    )?;
    for at in 1..plans.len() {
        writeln!(out)?;
        table(out, at, &comparison.plans[0], &comparison.plans[at])?;
        writeln!(out)?;
        for paragraph in told(plans, comparison, at) {
            words::wrapped(out, 0, &paragraph)?;
        }
    }
    note(comparison).map_or(Ok(()), |note| words::wrapped(out, 0, note))
}

/// What is to be said of a plan beside the first.
fn told(plans: &[(String, Plan)], comparison: &Comparison, at: usize) -> Vec<String> {
    let mut told = verdict::paragraphs(&letter(at), &comparison.plans[0], &comparison.plans[at]);
    let groups = |plan: &Plan| -> Vec<(String, u32)> {
        let cohorts = plan.cohorts.iter();
        cohorts.map(|it| (it.name.clone(), it.count)).collect()
    };
    if groups(&plans[at].1) != groups(&plans[0].1) {
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
