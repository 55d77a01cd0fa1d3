//! Clients over time: of the whole fleet with bands, of each site in brief.

use super::Tables;
use super::packed::Packed;
use crate::report::Frame;
use crate::run::ClientState;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// Most numbers of one kind that a page holds for all sites or servers; beyond it they are thinned out in time.
const MOST_CELLS: usize = 600_000;

/// Every how many boundaries `cells` numbers have to be thinned out.
pub(super) fn step(cells: usize) -> usize {
    cells.div_ceil(MOST_CELLS).max(1)
}

/// The whole fleet, boundary by boundary.
#[derive(Serialize)]
pub(super) struct FleetData {
    /// Hours since the start of the run.
    pub hours: Vec<f64>,
    /// The same moments in the scenario's zone.
    local: Vec<Box<str>>,
    /// Shares of clients: converged, base, reported; of each the low, middle and high.
    curves: BTreeMap<&'static str, [Vec<f64>; 3]>,
    /// Clients by state, as far as any were in it.
    states: Vec<(&'static str, Vec<f64>)>,
}

/// A planned upgrade: to what, when \[h\], in local time, and when the site ran it in the first replication \[h\].
pub(super) type Planned = (Box<str>, f64, Box<str>, Option<f64>);

/// One site.
#[derive(Serialize)]
pub(super) struct SiteData {
    code: Box<str>,
    /// Position of its parent.
    parent: Option<usize>,
    kind: Box<str>,
    zone: Box<str>,
    domains: Box<str>,
    clients: f64,
    upgrades: Vec<Planned>,
    /// From when on \[h\] it ran which release, by position.
    held: Vec<(Option<f64>, usize)>,
    /// Median shares of its clients.
    converged: Packed,
    base: Packed,
    reported: Packed,
    /// Share of its clients that are mixed or broken, if any ever were.
    trouble: Option<Packed>,
}

/// The three curves by their columns.
const CURVES: [(&str, [&str; 3]); 3] = [
    (
        "converged",
        [
            "converged_share_p10",
            "converged_share_p50",
            "converged_share_p90",
        ],
    ),
    (
        "base",
        ["base_share_p10", "base_share_p50", "base_share_p90"],
    ),
    (
        "reported",
        [
            "reported_share_p10",
            "reported_share_p50",
            "reported_share_p90",
        ],
    ),
];

/// The rows of each place, which stand together.
fn by_place(timeline: &Frame) -> BTreeMap<&str, Range<usize>> {
    let mut places: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for (row, place) in timeline.texts("site").iter().enumerate() {
        let rows = places.entry(place).or_insert(row..row);
        rows.end = row + 1;
    }
    places
}

pub(super) fn fleet(timeline: &Frame) -> FleetData {
    let rows = by_place(timeline).remove("*").unwrap_or(0..0);
    let numbers = |column: &str| -> Vec<f64> { timeline.numbers(column)[rows.clone()].to_vec() };
    let states = ClientState::ALL.iter();
    let states = states.map(|state| (state.name(), numbers(state.name())));
    FleetData {
        hours: numbers("elapsed_hours"),
        local: timeline.texts("local_time")[rows.clone()].to_vec(),
        curves: CURVES
            .map(|(curve, columns)| (curve, columns.map(numbers)))
            .into(),
        states: states
            .filter(|(_, counts)| counts.iter().any(|it| *it > 0.0))
            .collect(),
    }
}

pub(super) fn sites(tables: &Tables, releases: &[String], step: usize) -> Vec<SiteData> {
    let places = by_place(&tables.timeline);
    let frame = &tables.sites;
    let mut sites: Vec<SiteData> = Vec::new();
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..frame.rows() {
        let text = |column: &str| &frame.texts(column)[row];
        let code = text("site");
        if !positions.contains_key(&**code) {
            positions.insert(code, sites.len());
            let rows = places.get(&**code).cloned().unwrap_or(0..0);
            let series = Series {
                timeline: &tables.timeline,
                rows,
                step,
            };
            sites.push(SiteData {
                code: code.clone(),
                parent: None,
                kind: text("kind").clone(),
                zone: text("zone").clone(),
                domains: text("domains").clone(),
                clients: frame.numbers("clients")[row],
                upgrades: Vec::new(),
                held: Vec::new(),
                converged: series.shares(CURVES[0].1[1]),
                base: series.shares(CURVES[1].1[1]),
                reported: series.shares(CURVES[2].1[1]),
                trouble: series.trouble(),
            });
        }
        if let Some(site) = sites.last_mut() {
            site.upgrades.extend(planned(frame, row));
        }
    }
    for (code, parent) in frame.texts("site").iter().zip(frame.texts("parent")) {
        sites[positions[&**code]].parent = positions.get(&**parent).copied();
    }
    let held = &tables.servers;
    for row in (0..held.rows()).filter(|row| &*held.texts("kind")[*row] == "site") {
        if let Some(site) = positions.get(&*held.texts("server")[row]) {
            sites[*site].held.push(since(held, row, releases));
        }
    }
    sites
}

/// The upgrade that a row of `sites.csv` plans.
pub(super) fn planned(sites: &Frame, row: usize) -> Option<Planned> {
    let number = |column: &str| Some(sites.numbers(column)[row]).filter(|it| !it.is_nan());
    let text = |column: &str| sites.texts(column)[row].clone();
    Some((
        text("upgrade_to"),
        number("setup_starts_elapsed_hours")?,
        text("setup_starts_local_time"),
        number("upgraded_elapsed_hours"),
    ))
}

/// From when on \[h\] a row of `servers.csv` holds, and which release, by position.
pub(super) fn since(held: &Frame, row: usize, releases: &[String]) -> (Option<f64>, usize) {
    let from = held.numbers("from_elapsed_hours")[row];
    let release = releases
        .iter()
        .position(|it| **it == *held.texts("release")[row]);
    ((!from.is_nan()).then_some(from), release.unwrap_or(0))
}

/// The rows of one site in `timeline.csv`.
struct Series<'a> {
    timeline: &'a Frame,
    rows: Range<usize>,
    step: usize,
}

impl Series<'_> {
    fn thinned(&self, numbers: &[f64]) -> Vec<f64> {
        numbers.iter().copied().step_by(self.step).collect()
    }

    fn shares(&self, column: &str) -> Packed {
        let shares = &self.timeline.numbers(column)[self.rows.clone()];
        Packed::against(1.0, &self.thinned(shares))
    }

    fn trouble(&self) -> Option<Packed> {
        let of = |column: &str| &self.timeline.numbers(column)[self.rows.clone()];
        let clients = of("clients").iter();
        let bad = of("mixed").iter().zip(of("broken"));
        let shares: Vec<f64> = bad
            .zip(clients)
            .map(|((mixed, broken), all)| (mixed + broken) / all)
            .collect();
        let any = shares.iter().any(|it| *it > 0.0);
        any.then(|| Packed::against(1.0, &self.thinned(&shares)))
    }
}
