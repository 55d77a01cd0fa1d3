//! How well a statistic over replications is known.
//!
//! A percentile is known by the ranks between which it lies with 95 % confidence: how many of so many independent
//! replications stay below the true percentile is binomial, whatever the measure's distribution. With few replications
//! there are no such ranks, and nothing is claimed. A missing value counts as the worst, and an interval that holds one
//! has no width.

use super::Study;
use super::statistics::mean_interval;
use crate::plan::{Percentile, Statistic, Until};

/// Probability that the true percentile lies between the ranks.
const CONFIDENCE: f64 = 0.95;

impl Study {
    /// Half of the width within which what the plan wants to know is known, by the replications there are.
    #[must_use]
    pub fn half_width(&self, until: &Until) -> Option<f64> {
        let values = self.replications.iter().map(|digest| digest.until);
        let values: Vec<Option<f64>> = values.collect();
        half_width(until.statistic, &values)
    }
}

/// Half of the width of the 95 % interval of a statistic; `None` if there is no such interval.
#[must_use]
pub fn half_width(statistic: Statistic, values: &[Option<f64>]) -> Option<f64> {
    match statistic {
        Statistic::Mean => {
            let known: Option<Vec<f64>> = values.iter().copied().collect();
            let interval = mean_interval(&known?)?;
            Some((interval.high - interval.low) / 2.0)
        }
        Statistic::Percentile(percentile) => {
            let (low, high) = ranks(values.len(), percentile)?;
            let mut sorted: Vec<f64> = values
                .iter()
                .map(|it| it.unwrap_or(f64::INFINITY))
                .collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let width = sorted[high - 1] - sorted[low - 1];
            width.is_finite().then_some(width / 2.0)
        }
    }
}

/// The ranks, from 1, of the values between which a percentile lies with 95 % confidence: none below the lower one with
/// more than 2.5 % probability, none above the upper one with more than that.
fn ranks(count: usize, percentile: Percentile) -> Option<(usize, usize)> {
    let share = f64::from(percentile.0) / f64::from(Percentile::LAST.0);
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let (mut low, mut high) = (None, None);
    let mut below = 0.0; // probability that fewer than `rank` values are below the true percentile
    for rank in 1..=count {
        below += binomial(count, rank - 1, share);
        if below <= tail {
            low = Some(rank);
        }
        if high.is_none() && below >= 1.0 - tail {
            high = Some(rank);
        }
    }
    Some((low?, high?))
}

/// Probability of `hits` out of `count`, each with the probability `share`.
fn binomial(count: usize, hits: usize, share: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        let sure = if share <= 0.0 { 0 } else { count };
        return if hits == sure { 1.0 } else { 0.0 };
    }
    let (all, hit) = (count as f64, hits as f64);
    let ways = libm::lgamma(all + 1.0) - libm::lgamma(hit + 1.0) - libm::lgamma(all - hit + 1.0);
    libm::exp(ways + hit * libm::log(share) + (all - hit) * libm::log1p(-share))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranks that tables of distribution-free intervals for the median give.
    #[test]
    fn ranks_are_those_of_the_tables() {
        let median = |count| ranks(count, Percentile::MEDIAN);
        assert_eq!(median(5), None);
        assert_eq!(median(6), Some((1, 6)));
        assert_eq!(median(10), Some((2, 9)));
        assert_eq!(median(20), Some((6, 15)));
        assert_eq!(median(100), Some((40, 61)));
        assert_eq!(ranks(35, Percentile(900)), None);
        assert!(ranks(40, Percentile(900)).is_some());
        assert_eq!(ranks(50, Percentile(0)), None);
    }

    #[test]
    fn a_percentile_is_known_by_two_of_the_values() {
        let mut values: Vec<Option<f64>> = (1..=10).map(|it| Some(f64::from(it * it))).collect();
        let median = Statistic::Percentile(Percentile::MEDIAN);
        assert_eq!(half_width(median, &values), Some((81.0 - 4.0) / 2.0));
        values[9] = None;
        assert_eq!(half_width(median, &values), Some((81.0 - 4.0) / 2.0));
        values[8] = None;
        assert_eq!(half_width(median, &values), None);
        assert_eq!(half_width(Statistic::Mean, &values), None);
        assert_eq!(half_width(median, &values[..5]), None);
    }

    /// Of many samples of one distribution, 95 in 100 intervals or more hold the true median.
    #[test]
    fn intervals_hold_the_true_value_as_often_as_they_say() {
        let mut word = 1_u64;
        let mut draw = || {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (word >> 33) as f64 / f64::from(1_u32 << 31)
        };
        let (low, high) = ranks(30, Percentile::MEDIAN).unwrap();
        let holds = |_: &u32| {
            let mut sample: Vec<f64> = (0..30).map(|_| draw()).collect();
            sample.sort_by(f64::total_cmp);
            sample[low - 1] <= 0.5 && 0.5 <= sample[high - 1]
        };
        let held = (0..4_000).filter(holds).count();
        assert!((3_760..3_960).contains(&held), "{held} of 4,000");
    }
}
