//! `smsim sweep`: what comes of a scenario when its knobs are varied.

use super::many::{Common, Read, knob_lines, named, variants};
use super::plan::time_class;
use super::progress::Progress;
use super::run::Csv;
use super::shard::{self, SHARDS, Shard};
use super::{Exit, Failure, interrupt, judgement, one_file, words};
use crate::plan::questions::{Design, Goal, Objective};
use crate::plan::{COMPARED, Knob, Measure, Plan};
use crate::report::Store;
use crate::report::tables::{SWEEP, Visited, sweep_rows};
use crate::scenario::Loaded;
use crate::study::design::points;
use crate::study::evaluate::{self, Row, Task, Variant};
use crate::study::keep::Keep;
use crate::study::thresholds::nearest_or_missing;
use crate::study::{Judged, NoStudy};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `sweep` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// CSV file to write [default: output/, the scenario's name and -sweep.csv]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show what would run, and run nothing
    #[arg(long)]
    dry_run: bool,
    /// Only simulate every eighth replication of all points, the third first, as in --shard 3/8, and write no table;
    /// `smsim merge` writes it
    #[arg(long, value_name = "I/N", conflicts_with = "dry_run")]
    shard: Option<Shard>,
}

/// Most points that are listed one by one.
const LISTED: usize = 40;

/// Visits every point of the scenario's sweep.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = common.load()?;
    let path = args.out.clone();
    let path = path.unwrap_or_else(|| common.usual_place(&loaded.plan, "sweep.csv"));
    if let Some(shard) = args.shard {
        return run_shard(args, shard, &path);
    }
    let swept = Swept::of(loaded, common.knob_names(), &|sets| common.load_with(sets))?;
    if !common.quiet {
        swept.headline(out)?;
    }
    swept.check(&path)?;
    if args.dry_run {
        swept.list(out)?;
        return Ok(Exit::Done);
    }
    out.flush()?;
    let rows = common.run_all(&swept.variants, None)?;
    swept.write(&rows, &path, common.csv)?;
    if !common.quiet {
        swept.table(&rows, &path, out)?;
    }
    Ok(Exit::Done)
}

/// Simulates every so manieth replication of all points, and leaves what it takes to merge them.
fn run_shard(args: &Args, shard: Shard, path: &Path) -> Result<Exit, Failure> {
    let common = &args.common;
    let (loaded, mut job) = shard::load(&common.file, &common.all_sets(), shard)
        .map_err(|wrong| Failure::Scenario(vec![wrong]))?;
    job.sweep = Some(common.knob_names().to_vec());
    let swept = Swept::of(loaded, common.knob_names(), &|sets| job.read(sets))?;
    let folder = PathBuf::from(format!("{}{SHARDS}", path.with_extension("").display()));
    job.leave(&folder)?;
    let plans = swept.variants.iter().map(|it| &it.plan);
    let stores: Vec<Store> = plans.map(|plan| Store::in_shards(plan, &folder)).collect();
    let mine = shard.of_all(swept.tasks(|at| &stores[at]).into_iter());
    interrupt::listen();
    let clients = mine.iter().map(|it| it.variant.plan.clients()).sum();
    let progress = Progress::of(clients, mine.len() as u32, common.quiet);
    let done = common
        .pool()?
        .install(|| evaluate::rows(&mine, None, &progress));
    drop(progress);
    if matches!(done, Err(NoStudy::Interrupted)) {
        anstream::eprintln!("interrupted; the same command goes on from what is finished");
        return Ok(Exit::Interrupted);
    }
    done?;
    if !common.quiet {
        let count = words::count(mine.len() as u64, "replication");
        anstream::eprintln!("{count} in {}", folder.display());
    }
    Ok(Exit::Done)
}

/// A sweep: the points of a scenario, each with its plan.
pub(super) struct Swept {
    loaded: Loaded,
    knobs: Vec<Knob>,
    /// What is visited.
    pub variants: Vec<Variant>,
}

impl Swept {
    /// The sweep of a scenario over the knobs of these names, all of them if there are none; `read` gives the scenario
    /// with more set in it.
    pub fn of(loaded: Loaded, names: &[String], read: &Read<'_>) -> Result<Self, Failure> {
        let questions = &loaded.questions;
        let knobs = named(&loaded, names)?;
        let points = points(&questions.sweep, &knobs, &questions.knobs)
            .map_err(|why| Failure::Usage(why.to_string()))?;
        Ok(Swept {
            variants: variants(points, read)?,
            knobs: knobs.into_iter().cloned().collect(),
            loaded,
        })
    }

    /// Every replication, by the position of its point and its own number.
    pub fn numbered(&self) -> Vec<(usize, u32)> {
        let points = self.variants.iter().enumerate();
        let of_point =
            |(at, it): (usize, &Variant)| (0..it.plan.replications).map(move |n| (at, n));
        points.flat_map(of_point).collect()
    }

    /// The same as tasks; `keep` gives where those of a point are kept.
    pub fn tasks<'a, K: Keep + 'a>(&'a self, keep: impl Fn(usize) -> &'a K) -> Vec<Task<'a>> {
        let task = |(at, number): (usize, u32)| Task {
            variant: &self.variants[at],
            number,
            keep: keep(at),
        };
        self.numbered().into_iter().map(task).collect()
    }

    /// What came of all tasks, point by point.
    pub fn by_point(&self, rows: Vec<Row>) -> Vec<Vec<Row>> {
        let mut rows = rows.into_iter();
        let plans = self.variants.iter().map(|it| &it.plan);
        let of_plan = |plan: &Plan| rows.by_ref().take(plan.replications as usize).collect();
        plans.map(of_plan).collect()
    }

    /// Whether the table may be written there.
    pub fn check(&self, path: &Path) -> Result<(), Failure> {
        one_file::check_table(path, &SWEEP)
    }

    /// Writes the table.
    pub fn write(&self, rows: &[Vec<Row>], path: &Path, csv: Csv) -> Result<(), Failure> {
        let questions = &self.loaded.questions;
        let goal = &questions.goal;
        let priced = goal.has_prices(&questions.knobs).then_some(goal);
        let more = match questions.sweep.design {
            Design::List(_) => Vec::new(),
            _ => {
                let names = self.knobs.iter();
                names.map(|it| format!("knob_{}", it.name)).collect()
            }
        };
        let visited = self.visited(rows);
        one_file::write_table(path, &SWEEP, more, csv, |rows| {
            sweep_rows(&visited, priced, rows)
        })
    }

    fn visited<'a>(&'a self, rows: &'a [Vec<Row>]) -> Vec<Visited<'a>> {
        let knobs = self.knobs();
        let both = self.variants.iter().zip(rows);
        both.map(|(variant, rows)| Visited {
            name: variant.point.called(&knobs),
            variant,
            rows,
        })
        .collect()
    }

    fn knobs(&self) -> Vec<&Knob> {
        self.knobs.iter().collect()
    }

    /// What is going to run.
    pub fn headline(&self, out: &mut dyn Write) -> io::Result<()> {
        let Loaded {
            plan, questions, ..
        } = &self.loaded;
        let points = words::count(self.variants.len() as u64, "point");
        let each = words::count(u64::from(plan.replications), "replication");
        let line = format!("{}: {points}, {each} of each", plan.name);
        writeln!(out, "{}", words::fit(&line))?;
        if !matches!(questions.sweep.design, Design::List(_)) {
            for line in knob_lines(&self.knobs()) {
                writeln!(out, "{line}")?;
            }
        }
        let class = time_class(self.variants.iter().map(|it| &it.plan));
        writeln!(out, "  Time to run: {class}")
    }

    fn list(&self, out: &mut dyn Write) -> io::Result<()> {
        let knobs = self.knobs();
        writeln!(out)?;
        for (number, variant) in (1..).zip(&self.variants).take(LISTED) {
            let line = format!("{number:>4}  {}", variant.point.called(&knobs));
            writeln!(out, "{}", words::fit(&line))?;
        }
        match self.variants.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => writeln!(out, "      and {more} more"),
        }
    }

    /// Per point: the goal, what it is traded against, and the thresholds that are missed; then where the file is.
    pub fn table(&self, rows: &[Vec<Row>], path: &Path, out: &mut dyn Write) -> io::Result<()> {
        let goal = &self.loaded.questions.goal;
        let goal_name = format!("{} (p10 to p90)", goal.objective.name());
        writeln!(
            out,
            "\n      {goal_name:>44}{:>28}",
            COMPARED[goal.against].name
        )?;
        let visited = self.visited(rows);
        for (number, visited) in (1..).zip(&visited).take(LISTED) {
            writeln!(out, "{number:>4}  {}", words::fit(&visited.name))?;
            writeln!(out, "{}", told(goal, visited))?;
        }
        match visited.len().saturating_sub(LISTED) {
            0 => writeln!(out)?,
            more => writeln!(out, "      and {more} more in the file\n")?,
        }
        let all = words::count(visited.len() as u64, "point");
        writeln!(out, "Written    {all} to {}", path.display())?;
        writeln!(
            out,
            "Next       smsim columns sweep   for what the file says"
        )
    }
}

/// What came of one point.
fn told(goal: &Goal, visited: &Visited<'_>) -> String {
    let column = |value: &dyn Fn(&Row) -> Option<f64>| -> Vec<Option<f64>> {
        visited.rows.iter().map(value).collect()
    };
    let wanted = column(&|row| goal.value(&row.compared, row.outlay));
    let thresholds = &visited.variant.plan.thresholds;
    let missed = thresholds.iter().enumerate().filter(|(at, threshold)| {
        !Judged::of(threshold, &column(&|row| row.thresholds[*at])).passed
    });
    let missed = match (missed.count(), thresholds.len()) {
        (_, 0) => String::new(),
        (0, _) => "  keeps its limits".to_owned(),
        (missed, all) => format!("  misses {missed} of {all}"),
    };
    let against = COMPARED[goal.against].measure;
    let load = column(&|row| row.compared[goal.against]);
    let load = nearest_or_missing(&load, 50, against.more_is_better());
    let load = load.map_or("unknown".to_owned(), |it| judgement::quantity(against, it));
    let band = band(goal.objective, &wanted);
    format!("      {band:>44}{load:>15}{missed}")
}

/// Median and band of the objective over replications.
fn band(objective: Objective, values: &[Option<f64>]) -> String {
    let at = |percent| match nearest_or_missing(values, percent, objective.more_is_better()) {
        Some(value) => shown(objective, value),
        None => "never".to_owned(),
    };
    format!("{} ({} to {})", at(50), at(10), at(90))
}

/// A value of the objective with its unit.
pub(super) fn shown(objective: Objective, value: f64) -> String {
    match objective {
        Objective::Measure(at) => precise(COMPARED[at].measure, value),
        Objective::Cost => words::mean(value),
    }
}

/// Hours stay hours where variants of one plan are held against each other.
fn precise(measure: Measure, value: f64) -> String {
    match measure {
        Measure::HoursTo { .. } => format!("{value:.1} h"),
        _ => judgement::quantity(measure, value),
    }
}
