//! Site upgrades: parents before children, pushed secondaries, setup that takes its time and may fail.

use super::{Cause, Event, Servers, purpose};
use crate::engine::Second;
use crate::engine::draws::{address_of, happens, threshold};
use crate::engine::time::HOUR_S;
use crate::plan::{SiteId, Source};
use crate::run::history::Send;
use crate::sms::inbox_manager::{self, copy_s};
use crate::sms::{logon_server_manager, sender};

impl Servers<'_> {
    /// A line of the rollout begins when it is due and its parent is there, unless it is forced.
    pub(super) fn upgrade_due(&mut self, now: Second, line: u32) {
        if self.waits_for_parent(line) {
            return; // taken up again when the parent's setup ends
        }
        let upgrade = &self.plan.rollout[line as usize];
        match (upgrade.source, self.plan.sites[upgrade.site.index()].parent) {
            (Source::Push, Some(parent)) => {
                self.rollout[line as usize].queued = now;
                self.senders[parent.index()].queue.push_back(line);
                self.dispatch_sends(now, parent);
            }
            _ => self.start_setup(now, line),
        }
    }

    /// Whether the parent runs an older release than this line brings, and a line of its own is still to come.
    fn waits_for_parent(&self, line: u32) -> bool {
        let upgrade = &self.plan.rollout[line as usize];
        let Some(parent) = self.plan.sites[upgrade.site.index()].parent else {
            return false;
        };
        let older = |content| self.base_of(content).release() < self.base_of(upgrade.to).release();
        let parent_pending = (0..)
            .zip(&self.plan.rollout)
            .any(|(other, of)| of.site == parent && !self.done(other) && !older(of.to));
        !upgrade.forced && older(self.content_of(parent)) && parent_pending
    }

    fn done(&self, line: u32) -> bool {
        self.rollout[line as usize].done
    }

    /// Takes up as many queued transfers as there are threads, in the order they were queued.
    pub(super) fn dispatch_sends(&mut self, now: Second, from: SiteId) {
        let zone = &self.plan.zones[self.plan.sites[from.index()].zone.index()];
        let local = zone.local(&self.plan.clock, now);
        let mut waiting = std::mem::take(&mut self.senders[from.index()].queue);
        let mut closed = false;
        while let Some(line) = waiting.pop_front() {
            let to = self.plan.rollout[line as usize].site;
            let address = &self.plan.sites[to.index()].address;
            let rate = sender::rate_bps(
                address.bandwidth_bps,
                &address.hourly_limit_percent,
                local.hour().unsigned_abs(),
            );
            closed |= rate.is_none();
            match rate {
                Some(rate_bps) if self.thread_is_free(from, to) => {
                    self.send(now, from, line, rate_bps)
                }
                _ => self.senders[from.index()].queue.push_back(line),
            }
        }
        if closed {
            let into_hour =
                local.minute().unsigned_abs() as u32 * 60 + local.second().unsigned_abs() as u32;
            self.queue
                .push((now + (HOUR_S - into_hour), Event::SenderLooks(from)));
        }
    }

    fn thread_is_free(&self, from: SiteId, to: SiteId) -> bool {
        let sender = &self.senders[from.index()];
        let busy_to = sender
            .busy_to
            .iter()
            .find(|(site, _)| *site == to)
            .map_or(0, |(_, busy)| *busy);
        let rules = &self.plan.rules;
        sender::thread_is_free(
            sender.busy,
            busy_to,
            rules.sender_threads,
            rules.sender_threads_per_site,
        )
    }

    fn send(&mut self, now: Second, from: SiteId, line: u32, rate_bps: u64) {
        let to = self.plan.rollout[line as usize].site;
        let bytes = self.plan.rules.push_size;
        let ended = now + copy_s(bytes, rate_bps);
        self.occupy(from, to);
        let queued = self.rollout[line as usize].queued;
        self.history.sends.push(Send {
            to,
            queued,
            started: now,
            ended,
            bytes,
        });
        self.queue.push((ended, Event::SendEnded(line)));
    }

    fn occupy(&mut self, from: SiteId, to: SiteId) {
        let sender = &mut self.senders[from.index()];
        sender.busy += 1;
        match sender.busy_to.iter_mut().find(|(site, _)| *site == to) {
            Some((_, busy)) => *busy += 1,
            None => sender.busy_to.push((to, 1)),
        }
    }

    pub(super) fn send_ended(&mut self, now: Second, line: u32) {
        let site = self.plan.rollout[line as usize].site;
        if let Some(parent) = self.plan.sites[site.index()].parent {
            let sender = &mut self.senders[parent.index()];
            sender.busy -= 1;
            for (_, busy) in sender.busy_to.iter_mut().filter(|(to, _)| *to == site) {
                *busy -= 1;
            }
            self.dispatch_sends(now, parent);
        }
        self.start_setup(now, line);
    }

    fn start_setup(&mut self, now: Second, line: u32) {
        let word = self.setup_word(line, 0);
        let duration_s = self.plan.rules.setup_time.quantiles(0).seconds(word);
        self.queue.push((now + duration_s, Event::SetupEnded(line)));
    }

    /// A word of the present setup attempt. It is addressed by the site and by how often that site was set up before,
    /// so that other lines of the rollout cannot shift it.
    fn setup_word(&self, line: u32, word: u64) -> u32 {
        let site = self.plan.rollout[line as usize].site;
        let earlier = self.plan.rollout[..line as usize]
            .iter()
            .filter(|upgrade| upgrade.site == site)
            .count() as u64;
        let attempt = earlier * 64 + self.rollout[line as usize].attempts;
        let entity = address_of(&self.plan.sites[site.index()].code);
        self.draws.word(entity, purpose::SETUP + 2 * attempt + word)
    }

    pub(super) fn setup_ended(&mut self, now: Second, line: u32) {
        let rules = &self.plan.rules;
        let failed = happens(self.setup_word(line, 1), threshold(rules.setup_failure));
        self.rollout[line as usize].attempts += 1;
        if failed && self.rollout[line as usize].attempts < 64 {
            self.start_setup(now + rules.setup_retry, line);
        } else {
            self.site_is_upgraded(now, line);
        }
    }

    fn site_is_upgraded(&mut self, now: Second, line: u32) {
        let upgrade = &self.plan.rollout[line as usize];
        self.rollout[line as usize].done = true;
        self.history.sites[upgrade.site.index()].set(now, upgrade.to);
        self.refresh_caps(now, upgrade.site, upgrade.to);
        self.executive_restarts(now, upgrade.site);
        if upgrade.force_lsm {
            self.start_cycles(now, upgrade.site, Cause::Forced);
        }
        let plan = self.plan;
        for (child, of) in (0..).zip(&plan.rollout) {
            let was_held = plan.sites[of.site.index()].parent == Some(upgrade.site) && of.at <= now;
            if was_held && !self.done(child) && self.rollout[child as usize].queued == Second::NEVER
            {
                self.queue.push((now, Event::UpgradeDue(child)));
            }
        }
    }

    /// SMS Executive starts again: before SP2 that starts a Logon Server Manager cycle in every domain of the site.
    pub(super) fn executive_restarts(&mut self, now: Second, site: SiteId) {
        if logon_server_manager::restart_starts_cycle(self.release_of(site)) {
            self.start_cycles(now, site, Cause::Restart);
        }
    }

    fn refresh_caps(&mut self, now: Second, site: SiteId, content: crate::plan::ContentId) {
        let interval_s = self.plan.rules.inbox_manager_interval;
        for cap in &self.plan.sites[site.index()].caps {
            let phase_s = self.phase(&self.plan.caps[cap.index()].name, interval_s);
            let visit = inbox_manager::first_visit(now, phase_s, interval_s);
            self.queue
                .push((visit, Event::InboxManagerVisits(*cap, content)));
        }
    }

    /// Where within its interval a server's periodic work falls.
    pub(super) fn phase(&self, name: &str, interval_s: u32) -> u32 {
        crate::engine::draws::pick(
            self.draws.word(address_of(name), purpose::PHASE),
            interval_s.max(1),
        )
    }
}
