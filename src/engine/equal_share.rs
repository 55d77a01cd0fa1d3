//! A server whose bandwidth all transfers share equally.
//!
//! Processor sharing, exact: at every instant each of the n transfers in progress gets the same rate, except that none
//! gets more than its own link takes; what such a transfer leaves over is shared among the others. Inside, time runs in
//! ticks far finer than a second, so a transfer that ends within a second frees its share at once; only what the
//! outside hears is rounded up to a whole second.
//!
//! Transfers with the same link rate always progress alike. So the server keeps, per distinct link rate, the work that
//! one transfer of that class has received so far; a transfer ends when that number reaches its own target. An arrival,
//! an end or a cancellation then costs one heap operation and a pass over the few link classes.

use super::time::Second;
use super::usage::Usage;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Ticks per second, as a power of two.
const TICK_BITS: u32 = 20;
/// Units of work per bit, as a power of two: fine enough that rounding a rate down loses nothing that shows.
const WORK_BITS: u32 = 60;

/// A transfer in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u32);

/// The server has as many transfers as it has connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Transfers whose links have the same rate.
#[derive(Debug)]
struct LinkClass {
    link_bps: u64,
    active: u64,
    /// Work each transfer of this class receives per tick now.
    rate: u128,
    /// Work one transfer of this class would have received since the server began.
    received: u128,
    /// The ends to come: target of `received`, and whose. Cancelled ones are passed over when they surface.
    ends: BinaryHeap<Reverse<(u128, Ticket)>>,
}

#[derive(Clone, Copy, Debug)]
struct Transfer {
    owner: u32,
    class: u32,
    active: bool,
}

/// A server of limited bandwidth that its transfers share equally.
#[derive(Debug)]
pub struct EqualShare {
    bandwidth_bps: Option<u64>,
    connections: Option<u32>,
    classes: Vec<LinkClass>,
    slowest_first: Vec<usize>,
    transfers: Vec<Transfer>,
    free: Vec<Ticket>,
    active: u32,
    tick: u64,
    /// When the next transfer ends if nothing else happens.
    next_end: Option<u64>,
    /// Transfers that have ended and whose owners have not been told.
    ended: VecDeque<Ticket>,
    meter: Meter,
}

impl EqualShare {
    /// A server of `bandwidth_bps` (none: no limit of its own) and at most `connections` transfers at a time (none: no
    /// limit), whose use `meter` records.
    #[must_use]
    pub fn new(bandwidth_bps: Option<u64>, connections: Option<u32>, meter: Meter) -> Self {
        EqualShare {
            bandwidth_bps,
            connections,
            classes: Vec::new(),
            slowest_first: Vec::new(),
            transfers: Vec::new(),
            free: Vec::new(),
            active: 0,
            tick: 0,
            next_end: None,
            ended: VecDeque::new(),
            meter,
        }
    }

    /// Begins a transfer of `bytes` for `owner` over a link of `link_bps` (at least 1).
    ///
    /// # Errors
    /// [`Full`] if all connections are taken; the request is counted as turned away.
    pub fn begin(
        &mut self,
        now: Second,
        owner: u32,
        bytes: u64,
        link_bps: u64,
    ) -> Result<Ticket, Full> {
        self.settle(ticks(now));
        if self.connections.is_some_and(|limit| self.active >= limit) {
            self.meter.turned_away(now);
            return Err(Full);
        }
        let class = self.class_of(link_bps);
        let transfer = Transfer {
            owner,
            class: class as u32,
            active: true,
        };
        let ticket = self.take_slot(transfer);
        let target = self.classes[class].received + ((u128::from(bytes) * 8) << WORK_BITS);
        self.classes[class].ends.push(Reverse((target, ticket)));
        self.classes[class].active += 1;
        self.active += 1;
        self.meter.begun(now, self.active);
        self.share();
        Ok(ticket)
    }

    /// Ends a transfer before it is complete, or before its owner was told that it is. What it received stays counted as
    /// delivered.
    ///
    /// # Panics
    /// If the transfer is not in progress.
    pub fn cancel(&mut self, now: Second, ticket: Ticket) {
        self.settle(ticks(now));
        if let Some(place) = self.ended.iter().position(|ended| *ended == ticket) {
            self.ended.remove(place);
            self.free.push(ticket);
            return;
        }
        let transfer = &mut self.transfers[ticket.0 as usize];
        assert!(
            transfer.active,
            "only a transfer in progress can be cancelled"
        );
        transfer.active = false;
        self.classes[transfer.class as usize].active -= 1;
        self.active -= 1;
        self.share();
    }

    /// The second by which the next transfer will have ended if nothing else happens; `NEVER` if none is in progress.
    #[must_use]
    pub fn next_end(&self) -> Second {
        let tick = if self.ended.is_empty() {
            self.next_end
        } else {
            Some(self.tick)
        };
        match tick {
            Some(tick) => Second(u32::try_from(tick.div_ceil(1 << TICK_BITS)).unwrap_or(u32::MAX)),
            None => Second::NEVER,
        }
    }

    /// Lets time pass up to `now` and takes out one owner whose transfer has ended by then, if there is one.
    pub fn take_ended(&mut self, now: Second) -> Option<u32> {
        self.settle(ticks(now));
        let ticket = self.ended.pop_front()?;
        self.free.push(ticket);
        Some(self.transfers[ticket.0 as usize].owner)
    }

    /// Number of transfers in progress.
    #[must_use]
    pub fn in_progress(&self) -> u32 {
        self.active
    }

    /// Closes the record at `end` and gives it out.
    #[must_use]
    pub fn into_usage(mut self, end: Second) -> Usage {
        self.settle(ticks(end));
        self.meter.into_usage()
    }

    fn take_slot(&mut self, transfer: Transfer) -> Ticket {
        if let Some(ticket) = self.free.pop() {
            self.transfers[ticket.0 as usize] = transfer;
            return ticket;
        }
        self.transfers.push(transfer);
        Ticket(self.transfers.len() as u32 - 1)
    }

    /// The class of a link rate, made at the first transfer over such a link.
    fn class_of(&mut self, link_bps: u64) -> usize {
        if let Some(class) = self
            .classes
            .iter()
            .position(|class| class.link_bps == link_bps)
        {
            return class;
        }
        self.classes.push(LinkClass {
            link_bps,
            active: 0,
            rate: 0,
            received: 0,
            ends: BinaryHeap::new(),
        });
        let class = self.classes.len() - 1;
        self.slowest_first.push(class);
        self.slowest_first
            .sort_by_key(|class| self.classes[*class].link_bps);
        class
    }

    /// Lets time pass up to `tick`, stopping wherever a transfer ends to share its rate among the others.
    fn settle(&mut self, tick: u64) {
        while let Some(end) = self.next_end.filter(|end| *end <= tick) {
            self.run_to(end);
            for class in 0..self.classes.len() {
                while self.has_ended(class) {
                    self.end_first(class);
                }
            }
            self.share();
        }
        self.run_to(tick);
    }

    /// Takes the first transfer out of a class, as ended or, if it was cancelled before, for good.
    fn end_first(&mut self, class: usize) {
        let Some(Reverse((_, ticket))) = self.classes[class].ends.pop() else {
            return;
        };
        let transfer = &mut self.transfers[ticket.0 as usize];
        if std::mem::replace(&mut transfer.active, false) {
            self.classes[class].active -= 1;
            self.active -= 1;
            self.ended.push_back(ticket);
        } else {
            self.free.push(ticket);
        }
    }

    fn has_ended(&self, class: usize) -> bool {
        let class = &self.classes[class];
        matches!(class.ends.peek(), Some(Reverse((target, _))) if *target <= class.received)
    }

    /// The next end at the present rates, dropping what was cancelled and has surfaced.
    fn find_next_end(&mut self) -> Option<u64> {
        let EqualShare {
            classes,
            transfers,
            free,
            tick,
            ..
        } = self;
        classes
            .iter_mut()
            .filter_map(|class| {
                while let Some(Reverse((target, ticket))) = class.ends.peek() {
                    if transfers[ticket.0 as usize].active {
                        let work = target.saturating_sub(class.received);
                        return Some(
                            *tick
                                + u64::try_from(work.div_ceil(class.rate)).unwrap_or(u64::MAX >> 1),
                        );
                    }
                    free.push(*ticket);
                    class.ends.pop();
                }
                None
            })
            .min()
    }

    /// Lets every transfer progress at its present rate up to `tick`, before which none ends.
    fn run_to(&mut self, tick: u64) {
        if tick <= self.tick {
            return;
        }
        let elapsed = tick - self.tick;
        let mut rate = 0;
        for class in self.classes.iter_mut().filter(|class| class.active > 0) {
            class.received += class.rate * u128::from(elapsed);
            rate += class.rate * u128::from(class.active);
        }
        self.meter.delivered(self.tick, tick, rate);
        self.tick = tick;
    }

    /// Shares the bandwidth anew: from the slowest link to the fastest, each class takes its own rate or, where that is
    /// more, an equal part of what the slower ones left.
    fn share(&mut self) {
        let per_tick = WORK_BITS - TICK_BITS;
        let mut left = self.bandwidth_bps.map(|bps| u128::from(bps) << per_tick);
        let mut sharers = u128::from(self.active);
        for position in &self.slowest_first {
            let class = &mut self.classes[*position];
            if class.active == 0 {
                continue;
            }
            let link = u128::from(class.link_bps) << per_tick;
            class.rate = left.map_or(link, |left| link.min((left / sharers).max(1)));
            let taken = class.rate * u128::from(class.active);
            left = left.map(|left| left.saturating_sub(taken));
            sharers -= u128::from(class.active);
        }
        self.next_end = self.find_next_end();
    }
}

fn ticks(moment: Second) -> u64 {
    u64::from(moment.0) << TICK_BITS
}

/// Records a server's use in intervals, from a first recorded second on.
#[derive(Clone, Debug)]
pub struct Meter {
    since: Second,
    interval_s: u32,
    intervals: usize,
    /// Work delivered so far, to the last unit, so that rounding to bits never loses any.
    work: u128,
    bits_told: u64,
    usage: Usage,
}

impl Meter {
    /// Records `intervals` intervals of `interval_s` seconds from `since` on.
    #[must_use]
    pub fn new(since: Second, interval_s: u32, intervals: usize) -> Self {
        Meter {
            since,
            interval_s,
            intervals,
            work: 0,
            bits_told: 0,
            usage: Usage::default(),
        }
    }

    /// The record so far.
    #[must_use]
    pub fn into_usage(self) -> Usage {
        self.usage
    }

    fn begun(&mut self, now: Second, active: u32) {
        if let Some(interval) = self.interval_of(now) {
            let usage = self.usage_to_fill();
            usage.transfers[interval] += 1;
            usage.longest_queue[interval] = usage.longest_queue[interval].max(active);
        }
    }

    fn turned_away(&mut self, now: Second) {
        if let Some(interval) = self.interval_of(now) {
            self.usage_to_fill().turned_away[interval] += 1;
        }
    }

    fn delivered(&mut self, from_tick: u64, to_tick: u64, rate: u128) {
        if rate == 0 {
            return;
        }
        let mut from = from_tick.max(ticks(self.since));
        while from < to_tick {
            let interval = (from - ticks(self.since)) / ticks(Second(self.interval_s));
            let interval_end = ticks(self.since) + (interval + 1) * ticks(Second(self.interval_s));
            let to = to_tick.min(interval_end);
            if interval as usize >= self.intervals {
                return;
            }
            self.work += rate * u128::from(to - from);
            let bits = (self.work >> WORK_BITS) as u64;
            let news = bits - self.bits_told;
            self.bits_told = bits;
            self.usage_to_fill().bits[interval as usize] += news;
            from = to;
        }
    }

    fn interval_of(&self, now: Second) -> Option<usize> {
        let interval = (now.0.checked_sub(self.since.0)? / self.interval_s) as usize;
        (interval < self.intervals).then_some(interval)
    }

    /// Most servers of a large hierarchy are never asked; they take no room.
    fn usage_to_fill(&mut self) -> &mut Usage {
        if self.usage.bits.is_empty() {
            self.usage = Usage::with_intervals(self.intervals);
        }
        &mut self.usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MBIT: u64 = 1_000_000;

    fn server(bandwidth_bps: Option<u64>, connections: Option<u32>) -> EqualShare {
        EqualShare::new(
            bandwidth_bps,
            connections,
            Meter::new(Second::ZERO, 3_600, 24),
        )
    }

    fn ends(server: &mut EqualShare) -> Vec<(u32, u32)> {
        let mut ends = Vec::new();
        loop {
            let at = server.next_end();
            if !at.is_set() {
                return ends;
            }
            while let Some(owner) = server.take_ended(at) {
                ends.push((owner, at.0));
            }
        }
    }

    /// model check 4: 24 MB x 8 x 1,000 / 10 Mbit/s = 19,200 s.
    #[test]
    fn a_thousand_equal_requests_end_together_when_the_bandwidth_has_carried_them_all() {
        let mut server = server(Some(10 * MBIT), None);
        for client in 0..1_000 {
            server
                .begin(Second::ZERO, client, 24_000_000, 100 * MBIT)
                .unwrap();
        }
        let ends = ends(&mut server);
        assert_eq!(ends.len(), 1_000);
        assert!(ends.iter().all(|(_, at)| *at == 19_200), "{:?}", &ends[..3]);
    }

    #[test]
    fn a_slow_link_takes_its_own_rate_and_leaves_the_rest_to_others() {
        let mut server = server(Some(10 * MBIT), None);
        server.begin(Second::ZERO, 1, 1_000_000, MBIT).unwrap(); // 8 Mbit at 1 Mbit/s
        server
            .begin(Second::ZERO, 2, 9_000_000, 100 * MBIT)
            .unwrap(); // 72 Mbit at 9 Mbit/s
        assert_eq!(ends(&mut server), [(1, 8), (2, 8)]);
    }

    #[test]
    fn a_share_is_free_at_the_instant_its_transfer_ends_not_at_the_next_second() {
        let mut server = server(Some(8 * MBIT), None);
        server.begin(Second::ZERO, 1, 250_000, 100 * MBIT).unwrap(); // ends at 0.5 s
        server
            .begin(Second::ZERO, 2, 1_750_000, 100 * MBIT)
            .unwrap(); // then alone: 0.5 s + 1.5 s
        assert_eq!(ends(&mut server), [(1, 1), (2, 2)]);
    }

    #[test]
    fn the_connection_limit_turns_the_next_one_away_until_one_has_ended() {
        let mut server = server(Some(8 * MBIT), Some(1));
        server.begin(Second::ZERO, 1, 1_000_000, 8 * MBIT).unwrap();
        assert_eq!(server.begin(Second::ZERO, 2, 1, 8 * MBIT), Err(Full));
        assert_eq!(server.next_end(), Second(1));
        assert_eq!(server.take_ended(Second(1)), Some(1));
        assert!(server.begin(Second(1), 2, 1, 8 * MBIT).is_ok());
        assert_eq!(server.into_usage(Second(10)).turned_away[0], 1);
    }

    #[test]
    fn a_cancelled_transfer_leaves_its_share_to_the_others() {
        let mut server = server(Some(8 * MBIT), None);
        let gone = server
            .begin(Second::ZERO, 1, 100_000_000, 100 * MBIT)
            .unwrap();
        server
            .begin(Second::ZERO, 2, 2_000_000, 100 * MBIT)
            .unwrap();
        server.cancel(Second(2), gone); // 1 MB received by then
        assert_eq!(ends(&mut server), [(2, 3)]);
        assert_eq!(server.in_progress(), 0);
    }

    #[test]
    fn what_was_delivered_is_recorded_where_it_was_delivered() {
        let mut server = server(Some(8_000), None);
        server.begin(Second(3_590), 1, 20_000, 8_000).unwrap(); // 20 s across the hour
        ends(&mut server);
        let usage = server.into_usage(Second(7_200));
        assert_eq!(usage.bits[..3], [80_000, 80_000, 0]);
        assert_eq!(usage.transfers[0], 1);
        assert_eq!(usage.longest_queue[0], 1);
    }
}
