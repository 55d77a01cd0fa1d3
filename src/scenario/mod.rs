//! Scenario files: TOML, with inventories and tables in CSV, to [`Plan`], with every complaint at its place in the file.
//!
//! Four steps: the texts become one tree in which every key and value knows its place (`tree`, `tables`, `merge`, `path`); the
//! tree is checked against the schema of the format (`schema`, `check`, `notation`, `partial`); the checked tree becomes typed
//! structs (`file`); the structs become a plan (`template`, `inventory`, `lower`). Each step collects all its
//! complaints before it gives up. Nothing here prints, and only [`load`] touches files.

mod check;
mod complaint;
mod file;
mod from_inventory;
mod inventory;
mod knob_paths;
mod lower;
mod merge;
#[cfg(test)]
mod mutations;
mod notation;
mod observed;
mod partial;
mod path;
mod placed;
mod quantity;
mod schema;
mod sheet;
mod source;
pub mod suggest;
mod tables;
mod template;
mod threshold;
#[cfg(test)]
mod threshold_tests;
mod tree;
mod until;

pub use complaint::{Complaint, Complaints};
pub use from_inventory::{GivenTables, Wanted, from_inventory};
pub use observed::{Point as ObservedPoint, observed};
pub use schema::schema;
pub use source::{Files, Sources};
pub use suggest::nearest;

use crate::plan::rings::Waiting;
use crate::plan::risks::{self, Risk};
use crate::plan::{Plan, Questions};
use file::ScenarioFile;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use source::{Place, Source, SourceMap};
use std::collections::BTreeSet;
use std::path::Path;
use tables::{Tables, Told};
use toml::Spanned;
use toml::de::DeValue;

/// Columns an inventory may have.
pub const INVENTORY_COLUMNS: &[&str] = file::ColumnMap::ALL;

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What runs.
    pub plan: Plan,
    /// The scenario as one TOML text: with what it extends, and with what the command line set.
    pub resolved: String,
    /// What is allowed but likely to go wrong.
    pub risks: Vec<Risk>,
    /// What it asks beyond one run.
    pub questions: Questions,
    /// The first ring whose date is not fixed: the plan goes up to the ring before it.
    pub waiting: Option<Unresolved>,
}

/// A ring whose date is not fixed, and where the scenario says what it waits for.
#[derive(Clone, Debug)]
pub struct Unresolved {
    /// What it waits for.
    pub waiting: Waiting,
    place: Place,
    map: SourceMap,
}

impl Unresolved {
    /// The complaint that the ring before it came so far only in `met` of the pilot replications.
    #[must_use]
    pub fn never(&self, met: u32) -> Complaints {
        let Waiting {
            ring,
            before,
            pilot_replications,
            ..
        } = &self.waiting;
        let title = format!("ring `{ring}` never starts");
        let label =
            format!("`{before}` got there in {met} of {pilot_replications} pilot replications");
        let complaint = Complaint::new(title, self.place.clone(), label)
            .help("wait for less, raise `days`, or see with `smsim run` and a fixed `at` what holds the ring before it up");
        Complaints::new(vec![complaint], self.map.clone())
    }
}

/// Loads a scenario from files; `sets` are `path=value` arguments, and `seed` and `replications` stand before what the
/// scenario says.
///
/// # Errors
/// Everything that is wrong with it, or the file that could not be read.
pub fn load(
    path: &Path,
    sets: &[String],
    seed: Option<u64>,
    replications: Option<u32>,
) -> Result<Loaded, Complaints> {
    parse(&Files, path, sets, seed, replications)
}

/// As [`load`], from any source of texts.
///
/// # Errors
/// Everything that is wrong with it, or the text that could not be read.
pub fn parse(
    sources: &dyn Sources,
    path: &Path,
    sets: &[String],
    seed: Option<u64>,
    replications: Option<u32>,
) -> Result<Loaded, Complaints> {
    let mut map = SourceMap::default();
    let mut sets = sets.to_vec();
    sets.extend(seed.map(|seed| format!("scenario.seed={seed}")));
    sets.extend(replications.map(|number| format!("study.replications={number}")));
    let tables = match tree::collect(sources, &mut map, path, &sets) {
        Ok(tables) => tables,
        Err(complaint) => return Err(Complaints::new(vec![complaint], map)),
    };
    let (file, resolved, told) = match typed(&map, &tables) {
        Ok(checked) => checked,
        Err(Wrong {
            mut complaints,
            rest,
            not_whole,
        }) => {
            let more = rest.and_then(|rest| lower::plan(&rest, sources, &mut map).err());
            let more = partial::elsewhere(more.unwrap_or_default(), &complaints, &not_whole, &map);
            complaints.extend(more);
            return Err(Complaints::new(complaints, map));
        }
    };
    let asked = lower::questions(&file);
    let ((mut plan, waiting), questions) = match (lower::plan(&file, sources, &mut map), asked) {
        (Ok((plan, waiting)), Ok(questions)) => ((plan, waiting), questions),
        (plan, asked) => {
            let complaints = plan.err().into_iter().chain(asked.err());
            return Err(Complaints::new(complaints.flatten().collect(), map));
        }
    };
    plan.left_out.splice(0..0, told.left_out);
    plan.not_read.splice(0..0, told.not_read);
    let risks = risks::risks(&plan);
    Ok(Loaded {
        plan,
        resolved,
        risks,
        questions,
        waiting: waiting.map(|(waiting, place)| Unresolved {
            waiting,
            place,
            map,
        }),
    })
}

/// What is wrong with a file, and what is left of it to look at.
struct Wrong {
    complaints: Vec<Complaint>,
    rest: Option<Box<ScenarioFile>>,
    /// Tables from which something is missing in that.
    not_whole: BTreeSet<String>,
}

impl From<Vec<Complaint>> for Wrong {
    fn from(complaints: Vec<Complaint>) -> Self {
        Wrong {
            complaints,
            rest: None,
            not_whole: BTreeSet::new(),
        }
    }
}

/// The collected texts as a typed file, and as one text.
fn typed(map: &SourceMap, tables: &[Tables]) -> Result<(ScenarioFile, String, Told), Wrong> {
    let mut complaints = Vec::new();
    let (mut tree, told) = tree::merged(map, tables, &mut complaints)?;
    check::check(&tree, &schema::SCHEMA, "", &(0..0), &mut complaints);
    if !complaints.is_empty() {
        let not_whole = partial::not_whole(&tree);
        let rest = partial::without(&tree);
        let rest = rest.and_then(|rest| ScenarioFile::deserialize(rest.into_deserializer()).ok());
        return Err(Wrong {
            complaints,
            rest: rest.map(Box::new),
            not_whole,
        });
    }
    let failed = |error: toml::de::Error| {
        let place = error.span().unwrap_or(0..0);
        vec![Complaint::new(
            "this scenario cannot be read",
            place,
            error.message(),
        )]
    };
    let file = ScenarioFile::deserialize(tree.clone().into_deserializer()).map_err(failed)?;
    complaints.extend(knob_paths::lost(&file, &tree));
    if !complaints.is_empty() {
        return Err(complaints.into());
    }
    follow_inventories(&mut tree, map);
    let values = toml::Table::deserialize(tree.into_deserializer()).map_err(failed)?;
    let resolved = toml::to_string_pretty(&values).map_err(|error| {
        let title = "this scenario cannot be written down again";
        vec![Complaint::new(title, 0..0, error.to_string())]
    })?;
    Ok((file, resolved, told))
}

/// Makes the paths of inventories relative to the scenario's own folder, whichever file names them.
fn follow_inventories(tree: &mut Spanned<DeValue<'_>>, map: &SourceMap) {
    let home = map
        .iter()
        .next()
        .map(|source: &Source| source.folder.clone())
        .unwrap_or_default();
    let DeValue::Table(root) = tree.get_mut() else {
        return;
    };
    let Some(DeValue::Array(groups)) = root.get_mut("clients").map(Spanned::get_mut) else {
        return;
    };
    for group in groups.iter_mut() {
        let DeValue::Table(group) = group.get_mut() else {
            continue;
        };
        let Some(path) = group.get_mut("inventory").and_then(path_of) else {
            continue;
        };
        let folder = map.folder(&path.span());
        if let (Some(name), true) = (path.get_ref().as_str(), folder != home) {
            let whole = folder.join(name);
            let relative = whole
                .strip_prefix(&home)
                .unwrap_or(&whole)
                .display()
                .to_string();
            *path.get_mut() = DeValue::String(relative.into());
        }
    }
}

/// Where an inventory's path stands: itself, or in the table that says more.
fn path_of<'t, 'a>(
    inventory: &'t mut Spanned<DeValue<'a>>,
) -> Option<&'t mut Spanned<DeValue<'a>>> {
    match inventory.get_ref() {
        DeValue::Table(_) => match inventory.get_mut() {
            DeValue::Table(table) => table.get_mut("file"),
            _ => None,
        },
        _ => Some(inventory),
    }
}

/// A local time as tables print it.
fn shown(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
