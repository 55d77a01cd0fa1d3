//! Which sites a client joins and leaves.

use super::boot32wn::Bootstrap;
use super::reasons::Reason;
use super::version::Difference;

/// Whether a client that lies in a site's boundaries joins it at a logon, given how the site's release stands to the
/// Clicore on the logon point; table (d), rows D1, D2 and D5.
///
/// Before SP2 it joins every site that matches (Q298433); from SP2 on none that is significantly earlier (Q262677).
#[must_use]
pub fn joins(bootstrap: Bootstrap, site: Difference) -> bool {
    bootstrap == Bootstrap::BeforeSp2 || site != Difference::SignificantlyOlder
}

/// Why a client keeps or removes one of its sites in a cycle that read it; rows C2.10 and C2.11. `None`: it lies in the
/// site's boundaries.
#[must_use]
pub fn outside_boundaries(inside: bool, travel_mode: bool) -> Option<Reason> {
    match (inside, travel_mode) {
        (true, _) => None,
        (false, true) => Some(Reason::TravelMode), // C2.11, Q281107
        (false, false) => Some(Reason::OutOfBoundaries), // C2.10, Q199078
    }
}
