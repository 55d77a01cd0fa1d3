//! The `[rules]` table.

use crate::engine::time::MINUTE_S;
use crate::scenario::complaint::Complaint;
use crate::scenario::notation::{Notation, Rate, Size, Sizes, Span, Spans};
use crate::scenario::placed::{Placed, Scalar};
use crate::sms::defaults::{BootstrapRules, Rules, Value};
use std::collections::BTreeMap;

/// Endings of rules that are periods: something happens again after each, so none may be next to nothing.
const PERIODS: [&str; 3] = ["_cycle", "_interval", "_retry"];

/// The rules with what the scenario set, and the names of those.
pub fn rules(
    table: &BTreeMap<String, Placed<Scalar>>,
    complaints: &mut Vec<Complaint>,
) -> (Rules, Vec<String>) {
    let mut rules = Rules::default();
    let mut set = Vec::new();
    for (name, given) in table {
        let Some(value) = rules
            .get(name)
            .and_then(|kind| value_of(kind, &given.value))
        else {
            let title = format!("`{name}` cannot be set so");
            complaints.push(Complaint::new(
                title,
                given.place.clone(),
                "another kind of value",
            ));
            continue;
        };
        let period = PERIODS.iter().any(|ending| name.ends_with(ending));
        if period && matches!(value, Value::Span(seconds) if seconds < MINUTE_S) {
            let title = format!("`{name}` is too short");
            complaints.push(Complaint::new(
                title,
                given.place.clone(),
                "must be at least a minute",
            ));
        }
        rules.set(name, value);
        set.push(name.clone());
    }
    (rules, set)
}

/// The given value as the kind that a rule has.
fn value_of(kind: Value, given: &Scalar) -> Option<Value> {
    let value = match (kind, given) {
        (Value::Span(_), Scalar::Text(text)) => Value::Span(Span::read(text).ok()?.0),
        (Value::Size(_), Scalar::Text(text)) => Value::Size(Size::read(text).ok()?.0),
        (Value::Rate(_), Scalar::Text(text)) => Value::Rate(Rate::read(text).ok()?.0),
        (Value::Spans(_), Scalar::Text(text)) => Value::Spans(Spans::read(text).ok()?.0),
        (Value::Sizes(_), Scalar::Text(text)) => Value::Sizes(Sizes::read(text).ok()?.0),
        (Value::Share(_), Scalar::Float(share)) => Value::Share(*share),
        (Value::Share(_), Scalar::Integer(share)) => Value::Share(*share as f64),
        (Value::Count(_), Scalar::Integer(count)) => Value::Count(u32::try_from(*count).ok()?),
        (Value::Switch(_), Scalar::Switch(switch)) => Value::Switch(*switch),
        (Value::Bootstrap(_), Scalar::Text(text)) => {
            let named = BootstrapRules::NAMES
                .into_iter()
                .find(|(name, _)| name == text);
            Value::Bootstrap(named?.1)
        }
        _ => return None,
    };
    Some(value)
}
