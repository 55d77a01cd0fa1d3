//! An observed curve: dates and percent, as consoles export them.
//!
//! Commas, semicolons or tabs between cells; the first cell of a line is the date, the last the percent. Dates are local
//! times of the scenario, written 2000-06-23 18:00:00 or as American consoles do, 6/23/2000 6:00 PM; the time may be left
//! out. Lines before the first date are headings.

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

/// Reads an observed curve.
///
/// # Errors
/// What is wrong with it, by line.
pub fn observed(text: &str) -> Result<Vec<Point>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut points: Vec<Point> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let cells = cells(line);
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            continue;
        };
        let Some(at) = local_time(first) else {
            if points.is_empty() {
                continue;
            }
            return Err(format!("line {number}: {first:?} is no date"));
        };
        let share = percent(last).filter(|_| cells.len() > 1);
        let Some(share) = share else {
            return Err(format!(
                "line {number}: {last:?} is no percentage from 0 to 100"
            ));
        };
        if points.last().is_some_and(|before| before.at >= at) {
            return Err(format!(
                "line {number}: {first:?} does not come after the line before"
            ));
        }
        points.push(Point { at, share });
    }
    match points.len() {
        count if count < FEWEST => Err(format!(
            "{count} points are no curve: each line needs a date and a percentage, as in `2000-06-26 08:00:00,57.5`"
        )),
        _ => Ok(points),
    }
}

fn cells(line: &str) -> Vec<String> {
    // A comma may be a decimal comma where semicolons or tabs stand between the cells.
    let between = ['\t', ';', ','].into_iter().find(|it| line.contains(*it));
    let cells = line.split(between.unwrap_or(','));
    cells
        .map(|cell| cell.trim().trim_matches('"').trim().to_owned())
        .collect()
}

fn percent(cell: &str) -> Option<f64> {
    let number = cell.trim_end_matches('%').trim().replace(',', ".");
    let percent: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

fn local_time(cell: &str) -> Option<DateTime> {
    let (date, time) = cell.split_once([' ', 'T']).unwrap_or((cell, "0:00"));
    let time = clock(time.trim())?;
    if let Ok(date) = date.parse::<Date>() {
        return Some(date.to_datetime(time));
    }
    let mut parts = date.split('/');
    let mut part = || parts.next()?.parse::<i16>().ok();
    let (month, day, year) = (part()?, part()?, part()?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some(date.ok()?.to_datetime(time))
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
        let points = observed(text).unwrap();
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
        assert_eq!(observed(european).unwrap()[1].share, 0.125);
    }

    #[test]
    fn what_is_no_curve_is_told_by_line() {
        let wrong = |text: &str| observed(text).unwrap_err();
        assert!(wrong("2000-06-23,1\nnever,2\n").starts_with("line 2: \"never\" is no date"));
        assert!(wrong("2000-06-23,101\n").starts_with("line 1: \"101\" is no percentage"));
        assert!(wrong("2000-06-23\n").starts_with("line 1: "));
        assert!(wrong("2000-06-23,1\n2000-06-22,2\n").contains("does not come after"));
        assert!(wrong("a,b\n").starts_with("0 points are no curve"));
        assert!(wrong("2000-13-45 99:99,NaN\n2/30/2000 13:00 PM,3\n").starts_with("0 points"));
    }
}
