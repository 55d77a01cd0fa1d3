//! A dozen lines at the end of a run: which thresholds were missed, when, where it was tight, who is stuck and why, and
//! what to try next.

use super::{judgement, words};
use crate::engine::Second;
use crate::engine::time::DAY_S;
use crate::report::answer::{self, Stuck};
use crate::report::{Results, Written};
use crate::run::{ClientState, Trouble};
use crate::sms::Reason;
use crate::study::{Band, MILESTONES, Place};
use std::io::{self, Write};

/// Milestones worth a line [%].
const SHOWN: [u32; 3] = [50, 95, 100];
/// Reasons worth a line.
const REASONS: usize = 2;
/// Columns of a label.
const LABEL: usize = 11;

/// What the closing lines have to know of the command line.
pub(super) struct Asked<'a> {
    /// Values set on the command line.
    pub sets: &'a [String],
    /// The command that would repeat the run with more arguments.
    pub again: &'a dyn Fn(&[&str]) -> String,
    /// Whether the scenario could be run with one more value set.
    pub possible: &'a dyn Fn(&str) -> bool,
    /// Whether results go where all runs of this scenario put them.
    pub usual_folder: bool,
}

/// Prints the closing lines.
pub(super) fn print(
    results: &Results<'_>,
    written: &Written,
    asked: &Asked<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = vec![headline(results)];
    lines.extend(asked.sets.iter().map(|set| format!("Set        {set}")));
    lines.extend(judgement::lines(results));
    lines.extend(judgement::precision(results));
    lines.extend(milestones(results));
    lines.push(worst_load(results));
    lines.extend(stuck(results));
    lines.push(trouble(results));
    lines.push(files(written));
    if !asked.sets.is_empty() && asked.usual_folder {
        let text = "           (whatever runs under this name replaces them; --out DIR keeps both)";
        lines.push(text.to_owned());
    }
    for line in lines.iter().flat_map(|it| it.lines()) {
        out.write_all(words::hanging(LABEL, line).as_bytes())?;
    }
    let mut label = "Next";
    for line in next(results, asked) {
        let line = format!("{label:<LABEL$}{line}");
        // A command that is cut off is of no use, so its line may be longer.
        if line.contains("smsim ") {
            writeln!(out, "{line}")?;
        } else {
            out.write_all(words::hanging(LABEL, &line).as_bytes())?;
        }
        label = "";
    }
    Ok(())
}

fn headline(results: &Results<'_>) -> String {
    let (plan, study) = (results.plan, results.study);
    let days = study.grid.end.since(study.grid.start) / DAY_S;
    let mut line = format!(
        "{}: {}, {}, {}, seed {}",
        plan.name,
        words::count(plan.clients(), "client"),
        words::count(plan.sites.len() as u64, "site"),
        words::count(u64::from(days), "day"),
        plan.seed
    );
    if study.interrupted {
        let all = plan.replications;
        let of = match plan.study.until {
            None => format!(" of {all}"),
            Some(_) => String::new(),
        };
        line.push_str(&format!(
            "\nInterrupted after {}{of} replications",
            study.count()
        ));
    } else if study.count() > 1 {
        line.push_str(&format!(", {} replications", study.count()));
    }
    line
}

/// A header and a line per milestone, of the whole fleet in the scenario's own zone.
fn milestones(results: &Results<'_>) -> Vec<String> {
    let (plan, study) = (results.plan, results.study);
    let fleet = Place::Fleet.index(plan);
    let mut header = format!(
        "Converged  {:<22}{:>11}  {:>13}",
        zone(&plan.zones[0].name),
        "since start",
        "since upgrade"
    );
    if study.count() > 1 {
        header.push_str("  8 of 10 runs");
    }
    let shown = MILESTONES.iter().enumerate();
    let shown = shown.filter(|(_, percent)| SHOWN.contains(percent));
    let none_in_reach = study.total.fleet().out_of_reach == study.total.fleet().clients;
    let mut lines = vec![header];
    for (milestone, percent) in shown {
        let when = match study.milestone_band(fleet, milestone) {
            _ if none_in_reach => "never; no client is within the rollout's reach".to_owned(),
            Band { p50: None, .. } if study.count() == 1 => "not within the run".to_owned(),
            Band { p50: None, .. } => match study.reached(fleet, milestone) {
                0 => format!("in none of {} replications", study.count()),
                some => format!("in {some} of {} replications only", study.count()),
            },
            band => reached(results, band),
        };
        lines.push(format!("{percent:>7} %  {when}"));
    }
    lines
}

/// A zone's name, or its city where the name is long.
fn zone(name: &str) -> &str {
    const LONGEST: usize = 20;
    match name.rsplit_once('/') {
        Some((_, city)) if name.len() > LONGEST => city,
        _ => name,
    }
}

/// When a milestone was reached, and how sure that is.
fn reached(results: &Results<'_>, band: Band<Option<u32>>) -> String {
    let (plan, study) = (results.plan, results.study);
    let hours = band.map(|it| it.map(|it| f64::from(it) / 3_600.0));
    let at = study.moment(band.p50.unwrap_or(0));
    let local = words::day_and_time(plan.zones[0].local(&plan.clock, at));
    let since_start = words::hours(hours.p50.unwrap_or(0.0));
    let since_upgrade = match first_upgrade(results) {
        Some(upgrade) if upgrade <= at => words::hours(f64::from(at.since(upgrade)) / 3_600.0),
        Some(_) => "before".to_owned(),
        None => "-".to_owned(),
    };
    let mut line = format!("{local:<22}{since_start:>11}  {since_upgrade:>13}");
    if study.count() > 1 {
        line.push_str(&format!("  {}", words::hours_from_to(hours.p10, hours.p90)));
    }
    line
}

/// When the first site's upgrade begins.
fn first_upgrade(results: &Results<'_>) -> Option<Second> {
    results.plan.rollout.iter().map(|line| line.at).min()
}

/// The server with the highest share of its bandwidth in use.
fn worst_load(results: &Results<'_>) -> String {
    let (plan, study) = (results.plan, results.study);
    let Some(worst) = answer::busiest(results).into_iter().next() else {
        return "Load       nothing was moved".to_owned();
    };
    let from = study.grid.boundary(worst.peak.p50.interval);
    let local = plan.zones[worst.server.zone(plan)].local(&plan.clock, from);
    let busy = match worst.share {
        None => "unlimited".to_owned(),
        Some(share) => format!("{} of capacity", words::percent(share.p50)),
    };
    format!(
        "Load       {}, {}: {} in {}, {busy}",
        worst.server.name(plan),
        words::day_and_time(local),
        words::bytes(worst.peak.p50.bytes as f64),
        words::hours(f64::from(study.grid.interval_s) / 3_600.0),
    )
}

fn stuck(results: &Results<'_>) -> Vec<String> {
    let stuck = answer::stuck(results);
    let all: f64 = stuck.iter().map(|it| it.clients).sum();
    if all == 0.0 {
        return vec!["Stuck      nobody: every client converged".to_owned()];
    }
    let clients = words::count_mean(all, "client");
    let named: Vec<&str> = stuck
        .iter()
        .skip(REASONS)
        .map(|it| it.reason.code())
        .collect();
    let also = match named.as_slice() {
        [] => String::new(),
        named => format!("; also {}", named.join(", ")),
    };
    let mut lines = vec![format!(
        "Stuck      {clients} not converged at the end{also}"
    )];
    for stuck in stuck.iter().take(REASONS) {
        lines.push(format!(
            "           {} {} ({}): {}",
            words::mean(stuck.clients),
            stuck.reason.code(),
            stuck.who(results.plan),
            stuck.cure()
        ));
    }
    lines
}

fn trouble(results: &Results<'_>) -> String {
    let study = results.study;
    let cases = |kind: Trouble| {
        let of_kind = study
            .total
            .trouble
            .iter()
            .filter(|((it, _), _)| *it == kind);
        words::mean(results.mean(of_kind.map(|(_, it)| it.cases).sum::<u64>() as f64))
    };
    let mixed_now: i64 = study
        .total
        .sites
        .iter()
        .map(|site| site.ending_in(ClientState::Mixed))
        .sum();
    format!(
        "Trouble    {} mixed ({} still), {} broken, {} aborted, {} restarts asked",
        cases(Trouble::Mixed),
        words::mean(results.mean(mixed_now as f64)),
        cases(Trouble::Broken),
        cases(Trouble::Aborted),
        cases(Trouble::RestartAsked),
    )
}

fn files(written: &Written) -> String {
    let rows: u64 = written.files.iter().map(|file| file.rows).sum();
    let bytes: u64 = written.files.iter().map(|file| file.bytes).sum();
    format!(
        "Written    {} rows, {}, {} files in {}",
        words::grouped(rows),
        words::bytes(bytes as f64),
        written.files.len() + 1,
        written.folder.display()
    )
}

/// What to try next: the cure of the greatest trouble, or what else tells more.
fn next(results: &Results<'_>, asked: &Asked<'_>) -> Vec<String> {
    let plan = results.plan;
    let stuck = answer::stuck(results);
    let mixed = answer::of_kind(results, Trouble::Mixed);
    let mut lines = Vec::new();
    if let Some(worst) = stuck.first().or(mixed.first()) {
        lines.push(format!("{}: {}", worst.cure(), worst.who(plan)));
        lines.extend(what_if(results, worst, asked));
    }
    if plan.replications == 1 {
        lines.push(format!(
            "{}   for bands",
            (asked.again)(&["--replications", "20"])
        ));
    } else if !stuck.is_empty() && !plan.results.clients {
        let again = (asked.again)(&["--set", "results.clients=true"]);
        lines.push(format!("{again}   for clients.csv"));
    } else if lines.is_empty() {
        lines.push("smsim columns   for what the files say".to_owned());
    }
    lines
}

/// The command that tries the cure out, where it is a matter of one value.
fn what_if(results: &Results<'_>, stuck: &Stuck, asked: &Asked<'_>) -> Option<String> {
    let plan = results.plan;
    let set = match stuck.reason {
        Reason::RestartAwaited | Reason::SecondRestartAwaited => {
            let (cohort, _) = stuck.cohorts.first()?;
            let group = plan.cohorts[cohort.index()].name.split('@').next()?;
            format!("clients.{group}.restart_after=1h")
        }
        Reason::NotSeen | Reason::InProgress => {
            let days = results.study.grid.end.since(results.study.grid.start) / DAY_S;
            format!("scenario.days={}", days + 7)
        }
        _ => return None,
    };
    if !(asked.possible)(&set) {
        return None;
    }
    let mut more = vec!["--set", set.as_str()];
    if asked.usual_folder {
        more.extend(["--out", "output/what-if"]);
    }
    Some((asked.again)(&more))
}
