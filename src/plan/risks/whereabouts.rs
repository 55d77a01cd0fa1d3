//! Risks of boundaries that move, of accounts that change, and of what sites say about travel mode.

use super::{Risk, groups, listed};
use crate::engine::time::{DAY_S, HOUR_S};
use crate::plan::{AccountChange, BoundaryChange, Cohort, Plan, Platform, Site};
use crate::sms::accounts::stay_locked;
use crate::sms::assignment::SiteTravelMode;
use std::net::Ipv4Addr;

/// Everything of that kind that is risky about a plan.
pub fn risks(plan: &Plan) -> impl Iterator<Item = Risk> + '_ {
    let all = [
        boundaries_back_too_soon,
        win9x_in_moved_boundaries,
        accounts_without_overlap,
        travel_mode_of_sites,
    ];
    all.into_iter().filter_map(move |risk| risk(plan))
}

/// Subnets that come back into boundaries before their clients have left (Q234484: a day; Q238864: two with laptops).
fn boundaries_back_too_soon(plan: &Plan) -> Option<Risk> {
    let too_soon = |back: &&BoundaryChange| {
        let gone = plan
            .boundary_changes
            .iter()
            .rev()
            .find(|change| !change.adds && change.subnet == back.subnet && change.at < back.at);
        let wait_s = DAY_S * if has_laptops(plan, back.subnet) { 2 } else { 1 };
        back.adds && gone.is_some_and(|gone| back.at.since(gone.at) < wait_s)
    };
    let subnets = plan.boundary_changes.iter().filter(too_soon);
    let subnets: Vec<String> = subnets.map(|change| change.subnet.to_string()).collect();
    let subnets: Vec<&str> = subnets.iter().map(String::as_str).collect();
    (!subnets.is_empty()).then(|| Risk {
        article: "Q234484, Q238864",
        text: format!(
            "subnets come back into boundaries before their clients have left: {}",
            listed(&subnets)
        ),
        help: "wait at least 24 hours after taking them out, two days where there are laptops"
            .to_owned(),
    })
}

fn has_laptops(plan: &Plan, subnet: Ipv4Addr) -> bool {
    let off_site = |cohort: &Cohort| plan.habits[cohort.habits.index()].off_site > 0.0;
    let mut cohorts = plan.cohorts.iter();
    cohorts.any(|cohort| cohort.subnets.contains(&subnet) && off_site(cohort))
}

/// Windows 9x clients whose subnet goes from one site to another.
fn win9x_in_moved_boundaries(plan: &Plan) -> Option<Risk> {
    let leaves = |subnet: &Ipv4Addr| {
        let mut changes = plan.boundary_changes.iter();
        changes.any(|change| !change.adds && change.subnet == *subnet)
    };
    let names = groups(plan, |cohort| {
        cohort.platform == Platform::Win9x && cohort.subnets.iter().any(leaves)
    });
    (!names.is_empty()).then(|| Risk {
        article: "Q288218",
        text: format!(
            "Windows 9x clients may be removed instead of moved with their boundaries: {}",
            listed(&names)
        ),
        help: "expect them to be installed anew at a later logon, or let the subnet overlap both sites for a day".to_owned(),
    })
}

/// Passwords of connection accounts whose old ones stop within a day.
fn accounts_without_overlap(plan: &Plan) -> Option<Risk> {
    let soon = |change: &AccountChange| change.old_until.since(change.at) < DAY_S;
    let concerned = |site: &&Site| site.intake.account_changes.iter().any(soon);
    let rules = &plan.rules;
    let told = |site: &Site| {
        let inside = |cohort: &&Cohort| {
            let mut subnets = cohort.subnets.iter();
            cohort.platform == Platform::Nt
                && subnets.any(|subnet| site.boundaries.contains(subnet))
        };
        let clients = plan.cohorts.iter().filter(inside);
        let clients: u64 = clients.map(|cohort| u64::from(cohort.count)).sum();
        let locks = stay_locked(
            clients,
            rules.ccim_retry,
            rules.lockout_tries,
            rules.lockout_time,
        );
        let locked = if locks {
            ", enough to keep it locked out"
        } else {
            ""
        };
        format!("{} ({clients} Windows NT clients{locked})", site.code)
    };
    let sites: Vec<String> = plan.sites.iter().filter(concerned).map(told).collect();
    let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
    (!sites.is_empty()).then(|| Risk {
        article: "Q237759, Q260824, Q227033",
        text: format!(
            "connection accounts lose their old password before every client has read the new one: {}",
            listed(&sites)
        ),
        help: format!(
            "keep the old account beside the new one for longer than anybody is away; clients that miss it try every {} h",
            rules.ccim_retry / HOUR_S
        ),
    })
}

/// Sites whose travel mode keeps new clients out.
fn travel_mode_of_sites(plan: &Plan) -> Option<Risk> {
    let concerned = |site: &&Site| {
        matches!(
            site.intake.travel_mode,
            SiteTravelMode::AlwaysOn | SiteTravelMode::AlwaysOnNeverAsks
        )
    };
    let sites = plan.sites.iter().filter(concerned);
    let sites: Vec<&str> = sites.map(|site| site.code.as_str()).collect();
    (!sites.is_empty()).then(|| Risk {
        article: "Q263665, Q299772",
        text: format!(
            "travel mode of whole sites keeps new clients out: {}",
            listed(&sites)
        ),
        help: "set it on the clients that travel; `never-asks` (8) does no harm".to_owned(),
    })
}
