//! When a ring had come so far that the next may start.

use super::milestones::first_reached;
use super::statistics::nearest_rank;
use crate::engine::Second;
use crate::plan::Plan;
use crate::plan::rings::Waiting;
use crate::run::tally::SiteTally;
use crate::run::{Silent, simulate};
use rayon::prelude::*;

/// When the ring before the one that waits met its criterion: the median over the pilot replications of `plan`, which
/// goes up to that ring; and in how many of them it was met at all. No median if half of them or more never got there.
///
/// Converged clients are counted to the twelfth of an interval, the other curves by the interval.
#[must_use]
pub fn met(plan: &Plan, waiting: &Waiting) -> (Option<Second>, u32) {
    let mut pilot = plan.clone();
    pilot.seed = waiting.pilot_seed;
    pilot.results.clients = false;
    let mut moments: Vec<u32> = (0..waiting.pilot_replications)
        .into_par_iter()
        .map(|number| moment(&pilot, waiting, number).unwrap_or(u32::MAX))
        .collect();
    moments.sort_unstable();
    let met = moments.iter().filter(|it| **it < u32::MAX).count() as u32;
    let median = nearest_rank(&moments, 50).filter(|it| **it < u32::MAX);
    (median.map(|elapsed_s| plan.clock.start + *elapsed_s), met)
}

/// When one replication met the criterion [s since the start of the record].
fn moment(plan: &Plan, waiting: &Waiting, number: u32) -> Option<u32> {
    let tally = simulate(plan, number, 1, &Silent).tally;
    let mut ring = SiteTally::default();
    for site in &waiting.watched {
        ring.absorb(&tally.sites[site.index()]);
    }
    first_reached(&ring, &tally.grid, waiting.curve, waiting.basis_points)
}
