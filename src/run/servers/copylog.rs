//! Copylog.tcf: whom it credits with Clicore, and all the ways in which that goes wrong.

use super::Servers;
use super::logon_points::Visit;
use crate::engine::Second;
use crate::plan::{ContentId, DomainId, Hotfix, LogonPointId, SiteId};
use crate::run::history::{CopylogLine, Credit, LogonPointState, Where};
use crate::sms::ServerEvent;
use crate::sms::logon_server_manager::{CreditAfter, CreditFacts, credit_after};

impl Servers<'_> {
    /// The line for Clicore after a visit (Q251070, Q249077, Q264976).
    pub(super) fn credit(
        &mut self,
        now: Second,
        point: LogonPointId,
        held: LogonPointState,
        visit: Visit,
        supplied: bool,
    ) -> Credit {
        let file = if supplied {
            visit.content
        } else {
            held.content
        };
        if self.domains[visit.domain.index()].pinned {
            let site = held.credit.site;
            let line = self.line(site, file);
            return Credit { site, line };
        }
        let release = self.base_of(visit.content).release();
        let fits = self.line(held.credit.site, file) == CopylogLine::Right;
        let line = match held.credit.line {
            CopylogLine::Right if !fits => CopylogLine::Misfit,
            line => line,
        };
        let after = credit_after(CreditFacts {
            supplied,
            credits_correctly: visit.credits_correctly,
            repairs: release.is_sp2_or_later(),
            senior: visit.senior,
            line,
        });
        let mut credit = match after {
            CreditAfter::Unchanged => held.credit,
            CreditAfter::Supplier | CreditAfter::Checker => Credit {
                site: visit.site,
                line: self.line(visit.site, file),
            },
        };
        if visit.damages_copylog {
            credit.line = CopylogLine::Unreadable;
        }
        self.tell_of_credit(now, point, held.credit, credit);
        credit
    }

    /// Whether a site's folder tells the version of this file: it runs the same release.
    fn line(&self, site: SiteId, file: ContentId) -> CopylogLine {
        if self.release_of(site) == self.base_of(file).release() {
            CopylogLine::Right
        } else {
            CopylogLine::Misfit
        }
    }

    fn tell_of_credit(&mut self, now: Second, point: LogonPointId, before: Credit, after: Credit) {
        let event = match (before.line, after.line) {
            (before, after) if before == after => return,
            (_, CopylogLine::Misfit) => ServerEvent::CopylogMiscredited,
            (_, CopylogLine::Unreadable) => ServerEvent::CopylogDamaged,
            (_, CopylogLine::Right) => ServerEvent::CopylogRepaired,
            (_, CopylogLine::SiteGone) => return, // told when the site leaves
        };
        self.note(now, Where::LogonPoint(point), event);
    }

    /// Whether a cycle garbles Copylog.tcf: before SP2, where only some sites have the hotfix's Nt_logon.dll (Q264976).
    pub(super) fn damages_copylog(&self, now: Second, domain: DomainId, site: SiteId) -> bool {
        let of = &self.plan.domains[domain.index()];
        let entity = format!("{} garbles Copylog.tcf of {}", self.code(site), of.name);
        let likely = self.plan.rules.mixed_hotfixes_damage_copylog;
        if !self.chance(likely, &entity, u64::from(now.0))
            || self.release_of(site).is_sp2_or_later()
        {
            return false;
        }
        let old = || {
            let sites = of.sites.iter().map(|with| with.site);
            sites.filter(|site| !self.release_of(*site).is_sp2_or_later())
        };
        let has = |site| {
            self.history
                .has_hotfix(self.plan, now, site, Hotfix::Copylog)
        };
        old().any(has) && !old().all(has)
    }

    pub(super) fn copylog_damaged(&mut self, now: Second, domain: DomainId, entry: u32) {
        for point in self.damaged_points(domain, entry) {
            self.note(now, Where::LogonPoint(point), ServerEvent::CopylogDamaged);
            self.change_point(now, point, |state| {
                state.credit.line = CopylogLine::Unreadable;
            });
        }
    }

    /// Somebody writes the missing line again.
    pub(super) fn copylog_mended(&mut self, now: Second, domain: DomainId, entry: u32) {
        for point in self.damaged_points(domain, entry) {
            let state = *self.history.logon_points[point.index()].latest();
            if state.credit.line != CopylogLine::Unreadable {
                continue;
            }
            let line = self.line(state.credit.site, state.content);
            self.note(now, Where::LogonPoint(point), ServerEvent::CopylogRepaired);
            self.change_point(now, point, |state| state.credit.line = line);
        }
    }

    fn damaged_points(&self, domain: DomainId, entry: u32) -> Vec<LogonPointId> {
        let of = &self.plan.domains[domain.index()];
        match of.copylog_damage[entry as usize].controller {
            Some(controller) => vec![controller],
            None => of.logon_points.clone(),
        }
    }

    /// The line is edited by hand on every controller, and the file locked (Q264630).
    pub(super) fn copylog_pinned(&mut self, now: Second, domain: DomainId) {
        let of = &self.plan.domains[domain.index()];
        let Some(pin) = of.copylog_pin else {
            return;
        };
        self.domains[domain.index()].pinned = true;
        let to = Where::SiteInDomain(pin.site, domain);
        self.note(now, to, ServerEvent::CopylogPinned);
        for point in &of.logon_points {
            let held = self.history.logon_points[point.index()].latest().content;
            let line = self.line(pin.site, held);
            let site = pin.site;
            self.change_point(now, *point, |state| state.credit = Credit { site, line });
        }
    }

    pub(super) fn copylog_unpinned(&mut self, now: Second, domain: DomainId) {
        self.domains[domain.index()].pinned = false;
        if let Some(pin) = self.plan.domains[domain.index()].copylog_pin {
            let to = Where::SiteInDomain(pin.site, domain);
            self.note(now, to, ServerEvent::CopylogUnpinned);
        }
    }

    /// A site's folders go, and lines that name it point nowhere (Q263345, Q313209).
    pub(super) fn site_leaves(&mut self, now: Second, domain: DomainId, site: SiteId) {
        let of = &self.plan.domains[domain.index()];
        let Some(position) = of.sites.iter().position(|with| with.site == site) else {
            return;
        };
        let state = &mut self.domains[domain.index()];
        state.left = state.left.with(position);
        self.note(
            now,
            Where::SiteInDomain(site, domain),
            ServerEvent::SiteLeft,
        );
        for point in &of.logon_points {
            self.change_point(now, *point, |state| {
                state.sites = state.sites.without(position);
                if state.credit.site == site {
                    state.credit.line = CopylogLine::SiteGone;
                }
            });
        }
    }

    pub(super) fn senior_lst_goes(&mut self, now: Second, domain: DomainId) {
        let state = &mut self.domains[domain.index()];
        let named = self.plan.domains[domain.index()].senior;
        if let (Some(site), false) = (named, std::mem::replace(&mut state.senior_lst_gone, true)) {
            let to = Where::SiteInDomain(site, domain);
            self.note(now, to, ServerEvent::SeniorLstLost);
        }
    }

    /// Setup of a site before SP2 can lose Senior.lst (Q246527).
    pub(super) fn may_lose_senior_lst(&mut self, now: Second, site: SiteId) {
        if self.release_of(site).is_sp2_or_later() {
            return;
        }
        for (domain, _) in self.domains_of(site) {
            let name = &self.plan.domains[domain.index()].name;
            let entity = format!("{} loses Senior.lst of {name}", self.code(site));
            if self.chance(self.plan.rules.senior_lst_lost, &entity, u64::from(now.0)) {
                self.senior_lst_goes(now, domain);
            }
        }
    }
}
