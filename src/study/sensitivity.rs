//! Which knobs matter: one at a time, or along random paths through all ranges.
//!
//! Differences are taken replication by replication on the same draws. What was not reached within the run counts as
//! reached when it ends, so that a knob which decides whether it is reached at all has an effect, too small rather than
//! none.

use super::design::Point;
use super::statistics::{MeanInterval, mean_interval};
use crate::engine::draws::{Draws, address_of};
use crate::plan::{Knob, Setting};

/// The point at which nothing is varied.
#[must_use]
pub fn as_it_stands() -> Point {
    Point::named("as it stands", Vec::new())
}

/// The points of one knob at a time: nothing varied, then each knob at its first and at its last value.
#[must_use]
pub fn one_at_a_time(knobs: &[&Knob]) -> Vec<Point> {
    let ends = knobs.iter().flat_map(|knob| {
        [0.0, 1.0].map(|position| Point::of(&[*knob], vec![knob.axis.at(position)]))
    });
    std::iter::once(as_it_stands()).chain(ends).collect()
}

/// One knob at its two ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// Position of the knob.
    pub knob: usize,
    /// First value and last, with what comes of each.
    pub ends: [End; 2],
}

/// A knob at one end.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The value.
    pub setting: Setting,
    /// Mean over replications.
    pub mean: f64,
    /// Mean difference to the scenario as it stands, with its interval; none of a single replication.
    pub difference: Option<MeanInterval>,
}

impl End {
    /// Whether it differs from the scenario as it stands by more than noise; not known of a single replication.
    #[must_use]
    pub fn differs(&self) -> Option<bool> {
        let it = self.difference?;
        Some(it.low > 0.0 || it.high < 0.0)
    }
}

impl Swing {
    /// From the least to the greatest of the two ends and `base`, the scenario as it stands.
    #[must_use]
    pub fn width(&self, base: f64) -> f64 {
        let means = self.ends.iter().map(|it| it.mean).chain([base]);
        let (low, high) = means.fold((f64::MAX, f64::MIN), |(low, high), it| {
            (low.min(it), high.max(it))
        });
        high - low
    }
}

/// The knobs from the one that moves most to the one that moves least, by the values of the points of
/// [`one_at_a_time`], replication by replication. The first of the pair is the mean of the scenario as it stands.
#[must_use]
pub fn tornado(knobs: &[&Knob], points: &[Point], values: &[Vec<f64>]) -> (f64, Vec<Swing>) {
    let base = &values[0];
    let end = |at: usize| End {
        setting: points[at].settings[0].clone(),
        mean: mean(&values[at]),
        difference: mean_interval(&differences(base, &values[at])),
    };
    let mut swings: Vec<Swing> = (0..knobs.len())
        .map(|knob| Swing {
            knob,
            ends: [end(1 + 2 * knob), end(2 + 2 * knob)],
        })
        .collect();
    let base = mean(base);
    swings.sort_by(|a, b| b.width(base).total_cmp(&a.width(base)));
    (base, swings)
}

fn differences(from: &[f64], to: &[f64]) -> Vec<f64> {
    from.iter().zip(to).map(|(from, to)| to - from).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Length of a step in Morris screening, of a range that is cut in three: with four values to begin and end at, each is
/// met equally often (Morris 1991).
const STEP: f64 = 2.0 / 3.0;
/// Family of the draws of where paths begin, and which way and in which order they go.
const PATHS: u64 = 0xde51_0003;

/// Paths through the ranges of all knobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Screening {
    /// All points, path after path.
    pub points: Vec<Point>,
    /// Each step: knob, position among the points before and after, distance as a part of the knob's range.
    steps: Vec<(usize, usize, usize, f64)>,
}

/// Paths on which each knob takes one step, in an order and from a place that are drawn.
#[must_use]
pub fn morris(knobs: &[&Knob], trajectories: u32, seed: u64) -> Screening {
    let mut screening = Screening {
        points: Vec::new(),
        steps: Vec::new(),
    };
    for trajectory in 0..u64::from(trajectories) {
        let drawn: Vec<[u32; 3]> = knobs
            .iter()
            .map(|knob| {
                let draws = Draws::new(seed, 0, address_of(&knob.name), PATHS);
                draws.entity(trajectory).next_words()
            })
            .collect();
        let lower = |word: u32| {
            if word.is_multiple_of(2) {
                0.0
            } else {
                1.0 - STEP
            }
        };
        let upward = |word: u32| word.is_multiple_of(2);
        let begin = |[place, way, _]: &[u32; 3]| match upward(*way) {
            true => lower(*place),
            false => lower(*place) + STEP,
        };
        let mut at: Vec<f64> = drawn.iter().map(begin).collect();
        let mut order: Vec<usize> = (0..knobs.len()).collect();
        order.sort_by_key(|&knob| (drawn[knob][2], knob));
        let point = |at: &[f64]| {
            let settings = knobs.iter().zip(at).map(|(knob, at)| knob.axis.at(*at));
            Point::of(knobs, settings.collect())
        };
        screening.points.push(point(&at));
        for knob in order {
            let axis = &knobs[knob].axis;
            let before = axis.settled(at[knob]);
            at[knob] += if upward(drawn[knob][1]) { STEP } else { -STEP };
            let after = screening.points.len();
            let distance = axis.settled(at[knob]) - before;
            screening.points.push(point(&at));
            screening.steps.push((knob, after - 1, after, distance));
        }
    }
    screening
}

/// How a knob acts over the ranges of all others.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// Position of the knob.
    pub knob: usize,
    /// Mean size of its effects (mu*), each scaled to the knob's whole range, with its interval over paths.
    pub size: MeanInterval,
    /// Mean effect (mu): much smaller than its size if the direction changes.
    pub mean: f64,
    /// Spread of the effects (sigma): large if it acts in steps, or together with others.
    pub spread: f64,
    /// How much of that spread is what the chances of the replications make by themselves; none of a single
    /// replication.
    pub noise: Option<f64>,
}

/// The knobs from the one with the largest effects to the one with the smallest, by the values of the points,
/// replication by replication.
#[must_use]
pub fn influences(screening: &Screening, knobs: usize, values: &[Vec<f64>]) -> Vec<Influence> {
    let influence = |knob: usize| {
        let steps = screening
            .steps
            .iter()
            .filter(|it| it.0 == knob && it.3 != 0.0);
        let mut effects = Vec::new();
        let mut noise = Vec::new();
        for &(_, before, after, distance) in steps {
            let differences = differences(&values[before], &values[after]);
            effects.push(mean(&differences) / distance);
            noise.extend(standard_error(&differences).map(|it| (it / distance).powi(2)));
        }
        let sizes: Vec<f64> = effects.iter().map(|it| it.abs()).collect();
        let mut size = mean_interval(&sizes)?;
        // A size is never below 0, whatever the t distribution allows.
        size.low = size.low.max(0.0);
        Some(Influence {
            knob,
            size,
            mean: mean(&effects),
            spread: standard_error(&effects)? * libm::sqrt(effects.len() as f64),
            noise: (!noise.is_empty()).then(|| libm::sqrt(mean(&noise))),
        })
    };
    let mut influences: Vec<Influence> = (0..knobs).filter_map(influence).collect();
    influences.sort_by(|a, b| b.size.mean.total_cmp(&a.size.mean));
    influences
}

/// Standard error of the mean of `values`; none of fewer than two.
#[must_use]
pub fn standard_error(values: &[f64]) -> Option<f64> {
    let number = values.len() as f64;
    let mean = mean(values);
    let squares: f64 = values.iter().map(|it| (it - mean) * (it - mean)).sum();
    (values.len() > 1).then(|| libm::sqrt(squares / (number - 1.0) / number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Axis, Scale};

    fn knob(name: &str) -> Knob {
        Knob {
            name: name.to_owned(),
            paths: vec![name.to_owned()],
            axis: Axis::Range {
                scale: Scale::Number,
                from: 0.0,
                to: 1.0,
                step: None,
            },
            costs: Vec::new(),
        }
    }

    /// Values of `f` in three replications that differ by a constant, which differences do not show.
    fn values(points: &[Point], f: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
        let value = |point: &Point| {
            let at: Vec<f64> = point.settings.iter().map(|it| it.number.unwrap()).collect();
            [0.0, 10.0, 20.0]
                .map(|replication| replication + f(&at))
                .to_vec()
        };
        points.iter().map(value).collect()
    }

    /// The effects of a linear function are its coefficients wherever a path begins; a product with another knob
    /// spreads them.
    #[test]
    fn screening_finds_the_coefficients_of_a_linear_function() {
        let knobs = [knob("a"), knob("b"), knob("c")];
        let refs: Vec<&Knob> = knobs.iter().collect();
        let screening = morris(&refs, 12, 1);
        assert_eq!(screening.points.len(), 12 * 4);
        let values = values(&screening.points, |x| 2.0 * x[0] - 5.0 * x[1]);
        let found = influences(&screening, 3, &values);
        assert_eq!(
            found.iter().map(|it| it.knob).collect::<Vec<_>>(),
            [1, 0, 2]
        );
        for (influence, mean) in found.iter().zip([-5.0, 2.0, 0.0]) {
            assert!((influence.mean - mean).abs() < 1e-4, "{influence:?}");
            assert!((influence.size.mean - f64::abs(mean)).abs() < 1e-4);
            assert!(influence.spread < 1e-4 && influence.noise.unwrap() < 1e-4);
        }
    }

    #[test]
    fn a_knob_that_acts_through_another_spreads() {
        let knobs = [knob("a"), knob("b")];
        let refs: Vec<&Knob> = knobs.iter().collect();
        let screening = morris(&refs, 12, 1);
        let values = values(&screening.points, |x| 4.0 * x[0] * (x[1] - 0.5));
        let found = influences(&screening, 2, &values);
        let first = found.iter().find(|it| it.knob == 0).unwrap();
        assert!(
            first.mean.abs() < first.size.mean && first.spread > 0.5,
            "{first:?}"
        );
    }

    #[test]
    fn a_tornado_is_sorted_by_what_moves_most() {
        let knobs = [knob("a"), knob("b")];
        let refs: Vec<&Knob> = knobs.iter().collect();
        let points = one_at_a_time(&refs);
        // As it stands: 5; a from 5 to 6; b from 2 to 5.
        let means = [5.0, 5.0, 6.0, 2.0, 5.0];
        let values: Vec<Vec<f64>> = means.iter().map(|it| vec![*it, it + 1.0]).collect();
        let (base, swings) = tornado(&refs, &points, &values);
        assert_eq!((base, swings[0].knob, swings[1].knob), (5.5, 1, 0));
        assert_eq!(swings[0].width(base), 3.0);
        assert_eq!(swings[0].ends[0].differs(), Some(true));
        assert_eq!(swings[0].ends[1].differs(), Some(false));
    }
}
