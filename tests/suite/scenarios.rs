//! The shipped scenarios load, and are the size that they say.

use smsim::scenario::{Loaded, load};
use std::collections::BTreeSet;
use std::path::Path;

fn shipped(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name);
    load(&path, &[], None, None).unwrap_or_else(|complaints| panic!("{complaints}"))
}

#[test]
fn quickstart_is_what_it_says() {
    let plan = shipped("quickstart.toml").plan;
    assert_eq!(
        (plan.sites.len(), plan.domains.len(), plan.clients()),
        (2, 1, 1_040)
    );
    assert_eq!(plan.contents[plan.target.index()].name, "SP2");
    assert_eq!((plan.seed, plan.replications), (7, 20));
    assert_eq!(plan.logon_points[0].name, "CORP-PDC");
    assert_eq!(plan.logon_points[3].name, "CORP-BDC3");
}

#[test]
fn the_seed_article_has_its_four_kinds_of_clients() {
    let plan = shipped("seed-article.toml").plan;
    let names: Vec<&str> = plan
        .cohorts
        .iter()
        .map(|cohort| cohort.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["a-existing", "b-existing", "new-in-both", "new-in-a"]
    );
    let installed = |at: usize| {
        plan.cohorts[at]
            .installed
            .map(|id| plan.contents[id.index()].name.as_str())
    };
    assert_eq!(installed(0), Some("2.00.1380.0000"));
    assert_eq!(installed(1), Some("2.00.1999.2000"));
    assert_eq!((installed(2), installed(3)), (None, None));
    assert_eq!(plan.sites_of_subnet(plan.cohorts[2].subnets[0]).count(), 2);
}

#[test]
fn friday_upgrade_has_no_network_limits() {
    let plan = shipped("friday-upgrade.toml").plan;
    assert!(plan.caps.iter().all(|cap| cap.bandwidth_bps.is_none()));
    assert_eq!(plan.habits[0].left_on, 0.5);
}

#[test]
fn three_tiers_are_as_many_sites_zones_and_clients_as_said() {
    let plan = shipped("three-tier.toml").plan;
    let secondaries = plan.sites.iter().filter(|site| site.secondary).count();
    assert_eq!(
        (plan.sites.len(), secondaries, plan.clients()),
        (46, 40, 20_000)
    );
    let zones: BTreeSet<&str> = plan.zones.iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(zones.len(), 8);
    assert_eq!(plan.rollout.len(), 46);
}

#[test]
fn a_city_is_a_million_clients_in_few_lines() {
    let loaded = shipped("city.toml");
    let plan = &loaded.plan;
    assert_eq!((plan.sites.len(), plan.clients()), (201, 1_000_000));
    assert!(!plan.results.clients);
    assert!(
        plan.domains
            .iter()
            .all(|domain| domain.sites.len() == 50 && domain.logon_points.len() == 20)
    );
}

#[test]
fn a_resolved_scenario_is_the_same_scenario() {
    for name in ["quickstart.toml", "three-tier.toml", "seed-article.toml"] {
        let loaded = shipped(name);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, &loaded.resolved).expect("can be written");
        let again =
            load(&path, &[], None, None).unwrap_or_else(|complaints| panic!("{complaints}"));
        assert_eq!(
            format!("{:?}", again.plan),
            format!("{:?}", loaded.plan),
            "{name}"
        );
        assert_eq!(again.resolved, loaded.resolved, "{name}");
    }
}

/// The scenarios name it in their first line, so that editors complete and check them.
#[test]
fn the_shipped_schema_is_the_programs_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/smsim.schema.json");
    let shipped = std::fs::read_to_string(path).expect("it is shipped");
    assert_eq!(shipped.trim_end(), smsim::scenario::schema().trim_end());
}
