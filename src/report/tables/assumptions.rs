//! The numbers of the model that a run went by.

use super::text;
use crate::report::Results;
use crate::report::quantity::value;
use crate::report::table::{Column, Rows, Table};
use crate::sms::defaults::assumptions;
use std::io;

/// `assumptions.csv`.
pub static ASSUMPTIONS: Table = Table {
    name: "assumptions",
    one_row_per: "number of the model that a scenario can set under [rules]",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 7] = [
    text("name", "What a scenario calls it.", "ccim_cycle"),
    text("value", "What this run went by.", "23 h"),
    text("default", "What holds where a scenario is silent.", "23 h"),
    text("changed", "yes if the scenario set it.", "no"),
    text(
        "confidence",
        "How well the default is founded: documented, inferred, disputed or assumed.",
        "documented",
    ),
    text("source", "Article or other source.", "Q231232"),
    text(
        "meaning",
        "What it means.",
        "Time between two maintenance cycles.",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let plan = results.plan;
    for assumption in assumptions() {
        let now = plan.rules.get(assumption.name).unwrap_or(assumption.value);
        rows.text(assumption.name);
        rows.text(&value(now));
        rows.text(&value(assumption.value));
        rows.yes_or_no(plan.rules_set.iter().any(|name| name == assumption.name));
        rows.text(assumption.confidence.name());
        rows.text(assumption.source);
        rows.text(assumption.meaning);
        rows.end()?;
    }
    Ok(())
}
