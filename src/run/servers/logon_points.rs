//! Logon points: the cycles of Logon Server Manager, the token, the senior site, and Copylog.tcf.

use super::{Cause, DomainState, Event, Servers};
use crate::engine::Second;
use crate::plan::{ContentId, Domain, DomainId, Hotfix, LogonPointId, SiteId};
use crate::run::history::{Credit, LogonPointState, SiteSet};
use crate::sms::inbox_manager::copy_s;
use crate::sms::logon_server_manager::{
    self as lsm, Candidate, CreditAfter, CreditFacts, Standing, controllers_at_a_time,
    credit_after, senior_site,
};

/// What a cycle brings to every logon point it visits.
#[derive(Clone, Copy)]
struct Visit {
    site: SiteId,
    content: ContentId,
    senior: bool,
    credits_correctly: bool,
    sites: Option<SiteSet>,
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
        }
    }

    pub(super) fn schedule_cycles(&mut self) {
        for (id, domain) in (0..).map(DomainId).zip(&self.plan.domains) {
            for participation in &domain.sites {
                let code = &self.plan.sites[participation.site.index()].code;
                let phase_s =
                    self.phase(&format!("{code} in {}", domain.name), domain.lsm_interval_s);
                self.queue.push((
                    Second(phase_s),
                    Event::LsmCycle(id, participation.site, Cause::Due),
                ));
            }
        }
    }

    /// Starts a cycle of `site` in every domain it takes part in.
    pub(super) fn start_cycles(&mut self, now: Second, site: SiteId, cause: Cause) {
        for (id, domain) in (0..).map(DomainId).zip(&self.plan.domains) {
            if domain
                .sites
                .iter()
                .any(|participation| participation.site == site)
            {
                self.queue.push((now, Event::LsmCycle(id, site, cause)));
            }
        }
    }

    /// A site tries to take the token and, if it gets it, visits the domain's logon points.
    pub(super) fn lsm_cycle(&mut self, now: Second, domain: DomainId, site: SiteId, cause: Cause) {
        let plan = self.plan;
        let of = &plan.domains[domain.index()];
        if now < self.domains[domain.index()].token_until {
            self.history.lsm_skipped[site.index()] += 1; // Q249333: no sole access, the domain is left out
            self.schedule_next(now, domain, site, cause);
            return;
        }
        let Some(position) = of
            .sites
            .iter()
            .position(|participation| participation.site == site)
        else {
            return;
        };
        self.domains[domain.index()].entries[position] = (now, self.base_of(self.content_of(site)));
        let visit = self.visit(now, domain, site);
        let ended = self.visit_controllers(now, of, visit);
        self.domains[domain.index()].token_until = ended;
        self.schedule_next(ended, domain, site, cause);
    }

    /// A cycle that was due is due again an interval after it ended, or was left out.
    fn schedule_next(&mut self, ended: Second, domain: DomainId, site: SiteId, cause: Cause) {
        if cause == Cause::Due {
            let interval_s = self.plan.domains[domain.index()].lsm_interval_s.max(1);
            self.queue
                .push((ended + interval_s, Event::LsmCycle(domain, site, cause)));
        }
    }

    fn visit(&self, now: Second, domain: DomainId, site: SiteId) -> Visit {
        let of = &self.plan.domains[domain.index()];
        let release = self.release_of(site);
        let senior = of.senior.or_else(|| self.elected_senior(now, domain)) == Some(site);
        Visit {
            site,
            content: self.content_of(site),
            senior,
            credits_correctly: release.is_sp2_or_later()
                || self.has_hotfix(now, site, Hotfix::Copylog),
            sites: senior.then(|| self.listed_sites(now, domain, lsm::removes_dead_sites(release))),
        }
    }

    fn has_hotfix(&self, now: Second, site: SiteId, hotfix: Hotfix) -> bool {
        let hotfixes = &self.plan.sites[site.index()].hotfixes;
        hotfixes
            .iter()
            .any(|applied| applied.hotfix == hotfix && applied.at <= now)
    }

    /// The senior site by election among those that have written to the PDC lately (Q235726).
    fn elected_senior(&self, now: Second, domain: DomainId) -> Option<SiteId> {
        let of = &self.plan.domains[domain.index()];
        let alive: Vec<_> = of
            .sites
            .iter()
            .zip(&self.domains[domain.index()].entries)
            .filter(|(participation, _)| {
                participation.logon_discovery || participation.logon_installation
            })
            .filter(|(_, (written, _))| self.standing(now, of, *written) != Standing::Dead)
            .collect();
        let candidates: Vec<_> = alive
            .iter()
            .map(|(participation, (_, version))| Candidate {
                code: &self.plan.sites[participation.site.index()].code,
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
    fn listed_sites(&self, now: Second, domain: DomainId, removes_dead: bool) -> SiteSet {
        let of = &self.plan.domains[domain.index()];
        let entries = &self.domains[domain.index()].entries;
        let mut sites = SiteSet::first(entries.len());
        for (position, (written, _)) in entries.iter().enumerate() {
            if removes_dead && self.standing(now, of, *written) == Standing::Dead {
                sites = sites.without(position);
            }
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
        let mut ready = self.visit_controller(now, domain, *pdc, visit, true);
        for group in others.chunks(at_a_time) {
            let began = ready;
            for controller in group {
                ready = ready.max(self.visit_controller(began, domain, *controller, visit, false));
            }
        }
        ready
    }

    /// Leaves one logon point as the cycle wants it; gives the moment at which that is done.
    fn visit_controller(
        &mut self,
        now: Second,
        domain: &Domain,
        point: LogonPointId,
        visit: Visit,
        pdc: bool,
    ) -> Second {
        let rules = &self.plan.rules;
        let held = *self.history.logon_points[point.index()].latest();
        let supplied = visit.senior && self.base_of(held.content) < self.base_of(visit.content);
        let copying_s = if supplied {
            copy_s(rules.lsm_copy_size, domain.link_bps)
        } else {
            0
        };
        let done = now + rules.lsm_visit_time + copying_s;
        let credit = if visit.senior || pdc || rules.credit_on_every_controller {
            self.credit(held, visit, supplied)
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
        };
        self.history.logon_points[point.index()].set(done, state);
        done
    }

    fn credit(&self, held: LogonPointState, visit: Visit, supplied: bool) -> Credit {
        let release = self.base_of(visit.content).release();
        let file = if supplied {
            visit.content
        } else {
            held.content
        };
        let fits = |site| self.release_of(site) == self.base_of(file).release();
        let facts = CreditFacts {
            supplied,
            credits_correctly: visit.credits_correctly,
            repairs: release.is_sp2_or_later(),
            senior: visit.senior,
            entry_is_wrong: !held.credit.version_known || !fits(held.credit.site),
        };
        match credit_after(facts) {
            CreditAfter::Unchanged => held.credit,
            CreditAfter::Supplier | CreditAfter::Checker => Credit {
                site: visit.site,
                version_known: fits(visit.site),
            },
        }
    }
}
