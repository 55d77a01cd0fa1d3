//! Habits and local days as tables.

use crate::engine::draws::threshold;
use crate::engine::{Distribution, Quantiles, Second};
use crate::plan::campaigns::LeftOn;
use crate::plan::{Habits, Plan, Zone};
use std::collections::HashMap;
use std::sync::Arc;

/// One local day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// When it begins.
    pub begins: Second,
    /// Whether people work on it.
    pub working: bool,
}

/// Habits as tables to draw from.
#[derive(Clone, Debug)]
pub struct HabitTables {
    /// Nobody's workplace, always on.
    pub always_on: bool,
    /// Arrival [s after the day's begin].
    pub arrival: Arc<Quantiles>,
    /// Departure [s after the day's begin].
    pub departure: Arc<Quantiles>,
    /// Length of a leave \[days\].
    pub leave_days: Arc<Quantiles>,
    /// Draws below this are absent.
    pub absent_below: u64,
    /// Draws below this, and not below the last, begin a leave.
    pub leave_below: u64,
    /// Draws below this, and not below the last, spend the day off-site.
    pub off_site_below: u64,
    /// Threshold for a machine, or a night, to be left on.
    pub left_on: u64,
    /// Whether that is drawn per machine.
    pub left_on_by_machine: bool,
    /// Threshold for the user to stay logged on.
    pub stays_logged_on: u64,
    /// Threshold for logging off and on again during the day.
    pub relogon: u64,
}

impl HabitTables {
    pub(super) fn new(habits: &Habits, tables: &mut Tables) -> Self {
        let below = |probability: f64| threshold(probability);
        HabitTables {
            always_on: habits.always_on,
            arrival: tables.of(habits.arrival, 0),
            departure: tables.of(habits.departure, 0),
            leave_days: tables.of(habits.leave_days, 1),
            absent_below: below(habits.absent),
            leave_below: below(habits.absent + habits.leave_starts),
            off_site_below: below(habits.absent + habits.leave_starts + habits.off_site),
            left_on: below(habits.left_on),
            left_on_by_machine: habits.left_on_by_machine,
            stays_logged_on: below(habits.stays_logged_on),
            relogon: below(habits.relogon),
        }
    }
}

pub(super) fn local_days(plan: &Plan, zone: &Zone, habits: &Habits) -> Vec<Day> {
    let mut date = plan.clock.first_day;
    let mut days = Vec::with_capacity(zone.day_begins.len());
    for begins in &zone.day_begins {
        days.push(Day {
            begins: *begins,
            working: habits.works_on(date),
        });
        date = date.tomorrow().unwrap_or(date);
    }
    days
}

/// By day: the threshold for the evening's draw below which a campaign leaves a machine on that would be switched off.
/// `None` without a campaign.
pub(super) fn left_on_evenings(
    plan: &Plan,
    habits: &Habits,
    campaign: &[LeftOn],
) -> Option<Vec<u64>> {
    if campaign.is_empty() {
        return None;
    }
    let mut date = plan.clock.first_day;
    let mut evenings = Vec::with_capacity(plan.clock.days as usize);
    for _ in 0..plan.clock.days {
        let asked = campaign.iter().find(|it| it.evening == date);
        evenings.push(asked.map_or(0, |asked| {
            // Who draws every evening anew uses the same draw for both: the share is of those left over.
            let habit = if habits.left_on_by_machine {
                0.0
            } else {
                habits.left_on
            };
            threshold(habit + (1.0 - habit) * asked.share)
        }));
        date = date.tomorrow().unwrap_or(date);
    }
    Some(evenings)
}

/// Tables to draw from, each made once however many cohorts use it.
#[derive(Default)]
pub(super) struct Tables(HashMap<(Distribution, i64), Arc<Quantiles>>);

impl Tables {
    pub fn of(&mut self, distribution: Distribution, least: i64) -> Arc<Quantiles> {
        let made = self.0.entry((distribution, least));
        Arc::clone(made.or_insert_with(|| Arc::new(distribution.quantiles(least))))
    }
}
