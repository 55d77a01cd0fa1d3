//! Inventories: CSV files with one row per client.
//!
//! Rows that say the same, but for the name, are one kind and become one cohort, in the order of their first rows.

use super::complaint::Complaint;
use super::notation::{Bandwidth, Installed, Notation, Subnet, Zone};
use super::quantity::Misread;
use super::source::Place;
use super::suggest::{listed, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::Range;

/// Columns an inventory may have.
const COLUMNS: [&str; 9] = [
    "name",
    "subnet",
    "domain",
    "platform",
    "habits",
    "zone",
    "installed",
    "link",
    "off_site_link",
];
/// Most complaints shown for one inventory.
const SHOWN: usize = 20;

/// Clients whose rows say the same.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Their names.
    pub names: Vec<Box<str>>,
    /// Subnets of each.
    pub subnets: Vec<Ipv4Addr>,
    /// Where the first row stands.
    pub place: Place,
    values: Vec<(&'static str, String)>,
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

/// Reads an inventory that begins at place `begins` and is named at `named_at`; `fallback` are the subnets of rows that
/// state none.
pub fn read(
    text: &str,
    begins: usize,
    fallback: Option<&[Ipv4Addr]>,
    named_at: &Place,
) -> (Vec<Kind>, Vec<Complaint>) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text) as u8)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut complaints = Vec::new();
    let header = reader.headers().cloned().unwrap_or_default();
    let columns = columns(&header, text, begins, &mut complaints);
    if !complaints.is_empty() {
        return (Vec::new(), complaints);
    }
    let mut rows = Rows {
        text,
        begins,
        fallback,
        columns,
        names: BTreeSet::new(),
        kinds: Vec::new(),
        known: BTreeMap::new(),
    };
    for record in reader.records() {
        match record {
            Ok(record) => rows.add(&record, &mut complaints),
            Err(cause) => {
                let at = cause
                    .position()
                    .map_or(0, |position| position.byte() as usize);
                let line = line_at(text, at, begins);
                complaints.push(Complaint::new(
                    "this row cannot be read",
                    line,
                    cause.to_string(),
                ));
            }
        }
    }
    if rows.kinds.is_empty() && complaints.is_empty() {
        complaints.push(Complaint::new(
            "this inventory lists no clients",
            named_at.clone(),
            "has no rows",
        ));
    }
    let kinds = rows.kinds;
    (kinds, shortened(complaints, named_at))
}

/// What separates the cells: a comma, or a semicolon or tab if the first row has those and no comma.
fn delimiter(text: &str) -> char {
    let header = text.lines().next().unwrap_or_default();
    let mut others = [';', '\t'].into_iter();
    match header.contains(',') {
        true => ',',
        false => others.find(|other| header.contains(*other)).unwrap_or(','),
    }
}

/// The first complaints, and how many more there are.
fn shortened(mut complaints: Vec<Complaint>, named_at: &Place) -> Vec<Complaint> {
    let more = complaints.len().saturating_sub(SHOWN);
    if more > 0 {
        complaints.truncate(SHOWN);
        let title = format!("this inventory has {more} more mistakes");
        let label = format!("the first {SHOWN} are shown");
        complaints.push(Complaint::new(title, named_at.clone(), label));
    }
    complaints
}

/// The columns by position; unknown ones, doubled ones and a missing name are complained of.
fn columns(
    header: &csv::StringRecord,
    text: &str,
    begins: usize,
    complaints: &mut Vec<Complaint>,
) -> Vec<&'static str> {
    let line = line_at(text, 0, begins);
    let mut columns: Vec<&'static str> = Vec::new();
    for (number, name) in header.iter().enumerate() {
        let place = cell(text, 0, begins, number);
        match COLUMNS.into_iter().find(|known| *known == name) {
            Some(known) if columns.contains(&known) => {
                complaints.push(Complaint::new(
                    format!("two columns are called `{name}`"),
                    place,
                    "the second",
                ));
            }
            Some(known) => columns.push(known),
            None => {
                let label = match nearest(name, COLUMNS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "not a column of an inventory".to_owned(),
                };
                let complaint =
                    Complaint::new(format!("there is no column `{name}`"), place, label);
                complaints.push(complaint.help(format!("the columns are {}", listed(COLUMNS))));
            }
        }
    }
    if complaints.is_empty() && !columns.contains(&"name") {
        let complaint = Complaint::new(
            "the column `name` is missing",
            line,
            "the first row names the columns",
        );
        complaints.push(complaint.help(format!("the columns are {}", listed(COLUMNS))));
    }
    columns
}

/// The rows read so far.
struct Rows<'a> {
    text: &'a str,
    begins: usize,
    fallback: Option<&'a [Ipv4Addr]>,
    columns: Vec<&'static str>,
    names: BTreeSet<Box<str>>,
    kinds: Vec<Kind>,
    known: BTreeMap<Vec<String>, usize>,
}

impl Rows<'_> {
    fn add(&mut self, record: &csv::StringRecord, complaints: &mut Vec<Complaint>) {
        let byte = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let byte = begin_of_row(self.text, byte);
        let row = line_at(self.text, byte, self.begins);
        let before = complaints.len();
        if record.len() != self.columns.len() {
            let label = format!("{} cells for {} columns", record.len(), self.columns.len());
            complaints.push(Complaint::new(
                "this row does not fit the header",
                row,
                label,
            ));
            return;
        }
        let mut kind = Kind {
            names: Vec::new(),
            subnets: Vec::new(),
            place: row.clone(),
            values: Vec::new(),
        };
        let mut name = "";
        for (number, (value, column)) in record.iter().zip(self.columns.iter().copied()).enumerate()
        {
            if let Err(misread) = checked(column, value, &mut kind) {
                let place = cell(self.text, byte, self.begins, number);
                let title = format!("column `{column}`: {}", misread.title);
                complaints.push(Complaint::new(title, place, misread.label).help(misread.help));
            }
            if column == "name" {
                name = value;
            }
        }
        if kind.subnets.is_empty() && complaints.len() == before {
            kind.subnets = self.fallback.map(<[Ipv4Addr]>::to_vec).unwrap_or_default();
            if kind.subnets.is_empty() {
                let complaint =
                    Complaint::new(format!("where is `{name}`?"), row.clone(), "has no subnet");
                complaints.push(
                    complaint.help("fill the column `subnet`, or give the group a `boundary`"),
                );
            }
        }
        if name.is_empty() {
            complaints.push(Complaint::new(
                "this client has no name",
                row,
                "the column `name` is empty",
            ));
        } else if !self.names.insert(name.into()) {
            complaints.push(Complaint::new(
                format!("there are two clients `{name}`"),
                row,
                "the second",
            ));
        }
        if complaints.len() == before {
            self.put(kind, name, record);
        }
    }

    /// Puts a client with those of its kind.
    fn put(&mut self, kind: Kind, name: &str, record: &csv::StringRecord) {
        let others = record
            .iter()
            .zip(&self.columns)
            .filter(|(_, column)| **column != "name");
        let key: Vec<String> = others.map(|(value, _)| value.to_owned()).collect();
        let at = *self.known.entry(key).or_insert_with(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        });
        self.kinds[at].names.push(name.into());
    }
}

/// Checks one cell and adds what it says.
fn checked(column: &'static str, value: &str, kind: &mut Kind) -> Result<(), Misread> {
    if value.is_empty() || column == "name" {
        return Ok(());
    }
    match column {
        "subnet" => {
            for subnet in value.split([' ', ';', '+']).filter(|part| !part.is_empty()) {
                kind.subnets.push(Subnet::read(subnet)?.0);
            }
        }
        "zone" => Zone::read(value).map(drop)?,
        "installed" => Installed::read(value).map(drop)?,
        "link" | "off_site_link" => Bandwidth::read(value).map(drop)?,
        "platform" if !["nt", "9x"].contains(&value) => {
            return Err(Misread {
                title: format!("`{value}` is not a platform"),
                label: "not known".to_owned(),
                help: "the platforms are `nt` and `9x`".to_owned(),
            });
        }
        _ => {}
    }
    kind.values.push((column, value.to_owned()));
    Ok(())
}

/// Where a row really begins: the reader counts the end of the line before to it.
fn begin_of_row(text: &str, byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or_default();
    byte + rest.len() - rest.trim_start_matches(['\r', '\n']).len()
}

/// The place of the line that holds a byte.
fn line_at(text: &str, byte: usize, begins: usize) -> Place {
    let rest = text.get(byte..).unwrap_or_default();
    let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
    begins + byte..begins + byte + length
}

/// The place of a cell in the row that begins at a byte; the whole row where quotes make it hard to tell.
fn cell(text: &str, byte: usize, begins: usize, number: usize) -> Place {
    let row = line_at(text, byte, begins);
    let Range { start, end } = row.start - begins..row.end - begins;
    let Some(line) = text.get(start..end).filter(|line| !line.contains('"')) else {
        return row;
    };
    let mut from = start;
    for (at, part) in line.split(delimiter(text)).enumerate() {
        if at == number && !part.trim().is_empty() {
            let blanks = part.len() - part.trim_start().len();
            return begins + from + blanks..begins + from + blanks + part.trim().len();
        }
        from += part.len() + 1;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Vec<Kind>, Vec<Complaint>) {
        read(text, 0, None, &(0..0))
    }

    #[test]
    fn rows_that_say_the_same_are_one_kind() {
        let text = "name,subnet,platform\nPC1,10.1.0.0,nt\nPC2,10.1.0.0,9x\nPC3,10.1.0.0,nt\n";
        let (kinds, complaints) = read_text(text);
        assert_eq!(complaints, []);
        let names: Vec<Vec<&str>> = kinds
            .iter()
            .map(|kind| kind.names.iter().map(|name| &**name).collect())
            .collect();
        assert_eq!(names, [vec!["PC1", "PC3"], vec!["PC2"]]);
        assert_eq!(kinds[1].value("platform"), Some("9x"));
        assert_eq!(kinds[0].value("domain"), None);
    }

    #[test]
    fn a_bad_cell_is_pointed_at() {
        let text = "name,subnet,link\nPC1, 10.1.0.3 ,10 Mbit/s\nPC1,10.1.0.0,fast\n";
        let (_, complaints) = read_text(text);
        let places: Vec<&str> = complaints
            .iter()
            .filter_map(|c| c.at.as_ref())
            .map(|(place, _)| &text[place.clone()])
            .collect();
        assert_eq!(places, ["10.1.0.3", "fast", "PC1,10.1.0.0,fast"]);
    }

    #[test]
    fn many_bad_rows_are_counted_not_listed() {
        let rows: String = (0..50).map(|n| format!("PC{n},nowhere\n")).collect();
        let (_, complaints) = read_text(&format!("name,subnet\n{rows}"));
        assert_eq!(complaints.len(), SHOWN + 1);
        assert_eq!(
            complaints[SHOWN].title,
            "this inventory has 30 more mistakes"
        );
    }

    #[test]
    fn spreadsheets_of_other_countries_are_read_as_well() {
        let text =
            "\u{feff}name;subnet;link\r\nPC1;10.1.0.0;\"1.5 Mbit/s\"\r\nPC2;10.1.0.3;10 Mbit/s\r\n";
        let (kinds, complaints) = read_text(text);
        assert_eq!(kinds[0].value("link"), Some("1.5 Mbit/s"));
        let (place, _) = complaints[0].at.clone().unwrap();
        assert_eq!(&text[place], "10.1.0.3");
    }

    #[test]
    fn headers_are_checked_first() {
        let (_, complaints) = read_text("nmae,subnet\nPC1,10.1.0.0\n");
        assert_eq!(complaints[0].at.as_ref().unwrap().1, "did you mean `name`?");
        let (_, complaints) = read_text("subnet\n10.1.0.0\n");
        assert_eq!(complaints[0].title, "the column `name` is missing");
        let (_, complaints) = read_text("name,subnet\n");
        assert_eq!(complaints[0].title, "this inventory lists no clients");
    }
}
