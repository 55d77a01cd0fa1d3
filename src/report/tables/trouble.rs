//! What went wrong, or cost somebody something.

use crate::report::Results;
use crate::report::table::{Column, Rows, Table, number, text};
use crate::study::Digest;
use std::io;

/// `trouble.csv`.
pub static TROUBLE: Table = Table {
    name: "trouble",
    one_row_per: "kind of trouble and reason",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 12] = [
    text(
        "kind",
        "mixed, broken, aborted, restart asked, new client blocked, site removed, agents blocked, sluggish, not converged, wrong site joined, second site left out, inventory purged, push failed or wasted push.",
        "not converged",
    ),
    text(
        "reason",
        "Why: a code of the closed list that `smsim reasons` prints.",
        "own-site-not-upgraded",
    ),
    number("cases", "cases", "How often; mean over replications.", "36"),
    number(
        "cured",
        "cases",
        "Cases that were over before the run ended; mean over replications. Empty for what is a matter of a moment.",
        "12",
    ),
    number(
        "client_hours",
        "h",
        "Time that clients spent in it, added up; mean over replications. Of a wasted push, the hours over which it was tried again. Empty for what is a matter of a moment.",
        "4120.5",
    ),
    text(
        "cure",
        "What to do about it. Empty where nothing is wrong.",
        "upgrade the client's site",
    ),
    text(
        "articles",
        "Knowledge Base articles behind the rule, or what else it rests on.",
        "Q262677, Q263411",
    ),
    text(
        "explanation",
        "The reason in one sentence.",
        "The client belongs to no site.",
    ),
    text(
        "examples",
        "A few clients it happened to, in any replication.",
        "desktops-000007; desktops-000031",
    ),
    number(
        "cases_p10",
        "cases",
        "How often in a replication: one in ten stays at or below it.",
        "30",
    ),
    number(
        "cases_p50",
        "cases",
        "The same, one replication in two.",
        "36",
    ),
    number(
        "cases_p90",
        "cases",
        "The same, nine replications in ten.",
        "44",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    for ((kind, reason), trouble) in &results.study.total.trouble {
        let cure = reason.cure();
        let names = trouble
            .examples
            .iter()
            .map(|(cohort, number)| results.plan.client_name(*cohort, *number));
        let names: Vec<String> = names.collect();
        rows.text(kind.name());
        rows.text(reason.code());
        rows.number(results.mean(trouble.cases as f64));
        let lasting = |value: f64| kind.lasts().then(|| results.mean(value));
        rows.number_if(lasting(trouble.cured as f64));
        rows.number_if(lasting(trouble.client_seconds as f64 / 3_600.0));
        rows.text_if((!cure.is_empty()).then_some(cure));
        rows.text(reason.articles());
        rows.text(reason.text());
        rows.text_if((!names.is_empty()).then(|| names.join("; ")).as_deref());
        let key = (*kind, *reason);
        let cases = |digest: &Digest| digest.trouble.get(&key).copied().unwrap_or(0);
        let percentiles = results.percentiles;
        for cases in results.study.percentiles(percentiles, cases) {
            rows.whole(cases);
        }
        rows.end()?;
    }
    Ok(())
}
