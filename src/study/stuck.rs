//! Who never converged in one replication, by reason.

use crate::plan::{CohortId, Plan};
use crate::run::{ClientRecord, Watch, simulate};
use crate::sms::Reason;
use std::collections::BTreeMap;

/// Clients that stand at the end for one reason.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// Why they have not converged.
    pub reason: Reason,
    /// How each of them ended, cohort by cohort in the order of the plan.
    pub cohorts: Vec<(CohortId, Vec<ClientRecord>)>,
}

impl Stuck {
    /// Number of clients.
    #[must_use]
    pub fn clients(&self) -> u64 {
        self.cohorts
            .iter()
            .map(|(_, clients)| clients.len() as u64)
            .sum()
    }
}

/// Simulates one replication on `workers` threads and gives those that never converged, the largest group first.
///
/// Takes memory for one record per client of the fleet while it runs.
#[must_use]
pub fn stuck(plan: &Plan, replication: u32, workers: usize, watch: &dyn Watch) -> Vec<Stuck> {
    let mut plan = plan.clone();
    plan.results.clients = true;
    let tally = simulate(&plan, replication, workers, watch).tally;
    let mut groups: BTreeMap<Reason, BTreeMap<CohortId, Vec<ClientRecord>>> = BTreeMap::new();
    for client in tally.clients {
        if let Some(reason) = client.standing {
            let cohorts = groups.entry(reason).or_default();
            cohorts.entry(client.cohort).or_default().push(client);
        }
    }
    let group = |(reason, cohorts): (Reason, BTreeMap<_, _>)| Stuck {
        reason,
        cohorts: cohorts.into_iter().collect(),
    };
    let mut groups: Vec<Stuck> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.clients()));
    groups
}
