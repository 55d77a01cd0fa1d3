//! What is asked of replications: percentiles, and when there are enough.

use super::Lowering;
use super::thresholds::within;
use crate::plan::study::{FIRST_LOOK, GIVEN_UP_AT};
use crate::plan::{Caps, Measure, Until};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::StudyFile;
use crate::scenario::placed::Placed;
use crate::scenario::threshold::SaidMeasure;
use crate::scenario::until::{percentile, read};

impl Lowering<'_> {
    /// Adds what is asked of replications.
    pub(super) fn add_study(&mut self, file: &StudyFile) {
        if let Some(percentiles) = &file.percentiles {
            self.add_percentiles(percentiles);
        }
        match &file.until {
            Some(until) => {
                let until = self.until(until, file);
                self.study.until = until;
            }
            None => {
                if let Some(at_most) = &file.at_most {
                    let title = "`at_most` says when `until` is given up, and there is none";
                    let complaint = Complaint::new(title, at_most.place.clone(), "of no use");
                    self.complaints
                        .push(complaint.help("add `until`, or write the number as `replications`"));
                }
            }
        }
    }

    fn add_percentiles(&mut self, percentiles: &[Placed<f64>]) {
        let mut found = Vec::new();
        for asked in percentiles {
            let wrong = match percentile(asked.value) {
                None => "at most one digit after the point, as in 97.5",
                Some(percentile) if found.contains(&percentile) => "it is there already",
                Some(percentile) => {
                    found.push(percentile);
                    continue;
                }
            };
            let title = format!("`{}` is no percentile to add", asked.value);
            let complaint = Complaint::new(title, asked.place.clone(), wrong);
            self.complaints
                .push(complaint.help("write percentiles as `percentiles = [5, 50, 95]`"));
        }
        found.sort_unstable();
        self.study.percentiles = found;
    }

    fn until(&mut self, that: &Placed<String>, file: &StudyFile) -> Option<Until> {
        let said = match read(&that.value) {
            Ok(said) => said,
            Err(unclear) => {
                let title = format!("`{}` does not say how well what is known", that.value);
                let place = within(that, &unclear.at);
                let complaint = Complaint::new(title, place, unclear.label);
                self.complaints.push(complaint.help(unclear.help));
                return None;
            }
        };
        let measure = match said.measure {
            SaidMeasure::Plain(measure) => measure,
            SaidMeasure::BusiestHour { cap, of_bandwidth } => {
                let caps = match cap {
                    None => Caps::Any,
                    Some(cap) => self.cap_named(that, None, cap)?,
                };
                self.check_hour(that)?;
                if of_bandwidth {
                    self.check_bandwidth(that, None, caps)?;
                    Measure::BusiestHourShare(caps)
                } else {
                    Measure::BusiestHour(caps)
                }
            }
        };
        let first = file.replications.unwrap_or(1).max(FIRST_LOOK);
        let at_most = file.at_most.as_ref();
        if let Some(fewer) = at_most.filter(|it| it.value < first) {
            let title = "`at_most` is below the number of replications that are done first";
            let label = format!("at least {first}");
            self.complaints
                .push(Complaint::new(title, fewer.place.clone(), label));
            return None;
        }
        Some(Until {
            that: that.value.clone(),
            statistic: said.statistic,
            measure,
            half_width: said.half_width,
            or_equal: said.or_equal,
            at_most: at_most.map_or(GIVEN_UP_AT.max(first), |it| it.value),
        })
    }
}
