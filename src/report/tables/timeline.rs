//! Where the clients of each site are, interval by interval.

use super::SITE;
use crate::report::Results;
use crate::report::table::{Column, Rows, Table, local_time, number, share};
use crate::run::tally::{Curve, STATES, SiteTally};
use crate::study::Place;
use std::io;

/// `timeline.csv`.
pub static TIMELINE: Table = Table {
    name: "timeline",
    one_row_per: "site and boundary between two intervals: the state at that moment, the start of the run included",
    columns: &COLUMNS,
    fill,
};

const fn state(name: &'static str, meaning: &'static str) -> Column {
    number(name, "clients", meaning, "120")
}

/// The states follow [`ClientState::ALL`](crate::run::ClientState::ALL), the shares [`Curve::ALL`].
static COLUMNS: [Column; 14 + STATES] = [
    SITE,
    number(
        "elapsed_hours",
        "h",
        "Hours since the start of the run.",
        "114",
    ),
    local_time(
        "local_time",
        "The same moment in the site's zone; in the scenario's zone where there is no site.",
    ),
    state(
        "clients",
        "All clients of the site. This and the following counts are means over replications.",
    ),
    state("not_installed", "Clients without SMS client software."),
    state("waiting", "Older than the target, nothing under way."),
    state("transferring", "Copying from a server."),
    state("installing", "Installing what was copied."),
    state("restart_pending", "Waiting for a restart of the machine."),
    state(
        "agents_pending",
        "Base components at the target, agents still to come.",
    ),
    state(
        "converged",
        "Base components and every agent at the target, no restart pending.",
    ),
    state(
        "mixed",
        "Base components newer than every Client Access Point of the client's sites.",
    ),
    state("broken", "In need of a desk visit."),
    share(
        "converged_share_p10",
        "Share of the site's clients that are converged: one replication in ten stays at or below it. Empty without clients.",
    ),
    share("converged_share_p50", "The same, one replication in two."),
    share("converged_share_p90", "The same, nine replications in ten."),
    share(
        "base_share_p10",
        "Share of clients whose base components are at the target: one replication in ten stays at or below it.",
    ),
    share("base_share_p50", "The same, one replication in two."),
    share("base_share_p90", "The same, nine replications in ten."),
    share(
        "reported_share_p10",
        "Share of clients that the console knows to have base components at the target: one replication in ten stays at or below it.",
    ),
    share("reported_share_p50", "The same, one replication in two."),
    share("reported_share_p90", "The same, nine replications in ten."),
    number(
        "newly_converged",
        "clients",
        "Clients that converged in the interval that ends here, less those that ceased to be; mean over replications. Empty at the start.",
        "37",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    let fleet = study.total.fleet();
    place_rows(results, Place::Fleet, &fleet, rows)?;
    for (place, site) in Place::all(plan).zip(&study.total.sites) {
        if place != Place::NoSite || site.clients > 0 {
            place_rows(results, place, site, rows)?;
        }
    }
    Ok(())
}

fn place_rows(
    results: &Results<'_>,
    place: Place,
    site: &SiteTally,
    rows: &mut dyn Rows,
) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    let (index, zone) = (place.index(plan), place.zone(plan));
    let name = place.name(plan);
    let clients = results.mean(site.clients as f64);
    for (boundary, states) in site.states(&study.grid).enumerate() {
        rows.text(name);
        results.moment(zone, Some(study.grid.boundary(boundary)), rows);
        rows.number(clients);
        for count in states {
            rows.number(results.mean(count as f64));
        }
        for curve in Curve::ALL {
            for count in study.curve_at(index, boundary, curve, results.percentiles) {
                rows.share_of(f64::from(count), clients);
            }
        }
        match boundary.checked_sub(1) {
            Some(interval) => {
                let change = site.curve_change(interval, Curve::Converged);
                rows.number(results.mean(change as f64));
            }
            None => rows.missing(),
        }
        rows.end()?;
    }
    Ok(())
}
