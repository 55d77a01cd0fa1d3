//! The hierarchy, and what the plan means to do to each site of it.

use super::{SITE_CODE, local_time, number, text};
use crate::plan::{Plan, SiteId, Upgrade};
use crate::report::Results;
use crate::report::table::{Column, Rows, Table};
use std::io;

/// `sites.csv`.
pub static SITES: Table = Table {
    name: "sites",
    one_row_per: "site and planned upgrade of it; a site without one has a row of its own all the same",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 12] = [
    SITE_CODE,
    text(
        "parent",
        "Code of the parent site. Empty at the top of the hierarchy.",
        "HQ1",
    ),
    text("kind", "primary or secondary.", "primary"),
    text("zone", "Time zone of the site's clock.", "Europe/Berlin"),
    text(
        "domains",
        "Domains whose logon points the site manages, with semicolons between them. Empty if none.",
        "CORP",
    ),
    number(
        "clients",
        "clients",
        "Clients that lie in the site's boundaries; mean over replications.",
        "340",
    ),
    text(
        "release_at_start",
        "What the site runs when the simulation begins.",
        "SP1",
    ),
    text(
        "upgrade_to",
        "What it is to be upgraded to. Empty if nothing is planned; so are the columns that follow.",
        "SP2",
    ),
    number(
        "setup_starts_elapsed_hours",
        "h",
        "When setup or the push is to start: hours since the start of the run.",
        "114",
    ),
    local_time(
        "setup_starts_local_time",
        "The same moment in the site's zone.",
    ),
    number(
        "upgraded_elapsed_hours",
        "h",
        "When the site ran the new release in the first replication: hours since the start of the run. Empty if it never did.",
        "115.2",
    ),
    local_time("upgraded_local_time", "The same moment in the site's zone."),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let plan = results.plan;
    for id in (0..plan.sites.len() as u16).map(SiteId) {
        let mut upgrades = plan.rollout.iter().filter(|it| it.site == id).peekable();
        if upgrades.peek().is_none() {
            site_cells(results, id, rows);
            (0..5).for_each(|_| rows.missing());
            rows.end()?;
        }
        for upgrade in upgrades {
            site_cells(results, id, rows);
            upgrade_cells(results, upgrade, rows);
            rows.end()?;
        }
    }
    Ok(())
}

fn site_cells(results: &Results<'_>, id: SiteId, rows: &mut dyn Rows) {
    let plan = results.plan;
    let site = &plan.sites[id.index()];
    rows.text(&site.code);
    rows.text_if(site.parent.map(|it| plan.sites[it.index()].code.as_str()));
    rows.text(if site.secondary {
        "secondary"
    } else {
        "primary"
    });
    rows.text(&plan.zones[site.zone.index()].name);
    rows.text(&domains(plan, id));
    rows.number(results.mean(results.study.total.sites[id.index()].clients as f64));
    rows.text(&plan.contents[site.content.index()].name);
}

fn domains(plan: &Plan, site: SiteId) -> String {
    let takes_part = plan.domains.iter();
    let takes_part = takes_part.filter(|domain| domain.sites.iter().any(|it| it.site == site));
    let names: Vec<&str> = takes_part.map(|domain| domain.name.as_str()).collect();
    names.join("; ")
}

fn upgrade_cells(results: &Results<'_>, upgrade: &Upgrade, rows: &mut dyn Rows) {
    let plan = results.plan;
    let zone = plan.sites[upgrade.site.index()].zone.index();
    let mut held = results.study.servers.sites[upgrade.site.index()].iter();
    let upgraded = held.find(|(from, content)| *from >= upgrade.at && **content == upgrade.to);
    rows.text(&plan.contents[upgrade.to.index()].name);
    results.moment(zone, Some(upgrade.at), rows);
    results.moment(zone, upgraded.map(|(from, _)| from), rows);
}
