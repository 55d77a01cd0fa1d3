//! What a valid plan risks, one small plan per risk.

use smsim::plan::risks::Risk;
use smsim::scenario::parse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Two sites with all hotfixes in one domain, upgraded two hours apart: nothing to warn of.
const SOUND: &str = r#"
[scenario]
name = "Sound"
start = 2000-06-19 00:00:00
days = 21
zone = "Europe/Berlin"

[[site]]
code = "HQ1"
hotfixes = ["Q249077", "Q252717"]
boundaries = ["10.1.0.0"]
caps = [{ bandwidth = "10 Mbit/s" }]

[[site]]
code = "EU1"
parent = "HQ1"
hotfixes = ["Q249077", "Q252717"]
boundaries = ["10.2.0.0"]
caps = [{ bandwidth = "10 Mbit/s" }]

[[domain]]
name = "CORP"
sites = ["HQ1", "EU1"]

[[clients]]
name = "desktops"
count = 100
boundary = "10.1.0.0"

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[[rollout]]
site = "EU1"
to = "SP2"
at = 2000-06-23 20:00:00
"#;

/// The risks of the sound plan with settings laid over it and text added to it.
fn risks(sets: &[&str], added: &str) -> Vec<Risk> {
    let text = format!("{SOUND}\n{added}");
    let sources = BTreeMap::from([(PathBuf::from("plan.toml"), text)]);
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = parse(&sources, Path::new("plan.toml"), &sets, None, None);
    loaded
        .unwrap_or_else(|complaints| panic!("{complaints}"))
        .risks
}

/// The one risk of such a plan: its articles and its text.
fn only_risk(sets: &[&str], added: &str) -> (&'static str, String) {
    match risks(sets, added).as_slice() {
        [only] => (only.article, only.text.clone()),
        several => panic!("{several:#?}"),
    }
}

#[test]
fn a_sound_plan_has_no_risks() {
    assert_eq!(risks(&[], ""), []);
}

#[test]
fn sites_of_a_domain_upgraded_days_apart() {
    let (article, text) = only_risk(&["rollout.EU1.at=2000-06-26 18:00:00"], "");
    assert_eq!(article, "Q264630");
    assert_eq!(
        text,
        "sites that share CORP are upgraded 72 hours apart: HQ1 first, EU1 last"
    );
}

#[test]
fn a_site_of_a_domain_left_behind() {
    let lab = "[[site]]\ncode = \"LAB\"\nhotfixes = [\"Q249077\", \"Q252717\"]\ncaps = [{}]\n";
    let (article, text) = only_risk(&["domain.CORP.sites=[\"HQ1\", \"EU1\", \"LAB\"]"], lab);
    assert_eq!(article, "Q264630");
    assert_eq!(text, "sites of CORP go to SP2 while LAB never does");
}

#[test]
fn a_site_that_follows_one_that_is_there_already() {
    let sets = [
        "site.HQ1.release=SP2",
        "site.HQ1.hotfixes=[]",
        "rollout.HQ1.to=SP3",
        "rollout.EU1.at=2000-06-24",
    ];
    let (_, text) = only_risk(&sets, "");
    assert_eq!(text, "CORP has SP2 sites already when EU1 follows");
}

#[test]
fn hotfixes_missing_before_the_first_sp2_site() {
    let (article, text) = only_risk(&["site.EU1.hotfixes=[\"Q249077\"]"], "");
    assert_eq!(article, "Q261931");
    assert_eq!(
        text,
        "when the first site of CORP goes to SP2, EU1 lacks the push hotfix"
    );
    let silently = "site.EU1.hotfixes=[{ id = \"Q249077\", took = false }, \"Q252717\"]";
    assert_eq!(
        only_risk(&[silently], "").1,
        "when the first site of CORP goes to SP2, EU1 lacks the copylog hotfix"
    );
    let both = only_risk(&["site.EU1.hotfixes=[]"], "").1;
    assert!(
        both.ends_with("EU1 lacks the copylog hotfix and the push hotfix"),
        "{both}"
    );
}

#[test]
fn no_whole_cycle_between_hotfix_and_sp2() {
    let late = "site.EU1.hotfixes=[{ id = \"Q249077\", at = 2000-06-23 08:00:00 }, \"Q252717\"]";
    let (article, text) = only_risk(&[late], "");
    assert_eq!(article, "Q261931");
    assert_eq!(
        text,
        "the first site of CORP goes to SP2 only 10 hours after the last copylog hotfix"
    );
    assert_eq!(risks(&[late, "domain.CORP.lsm_interval=8h"], ""), []);
}

#[test]
fn hotfixes_on_secondary_sites() {
    let (article, text) = only_risk(&["site.EU1.kind=secondary"], "");
    assert_eq!(article, "Q267258");
    assert_eq!(
        text,
        "hotfixes may have failed silently on secondary sites: EU1"
    );
}

#[test]
fn a_senior_site_behind_a_slow_link() {
    // EU1 has the lower code of two equal versions.
    let (article, text) = only_risk(&["site.EU1.address.bandwidth=56k"], "");
    assert_eq!(article, "Q235726");
    assert_eq!(
        text,
        "the election favours EU1 as senior site of CORP, behind a link of 56 kbit/s"
    );
    assert_eq!(
        risks(
            &["site.EU1.address.bandwidth=56k", "domain.CORP.senior=HQ1"],
            ""
        ),
        []
    );
}

#[test]
fn boundaries_that_overlap_while_releases_differ() {
    let (article, text) = only_risk(&["site.EU1.boundaries=[\"10.2.0.0\", \"10.1.0.0\"]"], "");
    assert_eq!(article, "Q262677, Q264630");
    assert_eq!(
        text,
        "boundaries overlap while releases differ: 10.1.0.0 (HQ1, EU1)"
    );
}

#[test]
fn access_points_that_cannot_serve_their_clients_within_a_cycle() {
    let (article, text) = only_risk(&["clients.desktops.count=10000"], "");
    assert_eq!(article, "Q237543");
    // 10,000 clients of 16 MB on the average, over 10 Mbit/s.
    assert_eq!(
        text,
        "the Client Access Points of HQ1 need 36 hours to serve an upgrade to all clients, a maintenance cycle is 23"
    );
    assert_eq!(
        risks(&["clients.desktops.count=10000", "site.HQ1.caps=[{}]"], ""),
        []
    );
}

#[test]
fn dial_up_clients_in_the_logon_script() {
    let (article, text) = only_risk(&["clients.desktops.off_site_link=33.6 kbit/s"], "");
    assert_eq!(article, "Q237543, Q238780");
    assert_eq!(text, "dial-up clients run the logon script: desktops");
    assert_eq!(
        risks(
            &["clients.desktops.link=56k", "domain.CORP.logon_script=off"],
            ""
        ),
        []
    );
}

#[test]
fn windows_9x_with_software_distribution() {
    let (article, text) = only_risk(&["clients.desktops.platform=9x"], "");
    assert_eq!(article, "Q264969");
    assert_eq!(
        text,
        "Windows 9x clients with software distribution restart twice: desktops"
    );
    let without = "clients.desktops.agents=[\"hardware-inventory\"]";
    assert_eq!(risks(&["clients.desktops.platform=9x", without], ""), []);
}

#[test]
fn clients_that_nobody_covers() {
    let (article, text) = only_risk(&["clients.desktops.boundary=10.9.0.0"], "");
    assert_eq!(article, "Q200344");
    assert_eq!(
        text,
        "these clients are within no site's boundaries: desktops"
    );
}

#[test]
fn boundaries_that_come_back_within_a_day() {
    let change = |day: &str, key: &str| {
        format!(
            "[[boundary_change]]\nat = 2000-06-{day} 12:00:00\nsubnets = \"10.1.0.0\"\n{key} = \"HQ1\"\n"
        )
    };
    let soon = change("26", "from") + &change("27", "to");
    assert_eq!(risks(&[], &soon), [], "24 hours will do");
    let sooner = soon.replace("27 12", "27 11");
    let (article, text) = only_risk(&[], &sooner);
    assert_eq!(article, "Q234484, Q238864");
    assert_eq!(
        text,
        "subnets come back into boundaries before their clients have left: 10.1.0.0"
    );
}

#[test]
fn accounts_without_overlap_and_travel_mode_of_a_site() {
    let change = "site.HQ1.client_settings={ account_changes = [{ at = 2000-06-26 12:00:00 }] }";
    let (article, text) = only_risk(&[change], "");
    assert_eq!(article, "Q237759, Q260824, Q227033");
    assert!(text.contains("HQ1 ("), "{text}");
    let mode = "site.HQ1.client_settings={ travel_mode = \"always-on\" }";
    let (article, text) = only_risk(&[mode], "");
    assert_eq!(article, "Q263665, Q299772");
    assert_eq!(
        text,
        "travel mode of whole sites keeps new clients out: HQ1"
    );
}

/// Two hundred cohorts of one template are one name and a number.
#[test]
fn cohorts_of_a_template_are_named_once() {
    let branches = r#"
[[template]]
name = "branches"
count = 3
code = "B##"
parent = "HQ1"
hotfixes = ["Q249077", "Q252717"]
subnets = "10.16.0.0/24"
caps = [{ bandwidth = "10 Mbit/s" }]
domain = "{site}"
controllers = 1

[[template.clients]]
name = "{site}-win98"
count = 5
platform = "9x"
"#;
    let (_, text) = only_risk(&[], branches);
    assert_eq!(
        text,
        "Windows 9x clients with software distribution restart twice: win98 at 3 sites"
    );
}
