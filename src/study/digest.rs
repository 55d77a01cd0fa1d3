//! One replication, reduced to what quantiles over replications are taken of.

use super::compared::COMPARED;
use super::measured::Measured;
use super::milestones::{Reached, milestones};
use super::places::Server;
use super::series::Series;
use crate::plan::Plan;
use crate::run::tally::{Grid, ServerTally, SiteTally};
use crate::run::{Tally, Trouble};
use crate::sms::Reason;
use std::collections::BTreeMap;

/// What is kept of one replication so that it can be held against the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Its number, from 0.
    pub number: u32,
    /// Clients on each curve, by place and boundary.
    pub(super) curves: Vec<[u32; 3]>,
    /// When each milestone was reached, by place.
    pub milestones: Vec<Reached>,
    /// The busiest interval, by server in the order of [`Server::all`].
    pub peaks: Vec<Peak>,
    /// Bytes moved by interval, by server in the order of [`Server::all`].
    pub(super) loads: Vec<Series<u64>>,
    /// How often each reason decided, by site and by reason as far as it occurred.
    pub(super) decisions: Vec<Vec<(Reason, Series<u32>)>>,
    /// Cases of trouble, by kind and reason.
    pub trouble: BTreeMap<(Trouble, Reason), u64>,
    /// What each threshold of the plan measures, in their order.
    pub thresholds: Vec<Option<f64>>,
    /// What has to be known well enough, if the plan says so.
    pub until: Option<f64>,
    /// What plans are compared by, in the order of [`COMPARED`].
    pub compared: [Option<f64>; COMPARED.len()],
}

/// The busiest interval of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peak {
    /// Bytes moved in it.
    pub bytes: u64,
    /// Which interval it was; of equally busy ones the first.
    pub interval: usize,
}

impl Digest {
    pub(super) fn of(plan: &Plan, number: u32, tally: &Tally, addresses: &[ServerTally]) -> Self {
        let fleet = tally.fleet();
        let places = || tally.sites.iter().chain([&fleet]);
        let clients = |count: i64| u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        let grid = &tally.grid;
        let curves = places().flat_map(|place| place.curves(grid));
        let loads = || {
            Server::all(plan).map(|server| match server {
                Server::Cap(cap) => &tally.servers[cap.index()],
                Server::LogonPoint(point) => &tally.servers[plan.caps.len() + point.index()],
                Server::Address(child) => &addresses[child.index()],
            })
        };
        let bytes = |load: &ServerTally| Series::of(grid.intervals, |it| load.bytes(it));
        let decided = |site: &SiteTally| {
            let series = site.decisions.series();
            let series = series.map(|(reason, counts)| {
                (
                    reason,
                    Series::of(counts.len(), |interval| counts[interval]),
                )
            });
            series.collect()
        };
        let measured = Measured {
            plan,
            tally,
            fleet: &fleet,
        };
        let thresholds = plan.thresholds.iter();
        let until = plan.study.until.as_ref();
        let trouble = tally.trouble.iter();
        Digest {
            trouble: trouble.map(|(kind, it)| (*kind, it.cases)).collect(),
            thresholds: thresholds
                .map(|it| measured.value(it.measure, it.site))
                .collect(),
            until: until.and_then(|until| measured.value(until.measure, None)),
            compared: COMPARED.map(|it| measured.value(it.measure, None)),
            number,
            curves: curves.map(|counts| counts.map(clients)).collect(),
            milestones: places().map(|place| milestones(place, grid)).collect(),
            peaks: loads().map(|load| Peak::of(load, grid)).collect(),
            loads: loads().map(bytes).collect(),
            decisions: tally.sites.iter().map(decided).collect(),
        }
    }
}

impl Peak {
    /// The peak of a server that moved nothing.
    pub const IDLE: Peak = Peak {
        bytes: 0,
        interval: 0,
    };

    /// The busiest interval of one replication.
    #[must_use]
    pub fn of(load: &ServerTally, grid: &Grid) -> Self {
        let mut worst = Peak::IDLE;
        for interval in 0..grid.intervals {
            let bytes = load.bytes(interval);
            if bytes > worst.bytes {
                worst = Peak { bytes, interval };
            }
        }
        worst
    }
}
