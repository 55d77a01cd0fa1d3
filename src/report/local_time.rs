//! Local times as text, fast enough for a row per client.

use crate::engine::Second;
use crate::engine::time::DAY_S;
use crate::plan::{Clock, Plan, Zone};
use jiff::ToSpan;
use std::fmt::Write;

/// The local times of every zone of a plan.
#[derive(Clone, Debug)]
pub struct LocalTimes {
    zones: Vec<ZoneTimes>,
}

/// One zone: when its clocks change during the run, and its dates as text.
#[derive(Clone, Debug)]
struct ZoneTimes {
    /// From when on: seconds to add to get from the axis to seconds since the first local midnight.
    shifts: Vec<(Second, u32)>,
    /// Dates from that midnight on.
    dates: Vec<String>,
}

impl LocalTimes {
    /// Lays out the local times of `plan`.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let zones = plan
            .zones
            .iter()
            .map(|zone| ZoneTimes::new(zone, &plan.clock));
        LocalTimes {
            zones: zones.collect(),
        }
    }

    /// Replaces `text` by the local time of `second` in the zone at `position` of the plan, `2000-06-23 18:00:00`.
    pub fn write(&self, position: usize, second: Second, text: &mut String) {
        text.clear();
        let zone = &self.zones[position];
        let change = zone.shifts.iter().rev().find(|(from, _)| *from <= second);
        let local = second + change.map_or(0, |(_, shift)| *shift);
        let Some(date) = zone.dates.get((local.0 / DAY_S) as usize) else {
            return;
        };
        text.push_str(date);
        let of_day = local.0 % DAY_S;
        text.push(' ');
        for (unit, separator) in [
            (of_day / 3_600, ":"),
            (of_day / 60 % 60, ":"),
            (of_day % 60, ""),
        ] {
            text.push(char::from(b'0' + (unit / 10) as u8));
            text.push(char::from(b'0' + (unit % 10) as u8));
            text.push_str(separator);
        }
    }

    /// The local time of `second` in the zone at `position` of the plan; empty if it lies beyond the calendar.
    #[must_use]
    pub fn text(&self, position: usize, second: Second) -> String {
        let mut text = String::with_capacity(19);
        self.write(position, second, &mut text);
        text
    }
}

/// Days after the end of the run for which dates are kept: what outlasts it by more is not written.
const DAYS_AFTER: u32 = 400;

impl ZoneTimes {
    fn new(zone: &Zone, clock: &Clock) -> Self {
        let first = zone.local(clock, Second::ZERO);
        let begin = i64::from(zone.rules.to_offset(clock.origin).seconds());
        let of_day = u32::try_from(
            i64::from(first.hour()) * 3_600
                + i64::from(first.minute()) * 60
                + i64::from(first.second()),
        )
        .unwrap_or(0);
        // A day of its own before the first, so that clocks put back never lead below zero.
        let shift = |offset_s: i64| {
            let shift = i64::from(DAY_S) + i64::from(of_day) + offset_s - begin;
            u32::try_from(shift).unwrap_or(0)
        };
        let last = clock.end + DAYS_AFTER * DAY_S;
        let mut shifts = vec![(Second::ZERO, shift(begin))];
        for change in zone.rules.following(clock.origin) {
            let Some(from) = clock
                .second(change.timestamp())
                .filter(|from| *from <= last)
            else {
                break;
            };
            shifts.push((from, shift(i64::from(change.offset().seconds()))));
        }
        let days = i64::from(last.0 / DAY_S) + 3;
        let dates = (-1..days).map_while(|day| {
            let date = first.date().checked_add(day.days()).ok()?;
            let mut text = String::with_capacity(10);
            write!(text, "{date}").ok()?;
            Some(text)
        });
        ZoneTimes {
            shifts,
            dates: dates.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::sample;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    #[test]
    fn local_times_agree_with_the_calendar_across_changes_of_clocks() {
        let mut plan = sample::plan();
        for start in [date(2000, 3, 24), date(2000, 10, 27)] {
            let home = TimeZone::get("Europe/Berlin").unwrap();
            plan.clock = Clock::new(start.at(0, 0, 0, 0), &home, 3, 12, 3_600).unwrap();
            let names = [
                "Europe/Berlin",
                "America/New_York",
                "Asia/Kolkata",
                "Pacific/Auckland",
            ];
            plan.zones = names
                .map(|name| Zone::new(name, TimeZone::get(name).unwrap(), &plan.clock).unwrap())
                .into();
            let times = LocalTimes::new(&plan);
            for second in (0..plan.clock.end.0).step_by(1_799).map(Second) {
                for (position, zone) in plan.zones.iter().enumerate() {
                    let local = zone.local(&plan.clock, second);
                    let expected = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
                    assert_eq!(times.text(position, second), expected, "{}", zone.name);
                }
            }
        }
    }

    #[test]
    fn what_lies_beyond_the_calendar_is_empty() {
        let plan = sample::plan();
        assert_eq!(LocalTimes::new(&plan).text(0, Second::NEVER), "");
    }
}
