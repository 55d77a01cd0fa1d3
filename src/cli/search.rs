//! `smsim search`: the plan that does best by the scenario's goal and keeps its limits.

mod answer;

use super::many::{Common, knob_lines, tasks};
use super::progress::Progress;
use super::run::OUTPUT;
use super::{Exit, Failure, interrupt, one_file, words};
use crate::plan::Knob;
use crate::report::folder_name;
use crate::report::tables::{SEARCH, search_rows};
use crate::scenario::{Complaints, Loaded};
use crate::study::NoStudy;
use crate::study::design::Point;
use crate::study::evaluate::{self, Row, Task, Variant};
use crate::study::search::moves::Space;
use crate::study::search::terms::limits;
use crate::study::search::{End, Found, Laboratory, Terms, search};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `search` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// Replications in all, in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    runs: Option<u32>,
    /// Seed of the fresh runs in which the answer is checked [default: 1,000 more than that of the search]
    #[arg(long, value_name = "N")]
    fresh_seed: Option<u64>,
    /// Folder for the best plan, the frontier and all candidates
    #[arg(long, value_name = "DIR", default_value = OUTPUT)]
    out: PathBuf,
}

/// What the seed of the fresh runs is more than that of the search.
const FRESH: u64 = 1_000;

/// Of so many candidates that make no valid scenario it is told why.
const TOLD: usize = 3;

/// The files of a search.
struct Files {
    best: PathBuf,
    frontier: PathBuf,
    candidates: PathBuf,
}

/// Searches for the best plan.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = common.load()?;
    let knobs = common.some_knobs(&loaded)?;
    let terms = terms(args, &loaded);
    let name = folder_name(&loaded.plan.name);
    let place = |ending: &str| args.out.join(format!("{name}-{ending}"));
    let files = Files {
        best: place("best.toml"),
        frontier: place("frontier.csv"),
        candidates: place("candidates.csv"),
    };
    one_file::check(&files.best, "plan", &|text| text.starts_with(answer::MARK))?;
    one_file::check_table(&files.frontier, &SEARCH)?;
    one_file::check_table(&files.candidates, &SEARCH)?;
    if !common.quiet {
        headline(out, &loaded, &knobs, &terms)?;
        out.flush()?;
    }
    interrupt::listen();
    let space = Space::of(&knobs);
    let clients = loaded.plan.clients() * u64::from(terms.runs);
    let mut bench = Bench {
        common,
        knobs: &knobs,
        variants: Vec::new(),
        refused: Vec::new(),
        pool: common.pool()?,
        progress: Progress::of(clients, terms.runs, common.quiet),
    };
    let found = search(&space, &terms, &mut bench)?;
    if found.candidates.len() == 1 && !bench.refused.is_empty() {
        return Err(Failure::Scenario(bench.refused));
    }
    let fresh = match found.end {
        End::Interrupted => None,
        _ => Some(bench.fresh(&found, args.fresh_seed)?),
    };
    let refused = std::mem::take(&mut bench.refused);
    drop(bench);
    write(args, &files, &found, &terms, &knobs, &loaded)?;
    if !common.quiet {
        let told = answer::Answer {
            found: &found,
            terms: &terms,
            thresholds: &loaded.plan.thresholds,
            knobs: &knobs,
            fresh: fresh.as_ref(),
            refused: refused.first(),
            priced: loaded.questions.goal.has_prices(&loaded.questions.knobs),
        };
        told.print(out)?;
        let Files {
            best,
            frontier,
            candidates,
        } = &files;
        writeln!(out, "Written    {}", best.display())?;
        writeln!(out, "           {}", frontier.display())?;
        writeln!(out, "           {}", candidates.display())?;
        let next = ["smsim".into(), "run".into(), best.into()];
        writeln!(out, "Next       {}", words::command(&next))?;
    }
    let kept = |fresh: &Fresh| terms.keeps(&fresh.best);
    Ok(match found.end {
        End::Interrupted => Exit::Interrupted,
        _ if found.keeps_limits && fresh.as_ref().is_none_or(kept) => Exit::Done,
        _ => Exit::Missed,
    })
}

fn terms(args: &Args, loaded: &Loaded) -> Terms {
    let plan = &loaded.plan;
    let search = loaded.questions.search;
    Terms {
        goal: loaded.questions.goal.clone(),
        limits: limits(&plan.thresholds, loaded.questions.goal.budget),
        run_hours: plan.clock.elapsed_hours(plan.clock.end),
        replications: plan.replications,
        runs: args.runs.unwrap_or(search.runs),
        seed: search.seed,
    }
}

fn headline(
    out: &mut dyn Write,
    loaded: &Loaded,
    knobs: &[&Knob],
    terms: &Terms,
) -> io::Result<()> {
    let all = words::count(knobs.len() as u64, "knob");
    let runs = words::count(u64::from(terms.runs), "replication");
    let line = format!("{}: {all}, up to {runs}", loaded.plan.name);
    writeln!(out, "{}", words::fit(&line))?;
    for line in knob_lines(knobs) {
        writeln!(out, "{line}")?;
    }
    let least = match terms.goal.objective.more_is_better() {
        true => "Most",
        false => "Least",
    };
    writeln!(out, "  {least} wanted: {}", terms.goal.objective.name())?;
    for limit in &terms.limits {
        writeln!(out, "{}", words::fit(&format!("  Limit: {}", limit.that)))?;
    }
    Ok(())
}

/// Where candidates are simulated.
struct Bench<'a> {
    common: &'a Common,
    knobs: &'a [&'a Knob],
    variants: Vec<Variant>,
    /// What is wrong with the first few candidates that make no valid scenario.
    refused: Vec<Complaints>,
    pool: rayon::ThreadPool,
    progress: Progress,
}

/// Replications of the best, the runner-up and the scenario as it stands, on draws that the search never saw.
struct Fresh {
    seed: u64,
    best: Vec<Row>,
    runner_up: Option<Vec<Row>>,
    as_it_stands: Vec<Row>,
}

impl Laboratory for Bench<'_> {
    fn admit(&mut self, levels: &[usize]) -> bool {
        let point = point(self.knobs, levels);
        let common = self.common;
        let made = self.pool.install(|| common.variant(point));
        let admitted = made.is_ok();
        match made {
            Ok(variant) => self.variants.push(variant),
            Err(wrong) if self.refused.len() < TOLD => self.refused.push(wrong),
            Err(_) => {}
        }
        admitted
    }

    fn run(&mut self, tasks: &[(usize, u32)]) -> Result<Vec<Row>, NoStudy> {
        let variants = &self.variants;
        let tasks: Vec<Task<'_>> = tasks.iter().map(|(at, it)| (&variants[*at], *it)).collect();
        let progress = &self.progress;
        self.pool.install(|| evaluate::rows(&tasks, None, progress))
    }
}

impl Bench<'_> {
    fn fresh(&self, found: &Found, seed: Option<u64>) -> Result<Fresh, NoStudy> {
        let seed = seed.unwrap_or(self.variants[0].plan.seed.wrapping_add(FRESH));
        let rows = |at: usize| {
            let mut variant = self.variants[at].clone();
            variant.plan.seed = seed;
            let tasks: Vec<Task<'_>> = tasks(&variant).collect();
            self.pool
                .install(|| evaluate::rows(&tasks, None, &self.progress))
        };
        Ok(Fresh {
            seed,
            best: rows(found.best)?,
            runner_up: found.runner_up.map(rows).transpose()?,
            as_it_stands: rows(0)?,
        })
    }
}

/// The point of a candidate; without levels, the scenario as it stands.
fn point(knobs: &[&Knob], levels: &[usize]) -> Point {
    let settings = knobs.iter().zip(levels);
    let settings: Vec<_> = settings
        .map(|(knob, level)| knob.axis.level(*level))
        .collect();
    match settings.is_empty() {
        true => crate::study::sensitivity::as_it_stands(),
        false => Point::of(knobs, settings),
    }
}

fn write(
    args: &Args,
    files: &Files,
    found: &Found,
    terms: &Terms,
    knobs: &[&Knob],
    loaded: &Loaded,
) -> Result<(), Failure> {
    let settings = |at: usize| -> Vec<String> {
        let levels = &found.candidates[at].levels;
        match levels.is_empty() {
            true => vec![String::new(); knobs.len()],
            false => {
                let pairs = knobs.iter().zip(levels);
                pairs
                    .map(|(knob, level)| knob.axis.level(*level).shown)
                    .collect()
            }
        }
    };
    let priced = loaded.questions.goal.has_prices(&loaded.questions.knobs);
    let columns = || knobs.iter().map(|it| format!("knob_{}", it.name)).collect();
    let table = |path: &Path, only_frontier| {
        one_file::write_table(path, &SEARCH, columns(), args.common.csv, |rows| {
            search_rows(found, terms, only_frontier, priced, &settings, rows)
        })
    };
    table(&files.frontier, true)?;
    table(&files.candidates, false)?;
    let best = point(knobs, &found.candidates[found.best].levels);
    let text = answer::plan_text(&args.common, &args.out, &best, loaded, found, terms);
    one_file::write_text(&files.best, &text)
}
