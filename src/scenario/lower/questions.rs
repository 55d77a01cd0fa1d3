//! Knobs, sweep, goal, search and fit: values become numbers on a scale, names become positions.

use crate::plan::knob::seconds_of;
use crate::plan::questions::{
    Comparing, Design, Filter, Fit, Goal, ListedPoint, Objective, Search, Sensitivity, Sweep, Term,
};
use crate::plan::{Axis, COMPARED, Curve, Knob, Questions, Scale, Setting};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::{
    CurveName, DesignName, GoalFile, KnobFile, MethodName, ScenarioFile, SweepFile,
};
use crate::scenario::placed::{Anything, Placed, local_time};
use crate::scenario::quantity;
use crate::scenario::source::Place;
use crate::scenario::suggest::{did_you_mean, listed};

/// Points of a Latin hypercube unless the scenario says otherwise.
const POINTS: u32 = 20;
/// Paths of Morris screening unless the scenario says otherwise.
const TRAJECTORIES: u32 = 10;
/// Replications that a search may spend unless the scenario says otherwise.
const RUNS: u32 = 400;
/// Seed of designs and searches unless the scenario says otherwise.
const SEED: u64 = 1;
/// What a goal is about unless the scenario says otherwise.
const MINIMIZE: &str = "hours to 95% converged";
/// What it is traded against unless the scenario says otherwise.
const AGAINST: &str = "busiest hour of any CAP";

/// What a file asks beyond one run.
pub(in crate::scenario) fn questions(file: &ScenarioFile) -> Result<Questions, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut knobs: Vec<Knob> = Vec::new();
    for placed in &file.knob {
        let name = &placed.value.name;
        if knobs.iter().any(|it| it.name == name.value) {
            let title = format!("there are two knobs `{}`", name.value);
            let complaint = Complaint::new(title, name.place.clone(), "the second");
            complaints.push(complaint.help("give one of them a name of its own"));
        }
        knobs.extend(knob(&placed.value, &mut complaints));
    }
    let sweep = sweep(&file.sweep, &knobs, &mut complaints);
    let site = file.fit.site.as_ref().map(|site| site.value.clone());
    let curve = match file.fit.curve.unwrap_or(CurveName::Reported) {
        CurveName::Converged => Curve::Converged,
        CurveName::Base => Curve::Base,
        CurveName::Reported => Curve::Reported,
    };
    let goal = goal(&file.goal, &knobs, &mut complaints);
    let questions = Questions {
        knobs,
        sweep,
        sensitivity: Sensitivity {
            morris: file.sensitivity.method == Some(MethodName::Morris),
            trajectories: file.sensitivity.trajectories.unwrap_or(TRAJECTORIES),
        },
        goal,
        search: Search {
            runs: file.search.runs.unwrap_or(RUNS),
            seed: file.search.seed.unwrap_or(SEED),
        },
        fit: Fit { curve, site },
    };
    match complaints.is_empty() {
        true => Ok(questions),
        false => Err(complaints),
    }
}

fn knob(file: &KnobFile, complaints: &mut Vec<Complaint>) -> Option<Knob> {
    let paths: Vec<String> = file.path.0.iter().map(|it| it.value.clone()).collect();
    let name = file.name.value.clone();
    if paths.is_empty() {
        let title = format!("knob `{name}` has no path");
        complaints.push(Complaint::new(title, file.name.place.clone(), "sets what?"));
    }
    let axis = match (&file.values, &file.from, &file.to) {
        (Some(values), None, None) => list(&name, values, complaints),
        (None, Some(from), Some(to)) => range(from, to, file.step.as_ref(), complaints),
        _ => {
            let title = format!("knob `{name}` has no values");
            let label = "needs `values`, or `from` and `to`";
            let complaint = Complaint::new(title, file.name.place.clone(), label);
            complaints.push(complaint.help(
                "write `values = [\"12h\", \"23h\"]`, or `from = \"12h\"` and `to = \"46h\"`, perhaps with a `step`",
            ));
            None
        }
    };
    let axis = axis?;
    let costs = costs(file, &axis, complaints);
    (!paths.is_empty()).then_some(Knob {
        name,
        paths,
        axis,
        costs,
    })
}

fn list(
    name: &str,
    values: &Placed<Vec<Placed<Anything>>>,
    complaints: &mut Vec<Complaint>,
) -> Option<Axis> {
    if values.value.is_empty() {
        let title = format!("knob `{name}` has no values");
        complaints.push(Complaint::new(title, values.place.clone(), "empty"));
        return None;
    }
    let settings = values.value.iter().map(|it| setting(&it.value.0));
    Some(Axis::List(settings.collect()))
}

/// A value as it is written in the scenario.
fn setting(value: &toml::Value) -> Setting {
    let toml = value.to_string();
    let shown = value.as_str().map_or_else(|| toml.clone(), str::to_owned);
    Setting {
        toml,
        shown,
        number: on_scale(value).map(|(_, number)| number),
    }
}

/// What scale a value is on, and where; none if it is no quantity.
fn on_scale(value: &toml::Value) -> Option<(Scale, f64)> {
    match value {
        toml::Value::Integer(number) => Some((Scale::Whole, *number as f64)),
        toml::Value::Float(number) => number.is_finite().then_some((Scale::Number, *number)),
        toml::Value::Datetime(moment) => Some((Scale::Time, seconds_of(local_time(moment)?))),
        toml::Value::String(text) => {
            let span = || Some((Scale::Span, f64::from(quantity::span(text).ok()?)));
            let rate = || Some((Scale::Rate, quantity::rate(text).ok()? as f64));
            let size = || Some((Scale::Size, quantity::size(text).ok()? as f64));
            span().or_else(rate).or_else(size)
        }
        _ => None,
    }
}

fn range(
    from: &Placed<Anything>,
    to: &Placed<Anything>,
    step: Option<&Placed<Anything>>,
    complaints: &mut Vec<Complaint>,
) -> Option<Axis> {
    let help = "a range goes between two numbers, spans (`\"12h\"`), rates (`\"10 Mbit/s\"`), sizes (`\"24 MB\"`) or \
                local times (2000-06-23 18:00:00); list anything else as `values`";
    let mut read = |placed: &Placed<Anything>| {
        let found = on_scale(&placed.value.0);
        if found.is_none() {
            let title = format!("`{}` is no quantity", setting(&placed.value.0).shown);
            let label = "not on any scale";
            complaints.push(Complaint::new(title, placed.place.clone(), label).help(help));
        }
        found
    };
    let ends = (read(from), read(to));
    let step_is = step.map(&mut read);
    let ((from_scale, low), (to_scale, high)) = (ends.0?, ends.1?);
    let mut wrong = |placed: &Placed<Anything>, title: &str, label: &str| {
        complaints.push(Complaint::new(title, placed.place.clone(), label).help(help));
    };
    let Some(scale) = common(from_scale, to_scale) else {
        let title = "this range does not end as it begins";
        wrong(to, title, "another kind of quantity than `from`");
        return None;
    };
    if low >= high {
        wrong(to, "this range is empty", "must be more than `from`");
        return None;
    }
    let mut axis_scale = scale;
    let distance = match (step, step_is) {
        (Some(placed), found) => {
            let (step_scale, distance) = found??;
            let fits = match scale {
                Scale::Time => step_scale == Scale::Span,
                _ => common(scale, step_scale).is_some(),
            };
            if !fits || distance <= 0.0 || distance > high - low {
                let label = "must be above 0, of the same kind, and no longer than the range";
                wrong(placed, "this step does not fit the range", label);
                return None;
            }
            if step_scale == Scale::Number {
                axis_scale = Scale::Number;
            }
            Some(distance)
        }
        (None, _) => None,
    };
    Some(Axis::Range {
        scale: axis_scale,
        from: low,
        to: high,
        step: distance,
    })
}

/// The scale on which both are.
fn common(one: Scale, other: Scale) -> Option<Scale> {
    match (one, other) {
        (Scale::Whole, Scale::Number) | (Scale::Number, Scale::Whole) => Some(Scale::Number),
        _ => (one == other).then_some(one),
    }
}

fn sweep(file: &SweepFile, knobs: &[Knob], complaints: &mut Vec<Complaint>) -> Sweep {
    let points: Vec<ListedPoint> = file
        .point
        .iter()
        .map(|point| ListedPoint {
            name: point.value.name.value.clone(),
            sets: point.value.set.iter().map(|it| it.value.clone()).collect(),
        })
        .collect();
    for (at, point) in file.point.iter().enumerate() {
        let name = &point.value.name;
        if points[..at].iter().any(|other| other.name == name.value) {
            let title = format!("there are two points `{}`", name.value);
            complaints.push(Complaint::new(title, name.place.clone(), "the second"));
        }
    }
    let usual = match points.is_empty() {
        true => DesignName::Product,
        false => DesignName::List,
    };
    let named = file.design.as_ref().map_or(usual, |it| it.value);
    if let Some(design) = &file.design {
        let label = match (named, points.is_empty()) {
            (DesignName::List, true) => Some("there is no `[[sweep.point]]`"),
            (DesignName::List, false) | (_, true) => None,
            (_, false) => Some("the points listed below would be left out"),
        };
        if let Some(label) = label {
            let title = "this design has no use for the points that are listed";
            complaints.push(Complaint::new(title, design.place.clone(), label));
        }
    }
    let design = match named {
        DesignName::Product => Design::Product,
        DesignName::Lockstep => Design::Lockstep,
        DesignName::List => Design::List(points),
        DesignName::LatinHypercube => Design::LatinHypercube {
            points: file.points.unwrap_or(POINTS),
            seed: file.seed.unwrap_or(SEED),
        },
    };
    if let (Design::List(listed), Some(first)) = (&design, file.only.iter().flatten().next())
        && !listed.is_empty()
    {
        let title = "points that are listed are not filtered";
        let label = "looks at knobs, and listed points set paths";
        let complaint = Complaint::new(title, first.place.clone(), label);
        complaints.push(complaint.help("leave out the points you do not want"));
    }
    let filters = file.only.iter().flatten();
    let filters = filters.filter_map(|text| filter(text, knobs, complaints));
    Sweep {
        filters: filters.collect(),
        design,
    }
}

fn filter(
    text: &Placed<String>,
    knobs: &[Knob],
    complaints: &mut Vec<Complaint>,
) -> Option<Filter> {
    let mut wrong = |label: String| {
        let title = format!("`{}` is no condition", text.value);
        let complaint = Complaint::new(title, text.place.clone(), label);
        let names = listed(knobs.iter().map(|it| it.name.as_str()));
        let known = match knobs {
            [] => "there are no knobs".to_owned(),
            _ => format!("the knobs are {names}"),
        };
        complaints.push(complaint.help(format!(
            "write a knob, `<`, `<=`, `>`, `>=`, `=` or `!=`, and a value or another knob; {known}"
        )));
        None
    };
    let signs = Comparing::ALL.iter();
    let found = signs.filter_map(|(sign, comparing)| {
        let at = text.value.find(sign)?;
        Some((at, std::cmp::Reverse(sign.len()), *comparing))
    });
    let Some((at, length, relation)) = found.min_by_key(|(at, length, _)| (*at, *length)) else {
        return wrong("there is no relation in it".to_owned());
    };
    let term = |side: &str| {
        let side = side.trim();
        let position = knobs.iter().position(|knob| knob.name == side);
        position.map_or_else(|| Term::Value(number_of(side), side.to_owned()), Term::Knob)
    };
    let left = term(&text.value[..at]);
    let right = term(&text.value[at + length.0..]);
    match (&left, &right) {
        (Term::Value(_, name), Term::Value(..)) => {
            let names = knobs.iter().map(|it| it.name.as_str());
            let label = format!("`{name}` is no knob: {}", did_you_mean(name, names));
            wrong(label)
        }
        _ => Some(Filter {
            text: text.value.clone(),
            left,
            relation,
            right,
        }),
    }
}

/// The number a text stands for, read as a scenario would.
fn number_of(text: &str) -> Option<f64> {
    let table: Option<toml::Table> = toml::from_str(&format!("value = {text}")).ok();
    let value = table.and_then(|mut table| table.remove("value"));
    let value = value.unwrap_or_else(|| toml::Value::String(text.to_owned()));
    on_scale(&value).map(|(_, number)| number)
}

fn goal(file: &GoalFile, knobs: &[Knob], complaints: &mut Vec<Complaint>) -> Goal {
    let known = |name: &str| COMPARED.iter().position(|it| it.name == name).unwrap_or(0);
    let minimize = file.minimize.as_ref().and_then(|it| it.position());
    let mut wrong = |place: &Place, title: &str, label: &str, help: &str| {
        complaints.push(Complaint::new(title, place.clone(), label).help(help));
    };
    let mut prices = Vec::new();
    if let Some(cost) = &file.cost {
        let parts = cost.value.iter();
        prices.extend(parts.filter_map(|part| Some((part.of.position()?, part.each))));
        if prices.is_empty() || (minimize.is_some() && file.budget.is_none()) {
            let label = "a cost, or one measure to minimize: which?";
            let help = "leave out `minimize`, or the cost, or say with `budget` what a plan may cost; `cost = [{ of = \
                        \"broken clients\", each = 80.0 }]`";
            wrong(&cost.place, "the goal is not clear", label, help);
        }
        let more_is_better = |(at, _): &&(usize, f64)| COMPARED[*at].measure.more_is_better();
        if let Some((shares, _)) = prices.iter().find(more_is_better) {
            let title = format!("`{}` is no cost", COMPARED[*shares].name);
            let help = "name what a plan has too much of, such as \"broken clients\"";
            wrong(&cost.place, &title, "more of it is better", help);
        }
    }
    let against = file.against.as_ref().and_then(|it| it.position());
    let goal = Goal {
        objective: match (minimize, &file.cost) {
            (None, Some(_)) => Objective::Cost,
            (minimize, _) => Objective::Measure(minimize.unwrap_or_else(|| known(MINIMIZE))),
        },
        prices,
        budget: file.budget.as_ref().map(|it| it.value),
        against: against.unwrap_or_else(|| known(AGAINST)),
    };
    if let Some(budget) = &file.budget
        && !goal.has_prices(knobs)
    {
        let help = "say what is paid for: `cost` in `[goal]`, or `costs` of a knob";
        wrong(
            &budget.place,
            "nothing costs anything",
            "a budget for what?",
            help,
        );
    }
    goal
}

/// What the values of a knob cost.
fn costs(file: &KnobFile, axis: &Axis, complaints: &mut Vec<Complaint>) -> Vec<f64> {
    let Some(costs) = &file.costs else {
        return Vec::new();
    };
    let (wanted, help) = match axis {
        Axis::List(settings) => (settings.len(), "write one cost for each of `values`"),
        Axis::Range { .. } => (2, "write what `from` costs, and what `to` costs"),
    };
    let given = costs.value.len();
    if given != wanted || costs.value.iter().any(|it| !it.is_finite()) {
        let title = format!("knob `{}` has no such costs", file.name.value);
        let label = format!("{given} numbers in place of {wanted}");
        let complaint = Complaint::new(title, costs.place.clone(), label);
        complaints.push(complaint.help(help));
    }
    costs.value.clone()
}
