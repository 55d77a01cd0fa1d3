//! Logon points: the cycles of Logon Server Manager, the token, the senior site.

use super::{Cause, DomainState, Event, Servers};
use crate::engine::Second;
use crate::engine::time::MINUTE_S;
use crate::plan::{ContentId, Domain, DomainId, Hotfix, LogonPointId, SiteId};
use crate::run::history::{LogonPointState, SiteSet, Where};
use crate::sms::ServerEvent;
use crate::sms::inbox_manager::copy_s;
use crate::sms::logon_server_manager::{
    self as lsm, Candidate, Standing, WithoutPdc, controllers_at_a_time, senior_site,
};

/// What a cycle brings to every logon point it visits.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    pub domain: DomainId,
    pub site: SiteId,
    pub content: ContentId,
    pub senior: bool,
    pub credits_correctly: bool,
    /// Copylog.tcf comes out of it unreadable (Q264976).
    pub damages_copylog: bool,
    /// The sites that it leaves on the logon points; none: whatever is there.
    pub sites: Option<SiteSet>,
    /// It only removes folders (Q242492).
    pub only_folders: bool,
}

impl Servers<'_> {
    pub(super) fn initial_domain(&self, domain: &Domain) -> DomainState {
        let entry = |site: SiteId| (Second::ZERO, self.base_of(self.content_of(site)));
        DomainState {
            entries: domain
                .sites
                .iter()
                .map(|participation| entry(participation.site))
                .collect(),
            token_until: Second::ZERO,
            missed: SiteSet::default(),
            left: SiteSet::default(),
            senior_lst_gone: false,
            pinned: false,
        }
    }

    pub(super) fn schedule_cycles(&mut self) {
        for (id, domain) in (0..).map(DomainId).zip(&self.plan.domains) {
            for participation in &domain.sites {
                let code = self.code(participation.site);
                let phase_s =
                    self.phase(&format!("{code} in {}", domain.name), domain.lsm_interval_s);
                self.queue.push((
                    Second(phase_s),
                    Event::LsmCycle(id, participation.site, Cause::Due),
                ));
            }
        }
    }

    /// The domains that a site takes part in, with its position in each.
    pub(super) fn domains_of(&self, site: SiteId) -> Vec<(DomainId, usize)> {
        let position = |domain: &Domain| domain.sites.iter().position(|with| with.site == site);
        (0..)
            .map(DomainId)
            .zip(&self.plan.domains)
            .filter_map(|(id, domain)| Some((id, position(domain)?)))
            .collect()
    }

    /// Starts a cycle of `site` in every domain it takes part in.
    pub(super) fn start_cycles(&mut self, now: Second, site: SiteId, cause: Cause) {
        for (domain, _) in self.domains_of(site) {
            self.queue.push((now, Event::LsmCycle(domain, site, cause)));
        }
    }

    /// A site tries to take the token and, if it gets it, visits the domain's logon points.
    pub(super) fn lsm_cycle(&mut self, now: Second, domain: DomainId, site: SiteId, cause: Cause) {
        let of = &self.plan.domains[domain.index()];
        let Some(position) = of.sites.iter().position(|with| with.site == site) else {
            return;
        };
        let by_folder = cause == Cause::Folder;
        if by_folder && (self.is_down(now, site) || !self.folder_counts(now, site)) {
            return;
        }
        let state = &mut self.domains[domain.index()];
        if state.left.contains(position) {
            return;
        }
        if of.pdc_unfit {
            return self.schedule_next(now, domain, site, cause); // Q225542: and the status says that all went well
        }
        if self.is_down(now, site) {
            let state = &mut self.domains[domain.index()];
            state.missed = state.missed.with(position);
            return self.schedule_next(now, domain, site, cause);
        }
        let state = &mut self.domains[domain.index()];
        state.missed = state.missed.without(position);
        let token_taken = now < state.token_until;
        let to = Where::SiteInDomain(site, domain);
        match cause {
            Cause::Due => {}
            Cause::Restart => self.note(now, to, ServerEvent::CycleAtRestart),
            Cause::Forced => self.note(now, to, ServerEvent::CycleForced),
            Cause::Folder => self.note(now, to, ServerEvent::CycleAtFolder),
        }
        if !self.pdc_answers(of) {
            self.cycle_without_pdc(now, domain, site, position);
            return self.schedule_next(now, domain, site, cause);
        }
        if token_taken {
            self.note(now, to, ServerEvent::CycleSkipped); // Q249333: no sole access, the domain is left out
            return self.schedule_next(now, domain, site, cause);
        }
        let entry = (now, self.base_of(self.content_of(site)));
        self.domains[domain.index()].entries[position] = entry;
        let visit = self.visit(now, domain, site);
        let ended = self.visit_controllers(now, of, visit);
        self.domains[domain.index()].token_until = ended;
        self.schedule_next(ended, domain, site, cause);
    }

    fn pdc_answers(&self, domain: &Domain) -> bool {
        let pdc = domain.logon_points.first();
        pdc.is_some_and(|pdc| self.point_answers(*pdc))
    }

    fn point_answers(&self, point: LogonPointId) -> bool {
        self.history.logon_points[point.index()].latest().reachable
    }

    /// The PDC is out of reach: the domain is left out, or stripped of all other sites (Q242492).
    fn cycle_without_pdc(&mut self, now: Second, domain: DomainId, site: SiteId, position: usize) {
        let of = &self.plan.domains[domain.index()];
        let senior = self.senior(now, domain) == Some(site);
        let entity = format!("{} without the PDC of {}", self.code(site), of.name);
        let likely = self.plan.rules.pdc_outage_removes_folders;
        let to = Where::SiteInDomain(site, domain);
        if lsm::without_pdc(self.release_of(site), senior) == WithoutPdc::Skips
            || !self.chance(likely, &entity, u64::from(now.0))
        {
            return self.note(now, to, ServerEvent::CycleWithoutPdc);
        }
        self.note(now, to, ServerEvent::FoldersRemoved);
        let visit = Visit {
            sites: Some(SiteSet::default().with(position)),
            only_folders: true,
            ..self.visit(now, domain, site)
        };
        let number = self.number(visit);
        for controller in of.logon_points.iter().skip(1) {
            let done = now + self.plan.rules.lsm_visit_time;
            self.queue
                .push((done, Event::PointVisited(*controller, number)));
        }
    }

    /// A cycle that was due is due again an interval after it ended, or was left out. One that an open folder started
    /// follows itself at once.
    fn schedule_next(&mut self, ended: Second, domain: DomainId, site: SiteId, cause: Cause) {
        let after_s = match cause {
            Cause::Due => self.plan.domains[domain.index()].lsm_interval_s.max(1),
            Cause::Folder => MINUTE_S,
            Cause::Restart | Cause::Forced => return,
        };
        self.queue
            .push((ended + after_s, Event::LsmCycle(domain, site, cause)));
    }

    /// Whether the open Locks folder starts a cycle of this site's now (Q257202).
    fn folder_counts(&self, now: Second, site: SiteId) -> bool {
        let mut opened = self.plan.sites[site.index()].locks_opened.iter();
        lsm::opened_folder_starts_cycle(self.release_of(site))
            && opened.any(|(from, until)| (*from..*until).contains(&now))
    }

    fn visit(&mut self, now: Second, domain: DomainId, site: SiteId) -> Visit {
        let release = self.release_of(site);
        let senior = self.senior(now, domain) == Some(site);
        let removes_dead = lsm::removes_dead_sites(release);
        let sites = senior.then(|| self.listed_sites(now, domain, removes_dead));
        Visit {
            domain,
            site,
            content: self.content_of(site),
            senior,
            credits_correctly: release.is_sp2_or_later()
                || self
                    .history
                    .has_hotfix(self.plan, now, site, Hotfix::Copylog),
            damages_copylog: self.damages_copylog(now, domain, site),
            sites,
            only_folders: false,
        }
    }

    /// The senior site: Senior.lst's while it is there, else by election.
    fn senior(&self, now: Second, domain: DomainId) -> Option<SiteId> {
        let named = self.plan.domains[domain.index()].senior;
        let gone = self.domains[domain.index()].senior_lst_gone;
        named
            .filter(|_| !gone)
            .or_else(|| self.elected_senior(now, domain))
    }

    /// The senior site by election among those that have written to the PDC lately (Q235726).
    fn elected_senior(&self, now: Second, domain: DomainId) -> Option<SiteId> {
        let of = &self.plan.domains[domain.index()];
        let state = &self.domains[domain.index()];
        let alive: Vec<_> = of
            .sites
            .iter()
            .zip(&state.entries)
            .enumerate()
            .filter(|(position, _)| !state.left.contains(*position))
            .map(|(_, of_site)| of_site)
            .filter(|(participation, _)| {
                participation.discovers(now) || participation.installs(now)
            })
            .filter(|(_, (written, _))| self.standing(now, of, *written) != Standing::Dead)
            .collect();
        let candidates: Vec<_> = alive
            .iter()
            .map(|(participation, (_, version))| Candidate {
                code: self.code(participation.site),
                version: *version,
            })
            .collect();
        senior_site(&candidates, self.plan.rules.lowest_code_is_senior)
            .map(|position| alive[position].0.site)
    }

    fn standing(&self, now: Second, domain: &Domain, written: Second) -> Standing {
        let rules = &self.plan.rules;
        let silent_s = now.since(written);
        lsm::standing(
            silent_s,
            domain.lsm_interval_s,
            rules.site_inactive_after,
            rules.site_dead_after,
        )
    }

    /// The sites whose folders the senior site leaves on the logon points.
    fn listed_sites(&mut self, now: Second, domain: DomainId, removes_dead: bool) -> SiteSet {
        let of = &self.plan.domains[domain.index()];
        let pdc = of.logon_points[0].index();
        let listed = self.history.logon_points[pdc].latest().sites;
        let state = &self.domains[domain.index()];
        let mut sites = SiteSet::first(state.entries.len());
        let mut died = Vec::new();
        for (position, (written, _)) in state.entries.iter().enumerate() {
            let dead = removes_dead && self.standing(now, of, *written) == Standing::Dead;
            if dead && listed.contains(position) {
                died.push(of.sites[position].site);
            }
            if dead || state.left.contains(position) {
                sites = sites.without(position);
            }
        }
        for site in died {
            self.note(
                now,
                Where::SiteInDomain(site, domain),
                ServerEvent::SiteDead,
            );
        }
        sites
    }

    /// Visits the PDC, then the other controllers, one by one or several at a time (Q255820). Gives the moment at
    /// which the token is free again.
    fn visit_controllers(&mut self, now: Second, domain: &Domain, visit: Visit) -> Second {
        let Some((pdc, others)) = domain.logon_points.split_first() else {
            return now;
        };
        let release = self.base_of(visit.content).release();
        let at_a_time = controllers_at_a_time(release, self.plan.rules.lsm_threads) as usize;
        let number = self.number(visit);
        let mut ready = self.visit_controller(now, domain, *pdc, number);
        for group in others.chunks(at_a_time) {
            let began = ready;
            for controller in group {
                ready = ready.max(self.visit_controller(began, domain, *controller, number));
            }
        }
        ready
    }

    fn number(&mut self, visit: Visit) -> u32 {
        self.visits.push(visit);
        (self.visits.len() - 1) as u32
    }

    /// Begins with one logon point; gives the moment at which it is done.
    fn visit_controller(
        &mut self,
        now: Second,
        domain: &Domain,
        point: LogonPointId,
        number: u32,
    ) -> Second {
        let rules = &self.plan.rules;
        let copying_s = if self.supplies(point, self.visits[number as usize]) {
            copy_s(rules.lsm_copy_size, domain.link_bps)
        } else {
            0
        };
        let done = now + rules.lsm_visit_time + copying_s;
        self.queue.push((done, Event::PointVisited(point, number)));
        done
    }

    /// Whether a visit brings its Clicore to a logon point.
    fn supplies(&self, point: LogonPointId, visit: Visit) -> bool {
        let held = self.history.logon_points[point.index()].latest().content;
        visit.senior && !visit.only_folders && self.base_of(held) < self.base_of(visit.content)
    }

    /// Leaves one logon point as the cycle wants it, if it can be reached.
    pub(super) fn point_visited(&mut self, now: Second, point: LogonPointId, number: u32) {
        let visit = self.visits[number as usize];
        if !self.point_answers(point) {
            return; // it keeps what it has until the next cycle
        }
        let held = *self.history.logon_points[point.index()].latest();
        let supplied = self.supplies(point, visit);
        let pdc = self.plan.domains[visit.domain.index()].logon_points[0] == point;
        let looks = visit.senior || pdc || self.plan.rules.credit_on_every_controller;
        let credit = if looks && !visit.only_folders {
            self.credit(now, point, held, visit, supplied)
        } else {
            held.credit
        };
        let state = LogonPointState {
            content: if supplied {
                visit.content
            } else {
                held.content
            },
            credit,
            sites: visit.sites.unwrap_or(held.sites),
            reachable: true,
        };
        self.history.logon_points[point.index()].set(now, state);
    }

    pub(super) fn change_point(
        &mut self,
        now: Second,
        point: LogonPointId,
        change: impl FnOnce(&mut LogonPointState),
    ) {
        let history = &mut self.history.logon_points[point.index()];
        let mut state = *history.latest();
        change(&mut state);
        history.set(now, state);
    }
}
