//! A variant of a scenario, as the command line writes it.

use crate::cli::Failure;

/// The name of a variant, and the values it sets. Without a name it is called by its values.
pub(super) fn variant_of(text: &str) -> Result<(String, Vec<String>), Failure> {
    let wrong = |what: &str| {
        let help = "write a variant as 'name: path=value', with `;` between several values";
        Failure::Usage(format!("--variant {text:?} {what}: {help}"))
    };
    let named = text.split_once(':');
    let named = named.filter(|(name, _)| !name.contains('='));
    let (name, rest) = named.unwrap_or((text, text));
    let mut sets = vec![String::new()];
    let mut quoted = false;
    for c in rest.chars() {
        quoted ^= c == '"';
        match (c, sets.last_mut()) {
            (';', _) if !quoted => sets.push(String::new()),
            (c, Some(last)) => last.push(c),
            _ => {}
        }
    }
    let sets: Vec<String> = sets
        .iter()
        .map(|set| set.trim().to_owned())
        .filter(|set| !set.is_empty())
        .collect();
    match (name.trim(), sets.as_slice()) {
        ("", _) => Err(wrong("has no name")),
        (_, []) => Err(wrong("sets nothing")),
        (name, _) => Ok((name.to_owned(), sets)),
    }
}
