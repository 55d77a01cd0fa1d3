//! What a server was used for, interval by interval.

use super::sparse;
use serde::{Deserialize, Serialize};

/// Counts and peaks of one server per interval.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Bits delivered.
    #[serde(with = "sparse")]
    pub bits: Vec<u64>,
    /// Transfers begun.
    #[serde(with = "sparse")]
    pub transfers: Vec<u32>,
    /// Most transfers in progress at one time.
    #[serde(with = "sparse")]
    pub longest_queue: Vec<u32>,
    /// Requests turned away at the connection limit.
    #[serde(with = "sparse")]
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
