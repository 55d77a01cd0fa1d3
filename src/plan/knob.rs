//! What may be varied in a scenario: paths into it, and the values they may take.
//!
//! Knows values as numbers on a scale and as a scenario writes them; what a path leads to is the business of
//! `scenario`.

use crate::engine::time::{DAY_S, HOUR_S, MINUTE_S};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

/// Something that may be varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// Name in results and filters.
    pub name: String,
    /// Paths into the scenario, which all take the same value.
    pub paths: Vec<String>,
    /// The values they may take.
    pub axis: Axis,
    /// What they cost: of a list each value, of a range the first and the last; empty: nothing.
    pub costs: Vec<f64>,
}

/// The values of a knob.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// These, in this order; at least one.
    List(Vec<Setting>),
    /// Anything from one number to a larger one.
    Range {
        /// What the numbers are.
        scale: Scale,
        /// The smallest.
        from: f64,
        /// The largest.
        to: f64,
        /// Distance between two values; none: as fine as the scale allows.
        step: Option<f64>,
    },
}

/// What the numbers of a range are, and so how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Spans of time \[s\].
    Span,
    /// Rates [bit/s].
    Rate,
    /// Sizes \[bytes\].
    Size,
    /// Local times [s since 1900].
    Time,
}

/// One value of a knob.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// As it is put into the scenario: TOML.
    pub toml: String,
    /// As it is shown.
    pub shown: String,
    /// The number it stands for, if any.
    pub number: Option<f64>,
}

/// Positions on a range without steps at which a search that moves from value to value looks.
const FINEST: usize = 101;

impl Axis {
    /// Number of values; none if they are not counted.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match self {
            Axis::List(settings) => Some(settings.len()),
            Axis::Range { from, to, step, .. } => {
                step.map(|step| libm::floor((to - from) / step + 1e-9) as usize + 1)
            }
        }
    }

    /// Number of values that a search tells apart: all of them, or a hundredth of the range each.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.count().unwrap_or(FINEST)
    }

    /// The value at one of [`Axis::levels`].
    #[must_use]
    pub fn level(&self, level: usize) -> Setting {
        let last = self.levels().saturating_sub(1).max(1);
        self.at(level as f64 / last as f64)
    }

    /// The value at a position from 0, the first, to 1, the last.
    #[must_use]
    pub fn at(&self, position: f64) -> Setting {
        let position = position.clamp(0.0, 1.0);
        match self {
            Axis::List(settings) => {
                let last = settings.len().saturating_sub(1);
                settings[libm::round(position * last as f64) as usize].clone()
            }
            Axis::Range {
                scale,
                from,
                to,
                step,
            } => {
                let number = match step {
                    None => from + position * (to - from),
                    Some(step) => {
                        let last = self.levels().saturating_sub(1);
                        from + step * libm::round(position * last as f64)
                    }
                };
                scale.setting(number)
            }
        }
    }

    /// The position of the value that [`Axis::at`] gives.
    #[must_use]
    pub fn settled(&self, position: f64) -> f64 {
        let position = position.clamp(0.0, 1.0);
        match (self, self.count()) {
            (_, None) => position,
            (_, Some(0 | 1)) => 0.0,
            (Axis::List(_), Some(count)) => {
                let last = count as f64 - 1.0;
                libm::round(position * last) / last
            }
            (Axis::Range { from, to, step, .. }, Some(count)) => {
                let level = libm::round(position * (count as f64 - 1.0));
                level * step.unwrap_or(0.0) / (to - from)
            }
        }
    }
}

impl Scale {
    /// A number on the scale as a value.
    #[must_use]
    pub fn setting(self, number: f64) -> Setting {
        let rounded = match self {
            Scale::Number => libm::round(number * 1e6) / 1e6,
            _ => libm::round(number),
        };
        let whole = rounded as i64;
        let quoted = |text: String| (format!("\"{text}\""), text);
        let (toml, shown) = match self {
            Scale::Whole => (whole.to_string(), whole.to_string()),
            Scale::Number => (format!("{rounded:?}"), format!("{rounded}")),
            Scale::Span => quoted(span(whole)),
            Scale::Rate => quoted(scaled(whole, ["bit/s", "kbit/s", "Mbit/s"])),
            Scale::Size => quoted(scaled(whole, ["bytes", "kB", "MB"])),
            Scale::Time => {
                let at = local(whole).strftime("%Y-%m-%d %H:%M:%S").to_string();
                (at.clone(), at)
            }
        };
        Setting {
            toml,
            shown,
            number: Some(rounded),
        }
    }

    /// A number as it is shown.
    #[must_use]
    pub fn shown(self, number: f64) -> String {
        self.setting(number).shown
    }

    /// The name of its unit in results.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Scale::Whole | Scale::Number => "",
            Scale::Span => "s",
            Scale::Rate => "bit/s",
            Scale::Size => "bytes",
            Scale::Time => "local time",
        }
    }
}

/// A span in the largest unit of which it is a whole number, or in hours, minutes and seconds.
fn span(seconds: i64) -> String {
    let units = [(DAY_S, "days"), (HOUR_S, "h"), (MINUTE_S, "min")];
    let fits = |&&(unit, _): &&(u32, &str)| seconds != 0 && seconds % i64::from(unit) == 0;
    if let Some((unit, name)) = units.iter().find(fits) {
        let number = seconds / i64::from(*unit);
        // 1925 min would be no more than a riddle.
        if *unit != MINUTE_S || number < 120 {
            let name = if (number, *unit) == (1, DAY_S) {
                "day"
            } else {
                name
            };
            return format!("{number} {name}");
        }
    }
    let (hour, minute) = (i64::from(HOUR_S), i64::from(MINUTE_S));
    let parts = [
        (seconds / hour, "h"),
        (seconds % hour / minute, "min"),
        (seconds % minute, "s"),
    ];
    let named = parts.iter().filter(|(number, _)| *number != 0);
    let text: Vec<String> = named
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    match text.is_empty() {
        true => "0 s".to_owned(),
        false => text.join(" "),
    }
}

/// A number in the largest of three units, each a thousand of the one before, of which it is a whole number.
fn scaled(number: i64, units: [&str; 3]) -> String {
    let fits = |&power: &u32| power == 0 || (number != 0 && number % 1_000_i64.pow(power) == 0);
    let power = (0..3).rev().find(fits).unwrap_or(0);
    format!(
        "{} {}",
        number / 1_000_i64.pow(power),
        units[power as usize]
    )
}

/// A local time as a number [s since 1900].
#[must_use]
pub fn seconds_of(local: DateTime) -> f64 {
    local.duration_since(epoch()).as_secs() as f64
}

/// The local time of a number [s since 1900].
fn local(seconds: i64) -> DateTime {
    let after = SignedDuration::from_secs(seconds);
    // Numbers come from local times, and ranges lie between them.
    epoch().checked_add(after).unwrap_or(DateTime::MAX)
}

fn epoch() -> DateTime {
    date(1900, 1, 1).at(0, 0, 0, 0)
}

impl Knob {
    /// The arguments that give the knob this value, as `--set` takes them.
    pub fn sets<'a>(&'a self, setting: &'a Setting) -> impl Iterator<Item = String> + 'a {
        let paths = self.paths.iter();
        paths.map(move |path| format!("{path}={}", setting.toml))
    }

    /// What this value costs; on a range in proportion between the costs of its ends.
    #[must_use]
    pub fn cost(&self, setting: &Setting) -> f64 {
        match (&self.axis, self.costs.as_slice()) {
            (Axis::List(settings), costs) => {
                let listed = settings.iter().zip(costs);
                let found = listed.into_iter().find(|(it, _)| it.toml == setting.toml);
                found.map_or(0.0, |(_, cost)| *cost)
            }
            (Axis::Range { from, to, .. }, [first, last]) => {
                let part = (setting.number.unwrap_or(*from) - from) / (to - from);
                first + part * (last - first)
            }
            (Axis::Range { .. }, _) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(scale: Scale, from: f64, to: f64, step: Option<f64>) -> Axis {
        Axis::Range {
            scale,
            from,
            to,
            step,
        }
    }

    #[test]
    fn steps_count_from_the_first_value() {
        let axis = range(Scale::Span, 3_600.0, 4.5 * 3_600.0, Some(3_600.0));
        assert_eq!(axis.count(), Some(4));
        let shown: Vec<String> = (0..4).map(|it| axis.level(it).shown).collect();
        assert_eq!(shown, ["1 h", "2 h", "3 h", "4 h"]);
        assert_eq!(axis.at(0.4).shown, "2 h");
        assert!((axis.settled(0.4) - 1.0 / 3.5).abs() < 1e-12);
        let tenths = range(Scale::Number, 0.1, 0.5, Some(0.1));
        assert_eq!(tenths.count(), Some(5));
        assert_eq!(tenths.level(2).toml, "0.3");
        assert_eq!(tenths.level(4).toml, "0.5");
    }

    #[test]
    fn every_scale_is_written_as_a_scenario_reads_it() {
        let toml = |scale: Scale, number| scale.setting(number).toml;
        assert_eq!(toml(Scale::Whole, 2.6), "3");
        assert_eq!(toml(Scale::Number, 1.0), "1.0");
        assert_eq!(toml(Scale::Span, 5_400.0), "\"90 min\"");
        assert_eq!(toml(Scale::Span, 0.0), "\"0 s\"");
        assert_eq!(toml(Scale::Span, 86_400.0), "\"1 day\"");
        assert_eq!(toml(Scale::Span, 107_900.0), "\"29h 58min 20s\"");
        assert_eq!(toml(Scale::Rate, 1_544_000.0), "\"1544 kbit/s\"");
        assert_eq!(toml(Scale::Size, 24e6), "\"24 MB\"");
        let at = seconds_of(date(2000, 6, 23).at(18, 0, 0, 0));
        assert_eq!(toml(Scale::Time, at), "2000-06-23 18:00:00");
        assert_eq!(toml(Scale::Time, at + 86_400.0), "2000-06-24 18:00:00");
    }

    #[test]
    fn a_list_is_walked_by_position() {
        let text = |text: &str| Setting {
            toml: format!("\"{text}\""),
            shown: text.to_owned(),
            number: None,
        };
        let axis = Axis::List(vec![text("a"), text("b"), text("c")]);
        assert_eq!(axis.levels(), 3);
        assert_eq!(axis.at(0.7).shown, "b");
        assert_eq!(axis.at(9.0).shown, "c");
        assert_eq!(range(Scale::Number, 0.0, 1.0, None).levels(), FINEST);
    }

    #[test]
    fn every_path_of_a_knob_is_set() {
        let knob = Knob {
            name: "k".to_owned(),
            paths: vec!["a.b".to_owned(), "c".to_owned()],
            axis: range(Scale::Whole, 1.0, 2.0, None),
            costs: Vec::new(),
        };
        let setting = knob.axis.at(1.0);
        let sets: Vec<String> = knob.sets(&setting).collect();
        assert_eq!(sets, ["a.b=2", "c=2"]);
    }

    #[test]
    fn values_cost_what_is_listed_and_ranges_in_proportion() {
        let mut knob = Knob {
            name: "k".to_owned(),
            paths: vec!["c".to_owned()],
            axis: range(Scale::Number, 0.0, 1.0, Some(0.25)),
            costs: vec![100.0, 500.0],
        };
        let cost = |knob: &Knob, level| knob.cost(&knob.axis.level(level));
        assert_eq!([0, 1, 4].map(|it| cost(&knob, it)), [100.0, 200.0, 500.0]);
        knob.costs.clear();
        assert_eq!(cost(&knob, 4), 0.0);
        knob.axis = Axis::List([1.0, 2.0].map(|it| Scale::Whole.setting(it)).to_vec());
        assert_eq!(cost(&knob, 1), 0.0);
        knob.costs = vec![7.0, 9.0];
        assert_eq!(cost(&knob, 1), 9.0);
    }
}
