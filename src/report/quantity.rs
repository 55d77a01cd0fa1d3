//! Values of the model's defaults as a scenario writes them.

use crate::engine::Distribution;
use crate::sms::defaults::{BootstrapRules, Value};

/// A value with its unit.
pub fn value(value: Value) -> String {
    match value {
        Value::Span(seconds) => span(i64::from(seconds)),
        Value::Size(bytes) => size(bytes as i64),
        Value::Rate(bits) => rate(bits),
        Value::Share(share) => share.to_string(),
        Value::Count(number) => number.to_string(),
        Value::Switch(on) => on.to_string(),
        Value::Spans(spans) => distribution(&spans, span),
        Value::Sizes(sizes) => distribution(&sizes, size),
        Value::Bootstrap(rules) => {
            let named = BootstrapRules::NAMES.iter().find(|(_, it)| *it == rules);
            named.map_or("", |(name, _)| name).to_owned()
        }
    }
}

/// A span in the largest unit that leaves a whole number.
pub fn span(seconds: i64) -> String {
    let units = [
        (86_400, if seconds == 86_400 { "day" } else { "days" }),
        (3_600, "h"),
        (60, "min"),
    ];
    let whole = units
        .into_iter()
        .find(|(unit, _)| seconds != 0 && seconds % unit == 0);
    let (unit, name) = whole.unwrap_or((1, "s"));
    format!("{} {name}", seconds / unit)
}

fn size(bytes: i64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match units
        .into_iter()
        .find(|(unit, _)| bytes >= *unit && bytes % (unit / 1_000) == 0)
    {
        Some((unit, name)) => format!("{} {name}", bytes as f64 / unit as f64),
        None => format!("{bytes} B"),
    }
}

fn rate(bits: u64) -> String {
    let units = [
        (1_000_000_000, "Gbit/s"),
        (1_000_000, "Mbit/s"),
        (1_000, "kbit/s"),
    ];
    match units
        .into_iter()
        .find(|(unit, _)| bits >= *unit && bits.is_multiple_of(unit / 1_000))
    {
        Some((unit, name)) => format!("{} {name}", bits as f64 / unit as f64),
        None => format!("{bits} bit/s"),
    }
}

fn distribution(distribution: &Distribution, one: fn(i64) -> String) -> String {
    let call = |family: &str, values: &[i64]| {
        let values: Vec<String> = values.iter().map(|value| one(*value)).collect();
        format!("{family}({})", values.join(", "))
    };
    match *distribution {
        Distribution::Constant(value) => one(value),
        Distribution::Uniform(low, high) => call("uniform", &[low, high]),
        Distribution::Triangular(low, mode, high) => call("triangular", &[low, mode, high]),
        Distribution::Normal(mean, deviation) => call("normal", &[mean, deviation]),
        Distribution::Exponential(mean) => call("exponential", &[mean]),
        Distribution::LogNormal(median, p95) => call("lognormal", &[median, p95]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_in_a_scenario() {
        for (given, text) in [
            (Value::Span(82_800), "23 h"),
            (Value::Span(86_400), "1 day"),
            (Value::Span(0), "0 s"),
            (Value::Span(90), "90 s"),
            (Value::Size(3_380_000), "3.38 MB"),
            (Value::Size(640_000), "640 KB"),
            (Value::Size(0), "0 B"),
            (Value::Rate(40_000), "40 kbit/s"),
            (Value::Rate(10_000_000), "10 Mbit/s"),
            (Value::Share(0.05), "0.05"),
            (Value::Switch(true), "true"),
            (Value::Bootstrap(BootstrapRules::AsShipped), "as-shipped"),
            (
                Value::Spans(Distribution::Uniform(2_700, 5_400)),
                "uniform(45 min, 90 min)",
            ),
            (Value::Sizes(Distribution::Constant(24_000_000)), "24 MB"),
        ] {
            assert_eq!(value(given), text);
        }
    }
}
