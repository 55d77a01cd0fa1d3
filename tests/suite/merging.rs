//! Scenarios that extend others, arguments of the command line, inventories and templates.

use smsim::engine::Second;
use smsim::plan::{Hotfix, Plan};
use smsim::scenario::{Complaints, Loaded, parse};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const BASE: &str = r#"
[scenario]
name = "Base"
start = 2000-06-19 00:00:00
days = 21

[[site]]
code = "HQ1"
boundaries = ["10.1.0.0", "10.1.1.0"]
caps = [{ name = "HQ1-CAP1", bandwidth = "10 Mbit/s" }, { name = "HQ1-CAP2" }]

[[domain]]
name = "CORP"
sites = ["HQ1"]

[[clients]]
name = "desktops"
count = 101
boundary = ["10.1.0.0", "10.1.1.0"]

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[rules]
ccim_cycle = "20h"
"#;

/// Loads the first of several texts.
fn load(texts: &[(&str, &str)], sets: &[&str]) -> Result<Loaded, Complaints> {
    let sources: BTreeMap<PathBuf, String> = texts
        .iter()
        .map(|(name, text)| (PathBuf::from(name), (*text).to_owned()))
        .collect();
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    parse(&sources, Path::new(texts[0].0), &sets, None, None)
}

fn plan(texts: &[(&str, &str)], sets: &[&str]) -> Plan {
    load(texts, sets)
        .unwrap_or_else(|complaints| panic!("{complaints}"))
        .plan
}

#[test]
fn a_variant_says_only_what_differs() {
    let variant = r#"
extends = "base.toml"
remove = ["rules.ccim_cycle", "site.HQ1.caps.HQ1-CAP2"]

[scenario]
name = "Variant"

[[site]]
code = "HQ1"
caps = [{ name = "HQ1-CAP1", connections = 40 }]

[[clients]]
name = "desktops"
count = 50

[[clients]]
name = "servers"
count = 3
boundary = "10.1.0.0"
habits = "server"

[[rollout]]
site = "HQ1"
at = 2000-06-24 18:00:00
"#;
    let plan = plan(
        &[("variants/a.toml", variant), ("variants/base.toml", BASE)],
        &[],
    );
    assert_eq!(plan.name, "Variant");
    assert_eq!(plan.rules_set, [""; 0]);
    assert_eq!(plan.caps.len(), 1);
    assert_eq!(
        (plan.caps[0].bandwidth_bps, plan.caps[0].connections),
        (Some(10_000_000), Some(40))
    );
    assert_eq!(plan.clients(), 53);
    assert_eq!(plan.rollout.len(), 1);
    let zone = &plan.zones[0];
    assert_eq!(
        zone.local(&plan.clock, plan.rollout[0].at).to_string(),
        "2000-06-24T18:00:00"
    );
}

#[test]
fn arguments_reach_into_lists_by_name_and_by_number() {
    let sets = [
        "clients.desktops.count=7",
        "site.1.caps.HQ1-CAP2.bandwidth=5 Mbit/s",
        "rollout.HQ1.at=2000-06-24 18:00:00",
        "results.clients=false",
        "scenario.name=\"Seven\"",
        "rules.install_failure=0.25",
    ];
    let plan = plan(&[("base.toml", BASE)], &sets);
    assert_eq!(plan.clients(), 7);
    assert_eq!(plan.caps[1].bandwidth_bps, Some(5_000_000));
    assert_eq!(plan.name, "Seven");
    assert!(!plan.results.clients);
    assert_eq!(plan.rules.install_failure, 0.25);
    assert_eq!(plan.rules_set, ["ccim_cycle", "install_failure"]);
}

#[test]
fn clients_spread_evenly_over_their_subnets() {
    let plan = plan(&[("base.toml", BASE)], &[]);
    let cohorts: Vec<(&str, u32)> = plan
        .cohorts
        .iter()
        .map(|cohort| (cohort.name.as_str(), cohort.count))
        .collect();
    assert_eq!(
        cohorts,
        [("desktops@10.1.0.0", 51), ("desktops@10.1.1.0", 50)]
    );
    assert!(
        plan.cohorts
            .iter()
            .all(|cohort| cohort.domain.is_some() && cohort.installed.is_some())
    );
}

#[test]
fn seed_and_replications_of_the_command_line_stand_first() {
    let sources = BTreeMap::from([(PathBuf::from("base.toml"), BASE.to_owned())]);
    let loaded = parse(&sources, Path::new("base.toml"), &[], Some(99), Some(5)).expect("is right");
    assert_eq!((loaded.plan.seed, loaded.plan.replications), (99, 5));
    assert!(loaded.resolved.contains("seed = 99"));
    let complaints = parse(&sources, Path::new("base.toml"), &[], Some(u64::MAX), None)
        .expect_err("is too large");
    assert_eq!(
        complaints.titles().collect::<Vec<_>>(),
        ["`seed` is out of range"]
    );
}

#[test]
fn an_inventory_makes_one_cohort_per_kind_of_row() {
    let variant =
        "extends = \"base.toml\"\n[[clients]]\nname = \"pcs\"\ninventory = \"lists/pcs.csv\"\n";
    let pcs = "name,subnet,platform,installed,zone\n\
               PC-1,10.1.0.0,nt,,\nPC-2,10.1.0.0,9x,RTM,Europe/Berlin\nPC-3,10.1.0.0,,,\nPC-4,10.1.0.0 10.1.1.0,nt,none,\n";
    let texts = [
        ("v/variant.toml", variant),
        ("v/base.toml", BASE),
        ("v/lists/pcs.csv", pcs),
    ];
    let plan = plan(&texts, &[]);
    let pcs: Vec<(&str, u32)> = plan.cohorts[2..]
        .iter()
        .map(|cohort| (cohort.name.as_str(), cohort.count))
        .collect();
    assert_eq!(
        pcs,
        [
            ("pcs@10.1.0.0", 1),
            ("pcs@10.1.0.0#2", 1),
            ("pcs@10.1.0.0#3", 1),
            ("pcs@10.1.0.0+10.1.1.0", 1)
        ]
    );
    assert_eq!(plan.cohorts[5].subnets.len(), 2);
    assert_eq!(plan.cohorts[5].installed, None);
    assert_eq!(plan.contents[0].name, "RTM", "contents are in order");
    assert_eq!(
        plan.cohorts[3]
            .names
            .as_ref()
            .map(|names| names[0].as_ref()),
        Some("PC-2")
    );
}

#[test]
fn a_file_that_cannot_be_read_is_the_machines_fault() {
    let missing =
        load(&[("variant.toml", "extends = \"nowhere.toml\"\n")], &[]).expect_err("cannot be read");
    assert!(missing.is_io());
    let wrong = load(&[("variant.toml", "x = 1\n")], &[]).expect_err("is wrong");
    assert!(!wrong.is_io());
    let nothing =
        parse(&BTreeMap::new(), Path::new("none.toml"), &[], None, None).expect_err("is not there");
    assert!(nothing.is_io() && nothing.len() == 1);
}

#[test]
fn a_hotfix_counts_from_when_it_was_applied_if_it_took() {
    let hotfixes = "site.HQ1.hotfixes=[{ id = \"Q249077\", at = 2000-06-20 }, { id = \"Q252717\", took = false }]";
    let plan = plan(&[("base.toml", BASE)], &[hotfixes]);
    let [copylog, push] = plan.sites[0].hotfixes.as_slice() else {
        panic!("{:?}", plan.sites[0].hotfixes)
    };
    assert_eq!((copylog.hotfix, copylog.fails), (Hotfix::Copylog, 0.0));
    assert_eq!(copylog.at, plan.clock.start + 86_400);
    assert_eq!((push.hotfix, push.fails), (Hotfix::Push, 1.0));
    let long_ago = "site.HQ1.hotfixes=[{ id = \"Q249077\", at = 1999-06-20 }]";
    let before = self::plan(&[("base.toml", BASE)], &[long_ago]);
    assert_eq!(before.sites[0].hotfixes[0].at, Second::ZERO);
}

#[test]
fn a_selection_skips_sites_that_are_there_and_staggers_the_rest() {
    let many = r#"
extends = "base.toml"
remove = ["rollout.HQ1"]
[[template]]
name = "branch"
code = "B#"
"#;
    let many = many.replace("B#", "B##")
        + "count = 3\nkind = \"secondary\"\nparent = \"HQ1\"\n[[rollout]]\nsite = [\"HQ1\", \"children of HQ1\", \"all\"]\nto = \"SP2\"\nat = 2000-06-23 18:00:00\nstagger = \"2h\"\n";
    let plan = plan(&[("many.toml", &many), ("base.toml", BASE)], &[]);
    let hours: Vec<u32> = plan
        .rollout
        .iter()
        .map(|upgrade| upgrade.at.since(plan.rollout[0].at) / 3_600)
        .collect();
    assert_eq!(hours, [0, 2, 4, 6]);
    let there = self::plan(
        &[("many.toml", &many), ("base.toml", BASE)],
        &["site.HQ1.release=SP2", "rollout.1.site=all"],
    );
    assert_eq!(there.rollout.len(), 3);
}

#[test]
fn a_list_of_sites_in_a_rollout_line_is_replaced_as_a_whole() {
    let sites = "[[site]]\ncode = \"EU1\"\nparent = \"HQ1\"\ncaps = [{}]\n";
    let base = BASE.replace("site = \"HQ1\"", "site = [\"HQ1\", \"EU1\"]") + sites;
    let both = plan(&[("base.toml", &base)], &[]);
    assert_eq!(both.rollout.len(), 2);
    let one = plan(&[("base.toml", &base)], &["rollout.1.site=[\"HQ1\"]"]);
    assert_eq!(one.rollout.len(), 1);
    let domain = plan(&[("base.toml", &base)], &["domain.CORP.sites=[\"EU1\"]"]);
    assert_eq!(domain.domains[0].sites.len(), 1);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_matter() {
    let windows = format!("\u{feff}{}", BASE.replace('\n', "\r\n"));
    assert_eq!(plan(&[("base.toml", &windows)], &[]).clients(), 101);
}
