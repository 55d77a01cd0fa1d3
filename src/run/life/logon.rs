//! A logon: SMSLS, Slownet, Boot32wn, and the assignment that Clicore does.

use super::Walker;
use super::client::{Flags, Job, NO_CONTENT, Turn};
use super::purposes::{Purpose, trait_word};
use crate::engine::Second;
use crate::engine::draws::{happens, threshold};
use crate::run::history::CopylogLine;
use crate::run::observer::Observer;
use crate::run::tally::Trouble;
use crate::run::world::{DomainWorld, Offer, ServerId};
use crate::sms::boot32wn::{self, Bootstrap, CoveringSites, InstalledFacts, NewFacts, ScriptFacts};
use crate::sms::{Difference, Reason, assignment, upgrade};

impl<O: Observer> Walker<'_, '_, O> {
    /// A user logs on: the script runs, and on Windows 9x a cycle that was due can.
    #[inline]
    pub(super) fn logs_on(&mut self, now: Second, turn: Turn) {
        self.logon_lets_cycle_run(now);
        let idle = !self.client.is_at_work() && !self.client.timer.is_set();
        if idle && self.client.flags.has(Flags::AWAITS_RESTART) {
            self.plans_restart(now); // who left before restarting is asked again
        }
        if !self.has_network() || self.client.flags.has(Flags::BROKEN) {
            return;
        }
        let cohort = self.cohort;
        let Some(domain) = &cohort.domain else {
            return;
        };
        let point = self.picked_point(now, turn, domain);
        let before = self.before_boot32wn(now, domain, point.map(|(_, held)| held));
        let (None, Some((server, held))) = (before, point) else {
            if let Some(reason) = before {
                self.record.decision(cohort.home, now, reason);
                self.waits_for_copylog(now, domain, point, reason);
            }
            return;
        };
        if cohort.win9x && self.loses_the_race(now) {
            return;
        }
        self.record.read(server, now, 0);
        let reason = if self.client.is_installed() && self.client.is_assigned() {
            self.meets_installed(now, domain, held)
        } else {
            self.meets_new(now, domain, held)
        };
        self.record.decision(cohort.home, now, reason);
        self.carry_out(now, turn, server, held, reason);
        self.sees_zone(now);
    }

    /// A logon point of the domain, picked at random among those that answer.
    #[inline]
    fn picked_point(
        &mut self,
        now: Second,
        turn: Turn,
        domain: &DomainWorld,
    ) -> Option<(ServerId, Offer)> {
        let offer = self.alike(now).offer;
        let salt = u32::from(turn == Turn::Relogon);
        let picked = self.picked(Purpose::LogonPoint, domain.points.len(), salt);
        let (server, history) = &domain.points[picked];
        let held = offer.unwrap_or_else(|| *history.at(now));
        if held.reachable {
            return Some((*server, held));
        }
        // Whoever was picked is down: the next one that answers takes its place.
        let (before, after) = domain.points.split_at(picked);
        let others = after.iter().chain(before);
        let mut others = others.map(|(server, history)| (*server, *history.at(now)));
        others.find(|(_, held)| held.reachable)
    }

    /// On Windows 9x a cycle that was missed runs at the next logon (C1.5).
    #[inline]
    pub(super) fn logon_lets_cycle_run(&mut self, now: Second) {
        if self.cohort.win9x && self.client.due < now {
            self.client.due = now;
        }
    }

    /// Whether something ends the script before Boot32wn.
    #[inline]
    pub(super) fn before_boot32wn(
        &mut self,
        now: Second,
        domain: &DomainWorld,
        point: Option<Offer>,
    ) -> Option<Reason> {
        let cohort = self.cohort;
        let off_site = self.client.presence.off_site;
        if let Some(reason) = cohort.dial_up_policy.at_logon(self.on_dial_up()) {
            return Some(reason);
        }
        boot32wn::before_boot32wn(ScriptFacts {
            logon_point_answers: point.is_some(),
            runs_smsls: self.runs_smsls(domain, now),
            slow_link: if off_site {
                cohort.slow_off_site == Some(true)
            } else {
                cohort.slow_link
            },
            cycle_at_work: self.client.is_at_work(),
            copylog_broken: point.is_some_and(|held| held.line == CopylogLine::Unreadable),
        })
    }

    /// Boot32wn keeps the machine busy until Copylog.tcf is mended or it gives up (B12, Q264976).
    #[cold]
    fn waits_for_copylog(
        &mut self,
        now: Second,
        domain: &DomainWorld,
        point: Option<(ServerId, Offer)>,
        reason: Reason,
    ) {
        let Some((server, _)) = point.filter(|_| reason == Reason::CopylogBroken) else {
            return;
        };
        let history = domain.points.iter().find(|(other, _)| *other == server);
        let mended = history.and_then(|(_, history)| {
            let mut later = history.iter().skip_while(|(at, _)| *at <= now);
            later.find(|(_, held)| held.line != CopylogLine::Unreadable)
        });
        let mended_after_s = mended.map_or(u32::MAX, |(at, _)| at.since(now));
        let rules = self.cohort.rules;
        let busy_s =
            boot32wn::sluggish_s(rules.copylog_retry, rules.copylog_attempts, mended_after_s);
        let who = (self.cohort.id, self.number);
        self.record.trouble_begins(Trouble::Sluggish, reason, who);
        self.record
            .trouble_ends(Trouble::Sluggish, reason, now, now + busy_s, true);
    }

    /// Whether a ramp of the logon script has reached this user (Q237543).
    #[inline]
    pub(super) fn runs_smsls(&mut self, domain: &DomainWorld, now: Second) -> bool {
        let share = *domain.script.at(now);
        share >= threshold(1.0) || happens(self.trait_word(trait_word::SCRIPT), share)
    }

    #[inline]
    pub(super) fn meets_installed(&self, now: Second, domain: &DomainWorld, held: Offer) -> Reason {
        let contents = &self.world.contents;
        let difference = contents[usize::from(self.client.base)].base[held.content.index()];
        let much_older = difference == Difference::SignificantlyOlder;
        let bootstrap = contents[held.content.index()].bootstrap;
        boot32wn::installed_client(InstalledFacts {
            bootstrap,
            client: difference,
            version_known: held.version_known,
            own_site_upgraded: much_older && self.own_site_holds(now, held),
            site_folder_missing: held.sites != domain.all_sites && self.site_folder_missing(held),
            own_site_uses_logons: !much_older || self.own_site_uses_logons(now),
            orphaned: self.cohort.accounts_change && self.is_orphaned(now),
            zone_changed: self.cohort.special.is_some() && self.zone_changed(now),
        })
    }

    /// One of the client's sites runs the logon point's release or a later one.
    fn own_site_holds(&self, now: Second, held: Offer) -> bool {
        self.client.site_positions().any(|position| {
            let runs = *self.cohort.covering[position].content.at(now);
            self.world.contents[runs.index()].base[held.content.index()]
                != Difference::SignificantlyOlder
        })
    }

    fn own_site_uses_logons(&self, now: Second) -> bool {
        let mut positions = self.client.site_positions();
        positions.any(|position| *self.cohort.covering[position].uses_logons.at(now))
    }

    fn site_folder_missing(&self, held: Offer) -> bool {
        self.client.site_positions().any(|position| {
            let participation = &self.cohort.covering[position].participation;
            participation
                .as_ref()
                .is_some_and(|(position, _)| !held.sites.contains(*position))
        })
    }

    fn meets_new(&self, now: Second, domain: &DomainWorld, held: Offer) -> Reason {
        let mut blocked = None;
        let covering = self.covering_sites(now, held, &mut blocked);
        let reason = boot32wn::new_client(NewFacts {
            bootstrap: self.world.contents[held.content.index()].bootstrap,
            covering,
            version_known: held.version_known,
            discovery: *domain.discovery.at(now),
            core_present: self.client.is_installed(),
            deinstall_flag: self.deinstall_flag(),
        });
        match reason {
            Reason::InstallationOff => blocked.unwrap_or(reason),
            Reason::NewAssigned
            | Reason::NewToNewerSites
            | Reason::NewUnassigned
            | Reason::NewInstallFails => {
                assignment::credited_site_is_gone(held.credited_listed).unwrap_or(reason)
            }
            reason => reason,
        }
    }

    /// The sites on the logon point that could take a new machine; `blocked` tells why one of them does not.
    fn covering_sites(
        &self,
        now: Second,
        held: Offer,
        blocked: &mut Option<Reason>,
    ) -> CoveringSites {
        let (mut listed, mut earlier, mut current) = (false, false, false);
        let release = self.world.plan.contents[held.content.index()]
            .base
            .release();
        for position in 0..self.cohort.covering.len() {
            let covering = &self.cohort.covering[position];
            let Some((place, installs)) = &covering.participation else {
                continue;
            };
            let covers = self.covers(now, position, held.content.index());
            if !held.sites.contains(*place) || covers.is_none() {
                continue;
            }
            listed = true;
            let travel_mode = covering.travel_mode.blocks_new_clients(release);
            *blocked = blocked.or(travel_mode);
            if *installs.at(now) && travel_mode.is_none() {
                let is_earlier =
                    self.site_against(now, position, held) == Difference::SignificantlyOlder;
                earlier |= is_earlier;
                current |= !is_earlier;
            }
        }
        match (listed, earlier, current) {
            (false, ..) => CoveringSites::None,
            (true, false, false) => CoveringSites::NotInstalling,
            (true, true, false) => CoveringSites::OnlyEarlier,
            (true, true, true) => CoveringSites::EarlierAndCurrent,
            (true, false, true) => CoveringSites::OnlyCurrent,
        }
    }

    fn site_against(&self, now: Second, position: usize, held: Offer) -> Difference {
        let runs = *self.cohort.covering[position].content.at(now);
        self.world.contents[runs.index()].base[held.content.index()]
    }

    /// Carries out what Boot32wn decided.
    #[inline]
    fn carry_out(
        &mut self,
        now: Second,
        turn: Turn,
        server: ServerId,
        held: Offer,
        reason: Reason,
    ) {
        match reason {
            Reason::ClicoreCurrent | Reason::OrphanReseeded => {
                self.learns_accounts(now);
                self.joins_more_sites(now, held);
            }
            Reason::SitesOwnUpgrade | Reason::SiteNotUpgraded | Reason::LogonPointOlder => {}
            Reason::HotfixByLogon
            | Reason::ClicoreThenCycle
            | Reason::OrphanReseededThenCycle
            | Reason::VetoBypassedThenCycle => {
                self.learns_accounts(now);
                self.joins_more_sites(now, held);
                self.copies_clicore(now, turn, server, held, Job::Clicore);
            }
            Reason::ZoneChanged => {
                self.copies_clicore(now, turn, server, held, Job::Clicore);
            }
            Reason::ClicoreBeforeCap | Reason::VetoBypassed => {
                self.copies_clicore(now, turn, server, held, Job::ClicoreAhead);
            }
            Reason::NewAssigned | Reason::NewToNewerSites | Reason::NewUnassigned => {
                self.unblocked(now);
                self.joins_sites(now, held);
                self.copies(now, turn, server, held, Job::Core, self.core_bytes());
            }
            Reason::NewWaitsForSite
            | Reason::NewInstallFails
            | Reason::TravelModeBlocksNew
            | Reason::CreditedSiteGone => self.blocked(now, reason),
            Reason::InstallationOff | Reason::DeinstallFlag | Reason::OrphanBlocked => {
                self.client.hindrance = reason;
            }
            Reason::SiteFolderMissing => self.removes_missing_sites(now, held),
            _ => {}
        }
    }

    /// Bytes of a first installation.
    fn core_bytes(&self) -> u64 {
        let rules = self.cohort.rules;
        upgrade::core_bytes(rules.core_size, self.is_prestaged(), rules.prestage_saves)
    }

    fn copies_clicore(&mut self, now: Second, turn: Turn, server: ServerId, held: Offer, job: Job) {
        self.copies(now, turn, server, held, job, self.cohort.rules.clicore_size);
    }

    fn copies(
        &mut self,
        now: Second,
        turn: Turn,
        server: ServerId,
        held: Offer,
        job: Job,
        bytes: u64,
    ) {
        self.client.job_content = held.content.0;
        self.client.job = job;
        self.asks(now, turn, server, bytes);
    }

    /// Appends every other site on the logon point whose boundaries hold the machine (Q288218).
    #[inline]
    pub(super) fn joins_more_sites(&mut self, now: Second, held: Offer) {
        if self.cohort.covering.len() > 1 {
            self.joins_sites(now, held);
        }
    }

    fn joins_sites(&mut self, now: Second, held: Offer) {
        let bootstrap: Bootstrap = self.world.contents[held.content.index()].bootstrap;
        if self.declines_sites(now) {
            return;
        }
        let cohort = self.cohort;
        let release = self.world.plan.contents[held.content.index()]
            .base
            .release();
        let new = !self.client.is_installed();
        for position in 0..cohort.covering.len() {
            let covering = &cohort.covering[position];
            let Some((place, installs)) = &covering.participation else {
                continue;
            };
            let joins = *installs.at(now)
                && held.sites.contains(*place)
                && !(new && covering.travel_mode.blocks_new_clients(release).is_some())
                && assignment::joins(bootstrap, self.site_against(now, position, held));
            let covers = self.covers(now, position, held.content.index());
            let is_second =
                self.client.is_assigned() && !self.client.sites.contains(&(position as u8));
            if joins
                && is_second
                && self.client.is_installed()
                && (self.deinstall_flag() || self.join_is_incomplete(now))
            {
                continue;
            }
            if let (true, Some(covers)) = (joins, covers) {
                self.joins_site(now, position, covers);
            }
        }
    }

    /// The core components are on: the machine is a client now, and its first cycle runs at once.
    pub(super) fn core_installed(&mut self, now: Second) {
        let client = &mut self.client;
        client.base = client.job_content;
        client.agents = NO_CONTENT;
        client.distribution = NO_CONTENT;
        client.due = now;
        client.heartbeat = now;
    }

    fn blocked(&mut self, now: Second, reason: Reason) {
        self.client.hindrance = reason;
        if !self.client.flags.has(Flags::BLOCKED) {
            self.client.flags.set(Flags::BLOCKED, true);
            self.client.since = now;
            let who = (self.cohort.id, self.number);
            self.record.trouble_begins(Trouble::NewBlocked, reason, who);
        }
    }

    pub(super) fn unblocked(&mut self, now: Second) {
        if self.client.flags.has(Flags::BLOCKED) {
            self.client.flags.set(Flags::BLOCKED, false);
            let reason = self.client.hindrance;
            self.record
                .trouble_ends(Trouble::NewBlocked, reason, self.client.since, now, true);
        }
    }

    fn removes_missing_sites(&mut self, now: Second, held: Offer) {
        let cohort = self.cohort;
        let missing = |position: usize| {
            let participation = &cohort.covering[position].participation;
            participation
                .as_ref()
                .is_some_and(|(place, _)| !held.sites.contains(*place))
        };
        let gone = |walker: &Self| walker.client.site_positions().position(missing);
        while let Some(place) = gone(self) {
            self.removes_site(now, place, Reason::SiteFolderMissing);
        }
    }

    /// Removes a site from the client; with the last site goes the client itself (Q265358).
    pub(super) fn removes_site(&mut self, now: Second, place: usize, reason: Reason) {
        self.client.leave(place);
        let who = (self.cohort.id, self.number);
        self.record
            .trouble_begins(Trouble::SiteRemoved, reason, who);
        self.client.hindrance = reason;
        if !self.client.is_assigned() {
            for fact in [
                Flags::MIXED,
                Flags::BASE_RESTART,
                Flags::SECOND_RESTART,
                Flags::INVENTORY_STUCK,
            ] {
                self.client.flags.set(fact, false);
            }
            let removed = self.cohort.win9x && self.client.is_installed();
            self.client.flags.set(Flags::REMOVED_SINCE_RESTART, removed);
            self.settle(now); // while the versions still tell what it was
            self.client.base = NO_CONTENT;
            self.client.agents = NO_CONTENT;
            self.client.distribution = NO_CONTENT;
            self.client.reported = NO_CONTENT;
            self.forgets_client(now, reason);
        }
        self.settle(now);
    }
}
