//! Points to visit in the space of the knobs.
//!
//! Every draw has an address: the design's seed, the name of the knob, the number of the point. So a knob more or less
//! leaves the others where they are.

use crate::engine::draws::{Draws, address_of, pick};
use crate::plan::questions::{Comparing, Design, Filter, Sweep, Term};
use crate::plan::{Axis, Knob, Setting};

/// A point: what it sets in the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its name; empty where it has none but its settings.
    pub name: String,
    /// The value of each knob; empty for a point that is written out.
    pub settings: Vec<Setting>,
    /// As `--set` takes them.
    pub sets: Vec<String>,
    /// What these values of the knobs cost.
    pub outlay: f64,
}

/// Why there is no design.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDesign {
    /// Nothing is varied.
    #[error("no knob is varied: write a [[knob]], or list each [[sweep.point]]")]
    NoKnobs,
    /// A range without steps cannot be counted through.
    #[error(
        "knob {0:?} is a range without `step`, which only a Latin hypercube can visit: give it a step, or list its values"
    )]
    Endless(String),
    /// Lockstep needs equal lengths.
    #[error("knobs in lockstep need equally many values: {0:?} has {1}, {2:?} has {3}")]
    OutOfStep(String, usize, String, usize),
    /// More than anybody can run.
    #[error(
        "{0} points are too many: the most is {MOST}; leave out knobs, take longer steps, or draw some of the points with `design = \"latin-hypercube\"`"
    )]
    TooMany(String),
    /// Nothing is left.
    #[error("no point is left after `only`")]
    NothingLeft,
}

/// Most points of a design.
pub const MOST: usize = 100_000;

/// Family of the draws that order the parts of a range; the seed of a design is its own, no replication has it.
const ORDER: u64 = 0xde51_0001;
/// Family of the draws that place a point within its part.
const PLACE: u64 = 0xde51_0002;

impl Point {
    /// The point at these settings of the knobs.
    #[must_use]
    pub fn of(knobs: &[&Knob], settings: Vec<Setting>) -> Self {
        let pairs = knobs.iter().zip(&settings);
        let sets = pairs.clone().flat_map(|(knob, setting)| knob.sets(setting));
        Point {
            name: String::new(),
            sets: sets.collect(),
            outlay: pairs.map(|(knob, setting)| knob.cost(setting)).sum(),
            settings,
        }
    }

    /// The point of this name at which so much is set, whatever the knobs.
    #[must_use]
    pub fn named(name: &str, sets: Vec<String>) -> Self {
        Point {
            name: name.to_owned(),
            settings: Vec::new(),
            sets,
            outlay: 0.0,
        }
    }

    /// How it is called: by its name, or by its settings.
    #[must_use]
    pub fn called(&self, knobs: &[&Knob]) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let pairs = knobs.iter().zip(&self.settings);
        let named = pairs.map(|(knob, setting)| format!("{} {}", knob.name, setting.shown));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// The points of a sweep over `knobs`; `all` are the knobs that filters know by position.
///
/// # Errors
/// If there is nothing to visit, or too much.
pub fn points(sweep: &Sweep, knobs: &[&Knob], all: &[Knob]) -> Result<Vec<Point>, NoDesign> {
    if let Design::List(listed) = &sweep.design {
        let points = listed.iter();
        return Ok(points
            .map(|it| Point::named(&it.name, it.sets.clone()))
            .collect());
    }
    if knobs.is_empty() {
        return Err(NoDesign::NoKnobs);
    }
    let all_settings = match &sweep.design {
        Design::Product | Design::List(_) => product(knobs)?,
        Design::Lockstep => lockstep(knobs)?,
        Design::LatinHypercube { points, seed } => {
            let cube = latin_hypercube(knobs, *points, *seed);
            let at = |row: Vec<f64>| knobs.iter().zip(row).map(|(it, u)| it.axis.at(u)).collect();
            cube.into_iter().map(at).collect()
        }
    };
    let kept = all_settings.into_iter().filter(|settings: &Vec<Setting>| {
        let filters = sweep.filters.iter();
        filters
            .into_iter()
            .all(|it| passes(it, knobs, all, settings))
    });
    let points: Vec<Point> = kept.map(|it| Point::of(knobs, it)).collect();
    match points.is_empty() {
        true => Err(NoDesign::NothingLeft),
        false => Ok(points),
    }
}

fn counted(knob: &Knob) -> Result<usize, NoDesign> {
    let count = knob.axis.count();
    count.ok_or_else(|| NoDesign::Endless(knob.name.clone()))
}

fn product(knobs: &[&Knob]) -> Result<Vec<Vec<Setting>>, NoDesign> {
    let mut number = 1_usize;
    for knob in knobs {
        number = number.saturating_mul(counted(knob)?);
    }
    if number > MOST {
        return Err(NoDesign::TooMany(number.to_string()));
    }
    let point = |mut number: usize| -> Vec<Setting> {
        // The last knob turns fastest, as in a table that is read line by line.
        let mut settings: Vec<Setting> = knobs
            .iter()
            .rev()
            .map(|knob| {
                let level = number % knob.axis.levels();
                number /= knob.axis.levels();
                knob.axis.level(level)
            })
            .collect();
        settings.reverse();
        settings
    };
    Ok((0..number).map(point).collect())
}

fn lockstep(knobs: &[&Knob]) -> Result<Vec<Vec<Setting>>, NoDesign> {
    let first = counted(knobs[0])?;
    for knob in knobs {
        let count = counted(knob)?;
        if count != first {
            let names = (knobs[0].name.clone(), knob.name.clone());
            return Err(NoDesign::OutOfStep(names.0, first, names.1, count));
        }
    }
    let point = |level: usize| knobs.iter().map(|knob| knob.axis.level(level)).collect();
    Ok((0..first).map(point).collect())
}

/// So many rows of positions from 0 to 1, one column per knob, that visit each of as many equal parts of every knob's
/// range once.
#[must_use]
pub fn latin_hypercube(knobs: &[&Knob], points: u32, seed: u64) -> Vec<Vec<f64>> {
    let columns: Vec<Vec<f64>> = knobs
        .iter()
        .map(|knob| {
            let population = address_of(&knob.name);
            let order = Draws::new(seed, 0, population, ORDER);
            let place = Draws::new(seed, 0, population, PLACE);
            let mut parts: Vec<u32> = (0..points).collect();
            for last in (1..points).rev() {
                let other = pick(order.word(0, u64::from(last)), last + 1);
                parts.swap(last as usize, other as usize);
            }
            let within = |(part, at): (u32, u64)| {
                let share = f64::from(place.word(0, at)) / 4_294_967_296.0;
                let position = (f64::from(part) + share) / f64::from(points);
                spread(&knob.axis, position)
            };
            parts.into_iter().zip(0..).map(within).collect()
        })
        .collect();
    let row = |at: usize| columns.iter().map(|column| column[at]).collect();
    (0..points as usize).map(row).collect()
}

/// A position among equal parts as one that rounds to the value of its part: all values are met equally often.
fn spread(axis: &Axis, position: f64) -> f64 {
    match axis.count() {
        None => position,
        Some(1) => 0.0,
        Some(count) => {
            let level = libm::floor(position * count as f64).min(count as f64 - 1.0);
            level / (count as f64 - 1.0)
        }
    }
}

/// Whether a point has what a filter wants.
fn passes(filter: &Filter, knobs: &[&Knob], all: &[Knob], settings: &[Setting]) -> bool {
    let side = |term: &Term| match term {
        Term::Value(number, text) => Some((*number, text.clone())),
        Term::Knob(at) => {
            let name = &all[*at].name;
            let here = knobs.iter().position(|knob| knob.name == *name)?;
            Some((settings[here].number, settings[here].shown.clone()))
        }
    };
    // What a knob that is not varied holds is not known here, and nothing is to be said of it.
    let (Some(left), Some(right)) = (side(&filter.left), side(&filter.right)) else {
        return true;
    };
    match (left, right) {
        ((Some(left), _), (Some(right), _)) => filter.relation.holds(left, right),
        ((_, left), (_, right)) => match filter.relation {
            Comparing::Equal => left == right,
            Comparing::Unequal => left != right,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Scale;

    fn knob(name: &str, last: f64, step: Option<f64>) -> Knob {
        Knob {
            name: name.to_owned(),
            paths: vec![name.to_owned()],
            axis: Axis::Range {
                scale: Scale::Whole,
                from: 1.0,
                to: last,
                step,
            },
            costs: Vec::new(),
        }
    }

    fn sweep(design: Design, filters: Vec<Filter>) -> Sweep {
        Sweep { design, filters }
    }

    fn called(design: Design, filters: Vec<Filter>, knobs: &[Knob]) -> Vec<String> {
        let refs: Vec<&Knob> = knobs.iter().collect();
        let points = points(&sweep(design, filters), &refs, knobs).unwrap();
        points.iter().map(|it| it.sets.join(" ")).collect()
    }

    #[test]
    fn product_and_lockstep_with_a_filter() {
        let knobs = [knob("a", 2.0, Some(1.0)), knob("b", 2.0, Some(1.0))];
        let all = called(Design::Product, vec![], &knobs);
        assert_eq!(all, ["a=1 b=1", "a=1 b=2", "a=2 b=1", "a=2 b=2"]);
        assert_eq!(
            called(Design::Lockstep, vec![], &knobs),
            ["a=1 b=1", "a=2 b=2"]
        );
        let filter = Filter {
            text: "a < b".to_owned(),
            left: Term::Knob(0),
            relation: Comparing::Less,
            right: Term::Knob(1),
        };
        assert_eq!(called(Design::Product, vec![filter], &knobs), ["a=1 b=2"]);
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let knobs = [knob("a", 2.0, None), knob("b", 3.0, Some(1.0))];
        let refs: Vec<&Knob> = knobs.iter().collect();
        let product = points(&sweep(Design::Product, vec![]), &refs, &knobs);
        assert_eq!(product, Err(NoDesign::Endless("a".to_owned())));
        let none = points(&sweep(Design::Product, vec![]), &[], &knobs);
        assert_eq!(none, Err(NoDesign::NoKnobs));
        let uneven = [knob("a", 2.0, Some(1.0)), knob("b", 3.0, Some(1.0))];
        let refs: Vec<&Knob> = uneven.iter().collect();
        let lockstep = points(&sweep(Design::Lockstep, vec![]), &refs, &uneven);
        assert!(matches!(lockstep, Err(NoDesign::OutOfStep(..))));
    }

    #[test]
    fn a_latin_hypercube_visits_each_part_once_and_a_knob_more_changes_nothing() {
        let knobs = [knob("a", 9.0, None), knob("b", 9.0, None)];
        let cube = latin_hypercube(&[&knobs[0], &knobs[1]], 16, 3);
        for column in 0..2 {
            let mut parts: Vec<u32> = cube.iter().map(|it| (it[column] * 16.0) as u32).collect();
            assert_ne!(parts, (0..16).collect::<Vec<u32>>());
            parts.sort_unstable();
            assert_eq!(parts, (0..16).collect::<Vec<u32>>());
        }
        let alone = latin_hypercube(&[&knobs[1]], 16, 3);
        assert!(cube.iter().zip(&alone).all(|(two, one)| two[1] == one[0]));
        assert_ne!(alone, latin_hypercube(&[&knobs[1]], 16, 4));
    }

    #[test]
    fn a_latin_hypercube_meets_counted_values_equally_often() {
        let three = knob("a", 3.0, Some(1.0));
        let cube = latin_hypercube(&[&three], 12, 1);
        let mut met = [0; 3];
        for row in cube {
            met[three.axis.at(row[0]).number.unwrap() as usize - 1] += 1;
        }
        assert_eq!(met, [4, 4, 4]);
    }
}
