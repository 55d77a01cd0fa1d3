//! What the program says it models, and what not: every lever and every way to fail of the fact sheet is accounted for.

use smsim::run::Trouble;
use smsim::scenario::schema;
use smsim::sms::defaults::Rules;
use smsim::sms::scope::{Coverage, Item, LEFT_OUT, LEVERS, MISFORTUNES};
use smsim::sms::signs::{SIGNS, sign};
use smsim::sms::{Reason, ServerEvent};
use std::path::Path;

fn numbers(items: &[Item], letter: char) -> Vec<String> {
    let expected: Vec<String> = (1..=items.len())
        .map(|number| format!("{letter}{number}"))
        .collect();
    let found: Vec<&str> = items.iter().map(|item| item.number).collect();
    assert_eq!(found, expected, "in order, none missing, none twice");
    expected
}

#[test]
fn forty_levers_and_fifty_five_misfortunes_are_accounted_for() {
    assert_eq!(numbers(&LEVERS, 'L').len(), 40);
    assert_eq!(numbers(&MISFORTUNES, 'F').len(), 55);
}

#[test]
fn every_item_rests_on_an_article_and_says_where_or_why() {
    for item in LEVERS.iter().chain(&MISFORTUNES).chain(&LEFT_OUT) {
        assert!(item.articles.starts_with('Q'), "{item:?}");
        assert!(!item.what.is_empty() && !item.how.is_empty(), "{item:?}");
        assert!(!item.how.ends_with('.'), "{item:?}");
    }
    assert!(
        LEFT_OUT
            .iter()
            .all(|item| item.coverage == Coverage::NotModelled)
    );
}

/// Model.md claims these of the ways to fail; the rest is left out.
#[test]
fn the_misfortunes_that_shape_a_rollout_are_modelled() {
    let shape = [
        1..=13,
        17..=20,
        22..=24,
        26..=26,
        28..=31,
        34..=34,
        38..=44,
        46..=50,
        52..=53,
    ];
    for number in shape.into_iter().flatten() {
        let item = &MISFORTUNES[number - 1];
        assert_eq!(item.coverage, Coverage::Modelled, "{}", item.number);
    }
}

/// Every key and rule in backquotes exists: as a rule, or somewhere in the schema of scenarios.
#[test]
fn every_key_that_is_named_exists() {
    let schema = schema();
    let rules = Rules::default();
    for item in LEVERS.iter().chain(&MISFORTUNES) {
        for quoted in item.how.split('`').skip(1).step_by(2) {
            let path = quoted.trim_start_matches("[[").replace("]]", "");
            let path = path.split(' ').next().unwrap_or_default();
            for key in path.split('.') {
                let known = schema.contains(&format!("\"{key}\"")) || rules.get(key).is_some();
                let is_verb = ["check", "true", "reported"].contains(&key);
                assert!(known || is_verb, "{}: {quoted}", item.number);
            }
        }
    }
}

/// Every lever and every way to fail that is modelled is told by a story of the library that one can run.
#[test]
fn whatever_is_modelled_has_a_story() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kb");
    let modelled = LEVERS.iter().chain(&MISFORTUNES);
    for item in modelled.filter(|item| item.coverage == Coverage::Modelled) {
        let mut articles = item.articles.split(", ");
        let told = articles.any(|article| library.join(format!("{article}.toml")).is_file());
        assert!(told, "{}: none of {}", item.number, item.articles);
    }
}

/// Whatever is modelled shows in the results under a code of the closed lists, and has a cure; nothing else has.
#[test]
fn every_misfortune_that_is_modelled_has_its_signs_and_its_cure() {
    for item in &MISFORTUNES {
        let there = item.coverage == Coverage::Modelled;
        assert_eq!(sign(item.number).is_some(), there, "{}", item.number);
    }
    let order = |number: &str| number[1..].parse::<usize>().unwrap_or_default();
    assert!(SIGNS.is_sorted_by_key(|sign| order(sign.number)));
    for sign in SIGNS {
        let number = sign.number;
        assert!(
            !sign.codes.is_empty() || !sign.besides.is_empty(),
            "{number}"
        );
        assert!(
            !sign.cure.is_empty() && !sign.cure.ends_with('.'),
            "{number}"
        );
        for code in sign.codes {
            let known = Reason::ALL.iter().any(|reason| reason.code() == *code)
                || ServerEvent::ALL.iter().any(|event| event.code() == *code)
                || Trouble::ALL.iter().any(|trouble| trouble.name() == *code);
            assert!(known, "{number}: {code}");
        }
    }
}
