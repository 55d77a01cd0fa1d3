//! Site upgrades: parents before children, setup that takes its time, hangs, fails and is tried again.

use super::{Cause, Event, Servers, purpose};
use crate::engine::Second;
use crate::engine::draws::{address_of, happens, threshold};
use crate::plan::{Mishap, SiteId, Source};
use crate::run::history::Where;
use crate::sms::ServerEvent;

/// Attempts after which setup succeeds whatever is drawn.
const MOST_ATTEMPTS: u32 = 64;

impl Servers<'_> {
    /// A line of the rollout begins when it is due and its parent is there, unless it is forced.
    pub(super) fn upgrade_due(&mut self, now: Second, line: u32) {
        if self.rollout[line as usize].begun || self.waits_for_parent(line) {
            return; // taken up again when the parent's setup ends
        }
        self.rollout[line as usize].begun = true;
        let upgrade = &self.plan.rollout[line as usize];
        match (upgrade.source, self.plan.sites[upgrade.site.index()].parent) {
            (Source::Push, Some(parent)) => self.queue_push(now, line, parent),
            _ => self.setup_due(now, line),
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

    /// Setup begins, or waits until its server is up.
    pub(super) fn setup_due(&mut self, now: Second, line: u32) {
        let upgrade = &self.plan.rollout[line as usize];
        let site = upgrade.site;
        if now < self.down_until[site.index()] {
            let up = self.down_until[site.index()];
            self.queue.push((up, Event::SetupDue(line)));
            return;
        }
        let attempt = self.rollout[line as usize].attempts;
        self.rollout[line as usize].setting_up = true;
        self.note(now, Where::Site(site), ServerEvent::SetupBegan);
        let rules = &self.plan.rules;
        let mut duration_s = rules
            .setup_time
            .quantiles(0)
            .seconds(self.setup_word(line, 0));
        let entity = format!("setup hangs at {}", self.code(site));
        let hangs = self.has_mishap(line, Mishap::Hangs)
            || self.chance(rules.setup_hangs, &entity, self.setup_number(line));
        if hangs && !upgrade.precheck {
            let word = self
                .draws
                .word(address_of(&entity), self.setup_number(line) + (1 << 32));
            duration_s =
                duration_s.saturating_add(rules.setup_hang_time.quantiles(0).seconds(word));
            self.note(now, Where::Site(site), ServerEvent::SetupHung);
        }
        self.queue
            .push((now + duration_s, Event::SetupEnded(line, attempt)));
    }

    /// Whether this mishap strikes now: at the first attempt.
    fn has_mishap(&self, line: u32, mishap: Mishap) -> bool {
        self.plan.rollout[line as usize].mishap == Some(mishap)
            && self.rollout[line as usize].attempts == 0
    }

    /// The number of the present setup attempt. It counts how often that site was set up before, so that other lines of
    /// the rollout cannot shift it.
    fn setup_number(&self, line: u32) -> u64 {
        let site = self.plan.rollout[line as usize].site;
        let earlier = self.plan.rollout[..line as usize]
            .iter()
            .filter(|upgrade| upgrade.site == site)
            .count() as u64;
        earlier * u64::from(MOST_ATTEMPTS) + u64::from(self.rollout[line as usize].attempts)
    }

    fn setup_word(&self, line: u32, word: u64) -> u32 {
        let site = self.plan.rollout[line as usize].site;
        let entity = address_of(self.code(site));
        self.draws
            .word(entity, purpose::SETUP + 2 * self.setup_number(line) + word)
    }

    pub(super) fn setup_ended(&mut self, now: Second, line: u32, attempt: u32) {
        let progress = self.rollout[line as usize];
        if !progress.setting_up || progress.attempts != attempt {
            return; // an outage came first
        }
        let (rules, upgrade) = (&self.plan.rules, &self.plan.rollout[line as usize]);
        let entity = format!("setup dies midway at {}", self.code(upgrade.site));
        let failed = happens(self.setup_word(line, 1), threshold(rules.setup_failure));
        let midway = self.has_mishap(line, Mishap::FailsMidway)
            || failed && self.chance(rules.setup_fails_midway, &entity, self.setup_number(line));
        let failed = failed || self.has_mishap(line, Mishap::Fails);
        let midway = midway && !upgrade.precheck;
        self.rollout[line as usize].attempts += 1;
        self.rollout[line as usize].setting_up = false;
        if (failed || midway) && attempt + 1 < MOST_ATTEMPTS {
            self.setup_fails(now, line, midway);
        } else {
            self.site_is_upgraded(now, line);
        }
    }

    /// Setup failed. Midway, the site's server components are stopped and its Client Access Points hold either release
    /// (Q238093, Q268238).
    fn setup_fails(&mut self, now: Second, line: u32, midway: bool) {
        let upgrade = &self.plan.rollout[line as usize];
        let (site, to) = (upgrade.site, upgrade.to);
        let event = if midway {
            self.half_upgraded[site.index()] = true;
            for cap in &self.plan.sites[site.index()].caps {
                let entity = format!("half upgraded {}", self.plan.caps[cap.index()].name);
                if self.chance(
                    self.plan.rules.midway_caps,
                    &entity,
                    self.setup_number(line),
                ) {
                    self.change_cap(now, *cap, |state| state.content = to);
                }
            }
            ServerEvent::SetupFailedMidway
        } else {
            ServerEvent::SetupFailed
        };
        self.note(now, Where::Site(site), event);
        self.queue
            .push((now + self.plan.rules.setup_retry, Event::SetupDue(line)));
    }

    /// The server went down while setup ran: it starts over when the server is back.
    pub(super) fn interrupt_setup(&mut self, now: Second, site: SiteId) {
        for line in 0..self.rollout.len() {
            if self.plan.rollout[line].site != site || !self.rollout[line].setting_up {
                continue;
            }
            self.rollout[line].setting_up = false;
            self.rollout[line].attempts += 1;
            self.note(now, Where::Site(site), ServerEvent::SetupInterrupted);
            let up = self.down_until[site.index()];
            self.queue.push((up, Event::SetupDue(line as u32)));
        }
    }

    fn site_is_upgraded(&mut self, now: Second, line: u32) {
        let upgrade = &self.plan.rollout[line as usize];
        let site = upgrade.site;
        self.rollout[line as usize].done = true;
        self.half_upgraded[site.index()] = false;
        self.may_lose_senior_lst(now, site);
        self.history.sites[site.index()].set(now, upgrade.to);
        self.note(now, Where::Site(site), ServerEvent::SiteUpgraded);
        self.refresh_caps(now, site, upgrade.to);
        self.executive_starts(now, site);
        self.queue.push((now, Event::SenderLooks(site))); // what waited while setup had died midway
        if upgrade.force_lsm {
            self.start_cycles(now, site, Cause::Forced);
        }
        let plan = self.plan;
        for (child, of) in (0..).zip(&plan.rollout) {
            let was_held = plan.sites[of.site.index()].parent == Some(site) && of.at <= now;
            if was_held && !self.rollout[child as usize].begun {
                self.queue.push((now, Event::UpgradeDue(child)));
            }
        }
    }

    /// A hotfix was run, well or not, and SMS Executive starts again.
    pub(super) fn hotfix_applied(&mut self, now: Second, site: SiteId, number: u32) {
        let applied = self.plan.sites[site.index()].hotfixes[number as usize];
        let took = self.history.hotfixes[site.index()]
            .iter()
            .any(|that| that.hotfix == applied.hotfix && that.at == applied.at);
        let event = if took {
            ServerEvent::HotfixApplied
        } else {
            ServerEvent::HotfixFailed
        };
        self.note(now, Where::Site(site), event);
        if !self.is_down(now, site) {
            self.executive_starts(now, site);
        }
    }
}
