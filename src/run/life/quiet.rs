//! Quiet stretches: most of a client's life.
//!
//! While a client has nothing under way and its servers hold what they held, every cycle and every logon ends like the
//! last one. So the rules are asked once, and the stretch is only counted. Nothing is decided here: a stretch that
//! would be anything but uneventful is left to [`Walker::step`], event by event.

use super::client::{Flags, Turn};
use super::cycle::Answers;
use super::purposes::Purpose;
use super::{Walker, in_order};
use crate::engine::{History, Second};
use crate::plan::ContentId;
use crate::run::history::CapState;
use crate::run::observer::Observer;
use crate::run::world::{Offer, Place, ServerId, Told};
use crate::sms::{Reason, ccim};

/// How every cycle and every logon ends, and until when.
#[derive(Clone, Copy)]
struct Stretch<'w> {
    until: Second,
    cycle: Reason,
    /// `None`: the client logs on to no domain.
    logon: Option<Reason>,
    /// The Client Access Points that a cycle picks from.
    caps: &'w [(ServerId, &'w History<CapState>)],
    /// The logon points that a logon picks from; none if the script ends before it asks one.
    points: &'w [(ServerId, History<Offer>)],
    /// What the Client Access Points hold.
    content: ContentId,
}

impl<'w, O: Observer> Walker<'w, '_, O> {
    /// Lives through the quiet stretch that begins now, if one does.
    #[inline]
    pub(super) fn lives_quietly(&mut self) {
        let client = &self.client;
        if client.is_at_work()
            || client.timer.is_set()
            || client.flags.has(Flags::NOT_QUIET)
            || !client.runs_cycles()
        {
            return;
        }
        if let Some(stretch) = self.stretch() {
            self.passes(stretch);
        }
    }

    /// Asks the rules how a cycle and a logon would end now; `None` unless both would change nothing.
    fn stretch(&mut self) -> Option<Stretch<'w>> {
        let (now, _) = self.next_event();
        let until = self.quiet_until(now)?;
        self.looks_at_offers(now);
        let alike = self.alike(now);
        let cap = alike.cap.filter(|cap| cap.reachable && !cap.locked)?;
        let cohort = self.cohort;
        let [site] = cohort.covering.as_slice() else {
            return None;
        };
        if self.client.presence.off_site || site.to_learn.is_some() {
            return None;
        }
        let until = until.min(self.nothing_dated_until(now)?);
        let logon = match &cohort.domain {
            None => None,
            Some(domain) => Some(self.quiet_logon(now, domain, alike.offer?)?),
        };
        let answers = Answers::alone(cap.content, ServerId(0));
        let cycle = ccim::cycle(self.cycle_facts(now, self.client.last_read(), false, answers));
        (cycle == Reason::NothingNew).then_some(Stretch {
            until: until.min(self.alike_until).min(self.world.grid.end),
            cycle,
            logon,
            caps: &site.caps,
            points: match (&cohort.domain, logon) {
                (None, _)
                | (
                    _,
                    Some(
                        Reason::ScriptOff
                        | Reason::SlowLink
                        | Reason::NoLogonPoint
                        | Reason::DialUpScriptOff,
                    ),
                ) => &[],
                (Some(domain), _) => &domain.points,
            },
            content: cap.content,
        })
    }

    /// Until when boundaries, travel mode and accounts leave the client alone; `None` if they do not now.
    #[inline]
    fn nothing_dated_until(&self, now: Second) -> Option<Second> {
        let cohort = self.cohort;
        if cohort.coverage.is_none() && !cohort.accounts_change {
            return Some(Second::NEVER);
        }
        let mut until = Second::NEVER;
        if let Some(coverage) = &cohort.coverage {
            let content = usize::from(self.client.base);
            let inside = |told| coverage.inside(now, Place::Office, content, told).has(0);
            let at_home = inside(Told::ByCap) && inside(Told::ByLogonPoint);
            if !at_home || self.is_first_cycle_without_travel_mode(now, coverage) {
                return None;
            }
            until = coverage.next_change(now, content);
        }
        if let Some(at) = cohort
            .plan
            .circumstances
            .new_identity
            .filter(|at| *at > now)
        {
            until = until.min(at);
        }
        for change in cohort.covering[0].accounts {
            for moment in [change.old_until, change.locked_until] {
                if moment > now {
                    until = until.min(moment);
                }
            }
        }
        self.account_refused(now, 0).is_none().then_some(until)
    }

    /// How a logon would end, if it would change nothing.
    fn quiet_logon(
        &mut self,
        now: Second,
        domain: &crate::run::world::DomainWorld,
        offer: Offer,
    ) -> Option<Reason> {
        let reason =
            match self.before_boot32wn(now, domain, Some(offer).filter(|offer| offer.reachable)) {
                Some(reason) => reason,
                None => self.meets_installed(now, domain, offer),
            };
        let changes_nothing = matches!(
            reason,
            Reason::ClicoreCurrent
                | Reason::SitesOwnUpgrade
                | Reason::SiteNotUpgraded
                | Reason::LogonPointOlder
                | Reason::ScriptOff
                | Reason::SlowLink
                | Reason::NoLogonPoint
                | Reason::DialUpScriptOff
        );
        changes_nothing.then_some(reason)
    }

    fn passes(&mut self, stretch: Stretch<'_>) {
        loop {
            let (now, turn) = (self.client.presence.at, self.client.presence.turn);
            if self.can_run_cycle() {
                let end = in_order((now, turn)).min(in_order((stretch.until, Turn::ServerDown)));
                self.passes_cycles(end, stretch);
            }
            if now >= stretch.until || (turn == Turn::PowerOn && self.client.presence.off_site) {
                return;
            }
            match turn {
                Turn::Logon | Turn::Relogon => self.passes_logon(now, turn, stretch),
                _ => self.passes_presence(now, turn),
            }
        }
    }

    /// The cycles that fall due before `end`, a place in the order of events.
    #[inline]
    fn passes_cycles(&mut self, end: u64, stretch: Stretch<'_>) {
        let turn = if self.cohort.win9x {
            Turn::UserCycle
        } else {
            Turn::Cycle
        };
        loop {
            let now = self.client.due;
            if in_order((now, turn)) >= end {
                return;
            }
            self.passes_cycle(now, turn, stretch);
        }
    }

    /// The machine is switched on or off, or its user logs off: there is nothing to finish or to cut short.
    #[inline]
    fn passes_presence(&mut self, now: Second, turn: Turn) {
        if turn != Turn::DayBegins {
            self.record.event(now, turn, &self.client);
        }
        let presence = &mut self.client.presence;
        match turn {
            Turn::PowerOn => {
                self.attendance.powers_on(presence);
                self.service_starts(now);
            }
            Turn::PowerOff => self.attendance.powers_off(presence),
            Turn::Logoff => self.attendance.logs_off(presence),
            _ => self.attendance.begin_day(presence),
        }
    }

    #[inline]
    fn passes_cycle(&mut self, now: Second, turn: Turn, stretch: Stretch<'_>) {
        self.record.event(now, turn, &self.client);
        let rules = self.cohort.rules;
        self.client.due = ccim::next_due(now, true, rules.ccim_cycle, rules.ccim_retry);
        self.client.note_read(0, now);
        if self.world.contents[stretch.content.index()].at_target {
            self.client.flags.set(Flags::SEEN_TARGET, true);
        }
        let (server, _) = stretch.caps[self.picked_cap(now, 0, stretch.caps.len())];
        let home = self.cohort.home;
        self.record
            .visit(home, now, stretch.cycle, Some(server), rules.ccim_size);
        self.reports(now, Answers::alone(stretch.content, server));
    }

    #[inline]
    fn passes_logon(&mut self, now: Second, turn: Turn, stretch: Stretch<'_>) {
        self.record.event(now, turn, &self.client);
        match turn {
            Turn::Logon => self.attendance.logs_on(&mut self.client.presence),
            _ => self.attendance.advance(&mut self.client.presence),
        }
        self.logon_lets_cycle_run(now);
        let Some(reason) = stretch.logon else {
            return;
        };
        let salt = u32::from(turn == Turn::Relogon);
        let picked = self.picked(Purpose::LogonPoint, stretch.points.len(), salt);
        let server = stretch.points.get(picked).map(|(server, _)| *server);
        self.record.visit(self.cohort.home, now, reason, server, 0);
    }
}
