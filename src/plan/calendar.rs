//! The run's axis and the local calendars laid along it.

use crate::engine::Second;
use crate::engine::time::DAY_S;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Days between the first second of the axis and the begin of the warm-up: room for every zone's first local day.
pub const LEAD_DAYS: u32 = 2;

/// When a run begins, is recorded from, and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The instant that [`Second::ZERO`] stands for.
    pub origin: Timestamp,
    /// Local date of day 0 in every zone.
    pub first_day: Date,
    /// Number of local days, counted from day 0, that cover the run in every zone.
    pub days: u32,
    /// From here on the run is recorded.
    pub start: Second,
    /// Here it ends.
    pub end: Second,
    /// Width of an interval in the results \[s\].
    pub interval_s: u32,
}

impl Clock {
    /// The axis for a run that is recorded from `start` (local time in `zone`) for `days` days after a warm-up.
    ///
    /// # Errors
    /// If the dates lie outside what the calendar covers.
    pub fn new(
        start: DateTime,
        zone: &TimeZone,
        warm_up_days: u32,
        days: u32,
        interval_s: u32,
    ) -> Result<Self, jiff::Error> {
        let lead_days = warm_up_days + LEAD_DAYS;
        let start_at = zone
            .to_ambiguous_zoned(start)
            .disambiguate(Disambiguation::Compatible)?
            .timestamp();
        let origin = start_at.checked_sub(SignedDuration::from_hours(24 * i64::from(lead_days)))?;
        let first_day = start
            .date()
            .checked_sub((i64::from(lead_days) - 1).days())?;
        Ok(Clock {
            origin,
            first_day,
            days: lead_days + days + 1,
            start: Second(lead_days * DAY_S),
            end: Second((lead_days + days) * DAY_S),
            interval_s,
        })
    }

    /// Number of recorded intervals; the last may be shorter.
    #[must_use]
    pub fn intervals(&self) -> usize {
        self.end.since(self.start).div_ceil(self.interval_s) as usize
    }

    /// The instant of a second.
    #[must_use]
    pub fn instant(&self, second: Second) -> Timestamp {
        self.origin + SignedDuration::from_secs(i64::from(second.0))
    }

    /// The second of an instant; `None` before the axis begins or after it ends.
    #[must_use]
    pub fn second(&self, instant: Timestamp) -> Option<Second> {
        let seconds = instant.duration_since(self.origin).as_secs();
        u32::try_from(seconds).ok().map(Second)
    }

    /// Hours since the recorded start.
    #[must_use]
    pub fn elapsed_hours(&self, second: Second) -> f64 {
        (f64::from(second.0) - f64::from(self.start.0)) / 3_600.0
    }
}

/// A time zone and its days along the axis.
#[derive(Clone, Debug)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// Its rules, from the database bundled with the program.
    pub rules: TimeZone,
    /// For each local day, 12 hours before its noon: midnight, except on a day when clocks change, where it is the
    /// moment from which the day's waking hours count right.
    pub day_begins: Vec<Second>,
}

impl Zone {
    /// Lays the days of the zone along the axis.
    ///
    /// # Errors
    /// If a date lies outside what the calendar covers.
    pub fn new(name: &str, rules: TimeZone, clock: &Clock) -> Result<Self, jiff::Error> {
        let mut noon = clock.first_day.at(12, 0, 0, 0);
        let mut day_begins = Vec::with_capacity(clock.days as usize);
        for _ in 0..clock.days {
            let instant = rules
                .to_ambiguous_zoned(noon)
                .disambiguate(Disambiguation::Compatible)?
                .timestamp();
            let second = clock.second(instant).unwrap_or(Second::ZERO);
            day_begins.push(second - DAY_S / 2);
            noon = noon.checked_add(1.day())?;
        }
        Ok(Zone {
            name: name.to_owned(),
            rules,
            day_begins,
        })
    }

    /// Local time of a second.
    #[must_use]
    pub fn local(&self, clock: &Clock, second: Second) -> DateTime {
        self.rules.to_datetime(clock.instant(second))
    }

    /// The second of a local time; a time that the clock skips counts from before the change.
    #[must_use]
    pub fn second(&self, clock: &Clock, local: DateTime) -> Option<Second> {
        let zoned = self
            .rules
            .to_ambiguous_zoned(local)
            .disambiguate(Disambiguation::Compatible)
            .ok()?;
        clock.second(zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn berlin(start: DateTime, days: u32) -> (Clock, Zone) {
        let rules = TimeZone::get("Europe/Berlin").unwrap();
        let clock = Clock::new(start, &rules, 14, days, 3_600).unwrap();
        let zone = Zone::new("Europe/Berlin", rules, &clock).unwrap();
        (clock, zone)
    }

    #[test]
    fn the_start_lies_after_the_warm_up() {
        let (clock, zone) = berlin(date(2000, 6, 19).at(0, 0, 0, 0), 21);
        assert_eq!(
            zone.local(&clock, clock.start),
            date(2000, 6, 19).at(0, 0, 0, 0)
        );
        assert_eq!(clock.end.since(clock.start), 21 * DAY_S);
        assert_eq!(clock.intervals(), 21 * 24);
        assert_eq!(
            zone.second(&clock, date(2000, 6, 20).at(1, 0, 0, 0)),
            Some(clock.start + 25 * 3_600)
        );
    }

    #[test]
    fn office_hours_are_right_on_the_day_clocks_change() {
        let (clock, zone) = berlin(date(2000, 3, 24).at(0, 0, 0, 0), 7);
        let change = date(2000, 3, 26);
        let day = (change - clock.first_day).get_days() as usize;
        let eight = zone.day_begins[day] + 8 * 3_600;
        assert_eq!(zone.local(&clock, eight), change.at(8, 0, 0, 0));
    }

    #[test]
    fn every_day_of_the_run_has_a_begin_in_every_zone() {
        let rules = TimeZone::get("Pacific/Auckland").unwrap();
        let start = date(2000, 6, 19).at(0, 0, 0, 0);
        let clock = Clock::new(
            start,
            &TimeZone::get("Pacific/Honolulu").unwrap(),
            0,
            2,
            3_600,
        )
        .unwrap();
        let zone = Zone::new("Pacific/Auckland", rules, &clock).unwrap();
        assert!(zone.day_begins.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(*zone.day_begins.last().unwrap() + DAY_S >= clock.end);
        assert!(zone.day_begins[0] + DAY_S <= clock.start);
    }
}
