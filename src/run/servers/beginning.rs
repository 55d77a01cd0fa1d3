//! How the servers stand at the first second, and everything that the plan fixes in advance.

use super::{Event, Progress, Sender, Servers};
use crate::engine::draws::address_of;
use crate::engine::{Draws, EventQueue, History, Second};
use crate::plan::{
    AppliedHotfix, CapId, Domain, DomainId, LogonPoint, LogonPointId, Plan, Site, SiteId,
};
use crate::run::history::{CapState, CopylogLine, Credit, LogonPointState, ServerHistory, SiteSet};
use crate::sms::logon_server_manager::{Candidate, senior_site};

impl<'p> Servers<'p> {
    pub(super) fn new(plan: &'p Plan, replication: u32) -> Self {
        let draws = Draws::new(plan.seed, u64::from(replication), address_of("servers"), 0);
        let mut servers = Servers {
            plan,
            draws,
            queue: EventQueue::default(),
            rollout: vec![Progress::NOT_BEGUN; plan.rollout.len()],
            senders: vec![Sender::default(); plan.sites.len()],
            domains: Vec::new(),
            down_until: vec![Second::ZERO; plan.sites.len()],
            half_upgraded: vec![false; plan.sites.len()],
            stale_locks: vec![false; plan.caps.len()],
            visits: Vec::new(),
            history: initial_history(plan),
        };
        servers.domains = plan
            .domains
            .iter()
            .map(|domain| servers.initial_domain(domain))
            .collect();
        servers.history.hotfixes = plan
            .sites
            .iter()
            .map(|site| servers.hotfixes_that_took(site))
            .collect();
        servers.schedule_plan();
        servers
    }

    /// The hotfixes of a site, without those that failed with nobody the wiser (Q252717, Q267258, Q273853).
    fn hotfixes_that_took(&self, site: &Site) -> Vec<AppliedHotfix> {
        let took = |(place, applied): &(usize, &AppliedHotfix)| {
            let entity = format!("hotfix {:?} at {}", applied.hotfix, site.code);
            let earlier = site.hotfixes[..*place].iter();
            let releases = earlier.filter(|it| it.hotfix == applied.hotfix).count();
            !self.chance(applied.fails, &entity, releases as u64)
        };
        let all = site.hotfixes.iter().enumerate().filter(took);
        all.map(|(_, applied)| *applied).collect()
    }

    /// Puts everything into the queue that the plan fixes in advance.
    fn schedule_plan(&mut self) {
        for (line, upgrade) in (0..).zip(&self.plan.rollout) {
            self.queue.push((upgrade.at, Event::UpgradeDue(line)));
        }
        for (id, site) in (0..).map(SiteId).zip(&self.plan.sites) {
            for (number, applied) in (0..).zip(&site.hotfixes) {
                if applied.at > Second::ZERO {
                    self.queue
                        .push((applied.at, Event::HotfixApplied(id, number)));
                }
            }
            for (opened, _) in &site.locks_opened {
                self.queue.push((*opened, Event::LocksOpened(id)));
            }
            for (from, until) in &site.outages {
                self.queue.push((*from, Event::SiteGoesDown(id)));
                self.queue.push((*until, Event::SiteComesUp(id)));
            }
        }
        for (cap, point) in (0..).map(CapId).zip(&self.plan.caps) {
            if point.added > Second::ZERO {
                self.queue.push((point.added, Event::CapAdded(cap)));
            }
            if point.removed.is_set() {
                self.queue.push((point.removed, Event::CapRemoved(cap)));
            }
            for (from, until) in &point.outages {
                self.queue.push((*from, Event::CapGoesDown(cap)));
                self.queue.push((*until, Event::CapComesUp(cap)));
            }
            for (from, until) in &point.stale_locks {
                self.queue.push((*from, Event::LockAppears(cap)));
                self.queue.push((*until, Event::LockGoes(cap)));
            }
        }
        for (id, point) in (0..).map(LogonPointId).zip(&self.plan.logon_points) {
            for (from, until) in &point.outages {
                self.queue.push((*from, Event::PointGoesDown(id)));
                self.queue.push((*until, Event::PointComesUp(id)));
            }
        }
        for (id, domain) in (0..).map(DomainId).zip(&self.plan.domains) {
            self.schedule_domain(id, domain);
        }
        self.schedule_cycles();
    }

    fn schedule_domain(&mut self, id: DomainId, domain: &Domain) {
        let mut events = vec![(domain.senior_until, Event::SeniorLstGoes(id))];
        for participation in &domain.sites {
            events.push((
                participation.leaves,
                Event::SiteLeaves(id, participation.site),
            ));
        }
        for (number, damage) in (0..).zip(&domain.copylog_damage) {
            events.push((damage.at, Event::CopylogDamaged(id, number)));
            events.push((damage.mended, Event::CopylogMended(id, number)));
        }
        if let Some(pin) = domain.copylog_pin {
            events.push((pin.from, Event::CopylogPinned(id)));
            events.push((pin.until, Event::CopylogUnpinned(id)));
        }
        for event in events.into_iter().filter(|(at, _)| at.is_set()) {
            self.queue.push(event);
        }
    }
}

fn initial_history(plan: &Plan) -> ServerHistory {
    let cap = |cap: &crate::plan::ClientAccessPoint| {
        History::starting_with(CapState {
            content: plan.sites[cap.site.index()].content,
            locked: false,
            reachable: cap.added == Second::ZERO,
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
            .map(|point| History::starting_with(initial_logon_point(plan, point)))
            .collect(),
        sends: Vec::new(),
        hotfixes: Vec::new(),
        events: Vec::new(),
    }
}

/// A logon point that its newest site has supplied long ago: of several the senior one (Q263395, Q235726).
fn initial_logon_point(plan: &Plan, point: &LogonPoint) -> LogonPointState {
    let domain = &plan.domains[point.domain.index()];
    let base = |site: SiteId| plan.contents[plan.sites[site.index()].content.index()].base;
    let sites: Vec<SiteId> = domain.sites.iter().map(|with| with.site).collect();
    let candidates: Vec<Candidate<'_>> = sites
        .iter()
        .map(|site| Candidate {
            code: &plan.sites[site.index()].code,
            version: base(*site),
        })
        .collect();
    let elected = senior_site(&candidates, plan.rules.lowest_code_is_senior);
    let elected = elected.map_or(SiteId(0), |position| sites[position]);
    let named = domain.senior.filter(|named| base(*named) == base(elected));
    let supplier = named.unwrap_or(elected);
    LogonPointState {
        content: plan.sites[supplier.index()].content,
        credit: Credit {
            site: supplier,
            line: CopylogLine::Right,
        },
        sites: SiteSet::first(sites.len()),
        reachable: !domain.pdc_unfit,
    }
}
