//! How a scenario that extends another is laid over it.
//!
//! Tables merge key by key. Arrays of tables merge by what identifies an entry: sites by code, domains, clients,
//! habits, templates, thresholds, campaigns and Client Access Points by name, rollout lines by site (and release, where a site has
//! several). Entries the base does not have, and those without a name, are appended. Everything else is replaced as a
//! whole. `remove = ["site.EU1"]` takes entries or keys of the base away first; `set = ["rules.ccim_cycle=12h"]` sets values
//! last, by paths as `--set` does.

use super::complaint::Complaint;
use super::path;
use super::tree::SET;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Key that names the scenario to extend; gone from the merged tree.
pub const EXTENDS: &str = "extends";
/// Key that lists what to take away from it; gone from the merged tree.
pub const REMOVE: &str = "remove";

/// The key that identifies an entry of the array of tables called `name`.
pub fn identifying_key(name: &str) -> Option<&'static str> {
    match name {
        "site" => Some("code"),
        "domain" | "clients" | "habits" | "template" | "caps" | "threshold" => Some("name"),
        "knob" | "ring" | "point" => Some("name"),
        "kick" | "leave_on" | "freeze" | "verify" | "offer" | "hotfix_campaign" => Some("name"),
        "crc_mismatch" | "offers_cut_off" => Some("name"),
        "rollout" => Some("site"),
        _ => None,
    }
}

/// Whether the list called `name` holds entries with an identity, not texts: `site` is a table of its own and, in a
/// rollout line, a list of codes.
pub fn has_entries(name: &str, list: &[Spanned<DeValue<'_>>]) -> bool {
    identifying_key(name).is_some() && list.iter().all(|entry| entry.get_ref().is_table())
}

/// Lays `over` over `base`; `is_base`: nothing is extended.
pub fn extend<'a>(
    base: &mut DeTable<'a>,
    mut over: DeTable<'a>,
    is_base: bool,
    complaints: &mut Vec<Complaint>,
) {
    if let Some(removals) = over.get(REMOVE) {
        let removals = removals.get_ref().as_array();
        for removal in removals.into_iter().flat_map(|removals| removals.iter()) {
            path::remove(base, removal, is_base, complaints);
        }
    }
    let well_formed = |name: &str, value: &Spanned<DeValue<'_>>| match name {
        EXTENDS => value.get_ref().is_str(),
        _ => value
            .get_ref()
            .as_array()
            .is_some_and(|items| items.iter().all(|item| item.get_ref().is_str())),
    };
    for name in [EXTENDS, REMOVE, SET] {
        if over.get(name).is_some_and(|value| well_formed(name, value)) {
            over.remove(name);
        }
    }
    merge_tables(base, over);
}

fn merge_tables<'a>(base: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, value) in over {
        let name = key.get_ref().to_string();
        match base.get_mut(name.as_str()) {
            Some(below) => merge_values(&name, below, value),
            None => {
                base.insert(key, value);
            }
        }
    }
}

fn merge_values<'a>(name: &str, below: &mut Spanned<DeValue<'a>>, over: Spanned<DeValue<'a>>) {
    let place = over.span();
    match (below.get_mut(), over.into_inner()) {
        (DeValue::Table(base), DeValue::Table(over)) => merge_tables(base, over),
        (DeValue::Array(base), DeValue::Array(over))
            if has_entries(name, base) && has_entries(name, &over) =>
        {
            for entry in over.iter().cloned() {
                match position(name, base, &entry) {
                    Some(at) => merge_values("", &mut base.as_mut()[at], entry),
                    None => base.push(entry),
                }
            }
        }
        (_, inner) => *below = Spanned::new(place, inner),
    }
}

/// Where in `base` the entry is that `entry` varies.
fn position(
    name: &str,
    base: &[Spanned<DeValue<'_>>],
    entry: &Spanned<DeValue<'_>>,
) -> Option<usize> {
    let key = identifying_key(name)?;
    let same = |a: &Spanned<DeValue<'_>>, b: &Spanned<DeValue<'_>>, key: &str| {
        identity(a, key).is_some_and(|identity_of_a| Some(identity_of_a) == identity(b, key))
    };
    let alike: Vec<usize> = (0..base.len())
        .filter(|&at| same(&base[at], entry, key))
        .collect();
    match alike.as_slice() {
        [] => None,
        [only] => Some(*only),
        several => several
            .iter()
            .copied()
            .find(|&at| name != "rollout" || same(&base[at], entry, "to")),
    }
}

/// What an entry's key says, as text: a list counts by its members.
pub fn identity(entry: &Spanned<DeValue<'_>>, key: &str) -> Option<String> {
    let value = entry.get_ref().as_table()?.get(key)?.get_ref();
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Array(items) => {
            let members = items.iter().filter_map(|item| item.get_ref().as_str());
            Some(members.collect::<Vec<_>>().join(","))
        }
        _ => None,
    }
}
