//! Writes a client's life into a tally.

use super::life::client::{Client, Turn};
use super::observer::{Nobody, Observer};
use super::tally::{ClientRecord, ClientState, Curve, STATES, ServerTally, Tally, Trouble};
use super::world::ServerId;
use crate::engine::{Second, Usage};
use crate::plan::CohortId;
use crate::sms::Reason;

/// A tally that is being written, and who looks on.
pub struct Recorder<O: Observer = Nobody> {
    tally: Tally,
    /// Who looks on.
    pub observer: O,
}

impl Recorder {
    /// Writes into `tally`.
    #[must_use]
    pub fn new(tally: Tally) -> Self {
        Recorder::seen_by(Nobody, tally)
    }
}

impl<O: Observer> Recorder<O> {
    /// Writes into `tally` while `observer` looks on.
    #[must_use]
    pub fn seen_by(observer: O, tally: Tally) -> Self {
        Recorder { tally, observer }
    }

    /// The tally as far as it is written.
    #[must_use]
    pub fn into_tally(self) -> Tally {
        self.tally
    }

    /// Counts an event of a client, which is as it was just before.
    #[inline]
    pub fn event(&mut self, at: Second, turn: Turn, client: &Client) {
        self.tally.events += 1;
        self.observer.event(at, turn, client);
    }

    /// A client appears in a row of the record.
    #[inline]
    pub fn appears(&mut self, home: usize) {
        self.tally.sites[home].clients += 1;
    }

    /// A client that ended outside the rollout's reach.
    pub fn out_of_reach(&mut self, home: usize) {
        self.tally.sites[home].out_of_reach += 1;
    }

    /// A decision was taken.
    #[inline]
    pub fn decision(&mut self, home: usize, at: Second, reason: Reason) {
        self.observer.decision(at, reason);
        let Some(interval) = self.tally.grid.interval(at) else {
            return;
        };
        let intervals = self.tally.grid.intervals;
        let decisions = &mut self.tally.sites[home].decisions;
        decisions.count(reason, interval, intervals);
    }

    /// A client goes from one state to another, or enters the record.
    pub fn state(&mut self, home: usize, from: Option<ClientState>, to: ClientState, at: Second) {
        let interval = self.interval_or_start(at);
        let site = &mut self.tally.sites[home];
        match interval {
            Recorded::BeforeStart => {
                if let Some(from) = from {
                    site.states_at_start[from as usize] -= 1;
                }
                site.states_at_start[to as usize] += 1;
            }
            Recorded::In(interval) => {
                let changes = ensured(
                    &mut site.state_changes,
                    self.tally.grid.intervals,
                    [0; STATES],
                );
                if let Some(from) = from {
                    changes[interval][from as usize] -= 1;
                }
                changes[interval][to as usize] += 1;
            }
            Recorded::AfterEnd => {}
        }
    }

    /// A client enters or leaves a curve.
    pub fn curve(&mut self, home: usize, curve: Curve, change: i32, at: Second) {
        let interval = self.interval_or_start(at);
        let grid = self.tally.grid;
        let site = &mut self.tally.sites[home];
        match interval {
            Recorded::BeforeStart => site.curves_at_start[curve as usize] += i64::from(change),
            Recorded::In(interval) => {
                ensured(&mut site.curve_changes, grid.intervals, [0; 3])[interval]
                    [curve as usize] += change;
                if curve == Curve::Converged {
                    let step = ((at.0 - grid.start.0) / grid.fine_step_s()) as usize;
                    ensured(&mut site.converged_changes, grid.fine_steps(), 0)[step] += change;
                }
            }
            Recorded::AfterEnd => {}
        }
    }

    /// What came of a maintenance cycle or a logon: a decision, and a little read from a server if one was asked.
    #[inline]
    pub fn visit(
        &mut self,
        home: usize,
        at: Second,
        reason: Reason,
        server: Option<ServerId>,
        bytes: u64,
    ) {
        if let Some(server) = server {
            self.observer.read(at, server);
        }
        self.observer.decision(at, reason);
        let Some(interval) = self.tally.grid.interval(at) else {
            return;
        };
        let intervals = self.tally.grid.intervals;
        let decisions = &mut self.tally.sites[home].decisions;
        decisions.count(reason, interval, intervals);
        if let Some(server) = server {
            self.tally.servers[usize::from(server.0)].read(interval, intervals, bytes);
        }
    }

    /// A client reads a little from a server.
    #[inline]
    pub fn read(&mut self, server: ServerId, at: Second, bytes: u64) {
        self.observer.read(at, server);
        let Some(interval) = self.tally.grid.interval(at) else {
            return;
        };
        let intervals = self.tally.grid.intervals;
        self.tally.servers[usize::from(server.0)].read(interval, intervals, bytes);
    }

    /// Bytes that go with a read already counted.
    #[inline]
    pub fn read_bytes(&mut self, server: ServerId, at: Second, bytes: u64) {
        if let Some(interval) = self.tally.grid.interval(at) {
            let read_bytes = &mut self.tally.servers[usize::from(server.0)].read_bytes;
            ensured(read_bytes, self.tally.grid.intervals, 0)[interval] += bytes;
        }
    }

    /// A transfer of `bytes` between `from` and `complete` from a server that slows nobody, given up at `until`.
    pub fn transfer(
        &mut self,
        server: ServerId,
        from: Second,
        complete: Second,
        until: Second,
        bytes: u64,
    ) {
        let grid = self.tally.grid;
        if until <= grid.start || from >= grid.end {
            return;
        }
        let usage = &mut self.tally.servers[usize::from(server.0)].usage;
        if usage.bits.is_empty() {
            *usage = Usage::with_intervals(grid.intervals);
        }
        if let Some(interval) = grid.interval(from) {
            usage.transfers[interval] += 1;
        }
        let span_s = u128::from(complete.since(from).max(1));
        let bits_by = |moment: Second| {
            (u128::from(bytes) * 8 * u128::from(moment.since(from)) / span_s) as u64
        };
        let mut begin = from.max(grid.start);
        let end = until.min(grid.end);
        while begin < end {
            let interval = ((begin.0 - grid.start.0) / grid.interval_s) as usize;
            let next = end.min(grid.start + (interval as u32 + 1) * grid.interval_s);
            usage.bits[interval] += bits_by(next) - bits_by(begin);
            begin = next;
        }
    }

    /// The record of a server that was contended.
    pub fn usage(&mut self, server: ServerId, usage: Usage) {
        if usage.bits.is_empty() {
            return; // never asked within the recorded time
        }
        let record = ServerTally {
            usage,
            ..ServerTally::default()
        };
        self.tally.servers[usize::from(server.0)].absorb(&record);
    }

    /// Something goes wrong for a client.
    pub fn trouble_begins(&mut self, trouble: Trouble, reason: Reason, who: (CohortId, u32)) {
        self.tally
            .trouble
            .entry((trouble, reason))
            .or_default()
            .add_case(who);
    }

    /// A case of trouble is over, cured or by the end of the run.
    pub fn trouble_ends(
        &mut self,
        trouble: Trouble,
        reason: Reason,
        since: Second,
        until: Second,
        cured: bool,
    ) {
        let grid = self.tally.grid;
        let case = self.tally.trouble.entry((trouble, reason)).or_default();
        case.cured += u64::from(cured);
        case.client_seconds += u64::from(until.min(grid.end).since(since.max(grid.start)));
    }

    /// How a client ended.
    pub fn client(&mut self, record: ClientRecord, client: &Client) {
        self.observer.ended(client, &record);
        self.tally.clients.push(record);
    }

    fn interval_or_start(&self, at: Second) -> Recorded {
        if at < self.tally.grid.start {
            Recorded::BeforeStart
        } else {
            self.tally
                .grid
                .interval(at)
                .map_or(Recorded::AfterEnd, Recorded::In)
        }
    }
}

/// Where a moment falls in the record.
enum Recorded {
    BeforeStart,
    In(usize),
    AfterEnd,
}

/// The series, made to its length when it is first written.
fn ensured<T: Clone>(series: &mut Vec<T>, length: usize, zero: T) -> &mut Vec<T> {
    if series.is_empty() {
        series.resize(length, zero);
    }
    series
}
