//! Damaged scenarios: whatever happens to the text, it is read or complained of, and nothing panics.

use super::{Complaints, Loaded, parse};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const TEXTS: [&str; 4] = [
    include_str!("../../scenarios/quickstart.toml"),
    include_str!("../../scenarios/seed-article.toml"),
    include_str!("../../scenarios/three-tier.toml"),
    include_str!("../../tests/suite/diagnostics/links-and-scripts.toml"),
];

/// What is put in the place of a word.
const ODD: [&str; 32] = [
    "",
    "-1",
    "0",
    "1",
    "nan",
    "inf",
    "1e300",
    "99999999999999999999",
    "4294967295",
    "true",
    "\"\"",
    "\"ß€\"",
    "[]",
    "{}",
    "[[",
    "]]",
    "=",
    "\n",
    "'",
    "2000-01-01",
    "9999-12-31 23:59:59",
    "0000-01-01",
    "\"none\"",
    "\"all\"",
    "\"lognormal(1s, 99 years)\"",
    "\"uniform(0s, 0s)\"",
    "\"0.0.0.0/0\"",
    "\"255.255.255.255/32\"",
    "\"###\"",
    "\"below HQ1\"",
    "\"2.00.9999.9999\"",
    "\"47:59\"",
];

/// Loads a text as if it were a file, with one argument and an inventory of the same text.
fn read(text: &str, set: &str) -> Result<Loaded, Complaints> {
    let sources = BTreeMap::from([
        (PathBuf::from("scenario.toml"), text.to_owned()),
        (PathBuf::from("pcs.csv"), text.to_owned()),
    ]);
    parse(
        &sources,
        Path::new("scenario.toml"),
        &[set.to_owned()],
        None,
        None,
    )
}

/// The nth word of a text, as bytes from and to.
fn word(text: &str, number: usize) -> (usize, usize) {
    let ends = |c: char| c.is_whitespace() || ",[]{}=".contains(c);
    let mut words = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if ends(c) {
            if from < at {
                words.push((from, at));
            }
            from = at + c.len_utf8();
        }
    }
    words
        .get(number % words.len().max(1))
        .copied()
        .unwrap_or((0, 0))
}

/// The text with some words replaced, then one stretch cut out.
fn damaged(text: &str, replaced: &[(usize, usize)], cut: Option<(usize, usize)>) -> String {
    let mut text = text.to_owned();
    for (number, odd) in replaced {
        let (from, to) = word(&text, *number);
        text.replace_range(from..to, ODD[odd % ODD.len()]);
    }
    if let Some((from, length)) = cut {
        let kept: Vec<char> = text.chars().collect();
        let from = from % kept.len().max(1);
        let to = (from + length).min(kept.len());
        text = kept[..from].iter().chain(&kept[to..]).collect();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn nothing_panics_on_damaged_text(
        text in 0..TEXTS.len(),
        replaced in prop::collection::vec((any::<usize>(), any::<usize>()), 0..4),
        cut in prop::option::weighted(0.3, (any::<usize>(), 1_usize..60)),
        set in (any::<usize>(), any::<usize>()),
    ) {
        let text = damaged(TEXTS[text], &replaced, cut);
        let set = damaged("clients.desktops.inventory=pcs.csv", &[set], None);
        match read(&text, &set) {
            Ok(loaded) => prop_assert!(!loaded.plan.sites.is_empty()),
            Err(complaints) => prop_assert!(!complaints.render(false).is_empty()),
        }
    }

    #[test]
    fn a_plan_keeps_its_promises(replaced in prop::collection::vec((any::<usize>(), any::<usize>()), 1..3)) {
        let text = damaged(TEXTS[0], &replaced, None);
        let sources = BTreeMap::from([(PathBuf::from("scenario.toml"), text)]);
        if let Ok(loaded) = parse(&sources, Path::new("scenario.toml"), &[], None, None) {
            let plan = loaded.plan;
            prop_assert!(plan.contents.is_sorted_by_key(|content| content.base));
            prop_assert!(plan.habits.iter().all(|habits| habits.always_on || habits.days_are_apart()));
            prop_assert!(plan.rollout.iter().all(|upgrade| (plan.clock.start..plan.clock.end).contains(&upgrade.at)));
            prop_assert!(plan.sites.iter().all(|site| !site.caps.is_empty()));
            prop_assert!(plan.domains.iter().all(|domain| !domain.sites.is_empty()));
        }
    }
}
