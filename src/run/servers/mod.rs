//! Step 1, the servers' side: site upgrades, senders, Inbox Manager and Logon Server Manager.
//!
//! Nothing a client does changes what a server holds, so this runs on its own and leaves a [`ServerHistory`]: what
//! every site server, Client Access Point and logon point held at each second.

mod caps;
mod logon_points;
mod upgrades;

use super::history::{CapState, Credit, LogonPointState, ServerHistory, SiteSet};
use crate::engine::draws::address_of;
use crate::engine::{Draws, EventQueue, History, Second};
use crate::plan::{CapId, ContentId, DomainId, Plan, SiteId};
use crate::sms::{Release, Version};
use std::collections::VecDeque;

/// What can happen to a server. The order of this list is the order within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A Client Access Point cannot be reached any more.
    CapGoesDown(CapId),
    /// It can be reached again.
    CapComesUp(CapId),
    /// A hotfix was applied to a site, and SMS Executive restarted.
    HotfixApplied(SiteId),
    /// The upgrade in this line of the rollout is to begin.
    UpgradeDue(u32),
    /// An address may have opened, or a thread become free.
    SenderLooks(SiteId),
    /// The files of this line of the rollout arrived.
    SendEnded(u32),
    /// Setup ran to its end, well or not.
    SetupEnded(u32),
    /// Inbox Manager visits a Client Access Point to bring it this content.
    InboxManagerVisits(CapId, ContentId),
    /// It is done there.
    CapRefreshed(CapId, ContentId),
    /// A site starts a cycle of Logon Server Manager in a domain.
    LsmCycle(DomainId, SiteId, Cause),
}

/// Why a cycle of Logon Server Manager starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Its interval has passed.
    Due,
    /// SMS Executive was restarted, before SP2.
    Restart,
    /// Somebody forced it.
    Forced,
}

/// Purposes of the servers' draws: the first word of each.
mod purpose {
    /// Phase of Inbox Manager's visits, or of Logon Server Manager's cycles.
    pub const PHASE: u64 = 0;
    /// Duration and success of a setup attempt, two words each.
    pub const SETUP: u64 = 16;
}

/// A line of the rollout on its way.
#[derive(Clone, Copy, Debug)]
struct Progress {
    attempts: u64,
    queued: Second,
    done: bool,
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
}

/// The simulation of the servers' side.
struct Servers<'p> {
    plan: &'p Plan,
    draws: Draws,
    queue: EventQueue<(Second, Event)>,
    rollout: Vec<Progress>,
    senders: Vec<Sender>,
    domains: Vec<DomainState>,
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

impl<'p> Servers<'p> {
    fn new(plan: &'p Plan, replication: u32) -> Self {
        let draws = Draws::new(plan.seed, u64::from(replication), address_of("servers"), 0);
        let mut servers = Servers {
            plan,
            draws,
            queue: EventQueue::default(),
            rollout: vec![
                Progress {
                    attempts: 0,
                    queued: Second::NEVER,
                    done: false
                };
                plan.rollout.len()
            ],
            senders: vec![Sender::default(); plan.sites.len()],
            domains: Vec::new(),
            history: initial_history(plan),
        };
        servers.domains = plan
            .domains
            .iter()
            .map(|domain| servers.initial_domain(domain))
            .collect();
        servers.schedule_plan();
        servers
    }

    /// Puts everything into the queue that the plan fixes in advance.
    fn schedule_plan(&mut self) {
        for (line, upgrade) in (0..).zip(&self.plan.rollout) {
            self.queue.push((upgrade.at, Event::UpgradeDue(line)));
        }
        for (site, hotfixes) in self
            .plan
            .sites
            .iter()
            .map(|site| &site.hotfixes)
            .enumerate()
        {
            for applied in hotfixes.iter().filter(|applied| applied.at > Second::ZERO) {
                self.queue
                    .push((applied.at, Event::HotfixApplied(SiteId(site as u16))));
            }
        }
        for (cap, point) in (0..).map(CapId).zip(&self.plan.caps) {
            for (from, until) in &point.outages {
                self.queue.push((*from, Event::CapGoesDown(cap)));
                self.queue.push((*until, Event::CapComesUp(cap)));
            }
        }
        self.schedule_cycles();
    }

    fn handle(&mut self, now: Second, event: Event) {
        match event {
            Event::CapGoesDown(cap) => self.set_reachable(now, cap, false),
            Event::CapComesUp(cap) => self.set_reachable(now, cap, true),
            Event::HotfixApplied(site) => self.executive_restarts(now, site),
            Event::UpgradeDue(line) => self.upgrade_due(now, line),
            Event::SenderLooks(site) => self.dispatch_sends(now, site),
            Event::SendEnded(line) => self.send_ended(now, line),
            Event::SetupEnded(line) => self.setup_ended(now, line),
            Event::InboxManagerVisits(cap, content) => self.inbox_manager_visits(now, cap, content),
            Event::CapRefreshed(cap, content) => self.cap_refreshed(now, cap, content),
            Event::LsmCycle(domain, site, cause) => self.lsm_cycle(now, domain, site, cause),
        }
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

fn initial_history(plan: &Plan) -> ServerHistory {
    let cap = |cap: &crate::plan::ClientAccessPoint| {
        History::starting_with(CapState {
            content: plan.sites[cap.site.index()].content,
            locked: false,
            reachable: true,
        })
    };
    ServerHistory {
        sites: plan
            .sites
            .iter()
            .map(|site| History::starting_with(site.content))
            .collect(),
        caps: plan.caps.iter().map(cap).collect(),
        logon_points: plan
            .logon_points
            .iter()
            .map(|point| History::starting_with(initial_logon_point(plan, point.domain)))
            .collect(),
        sends: Vec::new(),
        lsm_skipped: vec![0; plan.sites.len()],
    }
}

/// A logon point that its newest site has supplied long ago.
fn initial_logon_point(plan: &Plan, domain: DomainId) -> LogonPointState {
    let sites = &plan.domains[domain.index()].sites;
    let newest = sites
        .iter()
        .map(|participation| participation.site)
        .max_by_key(|site| plan.contents[plan.sites[site.index()].content.index()].base)
        .unwrap_or(SiteId(0));
    LogonPointState {
        content: plan.sites[newest.index()].content,
        credit: Credit {
            site: newest,
            version_known: true,
        },
        sites: SiteSet::first(sites.len()),
    }
}
