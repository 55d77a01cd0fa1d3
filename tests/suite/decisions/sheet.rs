//! A table on its way into a CSV file that a spreadsheet opens.

use smsim::sms::{Bootstrap, Difference, Reason};
use snapbox::{Assert, Data};
use std::path::{Path, PathBuf};

/// Where the tables lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/decisions")
}

/// A table of text.
pub struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// How many combinations of facts the rows stand for.
    combinations: usize,
}

impl Sheet {
    /// A table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        Sheet {
            header: columns.iter().map(|it| (*it).to_owned()).collect(),
            rows: Vec::new(),
            combinations: 0,
        }
    }

    /// A table with these facts and, after them, what was decided and why.
    pub fn deciding(facts: &[&str]) -> Self {
        let mut columns = facts.to_vec();
        columns.extend(["outcome", "reason", "articles", "what that means"]);
        Sheet::new(&columns)
    }

    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let row: Vec<String> = cells.into_iter().map(str::to_owned).collect();
        assert_eq!(row.len(), self.header.len());
        self.rows.push(row);
        self.combinations += 1;
    }

    /// A row of a deciding table. Without a reason the decision is left to what comes next.
    pub fn decided<'a>(
        &mut self,
        facts: impl IntoIterator<Item = &'a str>,
        reason: Option<Reason>,
    ) {
        let result = match reason {
            Some(it) => [it.outcome().name(), it.code(), it.articles(), it.text()],
            None => ["goes on", "", "", ""],
        };
        self.row(facts.into_iter().chain(result));
    }

    /// Folds rows that differ in one of the first `facts` columns only into one that names all their values, or says
    /// `any` where it holds every one; from the last fact to the first.
    pub fn folded(mut self, facts: usize) -> Self {
        for fact in (0..facts).rev() {
            let values = self.values(fact);
            let mut folded: Vec<(Vec<String>, usize)> = Vec::new();
            for row in std::mem::take(&mut self.rows) {
                match folded.iter_mut().find(|(it, _)| same_but(it, &row, fact)) {
                    Some((alike, count)) => {
                        alike[fact] = format!("{} | {}", alike[fact], row[fact]);
                        *count += 1;
                    }
                    None => folded.push((row, 1)),
                }
            }
            for (row, _) in folded.iter_mut().filter(|(_, count)| *count == values) {
                row[fact] = "any".to_owned();
            }
            self.rows = folded.into_iter().map(|(row, _)| row).collect();
        }
        self
    }

    fn values(&self, fact: usize) -> usize {
        let values: std::collections::BTreeSet<&str> =
            self.rows.iter().map(|row| row[fact].as_str()).collect();
        values.len()
    }

    /// Compares with the file of that name, after counting the combinations.
    pub fn check(self, name: &str, combinations: usize) {
        assert_eq!(self.combinations, combinations, "{name}");
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let expected = folder().join(format!("{name}.csv"));
        Assert::new()
            .action_env("SNAPSHOTS")
            .eq(text, Data::read_from(&expected, None).raw());
    }
}

fn same_but(one: &[String], other: &[String], column: usize) -> bool {
    let mut cells = one.iter().zip(other).enumerate();
    cells.all(|(place, (one, other))| place == column || one == other)
}

/// An answer in words.
pub fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

/// One version against another, in words.
pub fn against(difference: Difference) -> &'static str {
    match difference {
        Difference::SignificantlyOlder => "older by a service pack",
        Difference::OlderByHotfix => "older by a hotfix",
        Difference::Same => "the same",
        Difference::NewerByHotfix => "newer by a hotfix",
        Difference::SignificantlyNewer => "newer by a service pack",
    }
}

/// Whose rules a bootstrap follows, in words.
pub fn rules_of(bootstrap: Bootstrap) -> &'static str {
    match bootstrap {
        Bootstrap::BeforeSp2 => "before SP2",
        Bootstrap::Sp2 => "SP2 and later",
    }
}
