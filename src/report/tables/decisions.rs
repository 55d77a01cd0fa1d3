//! What clients decided, and why.

use super::{FROM_HOURS, FROM_LOCAL, SITE};
use crate::report::Results;
use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::Place;
use std::io;

/// `decisions.csv`.
pub static DECISIONS: Table = Table {
    name: "decisions",
    one_row_per: "site, interval and reason that occurred in it",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 11] = [
    SITE,
    FROM_HOURS,
    FROM_LOCAL,
    text(
        "decision",
        "logon (SMSLS and Boot32wn), cycle (CCIM), upgrade (once begun), push (from the site server), discovery (Discovery Data Manager) or standing.",
        "logon",
    ),
    text("outcome", "What came of it.", "quit"),
    text(
        "reason",
        "Why: a code of the closed list that `smsim reasons` prints.",
        "own-site-not-upgraded",
    ),
    text(
        "articles",
        "Knowledge Base articles behind the rule, or what else it rests on.",
        "Q262677, Q263411",
    ),
    number(
        "count",
        "decisions",
        "How often; mean over replications.",
        "412",
    ),
    number(
        "count_p10",
        "decisions",
        "How often: one replication in ten stays at or below it.",
        "396",
    ),
    number(
        "count_p50",
        "decisions",
        "The same, one replication in two.",
        "411",
    ),
    number(
        "count_p90",
        "decisions",
        "The same, nine replications in ten.",
        "430",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    for (position, (place, site)) in Place::all(plan).zip(&study.total.sites).enumerate() {
        let zone = place.zone(plan);
        for interval in 0..study.grid.intervals {
            let happened = site
                .decisions
                .series()
                .map(|(reason, counts)| (reason, counts[interval]))
                .filter(|(_, count)| *count > 0);
            for (reason, count) in happened {
                rows.text(place.name(plan));
                results.moment(zone, Some(study.grid.boundary(interval)), rows);
                rows.text(reason.decision().name());
                rows.text(reason.outcome().name());
                rows.text(reason.code());
                rows.text(reason.articles());
                rows.number(results.mean(f64::from(count)));
                for count in study.decisions_at(position, reason, interval, results.percentiles) {
                    rows.whole(u64::from(count));
                }
                rows.end()?;
            }
        }
    }
    Ok(())
}
