//! The curve of convergence as a picture of letters.
//!
//! Braille letters where the terminal shows them, plain letters elsewhere. The line is the median over replications, the
//! dots around it are where 8 of 10 runs lie, and marks below say when a site's upgrade begins.

use super::words::WIDTH;
use crate::plan::Plan;
use crate::report::Results;
use crate::run::tally::Curve;
use crate::study::{Band, Place};
use std::io::{self, Write};

/// Columns left of the picture.
const MARGIN: usize = 7;
/// Columns of the picture.
const COLUMNS: usize = WIDTH - MARGIN - 1;
/// Rows of the picture.
const ROWS: usize = 9;

/// With which letters a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// Two by four dots in a letter.
    Braille,
    /// One dot in a letter.
    Plain,
}

impl Letters {
    /// What the terminal shows, as far as it says so.
    pub(super) fn of_terminal() -> Self {
        let variable = |name| std::env::var(name).unwrap_or_default();
        // The first that is set counts, even if it says no.
        let names = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = names.map(variable).into_iter().find(|it| !it.is_empty());
        let locale = locale.unwrap_or_default().to_lowercase();
        let utf8 = locale.contains("utf-8") || locale.contains("utf8");
        match utf8 && variable("TERM") != "dumb" {
            true => Letters::Braille,
            false => Letters::Plain,
        }
    }

    /// Dots of a letter, across and down.
    fn dots(self) -> (usize, usize) {
        match self {
            Letters::Braille => (2, 4),
            Letters::Plain => (1, 2),
        }
    }
}

/// Draws the curve of the whole fleet.
pub(super) fn draw(results: &Results<'_>, letters: Letters, out: &mut dyn Write) -> io::Result<()> {
    let (across, down) = letters.dots();
    let (width, height) = (COLUMNS * across, ROWS * down);
    let clients = results.mean(results.study.total.fleet().clients as f64);
    let bands: Vec<Band<usize>> = (0..width)
        .map(|dot| count_at(results, dot, width).map(|count| up(count / clients.max(1.0), height)))
        .collect();
    writeln!(out)?;
    for row in 0..ROWS {
        let label = match row {
            0 => "100 % ",
            row if row == ROWS / 2 => " 50 % ",
            row if row == ROWS - 1 => "  0 % ",
            _ => "      ",
        };
        let mut line = String::from(label);
        line.push(if letters == Letters::Braille {
            '┤'
        } else {
            '|'
        });
        for column in 0..COLUMNS {
            line.push(letter(&bands, letters, (column, row), height));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    marks(results, letters, out)?;
    dates(results, out)?;
    let shown = match results.study.count() {
        1 => "share of clients converged".to_owned(),
        runs => format!("converged: median of {runs} runs, dots for 8 of 10 runs"),
    };
    let mark = if letters == Letters::Braille {
        '▲'
    } else {
        '^'
    };
    let line = format!("{shown}; {mark} a site's upgrade");
    writeln!(out, "{:MARGIN$}{line}", "")
}

/// Clients converged at a dot of the axis of time.
fn count_at(results: &Results<'_>, dot: usize, width: usize) -> Band<f64> {
    let study = results.study;
    let boundary = dot * study.grid.intervals / (width - 1);
    let fleet = Place::Fleet.index(results.plan);
    let band = study.curve_band(fleet, boundary, Curve::Converged);
    band.map(f64::from)
}

/// Height of a share in dots from the bottom.
fn up(share: f64, height: usize) -> usize {
    ((share * (height - 1) as f64).round() as usize).min(height - 1)
}

/// The letter at a place of the picture.
fn letter(
    bands: &[Band<usize>],
    letters: Letters,
    (column, row): (usize, usize),
    height: usize,
) -> char {
    let (across, down) = letters.dots();
    let mut line = [[false; 4]; 2];
    let mut dotted = [[false; 4]; 2];
    for x in 0..across {
        let at = column * across + x;
        let before = bands[at.saturating_sub(1)].p50;
        let band = bands[at];
        for y in 0..down {
            let dot = height - 1 - (row * down + y);
            // The line climbs from where it was to where it is.
            let (low, high) = (before.min(band.p50), before.max(band.p50));
            line[x][y] = dot == band.p50 || (low < dot && dot <= high);
            let inside = band.p10 <= dot && dot <= band.p90 && band.p10 < band.p90;
            dotted[x][y] = inside && (at + dot).is_multiple_of(2);
        }
    }
    let any = |dots: &[[bool; 4]; 2]| dots.iter().flatten().any(|it| *it);
    match letters {
        Letters::Plain if any(&line) => '*',
        Letters::Plain if any(&dotted) => ':',
        Letters::Plain => ' ',
        Letters::Braille => {
            // Which bit of a braille letter is which dot, column by column from the top.
            const BITS: [[u32; 4]; 2] = [[0, 1, 2, 6], [3, 4, 5, 7]];
            let mut bits = 0;
            for x in 0..2 {
                for y in 0..4 {
                    bits |= u32::from(line[x][y] || dotted[x][y]) << BITS[x][y];
                }
            }
            match bits {
                0 => ' ',
                bits => char::from_u32(0x2800 + bits).unwrap_or(' '),
            }
        }
    }
}

/// The axis of time with a mark where a site's upgrade begins.
fn marks(results: &Results<'_>, letters: Letters, out: &mut dyn Write) -> io::Result<()> {
    let (corner, dash, mark) = match letters {
        Letters::Braille => ('└', '─', '▲'),
        Letters::Plain => ('+', '-', '^'),
    };
    let mut axis = vec![dash; COLUMNS];
    for at in upgrades(results) {
        axis[at] = mark;
    }
    let axis: String = axis.into_iter().collect();
    writeln!(out, "{:1$}{corner}{axis}", "", MARGIN - 1)
}

/// Columns in which sites' upgrades begin.
fn upgrades(results: &Results<'_>) -> Vec<usize> {
    let grid = &results.study.grid;
    let span = u64::from(grid.end.since(grid.start)).max(1);
    let begin = results.plan.rollout.iter().map(|line| line.at);
    let within = begin.filter(|at| *at >= grid.start && *at < grid.end);
    let column = |at: u64| (at * (COLUMNS as u64 - 1) / span) as usize;
    within
        .map(|at| column(u64::from(at.since(grid.start))))
        .collect()
}

/// A few dates below the axis, in the scenario's zone.
fn dates(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    const DATES: usize = 5;
    const LENGTH: usize = 10;
    let (plan, grid): (&Plan, _) = (results.plan, &results.study.grid);
    let span = grid.end.since(grid.start);
    let mut line = vec![' '; COLUMNS + MARGIN];
    for number in 0..DATES {
        let at = grid.start + (u64::from(span) * number as u64 / DATES as u64) as u32;
        let text = plan.zones[0]
            .local(&plan.clock, at)
            .strftime("%a %b %e")
            .to_string();
        let from = MARGIN + number * (COLUMNS - 1) / DATES;
        for (place, letter) in (from..).zip(text.chars().take(LENGTH)) {
            line[place] = letter;
        }
    }
    let line: String = line.into_iter().collect();
    writeln!(out, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::sample;

    fn picture(letters: Letters) -> String {
        let plan = sample::plan();
        let study = sample::study(&plan);
        let mut out = Vec::new();
        draw(&Results::new(&plan, &study), letters, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_plain_picture_is_ascii_and_climbs() {
        let text = picture(Letters::Plain);
        assert!(text.is_ascii(), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= WIDTH),
            "{text}"
        );
        let lines: Vec<&str> = text.lines().collect();
        // Nobody has converged at first, and 7 of 13 have at the end.
        assert!(lines[ROWS].starts_with("  0 % |****"), "{text}");
        let half = lines[1 + ROWS / 2];
        assert!(half.starts_with(" 50 % |") && half.ends_with('*'), "{text}");
        assert!(lines[ROWS + 1].contains('^'), "{text}");
        assert!(lines[ROWS + 2].contains("Fri Jun 23"), "{text}");
    }

    #[test]
    fn braille_says_the_same_in_finer_dots() {
        let text = picture(Letters::Braille);
        assert!(
            text.chars()
                .any(|it| ('\u{2801}'..='\u{28ff}').contains(&it))
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= WIDTH),
            "{text}"
        );
        assert!(text.contains('▲'));
    }
}
