//! The JSON Schema of the scenario format, from the typed file and the list of assumptions.

use super::file::{ScenarioFile, TablesFile};
use super::merge::{EXTENDS, REMOVE};
use super::notation::{Bandwidth, Notation, Rate, Size, Sizes, Span, Spans};
use super::tables::TABLES;
use super::tree::SET;
use crate::sms::defaults::{Assumption, BootstrapRules, Value, assumptions};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;

/// The schema, made once.
pub static SCHEMA: LazyLock<Json> = LazyLock::new(made);

fn made() -> Json {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let of = |schema: schemars::Schema| {
        let mut schema = schema.to_value();
        without_null(&mut schema);
        schema
    };
    let mut schema = of(settings
        .clone()
        .into_generator()
        .into_root_schema_for::<ScenarioFile>());
    let mut tables = of(settings
        .into_generator()
        .into_root_schema_for::<TablesFile>());
    if let Some(tables) = tables.as_object_mut() {
        tables.remove("$schema");
        tables.remove("title");
    }
    if let Some(rules) = schema.pointer_mut("/properties/rules") {
        let description = rules.get("description").cloned();
        *rules = rules_schema();
        if let (Some(rules), Some(description)) = (rules.as_object_mut(), description) {
            rules.insert("description".to_owned(), description);
        }
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        properties.extend(merging_keys());
        properties.insert(TABLES.to_owned(), tables);
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), json!("smsim scenario"));
    }
    schema
}

/// The keys that are used up when texts are merged, and so have no place in the typed file.
fn merging_keys() -> [(String, Json); 3] {
    let extends = json!({
        "type": "string",
        "description": "Another scenario, by a path relative to this file: this one says only what differs."
    });
    let remove = json!({
        "type": "array",
        "items": { "type": "string" },
        "description": "What to take away from the scenario that is extended, as in `site.EU1` or `rules.ccim_cycle`."
    });
    let set = json!({
        "type": "array",
        "items": { "type": "string" },
        "description": "Values to set once everything else is laid over what is extended, as in `rules.ccim_cycle=12h`."
    });
    [
        (EXTENDS.to_owned(), extends),
        (REMOVE.to_owned(), remove),
        (SET.to_owned(), set),
    ]
}

/// TOML has no null: what is optional is left out.
fn without_null(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            if let Some(Json::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type") != Some(&json!("null")));
                if let [only] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    fold_into(object, only);
                }
            }
            if object.get("default").is_some_and(|default| {
                default.is_null() || default.is_array() || default.is_object()
            }) {
                object.remove("default");
            }
            object.values_mut().for_each(without_null);
        }
        Json::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// Adds the keys of `inner` that `object` does not have.
fn fold_into(object: &mut Map<String, Json>, inner: Json) {
    let Json::Object(inner) = inner else { return };
    for (key, value) in inner {
        object.entry(key).or_insert(value);
    }
}

/// The `[rules]` table: one key per assumption.
fn rules_schema() -> Json {
    let properties: Map<String, Json> = assumptions()
        .iter()
        .map(|rule| (rule.name.to_owned(), rule_schema(rule)))
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn rule_schema(rule: &Assumption) -> Json {
    let mut schema = match rule.value {
        Value::Span(_) => text::<Span>(),
        Value::Size(_) => text::<Size>(),
        Value::Rate(_) if may_be_zero(rule.name) => text::<Rate>(),
        Value::Rate(_) => text::<Bandwidth>(),
        Value::Spans(_) => text::<Spans>(),
        Value::Sizes(_) => text::<Sizes>(),
        Value::Share(_) => json!({ "type": "number", "minimum": 0.0, "maximum": 1.0 }),
        Value::Count(_) => json!({ "type": "integer", "format": "uint32", "minimum": 1 }),
        Value::Switch(_) => json!({ "type": "boolean" }),
        Value::Bootstrap(_) => {
            json!({ "type": "string", "enum": BootstrapRules::NAMES.map(|(name, _)| name) })
        }
    };
    if let Some(schema) = schema.as_object_mut() {
        let description = format!(
            "{} Source: {} ({}).",
            rule.meaning,
            rule.source,
            rule.confidence.name()
        );
        schema.insert("description".to_owned(), json!(description));
    }
    schema
}

/// Whether a rate of 0 has a meaning: the slow-link threshold then tests for dial-up only (Q224388).
fn may_be_zero(rule: &str) -> bool {
    rule == "slownet_threshold"
}

fn text<N: Notation>() -> Json {
    json!({ "type": "string", "format": N::FORMAT, "examples": N::EXAMPLES })
}

/// The schema as text, for editors.
#[must_use]
pub fn schema() -> String {
    format!("{:#}\n", *SCHEMA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_every_table_is_described() {
        let rules = SCHEMA.pointer("/properties/rules/properties").unwrap();
        for rule in assumptions() {
            let described = rules[rule.name]["description"].as_str().unwrap();
            assert!(described.contains(rule.source), "{}", rule.name);
        }
        let tables = SCHEMA["properties"].as_object().unwrap();
        assert!(
            tables
                .values()
                .all(|table| table["description"].is_string())
        );
        assert!(
            ["scenario", "extends", "remove", "template"]
                .iter()
                .all(|name| tables.contains_key(*name))
        );
    }

    #[test]
    fn nothing_may_be_null_and_every_notation_can_be_checked() {
        let text = schema();
        assert!(!text.contains("\"null\""));
        for format in text
            .split("\"format\": \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let local = format == "smsim-local-time" || format == "smsim-local-date";
            let number = ["uint8", "uint32", "uint64", "double"].contains(&format);
            assert!(
                local || number || super::super::notation::check_of(format).is_some(),
                "{format}"
            );
        }
    }
}
