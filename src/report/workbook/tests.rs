//! The workbook of the sample study, read back by another library.

use super::*;
use crate::report::table::TextRows;
use crate::study::sample;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The texts of a sheet.
fn texts(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<String> {
    let range = book.worksheet_range(sheet).unwrap();
    let texts = range.cells().filter_map(|(_, _, cell)| match cell {
        Data::String(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_full_sheet_goes_on_in_the_next_and_the_first_one_says_so() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    let results = Results::new(&plan, &study);
    let mut book = read(workbook_with(&results, 8).unwrap());
    let names = book.sheet_names();
    assert_eq!(
        names[..6],
        [
            "Answer",
            "Curves",
            "Busiest servers",
            "timeline",
            "timeline-2",
            "timeline-3"
        ]
    );
    let mut all = TextRows::default();
    (tables::TIMELINE.fill)(&results, &mut all).unwrap();
    let mut rows = 0;
    for name in names.iter().filter(|name| name.starts_with("timeline")) {
        let range = book.worksheet_range(name).unwrap();
        assert_eq!(
            range.get((0, 0)),
            Some(&Data::String("site".to_owned())),
            "{name}"
        );
        assert!(range.height() <= 8, "{name}");
        rows += range.height() - 1;
    }
    assert_eq!(rows, all.rows.len());
    let told = texts(&mut book, "Answer").join("\n");
    assert!(
        told.contains("timeline is full and goes on in timeline-2."),
        "{told}"
    );
    assert!(
        told.contains("timeline-2 is full and goes on in timeline-3."),
        "{told}"
    );
    // Of 20 rows of 5 boundaries each, one sheet of 7 rows holds the fleet alone.
    assert!(!texts(&mut book, "Curves").contains(&"HQ1".to_owned()));
}

#[test]
fn the_first_sheet_tells_thresholds_the_stuck_and_what_to_do() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    let mut book = read(workbook(&Results::new(&plan, &study)).unwrap());
    let told = texts(&mut book, "Answer");
    for expected in [
        "Two sites",
        "hours to 50% converged < 12",
        "missed",
        "met",
        "not-seen",
        "desktops at HQ1",
        "wait, or switch the machine on",
        "0 of 2",
        "no limit",
    ] {
        let there = told.iter().any(|text| text == expected);
        // What has no limit here moved nothing, so it is not listed.
        assert_eq!(there, expected != "no limit", "{expected}: {told:#?}");
    }
    // A name of the planner's is a text, not a formula.
    let formulas = book.worksheet_formula("clients").unwrap();
    assert!(formulas.is_empty());
    assert!(texts(&mut book, "clients").contains(&"=laptops".to_owned()));
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    let results = Results::new(&plan, &study);
    assert_eq!(workbook(&results).unwrap(), workbook(&results).unwrap());
}

#[test]
fn a_study_without_anything_is_a_workbook_all_the_same() {
    let mut plan = sample::plan();
    plan.thresholds.clear();
    plan.replications = 1;
    let mut replication = sample::replication(&plan, 0, 0);
    replication.tally.trouble.clear();
    replication.tally.clients.clear();
    replication.tally.servers = vec![crate::run::tally::ServerTally::default(); 3];
    replication.servers.sends.clear();
    let study = crate::study::Study::of(&plan, vec![replication]).unwrap();
    let mut book = read(workbook(&Results::new(&plan, &study)).unwrap());
    let told = texts(&mut book, "Answer");
    assert!(told.contains(&"nobody".to_owned()), "{told:?}");
    assert!(
        told.iter()
            .any(|text| text.starts_with("Nothing: every client")),
        "{told:?}"
    );
}
