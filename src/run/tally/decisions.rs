//! Decisions counted by reason and interval.

use super::sums::add_or_take;
use crate::engine::sparse;
use crate::sms::Reason;
use serde::{Deserialize, Serialize};

/// How often each reason decided, per interval.
///
/// One series a reason, made when the reason first occurs: a client asks for the same few reasons hour after hour, so
/// what it writes to lies close together, and reasons that never occur take no room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    #[serde(with = "sparse::each")]
    by_reason: Vec<Vec<u32>>,
}

impl Decisions {
    /// Counts one decision in `interval` of `intervals`.
    #[inline]
    pub fn count(&mut self, reason: Reason, interval: usize, intervals: usize) {
        match self.by_reason.get_mut(reason.index()) {
            Some(series) if !series.is_empty() => series[interval] += 1,
            _ => self.add(reason, interval, 1, intervals),
        }
    }

    /// Counts several decisions in `interval` of `intervals`.
    #[cold]
    pub fn add(&mut self, reason: Reason, interval: usize, count: u32, intervals: usize) {
        self.by_reason.resize(Reason::COUNT, Vec::new());
        let series = &mut self.by_reason[reason.index()];
        series.resize(intervals, 0);
        series[interval] += count;
    }

    /// The counts of one reason per interval; empty if it never decided.
    #[must_use]
    pub fn of(&self, reason: Reason) -> &[u32] {
        self.by_reason
            .get(reason.index())
            .map_or(&[], Vec::as_slice)
    }

    /// The count of one reason in one interval.
    #[must_use]
    pub fn at(&self, reason: Reason, interval: usize) -> u32 {
        self.of(reason).get(interval).copied().unwrap_or(0)
    }

    /// How often a reason decided in all.
    #[must_use]
    pub fn total(&self, reason: Reason) -> u64 {
        self.of(reason).iter().copied().map(u64::from).sum()
    }

    /// Adds the decisions of other clients.
    ///
    /// # Panics
    /// If a sum does not fit.
    pub fn absorb(&mut self, other: &Decisions) {
        if other.by_reason.is_empty() {
            return;
        }
        self.by_reason.resize(Reason::COUNT, Vec::new());
        for (mine, theirs) in self.by_reason.iter_mut().zip(&other.by_reason) {
            add_or_take(mine, theirs);
        }
    }

    /// The reasons that decided at least once, with their counts per interval.
    pub fn series(&self) -> impl Iterator<Item = (Reason, &[u32])> {
        let all = Reason::ALL.iter().map(|reason| (*reason, self.of(*reason)));
        all.filter(|(_, series)| !series.is_empty())
    }
}
