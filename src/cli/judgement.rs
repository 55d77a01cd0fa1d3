//! What is told of thresholds at the end of a run: those that were missed, with by how much.

use super::words;
use crate::plan::{Measure, Threshold};
use crate::report::Results;
use crate::study::Judged;

/// Missed thresholds worth lines of their own; all of them are in `thresholds.csv`.
const MISSED_TOLD: usize = 5;

/// Lines about the plan's thresholds, the missed ones first; none if it has none.
pub(super) fn lines(results: &Results<'_>) -> Vec<String> {
    let thresholds = &results.plan.thresholds;
    let judged = results.study.judged(thresholds);
    let missed: Vec<(&Threshold, &Judged)> = thresholds
        .iter()
        .zip(&judged)
        .filter(|(_, judged)| !judged.passed)
        .collect();
    let all = words::count(thresholds.len() as u64, "threshold");
    match (thresholds.len(), missed.len()) {
        (0, _) => return Vec::new(),
        (1, 0) => return vec!["Thresholds the only one is met".to_owned()],
        (_, 0) => return vec![format!("Thresholds all {} are met", thresholds.len())],
        _ => {}
    }
    let mut lines = vec![format!("Missed     {} of {all}", missed.len())];
    for (threshold, judged) in missed.iter().take(MISSED_TOLD) {
        lines.push(format!("           {}", called(results, threshold)));
        lines.push(format!("             {}", told(threshold, judged)));
    }
    if let Some(more) = missed.len().checked_sub(MISSED_TOLD).filter(|it| *it > 0) {
        lines.push(format!("           and {more} more: see thresholds.csv"));
    }
    lines
}

/// How well the plan wants something to be known, and how well it is.
pub(super) fn precision(results: &Results<'_>) -> Option<String> {
    let until = results.plan.study.until.as_ref()?;
    let half_width = results.study.half_width(until);
    let known = match half_width {
        Some(half) => format!("known to +/- {}", quantity(until.measure, half)),
        None => "no interval yet".to_owned(),
    };
    let after = words::count(u64::from(results.study.count()), "replication");
    let enough = match until.holds(half_width) {
        true => "",
        false => ", which is not enough",
    };
    Some(format!(
        "Precision  {}\n           {known} after {after}{enough}",
        until.that
    ))
}

/// A threshold with its site and its name.
fn called(results: &Results<'_>, threshold: &Threshold) -> String {
    let mut text = threshold.that.clone();
    if let Some(site) = threshold.site {
        text.push_str(&format!(", at {}", results.plan.sites[site.index()].code));
    }
    if threshold.name != threshold.that {
        text = format!("{}: {text}", threshold.name);
    }
    text
}

/// What was found, how far off that is, and in how many replications.
fn told(threshold: &Threshold, judged: &Judged) -> String {
    let mut text = match (judged.actual, judged.margin) {
        (Some(actual), Some(margin)) => {
            let found = quantity(threshold.measure, actual);
            let off = quantity(threshold.measure, margin.abs());
            match (margin < 0.0, threshold.relation.wants_more()) {
                (true, true) => format!("{found}, {off} short"),
                (true, false) => format!("{found}, {off} too much"),
                (false, _) if margin == 0.0 => format!("{found}, just at the limit"),
                (false, _) => format!("{found}, which is within"),
            }
        }
        _ => "not within the run".to_owned(),
    };
    if judged.replications > 1 {
        let wanted = match threshold.at_least {
            1.0 => "all".to_owned(),
            share => words::percent(share),
        };
        let Judged {
            met, replications, ..
        } = judged;
        text.push_str(&format!(
            "; met in {met} of {replications} replications, {wanted} wanted"
        ));
    }
    text
}

/// A value of a measure with its unit.
pub(super) fn quantity(measure: Measure, value: f64) -> String {
    match measure {
        Measure::HoursTo { .. } => words::hours(value),
        Measure::MixedHours => format!("{} h", words::mean(value)),
        Measure::ShareAtEnd(_) | Measure::BusiestHourShare(_) => words::percent(value),
        Measure::BusiestHour(_) => words::bytes(value),
        _ => words::mean(value),
    }
}
