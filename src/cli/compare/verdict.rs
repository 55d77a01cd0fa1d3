//! A comparison in sentences that can be pasted into a mail.

use crate::cli::judgement::quantity;
use crate::plan::{Curve, Measure};
use crate::study::comparison::{Line, Verdict};
use crate::study::statistics::MeanInterval;

/// What is to be said of the plan called `name`, held against A.
pub(super) fn paragraphs(name: &str, first: &[Line], other: &[Line]) -> Vec<String> {
    let of = |verdict: Verdict| -> Vec<&Line> {
        other
            .iter()
            .filter(|line| line.verdict == verdict)
            .collect()
    };
    let sentences = |lines: &[&Line]| -> String {
        let told = lines.iter().filter_map(|line| {
            let interval = line.difference?;
            Some(changed(line.compared.measure, interval))
        });
        told.collect::<Vec<_>>().join("; ")
    };
    let names = |lines: &[&Line]| -> String {
        let names: Vec<&str> = lines.iter().map(|line| line.compared.name).collect();
        names.join(", ")
    };
    let (better, worse) = (of(Verdict::Better), of(Verdict::Worse));
    let mut told = vec![headline(name, &better, &worse, other)];
    if !better.is_empty() {
        told.push(format!("Better than A: {}.", sentences(&better)));
    }
    if !worse.is_empty() {
        told.push(format!("Worse than A: {}.", sentences(&worse)));
    }
    let (alike, noise) = (of(Verdict::Same), of(Verdict::NoDifference));
    if !noise.is_empty() {
        told.push(format!("No difference beyond noise in {}.", names(&noise)));
    }
    if !alike.is_empty() {
        told.push(format!("The same in {}.", names(&alike)));
    }
    let all = first.iter().zip(other);
    let incomplete = all.filter(|(_, line)| line.verdict == Verdict::Unknown);
    let incomplete: Vec<String> = incomplete
        .filter(|(_, line)| line.difference.is_some() || line.known == 0)
        .map(|(first, line)| {
            let name = line.compared.name;
            format!(
                "{name} (known in {} replications of A, {} here)",
                first.known, line.known
            )
        })
        .collect();
    if !incomplete.is_empty() {
        told.push(format!("Nothing is claimed of {}.", incomplete.join(", ")));
    }
    told
}

/// Faster or slower, by what is known of the hours to convergence.
fn headline(name: &str, better: &[&Line], worse: &[&Line], all: &[Line]) -> String {
    let is_hours = |line: &Line| matches!(line.compared.measure, Measure::HoursTo { .. });
    let timed = |lines: &[&Line]| lines.iter().any(|line| is_hours(line));
    let judged = all
        .iter()
        .filter(|line| is_hours(line))
        .any(|line| line.verdict != Verdict::Unknown);
    match (timed(better), timed(worse)) {
        _ if !judged => format!("Whether {name} is faster cannot be told."),
        (true, false) => format!("{name} is faster."),
        (false, true) => format!("{name} is slower."),
        (true, true) => {
            format!("{name} is faster in one part of the rollout and slower in another.")
        }
        (false, false) => format!("{name} is neither faster nor slower beyond noise."),
    }
}

/// By how much a measure changed, from least to most.
fn changed(measure: Measure, interval: MeanInterval) -> String {
    let (low, high) = match interval.mean < 0.0 {
        true => (-interval.high, -interval.low),
        false => (interval.low, interval.high),
    };
    let [low, high] = [low, high].map(|it| quantity(measure, it));
    let between = match low == high {
        true => low,
        false => format!("between {low} and {high}"),
    };
    let more = interval.mean > 0.0;
    let side = |up: &'static str, down: &'static str| if more { up } else { down };
    match measure {
        Measure::HoursTo {
            basis_points,
            curve,
        } => {
            let share = f64::from(basis_points) / 100.0;
            let state = match curve {
                Curve::Converged => "converged",
                Curve::Base => "at the new base",
                Curve::Reported => "reported",
            };
            format!(
                "{share} % of the clients in reach {state} {between} {}",
                side("later", "earlier")
            )
        }
        Measure::ShareAtEnd(_) => {
            format!(
                "{between} of all clients {} converged at the end",
                side("more", "fewer")
            )
        }
        Measure::MixedClients => format!("{between} {} mixed clients", side("more", "fewer")),
        Measure::MixedHours => format!("{between} {} as mixed clients", side("more", "less")),
        Measure::BrokenClients => format!("{between} {} broken clients", side("more", "fewer")),
        Measure::RestartsAsked => format!("{between} {} restarts asked", side("more", "fewer")),
        Measure::AbortedUpgrades => format!("{between} {} aborted upgrades", side("more", "fewer")),
        Measure::NotConverged => {
            format!("{between} {} clients not converged", side("more", "fewer"))
        }
        Measure::BusiestHour(_) | Measure::BusiestHourShare(_) => {
            format!(
                "{between} {} in the busiest hour of any CAP",
                side("more", "less")
            )
        }
    }
}
