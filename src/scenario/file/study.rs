//! How often to run, what has to hold, what to write.

use super::super::placed::Placed;
use schemars::JsonSchema;
use serde::Deserialize;

/// How often to repeat the run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyFile {
    /// Number of independent replications. Default 1. With `until`, the number after which precision is looked at first,
    /// 10 at least.
    #[schemars(range(min = 1, max = 100_000))]
    pub replications: Option<u32>,
    /// Percentiles over replications that tables tell, with at most one digit after the point. Default 10, 50 and 90.
    #[schemars(length(min = 1, max = 20), inner(range(min = 0.0, max = 100.0)))]
    pub percentiles: Option<Vec<Placed<f64>>>,
    /// When there are enough replications: how well a percentile, `median` or `mean` of a measure of the fleet is known,
    /// by the half-width of its 95 % interval. Measures and units are those of thresholds. It is looked at after
    /// `replications`, and again each time there are a quarter more. Default: all `replications` are done, and no more.
    #[schemars(example = &"half-width of p50 of hours to 95% converged < 2h")]
    pub until: Option<Placed<String>>,
    /// With `until`, the number of replications at which it is given up. Default 1000.
    #[schemars(range(min = 1, max = 100_000))]
    pub at_most: Option<Placed<u32>>,
}

/// A limit that the run has to keep.
///
/// It is written as a measure, `<`, `<=`, `>` or `>=`, and a limit: `hours to 95% converged < 240` (also `days to`, and
/// `base` or `reported` in place of `converged`), `share converged at end >= 95%`, `clients not converged < 100`, `mixed
/// clients < 1`, `mixed client-hours < 10`, `broken clients < 20`, `restarts asked < 500`, `aborted upgrades < 5`,
/// `busiest hour of CAP HQ1-CAP1 < 3 GB`, `busiest hour of any CAP < 80% of its bandwidth`. Hours count from the start
/// of the run, shares of hours are of the clients in reach, shares at the end of all clients; what was not reached within
/// the run keeps no limit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdFile {
    /// What has to hold, in plain words: a measure, `<`, `<=`, `>` or `>=`, and a limit.
    #[schemars(example = &"hours to 95% converged < 240")]
    pub that: Placed<String>,
    /// Code of the site it is about. Default: the whole fleet.
    pub site: Option<Placed<String>>,
    /// Share of the replications that have to keep it, above 0. Default 1: every one.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub at_least: Option<Placed<f64>>,
    /// Name in results. Default: the text of `that`. A scenario that extends this one changes a limit by its name.
    #[schemars(length(min = 1))]
    pub name: Option<Placed<String>>,
}

/// What to write.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultsFile {
    /// Whether to write one row per client. Default: up to 100,000 clients.
    pub clients: Option<bool>,
}
