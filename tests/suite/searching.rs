//! Searches and fits of whole scenarios whose answers are known.

use crate::command_line::{err, out, smsim};
use crate::written::shipped;
use smsim::run::Silent;
use smsim::study::comparison::{Values, values};
use smsim::study::run_study;
use std::fs;
use std::path::Path;

/// 4,000 clients that are always on, nothing contended: each comes by once a cycle, at a point of its own. In a cycle of
/// c hours 40 GB move, 40/c GB an hour, and 95 % are there after about 0.95 c hours. So the shortest cycle is the soonest,
/// and under 2.85 GB an hour the shortest of 6, 12, 18, ... hours is 18: on the average 2.2 GB an hour, some four standard
/// deviations below the limit, where 12 hours move 3.3.
const BY_ARITHMETIC: &str = r#"
[scenario]
name = "By arithmetic"
start = 2000-06-19 00:00:00
days = 10
zone = "UTC"

[[site]]
code = "AAA"
boundaries = ["10.1.0.0"]
caps = [{ name = "AAA-CAP1" }]

[[domain]]
name = "CORP"
sites = ["AAA"]

[[clients]]
name = "always-on"
count = 4000
boundary = "10.1.0.0"
habits = "server"
upgrade_size = "10 MB"

[[rollout]]
site = "AAA"
to = "SP2"
at = 2000-06-21 00:00:00

[study]
replications = 6

[[threshold]]
that = "busiest hour of any CAP < 2.85 GB"

[[knob]]
name = "cycle"
path = "rules.ccim_cycle"
from = "6h"
to = "42h"
step = "6h"

[[knob]]
name = "idle"
path = "rules.lsm_interval"
values = ["1 day", "2 days"]
"#;

#[test]
fn the_best_plan_of_a_whole_scenario_is_the_one_that_arithmetic_gives() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.toml"), BY_ARITHMETIC).unwrap();
    let found = smsim(folder.path(), &["search", "x.toml", "--runs", "100"]);
    assert_eq!(found.status.code(), Some(0), "{}", err(&found));
    let told = out(&found);
    assert!(told.contains("cycle: 18 h\n"), "{told}");
    assert!(told.contains("the best keeps its limits"), "{told}");
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
    let best = folder.path().join("output/by-arithmetic-best.toml");
    let text = fs::read_to_string(&best).unwrap();
    assert!(text.contains("'rules.ccim_cycle=\"18 h\"'"), "{text}");
    assert!(text.contains("extends = \"../x.toml\""), "{text}");
    // The answer can be run as it is, and keeps its threshold under yet another seed.
    let again = [
        "run",
        "output/by-arithmetic-best.toml",
        "--seed",
        "77",
        "--quiet",
    ];
    let ran = smsim(folder.path(), &again);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let frontier = folder.path().join("output/by-arithmetic-frontier.csv");
    let rows = fs::read_to_string(frontier).unwrap().lines().count();
    assert!(rows > 3, "sooner costs load: {rows} lines");
}

#[test]
fn a_limit_that_nothing_keeps_ends_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let text = BY_ARITHMETIC.replace("2.85 GB", "1 MB");
    fs::write(folder.path().join("x.toml"), text).unwrap();
    let found = smsim(folder.path(), &["search", "x.toml", "--runs", "60"]);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    let told = out(&found);
    assert!(
        told.contains("Nearest") && told.contains("cycle: 42 h\n"),
        "{told}"
    );
}

/// What `smsim search scenarios/three-tier-search.toml` answers, on draws it never saw, against the plans that ship
/// beside it: sooner than either, and within the limit that both break.
#[test]
fn the_search_of_three_tiers_beats_one_night_and_careful_waves() {
    let measured = |name: &str, sets: &[&str]| -> Values {
        let mut sets = sets.to_vec();
        sets.extend(["study.replications=3", "scenario.seed=4711"]);
        let mut plan = shipped(name, &sets);
        plan.results.clients = false;
        values(&run_study(&plan, &Silent).unwrap())
    };
    let three = "template.regions.caps=[{ bandwidth = \"10 Mbit/s\" }, { bandwidth = \"10 Mbit/s\" }, { bandwidth = \"10 Mbit/s\" }]";
    let found = [
        "ring.regions.after=0 s",
        "ring.\"first branches\".after=0 s",
        "ring.\"first branches\".share=0.4",
        "ring.\"last branches\".after=0 s",
        three,
        "template.regions.clients.win98.restart_after=1h",
        "template.branches.clients.win98.restart_after=1h",
    ];
    let best = measured("three-tier-search.toml", &found);
    let night = measured("three-tier-one-night.toml", &[]);
    // By hand, with the dates that `smsim plan` shows for the ring that waits.
    let waves = measured(
        "three-tier-waves.toml",
        &["ring.regions.at=2000-06-28 18:00:00"],
    );
    let (hours, load) = (1, 14);
    for (best, (night, waves)) in best.iter().zip(night.iter().zip(&waves)) {
        let best_hours = best[hours].unwrap();
        assert!(best_hours + 15.0 < night[hours].unwrap());
        assert!(best_hours + 300.0 < waves[hours].unwrap());
        assert!(best[load].unwrap() < 2.6e9);
        assert!(night[load].unwrap() > 2.6e9 && waves[load].unwrap() > 2.6e9);
    }
}

fn fit(folder: &Path, knobs: &[&str], sets: &[&str]) -> String {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let file = scenarios.join("friday-fit.toml").display().to_string();
    let observed = scenarios.join("friday-observed.csv").display().to_string();
    let mut arguments = vec!["fit", file.as_str(), "--observed", observed.as_str()];
    for knob in knobs {
        arguments.extend(["--knob", knob]);
    }
    for set in sets {
        arguments.extend(["--set", set]);
    }
    let fitted = smsim(folder, &arguments);
    assert_eq!(fitted.status.code(), Some(0), "{}", err(&fitted));
    out(&fitted)
}

/// The numbers between `name: 0.62 (0.60 to 0.64)`.
fn interval(told: &str, name: &str) -> (f64, f64) {
    let line = told
        .lines()
        .find(|line| line.starts_with(&format!("{name}: ")) && line.contains('('));
    let inside = line.unwrap().split(['(', ')']).nth(1).unwrap();
    let (low, high) = inside.split_once(" to ").unwrap();
    (number(low), number(high))
}

/// A plain number, or a span in hours: `0.62`, `30 h`, `29h 58min 20s`.
fn number(text: &str) -> f64 {
    let text = text.replace(' ', "");
    let mut rest = text.as_str();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest
            .find(|it: char| it.is_alphabetic())
            .unwrap_or(rest.len());
        let (value, after) = rest.split_at(digits);
        let unit = after
            .find(|it: char| it.is_numeric())
            .unwrap_or(after.len());
        let hours = match &after[..unit] {
            "days" => 24.0,
            "min" => 1.0 / 60.0,
            "s" => 1.0 / 3_600.0,
            _ => 1.0,
        };
        sum += value.parse::<f64>().unwrap() * hours;
        rest = &after[unit..];
    }
    sum
}

/// The shipped observation was made with 62 % left on and a cycle of 30 hours, another seed, and noise of 0.7 points. The
/// share left on decides a plateau, which 37 points see to within a point or so; the cycle decides the slope before it.
#[test]
fn a_fit_finds_what_an_observation_was_made_with() {
    let folder = tempfile::tempdir().unwrap();
    let told = fit(folder.path(), &["left-on", "cycle"], &[]);
    let (low, high) = interval(&told, "left-on");
    assert!(low <= 0.62 && 0.62 <= high && high - low < 0.15, "{told}");
    let (low, high) = interval(&told, "cycle");
    assert!(low <= 30.0 && 30.0 <= high && high - low < 8.0, "{told}");
    assert!(!told.contains("cannot be told apart"), "{told}");
    let rows = fs::read_to_string(folder.path().join("output/friday-fitted-fit.csv")).unwrap();
    assert_eq!(rows.lines().count(), 1 + 37);
}

#[test]
fn a_fit_says_which_knobs_the_data_cannot_tell_apart() {
    let folder = tempfile::tempdir().unwrap();
    let known = ["habits.half-left-on.left_on=0.62", "rules.ccim_cycle=30h"];
    let told = fit(folder.path(), &["start", "setup"], &known);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("start and setup cannot be told apart: more of one makes up for less"),
        "{told}"
    );
}
