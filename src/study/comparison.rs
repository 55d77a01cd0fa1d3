//! Two or more plans on the same draws: how much one differs from another, and how sure that is.
//!
//! Draws are addressed by seed, replication, group of clients, client and purpose, so that replication 3 of one plan and
//! replication 3 of another meet the same users on the same days. What the two have in common cancels in their
//! difference. How much that is depends on the measure: counts of what the plans share, such as restarts, cancel
//! altogether; the hours at which the last few clients arrive may follow from draws that only one of the plans meets.
//!
//! The interval is that of the paired t: differences of sums and quantiles over a fleet are close to normal already for
//! a handful of replications, it is honest with few of them where a percentile bootstrap is too narrow, and it needs no
//! draws of its own. It says how well the mean difference of the *model* is known, nothing of how well the model
//! describes a fleet; and each interval stands alone: of twenty, one misses by chance.

use super::Study;
use super::compared::{COMPARED, Compared};
use super::statistics::{MeanInterval, independent_interval, mean_interval};
use super::thresholds::median;

/// How a plan does by one measure, beside the first plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The measure.
    pub compared: &'static Compared,
    /// Median over replications; missing values count as the worst.
    pub median: Option<f64>,
    /// Replications that have a value.
    pub known: u32,
    /// The mean of this plan minus the first, over the replications in which both have a value, with its 95 %
    /// interval; none of the first plan itself, and of fewer than two such replications.
    pub difference: Option<MeanInterval>,
    /// The interval that as many replications would give the same difference if the plans met independent draws.
    pub independent: Option<MeanInterval>,
    /// What that means.
    pub verdict: Verdict,
}

impl Line {
    /// How many times narrower the interval is on common draws than on independent ones; none where either has no
    /// width.
    #[must_use]
    pub fn gain(&self) -> Option<f64> {
        let width = |it: MeanInterval| it.high - it.low;
        let (common, independent) = (width(self.difference?), width(self.independent?));
        (common > 0.0 && independent > 0.0).then(|| independent / common)
    }
}

/// Whether a plan is better than the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the first one.
    First,
    /// The whole interval is on the better side of 0.
    Better,
    /// The whole interval is on the worse side of 0.
    Worse,
    /// No replication differs.
    Same,
    /// The interval holds 0.
    NoDifference,
    /// Fewer than two replications can be held against each other, or some lack the value.
    Unknown,
}

impl Verdict {
    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::First => "first",
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Same => "same",
            Verdict::NoDifference => "no difference beyond noise",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Plans held against the first of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Complete replications that all plans have.
    pub replications: u32,
    /// By plan: one line per measure of [`COMPARED`].
    pub plans: Vec<Vec<Line>>,
}

/// What each replication of one plan measured.
pub type Values = Vec<[Option<f64>; COMPARED.len()]>;

/// What is compared of a study.
#[must_use]
pub fn values(study: &Study) -> Values {
    let digests = study.replications.iter();
    digests.map(|digest| digest.compared).collect()
}

/// Compares plans by their values, the first with itself and every other with the first.
#[must_use]
pub fn compare(plans: &[Values]) -> Comparison {
    let replications = plans.iter().map(Vec::len).min().unwrap_or(0);
    let lines = |number: usize| -> Vec<Line> {
        let line = |(at, compared)| {
            let column = |plan: &Values| -> Vec<Option<f64>> {
                plan[..replications].iter().map(|row| row[at]).collect()
            };
            let (first, this) = (column(&plans[0]), column(&plans[number]));
            Line::of(compared, (number > 0).then_some(&first), &this)
        };
        COMPARED.iter().enumerate().map(line).collect()
    };
    Comparison {
        replications: replications as u32,
        plans: (0..plans.len()).map(lines).collect(),
    }
}

impl Line {
    fn of(
        compared: &'static Compared,
        first: Option<&Vec<Option<f64>>>,
        this: &[Option<f64>],
    ) -> Self {
        let more_is_better = compared.measure.more_is_better();
        let known = this.iter().flatten().count() as u32;
        let replications = this.len();
        let mut line = Line {
            compared,
            median: median(this, more_is_better),
            known,
            difference: None,
            independent: None,
            verdict: Verdict::First,
        };
        if let Some(first) = first {
            let pairs = first.iter().zip(this);
            let pairs: Vec<(f64, f64)> = pairs
                .filter_map(|(first, this)| Some(((*first)?, (*this)?)))
                .collect();
            let differences: Vec<f64> = pairs.iter().map(|(first, this)| this - first).collect();
            line.difference = mean_interval(&differences);
            let (first, this): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            line.independent = independent_interval(&first, &this);
            // Who lacks the value is the slow one: without it, the mean would flatter.
            let complete = differences.len() == replications;
            line.verdict = match line.difference.filter(|_| complete) {
                None => Verdict::Unknown,
                Some(_) if differences.iter().all(|it| *it == 0.0) => Verdict::Same,
                Some(it) if it.low <= 0.0 && it.high >= 0.0 => Verdict::NoDifference,
                Some(it) if (it.mean > 0.0) == more_is_better => Verdict::Better,
                Some(_) => Verdict::Worse,
            };
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replications that differ in the first measure only.
    fn plan(hours: &[Option<f64>]) -> Values {
        let row = |hours: &Option<f64>| {
            let mut row = [Some(1.0); COMPARED.len()];
            row[0] = *hours;
            row
        };
        hours.iter().map(row).collect()
    }

    fn second(first: &[Option<f64>], second: &[Option<f64>]) -> Line {
        compare(&[plan(first), plan(second)]).plans[1][0].clone()
    }

    #[test]
    fn what_replications_have_in_common_cancels() {
        let first = [10.0, 30.0, 20.0, 40.0].map(Some);
        let earlier = [8.0, 27.5, 18.0, 37.5].map(Some);
        let line = second(&first, &earlier);
        let difference = line.difference.unwrap();
        assert_eq!(difference.mean, -2.25);
        assert!(difference.high < 0.0 && line.verdict == Verdict::Better);
        assert_eq!((line.median, line.known), (Some(18.0), 4));
        assert_eq!(second(&earlier, &first).verdict, Verdict::Worse);
        assert_eq!(second(&first, &first).verdict, Verdict::Same);
        let mixed = [12.0, 28.0, 21.0, 39.0].map(Some);
        assert_eq!(second(&first, &mixed).verdict, Verdict::NoDifference);
    }

    #[test]
    fn a_missing_value_makes_no_claim() {
        let first = [Some(10.0), Some(20.0), Some(30.0)];
        let line = second(&first, &[Some(5.0), None, Some(26.0)]);
        assert_eq!(line.verdict, Verdict::Unknown);
        assert_eq!((line.known, line.median), (2, Some(26.0)));
        assert_eq!(line.difference.unwrap().mean, -4.5);
        assert_eq!(second(&first[..1], &first[..1]).verdict, Verdict::Unknown);
    }

    #[test]
    fn the_first_plan_is_compared_with_nothing() {
        let comparison = compare(&[plan(&[Some(1.0), Some(2.0)]), plan(&[Some(1.0)])]);
        assert_eq!(comparison.replications, 1);
        let first = &comparison.plans[0];
        assert!(
            first
                .iter()
                .all(|it| it.verdict == Verdict::First && it.difference.is_none())
        );
        assert!(comparison.plans[1][0].difference.is_none());
    }
}
