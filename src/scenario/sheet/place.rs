//! Where in a table something stands.

use crate::scenario::source::Place;
use std::ops::Range;

/// What separates the cells: whichever of comma, semicolon and tab the first row has most of, outside of quotes.
pub fn delimiter(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    for letter in text.lines().next().unwrap_or_default().chars() {
        quoted ^= letter == '"';
        let counted = counts
            .iter_mut()
            .find(|(known, _)| *known == letter && !quoted);
        if let Some((_, count)) = counted {
            *count += 1;
        }
    }
    // Of equally frequent ones the first.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(',', |(letter, _)| letter)
}

/// The number of the line that holds a byte, from 1.
pub fn line_number(text: &str, byte: usize) -> u64 {
    let before = text.get(..byte).unwrap_or(text);
    before.bytes().filter(|it| *it == b'\n').count() as u64 + 1
}

/// Where a row really begins: the reader counts the end of the line before to it.
pub fn begin_of_row(text: &str, byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or_default();
    byte + rest.len() - rest.trim_start_matches(['\r', '\n']).len()
}

/// The place of the line that holds a byte.
pub fn line_at(text: &str, byte: usize, begins: usize) -> Place {
    let rest = text.get(byte..).unwrap_or_default();
    let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
    begins + byte..begins + byte + length
}

/// The place of a cell in the row that begins at a byte; the whole row where quotes make it hard to tell.
pub fn cell(text: &str, byte: usize, begins: usize, number: usize) -> Place {
    let row = line_at(text, byte, begins);
    let Range { start, end } = row.start - begins..row.end - begins;
    let Some(line) = text.get(start..end).filter(|line| !line.contains('"')) else {
        return row;
    };
    let mut from = start;
    for (at, part) in line.split(delimiter(text)).enumerate() {
        if at == number && !part.trim().is_empty() {
            let blanks = part.len() - part.trim_start().len();
            return begins + from + blanks..begins + from + blanks + part.trim().len();
        }
        from += part.len() + 1;
    }
    row
}
