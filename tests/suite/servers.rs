//! The servers' side: site upgrades, senders, Inbox Manager and Logon Server Manager, one behaviour a test.

use crate::written::plan;
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::plan::{ContentId, Plan, SiteId};
use smsim::run::{ServerHistory, simulate_servers};
use smsim::sms::ServerEvent;

/// Two primaries that share a domain of four controllers, and a secondary behind a modem line. Times that are drawn by
/// default are fixed, so that every moment follows by arithmetic.
pub const HIERARCHY: &str = r#"
[scenario]
name = "servers"
start = 2000-06-19 00:00:00
days = 14
zone = "UTC"

[rules]
setup_time = "1h"
lsm_visit_time = "1 min"

[[site]]
code = "CEN"
boundaries = ["10.0.0.0"]
caps = [{ name = "CEN-CAP1", bandwidth = "10 Mbit/s" }]

[[site]]
code = "PRI"
parent = "CEN"
boundaries = ["10.1.0.0"]
caps = [{ name = "PRI-CAP1", bandwidth = "56 kbit/s" }]

[[site]]
code = "SEC"
kind = "secondary"
parent = "PRI"
boundaries = ["10.2.0.0"]
caps = [{ name = "SEC-CAP1" }]
address = { bandwidth = "56 kbit/s" }

[[domain]]
name = "CORP"
controllers = 4
sites = ["CEN", "PRI"]

[[clients]]
name = "one"
count = 1
boundary = "10.0.0.0"

[[rollout]]
site = "CEN"
to = "SP2"
at = 2000-06-23 18:00:00
"#;

/// What its servers held.
pub fn history(plan: &Plan) -> ServerHistory {
    simulate_servers(plan, 0)
}

/// A moment by day and hour of the run.
pub fn moment(plan: &Plan, day: u32, hour: u32) -> Second {
    plan.clock.start + day * DAY_S + hour * HOUR_S
}

/// When a site first ran the target.
pub fn upgraded(plan: &Plan, servers: &ServerHistory, site: usize) -> Second {
    since(servers.sites[site].iter(), |content| {
        *content == plan.target
    })
}

/// When something first held.
pub fn since<'h, T: 'h>(
    mut history: impl Iterator<Item = (Second, &'h T)>,
    holds: impl Fn(&T) -> bool,
) -> Second {
    history
        .find(|(_, value)| holds(value))
        .map_or(Second::NEVER, |(since, _)| since)
}

/// The hierarchy with lines added.
pub fn with(rollout: &str) -> String {
    format!("{HIERARCHY}\n{rollout}")
}

/// Q246527, Q264630: parents first. A child that is due while its parent's setup runs waits for it.
#[test]
fn a_child_waits_for_its_parent() {
    let text = with("[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-23 18:30:00\n");
    let plan = plan(&text, &[]);
    let servers = history(&plan);
    assert_eq!(upgraded(&plan, &servers, 0), moment(&plan, 4, 19));
    assert_eq!(
        upgraded(&plan, &servers, 1),
        moment(&plan, 4, 20),
        "setup begins when the parent's has ended"
    );
}

/// Q199250: 65 MB to the secondary, which over 56 kbit/s takes 9,286 s; then its own setup.
#[test]
fn a_secondary_is_pushed_over_its_address() {
    let text = with(
        "[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-23 20:00:00\n\
         [[rollout]]\nsite = \"SEC\"\nto = \"SP2\"\nat = 2000-06-24 00:00:00\n",
    );
    let plan = plan(&text, &[]);
    let servers = history(&plan);
    let send = servers.sends[0];
    assert_eq!(
        (send.queued, send.started, send.to),
        (moment(&plan, 5, 0), moment(&plan, 5, 0), SiteId(2))
    );
    assert_eq!(send.ended.since(send.started), 9_286);
    assert_eq!(upgraded(&plan, &servers, 2), send.ended + HOUR_S);
}

/// Q317893: the rate is read when the transfer starts; a closed hour lets it wait, an opening does not speed it up.
#[test]
fn an_address_is_read_once_when_the_transfer_starts() {
    let text = with(
        "[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-23 20:00:00\n\
         [[rollout]]\nsite = \"SEC\"\nto = \"SP2\"\nat = 2000-06-24 00:00:00\n",
    );
    let windows = "site.SEC.address.windows=[{ from = \"0:00\", until = \"5:00\", percent = 0 }, { from = \"5:00\", until = \"6:00\", percent = 50 }]";
    let plan = plan(&text, &[windows]);
    let servers = history(&plan);
    let send = servers.sends[0];
    assert_eq!(send.started, moment(&plan, 5, 5));
    assert_eq!(
        send.ended.since(send.started),
        18_572,
        "at half the rate to its end, although the hour passes"
    );
}

/// Q319166: five transfers at a time; the sixth waits for a thread.
#[test]
fn a_sender_has_five_threads() {
    let mut text = with("[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-23 20:00:00\n");
    for number in 1..=6 {
        text += &format!(
            "[[site]]\ncode = \"S0{number}\"\nkind = \"secondary\"\nparent = \"PRI\"\nboundaries = [\"10.3.{number}.0\"]\n\
             caps = [{{ name = \"S0{number}-CAP\" }}]\naddress = {{ bandwidth = \"56 kbit/s\" }}\n\
             [[rollout]]\nsite = \"S0{number}\"\nto = \"SP2\"\nat = 2000-06-24 00:00:00\n"
        );
    }
    let plan = plan(&text, &[]);
    let servers = history(&plan);
    let at_once = servers
        .sends
        .iter()
        .filter(|send| send.started == moment(&plan, 5, 0))
        .count();
    let last = servers
        .sends
        .iter()
        .max_by_key(|send| send.started)
        .unwrap();
    assert_eq!((servers.sends.len(), at_once), (6, 5));
    assert_eq!(last.started, servers.sends[0].ended);
    assert_eq!(last.queued, moment(&plan, 5, 0));
}

/// Q278856 and Q275617: Inbox Manager comes within the hour, and keeps the boxes locked while it copies.
#[test]
fn a_client_access_point_is_refreshed_within_the_hour_and_locked_meanwhile() {
    let plan = plan(HIERARCHY, &[]);
    let servers = history(&plan);
    let site = upgraded(&plan, &servers, 0);
    let visit = since(servers.caps[0].iter(), |state| state.locked);
    let refreshed = since(servers.caps[0].iter(), |state| state.content == plan.target);
    assert!(
        visit >= site && visit < site + HOUR_S,
        "{}",
        visit.since(site)
    );
    assert_eq!(
        refreshed.since(visit),
        20,
        "24 MB over 10 Mbit/s take 19.2 s"
    );
    assert!(!servers.caps[0].at(refreshed).locked);
}

/// Q275617: locks came with SP2; a Client Access Point that goes to SP1 has none.
#[test]
fn before_sp2_there_is_no_lock() {
    let plan = plan(
        HIERARCHY,
        &[
            "site.CEN.release=RTM",
            "site.PRI.release=RTM",
            "site.SEC.release=RTM",
            "rollout.CEN.to=SP1",
        ],
    );
    let servers = history(&plan);
    assert_eq!(
        since(servers.caps[0].iter(), |state| state.locked),
        Second::NEVER
    );
    assert!(since(servers.caps[0].iter(), |state| state.content == plan.target).is_set());
}

/// Q200830: a Client Access Point that cannot be reached is visited again an interval later.
#[test]
fn inbox_manager_comes_back_after_an_outage() {
    let outage = "site.CEN.caps.CEN-CAP1.outages=[{ from = 2000-06-23 12:00:00, until = 2000-06-24 12:00:00 }]";
    let plan = plan(HIERARCHY, &[outage]);
    let servers = history(&plan);
    let refreshed = since(servers.caps[0].iter(), |state| state.content == plan.target);
    let back = moment(&plan, 5, 12);
    assert!(
        refreshed >= back && refreshed < back + HOUR_S + 20,
        "{}",
        refreshed.since(back)
    );
}

/// Q264976: the PDC first, then, from SP2 on, the others together (Q255820); the files reach all within one cycle.
#[test]
fn the_senior_site_supplies_the_pdc_first_then_the_others_together() {
    let plan = plan(HIERARCHY, &["rollout.CEN.force_lsm=true"]);
    let servers = history(&plan);
    let cycle = upgraded(&plan, &servers, 0);
    let supplied: Vec<_> = servers
        .logon_points
        .iter()
        .map(|point| since(point.iter(), |state| state.content == plan.target).since(cycle))
        .collect();
    // A visit takes a minute, copying 14 MB over 10 Mbit/s another 12 s.
    assert_eq!(supplied, [72, 144, 144, 144]);
    let state = servers.logon_points[0].at(cycle + 72);
    assert_eq!(
        (state.credit.site, state.credit.version_known()),
        (SiteId(0), true)
    );
}

/// Q255820: before SP2 one controller after the other.
#[test]
fn before_sp2_controllers_are_updated_one_by_one() {
    let sets = [
        "site.CEN.release=RTM",
        "site.PRI.release=RTM",
        "site.SEC.release=RTM",
        "rollout.CEN.to=SP1",
    ];
    let plan = plan(HIERARCHY, &sets);
    let servers = history(&plan);
    let cycle = upgraded(&plan, &servers, 0);
    let supplied: Vec<_> = servers
        .logon_points
        .iter()
        .map(|point| since(point.iter(), |state| state.content == plan.target).since(cycle))
        .collect();
    assert_eq!(
        supplied,
        [72, 144, 216, 288],
        "and the restart started the cycle at once (Q249333)"
    );
}

/// Q249333: from SP2 on a restart starts no cycle; the logon points wait for the next one that is due.
#[test]
fn sp2_waits_for_the_next_cycle_unless_it_is_forced() {
    let plan = plan(HIERARCHY, &[]);
    let servers = history(&plan);
    let site = upgraded(&plan, &servers, 0);
    let pdc = since(servers.logon_points[0].iter(), |state| {
        state.content == plan.target
    });
    assert!(
        pdc > site + 72 && pdc < site + DAY_S + HOUR_S,
        "{}",
        pdc.since(site)
    );
}

/// Q251070: after the SP2 site supplied Clicore, the unpatched SP1 site's next cycle credits itself, and its folder
/// cannot tell the version; with the hotfix that never happens.
#[test]
fn an_unpatched_site_takes_the_credit_and_a_patched_one_does_not() {
    let unknown = |sets: &[&str]| {
        let plan = plan(HIERARCHY, &[&["rollout.CEN.force_lsm=true"], sets].concat());
        let servers = history(&plan);
        since(servers.logon_points[0].iter(), |state| {
            !state.credit.version_known() && state.credit.site == SiteId(1)
        })
    };
    assert!(unknown(&[]).is_set());
    assert!(!unknown(&["site.PRI.hotfixes=['Q249077']"]).is_set());
}

/// Q235726: Senior.lst wins over the higher version; the SP2 files wait until that site is upgraded.
#[test]
fn senior_lst_overrides_the_version() {
    let plan = plan(HIERARCHY, &["domain.CORP.senior=PRI"]);
    let servers = history(&plan);
    let never = servers.logon_points.iter().all(|point| {
        *point.latest() == *point.at(Second::ZERO) || point.latest().content == ContentId(0)
    });
    assert!(never, "nobody brings SP2 to the logon points");
}

/// Q249333: a cycle that meets the token in another site's hand is left out.
#[test]
fn only_one_site_at_a_time_holds_the_token() {
    // Visits of eight hours: the two sites' daily cycles take most of the day and must collide.
    let plan = plan(HIERARCHY, &["rules.lsm_visit_time=4h"]);
    let servers = history(&plan);
    assert!(servers.count(ServerEvent::CycleSkipped) > 0);
}

/// Q227028, Q259816: a site that is kept from the token for long enough loses its folders, before SP2.
#[test]
fn a_site_that_never_gets_the_token_dies() {
    let mut text = HIERARCHY.replace(
        "sites = [\"CEN\", \"PRI\"]",
        "sites = [\"CEN\", \"PRI\", \"X01\", \"X02\", \"X03\"]",
    );
    for number in 1..=3 {
        text += &format!(
            "[[site]]\ncode = \"X0{number}\"\nparent = \"CEN\"\nboundaries = [\"10.4.{number}.0\"]\ncaps = [{{ name = \"X0{number}-CAP\" }}]\n"
        );
    }
    // Five sites whose cycles take two days each cannot all have their turn within a week.
    let plan = plan(
        &text,
        &[
            "rules.lsm_visit_time=12h",
            "scenario.days=40",
            "rules.site_dead_after=1 day",
        ],
    );
    let servers = history(&plan);
    let all = servers.logon_points[0].at(Second::ZERO).sites;
    let lost = since(servers.logon_points[0].iter(), |state| state.sites != all);
    assert!(
        lost.is_set() && lost > Second(8 * DAY_S - HOUR_S),
        "seven intervals at the least: {}",
        lost.0 / DAY_S
    );
}

/// A setup that fails is tried again after the time the scenario gives.
#[test]
fn a_failed_setup_is_tried_again() {
    let attempts = |seed: u64| {
        let seed = format!("scenario.seed={seed}");
        let plan = plan(
            HIERARCHY,
            &["rules.setup_failure=0.5", "rules.setup_retry=12h", &seed],
        );
        let begun = moment(&plan, 4, 18);
        upgraded(&plan, &history(&plan), 0).since(begun)
    };
    let first = HOUR_S;
    for seed in 1..=20 {
        let took = attempts(seed);
        assert_eq!((took - first) % (13 * HOUR_S), 0, "whole attempts: {took}");
    }
    assert!((1..=20).any(|seed| attempts(seed) > first), "some fail");
    assert!((1..=20).any(|seed| attempts(seed) == first), "some do not");
}
