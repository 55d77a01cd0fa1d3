//! Counts by interval of one replication, kept so that percentiles can be taken of them.

/// Counts by interval; those that are 0 take no room, and most are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series<Count> {
    intervals: Box<[u32]>,
    counts: Box<[Count]>,
}

impl<Count: Copy + Default + PartialEq> Series<Count> {
    /// The counts of so many intervals.
    pub(super) fn of(intervals: usize, count: impl Fn(usize) -> Count) -> Self {
        let counted = (0..intervals).map(|interval| (interval as u32, count(interval)));
        let counted = counted.filter(|(_, count)| *count != Count::default());
        let (intervals, counts): (Vec<u32>, Vec<Count>) = counted.unzip();
        Series {
            intervals: intervals.into(),
            counts: counts.into(),
        }
    }

    /// The count of one interval.
    #[must_use]
    pub fn at(&self, interval: usize) -> Count {
        let wanted = interval as u32;
        let found = self.intervals.binary_search(&wanted).ok();
        found.map_or_else(Count::default, |at| self.counts[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_and_nothing_else_takes_room() {
        let counts = [0_u64, 7, 0, 0, 9, u64::MAX, 0];
        let series = Series::of(counts.len(), |interval| counts[interval]);
        let back: Vec<u64> = (0..counts.len()).map(|at| series.at(at)).collect();
        assert_eq!(back, counts);
        assert_eq!((series.counts.len(), series.at(99)), (3, 0));
        assert_eq!(Series::of(0, |_| 1_u32).at(0), 0);
    }
}
