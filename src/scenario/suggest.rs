//! Guesses at what a misspelt name was meant to be.

/// How alike two names must be to be taken for each other, 0 to 1.
const ALIKE: f64 = 0.75;

/// The candidate most like `name`, if any is like it.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let likeness = |candidate: &str| strsim::jaro_winkler(&lower, &candidate.to_lowercase());
    let mut best: Option<(&str, f64)> = None;
    for candidate in candidates {
        let alike = likeness(candidate);
        if alike >= ALIKE && best.is_none_or(|(_, most)| alike > most) {
            best = Some((candidate, alike));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// A label that offers the nearest name, or says that nothing is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, candidates) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "not known".to_owned(),
    }
}

/// Names in a sentence: the first few, and how many more there are.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 16;
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        assert_eq!(
            nearest("bandwith", ["boundary", "bandwidth"]),
            Some("bandwidth")
        );
        assert_eq!(nearest("Hq1", ["EU1", "HQ1"]), Some("HQ1"));
        assert_eq!(nearest("zzz", ["EU1", "HQ1"]), None);
    }
}
