//! When machines are on and users are there.

use crate::engine::Distribution;
use crate::engine::time::{DAY_S, HOUR_S};
use jiff::civil::Date;

/// The habits of a group of users and their machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Habits {
    /// Name in scenarios.
    pub name: String,
    /// A server: always on, nobody's workplace. Nothing below matters then.
    pub always_on: bool,
    /// Working days, Monday first.
    pub working_days: [bool; 7],
    /// Days on which nobody works.
    pub holidays: Vec<Date>,
    /// Arrival on a working day [s after local midnight].
    pub arrival: Distribution,
    /// Departure on that day [s after local midnight of the same day; beyond 24 h for night work].
    pub departure: Distribution,
    /// Probability of being absent on a working day.
    pub absent: f64,
    /// Probability that a leave begins on a working day.
    pub leave_starts: f64,
    /// Length of a leave [days, weekends included].
    pub leave_days: Distribution,
    /// Share of machines left on overnight.
    pub left_on: f64,
    /// Whether that share is drawn once per machine, or anew each evening.
    pub left_on_by_machine: bool,
    /// Share of users who stay logged on where the machine stays on.
    pub stays_logged_on: f64,
    /// Probability of logging off and on again during a working day.
    pub relogon: f64,
    /// Probability of spending a working day off-site.
    pub off_site: f64,
}

impl Habits {
    /// Names of the built-in habits.
    pub const BUILT_IN: [&str; 3] = ["office", "server", "laptop"];

    /// Built-in habits by name.
    ///
    /// `office`: 08:00 to 17:00, the day of Q231232's example, give or take half an hour; 56 % of machines left on
    /// overnight (LBNL-46930); 5 % absent (assumed). `server`: always on. `laptop`: as office, taken home every
    /// evening, one working day in five off-site (assumed).
    #[must_use]
    pub fn built_in(name: &str) -> Option<Habits> {
        let office = Habits {
            name: name.to_owned(),
            always_on: false,
            working_days: [true, true, true, true, true, false, false],
            holidays: Vec::new(),
            arrival: Distribution::Normal(i64::from(8 * HOUR_S), i64::from(HOUR_S / 2)),
            departure: Distribution::Normal(i64::from(17 * HOUR_S), i64::from(HOUR_S / 2)),
            absent: 0.05,
            leave_starts: 0.0,
            leave_days: Distribution::Constant(14),
            left_on: 0.56,
            left_on_by_machine: true,
            stays_logged_on: 0.0,
            relogon: 0.0,
            off_site: 0.0,
        };
        match name {
            "office" => Some(office),
            "server" => Some(Habits {
                always_on: true,
                ..office
            }),
            "laptop" => Some(Habits {
                left_on: 0.0,
                off_site: 0.2,
                ..office
            }),
            _ => None,
        }
    }

    /// Whether people work on `date`.
    #[must_use]
    pub fn works_on(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_zero_offset() as usize;
        self.working_days[weekday] && !self.holidays.contains(&date)
    }

    /// Whether everybody has left before anybody can arrive on the next day, as the simulation requires.
    #[must_use]
    pub fn days_are_apart(&self) -> bool {
        let (_, latest_departure) = self.departure.range();
        let (earliest_arrival, latest_arrival) = self.arrival.range();
        earliest_arrival >= 0
            && latest_arrival < i64::from(DAY_S)
            && latest_departure < earliest_arrival + i64::from(DAY_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn office_days_are_apart_and_a_36_hour_shift_is_not() {
        let office = Habits::built_in("office").unwrap();
        assert!(office.days_are_apart());
        let endless = Habits {
            departure: Distribution::Constant(36 * i64::from(HOUR_S)),
            ..office
        };
        assert!(!endless.days_are_apart());
    }

    #[test]
    fn nobody_works_on_weekends_and_holidays() {
        let office = Habits {
            holidays: vec![date(2000, 7, 4)],
            ..Habits::built_in("office").unwrap()
        };
        assert!(office.works_on(date(2000, 7, 3)));
        assert!(!office.works_on(date(2000, 7, 4)));
        assert!(!office.works_on(date(2000, 7, 8)));
    }
}
