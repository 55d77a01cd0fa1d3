//! What concerns clients of some cohorts only: campaigns, what sites tell besides versions, and what sets some clients
//! apart. Whoever belongs to an ordinary cohort never gets here.

use super::Walker;
use super::client::{Flags, Job, NO_CONTENT, Turn};
use super::cycle::Answers;
use crate::engine::Second;
use crate::engine::draws::threshold;
use crate::engine::time::HOUR_S;
use crate::run::observer::Observer;
use crate::run::tally::Trouble;
use crate::run::world::special::{
    Share, Special, spell_at, verification_after, verification_before,
};
use crate::sms::ccim::{self, CycleFacts, Mixed, Offers, Verification};
use crate::sms::rights::{self, Joining};
use crate::sms::{Difference, Reason};

impl<O: Observer> Walker<'_, '_, O> {
    /// Whether the client is one of a share.
    pub(super) fn is_one(&self, share: Share, of: Second, below: u64) -> bool {
        let address = self.cohort.address(self.number);
        self.cohort.is_one(address, share, of, below)
    }

    /// Whether the client is one of a share that is drawn once.
    fn is_always_one(&self, share: Share, below: impl Fn(&Special) -> u64) -> bool {
        let special = self.cohort.special.as_ref();
        special.is_some_and(|special| self.is_one(share, Second::ZERO, below(special)))
    }

    /// Looks at which of the client's agents its sites offer now.
    #[inline]
    pub(super) fn looks_at_offers(&mut self, now: Second) {
        if let Some(special) = &self.cohort.special
            && special.has_agent_steps
        {
            let positions = self.client.site_positions();
            self.wanted = special.offered(self.cohort.agents, positions, now);
        }
    }

    /// At the first second a client has those of its agents that its sites offer then.
    pub(super) fn starts_with_offers(&mut self) {
        self.finds_kick();
        self.looks_at_offers(Second::ZERO);
        if self.client.is_installed() && self.wanted != self.cohort.agents {
            if self.cohort.agents.others && !self.wanted.others {
                self.client.agents = NO_CONTENT;
            }
            if self.cohort.agents.software_distribution && !self.wanted.software_distribution {
                self.client.distribution = NO_CONTENT;
            }
        }
    }

    /// Finds the client's next kick.
    #[inline]
    pub(super) fn finds_kick(&mut self) {
        if self.cohort.special.is_some() {
            let address = self.cohort.address(self.number);
            self.next_kick = self.cohort.kick_moment(address, self.client.kicks);
        }
    }

    /// Somebody sets a cycle off: C1.3, C1.7.
    pub(super) fn is_kicked(&mut self, now: Second) {
        self.record.event(now, Turn::Kick, &self.client);
        let kicks = self.cohort.special.as_ref().map(|special| &special.kicks);
        let kick = kicks.and_then(|kicks| kicks.get(usize::from(self.client.kicks)));
        if let Some((kick, below)) = kick {
            let meant = self.is_one(Share::Kicked, kick.at, *below);
            if meant && self.client.runs_cycles() && ccim::kick_reaches(self.ccim_presence()) {
                self.client.due = now;
            }
        }
        self.client.kicks += 1;
        self.finds_kick();
    }

    /// How long nothing of this interferes with a quiet stretch that begins now; `None` if something does already.
    pub(super) fn quiet_until(&self, now: Second) -> Option<Second> {
        let Some(special) = &self.cohort.special else {
            return Some(Second::NEVER);
        };
        let position = usize::from(self.client.sites[0]);
        let Some(site) = special.sites.get(position) else {
            return Some(Second::NEVER); // the client belongs to no site
        };
        let zone_changed = self.zone_changed(now);
        let wrong = [&site.crc_mismatch, &site.offers_cut_off]
            .iter()
            .any(|spells| spell_at(spells, now).is_some());
        let just_wrong = spell_at(&site.crc_mismatch, self.client.last_read()).is_some();
        if zone_changed
            || wrong
            || just_wrong
            || self.verification_due(now, self.client.last_read())
        {
            return None;
        }
        let verifies = site.verification.map_or(Second::NEVER, |verification| {
            verification_after(verification, self.verification_phase(), now)
        });
        let moment = special.next_moment(now);
        Some(self.next_kick.min(verifies).min(moment))
    }

    /// Whether DisableClientUpgrade is set on the client: C2.16.
    fn is_frozen(&self, special: &Special, now: Second) -> bool {
        let mut now_frozen = special
            .frozen
            .iter()
            .filter(|(from, until, _)| (*from..*until).contains(&now));
        now_frozen.any(|(from, _, below)| self.is_one(Share::Frozen, *from, *below))
    }

    fn verification_phase(&self) -> u32 {
        let address = self.cohort.address(self.number);
        self.cohort
            .share_word(address, Share::VerificationPhase, Second::ZERO)
    }

    /// Whether a verification has fallen due since the client last read its principal site: C2.13.
    fn verification_due(&self, now: Second, last_read: Second) -> bool {
        let site = self.cohort.special.as_ref().and_then(|special| {
            let position = usize::from(self.client.sites[0]);
            special.sites.get(position)
        });
        let Some(verification) = site.and_then(|site| site.verification) else {
            return false;
        };
        let phase = match verification.same_day {
            true => 0,
            false => self.verification_phase(),
        };
        verification_before(verification, phase, now).is_some_and(|due| last_read < due)
    }

    /// Adds to a cycle's facts what concerns this client in particular.
    pub(super) fn adds_circumstances(
        &self,
        now: Second,
        last_read: Second,
        answers: Answers,
        facts: &mut CycleFacts,
    ) {
        if self.client.flags.has(Flags::MIXED) {
            facts.base.mixed = self.mixed_for_good();
        }
        let Some(special) = &self.cohort.special else {
            return;
        };
        facts.gate.upgrade_disabled = self.is_frozen(special, now);
        let any_site = |is_so: &dyn Fn(usize) -> bool| self.client.site_positions().any(is_so);
        let checksums_fit =
            !any_site(&|site| spell_at(&special.sites[site].crc_mismatch, now).is_some());
        facts.agents.crc_mismatch = ccim::crc_gate(self.cohort.win9x, checksums_fit);
        let cut_off = answers.is_sp2(&self.world.contents)
            && any_site(&|site| spell_at(&special.sites[site].offers_cut_off, now).is_some());
        facts.agents.offers = self.offers(cut_off);
        if self.verification_due(now, last_read) {
            facts.agents.verification = self.verification();
        }
    }

    /// What a verification asks of this client.
    fn verification(&self) -> Verification {
        let is_sp2 =
            self.client.is_installed() && self.world.contents[usize::from(self.client.base)].is_sp2;
        ccim::verification(is_sp2, self.cohort.rules.verify_full_copy)
    }

    /// What the sites offer of the agents that the client has: C2.6, C2.7.
    fn offers(&self, cut_off: bool) -> Offers {
        let agents = self.cohort.agents;
        let has_others = agents.others && self.client.agents != NO_CONTENT;
        let has_distribution =
            agents.software_distribution && self.client.distribution != NO_CONTENT;
        let withdrawn = has_others && !self.wanted.others
            || has_distribution && !self.wanted.software_distribution;
        if withdrawn {
            Offers::Withdrawn
        } else if cut_off && (has_others || has_distribution) {
            Offers::CutOff
        } else {
            Offers::Complete
        }
    }

    /// Whether a client that a logon point made mixed stays so although its site follows.
    fn mixed_for_good(&self) -> Mixed {
        let rules = self.cohort.rules;
        let is_sp2 =
            self.client.is_installed() && self.world.contents[usize::from(self.client.base)].is_sp2;
        let one = |share, probability| self.is_one(share, Second::ZERO, threshold(probability));
        if !is_sp2 && one(Share::Damaged, rules.mixed_damaged) {
            Mixed::Damaged
        } else if is_sp2
            && self.has_low_rights()
            && one(Share::StaysMixed, rules.low_rights_stay_mixed)
        {
            Mixed::LowRights
        } else {
            Mixed::Recovers
        }
    }

    /// The user of this Windows NT machine is no administrator.
    fn has_low_rights(&self) -> bool {
        !self.cohort.win9x && self.is_always_one(Share::LowRights, |special| special.low_rights)
    }

    /// SMS Client Deinstall is set on the machine: B15.
    pub(super) fn deinstall_flag(&self) -> bool {
        self.is_always_one(Share::DeinstallFlag, |special| special.deinstall_flag)
    }

    /// Clicore and others were put on the machine beforehand.
    pub(super) fn is_prestaged(&self) -> bool {
        self.is_always_one(Share::Prestaged, |special| special.prestaged)
    }

    /// The time zone of a Windows 9x machine has changed since its last logon: B20.
    #[inline]
    pub(super) fn zone_changed(&self, now: Second) -> bool {
        self.cohort.win9x && self.zones_by(now) != self.client.zones_seen
    }

    /// A logon has seen the present time zone.
    #[inline]
    pub(super) fn sees_zone(&mut self, now: Second) {
        if self.cohort.special.is_some() {
            self.client.zones_seen = self.zones_by(now);
        }
    }

    fn zones_by(&self, now: Second) -> u8 {
        self.cohort.special.as_ref().map_or(0, |special| {
            special.zone_changes.partition_point(|at| *at <= now) as u8
        })
    }

    /// Whether a logon that would join another site is left incomplete for want of rights: C2.15.
    pub(super) fn join_is_incomplete(&mut self, now: Second) -> bool {
        if self.cohort.special.is_none() {
            return false;
        }
        let reason = rights::join_by_logon(self.has_low_rights(), self.joining());
        if let Some(reason) = reason {
            self.record.decision(self.cohort.home, now, reason);
            self.client.flags.set(Flags::JOIN_TRIED, true);
        }
        reason.is_some()
    }

    fn joining(&self) -> Joining {
        let flags = self.client.flags;
        if flags.has(Flags::JOIN_PERMITTED) {
            Joining::Permitted
        } else if flags.has(Flags::JOIN_TRIED) {
            Joining::Tried
        } else {
            Joining::NotTried
        }
    }

    /// Notes what a cycle that reached a site changes for users without rights and for checksums.
    pub(super) fn notes_cycle(&mut self, now: Second, last_read: Second) {
        if rights::after_cycle(self.joining()) == Joining::Permitted {
            self.client.flags.set(Flags::JOIN_PERMITTED, true);
        }
        self.notes_checksums(now, last_read);
    }

    /// Keeps count of how long agents are kept from starting: from one reading of the site to the next.
    fn notes_checksums(&mut self, now: Second, last_read: Second) {
        let position = usize::from(self.client.sites[0]);
        let special = self.cohort.special.as_ref();
        let Some(site) = special.and_then(|special| special.sites.get(position)) else {
            return;
        };
        if self.cohort.win9x {
            return;
        }
        let read = Second(now.0 / HOUR_S * HOUR_S);
        let reason = Reason::CrcMismatch;
        if spell_at(&site.crc_mismatch, last_read).is_some() {
            let cured = spell_at(&site.crc_mismatch, read).is_none();
            self.record
                .trouble_ends(Trouble::AgentsBlocked, reason, last_read, read, cured);
        } else if spell_at(&site.crc_mismatch, read).is_some() {
            let who = (self.cohort.id, self.number);
            self.record
                .trouble_begins(Trouble::AgentsBlocked, reason, who);
        }
    }

    /// Closes that count when the run is over.
    pub(super) fn ends_checksums(&mut self, end: Second) {
        let position = usize::from(self.client.sites[0]);
        let special = self.cohort.special.as_ref();
        let site = special.and_then(|special| special.sites.get(position));
        let read = self.client.last_read();
        if !self.cohort.win9x
            && site.is_some_and(|site| spell_at(&site.crc_mismatch, read).is_some())
        {
            let (kind, reason) = (Trouble::AgentsBlocked, Reason::CrcMismatch);
            self.record.trouble_ends(kind, reason, read, end, false);
        }
    }

    /// Removes the agents that no site offers any more, or, from a cut-off list, all.
    pub(super) fn removes_agents(&mut self, now: Second, reason: Reason) {
        let all = reason == Reason::OffersIncomplete;
        if all || !self.wanted.others {
            self.client.agents = NO_CONTENT;
            self.client.flags.set(Flags::INVENTORY_STUCK, false);
        }
        if all || !self.wanted.software_distribution {
            self.client.distribution = NO_CONTENT;
            self.client.flags.set(Flags::SECOND_RESTART, false);
        }
        self.client.hindrance = reason;
        self.settle(now);
    }

    /// Begins to verify the agents, where that installs them again.
    pub(super) fn verifies(&mut self, now: Second, turn: Turn, answers: Answers) {
        if self.verification() == Verification::Everything && self.wanted.any() {
            self.begins(now, turn, answers, Job::Verify);
        }
    }

    /// Bytes of a job that installs agents by steps: of each agent that is older, its part.
    pub(super) fn stepped_bytes(
        &self,
        sizes: crate::sms::upgrade::StageSizes,
        newest: crate::plan::ContentId,
    ) -> u64 {
        let older = |wanted: bool, agent: u8| {
            let known = self.world.contents.get(usize::from(agent));
            let against = known.map_or(Difference::SignificantlyOlder, |it| {
                it.agents[newest.index()]
            });
            wanted && against.is_older()
        };
        let mut bytes = 0;
        if older(self.wanted.others, self.client.agents) {
            bytes += sizes.others;
        }
        if older(self.wanted.software_distribution, self.client.distribution) {
            bytes += sizes.software_distribution;
        }
        bytes
    }
}
