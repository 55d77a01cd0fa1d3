//! Whether the paths of knobs lead anywhere, and whether what they are set to may stand there.

use super::check;
use super::complaint::Complaint;
use super::file::{KnobFile, ScenarioFile};
use super::path;
use super::placed::Placed;
use super::schema::SCHEMA;
use super::source::Source;
use super::tree::Value;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

/// What is wrong with the paths of all knobs; `tree` is the scenario in which they are set.
pub fn lost(file: &ScenarioFile, tree: &Value<'_>) -> Vec<Complaint> {
    let knobs = file.knob.iter().map(|placed| &placed.value);
    let of_knob = |knob: &KnobFile| -> Vec<Complaint> {
        let values = knob.values.as_ref().and_then(|it| it.value.first());
        let Some(value) = values.or(knob.from.as_ref()) else {
            return Vec::new();
        };
        let paths = knob.path.0.iter();
        let found = paths.filter_map(|path| lost_path(path, &value.value.0, tree));
        found.collect()
    };
    knobs.flat_map(of_knob).collect()
}

/// The first thing that is wrong if `path` is set to `value`.
fn lost_path(path: &Placed<String>, value: &toml::Value, tree: &Value<'_>) -> Option<Complaint> {
    let argument = Source {
        name: String::new(),
        folder: PathBuf::new(),
        text: format!("{}={value}", path.value),
        // Behind the quote: so each step of the path has the place it has in the file.
        begins: path.place.start + 1,
    };
    let mut complaints = Vec::new();
    let mut root = tree.get_ref().as_table()?.clone();
    path::set(&mut root, &argument, &mut complaints);
    let set = Spanned::new(0..0, DeValue::Table(root));
    check::check(&set, &SCHEMA, "", &(0..0), &mut complaints);
    let mut first = complaints.into_iter().next()?;
    if let Some((place, _)) = &mut first.at
        && place.end > path.place.end
    {
        *place = path.place.clone();
    }
    Some(first)
}
