//! The check of a parsed scenario against its schema: keys, types, ranges and notations, all complaints at once.

use super::complaint::Complaint;
use super::notation;
use super::placed::{LOCAL_DATE, LOCAL_TIME, local_date, local_time};
use super::source::Place;
use super::suggest::{listed, nearest};
use super::tree::Value;
use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

/// Checks a value against a schema; `place` is where to point for what is missing, `name` what the value is called.
pub fn check(
    value: &Value<'_>,
    schema: &Json,
    name: &str,
    place: &Place,
    complaints: &mut Vec<Complaint>,
) {
    let schema = branch(value.get_ref(), schema);
    match (schema.get("type").and_then(Json::as_str), value.get_ref()) {
        (None, _) if schema.get("oneOf").is_some() => check_text(value, schema, name, complaints),
        (None, _) => {}
        (Some("object"), DeValue::Table(table)) => {
            check_table(table, schema, name, place, complaints);
        }
        (Some("array"), DeValue::Array(items)) => {
            let Some(of) = schema.get("items") else {
                return;
            };
            for item in items.iter() {
                check(item, of, name, &item.span(), complaints);
            }
        }
        (Some("boolean"), DeValue::Boolean(_)) => {}
        (Some("integer"), DeValue::Integer(_)) => check_number(value, schema, name, complaints),
        (Some("number"), DeValue::Integer(_) | DeValue::Float(_)) => {
            check_number(value, schema, name, complaints);
        }
        (Some("string"), _) => check_text(value, schema, name, complaints),
        _ => complaints.push(wrong_type(value, schema, name)),
    }
}

/// The branch of a choice that a value of this type can mean.
pub fn branch<'s>(value: &DeValue<'_>, schema: &'s Json) -> &'s Json {
    let Some(choices) = schema.get("anyOf").and_then(Json::as_array) else {
        return schema;
    };
    let wanted = match value {
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
        _ => "string",
    };
    let fits = |choice: &&Json| {
        let kind = choice.get("type").and_then(Json::as_str);
        kind.unwrap_or("string") == wanted
    };
    choices.iter().find(fits).unwrap_or(schema)
}

fn check_table(
    table: &DeTable<'_>,
    schema: &Json,
    name: &str,
    place: &Place,
    complaints: &mut Vec<Complaint>,
) {
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
        return;
    };
    let required = schema.get("required").and_then(Json::as_array);
    for key in required.into_iter().flatten().filter_map(Json::as_str) {
        if table.contains_key(key) {
            continue;
        }
        let title = match name {
            "" => format!("the table `[{key}]` is missing"),
            _ => format!("`{key}` is missing in `{name}`"),
        };
        let complaint = Complaint::new(title, place.clone(), format!("needs `{key}`"));
        complaints.push(complaint.help(meaning(key, &properties[key])));
    }
    for (key, value) in table {
        match properties.get(key.get_ref().as_ref()) {
            Some(schema) => {
                let place = if value.get_ref().is_table() {
                    key.span()
                } else {
                    value.span()
                };
                check(value, schema, key.get_ref(), &place, complaints);
            }
            None => {
                let known: Vec<&str> = properties.keys().map(String::as_str).collect();
                complaints.push(unknown_key(key.get_ref(), key.span(), name, &known));
            }
        }
    }
}

fn unknown_key(key: &str, place: Place, table: &str, known: &[&str]) -> Complaint {
    let owner = match table {
        "" => "a scenario".to_owned(),
        table => format!("`{table}`"),
    };
    let label = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "not known here".to_owned(),
    };
    let complaint = Complaint::new(format!("{owner} has no key `{key}`"), place, label);
    match known {
        [] => complaint,
        _ if table == "rules" => {
            complaint.help("`smsim assumptions` lists all rules with their defaults and sources")
        }
        known => complaint.help(format!(
            "what could stand here: {}",
            listed(known.iter().copied())
        )),
    }
}

/// What a key is for, from its description.
fn meaning(key: &str, schema: &Json) -> String {
    let description = schema
        .get("description")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let description = description.replace('\n', " ");
    match example(schema) {
        Some(example) => format!("`{key} = {example}`: {description}"),
        None => format!("`{key}`: {description}"),
    }
}

fn example(schema: &Json) -> Option<String> {
    match schema.get("format").and_then(Json::as_str) {
        Some(LOCAL_TIME) => return Some("2000-06-19 00:00:00".to_owned()),
        Some(LOCAL_DATE) => return Some("2000-07-04".to_owned()),
        _ => {}
    }
    let written = schema.get("examples")?.get(0)?;
    Some(written.to_string())
}

/// Checks what is written as text: a notation, one of several names, or any text.
fn check_text(value: &Value<'_>, schema: &Json, name: &str, complaints: &mut Vec<Complaint>) {
    let format = schema
        .get("format")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if [LOCAL_TIME, LOCAL_DATE].contains(&format) {
        complaints.extend(wrong_date(value, format, name));
        return;
    }
    let Some(text) = value.get_ref().as_str() else {
        complaints.push(wrong_type(value, schema, name));
        return;
    };
    if let Some(check) = notation::check_of(format) {
        if let Err(misread) = check(text) {
            let complaint = Complaint::new(misread.title, value.span(), misread.label);
            complaints.push(complaint.help(misread.help));
        }
        return;
    }
    if schema.get("minLength").is_some() && text.trim().is_empty() {
        complaints.push(Complaint::new(
            format!("`{name}` is empty"),
            value.span(),
            "needs a name",
        ));
        return;
    }
    let names = names(schema);
    if names.is_empty() || names.contains(&text) {
        return;
    }
    let label = match nearest(text, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "not one of the choices".to_owned(),
    };
    let title = format!("`{name}` cannot be `{text}`");
    let help = format!("choose from {}", listed(names.iter().copied()));
    complaints.push(Complaint::new(title, value.span(), label).help(help));
}

/// The names that a schema lists, with or without a description of each.
fn names(schema: &Json) -> Vec<&str> {
    let listed = schema
        .get("enum")
        .and_then(Json::as_array)
        .into_iter()
        .flatten();
    let described = schema
        .get("oneOf")
        .and_then(Json::as_array)
        .into_iter()
        .flatten();
    let named = |choice: &'_ Json| choice.get("const").is_some();
    let constants = described
        .clone()
        .filter(|choice| named(choice))
        .filter_map(|choice| choice.get("const"));
    let within = described
        .filter_map(|choice| choice.get("enum").and_then(Json::as_array))
        .flatten();
    listed
        .chain(constants)
        .chain(within)
        .filter_map(Json::as_str)
        .collect()
}

fn wrong_date(value: &Value<'_>, format: &str, name: &str) -> Option<Complaint> {
    let moment = value.get_ref().as_datetime();
    let (fits, what, example) = match format {
        LOCAL_DATE => (moment.and_then(local_date).is_some(), "date", "2000-07-04"),
        _ => (
            moment.and_then(local_time).is_some(),
            "local date and time",
            "2000-06-23 18:00:00",
        ),
    };
    if fits {
        return None;
    }
    let label = match (value.get_ref(), moment) {
        (DeValue::String(_), _) => "a text: write it without quotes".to_owned(),
        (_, Some(moment)) if moment.offset.is_some() => {
            "times here are local, without an offset".to_owned()
        }
        (_, Some(moment)) if moment.date.is_none() => "the date is missing".to_owned(),
        (_, Some(_)) if format == LOCAL_DATE => "has a time as well".to_owned(),
        (_, Some(_)) => "not in the calendar".to_owned(),
        (other, None) => format!("found {}", kind(other)),
    };
    let complaint = Complaint::new(format!("`{name}` must be a {what}"), value.span(), label);
    Some(complaint.help(format!("write it as `{example}`")))
}

/// Checks a number's range.
fn check_number(value: &Value<'_>, schema: &Json, name: &str, complaints: &mut Vec<Complaint>) {
    let number = match value.get_ref() {
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .map(|whole| whole as f64)
            .ok(),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    };
    let bound = |key: &str| schema.get(key).and_then(Json::as_f64);
    let widest = match schema.get("format").and_then(Json::as_str) {
        Some("uint8") => f64::from(u8::MAX),
        Some("uint32") => f64::from(u32::MAX),
        _ => i64::MAX as f64,
    };
    let least = bound("minimum").unwrap_or(-widest);
    let most = bound("maximum").unwrap_or(widest).min(widest);
    if number.is_some_and(|number| least <= number && number <= most) {
        return;
    }
    let label = match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) if most < 1e15 => format!("must be from {least} to {most}"),
        (Some(least), _) if number.is_some_and(|number| number < least) => {
            format!("must be at least {least}")
        }
        _ => "too large".to_owned(),
    };
    let complaint = Complaint::new(format!("`{name}` is out of range"), value.span(), label);
    let is_share = bound("maximum") == Some(1.0);
    complaints.push(match number {
        Some(percent) if is_share && (1.0..=100.0).contains(&percent) => {
            complaint.help(format!("{percent} % is written as {}", percent / 100.0))
        }
        _ => complaint,
    });
}

fn wrong_type(value: &Value<'_>, schema: &Json, name: &str) -> Complaint {
    let found = kind(value.get_ref());
    let place = match value.get_ref() {
        // A whole table is too much to point at: its first byte will do.
        DeValue::Table(_) => value.span().start..value.span().start + 1,
        _ => value.span(),
    };
    let title = format!("`{name}` must be {}", expected(schema));
    let complaint = Complaint::new(title, place, format!("found {found}"));
    let kind = schema
        .get("type")
        .and_then(Json::as_str)
        .unwrap_or_default();
    match (kind, value.get_ref()) {
        ("number", DeValue::String(text)) if text.ends_with('%') => {
            return complaint.help("write a share as a number from 0 to 1: 2 % is `0.02`");
        }
        ("integer" | "number" | "boolean", DeValue::String(_)) => {
            return complaint.help("write it without quotes");
        }
        ("array", DeValue::String(text)) => {
            return complaint.help(format!("write it in brackets: `{name} = [\"{text}\"]`"));
        }
        _ => {}
    }
    match example(schema) {
        Some(example) => complaint.help(format!("write it as `{name} = {example}`")),
        None => complaint,
    }
}

/// What a schema expects, in words.
fn expected(schema: &Json) -> String {
    if let Some(choices) = schema.get("anyOf").and_then(Json::as_array) {
        return choices
            .iter()
            .map(expected)
            .collect::<Vec<_>>()
            .join(" or ");
    }
    match schema.get("type").and_then(Json::as_str) {
        Some("object") => "a table",
        Some("array") => "a list",
        Some("boolean") => "`true` or `false`",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        _ => "a text in quotes",
    }
    .to_owned()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
