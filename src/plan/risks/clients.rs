//! Risks of clients: links, restarts, and Client Access Points that cannot serve them.

use super::{Covering, Risk, groups, kbit, listed};
use crate::engine::time::{DAY_S, HOUR_S, MINUTE_S};
use crate::engine::{Distribution, Second};
use crate::plan::{ClientAccessPoint, Cohort, Plan, Platform, Site, SiteId};
use crate::sms::adapters::DialUpPolicy;
use std::collections::BTreeMap;

/// Everything that is risky about clients.
pub fn risks(plan: &Plan) -> Vec<Risk> {
    let mut risks = caps_that_cannot_serve(plan);
    risks.extend(caps_gone_too_soon(plan));
    risks.extend(preferred_too_soon(plan));
    risks.extend(dial_up_in_logon_script(plan));
    risks.extend(win9x_never_restarted(plan));
    risks.extend(win9x_restarted_early(plan));
    risks.extend(policy_too_early(plan));
    risks
}

/// Client Access Points that cannot bring an upgrade to all clients of their site within one cycle.
fn caps_that_cannot_serve(plan: &Plan) -> Vec<Risk> {
    let bytes = bytes_by_site(plan);
    let too_slow = |(id, site): (u16, &Site)| {
        let wanted_bits = 8.0 * bytes.get(&SiteId(id)).copied().unwrap_or(0.0);
        let bandwidths: Option<Vec<u64>> = site
            .caps
            .iter()
            .map(|cap| plan.caps[cap.index()].bandwidth_bps)
            .collect();
        let bandwidth_bps: u64 = bandwidths?.iter().sum();
        let hours = wanted_bits / bandwidth_bps as f64 / f64::from(HOUR_S);
        let upgraded = plan
            .rollout
            .iter()
            .any(|upgrade| upgrade.site == SiteId(id));
        let cycle_hours = f64::from(plan.rules.ccim_cycle) / f64::from(HOUR_S);
        (upgraded && hours > cycle_hours).then(|| Risk {
            article: "Q237543",
            text: format!(
                "the Client Access Points of {} need {hours:.0} hours to serve an upgrade to all clients, a maintenance cycle \
                 is {cycle_hours:.0}",
                site.code
            ),
            help: "add Client Access Points, or expect convergence to take several cycles".to_owned(),
        })
    };
    (0..).zip(&plan.sites).filter_map(too_slow).collect()
}

/// Bytes that an upgrade brings to the clients of each site, on the average.
fn bytes_by_site(plan: &Plan) -> BTreeMap<SiteId, f64> {
    let mut bytes: BTreeMap<SiteId, f64> = BTreeMap::new();
    let covering = Covering::of(plan);
    for cohort in &plan.cohorts {
        let sites = covering.sites(cohort);
        let mean = mean(cohort) * f64::from(cohort.count) / sites.len().max(1) as f64;
        for site in sites {
            *bytes.entry(site).or_default() += mean;
        }
    }
    bytes
}

/// Mean size of an upgrade of one client [bytes], from a few quantiles.
fn mean(cohort: &Cohort) -> f64 {
    const POINTS: u32 = 64;
    let at = |n: u32| {
        cohort
            .upgrade_size
            .quantile((f64::from(n) + 0.5) / f64::from(POINTS))
    };
    (0..POINTS).map(at).sum::<f64>() / f64::from(POINTS)
}

/// Sites that lose their Client Access Points before clients can have learnt of new ones (Q260824).
fn caps_gone_too_soon(plan: &Plan) -> Option<Risk> {
    let of = |site: &Site| -> Vec<&ClientAccessPoint> {
        site.caps
            .iter()
            .map(|cap| &plan.caps[cap.index()])
            .collect()
    };
    let loses = |site: &&Site| {
        let caps = of(site);
        let is_known = |cap: &ClientAccessPoint, at: Second| {
            cap.removed > at && (cap.added == Second::ZERO || at.since(cap.added) >= DAY_S)
        };
        let known_to_all = |at: Second| caps.iter().any(|cap| is_known(cap, at));
        caps.iter()
            .any(|cap| cap.removed.is_set() && !known_to_all(cap.removed))
    };
    let codes: Vec<&str> = plan
        .sites
        .iter()
        .filter(loses)
        .map(|site| site.code.as_str())
        .collect();
    (!codes.is_empty()).then(|| Risk {
        article: "Q260824, Q237759",
        text: format!(
            "Client Access Points are taken away before all clients can know of another: {}",
            listed(&codes)
        ),
        help: "keep old and new ones side by side for longer than any client stays away, a day at the least".to_owned(),
    })
}

/// Clients whose other ways to a Client Access Point are cut before they know the preferred one (Q235873).
fn preferred_too_soon(plan: &Plan) -> Option<Risk> {
    let too_soon = |cohort: &Cohort| {
        cohort.preferred_cap.is_some_and(|preferred| {
            preferred.only_from.is_set()
                && preferred.only_from.since(preferred.from) < DAY_S
                && preferred.from > Second::ZERO
        })
    };
    let names = groups(plan, too_soon);
    (!names.is_empty()).then(|| Risk {
        article: "Q235873",
        text: format!(
            "the other ways to a Client Access Point are cut within a day of the preferred one: {}",
            listed(&names)
        ),
        help: "wait until every client has run a cycle; who has not, loses all access".to_owned(),
    })
}

/// Clients on dial-up that run the logon script.
fn dial_up_in_logon_script(plan: &Plan) -> Option<Risk> {
    let runs_script = |cohort: &&Cohort| {
        let domain = cohort.domain.map(|domain| &plan.domains[domain.index()]);
        domain.is_some_and(|domain| domain.script_share.iter().any(|(_, share)| *share > 0.0))
    };
    let dial_up = |cohort: &&Cohort| {
        let slowest = cohort
            .off_site_link_bps
            .unwrap_or(u64::MAX)
            .min(cohort.link_bps);
        let network = &cohort.network;
        let left_out = network.dial_up_policy != DialUpPolicy::Open;
        !left_out && (network.dial_up || slowest < plan.rules.dial_up_below)
    };
    let names = groups(plan, |cohort| dial_up(&cohort) && runs_script(&cohort));
    (!names.is_empty()).then(|| Risk {
        article: "Q237543, Q238780",
        text: format!("dial-up clients run the logon script: {}", listed(&names)),
        help: format!(
            "keep them out of it until they are in the office (`dial_up_policy`); from 40,000 bit/s on they copy what the script offers \
             (Q224388), and maintenance cycles do not test the speed at all; links below {} count as dial-up (rule \
             `dial_up_below`, our own choice)",
            kbit(plan.rules.dial_up_below)
        ),
    })
}

/// Installed Windows 9x clients with software distribution.
fn restarts_twice(cohort: &Cohort) -> bool {
    cohort.platform == Platform::Win9x
        && cohort.agents.software_distribution
        && cohort.installed.is_some()
}

/// Windows 9x clients that need two restarts, where nothing says that anybody asks for them.
fn win9x_never_restarted(plan: &Plan) -> Option<Risk> {
    let names = groups(plan, |cohort| {
        let enforced = cohort.circumstances.mandatory_restart_s.is_some();
        restarts_twice(cohort) && cohort.restart_after.is_none() && !enforced
    });
    (!names.is_empty() && !plan.rollout.is_empty()).then(|| Risk {
        article: "Q264969",
        text: format!(
            "Windows 9x clients with software distribution need two restarts, and nobody asks for them: {}",
            listed(&names)
        ),
        help: "tell their users, and say with `restart_after` when they restart; without the second restart software \
               distribution stays at the old release"
            .to_owned(),
    })
}

/// Policies that restart Windows 9x clients while their installation may still be at work.
fn policy_too_early(plan: &Plan) -> Option<Risk> {
    let safe_after_s = plan.rules.win9x_restart_after;
    let too_early = |cohort: &Cohort| {
        let policy_s = cohort.circumstances.mandatory_restart_s;
        cohort.platform == Platform::Win9x
            && policy_s.is_some_and(|policy_s| policy_s < safe_after_s)
    };
    let names = groups(plan, too_early);
    (!names.is_empty()).then(|| Risk {
        article: "Q237543, Q238864",
        text: format!(
            "a policy restarts Windows 9x clients within {} minutes: {}",
            safe_after_s / MINUTE_S,
            listed(&names)
        ),
        help: "leave them at least 15 minutes from the start of an installation; a restart before that can break the client"
            .to_owned(),
    })
}

/// Windows 9x clients whose users may restart too early (Q237543, Q238864).
fn win9x_restarted_early(plan: &Plan) -> Option<Risk> {
    let soonest = |distribution: &Distribution| distribution.quantile(0.01).max(0.0);
    let safe_s = f64::from(plan.rules.win9x_restart_after);
    let early = |cohort: &Cohort| {
        let after = cohort.restart_after.as_ref().map(soonest);
        let installed_s = soonest(&plan.rules.base_install_time);
        cohort.platform == Platform::Win9x
            && cohort.installed.is_some()
            && after.is_some_and(|after_s| after_s + installed_s < safe_s)
    };
    let names = groups(plan, early);
    (!names.is_empty() && !plan.rollout.is_empty()).then(|| Risk {
        article: "Q237543, Q238864",
        text: format!(
            "Windows 9x clients may be restarted within {} minutes of the installation's start: {}",
            plan.rules.win9x_restart_after / MINUTE_S,
            listed(&names)
        ),
        help: "such a restart can break the client for good; have users wait, or enforce restarts at night".to_owned(),
    })
}
