//! A maintenance cycle: CCIM reads the Client Access Points of the client's sites and acts on what it finds.

use super::Walker;
use super::client::{Flags, Job, NO_CONTENT, Turn};
use super::purposes::trait_word;
use crate::engine::Second;
use crate::plan::ContentId;
use crate::run::observer::Observer;
use crate::run::world::{CapList, ContentFacts, CoveringSite, ServerId};
use crate::sms::ccim::{
    self, AgentFacts, BaseFacts, CycleFacts, GateFacts, Mixed, Offers, Verification,
};
use crate::sms::upgrade::stage_sizes;
use crate::sms::{Difference, Reason, assignment, heartbeat};

/// What the Client Access Points of a client's sites answered.
#[derive(Clone, Copy, Default)]
pub(super) struct Answers {
    /// The newest content, and the server that holds it.
    newest: Option<(ContentId, ServerId)>,
    /// One of them answered.
    reached: bool,
    /// One of those that answered was being refreshed.
    locked: bool,
    /// The first of the client's sites answered.
    first: bool,
    /// Why the connection account opened none, where that was it.
    refused: Option<Reason>,
}

impl Answers {
    /// One of them answered.
    pub(super) fn reached(&self) -> bool {
        self.reached
    }
}

impl Answers {
    /// One Client Access Point that holds `content` and is not being refreshed.
    #[inline]
    pub(super) fn alone(content: ContentId, server: ServerId) -> Self {
        Answers {
            newest: Some((content, server)),
            reached: true,
            locked: false,
            first: true,
            refused: None,
        }
    }

    /// Whether the newest is at SP2 or later.
    pub(super) fn is_sp2(self, contents: &[ContentFacts]) -> bool {
        self.newest
            .is_some_and(|(newest, _)| contents[newest.index()].is_sp2)
    }
}

impl<O: Observer> Walker<'_, '_, O> {
    #[inline]
    pub(super) fn cycle(&mut self, now: Second, turn: Turn) {
        self.record.event(now, turn, &self.client);
        let rules = self.cohort.rules;
        let at_work = self.client.is_at_work();
        let last_read = self.client.last_read();
        let answers = if at_work {
            Answers::default()
        } else {
            self.reads_sites(now)
        };
        let reason = ccim::cycle(self.cycle_facts(now, last_read, at_work, answers));
        let reason = match reason {
            Reason::CapUnreachable => answers.refused.unwrap_or(reason),
            reason => self.held_on_dial_up(reason),
        };
        let reached = at_work || answers.reached;
        self.client.due = ccim::next_due(now, reached, rules.ccim_cycle, rules.ccim_retry);
        self.record.decision(self.cohort.home, now, reason);
        if answers.reached {
            self.reports(now, answers);
            if self.cohort.special.is_some() {
                self.notes_cycle(now, last_read);
            }
        }
        self.acts_on(now, turn, answers, reason);
    }

    /// Reads the configuration of every site it can reach, and removes those it no longer belongs to.
    #[inline]
    fn reads_sites(&mut self, now: Second) -> Answers {
        let cohort = self.cohort;
        if let Some(coverage) = cohort.coverage.as_ref().filter(|_| self.has_network()) {
            self.joins_visited_sites(now, coverage);
        }
        let answers = self.asks_caps(now, true);
        let several = self.client.site_positions().nth(1).is_some();
        if several && cohort.agents.software_distribution {
            let sites = self.client.site_positions().count();
            let silent = assignment::first_site_silent(sites, answers.first, answers.reached);
            if let Some(reason) = silent {
                self.record.decision(cohort.home, now, reason);
            }
        }
        if cohort.coverage.is_some() || !answers.reached || several {
            self.reviews_sites(now);
        }
        answers
    }

    /// Asks one Client Access Point of each site (Q205406: at random).
    #[inline]
    pub(super) fn asks_caps(&mut self, now: Second, counts: bool) -> Answers {
        let mut answers = Answers::default();
        if !self.has_network() {
            return answers;
        }
        let cohort = self.cohort;
        let alike = self.alike(now);
        for place in 0..self.client.sites.len() {
            let Some(site) = cohort.covering.get(usize::from(self.client.sites[place])) else {
                break;
            };
            let pick = match &site.to_learn {
                None => Some(self.picked_cap(now, place, site.caps.len())),
                Some(list) => self.known_cap(now, place, site, list),
            };
            let Some((server, history)) = pick.and_then(|pick| site.caps.get(pick)) else {
                continue;
            };
            let state = alike.cap.unwrap_or_else(|| *history.at(now));
            if !state.reachable {
                continue;
            }
            if cohort.accounts_change
                && let Some(reason) = self.account_refused(now, place)
            {
                answers.refused = Some(reason);
                continue;
            }
            answers.reached = true;
            answers.first |= place == 0;
            answers.locked |= state.locked;
            if counts {
                self.client.note_read(place, now);
                self.record.read(*server, now, cohort.rules.ccim_size);
            }
            let newer = answers.newest.is_none_or(|(newest, _)| {
                self.world.contents[newest.index()].base[state.content.index()].is_older()
            });
            if newer {
                answers.newest = Some((state.content, *server));
            }
        }
        answers
    }

    /// A Client Access Point that the client knows of: the preferred one (Q235873), or any that was listed when it last
    /// read the site's configuration (Q260824).
    fn known_cap(
        &self,
        now: Second,
        place: usize,
        site: &CoveringSite<'_>,
        list: &CapList,
    ) -> Option<usize> {
        let read = self.client.site_read(place);
        if let Some(preferred) = list.preferred {
            let others_are_off = now >= preferred.only_from;
            if read >= preferred.from {
                let (_, history) = &site.caps[preferred.position];
                if others_are_off || history.at(now).reachable {
                    return Some(preferred.position);
                }
            } else if others_are_off {
                return None;
            }
        }
        let is_known = |(position, (from, until)): (usize, &(Second, Second))| {
            (*from <= read && read < *until).then_some(position)
        };
        let known = || list.listed.iter().enumerate().filter_map(is_known);
        let picked = self.picked_cap(now, place, known().count());
        known().nth(picked)
    }

    /// Removes sites outside whose boundaries the machine lies, and sites that could not be read for 60 days.
    fn reviews_sites(&mut self, now: Second) {
        let limit_s = self.cohort.rules.site_lost_after;
        let mut place = 0;
        while place < self.client.site_positions().count() {
            let unread_s = self.client.unread_s(place, now);
            let membership = self.membership(now, usize::from(self.client.sites[place]));
            let outside = assignment::outside_boundaries(membership).filter(|_| unread_s < 3_600);
            if let Some(reason) = outside {
                self.record.decision(self.cohort.home, now, reason);
            }
            if outside == Some(Reason::OutOfBoundaries) {
                self.removes_site(now, place, Reason::OutOfBoundaries);
            } else if ccim::site_is_lost(unread_s, limit_s) {
                self.record
                    .decision(self.cohort.home, now, Reason::SiteLost);
                self.removes_site(now, place, Reason::SiteLost);
            } else {
                place += 1;
            }
        }
    }

    #[inline]
    pub(super) fn cycle_facts(
        &self,
        now: Second,
        last_read: Second,
        at_work: bool,
        answers: Answers,
    ) -> CycleFacts {
        let client = &self.client;
        let (base, agents) = match answers.newest {
            Some((newest, _)) if client.is_installed() => (
                self.world.contents[usize::from(client.base)].base[newest.index()],
                self.agents_against(newest),
            ),
            _ => (Difference::Same, Difference::Same),
        };
        let mut facts = CycleFacts {
            gate: GateFacts {
                at_work,
                reached: answers.reached,
                upgrade_disabled: false,
                base_restart: client.flags.has(Flags::BASE_RESTART),
                locked: answers.locked,
            },
            base: BaseFacts {
                base,
                is_sp2: client.is_installed()
                    && self.world.contents[usize::from(client.base)].is_sp2,
                mixed: Mixed::Recovers,
            },
            agents: AgentFacts {
                crc_mismatch: false,
                offers: Offers::Complete,
                agents,
                second_restart: client.flags.has(Flags::SECOND_RESTART),
                verification: Verification::NotDue,
            },
        };
        if client.flags.has(Flags::MIXED) || self.cohort.special.is_some() {
            self.adds_circumstances(now, last_read, answers, &mut facts);
        }
        facts
    }

    /// The older of the client's agents against what a Client Access Point holds.
    #[inline]
    pub(super) fn agents_against(&self, newest: ContentId) -> Difference {
        let against =
            |wanted: bool, agent: u8| match (wanted, self.world.contents.get(usize::from(agent))) {
                (false, _) => Difference::Same,
                (true, None) => Difference::SignificantlyOlder, // never installed
                (true, Some(content)) => content.agents[newest.index()],
            };
        let others = against(self.wanted.others, self.client.agents);
        let distribution = against(self.wanted.software_distribution, self.client.distribution);
        if others.is_older() {
            others
        } else {
            distribution
        }
    }

    /// Sends a discovery record when it is due (Q257799) or the base has changed (Q256125).
    #[inline]
    pub(super) fn reports(&mut self, now: Second, answers: Answers) {
        let early = self.client.flags.has(Flags::REPORT_EARLY);
        if now >= self.client.heartbeat || early {
            self.sends_record(now, answers);
        }
    }

    fn sends_record(&mut self, now: Second, answers: Answers) {
        self.client.flags.set(Flags::REPORT_EARLY, false);
        self.client.heartbeat = now + self.cohort.rules.heartbeat_interval;
        self.client.reported = self.client.base;
        if let Some((_, server)) = answers.newest {
            self.record
                .read_bytes(server, now, self.cohort.rules.heartbeat_size);
        }
        self.settle(now);
        if self.cohort.coverage.is_some() || self.cohort.push.is_some() {
            self.is_reported(now);
        }
    }

    #[inline]
    fn acts_on(&mut self, now: Second, turn: Turn, answers: Answers, reason: Reason) {
        if let Some((newest, _)) = answers.newest
            && self.world.contents[newest.index()].at_target
        {
            self.client.flags.set(Flags::SEEN_TARGET, true);
        }
        match reason {
            Reason::NothingNew if !self.client.flags.has(Flags::MIXED) => {}
            Reason::CycleRunning => {}
            Reason::AgentsDisabled | Reason::OffersIncomplete => self.removes_agents(now, reason),
            Reason::VerifyReinstalls => self.verifies(now, turn, answers),
            Reason::CrcMismatch => {
                self.client.hindrance = reason;
                self.verifies(now, turn, answers);
            }
            Reason::BaseOlder => self.begins(now, turn, answers, Job::Base),
            Reason::AgentsOlder => {
                self.client.flags.set(Flags::MIXED, false);
                self.begins_agents(now, turn, answers);
            }
            Reason::NewerThanCap | Reason::AgentsOutOfSync => {
                self.client.hindrance = reason;
                if !self.a_cap_holds_its_base(now) {
                    self.client.flags.set(Flags::MIXED, true);
                }
                self.settle(now);
            }
            Reason::NothingNew | Reason::VerifyUnchanged => {
                self.client.flags.set(Flags::MIXED, false);
                self.settle(now);
            }
            _ if !self.client.is_assigned() => {} // what took its last site stands
            _ => self.client.hindrance = reason,
        }
    }

    /// Whether any Client Access Point of its sites holds the client's base or a newer one, although the cycle may have
    /// read others: of several one is picked, and one may be down.
    fn a_cap_holds_its_base(&self, now: Second) -> bool {
        let base = &self.world.contents[usize::from(self.client.base)].base;
        self.client.site_positions().any(|position| {
            let mut caps = self.cohort.covering[position].caps.iter();
            caps.any(|(_, held)| {
                base[held.at(now).content.index()] != Difference::SignificantlyNewer
            })
        })
    }

    /// Begins with the agents that can be upgraded now; on Windows 9x software distribution goes first (Q264969).
    pub(super) fn begins_agents(&mut self, now: Second, turn: Turn, answers: Answers) {
        let Some((newest, _)) = answers.newest else {
            return;
        };
        let distribution_older = self.wanted.software_distribution
            && (self.client.distribution == NO_CONTENT
                || self.world.contents[usize::from(self.client.distribution)].agents
                    [newest.index()]
                .is_older());
        let job = if self.cohort.win9x && distribution_older {
            Job::Distribution
        } else {
            Job::Agents
        };
        self.begins(now, turn, answers, job);
    }

    pub(super) fn begins(&mut self, now: Second, turn: Turn, answers: Answers, job: Job) {
        let Some((newest, server)) = answers.newest else {
            return;
        };
        let bytes = self.job_bytes(job, newest);
        self.client.job = job;
        self.client.job_content = newest.0;
        self.asks(now, turn, server, bytes);
    }

    /// APM's turn: what CCIM left to it (Q235161).
    pub(super) fn agents_begin(&mut self, now: Second, turn: Turn) {
        let answers = self.asks_caps(now, false);
        if let Some((newest, _)) = answers.newest
            && !answers.locked
            && self.agents_against(newest).is_older()
            && self.held_on_dial_up(Reason::AgentsOlder) == Reason::AgentsOlder
        {
            self.begins_agents(now, turn, answers);
        }
    }

    /// Bytes a job copies: a stage of the service pack, or a hotfix's Clicore.
    fn job_bytes(&mut self, job: Job, newest: ContentId) -> u64 {
        let client = &self.client;
        let special = self.cohort.special.as_ref();
        let stepped = special.is_some_and(|special| special.has_agent_steps);
        let by_hotfix = match job {
            Job::Verify => false,
            Job::Base => {
                self.world.contents[usize::from(client.base)].base[newest.index()]
                    == Difference::OlderByHotfix
            }
            _ => self.agents_against(newest) == Difference::OlderByHotfix,
        };
        if by_hotfix {
            return self.cohort.rules.clicore_size;
        }
        let word = self.trait_word(trait_word::UPGRADE_SIZE);
        let total = self.cohort.upgrade_size.value(word);
        if job == Job::Verify {
            return total.unsigned_abs().min(self.cohort.rules.verify_size);
        }
        let sizes = stage_sizes(total.unsigned_abs(), self.cohort.agents, self.cohort.rules);
        match job {
            Job::Base => sizes.base,
            Job::Distribution => sizes.software_distribution,
            Job::Agents if stepped => self.stepped_bytes(sizes, newest),
            _ if self.cohort.win9x => sizes.others,
            _ => sizes.software_distribution + sizes.others,
        }
    }
}

/// Whether the next cycle reports a base that replaces the one with these facts.
pub(super) fn reports_early(before_is_known_release: Option<crate::sms::Release>) -> bool {
    before_is_known_release.is_some_and(heartbeat::reports_change_from)
}
