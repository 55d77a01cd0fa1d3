//! Whether replications kept the limits of the plan.

use super::Study;
use super::statistics::{nearest_rank, percentile_of};
use crate::plan::{Percentile, Threshold};

/// A product such as 0.07 times 100 may come out above the whole number it means.
const ROUNDING: f64 = 1e-6;

/// What became of one threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Median of the measure over replications; missing if half of them or more lack it, as a share of clients that
    /// was not reached within the run.
    pub actual: Option<f64>,
    /// How far the median is on the right side of the limit, below 0 on the wrong one; missing as `actual` is.
    pub margin: Option<f64>,
    /// Replications that kept the limit.
    pub met: u32,
    /// All replications.
    pub replications: u32,
    /// Whether enough replications kept it.
    pub passed: bool,
}

impl Judged {
    /// Judges the values that replications have.
    #[must_use]
    pub fn of(threshold: &Threshold, values: &[Option<f64>]) -> Self {
        let met = |value: &&Option<f64>| threshold.relation.holds(**value, threshold.limit);
        let met = values.iter().filter(met).count() as u32;
        let replications = values.len() as u32;
        let actual = median(values, threshold.relation.wants_more());
        let margin = actual.map(|actual| match threshold.relation.wants_more() {
            true => actual - threshold.limit,
            false => threshold.limit - actual,
        });
        Judged {
            actual,
            margin,
            met,
            replications,
            passed: f64::from(met) + ROUNDING >= threshold.at_least * f64::from(replications),
        }
    }

    /// Share of the replications that kept the limit.
    #[must_use]
    pub fn share_met(&self) -> f64 {
        f64::from(self.met) / f64::from(self.replications.max(1))
    }
}

/// The median by nearest rank, with missing values as the worst: last, or first where more is better.
pub(super) fn median(values: &[Option<f64>], more_is_better: bool) -> Option<f64> {
    nearest_or_missing(values, 50, more_is_better)
}

/// A quantile by nearest rank, with missing values as the worst.
#[must_use]
pub fn nearest_or_missing(
    values: &[Option<f64>],
    percent: u32,
    more_is_better: bool,
) -> Option<f64> {
    let worst = match more_is_better {
        true => f64::NEG_INFINITY,
        false => f64::INFINITY,
    };
    let mut sorted: Vec<f64> = values.iter().map(|it| it.unwrap_or(worst)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let found = nearest_rank(&sorted, percent)?;
    found.is_finite().then_some(*found)
}

impl Study {
    /// What became of each threshold of the plan, in their order.
    #[must_use]
    pub fn judged(&self, thresholds: &[Threshold]) -> Vec<Judged> {
        let values = |at: usize| -> Vec<Option<f64>> {
            let of = |digest: &super::Digest| digest.thresholds[at];
            self.replications.iter().map(of).collect()
        };
        let judged = thresholds.iter().enumerate();
        judged
            .map(|(at, threshold)| Judged::of(threshold, &values(at)))
            .collect()
    }

    /// What the threshold at `position` measures: one value per percentile. Who has none counts as above all others.
    #[must_use]
    pub fn measured_at(&self, position: usize, at: &[Percentile]) -> Vec<Option<f64>> {
        let of = |digest: &super::Digest| digest.thresholds[position].unwrap_or(f64::INFINITY);
        let mut values: Vec<f64> = self.replications.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        let percentile = |at: &Percentile| percentile_of(&values, *at).copied();
        let found = at.iter().map(percentile);
        found
            .map(|value| value.filter(|it| it.is_finite()))
            .collect()
    }

    /// Whether any threshold of the plan was missed.
    #[must_use]
    pub fn missed_any(&self, thresholds: &[Threshold]) -> bool {
        self.judged(thresholds).iter().any(|judged| !judged.passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Curve, Measure, Relation};

    fn threshold(relation: Relation, limit: f64, at_least: f64) -> Threshold {
        Threshold {
            name: "t".to_owned(),
            that: "t".to_owned(),
            site: None,
            measure: Measure::ShareAtEnd(Curve::Converged),
            relation,
            limit,
            at_least,
        }
    }

    #[test]
    fn every_replication_counts_and_the_median_is_told() {
        let values = [Some(3.0), Some(1.0), Some(2.0), Some(4.0)];
        let judged = Judged::of(&threshold(Relation::Below, 4.0, 1.0), &values);
        assert_eq!((judged.actual, judged.margin), (Some(2.0), Some(2.0)));
        assert_eq!((judged.met, judged.replications), (3, 4));
        assert!(!judged.passed);
        assert!(Judged::of(&threshold(Relation::AtMost, 4.0, 1.0), &values).passed);
        assert!(Judged::of(&threshold(Relation::Below, 4.0, 0.75), &values).passed);
        assert!(!Judged::of(&threshold(Relation::Below, 4.0, 0.76), &values).passed);
    }

    #[test]
    fn what_is_missing_is_missed_and_later_than_anything() {
        let one = [Some(1.0), None, Some(2.0)];
        let judged = Judged::of(&threshold(Relation::Below, 1e9, 1.0), &one);
        assert_eq!((judged.actual, judged.met), (Some(2.0), 2));
        assert!(!judged.passed);
        let most = [None, None, Some(2.0)];
        let judged = Judged::of(&threshold(Relation::Below, 1e9, 0.3), &most);
        assert_eq!((judged.actual, judged.margin), (None, None));
        assert!(judged.passed, "one in three is enough here");
        assert!(!Judged::of(&threshold(Relation::AtLeast, 0.0, 1.0), &one).passed);
    }

    #[test]
    fn more_is_better_turns_the_margin_round() {
        let values = [Some(0.9), Some(0.97), Some(0.96)];
        let judged = Judged::of(&threshold(Relation::AtLeast, 0.95, 0.6), &values);
        assert_eq!(judged.actual, Some(0.96));
        assert!((judged.margin.unwrap() - 0.01).abs() < 1e-12);
        assert!(judged.passed && judged.met == 2);
        assert!((judged.share_met() - 2.0 / 3.0).abs() < 1e-12);
    }
}
