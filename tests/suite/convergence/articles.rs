//! The two articles that started it, told as scenarios: Q262677 and Q264630.

use super::at;
use crate::written::{plan, run, shipped};
use smsim::plan::{CohortId, Plan};
use smsim::run::{ClientRecord, ClientState, Tally, Trouble};
use smsim::sms::Reason;

fn cohort<'a>(plan: &Plan, tally: &'a Tally, name: &str) -> Vec<&'a ClientRecord> {
    let id = plan
        .cohorts
        .iter()
        .position(|it| it.name == name)
        .expect("it is there");
    let of_cohort = |it: &&ClientRecord| it.cohort == CohortId(id as u32);
    tally.clients.iter().filter(of_cohort).collect()
}

fn sites(plan: &Plan, client: &ClientRecord) -> String {
    let codes = client
        .sites
        .iter()
        .flatten()
        .map(|site| plan.sites[site.index()].code.as_str());
    codes.collect::<Vec<_>>().join(" ")
}

fn base(plan: &Plan, client: &ClientRecord) -> String {
    client.base.map_or(String::new(), |base| {
        plan.contents[base.index()].base.to_string()
    })
}

/// Decisions of a site's clients with this reason.
fn decisions(tally: &Tally, site: usize, reason: Reason) -> u64 {
    tally.sites[site].decisions.total(reason)
}

fn cases(tally: &Tally, kind: Trouble) -> u64 {
    let of_kind = tally
        .trouble
        .iter()
        .filter(|((trouble, _), _)| *trouble == kind);
    of_kind.map(|(_, tally)| tally.cases).sum()
}

/// The article's story without its last day, on which AAA follows.
fn without_the_end(sets: &[&str]) -> Plan {
    let mut plan = shipped("seed-article.toml", sets);
    plan.rollout
        .retain(|line| plan.sites[line.site.index()].code != "AAA");
    plan
}

/// Check 5, first half: an assigned client of AAA never changes by logging on; a new one in both boundaries joins BBB
/// only, a new one of AAA waits; a hotfix does come by logon.
#[test]
fn q262677_to_the_letter() {
    let plan = without_the_end(&[]);
    let tally = run(&plan).tally;
    for client in cohort(&plan, &tally, "a-existing") {
        assert_eq!(base(&plan, client), "2.00.1380.0000");
        assert_eq!(sites(&plan, client), "AAA");
        assert_eq!(client.standing, Some(Reason::SiteStaysBehind));
    }
    for client in cohort(&plan, &tally, "b-existing") {
        assert_eq!(base(&plan, client), "2.00.1999.2001");
    }
    for client in cohort(&plan, &tally, "new-in-both") {
        assert_eq!(sites(&plan, client), "BBB");
        assert_eq!(client.state, ClientState::Converged);
    }
    for client in cohort(&plan, &tally, "new-in-a") {
        assert_eq!(client.state, ClientState::NotInstalled);
        assert_eq!(client.standing, Some(Reason::NewWaitsForSite));
    }
    let days = 14;
    assert_eq!(
        decisions(&tally, 0, Reason::SiteNotUpgraded),
        10 * days,
        "quits at every logon"
    );
    assert_eq!(decisions(&tally, 1, Reason::HotfixByLogon), 10, "once each");
    assert_eq!(cases(&tally, Trouble::Mixed), 0);
}

/// The end of the story: AAA follows, and its clients are upgraded by their cycles within 23 hours.
#[test]
fn q262677_ends_when_the_site_is_upgraded() {
    let plan = shipped("seed-article.toml", &[]);
    let tally = run(&plan).tally;
    let upgraded = at(&plan, 7, 18);
    for client in cohort(&plan, &tally, "a-existing") {
        assert_eq!(client.state, ClientState::Converged);
        let waited_h = client.converged_at.since(upgraded) / 3_600;
        assert!((1..27).contains(&waited_h), "{waited_h} h"); // setup, Inbox Manager, 23 h, installation, agents
    }
    for logon in [
        Reason::ClicoreBeforeCap,
        Reason::ClicoreThenCycle,
        Reason::VetoBypassed,
    ] {
        assert_eq!(decisions(&tally, 0, logon), 0, "{logon}");
    }
    let hotfixes = decisions(&tally, 0, Reason::HotfixByLogon);
    assert_eq!(
        hotfixes, 10,
        "new-in-both, which lies in AAA too, as clients of BBB"
    );
    assert_eq!(decisions(&tally, 0, Reason::BaseOlder), 10);
    assert!(
        cohort(&plan, &tally, "new-in-a")
            .iter()
            .all(|it| sites(&plan, it) == "AAA")
    );
    assert!(
        cohort(&plan, &tally, "new-in-both")
            .iter()
            .all(|it| sites(&plan, it) == "BBB AAA")
    );
}

/// Check 5, second half: by the rules from before SP2 the same logons make every client of AAA mixed.
#[test]
fn q262677_by_the_old_rules_makes_clients_mixed() {
    let plan = without_the_end(&["rules.bootstrap_rules=before-sp2"]);
    let tally = run(&plan).tally;
    for client in cohort(&plan, &tally, "a-existing") {
        assert_eq!(client.state, ClientState::Mixed, "{client:?}");
        assert_ne!(base(&plan, client), "2.00.1380.0000");
    }
    assert!(
        cohort(&plan, &tally, "new-in-both")
            .iter()
            .all(|it| sites(&plan, it) == "AAA BBB")
    );
    assert!(cases(&tally, Trouble::Mixed) >= 10);
}

/// Two sites share a domain, and the senior one goes to SP2 days before the other.
const SHARED: &str = r#"
[scenario]
name = "Q264630"
start = 2000-06-19 00:00:00
days = 14
seed = 5

[[site]]
code = "AAA"
boundaries = ["10.1.0.0"]
caps = [{ name = "AAA-CAP1" }]

[[site]]
code = "BBB"
boundaries = ["10.2.0.0"]
caps = [{ name = "BBB-CAP1" }]

[[domain]]
name = "SHARED"
controllers = 1
sites = ["AAA", "BBB"]

[[habits]]
name = "every-day"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
absent = 0.0

[[clients]]
name = "a"
count = 100
boundary = "10.1.0.0"
habits = "every-day"

[[clients]]
name = "new-in-b"
count = 10
boundary = "10.2.0.0"
habits = "every-day"
installed = "none"
appear = 2000-06-26 00:00:00

[[rollout]]
site = "BBB"
to = "SP2"
at = 2000-06-23 18:00:00
force_lsm = true
"#;

const HOTFIXES: &str = r#"site.AAA.hotfixes=["Q249077"]"#;
const AAA_FOLLOWS: &str = "[[rollout]]\nsite = \"AAA\"\nto = \"SP2\"\nat = 2000-06-29 18:00:00\n";

/// Check 6, without the hotfix: AAA's cycles credit AAA with SP2's Clicore, Boot32wn cannot read its version, and
/// clients of AAA copy it.
#[test]
fn q264630_without_the_hotfix_makes_clients_mixed() {
    let plan = plan(SHARED, &[]);
    let tally = run(&plan).tally;
    assert!(decisions(&tally, 0, Reason::VetoBypassed) > 0);
    let mixed = |it: &&&ClientRecord| it.state == ClientState::Mixed;
    let clients = cohort(&plan, &tally, "a");
    assert_eq!(
        clients.iter().filter(mixed).count(),
        100,
        "every one, sooner or later"
    );
    assert!(
        clients
            .iter()
            .all(|it| it.standing == Some(Reason::NewerThanCap))
    );
    assert!(
        decisions(&tally, 1, Reason::NewInstallFails) > 0,
        "and new machines cannot be installed"
    );
}

/// Check 6, with it: none, ever; and new machines of the upgraded site are installed.
#[test]
fn q264630_with_the_hotfix_none_ever() {
    let plan = plan(SHARED, &[HOTFIXES]);
    let tally = run(&plan).tally;
    assert_eq!(decisions(&tally, 0, Reason::VetoBypassed), 0);
    assert_eq!(cases(&tally, Trouble::Mixed), 0);
    assert!(
        decisions(&tally, 0, Reason::SiteNotUpgraded) > 0,
        "the veto holds"
    );
    assert_eq!(decisions(&tally, 1, Reason::NewInstallFails), 0);
    assert!(
        cohort(&plan, &tally, "new-in-b")
            .iter()
            .all(|it| it.state == ClientState::Converged)
    );
}

/// What cures mixed clients: the upgrade of their site (KB 4.9).
#[test]
fn q264630_is_cured_by_upgrading_the_site() {
    let plan = plan(&format!("{SHARED}{AAA_FOLLOWS}"), &[]);
    let tally = run(&plan).tally;
    assert!(cases(&tally, Trouble::Mixed) > 0);
    assert!(
        tally
            .clients
            .iter()
            .all(|it| it.state == ClientState::Converged)
    );
    let mixed = tally
        .trouble
        .iter()
        .filter(|((kind, _), _)| *kind == Trouble::Mixed);
    assert!(mixed.into_iter().all(|(_, it)| it.cases == it.cured));
}
