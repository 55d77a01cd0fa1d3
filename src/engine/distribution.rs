//! Durations and sizes drawn by one word each.
//!
//! A draw of fixed consumption keeps addresses stable, so every distribution is sampled through its inverse: a table
//! of quantiles, made once, read with integer interpolation. The table is computed with `libm`, which gives the same
//! digits on every platform.

/// A distribution over whole units: seconds, or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Always this value.
    Constant(i64),
    /// Every value between the two, equally likely.
    Uniform(i64, i64),
    /// Least, most likely and greatest value.
    Triangular(i64, i64, i64),
    /// Mean and standard deviation, cut at 3.5 standard deviations.
    Normal(i64, i64),
    /// Mean; cut at the quantile 1 - 1/8192.
    Exponential(i64),
    /// Median, and the value that 95 of 100 draws stay below; cut at 3.5 standard deviations of the logarithm.
    LogNormal(i64, i64),
}

/// Standard deviations at which normal and lognormal tails are cut.
const TAIL_DEVIATIONS: f64 = 3.5;
/// The share of draws beyond which an exponential tail is cut.
const TAIL_SHARE: f64 = 1.0 / 8192.0;

impl Distribution {
    /// The value below which the share `p` of all draws lies; `p` from 0 to 1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        match *self {
            Distribution::Constant(value) => value as f64,
            Distribution::Uniform(low, high) => low as f64 + p * (high - low) as f64,
            Distribution::Triangular(low, mode, high) => {
                triangular_quantile(low as f64, mode as f64, high as f64, p)
            }
            Distribution::Normal(mean, deviation) => {
                mean as f64 + deviation as f64 * normal_quantile(p)
            }
            Distribution::Exponential(mean) => {
                -(mean as f64) * libm::log((1.0 - p).max(TAIL_SHARE))
            }
            Distribution::LogNormal(median, p95) => {
                let deviation = libm::log(p95 as f64 / median as f64) / normal_quantile(0.95);
                median as f64 * libm::exp(deviation * normal_quantile(p))
            }
        }
    }

    /// Least and greatest value that can be drawn.
    #[must_use]
    pub fn range(&self) -> (i64, i64) {
        (rounded(self.quantile(0.0)), rounded(self.quantile(1.0)))
    }

    /// The table to draw from, with values below `least` raised to it.
    #[must_use]
    pub fn quantiles(&self, least: i64) -> Quantiles {
        let value = |step: usize| rounded(self.quantile(step as f64 / STEPS as f64)).max(least);
        let floor = value(0);
        let steps = (0..=STEPS)
            .map(|step| u32::try_from(value(step) - floor).unwrap_or(u32::MAX))
            .collect();
        Quantiles { floor, steps }
    }
}

fn triangular_quantile(low: f64, mode: f64, high: f64, p: f64) -> f64 {
    let width = high - low;
    if width == 0.0 {
        return low;
    }
    if p * width < mode - low {
        low + libm::sqrt(p * width * (mode - low))
    } else {
        high - libm::sqrt((1.0 - p) * width * (high - mode))
    }
}

/// The standard normal quantile by Newton's method on the error function, cut at `TAIL_DEVIATIONS`.
fn normal_quantile(p: f64) -> f64 {
    let below = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let density = |x: f64| libm::exp(-0.5 * x * x) / libm::sqrt(2.0 * std::f64::consts::PI);
    if p <= below(-TAIL_DEVIATIONS) {
        return -TAIL_DEVIATIONS;
    }
    if p >= below(TAIL_DEVIATIONS) {
        return TAIL_DEVIATIONS;
    }
    let mut x = 0.0;
    for _ in 0..40 {
        let step = (below(x) - p) / density(x);
        x = (x - step).clamp(-TAIL_DEVIATIONS, TAIL_DEVIATIONS);
        if step.abs() < 1e-12 {
            break;
        }
    }
    x
}

/// Rounds half up, the same on every platform.
fn rounded(value: f64) -> i64 {
    libm::floor(value + 0.5) as i64
}

const STEP_BITS: u32 = 10;
const STEPS: usize = 1 << STEP_BITS;

/// The quantiles of a distribution, ready to be drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantiles {
    floor: i64,
    steps: Box<[u32]>,
}

impl Quantiles {
    /// The value that belongs to a uniformly drawn word.
    #[inline]
    #[must_use]
    pub fn value(&self, word: u32) -> i64 {
        const WITHIN_BITS: u32 = 32 - STEP_BITS;
        let step = (word >> WITHIN_BITS) as usize;
        let within = u64::from(word & ((1 << WITHIN_BITS) - 1));
        let (low, high) = (u64::from(self.steps[step]), u64::from(self.steps[step + 1]));
        self.floor + (low + (((high - low) * within) >> WITHIN_BITS)) as i64
    }

    /// The value as a span of seconds.
    #[inline]
    #[must_use]
    pub fn seconds(&self, word: u32) -> u32 {
        self.value(word) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_always_itself() {
        let table = Distribution::Constant(600).quantiles(0);
        assert_eq!(table.value(0), 600);
        assert_eq!(table.value(u32::MAX), 600);
    }

    #[test]
    fn uniform_ends_and_middle() {
        let table = Distribution::Uniform(0, 1 << 20).quantiles(0);
        assert_eq!(table.value(0), 0);
        assert_eq!(table.value(1 << 31), 1 << 19);
        assert!(table.value(u32::MAX) >= (1 << 20) - 1);
    }

    #[test]
    fn normal_quantiles_are_the_textbook_ones() {
        assert!((normal_quantile(0.975) - 1.959_963_985).abs() < 1e-8);
        assert!((normal_quantile(0.5)).abs() < 1e-12);
        assert_eq!(normal_quantile(0.0), -TAIL_DEVIATIONS);
    }

    #[test]
    fn lognormal_keeps_its_median_and_its_ninety_fifth_percentile() {
        let size = Distribution::LogNormal(1_000, 5_000);
        assert!((size.quantile(0.5) - 1_000.0).abs() < 1e-6);
        assert!((size.quantile(0.95) - 5_000.0).abs() < 1e-3);
    }

    #[test]
    fn the_mean_of_a_table_is_the_mean_of_its_distribution() {
        let even_words = (0..1 << 16).map(|n: u32| n << 16 | 1 << 15);
        let table = Distribution::Exponential(3_600).quantiles(0);
        let mean = even_words.map(|word| table.value(word) as f64).sum::<f64>() / 65_536.0;
        assert!((mean - 3_600.0).abs() < 3_600.0 * 0.005, "mean {mean}");
    }

    #[test]
    fn values_below_the_least_are_raised_to_it() {
        let table = Distribution::Normal(0, 100).quantiles(0);
        assert_eq!(table.value(0), 0);
    }
}
