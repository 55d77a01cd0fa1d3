//! An observed curve: dates and percent, as consoles export them.
//!
//! CSV with commas, semicolons or tabs, in whatever encoding it comes, or a workbook. The first cell of a line is the
//! date; the percent stand in the column whose heading has `%` or `percent` in it, or else in the last. Dates are local
//! times of the scenario: 2000-06-23 18:00:00, American 6/23/2000 6:00 PM, or German 23.06.2000 18:00; the time may be left
//! out, and years have two digits or four. Lines before the first date are headings.

use super::sheet::text_of;
use jiff::civil::{Date, DateTime, Time};

/// One observed point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Local time of the scenario.
    pub at: DateTime,
    /// Share of clients, 0 to 1.
    pub share: f64,
}

/// Fewest points that make a curve.
const FEWEST: usize = 3;

/// Below this the largest of all percentages looks like a share from 0 to 1.
const A_SHARE: f64 = 0.01;

/// Reads an observed curve out of the bytes of a file.
///
/// # Errors
/// What is wrong with it, by line.
pub fn observed(bytes: &[u8]) -> Result<Vec<Point>, String> {
    let text = text_of(bytes, None)?;
    let mut points: Vec<Point> = Vec::new();
    let mut column = None;
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |why: String| format!("line {number}: {why}");
        let cells = cells(line);
        let Some(first) = cells.first().filter(|_| !line.trim().is_empty()) else {
            continue;
        };
        let at = match local_time(first) {
            Ok(at) => at,
            Err(_) if points.is_empty() && !has_date(first) => {
                column = column.or_else(|| heading(&cells));
                continue;
            }
            Err(why) => return Err(wrong(why)),
        };
        let cell = cells.get(column.unwrap_or(cells.len() - 1));
        let cell = cell.map_or("", String::as_str);
        let share = percent(cell).filter(|_| cells.len() > 1);
        let Some(share) = share else {
            return Err(wrong(format!("{cell:?} is no percentage from 0 to 100")));
        };
        if points.last().is_some_and(|before| before.at >= at) {
            return Err(wrong(format!(
                "{first:?} does not come after the line before"
            )));
        }
        points.push(Point { at, share });
    }
    let most = points.iter().map(|it| it.share).fold(0.0, f64::max);
    match points.len() {
        count if count < FEWEST => Err(format!(
            "{count} points are no curve: each line needs a date and a percentage, as in `2000-06-26 08:00:00,57.5`"
        )),
        _ if most > 0.0 && most <= A_SHARE => Err(format!(
            "no point is above 1 %: write percent, {} in place of {}",
            libm::round(most * 1e8) / 1e4,
            libm::round(most * 1e8) / 1e6
        )),
        _ => Ok(points),
    }
}

/// The column whose heading speaks of percent.
fn heading(cells: &[String]) -> Option<usize> {
    cells.iter().position(|cell| {
        let cell = cell.to_lowercase();
        cell.contains('%') || cell.contains("percent") || cell.contains("prozent")
    })
}

/// The cells of a line.
fn cells(line: &str) -> Vec<String> {
    // A comma may be a decimal comma where semicolons or tabs stand between the cells, or quotes around them.
    let unquoted: String = line.split('"').step_by(2).collect();
    let between = ['\t', ';', ',']
        .into_iter()
        .find(|it| unquoted.contains(*it));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(between.map_or(b',', |it| it as u8))
        .trim(csv::Trim::All)
        .from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok);
    let cells = record.iter().flatten();
    cells.map(|cell| cell.trim().to_owned()).collect()
}

fn percent(cell: &str) -> Option<f64> {
    let number = cell.trim_end_matches('%').trim().replace(',', ".");
    let percent: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// Whether a cell begins like a date, so that it is no heading.
fn has_date(cell: &str) -> bool {
    cell.starts_with(|it: char| it.is_ascii_digit())
}

/// The local time in a cell; else what is wrong with it.
fn local_time(cell: &str) -> Result<DateTime, String> {
    let (date, time) = cell.split_once([' ', 'T']).unwrap_or((cell, "0:00"));
    let found = day(date).zip(clock(time.trim()));
    found.map(|(date, time)| date.to_datetime(time)).ok_or_else(|| {
        let parts = numbers(date, '/');
        match parts {
            Some([day @ 13..=31, month @ 1..=12, _]) => format!(
                "{cell:?} is no date: with slashes the month comes first, {month}/{day}; else write it {day}.{month}."
            ),
            _ => format!("{cell:?} is no date"),
        }
    })
}

fn day(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let american = numbers(text, '/').map(|[month, day, year]| (year, month, day));
    let german = numbers(text, '.').map(|[day, month, year]| (year, month, day));
    let (year, month, day) = american.or(german)?;
    // Two digits as POSIX reads them.
    let year = match year {
        0..=68 => year + 2000,
        69..=99 => year + 1900,
        year => year,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Three numbers with a sign between them.
fn numbers(text: &str, between: char) -> Option<[i16; 3]> {
    let numbers: Option<Vec<i16>> = text.split(between).map(|it| it.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn clock(text: &str) -> Option<Time> {
    let upper = text.to_ascii_uppercase();
    let (digits, afternoon) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (upper.as_str(), None),
    };
    let mut parts = digits.trim().split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = parts.next().map_or(Some(0), |it| it.parse().ok())?;
    let hour = match afternoon {
        None => hour,
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn consoles_write_dates_in_several_ways() {
        let text = "Date,Clients,Percent\n2000-06-23 18:00:00,0,0\n6/24/2000 6:30 PM,120,12.5%\n2000-06-25,500,50\n";
        let points = observed(text.as_bytes()).unwrap();
        let at: Vec<DateTime> = points.iter().map(|it| it.at).collect();
        assert_eq!(
            at,
            [
                date(2000, 6, 23).at(18, 0, 0, 0),
                date(2000, 6, 24).at(18, 30, 0, 0),
                date(2000, 6, 25).at(0, 0, 0, 0)
            ]
        );
        assert_eq!(points[1].share, 0.125);
        let european = "\u{feff}2000-06-23 18:00;0,5\n2000-06-24 18:00;12,5\n2000-06-25 18:00;99\n";
        assert_eq!(observed(european.as_bytes()).unwrap()[1].share, 0.125);
    }

    #[test]
    fn encodings_quotes_headings_and_years_of_two_digits_are_understood() {
        let text = "Stand;Anteil in Prozent;Clients\n23.06.2000 18:00;0;0\n24.6.00;\"12,5 %\";125\n25.06.00 6:00;50;500\n";
        let expected = observed(text.as_bytes()).unwrap();
        assert_eq!(expected[1].at, date(2000, 6, 24).at(0, 0, 0, 0));
        assert_eq!(expected[2].share, 0.5);
        let mut utf16 = vec![0xff, 0xfe];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(observed(&utf16).unwrap(), expected);
        let american = "When,%,Clients\n6/23/00 6:00 PM,0,0\n6/24/00,\"12,5\",125\n\"6/25/2000, 6:00 AM\",50,500\n";
        assert!(
            observed(american.as_bytes())
                .unwrap_err()
                .starts_with("line 4: ")
        );
        let american = american.replace("2000, 6", "2000 6");
        assert_eq!(observed(american.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn what_is_no_curve_is_told_by_line() {
        let wrong = |text: &str| observed(text.as_bytes()).unwrap_err();
        assert!(wrong("2000-06-23,1\nnever,2\n").starts_with("line 2: \"never\" is no date"));
        assert!(wrong("2000-06-23,101\n").starts_with("line 1: \"101\" is no percentage"));
        assert!(wrong("2000-06-23\n").starts_with("line 1: "));
        assert!(wrong("2000-06-23,1\n2000-06-22,2\n").contains("does not come after"));
        assert!(wrong("a,b\n").starts_with("0 points are no curve"));
        assert!(
            wrong("2000-13-45 99:99,NaN\n").starts_with("line 1: \"2000-13-45 99:99\" is no date")
        );
        assert!(wrong("2/30/2000 13:00 PM,3\n").starts_with("line 1: "));
        assert!(
            wrong("24/6/2000,3\n").contains("the month comes first, 6/24; else write it 24.6.")
        );
        let shares = wrong("2000-06-23,0.1\n2000-06-24,0.4\n2000-06-25,0.9\n");
        assert!(
            shares.contains("write percent, 90 in place of 0.9"),
            "{shares}"
        );
    }
}
