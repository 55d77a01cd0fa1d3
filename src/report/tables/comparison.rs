//! Plans held against the first of them, one row per plan and measure.

use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::comparison::Comparison;
use std::io;

/// `comparison.csv`, which `smsim compare` writes; no run does, and so it has no rows in the results of one.
pub static COMPARISON: Table = Table {
    name: "comparison",
    one_row_per: "plan and measure; written by `smsim compare`, not by a run",
    columns: &COLUMNS,
    fill: |_, _| Ok(()),
};

static COLUMNS: [Column; 14] = [
    text(
        "plan",
        "Name of the plan: that of its scenario, or of the variant.",
        "Two sites, one evening",
    ),
    text(
        "measure",
        "What is compared, of the whole fleet. Hours count from the start of the run.",
        "hours to 95% converged",
    ),
    text(
        "unit",
        "Unit of the measure: h, 0 to 1, clients, restarts, upgrades or bytes.",
        "h",
    ),
    number(
        "median",
        "see unit",
        "One replication in two does no worse; one without a value, which never got there, counts as the worst. Empty if the median is such a one.",
        "129.5",
    ),
    number(
        "replications_known",
        "replications",
        "Replications that have a value.",
        "20",
    ),
    number("replications", "replications", "All replications.", "20"),
    text(
        "against",
        "The plan it is held against: the first one. Empty for that plan itself.",
        "Two sites, one domain",
    ),
    number(
        "difference",
        "see unit",
        "Mean of this plan minus the first, replication by replication on the same draws. Empty for the first plan, and where fewer than two replications have both values.",
        "-71.2",
    ),
    number(
        "difference_low",
        "see unit",
        "Lower end of its 95 % interval, by the paired t.",
        "-72.1",
    ),
    number(
        "difference_high",
        "see unit",
        "Upper end of its 95 % interval.",
        "-70.3",
    ),
    number(
        "pairs",
        "replications",
        "Replications that have both values. Empty where there is no difference to tell.",
        "20",
    ),
    text(
        "verdict",
        "first, better, worse, same (no replication differs), no difference beyond noise (the interval holds 0), or unknown (fewer than two replications, or some without a value).",
        "better",
    ),
    number(
        "independent_low",
        "see unit",
        "Lower end of the 95 % interval that as many replications would give on independent draws, by Welch's t: how much wider it is shows what common draws are worth.",
        "-74.0",
    ),
    number(
        "independent_high",
        "see unit",
        "Upper end of that interval.",
        "-68.4",
    ),
];

/// Writes the rows of `comparison`, whose plans are called `names`.
///
/// # Errors
/// If a row cannot be written.
pub fn comparison_rows(
    comparison: &Comparison,
    names: &[String],
    rows: &mut dyn Rows,
) -> io::Result<()> {
    for (number, (plan, name)) in comparison.plans.iter().zip(names).enumerate() {
        for line in plan {
            rows.text(name);
            rows.text(line.compared.name);
            rows.text(line.compared.measure.unit());
            rows.number_if(line.median);
            rows.whole(u64::from(line.known));
            rows.whole(u64::from(comparison.replications));
            rows.text_if((number > 0).then_some(names[0].as_str()));
            rows.number_if(line.difference.map(|it| it.mean));
            rows.number_if(line.difference.map(|it| it.low));
            rows.number_if(line.difference.map(|it| it.high));
            rows.number_if(line.difference.map(|it| f64::from(it.count)));
            rows.text(line.verdict.name());
            rows.number_if(line.independent.map(|it| it.low));
            rows.number_if(line.independent.map(|it| it.high));
            rows.end()?;
        }
    }
    Ok(())
}
