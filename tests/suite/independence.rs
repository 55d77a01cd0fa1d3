//! Nobody's chance depends on who else is there: whatever is taken away or added, the others live the same lives.
//!
//! Servers in these scenarios have no limits, so clients share nothing but the histories of the servers.

use crate::written::{plan_of, run};
use smsim::plan::Plan;
use smsim::run::ClientRecord;
use smsim::sms::Reason;
use std::collections::BTreeMap;

const TWO_SITES: &str = r#"
[scenario]
name = "Independence"
start = 2000-06-19 00:00:00
days = 14
seed = 3

[[site]]
code = "HQ1"
boundaries = ["10.1.0.0", "10.1.1.0"]
hotfixes = ["Q249077"]
caps = [{ name = "HQ1-CAP1" }, { name = "HQ1-CAP2" }]

[[site]]
code = "EU1"
parent = "HQ1"
zone = "Europe/Berlin"
boundaries = ["10.2.0.0"]
hotfixes = ["Q249077"]
caps = [{ name = "EU1-CAP1", outages = [{ from = 2000-06-27 08:00:00, until = 2000-06-27 16:00:00 }] }]

[[domain]]
name = "CORP"
controllers = 3
sites = ["HQ1", "EU1"]

[[clients]]
name = "desktops"
count = 300
boundary = ["10.1.0.0", "10.1.1.0"]

[[clients]]
name = "win98"
count = 100
boundary = "10.2.0.0"
platform = "9x"
restart_after = "exponential(4h)"

[[clients]]
name = "laptops"
count = 100
boundary = "10.2.0.0"
habits = "laptop"
off_site_link = "33.6 kbit/s"
travel_mode = 0.5

[[clients]]
name = "listed"
inventory = "pcs.csv"

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[[rollout]]
site = "EU1"
to = "SP2"
at = 2000-06-26 18:00:00

[rules]
install_failure = 0.1
setup_failure = 0.3
"#;

const PCS: &str = "name,subnet,platform\nPC-1,10.1.0.0,9x\nPC-2,10.1.0.0,nt\nPC-3,10.1.0.0,9x\nPC-4,10.2.0.0,9x\nPC-5,10.1.0.0,nt\nPC-6,10.1.0.0,nt\n";

/// How every client ended, by name, in words that do not depend on the tables' numbering.
fn lives(plan: &Plan) -> BTreeMap<String, String> {
    let tally = run(plan).tally;
    let life = |client: &ClientRecord| {
        let ClientRecord {
            cohort,
            number,
            sites,
            base,
            agents,
            state,
            converged_at,
            standing,
            restarts_asked,
            aborted,
        } = client;
        let sites: Vec<&str> = sites
            .iter()
            .flatten()
            .map(|it| plan.sites[it.index()].code.as_str())
            .collect();
        let [base, agents] =
            [base, agents].map(|it| it.map(|it| plan.contents[it.index()].name.as_str()));
        let life = format!(
            "{sites:?} {base:?} {agents:?} {state:?} {} {standing:?} {restarts_asked} {aborted}",
            converged_at.0
        );
        (plan.client_name(*cohort, *number), life)
    };
    tally.clients.iter().map(life).collect()
}

fn lives_of(text: &str, pcs: &str, sets: &[&str]) -> BTreeMap<String, String> {
    lives(&plan_of(&[("written.toml", text), ("pcs.csv", pcs)], sets))
}

/// Whether everybody in `fewer` lives the same life in `more`, and who is in `more` only.
fn others(fewer: &BTreeMap<String, String>, more: &BTreeMap<String, String>) -> Vec<String> {
    for (name, life) in fewer {
        assert_eq!(more.get(name), Some(life), "{name}");
    }
    let new = more.keys().filter(|name| !fewer.contains_key(*name));
    new.cloned().collect()
}

#[test]
fn a_client_taken_out_of_an_inventory_changes_nobody_else() {
    let all = lives_of(TWO_SITES, PCS, &[]);
    assert_eq!(all.len(), 506);
    let distinct: std::collections::BTreeSet<&String> = all.values().collect();
    assert!(distinct.len() > 300, "lives differ from each other");
    for gone in [
        "PC-1,10.1.0.0,9x\n",
        "PC-2,10.1.0.0,nt\n",
        "PC-3,10.1.0.0,9x\n",
        "PC-4,10.2.0.0,9x\n",
    ] {
        let fewer = lives_of(TWO_SITES, &PCS.replace(gone, ""), &[]);
        assert_eq!(others(&fewer, &all), [gone.split_once(',').unwrap().0]);
    }
}

#[test]
fn the_order_of_an_inventory_changes_nobody() {
    let (header, rows) = PCS.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let reversed = format!("{header}\n{}\n", rows.join("\n"));
    let fewer = lives_of(TWO_SITES, &reversed, &[]);
    assert!(others(&fewer, &lives_of(TWO_SITES, PCS, &[])).is_empty());
}

/// One more column, filled in one row: that machine lives another life, and no other does.
#[test]
fn a_column_more_changes_only_who_has_something_in_it() {
    let mut all = lives_of(TWO_SITES, PCS, &[]);
    let more: String = PCS
        .lines()
        .map(|row| match row.split(',').next() {
            Some("name") => format!("{row},installed\n"),
            Some("PC-2") => format!("{row},RTM\n"),
            _ => format!("{row},\n"),
        })
        .collect();
    all.remove("PC-2");
    assert_eq!(others(&all, &lives_of(TWO_SITES, &more, &[])), ["PC-2"]);
}

#[test]
fn a_smaller_group_leaves_its_first_clients_and_all_others_as_they_were() {
    let all = lives_of(TWO_SITES, PCS, &[]);
    let fewer = lives_of(TWO_SITES, PCS, &["clients.win98.count=40"]);
    let gone = others(&fewer, &all);
    assert_eq!(gone.len(), 60);
    assert!(
        gone.iter().all(|name| name.starts_with("win98")),
        "{gone:?}"
    );
}

#[test]
fn a_group_more_changes_nobody() {
    let all = lives_of(TWO_SITES, PCS, &[]);
    let first = "[[clients]]\nname = \"another\"\ncount = 70\nboundary = \"10.1.1.0\"\n\n[[clients]]\nname = \"desktops\"";
    let more = TWO_SITES.replace("[[clients]]\nname = \"desktops\"", first);
    assert_eq!(others(&all, &lives_of(&more, PCS, &[])).len(), 70);
}

#[test]
fn a_site_elsewhere_with_its_own_domain_and_rollout_changes_nobody() {
    let all = lives_of(TWO_SITES, PCS, &[]);
    let site = "[[site]]\ncode = \"AS1\"\nparent = \"HQ1\"\nboundaries = [\"10.9.0.0\"]\ncaps = [{ name = \"AS1-CAP1\" }]\n\n[[site]]\ncode = \"EU1\"";
    let rest = "\n[[domain]]\nname = \"ASIA\"\nsites = [\"AS1\"]\n\n[[clients]]\nname = \"asia\"\ncount = 30\nboundary = \"10.9.0.0\"\n\n[[rollout]]\nsite = \"AS1\"\nto = \"SP2\"\nat = 2000-06-24 18:00:00\n";
    let more = TWO_SITES
        .replace("[[site]]\ncode = \"EU1\"", site)
        .replace("\n[rules]", &format!("{rest}\n[rules]"));
    assert_eq!(others(&all, &lives_of(&more, PCS, &[])).len(), 30);
}

#[test]
fn how_finely_results_are_written_changes_nobody() {
    let all = lives_of(TWO_SITES, PCS, &[]);
    for interval in [
        "scenario.interval=10 min",
        "scenario.interval=4h",
        "scenario.interval=24h",
    ] {
        assert_eq!(lives_of(TWO_SITES, PCS, &[interval]), all);
    }
}

/// A longer run begins as a shorter one: whoever had converged by then had converged then.
#[test]
fn a_longer_run_begins_as_a_shorter_one() {
    let short = run(&plan_of(
        &[("written.toml", TWO_SITES), ("pcs.csv", PCS)],
        &[],
    ))
    .tally;
    let sets = ["scenario.days=21"];
    let long = run(&plan_of(
        &[("written.toml", TWO_SITES), ("pcs.csv", PCS)],
        &sets,
    ))
    .tally;
    for (short_run, long_run) in short.clients.iter().zip(&long.clients) {
        if short_run.standing.is_none() {
            assert_eq!(short_run, long_run);
        } else {
            assert!(long_run.converged_at >= short.grid.end || long_run.standing.is_some());
        }
    }
    for (short, long) in short.sites.iter().zip(&long.sites) {
        let intervals = short.state_changes.len();
        assert_eq!(short.state_changes, long.state_changes[..intervals]);
        for reason in Reason::ALL {
            let of_long = (0..intervals).map(|interval| long.decisions.at(*reason, interval));
            let of_short = (0..intervals).map(|interval| short.decisions.at(*reason, interval));
            assert!(of_short.eq(of_long), "{reason}");
        }
    }
}
