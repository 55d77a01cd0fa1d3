//! Scenarios as the verbs run them: with the dates of rings that wait for others.

use crate::scenario::{self, Complaints, Loaded};
use crate::study::rings;
use std::path::Path;

/// Loads a scenario, and fixes the date of each ring that waits for the one before it by pilot replications.
///
/// # Errors
/// Everything that is wrong with it, or that a ring never gets where the next one waits for it.
pub(super) fn load(
    file: &Path,
    sets: &[String],
    seed: Option<u64>,
    replications: Option<u32>,
) -> Result<Loaded, Complaints> {
    with_dates(sets, |sets| scenario::load(file, sets, seed, replications))
}

/// As [`load`], from wherever `read` takes the scenario, given what is set in it.
pub(super) fn with_dates(
    sets: &[String],
    read: impl Fn(&[String]) -> Result<Loaded, Complaints>,
) -> Result<Loaded, Complaints> {
    let mut sets = sets.to_vec();
    loop {
        let loaded = read(&sets)?;
        let Some(unresolved) = &loaded.waiting else {
            return Ok(loaded);
        };
        let (plan, waiting) = (&loaded.plan, &unresolved.waiting);
        let (moment, met) = rings::met(plan, waiting);
        let date = moment.and_then(|moment| waiting.date(&plan.clock, &plan.zones, moment));
        match date {
            Some(date) => {
                let at = date.strftime("%Y-%m-%d %H:%M:%S");
                sets.push(format!("ring.\"{}\".at={at}", waiting.ring));
            }
            None => return Err(unresolved.never(met)),
        }
    }
}
