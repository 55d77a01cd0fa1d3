//! One row of a table, and the entry of the scenario that it makes.

use crate::scenario::check;
use crate::scenario::complaint::Complaint;
use crate::scenario::placed::Placed;
use crate::scenario::schema::SCHEMA;
use crate::scenario::sheet::place::{cell, line_at};
use crate::scenario::source::Place;
use crate::scenario::tree::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Columns of lists.
const LISTS: [&str; 3] = ["hotfixes", "boundaries", "sites"];
/// Columns of whole numbers.
const NUMBERS: [&str; 3] = ["cap_connections", "sender_threads", "controllers"];
/// Columns of switches.
const SWITCHES: [&str; 3] = ["setup_key_mended", "admin_console", "pdc_unfit"];
/// Columns that are keys of every Client Access Point, with the key.
const OF_CAPS: [(&str, &str); 3] = [
    ("cap_bandwidth", "bandwidth"),
    ("cap_connections", "connections"),
    ("cap_link", "link"),
];
/// Most Client Access Points that one row can give a site.
const MOST_CAPS: usize = 100;

/// What is wrong with a row.
pub(super) struct Fault {
    /// In words that are the same for all rows with this defect.
    pub reason: String,
    pub complaint: Box<Complaint>,
}

impl Fault {
    pub fn new(reason: &str, complaint: Complaint) -> Self {
        Fault {
            reason: reason.to_owned(),
            complaint: Box::new(complaint),
        }
    }

    fn of(column: &str, complaint: Complaint) -> Self {
        Fault::new(&format!("column {column} cannot be read"), complaint)
    }
}

/// A cell that is not empty.
pub(super) struct Cell<'a> {
    column: &'static str,
    pub value: Cow<'a, str>,
    pub place: Place,
}

impl<'a> Cell<'a> {
    /// What stands in it with blanks, commas or signs between.
    pub fn parts(&self) -> Vec<Placed<String>> {
        let parts = self.value.split([' ', ';', ',', '+']);
        let parts = parts.filter(|part| !part.is_empty());
        let exact = self.place.len() == self.value.len();
        parts
            .map(|part| {
                // Where quotes make places hard to tell, the whole row stands for its cells.
                let at = part.as_ptr() as usize - self.value.as_ptr() as usize;
                let place = match exact {
                    true => self.place.start + at..self.place.start + at + part.len(),
                    false => self.place.clone(),
                };
                Placed::new(part.to_owned(), place)
            })
            .collect()
    }

    fn text(&self) -> Value<'a> {
        text(&self.value, &self.place)
    }

    /// The value by the kind of its column.
    fn read(&self) -> Result<Value<'a>, Fault> {
        let wrong = |what: &str, help: &str| {
            let title = format!("column `{}`: `{}` is not {what}", self.column, self.value);
            let complaint = Complaint::new(title, self.place.clone(), "cannot be read");
            Fault::of(self.column, complaint.help(help))
        };
        let value = match self.column {
            column if LISTS.contains(&column) => {
                let mut list = DeArray::new();
                for part in self.parts() {
                    list.push(text(&part.value, &part.place));
                }
                DeValue::Array(list)
            }
            column if NUMBERS.contains(&column) => {
                let number = whole(&self.value, &self.place);
                return number.ok_or_else(|| wrong("a whole number", "write it as `4`"));
            }
            column if SWITCHES.contains(&column) => match self.value.to_lowercase().as_str() {
                "yes" | "true" | "1" => DeValue::Boolean(true),
                "no" | "false" | "0" => DeValue::Boolean(false),
                _ => {
                    return Err(wrong(
                        "`yes` or `no`",
                        "`true`, `false`, `1` and `0` will do as well",
                    ));
                }
            },
            "kind" | "installed_from" | "logon_script" => {
                DeValue::String(self.value.to_lowercase().into())
            }
            _ => return Ok(self.text()),
        };
        Ok(Spanned::new(self.place.clone(), value))
    }
}

/// One row.
pub(super) struct Row<'a> {
    pub byte: usize,
    pub place: Place,
    cells: Vec<Cell<'a>>,
}

impl<'a> Row<'a> {
    /// The cells of a record that begins at a byte of the text.
    pub fn new(
        text: &'a str,
        byte: usize,
        begins: usize,
        record: &csv::StringRecord,
        columns: &[Option<&'static str>],
    ) -> Self {
        let place = line_at(text, byte, begins);
        let row = text.get(byte..byte + place.len()).unwrap_or_default();
        let cells = (0..).zip(record.iter()).zip(columns);
        let cells = cells.filter_map(|((number, value), column)| {
            let column = (*column).filter(|_| !value.is_empty())?;
            Some(Cell {
                column,
                value: slice_of(row, value),
                place: cell(text, byte, begins, number),
            })
        });
        let cells = cells.collect();
        Row { byte, place, cells }
    }

    /// What stands in a column, unless it is empty or missing.
    pub fn cell(&self, column: &str) -> Option<&Cell<'a>> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// The entry of the scenario's array called `list`, and what of the row cannot be in it.
    pub fn entry(&self, list: &str) -> (Value<'a>, Vec<Fault>) {
        let mut entry = DeTable::new();
        let mut faults = Vec::new();
        for cell in &self.cells {
            let of_caps = OF_CAPS.iter().any(|(column, _)| *column == cell.column);
            if of_caps || cell.column == "caps" {
                continue;
            }
            match (cell.column, cell.read()) {
                (_, Err(fault)) => faults.push(fault),
                ("address_bandwidth", Ok(value)) => {
                    let address = table(cell, [("bandwidth", value)]);
                    entry.insert(key("address", cell), address);
                }
                (column, Ok(value)) => {
                    entry.insert(key(column, cell), value);
                }
            }
        }
        if list == "site" {
            match self.caps() {
                Ok(None) => {}
                Ok(Some((cell, caps))) => {
                    entry.insert(key("caps", cell), caps);
                }
                Err(fault) => faults.push(fault),
            }
        }
        (
            Spanned::new(self.place.clone(), DeValue::Table(entry)),
            faults,
        )
    }

    /// The Client Access Points, if the row says anything of them.
    fn caps(&self) -> Result<Option<(&Cell<'a>, Value<'a>)>, Fault> {
        let said = OF_CAPS
            .iter()
            .filter_map(|(column, key)| Some((self.cell(column)?, *key)));
        let said: Vec<(&Cell<'a>, &str)> = said.collect();
        let counted = self.cell("caps");
        let Some(first) = counted.or(said.first().map(|(cell, _)| *cell)) else {
            return Ok(None);
        };
        let code = self.cell("code").map_or("", |cell| cell.value.as_ref());
        let number = counted.map_or(Some(1), |cell| cell.value.parse::<usize>().ok());
        let names: Vec<String> = match (number, counted) {
            (Some(number), _) if number > MOST_CAPS => {
                let title = format!("{number} Client Access Points are too many");
                let label = format!("the most in a table is {MOST_CAPS}");
                return Err(Fault::of(
                    "caps",
                    Complaint::new(title, first.place.clone(), label),
                ));
            }
            (Some(number), _) => (1..=number).map(|it| format!("{code}-CAP{it}")).collect(),
            (None, Some(cell)) => cell.parts().into_iter().map(|part| part.value).collect(),
            (None, None) => Vec::new(),
        };
        let mut caps = DeArray::new();
        for name in names {
            let mut keys = vec![("name", text(&name, &first.place))];
            for (cell, key) in &said {
                keys.push((key, cell.read()?));
            }
            caps.push(table(first, keys));
        }
        let caps = Spanned::new(first.place.clone(), DeValue::Array(caps));
        Ok(Some((first, caps)))
    }
}

fn key<'a>(name: &'static str, cell: &Cell<'_>) -> Spanned<Cow<'a, str>> {
    Spanned::new(cell.place.clone(), name.into())
}

fn table<'n, 'a>(
    cell: &Cell<'_>,
    keys: impl IntoIterator<Item = (&'n str, Value<'a>)>,
) -> Value<'a> {
    let mut table = DeTable::new();
    for (name, value) in keys {
        let name = Spanned::new(value.span(), name.to_owned().into());
        table.insert(name, value);
    }
    Spanned::new(cell.place.clone(), DeValue::Table(table))
}

fn text<'a>(value: &str, place: &Place) -> Value<'a> {
    Spanned::new(place.clone(), DeValue::String(value.to_owned().into()))
}

/// The value where it stands in its row; a copy of one that stands there in other words.
fn slice_of<'a>(row: &'a str, value: &str) -> Cow<'a, str> {
    let found = row.find(value).and_then(|at| row.get(at..at + value.len()));
    found.map_or_else(|| Cow::Owned(value.to_owned()), Cow::Borrowed)
}

/// A whole number as TOML reads it, which takes none but a text that lasts.
fn whole<'a>(value: &Cow<'a, str>, place: &Place) -> Option<Value<'a>> {
    let Cow::Borrowed(text) = value else {
        return None;
    };
    let number = DeValue::parse(text).ok()?.into_inner();
    number
        .is_integer()
        .then(|| Spanned::new(place.clone(), number))
}

/// What is wrong with an entry by the schema.
pub(super) fn by_schema(entry: &Value<'_>, list: &str) -> Option<Fault> {
    let schema = &SCHEMA["properties"][list]["items"];
    let mut wrong = Vec::new();
    check::check(entry, schema, list, &entry.span(), &mut wrong);
    let first = wrong.into_iter().next()?;
    let keys = entry.get_ref().as_table()?.iter();
    let at = first.at.as_ref().map(|(place, _)| place.clone());
    let column = keys
        .filter(|(_, value)| Some(value.span()) == at)
        .map(|(key, _)| format!("column {} cannot be read", key.get_ref()))
        .next();
    let reason = column.unwrap_or_else(|| "row cannot be read".to_owned());
    Some(Fault::new(&reason, first))
}

/// A site of the merged scenario, to which boundaries are added.
pub(super) struct Site<'a> {
    at: usize,
    /// Subnets it has, with those that are added.
    known: BTreeMap<String, Place>,
    added: Vec<Value<'a>>,
}

impl<'a> Site<'a> {
    /// Adds subnets; what is wrong with them is told at once where rows are to be left out, else by the check of the
    /// whole.
    pub fn add(&mut self, subnets: Vec<Placed<String>>, at_once: bool) -> Result<(), Fault> {
        let schema = &SCHEMA["properties"]["site"]["items"]["properties"]["boundaries"]["items"];
        for subnet in &subnets {
            let value = text(&subnet.value, &subnet.place);
            let mut wrong = Vec::new();
            check::check(&value, schema, "subnet", &subnet.place, &mut wrong);
            if let (true, Some(wrong)) = (at_once, wrong.into_iter().next()) {
                return Err(Fault::of("subnet", wrong));
            }
            if let Some(first) = self.known.get(&subnet.value) {
                let title = format!("the site has the subnet {} already", subnet.value);
                let complaint = Complaint::new(title, subnet.place.clone(), "once is enough");
                let complaint = complaint.also(first.clone(), "the first");
                return Err(Fault::new("subnet listed twice", complaint));
            }
        }
        for subnet in subnets {
            self.added.push(text(&subnet.value, &subnet.place));
            self.known.insert(subnet.value, subnet.place);
        }
        Ok(())
    }

    /// Its position, and what was added.
    pub fn into_added(self) -> (usize, Vec<Value<'a>>) {
        (self.at, self.added)
    }
}

/// The sites of the merged scenario by code.
pub(super) fn sites<'a>(root: &DeTable<'a>) -> BTreeMap<String, Site<'a>> {
    let entries = root.get("site").and_then(|it| it.get_ref().as_array());
    let entries = (0..).zip(entries.into_iter().flat_map(|it| it.iter()));
    let site = |(at, entry): (usize, &Value<'a>)| {
        let entry = entry.get_ref().as_table()?;
        let code = entry.get("code")?.get_ref().as_str()?.to_owned();
        let boundaries = entry
            .get("boundaries")
            .and_then(|it| it.get_ref().as_array());
        let boundaries = boundaries.into_iter().flat_map(|it| it.iter());
        let known =
            boundaries.filter_map(|it| Some((it.get_ref().as_str()?.to_owned(), it.span())));
        let known = known.collect();
        let added = Vec::new();
        Some((code, Site { at, known, added }))
    };
    entries.filter_map(site).collect()
}

/// The table of the site at a position.
fn site_at<'t, 'a>(root: &'t mut DeTable<'a>, at: usize) -> Option<&'t mut DeTable<'a>> {
    let DeValue::Array(sites) = root.get_mut("site")?.get_mut() else {
        return None;
    };
    match sites.as_mut().get_mut(at)?.get_mut() {
        DeValue::Table(site) => Some(site),
        _ => None,
    }
}

/// Adds subnets to the boundaries of the site at a position.
pub(super) fn add_boundaries<'a>(root: &mut DeTable<'a>, at: usize, subnets: Vec<Value<'a>>) {
    let (Some(site), Some(first)) = (site_at(root, at), subnets.first()) else {
        return;
    };
    let place = first.span();
    if !site.contains_key("boundaries") {
        let none = Spanned::new(place.clone(), DeValue::Array(DeArray::new()));
        site.insert(Spanned::new(place, "boundaries".into()), none);
    }
    // Whatever else stands there is complained of by the check of the whole.
    if let Some(DeValue::Array(known)) = site.get_mut("boundaries").map(Spanned::get_mut) {
        subnets.into_iter().for_each(|subnet| known.push(subnet));
    }
}

/// Gives the sites of these codes a Client Access Point, where nobody said what they have.
pub(super) fn with_caps(root: &mut DeTable<'_>, codes: &[String]) {
    let sites = sites(root);
    for site in codes.iter().filter_map(|code| sites.get(code)) {
        let Some(site) = site_at(root, site.at).filter(|site| !site.contains_key("caps")) else {
            continue;
        };
        let place = site.get("code").map_or(0..0, Spanned::span);
        let mut caps = DeArray::new();
        caps.push(Spanned::new(place.clone(), DeValue::Table(DeTable::new())));
        let caps = Spanned::new(place.clone(), DeValue::Array(caps));
        site.insert(Spanned::new(place, "caps".into()), caps);
    }
}
