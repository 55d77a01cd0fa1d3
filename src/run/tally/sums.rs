//! Adding records up, and reading sums of changes as counts.
//!
//! Every sum is checked: a count that no longer fits would be a wrong result that looks like a right one.

use super::{
    ClientRecord, ClientState, Curve, EXAMPLES, Grid, STATES, ServerTally, SiteTally, Tally,
    TroubleTally,
};
use crate::engine::{Second, Usage};
use crate::plan::Plan;
use std::collections::BTreeMap;

impl Grid {
    /// Number of boundaries between intervals: the start, and the end of each interval.
    #[must_use]
    pub fn boundaries(&self) -> usize {
        self.intervals + 1
    }

    /// The moment of a boundary; 0 is the start.
    #[must_use]
    pub fn boundary(&self, boundary: usize) -> Second {
        let after = (boundary as u64).saturating_mul(u64::from(self.interval_s));
        let span = self.end.since(self.start);
        self.start + u32::try_from(after).map_or(span, |after| after.min(span))
    }
}

impl Tally {
    /// An empty record of `plan`: every vector of sites and servers is there, with nothing recorded in it.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Tally {
            grid: Grid::new(&plan.clock),
            sites: vec![SiteTally::default(); plan.sites.len() + 1],
            servers: vec![ServerTally::default(); plan.caps.len() + plan.logon_points.len()],
            trouble: BTreeMap::new(),
            clients: Vec::new(),
            events: 0,
        }
    }

    /// Adds the record of other clients, or of another replication.
    ///
    /// # Panics
    /// If a sum does not fit, or the two belong to different plans.
    pub fn absorb(&mut self, other: Tally) {
        assert_eq!(self.grid, other.grid, "records of one time grid add up");
        assert_eq!(self.sites.len(), other.sites.len(), "and of one plan");
        assert_eq!(self.servers.len(), other.servers.len(), "and of one plan");
        for (mine, theirs) in self.sites.iter_mut().zip(&other.sites) {
            mine.absorb(theirs);
        }
        for (mine, theirs) in self.servers.iter_mut().zip(&other.servers) {
            mine.absorb(theirs);
        }
        for (kind, theirs) in other.trouble {
            self.trouble.entry(kind).or_default().absorb(theirs);
        }
        self.clients.extend(other.clients);
        self.events += other.events;
    }

    /// Clients of `site` in each state at a boundary; 0 is the start, `n` the end of the `n`th interval.
    #[must_use]
    pub fn states_at(&self, site: usize, boundary: usize) -> [i64; STATES] {
        let site = &self.sites[site];
        let changes = site.state_changes.iter().take(boundary);
        changes.fold(site.states_at_start, added)
    }

    /// Clients of `site` on each curve at a boundary, as [`Tally::states_at`].
    #[must_use]
    pub fn curves_at(&self, site: usize, boundary: usize) -> [i64; 3] {
        let site = &self.sites[site];
        let changes = site.curve_changes.iter().take(boundary);
        changes.fold(site.curves_at_start, added)
    }

    /// All sites together, and the clients in no site's boundaries.
    #[must_use]
    pub fn fleet(&self) -> SiteTally {
        let mut fleet = SiteTally::default();
        for site in &self.sites {
            fleet.absorb(site);
        }
        fleet
    }

    /// Puts the clients' records in the order of cohorts and numbers.
    pub fn sort_clients(&mut self) {
        self.clients
            .sort_unstable_by_key(|client: &ClientRecord| (client.cohort, client.number));
    }
}

impl SiteTally {
    /// An empty record with room for every interval.
    #[must_use]
    pub fn with_grid(grid: &Grid) -> Self {
        SiteTally {
            state_changes: vec![[0; STATES]; grid.intervals],
            curve_changes: vec![[0; 3]; grid.intervals],
            converged_changes: vec![0; grid.fine_steps()],
            ..SiteTally::default()
        }
    }

    /// Adds the record of other clients of the site.
    ///
    /// # Panics
    /// If a sum does not fit.
    pub fn absorb(&mut self, other: &SiteTally) {
        self.clients += other.clients;
        self.out_of_reach += other.out_of_reach;
        add(&mut self.states_at_start, &other.states_at_start);
        add(&mut self.curves_at_start, &other.curves_at_start);
        add_rows(&mut self.state_changes, &other.state_changes);
        add_rows(&mut self.curve_changes, &other.curve_changes);
        add_or_take(&mut self.converged_changes, &other.converged_changes);
        self.decisions.absorb(&other.decisions);
    }

    /// Clients in each state at every boundary of the grid, the start first.
    pub fn states(&self, grid: &Grid) -> impl Iterator<Item = [i64; STATES]> + '_ {
        running(self.states_at_start, &self.state_changes, grid.intervals)
    }

    /// Clients on each curve at every boundary of the grid, the start first.
    pub fn curves(&self, grid: &Grid) -> impl Iterator<Item = [i64; 3]> + '_ {
        running(self.curves_at_start, &self.curve_changes, grid.intervals)
    }

    /// Net change of a curve in an interval.
    #[must_use]
    pub fn curve_change(&self, interval: usize, curve: Curve) -> i64 {
        let change = self.curve_changes.get(interval);
        change.map_or(0, |change| i64::from(change[curve as usize]))
    }

    /// Clients in `state` when the record ends.
    #[must_use]
    pub fn ending_in(&self, state: ClientState) -> i64 {
        let changes = self.state_changes.iter().map(|row| row[state as usize]);
        self.states_at_start[state as usize] + changes.map(i64::from).sum::<i64>()
    }
}

impl ServerTally {
    /// An empty record with room for every interval.
    #[must_use]
    pub fn with_grid(grid: &Grid) -> Self {
        ServerTally {
            usage: Usage::with_intervals(grid.intervals),
            reads: vec![0; grid.intervals],
            read_bytes: vec![0; grid.intervals],
        }
    }

    /// Counts a small read in `interval` of `intervals`.
    #[inline]
    pub fn read(&mut self, interval: usize, intervals: usize, bytes: u64) {
        if self.reads.is_empty() {
            self.make_room_for_reads(intervals);
        }
        self.reads[interval] += 1;
        if bytes > 0 {
            self.read_bytes[interval] += bytes;
        }
    }

    #[cold]
    fn make_room_for_reads(&mut self, intervals: usize) {
        self.reads.resize(intervals, 0);
        self.read_bytes.resize(intervals, 0);
    }

    /// Adds another record of the server: counts add up, of the longest queues the longer one stays.
    ///
    /// # Panics
    /// If a sum does not fit.
    pub fn absorb(&mut self, other: &ServerTally) {
        add_or_take(&mut self.usage.bits, &other.usage.bits);
        add_or_take(&mut self.usage.transfers, &other.usage.transfers);
        add_or_take(&mut self.usage.turned_away, &other.usage.turned_away);
        add_or_take(&mut self.reads, &other.reads);
        add_or_take(&mut self.read_bytes, &other.read_bytes);
        let (mine, theirs) = (&mut self.usage.longest_queue, &other.usage.longest_queue);
        if mine.is_empty() {
            mine.clone_from(theirs);
        } else {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = (*mine).max(*theirs);
            }
        }
    }

    /// Bytes of transfers and small reads in an interval, rounded down.
    #[must_use]
    pub fn bytes(&self, interval: usize) -> u64 {
        let bits = self.usage.bits.get(interval).copied().unwrap_or(0);
        bits / 8 + self.read_bytes.get(interval).copied().unwrap_or(0)
    }
}

impl TroubleTally {
    /// Adds other cases of the same trouble; of the examples, the first few by cohort and number stay.
    pub fn absorb(&mut self, other: TroubleTally) {
        self.cases += other.cases;
        self.cured += other.cured;
        self.client_seconds += other.client_seconds;
        self.examples.extend(other.examples);
        self.examples.sort_unstable();
        self.examples.dedup();
        self.examples.truncate(EXAMPLES);
        for (cohort, cases) in other.by_cohort {
            *self.by_cohort.entry(cohort).or_default() += cases;
        }
    }
}

/// A number that says whether a sum still fits.
pub(super) trait Sum: Copy {
    fn overflowing(self, other: Self) -> (Self, bool);
}

macro_rules! sums {
    ($($number:ty),+) => { $(
        impl Sum for $number {
            #[inline]
            fn overflowing(self, other: Self) -> (Self, bool) {
                self.overflowing_add(other)
            }
        }
    )+ };
}

sums!(i32, i64, u32, u64);

/// One flag for the whole slice, looked at once, keeps the loop free of branches.
fn add<N: Sum>(mine: &mut [N], theirs: &[N]) {
    let mut overflow = false;
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        let (sum, too_big) = mine.overflowing(*theirs);
        *mine = sum;
        overflow |= too_big;
    }
    assert!(
        !overflow,
        "a count no longer fits: use fewer replications or shorter intervals"
    );
}

pub(super) fn add_or_take<N: Sum>(mine: &mut Vec<N>, theirs: &[N]) {
    if mine.is_empty() {
        mine.extend_from_slice(theirs);
    } else {
        add(mine, theirs);
    }
}

fn add_rows<N: Sum, const WIDTH: usize>(mine: &mut Vec<[N; WIDTH]>, theirs: &[[N; WIDTH]]) {
    if mine.is_empty() {
        mine.extend_from_slice(theirs);
    } else {
        add(mine[..].as_flattened_mut(), theirs.as_flattened());
    }
}

fn added<const WIDTH: usize>(mut counts: [i64; WIDTH], changes: &[i32; WIDTH]) -> [i64; WIDTH] {
    for (count, change) in counts.iter_mut().zip(changes) {
        *count += i64::from(*change);
    }
    counts
}

/// Counts at every boundary, whether or not any change was recorded.
fn running<const WIDTH: usize>(
    start: [i64; WIDTH],
    changes: &[[i32; WIDTH]],
    intervals: usize,
) -> impl Iterator<Item = [i64; WIDTH]> + '_ {
    let mut counts = start;
    let later = (0..intervals).map(move |interval| {
        if let Some(change) = changes.get(interval) {
            counts = added(counts, change);
        }
        counts
    });
    std::iter::once(start).chain(later)
}

#[cfg(test)]
mod tests {
    use super::super::Trouble;
    use super::*;
    use crate::plan::CohortId;
    use crate::sms::Reason;

    fn grid() -> Grid {
        Grid::spanning(Second(7_200), Second(7_200 + 9_000), 3_600)
    }

    fn tally() -> Tally {
        Tally {
            grid: grid(),
            sites: vec![SiteTally::default(); 2],
            servers: vec![ServerTally::default()],
            trouble: BTreeMap::new(),
            clients: Vec::new(),
            events: 0,
        }
    }

    fn three_waiting_one_converges() -> Tally {
        let mut tally = tally();
        tally.sites[0] = SiteTally::with_grid(&grid());
        let site = &mut tally.sites[0];
        site.clients = 3;
        site.states_at_start[ClientState::Waiting as usize] = 3;
        site.state_changes[1][ClientState::Waiting as usize] = -1;
        site.state_changes[1][ClientState::Converged as usize] = 1;
        site.curve_changes[1] = [1, 1, 0];
        tally.events = 10;
        tally
    }

    #[test]
    fn boundaries_end_with_the_run_although_the_last_interval_is_shorter() {
        let moments: Vec<u32> = (0..grid().boundaries())
            .map(|boundary| grid().boundary(boundary).since(grid().start))
            .collect();
        assert_eq!(moments, [0, 3_600, 7_200, 9_000]);
    }

    #[test]
    fn parts_add_up_whether_or_not_they_recorded_anything() {
        let mut total = tally();
        total.absorb(three_waiting_one_converges());
        total.absorb(tally());
        total.absorb(three_waiting_one_converges());
        assert_eq!(total.events, 20);
        let waiting = ClientState::Waiting as usize;
        assert_eq!(total.states_at(0, 0)[waiting], 6);
        assert_eq!(total.states_at(0, 1)[waiting], 6);
        assert_eq!(total.states_at(0, 3)[waiting], 4);
        assert_eq!(total.curves_at(0, 2), [2, 2, 0]);
        assert_eq!(total.sites[0].ending_in(ClientState::Converged), 2);
        assert_eq!(total.fleet(), total.sites[0]);
        let curves: Vec<i64> = total.sites[0].curves(&grid()).map(|at| at[0]).collect();
        assert_eq!(curves, [0, 0, 2, 2]);
        assert_eq!(total.sites[1].curves(&grid()).count(), 4);
    }

    #[test]
    fn loads_add_up_and_the_longest_queue_stays() {
        let mut one = ServerTally::with_grid(&grid());
        one.usage.bits[1] = 83;
        one.usage.longest_queue[1] = 5;
        one.read_bytes[1] = 4;
        let mut both = ServerTally::default();
        both.absorb(&one);
        one.usage.longest_queue[1] = 3;
        both.absorb(&one);
        assert_eq!(both.usage.longest_queue, [0, 5, 0]);
        assert_eq!(both.bytes(1), 20 + 8);
        assert_eq!(both.bytes(7), 0);
    }

    #[test]
    fn of_the_examples_the_first_few_stay() {
        let key = (Trouble::Mixed, Reason::NewerThanCap);
        let of = |numbers: &[u32]| {
            let mut part = tally();
            part.trouble.insert(
                key,
                TroubleTally {
                    cases: numbers.len() as u64,
                    examples: numbers
                        .iter()
                        .map(|&number| (CohortId(0), number))
                        .collect(),
                    ..TroubleTally::default()
                },
            );
            part
        };
        let mut total = of(&[9, 4, 7]);
        total.absorb(of(&[1, 8, 4, 30]));
        let numbers: Vec<u32> = total.trouble[&key].examples.iter().map(|it| it.1).collect();
        assert_eq!(numbers, [1, 4, 7, 8, 9]);
        assert_eq!(total.trouble[&key].cases, 7);
    }

    #[test]
    #[should_panic(expected = "no longer fits")]
    fn a_sum_that_does_not_fit_is_no_result() {
        let mut mine = vec![u32::MAX];
        add_or_take(&mut mine, &[1]);
    }
}
