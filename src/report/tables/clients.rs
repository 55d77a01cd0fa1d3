//! How each client ended.

use crate::report::Results;
use crate::report::table::{Column, Rows, Table, local_time, number, text};
use crate::run::ClientRecord;
use std::io;

/// `clients.csv`.
pub static CLIENTS: Table = Table {
    name: "clients",
    one_row_per: "client, as it ended in the first replication; written if the scenario asks for it",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 12] = [
    text(
        "client",
        "Its name in the inventory, or cohort and number.",
        "desktops-000007",
    ),
    text("cohort", "The cohort it belongs to.", "desktops"),
    text(
        "sites",
        "Codes of the sites it is assigned to, the principal one first. Empty if none.",
        "HQ1 EU1",
    ),
    text(
        "base_version",
        "Version of its base components. Empty without SMS client software.",
        "2.00.1493.2009",
    ),
    text(
        "agents_version",
        "Version of its newest agent. Empty without.",
        "2.00.1493.2011",
    ),
    text(
        "state",
        "Where it ended, by the names of the columns of timeline.csv.",
        "converged",
    ),
    number(
        "converged_elapsed_hours",
        "h",
        "When it converged: hours since the start of the run, below 0 if during the warm-up. Empty if it is not converged.",
        "127.0125",
    ),
    local_time(
        "converged_local_time",
        "The same moment in the client's zone.",
    ),
    text(
        "reason",
        "Why it is not converged: a code of the closed list that `smsim reasons` prints. Empty if it is.",
        "own-site-not-upgraded",
    ),
    text(
        "cure",
        "What to do about that. Empty if nothing.",
        "upgrade the client's site",
    ),
    number(
        "restarts_asked",
        "restarts",
        "Restarts its user was asked for.",
        "1",
    ),
    number(
        "aborted_upgrades",
        "upgrades",
        "Upgrades that were cut short or failed.",
        "0",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let mut name = String::new();
    let mut sites = String::new();
    for client in &results.study.clients {
        client_row(results, client, &mut name, &mut sites, rows)?;
    }
    Ok(())
}

fn client_row(
    results: &Results<'_>,
    client: &ClientRecord,
    name: &mut String,
    sites: &mut String,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let plan = results.plan;
    let cohort = &plan.cohorts[client.cohort.index()];
    name.clear();
    name.push_str(&plan.client_name(client.cohort, client.number));
    rows.text(name);
    rows.text(&cohort.name);
    sites.clear();
    for site in client.sites.into_iter().flatten() {
        if !sites.is_empty() {
            sites.push(' ');
        }
        sites.push_str(&plan.sites[site.index()].code);
    }
    rows.text(sites);
    let content = |id: crate::plan::ContentId| &plan.contents[id.index()];
    rows.text_if(
        client
            .base
            .map(|id| content(id).base.to_string())
            .as_deref(),
    );
    rows.text_if(
        client
            .agents
            .map(|id| content(id).agents.to_string())
            .as_deref(),
    );
    rows.text(client.state.name());
    let converged = client.standing.is_none() && client.converged_at.is_set();
    results.moment(
        cohort.zone.index(),
        converged.then_some(client.converged_at),
        rows,
    );
    let cure = client.standing.map(|reason| reason.cure());
    rows.text_if(client.standing.map(|reason| reason.code()));
    rows.text_if(cure.filter(|cure| !cure.is_empty()));
    rows.whole(u64::from(client.restarts_asked));
    rows.whole(u64::from(client.aborted));
    rows.end()
}
