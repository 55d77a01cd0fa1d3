//! What is asked of replications: which percentiles are told, and when there are enough.

use super::Measure;
use std::fmt;

/// A percentile in tenths: 975 is the one that 97.5 % of the replications do not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentile(pub u16);

impl Percentile {
    /// The middle.
    pub const MEDIAN: Percentile = Percentile(500);
    /// The last one: nothing exceeds it.
    pub const LAST: Percentile = Percentile(1_000);

    /// As in the names of columns: `p50`, `p97_5`.
    #[must_use]
    pub fn name(self) -> String {
        self.to_string().replace('.', "_")
    }
}

impl fmt::Display for Percentile {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(to, "p{}", self.0 / 10),
            tenths => write!(to, "p{}.{tenths}", self.0 / 10),
        }
    }
}

/// Percentiles told unless others are asked for.
pub const USUAL_PERCENTILES: [Percentile; 3] = [Percentile(100), Percentile(500), Percentile(900)];

/// What is known of a measure from replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Its mean; known to the half-width of Student's t interval.
    Mean,
    /// A percentile; known to half the distance of the two values between which it lies with 95 % confidence.
    Percentile(Percentile),
}

/// When there are enough replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Until {
    /// As the scenario writes it.
    pub that: String,
    /// What has to be known.
    pub statistic: Statistic,
    /// Of what, of the whole fleet.
    pub measure: Measure,
    /// How well: the half-width has to be below, in the unit of the measure.
    pub half_width: f64,
    /// Whether it may also be equal.
    pub or_equal: bool,
    /// Replications at which it is given up.
    pub at_most: u32,
}

/// Replications that are looked at first, if a scenario asks for fewer: an interval of fewer says little.
pub const FIRST_LOOK: u32 = 10;
/// Replications at which precision is given up unless the scenario says otherwise.
pub const GIVEN_UP_AT: u32 = 1_000;

impl Until {
    /// Whether a half-width is small enough; one that is not known is not.
    #[must_use]
    pub fn holds(&self, half_width: Option<f64>) -> bool {
        half_width.is_some_and(|it| it < self.half_width || self.or_equal && it == self.half_width)
    }

    /// The number of replications after which precision is looked at next: a quarter more, ten at least. Few looks keep
    /// the chance small that one of them finds the interval narrow by accident.
    #[must_use]
    pub fn next_look(&self, done: u32) -> u32 {
        let more = (done / 4).max(FIRST_LOOK);
        done.saturating_add(more).min(self.at_most)
    }
}

/// What is asked of replications.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyOptions {
    /// Percentiles over replications that tables tell, in ascending order.
    pub percentiles: Vec<Percentile>,
    /// When there are enough replications; none: when all are done.
    pub until: Option<Until>,
}

impl Default for StudyOptions {
    fn default() -> Self {
        StudyOptions {
            percentiles: USUAL_PERCENTILES.to_vec(),
            until: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_named_by_what_they_are() {
        let names = [5, 25, 500, 975, 1_000].map(|it| Percentile(it).name());
        assert_eq!(names, ["p0_5", "p2_5", "p50", "p97_5", "p100"]);
        assert_eq!(Percentile(25).to_string(), "p2.5");
    }

    #[test]
    fn looks_get_further_apart_and_end() {
        let until = Until {
            that: String::new(),
            statistic: Statistic::Mean,
            measure: Measure::NotConverged,
            half_width: 1.0,
            or_equal: false,
            at_most: 100,
        };
        let looks: Vec<u32> = std::iter::successors(Some(20), |done| {
            (*done < 100).then(|| until.next_look(*done))
        })
        .collect();
        assert_eq!(looks, [20, 30, 40, 50, 62, 77, 96, 100]);
        assert!(until.holds(Some(0.9)) && !until.holds(Some(1.0)) && !until.holds(None));
    }
}
