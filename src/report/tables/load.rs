//! What each server moved, interval by interval.

use super::{BELONGS_TO, FROM_HOURS, FROM_LOCAL, SERVER, SERVER_KIND};
use crate::report::Results;
use crate::report::table::{Column, Rows, Table, number};
use crate::run::tally::ServerTally;
use crate::sms::discovery::copies_of_a_logon_record;
use crate::study::Server;
use std::io;

/// `load.csv`.
pub static LOAD: Table = Table {
    name: "load",
    one_row_per: "server and interval in which it had something to do",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 14] = [
    SERVER,
    SERVER_KIND,
    BELONGS_TO,
    FROM_HOURS,
    FROM_LOCAL,
    number(
        "bytes",
        "bytes",
        "Bytes moved in the interval, small reads included; mean over replications, rounded.",
        "125000000",
    ),
    number(
        "transfers",
        "transfers",
        "Transfers begun; mean over replications.",
        "14",
    ),
    number(
        "longest_queue",
        "transfers",
        "Most transfers in progress at one time, in any replication; for an address also those that wait for a sender. Empty where bandwidth is unlimited, since nothing queues there.",
        "9",
    ),
    number(
        "turned_away",
        "requests",
        "Requests turned away at the connection limit; mean over replications.",
        "3",
    ),
    number(
        "reads",
        "reads",
        "Small reads: maintenance cycles at a Client Access Point, logons at a logon point; mean over replications.",
        "212",
    ),
    number(
        "discovery_records",
        "records",
        "Discovery records that the logon point passes on: one for each logon and each site with logon discovery on in its domain (Q232573); mean over replications. Empty for other servers.",
        "424",
    ),
    number(
        "bytes_p10",
        "bytes",
        "Bytes moved in the interval: one replication in ten stays at or below it.",
        "118000000",
    ),
    number(
        "bytes_p50",
        "bytes",
        "The same, one replication in two.",
        "125000000",
    ),
    number(
        "bytes_p90",
        "bytes",
        "The same, nine replications in ten.",
        "131000000",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    for (position, server) in Server::all(plan).enumerate() {
        let load = study.load(plan, server);
        let (name, zone) = (server.name(plan), server.zone(plan));
        let queues = server.bandwidth_bps(plan).is_some();
        for interval in 0..study.grid.intervals {
            let now = Interval::of(load, interval);
            if now.idle() {
                continue;
            }
            rows.text(&name);
            rows.text(server.kind());
            rows.text(server.belongs_to(plan));
            results.moment(zone, Some(study.grid.boundary(interval)), rows);
            rows.number(results.mean(now.bytes as f64).round());
            rows.number(results.mean(now.transfers as f64));
            if queues {
                rows.whole(now.longest_queue);
            } else {
                rows.missing();
            }
            rows.number(results.mean(now.turned_away as f64));
            rows.number(results.mean(now.reads as f64));
            let copies = discovery_copies(results, server, interval);
            rows.number_if(copies.map(|copies| results.mean((now.reads * copies) as f64)));
            for bytes in study.load_at(position, interval, results.percentiles) {
                rows.whole(bytes);
            }
            rows.end()?;
        }
    }
    Ok(())
}

/// Copies of each logon's discovery record in an interval; `None` for servers that pass none on.
fn discovery_copies(results: &Results<'_>, server: Server, interval: usize) -> Option<u64> {
    let Server::LogonPoint(point) = server else {
        return None;
    };
    let plan = results.plan;
    let at = results.study.grid.boundary(interval);
    let domain = &plan.domains[plan.logon_points[point.index()].domain.index()];
    let discovery = domain.sites.iter().map(|with| with.discovers(at));
    Some(copies_of_a_logon_record(discovery) as u64)
}

struct Interval {
    bytes: u64,
    transfers: u64,
    longest_queue: u64,
    turned_away: u64,
    reads: u64,
}

impl Interval {
    fn of(load: &ServerTally, interval: usize) -> Self {
        let count = |counts: &[u32]| counts.get(interval).map_or(0, |it| u64::from(*it));
        Interval {
            bytes: load.bytes(interval),
            transfers: count(&load.usage.transfers),
            longest_queue: count(&load.usage.longest_queue),
            turned_away: count(&load.usage.turned_away),
            reads: count(&load.reads),
        }
    }

    fn idle(&self) -> bool {
        let counts = self.transfers + self.longest_queue + self.turned_away + self.reads;
        self.bytes == 0 && counts == 0
    }
}
