//! What can still be said about a scenario of which a part is wrong.
//!
//! A slip in one place must not hide what is wrong elsewhere. So everything that is wrong by the schema is taken out: a
//! value where it may be left out, else the whole entry that needs it. The rest is looked at as if it had been written so.
//! Complaints that may follow from what was taken out are dropped: those about the same section of the text but for names
//! that nobody has, and those that rely on a table which is not whole.

use super::check;
use super::complaint::Complaint;
use super::schema::SCHEMA;
use super::source::{Place, SourceMap};
use super::tables::TABLES;
use super::tree::Value;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The table that every scenario has to have.
const HEADER: &str = "scenario";
/// What its keys are taken to say where they say nothing: long enough for every date.
const STAND_IN: &str = "name = \"a scenario\"\nstart = 2000-01-01 00:00:00\ndays = 1000\n";

/// The tree without what is wrong in it.
pub fn without<'a>(tree: &Value<'a>) -> Option<Value<'a>> {
    let mut rest = sound(tree, &SCHEMA).or_else(|| headless(tree))?;
    let DeValue::Table(root) = rest.get_mut() else {
        return None;
    };
    // Tables that are named as they should be are entries by now.
    root.remove(TABLES);
    let stand_in = DeTable::parse(STAND_IN).ok()?.into_inner();
    let written = tree.get_ref().as_table()?.get(HEADER);
    let mut header = stand_in;
    for (key, value) in written
        .and_then(|header| header.get_ref().as_table())
        .into_iter()
        .flatten()
    {
        let schema = SCHEMA.pointer(&format!(
            "/properties/{HEADER}/properties/{}",
            key.get_ref()
        ));
        if let Some(value) = schema.and_then(|schema| sound(value, schema)) {
            header.insert(key.clone(), value);
        }
    }
    root.insert(
        Spanned::new(0..0, HEADER.into()),
        Spanned::new(0..0, DeValue::Table(header)),
    );
    Some(rest)
}

/// The sound tables of a scenario whose header is not sound.
fn headless<'a>(tree: &Value<'a>) -> Option<Value<'a>> {
    let properties = SCHEMA.get("properties")?;
    let mut kept = DeTable::new();
    for (key, value) in tree.get_ref().as_table()? {
        let schema = properties.get(key.get_ref().as_ref());
        if let Some(value) = schema.and_then(|schema| sound(value, schema)) {
            kept.insert(key.clone(), value);
        }
    }
    Some(Spanned::new(tree.span(), DeValue::Table(kept)))
}

/// What is left of a value without everything in it that is wrong; `None` if nothing can be kept.
fn sound<'a>(value: &Value<'a>, schema: &Json) -> Option<Value<'a>> {
    let schema = check::branch(value.get_ref(), schema);
    let properties = schema.get("properties").and_then(Json::as_object);
    let inner = match (value.get_ref(), properties, schema.get("items")) {
        (DeValue::Table(entries), Some(properties), _) => {
            let mut kept = DeTable::new();
            for (key, value) in entries {
                let schema = properties.get(key.get_ref().as_ref());
                if let Some(value) = schema.and_then(|schema| sound(value, schema)) {
                    kept.insert(key.clone(), value);
                }
            }
            let required = schema.get("required").and_then(Json::as_array);
            let mut required = required.into_iter().flatten().filter_map(Json::as_str);
            if required.any(|key| !kept.contains_key(key)) {
                return None;
            }
            DeValue::Table(kept)
        }
        (DeValue::Array(items), _, Some(of)) => {
            let mut kept = DeArray::new();
            for item in items.iter().filter_map(|item| sound(item, of)) {
                kept.push(item);
            }
            DeValue::Array(kept)
        }
        _ => {
            let mut wrong = Vec::new();
            check::check(value, schema, "", &value.span(), &mut wrong);
            return wrong.is_empty().then(|| value.clone());
        }
    };
    Some(Spanned::new(value.span(), inner))
}

/// Tables in which something is wrong.
pub fn not_whole(tree: &Value<'_>) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    let Some(root) = tree.get_ref().as_table() else {
        return tables;
    };
    for (key, value) in root {
        let schema = SCHEMA.pointer(&format!("/properties/{}", key.get_ref()));
        let mut wrong = Vec::new();
        if let Some(schema) = schema {
            check::check(value, schema, key.get_ref(), &value.span(), &mut wrong);
        }
        if !wrong.is_empty() {
            tables.insert(key.get_ref().to_string());
        }
    }
    if !root.contains_key(HEADER) {
        tables.insert(HEADER.to_owned());
    }
    if tables.contains(TABLES) {
        tables.extend(["site", "domain"].map(str::to_owned));
    }
    tables
}

/// The complaints that follow from nothing in `first`: about other sections of the text or about a name, and relying on
/// whole tables.
pub fn elsewhere(
    more: Vec<Complaint>,
    first: &[Complaint],
    not_whole: &BTreeSet<String>,
    map: &SourceMap,
) -> Vec<Complaint> {
    let section = |complaint: &Complaint| {
        complaint
            .at
            .as_ref()
            .and_then(|(place, _)| section(place, map))
    };
    let known: BTreeSet<Option<usize>> = first.iter().map(section).collect();
    let follows = |complaint: &Complaint| {
        let mut tables = complaint.relies_on.tables().iter();
        tables.any(|table| not_whole.contains(*table))
    };
    let stands_alone = |complaint: &Complaint| {
        complaint.relies_on.is_name() || !known.contains(&section(complaint))
    };
    more.into_iter()
        .filter(|complaint| stands_alone(complaint) && !follows(complaint))
        .collect()
}

/// Where the section of the text begins that holds a place: at the last line with a table header before it, or, in a
/// table of another program, at its own line.
fn section(place: &Place, map: &SourceMap) -> Option<usize> {
    let (source, range) = map.locate(place)?;
    let before = source.text.get(..range.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if source.text[line..].starts_with('[') {
        return Some(source.begins + line);
    }
    let first = if before.starts_with('[') { 0 } else { line };
    let header = before.rfind("\n[").map_or(first, |at| at + 1);
    Some(source.begins + header)
}
