//! SMS_NT_LOGON_SERVER_MANAGER: the cycle that keeps a domain's logon points, the senior site, and Copylog.tcf.

use super::version::{Release, Version};

/// A site that could be the senior one of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its code.
    pub code: &'a str,
    /// The version it wrote to the PDC.
    pub version: Version,
}

/// The senior site among `candidates`, by position: the highest version, then the site code (Q263395, Q235726). Which
/// end of the alphabet wins is not stated; `lowest_code` is that choice.
#[must_use]
pub fn senior_site(candidates: &[Candidate<'_>], lowest_code: bool) -> Option<usize> {
    (0..candidates.len()).reduce(|best, next| {
        let (a, b) = (&candidates[best], &candidates[next]);
        let by_code = if lowest_code {
            b.code.cmp(a.code)
        } else {
            a.code.cmp(b.code)
        };
        if a.version.cmp(&b.version).then(by_code).is_ge() {
            best
        } else {
            next
        }
    })
}

/// Whom a cycle leaves credited with a logon point's Clicore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreditAfter {
    /// The entry stays as it was.
    Unchanged,
    /// The site that ran the cycle supplied the file and is credited with it.
    Supplier,
    /// The site that ran the cycle only checked the file and credits itself all the same.
    Checker,
}

/// What a site does with one logon point's shared files in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CreditFacts {
    /// It copied its Clicore there.
    pub supplied: bool,
    /// It runs SP2 or later, or has Q251070 (on RTM) or Q249077 (on SP1).
    pub credits_correctly: bool,
    /// It runs SP2 or later, whose Logon Server Manager repairs entries that do not fit the file (Q264976).
    pub repairs: bool,
    /// It is the senior site.
    pub senior: bool,
    /// The entry names a site that cannot have supplied the file.
    pub entry_is_wrong: bool,
}

/// Copylog.tcf's entry for Clicore after a cycle: Q251070, Q249077, Q264976.
#[must_use]
pub fn credit_after(facts: CreditFacts) -> CreditAfter {
    match facts {
        CreditFacts { supplied: true, .. } => CreditAfter::Supplier,
        CreditFacts {
            credits_correctly: false,
            ..
        } => CreditAfter::Checker,
        CreditFacts {
            repairs: true,
            senior: true,
            entry_is_wrong: true,
            ..
        } => CreditAfter::Supplier,
        _ => CreditAfter::Unchanged,
    }
}

/// Whether a restart of SMS Executive starts a cycle at once: before SP2 always, from SP2 on only if one was missed
/// (Q249333).
#[must_use]
pub fn restart_starts_cycle(release: Release) -> bool {
    !release.is_sp2_or_later()
}

/// Logon points that a site updates at a time: one before SP2 (Q255820).
#[must_use]
pub fn controllers_at_a_time(release: Release, threads: u32) -> u32 {
    if release.is_sp2_or_later() {
        threads.max(1)
    } else {
        1
    }
}

/// How a domain sees a site that has not written to the PDC for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Within its interval and some hours.
    Active,
    /// Longer.
    Inactive,
    /// So long that its folders go, unless the release keeps all sites (Q259816).
    Dead,
}

/// The standing of a site whose last entry on the PDC is `silent_s` old: Q227028, Q259816.
#[must_use]
pub fn standing(
    silent_s: u32,
    interval_s: u32,
    inactive_after_s: u32,
    dead_after_s: u32,
) -> Standing {
    let dead_s = interval_s
        .saturating_add(dead_after_s)
        .max(interval_s.saturating_mul(7));
    if silent_s >= dead_s {
        Standing::Dead
    } else if silent_s >= interval_s.saturating_add(inactive_after_s) {
        Standing::Inactive
    } else {
        Standing::Active
    }
}

/// Whether a senior site of `release` removes the folders of dead sites: before SP2 only (Q259816).
#[must_use]
pub fn removes_dead_sites(release: Release) -> bool {
    !release.is_sp2_or_later()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::{DAY_S, HOUR_S};

    const SP1: Version = Version::new(2, 0, 1380, 1000);
    const SP2: Version = Version::new(2, 0, 1493, 2009);

    fn candidate(code: &str, version: Version) -> Candidate<'_> {
        Candidate { code, version }
    }

    /// Q263395, Q235726: the highest version first.
    #[test]
    fn the_first_upgraded_site_becomes_senior() {
        let sites = [
            candidate("AAA", SP1),
            candidate("ZZZ", SP2),
            candidate("MMM", SP1),
        ];
        assert_eq!(senior_site(&sites, true), Some(1));
        assert_eq!(senior_site(&[], true), None);
    }

    #[test]
    fn among_equal_versions_the_code_decides() {
        let sites = [
            candidate("BBB", SP1),
            candidate("AAA", SP1),
            candidate("CCC", SP1),
        ];
        assert_eq!(senior_site(&sites, true), Some(1));
        assert_eq!(senior_site(&sites, false), Some(2));
    }

    /// Q251070, Q249077: without the hotfix, whoever checks last is credited.
    #[test]
    fn an_unpatched_site_credits_itself_with_what_it_only_checked() {
        let checked = CreditFacts {
            supplied: false,
            credits_correctly: false,
            repairs: false,
            senior: false,
            entry_is_wrong: false,
        };
        assert_eq!(credit_after(checked), CreditAfter::Checker);
        assert_eq!(
            credit_after(CreditFacts {
                credits_correctly: true,
                ..checked
            }),
            CreditAfter::Unchanged
        );
        assert_eq!(
            credit_after(CreditFacts {
                supplied: true,
                ..checked
            }),
            CreditAfter::Supplier
        );
    }

    /// Q264976: SP2 repairs what does not fit.
    #[test]
    fn the_senior_sp2_site_repairs_a_wrong_entry() {
        let wrong = CreditFacts {
            supplied: false,
            credits_correctly: true,
            repairs: true,
            senior: true,
            entry_is_wrong: true,
        };
        assert_eq!(credit_after(wrong), CreditAfter::Supplier);
        assert_eq!(
            credit_after(CreditFacts {
                senior: false,
                ..wrong
            }),
            CreditAfter::Unchanged
        );
    }

    /// Q227028 with Q259816: interval + 4 h, then interval + 7 d or 7 intervals, whichever is longer.
    #[test]
    fn a_silent_site_becomes_inactive_then_dead() {
        let standing = |silent| standing(silent, DAY_S, 4 * HOUR_S, 7 * DAY_S);
        assert_eq!(standing(DAY_S + 4 * HOUR_S - 1), Standing::Active);
        assert_eq!(standing(DAY_S + 4 * HOUR_S), Standing::Inactive);
        assert_eq!(standing(8 * DAY_S), Standing::Dead);
        assert_eq!(
            super::standing(13 * DAY_S, 2 * DAY_S, 0, 7 * DAY_S),
            Standing::Inactive,
            "7 x 2 days is longer"
        );
    }

    /// Q249333, Q255820, Q259816: what SP2 changed.
    #[test]
    fn sp2_neither_cycles_at_restart_nor_removes_sites_and_works_in_parallel() {
        for (release, before_sp2) in [(Release::SP1, true), (Release::SP2, false)] {
            assert_eq!(restart_starts_cycle(release), before_sp2);
            assert_eq!(removes_dead_sites(release), before_sp2);
            assert_eq!(controllers_at_a_time(release, 10) == 1, before_sp2);
        }
    }
}
