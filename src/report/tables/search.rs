//! What a search tried, one row per plan.

use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::search::{Fate, Found, Terms};
use std::io;

/// `frontier.csv` and `candidates.csv`, which `smsim search` writes. One more column per knob follows.
pub static SEARCH: Table = Table {
    name: "search",
    one_row_per: "plan that `smsim search` tried, with one more column, `knob_` and its name, for each knob; in frontier.csv only those of which no other is better in goal and load at once",
    columns: &COLUMNS,
    fill: |_, _| Ok(()),
};

static COLUMNS: [Column; 11] = [
    number(
        "plan",
        "",
        "Number of the plan, in the order of trying; 0 is the scenario as it stands.",
        "17",
    ),
    text("role", "best, runner-up, as it stands, or empty.", "best"),
    text(
        "goal",
        "What was to be least: a measure, or the cost.",
        "hours to 95% converged",
    ),
    number(
        "goal_value",
        "that of the goal",
        "Median over the plan's replications; empty if it was not reached within the run.",
        "171.2",
    ),
    text(
        "against",
        "What the goal is traded against.",
        "busiest hour of any CAP",
    ),
    number(
        "against_value",
        "that of the measure",
        "Median over the plan's replications.",
        "2600000000",
    ),
    number(
        "cost",
        "",
        "What the plan costs, by the prices of the goal and the costs of its knobs, in any currency: median over its replications. Empty if nothing has a price, or a part of it was not reached.",
        "9000",
    ),
    text(
        "keeps_limits",
        "yes if it keeps every threshold of the scenario and its budget, as far as its replications tell, else no.",
        "yes",
    ),
    text(
        "on_frontier",
        "yes if no other plan is better in goal and load at once, else no.",
        "yes",
    ),
    text(
        "fate",
        "kept, broke a limit, worse (than the best of its time, beyond noise), or behind (when the worse half had to go).",
        "worse",
    ),
    number(
        "replications",
        "replications",
        "Replications it was given: the fewer, the sooner it was out.",
        "10",
    ),
];

/// Writes the rows of the plans that a search tried, or of those on the frontier; `settings` gives the values of a
/// plan's knobs as they are shown, `priced` whether anything has a price.
///
/// # Errors
/// If a row cannot be written.
pub fn search_rows(
    found: &Found,
    terms: &Terms,
    only_frontier: bool,
    priced: bool,
    settings: &dyn Fn(usize) -> Vec<String>,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let all: Vec<usize> = (0..found.candidates.len()).collect();
    let wanted = if only_frontier { &found.frontier } else { &all };
    for &at in wanted {
        let candidate = &found.candidates[at];
        rows.whole(at as u64);
        rows.text(match at {
            at if at == found.best => "best",
            at if Some(at) == found.runner_up => "runner-up",
            0 => "as it stands",
            _ => "",
        });
        rows.text(terms.goal.objective.name());
        rows.number_if(terms.objective(&candidate.rows));
        rows.text(crate::study::compared::COMPARED[terms.goal.against].name);
        rows.number_if(terms.against(&candidate.rows));
        rows.number_if(terms.cost(&candidate.rows).filter(|_| priced));
        rows.yes_or_no(terms.keeps(&candidate.rows));
        rows.yes_or_no(found.frontier.contains(&at));
        rows.text(match candidate.fate {
            Fate::Kept => "kept",
            Fate::Broke(..) => "broke a limit",
            Fate::Worse(_) => "worse",
            Fate::Behind => "behind",
        });
        rows.whole(candidate.rows.len() as u64);
        for setting in settings(at) {
            rows.text(&setting);
        }
        rows.end()?;
    }
    Ok(())
}
