//! Step 1, the servers' side: site upgrades, senders, Inbox Manager and Logon Server Manager.
//!
//! Nothing a client does changes what a server holds, so this runs on its own and leaves a [`ServerHistory`]: what
//! every site server, Client Access Point and logon point held at each second.

mod beginning;
mod caps;
mod copylog;
mod logon_points;
mod outages;
mod sending;
mod upgrades;

use super::history::{Happened, ServerHistory, SiteSet, Where};
use crate::engine::draws::{address_of, happens, threshold};
use crate::engine::{Draws, EventQueue, Second};
use crate::plan::{CapId, ContentId, DomainId, LogonPointId, Plan, SiteId};
use crate::sms::{Release, ServerEvent, Version};
use std::collections::VecDeque;

/// What can happen to a server. The order of this list is the order within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A site server goes down.
    SiteGoesDown(SiteId),
    /// It is back.
    SiteComesUp(SiteId),
    /// A Client Access Point is set up.
    CapAdded(CapId),
    /// A Client Access Point cannot be reached any more.
    CapGoesDown(CapId),
    /// It can be reached again.
    CapComesUp(CapId),
    /// It is taken away.
    CapRemoved(CapId),
    /// Site Component Manager has installed it anew.
    CapReinstalled(CapId),
    /// A stale Inboxlck.tok appears on a Client Access Point.
    LockAppears(CapId),
    /// It is removed.
    LockGoes(CapId),
    /// A logon point cannot be reached any more.
    PointGoesDown(LogonPointId),
    /// It can be reached again.
    PointComesUp(LogonPointId),
    /// Logon Server Manager has left a logon point as this visit wants it.
    PointVisited(LogonPointId, u32),
    /// A site leaves a domain.
    SiteLeaves(DomainId, SiteId),
    /// Senior.lst is taken away.
    SeniorLstGoes(DomainId),
    /// Copylog.tcf is damaged: the entry of the domain's list.
    CopylogDamaged(DomainId, u32),
    /// It is mended by hand.
    CopylogMended(DomainId, u32),
    /// Copylog.tcf is edited by hand and locked.
    CopylogPinned(DomainId),
    /// It is unlocked.
    CopylogUnpinned(DomainId),
    /// A hotfix was run at a site, and SMS Executive restarted.
    HotfixApplied(SiteId, u32),
    /// The upgrade in this line of the rollout is to begin.
    UpgradeDue(u32),
    /// An address may have opened, or a thread become free.
    SenderLooks(SiteId),
    /// The files of this line of the rollout arrived, sent for this time.
    SendEnded(u32, u32),
    /// Setup of this line of the rollout is to begin.
    SetupDue(u32),
    /// It ran to its end, well or not, for this time.
    SetupEnded(u32, u32),
    /// Inbox Manager visits a Client Access Point to bring it this content.
    InboxManagerVisits(CapId, ContentId),
    /// It is done there.
    CapRefreshed(CapId, ContentId),
    /// Somebody opens the Locks folder of a site's Logon Server Manager.
    LocksOpened(SiteId),
    /// A site starts a cycle of Logon Server Manager in a domain.
    LsmCycle(DomainId, SiteId, Cause),
}

/// Why a cycle of Logon Server Manager starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Its interval has passed.
    Due,
    /// SMS Executive was restarted.
    Restart,
    /// Somebody forced it.
    Forced,
    /// Somebody looked into a folder (Q257202).
    Folder,
}

/// Purposes of the draws addressed by a server's own name: the first word of each. Whatever came later is addressed by
/// a name of its own, see [`Servers::chance`].
mod purpose {
    /// Phase of Inbox Manager's visits, or of Logon Server Manager's cycles.
    pub const PHASE: u64 = 0;
    /// Duration and success of a setup attempt, two words each.
    pub const SETUP: u64 = 16;
}

/// A line of the rollout on its way.
#[derive(Clone, Copy, Debug)]
struct Progress {
    /// Setups begun and ended.
    attempts: u32,
    /// Transfers begun; what ends another than the latest is void.
    sends: u32,
    /// When its files were queued.
    queued: Second,
    /// It waits in the sender's queue, and that was told.
    told_to_wait: bool,
    /// Its files are being sent since.
    sending_since: Option<Second>,
    /// It is on its way, and nobody need begin it.
    begun: bool,
    /// Setup is running.
    setting_up: bool,
    done: bool,
}

impl Progress {
    const NOT_BEGUN: Progress = Progress {
        attempts: 0,
        sends: 0,
        queued: Second::NEVER,
        told_to_wait: false,
        sending_since: None,
        begun: false,
        setting_up: false,
        done: false,
    };
}

/// A sender of one site.
#[derive(Clone, Debug, Default)]
struct Sender {
    queue: VecDeque<u32>,
    busy: u32,
    busy_to: Vec<(SiteId, u32)>,
}

/// What a domain's PDC knows of its sites, and who holds the token.
#[derive(Clone, Debug)]
struct DomainState {
    /// By position in the domain's list: what the site last wrote to the PDC, and when.
    entries: Vec<(Second, Version)>,
    /// The token is taken until then (Q249333).
    token_until: Second,
    /// Sites whose cycle fell due while their server was down.
    missed: SiteSet,
    /// Sites that have left.
    left: SiteSet,
    /// Senior.lst is gone.
    senior_lst_gone: bool,
    /// Copylog.tcf is locked.
    pinned: bool,
}

/// The simulation of the servers' side.
struct Servers<'p> {
    plan: &'p Plan,
    draws: Draws,
    queue: EventQueue<(Second, Event)>,
    rollout: Vec<Progress>,
    senders: Vec<Sender>,
    domains: Vec<DomainState>,
    /// By site: its server is down until then.
    down_until: Vec<Second>,
    /// By site: its setup died midway, and nothing runs there.
    half_upgraded: Vec<bool>,
    /// By Client Access Point: a stale token lies there.
    stale_locks: Vec<bool>,
    /// Visits of Logon Server Manager under way or over.
    visits: Vec<logon_points::Visit>,
    history: ServerHistory,
}

/// Simulates the servers' side of one replication.
#[must_use]
pub fn simulate_servers(plan: &Plan, replication: u32) -> ServerHistory {
    let mut servers = Servers::new(plan, replication);
    while let Some((now, event)) = servers.queue.pop() {
        if now >= plan.clock.end {
            break;
        }
        servers.handle(now, event);
    }
    servers.history
}

impl Servers<'_> {
    fn handle(&mut self, now: Second, event: Event) {
        match event {
            Event::SiteGoesDown(site) => self.site_goes_down(now, site),
            Event::SiteComesUp(site) => self.site_comes_up(now, site),
            Event::CapAdded(cap) => self.cap_added(now, cap),
            Event::CapRemoved(cap) => self.cap_removed(now, cap),
            Event::CapGoesDown(cap) => self.cap_goes_down(now, cap),
            Event::CapComesUp(cap) => self.cap_comes_up(now, cap),
            Event::CapReinstalled(cap) => self.cap_reinstalled(now, cap),
            Event::LockAppears(cap) => self.lock_appears(now, cap),
            Event::LockGoes(cap) => self.lock_goes(now, cap),
            Event::PointGoesDown(point) => self.point_goes_down(now, point),
            Event::PointComesUp(point) => self.point_comes_up(now, point),
            Event::PointVisited(point, visit) => self.point_visited(now, point, visit),
            Event::SiteLeaves(domain, site) => self.site_leaves(now, domain, site),
            Event::SeniorLstGoes(domain) => self.senior_lst_goes(now, domain),
            Event::CopylogDamaged(domain, entry) => self.copylog_damaged(now, domain, entry),
            Event::CopylogMended(domain, entry) => self.copylog_mended(now, domain, entry),
            Event::CopylogPinned(domain) => self.copylog_pinned(now, domain),
            Event::CopylogUnpinned(domain) => self.copylog_unpinned(now, domain),
            Event::HotfixApplied(site, number) => self.hotfix_applied(now, site, number),
            Event::UpgradeDue(line) => self.upgrade_due(now, line),
            Event::SenderLooks(site) => self.dispatch_sends(now, site),
            Event::SendEnded(line, send) => self.send_ended(now, line, send),
            Event::SetupDue(line) => self.setup_due(now, line),
            Event::SetupEnded(line, attempt) => self.setup_ended(now, line, attempt),
            Event::InboxManagerVisits(cap, content) => self.inbox_manager_visits(now, cap, content),
            Event::CapRefreshed(cap, content) => self.cap_refreshed(now, cap, content),
            Event::LocksOpened(site) => self.start_cycles(now, site, Cause::Folder),
            Event::LsmCycle(domain, site, cause) => self.lsm_cycle(now, domain, site, cause),
        }
    }

    /// Notes something worth telling.
    fn note(&mut self, at: Second, to: Where, event: ServerEvent) {
        self.history.events.push(Happened { at, to, event });
    }

    /// Whether something with this probability happens to the entity of this name; `number` tells its occasions apart.
    fn chance(&self, probability: f64, entity: &str, number: u64) -> bool {
        probability > 0.0
            && happens(
                self.draws.word(address_of(entity), number),
                threshold(probability),
            )
    }

    /// Where within its interval a server's periodic work falls.
    fn phase(&self, name: &str, interval_s: u32) -> u32 {
        crate::engine::draws::pick(
            self.draws.word(address_of(name), purpose::PHASE),
            interval_s.max(1),
        )
    }

    /// Whether nothing runs on a site server: it is down, or its setup died midway.
    fn is_down(&self, now: Second, site: SiteId) -> bool {
        now < self.down_until[site.index()] || self.half_upgraded[site.index()]
    }

    fn code(&self, site: SiteId) -> &str {
        &self.plan.sites[site.index()].code
    }

    fn content_of(&self, site: SiteId) -> ContentId {
        *self.history.sites[site.index()].latest()
    }

    fn base_of(&self, content: ContentId) -> Version {
        self.plan.contents[content.index()].base
    }

    fn release_of(&self, site: SiteId) -> Release {
        self.base_of(self.content_of(site)).release()
    }
}
