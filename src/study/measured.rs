//! What a plan asks to be measured, taken from the record of one replication.

use super::milestones::first_reached;
use crate::engine::time::HOUR_S;
use crate::plan::{Caps, Curve, Measure, Plan, SiteId};
use crate::run::tally::{ServerTally, SiteTally};
use crate::run::{Tally, Trouble};

/// The record of one replication, ready to be measured.
pub(super) struct Measured<'a> {
    pub plan: &'a Plan,
    pub tally: &'a Tally,
    pub fleet: &'a SiteTally,
}

impl Measured<'_> {
    /// The value of `measure` at `site`, or of the fleet; none if it is missing.
    pub fn value(&self, measure: Measure, site: Option<SiteId>) -> Option<f64> {
        let place = site.map_or(self.fleet, |site| &self.tally.sites[site.index()]);
        let counted = |kind| Some(self.trouble(kind).0 as f64);
        match measure {
            Measure::HoursTo {
                basis_points,
                curve,
            } => {
                let elapsed_s = first_reached(place, &self.tally.grid, curve, basis_points)?;
                Some(f64::from(elapsed_s) / f64::from(HOUR_S))
            }
            Measure::ShareAtEnd(curve) => {
                let at_end = on_curve_at_end(place, curve) as f64;
                (place.clients > 0).then(|| at_end / place.clients as f64)
            }
            Measure::NotConverged => {
                Some(place.clients as f64 - on_curve_at_end(place, Curve::Converged) as f64)
            }
            Measure::MixedClients => counted(Trouble::Mixed),
            Measure::MixedHours => Some(self.trouble(Trouble::Mixed).1 as f64 / f64::from(HOUR_S)),
            Measure::BrokenClients => counted(Trouble::Broken),
            Measure::RestartsAsked => counted(Trouble::RestartAsked),
            Measure::AbortedUpgrades => counted(Trouble::Aborted),
            Measure::BusiestHour(caps) => {
                self.busiest(caps, site, |cap| Some(self.busiest_hour(cap)? as f64))
            }
            Measure::BusiestHourShare(caps) => self.busiest(caps, site, |cap| {
                let bits = self.plan.caps[cap].bandwidth_bps.filter(|bits| *bits > 0)?;
                let most = bits as f64 * f64::from(HOUR_S) / 8.0;
                Some(self.busiest_hour(cap)? as f64 / most)
            }),
        }
    }

    /// Cases of a kind of trouble, and the time spent in it [s].
    fn trouble(&self, kind: Trouble) -> (u64, u64) {
        let of_kind = self.tally.trouble.iter().filter(|((it, _), _)| *it == kind);
        of_kind.fold((0, 0), |(cases, seconds), (_, it)| {
            (cases + it.cases, seconds + it.client_seconds)
        })
    }

    /// The greatest value over the Client Access Points that are looked at.
    fn busiest(
        &self,
        caps: Caps,
        site: Option<SiteId>,
        value: impl Fn(usize) -> Option<f64>,
    ) -> Option<f64> {
        let looked_at = |&at: &usize| match caps {
            Caps::One(cap) => cap.index() == at,
            Caps::Any => site.is_none_or(|site| self.plan.caps[at].site == site),
        };
        let values = (0..self.plan.caps.len()).filter(looked_at);
        values.filter_map(value).max_by(f64::total_cmp)
    }

    /// Most bytes that a Client Access Point moved in an hour of consecutive intervals.
    fn busiest_hour(&self, cap: usize) -> Option<u64> {
        let grid = &self.tally.grid;
        let load: &ServerTally = &self.tally.servers[cap];
        if !HOUR_S.is_multiple_of(grid.interval_s) {
            return None;
        }
        let hour = (HOUR_S / grid.interval_s) as usize;
        let (mut inside, mut most) = (0_u64, 0_u64);
        for interval in 0..grid.intervals {
            inside += load.bytes(interval);
            if interval >= hour {
                inside -= load.bytes(interval - hour);
            }
            most = most.max(inside);
        }
        Some(most)
    }
}

fn on_curve_at_end(place: &SiteTally, curve: Curve) -> i64 {
    let changes = place.curve_changes.iter().map(|row| row[curve as usize]);
    place.curves_at_start[curve as usize] + changes.map(i64::from).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CapId;
    use crate::study::sample;

    fn value(measure: Measure, site: Option<SiteId>) -> Option<f64> {
        let plan = sample::plan();
        value_in(
            &plan,
            &sample::replication(&plan, 0, 2).tally,
            measure,
            site,
        )
    }

    fn value_in(plan: &Plan, tally: &Tally, measure: Measure, site: Option<SiteId>) -> Option<f64> {
        let fleet = tally.fleet();
        let measured = Measured {
            plan,
            tally,
            fleet: &fleet,
        };
        measured.value(measure, site)
    }

    const fn hours_to(basis_points: u32, curve: Curve) -> Measure {
        Measure::HoursTo {
            basis_points,
            curve,
        }
    }

    #[test]
    fn hours_count_from_the_start_and_are_missing_if_never() {
        // 8 clients are in reach; 2 converge by hour 9, 5 more by hour 15, one never.
        assert_eq!(value(hours_to(2_500, Curve::Converged), None), Some(9.0));
        assert_eq!(value(hours_to(2_501, Curve::Converged), None), Some(15.0));
        assert_eq!(value(hours_to(9_500, Curve::Converged), None), None);
        // The base curve is known at the end of intervals of 6 hours.
        assert_eq!(value(hours_to(2_500, Curve::Base), None), Some(12.0));
        assert_eq!(value(hours_to(1, Curve::Reported), None), None);
        let eu = Some(SiteId(1));
        assert_eq!(value(hours_to(1, Curve::Converged), eu), None);
    }

    #[test]
    fn shares_are_of_all_clients_and_counts_of_one_replication() {
        let hq = Some(SiteId(0));
        let share = Measure::ShareAtEnd(Curve::Converged);
        assert_eq!(value(share, None), Some(7.0 / 13.0));
        assert_eq!(value(share, hq), Some(7.0 / 8.0));
        assert_eq!(value(Measure::NotConverged, None), Some(6.0));
        assert_eq!(value(Measure::NotConverged, hq), Some(1.0));
        assert_eq!(value(Measure::MixedClients, None), Some(0.0));
        assert_eq!(value(Measure::MixedHours, None), Some(0.0));
        assert_eq!(value(Measure::RestartsAsked, None), Some(0.0));
    }

    #[test]
    fn an_hour_is_made_of_intervals_and_long_intervals_have_none() {
        let plan = sample::plan();
        let mut tally = sample::replication(&plan, 0, 2).tally;
        let one = Measure::BusiestHour(Caps::One(CapId(0)));
        assert_eq!(value_in(&plan, &tally, one, None), None, "intervals of 6 h");
        let quarters = 15 * 60;
        tally.grid.interval_s = quarters;
        tally.grid.intervals = 6;
        let cap = &mut tally.servers[0];
        *cap = ServerTally::with_grid(&tally.grid);
        cap.usage.bits = [8, 80, 800, 8_000, 80_000, 8].into();
        cap.read_bytes = [0, 0, 0, 0, 0, 5].into();
        assert_eq!(value_in(&plan, &tally, one, None), Some(11_110.0));
        let any = Measure::BusiestHour(Caps::Any);
        assert_eq!(value_in(&plan, &tally, any, None), Some(11_110.0));
        assert_eq!(value_in(&plan, &tally, any, Some(SiteId(1))), Some(0.0));
        // 1 Mbit/s is 450 MB an hour; the other site's Client Access Point is unlimited.
        let share = Measure::BusiestHourShare(Caps::Any);
        let of_hour = value_in(&plan, &tally, share, None).unwrap();
        assert!((of_hour - 11_110.0 / 450e6).abs() < 1e-15);
        assert_eq!(value_in(&plan, &tally, share, Some(SiteId(1))), None);
    }
}
