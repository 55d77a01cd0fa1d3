//! What an independent reader makes of the CSV files, without being told anything: DuckDB, from PyPI.

use crate::command_line::{err, names, smsim};
use crate::outside::python;
use smsim::report::Manifest;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Prints table, column, type and number of rows and of cells with something in them, of every file given.
const READ: &str = r#"
import sys, duckdb
dialect, *files = sys.argv[1:]
how = ", delim = ';', decimal_separator = ','" if dialect == "excel-eu" else ""
for file in files:
    table = f"read_csv('{file}'{how}, header = true, sample_size = -1)"
    columns = duckdb.sql(f"DESCRIBE SELECT * FROM {table}").fetchall()
    counts = ", ".join(f'count("{column[0]}")' for column in columns)
    rows, *filled = duckdb.sql(f"SELECT count(*), {counts} FROM {table}").fetchall()[0]
    for column, count in zip(columns, filled):
        print(file, column[0], column[1], rows, count, sep="\t")
"#;

/// Results with an empty cell or a number wherever there can be one, and names that look like formulas and numbers.
fn run(folder: &Path, dialect: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let file = file.display().to_string();
    let arguments = ["run", &file, "-q", "--replications", "3", "--csv", dialect];
    let sets = ["--set", "clients.hq-desktops.name=\"=SUM(A1)\""];
    let ran = smsim(folder, &[&arguments[..], &sets].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let parent = folder.join("output");
    parent.join(&names(&parent)[0])
}

/// Kinds of columns by table and name.
fn documented(folder: &Path) -> BTreeMap<(String, String), String> {
    let listed = smsim(folder, &["columns", "--csv"]);
    let mut reader = csv::Reader::from_reader(listed.stdout.as_slice());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| ((row[0].to_owned(), row[1].to_owned()), row[2].to_owned()))
        .collect()
}

fn check(dialect: &str) {
    let told = format!("whether DuckDB reads the {dialect} CSV files as documented");
    let Some(python) = python("duckdb", &told) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let results = run(folder.path(), dialect);
    let documented = documented(folder.path());
    let manifest = fs::read_to_string(results.join("manifest.toml")).unwrap();
    let manifest: Manifest = toml::from_str(&manifest).unwrap();
    let files = manifest.files.iter().filter(|it| !it.table.is_empty());
    let files: Vec<_> = files.collect();
    let mut command = Command::new(python);
    command.args(["-c", READ, dialect]).current_dir(&results);
    let output = command
        .args(files.iter().map(|it| &it.name))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", err(&output));
    let mut columns = 0;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let [file, column, found, rows, filled] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let entry = files.iter().find(|it| it.name == file).unwrap();
        assert_eq!(rows, entry.rows.to_string(), "{line}");
        columns += 1;
        if filled == "0" {
            continue;
        }
        let kind = &documented[&(entry.table.clone(), column.to_owned())];
        let expected: &[&str] = match kind.as_str() {
            "text" => &["VARCHAR"],
            "local time" => &["TIMESTAMP"],
            "number" | "share" => &["BIGINT", "DOUBLE"],
            other => panic!("{other} is no documented kind"),
        };
        // What says yes or no, a reader may well take for a truth value.
        let yes_or_no = kind == "text" && found == "BOOLEAN";
        assert!(expected.contains(&found) || yes_or_no, "{kind}: {line}");
    }
    let expected: usize = files
        .iter()
        .map(|file| {
            documented
                .keys()
                .filter(|(table, _)| *table == file.table)
                .count()
        })
        .sum();
    assert_eq!(columns, expected);
}

#[test]
fn types_come_out_as_documented() {
    check("standard");
}

#[test]
fn types_come_out_as_documented_for_continental_europe() {
    check("excel-eu");
}
