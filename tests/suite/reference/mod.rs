//! A second, deliberately plain driver: one global queue, every event in the order of time, no client ahead of any
//! other. The rules and the draws are the program's; the order, the servers and the bookkeeping are not. On thousands
//! of random small plans it must give the same record to the last digit.

mod plain;
pub mod plans;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use smsim::run::tally::Decisions;
use smsim::run::{Silent, Tally, simulate};
use smsim::sms::Reason;

/// Random plans that are compared.
const CASES: u32 = 2_000;

#[test]
fn running_ahead_gives_the_same_record_as_one_global_queue() {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&plans::plan(), |plan| {
        let ahead = simulate(&plan, 0, 1, &Silent).tally;
        let plain = plain::simulate(&plan, 0);
        let difference = first_difference(&ahead, &plain);
        prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

/// Where two records first differ, in words short enough to read.
fn first_difference(ahead: &Tally, plain: &Tally) -> Option<String> {
    let differ = |what: &str, ahead: String, plain: String| {
        (ahead != plain).then(|| {
            let at = ahead
                .bytes()
                .zip(plain.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let around = |text: &str| {
                text.chars()
                    .skip(at.saturating_sub(60))
                    .take(120)
                    .collect::<String>()
            };
            format!(
                "{what} at {at}: ahead ...{}... plain ...{}...",
                around(&ahead),
                around(&plain)
            )
        })
    };
    let sites = ahead.sites.iter().zip(&plain.sites).enumerate();
    let decisions = sites.flat_map(|(site, (ahead, plain))| {
        Reason::ALL.iter().map(move |reason| {
            let series = |decisions: &Decisions| format!("{:?}", decisions.of(*reason));
            (
                site,
                reason,
                series(&ahead.decisions),
                series(&plain.decisions),
            )
        })
    });
    let mut differences: Vec<_> = ahead
        .clients
        .iter()
        .zip(&plain.clients)
        .filter_map(|(ahead, plain)| differ("client", format!("{ahead:?}"), format!("{plain:?}")))
        .collect();
    differences.extend(decisions.filter_map(|(site, reason, ahead, plain)| {
        differ(&format!("decisions {reason} of site {site}"), ahead, plain)
    }));
    differences.extend(differ(
        "sites",
        format!("{:?}", ahead.sites),
        format!("{:?}", plain.sites),
    ));
    differences.extend(differ(
        "servers",
        format!("{:?}", ahead.servers),
        format!("{:?}", plain.servers),
    ));
    differences.extend(differ(
        "trouble",
        format!("{:?}", ahead.trouble),
        format!("{:?}", plain.trouble),
    ));
    differences.extend(differ(
        "events",
        ahead.events.to_string(),
        plain.events.to_string(),
    ));
    differences.truncate(4);
    (!differences.is_empty()).then(|| differences.join("\n"))
}

/// What campaigns, particular clients and changes on a date bring about.
const RARE: [Reason; 26] = [
    Reason::InactiveAdapter,
    Reason::ForcedSite,
    Reason::HeldOnDialUp,
    Reason::AccountStale,
    Reason::AccountLocked,
    Reason::Pushed,
    Reason::PushUnanswered,
    Reason::PushFindsClient,
    Reason::PushGivenUp,
    Reason::PushedToOldSite,
    Reason::IdentityUnknown,
    Reason::OrphanReseeded,
    Reason::TravelModeBlocksNew,
    Reason::DdmUnassigns,
    Reason::DeinstallFlag,
    Reason::ZoneChanged,
    Reason::JoinIncomplete,
    Reason::UpgradeDisabled,
    Reason::MixedNeedsReinstall,
    Reason::MixedLowRights,
    Reason::CrcMismatch,
    Reason::AgentsDisabled,
    Reason::OffersIncomplete,
    Reason::VerifyReinstalls,
    Reason::VerifyUnchanged,
    Reason::Verified,
];

/// The comparison would prove little if the random plans were dull.
#[test]
fn random_plans_have_contention_cuts_and_refusals() {
    let mut runner = TestRunner::deterministic();
    let (mut queued, mut refused, mut cut, mut converged) = (0, 0, 0, 0);
    let mut seen = [0_u64; Reason::COUNT];
    for _ in 0..1_000 {
        let plan = plans::sound_plan().new_tree(&mut runner).unwrap().current();
        let tally = simulate(&plan, 0, 1, &Silent).tally;
        for site in &tally.sites {
            let series = site.decisions.series();
            series.for_each(|(reason, _)| seen[reason.index()] += site.decisions.total(reason));
        }
        let usage = || tally.servers.iter().map(|server| &server.usage);
        queued += usage()
            .filter(|usage| usage.longest_queue.iter().any(|queue| *queue > 1))
            .count();
        refused += usage()
            .filter(|usage| usage.turned_away.iter().any(|refused| *refused > 0))
            .count();
        cut += tally
            .trouble
            .keys()
            .filter(|(trouble, _)| trouble.name() == "aborted")
            .count();
        converged += tally
            .clients
            .iter()
            .filter(|client| client.standing.is_none())
            .count();
    }
    for reason in RARE {
        assert!(seen[reason.index()] > 0, "{reason} never happened");
    }
    assert!(
        queued > 30 && refused > 20 && cut > 30 && converged > 200,
        "{queued} {refused} {cut} {converged}"
    );
}

use proptest::strategy::ValueTree;

/// The same of misfortunes: they strike servers, and clients feel it.
#[test]
fn random_plans_have_misfortunes() {
    let mut runner = TestRunner::deterministic();
    let (mut struck, mut no_logon_point, mut unreachable) = (0, 0, 0);
    for _ in 0..300 {
        let plan = plans::plan().new_tree(&mut runner).unwrap().current();
        let replication = simulate(&plan, 0, 1, &Silent);
        let felt = |reason| {
            let sites = replication.tally.sites.iter();
            sites.map(|site| site.decisions.total(reason)).sum::<u64>() > 0
        };
        struck += usize::from(replication.servers.events.len() > 30);
        no_logon_point += usize::from(felt(Reason::NoLogonPoint));
        unreachable += usize::from(felt(Reason::CapUnreachable));
    }
    assert!(
        struck > 30 && no_logon_point > 20 && unreachable > 40,
        "{struck} {no_logon_point} {unreachable}"
    );
}
