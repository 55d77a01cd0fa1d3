//! A rollout in rings: pilot, tiers, the rest.

use super::Weekday;
use crate::scenario::notation::{Clock, ReleaseName, Span};
use crate::scenario::placed::{LocalTime, OneOrMany, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// What all rings have in common.
///
/// Rings take sites one after the other, each site in the first ring that selects it. A ring with `wait` gets its date
/// from pilot replications of the rings before it, once for all replications; `smsim plan` shows it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingsFile {
    /// The release the sites run afterwards.
    pub to: Placed<ReleaseName>,
    /// When the first ring starts, local time of each site.
    pub start: Placed<LocalTime>,
    /// Days of the week on which later rings may start. Default: any.
    pub days: Option<Vec<Weekday>>,
    /// Time of day at which later rings start. Default: that of `start`.
    pub at: Option<Placed<Clock>>,
    /// Time by which each site of a ring starts after the one before it. Default: all at once.
    pub stagger: Option<Placed<Span>>,
    /// Replications from which the date of a ring that waits is taken: the median over them. Default 5.
    #[schemars(range(min = 1, max = 1000))]
    pub pilot_replications: Option<u32>,
    /// First number of their draws, so that the calendar does not depend on the seed of the run. Default 1.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub pilot_seed: Option<u64>,
}

/// A ring: sites that go together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RingFile {
    /// Name, by which `--set` and knobs reach it.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Sites, as in a rollout line. Default `all`. Those of earlier rings are left out.
    pub sites: Option<OneOrMany<String>>,
    /// Share of the selected sites that this ring takes, parents before children. Default: all that are left.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<Placed<f64>>,
    /// Time after the start of the ring before it, or after the moment it waits for. Default: none.
    pub after: Option<Placed<Span>>,
    /// What the ring before it has to reach first, as in `95% converged`; of its reachable clients.
    #[schemars(example = &"95% converged")]
    pub wait: Option<Placed<String>>,
    /// Instead of `after` and `wait`: when it starts, local time of each site.
    pub at: Option<Placed<LocalTime>>,
}
