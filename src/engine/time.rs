//! Whole-second time on one axis.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// A moment: whole seconds since the first simulated second of the run, in UTC.
///
/// The axis covers 136 years, which is why 32 bits suffice and a client's timers stay small.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Second(pub u32);

impl Second {
    /// The first second of a run.
    pub const ZERO: Second = Second(0);
    /// Later than anything that happens: the value of a timer that is not set.
    pub const NEVER: Second = Second(u32::MAX);

    /// Seconds from `earlier` to this moment; 0 if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Second) -> u32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whether a timer holding this value is set.
    #[must_use]
    pub fn is_set(self) -> bool {
        self != Second::NEVER
    }
}

impl Add<u32> for Second {
    type Output = Second;

    /// `NEVER` stays `NEVER`.
    fn add(self, seconds: u32) -> Second {
        Second(self.0.saturating_add(seconds))
    }
}

impl Sub<u32> for Second {
    type Output = Second;

    fn sub(self, seconds: u32) -> Second {
        Second(self.0.saturating_sub(seconds))
    }
}

/// One minute \[s\].
pub const MINUTE_S: u32 = 60;
/// One hour \[s\].
pub const HOUR_S: u32 = 3_600;
/// One day \[s\].
pub const DAY_S: u32 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unset_timer_stays_unset() {
        assert_eq!(Second::NEVER + HOUR_S, Second::NEVER);
        assert!(!Second::NEVER.is_set());
    }

    #[test]
    fn spans_never_go_below_zero() {
        assert_eq!(Second(10).since(Second(4)), 6);
        assert_eq!(Second(4).since(Second(10)), 0);
        assert_eq!(Second(4) - 10, Second::ZERO);
    }
}
