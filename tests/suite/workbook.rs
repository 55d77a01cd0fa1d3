//! `report.xlsx`: the same cells as the CSV files, and a spreadsheet program that opens and calculates it.

use crate::command_line::{err, names, smsim};
use crate::outside::{converted, program};
use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

type Book = Xlsx<std::io::BufReader<fs::File>>;

/// Runs quickstart with a workbook and gives its results folder.
fn run(folder: &Path) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let file = file.display().to_string();
    let ran = smsim(
        folder,
        &["run", &file, "-q", "--replications", "3", "--xlsx"],
    );
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let parent = folder.join("output");
    parent.join(&names(&parent)[0])
}

/// Kinds of columns by table and name.
fn kinds(folder: &Path) -> BTreeMap<(String, String), String> {
    let listed = smsim(folder, &["columns", "--csv"]);
    let mut reader = csv::Reader::from_reader(listed.stdout.as_slice());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| ((row[0].to_owned(), row[1].to_owned()), row[2].to_owned()))
        .collect()
}

/// Days since the spreadsheet's day 0.
fn serial(text: &str) -> f64 {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    let zero = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    time.duration_since(zero).as_secs_f64() / 86_400.0
}

fn check_cell(kind: &str, csv: &str, cell: Option<&Data>) {
    let cell = cell.unwrap_or(&Data::Empty);
    let told = format!("{kind}: {csv:?} in CSV, {cell:?} in the workbook");
    match (kind, cell) {
        (_, Data::Empty) => assert!(csv.is_empty(), "{told}"),
        ("text", Data::String(text)) => assert_eq!(csv.trim_start_matches('\''), text, "{told}"),
        ("number" | "share", Data::Float(number)) => {
            let expected: f64 = csv.parse().unwrap();
            assert!(
                (number - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                "{told}"
            );
        }
        ("local time", Data::DateTime(time)) => {
            assert!(time.is_datetime(), "{told}");
            assert!((time.as_f64() - serial(csv)).abs() < 1e-8, "{told}");
        }
        _ => panic!("{told}"),
    }
}

fn sheets(path: &Path) -> BTreeMap<String, Range<Data>> {
    let mut book: Book = open_workbook(path).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| (name.clone(), book.worksheet_range(&name).unwrap()))
        .collect()
}

#[test]
fn every_table_is_a_sheet_with_the_same_cells() {
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path());
    let kinds = kinds(folder.path());
    let sheets = sheets(&results.join("report.xlsx"));
    let mut compared = 0;
    for name in names(&results)
        .iter()
        .filter_map(|it| it.strip_suffix(".csv"))
    {
        let sheet = &sheets[name];
        let mut reader = csv::Reader::from_path(results.join(format!("{name}.csv"))).unwrap();
        let header = reader.headers().unwrap().clone();
        for (row, record) in (1..).zip(reader.records().map(Result::unwrap)) {
            for (at, (column, csv)) in (0..).zip(header.iter().zip(&record)) {
                let kind = &kinds[&(name.to_owned(), column.to_owned())];
                check_cell(kind, csv, sheet.get_value((row, at)));
                compared += 1;
            }
        }
        let rows = csv::Reader::from_path(results.join(format!("{name}.csv")))
            .unwrap()
            .records()
            .count();
        assert_eq!(sheet.height(), rows + 1, "{name}");
    }
    assert!(compared > 10_000, "{compared} cells");
}

#[test]
fn a_workbook_is_repeated_byte_by_byte() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bytes =
        [&one, &other].map(|folder| fs::read(run(folder.path()).join("report.xlsx")).unwrap());
    assert!(bytes[0] == bytes[1]);
    // A run without a workbook leaves none behind, and is not hindered by the one that is there.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let again = smsim(
        one.path(),
        &[
            "run",
            &file.display().to_string(),
            "-q",
            "--replications",
            "1",
        ],
    );
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    let parent = one.path().join("output");
    assert!(!names(&parent.join(&names(&parent)[0])).contains(&"report.xlsx".to_owned()));
}

#[test]
fn a_spreadsheet_program_opens_and_calculates_it() {
    let Some(soffice) = program(
        &["soffice", "libreoffice"],
        "whether LibreOffice opens report.xlsx",
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = run(folder.path()).join("report.xlsx");
    let again = converted(&soffice, &file, "xlsx", &folder.path().join("again"));
    let (ours, theirs) = (sheets(&file), sheets(&again));
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        theirs.keys().collect::<Vec<_>>()
    );
    let mut all = 0;
    for (name, sheet) in &theirs {
        let ours = &ours[name];
        let mut numbers = 0;
        let (first_row, first_column) = sheet.start().unwrap();
        for (row, column, cell) in sheet.cells() {
            assert!(
                !matches!(cell, Data::Error(_)),
                "{name}: {cell:?} at {row}, {column}"
            );
            let place = (first_row + row as u32, first_column + column as u32);
            let number = |cell: &Data| match cell {
                Data::Float(number) => Some(*number),
                Data::Int(number) => Some(*number as f64),
                Data::DateTime(time) => Some(time.as_f64()),
                _ => None,
            };
            if let Some(theirs) = number(cell) {
                let ours = ours.get_value(place).and_then(number);
                assert!(
                    ours.is_some_and(|ours| (ours - theirs).abs() <= 1e-7 * theirs.abs().max(1.0)),
                    "{name} at {place:?}: {ours:?} became {theirs}"
                );
                numbers += 1;
            }
        }
        all += numbers;
    }
    assert!(all > 10_000, "{all} numbers");
}
