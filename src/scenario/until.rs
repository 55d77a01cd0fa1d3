//! When there are enough replications, in plain words: `half-width of p50 of hours to 95% converged < 2h`.
//!
//! How well something has to be known, of which statistic, of which measure; the measure and the limit are those of
//! thresholds.

use super::threshold::{SaidMeasure, Unclear, read_limit};
use crate::plan::{Percentile, Relation, Statistic};

/// What is said.
#[derive(Clone, Debug, PartialEq)]
pub struct SaidUntil {
    /// What has to be known.
    pub statistic: Statistic,
    /// Of what.
    pub measure: SaidMeasure,
    /// How well, in the unit of the measure.
    pub half_width: f64,
    /// Whether it may be equal.
    pub or_equal: bool,
}

const HELP: &str = "write it as `half-width of p50 of hours to 95% converged < 2h`, or `half-width of mean of mixed \
clients < 5`";

/// Reads when there are enough replications.
pub fn read(text: &str) -> Result<SaidUntil, Unclear> {
    let words: Vec<(usize, &str)> = words(text);
    let unclear = |at: std::ops::Range<usize>, label: &str| Unclear {
        at,
        label: label.to_owned(),
        help: HELP.to_owned(),
    };
    let word = |number: usize| words.get(number).copied();
    let place = |number: usize| match word(number) {
        Some((at, word)) => at..at + word.len(),
        None => 0..text.len(),
    };
    let is = |number: usize, expected: &str| {
        word(number).is_some_and(|(_, word)| word.eq_ignore_ascii_case(expected))
    };
    if !is(0, "half-width") {
        return Err(unclear(place(0), "expected `half-width` first"));
    }
    if !is(1, "of") {
        return Err(unclear(place(1), "expected `of` here"));
    }
    let Some((_, name)) = word(2) else {
        return Err(unclear(0..text.len(), "what has to be known is missing"));
    };
    let statistic = statistic(name).ok_or_else(|| {
        let label = "expected a percentile such as `p50` or `p97.5`, `median` or `mean`";
        unclear(place(2), label)
    })?;
    if !is(3, "of") {
        return Err(unclear(place(3), "expected `of` and a measure"));
    }
    let rest = word(3).map_or(text.len(), |(at, word)| at + word.len());
    let shifted = |at: std::ops::Range<usize>| at.start + rest..at.end + rest;
    let mut said = read_limit(&text[rest..]).map_err(|wrong| Unclear {
        at: shifted(wrong.at),
        ..wrong
    })?;
    if let SaidMeasure::BusiestHour {
        cap: Some((_, at)), ..
    } = &mut said.measure
    {
        *at = shifted(at.clone());
    }
    let or_equal = match said.relation {
        Relation::Below => false,
        Relation::AtMost => true,
        Relation::Above | Relation::AtLeast => {
            let label = "a half-width has to be below something: write `<`";
            return Err(unclear(rest..text.len(), label));
        }
    };
    Ok(SaidUntil {
        statistic,
        measure: said.measure,
        half_width: said.limit,
        or_equal,
    })
}

fn statistic(name: &str) -> Option<Statistic> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "mean" => Some(Statistic::Mean),
        "median" => Some(Statistic::Percentile(Percentile::MEDIAN)),
        other => percentile(other.strip_prefix('p')?.parse().ok()?).map(Statistic::Percentile),
    }
}

/// A percentile from 0 to 100 with at most one decimal.
pub fn percentile(percent: f64) -> Option<Percentile> {
    let tenths = percent * 10.0;
    let whole = tenths.round();
    let fits = (0.0..=f64::from(Percentile::LAST.0)).contains(&whole);
    (fits && (tenths - whole).abs() < 1e-9).then_some(Percentile(whole as u16))
}

/// Words with where they begin.
fn words(text: &str) -> Vec<(usize, &str)> {
    let begins = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let words = text.split_whitespace();
    words.map(|word| (begins(word), word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Curve, Measure};

    #[test]
    fn what_is_said_is_understood() {
        let said = read("half-width of p50 of hours to 95% converged < 2h").unwrap();
        let measure = Measure::HoursTo {
            basis_points: 9_500,
            curve: Curve::Converged,
        };
        assert_eq!(said.measure, SaidMeasure::Plain(measure));
        assert_eq!(said.statistic, Statistic::Percentile(Percentile::MEDIAN));
        assert_eq!((said.half_width, said.or_equal), (2.0, false));
        let said = read("Half-width of mean of share converged at end <= 1%").unwrap();
        assert_eq!((said.statistic, said.half_width), (Statistic::Mean, 0.01));
        assert!(said.or_equal);
        let said = read("half-width of p97.5 of days to 50% reported < 1").unwrap();
        assert_eq!(said.statistic, Statistic::Percentile(Percentile(975)));
        assert_eq!(said.half_width, 24.0);
    }

    #[test]
    fn what_is_not_is_told_with_its_place() {
        for (text, there) in [
            ("p50 of hours to 95% converged < 2h", "p50"),
            ("half-width p50 of restarts asked < 2", "p50"),
            ("half-width of p101 of restarts asked < 2", "p101"),
            ("half-width of p9.55 of restarts asked < 2", "p9.55"),
            ("half-width of average of restarts asked < 2", "average"),
            ("half-width of p50 hours to 95% converged < 2h", "hours"),
            (
                "half-width of p50 of hours to 95% convergd < 2h",
                "convergd",
            ),
            ("half-width of mean of restarts asked < 1,000", "1,000"),
            ("half-width of mean of restarts asked", "asked"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(&text[wrong.at.clone()], there, "{text}: {}", wrong.label);
        }
        assert!(read("half-width of mean of restarts asked > 2").is_err());
        assert!(read("half-width").is_err() && read("").is_err());
        assert!(read("half-width of mean of restarts asked < 0").is_err());
    }
}
