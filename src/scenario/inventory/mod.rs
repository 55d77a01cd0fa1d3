//! Inventories: files of other programs with one row per client.
//!
//! Rows that say the same, but for the name, are one kind and become one cohort, in the order of their first rows. What
//! is wrong with a row is a complaint, or, where the scenario says so, a reason to leave the row out; either way it is
//! told with its line.

mod row;
#[cfg(test)]
mod tests;

use super::complaint::Complaint;
use super::file::ColumnMap;
use super::sheet::place::{begin_of_row, cell, line_at, line_number};
use super::sheet::{Format, Header, Map, header, reader};
use super::source::Place;
use crate::plan::LeftOut;
use jiff::civil::Date;
use row::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// What an inventory may have and has to have.
const FORMAT: Format = Format {
    what: "inventory",
    key: "inventory",
    columns: ColumnMap::ALL,
    needed: &["name"],
};
/// Most complaints shown for one inventory.
const SHOWN: usize = 20;

/// How an inventory is to be read.
pub struct How<'a> {
    /// How the file is called.
    pub file: &'a str,
    /// Where it is named.
    pub named_at: &'a Place,
    /// How it calls its columns.
    pub map: Map,
    /// Whether bad rows are left out, rather than complained of.
    pub skip: bool,
    /// Clients last seen before this day are left out.
    pub seen_after: Option<Date>,
    /// Subnets of rows that state none.
    pub fallback: Option<&'a [Ipv4Addr]>,
    /// Boundaries by site, for rows that state a site and no subnet.
    pub boundaries: &'a BTreeMap<String, Vec<Ipv4Addr>>,
}

/// What an inventory says.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Clients whose rows say the same.
    pub kinds: Vec<Kind>,
    /// Rows that were left out.
    pub left_out: Vec<LeftOut>,
    /// Columns that are not read.
    pub ignored: Vec<String>,
}

/// What sets clients apart, by column.
type Values = Vec<(&'static str, String)>;

/// Clients whose rows say the same.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Their names.
    pub names: Vec<Box<str>>,
    /// Subnets of each.
    pub subnets: Vec<Ipv4Addr>,
    /// Where the first row stands.
    pub place: Place,
    values: Values,
}

impl Kind {
    /// What the rows say in a column, unless it is empty or missing.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(name, _)| *name == column)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads an inventory that begins at place `begins`.
pub fn read(text: &str, begins: usize, how: &How<'_>) -> (Inventory, Vec<Complaint>) {
    let mut reader = reader(text);
    let mut complaints = Vec::new();
    let cells = reader.headers().cloned().unwrap_or_default();
    let header = header(&cells, &FORMAT, &how.map, text, begins, &mut complaints);
    if !complaints.is_empty() {
        return (Inventory::default(), complaints);
    }
    let mut rows = Rows {
        text,
        begins,
        how,
        header,
        names: BTreeSet::new(),
        known: BTreeMap::new(),
        inventory: Inventory::default(),
        complaints,
    };
    for record in reader.records() {
        match record {
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => rows.add(&record),
            Err(cause) => {
                let at = cause.position();
                let byte = at.map_or(0, |position| position.byte() as usize);
                let line = line_at(text, byte, begins);
                let complaint = Complaint::new("this row cannot be read", line, cause.to_string());
                rows.bad("", byte, "row cannot be read", complaint);
            }
        }
    }
    let Rows {
        mut inventory,
        mut complaints,
        header,
        ..
    } = rows;
    inventory.ignored = header.ignored;
    if inventory.kinds.is_empty() && complaints.is_empty() {
        let label = match inventory.left_out.len() {
            0 => "has no rows".to_owned(),
            all => format!(
                "all {all} rows are left out; the first because: {}",
                inventory.left_out[0].reason
            ),
        };
        let title = "this inventory lists no clients";
        complaints.push(Complaint::new(title, how.named_at.clone(), label));
    }
    (inventory, shortened(complaints, how))
}

/// Clients by subnet, and by the site that their rows name; of rows that name none the site is empty.
pub type Assigned = BTreeMap<Ipv4Addr, BTreeMap<String, u64>>;

/// Which sites the clients of each subnet name.
pub fn assigned(text: &str, map: &Map) -> Assigned {
    let mut assigned = Assigned::new();
    let mut reader = reader(text);
    let cells = reader.headers().cloned().unwrap_or_default();
    let columns = header(&cells, &FORMAT, map, text, 0, &mut Vec::new()).columns;
    for record in reader.records().flatten() {
        let mut row = Row::default();
        let cells = record.iter().zip(&columns);
        let mut read = cells.map(|(value, column)| match column {
            Some(column @ ("subnet" | "site")) => row.read(column, value).is_ok(),
            _ => true,
        });
        if read.all(|one| one) {
            for subnet in row.subnets {
                let sites = assigned.entry(subnet).or_default();
                *sites.entry(row.site.clone()).or_default() += 1;
            }
        }
    }
    assigned
}

/// What an inventory calls its columns.
pub fn headers(text: &str) -> Vec<String> {
    let cells = reader(text).headers().cloned().unwrap_or_default();
    cells.iter().map(str::to_owned).collect()
}

/// The first complaints, and how many more there are.
fn shortened(mut complaints: Vec<Complaint>, how: &How<'_>) -> Vec<Complaint> {
    let more = complaints.len().saturating_sub(SHOWN);
    if more > 0 {
        complaints.truncate(SHOWN);
        let title = format!("this inventory has {more} more mistakes");
        let label = format!("the first {SHOWN} are shown");
        let complaint = Complaint::new(title, how.named_at.clone(), label);
        complaints.push(complaint.help(
            "mend the file, or leave bad rows out: `inventory = { file = \"...\", bad_rows = \"skip\" }` lists them",
        ));
    }
    complaints
}

/// The rows read so far.
struct Rows<'a> {
    text: &'a str,
    begins: usize,
    how: &'a How<'a>,
    header: Header,
    names: BTreeSet<Box<str>>,
    known: BTreeMap<(Values, Vec<Ipv4Addr>), usize>,
    inventory: Inventory,
    complaints: Vec<Complaint>,
}

impl Rows<'_> {
    /// A row that cannot be used: left out or complained of, as the scenario wants it.
    fn bad(&mut self, client: &str, byte: usize, reason: &str, complaint: Complaint) {
        if self.how.skip {
            let label = complaint.at.as_ref().map_or("", |(_, label)| label);
            let detail = match label {
                "" => complaint.title.clone(),
                label => format!("{}: {label}", complaint.title),
            };
            self.leave_out(client, byte, reason, detail);
        } else {
            self.complaints.push(complaint);
        }
    }

    fn leave_out(&mut self, client: &str, byte: usize, reason: &str, detail: String) {
        self.inventory.left_out.push(LeftOut {
            file: self.how.file.to_owned(),
            line: line_number(self.text, byte),
            client: client.to_owned(),
            reason: reason.to_owned(),
            detail,
        });
    }

    fn add(&mut self, record: &csv::StringRecord) {
        let byte = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let byte = begin_of_row(self.text, byte);
        let place = line_at(self.text, byte, self.begins);
        let columns = self.header.columns.clone();
        if record.len() != columns.len() {
            let label = format!("{} cells for {} columns", record.len(), columns.len());
            let title = "this row does not fit the header";
            let complaint = Complaint::new(title, place, label);
            self.bad("", byte, "row does not fit the header", complaint);
            return;
        }
        let mut row = Row::default();
        let mut wrong = Vec::new();
        for (number, (value, column)) in record.iter().zip(columns).enumerate() {
            let Some(column) = column else { continue };
            if let Err(misread) = row.read(column, value) {
                let place = cell(self.text, byte, self.begins, number);
                let title = format!("column `{column}`: {}", misread.title);
                let complaint = Complaint::new(title, place, misread.label).help(misread.help);
                wrong.push((format!("column {column} cannot be read"), complaint));
            }
        }
        if wrong.is_empty() {
            wrong.extend(self.whereabouts(&mut row, &place));
        }
        wrong.extend(self.misnamed(&row, &place));
        match (wrong.is_empty(), self.how.skip) {
            (true, _) => self.put(row, byte, place),
            // One reason is enough to leave a row out, and what is left out takes nobody's name.
            (false, true) => wrong.truncate(1),
            (false, false) => {
                self.names.insert(row.name.into());
            }
        }
        for (reason, complaint) in wrong {
            self.bad(&row_name(record, &self.header), byte, &reason, complaint);
        }
    }

    /// Finds the subnets of a row that states none.
    fn whereabouts(&self, row: &mut Row, place: &Place) -> Option<(String, Complaint)> {
        if !row.subnets.is_empty() {
            return None;
        }
        let site = self.how.boundaries.get(&row.site);
        if !row.site.is_empty() && site.is_none() {
            let title = format!("there is no site `{}`", row.site);
            let complaint = Complaint::new(title, place.clone(), "has no subnet either");
            return Some(("site not known".to_owned(), complaint));
        }
        // A site's first boundary stands for wherever in the site the client is.
        let first = site
            .and_then(|boundaries| boundaries.first())
            .map(|first| vec![*first]);
        let fallback = || self.how.fallback.map(<[Ipv4Addr]>::to_vec);
        row.subnets = first.or_else(fallback).unwrap_or_default();
        if !row.subnets.is_empty() {
            return None;
        }
        let title = format!("where is `{}`?", row.name);
        let complaint = Complaint::new(title, place.clone(), "has no subnet");
        let help = "fill the column `subnet`, or give the group a `boundary`";
        Some(("no subnet".to_owned(), complaint.help(help)))
    }

    fn misnamed(&self, row: &Row, place: &Place) -> Option<(String, Complaint)> {
        if row.name.is_empty() {
            let title = "this client has no name";
            let complaint = Complaint::new(title, place.clone(), "the column `name` is empty");
            Some(("no name".to_owned(), complaint))
        } else if self.names.contains(row.name.as_str()) {
            let title = format!("there are two clients `{}`", row.name);
            let complaint = Complaint::new(title, place.clone(), "the second");
            Some(("name used twice".to_owned(), complaint))
        } else {
            None
        }
    }

    /// Puts a client with those of its kind, unless it was not seen for long.
    fn put(&mut self, row: Row, byte: usize, place: Place) {
        if let (Some(seen), Some(after)) = (row.last_seen, self.how.seen_after)
            && seen < after
        {
            let detail = format!("last seen on {seen}, before {after}");
            self.leave_out(&row.name, byte, "not seen for long", detail);
            return;
        }
        let name: Box<str> = row.name.into();
        self.names.insert(name.clone());
        let kinds = &mut self.inventory.kinds;
        let mut key = row.values;
        key.sort_unstable();
        let at = *self
            .known
            .entry((key, row.subnets))
            .or_insert_with_key(|(values, subnets)| {
                kinds.push(Kind {
                    names: Vec::new(),
                    subnets: subnets.clone(),
                    place,
                    values: values.clone(),
                });
                kinds.len() - 1
            });
        self.inventory.kinds[at].names.push(name);
    }
}

/// What a row calls its client.
fn row_name(record: &csv::StringRecord, header: &Header) -> String {
    let at = header.columns.iter().position(|it| *it == Some("name"));
    at.and_then(|at| record.get(at))
        .unwrap_or_default()
        .to_owned()
}
