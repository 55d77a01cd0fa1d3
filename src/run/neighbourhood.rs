//! Clients that can meet: appointments kept in the order of time at servers that all want.

use super::fleet::Waiting;
use super::life::client::Turn;
use super::life::put_aside::{Phase, PutAside};
use super::life::{Answer, Walker};
use super::observer::{Nobody, Observer};
use super::recorder::Recorder;
use super::world::{CohortWorld, ServerId, World};
use crate::engine::equal_share::Meter;
use crate::engine::queue::Timed;
use crate::engine::{EqualShare, EventQueue, Full, Second};

/// For each cohort the number of its neighbourhood: cohorts that share a contended server, directly or through others,
/// have the same.
pub(super) fn neighbourhoods(world: &World<'_>) -> Vec<usize> {
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

/// A contended server and the end it is expected at.
struct Busy {
    server: EqualShare,
    expected: Second,
}

/// Clients that can meet, and the servers they meet at, in the order of time.
pub(super) struct Neighbourhood<'w, 'r, O: Observer = Nobody> {
    world: &'w World<'w>,
    record: &'r mut Recorder<O>,
    /// In the order of the plan, so that a place here orders clients as the plan does.
    clients: Vec<PutAside>,
    /// Where each cohort's clients begin.
    cohorts: Vec<(u32, usize)>,
    servers: Vec<Option<Busy>>,
    /// Appointments and cuts by client, ends by server.
    queue: EventQueue<Event>,
}

impl<'w, 'r, O: Observer> Neighbourhood<'w, 'r, O> {
    pub fn new(
        world: &'w World<'w>,
        mut waiting: Vec<Waiting>,
        record: &'r mut Recorder<O>,
    ) -> Self {
        waiting.sort_unstable_by_key(|(cohort, clients)| {
            (*cohort, clients.first().map(|client| client.number))
        });
        let mut clients =
            Vec::with_capacity(waiting.iter().map(|(_, clients)| clients.len()).sum());
        let mut cohorts = Vec::new();
        for (cohort, put_aside) in waiting {
            if cohorts.last().is_none_or(|(_, last)| *last != cohort) {
                cohorts.push((clients.len() as u32, cohort));
            }
            clients.extend(put_aside);
        }
        assert!(
            clients.len() < 1 << Event::WHOSE_BITS,
            "more clients wait for servers that they share than one machine holds"
        );
        let queue = (0..)
            .zip(&clients)
            .filter_map(|(place, client)| asking(place, client))
            .collect();
        let mut servers = Vec::new();
        servers.resize_with(world.servers(), || None);
        Neighbourhood {
            world,
            record,
            clients,
            cohorts,
            servers,
            queue,
        }
    }

    pub fn run(mut self) {
        while let Some((now, turn, whose)) = self.queue.pop().map(Event::parts) {
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

    fn cohort_of(&self, whose: u32) -> &'w CohortWorld<'w> {
        let next = self.cohorts.partition_point(|(begins, _)| *begins <= whose);
        &self.world.cohorts[self.cohorts[next - 1].1]
    }

    fn client_asks_or_gives_up(&mut self, now: Second, turn: Turn, whose: u32) {
        let waiting = &self.clients[whose as usize];
        let server = waiting.server();
        match waiting.phase() {
            Phase::Asking(at, asks) if (at, asks) == (now, turn) => self.begin(now, whose),
            Phase::Copying(ticket) if waiting.cut() == (now, turn) => {
                if let Some(busy) = &mut self.servers[usize::from(server.0)] {
                    busy.server.cancel(now, ticket);
                }
                self.expect(server);
                self.resume(now, whose, Answer::CutShort);
            }
            _ => {} // the cut of a transfer that ended before
        }
    }

    fn begin(&mut self, now: Second, whose: u32) {
        let world = self.world;
        let appointment = self.clients[whose as usize].appointment(self.cohort_of(whose), now);
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
                self.clients[whose as usize].begin(ticket);
                if appointment.cut.0.is_set() {
                    let (at, turn) = appointment.cut;
                    self.queue.push(Event::new(at, turn, whose));
                }
                self.expect(appointment.server);
            }
            Err(Full) => self.resume(now, whose, Answer::TurnedAway),
        }
    }

    /// Puts a server's next end into the queue, unless an earlier look at it is there already.
    fn expect(&mut self, server: ServerId) {
        if let Some(busy) = &mut self.servers[usize::from(server.0)] {
            let end = busy.server.next_end();
            if end < busy.expected {
                busy.expected = end;
                let look = Event::new(end, Turn::TransferEnds, u32::from(server.0));
                self.queue.push(look);
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
                Some(whose) => self.resume(now, whose, Answer::Complete(now)),
                None => break,
            }
        }
        self.expect(server);
    }

    /// Hands a client back to its life, up to its next appointment.
    fn resume(&mut self, now: Second, whose: u32, answer: Answer) {
        let waiting = &self.clients[whose as usize];
        let cohort = self.cohort_of(whose);
        let appointment = waiting.appointment(cohort, now);
        let mut walker = Walker::resume(
            self.world,
            cohort,
            waiting.number,
            waiting.client(),
            self.record,
        );
        walker.answer(&appointment, answer);
        let waiting = &mut self.clients[whose as usize];
        match walker.run() {
            Some(appointment) => {
                *waiting = PutAside::new(waiting.number, &walker.client, &appointment);
                self.queue.extend(asking(whose, waiting));
            }
            None => waiting.finish(),
        }
    }

    /// The run is over: who still copies is left where it is, and the servers' records are closed.
    fn close(mut self) {
        let end = self.world.grid.end;
        for whose in 0..self.clients.len() as u32 {
            if let Phase::Copying(_) = self.clients[whose as usize].phase() {
                self.resume(end, whose, Answer::UnderWay);
            }
        }
        for (number, busy) in self.servers.into_iter().enumerate() {
            if let Some(busy) = busy {
                self.record
                    .usage(ServerId(number as u16), busy.server.into_usage(end));
            }
        }
    }
}

/// When, in which turn and to whom, in one number: it compares at once and takes little room for each who waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event(u64);

impl Event {
    /// Bits for the place of a client or the number of a server.
    const WHOSE_BITS: u32 = 28;

    fn new(at: Second, turn: Turn, whose: u32) -> Self {
        Event(u64::from(at.0) << 32 | (turn as u64) << Self::WHOSE_BITS | u64::from(whose))
    }

    fn parts(self) -> (Second, Turn, u32) {
        let turn = self.0 >> Self::WHOSE_BITS & 0xf;
        let whose = self.0 as u32 & ((1 << Self::WHOSE_BITS) - 1);
        (self.moment(), Turn::ALL[turn as usize], whose)
    }
}

impl Timed for Event {
    fn moment(&self) -> Second {
        Second((self.0 >> 32) as u32)
    }
}

/// The place in the queue of a client that will ask.
fn asking(place: u32, client: &PutAside) -> Option<Event> {
    match client.phase() {
        Phase::Asking(at, turn) => Some(Event::new(at, turn, place)),
        _ => None,
    }
}
