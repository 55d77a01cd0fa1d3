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

/// What is true of Copylog.tcf's line for Clicore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopylogLine {
    /// It names a site whose folder tells the version of the file.
    Right,
    /// It names a site that cannot have supplied the file, and whose folder does not tell its version (Q264630).
    Misfit,
    /// It names a site that has left the logon points, and whose folder is gone (Q263345).
    SiteGone,
    /// It is missing or cannot be read (Q264976).
    Unreadable,
}

impl CopylogLine {
    /// Every case.
    pub const ALL: [CopylogLine; 4] = [
        CopylogLine::Right,
        CopylogLine::Misfit,
        CopylogLine::SiteGone,
        CopylogLine::Unreadable,
    ];
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
    /// What was true of the entry before.
    pub line: CopylogLine,
}

/// Copylog.tcf's entry for Clicore after a cycle: Q251070, Q249077, Q264976, Q263345.
///
/// Whoever supplies the file writes the line anew. Before SP2 nobody looks at what the lines say, so a damaged file
/// stays damaged; from SP2 on the senior site repairs lines that cannot be read or do not fit. A line that names a site
/// which is gone is none of these: the file is current, so nobody has a reason to copy it again.
#[must_use]
pub fn credit_after(facts: CreditFacts) -> CreditAfter {
    match facts {
        CreditFacts { supplied: true, .. } => CreditAfter::Supplier,
        CreditFacts {
            repairs: true,
            senior: true,
            line: CopylogLine::Misfit | CopylogLine::Unreadable,
            ..
        } => CreditAfter::Supplier,
        CreditFacts {
            line: CopylogLine::Unreadable,
            ..
        } => CreditAfter::Unchanged,
        CreditFacts {
            credits_correctly: false,
            ..
        } => CreditAfter::Checker,
        _ => CreditAfter::Unchanged,
    }
}

/// Whether a restart of SMS Executive starts a cycle at once: before SP2 always, from SP2 on only if one was missed
/// (Q249333).
#[must_use]
pub fn restart_starts_cycle(release: Release) -> bool {
    !release.is_sp2_or_later()
}

/// Whether a look into nt_logon.box\Locks on the site server starts a cycle: before SP2, and again and again while the
/// folder is open; from SP2 on only Nt_logon.not in another folder does (Q257202).
#[must_use]
pub fn opened_folder_starts_cycle(release: Release) -> bool {
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

/// What a site does whose cycle finds the PDC out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WithoutPdc {
    /// It leaves the domain out this time (Q249333).
    Skips,
    /// It believes itself the senior site and removes the folders of every other site from the controllers it can
    /// reach (Q242492).
    RemovesOthers,
}

/// SP1 takes silence of the PDC for the absence of all other sites, unless it is the senior site itself; SP2 does not
/// (Q242492).
#[must_use]
pub fn without_pdc(release: Release, senior: bool) -> WithoutPdc {
    if release >= Release::SP1 && !release.is_sp2_or_later() && !senior {
        WithoutPdc::RemovesOthers
    } else {
        WithoutPdc::Skips
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
            line: CopylogLine::Right,
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
            line: CopylogLine::Misfit,
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
            assert_eq!(opened_folder_starts_cycle(release), before_sp2);
            assert_eq!(removes_dead_sites(release), before_sp2);
            assert_eq!(controllers_at_a_time(release, 10) == 1, before_sp2);
            let removes = without_pdc(release, false) == WithoutPdc::RemovesOthers;
            assert_eq!(removes, before_sp2, "Q242492");
            assert_eq!(without_pdc(release, true), WithoutPdc::Skips);
        }
    }
}
