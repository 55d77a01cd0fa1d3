//! Where the machine is, and which sites cover it there.

use super::presence::Attendance;
use super::purposes::{Purpose, trait_word};
use super::{Rare, Walker};
use crate::engine::Second;
use crate::engine::draws::happens;
use crate::run::observer::Observer;
use crate::run::tally::Trouble;
use crate::run::world::{Coverage, Place, SiteBits, Told};
use crate::sms::accounts::{self, AccountFacts};
use crate::sms::assignment::{self, Covers, Membership, MoveFacts};
use crate::sms::{Reason, ccim};

impl<O: Observer> Walker<'_, '_, O> {
    /// Whether the link in use is dial-up.
    #[inline]
    pub(super) fn on_dial_up(&self) -> bool {
        if self.client.presence.off_site {
            self.cohort.plan.network.visits.is_empty()
        } else {
            self.cohort.dial_up
        }
    }

    /// Where the machine is.
    pub(super) fn place(&self) -> Place {
        if !self.client.presence.off_site {
            return Place::Office;
        }
        place_off_site(&self.attendance)
    }

    /// How the machine stands to the site at `position`, one of its own.
    pub(super) fn membership(&mut self, now: Second, position: usize) -> Membership {
        let Some(coverage) = &self.cohort.coverage else {
            return Membership {
                inside: true,
                forced: false,
                travel_mode: false,
            };
        };
        let content = usize::from(self.client.base);
        let inside = coverage.inside(now, self.place(), content, Told::ByCap);
        Membership {
            inside: inside.has(position),
            forced: coverage.forced.has(position),
            travel_mode: coverage.travel_mode.has(position) || self.travels(now, coverage),
        }
    }

    /// Whether the client is on a visit in travel mode: its user is asked before it joins a site, and declines (Q199114).
    pub(super) fn declines_sites(&mut self, now: Second) -> bool {
        let cohort = self.cohort;
        let Some(coverage) = &cohort.coverage else {
            return false;
        };
        self.client.is_installed() && self.client.presence.off_site && self.travels(now, coverage)
    }

    /// Whether the client itself is in travel mode.
    fn travels(&mut self, now: Second, coverage: &Coverage) -> bool {
        now < coverage.travel_mode_until && self.has_travel_mode()
    }

    fn has_travel_mode(&mut self) -> bool {
        let share = self.cohort.travel_mode;
        share > 0 && happens(self.trait_word(trait_word::TRAVEL), share)
    }

    /// Why the site at `position` counts as one that covers the machine, to a logon point of base `content`.
    pub(super) fn covers(&self, now: Second, position: usize, content: usize) -> Option<Covers> {
        let Some(coverage) = &self.cohort.coverage else {
            return Some(Covers::ItsSubnet);
        };
        let place = self.place();
        let by_subnet = coverage.by_subnet(now, place, content, Told::ByLogonPoint);
        let inside = coverage.inside(now, place, content, Told::ByLogonPoint);
        if by_subnet.has(position) || coverage.forced.has(position) {
            Some(Covers::ItsSubnet)
        } else {
            inside.has(position).then_some(Covers::InactiveAdapter)
        }
    }

    /// Adds a site at the end of the client's list, and records what was wrong about that.
    pub(super) fn joins_site(&mut self, now: Second, position: usize, covers: Covers) {
        if !self.client.join(position) {
            return;
        }
        let last = self.client.site_positions().count() - 1;
        self.client.note_read(last, now);
        if let Some(reason) = assignment::joined_wrongly(covers) {
            self.record.decision(self.cohort.home, now, reason);
            let who = (self.cohort.id, self.number);
            self.record.trouble_begins(Trouble::WrongSite, reason, who);
        }
    }

    /// The first cycle after travel mode was switched off: the client joins the sites it visited meanwhile (Q276531).
    pub(super) fn joins_visited_sites(&mut self, now: Second, coverage: &Coverage) {
        if !self.is_first_cycle_without_travel_mode(now, coverage) || !self.has_travel_mode() {
            return;
        }
        let visited = self.visited_before(coverage.travel_mode_until, coverage);
        for position in 0..self.cohort.covering.len() {
            if visited.has(position) {
                self.joins_site(now, position, Covers::Visited);
            }
        }
    }

    /// Whether the next cycle is the first since travel mode was switched off.
    pub(super) fn is_first_cycle_without_travel_mode(
        &self,
        now: Second,
        coverage: &Coverage,
    ) -> bool {
        let until = coverage.travel_mode_until;
        now >= until && self.client.site_read(0) < until
    }

    /// The sites of the offices where the machine was before `until`; its draws are read once more.
    fn visited_before(&self, until: Second, coverage: &Coverage) -> SiteBits {
        let cohort = self.cohort;
        let (mut attendance, traits) = Attendance::new(cohort, cohort.address(self.number));
        let mut presence = attendance.first(&traits);
        let mut visited = SiteBits::default();
        while presence.at < until {
            attendance.advance(&mut presence);
            if presence.off_site
                && let Place::Visit(office) = place_off_site(&attendance)
            {
                visited = visited.and(coverage.visited[office]);
            }
        }
        visited
    }

    /// A logon on Windows 9x, where a missed cycle begins with it: the cycle may remove the client before the script can
    /// add the site it has moved to (Q288218). True if it does.
    pub(super) fn loses_the_race(&mut self, now: Second) -> bool {
        if self.cohort.coverage.is_none() || !self.client.runs_cycles() {
            return false;
        }
        let mut keeps_a_site = false;
        for place in 0..self.client.site_positions().count() {
            let position = usize::from(self.client.sites[place]);
            let membership = self.membership(now, position);
            keeps_a_site |=
                assignment::outside_boundaries(membership) != Some(Reason::OutOfBoundaries);
        }
        let word = self.rare_word(Rare::MoveRace);
        let facts = MoveFacts {
            win9x: self.cohort.win9x,
            cycle_due: self.client.due <= now && self.asks_caps(now, false).reached(),
            keeps_a_site,
            cycle_first: happens(word, self.cohort.site_move_race),
        };
        let Some(reason) = assignment::removed_before_move(facts) else {
            return false;
        };
        self.record.decision(self.cohort.home, now, reason);
        while self.client.is_assigned() {
            self.removes_site(now, 0, reason);
        }
        true
    }

    /// Why the connection account does not open the Client Access Points of the site at place `place`; `None`: it does.
    pub(super) fn account_refused(&self, now: Second, place: usize) -> Option<Reason> {
        let position = usize::from(self.client.sites[place]);
        let changes = self.cohort.covering[position].accounts;
        let read = self.client.site_read(place);
        let renewed = self.cohort.plan.circumstances.new_identity;
        if let Some(at) = renewed
            && let Some(reason) = accounts::identity_refused(at <= now, read >= at)
        {
            return Some(reason);
        }
        let refused = |change: &crate::plan::AccountChange| {
            accounts::refused(AccountFacts {
                windows_nt: !self.cohort.win9x,
                old_is_gone: change.old_until <= now,
                has_new: !ccim::is_orphaned(self.cohort.win9x, read, change.at),
                locked_out: (change.old_until..change.locked_until).contains(&now),
            })
        };
        changes.iter().filter_map(refused).min()
    }

    /// Whether the client is cut off from all of its sites: it knows no account that works, or its identity is unknown.
    pub(super) fn is_orphaned(&self, now: Second) -> bool {
        let stale = |place| {
            self.account_refused(now, place)
                .is_some_and(accounts::needs_logon)
        };
        (0..self.client.site_positions().count()).all(stale)
    }

    /// Logging on at a logon point brings the client the accounts it does not know yet (Q237759), and makes its new
    /// identity known (Q254735).
    pub(super) fn learns_accounts(&mut self, now: Second) {
        if !self.cohort.accounts_change {
            return;
        }
        for place in 0..self.client.site_positions().count() {
            let refused = self.account_refused(now, place);
            if refused.is_some_and(accounts::needs_logon) {
                self.client.note_read(place, now);
                self.client.due = self.client.due.min(now + self.cohort.rules.ccim_retry);
            }
        }
    }

    /// What a cycle that finds an upgrade does with it over dial-up (Q237543).
    #[inline]
    pub(super) fn held_on_dial_up(&self, reason: Reason) -> Reason {
        if !matches!(reason, Reason::BaseOlder | Reason::AgentsOlder) {
            return reason;
        }
        let policy = self.cohort.dial_up_policy;
        policy.at_upgrade(self.on_dial_up()).unwrap_or(reason)
    }
}

/// The place of a machine that is off-site on the present day: the draw for the day's attendance is uniform between its
/// thresholds, so its place there picks the office.
fn place_off_site(attendance: &Attendance<'_>) -> Place {
    let offices = attendance.cohort.plan.network.visits.len() as u64;
    if offices == 0 {
        return Place::Away;
    }
    let habits = &attendance.cohort.habits;
    let word = u64::from(attendance.today.of(Purpose::Attendance));
    let width = habits
        .off_site_below
        .saturating_sub(habits.leave_below)
        .max(1);
    let office = word.saturating_sub(habits.leave_below) * offices / width;
    Place::Visit((office as usize).min(offices as usize - 1))
}
