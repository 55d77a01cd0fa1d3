//! Ten lines at the end of a run: which thresholds were missed, when, where it was tight, who is stuck and why, and
//! what to try next.

use super::{judgement, words};
use crate::engine::time::DAY_S;
use crate::report::tables::share_of_bandwidth;
use crate::report::{Results, Written};
use crate::run::{ClientState, Trouble};
use crate::sms::Reason;
use crate::study::{Band, MILESTONES, Place, Server};
use std::io::{self, Write};

/// Milestones worth a line [%].
const SHOWN: [u32; 3] = [50, 95, 100];
/// Reasons worth a line.
const REASONS: usize = 2;

/// Prints the summary; `again` is the command that would repeat the run with more arguments.
pub(super) fn print(
    results: &Results<'_>,
    written: &Written,
    again: &dyn Fn(&[&str]) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = vec![headline(results)];
    lines.extend(judgement::lines(results));
    lines.extend(judgement::precision(results));
    lines.extend(milestones(results));
    lines.push(worst_load(results));
    lines.extend(stuck(results));
    lines.push(trouble(results));
    lines.push(files(written));
    for line in lines.iter().flat_map(|it| it.lines()) {
        writeln!(out, "{}", words::fit(line))?;
    }
    // A command that is cut off is of no use, so this line may be longer.
    writeln!(out, "Next       {}", next(results, again))
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

fn milestones(results: &Results<'_>) -> Vec<String> {
    let (plan, study) = (results.plan, results.study);
    let fleet = Place::Fleet.index(plan);
    let shown = MILESTONES.iter().enumerate();
    let shown = shown.filter(|(_, percent)| SHOWN.contains(percent));
    let none_in_reach = study.total.fleet().out_of_reach == study.total.fleet().clients;
    let mut label = "Converged";
    let mut lines = Vec::new();
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
        lines.push(format!("{label:<10} {percent:>3} %: {when}"));
        label = "";
    }
    lines
}

/// When a milestone was reached, and how sure that is.
fn reached(results: &Results<'_>, band: Band<Option<u32>>) -> String {
    let (plan, study) = (results.plan, results.study);
    let hours = band.map(|it| it.map(|it| f64::from(it) / 3_600.0));
    let at = study.moment(band.p50.unwrap_or(0));
    let local = words::day_and_time(plan.zones[0].local(&plan.clock, at));
    let middle = words::hours(hours.p50.unwrap_or(0.0));
    if study.count() == 1 {
        return format!("{middle}, {local}");
    }
    let spread = words::hours_from_to(hours.p10, hours.p90);
    format!("{middle}, {local}; 8 of 10 runs {spread}")
}

/// The server with the highest share of its bandwidth in use; addresses only if nothing else has a limit, since a send
/// always takes all it may.
fn worst_load(results: &Results<'_>) -> String {
    let (plan, study) = (results.plan, results.study);
    let mut worst: Option<(bool, f64, u64, usize, Server)> = None;
    for (position, server) in Server::all(plan).enumerate() {
        let peak = study.peak_band(position).p50;
        let share = share_of_bandwidth(results, server, peak).unwrap_or(0.0);
        let serves_clients = !matches!(server, Server::Address(_));
        let found = (serves_clients, share, peak.bytes, position, server);
        let rank = |it: &(bool, f64, u64, usize, Server)| (it.0, it.1, it.2);
        if peak.bytes > 0
            && worst
                .as_ref()
                .is_none_or(|worst| rank(&found) > rank(worst))
        {
            worst = Some(found);
        }
    }
    let Some((_, share, bytes, position, server)) = worst else {
        return "Load       nothing was moved".to_owned();
    };
    let from = study.grid.boundary(study.peak_band(position).p50.interval);
    let local = plan.zones[server.zone(plan)].local(&plan.clock, from);
    let busy = match share {
        0.0 => "unlimited".to_owned(),
        share => format!("{} of capacity", words::percent(share)),
    };
    format!(
        "Load       {}, {}: {} in {}, {busy}",
        server.name(plan),
        words::day_and_time(local),
        words::bytes(bytes as f64),
        words::hours(f64::from(study.grid.interval_s) / 3_600.0),
    )
}

fn stuck(results: &Results<'_>) -> Vec<String> {
    let study = results.study;
    let standing = study.total.trouble.iter();
    let standing = standing.filter(|((kind, _), _)| *kind == Trouble::NotConverged);
    let mut reasons: Vec<(u64, Reason)> = standing
        .map(|((_, reason), it)| (it.cases, *reason))
        .collect();
    reasons.sort_by_key(|(cases, reason)| (std::cmp::Reverse(*cases), *reason));
    let all: u64 = reasons.iter().map(|(cases, _)| cases).sum();
    if all == 0 {
        return vec!["Stuck      nobody: every client converged".to_owned()];
    }
    let clients = words::count_mean(results.mean(all as f64), "client");
    let named: Vec<&str> = reasons
        .iter()
        .skip(REASONS)
        .map(|(_, it)| it.code())
        .collect();
    let also = match named.as_slice() {
        [] => String::new(),
        named => format!("; also {}", named.join(", ")),
    };
    let mut lines = vec![format!(
        "Stuck      {clients} not converged at the end{also}"
    )];
    for (cases, reason) in reasons.into_iter().take(REASONS) {
        let cases = words::mean(results.mean(cases as f64));
        let cure = match reason.cure() {
            "" => reason.text(),
            cure => cure,
        };
        lines.push(format!("           {cases} {}: {cure}", reason.code()));
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

fn next(results: &Results<'_>, again: &dyn Fn(&[&str]) -> String) -> String {
    let (plan, study) = (results.plan, results.study);
    let stuck = study
        .total
        .trouble
        .keys()
        .any(|(kind, _)| *kind == Trouble::NotConverged);
    if plan.replications == 1 {
        format!("{}   for bands", again(&["--replications", "20"]))
    } else if stuck && !plan.results.clients {
        format!(
            "{}   for clients.csv",
            again(&["--set", "results.clients=true"])
        )
    } else {
        "smsim columns   for what the files say".to_owned()
    }
}
