//! The page around the data: one file, whose policy lets nothing in and nothing out.

use serde::Serialize;
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("page.html");
const STYLES: [&str; 2] = [
    include_str!("vendor/uplot.min.css"),
    include_str!("page.css"),
];
/// In this order; each file knows those before it.
const SCRIPTS: [&str; 8] = [
    include_str!("vendor/uplot.min.js"),
    include_str!("js/base.js"),
    include_str!("js/chart.js"),
    include_str!("js/heat.js"),
    include_str!("js/tree.js"),
    include_str!("js/run.js"),
    include_str!("js/compare.js"),
    include_str!("js/main.js"),
];
const LICENSE: &str = include_str!("vendor/uplot.LICENSE");

/// A page titled `title`, which shows `data`.
pub(super) fn page(title: &str, data: &impl Serialize) -> String {
    let style = STYLES.join("\n");
    let script = format!("'use strict';\n{}", SCRIPTS.join("\n"));
    let values = [
        ("title", escaped(title)),
        ("license", LICENSE.replace("--", "- -")),
        ("style-hash", hash(&style)),
        ("script-hash", hash(&script)),
        ("style", style),
        ("data", island(data)),
        ("script", script),
    ];
    filled(PAGE, &values)
}

/// The template with `{{name}}` replaced by the value of that name. What a value holds is not looked at again.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut page = String::with_capacity(values.iter().map(|(_, it)| it.len()).sum());
    let mut parts = template.split("{{");
    page.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        let value = values.iter().find(|(it, _)| *it == name);
        debug_assert!(value.is_some(), "the template asks for {name}");
        page.push_str(value.map_or("", |(_, value)| value));
        page.push_str(rest);
    }
    page
}

/// Text between tags.
fn escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        letter => letter.to_string(),
    };
    text.chars().map(escape).collect()
}

/// Data as JSON that no text in it can end or change: what HTML could take for markup is written as its number.
fn island(data: &impl Serialize) -> String {
    // Data of this program has text keys and plain values only, which always can be written.
    let json = serde_json::to_string(data).unwrap_or_else(|error| unreachable!("{error}"));
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => safe.push(letter),
        }
    }
    safe
}

/// A hash as the policy of a page names it: SHA-256 in Base64.
fn hash(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::from("sha256-");
    for group in Sha256::digest(text).chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(match place <= group.len() {
                true => char::from(letter),
                false => '=',
            });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_the_island() {
        let nasty = "</script><!--<script>&\u{2028}\"\\";
        let island = island(&nasty);
        assert!(!island.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<String>(&island).unwrap(), nasty);
        assert_eq!(escaped("<b>&"), "&lt;b&gt;&amp;");
    }

    #[test]
    fn values_are_put_in_once() {
        let values = [("a", "{{b}}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(filled("1 {{a}} 2 {{b}}", &values), "1 {{b}} 2 x");
    }

    #[test]
    fn a_hash_is_the_known_one() {
        assert_eq!(
            hash(""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }
}
