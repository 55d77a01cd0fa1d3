//! When the machine is on and the user there: habits turned into the times of one client.
//!
//! Nothing SMS does changes these times, so they can be looked ahead of: an upgrade knows when it will be cut short.

use super::client::{Flags, Turn};
use super::purposes::{DayDraws, Purpose, WORDS_PER_DAY, trait_word};
use crate::engine::draws::happens;
use crate::engine::{EntityDraws, Second};
use crate::run::world::CohortWorld;

/// Where the machine and its user are in their day.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// When the next thing happens.
    pub at: Second,
    /// Departure on the present working day.
    pub(super) departure: Second,
    /// The day whose words are drawn.
    pub day: u16,
    /// First day after a leave.
    pub(super) leave_until: u16,
    /// What happens next.
    pub turn: Turn,
    /// The machine is on.
    pub on: bool,
    /// A user is logged on.
    pub user: bool,
    /// The machine is off-site.
    pub off_site: bool,
    /// The machine is one of those left on overnight.
    left_on: bool,
}

impl Presence {
    /// The facts of this presence, added to a client's others.
    #[must_use]
    pub(super) fn flags_on(&self, mut flags: Flags) -> Flags {
        flags.set(Flags::ON, self.on);
        flags.set(Flags::USER, self.user);
        flags.set(Flags::OFF_SITE, self.off_site);
        flags.set(Flags::LEFT_ON, self.left_on);
        flags
    }

    /// The presence again, its facts taken out of a client's others.
    #[must_use]
    pub(super) fn from_flags(
        flags: &mut Flags,
        (at, turn): (Second, Turn),
        departure: Second,
        (day, leave_until): (u16, u16),
    ) -> Self {
        let mut take = |fact| {
            let holds = flags.has(fact);
            flags.set(fact, false);
            holds
        };
        take(Flags::COPYING);
        Presence {
            at,
            departure,
            day,
            leave_until,
            turn,
            on: take(Flags::ON),
            user: take(Flags::USER),
            off_site: take(Flags::OFF_SITE),
            left_on: take(Flags::LEFT_ON),
        }
    }
}

/// One client's presence together with its draws.
#[derive(Clone)]
pub struct Attendance<'w> {
    /// Shared facts.
    pub cohort: &'w CohortWorld<'w>,
    /// Its daily draws, read up to the present day.
    words: EntityDraws,
    /// The words of the present day.
    pub today: DayDraws,
}

impl<'w> Attendance<'w> {
    /// The draws of a client before its first day; gives its traits, too.
    #[inline]
    pub fn new(cohort: &'w CohortWorld<'w>, address: u64) -> (Self, [u32; trait_word::COUNT]) {
        let mut attendance = Attendance {
            cohort,
            words: cohort.daily.entity(address),
            today: DayDraws::default(),
        };
        let traits = attendance.words.next_words();
        (attendance, traits)
    }

    /// The draws of a client on day `day`, where it was put aside.
    pub fn resumed(cohort: &'w CohortWorld<'w>, address: u64, day: u16) -> Self {
        let mut attendance = Attendance {
            cohort,
            words: cohort.daily.entity(address),
            today: DayDraws::default(),
        };
        attendance
            .words
            .seek(trait_word::COUNT as u64 + u64::from(day) * WORDS_PER_DAY as u64);
        attendance.draw();
        attendance
    }

    #[inline]
    fn draw(&mut self) {
        self.today = DayDraws(self.words.next_words());
    }

    /// Presence at the first second: servers and machines left on overnight are on, the others off until their users come.
    #[inline]
    pub fn first(&mut self, traits: &[u32; trait_word::COUNT]) -> Presence {
        let cohort = self.cohort;
        let mut presence = Presence {
            at: Second::ZERO,
            departure: Second::ZERO,
            day: 0,
            leave_until: 0,
            turn: Turn::DayBegins,
            on: false,
            user: false,
            off_site: false,
            left_on: happens(traits[trait_word::LEFT_ON], cohort.habits.left_on),
        };
        self.draw();
        while self.is_before_appearance(&presence)
            && usize::from(presence.day) + 1 < cohort.days.len()
        {
            presence.day += 1;
            self.draw();
        }
        if self.is_on_already(&presence) {
            presence.on = true;
            presence.user = cohort.habits.always_on && cohort.win9x;
            if cohort.habits.always_on || !self.plan_today(&mut presence) {
                self.await_next_day(&mut presence);
            }
        } else if cohort.habits.always_on {
            presence.at = cohort.plan.appear;
            presence.turn = Turn::PowerOn;
        } else if !self.plan_today(&mut presence) {
            self.find_next_session(&mut presence);
        }
        presence
    }

    /// Whether the machine was left on before the first second, so that its cycles do not all begin with one common
    /// power-on.
    fn is_on_already(&self, presence: &Presence) -> bool {
        let habits = &self.cohort.habits;
        let left_on = if habits.left_on_by_machine {
            presence.left_on
        } else {
            happens(self.today.of(Purpose::Night), habits.left_on)
        };
        self.cohort.plan.appear == Second::ZERO && (habits.always_on || left_on)
    }

    fn is_before_appearance(&self, presence: &Presence) -> bool {
        self.cohort.days[usize::from(presence.day)].begins < self.cohort.plan.appear
    }

    /// Lets the present thing happen and finds the next.
    #[inline]
    pub fn advance(&mut self, presence: &mut Presence) {
        match presence.turn {
            Turn::PowerOff => self.powers_off(presence),
            Turn::DayBegins => self.begin_day(presence),
            _ => self.advance_within_day(presence),
        }
    }

    /// The same for what needs no other day's draws.
    #[inline]
    fn advance_within_day(&self, presence: &mut Presence) {
        match presence.turn {
            Turn::PowerOn => self.powers_on(presence),
            Turn::Logon => self.logs_on(presence),
            Turn::Relogon => self.plan_departure(presence),
            _ => self.logs_off(presence),
        }
    }

    /// The machine is switched on; its user logs on a little later.
    #[inline]
    pub fn powers_on(&self, presence: &mut Presence) {
        presence.on = true;
        if self.cohort.habits.always_on {
            presence.user = self.cohort.win9x; // nothing runs on Windows 9x without a user
            self.await_next_day(presence);
        } else {
            presence.at = presence.at + self.cohort.rules.logon_delay;
            presence.turn = Turn::Logon;
        }
    }

    /// The user logs on.
    #[inline]
    pub fn logs_on(&self, presence: &mut Presence) {
        presence.user = true;
        self.plan_relogon(presence);
    }

    /// The user logs off; the machine stays on.
    #[inline]
    pub fn logs_off(&self, presence: &mut Presence) {
        presence.user = false;
        self.await_next_day(presence);
    }

    /// The machine is switched off until somebody comes.
    #[inline]
    pub fn powers_off(&mut self, presence: &mut Presence) {
        presence.on = false;
        presence.user = false;
        presence.off_site = false;
        self.find_next_session(presence);
    }

    /// A local day begins for a machine that is on.
    #[inline]
    pub fn begin_day(&mut self, presence: &mut Presence) {
        presence.day += 1;
        self.draw();
        if self.cohort.habits.always_on || !self.plan_today(presence) {
            self.await_next_day(presence);
        }
    }

    /// A machine that is on waits for the next day to begin; one whose user stays meets the departure first.
    #[inline]
    fn await_next_day(&self, presence: &mut Presence) {
        let next = usize::from(presence.day) + 1;
        presence.turn = Turn::DayBegins;
        presence.at = match self.cohort.days.get(next) {
            Some(day) => day.begins.max(presence.at),
            None => Second::NEVER,
        };
    }

    /// A machine that is off skips to the next day on which its user comes.
    #[inline]
    fn find_next_session(&mut self, presence: &mut Presence) {
        loop {
            if usize::from(presence.day) + 1 >= self.cohort.days.len() {
                presence.at = Second::NEVER;
                presence.turn = Turn::DayBegins;
                return;
            }
            presence.day += 1;
            self.draw();
            if self.plan_today(presence) {
                return;
            }
        }
    }

    /// Plans the arrival on the present day; false if nobody comes.
    #[inline]
    fn plan_today(&mut self, presence: &mut Presence) -> bool {
        let cohort = self.cohort;
        let habits = &cohort.habits;
        let day = cohort.days[usize::from(presence.day)];
        if !day.working || presence.day < presence.leave_until {
            return false;
        }
        let attendance = self.today.of(Purpose::Attendance);
        if happens(attendance, habits.off_site_below) {
            if happens(attendance, habits.absent_below) {
                return false;
            }
            if happens(attendance, habits.leave_below) {
                let days = habits.leave_days.value(self.today.of(Purpose::Arrival));
                presence.leave_until = presence.day.saturating_add(days as u16);
                return false;
            }
            if presence.on {
                return false; // the machine stayed in the office without its user
            }
            presence.off_site = true;
        }
        let arrival = day.begins + habits.arrival.seconds(self.today.of(Purpose::Arrival));
        let departure = day.begins + habits.departure.seconds(self.today.of(Purpose::Departure));
        let arrival = arrival.max(presence.at);
        presence.departure = departure.max(arrival + cohort.rules.logon_delay);
        if presence.user {
            self.plan_departure(presence);
        } else {
            presence.at = arrival;
            presence.turn = if presence.on {
                Turn::Logon
            } else {
                Turn::PowerOn
            };
        }
        true
    }

    #[inline]
    fn plan_relogon(&self, presence: &mut Presence) {
        let word = self.today.of(Purpose::Relogon);
        if happens(word, self.cohort.habits.relogon) {
            let span = presence.departure.since(presence.at);
            // The word is uniform below the threshold, so its place there is the place in the day.
            let place = u64::from(word) * u64::from(span) / self.cohort.habits.relogon.max(1);
            presence.at = presence.at + place as u32;
            presence.turn = Turn::Relogon;
        } else {
            self.plan_departure(presence);
        }
    }

    #[inline]
    fn plan_departure(&self, presence: &mut Presence) {
        let habits = &self.cohort.habits;
        let left_on = if habits.left_on_by_machine {
            presence.left_on
        } else {
            happens(self.today.of(Purpose::Night), habits.left_on)
        };
        let left_on = left_on || self.is_asked_to_leave_on(presence);
        presence.at = presence.departure;
        presence.turn = if !left_on || presence.off_site {
            Turn::PowerOff
        } else if happens(self.today.of(Purpose::Stays), habits.stays_logged_on) {
            self.await_next_day(presence);
            Turn::DayBegins
        } else {
            Turn::Logoff
        };
    }

    /// Whether a campaign has the machine left on this evening that would be switched off (Q237543).
    #[inline]
    fn is_asked_to_leave_on(&self, presence: &Presence) -> bool {
        let evenings = self.cohort.left_on_evenings.as_ref();
        evenings.is_some_and(|evenings| {
            let asked = evenings[usize::from(presence.day)];
            happens(self.today.of(Purpose::Night), asked)
        })
    }

    /// When a job that needs the machine on, and on Windows 9x its user there, will be cut short.
    pub fn cut_short(&self, presence: &Presence) -> (Second, Turn) {
        let never = (Second::NEVER, Turn::PowerOff);
        let habits = &self.cohort.habits;
        let stays_on = habits.always_on
            || (habits.left_on_by_machine && presence.left_on && !presence.off_site);
        if stays_on && (habits.always_on || !self.cohort.win9x) {
            return never;
        }
        let mut later = None; // most jobs are over or cut short before another day is drawn
        let mut presence = *presence;
        let end = self
            .cohort
            .days
            .last()
            .map_or(Second::ZERO, |day| day.begins + 2 * 86_400);
        while presence.at < end {
            let by_logoff =
                self.cohort.win9x && matches!(presence.turn, Turn::Logoff | Turn::Relogon);
            if presence.turn == Turn::PowerOff || by_logoff {
                return (presence.at, presence.turn);
            }
            match presence.turn {
                Turn::DayBegins => later
                    .get_or_insert_with(|| self.clone())
                    .begin_day(&mut presence),
                _ => later
                    .as_ref()
                    .unwrap_or(self)
                    .advance_within_day(&mut presence),
            }
        }
        never
    }
}
