//! What each point of a sweep came to, one row per point and measure.

use crate::plan::questions::Goal;
use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::compared::COMPARED;
use crate::study::evaluate::{Row, Variant};
use crate::study::thresholds::nearest_or_missing;
use std::io;

/// `sweep.csv`, which `smsim sweep` writes; no run does. One more column per knob follows, named `knob_` and the name of the knob.
pub static SWEEP: Table = Table {
    name: "sweep",
    one_row_per: "point and measure, with one more column, `knob_` and its name, for each knob; written by `smsim sweep`, not by a run",
    columns: &COLUMNS,
    fill: |_, _| Ok(()),
};

static COLUMNS: [Column; 10] = [
    number("point", "", "Number of the point, from 1.", "3"),
    text(
        "name",
        "Its name; where it has none, its knobs and their values.",
        "cycle 12 h, controllers 2",
    ),
    text(
        "measure",
        "What was measured: the measures that plans are compared by, of the whole fleet, then the scenario's thresholds, then the cost where anything has one. Hours count from the start of the run.",
        "hours to 95% converged",
    ),
    text(
        "unit",
        "Unit of the measure: h, 0 to 1, clients, restarts, upgrades or bytes; empty for the cost.",
        "h",
    ),
    number(
        "mean",
        "see unit",
        "Mean over replications; empty if any replication lacks the value, as where a share of clients was not reached.",
        "171.2",
    ),
    number(
        "p10",
        "see unit",
        "One replication in ten stays at or below it. Where a value is missing it counts as the worst, and if this is such a one the cell is empty.",
        "168.4",
    ),
    number("p50", "see unit", "One in two.", "171.1"),
    number("p90", "see unit", "Nine in ten.", "174.3"),
    number(
        "replications_known",
        "replications",
        "Replications that have a value.",
        "20",
    ),
    number("replications", "replications", "All replications.", "20"),
];

/// What came of one point.
pub struct Visited<'a> {
    /// How it is called.
    pub name: String,
    /// The point, and its plan, whose thresholds were measured.
    pub variant: &'a Variant,
    /// What its replications measured.
    pub rows: &'a [Row],
}

/// Writes the rows of a sweep; `goal` says what things cost, if anything does.
///
/// # Errors
/// If a row cannot be written.
pub fn sweep_rows(
    visited: &[Visited<'_>],
    goal: Option<&Goal>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    for (number, visited) in (1..).zip(visited) {
        let column = |value: &dyn Fn(&Row) -> Option<f64>| -> Vec<Option<f64>> {
            visited.rows.iter().map(value).collect()
        };
        let mut line = |name: &str, unit: &str, more_is_better, values: Vec<Option<f64>>| {
            rows.whole(number);
            rows.text(&visited.name);
            rows.text(name);
            rows.text(unit);
            measured(&values, more_is_better, rows);
            for setting in &visited.variant.point.settings {
                rows.text(&setting.shown);
            }
            rows.end()
        };
        for (at, it) in COMPARED.iter().enumerate() {
            let more_is_better = it.measure.more_is_better();
            let values = column(&|row| row.compared[at]);
            line(it.name, it.measure.unit(), more_is_better, values)?;
        }
        for (at, it) in visited.variant.plan.thresholds.iter().enumerate() {
            let more_is_better = it.measure.more_is_better();
            let values = column(&|row| row.thresholds[at]);
            line(&it.name, it.measure.unit(), more_is_better, values)?;
        }
        if let Some(goal) = goal {
            let values = column(&|row| goal.cost(&row.compared, row.outlay));
            line("cost", "", false, values)?;
        }
    }
    Ok(())
}

/// Mean, band and number of the values over replications.
fn measured(values: &[Option<f64>], more_is_better: bool, rows: &mut dyn Rows) {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    let complete = !known.is_empty() && known.len() == values.len();
    rows.number_if(complete.then_some(mean));
    for percent in [10, 50, 90] {
        rows.number_if(nearest_or_missing(values, percent, more_is_better));
    }
    rows.whole(known.len() as u64);
    rows.whole(values.len() as u64);
}
