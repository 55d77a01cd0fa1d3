//! Tables of sites, domains and boundaries in files of other programs, as entries of the scenario that names them.
//!
//! Sites and domains lie below what the scenario says itself, so that an entry of the same code or name says more of
//! one; boundaries are added to whatever boundaries their site has. A cell keeps its place, so that whatever is wrong with
//! it is shown in its own file.

mod entry;

use super::complaint::Complaint;
use super::file::{BadRows, BoundaryColumns, DomainColumns, SiteColumns, TableFile, TablesFile};
use super::placed::{Brief, Placed};
use super::schema::SCHEMA;
use super::sheet::place::{begin_of_row, line_at, line_number};
use super::sheet::{self, Format, Map, header, reader};
use super::source::{Place, SourceMap, Sources};
use super::suggest::{did_you_mean, listed};
use super::tree::moved;
use super::{check, merge};
use crate::plan::{LeftOut, NotRead};
use entry::{Fault, Row};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The key that names them; gone from the merged tree.
pub const TABLES: &str = "tables";
/// Most complaints shown for one table.
const SHOWN: usize = 20;

const SITES: Format = Format {
    what: "table of sites",
    key: "sites",
    columns: SiteColumns::ALL,
    needed: &["code"],
};
const DOMAINS: Format = Format {
    what: "table of domains",
    key: "domains",
    columns: DomainColumns::ALL,
    needed: &["name"],
};
const BOUNDARIES: Format = Format {
    what: "table of boundaries",
    key: "boundaries",
    columns: BoundaryColumns::ALL,
    needed: &["site", "subnet"],
};

/// One table that a scenario names.
pub struct Table {
    format: &'static Format,
    /// How its file is called.
    shown: String,
    /// Where it is named.
    named_at: Place,
    /// Place of its first byte.
    begins: usize,
    columns: Map,
    skip: bool,
}

/// The tables of one scenario of a chain.
pub struct Tables {
    /// Place of the scenario's first byte.
    pub of: usize,
    /// Whether it names them as it should, or names none.
    sound: bool,
    list: Vec<Table>,
}

/// What was read of tables besides entries.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Rows that are not in the plan.
    pub left_out: Vec<LeftOut>,
    /// Columns that are not read.
    pub not_read: Vec<NotRead>,
}

/// Reads the tables that the scenario at place `of` names into the source map. What is wrong with how it names them is
/// left for the check of the whole.
///
/// # Errors
/// If a file cannot be read.
pub fn collect(sources: &dyn Sources, map: &mut SourceMap, of: usize) -> Result<Tables, Complaint> {
    let mut list = Vec::new();
    let Some(stated) = stated(map.text(of), of) else {
        let sound = false;
        return Ok(Tables { of, sound, list });
    };
    let sites = stated.sites.map(|it| plainly(it, SiteColumns::named));
    let domains = stated.domains.map(|it| plainly(it, DomainColumns::named));
    let boundaries = stated.boundaries;
    let boundaries = boundaries.map(|it| plainly(it, BoundaryColumns::named));
    for (format, table) in [
        (&SITES, sites),
        (&DOMAINS, domains),
        (&BOUNDARIES, boundaries),
    ] {
        let Some((path, more)) = table else { continue };
        let named = more.as_ref().and_then(|more| more.sheet.as_ref());
        let (shown, begins) = sheet::read(sources, map, &path, named)?;
        list.push(Table {
            format,
            shown,
            named_at: path.place,
            begins,
            skip: more
                .as_ref()
                .is_some_and(|more| more.bad_rows == Some(BadRows::Skip)),
            columns: more.and_then(|more| more.columns),
        });
    }
    let sound = true;
    Ok(Tables { of, sound, list })
}

/// The tables that a text names; none if it names them wrongly.
fn stated(text: &str, of: usize) -> Option<TablesFile> {
    let (root, _) = toml::de::DeTable::parse_recoverable(text);
    let value = moved(root.into_inner().remove(TABLES)?, of);
    let mut wrong = Vec::new();
    let schema = &SCHEMA["properties"][TABLES];
    check::check(&value, schema, TABLES, &value.span(), &mut wrong);
    match wrong.is_empty() {
        true => TablesFile::deserialize(value.into_deserializer()).ok(),
        false => None,
    }
}

type Named = Vec<(&'static str, Placed<String>)>;

/// A table whichever way it is stated, with its columns as a list.
fn plainly<C>(
    stated: Placed<Brief<String, TableFile<C>>>,
    named: fn(&C) -> Named,
) -> (Placed<String>, Option<TableFile<Named>>) {
    match stated.value {
        Brief::Short(path) => (Placed::new(path, stated.place), None),
        Brief::Full(full) => {
            let more = TableFile {
                file: full.file.clone(),
                sheet: full.sheet,
                columns: full.columns.as_ref().map(named),
                bad_rows: full.bad_rows,
            };
            (full.file, Some(more))
        }
    }
}

/// Lays the scenario `over`, and before it its tables, over what it extends.
pub fn extend<'a>(
    root: &mut DeTable<'a>,
    mut over: DeTable<'a>,
    (tables, map): (&Tables, &'a SourceMap),
    told: &mut Told,
    complaints: &mut Vec<Complaint>,
) {
    let is_base = root.is_empty();
    if tables.sound {
        over.remove(TABLES);
    }
    let mut codes = Vec::new();
    for table in &tables.list {
        let list = match table.format.key {
            "sites" => "site",
            "domains" => "domain",
            _ => continue,
        };
        let mut reading = Reading::new(table, told);
        let (entries, names) = reading.entries(map.text(table.begins), list);
        complaints.extend(reading.complaints());
        if list == "site" {
            codes = names;
        }
        let mut below = DeTable::new();
        let place = table.named_at.clone();
        let entries = Spanned::new(place.clone(), DeValue::Array(entries));
        below.insert(Spanned::new(place, list.into()), entries);
        merge::extend(root, below, true, complaints);
    }
    merge::extend(root, over, is_base, complaints);
    for table in tables
        .list
        .iter()
        .filter(|it| it.format.key == BOUNDARIES.key)
    {
        let mut reading = Reading::new(table, told);
        reading.boundaries(map.text(table.begins), root);
        complaints.extend(reading.complaints());
    }
    entry::with_caps(root, &codes);
}

/// One table being read.
struct Reading<'t> {
    table: &'t Table,
    told: &'t mut Told,
    complaints: Vec<Complaint>,
}

impl<'t> Reading<'t> {
    fn new(table: &'t Table, told: &'t mut Told) -> Self {
        Reading {
            table,
            told,
            complaints: Vec::new(),
        }
    }

    /// The first complaints, and how many more there are.
    fn complaints(mut self) -> Vec<Complaint> {
        let more = self.complaints.len().saturating_sub(SHOWN);
        if more > 0 {
            self.complaints.truncate(SHOWN);
            let Format { what, key, .. } = self.table.format;
            let title = format!("this {what} has {more} more mistakes");
            let label = format!("the first {SHOWN} are shown");
            let complaint = Complaint::new(title, self.table.named_at.clone(), label);
            let help = format!(
                "mend the file, or leave bad rows out: `{key} = {{ file = \"...\", bad_rows = \"skip\" }}` lists them"
            );
            self.complaints.push(complaint.help(help));
        }
        self.complaints
    }

    /// The rows that fit the header.
    fn rows<'a>(&mut self, text: &'a str) -> Vec<Row<'a>> {
        let Table { format, begins, .. } = *self.table;
        let mut reader = reader(text);
        let cells = reader.headers().cloned().unwrap_or_default();
        let mut wrong = Vec::new();
        let header = header(
            &cells,
            format,
            &self.table.columns,
            text,
            begins,
            &mut wrong,
        );
        if !wrong.is_empty() {
            self.complaints.append(&mut wrong);
            return Vec::new();
        }
        let mut rows = Vec::new();
        let mut any = false;
        for record in reader.records() {
            any = true;
            let record = match record {
                Ok(record) if record.iter().all(str::is_empty) => continue,
                Ok(record) => record,
                Err(cause) => {
                    let byte = cause.position().map_or(0, |it| it.byte() as usize);
                    let line = line_at(text, byte, begins);
                    let complaint =
                        Complaint::new("this row cannot be read", line, cause.to_string());
                    self.bad(text, byte, "", Fault::new("row cannot be read", complaint));
                    continue;
                }
            };
            let byte = record.position().map_or(0, |it| it.byte() as usize);
            let byte = begin_of_row(text, byte);
            if record.len() == header.columns.len() {
                rows.push(Row::new(text, byte, begins, &record, &header.columns));
            } else {
                let label = format!(
                    "{} cells for {} columns",
                    record.len(),
                    header.columns.len()
                );
                let title = "this row does not fit the header";
                let complaint = Complaint::new(title, line_at(text, byte, begins), label);
                let fault = Fault::new("row does not fit the header", complaint);
                self.bad(text, byte, "", fault);
            }
        }
        if !any {
            let title = format!("this {} has no rows", format.what);
            let complaint =
                Complaint::new(title, self.table.named_at.clone(), "has a header at most");
            self.complaints.push(complaint);
        }
        let not_read = NotRead::of(self.table.shown.clone(), header.ignored);
        self.told.not_read.extend(not_read);
        rows
    }

    /// A row that cannot be used: left out or complained of, as the scenario wants it.
    fn bad(&mut self, text: &str, byte: usize, name: &str, fault: Fault) {
        let Fault { reason, complaint } = fault;
        if !self.table.skip {
            self.complaints.push(*complaint);
            return;
        }
        let label = complaint.at.as_ref().map_or("", |(_, label)| label);
        let detail = match label {
            "" => complaint.title.clone(),
            label => format!("{}: {label}", complaint.title),
        };
        self.told.left_out.push(LeftOut {
            file: self.table.shown.clone(),
            line: line_number(text, byte),
            client: name.to_owned(),
            reason,
            detail,
        });
    }

    /// The entries of the scenario's array called `list` that the rows make, and what identifies them.
    fn entries<'a>(&mut self, text: &'a str, list: &'static str) -> (DeArray<'a>, Vec<String>) {
        let mut entries = DeArray::new();
        let mut known: BTreeMap<String, Place> = BTreeMap::new();
        let mut names = Vec::new();
        for row in self.rows(text) {
            let key = self.table.format.needed[0];
            let name = row.cell(key).map(|cell| cell.value.to_string());
            let name = name.unwrap_or_default();
            let (entry, mut faults) = row.entry(list);
            if name.is_empty() {
                let title = format!("this {list} has no {key}");
                let label = format!("the column `{key}` is empty");
                let complaint = Complaint::new(title, row.place.clone(), label);
                faults.push(Fault::new(&format!("no {key}"), complaint));
            } else if let Some(first) = known.get(&name) {
                let title = format!("there are two rows for the {list} `{name}`");
                let complaint = Complaint::new(title, row.place.clone(), "the second");
                let complaint = complaint.also(first.clone(), "the first");
                faults.push(Fault::new(&format!("{key} used twice"), complaint));
            }
            if self.table.skip && faults.is_empty() {
                faults.extend(entry::by_schema(&entry, list));
            }
            // What is wrong with a row that is complained of must not hide what else is wrong: its rest stays.
            let stays = !name.is_empty() && !known.contains_key(&name);
            if faults.is_empty() || (stays && !self.table.skip) {
                known.insert(name.clone(), row.place.clone());
                names.push(name.clone());
                entries.push(entry);
            }
            // One reason is enough to leave a row out.
            let shown = if self.table.skip { 1 } else { faults.len() };
            for fault in faults.into_iter().take(shown) {
                self.bad(text, row.byte, &name, fault);
            }
        }
        (entries, names)
    }

    /// Adds the boundaries to the sites of the merged scenario.
    fn boundaries<'a>(&mut self, text: &'a str, root: &mut DeTable<'a>) {
        let mut sites = entry::sites(root);
        for row in self.rows(text) {
            let code = row.cell("site").map(|cell| cell.value.to_string());
            let code = code.unwrap_or_default();
            let fault = match (sites.get_mut(code.as_str()), row.cell("subnet")) {
                (None, _) => Some(no_site(&row, &code, sites.keys().map(String::as_str))),
                (Some(_), None) => {
                    let title = "this boundary has no subnet";
                    let label = "the column `subnet` is empty";
                    let complaint = Complaint::new(title, row.place.clone(), label);
                    Some(Fault::new("no subnet", complaint))
                }
                (Some(site), Some(subnet)) => {
                    let added = site.add(subnet.parts(), self.table.skip);
                    added.err()
                }
            };
            if let Some(fault) = fault {
                self.bad(text, row.byte, &code, fault);
            }
        }
        for (at, subnets) in sites.into_values().map(entry::Site::into_added) {
            entry::add_boundaries(root, at, subnets);
        }
    }
}

/// A boundary of a site that is not there.
fn no_site<'n>(row: &Row<'_>, code: &str, sites: impl Iterator<Item = &'n str> + Clone) -> Fault {
    if code.is_empty() {
        let label = "the column `site` is empty";
        let complaint = Complaint::new("this boundary has no site", row.place.clone(), label);
        return Fault::new("no site", complaint);
    }
    let place = row.cell("site").map_or(&row.place, |cell| &cell.place);
    let label = did_you_mean(code, sites.clone());
    let complaint = Complaint::new(format!("there is no site `{code}`"), place.clone(), label);
    let help = match sites.clone().next() {
        None => "boundaries are added to a `[[site]]` or a row of the table of sites".to_owned(),
        Some(_) => format!(
            "the sites are {}; those of a template have theirs by pattern",
            listed(sites)
        ),
    };
    Fault::new("site not known", complaint.help(help))
}
