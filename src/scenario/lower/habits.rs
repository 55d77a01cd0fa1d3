//! Habits: the built-in ones and those of the scenario.

use super::Lowering;
use crate::engine::Distribution;
use crate::plan::{Habits, HabitsId};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::HabitsFile;
use crate::scenario::placed::Placed;
use crate::scenario::source::Place;
use crate::scenario::suggest::{did_you_mean, listed};
use std::collections::BTreeMap;

/// Habits that others start from when they do not say.
const BASE: &str = "office";

impl Lowering<'_> {
    /// Adds the habits that the scenario defines.
    pub(super) fn add_habits(&mut self, habits: &[Placed<HabitsFile>]) {
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        for entry in habits {
            let name = &entry.value.name;
            if let Some(first) = first.get(name.value.as_str()) {
                self.twice("habits", &name.value, &name.place, first);
                continue;
            }
            first.insert(&name.value, &name.place);
            let base = self.base(&entry.value);
            let habits = varied(base, &entry.value);
            self.check_days(&habits, &entry.value);
            self.put_habits(habits);
        }
    }

    /// The id of habits by name; built-in ones are added when first used.
    pub(super) fn habits(&mut self, name: &str, place: &Place) -> Option<HabitsId> {
        if let Some(known) = self.habits_ids.get(name) {
            return Some(*known);
        }
        if let Some(built_in) = Habits::built_in(name) {
            return Some(self.put_habits(built_in));
        }
        self.unknown_habits(name, place);
        None
    }

    fn put_habits(&mut self, habits: Habits) -> HabitsId {
        let id = HabitsId(self.habits.len() as u16);
        self.habits_ids.insert(habits.name.clone(), id);
        self.habits.push(habits);
        id
    }

    fn unknown_habits(&mut self, name: &str, place: &Place) {
        let own = self.habits_ids.keys().map(String::as_str);
        // Built-in habits that are in use, or defined anew, are among the scenario's own as well.
        let own = own.filter(|name| !Habits::BUILT_IN.contains(name));
        let known: Vec<&str> = Habits::BUILT_IN.into_iter().chain(own).collect();
        let label = did_you_mean(name, known.iter().copied());
        let complaint = Complaint::new(
            format!("there are no habits `{name}`"),
            place.clone(),
            label,
        );
        self.complaints.push(
            complaint
                .help(format!("the habits are {}", listed(known)))
                .relying_on(ReliesOn::Habits),
        );
    }

    /// What the habits start from: earlier ones of the scenario, or built-in ones.
    fn base(&mut self, file: &HabitsFile) -> Habits {
        let office = || Habits::built_in(BASE);
        let like = file.like.as_ref().map_or(BASE, |like| like.value.as_str());
        let earlier = self
            .habits_ids
            .get(like)
            .map(|id| self.habits[id.index()].clone());
        let found = earlier.or_else(|| Habits::built_in(like));
        if let (None, Some(like)) = (&found, &file.like) {
            self.unknown_habits(&like.value, &like.place);
        }
        found.or_else(office).expect("office is built in")
    }

    fn check_days(&mut self, habits: &Habits, file: &HabitsFile) {
        let name = &file.name;
        if let Some(leave) = file
            .leave
            .as_ref()
            .filter(|_| habits.leave_days.range().1 > 3_650)
        {
            let title = "a leave of more than ten years is not supported";
            self.complaints
                .push(Complaint::new(title, leave.place.clone(), "too long"));
        }
        if !habits.always_on && habits.departure.quantile(0.5) <= habits.arrival.quantile(0.5) {
            let at = file.departure.as_ref().or(file.arrival.as_ref());
            let place = at.map_or(name.place.clone(), |at| at.place.clone());
            let title = format!(
                "with habits `{}`, users leave before they arrive",
                name.value
            );
            let complaint = Complaint::new(title, place, "most leave earlier than most arrive");
            let help =
                "for night work write the departure beyond 24:00: `30:00` is 6:00 of the next day";
            self.complaints.push(complaint.help(help));
            return;
        }
        if habits.always_on || habits.days_are_apart() {
            return;
        }
        let hour = |seconds: i64| {
            format!(
                "{}:{:02}",
                seconds / 3_600,
                (seconds.rem_euclid(3_600)) / 60
            )
        };
        let (earliest, latest) = habits.arrival.range();
        let (_, departure) = habits.departure.range();
        let complaint = Complaint::new(
            format!("the days of `{}` overlap", name.value),
            file.departure
                .as_ref()
                .or(file.arrival.as_ref())
                .map_or(name.place.clone(), |at| at.place.clone()),
            format!("somebody may leave as late as {}", hour(departure)),
        );
        let help = format!(
            "everybody arrives between 0:00 and 23:59 and has left before the first arrives a day later; here arrivals \
             are from {} to {}",
            hour(earliest),
            hour(latest)
        );
        self.complaints.push(complaint.help(help));
    }
}

/// The base with what the file says differently.
fn varied(base: Habits, file: &HabitsFile) -> Habits {
    Habits {
        name: file.name.value.clone(),
        always_on: file.always_on.unwrap_or(base.always_on),
        working_days: file
            .working_days
            .as_ref()
            .map_or(base.working_days, |listed| {
                std::array::from_fn(|at| listed.iter().any(|day| *day as usize == at))
            }),
        holidays: file.holidays.as_ref().map_or(base.holidays, |dates| {
            dates.iter().map(|date| date.value.0).collect()
        }),
        arrival: file
            .arrival
            .as_ref()
            .map_or(base.arrival, |arrival| arrival.value.0),
        departure: file
            .departure
            .as_ref()
            .map_or(base.departure, |departure| departure.value.0),
        absent: file.absent.unwrap_or(base.absent),
        leave_starts: file.leave_starts.unwrap_or(base.leave_starts),
        leave_days: file
            .leave
            .as_ref()
            .map_or(base.leave_days, |leave| in_days(leave.value.0)),
        left_on: file.left_on.unwrap_or(base.left_on),
        left_on_by_machine: file.left_on_by_machine.unwrap_or(base.left_on_by_machine),
        stays_logged_on: file.stays_logged_on.unwrap_or(base.stays_logged_on),
        relogon: file.relogon.unwrap_or(base.relogon),
        off_site: file.off_site.unwrap_or(base.off_site),
    }
}

/// A distribution of spans [s] as one of whole days.
fn in_days(spans: Distribution) -> Distribution {
    let days = |seconds: i64| (seconds + 43_200) / 86_400;
    match spans {
        Distribution::Constant(value) => Distribution::Constant(days(value)),
        Distribution::Uniform(low, high) => Distribution::Uniform(days(low), days(high)),
        Distribution::Triangular(low, mode, high) => {
            Distribution::Triangular(days(low), days(mode), days(high))
        }
        Distribution::Normal(mean, deviation) => Distribution::Normal(days(mean), days(deviation)),
        Distribution::Exponential(mean) => Distribution::Exponential(days(mean)),
        Distribution::LogNormal(median, p95) => {
            let median = days(median).max(1);
            Distribution::LogNormal(median, days(p95).max(median + 1))
        }
    }
}
