//! Copying and installing, and everything that can come between.

use super::client::{Client, Flags, Job, NO_SITE, Turn, content};
use super::cycle::reports_early;
use super::{Answer, Appointment, Rare, Walker};
use crate::engine::Second;
use crate::engine::draws::happens;
use crate::run::observer::Observer;
use crate::run::tally::{ClientState, Curve, Trouble};
use crate::run::world::{SITES_PER_CLIENT, ServerId};
use crate::sms::inbox_manager::copy_s;
use crate::sms::{Reason, upgrade};

impl<O: Observer> Walker<'_, '_, O> {
    /// Asks a server for `bytes`. A server that never slows anybody answers at once.
    pub(super) fn asks(&mut self, now: Second, turn: Turn, server: ServerId, bytes: u64) {
        self.client.timer = Second::NEVER;
        let appointment = Appointment {
            at: now,
            turn,
            server,
            bytes,
            link_bps: self.cohort.link_bps(self.client.presence.off_site),
            cut: self.cut_short(now, server),
        };
        self.record.observer.asks(&appointment, &self.client);
        if self.world.is_contended(server) {
            self.settle(now);
            self.appointment = Some(appointment);
        } else {
            let end = now + copy_s(bytes, appointment.link_bps);
            let complete = (end, Turn::TransferEnds) < appointment.cut;
            self.record
                .transfer(server, now, end, end.min(appointment.cut.0), bytes);
            self.answer(
                &appointment,
                if complete {
                    Answer::Complete(end)
                } else {
                    Answer::CutShort
                },
            );
        }
    }

    /// When a transfer from `server` that begins now would be cut short: the machine or its user leaves, or the server
    /// goes down.
    fn cut_short(&self, now: Second, server: ServerId) -> (Second, Turn) {
        let leaves = self.attendance.cut_short(&self.client.presence);
        let outage = self.world.next_outage(server, now);
        leaves.min((outage, Turn::ServerDown))
    }

    /// Takes the server's answer to an appointment.
    pub fn answer(&mut self, appointment: &Appointment, answer: Answer) {
        self.looks_at_offers(appointment.at);
        match answer {
            Answer::Complete(end) => self.client.set_timer(end, Turn::TransferEnds),
            Answer::CutShort | Answer::UnderWay if appointment.cut.1 == Turn::ServerDown => {
                self.client.set_timer(appointment.cut.0, Turn::ServerDown);
            }
            Answer::CutShort | Answer::UnderWay => {}
            Answer::TurnedAway => {
                let now = appointment.at;
                self.record
                    .decision(self.cohort.home, now, Reason::ConnectionsExhausted);
                self.client.due = now + self.cohort.rules.ccim_retry;
                self.drops_job(now, Reason::ConnectionsExhausted);
            }
        }
        self.settle(appointment.at);
    }

    pub(super) fn transfer_ends(&mut self, now: Second) {
        let (table, purpose) = match self.client.job {
            Job::Agents | Job::Distribution | Job::Verify => {
                (&self.cohort.agents_install_time, Rare::AgentsTime)
            }
            _ => (&self.cohort.base_install_time, Rare::BaseTime),
        };
        let installed = now + table.seconds(self.rare_word(purpose));
        self.client.install_began = now;
        self.client.flags.set(Flags::INSTALLING, true);
        self.client.set_timer(installed, Turn::InstallEnds);
        self.settle(now);
    }

    pub(super) fn install_ends(&mut self, now: Second) {
        let purpose = match self.client.job {
            Job::Agents | Job::Distribution | Job::Verify => Rare::AgentsFail,
            _ => Rare::BaseFails,
        };
        let can_fail = self.cohort.install_failure > 0;
        if can_fail && {
            let word = self.rare_word(purpose);
            happens(word, self.cohort.install_failure)
        } {
            self.job_fails(now, Reason::InstallFailed);
            return;
        }
        let job = std::mem::replace(&mut self.client.job, Job::None);
        self.client.flags.set(Flags::INSTALLING, false);
        match job {
            Job::Base | Job::Clicore | Job::ClicoreAhead => self.base_installed(now, job),
            Job::Core => self.core_installed(now),
            Job::Distribution => self.distribution_installed(now),
            Job::Verify => self
                .record
                .decision(self.cohort.home, now, Reason::Verified),
            Job::Agents | Job::None => self.agents_installed(now),
        }
        self.settle(now);
    }

    fn base_installed(&mut self, now: Second, job: Job) {
        self.record
            .decision(self.cohort.home, now, Reason::BaseInstalled);
        if self.client.base == self.client.job_content {
            return; // the same files again: Q251164
        }
        let before = content(self.client.base)
            .map(|before| self.world.plan.contents[before.index()].base.release());
        self.client
            .flags
            .set(Flags::REPORT_EARLY, reports_early(before));
        self.client.base = self.client.job_content;
        self.client
            .flags
            .set(Flags::MIXED, job == Job::ClicoreAhead);
        if self.cohort.win9x {
            self.inventory_may_get_stuck(now);
            self.asks_for_restart(now, Flags::BASE_RESTART);
        } else if job == Job::Base && self.wanted.any() {
            let after = self
                .cohort
                .agents_after
                .seconds(self.rare_word(Rare::AgentsAfter));
            self.client.set_timer(now + after, Turn::AgentsBegin);
        }
    }

    /// Without a restart since it was removed, an upgraded Windows 9x client loses its inventory (Q263370).
    fn inventory_may_get_stuck(&mut self, now: Second) {
        let removed = self.client.flags.has(Flags::REMOVED_SINCE_RESTART);
        if upgrade::inventory_gets_stuck(self.cohort.win9x, removed) && self.wanted.others {
            self.client.flags.set(Flags::INVENTORY_STUCK, true);
            self.record
                .decision(self.cohort.home, now, Reason::InventoryStuck);
        }
    }

    fn distribution_installed(&mut self, now: Second) {
        self.client.distribution = self.client.job_content;
        self.asks_for_restart(now, Flags::SECOND_RESTART);
    }

    fn agents_installed(&mut self, now: Second) {
        self.record
            .decision(self.cohort.home, now, Reason::AgentsInstalled);
        let ordinary = self.wanted == self.cohort.agents;
        if ordinary || self.wanted.others {
            self.client.agents = self.client.job_content;
        }
        if !self.cohort.win9x {
            if ordinary || self.wanted.software_distribution {
                self.client.distribution = self.client.job_content;
            }
        } else if self.client.flags.has(Flags::SECOND_RESTART) {
            self.plans_restart(now);
        }
    }

    fn asks_for_restart(&mut self, now: Second, flag: Flags) {
        self.client.flags.set(flag, true);
        self.client.restarts_asked = self.client.restarts_asked.saturating_add(1);
        self.record
            .decision(self.cohort.home, now, Reason::RestartAsked);
        let who = (self.cohort.id, self.number);
        self.record
            .trouble_begins(Trouble::RestartAsked, Reason::RestartAsked, who);
        self.plans_restart(now);
    }

    /// The user restarts the machine some time after being asked, or not before its next start.
    pub(super) fn plans_restart(&mut self, now: Second) {
        let cohort = self.cohort;
        let by_user = cohort
            .restart_after
            .as_ref()
            .map(|after| after.seconds(self.rare_word(Rare::RestartAfter)));
        if let Some(after) = upgrade::restart_after_s(by_user, cohort.mandatory_restart_s) {
            self.client.set_timer(now + after, Turn::Restart);
        }
    }

    /// The user restarts the machine and logs on again.
    pub(super) fn restarts(&mut self, now: Second) {
        self.restart_may_break(now);
        self.service_starts(now);
        self.logs_on(now, Turn::Restart);
    }

    /// What waited for a restart is complete.
    #[inline]
    pub(super) fn machine_restarted(&mut self, now: Second) {
        if !self.client.flags.has(Flags::ENDS_WITH_RESTART) {
            return;
        }
        self.client.flags.set(Flags::REMOVED_SINCE_RESTART, false);
        if !self.client.flags.has(Flags::AWAITS_RESTART) {
            return;
        }
        self.client.flags.set(Flags::BASE_RESTART, false);
        self.client.flags.set(Flags::SECOND_RESTART, false);
        self.record
            .decision(self.cohort.home, now, Reason::Restarted);
        self.settle(now);
    }

    /// The machine is switched off, or the user of a Windows 9x machine logs off.
    #[inline]
    pub(super) fn leaves(&mut self, now: Second, turn: Turn) {
        if turn == Turn::PowerOff && self.cohort.win9x {
            self.restart_may_break(now);
        }
        let installing = self.client.flags.has(Flags::INSTALLING);
        if self.client.is_at_work() {
            match turn {
                Turn::PowerOff => self.job_fails(now, Reason::CutByPowerOff),
                _ if !installing => self.job_fails(now, Reason::CutByLogoff),
                _ => {} // what is copied already is installed without a user
            }
        }
        if matches!(
            self.client.timer_turn,
            Turn::AgentsBegin | Turn::Push | Turn::Restart
        ) {
            self.client.timer = Second::NEVER;
        }
    }

    /// A restart soon after an installation began breaks a Windows 9x client (Q237543).
    fn restart_may_break(&mut self, now: Second) {
        let client = &self.client;
        let unfinished =
            client.flags.has(Flags::INSTALLING) || client.flags.has(Flags::AWAITS_RESTART);
        if !unfinished || !client.install_began.is_set() {
            return;
        }
        let elapsed_s = now.since(client.install_began);
        let safe_after_s = self.cohort.rules.win9x_restart_after;
        if upgrade::restart_is_too_early(self.cohort.win9x, elapsed_s, safe_after_s)
            && happens(
                self.rare_word(Rare::EarlyRestart),
                self.cohort.early_restart_breaks,
            )
        {
            self.breaks(now);
        }
    }

    fn breaks(&mut self, now: Second) {
        self.record
            .decision(self.cohort.home, now, Reason::RestartTooEarly);
        let who = (self.cohort.id, self.number);
        self.record
            .trouble_begins(Trouble::Broken, Reason::RestartTooEarly, who);
        self.client.flags = Flags::default().keeping_curves(self.client.flags);
        self.client.flags.set(Flags::BROKEN, true);
        self.client.job = Job::None;
        self.client.timer = Second::NEVER;
        self.client.hindrance = Reason::RestartTooEarly;
        self.settle(now);
    }

    /// The job failed or was cut short; it starts over at a later cycle or logon.
    pub(super) fn job_fails(&mut self, now: Second, reason: Reason) {
        self.record.decision(self.cohort.home, now, reason);
        let who = (self.cohort.id, self.number);
        self.record.trouble_begins(Trouble::Aborted, reason, who);
        self.client.aborted = self.client.aborted.saturating_add(1);
        self.client.timer = Second::NEVER;
        self.drops_job(now, reason);
    }

    fn drops_job(&mut self, now: Second, reason: Reason) {
        self.client.hindrance = reason;
        self.client.flags.set(Flags::INSTALLING, false);
        let job = std::mem::replace(&mut self.client.job, Job::None);
        if job == Job::Core && !self.client.is_installed() {
            self.client.sites = [NO_SITE; SITES_PER_CLIENT];
        }
        self.settle(now);
    }

    /// Records where the client is now, if that has changed.
    pub(super) fn settle(&mut self, now: Second) {
        self.settles(now);
        self.record.observer.settled(now, &self.client);
    }

    fn settles(&mut self, now: Second) {
        self.settle_curve(
            now,
            Curve::Base,
            Flags::ON_BASE_CURVE,
            self.at_target(self.client.base),
        );
        let reported = self.at_target(self.client.reported);
        self.settle_curve(now, Curve::Reported, Flags::ON_REPORTED_CURVE, reported);
        let state = self.state();
        let before = self.client.state;
        if state == before {
            return;
        }
        self.settle_curve(
            now,
            Curve::Converged,
            Flags::ON_CONVERGED_CURVE,
            state == ClientState::Converged,
        );
        self.record
            .state(self.cohort.home, Some(before), state, now);
        if before == ClientState::Mixed {
            self.record.trouble_ends(
                Trouble::Mixed,
                self.mixed_reason(),
                self.client.since,
                now,
                true,
            );
        }
        if state == ClientState::Mixed {
            let who = (self.cohort.id, self.number);
            self.record
                .trouble_begins(Trouble::Mixed, self.mixed_reason(), who);
        }
        self.client.state = state;
        self.client.since = now;
    }

    fn settle_curve(&mut self, now: Second, curve: Curve, flag: Flags, on: bool) {
        if self.client.flags.has(flag) != on {
            self.client.flags.set(flag, on);
            self.record
                .curve(self.cohort.home, curve, if on { 1 } else { -1 }, now);
        }
    }

    /// The two ways in which the base can be ahead: before SP2 (Q236596), and from SP2 on (Q264630).
    pub(super) fn mixed_reason(&self) -> Reason {
        let base = content(self.client.base);
        match base.map(|base| self.world.contents[base.index()].is_sp2) {
            Some(false) => Reason::AgentsOutOfSync,
            _ => Reason::NewerThanCap,
        }
    }

    #[inline]
    pub(super) fn at_target(&self, number: u8) -> bool {
        self.world
            .contents
            .get(usize::from(number))
            .is_some_and(|content| content.at_target)
    }

    /// Where the client is on its way.
    pub(super) fn state(&self) -> ClientState {
        let Client {
            flags, job, base, ..
        } = self.client;
        let agents = self.wanted;
        if flags.has(Flags::BROKEN) {
            ClientState::Broken
        } else if flags.has(Flags::INSTALLING) {
            ClientState::Installing
        } else if job != Job::None {
            ClientState::Transferring
        } else if !self.client.is_installed() {
            ClientState::NotInstalled
        } else if flags.has(Flags::MIXED) {
            ClientState::Mixed
        } else if flags.has(Flags::AWAITS_RESTART) {
            ClientState::RestartPending
        } else if !self.at_target(base) {
            ClientState::Waiting
        } else if (agents.others
            && (flags.has(Flags::INVENTORY_STUCK) || !self.at_target(self.client.agents)))
            || (agents.software_distribution && !self.at_target(self.client.distribution))
        {
            ClientState::AgentsPending
        } else {
            ClientState::Converged
        }
    }
}
