//! Quantities as people write them: `23h`, `10 Mbit/s`, `24 MB`, `normal(8:00, 30 min)`.
//!
//! Reading one gives its value in the model's unit, or says what was found, what is wrong with it and how it is
//! written. Nothing in here knows where in a file the text stood.

use crate::engine::Distribution;
use crate::engine::time::{DAY_S, HOUR_S, MINUTE_S};

/// Why a text does not mean what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// What the text is not.
    pub title: String,
    /// What is wrong with it, said at its place.
    pub label: String,
    /// How to write it.
    pub help: String,
}

/// Longest span of time a scenario may state [s]: a hundred years of 365 days, which leaves room on the axis.
const LONGEST_SPAN_S: f64 = 36_500.0 * DAY_S as f64;
/// Greatest value of a drawn size [bytes]: what a table of quantiles can hold.
const LARGEST_DRAWN_SIZE: f64 = 4_000_000_000.0;

const SPAN_HELP: &str = "write a span of time as `23h`, `30 min`, `1h 30min` or `7 days`";
const SIZE_HELP: &str = "write a size as `24 MB`, `640 KB` or `1.5 GB`; 1 KB is 1,000 bytes";
const RATE_HELP: &str = "write a rate as `10 Mbit/s`, `128 kbit/s` or `56k`; rates count bits";
const CLOCK_HELP: &str =
    "write a time of day as `8:00` or `17:30`; `26:00` is 2:00 of the next day";

/// A span of time [s].
pub fn span(text: &str) -> Result<u32, Misread> {
    let wrong = |label: String| Misread {
        title: format!("`{text}` is not a span of time"),
        label,
        help: SPAN_HELP.to_owned(),
    };
    let mut seconds = 0.0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong("nothing is written here".to_owned()));
    }
    while !rest.is_empty() {
        let (number, after) = leading_number(rest)
            .ok_or_else(|| wrong(format!("a number is missing before `{rest}`")))?;
        let after = after.trim_start();
        let unit_ends = after
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_ends);
        let unit_s = span_unit(unit).ok_or_else(|| {
            wrong(match unit {
                "" => format!("the unit is missing after `{}`", plain(number)),
                unit => format!("`{unit}` is no unit of time"),
            })
        })?;
        seconds += number * unit_s;
        rest = after.trim_start();
    }
    if seconds > LONGEST_SPAN_S {
        return Err(wrong("longer than a hundred years".to_owned()));
    }
    Ok(libm::round(seconds) as u32)
}

fn span_unit(unit: &str) -> Option<f64> {
    let seconds = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE_S,
        "h" | "hour" | "hours" => HOUR_S,
        "d" | "day" | "days" => DAY_S,
        "w" | "week" | "weeks" => 7 * DAY_S,
        _ => return None,
    };
    Some(f64::from(seconds))
}

/// A size [bytes].
pub fn size(text: &str) -> Result<u64, Misread> {
    let wrong = |label: String| Misread {
        title: format!("`{text}` is not a size"),
        label,
        help: SIZE_HELP.to_owned(),
    };
    let (number, unit) = number_and_unit(text).map_err(wrong)?;
    let bytes = match unit.to_ascii_lowercase().as_str() {
        "b" | "byte" | "bytes" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "" => return Err(wrong("the unit is missing".to_owned())),
        "kib" | "mib" | "gib" => {
            return Err(wrong(format!(
                "`{unit}` is not used: sizes are decimal, as the articles print them"
            )));
        }
        _ => return Err(wrong(format!("`{unit}` is no unit of size"))),
    };
    bounded(number * bytes, 1e15).ok_or_else(|| wrong("more than 1,000,000 GB".to_owned()))
}

/// A rate [bit/s].
pub fn rate(text: &str) -> Result<u64, Misread> {
    let wrong = |label: String| Misread {
        title: format!("`{text}` is not a rate"),
        label,
        help: RATE_HELP.to_owned(),
    };
    let (number, unit) = number_and_unit(text).map_err(wrong)?;
    let bits = match unit {
        "MB/s" | "KB/s" | "kB/s" | "GB/s" | "B/s" | "MB" | "KB" => {
            let bits = unit.trim_end_matches("/s").replace('B', "bit");
            return Err(wrong(format!(
                "this counts bytes: `{} {}/s` would be the same in bits",
                plain(number * 8.0),
                bits.replace('K', "k")
            )));
        }
        _ => match unit.to_ascii_lowercase().as_str() {
            "bit/s" | "bps" => 1.0,
            "kbit/s" | "kbps" | "k" => 1e3,
            "mbit/s" | "mbps" | "m" => 1e6,
            "gbit/s" | "gbps" | "g" => 1e9,
            "" => return Err(wrong("the unit is missing".to_owned())),
            _ => return Err(wrong(format!("`{unit}` is no unit of rate"))),
        },
    };
    bounded(number * bits, 1e15).ok_or_else(|| wrong("more than 1,000,000 Gbit/s".to_owned()))
}

/// A time of day [s after midnight], beyond 24 h for the following night.
pub fn clock(text: &str) -> Result<u32, Misread> {
    let wrong = |label: &str| Misread {
        title: format!("`{text}` is not a time of day"),
        label: label.to_owned(),
        help: CLOCK_HELP.to_owned(),
    };
    let (hours, minutes) = text
        .trim()
        .split_once(':')
        .ok_or_else(|| wrong("hours and minutes are separated by a colon"))?;
    let digits = |group: &str, least: usize| {
        let fits = (least..=2).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| group.parse::<u32>().ok()).flatten()
    };
    let hours = digits(hours, 1).ok_or_else(|| wrong("the hours are not one or two digits"))?;
    let minutes = digits(minutes, 2).ok_or_else(|| wrong("the minutes are not two digits"))?;
    if minutes > 59 {
        return Err(wrong("an hour has 60 minutes"));
    }
    if hours > 47 {
        return Err(wrong("later than the end of the following day"));
    }
    Ok(hours * HOUR_S + minutes * MINUTE_S)
}

/// What a distribution is over: how its values are read and which families make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Spans of time [s].
    Spans,
    /// Sizes [bytes].
    Sizes,
    /// Times of day [s after midnight].
    Clocks,
}

impl Over {
    /// One value of this kind.
    fn value(self, text: &str) -> Result<i64, Misread> {
        match self {
            Over::Spans => span(text).map(i64::from),
            Over::Clocks => clock(text).map(i64::from),
            Over::Sizes => size(text).map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
        }
    }

    /// How far values lie apart; for times of day, a span.
    fn width(self, text: &str) -> Result<i64, Misread> {
        match self {
            Over::Clocks => Over::Spans.value(text),
            _ => self.value(text),
        }
    }

    /// How to write one.
    fn help(self) -> &'static str {
        match self {
            Over::Spans => {
                "write one value, `30 min`, or what to draw from: `uniform(1h, 3h)`, `triangular(1h, 2h, 4h)`, \
                 `normal(2h, 30 min)` (mean, deviation), `exponential(2h)` (mean), `lognormal(1h, 5h)` (median, 95 %)"
            }
            Over::Sizes => {
                "write one value, `16 MB`, or what to draw from: `uniform(8 MB, 24 MB)`, \
                 `triangular(8 MB, 12 MB, 24 MB)`, `normal(16 MB, 2 MB)` (mean, deviation), `exponential(16 MB)` \
                 (mean), `lognormal(12 MB, 24 MB)` (median, 95 %)"
            }
            Over::Clocks => {
                "write one time of day, `8:00`, or what to draw from: `uniform(7:30, 9:00)`, \
                 `triangular(7:00, 8:00, 10:00)`, `normal(8:00, 30 min)` (mean, deviation)"
            }
        }
    }
}

/// A distribution, or one value that is always drawn.
pub fn distribution(text: &str, over: Over) -> Result<Distribution, Misread> {
    let wrong = |label: String| Misread {
        title: format!("`{text}` cannot be drawn from"),
        label,
        help: over.help().to_owned(),
    };
    let within = |misread: Misread| wrong(format!("{}: {}", misread.title, misread.label));
    let trimmed = text.trim();
    let Some((family, rest)) = trimmed.split_once('(') else {
        let value = over.value(trimmed).map_err(within)?;
        return drawable(Distribution::Constant(value), over).map_err(wrong);
    };
    let inside = rest
        .strip_suffix(')')
        .ok_or_else(|| wrong("the closing parenthesis is missing".to_owned()))?;
    let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
    let value = |text: &str| over.value(text).map_err(within);
    let width = |text: &str| over.width(text).map_err(within);
    let family = family.trim();
    let drawn = match (family, parts.as_slice()) {
        ("uniform", [low, high]) => Distribution::Uniform(value(low)?, value(high)?),
        ("triangular", [low, mode, high]) => {
            Distribution::Triangular(value(low)?, value(mode)?, value(high)?)
        }
        ("normal", [mean, deviation]) => Distribution::Normal(value(mean)?, width(deviation)?),
        ("exponential", [mean]) if over != Over::Clocks => Distribution::Exponential(value(mean)?),
        ("lognormal", [median, p95]) if over != Over::Clocks => {
            Distribution::LogNormal(value(median)?, value(p95)?)
        }
        _ => return Err(wrong(wrong_family(family, parts.len(), over))),
    };
    drawable(drawn, over).map_err(wrong)
}

/// What is wrong with a family that does not exist, does not fit, or has another number of values.
fn wrong_family(family: &str, found: usize, over: Over) -> String {
    let takes = match family {
        "uniform" | "normal" => 2,
        "triangular" => 3,
        "exponential" | "lognormal" if over == Over::Clocks => {
            return format!("`{family}` has no latest time of day");
        }
        "exponential" => 1,
        "lognormal" => 2,
        _ => return format!("`{family}` is no distribution"),
    };
    format!("`{family}` takes {takes} values, here are {found}")
}

/// The distribution, if its values are in order and within what can be drawn.
fn drawable(drawn: Distribution, over: Over) -> Result<Distribution, String> {
    let ordered = match drawn {
        Distribution::Uniform(low, high) => low <= high,
        Distribution::Triangular(low, mode, high) => low <= mode && mode <= high,
        Distribution::LogNormal(median, p95) => 0 < median && median < p95,
        Distribution::Constant(_) | Distribution::Normal(..) | Distribution::Exponential(_) => true,
    };
    if !ordered {
        return Err(match drawn {
            Distribution::LogNormal(..) => "the median must be above 0 and below the 95 % value",
            _ => "the values must go from least to greatest",
        }
        .to_owned());
    }
    let greatest = drawn.quantile(1.0);
    match over {
        Over::Sizes if greatest > LARGEST_DRAWN_SIZE => {
            Err("draws of more than 4 GB are not supported".to_owned())
        }
        Over::Spans if greatest > LONGEST_SPAN_S => {
            Err("draws of more than a hundred years are not supported".to_owned())
        }
        _ => Ok(drawn),
    }
}

/// A number and what follows it, without the blanks between.
fn number_and_unit(text: &str) -> Result<(f64, &str), String> {
    let trimmed = text.trim();
    let (number, unit) =
        leading_number(trimmed).ok_or_else(|| "a number is missing at the start".to_owned())?;
    Ok((number, unit.trim()))
}

/// The unsigned decimal number that `text` starts with, and the rest.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let ends = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(ends);
    Some((number.parse().ok()?, rest))
}

/// The value as a whole number, unless it exceeds `most`.
fn bounded(value: f64, most: f64) -> Option<u64> {
    (value <= most).then(|| libm::round(value) as u64)
}

/// A number without needless decimals.
fn plain(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up_and_know_their_units() {
        assert_eq!(span("23h"), Ok(82_800));
        assert_eq!(span("1h 30min"), Ok(5_400));
        assert_eq!(span("1.5 h"), Ok(5_400));
        assert_eq!(span("7 days"), Ok(604_800));
        assert_eq!(span("0s"), Ok(0));
        assert_eq!(
            span("23 hors").unwrap_err().label,
            "`hors` is no unit of time"
        );
        assert_eq!(
            span("23").unwrap_err().label,
            "the unit is missing after `23`"
        );
        assert_eq!(
            span("-1h").unwrap_err().label,
            "a number is missing before `-1h`"
        );
        for text in ["", "h", "1..5h", "999999999999 days", "1h,30min"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_decimal_and_rates_count_bits() {
        assert_eq!(size("24 MB"), Ok(24_000_000));
        assert_eq!(size("640KB"), Ok(640_000));
        assert_eq!(rate("10 Mbit/s"), Ok(10_000_000));
        assert_eq!(rate("33.6 kbit/s"), Ok(33_600));
        assert_eq!(rate("56k"), Ok(56_000));
        let bytes = rate("1.5 MB/s").unwrap_err();
        assert_eq!(
            bytes.label,
            "this counts bytes: `12 Mbit/s` would be the same in bits"
        );
        for text in [
            "24",
            "MB",
            "24 Mbit",
            "1e9999 MB",
            "99999999999999999999 GB",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
        for text in ["10", "10 parsecs", "99999999999999999999 Gbit/s"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_of_day_reach_into_the_following_night() {
        assert_eq!(clock("8:00"), Ok(28_800));
        assert_eq!(clock("26:30"), Ok(95_400));
        for text in ["8", "8:5", "8:60", "48:00", "-1:00", "eight:00"] {
            assert!(clock(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_family_is_read_with_its_own_values() {
        let read = |text| distribution(text, Over::Spans).unwrap();
        assert_eq!(read("30 min"), Distribution::Constant(1_800));
        assert_eq!(
            read("uniform(1h, 3h)"),
            Distribution::Uniform(3_600, 10_800)
        );
        assert_eq!(
            read("triangular(1h,2h,4h)"),
            Distribution::Triangular(3_600, 7_200, 14_400)
        );
        assert_eq!(read("exponential(2h)"), Distribution::Exponential(7_200));
        assert_eq!(
            read("lognormal(1h, 5h)"),
            Distribution::LogNormal(3_600, 18_000)
        );
        let arrival = distribution("normal(8:00, 30min)", Over::Clocks);
        assert_eq!(arrival, Ok(Distribution::Normal(28_800, 1_800)));
    }

    #[test]
    fn what_cannot_be_drawn_from_is_refused_with_its_reason() {
        let label = |text, over| distribution(text, over).unwrap_err().label;
        assert_eq!(
            label("uniform(3h, 1h)", Over::Spans),
            "the values must go from least to greatest"
        );
        assert_eq!(
            label("uniform(3h)", Over::Spans),
            "`uniform` takes 2 values, here are 1"
        );
        assert_eq!(
            label("gauss(1h, 2h)", Over::Spans),
            "`gauss` is no distribution"
        );
        assert_eq!(
            label("uniform(1h, 3h", Over::Spans),
            "the closing parenthesis is missing"
        );
        assert_eq!(
            label("exponential(8:00)", Over::Clocks),
            "`exponential` has no latest time of day"
        );
        assert!(distribution("lognormal(0s, 1h)", Over::Spans).is_err());
        assert!(distribution("uniform(1 MB, 5 GB)", Over::Sizes).is_err());
        assert!(distribution("lognormal(1s, 90 years)", Over::Spans).is_err());
        assert!(distribution("lognormal(1s, 30000 days)", Over::Spans).is_err());
    }
}
