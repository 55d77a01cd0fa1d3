//! When shares of each site's clients were converged.

use super::SITE;
use crate::engine::Second;
use crate::report::Results;
use crate::report::table::{Column, Rows, Table, local_time, number, share};
use crate::study::{MILESTONES as PERCENTS, Place};
use std::io;

/// `milestones.csv`.
pub static MILESTONES: Table = Table {
    name: "milestones",
    one_row_per: "site and milestone: 50, 90, 95, 99 and 100 % of the clients within the rollout's reach",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 12] = [
    SITE,
    share(
        "milestone_share",
        "The share of reachable clients whose convergence is the milestone.",
    ),
    number(
        "hours_p10",
        "h",
        "Hours from the start of the run until the share was first converged, to a twelfth of an interval: one replication in ten took no longer. A replication that never got there counts as later than all others; empty if the quantile is such a one.",
        "118.25",
    ),
    number("hours_p50", "h", "The same, one replication in two.", "120"),
    number(
        "hours_p90",
        "h",
        "The same, nine replications in ten.",
        "133.5",
    ),
    local_time(
        "local_time_p10",
        "That moment in the site's zone; in the scenario's zone where there is no site.",
    ),
    local_time("local_time_p50", "The same, one replication in two."),
    local_time("local_time_p90", "The same, nine replications in ten."),
    number(
        "clients",
        "clients",
        "All clients of the site; mean over replications.",
        "800",
    ),
    number(
        "reachable_clients",
        "clients",
        "Clients that the rollout could reach: all but those that never were in its reach; mean over replications.",
        "764",
    ),
    number(
        "replications_reached",
        "replications",
        "Replications in which the milestone was reached.",
        "48",
    ),
    number("replications", "replications", "All replications.", "50"),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    let (plan, study) = (results.plan, results.study);
    let fleet = study.total.fleet();
    let sites = Place::all(plan).zip(&study.total.sites);
    for (place, site) in [(Place::Fleet, &fleet)].into_iter().chain(sites) {
        if place == Place::NoSite && site.clients == 0 {
            continue;
        }
        let (index, zone) = (place.index(plan), place.zone(plan));
        let reachable = site.clients.saturating_sub(site.out_of_reach);
        for (milestone, percent) in PERCENTS.into_iter().enumerate() {
            let elapsed = study.milestone_at(index, milestone, results.percentiles);
            let moment = |elapsed: &Option<u32>| elapsed.map(|it| study.moment(it));
            let moments: Vec<Option<Second>> = elapsed.iter().map(moment).collect();
            rows.text(place.name(plan));
            rows.number(f64::from(percent) / 100.0);
            for moment in &moments {
                rows.number_if(moment.map(|at| results.hours(at)));
            }
            for moment in moments {
                match moment {
                    Some(at) => rows.local_time(&results.local(zone, at)),
                    None => rows.missing(),
                }
            }
            rows.number(results.mean(site.clients as f64));
            rows.number(results.mean(reachable as f64));
            rows.whole(study.reached(index, milestone) as u64);
            rows.whole(u64::from(study.count()));
            rows.end()?;
        }
    }
    Ok(())
}
