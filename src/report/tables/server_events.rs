//! What happened to servers, besides what they held.

use super::{BELONGS_TO, local_time, number, text};
use crate::report::Results;
use crate::report::table::{Column, Rows, Table};
use crate::run::history::Where;
use std::io;

/// `server_events.csv`.
pub static SERVER_EVENTS: Table = Table {
    name: "server_events",
    one_row_per: "thing that happened to a server, in the first replication",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 9] = [
    number(
        "elapsed_hours",
        "h",
        "When: hours since the start of the run; below 0 in the warm-up.",
        "115.2",
    ),
    local_time(
        "local_time",
        "The same moment in the site's zone; in the scenario's zone for a logon point.",
    ),
    text(
        "server",
        "Code of the site, or name of the Client Access Point or logon point.",
        "EU1",
    ),
    text("kind", "site, client access point or logon point.", "site"),
    BELONGS_TO,
    text(
        "event",
        "What happened: a code that keeps its name from version to version.",
        "lsm-token-taken",
    ),
    text(
        "explanation",
        "The same in one sentence.",
        "The site runs the new release.",
    ),
    text(
        "cure",
        "What to do about it. Empty where nothing is wrong.",
        "run setup again",
    ),
    text(
        "articles",
        "Knowledge Base articles behind it.",
        "Q249333, Q255820",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let plan = results.plan;
    for happened in &results.study.servers.events {
        let site = |site: crate::plan::SiteId| &plan.sites[site.index()];
        let (name, kind, belongs_to, zone) = match happened.to {
            Where::Site(id) => {
                let site = site(id);
                (&site.code, "site", &site.code, site.zone.index())
            }
            Where::SiteInDomain(id, domain) => {
                let (site, domain) = (site(id), &plan.domains[domain.index()]);
                (&site.code, "site", &domain.name, site.zone.index())
            }
            Where::Cap(id) => {
                let cap = &plan.caps[id.index()];
                let site = site(cap.site);
                (
                    &cap.name,
                    "client access point",
                    &site.code,
                    site.zone.index(),
                )
            }
            Where::LogonPoint(id) => {
                let point = &plan.logon_points[id.index()];
                let domain = &plan.domains[point.domain.index()];
                (&point.name, "logon point", &domain.name, 0)
            }
        };
        let cure = happened.event.cure();
        results.moment(zone, Some(happened.at), rows);
        rows.text(name);
        rows.text(kind);
        rows.text(belongs_to);
        rows.text(happened.event.code());
        rows.text(happened.event.text());
        rows.text_if((!cure.is_empty()).then_some(cure));
        rows.text(happened.event.articles());
        rows.end()?;
    }
    Ok(())
}
