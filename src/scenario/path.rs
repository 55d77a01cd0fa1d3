//! Paths into a scenario: `clients.desktops.count`, as `--set` and `remove` write them.
//!
//! Each step is a key; in an array of tables it is what identifies an entry, or its number from 1.

use super::complaint::Complaint;
use super::merge::{has_entries, identifying_key, identity};
use super::source::{Place, Source};
use super::suggest::{listed, nearest};
use super::tree::moved;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step of a path with its place.
struct Step {
    name: String,
    place: Place,
}

/// Applies one `--set` argument, `path=value`.
pub fn set<'a>(root: &mut DeTable<'a>, argument: &'a Source, complaints: &mut Vec<Complaint>) {
    let help = "write it as `path=value`, for example `clients.desktops.count=500`";
    let whole = argument.begins..argument.begins + argument.text.len();
    let Some((path, text)) = argument.text.split_once('=') else {
        let complaint =
            Complaint::new("this argument sets nothing", whole, "there is no `=` in it");
        complaints.push(complaint.help(help));
        return;
    };
    let Some(steps) = steps(path, argument.begins) else {
        let complaint = Complaint::new("this path has an empty step", whole, "");
        complaints.push(complaint.help(help));
        return;
    };
    let value = moved(value_of(text), argument.begins + path.len() + 1);
    let Some((last, before)) = steps.split_last() else {
        return;
    };
    match descend(root, before, last) {
        Ok(at) => put(at, last, value, complaints),
        Err(complaint) => complaints.push(complaint),
    }
}

/// The table that the steps lead to; tables that are missing on the way are made.
fn descend<'t, 'a>(
    at: &'t mut DeTable<'a>,
    steps: &[Step],
    last: &Step,
) -> Result<&'t mut DeTable<'a>, Complaint> {
    let [step, rest @ ..] = steps else {
        return Ok(at);
    };
    let name = step.name.as_str();
    if !at.contains_key(name) && identifying_key(name).is_none() {
        let fresh = Spanned::new(step.place.clone(), DeValue::Table(DeTable::new()));
        at.insert(key(step), fresh);
    }
    let known = known_names(at);
    let below = at
        .get_mut(name)
        .ok_or_else(|| unknown(step, &known, "key"))?;
    match below.get_mut() {
        DeValue::Table(table) => descend(table, rest, last),
        DeValue::Array(entries) => {
            let [entry, rest @ ..] = rest else {
                return Err(names_no_entry(last, name, entries));
            };
            let names = entry_names(name, entries);
            entry_at(name, entries, &entry.name)
                .and_then(|found| table_of(&mut entries.as_mut()[found]))
                .ok_or_else(|| unknown(entry, &names, "entry"))
                .and_then(|table| descend(table, rest, last))
        }
        _ => {
            let title = format!("`{name}` has no keys below it");
            Err(Complaint::new(
                title,
                step.place.clone(),
                "this is a plain value",
            ))
        }
    }
}

/// Puts the value where the path ends.
fn put<'a>(
    at: &mut DeTable<'a>,
    last: &Step,
    value: Spanned<DeValue<'a>>,
    complaints: &mut Vec<Complaint>,
) {
    match at.get_mut(last.name.as_str()) {
        Some(known)
            if entries(&last.name, known.get_ref()).is_some() && !value.get_ref().is_array() =>
        {
            let entries = entries(&last.name, known.get_ref()).unwrap_or_default();
            complaints.push(names_no_entry(last, &last.name, entries));
        }
        Some(known) => *known = value,
        None => {
            at.insert(key(last), value);
        }
    }
}

/// The entries of a list that is reached into by name.
fn entries<'v, 'a>(name: &str, value: &'v DeValue<'a>) -> Option<&'v [Spanned<DeValue<'a>>]> {
    let list: &[_] = value.as_array()?;
    has_entries(name, list).then_some(list)
}

/// Takes away what a `remove` entry names.
pub fn remove(
    root: &mut DeTable<'_>,
    removal: &Spanned<DeValue<'_>>,
    nothing_below: bool,
    complaints: &mut Vec<Complaint>,
) {
    let place = removal.span();
    let Some(text) = removal.get_ref().as_str() else {
        return;
    };
    let complain = |label: &str| {
        Complaint::new(
            format!("there is no `{text}` to remove"),
            place.clone(),
            label,
        )
        .help("name what the base has, as in `site.EU1`, `clients.desktops` or `rules.ccim_cycle`")
    };
    if nothing_below {
        complaints.push(complain("this scenario extends nothing"));
        return;
    }
    let Some(steps) = steps(text, 0) else {
        complaints.push(complain("this path has an empty step"));
        return;
    };
    let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    if !remove_at(root, &names) {
        complaints.push(complain("not in the scenario that is extended"));
    }
}

fn remove_at(table: &mut DeTable<'_>, names: &[&str]) -> bool {
    match names {
        [] => false,
        [name] => table.remove(*name).is_some(),
        [name, rest @ ..] => match table.get_mut(*name).map(Spanned::get_mut) {
            Some(DeValue::Table(below)) => remove_at(below, rest),
            Some(DeValue::Array(entries)) => {
                let Some(found) = entry_at(name, entries, rest[0]) else {
                    return false;
                };
                match rest {
                    [_] => {
                        let kept = entries.iter().enumerate().filter(|(at, _)| *at != found);
                        let mut left = toml::de::DeArray::new();
                        kept.for_each(|(_, entry)| left.push(entry.clone()));
                        *entries = left;
                        true
                    }
                    [_, below @ ..] => table_of(&mut entries.as_mut()[found])
                        .is_some_and(|table| remove_at(table, below)),
                    [] => false,
                }
            }
            _ => false,
        },
    }
}

/// The steps of a path; a step with dots in it stands in double quotes.
fn steps(path: &str, begins: usize) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut from = 0;
    let mut quoted = false;
    for (at, c) in path.char_indices().chain([(path.len(), '.')]) {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted || at == path.len() => {
                let name = path[from..at].trim().trim_matches('"').to_owned();
                if name.is_empty() {
                    return None;
                }
                steps.push(Step {
                    name,
                    place: begins + from..begins + at,
                });
                from = at + 1;
            }
            _ => {}
        }
    }
    Some(steps)
}

/// The value that a `--set` argument gives: TOML where it is TOML, else the text itself.
fn value_of(text: &str) -> Spanned<DeValue<'_>> {
    let plain = || Spanned::new(0..text.len(), DeValue::String(text.trim().into()));
    DeValue::parse(text).unwrap_or_else(|_| plain())
}

fn table_of<'t, 'a>(value: &'t mut Spanned<DeValue<'a>>) -> Option<&'t mut DeTable<'a>> {
    match value.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// Position of the entry that `step` names in the array called `name`.
fn entry_at(name: &str, entries: &[Spanned<DeValue<'_>>], step: &str) -> Option<usize> {
    let named = identifying_key(name).and_then(|key| {
        entries
            .iter()
            .position(|entry| identity(entry, key).as_deref() == Some(step))
    });
    let numbered = || {
        step.parse::<usize>()
            .ok()?
            .checked_sub(1)
            .filter(|&at| at < entries.len())
    };
    named.or_else(numbered)
}

fn entry_names(name: &str, entries: &[Spanned<DeValue<'_>>]) -> Vec<String> {
    let key = identifying_key(name).unwrap_or("name");
    entries
        .iter()
        .filter_map(|entry| identity(entry, key))
        .collect()
}

fn known_names(table: &DeTable<'_>) -> Vec<String> {
    table.keys().map(|key| key.get_ref().to_string()).collect()
}

fn key<'a>(step: &Step) -> Spanned<std::borrow::Cow<'a, str>> {
    Spanned::new(step.place.clone(), step.name.clone().into())
}

fn unknown(step: &Step, known: &[String], what: &str) -> Complaint {
    let names = || known.iter().map(String::as_str);
    let label = match nearest(&step.name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("no such {what} in the scenario"),
    };
    let complaint = Complaint::new(
        format!("there is no {what} `{}`", step.name),
        step.place.clone(),
        label,
    );
    match known {
        [] => complaint,
        _ => complaint.help(format!("there are {}", listed(names()))),
    }
}

fn names_no_entry(step: &Step, name: &str, entries: &[Spanned<DeValue<'_>>]) -> Complaint {
    let names = entry_names(name, entries);
    let example = names.first().map_or("1", String::as_str);
    Complaint::new(
        format!("`{name}` is a list"),
        step.place.clone(),
        "which entry of it?",
    )
    .help(format!("name the entry, as in `{name}.{example}`"))
}
