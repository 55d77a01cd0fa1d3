//! `explain`: a story ends as the client did, costs no more than it needs, and reads as it should.

use crate::command_line::{err, out, smsim};
use crate::reference::plans;
use crate::written::shipped;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use smsim::plan::{CohortId, Plan};
use smsim::run::observer::Noted;
use smsim::run::{ClientRecord, Silent, simulate, witness};
use smsim::sms::Reason;
use snapbox::{Assert, Data};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// How a client's story ends.
fn end(plan: &Plan, replication: u32, who: (CohortId, u32)) -> ClientRecord {
    let notes = witness(plan, replication, who, 1).notes;
    match notes.last().expect("a story has an end").what {
        Noted::Ended(record) => record,
        other => panic!("a story ends with {other:?}"),
    }
}

/// Every `step`th client ends in its story as it ends among all others.
fn stories_end_as_the_clients_do(plan: &Plan, replication: u32, step: usize) {
    let tally = simulate(plan, replication, 1, &Silent).tally;
    for record in tally.clients.iter().step_by(step) {
        let told = end(plan, replication, (record.cohort, record.number));
        assert_eq!(
            told,
            *record,
            "{}",
            plan.client_name(record.cohort, record.number)
        );
    }
}

#[test]
fn a_story_ends_as_the_client_does_among_all_others() {
    stories_end_as_the_clients_do(&shipped("quickstart.toml", &[]), 3, 97);
    stories_end_as_the_clients_do(&shipped("three-tier.toml", &[]), 1, 2_111);
}

#[test]
fn it_does_so_in_random_plans() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..150 {
        let plan = plans::plan().new_tree(&mut runner).unwrap().current();
        stories_end_as_the_clients_do(&plan, 0, 7);
    }
}

/// Of a million clients only those are simulated that the client can meet at a server.
#[test]
fn a_story_out_of_a_million_needs_few_others() {
    let city = shipped("city.toml", &[]);
    let simulated = witness(&city, 0, (CohortId(1_000), 5), 1).simulated;
    assert!(simulated <= 5_000, "{simulated} of {}", city.clients());
    let friday = shipped("friday-upgrade.toml", &[]);
    assert_eq!(witness(&friday, 0, (CohortId(0), 5), 1).simulated, 1);
}

/// The command line of each golden story.
const STORIES: [(&str, &[&str]); 6] = [
    ("win98", &["scenarios/quickstart.toml", "hq-win98-12"]),
    (
        "laptop",
        &[
            "scenarios/quickstart.toml",
            "eu-laptops-000007",
            "--replication",
            "2",
        ],
    ),
    (
        "mixed",
        &[
            "scenarios/quickstart.toml",
            "eu-desktops-3",
            "--set",
            "site.EU1.hotfixes=[]",
        ],
    ),
    ("new-client", &["scenarios/seed-article.toml", "new-in-a-3"]),
    ("stuck", &["scenarios/quickstart.toml", "--stuck"]),
    (
        "three-tier",
        &["scenarios/three-tier.toml", "win98-NYC@10.16.0.0-000021"],
    ),
];

#[test]
fn stories_read_like_this() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    for (name, arguments) in STORIES {
        let output = smsim(root(), &[&["explain"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let told = out(&output);
        let mut lines = told.lines().filter(|line| !line.starts_with("Next"));
        assert!(lines.all(|line| line.chars().count() <= 80), "{told}");
        let golden = root().join(format!("tests/golden/stories/{name}.txt"));
        assert.eq(told, Data::read_from(&golden, None));
    }
}

/// All that never converged, of 20,000: as many as the run has, each group with its cure.
#[test]
fn whoever_is_stuck_in_three_tiers_is_counted_and_told_the_cure() {
    let plan = shipped("three-tier.toml", &[]);
    let tally = simulate(&plan, 0, 1, &Silent).tally;
    let standing = |reason: Reason| {
        let clients = tally.clients.iter();
        let of_reason = clients.filter(|client| client.standing == Some(reason));
        of_reason.count()
    };
    let output = smsim(root(), &["explain", "scenarios/three-tier.toml", "--stuck"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let told = out(&output);
    let mut all = 0;
    for reason in Reason::ALL {
        let count = standing(*reason);
        all += count;
        if count > 0 {
            assert!(
                told.contains(&format!("\n{reason}: {count} clients")),
                "{told}"
            );
            assert!(told.contains(reason.articles()), "{reason}");
            assert!(
                reason.cure().is_empty() || told.contains("cure: "),
                "{reason}"
            );
        }
    }
    assert!(all > 100, "{all}");
    assert!(told.contains(&format!("{all} of 20,000 clients never converged")));
}

/// The results of the quickstart, and their folder.
fn results() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let scenario = root().join("scenarios/quickstart.toml");
    let scenario = scenario.to_str().unwrap();
    let ran = smsim(
        folder.path(),
        &["run", scenario, "--replications", "2", "--seed", "11"],
    );
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let results = folder.path().join("output/two-sites-one-domain");
    (folder, results)
}

#[test]
fn a_results_folder_is_replayed_as_it_was_run() {
    let (folder, results) = results();
    let run = results.to_str().unwrap();
    let told = smsim(folder.path(), &["explain", run, "--stuck", "--csv"]);
    assert_eq!(told.status.code(), Some(0), "{}", err(&told));
    let rows = |text: &str, client: usize, reason: usize| -> Vec<(String, String)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.unwrap());
        let mut rows: Vec<_> = rows
            .map(|row| (row[client].to_owned(), row[reason].to_owned()))
            .filter(|(_, reason)| !reason.is_empty())
            .collect();
        rows.sort();
        rows
    };
    let clients = fs::read_to_string(results.join("clients.csv")).unwrap();
    let stuck = rows(&out(&told), 0, 5);
    assert!(stuck.len() > 20);
    assert_eq!(stuck, rows(&clients, 0, 8));

    let (name, reason) = &stuck[0];
    let story = smsim(folder.path(), &["explain", run, name]);
    assert!(out(&story).contains("seed 11"), "{}", out(&story));
    assert!(out(&story).contains(&format!("Stuck      restart pending: {reason}")));
    let all = smsim(folder.path(), &["explain", run, name, "--all"]);
    assert!(out(&all).lines().count() > out(&story).lines().count());
    assert!(!out(&all).contains("nothing new"));
}

#[test]
fn another_version_of_the_program_is_told() {
    let (folder, results) = results();
    let path = results.join("manifest.toml");
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let manifest = fs::read_to_string(&path).unwrap();
    assert!(manifest.contains(&version));
    fs::write(&path, manifest.replacen(&version, "version = \"0.0.7\"", 1)).unwrap();
    let run = results.to_str().unwrap();
    let told = smsim(folder.path(), &["explain", run, "eu-desktops-1"]);
    assert_eq!(told.status.code(), Some(0));
    assert!(err(&told).contains("version 0.0.7"), "{}", err(&told));
    fs::write(&path, "no manifest").unwrap();
    let told = smsim(folder.path(), &["explain", run, "eu-desktops-1"]);
    assert_eq!(told.status.code(), Some(2), "{}", err(&told));
}

#[test]
fn whoever_is_not_there_is_looked_for() {
    let complaint = |arguments: &[&str]| {
        let run = ["explain", "scenarios/quickstart.toml"];
        let output = smsim(root(), &[&run, arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{}", out(&output));
        err(&output)
    };
    let said = complaint(&["eu-desktop-12"]);
    assert!(
        said.contains("did you mean \"eu-desktops-000012\"?"),
        "{said}"
    );
    assert!(complaint(&["hq-win98-101"]).contains("numbered from 1 to 100"));
    assert!(complaint(&["hq-win98"]).contains("as in \"hq-win98-000001\""));
    assert!(complaint(&["zzz"]).contains("there are `hq-desktops"));
    assert!(complaint(&["hq-win98-1", "--replication", "21"]).contains("no replication 21"));
    let nowhere = smsim(root(), &["explain", "tests", "hq-win98-1"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(err(&nowhere).contains("no results folder"));
}
