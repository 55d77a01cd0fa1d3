//! `smsim fit`: knobs set so that the curve is the one that was observed.

use super::many::{Common, knob_lines};
use super::{Exit, Failure, one_file, words};
use crate::plan::{Axis, Knob, Plan, Scale, SiteId};
use crate::report::tables::{FIT, fit_rows};
use crate::scenario::{Loaded, ObservedPoint, observed};
use crate::study::NoStudy;
use crate::study::design::{Point, latin_hypercube};
use crate::study::evaluate::{Observed, Row, Variant};
use crate::study::fit::{Fit, Model, Told, fit};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `fit` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// CSV file with dates and percent, as exported from a console
    #[arg(long, value_name = "CSV")]
    observed: PathBuf,
    /// CSV file to write [default: output/, the scenario's name and -fit.csv]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Places to begin at, for each knob.
const STARTS: u32 = 6;
/// Range of times in which seconds are of no interest [s].
const LONG_S: f64 = 36_000.0;
/// Fewest replications that tell how far one lies from another.
const FEWEST: u32 = 5;

/// Fits the knobs of the scenario.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = common.load()?;
    let knobs = common.some_knobs(&loaded)?;
    if let Some(knob) = knobs.iter().find(|it| matches!(it.axis, Axis::List(_))) {
        return Err(Failure::Usage(format!(
            "knob {:?} is a list of values, between which nothing can be fitted: give it a range, or leave it out by \
             naming the others with --knob",
            knob.name
        )));
    }
    if loaded.plan.replications < FEWEST {
        return Err(Failure::Usage(format!(
            "a fit needs at least {FEWEST} replications to know how far apart two of them lie: --replications 20"
        )));
    }
    let points = read(&args.observed)?;
    let mut bench = Bench {
        common,
        knobs: &knobs,
        watched: watched(&loaded)?,
        moments: moments(&loaded.plan, &points)?,
        failed: None,
    };
    let path = args.out.clone();
    let path = path.unwrap_or_else(|| common.usual_place(&loaded.plan, "fit.csv"));
    one_file::check_table(&path, &FIT)?;
    if !common.quiet {
        headline(out, &loaded, &knobs, &points, &args.observed)?;
        out.flush()?;
    }
    let shares: Vec<f64> = points.iter().map(|it| it.share).collect();
    let starts = latin_hypercube(
        &knobs,
        STARTS * knobs.len() as u32,
        loaded.questions.search.seed,
    );
    let found = fit(&mut bench, &shares, &starts);
    if let Some(failure) = bench.failed.take() {
        return Err(failure);
    }
    let found = found?;
    let both = points.iter().zip(&found.curve);
    let both: Vec<(String, f64, f64)> = both
        .map(|(point, fitted)| {
            let at = point.at.strftime("%Y-%m-%d %H:%M:%S").to_string();
            (at, point.share, *fitted)
        })
        .collect();
    one_file::write_table(&path, &FIT, Vec::new(), common.csv, |rows| {
        fit_rows(&both, rows)
    })?;
    if !common.quiet {
        told(out, &knobs, &found)?;
        writeln!(out, "Written    {}", path.display())?;
        let sets: Vec<std::ffi::OsString> = knobs
            .iter()
            .zip(&found.knobs)
            .flat_map(|(knob, it)| knob.sets(&rounded(knob, it.position)).collect::<Vec<_>>())
            .flat_map(|set| ["--set".into(), set.into()])
            .collect();
        let mut next = vec!["smsim".into(), "run".into(), common.file.clone().into()];
        next.extend(sets);
        writeln!(out, "Next       {}", words::command(&next))?;
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<Vec<ObservedPoint>, Failure> {
    let text = fs::read(path).map_err(|error| Failure::Unread(path.to_owned(), error))?;
    observed(&String::from_utf8_lossy(&text))
        .map_err(|wrong| Failure::Usage(format!("{}: {wrong}", path.display())))
}

/// The curve that was observed.
fn watched(loaded: &Loaded) -> Result<Observed, Failure> {
    let asked = &loaded.questions.fit;
    let site = match &asked.site {
        None => None,
        Some(code) => {
            let sites = &loaded.plan.sites;
            let found = sites.iter().position(|it| it.code == *code);
            let found = found.ok_or_else(|| {
                Failure::Usage(format!(
                    "[fit] names site {code:?}, which the scenario has not"
                ))
            })?;
            Some(SiteId(found as u16))
        }
    };
    Ok(Observed {
        curve: asked.curve,
        site,
    })
}

/// The observed moments in intervals since the start of the record.
fn moments(plan: &Plan, points: &[ObservedPoint]) -> Result<Vec<f64>, Failure> {
    let zone = &plan.zones[0];
    let moment = |point: &ObservedPoint| {
        let second = zone.second(&plan.clock, point.at);
        let inside = second.filter(|it| *it >= plan.clock.start && *it <= plan.clock.end);
        let second = inside.ok_or_else(|| {
            Failure::Usage(format!(
                "{} was observed outside of the scenario's run: change `start` or `days`",
                words::day_and_time(point.at)
            ))
        })?;
        Ok(f64::from(second.since(plan.clock.start)) / f64::from(plan.clock.interval_s))
    };
    points.iter().map(moment).collect()
}

/// Where positions become curves.
struct Bench<'a> {
    common: &'a Common,
    knobs: &'a [&'a Knob],
    watched: Observed,
    moments: Vec<f64>,
    /// Why it broke off, where that is more than an interruption.
    failed: Option<Failure>,
}

impl Bench<'_> {
    fn variants(&self, positions: &[Vec<f64>]) -> Result<Vec<Variant>, Failure> {
        let point = |at: &Vec<f64>| {
            let settings = self.knobs.iter().zip(at);
            let settings = settings.map(|(knob, at)| knob.axis.at(*at));
            Point::of(self.knobs, settings.collect())
        };
        self.common.variants(positions.iter().map(point).collect())
    }
}

impl Model for Bench<'_> {
    fn curves(&mut self, positions: &[Vec<f64>]) -> Result<Vec<Vec<Vec<f64>>>, NoStudy> {
        let rows = self
            .variants(positions)
            .and_then(|it| self.common.run_all(&it, Some(self.watched)));
        let rows = rows.map_err(|failure| match failure {
            Failure::Study(why) => why,
            other => {
                self.failed = Some(other);
                NoStudy::Interrupted
            }
        })?;
        let shares = |curve: &Vec<f64>| -> Vec<f64> {
            self.moments.iter().map(|at| between(curve, *at)).collect()
        };
        let of_plan = |rows: &Vec<Row>| rows.iter().map(|row| shares(&row.curve)).collect();
        Ok(rows.iter().map(of_plan).collect())
    }
}

/// A curve between two of its points.
fn between(curve: &[f64], at: f64) -> f64 {
    let last = curve.len().saturating_sub(1);
    let before = (libm::floor(at) as usize).min(last);
    let after = (before + 1).min(last);
    let part = at - before as f64;
    curve[before] * (1.0 - part) + curve[after] * part
}

fn headline(
    out: &mut dyn Write,
    loaded: &Loaded,
    knobs: &[&Knob],
    points: &[ObservedPoint],
    file: &Path,
) -> io::Result<()> {
    let each = words::count(u64::from(loaded.plan.replications), "replication");
    let curve = loaded.questions.fit.curve.name();
    let count = words::count(points.len() as u64, "point");
    let line = format!(
        "{}: {count} of {}, clients {curve}; {each} of each trial",
        loaded.plan.name,
        file.display()
    );
    words::wrapped(out, 0, &line)?;
    for line in knob_lines(knobs) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)
}

/// What was found, and what was not.
fn told(out: &mut dyn Write, knobs: &[&Knob], found: &Fit) -> io::Result<()> {
    for (knob, fitted) in knobs.iter().zip(&found.knobs) {
        let shown = |position: f64| rounded(knob, position).shown;
        let interval = format!("{} to {}", shown(fitted.low), shown(fitted.high));
        let text = match fitted.told {
            Told::Value => format!("{}: {} ({interval})", knob.name, shown(fitted.position)),
            Told::Little => format!(
                "{}: {} ({interval}): the data say little about it",
                knob.name,
                shown(fitted.position)
            ),
            Told::Nothing => format!(
                "{}: not to be told; the curve does not depend on it beyond noise",
                knob.name
            ),
        };
        words::wrapped(out, 0, &text)?;
    }
    for pair in &found.alike {
        let (one, other) = (knobs[pair.knobs.0], knobs[pair.knobs.1]);
        let how = match pair.correlation < 0.0 {
            true => "more of one makes up for less of the other",
            false => "more of one makes up for more of the other",
        };
        let text = format!(
            "{} and {} cannot be told apart: {how} (correlation {:.2}). Measure one of them, or fix it with --set and fit \
             the rest with --knob.",
            one.name, other.name, pair.correlation
        );
        words::wrapped(out, 0, &text)?;
    }
    let text = format!(
        "The fitted curve is {:.1} points from the observed one on the average; two replications of it are {:.1} apart. \
         {} positions were tried.",
        found.distance * 100.0,
        found.expected * 100.0 * std::f64::consts::SQRT_2,
        found.tried
    );
    words::wrapped(out, 0, &text)?;
    if found.distance > 3.0 * found.expected {
        let text = "That is more than chance makes: something else than these knobs differs, so trust no interval.";
        words::wrapped(out, 0, text)?;
    }
    Ok(())
}

/// A position as a value with about as many digits as a fit can have: a thousandth of the range.
fn rounded(knob: &Knob, position: f64) -> crate::plan::Setting {
    let Axis::Range {
        scale,
        from,
        to,
        step: None,
    } = &knob.axis
    else {
        return knob.axis.at(position);
    };
    let digit = match scale {
        Scale::Span | Scale::Time if to - from >= LONG_S => 60.0,
        _ => libm::pow(10.0, libm::floor(libm::log10((to - from) / 1_000.0))),
    };
    let number = from + position * (to - from);
    scale.setting((libm::round(number / digit) * digit).clamp(*from, *to))
}
