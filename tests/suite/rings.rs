//! Rollouts in rings: the calendar that comes of them.

use crate::command_line::{err, out, smsim};
use crate::written::{plan, shipped};
use smsim::plan::Plan;
use std::path::Path;

const THREE: &str = r#"
[scenario]
name = "Rings"
start = 2000-06-19 00:00:00
days = 28
zone = "UTC"

[[site]]
code = "TOP"
caps = [{}]
boundaries = ["10.0.0.0"]

[[site]]
code = "MID"
parent = "TOP"
zone = "Europe/Berlin"
caps = [{}]
boundaries = ["10.1.0.0"]

[[template]]
name = "low"
code = "L##"
count = 4
kind = "secondary"
parent = "MID"
zone = "America/New_York"
subnets = "10.2.0.0/24"

[[clients]]
name = "one"
count = 1
boundary = "10.0.0.0"
domain = "none"

[rings]
to = "SP2"
start = 2000-06-23 18:00:00
days = ["mon", "tue", "wed", "thu", "fri"]
"#;

/// Sites in the order of their upgrades, with their local times.
fn calendar(plan: &Plan) -> Vec<String> {
    let mut upgrades: Vec<_> = plan.rollout.iter().collect();
    upgrades.sort_by_key(|it| (it.at, it.site));
    let line = |it: &&smsim::plan::Upgrade| {
        let site = &plan.sites[it.site.index()];
        let local = plan.zones[site.zone.index()].local(&plan.clock, it.at);
        format!("{} {}", site.code, local.strftime("%m-%d %H:%M"))
    };
    upgrades.iter().map(line).collect()
}

#[test]
fn rings_take_shares_and_keep_to_working_days() {
    let rings = r#"
        [[ring]]
        name = "pilot"
        sites = "TOP"

        [[ring]]
        name = "half"
        share = 0.5
        after = "1 day"

        [[ring]]
        name = "rest"
        after = "2 days"
    "#;
    let plan = plan(&format!("{THREE}{rings}"), &[]);
    // Half of six sites, one of which went before: three, MID first; Saturday becomes Monday. The children of MID
    // have a later clock. Two days after Monday is Wednesday.
    assert_eq!(
        calendar(&plan),
        [
            "TOP 06-23 18:00",
            "MID 06-26 18:00",
            "L01 06-26 18:00",
            "L02 06-26 18:00",
            "L03 06-28 18:00",
            "L04 06-28 18:00"
        ]
    );
}

/// At 18:00 by its own clock Berlin would start before its parent in London's winter or summer alike.
#[test]
fn in_one_ring_no_site_starts_before_its_parent() {
    let plan = plan(&format!("{THREE}[[ring]]\nname = \"all\""), &[]);
    assert_eq!(
        calendar(&plan)[..3],
        ["TOP 06-23 18:00", "MID 06-23 20:00", "L01 06-23 18:00"]
    );
}

/// The date follows from the pilot replications of the ring before, not from the seed of the run.
#[test]
fn a_ring_waits_until_the_one_before_it_is_through() {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart-rings.toml");
    let file = file.display().to_string();
    let upgrades = |more: &[&str]| {
        let mut arguments = vec!["plan", file.as_str()];
        arguments.extend(more);
        let shown = smsim(folder.path(), &arguments);
        assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
        let told = out(&shown);
        let begins = told.find("Upgrades (2)\n").unwrap();
        let lines = told[begins..].lines().skip(1).take(2);
        lines
            .map(|line| line.trim().to_owned())
            .collect::<Vec<String>>()
    };
    let usual = upgrades(&[]);
    assert_eq!(
        usual[0],
        "Fri 2000-06-23 18:00 America/New_York: HQ1 to SP2"
    );
    assert_eq!(usual[1], "Wed 2000-06-28 18:00 Europe/Berlin: EU1 to SP2");
    assert_eq!(upgrades(&["--set", "scenario.seed=99"]), usual);
    let earlier = upgrades(&["--set", "ring.\"the rest\".wait=10% converged"]);
    assert_eq!(earlier[1], "Mon 2000-06-26 18:00 Europe/Berlin: EU1 to SP2");
    let later = upgrades(&["--set", "ring.\"the rest\".after=2 days"]);
    assert_eq!(later[1], "Fri 2000-06-30 18:00 Europe/Berlin: EU1 to SP2");

    let never = ["--set", "ring.\"the rest\".wait=100% converged"];
    let mut arguments = vec!["plan", file.as_str()];
    arguments.extend(never);
    let refused = smsim(folder.path(), &arguments);
    assert_eq!(refused.status.code(), Some(2));
    let told = err(&refused);
    assert!(
        told.contains("error: ring `the rest` never starts"),
        "{told}"
    );
    assert!(
        told.contains("`pilot` got there in 0 of 5 pilot replications"),
        "{told}"
    );
}

#[test]
fn the_shipped_waves_have_every_site_once() {
    for name in ["three-tier-one-night.toml", "three-tier-waves.toml"] {
        let loaded = shipped(name, &[]);
        let mut sites: Vec<u16> = loaded.rollout.iter().map(|it| it.site.0).collect();
        sites.sort_unstable();
        let all: Vec<u16> = (0..sites.len() as u16).collect();
        assert_eq!(sites, all, "{name}");
        let wanted = if name.contains("night") { 46 } else { 1 };
        assert_eq!(sites.len(), wanted, "{name}: up to the ring that waits");
    }
}
