//! Searches whose answer is known, in a laboratory that computes instead of simulating.

use super::moves::Space;
use super::*;
use crate::engine::draws::Draws;
use crate::plan::questions::Objective;
use crate::plan::{Axis, Caps, Knob, Measure, Relation, Scale};

/// Knobs of so many whole numbers from 0 on.
fn knobs(levels: &[usize]) -> Vec<Knob> {
    let knob = |(at, levels): (usize, &usize)| Knob {
        name: format!("k{at}"),
        paths: vec![format!("k{at}")],
        axis: Axis::Range {
            scale: Scale::Whole,
            from: 0.0,
            to: *levels as f64 - 1.0,
            step: Some(1.0),
        },
    };
    levels.iter().enumerate().map(knob).collect()
}

/// Objective and load of a candidate in a replication, from a formula and from chance: much that all candidates of a
/// replication share, and a little of their own.
struct Formula<F> {
    admitted: Vec<Vec<usize>>,
    as_it_stands: Vec<usize>,
    formula: F,
    runs: usize,
}

impl<F: Fn(&[usize]) -> (f64, f64)> Laboratory for Formula<F> {
    fn admit(&mut self, levels: &[usize]) -> bool {
        let levels = match levels {
            [] => &self.as_it_stands,
            levels => levels,
        };
        self.admitted.push(levels.to_vec());
        true
    }

    fn run(&mut self, tasks: &[(usize, u32)]) -> Result<Vec<Row>, NoStudy> {
        self.runs += tasks.len();
        let row = |&(candidate, number): &(usize, u32)| {
            let unit = |entity: u64| {
                let word = Draws::new(5, u64::from(number), 0, 0).word(entity, 0);
                f64::from(word) / 4_294_967_296.0 - 0.5
            };
            let (objective, load) = (self.formula)(&self.admitted[candidate]);
            let mut compared = [Some(0.0); COMPARED.len()];
            compared[1] = Some(objective + 60.0 * unit(0) + 0.5 * unit(1 + candidate as u64));
            compared[COMPARED.len() - 1] = Some(load);
            Row {
                compared,
                thresholds: vec![Some(load)],
                curve: Vec::new(),
            }
        };
        Ok(tasks.iter().map(row).collect())
    }
}

fn terms(limit: f64, runs: u32) -> Terms {
    Terms {
        goal: Goal {
            objective: Objective::Measure(1),
            against: COMPARED.len() - 1,
        },
        thresholds: vec![Threshold {
            name: "load".to_owned(),
            that: "load".to_owned(),
            site: None,
            measure: Measure::BusiestHour(Caps::Any),
            relation: Relation::AtMost,
            limit,
            at_least: 1.0,
        }],
        run_hours: 1e6,
        replications: 16,
        runs,
        seed: 1,
    }
}

fn found(
    levels: &[usize],
    limit: f64,
    runs: u32,
    formula: impl Fn(&[usize]) -> (f64, f64),
) -> (Found, Vec<Vec<usize>>) {
    let knobs = knobs(levels);
    let refs: Vec<&Knob> = knobs.iter().collect();
    let mut laboratory = Formula {
        admitted: Vec::new(),
        as_it_stands: vec![0; levels.len()],
        formula,
        runs: 0,
    };
    let found = search(&Space::of(&refs), &terms(limit, runs), &mut laboratory).unwrap();
    assert_eq!(found.spent as usize, laboratory.runs);
    (found, laboratory.admitted)
}

fn bowl(at: &[usize], bottom: &[f64]) -> f64 {
    let parts = at.iter().zip(bottom);
    parts
        .map(|(at, bottom)| (*at as f64 - bottom).powi(2))
        .sum()
}

/// A bowl over 9,261 plans, in which chance moves a replication by more than neighbours differ.
#[test]
fn the_bottom_of_a_bowl_is_found_in_few_runs() {
    let bottom = [14.0, 6.0, 11.0];
    let (found, admitted) = found(&[21; 3], 1e9, 600, |at| (100.0 + bowl(at, &bottom), 0.0));
    assert_eq!(admitted[found.best], [14, 6, 11]);
    assert!(found.keeps_limits && found.settled);
    assert!(found.spent <= 700, "{}", found.spent);
    assert!(matches!(
        found.candidates[0].fate,
        Fate::Kept | Fate::Worse(_)
    ));
}

/// The objective falls along both knobs, the load rises with their sum: the best plan lies on the limit.
#[test]
fn the_best_plan_keeps_its_limit_and_the_frontier_shows_the_price() {
    let formula = |at: &[usize]| {
        let objective = 500.0 - 10.0 * at[0] as f64 - 12.0 * at[1] as f64;
        (objective, (at[0] + at[1]) as f64)
    };
    let (found, admitted) = found(&[11, 11], 8.0, 600, formula);
    assert_eq!(admitted[found.best], [0, 8]);
    assert!(found.keeps_limits);
    let broke = found
        .candidates
        .iter()
        .filter(|it| matches!(it.fate, Fate::Broke(0, _)));
    assert!(broke.count() > 3);
    let loads: Vec<usize> = found
        .frontier
        .iter()
        .map(|at| admitted[*at].iter().sum())
        .collect();
    assert!(loads.windows(2).all(|pair| pair[0] > pair[1]), "{loads:?}");
    assert!(loads[0] > 8, "what breaks the limit is shown as well");
}

#[test]
fn where_nothing_keeps_the_limits_the_nearest_is_told() {
    let (found, admitted) = found(&[11, 11], 3.0, 600, |at| {
        (100.0 - at[0] as f64, 5.0 + at[0] as f64 + at[1] as f64)
    });
    assert!(!found.keeps_limits);
    assert_eq!(admitted[found.best], [0, 0]);
}

#[test]
fn a_small_space_is_tried_in_full() {
    let (found, admitted) = found(&[3, 2], 1e9, 200, |at| (bowl(at, &[2.0, 1.0]), 0.0));
    assert_eq!(admitted[found.best], [2, 1]);
    assert_eq!(found.candidates.len(), 1 + 6);
    assert!(found.settled);
}
