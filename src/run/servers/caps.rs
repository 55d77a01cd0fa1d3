//! Client Access Points: Inbox Manager brings them the release, outages take them away, stale tokens lock them.

use super::{Event, Servers};
use crate::engine::Second;
use crate::engine::draws::address_of;
use crate::plan::{CapId, ContentId, SiteId};
use crate::run::history::{CapState, Where};
use crate::sms::ServerEvent;
use crate::sms::inbox_manager::{copy_s, first_visit, locks_while_refreshing};

impl Servers<'_> {
    /// Inbox Manager brings a release to every Client Access Point of a site at its next visit.
    pub(super) fn refresh_caps(&mut self, now: Second, site: SiteId, content: ContentId) {
        let interval_s = self.plan.rules.inbox_manager_interval;
        for cap in &self.plan.sites[site.index()].caps {
            let phase_s = self.phase(&self.plan.caps[cap.index()].name, interval_s);
            let visit = first_visit(now, phase_s, interval_s);
            self.queue
                .push((visit, Event::InboxManagerVisits(*cap, content)));
        }
    }

    /// Inbox Manager begins to copy, or comes back later: if it cannot reach the server (Q278856), if its own server is
    /// down (Q200830), or if clients hold the files open (Q275617).
    pub(super) fn inbox_manager_visits(&mut self, now: Second, cap: CapId, content: ContentId) {
        if !self.can_refresh(now, cap) {
            return self.visits_later(now, cap, content);
        }
        if self.chance(
            self.plan.rules.refresh_failure,
            &self.named("refresh of", cap),
            u64::from(now.0),
        ) {
            self.note(now, Where::Cap(cap), ServerEvent::RefreshFailed);
            return self.visits_later(now, cap, content);
        }
        let locked = self.keeps_locks(content) || self.is_locked_by_stale_token(cap);
        self.change_cap(now, cap, |state| state.locked = locked);
        let took_s = self.copy_to_cap_s(cap);
        self.queue
            .push((now + took_s, Event::CapRefreshed(cap, content)));
    }

    /// The copy is complete, unless one of the two servers went down meanwhile.
    pub(super) fn cap_refreshed(&mut self, now: Second, cap: CapId, content: ContentId) {
        if !self.can_refresh(now, cap) {
            let locked = self.is_locked_by_stale_token(cap);
            self.change_cap(now, cap, |state| state.locked = locked);
            return self.visits_later(now, cap, content);
        }
        self.change_cap(now, cap, |state| state.content = content);
        let rules = &self.plan.rules;
        let entity = self.named("stale lock on", cap);
        if self.keeps_locks(content) && self.chance(rules.stale_lock, &entity, u64::from(now.0)) {
            let word = self
                .draws
                .word(address_of(&entity), u64::from(now.0) + (1 << 32));
            let lasts_s = rules.stale_lock_time.quantiles(1).seconds(word);
            self.lock_appears(now, cap);
            self.queue.push((now + lasts_s, Event::LockGoes(cap)));
        }
        let locked = self.is_locked_by_stale_token(cap);
        self.change_cap(now, cap, |state| state.locked = locked);
    }

    fn visits_later(&mut self, now: Second, cap: CapId, content: ContentId) {
        let interval_s = self.plan.rules.inbox_manager_interval.max(1);
        self.queue
            .push((now + interval_s, Event::InboxManagerVisits(cap, content)));
    }

    fn can_refresh(&self, now: Second, cap: CapId) -> bool {
        let site = self.plan.caps[cap.index()].site;
        !self.is_down(now, site) && self.history.caps[cap.index()].latest().reachable
    }

    fn keeps_locks(&self, content: ContentId) -> bool {
        locks_while_refreshing(self.base_of(content).release())
    }

    fn named(&self, what: &str, cap: CapId) -> String {
        format!("{what} {}", self.plan.caps[cap.index()].name)
    }

    /// Seconds that all content takes to a Client Access Point.
    fn copy_to_cap_s(&self, cap: CapId) -> u32 {
        let (cap, rules) = (&self.plan.caps[cap.index()], &self.plan.rules);
        let link_bps = cap.link_bps.or(cap.bandwidth_bps);
        copy_s(rules.cap_content_size, link_bps.unwrap_or(rules.cap_link))
    }

    /// Cycles heed the token from SP2 on; before that there is none.
    fn is_locked_by_stale_token(&self, cap: CapId) -> bool {
        let held = self.history.caps[cap.index()].latest().content;
        self.stale_locks[cap.index()] && self.keeps_locks(held)
    }

    pub(super) fn lock_appears(&mut self, now: Second, cap: CapId) {
        self.stale_locks[cap.index()] = true;
        self.note(now, Where::Cap(cap), ServerEvent::LockLeft);
        let locked = self.is_locked_by_stale_token(cap);
        self.change_cap(now, cap, |state| state.locked |= locked);
    }

    pub(super) fn lock_goes(&mut self, now: Second, cap: CapId) {
        self.stale_locks[cap.index()] = false;
        self.note(now, Where::Cap(cap), ServerEvent::LockGone);
        self.change_cap(now, cap, |state| state.locked = false);
    }

    pub(super) fn cap_goes_down(&mut self, now: Second, cap: CapId) {
        self.note(now, Where::Cap(cap), ServerEvent::CapDown);
        self.change_cap(now, cap, |state| state.reachable = false);
    }

    /// A server that Site Component Manager missed is installed anew before clients find it again (Q278745).
    pub(super) fn cap_comes_up(&mut self, now: Second, cap: CapId) {
        if self.plan.rules.reinstalled_after_outage && self.was_missed(now, cap) {
            let took_s = self.copy_to_cap_s(cap);
            self.queue.push((now + took_s, Event::CapReinstalled(cap)));
        } else {
            self.cap_is_back(now, cap, ServerEvent::CapUp);
        }
    }

    pub(super) fn cap_reinstalled(&mut self, now: Second, cap: CapId) {
        self.cap_is_back(now, cap, ServerEvent::CapReinstalled);
    }

    /// A new server is given what its site runs by then.
    pub(super) fn cap_added(&mut self, now: Second, cap: CapId) {
        let content = self.content_of(self.plan.caps[cap.index()].site);
        self.change_cap(now, cap, |state| state.content = content);
        self.cap_is_back(now, cap, ServerEvent::CapAdded);
    }

    pub(super) fn cap_removed(&mut self, now: Second, cap: CapId) {
        self.note(now, Where::Cap(cap), ServerEvent::CapRemoved);
        self.change_cap(now, cap, |state| state.reachable = false);
    }

    pub(super) fn cap_is_back(&mut self, now: Second, cap: CapId, event: ServerEvent) {
        let mut outages = self.plan.caps[cap.index()].outages.iter();
        let is_gone = now >= self.plan.caps[cap.index()].removed;
        if is_gone || outages.any(|(from, until)| (*from..*until).contains(&now)) {
            return; // it went down again while it was being installed
        }
        self.note(now, Where::Cap(cap), event);
        self.change_cap(now, cap, |state| state.reachable = true);
    }

    /// Whether a look of Site Component Manager fell into the outage that ends now (Q199816: hourly).
    fn was_missed(&self, now: Second, cap: CapId) -> bool {
        let of = &self.plan.caps[cap.index()];
        let interval_s = self.plan.rules.component_interval.max(1);
        let phase_s = self.phase(&format!("components of {}", self.code(of.site)), interval_s);
        let mut outages = of.outages.iter();
        outages.any(|(from, until)| *until == now && first_visit(*from, phase_s, interval_s) < now)
    }

    pub(super) fn change_cap(
        &mut self,
        now: Second,
        cap: CapId,
        change: impl FnOnce(&mut CapState),
    ) {
        let history = &mut self.history.caps[cap.index()];
        let mut state = *history.latest();
        change(&mut state);
        history.set(now, state);
    }
}
