//! Plans on the same draws: what that is worth, and what `compare` prints and leaves behind.

use crate::command_line::{err, names, out, smsim};
use crate::written::shipped;
use smsim::run::Silent;
use smsim::study::comparison::{Line, Values, Verdict, compare, values};
use smsim::study::run_study;
use smsim::study::statistics::mean_interval;
use std::fs;
use std::path::Path;
use std::process::Output;

fn measured(name: &str, sets: &[&str]) -> Values {
    let mut plan = shipped(name, sets);
    plan.results.clients = false;
    values(&run_study(&plan, &Silent).unwrap())
}

/// Width of the interval of a difference between two samples that have no draws in common: both variances add up.
fn width_apart(first: &Values, second: &Values, at: usize) -> Option<f64> {
    let interval = |plan: &Values| {
        let column: Option<Vec<f64>> = plan.iter().map(|row| row[at]).collect();
        mean_interval(&column?).map(|it| it.high - it.low)
    };
    Some(interval(first)?.hypot(interval(second)?))
}

/// The same difference from the same number of replications, on common draws, and on draws of another seed. Run with
/// `--nocapture` to see the widths.
///
/// Not every measure gains: half of quickstart's fleet is converged either in the weekend or on Monday morning, and a
/// rare replication on the other side of that gap makes the interval wide in one plan alone, whatever they share.
#[test]
fn common_draws_tell_more_than_independent_ones() {
    let twenty = "study.replications=20";
    let apart = measured("quickstart.toml", &[twenty]);
    let together = measured("quickstart-together.toml", &[twenty]);
    let elsewhere = measured("quickstart-together.toml", &[twenty, "scenario.seed=1007"]);
    let paired = compare(&[apart.clone(), together.clone()]);
    let independent = compare(&[apart.clone(), elsewhere]);
    let mut seen = 0;
    for (at, paired) in paired.plans[1].iter().enumerate() {
        let name = paired.compared.name;
        let width = |line: &Line| line.difference.map(|it| it.high - it.low);
        let widths = (
            width(paired),
            width(&independent.plans[1][at]),
            width_apart(&apart, &together, at),
        );
        let (Some(paired), Some(other_seed), Some(uncorrelated)) = widths else {
            continue;
        };
        println!(
            "{name}: {paired:.4} paired, {other_seed:.4} with another seed ({:.2} times), {uncorrelated:.4} \
             if uncorrelated ({:.2} times)",
            other_seed / paired,
            uncorrelated / paired
        );
        if [
            "hours to 50% reported",
            "share converged at end",
            "restarts asked",
        ]
        .contains(&name)
        {
            assert!(paired < other_seed && paired < uncorrelated, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3);
    let reported = &paired.plans[1][4];
    assert_eq!(
        reported.verdict,
        Verdict::Better,
        "{}",
        reported.compared.name
    );
}

fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    folder.join(name).display().to_string()
}

fn run(folder: &Path, more: &[&str]) -> Output {
    let first = scenario("quickstart.toml");
    let mut arguments = vec!["compare", first.as_str(), "--replications", "2"];
    arguments.extend(more);
    smsim(folder, &arguments)
}

#[test]
fn two_files_are_compared_in_words_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let together = scenario("quickstart-together.toml");
    let more = [together.as_str(), "--replications", "4", "--out", "c.csv"];
    let mut arguments = vec!["compare".to_owned(), scenario("quickstart.toml")];
    arguments.extend(more.map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let compared = smsim(folder.path(), &arguments);
    assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
    let told = out(&compared);
    assert!(told.contains("A  Two sites, one domain\nB  Two sites, one evening\n"));
    assert!(told.contains("\n4 replications of each, on the same draws: seed 7\n"));
    assert!(told.contains("\nB is faster.\nBetter than A: "), "{told}");
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );

    let listed = smsim(folder.path(), &["columns", "comparison", "--csv"]);
    let mut reader = csv::Reader::from_reader(listed.stdout.as_slice());
    let columns: Vec<String> = reader
        .records()
        .map(|row| row.unwrap()[1].to_owned())
        .collect();
    let text = fs::read_to_string(folder.path().join("c.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), &columns);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * 15);
    assert_eq!((&rows[0][11], &rows[0][7]), ("first", ""));
    assert_eq!(
        (&rows[20][0], &rows[20][1]),
        ("Two sites, one evening", "hours to 95% reported")
    );

    let again = smsim(
        folder.path(),
        &[&arguments[..], &["--threads", "1", "-q"]].concat(),
    );
    assert_eq!((again.status.code(), out(&again).as_str()), (Some(0), ""));
    assert_eq!(
        fs::read_to_string(folder.path().join("c.csv")).unwrap(),
        text
    );
    assert_eq!(names(folder.path()), ["c.csv"]);
}

#[test]
fn a_variant_says_only_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let variants = [
        "--variant",
        "next day: rollout.EU1.at=2000-06-24 01:00:00; study.replications=9",
        "--variant",
        "rules.ccim_cycle=46h",
    ];
    let compared = run(folder.path(), &variants);
    assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
    let told = out(&compared);
    assert!(
        told.contains("\nB  next day\nC  rules.ccim_cycle=46h\n2 replications"),
        "{told}"
    );
    assert!(told.contains("\nC is "), "{told}");
    let one = run(
        folder.path(),
        &["--variant", "a: rules.ccim_cycle=46h", "--replications=1"],
    );
    assert_eq!(one.status.code(), Some(2), "replications were given twice");
}

#[test]
fn one_replication_tells_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (
        scenario("quickstart.toml"),
        scenario("quickstart-together.toml"),
    );
    let compared = smsim(folder.path(), &["compare", &a, &b, "--replications", "1"]);
    assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
    assert!(out(&compared).contains("One replication tells no difference from chance"));
    assert!(
        out(&compared).contains("Whether B is faster cannot be told."),
        "{}",
        out(&compared)
    );
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.csv"), "my own\n").unwrap();
    let other = scenario("seed-article.toml");
    let same = scenario("quickstart.toml");
    for (more, code, said) in [
        (&[][..], 2, "two plans are needed"),
        (&[same.as_str()], 2, "two plans are called"),
        (&[other.as_str()], 2, "cannot be compared"),
        (&["--variant", "a: rules.ccim_cicle=46h"], 2, "did you mean"),
        (&["--variant", "slow:"], 2, "sets nothing"),
        (&["--variant", ": rules.ccim_cycle=46h"], 2, "has no name"),
        (&["missing.toml"], 3, "cannot read"),
        (
            &["--variant", "a: rules.ccim_cycle=46h", "--out", "mine.csv"],
            3,
            "holds no comparison",
        ),
    ] {
        let ended = run(folder.path(), more);
        assert_eq!(ended.status.code(), Some(code), "{more:?}: {}", err(&ended));
        assert!(err(&ended).contains(said), "{more:?}: {}", err(&ended));
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("mine.csv")).unwrap(),
        "my own\n"
    );
}

/// Stored runs, whether made at once, by shards, or both, say what a comparison of the files says.
#[test]
fn stored_runs_are_compared_like_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (a, b) = (
        scenario("quickstart.toml"),
        scenario("quickstart-together.toml"),
    );
    for file in [&a, &b] {
        let ran = smsim(folder, &["run", file, "-q", "--replications", "6"]);
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    }
    let (apart, together) = (
        "output/two-sites-one-domain",
        "output/two-sites-one-evening",
    );
    let compared = |plans: &[&str]| {
        let mut arguments = vec!["compare", "-q", "--out", "c.csv"];
        arguments.extend(plans);
        let ended = smsim(folder, &arguments);
        assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
        fs::read_to_string(folder.join("c.csv")).unwrap()
    };
    let files = compared(&[&a, &b, "--replications", "6"]);
    assert_eq!(files, compared(&[apart, together]));
    assert_eq!(files, compared(&[apart, &b]));
    assert_eq!(files, compared(&[&a, together, "--replications", "6"]));

    let refused = |plans: &[&str], code: i32, said: &str| {
        let mut arguments = vec!["compare"];
        arguments.extend(plans);
        let ended = smsim(folder, &arguments);
        assert_eq!(
            ended.status.code(),
            Some(code),
            "{plans:?}: {}",
            err(&ended)
        );
        assert!(err(&ended).contains(said), "{plans:?}: {}", err(&ended));
    };
    refused(
        &[apart, together, "--replications", "7"],
        2,
        "has 6 replications only",
    );
    refused(
        &[apart, together, "--seed", "8"],
        2,
        "only runs on the same draws",
    );
    refused(
        &[apart, "--variant", "slow: rules.ccim_cycle=46h"],
        2,
        "a variant is one of the first plan's file",
    );
    refused(&["output", together], 3, "holds no results");
    let manifest = folder.join(apart).join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("model = \"", "model = \"0")).unwrap();
    refused(&[apart, together], 3, "another version of the program");
    fs::write(&manifest, text).unwrap();
    let key = names(&folder.join(apart).join("replications")).remove(0);
    let first = folder.join(apart).join("replications").join(key);
    fs::remove_file(first.join("000001.bin")).unwrap();
    refused(&[apart, together], 3, "lacks 000001.bin");
}

#[test]
fn what_common_draws_are_worth_is_shown_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let together = scenario("quickstart-together.toml");
    let file = scenario("quickstart.toml");
    let arguments = ["compare", &file, &together, "--replications", "20"];
    let plain = out(&smsim(folder.path(), &arguments));
    let more = smsim(
        folder.path(),
        &[&arguments[..], &["--independent"][..]].concat(),
    );
    let told = out(&more);
    let added = told
        .strip_prefix(plain.as_str())
        .expect("is added at the end");
    assert!(added.contains("common draws    independent\n"), "{added}");
    let line = added
        .lines()
        .find(|it| it.starts_with("hours to 50% reported"))
        .unwrap();
    let gain = line.split_whitespace().rev().nth(3).unwrap();
    assert!(gain.parse::<f64>().unwrap() > 1.3, "{line}");
    let restarts = added.lines().find(|it| it.starts_with("restarts asked"));
    assert!(restarts.unwrap().ends_with("chance cancels"), "{added}");
}
