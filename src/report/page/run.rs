//! What the page of one run shows.

use super::load::{self, ServerData};
use super::places::{self, FleetData, SiteData};
use super::{About, Cell, Tables, rows, shell};
use crate::report::Frame;
use crate::sms::Reason;
use serde::Serialize;

/// The data of a page, in the order of its sections.
#[derive(Serialize)]
struct RunData<'a> {
    kind: &'static str,
    about: &'a About,
    /// Every release that occurs, from the oldest base to the newest.
    releases: Vec<String>,
    /// The newest of them that the rollout brings.
    target: usize,
    thresholds: Vec<Vec<Cell>>,
    trouble: Vec<Vec<Cell>>,
    fleet: FleetData,
    sites: Vec<SiteData>,
    /// Every how many boundaries the sites' series have a value, and over how many intervals loads are summed.
    step: usize,
    servers: Vec<ServerData>,
    decisions: Vec<DecisionData>,
    milestones: Vec<Vec<Cell>>,
    assumptions: Vec<Vec<Cell>>,
}

/// How often one reason occurred in the whole fleet.
#[derive(Serialize)]
struct DecisionData {
    reason: &'static str,
    decision: &'static str,
    outcome: &'static str,
    articles: &'static str,
    text: &'static str,
    /// Intervals in which it occurred, and how often: mean over replications.
    counts: Vec<(usize, f64)>,
}

pub(super) const THRESHOLDS: [&str; 11] = [
    "threshold",
    "that",
    "site",
    "passed",
    "actual",
    "relation",
    "limit",
    "margin",
    "unit",
    "share_met",
    "share_wanted",
];
const TROUBLE: [&str; 9] = [
    "kind",
    "reason",
    "cases",
    "cured",
    "client_hours",
    "cure",
    "articles",
    "explanation",
    "examples",
];
const MILESTONES: [&str; 11] = [
    "site",
    "milestone_share",
    "hours_p10",
    "hours_p50",
    "hours_p90",
    "local_time_p10",
    "local_time_p50",
    "local_time_p90",
    "clients",
    "reachable_clients",
    "replications_reached",
];
const ASSUMPTIONS: [&str; 7] = [
    "name",
    "value",
    "default",
    "changed",
    "confidence",
    "source",
    "meaning",
];

/// The page of a run.
#[must_use]
pub fn run_page(about: &About, tables: &Tables) -> String {
    let fleet = places::fleet(&tables.timeline);
    let boundaries = fleet.hours.len();
    let servers = tables.load_peaks.rows();
    let step = places::step(tables.sites.rows().max(servers) * boundaries);
    let releases = releases(&tables.servers);
    let data = RunData {
        kind: "run",
        about,
        thresholds: tables
            .thresholds
            .as_ref()
            .map_or(Vec::new(), |it| rows(it, &THRESHOLDS)),
        trouble: rows(&tables.trouble, &TROUBLE),
        sites: places::sites(tables, &releases, step),
        step,
        servers: load::servers(tables, &releases, boundaries - 1, step),
        decisions: decisions(tables, about.interval_hours),
        milestones: rows(&tables.milestones, &MILESTONES),
        assumptions: rows(&tables.assumptions, &ASSUMPTIONS),
        target: target(&tables.sites, &releases),
        releases,
        fleet,
    };
    shell::page(&about.name, &data)
}

/// Every release that servers held, from the oldest base to the newest.
fn releases(servers: &Frame) -> Vec<String> {
    let held = servers.texts("base_version").iter();
    let mut held: Vec<(&str, &str)> = held
        .zip(servers.texts("release"))
        .map(|(base, release)| (&**base, &**release))
        .collect();
    // Groups of a version have a fixed width as printed, so that their texts are in order.
    held.sort_unstable();
    held.dedup();
    held.into_iter().map(|(_, it)| it.to_owned()).collect()
}

/// Position of the newest release that any site is upgraded to; of the newest of all if none is.
fn target(sites: &Frame, releases: &[String]) -> usize {
    let planned = sites.texts("upgrade_to").iter();
    let newest = planned.filter_map(|to| releases.iter().position(|it| **it == **to));
    let newest = newest.max();
    newest.unwrap_or(releases.len().saturating_sub(1))
}

fn decisions(tables: &Tables, interval_hours: f64) -> Vec<DecisionData> {
    let frame = &tables.decisions;
    let intervals = tables.timeline.rows();
    let mut counts = vec![Vec::new(); Reason::ALL.len()];
    let by_code = |code: &str| Reason::ALL.iter().position(|it| it.code() == code);
    let cells = frame.texts("reason").iter();
    let cells = cells.zip(frame.numbers("from_elapsed_hours"));
    for ((code, hours), count) in cells.zip(frame.numbers("count")) {
        // A code that this version does not know is one of a later one, whose columns would have another version.
        let Some(reason) = by_code(code) else {
            continue;
        };
        let counts: &mut Vec<f64> = &mut counts[reason];
        let interval = (hours / interval_hours).round() as usize;
        if counts.is_empty() {
            counts.resize(intervals, 0.0);
        }
        if let Some(sum) = counts.get_mut(interval) {
            *sum += count;
        }
    }
    let occurred = Reason::ALL.iter().zip(counts);
    let occurred = occurred.filter(|(_, counts)| !counts.is_empty());
    let data = |(reason, counts): (&Reason, Vec<f64>)| DecisionData {
        reason: reason.code(),
        decision: reason.decision().name(),
        outcome: reason.outcome().name(),
        articles: reason.articles(),
        text: reason.text(),
        counts: counts
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0.0)
            .map(|(interval, count)| (interval, (count * 100.0).round() / 100.0))
            .collect(),
    };
    occurred.map(data).collect()
}
