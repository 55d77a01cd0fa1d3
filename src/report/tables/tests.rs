//! Each table of the sample study, to the letter: the golden files are read by people who know the product.

use super::*;
use crate::report::csv_file::{CsvFiles, Dialect};
use crate::report::{Results, Rows};
use crate::study::{Study, sample};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::rc::Rc;

#[derive(Clone, Default)]
struct Sheet(Rc<RefCell<Vec<u8>>>);

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn csv(table: &'static Table, plan: &Plan, study: &Study) -> String {
    let sheet = Sheet::default();
    let shared = sheet.clone();
    let mut open = move |_: &str| Ok(Box::new(shared.clone()) as Box<dyn Write>);
    let mut files = CsvFiles::new(table, Dialect::Standard, &mut open);
    (table.fill)(&Results::new(plan, study), &mut files).unwrap();
    files.finish().unwrap();
    let bytes = sheet.0.borrow().clone();
    String::from_utf8(bytes).unwrap()
}

macro_rules! golden {
    ($($test:ident: $table:ident, $file:literal;)+) => { $(
        #[test]
        fn $test() {
            let plan = sample::plan();
            let text = csv(&$table, &plan, &sample::study(&plan));
            let golden = include_str!(concat!("../../../tests/golden/tables/", $file));
            assert_eq!(text, golden, "\n{text}");
        }
    )+ };
}

golden! {
    timeline_has_a_row_per_place_and_boundary: TIMELINE, "timeline.csv";
    milestones_that_were_missed_are_empty: MILESTONES, "milestones.csv";
    load_leaves_out_idle_intervals: LOAD, "load.csv";
    load_peaks_name_every_server: LOAD_PEAKS, "load_peaks.csv";
    decisions_leave_out_what_did_not_occur: DECISIONS, "decisions.csv";
    left_out_rows_are_named: LEFT_OUT, "left_out.csv";
    trouble_comes_with_its_cure: TROUBLE, "trouble.csv";
    clients_are_those_of_the_first_replication: CLIENTS, "clients.csv";
    servers_tell_what_they_held_from_when_to_when: SERVERS, "servers.csv";
    sites_come_with_their_calendar: SITES, "sites.csv";
}

#[test]
fn one_replication_has_a_band_without_width() {
    let plan = sample::plan();
    let study = Study::of(&plan, vec![sample::replication(&plan, 0, 2)]).unwrap();
    for row in csv(&TIMELINE, &plan, &study).lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        assert!(cells[13] == cells[14] && cells[14] == cells[15], "{row}");
    }
}

#[test]
fn columns_are_documented_and_named_once() {
    for table in ALL {
        let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        for column in table.columns {
            let snake = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
            assert!(column.name.chars().all(snake), "{}", column.name);
            assert!(column.meaning.ends_with('.'), "{}", column.name);
            assert!(!column.example.is_empty(), "{}", column.name);
        }
    }
}

/// Counts cells, so that no table can write a row of another width than its header's.
struct Widths(usize, BTreeSet<usize>);

impl Rows for Widths {
    fn text(&mut self, _text: &str) {
        self.0 += 1;
    }

    fn local_time(&mut self, _text: &str) {
        self.0 += 1;
    }

    fn whole(&mut self, _number: u64) {
        self.0 += 1;
    }

    fn number(&mut self, _number: f64) {
        self.0 += 1;
    }

    fn missing(&mut self) {
        self.0 += 1;
    }

    fn end(&mut self) -> io::Result<()> {
        self.1.insert(std::mem::take(&mut self.0));
        Ok(())
    }
}

#[test]
fn every_row_is_as_wide_as_its_header() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    for table in ALL {
        let mut widths = Widths(0, BTreeSet::new());
        (table.fill)(&Results::new(&plan, &study), &mut widths).unwrap();
        assert_eq!(
            widths.1,
            BTreeSet::from([table.columns.len()]),
            "{}",
            table.name
        );
    }
}
