//! When the machine is on and the user there: habits turned into the times of one client.
//!
//! Nothing SMS does changes these times, so they can be looked ahead of: an upgrade knows when it will be cut short.

use super::client::Turn;
use crate::engine::draws::happens;
use crate::engine::{EntityDraws, Second};
use crate::run::world::CohortWorld;

/// Words a client draws per day, by purpose.
pub mod word {
    /// Absent, beginning a leave, off-site, or there.
    pub const ATTENDANCE: usize = 0;
    /// Time of arrival.
    pub const ARRIVAL: usize = 1;
    /// Time of departure.
    pub const DEPARTURE: usize = 2;
    /// Whether the machine stays on overnight.
    pub const NIGHT: usize = 3;
    /// Which logon point answers.
    pub const LOGON_POINT: usize = 4;
    /// Which Client Access Point is read.
    pub const CAP: usize = 5;
    /// Whether and when the user logs off and on again.
    pub const RELOGON: usize = 6;
    /// Whether the user stays logged on overnight.
    pub const STAYS: usize = 7;
    /// Words per day.
    pub const COUNT: usize = 8;
}

/// Words a client draws once, before the first day.
pub mod trait_word {
    /// Whether the machine is one of those left on overnight.
    pub const LEFT_ON: usize = 0;
    /// Phase of the first maintenance cycle.
    pub const CYCLE: usize = 1;
    /// Phase of the first heartbeat.
    pub const HEARTBEAT: usize = 2;
    /// When a ramp of logon scripts reaches the user.
    pub const SCRIPT: usize = 3;
    /// Whether the client is in travel mode.
    pub const TRAVEL: usize = 4;
    /// Size of the client's upgrade.
    pub const UPGRADE_SIZE: usize = 5;
}

/// Where the machine and its user are in their day.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// When the next thing happens.
    pub at: Second,
    /// Departure on the present working day.
    departure: Second,
    /// The day whose words are drawn.
    pub day: u16,
    /// First day after a leave.
    leave_until: u16,
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

/// One client's presence together with its draws.
#[derive(Clone)]
pub struct Attendance<'w> {
    /// Shared facts.
    pub cohort: &'w CohortWorld<'w>,
    /// Its daily draws, read up to the present day.
    words: EntityDraws,
    /// The words of the present day.
    pub today: [u32; word::COUNT],
}

impl<'w> Attendance<'w> {
    /// The draws of a client before its first day; gives its traits, too.
    #[inline]
    pub fn new(cohort: &'w CohortWorld<'w>, address: u64) -> (Self, [u32; word::COUNT]) {
        let mut attendance = Attendance {
            cohort,
            words: cohort.daily.entity(address),
            today: [0; word::COUNT],
        };
        attendance.draw();
        let traits = attendance.today;
        (attendance, traits)
    }

    /// The draws of a client on day `day`, where it was put aside.
    pub fn resumed(cohort: &'w CohortWorld<'w>, address: u64, day: u16) -> Self {
        let mut attendance = Attendance {
            cohort,
            words: cohort.daily.entity(address),
            today: [0; word::COUNT],
        };
        attendance
            .words
            .seek((u64::from(day) + 1) * word::COUNT as u64);
        attendance.draw();
        attendance
    }

    #[inline]
    fn draw(&mut self) {
        for word in &mut self.today {
            *word = self.words.next_word();
        }
    }

    /// Presence at the first second: servers and machines left on every night have been on for long, at whatever point
    /// of their cycle they are; everything else is off until its user first comes.
    #[inline]
    pub fn first(&mut self, traits: &[u32; word::COUNT]) -> Presence {
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
        let stays_on = cohort.habits.left_on_by_machine && presence.left_on;
        if cohort.plan.appear == Second::ZERO && (cohort.habits.always_on || stays_on) {
            presence.on = true;
            self.begin_while_on(&mut presence);
        } else if cohort.habits.always_on {
            presence.at = cohort.plan.appear;
            presence.turn = Turn::PowerOn;
        } else if !self.plan_today(&mut presence) {
            self.find_next_session(&mut presence);
        }
        presence
    }

    fn is_before_appearance(&self, presence: &Presence) -> bool {
        self.cohort.days[usize::from(presence.day)].begins < self.cohort.plan.appear
    }

    /// The first day of a machine that is on when it begins.
    fn begin_while_on(&mut self, presence: &mut Presence) {
        let always_on = self.cohort.habits.always_on;
        presence.user = always_on && self.cohort.win9x; // nothing runs on Windows 9x without a user
        if always_on || !self.plan_today(presence) {
            self.await_next_day(presence);
        }
    }

    /// Lets the present thing happen and finds the next.
    #[inline]
    pub fn advance(&mut self, presence: &mut Presence) {
        match presence.turn {
            Turn::PowerOn => {
                presence.on = true;
                if self.cohort.habits.always_on {
                    presence.user = self.cohort.win9x; // nothing runs on Windows 9x without a user
                    self.await_next_day(presence);
                } else {
                    presence.at = presence.at + self.cohort.rules.logon_delay;
                    presence.turn = Turn::Logon;
                }
            }
            Turn::Logon => {
                presence.user = true;
                self.plan_relogon(presence);
            }
            Turn::Relogon => self.plan_departure(presence),
            Turn::Logoff => {
                presence.user = false;
                self.await_next_day(presence);
            }
            Turn::PowerOff => {
                presence.on = false;
                presence.user = false;
                presence.off_site = false;
                self.find_next_session(presence);
            }
            _ => self.begin_day(presence),
        }
    }

    fn begin_day(&mut self, presence: &mut Presence) {
        presence.day += 1;
        self.draw();
        if self.cohort.habits.always_on || !self.plan_today(presence) {
            self.await_next_day(presence);
        }
    }

    /// A machine that is on waits for the next day to begin; one whose user stays meets the departure first.
    #[inline]
    fn await_next_day(&mut self, presence: &mut Presence) {
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
        let attendance = self.today[word::ATTENDANCE];
        if happens(attendance, habits.off_site_below) {
            if happens(attendance, habits.absent_below) {
                return false;
            }
            if happens(attendance, habits.leave_below) {
                let days = habits.leave_days.value(self.today[word::ARRIVAL]);
                presence.leave_until = presence.day.saturating_add(days as u16);
                return false;
            }
            if presence.on {
                return false; // the machine stayed in the office without its user
            }
            presence.off_site = true;
        }
        let arrival = day.begins + habits.arrival.seconds(self.today[word::ARRIVAL]);
        let departure = day.begins + habits.departure.seconds(self.today[word::DEPARTURE]);
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
    fn plan_relogon(&mut self, presence: &mut Presence) {
        let word = self.today[word::RELOGON];
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
    fn plan_departure(&mut self, presence: &mut Presence) {
        let habits = &self.cohort.habits;
        let left_on = if habits.left_on_by_machine {
            presence.left_on
        } else {
            happens(self.today[word::NIGHT], habits.left_on)
        };
        presence.at = presence.departure;
        presence.turn = if !left_on || presence.off_site {
            Turn::PowerOff
        } else if happens(self.today[word::STAYS], habits.stays_logged_on) {
            self.await_next_day(presence);
            Turn::DayBegins
        } else {
            Turn::Logoff
        };
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
        let mut ahead = self.clone();
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
            ahead.advance(&mut presence);
        }
        never
    }
}
