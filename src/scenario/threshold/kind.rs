//! What a threshold measures, before its limit is read.

use super::{BUSIEST, HOURS, SHARE, Unclear, unclear};
use crate::plan::{Measure, Relation};
use std::ops::Range;

/// A measure before its limit is read.
#[derive(Clone, Debug)]
pub enum MeasureKind {
    /// Hours, or days, to a share.
    HoursTo(Measure, f64),
    Share(Measure),
    Count(Measure),
    ClientHours,
    Busiest(Option<(String, Range<usize>)>),
}

impl MeasureKind {
    /// How to write it.
    pub fn example(&self) -> &'static str {
        match self {
            MeasureKind::HoursTo(..) => HOURS,
            MeasureKind::Share(_) => SHARE,
            MeasureKind::Busiest(_) => BUSIEST,
            MeasureKind::ClientHours => "write it as `mixed client-hours < 10`",
            MeasureKind::Count(Measure::NotConverged) => {
                "write it as `clients not converged < 100`"
            }
            MeasureKind::Count(Measure::MixedClients) => "write it as `mixed clients < 1`",
            MeasureKind::Count(Measure::BrokenClients) => "write it as `broken clients < 20`",
            MeasureKind::Count(Measure::RestartsAsked) => "write it as `restarts asked < 500`",
            MeasureKind::Count(_) => "write it as `aborted upgrades < 5`",
        }
    }

    /// More convergence is better, and less of everything else.
    pub fn check_direction(
        &self,
        at: &Range<usize>,
        relation: Relation,
        said: &str,
    ) -> Result<(), Unclear> {
        let wanted = matches!(self, MeasureKind::Share(_));
        let label = match (relation.wants_more(), wanted) {
            (true, false) => format!("less is better here: write `<` or `<=`, not `{said}`"),
            (false, true) => format!("more is better here: write `>` or `>=`, not `{said}`"),
            _ => return Ok(()),
        };
        Err(unclear(at.clone(), label, self.example()))
    }
}
