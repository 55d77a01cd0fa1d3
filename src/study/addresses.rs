//! What the addresses between sites carried, interval by interval.

use crate::engine::Second;
use crate::plan::SiteId;
use crate::run::history::Send;
use crate::run::tally::{Grid, ServerTally};

/// The load of the address by which the parent of `child` sends to it; empty if nothing was sent.
///
/// Bits are spread evenly from a transfer's start to its end, since a sender fixes its rate when it starts. The queue
/// counts what waits for a sender as well as what is on its way.
#[must_use]
pub fn address_load(sends: &[Send], child: SiteId, grid: &Grid) -> ServerTally {
    let mine = || sends.iter().filter(|send| send.to == child);
    if mine().next().is_none() {
        return ServerTally::default();
    }
    let mut load = ServerTally::with_grid(grid);
    let mut steps: Vec<(Second, i32)> = Vec::new();
    for send in mine() {
        for (interval, bits) in load.usage.bits.iter_mut().enumerate() {
            let until = carried(send, grid.boundary(interval + 1));
            *bits += until - carried(send, grid.boundary(interval));
        }
        if let Some(interval) = grid.interval(send.started) {
            load.usage.transfers[interval] += 1;
        }
        steps.push((send.queued, 1));
        steps.push((send.ended, -1));
    }
    // At the same moment arrivals come before new requests: -1 sorts before 1.
    steps.sort_unstable();
    load.usage.longest_queue = longest_queues(&steps, grid);
    load
}

/// Bits on their way or arrived at `moment`.
fn carried(send: &Send, moment: Second) -> u64 {
    let bits = send.bytes * 8;
    let span = send.ended.since(send.started);
    let gone = moment.since(send.started);
    if gone >= span {
        return if moment > send.started || span > 0 {
            bits
        } else {
            0
        };
    }
    (u128::from(bits) * u128::from(gone) / u128::from(span)) as u64
}

/// The greatest number of sends waiting or running in each interval.
fn longest_queues(steps: &[(Second, i32)], grid: &Grid) -> Vec<u32> {
    let mut waiting = 0;
    let mut next = 0;
    let mut longest = Vec::with_capacity(grid.intervals);
    for interval in 0..grid.intervals {
        while next < steps.len() && steps[next].0 <= grid.boundary(interval) {
            waiting += steps[next].1;
            next += 1;
        }
        let mut most = waiting;
        while next < steps.len() && steps[next].0 < grid.boundary(interval + 1) {
            waiting += steps[next].1;
            most = most.max(waiting);
            next += 1;
        }
        longest.push(u32::try_from(most).unwrap_or(0));
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid::spanning(Second(3_600), Second(4 * 3_600), 3_600)
    }

    fn send(queued: u32, started: u32, ended: u32) -> Send {
        Send {
            to: SiteId(1),
            queued: Second(queued),
            started: Second(started),
            ended: Second(ended),
            bytes: 1_000,
        }
    }

    #[test]
    fn bits_are_spread_over_the_time_a_transfer_takes() {
        let load = address_load(&[send(5_400, 5_400, 9_000)], SiteId(1), &grid());
        assert_eq!(load.usage.bits, [4_000, 4_000, 0]);
        assert_eq!(load.usage.transfers, [1, 0, 0]);
        assert_eq!(load.usage.longest_queue, [1, 1, 0]);
    }

    #[test]
    fn what_went_before_the_record_is_left_out_and_a_moment_is_enough() {
        let load = address_load(&[send(0, 1_800, 5_400)], SiteId(1), &grid());
        assert_eq!(load.usage.bits, [4_000, 0, 0]);
        assert_eq!(load.usage.transfers, [0, 0, 0]);
        let at_once = address_load(&[send(7_200, 7_200, 7_200)], SiteId(1), &grid());
        assert_eq!(at_once.usage.bits, [0, 8_000, 0]);
    }

    #[test]
    fn what_waits_for_a_sender_stands_in_the_queue() {
        let sends = [send(3_700, 3_700, 7_300), send(3_800, 7_300, 7_400)];
        let load = address_load(&sends, SiteId(1), &grid());
        assert_eq!(load.usage.longest_queue, [2, 2, 0]);
        assert_eq!(
            address_load(&sends, SiteId(0), &grid()),
            ServerTally::default()
        );
    }
}
