//! What a spreadsheet, or a script of somebody's own, may rely on: every file read back and held against `smsim columns`.

use crate::command_line::{err, names, out, smsim};
use csv::StringRecord;
use smsim::report::Manifest;
use smsim::report::tables::SCHEMA_VERSION;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A column as documented: name and kind.
type Documented = Vec<(String, String)>;

/// One file: its table, header and rows.
struct File {
    table: String,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

fn documented(folder: &Path) -> BTreeMap<String, Documented> {
    let listed = smsim(folder, &["columns", "--csv"]);
    let text = out(&listed);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut tables: BTreeMap<String, Documented> = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let column = (row[1].to_owned(), row[2].to_owned());
        tables.entry(row[0].to_owned()).or_default().push(column);
    }
    tables
}

/// Runs quickstart and gives its results folder.
fn quickstart(folder: &Path, arguments: &[&str]) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let file = file.display().to_string();
    let mut all = vec!["run", file.as_str(), "-q", "--replications", "3"];
    all.extend(arguments);
    let ran = smsim(folder, &all);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let parent = folder.join("output");
    parent.join(&names(&parent)[0])
}

fn manifest(results: &Path) -> Manifest {
    let text = fs::read_to_string(results.join("manifest.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

fn files(results: &Path, delimiter: u8) -> Vec<File> {
    let entries = manifest(results).files.into_iter();
    let read = entries.map(|entry| {
        let bytes = fs::read(results.join(&entry.name)).unwrap();
        assert_eq!(bytes.len() as u64, entry.bytes, "{}", entry.name);
        let text = String::from_utf8(bytes).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(delimiter).from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len() as u64, entry.rows, "{}", entry.name);
        File {
            table: entry.table,
            header,
            rows,
        }
    });
    read.collect()
}

/// The number in a cell; `None` if it is empty.
fn number(cell: &str) -> Option<f64> {
    let decimals = cell.split_once('.').map_or("", |(_, decimals)| decimals);
    assert!(decimals.len() <= 6 && !decimals.ends_with('0'), "{cell}");
    let digits = |it: char| it.is_ascii_digit() || it == '.' || it == '-';
    assert!(cell.chars().all(digits), "{cell} is no plain number");
    (!cell.is_empty()).then(|| cell.parse().unwrap())
}

fn check_cell(kind: &str, cell: &str) {
    match kind {
        "text" => {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!formula, "{cell} would be a formula");
        }
        "number" => {
            number(cell);
        }
        "share" => assert!(
            number(cell).is_none_or(|share| (0.0..=1.0).contains(&share)),
            "{cell}"
        ),
        "local time" if cell.is_empty() => {}
        "local time" => {
            let time: jiff::civil::DateTime = cell.parse().expect(cell);
            assert_eq!(time.strftime("%Y-%m-%d %H:%M:%S").to_string(), cell);
        }
        other => panic!("{other} is no documented kind"),
    }
}

#[test]
fn every_cell_is_what_its_column_says() {
    let folder = tempfile::tempdir().unwrap();
    let documented = documented(folder.path());
    let files = files(&quickstart(folder.path(), &[]), b',');
    let tables: Vec<&str> = files.iter().map(|file| file.table.as_str()).collect();
    let mut expected: Vec<&str> = documented.keys().map(String::as_str).collect();
    // What other verbs write is documented here too, but no run writes it; and no inventory is read here.
    let of_other_verbs = [
        "comparison",
        "fit",
        "left_out",
        "screening",
        "search",
        "sensitivity",
        "sweep",
    ];
    expected.retain(|table| !of_other_verbs.contains(table));
    expected.sort_unstable();
    let mut sorted = tables.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected, "one file per table");
    for file in &files {
        let columns = &documented[&file.table];
        let header: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(file.header, header, "{}", file.table);
        assert!(!file.rows.is_empty(), "{}", file.table);
        for row in &file.rows {
            for ((_, kind), cell) in columns.iter().zip(row) {
                check_cell(kind, cell);
            }
        }
    }
}

#[test]
fn every_client_is_in_exactly_one_state_and_the_sites_add_up_to_the_fleet() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&quickstart(folder.path(), &[]), b',');
    let timeline = files.iter().find(|file| file.table == "timeline").unwrap();
    let place = |name: &str| timeline.header.iter().position(|it| it == name).unwrap();
    let (site, hours, clients) = (place("site"), place("elapsed_hours"), place("clients"));
    let states = place("not_installed")..=place("broken");
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &timeline.rows {
        let cell = |at: usize| number(&row[at]).unwrap();
        let sum: f64 = states.clone().map(cell).sum();
        assert!((sum - cell(clients)).abs() < 1e-5, "{row:?}");
        let sign = if &row[site] == "*" { -1.0 } else { 1.0 };
        *sums.entry(&row[hours]).or_default() += sign * cell(clients);
        let shares = ["p10", "p50", "p90"].map(|it| cell(place(&format!("converged_share_{it}"))));
        assert!(shares.is_sorted(), "{row:?}");
    }
    assert_eq!(
        sums.len(),
        21 * 24 + 1,
        "every boundary of 21 days of hours"
    );
    assert!(sums.values().all(|sum| sum.abs() < 1e-5));
}

#[test]
fn every_client_of_the_plan_has_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let results = quickstart(folder.path(), &[]);
    let files = files(&results, b',');
    let clients = files.iter().find(|file| file.table == "clients").unwrap();
    assert_eq!(clients.rows.len() as u64, manifest(&results).clients);
    let names: std::collections::BTreeSet<&str> = clients.rows.iter().map(|row| &row[0]).collect();
    assert_eq!(names.len(), clients.rows.len(), "names are unique");
}

#[test]
fn continental_europe_gets_semicolons_commas_and_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    let documented = documented(folder.path());
    let standard = files(&quickstart(folder.path(), &[]), b',');
    let other = tempfile::tempdir().unwrap();
    let results = quickstart(other.path(), &["--csv", "excel-eu"]);
    assert_eq!(manifest(&results).csv, "excel-eu");
    let begins = fs::read(results.join("timeline.csv")).unwrap();
    assert!(begins.starts_with(b"\xef\xbb\xbfsite;elapsed_hours;"));
    for (standard, european) in standard.iter().zip(files(&results, b';')) {
        assert_eq!(standard.header, european.header);
        let columns = &documented[&standard.table];
        for (row, other) in standard.rows.iter().zip(&european.rows) {
            for (((_, kind), cell), other) in columns.iter().zip(row).zip(other) {
                let same = match kind.as_str() {
                    "number" | "share" => cell.replace('.', ","),
                    _ => cell.to_owned(),
                };
                assert_eq!(same, other);
            }
        }
    }
}

/// Names come from the planner, and a spreadsheet must not run them.
#[test]
fn names_that_look_like_formulas_are_disarmed() {
    let folder = tempfile::tempdir().unwrap();
    let sets = ["--set", "clients.hq-desktops.name=\"=cmd()\""];
    let results = quickstart(folder.path(), &sets);
    for file in files(&results, b',') {
        for cell in file.rows.iter().flatten() {
            assert!(!cell.starts_with('='), "{cell}");
        }
    }
}

/// What readers rely on: table, column, kind and unit, in their order. New columns are added to the list
/// (`SNAPSHOTS=overwrite`); whoever changes one that is in it has to raise the version.
#[test]
fn columns_change_only_with_the_schema_version() {
    let folder = tempfile::tempdir().unwrap();
    let listed = out(&smsim(folder.path(), &["columns", "--csv"]));
    let mut reader = csv::Reader::from_reader(listed.as_bytes());
    let mut now = Vec::new();
    for row in reader.records().map(Result::unwrap) {
        let [table, column, kind, unit, meaning, example] = [0, 1, 2, 3, 4, 5].map(|at| &row[at]);
        assert!(meaning.len() > 5 && !example.is_empty(), "{table}.{column}");
        now.push(format!("{SCHEMA_VERSION},{table},{column},{kind},{unit}"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/contract.csv");
    let known = fs::read_to_string(&path).unwrap();
    let current = format!("{SCHEMA_VERSION},");
    let of_this_version = known.lines().filter(|line| line.starts_with(&current));
    let missing: Vec<&str> = of_this_version
        .clone()
        .filter(|line| !now.iter().any(|other| other == line))
        .collect();
    let none: [&str; 0] = [];
    assert_eq!(missing, none, "gone or changed: raise SCHEMA_VERSION");
    let kept = now
        .iter()
        .filter(|line| known.lines().any(|other| other == *line));
    assert!(
        kept.eq(of_this_version),
        "columns have changed places: raise SCHEMA_VERSION"
    );
    let header = "schema_version,table,column,kind,unit".to_owned();
    let now = [vec![header], now].concat().join("\n") + "\n";
    let expected = snapbox::Data::read_from(&path, None);
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(now, expected.raw());
}
