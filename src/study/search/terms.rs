//! What is searched for: a goal, the limits that plans have to keep, and how candidates are measured by them.

use crate::plan::questions::Goal;
use crate::plan::{COMPARED, Relation, Threshold};
use crate::study::evaluate::Row;
use crate::study::thresholds::nearest_or_missing;

/// How far beyond its limit a measure counts that has no value, in limits: further than any other.
const NEVER: f64 = 1e12;

/// What is searched for, and how much may be spent.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What is to be least.
    pub goal: Goal,
    /// What a plan has to keep.
    pub limits: Vec<Limit>,
    /// Length of the run \[h\]: what was not reached counts as reached then.
    pub run_hours: f64,
    /// Replications of a candidate that goes all the way.
    pub replications: u32,
    /// Replications in all, but for the last look at the runner-up.
    pub runs: u32,
    /// First number of the addresses by which candidates are drawn.
    pub seed: u64,
}

/// A limit that plans have to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As the scenario writes it.
    pub that: String,
    /// What is limited.
    pub of: Limited,
    /// On which side of the limit it has to be.
    pub relation: Relation,
    /// The limit.
    pub limit: f64,
    /// Share of the replications that have to keep it.
    pub at_least: f64,
}

/// What a limit is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limited {
    /// What a threshold of the scenario measures: its position in [`Row::thresholds`].
    Threshold(usize),
    /// What the plan costs.
    Cost,
}

/// The limits of a scenario: its thresholds, and the budget of its goal, which a plan has to keep in every replication.
#[must_use]
pub fn limits(thresholds: &[Threshold], budget: Option<f64>) -> Vec<Limit> {
    let of_threshold = |(at, threshold): (usize, &Threshold)| Limit {
        that: threshold.that.clone(),
        of: Limited::Threshold(at),
        relation: threshold.relation,
        limit: threshold.limit,
        at_least: threshold.at_least,
    };
    let of_budget = budget.map(|budget| Limit {
        that: format!("cost <= {budget}"),
        of: Limited::Cost,
        relation: Relation::AtMost,
        limit: budget,
        at_least: 1.0,
    });
    let thresholds = thresholds.iter().enumerate().map(of_threshold);
    thresholds.chain(of_budget).collect()
}

impl Terms {
    /// The objective of a replication, turned so that less is better.
    #[must_use]
    pub fn value(&self, row: &Row) -> f64 {
        let value = self
            .goal
            .value_at_best(&row.compared, row.outlay, self.run_hours);
        let value = value.unwrap_or(f64::MAX);
        match self.goal.objective.more_is_better() {
            true => -value,
            false => value,
        }
    }

    /// What a replication has of what a limit is about.
    fn limited(&self, row: &Row, limit: usize) -> Option<f64> {
        match self.limits[limit].of {
            Limited::Threshold(at) => row.thresholds[at],
            Limited::Cost => self.goal.cost(&row.compared, row.outlay),
        }
    }

    /// Replications in which a candidate may miss a limit.
    pub(super) fn may_miss(&self, limit: usize) -> u32 {
        let all = f64::from(self.replications);
        let needed = libm::ceil(self.limits[limit].at_least * all - 1e-6);
        (all - needed) as u32
    }

    /// Replications that miss a limit.
    #[must_use]
    pub fn missed(&self, rows: &[Row], limit: usize) -> u32 {
        let Limit {
            relation,
            limit: than,
            ..
        } = self.limits[limit];
        let missed = |row: &&Row| !relation.holds(self.limited(row, limit), than);
        rows.iter().filter(missed).count() as u32
    }

    /// Median of what a limit is about; none where it was not reached.
    #[must_use]
    pub fn reached(&self, rows: &[Row], limit: usize) -> Option<f64> {
        let values: Vec<Option<f64>> = rows.iter().map(|row| self.limited(row, limit)).collect();
        nearest_or_missing(&values, 50, self.limits[limit].relation.wants_more())
    }

    /// How far a candidate's median is from a limit, in limits.
    #[must_use]
    pub fn beyond(&self, rows: &[Row], limit: usize) -> f64 {
        let than = self.limits[limit].limit;
        let distance = |reached: f64| (reached - than).abs() / than.abs().max(1e-9);
        self.reached(rows, limit).map_or(NEVER, distance)
    }

    /// Whether a candidate keeps a limit, as far as its replications tell.
    #[must_use]
    pub fn keeps_limit(&self, rows: &[Row], limit: usize) -> bool {
        self.missed(rows, limit) <= self.may_miss(limit)
    }

    /// Whether a candidate keeps every limit, as far as its replications tell.
    #[must_use]
    pub fn keeps(&self, rows: &[Row]) -> bool {
        let mut limits = 0..self.limits.len();
        limits.all(|it| self.keeps_limit(rows, it))
    }

    /// Median of the objective over a candidate's replications, where it was reached.
    #[must_use]
    pub fn objective(&self, rows: &[Row]) -> Option<f64> {
        let value = |row: &Row| self.goal.value(&row.compared, row.outlay);
        let values: Vec<Option<f64>> = rows.iter().map(value).collect();
        nearest_or_missing(&values, 50, self.goal.objective.more_is_better())
    }

    /// Median of what a candidate costs.
    #[must_use]
    pub fn cost(&self, rows: &[Row]) -> Option<f64> {
        let cost = |row: &Row| self.goal.cost(&row.compared, row.outlay);
        let values: Vec<Option<f64>> = rows.iter().map(cost).collect();
        nearest_or_missing(&values, 50, false)
    }

    /// Median of what it is traded against.
    #[must_use]
    pub fn against(&self, rows: &[Row]) -> Option<f64> {
        let at = self.goal.against;
        let values: Vec<Option<f64>> = rows.iter().map(|row| row.compared[at]).collect();
        nearest_or_missing(&values, 50, COMPARED[at].measure.more_is_better())
    }
}
