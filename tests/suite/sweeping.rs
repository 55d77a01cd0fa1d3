//! Sweeps and sensitivities of a shipped scenario: what is printed, what is written, and whether it is true.

use crate::command_line::{err, out, smsim};
use std::fs;
use std::path::Path;
use std::process::Output;

fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    folder.join(name).display().to_string()
}

fn varied(folder: &Path, verb: &str, more: &[&str]) -> Output {
    let file = scenario("quickstart-sweep.toml");
    let mut arguments = vec![verb, file.as_str(), "--replications", "3"];
    arguments.extend(more);
    smsim(folder, &arguments)
}

fn rows(path: &Path) -> (Vec<String>, Vec<csv::StringRecord>) {
    let text = fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    (header, reader.records().map(Result::unwrap).collect())
}

/// A point of a sweep measures what a run of the scenario with the same values set measures.
#[test]
fn a_point_of_a_sweep_is_the_run_that_it_stands_for() {
    let folder = tempfile::tempdir().unwrap();
    let swept = varied(
        folder.path(),
        "sweep",
        &["--knob", "restart", "--out", "s.csv"],
    );
    assert_eq!(swept.status.code(), Some(0), "{}", err(&swept));
    assert!(out(&swept).contains("Quickstart, varied: 3 points, 3 replications of each\n"));
    let (header, rows) = rows(&folder.path().join("s.csv"));
    assert_eq!(header.last().unwrap(), "knob_restart");
    assert_eq!(rows.len(), 3 * (15 + 2), "measures and thresholds");

    let file = scenario("quickstart-sweep.toml");
    let sets = ["--set", "clients.hq-win98.restart_after=1h"];
    let mut arguments = vec![
        "compare",
        file.as_str(),
        file.as_str(),
        "--replications",
        "3",
    ];
    arguments.extend(sets);
    arguments.extend(["--variant", "other: scenario.days=21", "--out", "c.csv"]);
    arguments.remove(2);
    let compared = smsim(folder.path(), &arguments);
    assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
    let (_, of_run) = self::rows(&folder.path().join("c.csv"));
    for (swept, run) in rows.iter().take(15).zip(&of_run) {
        assert_eq!(&swept[10], "1h");
        assert_eq!((&swept[2], &swept[6]), (&run[1], &run[3]), "medians");
    }
}

#[test]
fn what_would_run_is_shown_first_and_alone_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let more = ["--knob", "berlin", "--knob", "restart", "--dry-run"];
    let shown = varied(folder.path(), "sweep", &more);
    let told = out(&shown);
    assert!(
        told.contains("12 points, 3 replications of each\n"),
        "{told}"
    );
    assert!(told.contains("  12  berlin 2000-06-27 01:00:00, restart exponential(24h)\n"));
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let endless = varied(folder.path(), "sweep", &[]);
    assert_eq!(endless.status.code(), Some(2));
    assert!(err(&endless).contains("knob \"link\" is a range without `step`"));
}

#[test]
fn filters_and_other_designs_choose_the_points() {
    let folder = tempfile::tempdir().unwrap();
    let base = scenario("quickstart-sweep.toml");
    let points = |sweep: &str| {
        let text = format!("extends = {base:?}\n{sweep}");
        fs::write(folder.path().join("x.toml"), text).unwrap();
        let shown = smsim(folder.path(), &["sweep", "x.toml", "--dry-run"]);
        assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
        let told = out(&shown);
        let listed = told.lines().skip_while(|line| !line.is_empty()).skip(1);
        listed
            .map(|line| line[6..].to_owned())
            .collect::<Vec<String>>()
    };
    let only = "remove = [\"knob.link\", \"knob.cycle\"]\n[sweep]\nonly = [\"berlin < 2000-06-25\", \"restart != 1h\"]";
    assert_eq!(
        points(only),
        [
            "berlin 2000-06-24 01:00:00, restart exponential(4h)",
            "berlin 2000-06-24 01:00:00, restart exponential(24h)"
        ]
    );
    let list = "[[sweep.point]]\nname = \"now\"\n[[sweep.point]]\nname = \"later\"\nset = [\"rules.ccim_cycle=46h\"]";
    assert_eq!(points(list), ["now", "later"]);
    let cube = "[sweep]\ndesign = \"latin-hypercube\"\npoints = 7";
    let cube = points(cube);
    assert_eq!(cube.len(), 7);
    assert!(cube.iter().all(|it| it.contains(", link ")));
}

#[test]
fn knobs_are_ranked_one_at_a_time_and_by_screening() {
    let folder = tempfile::tempdir().unwrap();
    let one = varied(folder.path(), "sensitivity", &["--out", "t.csv"]);
    assert_eq!(one.status.code(), Some(0), "{}", err(&one));
    let told = out(&one);
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
    let (_, ends) = rows(&folder.path().join("t.csv"));
    assert_eq!(ends.len(), 2 * 4);
    assert_eq!(
        (&ends[0][0], &ends[0][1], &ends[0][4]),
        ("1", "restart", "1h")
    );
    let number = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
    assert!(number(&ends[0], 8) < 0.0, "sooner, beyond noise");
    assert!(number(&ends[1], 7) > 0.0, "later, beyond noise");

    let more = [
        "--morris",
        "--set",
        "sensitivity.trajectories=3",
        "--out",
        "m.csv",
    ];
    let screened = varied(folder.path(), "sensitivity", &more);
    assert_eq!(screened.status.code(), Some(0), "{}", err(&screened));
    let (_, knobs) = rows(&folder.path().join("m.csv"));
    assert_eq!(knobs.len(), 4);
    assert_eq!(&knobs[0][1], "restart");
    let told = out(&screened);
    assert!(
        told.contains("4 knobs, 15 points, 3 replications of each"),
        "{told}"
    );
}
