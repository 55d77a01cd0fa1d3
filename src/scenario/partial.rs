//! What can still be said about a scenario of which a part is wrong.
//!
//! A slip in a number or a name of one group of clients must not hide what is wrong elsewhere. So wrong values are taken
//! out where nothing else hangs on them, and the rest is looked at as if they had been left out. Complaints about the
//! same section of the text are dropped: they may follow from the first ones.

use super::check;
use super::complaint::Complaint;
use super::schema::SCHEMA;
use super::source::{Place, SourceMap};
use super::tree::Value;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Tables that no other table refers to for its own meaning: sites, templates and rollout lines are not among them.
const LOOSE: [&str; 12] = [
    "clients",
    "domain",
    "fit",
    "goal",
    "habits",
    "knob",
    "results",
    "rules",
    "search",
    "sensitivity",
    "study",
    "sweep",
];

/// The tree without what the complaints are about, if everything else can be looked at without it.
pub fn without<'a>(tree: &Value<'a>, complaints: &[Complaint]) -> Option<Value<'a>> {
    let root = tree.get_ref().as_table()?;
    let mut loose = Vec::new();
    for name in LOOSE {
        if let (Some(value), Some(schema)) = (
            root.get(name),
            SCHEMA.pointer(&format!("/properties/{name}")),
        ) {
            check::check(value, schema, name, &value.span(), &mut loose);
        }
    }
    if loose.len() != complaints.len() {
        return None;
    }
    let wrong: BTreeSet<usize> = complaints
        .iter()
        .filter_map(|complaint| complaint.at.as_ref())
        .map(|(place, _)| place.start)
        .collect();
    let rest = pruned(tree.clone(), &wrong);
    let mut left = Vec::new();
    check::check(&rest, &SCHEMA, "", &(0..0), &mut left);
    left.is_empty().then_some(rest)
}

/// The value without keys and values that begin at one of the places.
fn pruned<'a>(value: Value<'a>, wrong: &BTreeSet<usize>) -> Value<'a> {
    let span = value.span();
    let inner = match value.into_inner() {
        DeValue::Table(entries) => {
            let mut kept = DeTable::new();
            for (key, value) in entries {
                let is_scalar_or_list = !value.get_ref().is_table();
                let is_wrong = wrong.contains(&key.span().start)
                    || (is_scalar_or_list && wrong.contains(&value.span().start));
                if !is_wrong {
                    kept.insert(key, pruned(value, wrong));
                }
            }
            DeValue::Table(kept)
        }
        DeValue::Array(items) => {
            let mut kept = DeArray::new();
            for item in items
                .iter()
                .filter(|item| item.get_ref().is_table() || !wrong.contains(&item.span().start))
            {
                kept.push(pruned(item.clone(), wrong));
            }
            DeValue::Array(kept)
        }
        scalar => scalar,
    };
    Spanned::new(span, inner)
}

/// The complaints that are about other sections of the text than `first`.
pub fn elsewhere(more: Vec<Complaint>, first: &[Complaint], map: &SourceMap) -> Vec<Complaint> {
    let section = |complaint: &Complaint| {
        complaint
            .at
            .as_ref()
            .and_then(|(place, _)| section(place, map))
    };
    let known: BTreeSet<Option<usize>> = first.iter().map(section).collect();
    more.into_iter()
        .filter(|complaint| !known.contains(&section(complaint)))
        .collect()
}

/// Where the section of the text begins that holds a place: at the last line with a table header before it.
fn section(place: &Place, map: &SourceMap) -> Option<usize> {
    let (source, range) = map.locate(place)?;
    let before = source.text.get(..range.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if source.text[line..].starts_with('[') {
        return Some(source.begins + line);
    }
    let header = before.rfind("\n[").map_or(0, |at| at + 1);
    Some(source.begins + header)
}
