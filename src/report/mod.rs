//! Results as bytes: tables, CSV files, the manifest, and the folder they are put into.
//!
//! Knows a [`Study`] and the plan it belongs to; knows nothing of how clients are simulated.

pub mod answer;
pub mod csv_file;
pub mod folder;
#[cfg(test)]
mod folder_tests;
pub mod frame;
pub mod local_time;
pub mod manifest;
pub mod page;
pub mod quantity;
pub mod store;
pub mod stored;
mod stored_run;
pub mod table;
pub mod tables;
pub mod workbook;
pub mod write;

pub use csv_file::{Dialect, WrittenFile};
pub use folder::{Draft, FolderError, folder_name};
pub use frame::Frame;
pub use manifest::Manifest;
pub use store::Store;
pub use stored::Stored;
pub use stored_run::StoredRun;
pub use table::{Column, Kind, Rows, Table};
pub use write::{Extras, Written, write_results};

use crate::engine::Second;
use crate::plan::study::USUAL_PERCENTILES;
use crate::plan::{Percentile, Plan};
use crate::study::Study;
use local_time::LocalTimes;

/// What tables are filled from.
pub struct Results<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// What came of it.
    pub study: &'a Study,
    /// Percentiles over replications that tables tell.
    pub percentiles: &'a [Percentile],
    times: LocalTimes,
}

impl<'a> Results<'a> {
    /// The results of `study`, which is of `plan`.
    #[must_use]
    pub fn new(plan: &'a Plan, study: &'a Study) -> Self {
        Results {
            plan,
            study,
            percentiles: &plan.study.percentiles,
            times: LocalTimes::new(plan),
        }
    }

    /// The same, told by the usual percentiles, which pages know how to draw.
    #[must_use]
    pub fn usual(&self) -> Results<'a> {
        Results {
            percentiles: &USUAL_PERCENTILES,
            ..Results::new(self.plan, self.study)
        }
    }

    /// Local time of a moment in the zone at `position` of the plan.
    #[must_use]
    pub fn local(&self, position: usize, moment: Second) -> String {
        self.times.text(position, moment)
    }

    /// Hours from the start of the record to a moment.
    #[must_use]
    pub fn hours(&self, moment: Second) -> f64 {
        self.plan.clock.elapsed_hours(moment)
    }

    /// A sum over replications as their mean.
    #[must_use]
    pub fn mean(&self, sum: f64) -> f64 {
        sum / f64::from(self.study.count())
    }

    /// Two cells: hours from the start of the record to a moment, and its local time. Both are missing without one.
    pub fn moment(&self, zone: usize, moment: Option<Second>, rows: &mut dyn Rows) {
        let Some(moment) = moment else {
            rows.missing();
            rows.missing();
            return;
        };
        let mut text = String::new();
        self.times.write(zone, moment, &mut text);
        rows.number(self.hours(moment));
        rows.local_time(&text);
    }
}
