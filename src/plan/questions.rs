//! What a scenario asks beyond one run: which knobs there are, how they are swept, what a plan is wanted for.

use super::compared::COMPARED;
use super::{Curve, Knob, Measure};

/// The questions of a scenario, with their defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions {
    /// What may be varied.
    pub knobs: Vec<Knob>,
    /// For `smsim sweep`.
    pub sweep: Sweep,
    /// For `smsim sensitivity`.
    pub sensitivity: Sensitivity,
    /// For `smsim search`, and what `sensitivity` looks at.
    pub goal: Goal,
    /// For `smsim search`.
    pub search: Search,
    /// For `smsim fit`.
    pub fit: Fit,
}

/// Which points a sweep visits.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// How knobs are combined.
    pub design: Design,
    /// What a point has to hold to be visited.
    pub filters: Vec<Filter>,
}

/// How knobs are combined.
#[derive(Clone, Debug, PartialEq)]
pub enum Design {
    /// Every value of each with every value of the others.
    Product,
    /// The first values of all, then the second, and so on.
    Lockstep,
    /// These points.
    List(Vec<ListedPoint>),
    /// Each knob's range in as many parts as there are points, and each part visited once, in an order of its own.
    LatinHypercube {
        /// Number of points.
        points: u32,
        /// First number of the draws' addresses.
        seed: u64,
    },
}

/// A point that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPoint {
    /// Name in results.
    pub name: String,
    /// `path=value`.
    pub sets: Vec<String>,
}

/// A condition on two knobs, or on a knob and a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// As written.
    pub text: String,
    /// Left side.
    pub left: Term,
    /// In between.
    pub relation: Comparing,
    /// Right side.
    pub right: Term,
}

/// One side of a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// Position of a knob.
    Knob(usize),
    /// A number on its scale, or none for a text that is compared as such.
    Value(Option<f64>, String),
}

/// How two sides of a filter are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparing {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    Unequal,
}

impl Comparing {
    /// Every one with its sign, longer ones first.
    pub const ALL: [(&'static str, Comparing); 6] = [
        ("<=", Comparing::AtMost),
        (">=", Comparing::AtLeast),
        ("!=", Comparing::Unequal),
        ("<", Comparing::Less),
        (">", Comparing::More),
        ("=", Comparing::Equal),
    ];

    /// Whether it holds of two numbers.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparing::Less => left < right,
            Comparing::AtMost => left <= right,
            Comparing::More => left > right,
            Comparing::AtLeast => left >= right,
            Comparing::Equal => left == right,
            Comparing::Unequal => left != right,
        }
    }
}

/// How knobs are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    /// Whether by Morris screening; else one knob at a time.
    pub morris: bool,
    /// Paths of Morris screening through the knobs' ranges.
    pub trajectories: u32,
}

/// What a plan is wanted for.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// What is to be least, or most where more is better.
    pub objective: Objective,
    /// What one unit of a measure costs: positions in [`COMPARED`]. What the values of knobs cost comes on top.
    pub prices: Vec<(usize, f64)>,
    /// What a plan may cost; none: anything.
    pub budget: Option<f64>,
    /// Position in [`COMPARED`] of what the objective is traded against.
    pub against: usize,
}

/// What is to be least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// A measure: position in [`COMPARED`].
    Measure(usize),
    /// What the plan costs.
    Cost,
}

impl Objective {
    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Objective::Measure(at) => COMPARED[at].name,
            Objective::Cost => "cost",
        }
    }

    /// Whether more of it is better.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        match self {
            Objective::Measure(at) => COMPARED[at].measure.more_is_better(),
            Objective::Cost => false,
        }
    }
}

/// What one replication measured, in the order of [`COMPARED`].
pub type Measured = [Option<f64>; COMPARED.len()];

impl Goal {
    /// The objective in a replication, by what it measured and what its knobs cost; none if a part of it is missing.
    #[must_use]
    pub fn value(&self, measured: &Measured, outlay: f64) -> Option<f64> {
        match self.objective {
            Objective::Measure(at) => measured[at],
            Objective::Cost => self.cost(measured, outlay),
        }
    }

    /// The same where what was not reached within the run counts as reached when the run ends, after so many hours: at
    /// best, then. None if a part of it is missing for another reason.
    #[must_use]
    pub fn value_at_best(&self, measured: &Measured, outlay: f64, run_hours: f64) -> Option<f64> {
        let mut filled = *measured;
        for (value, compared) in filled.iter_mut().zip(&COMPARED) {
            if matches!(compared.measure, Measure::HoursTo { .. }) {
                value.get_or_insert(run_hours);
            }
        }
        self.value(&filled, outlay)
    }

    /// What a replication cost: what it measured by its prices, and what its knobs cost; none if a part is missing.
    #[must_use]
    pub fn cost(&self, measured: &Measured, outlay: f64) -> Option<f64> {
        let costs = self.prices.iter();
        let costs: Option<f64> = costs.map(|(at, each)| Some(measured[*at]? * each)).sum();
        Some(costs? + outlay)
    }

    /// Whether anything has a price.
    #[must_use]
    pub fn has_prices(&self, knobs: &[Knob]) -> bool {
        !self.prices.is_empty() || knobs.iter().any(|it| !it.costs.is_empty())
    }
}

/// How much a search may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Replications in all.
    pub runs: u32,
    /// First number of the addresses by which candidates are drawn.
    pub seed: u64,
}

/// What a fit looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The curve that was observed.
    pub curve: Curve,
    /// Code of the site whose clients were observed; none: the whole fleet.
    pub site: Option<String>,
}
