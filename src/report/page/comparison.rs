//! What the page of a comparison shows.

use super::places::{self, FleetData, Planned};
use super::run::THRESHOLDS;
use super::{About, Cell, rows, shell};
use crate::report::{FolderError, Frame, Results, Stored, tables};
use crate::study::comparison::{Comparison, Line};
use serde::Serialize;

/// What is kept of one plan for the page, so that its study can go.
#[derive(Serialize)]
pub struct ComparedPlan {
    about: About,
    fleet: FleetData,
    thresholds: Vec<Vec<Cell>>,
    sites: Vec<PlannedSite>,
}

/// A site's calendar.
#[derive(Serialize)]
struct PlannedSite {
    code: Box<str>,
    upgrades: Vec<Planned>,
}

impl ComparedPlan {
    /// What the page shows of a plan called `name`.
    #[must_use]
    pub fn of(name: &str, results: &Results<'_>) -> Self {
        let frame = |table| Frame::of(table, results);
        let about = About {
            name: name.to_owned(),
            ..About::of(results)
        };
        let thresholds = frame(&tables::THRESHOLDS);
        let sites = frame(&tables::SITES);
        ComparedPlan::made_of(about, &frame(&tables::TIMELINE), &thresholds, &sites)
    }

    /// What the page shows of a run whose tables are stored.
    ///
    /// # Errors
    /// If one of them is missing, cannot be read, or is not as it was written.
    pub fn read(stored: &Stored) -> Result<Self, FolderError> {
        let about = About::from(&stored.manifest);
        let timeline = stored.frame_of(&tables::TIMELINE)?;
        // A run without thresholds wrote no table of them.
        let thresholds = stored.frame(&tables::THRESHOLDS)?;
        let thresholds = thresholds.unwrap_or_else(|| Frame::new(&tables::THRESHOLDS));
        let sites = stored.frame_of(&tables::SITES)?;
        Ok(ComparedPlan::made_of(about, &timeline, &thresholds, &sites))
    }

    fn made_of(about: About, timeline: &Frame, thresholds: &Frame, sites: &Frame) -> Self {
        let site = |row: usize| PlannedSite {
            code: sites.texts("site")[row].clone(),
            upgrades: places::planned(sites, row).into_iter().collect(),
        };
        ComparedPlan {
            about,
            fleet: places::fleet(timeline),
            thresholds: rows(thresholds, &THRESHOLDS),
            sites: (0..sites.rows()).map(site).collect(),
        }
    }
}

#[derive(Serialize)]
struct ComparisonData<'a> {
    kind: &'static str,
    replications: u32,
    plans: &'a [ComparedPlan],
    rows: Vec<RowData>,
    /// By plan but the first: what is to be said of it.
    verdicts: &'a [Vec<String>],
    note: Option<&'a str>,
}

/// One plan by one measure.
#[derive(Serialize)]
struct RowData {
    plan: usize,
    measure: &'static str,
    unit: &'static str,
    median: Option<f64>,
    difference: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    verdict: &'static str,
}

impl RowData {
    fn of(plan: usize, line: &Line) -> Self {
        RowData {
            plan,
            measure: line.compared.name,
            unit: line.compared.measure.unit(),
            median: line.median,
            difference: line.difference.map(|it| it.mean),
            low: line.difference.map(|it| it.low),
            high: line.difference.map(|it| it.high),
            verdict: line.verdict.name(),
        }
    }
}

/// The page of a comparison: `verdicts` say of every plan but the first how it does beside it.
#[must_use]
pub fn comparison_page(
    comparison: &Comparison,
    plans: &[ComparedPlan],
    verdicts: &[Vec<String>],
    note: Option<&str>,
) -> String {
    let lines = comparison.plans.iter().enumerate();
    let rows =
        lines.flat_map(|(plan, lines)| lines.iter().map(move |line| RowData::of(plan, line)));
    let data = ComparisonData {
        kind: "comparison",
        replications: comparison.replications,
        plans,
        rows: rows.collect(),
        verdicts,
        note,
    };
    shell::page(TITLE, &data)
}

const TITLE: &str = "Plans compared";

/// Whether a file is the page of a comparison.
#[must_use]
pub fn is_comparison(file: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&file[..file.len().min(2_000)]);
    head.contains(&format!("<title>{TITLE} - smsim</title>"))
}
