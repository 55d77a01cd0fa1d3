//! Client Configuration Manager: installing a client from the site server, and trying again.

use super::reasons::Reason;
use super::version::{Difference, Release};

/// What a site's Client Configuration Manager knows when it takes up a request for a machine that it believes to be
/// within its boundaries and that is not among its clients (Q229769).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PushFacts {
    /// The machine runs Windows NT or 2000.
    pub windows_nt: bool,
    /// The site's travel mode makes it discard requests (Q299772).
    pub discards_requests: bool,
    /// The machine answers: it is on, on the network, and opens its administrative share.
    pub answers: bool,
    /// How a client that is there already, of another site, stands to the site's release; `None`: there is none.
    pub client: Option<Difference>,
    /// The site looks for files of a later release first: SP2, or Q252717, or Q252718.
    pub looks_first: bool,
    /// The machine has moved out of the boundaries, and the site was not told (Q313660).
    pub moved_away: bool,
}

/// What comes of one attempt: D3, D4, D14, F9, F38, F41 and F44. `None`: there is no request for such a machine.
#[must_use]
pub fn attempt(facts: PushFacts) -> Option<Reason> {
    match facts {
        PushFacts {
            windows_nt: false, ..
        } => None, // Q229769: requests are for Windows NT only
        PushFacts {
            discards_requests: true,
            ..
        } => Some(Reason::PushDiscarded), // F41, Q299772
        PushFacts {
            client: Some(Difference::SignificantlyNewer),
            looks_first: false,
            ..
        } => Some(Reason::PushOntoNewer), // F9, Q252717
        PushFacts { answers: false, .. } => Some(Reason::PushUnanswered), // Q264630: again in an hour
        PushFacts {
            client: Some(Difference::SignificantlyNewer),
            ..
        } => Some(Reason::PushLeavesNewer), // Q264630
        PushFacts {
            client: Some(_), ..
        } => Some(Reason::PushFindsClient), // D3, D4, F44, Q298433
        PushFacts {
            moved_away: true, ..
        } => Some(Reason::PushedToOldSite), // D14, F38, Q313660
        _ => Some(Reason::Pushed),
    }
}

/// What decides whether a request that failed is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryFacts {
    /// Letters in the name of the machine's domain.
    pub domain_name: usize,
    /// The site names requests by computer and domain: SP2, or Q252717, or Q252718 (Q242926).
    pub new_names: bool,
    /// What the site runs.
    pub release: Release,
    /// Since the request began \[s\].
    pub age_s: u32,
    /// How long one is kept \[s\].
    pub life_s: u32,
}

/// What becomes of a request that failed: it waits for its next attempt, or is given up after its life (Q264630). The new
/// names lose it at once where the domain's name has less than four characters, until SP3 (Q265882).
#[must_use]
pub fn after_failure(facts: RetryFacts) -> Reason {
    let RetryFacts {
        domain_name,
        new_names,
        release,
        age_s,
        life_s,
    } = facts;
    if new_names && domain_name < 4 && release < Release::SP3 {
        Reason::PushNotRetried
    } else if age_s >= life_s {
        Reason::PushGivenUp
    } else {
        Reason::PushUnanswered
    }
}

/// How long a request that began at the first of these moments goes on failing \[s\]: its life, unless the retry box is
/// emptied first (L35) or the site learns to look. The hotfix alone does not end requests that are in the box (Q264630).
#[must_use]
pub fn wasted_s(life_s: u32, until_emptied_s: Option<u32>, until_upgraded_s: Option<u32>) -> u32 {
    let ends = [until_emptied_s, until_upgraded_s].into_iter().flatten();
    ends.min().unwrap_or(life_s).min(life_s)
}
