//! What servers decide: Logon Server Manager, Inbox Manager, the sender, and everything that hangs on a version.

use super::ANSWERS;
use super::sheet::{Sheet, against, rules_of, yes};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::sms::logon_server_manager::{
    self as lsm, Candidate, CopylogLine, CreditAfter, CreditFacts, Standing, WithoutPdc,
    credit_after, senior_site,
};
use smsim::sms::version::SHIPPED;
use smsim::sms::{Bootstrap, Version, heartbeat, inbox_manager, sender};

/// What shipped, as image, base and newest agent (Q266130, Q268803), and what Q262677 illustrates with.
fn versions() -> Vec<(Version, String)> {
    let mut versions: Vec<(Version, String)> = Vec::new();
    for (name, base, agents) in SHIPPED {
        versions.push((base, format!("{name} base")));
        if agents != base {
            versions.push((agents, format!("{name} newest agent")));
        }
    }
    for (text, what) in [
        ("2.00.1493.2000", "SP2 image"),
        ("2.00.1380.1105", "SP1 with Q249077"),
        (
            "2.00.1380.2004",
            "SP1 hotfix with a misleading number, Q246527",
        ),
        ("2.00.1493.2163", "SP2 with a later base hotfix"),
        ("2.00.1380.0000", "the older client of Q262677"),
        ("2.00.1999.2000", "the newer release of Q262677"),
        ("2.00.1999.2001", "its hotfix in Q262677"),
    ] {
        versions.push((text.parse().unwrap(), what.to_owned()));
    }
    versions.sort();
    versions
}

#[test]
fn how_versions_stand_to_each_other() {
    let versions = versions();
    let mut sheet = Sheet::new(&["version", "what it is", "stands to", "what that is", "as"]);
    for (one, what) in &versions {
        for (other, of) in &versions {
            let difference = against(one.compared_to(*other));
            let (one, other) = (one.to_string(), other.to_string());
            sheet.row([
                one.as_str(),
                what.as_str(),
                other.as_str(),
                of.as_str(),
                difference,
            ]);
        }
    }
    sheet.check("versions", versions.len() * versions.len());
}

#[test]
fn what_a_release_brings_with_it() {
    let mut sheet = Sheet::new(&[
        "version",
        "what it is",
        "release",
        "bootstrap follows the rules",
        "restart starts a Logon Server Manager cycle",
        "dead sites lose their folders",
        "backup domain controllers at a time, of 10 threads",
        "Inbox Manager locks while refreshing",
        "console hears early of an upgrade from it",
    ]);
    let versions = versions();
    for (version, what) in &versions {
        let release = version.release();
        let (version, shown) = (version.to_string(), release.to_string());
        let at_a_time = lsm::controllers_at_a_time(release, 10).to_string();
        sheet.row([
            version.as_str(),
            what.as_str(),
            shown.as_str(),
            rules_of(Bootstrap::of(release)),
            yes(lsm::restart_starts_cycle(release)),
            yes(lsm::removes_dead_sites(release)),
            at_a_time.as_str(),
            yes(inbox_manager::locks_while_refreshing(release)),
            yes(heartbeat::reports_change_from(release)),
        ]);
    }
    sheet.check("releases", versions.len());
}

#[test]
fn whom_copylog_credits_after_a_cycle() {
    let mut sheet = Sheet::new(&[
        "site copied its Clicore",
        "site credits correctly",
        "site repairs entries",
        "site is senior",
        "entry before",
        "entry names afterwards",
    ]);
    for supplied in ANSWERS {
        for credits_correctly in ANSWERS {
            for repairs in ANSWERS {
                for senior in ANSWERS {
                    for line in CopylogLine::ALL {
                        let after = match credit_after(CreditFacts {
                            supplied,
                            credits_correctly,
                            repairs,
                            senior,
                            line,
                        }) {
                            CreditAfter::Unchanged => "whom it named before",
                            CreditAfter::Supplier => "this site, which supplied the file",
                            CreditAfter::Checker => "this site, although it only checked",
                        };
                        sheet.row([
                            yes(supplied),
                            yes(credits_correctly),
                            yes(repairs),
                            yes(senior),
                            before(line),
                            after,
                        ]);
                    }
                }
            }
        }
    }
    sheet.check("copylog-credit", 64);
}

fn before(line: CopylogLine) -> &'static str {
    match line {
        CopylogLine::Right => "right",
        CopylogLine::Misfit => "does not fit the file",
        CopylogLine::SiteGone => "names a site that is gone",
        CopylogLine::Unreadable => "cannot be read",
    }
}

#[test]
fn what_a_site_does_when_the_pdc_is_out_of_reach() {
    let mut sheet = Sheet::new(&["site runs", "site is senior", "what it does"]);
    for (name, version, _) in SHIPPED {
        for senior in ANSWERS {
            let does = match lsm::without_pdc(version.release(), senior) {
                WithoutPdc::Skips => "leaves the domain out",
                WithoutPdc::RemovesOthers => "removes the folders of all other sites",
            };
            sheet.row([name, yes(senior), does]);
        }
    }
    sheet.check("without-pdc", 2 * SHIPPED.len());
}

#[test]
fn which_of_two_sites_is_senior() {
    let mut sheet = Sheet::new(&["AAA runs", "BBB runs", "lowest code wins", "senior site"]);
    let releases = &SHIPPED[..3];
    for (one, version, _) in releases {
        for (other, than, _) in releases {
            for lowest_code in [true, false] {
                let candidate = |code, version: &Version| Candidate {
                    code,
                    version: *version,
                };
                let sites = [candidate("AAA", version), candidate("BBB", than)];
                let senior = senior_site(&sites, lowest_code).unwrap();
                sheet.row([*one, *other, yes(lowest_code), sites[senior].code]);
            }
        }
    }
    sheet.check("senior-site", 18);
}

#[test]
fn how_long_a_silent_site_counts() {
    let mut sheet = Sheet::new(&["interval [h]", "silent [h]", "site is"]);
    for interval_h in [6, 24, 48] {
        for silent_h in [0, 9, 10, 27, 28, 51, 52, 173, 174, 191, 192, 335, 336, 400] {
            let standing = match lsm::standing(
                silent_h * HOUR_S,
                interval_h * HOUR_S,
                4 * HOUR_S,
                7 * DAY_S,
            ) {
                Standing::Active => "active",
                Standing::Inactive => "inactive",
                Standing::Dead => "dead",
            };
            let (interval, silent) = (interval_h.to_string(), silent_h.to_string());
            sheet.row([interval.as_str(), silent.as_str(), standing]);
        }
    }
    sheet.check("site-standing", 42);
}

#[test]
fn at_what_rate_and_in_how_many_threads_a_sender_sends() {
    let mut rates = Sheet::new(&["link [bit/s]", "limit of the hour [%]", "rate [bit/s]"]);
    for bandwidth_bps in [1, 56_000, 1_544_000] {
        for percent in [0, 1, 30, 50, 100, 200] {
            let rate = sender::rate_bps(bandwidth_bps, &[percent; 24], 9);
            let rate = rate.map_or("closed".to_owned(), |rate| rate.to_string());
            let (bandwidth, percent) = (bandwidth_bps.to_string(), percent.to_string());
            rates.row([bandwidth.as_str(), percent.as_str(), rate.as_str()]);
        }
    }
    rates.check("sender-rate", 18);
    let mut threads = Sheet::new(&["busy in all, of 5", "busy to the site, of 3", "one is free"]);
    for busy in 0..=5 {
        for to_site in 0..=busy.min(3) {
            let free = sender::thread_is_free(busy, to_site, 5, 3);
            let (busy, to_site) = (busy.to_string(), to_site.to_string());
            threads.row([busy.as_str(), to_site.as_str(), yes(free)]);
        }
    }
    threads.check("sender-threads", 18);
}

#[test]
fn when_inbox_manager_comes() {
    let mut sheet = Sheet::new(&["ready [s]", "phase of the hourly visit [s]", "visit [s]"]);
    for ready in [0, 1, 1_800, 3_599, 3_600, 3_601] {
        for phase in [0, 1, 1_800, 3_599] {
            let visit = inbox_manager::first_visit(Second(ready), phase, HOUR_S);
            assert!(visit.since(Second(ready)) < HOUR_S && visit >= Second(ready));
            let cells = [ready, phase, visit.0].map(|it| it.to_string());
            sheet.row(cells.iter().map(String::as_str));
        }
    }
    sheet.check("inbox-manager-visit", 24);
}
