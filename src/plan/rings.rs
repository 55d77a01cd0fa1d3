//! A rollout in rings that wait for each other.
//!
//! Servers are simulated before any client, so a run cannot begin an upgrade because clients have converged. Planners do
//! not either: they look at a pilot, and put the next date into the calendar. That is how it is done here. The rings up
//! to the first that waits are a plan of their own; its pilot replications tell when the criterion was met, and that
//! fixes the date, for all replications alike.

use super::{Clock, Curve, SiteId, Zone};
use crate::engine::Second;
use jiff::ToSpan;
use jiff::civil::{DateTime, Time, Weekday};

/// A ring whose date is not fixed yet.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its name.
    pub ring: String,
    /// Name of the ring before it.
    pub before: String,
    /// Sites of that ring.
    pub watched: Vec<SiteId>,
    /// Share of their reachable clients that has to be on the curve [0.01 %].
    pub basis_points: u32,
    /// The curve.
    pub curve: Curve,
    /// Time between that moment and the date \[s\].
    pub after_s: u32,
    /// When rings may start.
    pub starts: Starts,
    /// Zones of the ring's own sites, by position.
    pub zones: Vec<usize>,
    /// Replications from which the moment is taken.
    pub pilot_replications: u32,
    /// First number of their draws' addresses.
    pub pilot_seed: u64,
}

/// When rings may start, by each site's own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starts {
    /// Days of the week; none: any.
    pub days: Vec<Weekday>,
    /// Time of day.
    pub at: Time,
}

/// Days that are looked through for one on which a ring may start: a week, and one for the time of day.
const LOOKED_AT: usize = 9;

impl Starts {
    /// The first local date and time at or after `from` on which a ring may start.
    #[must_use]
    pub fn next(&self, from: DateTime) -> Option<DateTime> {
        let mut starts = self.from(from)?;
        starts.find(|at| *at >= from)
    }

    /// Dates from the day of `from` on.
    fn from(&self, from: DateTime) -> Option<impl Iterator<Item = DateTime> + '_> {
        let first = from.date();
        let days = (0..LOOKED_AT as i64).filter_map(move |day| first.checked_add(day.days()).ok());
        let fits =
            |day: &jiff::civil::Date| self.days.is_empty() || self.days.contains(&day.weekday());
        Some(days.filter(fits).map(|day| day.to_datetime(self.at)))
    }
}

impl Waiting {
    /// The date of the ring if the criterion was met at `moment`: the first that no site's clock reaches before.
    #[must_use]
    pub fn date(&self, clock: &Clock, zones: &[Zone], moment: Second) -> Option<DateTime> {
        let moment = moment + self.after_s;
        let local = |zone: &usize| zones[*zone].local(clock, moment);
        let earliest = self.zones.iter().map(local).min()?;
        let not_before = |at: &DateTime| {
            let mut zones = self.zones.iter().map(|zone| &zones[*zone]);
            zones.all(|zone| zone.second(clock, *at).is_none_or(|at| at >= moment))
        };
        self.starts.from(earliest)?.find(not_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_ring_starts_on_the_next_day_it_may() {
        let starts = Starts {
            days: vec![Weekday::Friday],
            at: jiff::civil::time(18, 0, 0, 0),
        };
        let friday = date(2000, 6, 23).at(18, 0, 0, 0);
        assert_eq!(starts.next(friday), Some(friday));
        assert_eq!(
            starts.next(date(2000, 6, 23).at(18, 0, 1, 0)),
            Some(date(2000, 6, 30).at(18, 0, 0, 0))
        );
        let any = Starts {
            days: Vec::new(),
            ..starts
        };
        assert_eq!(
            any.next(date(2000, 6, 20).at(19, 0, 0, 0)),
            Some(date(2000, 6, 21).at(18, 0, 0, 0))
        );
    }

    /// 18:00 in Berlin comes six hours before 18:00 in New York: a ring with sites in both waits for Berlin's.
    #[test]
    fn no_site_starts_before_the_moment() {
        let zone = |name: &str| jiff::tz::TimeZone::get(name).unwrap();
        let start = date(2000, 6, 19).at(0, 0, 0, 0);
        let clock = Clock::new(start, &zone("America/New_York"), 14, 21, 3_600).unwrap();
        let zones = ["America/New_York", "Europe/Berlin"]
            .map(|name| Zone::new(name, zone(name), &clock).unwrap());
        let waiting = |of: Vec<usize>| Waiting {
            ring: String::new(),
            before: String::new(),
            watched: Vec::new(),
            basis_points: 9_500,
            curve: Curve::Converged,
            after_s: 0,
            starts: Starts {
                days: Vec::new(),
                at: jiff::civil::time(18, 0, 0, 0),
            },
            zones: of,
            pilot_replications: 5,
            pilot_seed: 1,
        };
        // Noon in New York is 18:00 in Berlin, one second later is past it.
        let noon = clock.start + 12 * 3_600;
        let date_of = |of: Vec<usize>, moment| waiting(of).date(&clock, &zones, moment).unwrap();
        assert_eq!(date_of(vec![0, 1], noon), date(2000, 6, 19).at(18, 0, 0, 0));
        assert_eq!(
            date_of(vec![0], noon + 1),
            date(2000, 6, 19).at(18, 0, 0, 0)
        );
        assert_eq!(
            date_of(vec![0, 1], noon + 1),
            date(2000, 6, 20).at(18, 0, 0, 0)
        );
    }
}
