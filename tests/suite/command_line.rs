//! Verbs as a planner meets them: what they print, how they end, what they leave behind.

use crate::replications::tree;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub fn smsim(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smsim"));
    command
        .current_dir(folder)
        .args(arguments)
        .env("NO_COLOR", "1");
    command.output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with a scenario made by `new`.
fn with_scenario(template: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = smsim(folder.path(), &["new", "pilot", "--template", template]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    folder
}

pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_template_is_a_scenario_that_runs() {
    for template in ["quickstart", "branches"] {
        let folder = with_scenario(template);
        let checked = smsim(folder.path(), &["check", "pilot.toml"]);
        assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
        assert!(out(&checked).starts_with("pilot.toml: nothing wrong"));
        let planned = smsim(folder.path(), &["plan", "pilot.toml"]);
        assert_eq!(planned.status.code(), Some(0), "{}", err(&planned));
        assert!(out(&planned).lines().all(|it| it.chars().count() <= 80));
        let ran = smsim(folder.path(), &["run", "pilot.toml", "--replications", "2"]);
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
        assert!(out(&ran).contains("\n     50 %  "), "{}", out(&ran));
        assert!(
            out(&ran)
                .lines()
                .filter(|it| !it.starts_with("Next"))
                .all(|it| it.chars().count() <= 80)
        );
        let results = names(&folder.path().join("output"));
        assert_eq!(results.len(), 1, "{results:?}");
    }
}

#[test]
fn new_does_not_overwrite() {
    let folder = with_scenario("quickstart");
    let again = smsim(folder.path(), &["new", "pilot.toml"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("pilot.toml is there already"));
}

#[test]
fn quiet_prints_nothing() {
    let folder = with_scenario("quickstart");
    let ran = smsim(
        folder.path(),
        &["run", "pilot.toml", "--quiet", "--replications", "1"],
    );
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!((out(&ran), err(&ran)), (String::new(), String::new()));
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let folder = with_scenario("quickstart");
    let run = |threads: &str, to: &str| {
        let arguments = [
            "run",
            "pilot.toml",
            "-q",
            "--replications",
            "3",
            "--threads",
            threads,
            "--out",
            to,
        ];
        assert_eq!(smsim(folder.path(), &arguments).status.code(), Some(0));
        let parent = folder.path().join(to);
        tree(&parent)
    };
    assert!(run("1", "one") == run("3", "three"));
}

#[test]
fn what_cannot_be_done_ends_with_its_own_code() {
    let folder = with_scenario("quickstart");
    for (arguments, code) in [
        (&["run"][..], 2),
        (&["run", "pilot.toml", "--replications", "0"], 2),
        (&["run", "pilot.toml", "pilot.toml"], 2),
        (&["columns", "no-such-table"], 2),
        (&["frobnicate"], 2),
        (&["run", "missing.toml"], 3),
        (&["run", "pilot.toml", "--out", "pilot.toml"], 3),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let ended = smsim(folder.path(), arguments);
        assert_eq!(
            ended.status.code(),
            Some(code),
            "{arguments:?}: {}",
            err(&ended)
        );
    }
    assert_eq!(names(folder.path()), ["pilot.toml"]);
}

#[test]
fn a_missed_threshold_ends_with_one_and_the_results_are_there() {
    let folder = with_scenario("quickstart");
    let path = folder.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    let run = |thresholds: &str, more: &[&str]| {
        fs::write(&path, format!("{text}{thresholds}")).unwrap();
        let mut arguments = vec!["run", "pilot.toml", "--replications", "2"];
        arguments.extend(more);
        smsim(folder.path(), &arguments)
    };
    let results = folder.path().join("output/pilot");
    let none = run("", &[]);
    assert_eq!(none.status.code(), Some(0), "{}", err(&none));
    assert!(!out(&none).contains("Thresholds"));
    assert!(!results.join("thresholds.csv").exists());

    let met = "\n[[threshold]]\nthat = \"mixed clients < 1\"\n";
    let kept = run(met, &[]);
    assert_eq!(kept.status.code(), Some(0), "{}", err(&kept));
    assert!(out(&kept).contains("Thresholds the only one is met"));

    let missed = format!(
        "{met}\n[[threshold]]\nname = \"at once\"\nthat = \"hours to 50% converged < 1\"\nsite = \"HQ1\"\n\
         \n[[threshold]]\nthat = \"hours to 100% base <= 3\"\nat_least = 0.5\n"
    );
    let ended = run(&missed, &[]);
    assert_eq!(ended.status.code(), Some(1), "{}", err(&ended));
    let planned = out(&smsim(folder.path(), &["plan", "pilot.toml"]));
    assert!(
        planned.contains("\nThresholds (3)\n  mixed clients < 1\n"),
        "{planned}"
    );
    assert!(planned.contains("hours to 100% base <= 3, in 50 % of the replications\n"));
    let told = out(&ended);
    let second = told.lines().nth(1).unwrap();
    assert_eq!(second, "Missed     2 of 3 thresholds", "{told}");
    assert!(
        told.contains("at once: hours to 50% converged < 1, at HQ1\n"),
        "{told}"
    );
    assert!(
        told.contains("too much; met in 0 of 2 replications, all wanted\n"),
        "{told}"
    );
    let table = fs::read_to_string(results.join("thresholds.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let passed: Vec<&str> = rows.iter().map(|row| &row[3]).collect();
    assert_eq!(passed, ["yes", "no", "no"]);
    let number = |at: usize| rows[1][at].parse::<f64>().unwrap();
    assert!((number(6) - number(4) - number(7)).abs() < 1e-6, "margin");
    assert!(number(7) < 0.0 && &rows[1][2] == "HQ1" && &rows[0][2] == "*");

    let quiet = run(&missed, &["-q"]);
    assert_eq!((quiet.status.code(), out(&quiet).as_str()), (Some(1), ""));
}

/// Files after one that missed a threshold are run all the same.
#[test]
fn a_missed_threshold_does_not_keep_other_scenarios_from_running() {
    let folder = with_scenario("quickstart");
    let text = fs::read_to_string(folder.path().join("pilot.toml")).unwrap();
    let missed = text.replace("name = \"pilot\"", "name = \"first\"")
        + "\n[[threshold]]\nthat = \"restarts asked <= 0\"\n\
           \n[[threshold]]\nthat = \"hours to 10% converged < 1\"\n";
    fs::write(folder.path().join("first.toml"), missed).unwrap();
    let arguments = [
        "run",
        "first.toml",
        "pilot.toml",
        "-q",
        "--replications",
        "1",
    ];
    let ended = smsim(folder.path(), &arguments);
    assert_eq!(ended.status.code(), Some(1), "{}", err(&ended));
    assert_eq!(names(&folder.path().join("output")), ["first", "pilot"]);
}

#[test]
fn results_of_somebody_else_are_left_alone() {
    let folder = with_scenario("quickstart");
    let run = || {
        smsim(
            folder.path(),
            &["run", "pilot.toml", "-q", "--replications", "1"],
        )
    };
    assert_eq!(run().status.code(), Some(0));
    let results = folder.path().join("output");
    let results = results.join(&names(&results)[0]);
    fs::write(results.join("notes.txt"), "mine").unwrap();
    let refused = run();
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        err(&refused).contains("it also holds notes.txt"),
        "{}",
        err(&refused)
    );
    assert_eq!(
        fs::read_to_string(results.join("notes.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn lists_are_complete_and_also_csv() {
    let folder = tempfile::tempdir().unwrap();
    for (verb, some) in [
        ("assumptions", "ccim_cycle"),
        ("reasons", "own-site-not-upgraded"),
        ("columns", "converged_share_p50"),
    ] {
        let text = smsim(folder.path(), &[verb]);
        assert!(out(&text).contains(some) && text.status.success());
        let listed = smsim(folder.path(), &[verb, "--csv"]);
        let mut reader = csv::Reader::from_reader(listed.stdout.as_slice());
        let width = reader.headers().unwrap().len();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() > 30 && rows.iter().all(|row| row.len() == width));
    }
    for arguments in [&["man"][..], &["schema"], &["completions", "bash"]] {
        let made = smsim(folder.path(), arguments);
        assert!(made.status.success() && !made.stdout.is_empty());
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smsim"));
    let mut child = command
        .args(["columns"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(err(&ended), "");
    assert_eq!(ended.status.code(), Some(0));
}

/// Thousands of rows as a console exports them, a tenth of which cannot be used: nothing is silent.
#[test]
fn an_inventory_with_bad_rows_is_read_or_refused_as_the_scenario_says() {
    let folder = with_scenario("quickstart");
    let rows: String = (0..3_000)
        .map(|number| match number % 10 {
            0 => format!("PC{number};10.1.0.7;Windows NT 4.0;\r\n"),
            1 => format!("PC{number};;Windows 98;Jürgen\r\n"),
            _ => format!("PC{number};10.1.0.0;\"Windows 98\";\"Zoë; Ann\"\r\n"),
        })
        .collect();
    let text: String = format!("Name0;Subnet0;OS;Owner\r\n{rows}");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(
        folder.path().join("pcs.csv"),
        [&b"\xff\xfe"[..], &utf16].concat(),
    )
    .unwrap();
    let scenario = "extends = \"pilot.toml\"\n[[clients]]\nname = \"listed\"\ninventory = { file = \"pcs.csv\", \
                    columns = { name = \"Name0\", subnet = \"Subnet0\", operating_system = \"OS\" } }\n";
    fs::write(folder.path().join("listed.toml"), scenario).unwrap();
    let refused = smsim(folder.path(), &["check", "listed.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("this inventory has 580 more mistakes"),
        "{}",
        err(&refused)
    );
    let skip = ["--set", "clients.listed.inventory.bad_rows=skip"];
    let checked = smsim(
        folder.path(),
        &[&["check", "listed.toml"][..], &skip].concat(),
    );
    let told = out(&checked);
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
    assert!(
        told.contains("pcs.csv: 300 rows left out, no subnet: in line 3, 13, 23, 33, 43 and"),
        "{told}"
    );
    assert!(
        told.contains("pcs.csv: 300 rows left out, column subnet cannot be read: in line 2, 12"),
        "{told}"
    );
    assert!(told.contains("pcs.csv: 1 column not read: Owner"), "{told}");
    let arguments = [
        "run",
        "listed.toml",
        "--replications",
        "1",
        "--out",
        "results",
    ];
    let ran = smsim(folder.path(), &[&arguments[..], &skip].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(
        err(&ran).contains("warning: 600 rows of inventories or tables left out"),
        "{}",
        err(&ran)
    );
    let note = "note: 1 column of pcs.csv not read: see smsim check listed.toml";
    assert!(err(&ran).contains(note), "{}", err(&ran));
    let results = folder.path().join("results");
    let results = results.join(&names(&results)[0]);
    let left_out = fs::read_to_string(results.join("left_out.csv")).unwrap();
    assert_eq!(left_out.lines().count(), 601);
    assert_eq!(
        left_out.lines().nth(2).unwrap(),
        "pcs.csv,3,PC1,no subnet,where is `PC1`?: has no subnet"
    );
    let clients = fs::read_to_string(results.join("clients.csv")).unwrap();
    assert_eq!(
        clients
            .lines()
            .filter(|line| line.starts_with("PC"))
            .count(),
        2_400
    );
}

#[test]
fn a_scenario_is_made_of_an_inventory_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..200)
        .map(|number| {
            format!(
                "PC{number},10.{}.0.0,Windows NT 4.0,S0{},LONDON\n",
                number % 4,
                number % 2
            )
        })
        .collect();
    let text = format!("Machine,Net,OS,Site,Domain\n{rows}");
    fs::write(folder.path().join("pcs.csv"), text).unwrap();
    let arguments = [
        "new",
        "made",
        "--from-inventory",
        "pcs.csv",
        "--column",
        "subnet=Net",
    ];
    let made = smsim(folder.path(), &arguments);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let ran = smsim(folder.path(), &["run", "made.toml", "--replications", "1"]);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(
        out(&ran).starts_with("made: 200 clients, 2 sites"),
        "{}",
        out(&ran)
    );
    let wrong = smsim(
        folder.path(),
        &[
            "new",
            "other",
            "--from-inventory",
            "pcs.csv",
            "--column",
            "net=Net",
        ],
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        err(&wrong).contains("where OURS is one of name, subnet"),
        "{}",
        err(&wrong)
    );
}

/// Risks are warned of, and `--strict` makes them count: for a plan that must not be risky, in a script.
#[test]
fn check_strict_ends_with_1_where_there_are_risks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let check = |arguments: &[&str]| smsim(root, &[&["check"], arguments].concat());
    let (risky, sound) = ("scenarios/kb/Q264630.toml", "scenarios/friday-upgrade.toml");
    let warned = check(&[risky]);
    assert_eq!(warned.status.code(), Some(0), "{}", err(&warned));
    let told = out(&warned) + &err(&warned);
    assert!(
        told.contains("2 risks") && told.contains("(Q264630)"),
        "{told}"
    );
    assert!(told.contains("help: "), "{told}");
    assert_eq!(check(&[risky, "--strict"]).status.code(), Some(1));
    assert_eq!(check(&[sound, "--strict"]).status.code(), Some(0));
    let among = check(&[sound, risky, "--strict"]);
    assert_eq!(among.status.code(), Some(1), "one of several is enough");
}
