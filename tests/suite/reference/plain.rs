//! The plain driver.

use smsim::engine::{Second, Usage};
use smsim::plan::Plan;
use smsim::run::life::client::{Client, Job, Turn};
use smsim::run::life::{Answer, Appointment, Step, Walker};
use smsim::run::recorder::Recorder;
use smsim::run::simulate_servers;
use smsim::run::tally::{Grid, ServerTally, Tally};
use smsim::run::world::{ServerId, World};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// One client: its state, and the transfer it waits for.
struct One {
    cohort: usize,
    number: u32,
    client: Client,
    copying_from: Option<ServerId>,
    over: bool,
}

/// Simulates one replication, every event in the order of time.
pub fn simulate(plan: &Plan, replication: u32) -> Tally {
    let history = simulate_servers(plan, replication);
    let world = World::new(plan, &history, replication);
    let mut record = Recorder::new(Tally::new(plan));
    let mut fleet = everybody(&world, &mut record);
    let mut servers: BTreeMap<ServerId, PlainServer> = BTreeMap::new();
    let mut queue = BinaryHeap::new();
    for (who, one) in fleet.iter().enumerate() {
        queue.push(Reverse(next_of(&world, &mut record, one, who)));
    }
    loop {
        let end = servers
            .iter_mut()
            .filter_map(|(id, server)| Some((server.next_end()?, *id)))
            .min();
        let Some(Reverse((at, turn, who))) = queue.peek().copied() else {
            break;
        };
        if let Some((ends, id)) = end
            && (ends, Turn::TransferEnds) <= (at, turn)
            && (turn != Turn::TransferEnds || ends < at)
            && ends < world.grid.end
        {
            for who in servers.get_mut(&id).unwrap().ended(ends) {
                fleet[who].copying_from = None;
                fleet[who].client.set_timer(ends, Turn::TransferEnds);
                queue.push(Reverse((ends, Turn::TransferEnds, who)));
            }
            continue;
        }
        if at >= world.grid.end {
            break;
        }
        queue.pop();
        if fleet[who].over || next_of(&world, &mut record, &fleet[who], who) != (at, turn, who) {
            continue; // it has other plans by now
        }
        step(&world, &mut record, &mut servers, &mut fleet[who], who, at);
        queue.push(Reverse(next_of(&world, &mut record, &fleet[who], who)));
    }
    close(&world, &mut record, fleet, servers)
}

fn everybody(world: &World<'_>, record: &mut Recorder) -> Vec<One> {
    let mut fleet = Vec::new();
    for (cohort, of) in world.cohorts.iter().enumerate() {
        for number in 0..of.plan.count {
            let client = Walker::new(world, of, number, record).client;
            fleet.push(One {
                cohort,
                number,
                client,
                copying_from: None,
                over: false,
            });
        }
    }
    fleet
}

fn next_of(
    world: &World<'_>,
    record: &mut Recorder,
    one: &One,
    who: usize,
) -> (Second, Turn, usize) {
    let walker = Walker::resume(
        world,
        &world.cohorts[one.cohort],
        one.number,
        one.client,
        record,
    );
    let (at, turn) = walker.next_event();
    (at, turn, who)
}

/// Lets one event happen to one client, and its server hear of what follows from it.
fn step(
    world: &World<'_>,
    record: &mut Recorder,
    servers: &mut BTreeMap<ServerId, PlainServer>,
    one: &mut One,
    who: usize,
    now: Second,
) {
    let mut walker = Walker::resume(
        world,
        &world.cohorts[one.cohort],
        one.number,
        one.client,
        record,
    );
    let step = walker.step();
    if let Some(server) = one.copying_from
        && (walker.client.job == Job::None || walker.client.aborted != one.client.aborted)
    {
        servers.get_mut(&server).unwrap().cancel(now, who);
        one.copying_from = None;
    }
    if step == Step::Waits {
        let appointment = walker.appointment.unwrap();
        let server = servers
            .entry(appointment.server)
            .or_insert_with(|| PlainServer::new(world, appointment.server));
        if server.begin(who, &appointment) {
            one.copying_from = Some(appointment.server);
            walker.answer(&appointment, Answer::UnderWay);
        } else {
            walker.answer(&appointment, Answer::TurnedAway);
        }
    }
    one.client = walker.client;
    one.over = step == Step::Over;
}

fn close(
    world: &World<'_>,
    record: &mut Recorder,
    fleet: Vec<One>,
    servers: BTreeMap<ServerId, PlainServer>,
) -> Tally {
    for one in fleet.into_iter().filter(|one| !one.over) {
        let mut walker = Walker::resume(
            world,
            &world.cohorts[one.cohort],
            one.number,
            one.client,
            record,
        );
        assert_eq!(walker.step(), Step::Over, "nothing is left to happen");
    }
    let mut tally = std::mem::replace(record, Recorder::new(Tally::new(world.plan))).into_tally();
    for (id, mut server) in servers {
        server.run_to(world.grid.end.0 as u128 * TICKS);
        if let Some(usage) = server.usage() {
            tally.servers[usize::from(id.0)].absorb(&ServerTally {
                usage,
                ..ServerTally::default()
            });
        }
    }
    tally.sort_clients();
    tally
}

const TICKS: u128 = 1 << 20;
const WORK_PER_BIT: u128 = 1 << 60;

/// An equal-share server that recomputes everything at every event.
struct PlainServer {
    grid: Grid,
    bandwidth_bps: Option<u64>,
    connections: Option<u32>,
    tick: u128,
    /// Who, over which link, and what is left of it.
    transfers: Vec<(usize, u64, u128)>,
    /// Ended within the second, not told yet.
    done: Vec<usize>,
    /// Work delivered in each interval.
    delivered: Vec<u128>,
    usage: Usage,
    used: bool,
}

impl PlainServer {
    fn new(world: &World<'_>, server: ServerId) -> Self {
        let (bandwidth_bps, connections) = world.limits(server);
        PlainServer {
            grid: world.grid,
            bandwidth_bps,
            connections,
            tick: 0,
            transfers: Vec::new(),
            done: Vec::new(),
            delivered: vec![0; world.grid.intervals],
            usage: Usage::with_intervals(world.grid.intervals),
            used: false,
        }
    }

    fn begin(&mut self, who: usize, appointment: &Appointment) -> bool {
        self.run_to(u128::from(appointment.at.0) * TICKS);
        let interval = self.grid.interval(appointment.at);
        self.used |= interval.is_some();
        if self
            .connections
            .is_some_and(|limit| self.transfers.len() >= limit as usize)
        {
            interval
                .into_iter()
                .for_each(|interval| self.usage.turned_away[interval] += 1);
            return false;
        }
        self.transfers.push((
            who,
            appointment.link_bps,
            u128::from(appointment.bytes) * 8 * WORK_PER_BIT,
        ));
        if let Some(interval) = interval {
            self.usage.transfers[interval] += 1;
            let queue = &mut self.usage.longest_queue[interval];
            *queue = (*queue).max(self.transfers.len() as u32);
        }
        true
    }

    fn cancel(&mut self, now: Second, who: usize) {
        self.run_to(u128::from(now.0) * TICKS);
        self.transfers.retain(|(other, ..)| *other != who);
        self.done.retain(|other| *other != who);
    }

    /// The second by which the next transfer has ended.
    fn next_end(&mut self) -> Option<Second> {
        if !self.done.is_empty() {
            return Some(Second(self.tick.div_ceil(TICKS) as u32));
        }
        self.next_end_tick()
            .map(|tick| Second(tick.div_ceil(TICKS).min(u128::from(u32::MAX)) as u32))
    }

    fn next_end_tick(&self) -> Option<u128> {
        let rates = self.rates();
        let ends = self
            .transfers
            .iter()
            .zip(rates)
            .map(|((.., left), rate)| self.tick + left.div_ceil(rate));
        ends.min()
    }

    fn ended(&mut self, now: Second) -> Vec<usize> {
        self.run_to(u128::from(now.0) * TICKS);
        std::mem::take(&mut self.done)
    }

    /// The rate of every transfer: slower links first, each takes its own rate or an equal part of what is left.
    fn rates(&self) -> Vec<u128> {
        let per_tick = WORK_PER_BIT / TICKS;
        let mut links: Vec<u64> = self.transfers.iter().map(|(_, link, _)| *link).collect();
        links.sort_unstable();
        let mut sharers = links.len() as u128;
        links.dedup();
        let mut left = self.bandwidth_bps.map(|bps| u128::from(bps) * per_tick);
        let mut rate_of = BTreeMap::new();
        for link in links {
            let alike = self
                .transfers
                .iter()
                .filter(|(_, other, _)| *other == link)
                .count() as u128;
            let own = u128::from(link) * per_tick;
            let rate = left.map_or(own, |left| own.min((left / sharers).max(1)));
            left = left.map(|left| left.saturating_sub(rate * alike));
            sharers -= alike;
            rate_of.insert(link, rate);
        }
        self.transfers
            .iter()
            .map(|(_, link, _)| rate_of[link])
            .collect()
    }

    fn run_to(&mut self, tick: u128) {
        while let Some(end) = self.next_end_tick().filter(|end| *end <= tick) {
            self.progress(end);
            let (done, rest) = self.transfers.drain(..).partition(|(.., left)| *left == 0);
            self.transfers = rest;
            self.done.extend(
                Vec::from_iter(done)
                    .into_iter()
                    .map(|(who, ..): (usize, u64, u128)| who),
            );
        }
        self.progress(tick);
    }

    fn progress(&mut self, tick: u128) {
        if tick <= self.tick {
            return;
        }
        let rates = self.rates();
        let elapsed = tick - self.tick;
        self.deliver(tick, rates.iter().sum());
        for ((.., left), rate) in self.transfers.iter_mut().zip(rates) {
            *left = left.saturating_sub(rate * elapsed);
        }
        self.tick = tick;
    }

    fn deliver(&mut self, until: u128, rate: u128) {
        let width = u128::from(self.grid.interval_s) * TICKS;
        for interval in 0..self.grid.intervals {
            let begins = u128::from(self.grid.start.0) * TICKS + interval as u128 * width;
            let overlap = until
                .min(begins + width)
                .saturating_sub(self.tick.max(begins));
            self.delivered[interval] += rate * overlap;
            self.used |= rate * overlap > 0;
        }
    }

    fn usage(mut self) -> Option<Usage> {
        if !self.used {
            return None;
        }
        let (mut work, mut told) = (0, 0);
        for interval in 0..self.grid.intervals {
            work += self.delivered[interval];
            self.usage.bits[interval] = (work / WORK_PER_BIT - told) as u64;
            told = work / WORK_PER_BIT;
        }
        Some(self.usage)
    }
}
