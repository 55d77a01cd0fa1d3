//! All replications of one plan, reduced to what results are written from.
//!
//! Knows what replications have in common and how they differ; knows nothing of files.

pub mod addresses;
pub mod compared;
pub mod comparison;
pub mod digest;
pub mod measured;
pub mod milestones;
pub mod places;
#[cfg(test)]
pub mod sample;
pub mod statistics;
pub mod stuck;
#[cfg(test)]
mod tests;
pub mod thresholds;

pub use digest::{Digest, Peak};
pub use milestones::{MILESTONES, Reached};
pub use places::{Place, Server};
pub use statistics::{Band, nearest_rank};
pub use thresholds::Judged;

use crate::engine::Second;
use crate::plan::{Plan, SiteId};
use crate::run::tally::{Curve, Grid, ServerTally};
use crate::run::{ClientRecord, Replication, ServerHistory, Tally, Watch, simulate};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Every replication of one plan.
#[derive(Clone, Debug)]
pub struct Study {
    /// Time grid.
    pub grid: Grid,
    /// Sums over all replications.
    pub total: Tally,
    /// By site: what the address to it carried, summed over all replications.
    pub addresses: Vec<ServerTally>,
    /// What is kept of each replication, in order.
    pub replications: Vec<Digest>,
    /// What the servers held in the first replication.
    pub servers: ServerHistory,
    /// How each client ended in the first replication, if asked for.
    pub clients: Vec<ClientRecord>,
    /// Whether it was ended before all replications were done.
    pub interrupted: bool,
}

/// A replication broke an invariant of the program.
#[derive(Clone, Debug, thiserror::Error)]
#[error("replication {replication} with seed {seed} broke off: {message}")]
pub struct Broken {
    /// First number of every draw's address.
    pub seed: u64,
    /// Number of the replication, from 1.
    pub replication: u32,
    /// What was found wrong.
    pub message: String,
}

/// Why there is no study.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoStudy {
    /// The program is wrong.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It was ended before the first replication was complete.
    #[error("ended before the first replication was complete")]
    Interrupted,
}

/// Simulates every replication of `plan` on the current threads.
///
/// Replications are taken up in batches of one per thread and added up in their order, so that memory is bounded by
/// the number of threads and the result does not depend on it.
///
/// # Errors
/// If nothing was complete when `watch` ended the study, or the program is wrong.
pub fn run_study(plan: &Plan, watch: &dyn Watch) -> Result<Study, NoStudy> {
    let all = plan.replications.max(1);
    let threads = rayon::current_num_threads().max(1);
    let mut study: Option<Study> = None;
    let mut next = 0;
    while next < all {
        let batch = (all - next).min(threads as u32);
        let workers = threads / batch as usize;
        // Kept apart until in order, so that of several broken replications the first is told.
        let finished: Vec<Result<Option<Finished>, Broken>> = (next..next + batch)
            .into_par_iter()
            .map(|number| finish(plan, number, workers, watch))
            .collect();
        for finished in finished {
            match (&mut study, finished?) {
                (study, None) => return stopped(study.take()),
                (None, Some(first)) => study = Some(first.into_study(plan)),
                (Some(study), Some(more)) => study.absorb(more),
            }
        }
        next += batch;
    }
    study.ok_or(NoStudy::Interrupted)
}

/// Whatever was complete when the study was ended.
fn stopped(study: Option<Study>) -> Result<Study, NoStudy> {
    let mut study = study.ok_or(NoStudy::Interrupted)?;
    study.interrupted = true;
    Ok(study)
}

/// One replication and its digest, before it is added to the others.
struct Finished {
    digest: Digest,
    addresses: Vec<ServerTally>,
    replication: Replication,
}

/// Simulates one replication unless the study was ended; a broken invariant is told with what it takes to replay it.
fn finish(
    plan: &Plan,
    number: u32,
    workers: usize,
    watch: &dyn Watch,
) -> Result<Option<Finished>, Broken> {
    if watch.cancelled() {
        return Ok(None);
    }
    let work = AssertUnwindSafe(|| Finished::of(plan, simulate(plan, number, workers, watch)));
    let finished = catch_unwind(work).map_err(|panic| Broken {
        seed: plan.seed,
        replication: number + 1,
        message: panic_message(panic.as_ref()),
    })?;
    watch.replication_done();
    Ok(Some(finished))
}

/// The text a panic carries.
#[must_use]
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}

impl Finished {
    fn of(plan: &Plan, mut replication: Replication) -> Self {
        let tally = &mut replication.tally;
        if replication.number == 0 {
            tally.sort_clients();
        } else {
            tally.clients = Vec::new();
        }
        let sends = &replication.servers.sends;
        let load = |site: usize| addresses::address_load(sends, SiteId(site as u16), &tally.grid);
        let addresses: Vec<ServerTally> = (0..plan.sites.len()).map(load).collect();
        Finished {
            digest: Digest::of(plan, replication.number, &replication.tally, &addresses),
            addresses,
            replication,
        }
    }

    fn into_study(self, plan: &Plan) -> Study {
        let Replication {
            mut tally, servers, ..
        } = self.replication;
        debug_assert_eq!(tally.sites.len(), plan.sites.len() + 1);
        Study {
            grid: tally.grid,
            clients: std::mem::take(&mut tally.clients),
            total: tally,
            addresses: self.addresses,
            replications: vec![self.digest],
            servers,
            interrupted: false,
        }
    }
}

impl Study {
    /// The study of replications already at hand, at least one, in order.
    #[must_use]
    pub fn of(plan: &Plan, replications: Vec<Replication>) -> Option<Self> {
        let mut finished = replications.into_iter().map(|it| Finished::of(plan, it));
        let mut study = finished.next()?.into_study(plan);
        finished.for_each(|more| study.absorb(more));
        Some(study)
    }

    fn absorb(&mut self, more: Finished) {
        self.total.absorb(more.replication.tally);
        for (mine, theirs) in self.addresses.iter_mut().zip(&more.addresses) {
            mine.absorb(theirs);
        }
        self.replications.push(more.digest);
    }

    /// Number of complete replications.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.replications.len() as u32
    }

    /// The load of a server, summed over all replications.
    #[must_use]
    pub fn load(&self, plan: &Plan, server: Server) -> &ServerTally {
        match server {
            Server::Cap(cap) => &self.total.servers[cap.index()],
            Server::LogonPoint(point) => &self.total.servers[plan.caps.len() + point.index()],
            Server::Address(child) => &self.addresses[child.index()],
        }
    }

    /// Clients of a place on a curve at a boundary, over replications.
    #[must_use]
    pub fn curve_band(&self, place: usize, boundary: usize, curve: Curve) -> Band<u32> {
        let position = place * self.grid.boundaries() + boundary;
        let at = |digest: &Digest| digest.curves[position][curve as usize];
        let none = Band {
            p10: 0,
            p50: 0,
            p90: 0,
        };
        match self.replications.as_slice() {
            [only] => none.map(|_| at(only)),
            several => {
                let mut values: Vec<u32> = several.iter().map(at).collect();
                Band::of(&mut values).unwrap_or(none)
            }
        }
    }

    /// When a place reached a milestone [s since the start of the record], over replications; one that never did
    /// counts as later than any that did.
    #[must_use]
    pub fn milestone_band(&self, place: usize, milestone: usize) -> Band<Option<u32>> {
        let at = |digest: &Digest| digest.milestones[place][milestone].unwrap_or(u32::MAX);
        let mut values: Vec<u32> = self.replications.iter().map(at).collect();
        let band = Band::of(&mut values).map(|band| band.map(|at| (at < u32::MAX).then_some(at)));
        band.unwrap_or(Band {
            p10: None,
            p50: None,
            p90: None,
        })
    }

    /// Replications in which a place reached a milestone.
    #[must_use]
    pub fn reached(&self, place: usize, milestone: usize) -> usize {
        let reached = |digest: &&Digest| digest.milestones[place][milestone].is_some();
        self.replications.iter().filter(reached).count()
    }

    /// The busiest interval of the server at `position` in [`Server::all`], over replications.
    #[must_use]
    pub fn peak_band(&self, position: usize) -> Band<Peak> {
        let peaks = self
            .replications
            .iter()
            .map(|digest| digest.peaks[position]);
        let mut peaks: Vec<Peak> = peaks.collect();
        Band::of(&mut peaks).unwrap_or(Band {
            p10: Peak::IDLE,
            p50: Peak::IDLE,
            p90: Peak::IDLE,
        })
    }

    /// The moment `elapsed_s` after the start of the record.
    #[must_use]
    pub fn moment(&self, elapsed_s: u32) -> Second {
        self.grid.start + elapsed_s
    }
}
