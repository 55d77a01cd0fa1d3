//! Searches whose answer is known, in a laboratory that computes instead of simulating.

use super::moves::Space;
use super::terms::{Limit, Limited, limits};
use super::*;
use crate::engine::draws::Draws;
use crate::plan::questions::{Goal, Objective};
use crate::plan::{Axis, Knob, Relation, Scale};

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
        costs: Vec::new(),
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
    /// Runs after which somebody asks for an end.
    patience: usize,
}

/// No knob may be at this level.
const REFUSED: usize = 19;

impl<F: Fn(&[usize]) -> (f64, f64)> Laboratory for Formula<F> {
    fn admit(&mut self, levels: &[usize]) -> bool {
        let levels = match levels {
            [] => &self.as_it_stands,
            levels => levels,
        };
        let valid = levels.iter().all(|level| *level != REFUSED);
        if valid {
            self.admitted.push(levels.to_vec());
        }
        valid
    }

    fn run(&mut self, tasks: &[(usize, u32)]) -> Result<Vec<Row>, NoStudy> {
        if self.runs + tasks.len() > self.patience {
            return Err(NoStudy::Interrupted);
        }
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
                outlay: 100.0 * self.admitted[candidate].iter().sum::<usize>() as f64,
            }
        };
        Ok(tasks.iter().map(row).collect())
    }
}

fn terms(limit: f64, runs: u32) -> Terms {
    Terms {
        goal: Goal {
            objective: Objective::Measure(1),
            prices: Vec::new(),
            budget: None,
            against: COMPARED.len() - 1,
        },
        limits: vec![Limit {
            that: "load".to_owned(),
            of: Limited::Threshold(0),
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
    searched(levels, &terms(limit, runs), usize::MAX, formula).unwrap()
}

fn searched(
    levels: &[usize],
    terms: &Terms,
    patience: usize,
    formula: impl Fn(&[usize]) -> (f64, f64),
) -> Result<(Found, Vec<Vec<usize>>), NoStudy> {
    let knobs = knobs(levels);
    let refs: Vec<&Knob> = knobs.iter().collect();
    let mut laboratory = Formula {
        admitted: Vec::new(),
        as_it_stands: vec![0; levels.len()],
        formula,
        runs: 0,
        patience,
    };
    let found = search(&Space::of(&refs), terms, &mut laboratory)?;
    assert_eq!(found.spent as usize, laboratory.runs);
    Ok((found, laboratory.admitted))
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
    assert!(found.keeps_limits && found.end == End::Settled);
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
    assert_eq!(found.end, End::Complete);
}

/// Without a budget the best plan is the last of each knob; each step costs 100, and 700 are there.
#[test]
fn a_budget_is_a_limit_like_any_other() {
    let mut terms = terms(1e9, 600);
    terms.limits = limits(&[], Some(700.0));
    let formula = |at: &[usize]| (500.0 - 10.0 * at[0] as f64 - 12.0 * at[1] as f64, 0.0);
    let (found, admitted) = searched(&[11, 11], &terms, usize::MAX, formula).unwrap();
    assert_eq!(admitted[found.best], [0, 7]);
    assert!(found.keeps_limits);
    let best = &found.candidates[found.best].rows;
    assert_eq!(
        (terms.cost(best), terms.keeps_limit(best, 0)),
        (Some(700.0), true)
    );
}

/// The least cost, of which the outlay is a part: an hour is worth 50, so that a step of 10 hours pays for its 100, and
/// one of an hour does not.
#[test]
fn what_knobs_cost_counts() {
    let mut terms = terms(1e9, 600);
    terms.goal.objective = Objective::Cost;
    terms.goal.prices = vec![(1, 50.0)];
    let formula = |at: &[usize]| (500.0 - 10.0 * at[0] as f64 - at[1] as f64, 0.0);
    let (found, admitted) = searched(&[11, 11], &terms, usize::MAX, formula).unwrap();
    assert_eq!(admitted[found.best], [10, 0]);
}

#[test]
fn what_was_found_before_an_interruption_is_told() {
    let formula = |at: &[usize]| (100.0 + bowl(at, &[14.0, 6.0, 11.0]), 0.0);
    let (whole, _) = searched(&[21; 3], &terms(1e9, 600), usize::MAX, formula).unwrap();
    let patience = whole.spent as usize / 2;
    let (found, _) = searched(&[21; 3], &terms(1e9, 600), patience, formula).unwrap();
    assert_eq!(found.end, End::Interrupted);
    assert!(found.candidates.iter().all(|it| !it.rows.is_empty()));
    assert_eq!(
        found.candidates[found.best].rows.len(),
        16,
        "it went all the way"
    );
    let early = searched(&[21; 3], &terms(1e9, 600), 3, formula);
    assert!(matches!(early, Err(NoStudy::Interrupted)));
}

#[test]
fn candidates_that_make_no_plan_are_counted_and_left_out() {
    let formula = |at: &[usize]| (100.0 + bowl(at, &[19.0, 6.0]), 0.0);
    let (found, admitted) = found(&[21; 2], 1e9, 600, formula);
    assert!(found.refused > 0);
    assert!(admitted.iter().all(|it| !it.contains(&REFUSED)));
    assert!([[18, 6], [20, 6]].contains(&admitted[found.best].as_slice().try_into().unwrap()));
}
