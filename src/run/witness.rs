//! One client of a fleet, followed from the first second to the last.
//!
//! Servers are simulated, then this one client: its draws are its own, so nobody else is needed. Only when it asks a
//! server that others want, too, do those who can meet it there live their lives, for their share of the server.

use super::fleet::{chunks, run_ahead};
use super::history::ServerHistory;
use super::life::Walker;
use super::neighbourhood::{Neighbourhood, neighbourhoods};
use super::observer::{Note, Witness};
use super::recorder::Recorder;
use super::servers::simulate_servers;
use super::tally::Tally;
use super::watch::Silent;
use super::world::World;
use crate::plan::{CohortId, Plan, SiteId};

/// What one client did, and what its servers held meanwhile.
pub struct Witnessed {
    /// In the order in which it happened; the last one tells how it ended.
    pub notes: Vec<Note>,
    /// The sites that can be the client's own, as its list of sites numbers them.
    pub covering: Vec<SiteId>,
    /// What the servers held.
    pub servers: ServerHistory,
    /// Clients that had to be simulated for it.
    pub simulated: u64,
}

/// Follows client `number` of `cohort` through one replication, on `workers` threads of the current pool.
#[must_use]
pub fn witness(
    plan: &Plan,
    replication: u32,
    (cohort, number): (CohortId, u32),
    workers: usize,
) -> Witnessed {
    let servers = simulate_servers(plan, replication);
    let world = World::new(plan, &servers, replication);
    let observer = Witness::of((cohort, number));
    let mut record = Recorder::seen_by(observer, Tally::new(plan));
    let own = &world.cohorts[cohort.index()];
    let waits = Walker::new(&world, own, number, &mut record).run();
    let mut simulated = 1;
    if waits.is_some() {
        let neighbourhoods = neighbourhoods(&world);
        let meets = |other: usize| neighbourhoods[other] == neighbourhoods[cohort.index()];
        let chunks = chunks(plan, meets);
        simulated = chunks
            .iter()
            .map(|(_, clients)| u64::from(clients.end - clients.start))
            .sum();
        let (_, waiting) = run_ahead(&world, &chunks, workers, &Silent);
        Neighbourhood::new(&world, waiting, &mut record).run();
    }
    let notes = record.observer.notes;
    let covering = own.covering.iter().map(|covering| covering.site).collect();
    Witnessed {
        notes,
        covering,
        servers,
        simulated,
    }
}
