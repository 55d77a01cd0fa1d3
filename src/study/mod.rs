//! All replications of one plan, reduced to what results are written from.
//!
//! Knows what replications have in common and how they differ; knows nothing of files.

pub mod addresses;
pub mod comparison;
pub mod design;
pub mod digest;
pub mod evaluate;
pub mod fit;
pub mod keep;
pub mod measured;
pub mod milestones;
pub mod places;
pub mod precision;
pub mod rings;
#[cfg(test)]
pub mod sample;
pub mod search;
pub mod sensitivity;
mod series;
pub mod statistics;
pub mod stuck;
#[cfg(test)]
mod tests;
pub mod thresholds;

pub use crate::plan::compared;
pub use digest::{Digest, Peak};
pub use keep::{Keep, Nowhere};
pub use milestones::{MILESTONES, Reached};
pub use places::{Place, Server};
pub use statistics::{Band, nearest_rank, percentile_of};
pub use thresholds::Judged;

use crate::engine::Second;
use crate::plan::study::FIRST_LOOK;
use crate::plan::{Percentile, Plan, SiteId};
use crate::run::tally::{Curve, Grid, ServerTally};
use crate::run::{
    ClientRecord, Replication, ServerHistory, Tally, Watch, simulate, simulate_servers,
};
use crate::sms::Reason;
use keep::NotKept;
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
#[derive(Debug, thiserror::Error)]
pub enum NoStudy {
    /// The program is wrong.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It was ended before the first replication was complete.
    #[error("ended before the first replication was complete")]
    Interrupted,
    /// A finished replication could not be put away or taken out.
    #[error(transparent)]
    NotKept(NotKept),
}

/// Simulates every replication of `plan` on the current threads, and keeps none.
///
/// # Errors
/// If nothing was complete when `watch` ended the study, or the program is wrong.
pub fn run_study(plan: &Plan, watch: &dyn Watch) -> Result<Study, NoStudy> {
    run_kept(plan, &Nowhere, watch)
}

/// Takes every replication of `plan` from where it is kept, and simulates and keeps the others.
///
/// Replications are taken up in batches of one per thread and added up in their order, so that memory is bounded by
/// the number of threads and the result does not depend on it, nor on which of them were there already. If the plan
/// says how well something has to be known, that is looked at first after the plan's number of replications (ten at
/// least), and again each time there are a quarter more.
///
/// # Errors
/// If nothing was complete when `watch` ended the study, a replication could not be kept, or the program is wrong.
pub fn run_kept(plan: &Plan, keep: &dyn Keep, watch: &dyn Watch) -> Result<Study, NoStudy> {
    let mut study: Option<Study> = None;
    let (mut done, mut goal) = (0, first_goal(plan));
    loop {
        let numbers: Vec<u32> = (done..goal).collect();
        let mut take = |finished: Finished| match &mut study {
            None => study = Some(finished.into_study(plan)),
            Some(study) => study.absorb(finished),
        };
        let complete = in_order(plan, &numbers, keep, watch, &mut take)?;
        let Some(so_far) = &mut study else {
            return Err(NoStudy::Interrupted);
        };
        so_far.interrupted = !complete;
        done = goal;
        match &plan.study.until {
            Some(until) if complete && done < until.at_most => {
                if until.holds(so_far.half_width(until)) {
                    break;
                }
                goal = until.next_look(done);
            }
            _ => break,
        }
    }
    study.ok_or(NoStudy::Interrupted)
}

/// Replications that are done before anybody asks whether they are enough.
fn first_goal(plan: &Plan) -> u32 {
    match &plan.study.until {
        None => plan.replications.max(1),
        Some(until) => plan.replications.max(FIRST_LOOK).min(until.at_most).max(1),
    }
}

/// Simulates those of `numbers` that are not kept yet, and keeps them. Whether all are there now.
///
/// # Errors
/// If a replication could not be kept, or the program is wrong.
pub fn run_some(
    plan: &Plan,
    numbers: &[u32],
    keep: &dyn Keep,
    watch: &dyn Watch,
) -> Result<bool, NoStudy> {
    in_order(plan, numbers, keep, watch, &mut |_| {})
}

/// Finishes replications and hands them on in their order, until `watch` ends it. Whether all were finished.
fn in_order(
    plan: &Plan,
    numbers: &[u32],
    keep: &dyn Keep,
    watch: &dyn Watch,
    take: &mut dyn FnMut(Finished),
) -> Result<bool, NoStudy> {
    let threads = rayon::current_num_threads().max(1);
    for batch in numbers.chunks(threads) {
        let workers = threads / batch.len();
        // Kept apart until in order, so that of several broken replications the first is told.
        let finished: Vec<Result<Option<Finished>, NoStudy>> = batch
            .into_par_iter()
            .map(|number| finish(plan, *number, workers, keep, watch))
            .collect();
        for finished in finished {
            match finished? {
                None => return Ok(false),
                Some(finished) => take(finished),
            }
        }
    }
    Ok(true)
}

/// One replication and its digest, before it is added to the others.
struct Finished {
    digest: Digest,
    addresses: Vec<ServerTally>,
    replication: Replication,
}

/// One replication, kept or simulated, unless the study was ended; a broken invariant is told with what it takes to
/// replay it.
fn finish(
    plan: &Plan,
    number: u32,
    workers: usize,
    keep: &dyn Keep,
    watch: &dyn Watch,
) -> Result<Option<Finished>, NoStudy> {
    if watch.cancelled() {
        return Ok(None);
    }
    let kept = keep.fetch(number).map_err(NoStudy::NotKept)?;
    let is_new = kept.is_none();
    let work = AssertUnwindSafe(|| {
        let replication = match kept {
            None => simulate(plan, number, workers, watch),
            Some(tally) => Replication {
                number,
                tally,
                servers: simulate_servers(plan, number),
            },
        };
        Finished::of(plan, replication)
    });
    let finished = catch_unwind(work).map_err(|panic| Broken {
        seed: plan.seed,
        replication: number + 1,
        message: panic_message(panic.as_ref()),
    })?;
    if is_new {
        keep.put(
            number,
            &finished.digest.compared,
            &finished.replication.tally,
        )
        .map_err(NoStudy::NotKept)?;
    } else {
        watch.clients_done(plan.clients());
    }
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

    /// Clients of a place on a curve at a boundary: one value per percentile.
    #[must_use]
    pub fn curve_at(
        &self,
        place: usize,
        boundary: usize,
        curve: Curve,
        at: &[Percentile],
    ) -> Vec<u32> {
        let position = place * self.grid.boundaries() + boundary;
        self.percentiles(at, |digest| digest.curves[position][curve as usize])
    }

    /// When a place reached a milestone, as [`Study::milestone_band`]: one value per percentile.
    #[must_use]
    pub fn milestone_at(
        &self,
        place: usize,
        milestone: usize,
        at: &[Percentile],
    ) -> Vec<Option<u32>> {
        let late = |digest: &Digest| digest.milestones[place][milestone].unwrap_or(u32::MAX);
        let values = self.percentiles(at, late).into_iter();
        values.map(|at| (at < u32::MAX).then_some(at)).collect()
    }

    /// The busiest interval of the server at `position` in [`Server::all`]: one per percentile.
    #[must_use]
    pub fn peak_at(&self, position: usize, at: &[Percentile]) -> Vec<Peak> {
        self.percentiles(at, |digest| digest.peaks[position])
    }

    /// Bytes that the server at `position` in [`Server::all`] moved in an interval: one value per percentile.
    #[must_use]
    pub fn load_at(&self, position: usize, interval: usize, at: &[Percentile]) -> Vec<u64> {
        self.percentiles(at, |digest| digest.loads[position].at(interval))
    }

    /// How often a reason decided at the site at `position` of the tally in an interval: one value per percentile.
    #[must_use]
    pub fn decisions_at(
        &self,
        position: usize,
        reason: Reason,
        interval: usize,
        at: &[Percentile],
    ) -> Vec<u32> {
        self.percentiles(at, |digest| {
            let mut decided = digest.decisions[position].iter();
            let series = decided.find(|(other, _)| *other == reason);
            series.map_or(0, |(_, series)| series.at(interval))
        })
    }

    /// Percentiles of a value over replications.
    pub fn percentiles<T: Ord + Copy>(
        &self,
        at: &[Percentile],
        value: impl Fn(&Digest) -> T,
    ) -> Vec<T> {
        let mut values: Vec<T> = self.replications.iter().map(value).collect();
        values.sort_unstable();
        let percentile = |at: &Percentile| percentile_of(&values, *at).copied();
        at.iter().filter_map(percentile).collect()
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
