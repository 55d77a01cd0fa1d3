//! What a scenario asks beyond one run: knobs, sweep, goal, search, fit.

use crate::plan::COMPARED;
use crate::scenario::placed::{Anything, OneOrMany, Placed};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;

/// Something that may be varied, by `sweep`, `sensitivity`, `search` and `fit`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnobFile {
    /// Name in results and filters.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Path into the scenario as `--set` writes it, or a list of paths that all take the same value.
    pub path: OneOrMany<String>,
    /// The values it may take, in an order that makes sense.
    pub values: Option<Placed<Vec<Placed<Anything>>>>,
    /// Instead of `values`: the smallest of a range; a number, a span, a rate, a size, or a local time.
    pub from: Option<Placed<Anything>>,
    /// The largest.
    pub to: Option<Placed<Anything>>,
    /// Distance between two values of the range; a span for local times. Default: as fine as it gets.
    pub step: Option<Placed<Anything>>,
    /// What it costs, in any currency: of `values` each in turn; of a range the first and the last, in proportion in
    /// between. The scenario as it stands costs nothing. Default: nothing.
    pub costs: Option<Placed<Vec<f64>>>,
}

/// How knobs are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DesignName {
    /// Every value of each with every value of the others.
    Product,
    /// The first values of all, then the second, and so on.
    Lockstep,
    /// The points listed below.
    List,
    /// So many points, spread over the ranges by chance but evenly.
    LatinHypercube,
}

/// For `smsim sweep`: which points to visit.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SweepFile {
    /// How knobs are combined. Default: `list` where there are points, else `product`.
    pub design: Option<Placed<DesignName>>,
    /// Number of points of a Latin hypercube. Default 20.
    #[schemars(range(min = 1, max = 100_000))]
    pub points: Option<u32>,
    /// First number of the draws of a Latin hypercube. Default 1.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Only points of which this holds, as in `"cycle <= 24h"` or `"europe > america"`.
    pub only: Option<Vec<Placed<String>>>,
    /// The points of a list.
    #[serde(default)]
    pub point: Vec<Placed<PointFile>>,
}

/// A point of a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointFile {
    /// Name in results.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// What it sets, each written as `path=value`. Default: nothing, the scenario as it stands.
    #[serde(default)]
    pub set: Vec<Placed<String>>,
}

/// How knobs are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MethodName {
    /// Each from its lowest to its highest value, the others as they stand.
    OneAtATime,
    /// Along random paths through all ranges (Morris).
    Morris,
}

/// For `smsim sensitivity`: how knobs are ranked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitivityFile {
    /// Default `one-at-a-time`.
    pub method: Option<MethodName>,
    /// Paths of Morris screening; each takes one point more than there are knobs. Default 10.
    #[schemars(range(min = 2, max = 1000))]
    pub trajectories: Option<u32>,
}

/// Name of a measure of the whole fleet.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct MeasureName(pub String);

impl MeasureName {
    /// Its position in [`COMPARED`].
    pub fn position(&self) -> Option<usize> {
        COMPARED.iter().position(|it| it.name == self.0)
    }
}

impl JsonSchema for MeasureName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "MeasureName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = COMPARED.iter().map(|it| it.name).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

/// What a plan is wanted for.
///
/// The limits it has to keep are the scenario's thresholds.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalFile {
    /// What is to be least; a share is to be greatest. Default: the cost where one is given, else `hours to 95%
    /// converged`.
    pub minimize: Option<MeasureName>,
    /// What one unit of a measure costs, of several. To be least together with the `costs` of knobs, unless `minimize`
    /// names a measure and `budget` says what a plan may cost.
    pub cost: Option<Placed<Vec<CostFile>>>,
    /// What a plan may cost at most, by `cost` and the `costs` of knobs. Default: anything.
    pub budget: Option<Placed<f64>>,
    /// The measure it is traded against in the frontier. Default `busiest hour of any CAP`.
    pub against: Option<MeasureName>,
}

/// What one unit of a measure costs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostFile {
    /// The measure.
    pub of: MeasureName,
    /// Cost of one unit of it: an hour, a client, a restart, an upgrade, a byte; in any currency.
    #[schemars(range(min = 0.0))]
    pub each: f64,
}

/// For `smsim search`: how much it may spend.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchFile {
    /// Replications in all. Default 400.
    #[schemars(range(min = 20, max = 1_000_000))]
    pub runs: Option<u32>,
    /// First number of the draws that make candidates. Default 1.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
}

/// Which curve was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CurveName {
    /// Base components and every agent at the target, no restart pending.
    Converged,
    /// Base components at the target.
    Base,
    /// What the console had heard of.
    Reported,
}

/// For `smsim fit`: what was observed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FitFile {
    /// Default `reported`: what a console exports.
    pub curve: Option<CurveName>,
    /// Code of the site whose clients were observed. Default: the whole fleet.
    pub site: Option<Placed<String>>,
}
