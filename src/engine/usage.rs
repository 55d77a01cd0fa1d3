//! What a server was used for, interval by interval.

/// Counts and peaks of one server per interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bits delivered.
    pub bits: Vec<u64>,
    /// Transfers begun.
    pub transfers: Vec<u32>,
    /// Most transfers in progress at one time.
    pub longest_queue: Vec<u32>,
    /// Requests turned away at the connection limit.
    pub turned_away: Vec<u32>,
}

impl Usage {
    /// Room for `intervals` intervals.
    #[must_use]
    pub fn with_intervals(intervals: usize) -> Self {
        Usage {
            bits: vec![0; intervals],
            transfers: vec![0; intervals],
            longest_queue: vec![0; intervals],
            turned_away: vec![0; intervals],
        }
    }
}
