//! Check 7: with every prerequisite met, nobody is ever mixed, whatever else a plan does.

use crate::reference::plans;
use crate::written::{plan, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use smsim::engine::Second;
use smsim::engine::time::DAY_S;
use smsim::plan::{AppliedHotfix, ContentId, Hotfix, Network, Plan};
use smsim::run::{ClientRecord, ClientState, Replication, Trouble};
use smsim::sms::Reason;
use smsim::sms::defaults::{BootstrapRules, Rules};

/// Random plans that are tried.
const CASES: u32 = 1_500;
/// The service packs that random plans know.
const SP1: ContentId = ContentId(1);

/// What no logon ever decides then.
const NO_LOGON: [Reason; 4] = [
    Reason::VetoBypassed,
    Reason::VetoBypassedThenCycle,
    Reason::ClicoreBeforeCap,
    Reason::NewInstallFails,
];
/// What no cycle ever decides then, if all Client Access Points of a site hold the same.
const NO_CYCLE: [Reason; 2] = [Reason::NewerThanCap, Reason::AgentsOutOfSync];

/// Any plan, with what the articles ask for before the first site goes to SP2: all sites at SP1, all with the hotfix
/// for Copylog.tcf, the bootstrap as it was shipped, no setup that dies midway and nobody who garbles Copylog.tcf. And no site is kept from the token so long that it counts as dead:
/// its clients would leave it, and those of an upgraded site could be left with an earlier one.
fn prepared(mut plan: Plan) -> Plan {
    for site in &mut plan.sites {
        site.content = SP1;
        site.hotfixes = vec![AppliedHotfix {
            hotfix: Hotfix::Copylog,
            at: Second::ZERO,
            fails: 0.0,
            doubt: None,
        }];
    }
    for upgrade in &mut plan.rollout {
        upgrade.mishap = None;
    }
    for domain in &mut plan.domains {
        domain.copylog_damage.clear();
        domain.copylog_pin = None;
        for participation in &mut domain.sites {
            participation.leaves = Second::NEVER;
        }
    }
    plan.boundary_changes.clear(); // who comes into an earlier site stays ahead of it (Q264630)
    for cohort in &mut plan.cohorts {
        cohort.installed = cohort.installed.map(|_| SP1);
        cohort.network = Network::default();
    }
    plan.rules.bootstrap_rules = BootstrapRules::AsShipped;
    plan.rules.site_dead_after = 60 * DAY_S;
    plan.rules.pdc_outage_removes_folders = 0.0;
    plan
}

/// Every Client Access Point holds the release before any logon point can: Inbox Manager finds it and is done at once.
fn with_prompt_client_access_points(mut plan: Plan) -> Plan {
    plan.caps.iter_mut().for_each(|cap| cap.outages.clear());
    plan.caps.iter_mut().for_each(|cap| cap.stale_locks.clear());
    plan.sites.iter_mut().for_each(|site| site.outages.clear());
    for site in &mut plan.sites {
        site.intake.account_changes.clear();
    }
    plan.rules.inbox_manager_interval = 1;
    plan.rules.cap_content_size = 0;
    plan
}

/// Every machine has its client from the start and keeps it.
fn with_installed_clients(mut plan: Plan) -> Plan {
    for cohort in &mut plan.cohorts {
        cohort.installed = Some(SP1);
        cohort.appear = Second::ZERO;
    }
    plan.rules.site_lost_after = Rules::default().site_lost_after;
    plan.rules.dial_up_outside_boundaries = false;
    plan
}

/// Clients whose base is newer than every Client Access Point of their sites, when the run ends.
fn ahead(plan: &Plan, replication: &Replication) -> usize {
    let version = |content: ContentId| plan.contents[content.index()].base;
    let is_ahead = |client: &&ClientRecord| {
        let mut caps = client
            .sites
            .iter()
            .flatten()
            .flat_map(|site| &plan.sites[site.index()].caps)
            .peekable();
        let Some(base) = client.base.filter(|_| caps.peek().is_some()) else {
            return false;
        };
        caps.all(|cap| {
            let held = replication.servers.caps[cap.index()].latest().content;
            version(held).release() < version(base).release()
        })
    };
    replication.tally.clients.iter().filter(is_ahead).count()
}

/// New machines, too, as long as the Client Access Points are refreshed before the logon points.
#[test]
fn with_every_prerequisite_met_nobody_is_ever_mixed() {
    let never = [&NO_LOGON[..], &NO_CYCLE[..]].concat();
    nobody_is_ever_mixed(with_prompt_client_access_points, &never);
}

/// Clients that are installed stay out of trouble even if Inbox Manager is late and Client Access Points are down: only
/// a new machine can take SP2 from a logon point. A cycle may then meet a Client Access Point that is behind the one it
/// was upgraded from, and leaves the agents alone; that is no mixture.
#[test]
fn with_the_hotfix_no_installed_client_is_ever_mixed() {
    nobody_is_ever_mixed(with_installed_clients, &NO_LOGON);
}

fn nobody_is_ever_mixed(further: fn(Plan) -> Plan, never: &[Reason]) {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let plans = plans::plan().prop_map(move |plan| further(prepared(plan)));
    let outcome = runner.run(&plans, |plan| {
        let replication = run(&plan);
        let tally = &replication.tally;
        prop_assert_eq!(ahead(&plan, &replication), 0);
        let mixed = |((kind, _), _): &(&(Trouble, Reason), _)| *kind == Trouble::Mixed;
        prop_assert_eq!(tally.trouble.iter().filter(mixed).count(), 0);
        for reason in never {
            let sites = tally.sites.iter();
            let decided: u64 = sites.map(|site| site.decisions.total(*reason)).sum();
            prop_assert_eq!(decided, 0, "{}", reason);
        }
        for client in &tally.clients {
            let converged = client.state == ClientState::Converged;
            prop_assert_eq!(client.standing.is_none(), converged);
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

const NEW_MACHINE: &str = r#"
[scenario]
name = "New machine"
start = 2000-06-19 00:00:00
days = 7

[[site]]
code = "AAA"
boundaries = ["10.1.0.0"]
hotfixes = ["Q249077"]
caps = [{ name = "AAA-CAP1", outages = [{ from = 2000-06-20 12:00:00, until = 2000-06-21 12:00:00 }] }]

[[domain]]
name = "OWN"
controllers = 1
sites = ["AAA"]

[[clients]]
name = "new"
count = 20
boundary = "10.1.0.0"
installed = "none"
appear = 2000-06-21 00:00:00

[[rollout]]
site = "AAA"
to = "SP2"
at = 2000-06-20 18:00:00
force_lsm = true
"#;

/// What is left: between the upgrade of a site and Inbox Manager's visit a new machine takes SP2 from the logon point
/// and finds SP1 on its Client Access Point. A later cycle, which finds SP2, makes it whole.
#[test]
fn a_new_machine_can_be_ahead_of_its_client_access_point_for_a_while() {
    let plan = plan(NEW_MACHINE, &[]);
    let tally = run(&plan).tally;
    let mixed = &tally.trouble[&(Trouble::Mixed, Reason::NewerThanCap)];
    assert!(mixed.cases > 0 && mixed.cured == mixed.cases, "{mixed:?}");
    let converged = |it: &&ClientRecord| it.state == ClientState::Converged;
    assert_eq!(tally.clients.iter().filter(converged).count(), 20);
}
