//! Quantiles over replications, and how well a mean is known.

use crate::plan::Percentile;

/// The value that `percent` of all values do not exceed, by the nearest-rank rule: always one of the values, so it
/// can be looked up in the replication it comes from. `None` of nothing.
#[must_use]
pub fn nearest_rank<T>(sorted: &[T], percent: u32) -> Option<&T> {
    let rank = (sorted.len() * percent as usize).div_ceil(100).max(1);
    sorted.get(rank - 1)
}

/// The value that a percentile of all values do not exceed, by the nearest-rank rule. `None` of nothing.
#[must_use]
pub fn percentile_of<T>(sorted: &[T], percentile: Percentile) -> Option<&T> {
    let whole = usize::from(Percentile::LAST.0);
    let rank = (sorted.len() * usize::from(percentile.0)).div_ceil(whole);
    sorted.get(rank.max(1) - 1)
}

/// Low, middle and high of a value over replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band<T> {
    /// One replication in ten stays at or below it.
    pub p10: T,
    /// One in two.
    pub p50: T,
    /// Nine in ten.
    pub p90: T,
}

impl<T: Ord + Copy> Band<T> {
    /// The band of `values`, which are put in order on the way. `None` of nothing.
    pub fn of(values: &mut [T]) -> Option<Self> {
        values.sort_unstable();
        Some(Band {
            p10: *nearest_rank(values, 10)?,
            p50: *nearest_rank(values, 50)?,
            p90: *nearest_rank(values, 90)?,
        })
    }
}

impl<T> Band<T> {
    /// Low, middle and high as another type.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Band<U> {
        Band {
            p10: change(self.p10),
            p50: change(self.p50),
            p90: change(self.p90),
        }
    }

    /// Low, middle, high.
    pub fn into_array(self) -> [T; 3] {
        [self.p10, self.p50, self.p90]
    }
}

/// A mean with the interval in which it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanInterval {
    /// The mean.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Number of values.
    pub count: u32,
}

/// The mean of `values` and its interval by Student's t. `None` of fewer than two.
#[must_use]
pub fn mean_interval(values: &[f64]) -> Option<MeanInterval> {
    let count = values.len();
    if count < 2 {
        return None;
    }
    let number = count as f64;
    let mean = values.iter().sum::<f64>() / number;
    let squares: f64 = values.iter().map(|it| (it - mean) * (it - mean)).sum();
    let half = student_t(count - 1) * libm::sqrt(squares / (number - 1.0) / number);
    Some(MeanInterval {
        mean,
        low: mean - half,
        high: mean + half,
        count: count as u32,
    })
}

/// The difference of the means of two samples that have nothing to do with each other, the second minus the first, by
/// Welch's t. `None` if either has fewer than two values.
#[must_use]
pub fn independent_interval(first: &[f64], second: &[f64]) -> Option<MeanInterval> {
    if first.len() < 2 || second.len() < 2 {
        return None;
    }
    let (first_mean, first_square) = mean_and_square(first);
    let (second_mean, second_square) = mean_and_square(second);
    let square = first_square + second_square;
    let spread = |square: f64, sample: &[f64]| square * square / (sample.len() - 1) as f64;
    let spreads = spread(first_square, first) + spread(second_square, second);
    let freedom = if spreads > 0.0 {
        square * square / spreads
    } else {
        1.0
    };
    let half = student_t(freedom as usize) * libm::sqrt(square);
    let mean = second_mean - first_mean;
    Some(MeanInterval {
        mean,
        low: mean - half,
        high: mean + half,
        count: first.len().min(second.len()) as u32,
    })
}

/// The mean of a sample and the square of its standard error.
fn mean_and_square(sample: &[f64]) -> (f64, f64) {
    let count = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / count;
    let squares: f64 = sample.iter().map(|it| (it - mean) * (it - mean)).sum();
    (mean, squares / (count - 1.0) / count)
}

/// Degrees of freedom beyond which Student's t no longer changes in its third decimal.
const MOST_FREEDOM: usize = 10_000;

/// The value within which Student's t with so many degrees of freedom stays with 95 % probability, on both sides of 0.
#[must_use]
pub fn student_t(freedom: usize) -> f64 {
    let freedom = freedom.clamp(1, MOST_FREEDOM);
    let (mut low, mut high) = (0.0, 16.0);
    // 50 halvings of 16 leave less than 2e-14.
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if probability_within(middle, freedom) < 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// Probability that Student's t is between `-t` and `t`: the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4.
fn probability_within(t: f64, freedom: usize) -> f64 {
    let angle = libm::atan(t / libm::sqrt(freedom as f64));
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let odd = freedom % 2;
    // Odd: cos + 2/3 cos^3 + 2*4/(3*5) cos^5 ...; even: 1 + 1/2 cos^2 + 1*3/(2*4) cos^4 ...
    let mut term = if odd == 1 { cosine } else { 1.0 };
    let mut sum = if freedom == 1 { 0.0 } else { term };
    for step in 1..freedom / 2 {
        let above = (2 * step - 1 + odd) as f64;
        term *= above / (above + 1.0) * cosine * cosine;
        sum += term;
    }
    match odd {
        1 => (angle + sine * sum) * std::f64::consts::FRAC_2_PI,
        _ => sine * sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_t_is_that_of_the_tables() {
        for (freedom, t) in [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (9, 2.262),
            (10, 2.228),
            (19, 2.093),
            (30, 2.042),
            (60, 2.000),
            (120, 1.980),
            (1_000_000, 1.960),
        ] {
            let found = student_t(freedom);
            assert!((found - t).abs() < 6e-4, "{freedom}: {found}");
        }
    }

    /// Student's own data (1908): hours of sleep that ten patients gained by one drug over another.
    #[test]
    fn the_interval_of_the_sleep_data_is_the_known_one() {
        let gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let found = mean_interval(&gained).unwrap();
        assert!((found.mean - 1.58).abs() < 1e-12);
        assert!((found.low - 0.700_114_2).abs() < 1e-6, "{found:?}");
        assert!((found.high - 2.459_885_8).abs() < 1e-6, "{found:?}");
        assert_eq!(mean_interval(&[1.0]), None);
        // The same patients had the other drug before; taken as other people, by Welch's t: -0.205 to 3.365.
        let before = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let found = independent_interval(&before, &other).unwrap();
        assert!(
            (found.low + 0.205).abs() < 0.02 && (found.high - 3.365).abs() < 0.02,
            "{found:?}"
        );
        let alike = mean_interval(&[2.0; 3]).unwrap();
        assert_eq!((alike.low, alike.high, alike.count), (2.0, 2.0, 3));
    }

    #[test]
    fn quantiles_are_values_that_occurred() {
        let ten: Vec<u32> = (1..=10).collect();
        assert_eq!(nearest_rank(&ten, 10), Some(&1));
        assert_eq!(nearest_rank(&ten, 11), Some(&2));
        assert_eq!(nearest_rank(&ten, 50), Some(&5));
        assert_eq!(nearest_rank(&ten, 90), Some(&9));
        assert_eq!(nearest_rank(&ten, 100), Some(&10));
        assert_eq!(nearest_rank(&ten, 0), Some(&1));
        assert_eq!(nearest_rank::<u32>(&[], 50), None);
    }

    #[test]
    fn percentiles_have_tenths() {
        let all: Vec<u32> = (1..=1_000).collect();
        for (tenths, value) in [(0, 1), (25, 25), (500, 500), (975, 975), (1_000, 1_000)] {
            assert_eq!(percentile_of(&all, Percentile(tenths)), Some(&value));
        }
        let ten: Vec<u32> = (1..=10).collect();
        for percent in [0, 1, 10, 11, 50, 90, 99, 100] {
            let tenths = Percentile(percent as u16 * 10);
            assert_eq!(percentile_of(&ten, tenths), nearest_rank(&ten, percent));
        }
    }

    #[test]
    fn one_replication_is_its_own_band() {
        let band = Band::of(&mut [7]).unwrap();
        assert_eq!(band.into_array(), [7, 7, 7]);
        let band = Band::of(&mut [3, 1, 2]).unwrap();
        assert_eq!(band.into_array(), [1, 2, 3]);
    }
}
