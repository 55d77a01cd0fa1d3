//! What one row of an inventory says.

use crate::scenario::notation::{Bandwidth, Installed, Notation, Subnet, Zone};
use crate::scenario::quantity::Misread;
use jiff::civil::Date;
use std::net::Ipv4Addr;

/// A row, cell by cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub name: String,
    pub subnets: Vec<Ipv4Addr>,
    pub site: String,
    pub last_seen: Option<Date>,
    /// What sets clients apart, by column.
    pub values: Vec<(&'static str, String)>,
}

impl Row {
    /// Adds what one cell says.
    pub(super) fn read(&mut self, column: &'static str, value: &str) -> Result<(), Misread> {
        if value.is_empty() {
            return Ok(());
        }
        let mut keep = (column, value);
        match column {
            "name" => {
                value.clone_into(&mut self.name);
                return Ok(());
            }
            "subnet" => {
                let parts = value
                    .split([' ', ';', ',', '+'])
                    .filter(|part| !part.is_empty());
                for part in parts {
                    self.subnets.push(Subnet::read(part)?.0);
                }
                return Ok(());
            }
            "site" => {
                value.clone_into(&mut self.site);
                return Ok(());
            }
            "last_seen" => {
                self.last_seen = Some(date(value)?);
                return Ok(());
            }
            "operating_system" => keep = ("platform", platform(value)?),
            "platform" if !["nt", "9x"].contains(&value) => {
                return Err(misread(
                    format!("`{value}` is not a platform"),
                    "the platforms are `nt` and `9x`",
                ));
            }
            "client_version" => {
                Installed::read(value)?;
                keep = ("installed", value);
            }
            "zone" => Zone::read(value).map(drop)?,
            "installed" => Installed::read(value).map(drop)?,
            "link" | "off_site_link" => Bandwidth::read(value).map(drop)?,
            _ => {}
        }
        // What is said in our own words stands before what follows from the console's.
        let own = keep.0 == column;
        match self.values.iter_mut().find(|(known, _)| *known == keep.0) {
            Some((_, known)) if own => keep.1.clone_into(known),
            Some(_) => {}
            None => self.values.push((keep.0, keep.1.to_owned())),
        }
        Ok(())
    }
}

fn misread(title: String, help: &str) -> Misread {
    Misread {
        title,
        label: "not known".to_owned(),
        help: help.to_owned(),
    }
}

/// The family of an operating system as consoles call it: `Microsoft Windows NT Workstation 4.0`, `Windows 98`.
fn platform(value: &str) -> Result<&'static str, Misread> {
    let lower = value.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["95", "98", "9x", "windows me", "millennium"]) {
        Ok("9x")
    } else if has(&["nt", "2000"]) {
        Ok("nt")
    } else {
        Err(misread(
            format!("`{value}` is no operating system that SMS 2.0 upgrades"),
            "Windows NT 4.0 and 2000 count as `nt`, Windows 95 and 98 as `9x`",
        ))
    }
}

/// A date as consoles write it, with or without a time: `2000-06-01`, `6/1/2000` (month first), `1.6.2000`.
fn date(value: &str) -> Result<Date, Misread> {
    let text = value.split_whitespace().next().unwrap_or_default();
    let parts = |separator| -> Option<[i16; 3]> {
        let numbers: Vec<i16> = text
            .split(separator)
            .map_while(|it: &str| it.parse().ok())
            .collect();
        numbers.try_into().ok()
    };
    let iso = text
        .split('T')
        .next()
        .and_then(|it| it.parse::<Date>().ok());
    let slashes = || parts('/').map(|[month, day, year]| (year, month, day));
    let dots = || parts('.').map(|[day, month, year]| (year, month, day));
    let found = iso.or_else(|| {
        let (year, month, day) = slashes().or_else(dots)?;
        let small = |number: i16| i8::try_from(number).ok();
        Date::new(year, small(month)?, small(day)?).ok()
    });
    found.ok_or_else(|| {
        misread(
            format!("`{value}` is not a date"),
            "dates are read as `2000-06-01`, `6/1/2000` (month first) or `1.6.2000`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_consoles_are_read() {
        let expected = jiff::civil::date(2000, 6, 1);
        for text in [
            "2000-06-01",
            "2000-06-01 12:30:00",
            "2000-06-01T08:00",
            "6/1/2000 3:04 PM",
            "1.6.2000",
        ] {
            assert_eq!(date(text).ok(), Some(expected), "{text}");
        }
        for text in ["yesterday", "31/1/2000", "1.6", "2000-13-01", "6/1/99999"] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn operating_systems_are_families() {
        for (text, family) in [
            ("Microsoft Windows NT Workstation 4.0", Some("nt")),
            ("Windows 2000 Professional", Some("nt")),
            ("Microsoft Windows 98", Some("9x")),
            ("MS Windows 95", Some("9x")),
            ("MS-DOS 6.22", None),
        ] {
            assert_eq!(platform(text).ok(), family, "{text}");
        }
    }

    #[test]
    fn our_own_words_stand_before_the_consoles() {
        for order in [
            ["platform", "operating_system"],
            ["operating_system", "platform"],
        ] {
            let mut row = Row::default();
            for column in order {
                let value = if column == "platform" {
                    "nt"
                } else {
                    "Windows 98"
                };
                row.read(column, value).ok().unwrap();
            }
            assert_eq!(row.values, [("platform", "nt".to_owned())]);
        }
    }
}
