//! `report.html` as a file: the same whether made by the run or from its tables, and refused where they are not whole.

use crate::command_line::{err, names, out, smsim};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs quickstart and gives its results folder.
fn run(folder: &Path, more: &[&str]) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let file = file.display().to_string();
    let mut arguments = vec!["run", file.as_str(), "-q", "--replications", "2"];
    arguments.extend(more);
    let ran = smsim(folder, &arguments);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    folder.join("output/two-sites-one-domain")
}

fn report(folder: &Path) -> (Option<i32>, String) {
    let made = smsim(folder, &["report", folder.to_str().unwrap()]);
    (made.status.code(), out(&made) + &err(&made))
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("report.html")).unwrap()
}

#[test]
fn the_page_is_the_same_from_the_run_and_from_its_tables_in_either_dialect() {
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path(), &["--report"]);
    let (first, manifest) = (
        page(&results),
        fs::read(results.join("manifest.toml")).unwrap(),
    );
    assert_eq!(report(&results).0, Some(0));
    assert!(page(&results) == first, "made of the tables");
    assert!(fs::read(results.join("manifest.toml")).unwrap() == manifest);
    for more in [&[][..], &["--csv", "excel-eu"]] {
        run(folder.path(), more);
        assert!(!results.join("report.html").exists());
        let (code, told) = report(&results);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.starts_with("Written    "), "{told}");
        assert!(page(&results) == first, "{more:?}");
    }
    // A run takes its place, so the manifest knows it.
    run(folder.path(), &[]);
}

#[test]
fn the_page_fetches_nothing_and_runs_nothing_but_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&run(folder.path(), &["--report"]));
    assert!(page.contains("default-src 'none'; script-src 'sha256-"));
    assert_eq!(page.matches("<script").count(), 2, "data and program");
    for reference in [" src=", "@import", "<link", "<iframe"] {
        assert!(!page.contains(reference), "{reference}");
    }
    assert!(page.len() < 600_000, "{}", page.len());
}

#[test]
fn tables_that_are_not_whole_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path(), &[]);
    let timeline = results.join("timeline.csv");
    let text = fs::read_to_string(&timeline).unwrap();

    fs::write(&timeline, text.replacen(",0,", ",1,", 1)).unwrap();
    let (code, told) = report(&results);
    assert_eq!(code, Some(3));
    assert!(
        told.contains("timeline.csv: it was changed since it was written"),
        "{told}"
    );

    fs::remove_file(&timeline).unwrap();
    assert_eq!(report(&results).0, Some(3));
    fs::write(&timeline, text).unwrap();

    fs::write(results.join("report.html"), "mine").unwrap();
    let (code, told) = report(&results);
    assert_eq!(code, Some(3));
    assert!(told.contains("report.html is in the way"), "{told}");
    assert_eq!(page(&results), "mine");

    let (code, told) = report(folder.path());
    assert_eq!(code, Some(3));
    assert!(
        told.contains("name the folder of a run's results"),
        "{told}"
    );
    assert_eq!(names(folder.path()), ["output"]);
}

#[test]
fn a_comparison_leaves_a_page_and_nothing_of_somebody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let file = file.display().to_string();
    let compare = || {
        let variant = "slower: rules.ccim_cycle=46h";
        let arguments = [
            "compare",
            &file,
            "--variant",
            variant,
            "--replications",
            "2",
            "-q",
            "--report",
            "plans.html",
        ];
        smsim(folder.path(), &arguments).status.code()
    };
    assert_eq!(compare(), Some(0));
    assert_eq!(compare(), Some(0), "an earlier page is replaced");
    let path = folder.path().join("plans.html");
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("\"name\":\"slower\""));
    fs::write(&path, "mine").unwrap();
    assert_eq!(compare(), Some(3));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["plans.html"]);
}

#[test]
fn the_workbook_is_the_same_from_the_run_and_from_what_it_kept() {
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path(), &["--xlsx"]);
    let first = fs::read(results.join("report.xlsx")).unwrap();
    run(folder.path(), &[]);
    assert!(!results.join("report.xlsx").exists());
    let made = |more: &[&str]| {
        let arguments = [&["report", results.to_str().unwrap(), "--xlsx"], more].concat();
        smsim(folder.path(), &arguments)
    };
    let told = made(&[]);
    assert_eq!(told.status.code(), Some(0), "{}", err(&told));
    assert!(out(&told).contains("report.xlsx\n"), "{}", out(&told));
    assert!(fs::read(results.join("report.xlsx")).unwrap() == first);

    fs::remove_dir_all(results.join("replications")).unwrap();
    run(folder.path(), &["--no-keep"]);
    let refused = made(&[]);
    assert_eq!(refused.status.code(), Some(3), "{}", out(&refused));
    let why = "is not kept there: run the scenario again, without --no-keep";
    assert!(err(&refused).contains(why), "{}", err(&refused));
}

#[test]
fn other_percentiles_are_no_obstacle_to_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path(), &["--report"]);
    let first = page(&results);
    run(folder.path(), &["--percentiles", "5,95"]);
    let (code, told) = report(&results);
    assert_eq!(code, Some(0), "{told}");
    assert!(page(&results) == first);
}

/// What an inventory left out is in the workbook also when the workbook is made later, with or without the inventory.
#[test]
fn a_stored_run_keeps_what_its_tables_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    fs::copy(file, folder.path().join("base.toml")).unwrap();
    fs::write(
        folder.path().join("nets.csv"),
        "site,subnet\nHQ1,10.77.0.0\nXX9,10.78.0.0\n",
    )
    .unwrap();
    let text = "extends = \"base.toml\"\n[tables]\nboundaries = { file = \"nets.csv\", bad_rows = \"skip\" }\n";
    fs::write(folder.path().join("pilot.toml"), text).unwrap();
    let arguments = ["run", "pilot.toml", "-q", "--replications", "1", "--xlsx"];
    let ran = smsim(folder.path(), &arguments);
    assert_ne!(ran.status.code(), Some(2), "{}", err(&ran));
    let results = folder.path().join("output/two-sites-one-domain");
    let workbook = results.join("report.xlsx");
    let first = fs::read(&workbook).unwrap();
    fs::remove_file(folder.path().join("nets.csv")).unwrap();
    let made = smsim(&results, &["report", ".", "--xlsx", "-q"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    assert!(fs::read(&workbook).unwrap() == first);
}

#[test]
fn stored_runs_have_a_page_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = |name: &str| {
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        scenarios.join(name).display().to_string()
    };
    let plans = [
        shipped("quickstart.toml"),
        shipped("quickstart-together.toml"),
    ];
    let [first, second] = plans.each_ref().map(String::as_str);
    let arguments = [
        "run",
        first,
        second,
        "-q",
        "--replications",
        "2",
        "--seed",
        "7",
    ];
    let ran = smsim(folder.path(), &arguments);
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{}", err(&ran));
    let stored = [
        "output/two-sites-one-domain",
        "output/two-sites-one-evening",
    ];
    let compared = |plans: [&str; 2], page: &str| {
        let mut arguments = vec!["compare", plans[0], plans[1], "-q", "--report", page];
        arguments.extend(["--replications", "2"]);
        let compared = smsim(folder.path(), &arguments);
        assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
        fs::read_to_string(folder.path().join(page)).unwrap()
    };
    let of_runs = compared(stored, "stored.html");
    let of_files = compared([first, second], "files.html");
    assert!(of_runs == of_files, "the same numbers either way");
    assert!(compared([stored[0], second], "mixed.html") == of_files);
}
