//! Quantiles over replications.

/// The value that `percent` of all values do not exceed, by the nearest-rank rule: always one of the values, so it
/// can be looked up in the replication it comes from. `None` of nothing.
#[must_use]
pub fn nearest_rank<T>(sorted: &[T], percent: u32) -> Option<&T> {
    let rank = (sorted.len() * percent as usize).div_ceil(100).max(1);
    sorted.get(rank - 1)
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn one_replication_is_its_own_band() {
        let band = Band::of(&mut [7]).unwrap();
        assert_eq!(band.into_array(), [7, 7, 7]);
        let band = Band::of(&mut [3, 1, 2]).unwrap();
        assert_eq!(band.into_array(), [1, 2, 3]);
    }
}
