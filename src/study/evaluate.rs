//! Single replications of many plans, reduced to what they measured.
//!
//! A study keeps whole curves of one plan; here many plans are held against each other, a few replications at a time,
//! and only numbers are kept. Replication 3 of each plan meets the same chances.

use super::design::Point;
use super::{NoStudy, Nowhere, finish};
use crate::plan::questions::Measured;
use crate::plan::{Curve, Plan, SiteId};
use crate::run::Watch;
use rayon::prelude::*;

/// What one replication of a plan measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What plans are compared by.
    pub compared: Measured,
    /// What each threshold of the plan measures.
    pub thresholds: Vec<Option<f64>>,
    /// Share of clients on the curve that was asked for, at each boundary of an interval; empty if none was.
    pub curve: Vec<f64>,
    /// What the knobs of the plan cost.
    pub outlay: f64,
}

/// A point in the space of the knobs, with the plan that it makes of the scenario.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What is set.
    pub point: Point,
    /// What comes of it.
    pub plan: Plan,
}

/// A replication to run: of which plan, and which, from 0.
pub type Task<'a> = (&'a Variant, u32);

/// A curve of a site, or of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Which curve.
    pub curve: Curve,
    /// Of which site; none: the whole fleet.
    pub site: Option<SiteId>,
}

/// Replications spread over the current threads; in the order asked for, whatever the threads.
///
/// # Errors
/// If `watch` ended it before all were complete, or the program is wrong.
pub fn rows(
    tasks: &[Task<'_>],
    observed: Option<Observed>,
    watch: &dyn Watch,
) -> Result<Vec<Row>, NoStudy> {
    let workers = (rayon::current_num_threads() / tasks.len().max(1)).max(1);
    let done: Vec<Result<Option<Row>, NoStudy>> = tasks
        .par_iter()
        .map(|task| row(*task, workers, observed, watch))
        .collect();
    let rows = done.into_iter().map(|row| row?.ok_or(NoStudy::Interrupted));
    rows.collect()
}

fn row(
    (variant, number): Task<'_>,
    workers: usize,
    observed: Option<Observed>,
    watch: &dyn Watch,
) -> Result<Option<Row>, NoStudy> {
    let Some(finished) = finish(&variant.plan, number, workers, &Nowhere, watch)? else {
        return Ok(None);
    };
    let (tally, digest) = (finished.replication.tally, finished.digest);
    let curve = observed.map_or_else(Vec::new, |observed| {
        let fleet = tally.fleet();
        let place = observed
            .site
            .map_or(&fleet, |site| &tally.sites[site.index()]);
        let clients = place.clients.max(1) as f64;
        let counts = place.curves(&tally.grid);
        counts
            .map(|it| it[observed.curve as usize] as f64 / clients)
            .collect()
    });
    Ok(Some(Row {
        compared: digest.compared,
        thresholds: digest.thresholds,
        curve,
        outlay: variant.point.outlay,
    }))
}
