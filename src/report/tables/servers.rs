//! What each server held from when to when.

use super::{BELONGS_TO, local_time, number, text};
use crate::engine::{History, Second};
use crate::plan::ContentId;
use crate::report::Results;
use crate::report::table::{Column, Rows, Table};
use crate::run::history::{CapState, LogonPointState};
use std::io;

/// `servers.csv`.
pub static SERVERS: Table = Table {
    name: "servers",
    one_row_per: "server and span of time in which what it held did not change, in the first replication",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 14] = [
    text(
        "server",
        "Code of the site, or name of the Client Access Point or logon point.",
        "HQ1-CAP1",
    ),
    text(
        "kind",
        "site, client access point or logon point.",
        "client access point",
    ),
    BELONGS_TO,
    number(
        "from_elapsed_hours",
        "h",
        "From when on: hours since the start of the run. Empty if since before the warm-up.",
        "115.2",
    ),
    local_time(
        "from_local_time",
        "The same moment in the site's zone; in the scenario's zone for a logon point.",
    ),
    number(
        "until_elapsed_hours",
        "h",
        "Until when. Empty if until the end.",
        "139.2",
    ),
    local_time("until_local_time", "The same moment in local time."),
    text(
        "release",
        "What it held: the site's release, the content of clicomp.box, or that of the bootstrap and Clicore.",
        "SP2",
    ),
    text(
        "base_version",
        "Version of the base components in it.",
        "2.00.1493.2009",
    ),
    text(
        "locked",
        "Client Access Point: yes while Inbox Manager refreshes it and keeps Inboxlck.tok there. Empty for others.",
        "no",
    ),
    text(
        "reachable",
        "Client Access Point: whether clients could reach it. Empty for others.",
        "yes",
    ),
    text(
        "credited_site",
        "Logon point: the site that Copylog.tcf credits with Clicore. Empty for others.",
        "HQ1",
    ),
    text(
        "credited_version_known",
        "Logon point: no if that site's folder lacks the version of Clicore (Q264630). Empty for others.",
        "yes",
    ),
    text(
        "listed_sites",
        "Logon point: codes of the sites listed on it. Empty for others.",
        "HQ1 EU1",
    ),
];

/// One server, whatever it holds.
struct Holder<'a> {
    name: &'a str,
    kind: &'static str,
    belongs_to: &'a str,
    zone: usize,
}

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, history) = (results.plan, &results.study.servers);
    for (site, held) in plan.sites.iter().zip(&history.sites) {
        let holder = Holder {
            name: &site.code,
            kind: "site",
            belongs_to: &site.code,
            zone: site.zone.index(),
        };
        spans(results, &holder, held, rows, |content, rows| {
            release(results, *content, rows);
            (0..5).for_each(|_| rows.missing());
        })?;
    }
    for (cap, held) in plan.caps.iter().zip(&history.caps) {
        let site = &plan.sites[cap.site.index()];
        let holder = Holder {
            name: &cap.name,
            kind: "client access point",
            belongs_to: &site.code,
            zone: site.zone.index(),
        };
        spans(results, &holder, held, rows, |state, rows| {
            cap_cells(results, state, rows)
        })?;
    }
    for (point, held) in plan.logon_points.iter().zip(&history.logon_points) {
        let domain = point.domain.index();
        let holder = Holder {
            name: &point.name,
            kind: "logon point",
            belongs_to: &plan.domains[domain].name,
            zone: 0,
        };
        spans(results, &holder, held, rows, |state, rows| {
            point_cells(results, domain, state, rows)
        })?;
    }
    Ok(())
}

/// One row per value of a history; `cells` writes what was held.
fn spans<T: Clone + PartialEq>(
    results: &Results<'_>,
    holder: &Holder<'_>,
    history: &History<T>,
    rows: &mut dyn Rows,
    cells: impl Fn(&T, &mut dyn Rows),
) -> io::Result<()> {
    let mut values = history.iter().peekable();
    while let Some((from, value)) = values.next() {
        let until = values.peek().map(|(next, _)| *next);
        rows.text(holder.name);
        rows.text(holder.kind);
        rows.text(holder.belongs_to);
        results.moment(holder.zone, (from > Second::ZERO).then_some(from), rows);
        results.moment(holder.zone, until, rows);
        cells(value, rows);
        rows.end()?;
    }
    Ok(())
}

fn release(results: &Results<'_>, content: ContentId, rows: &mut dyn Rows) {
    let content = &results.plan.contents[content.index()];
    rows.text(&content.name);
    rows.text(&content.base.to_string());
}

fn cap_cells(results: &Results<'_>, state: &CapState, rows: &mut dyn Rows) {
    release(results, state.content, rows);
    rows.yes_or_no(state.locked);
    rows.yes_or_no(state.reachable);
    (0..3).for_each(|_| rows.missing());
}

fn point_cells(results: &Results<'_>, domain: usize, state: &LogonPointState, rows: &mut dyn Rows) {
    let plan = results.plan;
    let code = |site: crate::plan::SiteId| plan.sites[site.index()].code.as_str();
    let listed = plan.domains[domain].sites.iter().enumerate();
    let listed = listed.filter(|(position, _)| state.sites.contains(*position));
    let listed: Vec<&str> = listed.map(|(_, it)| code(it.site)).collect();
    release(results, state.content, rows);
    rows.missing();
    rows.missing();
    rows.text(code(state.credit.site));
    rows.yes_or_no(state.credit.version_known());
    rows.text(&listed.join(" "));
}
