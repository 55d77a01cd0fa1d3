//! Sites, domains and boundaries from CSV and XLSX.

use rust_xlsxwriter::Workbook;
use smsim::plan::Plan;
use smsim::scenario::{Loaded, Sources, parse};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files as bytes.
struct Held(BTreeMap<PathBuf, Vec<u8>>);

impl Held {
    fn of(files: &[(&str, &[u8])]) -> Self {
        let files = files.iter();
        let files = files.map(|(name, bytes)| (PathBuf::from(name), bytes.to_vec()));
        Held(files.collect())
    }
}

impl Sources for Held {
    fn read(&self, path: &Path) -> std::io::Result<String> {
        let bytes = self.read_bytes(path)?;
        String::from_utf8(bytes).map_err(std::io::Error::other)
    }

    fn read_bytes(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let missing = || std::io::Error::new(std::io::ErrorKind::NotFound, "no such file");
        self.0.get(path).cloned().ok_or_else(missing)
    }
}

const REST: &str = r#"
[scenario]
name = "tables"
start = 2000-06-19 00:00:00
days = 10

[[clients]]
name = "pcs"
count = 90
boundary = ["10.1.0.0", "10.2.0.0", "10.3.0.0"]

[[rollout]]
site = "all"
to = "SP2"
at = 2000-06-20 18:00:00
stagger = "12h"
"#;

/// The same hierarchy, all of it in the file.
const WRITTEN: &str = r#"
[[site]]
code = "HQ1"
zone = "America/New_York"
hotfixes = ["Q249077", "Q252717"]
boundaries = ["10.1.0.0", "10.1.1.0"]
caps = [
    { name = "HQ1-CAP1", bandwidth = "10 Mbit/s", connections = 20 },
    { name = "HQ1-CAP2", bandwidth = "10 Mbit/s", connections = 20 },
]

[[site]]
code = "EU1"
parent = "HQ1"
zone = "Europe/Berlin"
admin_console = true
address = { bandwidth = "256 kbit/s" }
boundaries = ["10.2.0.0"]
caps = [{}]

[[site]]
code = "EU2"
parent = "EU1"
kind = "secondary"
zone = "Europe/Berlin"
address = { bandwidth = "64 kbit/s" }
boundaries = ["10.3.0.0"]
caps = [{ name = "FILES" }]

[[domain]]
name = "CORP"
controllers = 4
sites = ["HQ1", "EU1", "EU2"]
"#;

const NAMED: &str = r#"
[tables]
sites = { file = "sites.csv", columns = { code = "Site Code", kind = "Type" } }
domains = "domains.csv"
boundaries = "lists/boundaries.csv"

[[site]]
code = "EU1"
admin_console = true
"#;

const SITES: &str = "Site Code;parent;Type;zone;hotfixes;caps;cap_bandwidth;cap_connections;address_bandwidth;Büro\n\
    HQ1;;Primary;America/New_York;Q249077 Q252717;2;10 Mbit/s;20;;\"a;b\"\n\
    EU1;HQ1;Primary;Europe/Berlin;;;;;256 kbit/s;Köln\n\
    EU2;EU1;SECONDARY;Europe/Berlin;;FILES;;;64 kbit/s;\n";
const DOMAINS: &str = "name,controllers,sites\nCORP,4,HQ1 EU1 EU2\n";
const BOUNDARIES: &str = "site,subnet\nHQ1,10.1.0.0 10.1.1.0\nEU1,10.2.0.0\nEU2,10.3.0.0\n";

fn loaded(sources: &dyn Sources) -> Loaded {
    let loaded = parse(sources, Path::new("it.toml"), &[], None, None);
    loaded.unwrap_or_else(|complaints| panic!("{complaints}"))
}

/// What the tables say, as far as it is in a plan.
fn hierarchy(plan: &Plan) -> String {
    format!(
        "{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
        plan.sites, plan.caps, plan.domains, plan.logon_points, plan.cohorts
    )
}

fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |letter: char| u8::try_from(u32::from(letter)).expect("a letter of Latin 1");
    text.chars().map(byte).collect()
}

#[test]
fn tables_say_what_the_scenario_would() {
    let text = [NAMED, REST].concat();
    let tables = Held::of(&[
        ("it.toml", text.as_bytes()),
        ("sites.csv", &windows_1252(SITES)),
        ("domains.csv", DOMAINS.as_bytes()),
        ("lists/boundaries.csv", BOUNDARIES.as_bytes()),
    ]);
    let written = [WRITTEN, REST].concat();
    let written = loaded(&Held::of(&[("it.toml", written.as_bytes())]));
    let read = loaded(&tables);
    assert_eq!(hierarchy(&read.plan), hierarchy(&written.plan));
    assert_eq!(read.plan.not_read.len(), 1);
    assert_eq!(read.plan.not_read[0].file, "sites.csv");
    assert_eq!(read.plan.not_read[0].columns, ["Büro"]);
    // What is kept of a run needs no tables any more.
    let again = loaded(&Held::of(&[("it.toml", read.resolved.as_bytes())]));
    assert_eq!(hierarchy(&again.plan), hierarchy(&read.plan));
}

/// One workbook with a sheet for each, as numbers where consoles write numbers.
#[test]
fn a_workbook_says_the_same() {
    let mut book = Workbook::new();
    for (name, text) in [
        ("Sites", SITES),
        ("Domains", DOMAINS),
        ("Boundaries", BOUNDARIES),
    ] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        let text = text.replace("\"a;b\"", "a");
        for (row, line) in (0..).zip(text.lines()) {
            let separator = if name == "Sites" { ';' } else { ',' };
            for (column, cell) in (0..).zip(line.split(separator)) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).unwrap(),
                    Err(_) => sheet.write_string(row, column, cell).unwrap(),
                };
            }
        }
    }
    let book = book.save_to_buffer().unwrap();
    let named = NAMED
        .replace(
            "file = \"sites.csv\"",
            "file = \"all.xlsx\", sheet = \"Sites\"",
        )
        .replace(
            "\"domains.csv\"",
            "{ file = \"all.xlsx\", sheet = \"domains\" }",
        )
        .replace(
            "\"lists/boundaries.csv\"",
            "{ file = \"all.xlsx\", sheet = \"Boundaries\" }",
        );
    let text = [named.as_str(), REST].concat();
    let read = loaded(&Held::of(&[
        ("it.toml", text.as_bytes()),
        ("all.xlsx", &book),
    ]));
    let written = [WRITTEN, REST].concat();
    let written = loaded(&Held::of(&[("it.toml", written.as_bytes())]));
    assert_eq!(hierarchy(&read.plan), hierarchy(&written.plan));
}

/// Thousands of rows, of which some cannot be used: each is told.
#[test]
fn rows_that_cannot_be_used_are_left_out_and_told() {
    let sites = format!(
        "{SITES}EU3;HQ1;Branch;;;;;;;\nEU1;HQ1;;;;;;;;\n;HQ1;;;;;;;;\nEU4;HQ1;;;;many;;ten;;\nEU5;HQ1\n"
    );
    let mut boundaries = BOUNDARIES.to_owned();
    for number in 0..3_000 {
        boundaries.push_str(&match number % 3 {
            0 => format!("HQ1,10.{}.{}.0\n", 20 + number / 750, number / 3 % 250),
            1 => format!("X{},10.0.0.0\n", number % 90),
            _ => "EU1,10.2.0.0\n".to_owned(),
        });
    }
    let skip = |file: &str| format!("{{ file = \"{file}\", bad_rows = \"skip\" }}");
    let named = NAMED
        .replace(
            "{ file = \"sites.csv\",",
            "{ file = \"sites.csv\", bad_rows = \"skip\",",
        )
        .replace("\"domains.csv\"", &skip("domains.csv"))
        .replace("\"lists/boundaries.csv\"", &skip("b.csv"));
    let text = [named.as_str(), REST].concat();
    let read = loaded(&Held::of(&[
        ("it.toml", text.as_bytes()),
        ("sites.csv", sites.as_bytes()),
        (
            "domains.csv",
            format!("{DOMAINS}SALES,none,HQ1\n").as_bytes(),
        ),
        ("b.csv", boundaries.as_bytes()),
    ]));
    assert_eq!(read.plan.sites.len(), 3);
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &read.plan.left_out {
        *counted.entry((&row.file, &row.reason)).or_default() += 1;
    }
    let expected = [
        (("b.csv", "site not known"), 1_000),
        (("b.csv", "subnet listed twice"), 1_000),
        (("domains.csv", "column controllers cannot be read"), 1),
        (("sites.csv", "code used twice"), 1),
        (("sites.csv", "column cap_connections cannot be read"), 1),
        (("sites.csv", "column kind cannot be read"), 1),
        (("sites.csv", "no code"), 1),
        (("sites.csv", "row does not fit the header"), 1),
    ];
    assert_eq!(counted, BTreeMap::from(expected));
    let branch = read.plan.left_out.iter().find(|row| row.client == "EU3");
    let branch = branch.expect("is told by its code");
    assert_eq!(
        (branch.line, branch.detail.as_str()),
        (5, "`kind` cannot be `branch`: not one of the choices")
    );
}
