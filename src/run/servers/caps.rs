//! Client Access Points: Inbox Manager brings them the release, outages take them away.

use super::{Event, Servers};
use crate::engine::Second;
use crate::plan::{CapId, ContentId};
use crate::run::history::CapState;
use crate::sms::inbox_manager::{copy_s, locks_while_refreshing};

impl Servers<'_> {
    pub(super) fn set_reachable(&mut self, now: Second, cap: CapId, reachable: bool) {
        self.change_cap(now, cap, |state| state.reachable = reachable);
    }

    /// Inbox Manager begins to copy, or comes back later if it cannot reach the server (Q278856).
    pub(super) fn inbox_manager_visits(&mut self, now: Second, cap: CapId, content: ContentId) {
        let rules = &self.plan.rules;
        if !self.history.caps[cap.index()].latest().reachable {
            self.queue.push((
                now + rules.inbox_manager_interval.max(1),
                Event::InboxManagerVisits(cap, content),
            ));
            return;
        }
        let locked = locks_while_refreshing(self.base_of(content).release());
        self.change_cap(now, cap, |state| state.locked = locked);
        let link_bps = self.plan.caps[cap.index()]
            .bandwidth_bps
            .unwrap_or(rules.cap_link);
        self.queue.push((
            now + copy_s(rules.cap_content_size, link_bps),
            Event::CapRefreshed(cap, content),
        ));
    }

    pub(super) fn cap_refreshed(&mut self, now: Second, cap: CapId, content: ContentId) {
        self.change_cap(now, cap, |state| {
            state.content = content;
            state.locked = false;
        });
    }

    fn change_cap(&mut self, now: Second, cap: CapId, change: impl FnOnce(&mut CapState)) {
        let history = &mut self.history.caps[cap.index()];
        let mut state = *history.latest();
        change(&mut state);
        history.set(now, state);
    }
}
