//! Single replications of many plans, reduced to what they measured.
//!
//! A study keeps whole curves of one plan; here many plans are held against each other, a few replications at a time,
//! and only numbers are kept. Replication 3 of each plan meets the same chances.

use super::compared::COMPARED;
use super::{NoStudy, Nowhere, finish};
use crate::plan::{Curve, Plan, SiteId};
use crate::run::Watch;
use rayon::prelude::*;

/// What one replication of a plan measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What plans are compared by, in the order of [`COMPARED`].
    pub compared: [Option<f64>; COMPARED.len()],
    /// What each threshold of the plan measures.
    pub thresholds: Vec<Option<f64>>,
    /// Share of clients on the curve that was asked for, at each boundary of an interval; empty if none was.
    pub curve: Vec<f64>,
}

/// A curve of a site, or of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Which curve.
    pub curve: Curve,
    /// Of which site; none: the whole fleet.
    pub site: Option<SiteId>,
}

/// Replications of plans, each by its plan and its number from 0, spread over the current threads; in the order asked
/// for, whatever the threads.
///
/// # Errors
/// If `watch` ended it before all were complete, or the program is wrong.
pub fn rows(
    tasks: &[(&Plan, u32)],
    observed: Option<Observed>,
    watch: &dyn Watch,
) -> Result<Vec<Row>, NoStudy> {
    let workers = (rayon::current_num_threads() / tasks.len().max(1)).max(1);
    let done: Vec<Result<Option<Row>, NoStudy>> = tasks
        .par_iter()
        .map(|(plan, number)| row(plan, *number, workers, observed, watch))
        .collect();
    let rows = done.into_iter().map(|row| row?.ok_or(NoStudy::Interrupted));
    rows.collect()
}

fn row(
    plan: &Plan,
    number: u32,
    workers: usize,
    observed: Option<Observed>,
    watch: &dyn Watch,
) -> Result<Option<Row>, NoStudy> {
    let Some(finished) = finish(plan, number, workers, &Nowhere, watch)? else {
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
    }))
}
