//! Servers go down and come back, and what hangs on them.

use super::{Cause, Event, Servers};
use crate::engine::Second;
use crate::plan::{LogonPointId, SiteId};
use crate::run::history::Where;
use crate::sms::ServerEvent;
use crate::sms::logon_server_manager::restart_starts_cycle;

impl Servers<'_> {
    /// Everything that runs on a site server stops: transfers are cut, setup dies, cycles are missed.
    pub(super) fn site_goes_down(&mut self, now: Second, site: SiteId) {
        let outages = &self.plan.sites[site.index()].outages;
        let until = outages
            .iter()
            .find(|(from, until)| (*from..*until).contains(&now));
        self.down_until[site.index()] = until.map_or(now, |(_, until)| *until);
        self.note(now, Where::Site(site), ServerEvent::SiteDown);
        self.cut_sends(now, site);
        self.interrupt_setup(now, site);
    }

    /// SMS Executive starts again. From SP2 on that starts a cycle only where one fell due meanwhile (Q249333, Q256309).
    pub(super) fn site_comes_up(&mut self, now: Second, site: SiteId) {
        self.note(now, Where::Site(site), ServerEvent::SiteUp);
        if !self.is_down(now, site) {
            self.executive_starts(now, site);
            self.queue.push((now, Event::SenderLooks(site)));
        }
    }

    /// SMS Executive starts: before SP2 that starts a cycle of Logon Server Manager in every domain of the site, from SP2
    /// on only in those where one was missed (Q249333).
    pub(super) fn executive_starts(&mut self, now: Second, site: SiteId) {
        let always = restart_starts_cycle(self.release_of(site));
        for (domain, position) in self.domains_of(site) {
            let missed = self.domains[domain.index()].missed.contains(position);
            if always || missed {
                self.queue
                    .push((now, Event::LsmCycle(domain, site, Cause::Restart)));
            }
        }
    }

    pub(super) fn point_goes_down(&mut self, now: Second, point: LogonPointId) {
        self.note(now, Where::LogonPoint(point), ServerEvent::LogonPointDown);
        self.change_point(now, point, |state| state.reachable = false);
    }

    pub(super) fn point_comes_up(&mut self, now: Second, point: LogonPointId) {
        self.note(now, Where::LogonPoint(point), ServerEvent::LogonPointUp);
        let domain = self.plan.logon_points[point.index()].domain;
        let fit = !self.plan.domains[domain.index()].pdc_unfit;
        self.change_point(now, point, |state| state.reachable = fit);
    }
}
