//! What every server held at each second: the value between the servers' side and the clients'.

use crate::engine::{History, Second};
use crate::plan::{ContentId, Domain, SiteId};

/// What a Client Access Point offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapState {
    /// Content of its clicomp.box.
    pub content: ContentId,
    /// Inbox Manager is refreshing it and keeps Inboxlck.tok there (SP2 on, Q275617).
    pub locked: bool,
    /// Clients can reach it.
    pub reachable: bool,
}

/// Whom Copylog.tcf credits with Clicore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The site.
    pub site: SiteId,
    /// Whether the bootstrap can read the version of Clicore from that site's folder; an unpatched site that credited
    /// itself with another's file has no Compver.ini for it (Q264630).
    pub version_known: bool,
}

/// What a logon point holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogonPointState {
    /// Content that its bootstrap and its Clicore come from.
    pub content: ContentId,
    /// Copylog.tcf's entry for Clicore.
    pub credit: Credit,
    /// The sites listed on it: a bit per position in the domain's list of participating sites.
    pub sites: SiteSet,
}

/// Sites of a domain, by their position in the domain's list of participating sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SiteSet(pub u128);

impl SiteSet {
    /// Most sites that can share a domain.
    pub const CAPACITY: usize = Domain::MOST_SITES;

    /// The first `count` sites.
    #[must_use]
    pub fn first(count: usize) -> Self {
        let all = u128::MAX.checked_shr((Self::CAPACITY - count) as u32);
        SiteSet(all.unwrap_or(0))
    }

    /// Whether the site at `position` is in the set.
    #[must_use]
    pub fn contains(self, position: usize) -> bool {
        self.0 >> position & 1 == 1
    }

    /// The set with the site at `position` in it.
    #[must_use]
    pub fn with(self, position: usize) -> Self {
        SiteSet(self.0 | 1 << position)
    }

    /// The set with the site at `position` not in it.
    #[must_use]
    pub fn without(self, position: usize) -> Self {
        SiteSet(self.0 & !(1 << position))
    }
}

/// One transfer from a parent to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Send {
    /// The child.
    pub to: SiteId,
    /// When it was asked for.
    pub queued: Second,
    /// When a sender thread took it up and fixed its rate.
    pub started: Second,
    /// When it arrived.
    pub ended: Second,
    /// Its size \[bytes\].
    pub bytes: u64,
}

/// What every server held, from the first second on, fixed before the first client moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHistory {
    /// By site: what the site server runs.
    pub sites: Vec<History<ContentId>>,
    /// By Client Access Point.
    pub caps: Vec<History<CapState>>,
    /// By logon point.
    pub logon_points: Vec<History<LogonPointState>>,
    /// Transfers between sites, in order of their start.
    pub sends: Vec<Send>,
    /// Logon Server Manager cycles that could not get the token, by site.
    pub lsm_skipped: Vec<u32>,
}
