//! Lines by local day. Days without news are summed up, and so are lines that say the same again and again.

use super::wording::Line;
use crate::cli::words;
use crate::plan::{Plan, Zone};
use jiff::civil::Date;
use std::io::{self, Write};

/// Where the text of a line begins: after its time.
const INDENT: usize = 12;
/// Lines of the same kind in a row from which on they are summed up.
const ALIKE: usize = 4;

/// The lines of one local day, before or after the start of the record.
struct Day<'l> {
    date: Date,
    warm_up: bool,
    lines: &'l [Line],
}

/// Prints every day that has news, and the others summed up; every day and every line if `all` are wanted.
pub(super) fn print(
    out: &mut dyn Write,
    plan: &Plan,
    zone: &Zone,
    lines: &[Line],
    all: bool,
) -> io::Result<()> {
    let key = |line: &Line| {
        let date = zone.local(&plan.clock, line.at).date();
        (date, line.at < plan.clock.start)
    };
    let days = lines.chunk_by(|a, b| key(a) == key(b)).map(|lines| Day {
        date: key(&lines[0]).0,
        warm_up: key(&lines[0]).1,
        lines,
    });
    let days: Vec<Day<'_>> = days.collect();
    let news = |day: &Day<'_>| all || day.lines.iter().any(|line| line.news);
    for stretch in days.chunk_by(|a, b| !news(a) && !news(b) && a.warm_up == b.warm_up) {
        if news(&stretch[0]) {
            print_day(out, plan, zone, &stretch[0], all)?;
        } else {
            print_quiet(out, stretch)?;
        }
    }
    Ok(())
}

fn print_day(
    out: &mut dyn Write,
    plan: &Plan,
    zone: &Zone,
    day: &Day<'_>,
    all: bool,
) -> io::Result<()> {
    writeln!(out, "\n{}{}", day.date.strftime("%a %Y-%m-%d"), note(day))?;
    let alike = |a: &Line, b: &Line| !all && !a.key.is_empty() && a.key == b.key;
    for lines in day.lines.chunk_by(alike) {
        let told = if lines.len() < ALIKE {
            lines
        } else {
            &lines[..1]
        };
        for line in told {
            let at = zone.local(&plan.clock, line.at);
            let text = words::paragraph(INDENT, &line.text);
            write!(out, "  {}  {}", at.strftime("%H:%M:%S"), text.trim_start())?;
            words::wrapped(out, INDENT, &line.why)?;
        }
        if let (Some(last), true) = (lines.last(), told.len() < lines.len()) {
            let until = zone.local(&plan.clock, last.at).strftime("%H:%M:%S");
            let more = lines.len() - told.len();
            writeln!(out, "{:INDENT$}and {more} times more until {until}", "")?;
        }
    }
    Ok(())
}

fn note(day: &Day<'_>) -> &'static str {
    if day.warm_up { " (warm-up)" } else { "" }
}

fn print_quiet(out: &mut dyn Write, days: &[Day<'_>]) -> io::Result<()> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(());
    };
    let name = |day: &Day<'_>| day.date.strftime("%a %Y-%m-%d").to_string();
    let until = match days.len() {
        1 => String::new(),
        _ => format!(" to {}", name(last)),
    };
    writeln!(out, "\n{}{until}{}: nothing new", name(first), note(first))?;
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let lines = days.iter().flat_map(|day| day.lines);
    for line in lines.filter(|line| !line.key.is_empty()) {
        match counts.iter_mut().find(|(key, _)| *key == line.key) {
            Some((_, count)) => *count += 1,
            None => counts.push((&line.key, 1)),
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(key, count)| format!("{count} x {key}"))
        .collect();
    words::wrapped(out, INDENT, &counts.join("; "))
}
