//! Which column of a table says what.

use super::place::{cell, line_at};
use crate::scenario::complaint::Complaint;
use crate::scenario::placed::Placed;
use crate::scenario::suggest::{listed, nearest};

/// What a table may have and has to have.
pub struct Format {
    /// How complaints call it, with `a` or `the` before it.
    pub what: &'static str,
    /// The key that names its file.
    pub key: &'static str,
    /// Our names of its columns.
    pub columns: &'static [&'static str],
    /// Those of them without which it says nothing.
    pub needed: &'static [&'static str],
}

/// The columns of a file, by position.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// What each column says; none: it is not read.
    pub columns: Vec<Option<&'static str>>,
    /// What columns that are not read are called.
    pub ignored: Vec<String>,
}

/// How the file calls columns, where not by our names; none: it must have no others than ours.
pub type Map = Option<Vec<(&'static str, Placed<String>)>>;

/// The columns of a file; what cannot be told is complained of.
pub fn header(
    cells: &csv::StringRecord,
    format: &Format,
    map: &Map,
    text: &str,
    begins: usize,
    complaints: &mut Vec<Complaint>,
) -> Header {
    let mut header = Header::default();
    let known = || format.columns.iter().copied();
    let is_there = |known: &str| {
        cells
            .iter()
            .any(|it| column(it, format, map) == Some(known))
    };
    let not_there = known().find(|known| !is_there(known));
    for (number, name) in cells.iter().enumerate() {
        let place = cell(text, 0, begins, number);
        let column = column(name, format, map);
        match column {
            Some(known) if header.columns.contains(&Some(known)) => {
                let title = format!("two columns are called `{name}`");
                complaints.push(Complaint::new(title, place, "the second"));
            }
            None if map.is_none() => {
                let label = match nearest(name, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("not a column of {}", with_article(format.what)),
                };
                let complaint =
                    Complaint::new(format!("there is no column `{name}`"), place, label);
                let help = format!(
                    "the columns are {}; where a file calls them otherwise, say so: `{} = {{ file = \"...\", columns = {{ {} = \"{name}\" }} }}`",
                    listed(known()),
                    format.key,
                    not_there.unwrap_or(format.columns[0])
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
            let title = format!("the {} has no column `{}`", format.what, named.value);
            let complaint = Complaint::new(title, named.place.clone(), label);
            complaints.push(complaint.help(format!("its columns are {}", listed(cells.iter()))));
        }
    }
    let missing = format.needed.iter();
    let mut missing = missing.filter(|column| !header.columns.contains(&Some(column)));
    if let (true, Some(column)) = (complaints.is_empty(), missing.next()) {
        let title = format!("the column `{column}` is missing");
        let place = line_at(text, 0, begins);
        let complaint = Complaint::new(title, place, "the first row names the columns");
        complaints.push(complaint.help(format!("the columns are {}", listed(known()))));
    }
    header
}

/// What a column says: by the map, or by its own name where the map does not say which column that is.
fn column(name: &str, format: &Format, map: &Map) -> Option<&'static str> {
    let name = name.trim();
    let mut mapped = map.iter().flatten();
    if let Some((known, _)) =
        mapped.find(|(_, named)| named.value.trim().eq_ignore_ascii_case(name))
    {
        return Some(known);
    }
    let own = format
        .columns
        .iter()
        .copied()
        .find(|known| *known == name)?;
    let elsewhere = map.iter().flatten().any(|(known, _)| *known == own);
    (!elsewhere).then_some(own)
}

fn with_article(what: &str) -> String {
    match what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => format!("an {what}"),
        false => format!("a {what}"),
    }
}
