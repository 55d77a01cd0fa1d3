//! What the results folder replaces, what it refuses, and what it leaves behind.

use super::folder::check_place;
use super::manifest::FILE_NAME;
use super::*;
use crate::study::sample;
use std::fs;
use std::path::Path;

fn write(parent: &Path, dialect: Dialect) -> Result<Written, FolderError> {
    let plan = sample::plan();
    let study = sample::study(&plan);
    write_results(
        &Results::new(&plan, &study),
        "name = \"x\"\n",
        Extras {
            dialect,
            ..Extras::default()
        },
        parent,
    )
}

/// Names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Refused with this text, with nothing changed.
fn refused(parent: &Path, what: &str) {
    let before = names(parent);
    let error = write(parent, Dialect::Standard).unwrap_err();
    assert!(matches!(error, FolderError::InTheWay { .. }));
    assert!(error.to_string().contains(what), "{error}");
    assert_eq!(names(parent), before);
}

#[test]
fn a_run_writes_its_tables_and_a_manifest_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let written = write(parent.path(), Dialect::Standard).unwrap();
    assert_eq!(names(parent.path()), ["two-sites"]);
    let expected = [
        "assumptions.csv",
        "clients.csv",
        "decisions.csv",
        "left_out.csv",
        "load.csv",
        "load_peaks.csv",
        "manifest.toml",
        "milestones.csv",
        "server_events.csv",
        "servers.csv",
        "sites.csv",
        "thresholds.csv",
        "timeline.csv",
        "trouble.csv",
    ];
    assert_eq!(names(&written.folder), expected);
    let text = fs::read_to_string(written.folder.join(FILE_NAME)).unwrap();
    let manifest: Manifest = toml::from_str(&text).unwrap();
    assert_eq!(manifest.scenario.resolved, "name = \"x\"\n");
    assert_eq!(manifest.replications_complete, 2);
    for file in &manifest.files {
        let text = fs::read_to_string(written.folder.join(&file.name)).unwrap();
        assert_eq!(file.bytes, text.len() as u64);
        assert_eq!(file.rows + 1, text.lines().count() as u64, "{}", file.name);
    }
}

#[test]
fn a_rerun_replaces_an_earlier_run_with_the_same_bytes() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    let read = || -> Vec<Vec<u8>> {
        let files = names(&folder);
        files
            .iter()
            .map(|name| fs::read(folder.join(name)).unwrap())
            .collect()
    };
    let before = read();
    write(parent.path(), Dialect::Standard).unwrap();
    assert_eq!(read(), before);
    write(parent.path(), Dialect::ExcelEu).unwrap();
    assert_ne!(read(), before);
    assert_eq!(names(parent.path()), ["two-sites"]);
}

#[test]
fn the_fingerprint_does_not_depend_on_how_cells_are_set_apart() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    let other = crate::study::Study::of(&plan, vec![sample::replication(&plan, 0, 3)]).unwrap();
    let print = manifest::fingerprint(&study);
    assert_eq!(print, manifest::fingerprint(&sample::study(&plan)));
    assert_ne!(print, manifest::fingerprint(&other));
}

#[test]
fn a_file_of_somebody_else_is_in_the_way() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    refused(parent.path(), "it also holds notes.txt");
    assert_eq!(
        fs::read_to_string(folder.join("notes.txt")).unwrap(),
        "mine"
    );
    fs::remove_file(folder.join("notes.txt")).unwrap();
    fs::create_dir(folder.join("charts")).unwrap();
    refused(parent.path(), "it also holds charts");
}

#[test]
fn a_file_that_somebody_changed_is_in_the_way() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    let path = folder.join("trouble.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("not-seen", "not-sewn")).unwrap();
    refused(
        parent.path(),
        "trouble.csv was changed since it was written",
    );
}

#[test]
fn a_file_that_somebody_removed_is_not_missed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    fs::remove_file(folder.join("load.csv")).unwrap();
    write(parent.path(), Dialect::Standard).unwrap();
    assert!(folder.join("load.csv").exists());
}

#[test]
fn what_was_not_written_by_us_is_in_the_way() {
    let parent = tempfile::tempdir().unwrap();
    let place = parent.path().join("two-sites");
    fs::write(&place, "a file").unwrap();
    refused(parent.path(), "it is not a folder");
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    fs::write(place.join("timeline.csv"), "mine").unwrap();
    refused(parent.path(), "it was not written by this program");
    fs::write(place.join(FILE_NAME), "program = \"another\"").unwrap();
    refused(parent.path(), "it was not written by this program");
}

#[test]
fn an_empty_folder_is_nobodys() {
    let parent = tempfile::tempdir().unwrap();
    fs::create_dir(parent.path().join("two-sites")).unwrap();
    write(parent.path(), Dialect::Standard).unwrap();
}

#[test]
fn a_draft_given_up_leaves_the_old_results_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    let draft = Draft::begin(parent.path(), "two-sites").unwrap();
    draft.put("timeline.csv", b"half").unwrap();
    drop(draft);
    assert_eq!(names(parent.path()), ["two-sites"]);
    assert!(check_place(parent.path(), "two-sites").is_ok());
    assert_ne!(fs::read(folder.join("timeline.csv")).unwrap(), b"half");
}

#[test]
fn a_run_that_cannot_be_written_leaves_the_old_results() {
    let parent = tempfile::tempdir().unwrap();
    let folder = write(parent.path(), Dialect::Standard).unwrap().folder;
    let before = fs::read(folder.join(FILE_NAME)).unwrap();
    let beside = format!(".two-sites.tmp-{}", std::process::id());
    fs::write(parent.path().join(&beside), "not a folder").unwrap();
    let error = write(parent.path(), Dialect::ExcelEu).unwrap_err();
    assert!(
        matches!(
            error,
            FolderError::Io {
                operation: "create",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(fs::read(folder.join(FILE_NAME)).unwrap(), before);
    assert_eq!(names(parent.path()), [beside.as_str(), "two-sites"]);
}

#[test]
fn a_file_that_comes_in_the_way_meanwhile_stays() {
    let parent = tempfile::tempdir().unwrap();
    let draft = Draft::begin(parent.path(), "two-sites").unwrap();
    fs::write(parent.path().join("two-sites"), "late").unwrap();
    assert!(draft.publish().is_err());
    assert_eq!(names(parent.path()), ["two-sites"]);
}

#[test]
fn a_parent_that_is_a_file_is_told_with_its_name() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("out");
    fs::write(&file, "").unwrap();
    let error = write(&file, Dialect::Standard).unwrap_err();
    assert!(matches!(error, FolderError::Io { .. }));
    assert!(error.to_string().contains("out"), "{error}");
}

#[test]
fn a_scenario_names_its_folder() {
    for (scenario, folder) in [
        ("Two sites, one domain", "two-sites-one-domain"),
        ("../../etc", "etc"),
        ("Zürich 2000", "zürich-2000"),
        ("...", "scenario"),
        ("con:", "con"),
    ] {
        assert_eq!(folder_name(scenario), folder);
    }
}
