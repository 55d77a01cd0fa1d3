//! The tables of results, one file each. Every column is documented where it is defined; `smsim columns` prints that.

mod assumptions;
mod clients;
mod comparison;
mod decisions;
mod fit;
mod left_out;
mod load;
mod load_peaks;
mod milestones;
mod search;
mod sensitivity;
mod server_events;
mod servers;
mod sites;
mod sweep;
mod thresholds;
mod timeline;
mod trouble;

#[cfg(test)]
mod tests;

pub use assumptions::ASSUMPTIONS;
pub use clients::CLIENTS;
pub use comparison::{COMPARISON, comparison_rows};
pub use decisions::DECISIONS;
pub use fit::{FIT, fit_rows};
pub use left_out::LEFT_OUT;
pub use load::LOAD;
pub use load_peaks::{LOAD_PEAKS, share_of_bandwidth};
pub use milestones::MILESTONES;
pub use search::{SEARCH, search_rows};
pub use sensitivity::{SCREENING, SENSITIVITY, screening_rows, sensitivity_rows};
pub use server_events::SERVER_EVENTS;
pub use servers::SERVERS;
pub use sites::SITES;
pub use sweep::{SWEEP, Visited, sweep_rows};
pub use thresholds::THRESHOLDS;
pub use timeline::TIMELINE;
pub use trouble::TROUBLE;

use super::table::{Column, Table, local_time, number, text};
use crate::plan::Plan;

/// Version of the tables' columns: raised when a column changes its name or meaning, or goes away.
pub const SCHEMA_VERSION: u32 = 1;

/// Every table of a run, in the order of documentation.
pub static ALL: [&Table; 13] = [
    &TIMELINE,
    &MILESTONES,
    &LOAD,
    &LOAD_PEAKS,
    &DECISIONS,
    &TROUBLE,
    &CLIENTS,
    &SERVERS,
    &SERVER_EVENTS,
    &THRESHOLDS,
    &SITES,
    &ASSUMPTIONS,
    &LEFT_OUT,
];

/// The tables that a run of `plan` writes.
pub fn wanted(plan: &Plan) -> Vec<&'static Table> {
    let wanted = |table: &&Table| match table.name {
        name if name == CLIENTS.name => plan.results.clients,
        name if name == THRESHOLDS.name => !plan.thresholds.is_empty(),
        name if name == LEFT_OUT.name => !plan.left_out.is_empty(),
        _ => true,
    };
    ALL.into_iter().filter(wanted).collect()
}

const SITE: Column = text(
    "site",
    "The site in whose boundaries the clients lie; * for the whole fleet, (none) for clients in no site's boundaries.",
    "HQ1",
);
const SITE_CODE: Column = text("site", "Code of the site.", "EU1");
const FROM_HOURS: Column = number(
    "from_elapsed_hours",
    "h",
    "Where the interval begins: hours since the start of the run. The next interval begins where it ends.",
    "113",
);
const FROM_LOCAL: Column = local_time(
    "from_local_time",
    "Where the interval begins, in the zone of the row's site; in the scenario's zone where there is none.",
);
const SERVER: Column = text(
    "server",
    "Name of the Client Access Point or logon point; an address is called by the site that sends and the one that receives.",
    "HQ1-CAP1",
);
const SERVER_KIND: Column = text(
    "kind",
    "client access point, logon point, or address (transfers from a parent site to a child).",
    "client access point",
);
const BELONGS_TO: Column = text(
    "belongs_to",
    "Code of the site, or name of the domain for a logon point; for an address the site that receives.",
    "HQ1",
);
