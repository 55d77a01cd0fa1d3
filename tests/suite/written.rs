//! Scenarios written in a test, and the shipped ones: from text to a run.

use smsim::engine::Second;
use smsim::plan::{Plan, SiteId};
use smsim::run::{Replication, Silent, simulate};
use smsim::scenario::{load, parse};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The plan of a scenario that is written in a test, with every client on record.
pub fn plan(text: &str, sets: &[&str]) -> Plan {
    plan_of(&[("written.toml", text)], sets)
}

/// The plan of the first of several texts.
pub fn plan_of(texts: &[(&str, &str)], sets: &[&str]) -> Plan {
    let sources: BTreeMap<PathBuf, String> = texts
        .iter()
        .map(|(name, text)| (PathBuf::from(name), (*text).to_owned()))
        .collect();
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = parse(&sources, Path::new(texts[0].0), &sets, None, None);
    let mut plan = loaded
        .unwrap_or_else(|complaints| panic!("{complaints}"))
        .plan;
    plan.results.clients = true;
    plan
}

/// The plan of a shipped scenario, with every client on record.
pub fn shipped(name: &str, sets: &[&str]) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name);
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = load(&path, &sets, None, None);
    let mut plan = loaded
        .unwrap_or_else(|complaints| panic!("{complaints}"))
        .plan;
    plan.results.clients = true;
    plan
}

/// Its first replication, on one thread.
pub fn run(plan: &Plan) -> Replication {
    simulate(plan, 0, 1, &Silent)
}

/// When the only Client Access Point of the first site first held the target.
pub fn served(plan: &Plan, replication: &Replication) -> Second {
    let cap = plan.sites[SiteId(0).index()].caps[0];
    let mut held = replication.servers.caps[cap.index()].iter();
    let (since, _) = held
        .find(|(_, state)| state.content == plan.target)
        .expect("the rollout reaches it");
    since
}
