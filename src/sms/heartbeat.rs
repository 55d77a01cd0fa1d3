//! Heartbeat discovery: what the console hears of a client.

use super::version::Release;

/// Whether the cycle after a change of the base components sends a discovery record ahead of time: C2.14, Q256125.
///
/// SP2 introduced this, so it is the old release that must know it: the upgrade to SP2 itself goes unreported until
/// the next regular heartbeat.
#[must_use]
pub fn reports_change_from(before: Release) -> bool {
    before.is_sp2_or_later()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upgrade_to_sp2_is_not_reported_early_but_later_ones_are() {
        assert!(!reports_change_from(Release::SP1));
        assert!(reports_change_from(Release::SP2));
    }
}
