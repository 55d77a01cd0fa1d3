//! What every server held at each second: the value between the servers' side and the clients'.

use crate::engine::{History, Second};
use crate::plan::{
    AppliedHotfix, CapId, ContentId, Domain, DomainId, Hotfix, LogonPointId, Plan, SiteId,
};
pub use crate::sms::logon_server_manager::CopylogLine;
pub use crate::sms::server_events::ServerEvent;

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

/// Copylog.tcf's line for Clicore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The site it names.
    pub site: SiteId,
    /// Whether it is right.
    pub line: CopylogLine,
}

impl Credit {
    /// Whether the bootstrap can read the version of Clicore from the credited site's folder; an unpatched site that
    /// credited itself with another's file has no Compver.ini for it (Q264630).
    #[must_use]
    pub fn version_known(self) -> bool {
        self.line == CopylogLine::Right
    }
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
    /// Clients can reach it, and it has what a logon point needs.
    pub reachable: bool,
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

/// The server, or the site in its part for a domain, that an event happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// A site server.
    Site(SiteId),
    /// A site, as one of those that manage a domain's logon points.
    SiteInDomain(SiteId, DomainId),
    /// A Client Access Point.
    Cap(CapId),
    /// A logon point.
    LogonPoint(LogonPointId),
}

/// Something worth telling that happened to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Second,
    /// To which server.
    pub to: Where,
    /// What.
    pub event: ServerEvent,
}

/// What every server held, from the first second on, fixed before the first client moves.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerHistory {
    /// By site: what the site server runs.
    pub sites: Vec<History<ContentId>>,
    /// By Client Access Point.
    pub caps: Vec<History<CapState>>,
    /// By logon point.
    pub logon_points: Vec<History<LogonPointState>>,
    /// Transfers between sites, in order of their start.
    pub sends: Vec<Send>,
    /// By site: the hotfixes that really took.
    pub hotfixes: Vec<Vec<AppliedHotfix>>,
    /// What else happened, in time order.
    pub events: Vec<Happened>,
}

impl ServerHistory {
    /// Whether a site has a hotfix at `at`, one that took.
    #[must_use]
    pub fn has_hotfix(&self, plan: &Plan, at: Second, site: SiteId, hotfix: Hotfix) -> bool {
        let mut spans = self.hotfixed(plan, site, hotfix);
        spans.any(|(from, until)| (from..until).contains(&at))
    }

    /// From when until when a site has a hotfix that took: until its next service pack, which brings files of its own
    /// (Q261931: RTM and SP1 need different ones).
    pub fn hotfixed(
        &self,
        plan: &Plan,
        site: SiteId,
        hotfix: Hotfix,
    ) -> impl Iterator<Item = (Second, Second)> {
        let release = |content: &ContentId| plan.contents[content.index()].base.release();
        let runs = &self.sites[site.index()];
        let applied = self.hotfixes[site.index()].iter();
        let moments = applied.filter(move |applied| applied.hotfix == hotfix);
        moments.map(move |applied| {
            let from = applied.at;
            let mut later = runs.iter().filter(|(since, _)| *since > from);
            let gone = later.find(|(_, content)| release(content) != release(runs.at(from)));
            (from, gone.map_or(Second::NEVER, |(since, _)| since))
        })
    }

    /// Ends the transfer to `to` that is under way at `now`, of which a part was copied.
    pub fn cut_send(&mut self, now: Second, to: SiteId) {
        let under_way = |send: &&mut Send| send.to == to && send.ended > now;
        if let Some(send) = self.sends.iter_mut().rev().find(under_way) {
            let whole_s = u64::from(send.ended.since(send.started).max(1));
            send.bytes = send.bytes * u64::from(now.since(send.started)) / whole_s;
            send.ended = now;
        }
    }

    /// How often something happened.
    #[must_use]
    pub fn count(&self, event: ServerEvent) -> usize {
        self.events
            .iter()
            .filter(|happened| happened.event == event)
            .count()
    }
}
