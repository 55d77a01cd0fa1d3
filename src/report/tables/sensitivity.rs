//! Which knobs matter: one row per knob and end, or per knob.

use crate::plan::Knob;
use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::sensitivity::{Influence, Swing};
use std::io;

/// `sensitivity.csv`, which `smsim sensitivity` writes.
pub static SENSITIVITY: Table = Table {
    name: "sensitivity",
    one_row_per: "knob and end of its range; written by `smsim sensitivity`, not by a run",
    columns: &ONE_AT_A_TIME,
    fill: |_, _| Ok(()),
};

/// `screening.csv`, which `smsim sensitivity --morris` writes.
pub static SCREENING: Table = Table {
    name: "screening",
    one_row_per: "knob; written by `smsim sensitivity --morris`, not by a run",
    columns: &MORRIS,
    fill: |_, _| Ok(()),
};

const RANK: Column = number(
    "rank",
    "",
    "1 for the knob that moves the measure most.",
    "1",
);
const KNOB: Column = text("knob", "Name of the knob.", "restart");
const MEASURE: Column = text(
    "measure",
    "What is looked at. Hours that were not reached within the run count as the run's end.",
    "hours to 95% converged",
);

static ONE_AT_A_TIME: [Column; 9] = [
    RANK,
    KNOB,
    MEASURE,
    text(
        "end",
        "first or last: which end of the knob's values.",
        "first",
    ),
    text(
        "value",
        "The knob's value there; all others as the scenario has them.",
        "12h",
    ),
    number(
        "mean",
        "that of the measure",
        "Mean over replications.",
        "176.2",
    ),
    number(
        "difference",
        "that of the measure",
        "Mean of the difference to the scenario as it stands, replication by replication on the same draws. Empty of a single replication.",
        "-3.5",
    ),
    number(
        "difference_low",
        "that of the measure",
        "Lower end of its 95 % interval, by the paired t.",
        "-4.2",
    ),
    number(
        "difference_high",
        "that of the measure",
        "Upper end.",
        "-2.8",
    ),
];

static MORRIS: [Column; 9] = [
    RANK,
    KNOB,
    MEASURE,
    number(
        "mu_star",
        "that of the measure",
        "Mean size of the knob's effects, each scaled to its whole range.",
        "38.5",
    ),
    number(
        "mu_star_low",
        "that of the measure",
        "Lower end of its 95 % interval over paths.",
        "21.1",
    ),
    number("mu_star_high", "that of the measure", "Upper end.", "55.9"),
    number(
        "mu",
        "that of the measure",
        "Mean effect: much smaller than mu_star if its direction changes.",
        "-38.5",
    ),
    number(
        "sigma",
        "that of the measure",
        "Spread of the effects: large if the knob acts in steps, or together with others.",
        "24.3",
    ),
    number(
        "noise",
        "that of the measure",
        "How much spread the chances of the replications make by themselves; a sigma of no more than this says nothing. Empty of a single replication.",
        "1.2",
    ),
];

/// Writes the rows of one knob at a time.
///
/// # Errors
/// If a row cannot be written.
pub fn sensitivity_rows(
    measure: &str,
    knobs: &[&Knob],
    swings: &[Swing],
    rows: &mut dyn Rows,
) -> io::Result<()> {
    for (rank, swing) in (1..).zip(swings) {
        for (end, name) in swing.ends.iter().zip(["first", "last"]) {
            rows.whole(rank);
            rows.text(&knobs[swing.knob].name);
            rows.text(measure);
            rows.text(name);
            rows.text(&end.setting.shown);
            rows.number(end.mean);
            rows.number_if(end.difference.map(|it| it.mean));
            rows.number_if(end.difference.map(|it| it.low));
            rows.number_if(end.difference.map(|it| it.high));
            rows.end()?;
        }
    }
    Ok(())
}

/// Writes the rows of a screening.
///
/// # Errors
/// If a row cannot be written.
pub fn screening_rows(
    measure: &str,
    knobs: &[&Knob],
    influences: &[Influence],
    rows: &mut dyn Rows,
) -> io::Result<()> {
    for (rank, influence) in (1..).zip(influences) {
        rows.whole(rank);
        rows.text(&knobs[influence.knob].name);
        rows.text(measure);
        rows.number(influence.size.mean);
        rows.number(influence.size.low);
        rows.number(influence.size.high);
        rows.number(influence.mean);
        rows.number(influence.spread);
        rows.number_if(influence.noise);
        rows.end()?;
    }
    Ok(())
}
