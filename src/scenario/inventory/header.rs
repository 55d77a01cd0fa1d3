//! Which column of an inventory says what.

use super::place::{cell, line_at};
use crate::scenario::complaint::Complaint;
use crate::scenario::placed::Placed;
use crate::scenario::suggest::{listed, nearest};

/// Columns an inventory may have.
pub const COLUMNS: [&str; 13] = [
    "name",
    "subnet",
    "domain",
    "platform",
    "operating_system",
    "site",
    "habits",
    "zone",
    "installed",
    "client_version",
    "last_seen",
    "link",
    "off_site_link",
];

/// The columns of a file, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// What each column says; none: it is not read.
    pub columns: Vec<Option<&'static str>>,
    /// What columns that are not read are called.
    pub ignored: Vec<String>,
}

/// How the file calls columns, where not by our names; none: it must have no others than ours.
pub type Map = Option<Vec<(&'static str, Placed<String>)>>;

/// The columns of a file; what cannot be told is complained of.
pub(super) fn header(
    cells: &csv::StringRecord,
    map: &Map,
    text: &str,
    begins: usize,
    complaints: &mut Vec<Complaint>,
) -> Header {
    let mut header = Header::default();
    for (number, name) in cells.iter().enumerate() {
        let place = cell(text, 0, begins, number);
        let column = column(name, map);
        match column {
            Some(known) if header.columns.contains(&Some(known)) => {
                let title = format!("two columns are called `{name}`");
                complaints.push(Complaint::new(title, place, "the second"));
            }
            None if map.is_none() => {
                let label = match nearest(name, COLUMNS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "not a column of an inventory".to_owned(),
                };
                let complaint =
                    Complaint::new(format!("there is no column `{name}`"), place, label);
                let help = format!(
                    "the columns are {}; where a file calls them otherwise, say so: `inventory = {{ file = \"...\", columns = {{ name = \"{name}\" }} }}`",
                    listed(COLUMNS)
                );
                complaints.push(complaint.help(help));
            }
            None => header.ignored.push(name.to_owned()),
            Some(_) => {}
        }
        header.columns.push(column);
    }
    for (known, named) in map.iter().flatten() {
        if !header.columns.contains(&Some(known)) {
            let label = match nearest(&named.value, cells.iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "not in the file's first row".to_owned(),
            };
            let title = format!("the inventory has no column `{}`", named.value);
            let complaint = Complaint::new(title, named.place.clone(), label);
            complaints.push(complaint.help(format!("its columns are {}", listed(cells.iter()))));
        }
    }
    if complaints.is_empty() && !header.columns.contains(&Some("name")) {
        let title = "the column `name` is missing";
        let place = line_at(text, 0, begins);
        let complaint = Complaint::new(title, place, "the first row names the columns");
        complaints.push(complaint.help(format!("the columns are {}", listed(COLUMNS))));
    }
    header
}

/// What a column says: by the map, or by its own name where the map does not say which column that is.
fn column(name: &str, map: &Map) -> Option<&'static str> {
    let name = name.trim();
    let mut mapped = map.iter().flatten();
    if let Some((known, _)) =
        mapped.find(|(_, named)| named.value.trim().eq_ignore_ascii_case(name))
    {
        return Some(known);
    }
    let own = COLUMNS.into_iter().find(|known| *known == name)?;
    let elsewhere = map.iter().flatten().any(|(known, _)| *known == own);
    (!elsewhere).then_some(own)
}
