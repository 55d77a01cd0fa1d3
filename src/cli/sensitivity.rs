//! `smsim sensitivity`: which knobs of a scenario matter.

use super::many::{Common, knob_lines};
use super::plan::time_class;
use super::sweep::shown;
use super::{Exit, Failure, one_file, words};
use crate::plan::Knob;
use crate::plan::questions::Objective;
use crate::report::tables::{SCREENING, SENSITIVITY, screening_rows, sensitivity_rows};
use crate::scenario::Loaded;
use crate::study::design::Point;
use crate::study::evaluate::{Row, Variant};
use crate::study::sensitivity::{
    End, Influence, Screening, Swing, influences, morris, one_at_a_time, tornado,
};
use std::io::{self, Write};
use std::path::PathBuf;

/// What `sensitivity` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// Morris screening, whatever the scenario says: for many knobs, and for those that act together
    #[arg(long)]
    morris: bool,
    /// CSV file to write [default: output/, the scenario's name and -sensitivity.csv or -screening.csv]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show what would run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

/// Ranks the knobs of the scenario.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = common.load()?;
    let knobs = common.some_knobs(&loaded)?;
    let asked = loaded.questions.sensitivity;
    let screening =
        (args.morris || asked.morris).then(|| morris(&knobs, asked.trajectories, loaded.plan.seed));
    let points = match &screening {
        Some(screening) => screening.points.clone(),
        None => one_at_a_time(&knobs),
    };
    let variants = common.variants(points)?;
    if !common.quiet {
        headline(out, &loaded, &knobs, &variants)?;
    }
    let (table, ending) = match screening {
        Some(_) => (&SCREENING, "screening.csv"),
        None => (&SENSITIVITY, "sensitivity.csv"),
    };
    let path = args.out.clone();
    let path = path.unwrap_or_else(|| common.usual_place(&loaded.plan, ending));
    one_file::check_table(&path, table)?;
    if args.dry_run {
        return Ok(Exit::Done);
    }
    out.flush()?;
    let rows = common.run_all(&variants, None)?;
    let objective = loaded.questions.goal.objective;
    let (values, unreached) = values(&loaded, &rows)?;
    match &screening {
        Some(screening) => {
            let found = influences(screening, knobs.len(), &values);
            one_file::write_table(&path, table, Vec::new(), common.csv, |rows| {
                screening_rows(objective.name(), &knobs, &found, rows)
            })?;
            if !common.quiet {
                screened(out, objective, &knobs, &found)?;
            }
        }
        None => picture(args, out, &loaded, &knobs, &variants, &values, &path)?,
    }
    if !common.quiet {
        closing(out, unreached, &rows, screening.as_ref())?;
        writeln!(out, "Written    {}", path.display())?;
    }
    Ok(Exit::Done)
}

/// The objective of every replication of every point, and how many did not reach it within the run.
fn values(loaded: &Loaded, rows: &[Vec<Row>]) -> Result<(Vec<Vec<f64>>, usize), Failure> {
    let goal = &loaded.questions.goal;
    let clock = &loaded.plan.clock;
    let run_hours = clock.elapsed_hours(clock.end);
    let value = |row: &Row| {
        goal.value_at_best(&row.compared, row.outlay, run_hours)
            .ok_or_else(|| {
                let name = goal.objective.name();
                Failure::Usage(format!(
                    "{name:?} is not measured here: intervals have to make up an hour"
                ))
            })
    };
    let of_point = |rows: &Vec<Row>| rows.iter().map(value).collect();
    let values: Result<Vec<Vec<f64>>, Failure> = rows.iter().map(of_point).collect();
    let all = rows.iter().flatten();
    let unreached = all.filter(|row| goal.value(&row.compared, row.outlay).is_none());
    Ok((values?, unreached.count()))
}

fn headline(
    out: &mut dyn Write,
    loaded: &Loaded,
    knobs: &[&Knob],
    variants: &[Variant],
) -> io::Result<()> {
    let name = &loaded.plan.name;
    let knobs_in_all = words::count(knobs.len() as u64, "knob");
    let points = words::count(variants.len() as u64, "point");
    let each = words::count(u64::from(loaded.plan.replications), "replication");
    let line = format!("{name}: {knobs_in_all}, {points}, {each} of each");
    writeln!(out, "{}", words::fit(&line))?;
    for line in knob_lines(knobs) {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "  Time to run: {}",
        time_class(variants.iter().map(|it| &it.plan))
    )
}

/// Writes the file of one knob at a time and draws the tornado.
fn picture(
    args: &Args,
    out: &mut dyn Write,
    loaded: &Loaded,
    knobs: &[&Knob],
    variants: &[Variant],
    values: &[Vec<f64>],
    path: &std::path::Path,
) -> Result<(), Failure> {
    let objective = loaded.questions.goal.objective;
    let points: Vec<Point> = variants.iter().map(|it| it.point.clone()).collect();
    let (base, swings) = tornado(knobs, &points, values);
    one_file::write_table(path, &SENSITIVITY, Vec::new(), args.common.csv, |rows| {
        sensitivity_rows(objective.name(), knobs, &swings, rows)
    })?;
    if !args.common.quiet {
        draw(out, objective, knobs, base, &swings)?;
    }
    Ok(())
}

/// Columns of the bars.
const BARS: usize = 60;
/// Columns of the names before them.
const NAMES: usize = 14;

fn draw(
    out: &mut dyn Write,
    objective: Objective,
    knobs: &[&Knob],
    base: f64,
    swings: &[Swing],
) -> io::Result<()> {
    let means = || {
        swings
            .iter()
            .flat_map(|it| it.ends.iter().map(|end| end.mean))
    };
    let low = means().fold(base, f64::min);
    let high = means().fold(base, f64::max);
    let column = |value: f64| match high > low {
        true => libm::round((value - low) / (high - low) * (BARS as f64 - 1.0)) as usize,
        false => 0,
    };
    writeln!(
        out,
        "\n{}, {} as it stands",
        objective.name(),
        shown(objective, base)
    )?;
    let (left, right) = (shown(objective, low), shown(objective, high));
    let gap = BARS.saturating_sub(left.chars().count());
    writeln!(out, "{:NAMES$}  {left}{right:>gap$}", "")?;
    for swing in swings {
        let ends = swing.ends.each_ref().map(|end| column(end.mean));
        let from = ends[0].min(ends[1]).min(column(base));
        let to = ends[0].max(ends[1]).max(column(base));
        let bar: String = (0..=to)
            .map(|at| match at {
                at if at == column(base) => '|',
                at if at >= from => '#',
                _ => ' ',
            })
            .collect();
        let name: String = knobs[swing.knob].name.chars().take(NAMES).collect();
        writeln!(out, "{name:>NAMES$}  {bar}")?;
        for end in &swing.ends {
            writeln!(out, "{:NAMES$}  {}", "", words::fit(&told(objective, end)))?;
        }
    }
    writeln!(out)
}

/// What one end of a knob does.
fn told(objective: Objective, end: &End) -> String {
    let signed = |value: f64| {
        let sign = if value < 0.0 { "-" } else { "+" };
        format!("{sign}{}", shown(objective, value.abs()))
    };
    let value = &end.setting.shown;
    match (end.difference, end.differs()) {
        (Some(it), _) if it.low == 0.0 && it.high == 0.0 => format!("{value}: no difference"),
        (Some(it), Some(true)) => {
            let (low, high) = (signed(it.low), signed(it.high));
            format!("{value}: {} ({low} to {high})", signed(it.mean))
        }
        (Some(_), _) => format!("{value}: no difference beyond noise"),
        (None, _) => format!("{value}: {}", shown(objective, end.mean)),
    }
}

fn screened(
    out: &mut dyn Write,
    objective: Objective,
    knobs: &[&Knob],
    found: &[Influence],
) -> io::Result<()> {
    writeln!(
        out,
        "\nEffects on {}, each scaled to the knob's whole range",
        objective.name()
    )?;
    let header = ["mu* (95 % interval)", "mu", "sigma", "of it noise"];
    let [size, mean, spread, noise] = header;
    writeln!(
        out,
        "{:<14}{size:>30}{mean:>11}{spread:>11}{noise:>13}",
        "Knob"
    )?;
    for influence in found {
        let show = |value: f64| {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", shown(objective, value.abs()))
        };
        let size = influence.size;
        let size = format!(
            "{} ({} to {})",
            show(size.mean),
            show(size.low),
            show(size.high)
        );
        let noise = influence.noise.map_or("unknown".to_owned(), show);
        let name: String = knobs[influence.knob].name.chars().take(14).collect();
        let (mean, spread) = (show(influence.mean), show(influence.spread));
        writeln!(out, "{name:<14}{size:>30}{mean:>11}{spread:>11}{noise:>13}")?;
    }
    writeln!(out)
}

/// What has to be known to read the result.
fn closing(
    out: &mut dyn Write,
    unreached: usize,
    rows: &[Vec<Row>],
    screening: Option<&Screening>,
) -> io::Result<()> {
    let all: usize = rows.iter().map(Vec::len).sum();
    if unreached > 0 {
        let note = format!(
            "In {unreached} of {all} replications it was not reached within the run; there the run's end is counted, so \
             effects are larger than shown."
        );
        words::wrapped(out, 0, &note)?;
    }
    if rows.first().is_some_and(|rows| rows.len() < 2) {
        let note =
            "One replication tells no effect from chance: take more, as in --replications 10.";
        words::wrapped(out, 0, note)?;
    }
    if screening.is_some() {
        let note = "mu* ranks the knobs. A sigma well above its noise says that a knob acts in steps or together with \
                    others.";
        words::wrapped(out, 0, note)?;
    }
    Ok(())
}
