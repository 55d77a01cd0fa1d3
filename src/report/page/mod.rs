//! `report.html`: one page for reading, which needs nothing but a browser.
//!
//! Knows the tables of a run and lays them out for the page's own scripts; knows nothing of how they came about. The page
//! is made of what the CSV files beside it hold, whether the run just ended or its folder is opened years later.
//!
//! Charts are drawn by uPlot (MIT, 50 kB): of the libraries that draw long series with zoom and bands it is by far the
//! smallest, so that a page can be mailed; plotly would bring 4.5 MB into each. What it does not draw, the hierarchy and
//! the heat strips, takes a few dozen lines each. Everything is in the page, and its policy forbids it to fetch anything
//! or to run any script but its own.

mod comparison;
mod load;
mod packed;
mod places;
mod run;
mod shell;

pub use comparison::{ComparedPlan, comparison_page, is_comparison};
pub use run::run_page;

use super::folder::FolderError;
use super::frame::Frame;
use super::manifest::Manifest;
use super::stored::Stored;
use super::{Results, tables};
use serde::Serialize;

/// Name of the page in a results folder.
pub const FILE_NAME: &str = "report.html";

/// What a page says of its run before anything else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// Name of the scenario.
    pub name: String,
    /// Version of the program that ran it.
    pub version: String,
    /// First number of every draw's address.
    pub seed: u64,
    /// Replications that were asked for.
    pub replications: u32,
    /// Replications that are complete.
    pub complete: u32,
    /// Clients of the plan.
    pub clients: u64,
    /// Width of an interval \[h\].
    pub interval_hours: f64,
}

impl About {
    /// What is to be said of a run that just ended.
    #[must_use]
    pub fn of(results: &Results<'_>) -> Self {
        let (plan, study) = (results.plan, results.study);
        About {
            name: plan.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: plan.seed,
            replications: plan.replications,
            complete: study.count(),
            clients: plan.clients(),
            interval_hours: f64::from(plan.clock.interval_s) / 3_600.0,
        }
    }
}

impl From<&Manifest> for About {
    fn from(manifest: &Manifest) -> Self {
        About {
            name: manifest.scenario.name.clone(),
            version: manifest.version.clone(),
            seed: manifest.seed,
            replications: manifest.replications,
            complete: manifest.replications_complete,
            clients: manifest.clients,
            interval_hours: f64::from(manifest.interval_seconds) / 3_600.0,
        }
    }
}

/// The tables that a page is made of.
pub struct Tables {
    timeline: Frame,
    milestones: Frame,
    load: Frame,
    load_peaks: Frame,
    decisions: Frame,
    trouble: Frame,
    servers: Frame,
    sites: Frame,
    assumptions: Frame,
    /// None if the scenario has no thresholds.
    thresholds: Option<Frame>,
}

impl Tables {
    /// The tables of a run that just ended.
    #[must_use]
    pub fn of(results: &Results<'_>) -> Self {
        let frame = |table| Frame::of(table, results);
        Tables {
            timeline: frame(&tables::TIMELINE),
            milestones: frame(&tables::MILESTONES),
            load: frame(&tables::LOAD),
            load_peaks: frame(&tables::LOAD_PEAKS),
            decisions: frame(&tables::DECISIONS),
            trouble: frame(&tables::TROUBLE),
            servers: frame(&tables::SERVERS),
            sites: frame(&tables::SITES),
            assumptions: frame(&tables::ASSUMPTIONS),
            thresholds: (!results.plan.thresholds.is_empty()).then(|| frame(&tables::THRESHOLDS)),
        }
    }

    /// The tables of a results folder.
    ///
    /// # Errors
    /// If one is missing, cannot be read, or is not as it was written.
    pub fn read(stored: &Stored) -> Result<Self, FolderError> {
        Ok(Tables {
            timeline: stored.frame_of(&tables::TIMELINE)?,
            milestones: stored.frame_of(&tables::MILESTONES)?,
            load: stored.frame_of(&tables::LOAD)?,
            load_peaks: stored.frame_of(&tables::LOAD_PEAKS)?,
            decisions: stored.frame_of(&tables::DECISIONS)?,
            trouble: stored.frame_of(&tables::TROUBLE)?,
            servers: stored.frame_of(&tables::SERVERS)?,
            sites: stored.frame_of(&tables::SITES)?,
            assumptions: stored.frame_of(&tables::ASSUMPTIONS)?,
            thresholds: stored.frame(&tables::THRESHOLDS)?,
        })
    }
}

/// Rows of texts and numbers as the page's tables show them, by the columns of a frame.
fn rows(frame: &Frame, columns: &[&str]) -> Vec<Vec<Cell>> {
    let row = |row: usize| columns.iter().map(|it| Cell::of(frame, it, row)).collect();
    (0..frame.rows()).map(row).collect()
}

/// One cell of a table on the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Cell {
    Text(Box<str>),
    Number(f64),
    Missing,
}

impl Cell {
    fn of(frame: &Frame, column: &str, row: usize) -> Self {
        if frame.holds_numbers(column) {
            match frame.numbers(column)[row] {
                number if number.is_nan() => Cell::Missing,
                number => Cell::Number(number),
            }
        } else {
            match &frame.texts(column)[row] {
                text if text.is_empty() => Cell::Missing,
                text => Cell::Text(text.clone()),
            }
        }
    }
}
