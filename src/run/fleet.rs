//! The fleet: every client run ahead in chunks, and the appointments that bring clients together again.
//!
//! A client without an appointment never meets another. Those that wait for one are kept by *neighbourhood*: cohorts
//! that can meet at a server, directly or through others. Neighbourhoods are simulated independently of each other,
//! each in the order of time.

use super::history::ServerHistory;
use super::life::Walker;
use super::life::put_aside::PutAside;
use super::neighbourhood::{Neighbourhood, neighbourhoods};
use super::recorder::Recorder;
use super::servers::simulate_servers;
use super::tally::Tally;
use super::watch::Watch;
use super::world::World;
use crate::plan::Plan;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// One replication, complete.
pub struct Replication {
    /// Its number, from 0.
    pub number: u32,
    /// What happened to the clients.
    pub tally: Tally,
    /// What the servers held.
    pub servers: ServerHistory,
}

/// Clients simulated one after the other before the next chunk is taken.
const CHUNK: u32 = 2_048;

/// Simulates one replication on `workers` threads of the current pool. The result does not depend on how many.
#[must_use]
pub fn simulate(plan: &Plan, replication: u32, workers: usize, watch: &dyn Watch) -> Replication {
    let servers = simulate_servers(plan, replication);
    let mut tally = {
        let world = World::new(plan, &servers, replication);
        let chunks = chunks(plan, |_| true);
        let (mut tally, waiting) = run_ahead(&world, &chunks, workers, watch);
        for part in keep_appointments(&world, waiting, workers) {
            tally.absorb(part);
        }
        tally
    };
    tally.sort_clients();
    Replication {
        number: replication,
        tally,
        servers,
    }
}

/// A part of a cohort.
pub(super) type Chunk = (usize, Range<u32>);

/// The parts of those cohorts that are wanted.
pub(super) fn chunks(plan: &Plan, wanted: impl Fn(usize) -> bool) -> Vec<Chunk> {
    let of_cohort = |(cohort, clients): (usize, u32)| {
        (0..clients)
            .step_by(CHUNK as usize)
            .map(move |begin| (cohort, begin..clients.min(begin + CHUNK)))
    };
    plan.cohorts
        .iter()
        .map(|cohort| cohort.count)
        .enumerate()
        .filter(|(cohort, _)| wanted(*cohort))
        .flat_map(of_cohort)
        .collect()
}

/// Clients of one cohort that were put aside.
pub(super) type Waiting = (usize, Vec<PutAside>);

/// Runs every client up to its first appointment, or through.
pub(super) fn run_ahead(
    world: &World<'_>,
    chunks: &[Chunk],
    workers: usize,
    watch: &dyn Watch,
) -> (Tally, Vec<Waiting>) {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut record = Recorder::new(Tally::new(world.plan));
        let mut waiting = Vec::new();
        while let Some((cohort, numbers)) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut put_aside = Vec::new();
            for number in numbers.clone() {
                let mut walker = Walker::new(world, &world.cohorts[*cohort], number, &mut record);
                if let Some(appointment) = walker.run() {
                    put_aside.push(PutAside::new(number, &walker.client, &appointment));
                }
            }
            if !put_aside.is_empty() {
                put_aside.shrink_to_fit();
                waiting.push((*cohort, put_aside));
            }
            watch.clients_done(u64::from(numbers.end - numbers.start));
        }
        push(&results, (record.into_tally(), waiting));
    };
    on_workers(workers, &work);
    let mut tally = Tally::new(world.plan);
    let mut waiting = Vec::new();
    for (part, put_aside) in into_inner(results) {
        tally.absorb(part);
        waiting.extend(put_aside);
    }
    (tally, waiting)
}

/// Serves everybody who waits, neighbourhood by neighbourhood.
fn keep_appointments(world: &World<'_>, waiting: Vec<Waiting>, workers: usize) -> Vec<Tally> {
    if waiting.is_empty() {
        return Vec::new();
    }
    let neighbourhoods = neighbourhoods(world);
    let mut parts: Vec<Vec<Waiting>> = Vec::new();
    parts.resize_with(world.cohorts.len(), Vec::new);
    for (cohort, put_aside) in waiting {
        parts[neighbourhoods[cohort]].push((cohort, put_aside));
    }
    parts.retain(|part| !part.is_empty());
    let parts: Vec<_> = parts.into_iter().map(Mutex::new).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut record = Recorder::new(Tally::new(world.plan));
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
            Neighbourhood::new(world, part, &mut record).run();
        }
        push(&results, record.into_tally());
    };
    on_workers(workers, &work);
    into_inner(results)
}

fn on_workers(workers: usize, work: &(dyn Fn() + Sync)) {
    if workers <= 1 {
        work();
    } else {
        rayon::scope(|scope| (0..workers).for_each(|_| scope.spawn(|_| work())));
    }
}

fn push<T>(results: &Mutex<Vec<T>>, result: T) {
    results
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(result);
}

fn into_inner<T>(results: Mutex<Vec<T>>) -> Vec<T> {
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}
