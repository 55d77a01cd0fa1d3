//! An observed curve beside the fitted one.

use crate::report::table::{Column, Rows, Table, local_time, share};
use std::io;

/// `fit.csv`, which `smsim fit` writes.
pub static FIT: Table = Table {
    name: "fit",
    one_row_per: "observed point; written by `smsim fit`, not by a run",
    columns: &COLUMNS,
    fill: |_, _| Ok(()),
};

static COLUMNS: [Column; 3] = [
    local_time(
        "local_time",
        "When it was observed, in the scenario's zone.",
    ),
    share("observed", "Share of clients that was observed."),
    share(
        "fitted",
        "Mean share over replications with the fitted knobs.",
    ),
];

/// Writes the rows: local time, observed and fitted share of each point.
///
/// # Errors
/// If a row cannot be written.
pub fn fit_rows(points: &[(String, f64, f64)], rows: &mut dyn Rows) -> io::Result<()> {
    for (at, observed, fitted) in points {
        rows.local_time(at);
        rows.number(*observed);
        rows.number(*fitted);
        rows.end()?;
    }
    Ok(())
}
