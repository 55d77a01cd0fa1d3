//! Senders: setup files go from a parent to its secondary sites.

use super::{Event, Servers};
use crate::engine::Second;
use crate::engine::time::HOUR_S;
use crate::plan::{Address, Mishap, SiteId};
use crate::run::history::{Send, Where};
use crate::sms::inbox_manager::copy_s;
use crate::sms::{ServerEvent, sender};

impl Servers<'_> {
    /// The setup files of a line wait at the parent for a sender thread.
    pub(super) fn queue_push(&mut self, now: Second, line: u32, parent: SiteId) {
        let site = self.plan.rollout[line as usize].site;
        self.note(now, Where::Site(site), ServerEvent::PushQueued);
        self.rollout[line as usize].queued = now;
        self.rollout[line as usize].told_to_wait = false;
        self.senders[parent.index()].queue.push_back(line);
        self.dispatch_sends(now, parent);
    }

    /// Takes up as many queued transfers as there are threads, in the order they were queued.
    pub(super) fn dispatch_sends(&mut self, now: Second, from: SiteId) {
        if self.is_down(now, from) {
            return; // looks again when it is back
        }
        let mut waiting = std::mem::take(&mut self.senders[from.index()].queue);
        let (mut closed, mut unreachable) = (false, false);
        while let Some(line) = waiting.pop_front() {
            let to = self.plan.rollout[line as usize].site;
            let rate = self.rate_bps(now, from, &self.plan.sites[to.index()].address);
            let reachable = now >= self.down_until[to.index()];
            closed |= rate.is_none();
            unreachable |= !reachable;
            match rate.filter(|_| reachable) {
                Some(rate_bps) if self.thread_is_free(from, to) => {
                    self.send(now, from, line, rate_bps);
                    continue;
                }
                Some(_) => self.tells_to_wait(now, line),
                None => {}
            }
            self.senders[from.index()].queue.push_back(line);
        }
        if closed {
            let next = now + self.to_next_hour_s(now, from);
            self.queue.push((next, Event::SenderLooks(from)));
        }
        if unreachable {
            let skipped_s = self.plan.rules.sender_skips_site.max(1); // Q235753
            self.queue.push((now + skipped_s, Event::SenderLooks(from)));
        }
    }

    fn tells_to_wait(&mut self, now: Second, line: u32) {
        if !std::mem::replace(&mut self.rollout[line as usize].told_to_wait, true) {
            let site = self.plan.rollout[line as usize].site;
            self.note(now, Where::Site(site), ServerEvent::PushWaits);
        }
    }

    /// The rate that an address allows in this hour of the sending site's day.
    fn rate_bps(&self, now: Second, from: SiteId, address: &Address) -> Option<u64> {
        let zone = &self.plan.zones[self.plan.sites[from.index()].zone.index()];
        let hour = zone.local(&self.plan.clock, now).hour();
        sender::rate_bps(
            address.bandwidth_bps,
            &address.hourly_limit_percent,
            hour.unsigned_abs(),
        )
    }

    fn to_next_hour_s(&self, now: Second, from: SiteId) -> u32 {
        let zone = &self.plan.zones[self.plan.sites[from.index()].zone.index()];
        let local = zone.local(&self.plan.clock, now);
        let into_hour = u32::from(local.minute().unsigned_abs()) * 60
            + u32::from(local.second().unsigned_abs());
        HOUR_S - into_hour
    }

    fn thread_is_free(&self, from: SiteId, to: SiteId) -> bool {
        let sender = &self.senders[from.index()];
        let busy_to = sender
            .busy_to
            .iter()
            .find(|(site, _)| *site == to)
            .map_or(0, |(_, busy)| *busy);
        let rules = &self.plan.rules;
        let own = self.plan.sites[from.index()].sender_threads;
        sender::thread_is_free(
            sender.busy,
            busy_to,
            own.unwrap_or(rules.sender_threads).min(rules.most_pushes),
            rules.sender_threads_per_site,
        )
    }

    fn send(&mut self, now: Second, from: SiteId, line: u32, rate_bps: u64) {
        let to = self.plan.rollout[line as usize].site;
        let bytes = self.plan.rules.push_size;
        let ended = if self.plan.rules.sender_rereads_limits {
            self.ends_by_the_hour(now, from, to)
        } else {
            now + copy_s(bytes, rate_bps)
        };
        self.note(now, Where::Site(to), ServerEvent::PushStarted);
        self.occupy(from, to);
        let progress = &mut self.rollout[line as usize];
        progress.sends += 1;
        progress.sending_since = Some(now);
        self.queue
            .push((ended, Event::SendEnded(line, progress.sends)));
        let queued = progress.queued;
        self.history.sends.push(Send {
            to,
            queued,
            started: now,
            ended,
            bytes,
        });
    }

    /// When a transfer ends that follows its address's limits from hour to hour (Q317893 with its hotfix).
    fn ends_by_the_hour(&self, now: Second, from: SiteId, to: SiteId) -> Second {
        let address = &self.plan.sites[to.index()].address;
        let mut left_bits = self.plan.rules.push_size.saturating_mul(8);
        let mut at = now;
        while at < self.plan.clock.end {
            let hour_s = self.to_next_hour_s(at, from);
            let rate_bps = self.rate_bps(at, from, address).unwrap_or(0);
            let by_then = rate_bps.saturating_mul(u64::from(hour_s));
            if left_bits <= by_then {
                return at + left_bits.div_ceil(rate_bps.max(1)) as u32;
            }
            left_bits -= by_then;
            at = at + hour_s;
        }
        at
    }

    fn occupy(&mut self, from: SiteId, to: SiteId) {
        let sender = &mut self.senders[from.index()];
        sender.busy += 1;
        match sender.busy_to.iter_mut().find(|(site, _)| *site == to) {
            Some((_, busy)) => *busy += 1,
            None => sender.busy_to.push((to, 1)),
        }
    }

    fn release(&mut self, from: SiteId, to: SiteId) {
        let sender = &mut self.senders[from.index()];
        sender.busy -= 1;
        for (_, busy) in sender.busy_to.iter_mut().filter(|(site, _)| *site == to) {
            *busy -= 1;
        }
    }

    pub(super) fn send_ended(&mut self, now: Second, line: u32, send: u32) {
        let progress = self.rollout[line as usize];
        if progress.sends != send || progress.sending_since.is_none() {
            return; // it was cut
        }
        self.rollout[line as usize].sending_since = None;
        let site = self.plan.rollout[line as usize].site;
        self.note(now, Where::Site(site), ServerEvent::PushArrived);
        if let Some(parent) = self.plan.sites[site.index()].parent {
            self.release(parent, site);
            self.dispatch_sends(now, parent);
        }
        if self.bootstrap_fails(line) {
            self.note(now, Where::Site(site), ServerEvent::BootstrapFailed);
            self.rollout[line as usize].begun = false;
            let noticed = now + self.plan.rules.bootstrap_noticed_after;
            self.queue.push((noticed, Event::UpgradeDue(line)));
        } else {
            self.setup_due(now, line);
        }
    }

    /// Whether the bootstrap at the secondary site fails after the latest transfer (Q201658, Q287717).
    fn bootstrap_fails(&self, line: u32) -> bool {
        let sends = self.rollout[line as usize].sends;
        let upgrade = &self.plan.rollout[line as usize];
        let entity = format!("bootstrap of {}", self.code(upgrade.site));
        let number = u64::from(line) << 32 | u64::from(sends);
        (upgrade.mishap == Some(Mishap::BootstrapFails) && sends == 1)
            || self.chance(self.plan.rules.bootstrap_failure, &entity, number)
    }

    /// An outage of either end cuts a transfer, which then starts over from the beginning (Q279498).
    pub(super) fn cut_sends(&mut self, now: Second, down: SiteId) {
        for line in 0..self.rollout.len() {
            let to = self.plan.rollout[line].site;
            let Some(from) = self.plan.sites[to.index()].parent else {
                continue;
            };
            let concerned = to == down || from == down;
            if !concerned || self.rollout[line].sending_since.is_none() {
                continue;
            }
            self.rollout[line].sending_since = None;
            self.note(now, Where::Site(to), ServerEvent::PushCut);
            self.release(from, to);
            self.history.cut_send(now, to);
            self.senders[from.index()].queue.push_back(line as u32);
            let retry_s = self.plan.rules.sender_retry; // Q278357
            self.queue.push((now + retry_s, Event::SenderLooks(from)));
        }
    }
}
