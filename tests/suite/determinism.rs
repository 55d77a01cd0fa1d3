//! The same scenario gives the same bytes: on any number of threads, today and tomorrow.

use crate::command_line::{err, names, smsim};
use crate::replications::tree;
use crate::written::shipped;
use smsim::report::Manifest;
use smsim::run::{Silent, simulate};
use snapbox::{Assert, Data};
use std::fs;
use std::path::{Path, PathBuf};

fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    folder.join(name).display().to_string()
}

/// Runs a shipped scenario and gives its results folder.
fn results(folder: &Path, name: &str, arguments: &[&str], to: &str) -> PathBuf {
    let file = scenario(name);
    let mut all = vec!["run", file.as_str(), "-q", "--out", to];
    all.extend(arguments);
    let ran = smsim(folder, &all);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let parent = folder.join(to);
    parent.join(&names(&parent)[0])
}

#[test]
fn a_replication_does_not_depend_on_the_number_of_workers() {
    let plan = shipped("three-tier.toml", &[]);
    let one = simulate(&plan, 0, 1, &Silent);
    for workers in [2, 7] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(workers)
            .build()
            .unwrap();
        let many = pool.install(|| simulate(&plan, 0, workers, &Silent));
        assert!(one.servers == many.servers, "{workers} workers");
        assert!(one.tally == many.tally, "{workers} workers");
    }
}

#[test]
fn three_tiers_have_the_same_bytes_on_one_two_and_seven_threads_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let run = |threads: &str, to: &str| {
        let arguments = ["--replications", "2", "--threads", threads];
        tree(&results(folder.path(), "three-tier.toml", &arguments, to))
    };
    let one = run("1", "one");
    assert!(one.len() >= 8, "{} files", one.len());
    for (threads, to) in [("2", "two"), ("7", "seven"), ("1", "again")] {
        for ((name, bytes), (other_name, other)) in one.iter().zip(run(threads, to)) {
            assert_eq!(*name, other_name);
            assert!(*bytes == other, "{} differs: {to}", name.display());
        }
    }
}

/// What everything counted hashes to. A change of a rule, a draw or an order shows here, wanted or not: if it is
/// wanted, `SNAPSHOTS=overwrite` writes the new fingerprints, and the commit says why they changed.
#[test]
fn the_shipped_scenarios_keep_their_fingerprints() {
    let folder = tempfile::tempdir().unwrap();
    let mut fingerprints = String::new();
    for name in ["quickstart", "seed-article", "friday-upgrade", "three-tier"] {
        let file = format!("{name}.toml");
        let run = results(folder.path(), &file, &["--replications", "2"], name);
        let text = fs::read_to_string(run.join("manifest.toml")).unwrap();
        let manifest: Manifest = toml::from_str(&text).unwrap();
        fingerprints += &format!("{name} {}\n", manifest.fingerprint);
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/fingerprints.txt");
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(fingerprints, Data::read_from(&expected, None));
}

/// The seed is part of every draw's address: another one gives another run.
#[test]
fn another_seed_gives_another_fingerprint_and_the_same_one_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let run = |seed: &str, to: &str| {
        let arguments = ["--replications", "1", "--seed", seed];
        tree(&results(folder.path(), "quickstart.toml", &arguments, to))
    };
    let seven = run("7", "seven");
    assert!(seven == run("7", "again"));
    assert!(seven != run("8", "eight"));
}
