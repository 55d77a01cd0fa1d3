//! `smsim sweep`: what comes of a scenario when its knobs are varied.

use super::many::{Common, knob_lines};
use super::plan::time_class;
use super::{Exit, Failure, judgement, one_file, words};
use crate::plan::questions::{Design, Objective};
use crate::plan::{COMPARED, Knob, Measure};
use crate::report::tables::{SWEEP, Visited, sweep_rows};
use crate::scenario::Loaded;
use crate::study::Judged;
use crate::study::design::points;
use crate::study::evaluate::{Row, Variant};
use crate::study::thresholds::nearest_or_missing;
use std::io::{self, Write};
use std::path::PathBuf;

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
}

/// Most points that are listed one by one.
const LISTED: usize = 40;

/// Visits every point of the scenario's sweep.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = common.load()?;
    let knobs = common.knobs(&loaded)?;
    let questions = &loaded.questions;
    let points = points(&questions.sweep, &knobs, &questions.knobs)
        .map_err(|why| Failure::Usage(why.to_string()))?;
    let variants = common.variants(points)?;
    if !common.quiet {
        headline(out, &loaded, &knobs, &variants)?;
    }
    let path = args.out.clone();
    let path = path.unwrap_or_else(|| common.usual_place(&loaded.plan, "sweep.csv"));
    one_file::check_table(&path, &SWEEP)?;
    if args.dry_run {
        list(out, &variants, &knobs)?;
        return Ok(Exit::Done);
    }
    out.flush()?;
    let rows = common.run_all(&variants, None)?;
    let visited: Vec<Visited<'_>> = variants
        .iter()
        .zip(&rows)
        .map(|(variant, rows)| Visited {
            name: variant.point.called(&knobs),
            variant,
            rows,
        })
        .collect();
    let goal = &questions.goal;
    let priced = goal.has_prices(&questions.knobs).then_some(goal);
    let written_out = matches!(questions.sweep.design, Design::List(_));
    let more = match written_out {
        true => Vec::new(),
        false => knobs.iter().map(|it| format!("knob_{}", it.name)).collect(),
    };
    one_file::write_table(&path, &SWEEP, more, common.csv, |rows| {
        sweep_rows(&visited, priced, rows)
    })?;
    if !common.quiet {
        table(out, &loaded, &visited)?;
        let number = visited.len() as u64;
        let all = words::count(number, "point");
        writeln!(out, "Written    {all} to {}", path.display())?;
        writeln!(
            out,
            "Next       smsim columns sweep   for what the file says"
        )?;
    }
    Ok(Exit::Done)
}

/// What is going to run.
fn headline(
    out: &mut dyn Write,
    loaded: &Loaded,
    knobs: &[&Knob],
    variants: &[Variant],
) -> io::Result<()> {
    let points = words::count(variants.len() as u64, "point");
    let each = words::count(u64::from(loaded.plan.replications), "replication");
    let line = format!("{}: {points}, {each} of each", loaded.plan.name);
    writeln!(out, "{}", words::fit(&line))?;
    if !matches!(loaded.questions.sweep.design, Design::List(_)) {
        for line in knob_lines(knobs) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(
        out,
        "  Time to run: {}",
        time_class(variants.iter().map(|it| &it.plan))
    )
}

fn list(out: &mut dyn Write, variants: &[Variant], knobs: &[&Knob]) -> io::Result<()> {
    writeln!(out)?;
    for (number, variant) in (1..).zip(variants).take(LISTED) {
        let line = format!("{number:>4}  {}", variant.point.called(knobs));
        writeln!(out, "{}", words::fit(&line))?;
    }
    match variants.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(out, "      and {more} more"),
    }
}

/// Per point: the goal, what it is traded against, and the thresholds that are missed.
fn table(out: &mut dyn Write, loaded: &Loaded, visited: &[Visited<'_>]) -> io::Result<()> {
    let goal = &loaded.questions.goal;
    let against = COMPARED[goal.against];
    let goal_name = format!("{} (p10 to p90)", goal.objective.name());
    writeln!(out, "\n      {goal_name:>44}{:>28}", against.name)?;
    for (number, visited) in (1..).zip(visited).take(LISTED) {
        let column = |value: &dyn Fn(&Row) -> Option<f64>| -> Vec<Option<f64>> {
            visited.rows.iter().map(value).collect()
        };
        let wanted = column(&|row| goal.value(&row.compared, row.outlay));
        let load = column(&|row| row.compared[goal.against]);
        let missed = visited.variant.plan.thresholds.iter().enumerate();
        let missed = missed.filter(|(at, threshold)| {
            !Judged::of(threshold, &column(&|row| row.thresholds[*at])).passed
        });
        let missed = match (missed.count(), visited.variant.plan.thresholds.len()) {
            (_, 0) => String::new(),
            (0, _) => "  keeps its limits".to_owned(),
            (missed, all) => format!("  misses {missed} of {all}"),
        };
        writeln!(out, "{number:>4}  {}", words::fit(&visited.name))?;
        let band = band(goal.objective, &wanted);
        let load = nearest_or_missing(&load, 50, against.measure.more_is_better());
        let load = load.map_or("unknown".to_owned(), |it| {
            judgement::quantity(against.measure, it)
        });
        writeln!(out, "      {band:>44}{load:>15}{missed}")?;
    }
    match visited.len().saturating_sub(LISTED) {
        0 => writeln!(out),
        more => writeln!(out, "      and {more} more in the file\n"),
    }
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
