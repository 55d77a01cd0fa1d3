//! Whether the limits of the plan were kept.

use crate::report::Results;
use crate::report::table::{Column, Rows, Table, number, share, text};
use crate::study::Place;
use std::io;

/// `thresholds.csv`, written where the scenario has thresholds.
pub static THRESHOLDS: Table = Table {
    name: "thresholds",
    one_row_per: "threshold of the scenario; without thresholds there is no such file",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 15] = [
    text(
        "threshold",
        "Its name; where the scenario gives none, its text.",
        "in time",
    ),
    text(
        "that",
        "What has to hold, as the scenario writes it.",
        "hours to 95% converged < 240",
    ),
    text(
        "site",
        "The site it is about; * for the whole fleet.",
        "HQ1",
    ),
    text(
        "passed",
        "yes if enough replications kept the limit, else no.",
        "yes",
    ),
    number(
        "actual",
        "see unit",
        "What was measured: one replication in two did no worse. Empty if half of the replications or more have no such value, as where the share of clients was not reached within the run.",
        "66.5",
    ),
    text(
        "relation",
        "On which side of the limit each replication has to be.",
        "<",
    ),
    number("limit", "see unit", "The limit.", "240"),
    number(
        "margin",
        "see unit",
        "How far `actual` is on the right side of the limit; below 0 it is on the wrong one. Empty if `actual` is.",
        "173.5",
    ),
    text(
        "unit",
        "Unit of the three: h, 0 to 1, clients, restarts, upgrades or bytes.",
        "h",
    ),
    share(
        "share_met",
        "Share of the replications that kept the limit; one that never got there did not.",
    ),
    share(
        "share_wanted",
        "Share of the replications that have to keep it.",
    ),
    number("replications", "replications", "All replications.", "50"),
    number(
        "actual_p10",
        "see unit",
        "What was measured: one replication in ten stays at or below it. One without a value counts as above all others; empty if the quantile is such a one.",
        "64",
    ),
    number(
        "actual_p50",
        "see unit",
        "The same, one replication in two.",
        "66.5",
    ),
    number(
        "actual_p90",
        "see unit",
        "The same, nine replications in ten.",
        "71",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let thresholds = &results.plan.thresholds;
    let judged = results.study.judged(thresholds);
    for (position, (threshold, judged)) in thresholds.iter().zip(judged).enumerate() {
        rows.text(&threshold.name);
        rows.text(&threshold.that);
        let place = threshold.site.map_or(Place::Fleet, Place::Site);
        rows.text(place.name(results.plan));
        rows.yes_or_no(judged.passed);
        rows.number_if(judged.actual);
        rows.text(threshold.relation.sign());
        rows.number(threshold.limit);
        rows.number_if(judged.margin);
        rows.text(threshold.measure.unit());
        rows.number(judged.share_met());
        rows.number(threshold.at_least);
        rows.whole(u64::from(judged.replications));
        let percentiles = results.percentiles;
        for actual in results.study.measured_at(position, percentiles) {
            rows.number_if(actual);
        }
        rows.end()?;
    }
    Ok(())
}
