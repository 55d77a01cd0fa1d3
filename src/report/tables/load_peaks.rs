//! The busiest interval of each server.

use super::{BELONGS_TO, SERVER, SERVER_KIND};
use crate::report::Results;
use crate::report::table::{Column, Rows, Table, local_time, number, share};
use crate::study::{Peak, Server};
use std::io;

/// `load_peaks.csv`.
pub static LOAD_PEAKS: Table = Table {
    name: "load_peaks",
    one_row_per: "server: its busiest interval",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 17] = [
    SERVER,
    SERVER_KIND,
    BELONGS_TO,
    number(
        "bandwidth_bits_per_second",
        "bit/s",
        "What its users share. Empty where it is unlimited.",
        "10000000",
    ),
    number(
        "peak_from_elapsed_hours",
        "h",
        "Where the busiest interval begins, in the replication whose peak is the median: hours since the start of the run. Empty if the server moved nothing.",
        "129",
    ),
    local_time(
        "peak_from_local_time",
        "The same moment in the zone of the server's site; in the scenario's zone for a logon point, in the sender's for an address.",
    ),
    number(
        "peak_bytes_p10",
        "bytes",
        "Bytes moved in the busiest interval: one replication in ten stays at or below it.",
        "3900000000",
    ),
    number(
        "peak_bytes_p50",
        "bytes",
        "The same, one replication in two.",
        "4100000000",
    ),
    number(
        "peak_bytes_p90",
        "bytes",
        "The same, nine replications in ten.",
        "4400000000",
    ),
    share(
        "peak_share_p10",
        "The same as a share of what the bandwidth allows in that interval; above 1 where small reads come on top, which are counted but do not compete. Empty where it is unlimited.",
    ),
    share("peak_share_p50", "The same, one replication in two."),
    share("peak_share_p90", "The same, nine replications in ten."),
    number(
        "longest_queue",
        "transfers",
        "Most transfers in progress at one time in the whole run, in any replication. Empty where bandwidth is unlimited.",
        "212",
    ),
    number(
        "total_bytes",
        "bytes",
        "Bytes moved in the whole run; mean over replications, rounded.",
        "51000000000",
    ),
    number(
        "total_transfers",
        "transfers",
        "Transfers begun in the whole run; mean over replications.",
        "2380",
    ),
    number(
        "total_turned_away",
        "requests",
        "Requests turned away in the whole run; mean over replications.",
        "40",
    ),
    number(
        "connection_limit",
        "transfers",
        "Most transfers that the server takes at a time; more are turned away. Empty where there is no limit.",
        "50",
    ),
];

/// Of the bandwidth of a server, the share that a peak takes of its interval; `None` where bandwidth is unlimited.
#[must_use]
pub fn share_of_bandwidth(results: &Results<'_>, server: Server, peak: Peak) -> Option<f64> {
    let bandwidth = server
        .bandwidth_bps(results.plan)
        .filter(|bits| *bits > 0)?;
    let grid = &results.study.grid;
    let seconds = grid
        .boundary(peak.interval + 1)
        .since(grid.boundary(peak.interval));
    Some(peak.bytes as f64 * 8.0 / (bandwidth as f64 * f64::from(seconds.max(1))))
}

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    for (position, server) in Server::all(plan).enumerate() {
        let band = study.peak_band(position);
        let bandwidth = server.bandwidth_bps(plan);
        let load = study.load(plan, server);
        let busy = band.p50.bytes > 0;
        rows.text(&server.name(plan));
        rows.text(server.kind());
        rows.text(server.belongs_to(plan));
        rows.number_if(bandwidth.map(|bits| bits as f64));
        let from = busy.then(|| study.grid.boundary(band.p50.interval));
        results.moment(server.zone(plan), from, rows);
        let peaks = study.peak_at(position, results.percentiles);
        for peak in &peaks {
            rows.whole(peak.bytes);
        }
        for peak in peaks {
            rows.number_if(share_of_bandwidth(results, server, peak));
        }
        let queue = load.usage.longest_queue.iter().copied().max().unwrap_or(0);
        rows.number_if(bandwidth.map(|_| f64::from(queue)));
        let bytes: u64 = (0..study.grid.intervals).map(|it| load.bytes(it)).sum();
        rows.number(results.mean(bytes as f64).round());
        for counts in [&load.usage.transfers, &load.usage.turned_away] {
            let sum: u64 = counts.iter().copied().map(u64::from).sum();
            rows.number(results.mean(sum as f64));
        }
        rows.number_if(server.connections(plan).map(f64::from));
        rows.end()?;
    }
    Ok(())
}
