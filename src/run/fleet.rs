//! The fleet: every client run ahead in chunks, and the appointments that bring clients together again.
//!
//! A client without an appointment never meets another. Those that wait for one are kept by *neighbourhood*: cohorts
//! that can meet at a server, directly or through others. Neighbourhoods are simulated independently of each other,
//! each in the order of time.

use super::history::ServerHistory;
use super::life::client::{Client, Turn};
use super::life::{Answer, Appointment, Walker};
use super::recorder::Recorder;
use super::servers::simulate_servers;
use super::tally::Tally;
use super::watch::Watch;
use super::world::{ServerId, World};
use crate::engine::equal_share::Meter;
use crate::engine::{EqualShare, EventQueue, Second, Ticket};
use crate::plan::Plan;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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
        let chunks = chunks(plan);
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
type Chunk = (usize, Range<u32>);

fn chunks(plan: &Plan) -> Vec<Chunk> {
    let of_cohort = |(cohort, clients): (usize, u32)| {
        (0..clients)
            .step_by(CHUNK as usize)
            .map(move |begin| (cohort, begin..clients.min(begin + CHUNK)))
    };
    plan.cohorts
        .iter()
        .map(|cohort| cohort.count)
        .enumerate()
        .flat_map(of_cohort)
        .collect()
}

/// A client put aside until a server answers it.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    client: Client,
    cohort: u32,
    number: u32,
    appointment: Appointment,
}

/// Runs every client up to its first appointment, or through.
fn run_ahead(
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
            for number in numbers.clone() {
                let mut walker = Walker::new(world, &world.cohorts[*cohort], number, &mut record);
                if let Some(appointment) = walker.run() {
                    waiting.push(Waiting {
                        client: walker.client,
                        cohort: *cohort as u32,
                        number,
                        appointment,
                    });
                }
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
        if waiting.is_empty() {
            waiting = put_aside;
        } else {
            waiting.extend(put_aside);
        }
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
    for client in waiting {
        parts[neighbourhoods[client.cohort as usize]].push(client);
    }
    parts.retain(|part| !part.is_empty());
    let parts: Vec<_> = parts.into_iter().map(Mutex::new).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut record = Recorder::new(Tally::new(world.plan));
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let part = std::mem::take(
                &mut *part
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner),
            );
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
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .push(result);
}

fn into_inner<T>(results: Mutex<Vec<T>>) -> Vec<T> {
    results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// For each cohort the number of its neighbourhood: cohorts that share a contended server, directly or through others,
/// have the same.
fn neighbourhoods(world: &World<'_>) -> Vec<usize> {
    let mut joined: Vec<usize> = (0..world.cohorts.len()).collect();
    let mut first_at: Vec<Option<usize>> = vec![None; world.servers()];
    for (cohort, of) in world.cohorts.iter().enumerate() {
        let caps = of
            .covering
            .iter()
            .flat_map(|site| site.caps.iter().map(|(server, _)| *server));
        let points = of
            .domain
            .iter()
            .flat_map(|domain| domain.points.iter().map(|(server, _)| *server));
        for server in caps
            .chain(points)
            .filter(|server| world.is_contended(*server))
        {
            match first_at[usize::from(server.0)] {
                None => first_at[usize::from(server.0)] = Some(cohort),
                Some(other) => {
                    let (a, b) = (root(&joined, cohort), root(&joined, other));
                    joined[a.max(b)] = a.min(b);
                }
            }
        }
    }
    (0..joined.len())
        .map(|cohort| root(&joined, cohort))
        .collect()
}

fn root(joined: &[usize], mut cohort: usize) -> usize {
    while joined[cohort] != cohort {
        cohort = joined[cohort];
    }
    cohort
}

/// What a waiting client is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Asking,
    Copying(Ticket),
    Over,
}

/// A contended server and the end it is expected at.
struct Busy {
    server: EqualShare,
    expected: Second,
}

/// Clients that can meet, and the servers they meet at, in the order of time.
struct Neighbourhood<'w, 'r> {
    world: &'w World<'w>,
    record: &'r mut Recorder,
    /// In the order of the plan, so that a place here orders clients as the plan does.
    clients: Vec<(Waiting, Phase)>,
    servers: Vec<Option<Busy>>,
    /// Appointments and cuts by client, ends by server.
    queue: EventQueue<(Second, Turn, u32)>,
}

impl<'w, 'r> Neighbourhood<'w, 'r> {
    fn new(world: &'w World<'w>, mut waiting: Vec<Waiting>, record: &'r mut Recorder) -> Self {
        waiting.sort_unstable_by_key(|client| (client.cohort, client.number));
        let key = |(place, client): (u32, &Waiting)| {
            (client.appointment.at, client.appointment.turn, place)
        };
        let queue = (0..).zip(&waiting).map(key).collect();
        let mut servers = Vec::new();
        servers.resize_with(world.servers(), || None);
        Neighbourhood {
            world,
            record,
            clients: waiting
                .into_iter()
                .map(|client| (client, Phase::Asking))
                .collect(),
            servers,
            queue,
        }
    }

    fn run(mut self) {
        while let Some((now, turn, whose)) = self.queue.pop() {
            if now >= self.world.grid.end {
                break;
            }
            if turn == Turn::TransferEnds {
                self.server_looks(now, ServerId(whose as u16));
            } else {
                self.client_asks_or_gives_up(now, turn, whose);
            }
        }
        self.close();
    }

    fn client_asks_or_gives_up(&mut self, now: Second, turn: Turn, whose: u32) {
        let (waiting, phase) = self.clients[whose as usize];
        let appointment = waiting.appointment;
        match phase {
            Phase::Asking if (appointment.at, appointment.turn) == (now, turn) => {
                self.begin(now, whose, appointment)
            }
            Phase::Copying(ticket) if appointment.cut == (now, turn) => {
                if let Some(busy) = &mut self.servers[usize::from(appointment.server.0)] {
                    busy.server.cancel(now, ticket);
                }
                self.expect(appointment.server);
                self.resume(whose, Answer::CutShort);
            }
            _ => {} // the cut of a transfer that ended before
        }
    }

    fn begin(&mut self, now: Second, whose: u32, appointment: Appointment) {
        let world = self.world;
        let busy = self.servers[usize::from(appointment.server.0)].get_or_insert_with(|| {
            let (bandwidth_bps, connections) = world.limits(appointment.server);
            let meter = Meter::new(
                world.grid.start,
                world.grid.interval_s,
                world.grid.intervals,
            );
            Busy {
                server: EqualShare::new(bandwidth_bps, connections, meter),
                expected: Second::NEVER,
            }
        });
        match busy
            .server
            .begin(now, whose, appointment.bytes, appointment.link_bps)
        {
            Ok(ticket) => {
                self.clients[whose as usize].1 = Phase::Copying(ticket);
                if appointment.cut.0.is_set() {
                    self.queue
                        .push((appointment.cut.0, appointment.cut.1, whose));
                }
                self.expect(appointment.server);
            }
            Err(crate::engine::Full) => self.resume(whose, Answer::TurnedAway),
        }
    }

    /// Puts a server's next end into the queue, unless an earlier look at it is there already.
    fn expect(&mut self, server: ServerId) {
        if let Some(busy) = &mut self.servers[usize::from(server.0)] {
            let end = busy.server.next_end();
            if end < busy.expected {
                busy.expected = end;
                self.queue
                    .push((end, Turn::TransferEnds, u32::from(server.0)));
            }
        }
    }

    fn server_looks(&mut self, now: Second, server: ServerId) {
        loop {
            let Some(busy) = &mut self.servers[usize::from(server.0)] else {
                return;
            };
            if busy.expected == now {
                busy.expected = Second::NEVER;
            }
            match busy.server.take_ended(now) {
                Some(whose) => self.resume(whose, Answer::Complete(now)),
                None => break,
            }
        }
        self.expect(server);
    }

    /// Hands a client back to its life, up to its next appointment.
    fn resume(&mut self, whose: u32, answer: Answer) {
        let (waiting, _) = self.clients[whose as usize];
        let cohort = &self.world.cohorts[waiting.cohort as usize];
        let mut walker = Walker::resume(
            self.world,
            cohort,
            waiting.number,
            waiting.client,
            self.record,
        );
        walker.answer(&waiting.appointment, answer);
        let (slot, phase) = &mut self.clients[whose as usize];
        match walker.run() {
            Some(appointment) => {
                slot.client = walker.client;
                slot.appointment = appointment;
                *phase = Phase::Asking;
                self.queue.push((appointment.at, appointment.turn, whose));
            }
            None => *phase = Phase::Over,
        }
    }

    /// The run is over: who still copies is left where it is, and the servers' records are closed.
    fn close(mut self) {
        for whose in 0..self.clients.len() as u32 {
            if let (_, Phase::Copying(_)) = self.clients[whose as usize] {
                self.resume(whose, Answer::UnderWay);
            }
        }
        let end = self.world.grid.end;
        for (number, busy) in self.servers.into_iter().enumerate() {
            if let Some(busy) = busy {
                self.record
                    .usage(ServerId(number as u16), busy.server.into_usage(end));
            }
        }
    }
}
