//! Inbox Manager: how a Client Access Point gets its content.

use super::version::Release;
use crate::engine::Second;

/// The first visit to a Client Access Point at or after `ready`, given the phase of the visits within the interval
/// (Q278856, Q200830: at least hourly).
#[must_use]
pub fn first_visit(ready: Second, phase_s: u32, interval_s: u32) -> Second {
    let interval_s = interval_s.max(1);
    let (passed, phase) = (ready.0 % interval_s, phase_s % interval_s);
    ready + (phase + interval_s - passed) % interval_s
}

/// Whether it keeps Inboxlck.tok in a box while refreshing it: from SP2 on (Q275617).
#[must_use]
pub fn locks_while_refreshing(release: Release) -> bool {
    release.is_sp2_or_later()
}

/// Seconds that `bytes` take over a link of `link_bps`, a started second counting whole; a link of 0 counts as 1 bit/s.
#[must_use]
pub fn copy_s(bytes: u64, link_bps: u64) -> u32 {
    u32::try_from((bytes.saturating_mul(8)).div_ceil(link_bps.max(1))).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_comes_within_the_hour() {
        assert_eq!(first_visit(Second(10_000), 0, 3_600), Second(10_800));
        assert_eq!(first_visit(Second(10_800), 0, 3_600), Second(10_800));
        for phase in [0, 1, 1_800, 3_599] {
            let waited = first_visit(Second(10_000), phase, 3_600).since(Second(10_000));
            assert!(waited < 3_600, "{waited}");
        }
    }

    #[test]
    fn copying_takes_what_the_link_takes() {
        assert_eq!(copy_s(24_000_000, 10_000_000), 20); // 19.2 s
        assert_eq!(copy_s(0, 10_000_000), 0);
    }
}
