//! What a site server does to a machine from afar: pushing a client onto it, again and again, and what discovery makes
//! of it.
//!
//! A machine without a client has no maintenance cycle and no heartbeat. While a request to push is on, `due` is its next
//! attempt and `heartbeat` its end; without one `heartbeat` is never.

use super::client::{Job, Turn};
use super::{Rare, Walker};
use crate::engine::Second;
use crate::run::observer::Observer;
use crate::run::tally::Trouble;
use crate::run::world::{PushWorld, Told};
use crate::sms::push::{self, PushFacts, RetryFacts};
use crate::sms::{Reason, Release, discovery};

impl<'w, O: Observer> Walker<'w, '_, O> {
    /// The machine was switched on, or its user logged on: a request that is on goes on, and a discovery may bring one.
    pub(super) fn meets_push(&mut self, now: Second, turn: Turn, push: &'w PushWorld) {
        if self.client.is_installed() || self.client.is_at_work() {
            return;
        }
        if self.client.heartbeat.is_set() {
            self.attempts_meanwhile(now, push);
        }
        if !self.client.heartbeat.is_set() && self.has_network() {
            self.is_discovered(now, turn, push);
        }
        if self.client.heartbeat.is_set() {
            self.client.set_timer(self.client.due.max(now), Turn::Push);
        }
    }

    /// Attempts at a machine that was off, hour by hour, up to `now`.
    pub(super) fn attempts_meanwhile(&mut self, now: Second, push: &PushWorld) {
        while self.client.heartbeat.is_set() && self.client.due < now {
            let at = self.client.due;
            self.attempt_fails(at, push);
        }
    }

    /// A logon reaches the sites with logon discovery (Q232573); where none hears of logons, network discovery finds a
    /// machine once, and never again (Q253994).
    fn is_discovered(&mut self, now: Second, turn: Turn, push: &PushWorld) {
        let rules = self.cohort.rules;
        let believed = *push.believed.at(now);
        let hears = *push.hears_logons.at(now);
        let begins = if hears.0 != 0 {
            let told = push.sites.iter().enumerate().any(|(position, site)| {
                believed.has(position) && (hears.has(position) || site.below.0 & hears.0 != 0)
            });
            let logon = matches!(turn, Turn::Logon | Turn::Relogon) && self.script_runs(now);
            (told && logon).then(|| now + rules.push_begins_after)
        } else if believed.0 != 0 && !self.client.install_began.is_set() {
            self.client.install_began = now;
            let after = &self.cohort.network_discovery_after;
            Some(now + after.seconds(self.rare_word(Rare::Discovered)))
        } else {
            None
        };
        if let Some(begins) = begins {
            self.client.due = begins;
            self.client.heartbeat = begins + rules.push_given_up_after;
        }
    }

    fn script_runs(&mut self, now: Second) -> bool {
        let cohort = self.cohort;
        let domain = cohort.domain.as_ref();
        domain.is_some_and(|domain| self.runs_smsls(domain, now))
    }

    /// The client is gone: no request is on for the machine, and network discovery takes it for a client still (Q253994).
    /// One that no site claims any more loses its inventory in the night (Q281107).
    pub(super) fn forgets_client(&mut self, now: Second, reason: Reason) {
        self.client.heartbeat = Second::NEVER;
        self.client.install_began = self.client.install_began.min(now);
        if matches!(reason, Reason::OutOfBoundaries | Reason::RemovedBeforeMove) {
            let who = (self.cohort.id, self.number);
            self.record
                .trouble_begins(Trouble::InventoryPurged, Reason::DdmUnassigns, who);
        }
    }

    /// A request is taken up while the machine is on.
    pub(super) fn is_pushed(&mut self, now: Second) {
        let Some(push) = &self.cohort.push else {
            return;
        };
        let believed = *push.believed.at(now);
        let Some(position) = (0..push.sites.len()).find(|position| believed.has(*position)) else {
            self.client.heartbeat = Second::NEVER; // nobody wants it any more
            return;
        };
        let site = &push.sites[position];
        let covering = &self.cohort.covering[position];
        let held = covering.caps.first().map(|(_, held)| *held.at(now));
        let at_hand = self.has_network() && !self.on_dial_up();
        let (release, looks_first) = self.pushes_as(now, position, push);
        let reason = push::attempt(PushFacts {
            windows_nt: true,
            discards_requests: site.travel_mode.discards_requests(release),
            answers: at_hand && held.is_some_and(|held| held.reachable),
            client: None,
            looks_first,
            moved_away: !push.present.at(now).has(position),
        });
        let (Some(server), Some(held)) = (site.server, held) else {
            return;
        };
        match reason {
            Some(Reason::Pushed | Reason::PushedToOldSite) => {
                self.client.due = now + self.cohort.rules.push_retry;
                self.carries_out_push(now, position, reason);
                self.client.job = Job::Core;
                self.client.job_content = held.content.0;
                self.asks(now, Turn::Push, server, self.cohort.rules.push_client_size);
            }
            Some(Reason::PushDiscarded) => self.request_ends(now, Reason::PushDiscarded),
            _ => {
                self.attempt_fails(now, push);
                if self.client.heartbeat.is_set() {
                    self.client.set_timer(self.client.due, Turn::Push);
                }
            }
        }
    }

    fn carries_out_push(&mut self, now: Second, position: usize, reason: Option<Reason>) {
        let reason = reason.unwrap_or(Reason::Pushed);
        self.record.decision(self.cohort.home, now, reason);
        if reason == Reason::PushedToOldSite {
            let who = (self.cohort.id, self.number);
            self.record.trouble_begins(Trouble::WrongSite, reason, who);
        }
        self.unblocked(now);
        if self.client.join(position) {
            let last = self.client.site_positions().count() - 1;
            self.client.note_read(last, now);
        }
    }

    /// One attempt at a machine that does not answer; the request may end with it.
    fn attempt_fails(&mut self, at: Second, push: &PushWorld) {
        let rules = self.cohort.rules;
        self.record
            .decision(self.cohort.home, at, Reason::PushUnanswered);
        self.client.due = at + rules.push_retry;
        let believed = *push.believed.at(at);
        let Some(position) = (0..push.sites.len()).find(|position| believed.has(*position)) else {
            return;
        };
        let life_s = rules.push_given_up_after;
        let left_s = self.client.heartbeat.since(self.client.due);
        let (release, looks_first) = self.pushes_as(at, position, push);
        let reason = push::after_failure(RetryFacts {
            domain_name: push.domain_name,
            new_names: looks_first,
            release,
            age_s: life_s - left_s.min(life_s),
            life_s,
        });
        if reason != Reason::PushUnanswered {
            self.request_ends(at, reason);
        }
    }

    /// What a site that pushes runs, and whether it looks for later files first and gives requests new names.
    fn pushes_as(&self, at: Second, position: usize, push: &PushWorld) -> (Release, bool) {
        let content = *self.cohort.covering[position].content.at(at);
        let release = self.world.plan.contents[content.index()].base.release();
        let mut patched = push.sites[position].patched.iter();
        let looks_first =
            release.is_sp2_or_later() || patched.any(|(from, until)| (*from..*until).contains(&at));
        (release, looks_first)
    }

    fn request_ends(&mut self, at: Second, reason: Reason) {
        self.record.decision(self.cohort.home, at, reason);
        let who = (self.cohort.id, self.number);
        self.record.trouble_begins(Trouble::PushFailed, reason, who);
        self.client.hindrance = reason;
        self.client.heartbeat = Second::NEVER;
    }

    /// A discovery record of a client that is there: what Discovery Data Manager and the sites that push make of it.
    pub(super) fn is_reported(&mut self, now: Second) {
        self.is_assigned_by_ddm(now);
        if let Some(push) = &self.cohort.push {
            for position in 0..push.sites.len() {
                self.is_requested(now, position, push);
            }
        }
    }

    /// Discovery Data Manager looks at the subnets alone (Q281107).
    fn is_assigned_by_ddm(&mut self, now: Second) {
        let Some(coverage) = &self.cohort.coverage else {
            return;
        };
        let content = usize::from(self.client.base);
        let inside = coverage.by_subnet(now, self.place(), content, Told::ByCap);
        if let Some(reason) = discovery::assigns(inside.0 != 0) {
            self.record.decision(self.cohort.home, now, reason);
            let who = (self.cohort.id, self.number);
            self.record
                .trouble_begins(Trouble::InventoryPurged, reason, who);
        }
    }

    /// A site that believes the client to be within its boundaries, and does not have it among its clients.
    fn is_requested(&mut self, now: Second, position: usize, push: &PushWorld) {
        let site = &push.sites[position];
        let own = self.client.site_positions().any(|own| own == position);
        let hears = push.hears_logons.at(now).has(position)
            || self.client.site_positions().any(|own| site.below.has(own));
        if own || !hears || !push.believed.at(now).has(position) {
            return;
        }
        let content = *self.cohort.covering[position].content.at(now);
        let (release, looks_first) = self.pushes_as(now, position, push);
        let contents = &self.world.contents;
        let Some(reason) = push::attempt(PushFacts {
            windows_nt: true,
            discards_requests: site.travel_mode.discards_requests(release),
            answers: true,
            client: Some(contents[usize::from(self.client.base)].base[content.index()]),
            looks_first,
            moved_away: false,
        }) else {
            return;
        };
        self.record.decision(self.cohort.home, now, reason);
        let who = (self.cohort.id, self.number);
        match reason {
            Reason::PushFindsClient => self.record.trouble_begins(Trouble::SecondSite, reason, who),
            Reason::PushOntoNewer => self.wastes_attempts(now, position, push),
            _ => {}
        }
    }

    /// The attempts of an earlier site at a newer client, up to the last one: nothing the client does changes them.
    fn wastes_attempts(&mut self, now: Second, position: usize, push: &PushWorld) {
        let reason = Reason::PushOntoNewer;
        let who = (self.cohort.id, self.number);
        let emptied = push.sites[position].emptied.iter().find(|at| **at > now);
        let mut later = self.cohort.covering[position].content.iter();
        let upgraded = later.find(|(at, content)| {
            let release = self.world.plan.contents[content.index()].base.release();
            *at > now && release.is_sp2_or_later()
        });
        let life_s = self.cohort.rules.push_given_up_after;
        let until = now
            + push::wasted_s(
                life_s,
                emptied.map(|at| at.since(now)),
                upgraded.map(|(at, _)| at.since(now)),
            );
        self.record.trouble_begins(Trouble::WastedPush, reason, who);
        let over = until < self.world.grid.end;
        self.record
            .trouble_ends(Trouble::WastedPush, reason, now, until, over);
    }
}
