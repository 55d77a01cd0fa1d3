//! Text for terminals of 80 columns.

use jiff::civil::DateTime;
use std::ffi::OsString;
use std::io::{self, Write};

/// Columns of a line.
pub(super) const WIDTH: usize = 80;

/// A whole number with its digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A mean with as many digits as say something.
pub(super) fn mean(number: f64) -> String {
    if number >= 10.0 || number.fract() == 0.0 {
        grouped(number.round().max(0.0) as u64)
    } else {
        format!("{number:.1}")
    }
}

/// `1 site`, `2 sites`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A mean number of things.
pub(super) fn count_mean(number: f64, noun: &str) -> String {
    let text = mean(number);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} {noun}{plural}")
}

/// A size in decimal units.
pub(super) fn bytes(number: f64) -> String {
    scaled(number, &["bytes", "kB", "MB", "GB", "TB"])
}

fn scaled(number: f64, units: &[&str]) -> String {
    let mut number = number;
    let mut unit = 0;
    while number >= 1_000.0 && unit + 1 < units.len() {
        number /= 1_000.0;
        unit += 1;
    }
    let decimals = if number >= 100.0 || number.fract() == 0.0 {
        0
    } else {
        1
    };
    format!("{number:.decimals$} {}", units[unit])
}

/// A span in hours, or in days from four days on.
pub(super) fn hours(number: f64) -> String {
    let (number, unit) = in_hours_or_days(number);
    format!("{number} {unit}")
}

/// From one span to another, with the unit named once where it is the same; `alike` where both read the same.
pub(super) fn hours_from_to(from: Option<f64>, to: Option<f64>) -> String {
    let (Some(from), Some(to)) = (from, to) else {
        let [from, to] = [from, to].map(|it| it.map_or("never".to_owned(), hours));
        return format!("{from} to {to}");
    };
    let ((low, unit), (high, other)) = (in_hours_or_days(from), in_hours_or_days(to));
    if unit == other && low == high {
        "alike".to_owned()
    } else if unit == other {
        format!("{low} to {high} {unit}")
    } else {
        format!("{low} {unit} to {high} {other}")
    }
}

fn in_hours_or_days(hours: f64) -> (String, &'static str) {
    let (number, unit) = if hours < 96.0 {
        (hours, "h")
    } else {
        (hours / 24.0, "days")
    };
    let text = format!("{number:.1}");
    (text.strip_suffix(".0").unwrap_or(&text).to_owned(), unit)
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    let number = share * 100.0;
    let decimals = if number >= 10.0 || number == 0.0 {
        0
    } else {
        1
    };
    format!("{number:.decimals$} %")
}

/// `Fri 2000-06-23 18:00`.
pub(super) fn day_and_time(local: DateTime) -> String {
    local.strftime("%a %Y-%m-%d %H:%M").to_string()
}

/// Cut to a line, with an ellipsis where something is missing.
pub(super) fn fit(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    let kept: String = text.chars().take(WIDTH - 3).collect();
    format!("{}...", kept.trim_end())
}

/// Text as it is where it fits on a line; else in several, the second and later ones after `indent` blanks.
pub(super) fn hanging(indent: usize, text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return format!("{text}\n");
    }
    let blanks = text.len() - text.trim_start().len();
    let mut cut = None;
    for (columns, (at, letter)) in text.char_indices().enumerate() {
        if columns > WIDTH {
            break;
        }
        if letter == ' ' && at > blanks.max(indent) {
            cut = Some(at);
        }
    }
    match cut {
        None => format!("{}\n", fit(text)),
        Some(cut) => {
            let rest = format!("{:indent$}{}", "", text[cut..].trim_start());
            format!("{}\n{}", text[..cut].trim_end(), hanging(indent, &rest))
        }
    }
}

/// Text in lines of at most 80 columns, each after `indent` blanks.
pub(super) fn wrapped(out: &mut dyn Write, indent: usize, text: &str) -> io::Result<()> {
    out.write_all(paragraph(indent, text).as_bytes())
}

/// The lines that [`wrapped`] writes.
pub(super) fn paragraph(indent: usize, text: &str) -> String {
    let mut lines = String::new();
    let mut columns = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length <= WIDTH {
            lines.push(' ');
            columns += 1 + length;
        } else {
            if columns > 0 {
                lines.push('\n');
            }
            lines.extend(std::iter::repeat_n(' ', indent));
            columns = indent + length;
        }
        lines.push_str(word);
    }
    if columns > 0 {
        lines.push('\n');
    }
    lines
}

/// Rows as CSV on standard output.
pub(super) fn csv<const WIDTH: usize>(
    out: &mut dyn Write,
    header: [&str; WIDTH],
    rows: impl IntoIterator<Item = [String; WIDTH]>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    writer.flush()
}

/// Arguments as they can be typed again.
pub(super) fn command(arguments: &[OsString]) -> String {
    let quote = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let plain = |it: char| it.is_alphanumeric() || "-_./=:+,@%".contains(it);
        if !text.is_empty() && text.chars().all(plain) {
            text.into_owned()
        } else {
            format!("'{}'", text.replace('\'', r"'\''"))
        }
    };
    let words: Vec<String> = arguments.iter().map(quote).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_easily() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(mean(2.34), "2.3");
        assert_eq!(mean(12.6), "13");
        assert_eq!(count(1, "site"), "1 site");
        assert_eq!(bytes(24_000_000.0), "24 MB");
        assert_eq!(bytes(1_500.0), "1.5 kB");
        assert_eq!(hours(26.5), "26.5 h");
        assert_eq!(hours(240.0), "10 days");
        assert_eq!(hours_from_to(Some(2.0), Some(4.5)), "2 to 4.5 h");
        assert_eq!(hours_from_to(Some(95.0), Some(120.0)), "95 h to 5 days");
        assert_eq!(hours_from_to(Some(3.0), None), "3 h to never");
        assert_eq!(hours_from_to(Some(240.0), Some(240.1)), "alike");
        assert_eq!(percent(0.0154), "1.5 %");
    }

    #[test]
    fn lines_keep_within_80_columns() {
        let text = paragraph(4, &"word ".repeat(40));
        assert_eq!(text.lines().count(), 3);
        assert!(
            text.lines()
                .all(|line| line.len() <= WIDTH && line.starts_with("    word"))
        );
        assert_eq!(fit(&"x".repeat(90)).len(), WIDTH);
    }

    #[test]
    fn a_long_line_goes_on_below_its_text() {
        let short = "Load       nothing";
        assert_eq!(hanging(11, short), format!("{short}\n"));
        let long = format!("Stuck      {}", "word ".repeat(20));
        let lines = hanging(11, long.trim_end());
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
        assert!(lines.lines().nth(1).unwrap().starts_with("           word"));
        assert_eq!(lines.split_whitespace().count(), 21);
        let whole = format!("Set        {}", "x".repeat(90));
        assert_eq!(hanging(11, &whole).trim_end().len(), WIDTH);
    }

    #[test]
    fn a_command_can_be_typed_again() {
        let words = ["smsim", "run", "my plan.toml", "--set", "a.b=it's"];
        assert_eq!(
            command(&words.map(OsString::from)),
            r"smsim run 'my plan.toml' --set 'a.b=it'\''s'"
        );
    }
}
