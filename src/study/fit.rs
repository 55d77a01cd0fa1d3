//! Knobs fitted to an observed curve, with how sure that is and what the data cannot tell.
//!
//! The observed curve is one throw of the same dice: it differs from the mean over replications as any replication does.
//! So the fit is by least squares between the observed points and the mean curve, by Gauss and Newton with slopes over a
//! box that shrinks. Curves from common draws are smooth enough for that, while their slopes at a single point are not,
//! which is why a ready Levenberg-Marquardt, as in the crate `levenberg-marquardt`, has no use here: it wants exact
//! derivatives. The interval of each knob comes from where the fit would have gone had each replication been the
//! observed one, plus the noise of the observation itself, both to first order.

use super::NoStudy;
use super::sensitivity::standard_error;
use super::statistics::student_t;

/// Curves at the observed moments.
pub trait Model {
    /// For each position of the knobs, each from 0 to 1: the curve of every replication, as shares at the moments.
    ///
    /// # Errors
    /// If it was ended, or the program is wrong.
    fn curves(&mut self, positions: &[Vec<f64>]) -> Result<Vec<Vec<Vec<f64>>>, NoStudy>;
}

/// What was found of one knob, on its range from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// Where the fit is best.
    pub position: f64,
    /// Lower end of the 95 % interval, cut off at the range.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// By how much the curve changes over the whole range, at most \[share\].
    pub effect: f64,
    /// What the data say of it.
    pub told: Told,
}

/// What the data say of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Its value, to within the interval.
    Value,
    /// Next to nothing: most of the range would do.
    Little,
    /// Nothing: the curve does not depend on it beyond noise.
    Nothing,
}

/// Two knobs that bend the curve alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    /// Positions of the knobs.
    pub knobs: (usize, usize),
    /// Correlation of their estimates: near -1 one makes up for more of the other, near 1 for less.
    pub correlation: f64,
}

/// The answer of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Each knob.
    pub knobs: Vec<Fitted>,
    /// Pairs that the data cannot tell apart.
    pub alike: Vec<Alike>,
    /// Root of the mean square between observed points and fitted mean curve \[share\].
    pub distance: f64,
    /// The same between a replication of the fitted model and its mean curve: how far apart they may well be.
    pub expected: f64,
    /// The mean curve at the observed moments.
    pub curve: Vec<f64>,
    /// Positions that were tried.
    pub tried: usize,
}

/// Estimates that are correlated by more than this cannot be told apart.
const ALIKE: f64 = 0.9;
/// An interval that covers more of the range than this says little.
const LITTLE: f64 = 0.6;
/// Half the width of the box over which slopes are taken at first, and at last.
const BOX: (f64, f64) = (0.16, 0.02);
/// Most steps.
const STEPS: usize = 12;
/// Added to the diagonal of the normal equations, as a part of their mean: keeps what is undetermined finite.
const DAMPING: f64 = 1e-6;

/// Fits positions of knobs to observed shares, beginning at the best of `starts`.
///
/// # Errors
/// If it was ended, or the program is wrong.
pub fn fit(model: &mut dyn Model, observed: &[f64], starts: &[Vec<f64>]) -> Result<Fit, NoStudy> {
    let mut tried = starts.len();
    let first = model.curves(starts)?;
    let best = (0..starts.len()).min_by(|a, b| {
        let of = |at: usize| squares(observed, &mean(&first[at]));
        of(*a).total_cmp(&of(*b))
    });
    let mut at = best.map_or_else(Vec::new, |best| starts[best].clone());
    let mut half = BOX.0;
    let mut found = Local::around(model, &at, half)?;
    tried += 1 + 2 * at.len();
    for _ in 0..STEPS {
        let next = found.step(observed, &at, half);
        let curves = model.curves(std::slice::from_ref(&next))?;
        tried += 1;
        let better = squares(observed, &mean(&curves[0])) < squares(observed, &found.mean);
        if better {
            at = next;
        } else {
            half /= 2.0;
        }
        if half < BOX.1 {
            break;
        }
        found = Local::around(model, &at, half)?;
        tried += 1 + 2 * at.len();
    }
    // Slopes over a wider box say more about uncertainty than those of the last, whose differences are mostly noise.
    let found = Local::around(model, &at, BOX.0 / 2.0)?;
    tried += 1 + 2 * at.len();
    Ok(found.answer(observed, &at, tried))
}

/// The curves around a position.
struct Local {
    replications: Vec<Vec<f64>>,
    mean: Vec<f64>,
    /// By knob: change of the mean curve over its range.
    slopes: Vec<Vec<f64>>,
}

impl Local {
    fn around(model: &mut dyn Model, at: &[f64], half: f64) -> Result<Self, NoStudy> {
        let mut positions = vec![at.to_vec()];
        for knob in 0..at.len() {
            for by in [-half, half] {
                let mut moved = at.to_vec();
                moved[knob] = (at[knob] + by).clamp(0.0, 1.0);
                positions.push(moved);
            }
        }
        let mut curves = model.curves(&positions)?;
        let slope = |knob: usize| {
            let (below, above) = (1 + 2 * knob, 2 + 2 * knob);
            let width = positions[above][knob] - positions[below][knob];
            let (low, high) = (mean(&curves[below]), mean(&curves[above]));
            let pairs = low.iter().zip(&high);
            pairs.map(|(low, high)| (high - low) / width).collect()
        };
        let slopes = (0..at.len()).map(slope).collect();
        let replications = curves.swap_remove(0);
        Ok(Local {
            mean: mean(&replications),
            replications,
            slopes,
        })
    }

    /// The normal equations' left side.
    fn normal(&self) -> Vec<Vec<f64>> {
        let row = |a: &Vec<f64>| self.slopes.iter().map(|b| dot(a, b)).collect();
        self.slopes.iter().map(row).collect()
    }

    /// Where knobs should move to take up a difference of curves, to first order.
    fn moved_by(&self, inverse: &[Vec<f64>], difference: &[f64]) -> Vec<f64> {
        let right: Vec<f64> = self.slopes.iter().map(|it| dot(it, difference)).collect();
        inverse.iter().map(|row| dot(row, &right)).collect()
    }

    fn step(&self, observed: &[f64], at: &[f64], half: f64) -> Vec<f64> {
        let inverse = inverse(damped(self.normal(), 1e-3));
        let moves = self.moved_by(&inverse, &differences(&self.mean, observed));
        let reach = 2.0 * half;
        let moved = at.iter().zip(moves);
        moved
            .map(|(at, by)| (at + by.clamp(-reach, reach)).clamp(0.0, 1.0))
            .collect()
    }

    fn answer(self, observed: &[f64], at: &[f64], tried: usize) -> Fit {
        let normal = self.normal();
        let inverse = inverse(damped(normal.clone(), DAMPING));
        let residuals = differences(&self.mean, observed);
        let noise = observation_noise(&residuals);
        let count = self.replications.len() as f64;
        // Where the fit would have gone for each replication.
        let elsewhere: Vec<Vec<f64>> = self
            .replications
            .iter()
            .map(|curve| self.moved_by(&inverse, &differences(&self.mean, curve)))
            .collect();
        let t = student_t(self.replications.len().saturating_sub(1));
        let knob = |knob: usize| {
            let moves: Vec<f64> = elsewhere.iter().map(|it| it[knob]).collect();
            let of_dice =
                standard_error(&moves).map_or(0.0, |it| it * it * count * (1.0 + 1.0 / count));
            let spread = libm::sqrt(of_dice + noise * noise * inverse[knob][knob].max(0.0));
            let effect = self.slopes[knob]
                .iter()
                .fold(0.0, |most: f64, it| most.max(it.abs()));
            let (low, high) = (at[knob] - t * spread, at[knob] + t * spread);
            let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
            let told = match (self.is_felt(knob), high - low > LITTLE) {
                (false, _) => Told::Nothing,
                (true, true) => Told::Little,
                (true, false) => Told::Value,
            };
            let (low, high) = if told == Told::Nothing {
                (0.0, 1.0)
            } else {
                (low, high)
            };
            Fitted {
                position: at[knob],
                low,
                high,
                effect,
                told,
            }
        };
        let knobs: Vec<Fitted> = (0..at.len()).map(knob).collect();
        let apart = self.replications.iter().map(|it| squares(it, &self.mean));
        let expected = apart.sum::<f64>() / (count - 1.0).max(1.0);
        let points = observed.len().max(1) as f64;
        Fit {
            alike: alike(&knobs, &normal),
            knobs,
            distance: libm::sqrt(squares(observed, &self.mean) / points),
            expected: libm::sqrt(expected / points),
            curve: self.mean,
            tried,
        }
    }

    /// Whether a knob moves the curve over its range by more than the mean curve is uncertain.
    fn is_felt(&self, knob: usize) -> bool {
        let count = self.replications.len() as f64;
        let apart = self.replications.iter().map(|it| squares(it, &self.mean));
        let variance = apart.sum::<f64>() / (count - 1.0).max(1.0);
        let felt = dot(&self.slopes[knob], &self.slopes[knob]);
        felt > (variance / count).max(1e-12)
    }
}

/// Pairs of knobs whose slopes are so alike that one makes up for the other.
fn alike(knobs: &[Fitted], normal: &[Vec<f64>]) -> Vec<Alike> {
    let felt: Vec<usize> = (0..knobs.len())
        .filter(|it| knobs[*it].told != Told::Nothing)
        .collect();
    let part = felt
        .iter()
        .map(|a| felt.iter().map(|b| normal[*a][*b]).collect());
    let inverse = inverse(damped(part.collect(), DAMPING));
    let mut pairs = Vec::new();
    for (i, &one) in felt.iter().enumerate() {
        for (j, &other) in felt.iter().enumerate().skip(i + 1) {
            let correlation = inverse[i][j] / libm::sqrt(inverse[i][i] * inverse[j][j]);
            if correlation.abs() >= ALIKE {
                pairs.push(Alike {
                    knobs: (one, other),
                    correlation,
                });
            }
        }
    }
    pairs
}

/// Noise of single observed points, as far as neighbours differ by it: half the mean square of successive differences.
fn observation_noise(residuals: &[f64]) -> f64 {
    let steps = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2));
    let count = residuals.len().saturating_sub(1).max(1) as f64;
    libm::sqrt(steps.sum::<f64>() / (2.0 * count))
}

fn mean(curves: &[Vec<f64>]) -> Vec<f64> {
    let count = curves.len().max(1) as f64;
    let points = curves.first().map_or(0, Vec::len);
    let at = |point: usize| curves.iter().map(|it| it[point]).sum::<f64>() / count;
    (0..points).map(at).collect()
}

fn differences(from: &[f64], to: &[f64]) -> Vec<f64> {
    from.iter().zip(to).map(|(from, to)| to - from).collect()
}

fn squares(one: &[f64], other: &[f64]) -> f64 {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| (one - other).powi(2)).sum()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// A matrix with its diagonal raised by a part of its mean, so that it has an inverse.
fn damped(mut matrix: Vec<Vec<f64>>, part: f64) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let trace: f64 = (0..size).map(|at| matrix[at][at]).sum();
    let raise = (part * trace / size.max(1) as f64).max(1e-12);
    for (at, row) in matrix.iter_mut().enumerate() {
        row[at] += raise;
    }
    matrix
}

/// The inverse of a symmetric positive matrix, by Gauss and Jordan; a handful of rows.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let unit = |at: usize| {
        (0..size)
            .map(|it| if it == at { 1.0 } else { 0.0 })
            .collect()
    };
    let mut inverse: Vec<Vec<f64>> = (0..size).map(unit).collect();
    for pivot in 0..size {
        let by = matrix[pivot][pivot];
        for rows in [&mut matrix, &mut inverse] {
            rows[pivot].iter_mut().for_each(|it| *it /= by);
        }
        for row in (0..size).filter(|row| *row != pivot) {
            let times = matrix[row][pivot];
            for rows in [&mut matrix, &mut inverse] {
                let pivot_row = rows[pivot].clone();
                let pairs = rows[row].iter_mut().zip(pivot_row);
                pairs.for_each(|(it, above)| *it -= times * above);
            }
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draws::Draws;

    /// Shares that rise as `f` says, with what a replication has of its own: a shift of the whole curve.
    struct Formula<F> {
        f: F,
        replications: u64,
    }

    fn unit(seed: u64, entity: u64) -> f64 {
        let word = Draws::new(seed, 0, 0, 0).word(entity, 0);
        f64::from(word) / 4_294_967_296.0 - 0.5
    }

    const POINTS: usize = 40;

    fn moment(point: usize) -> f64 {
        point as f64 / POINTS as f64
    }

    impl<F: Fn(&[f64], f64) -> f64> Model for Formula<F> {
        fn curves(&mut self, positions: &[Vec<f64>]) -> Result<Vec<Vec<Vec<f64>>>, NoStudy> {
            let curve = |at: &Vec<f64>, replication: u64| -> Vec<f64> {
                let shift = 0.04 * unit(1, replication);
                (0..POINTS)
                    .map(|it| (self.f)(at, moment(it)) + shift)
                    .collect()
            };
            let of = |at: &Vec<f64>| (0..self.replications).map(|it| curve(at, it)).collect();
            Ok(positions.iter().map(of).collect())
        }
    }

    /// What is observed at a truth: a shift of its own, and noise of single points.
    fn observed(f: impl Fn(&[f64], f64) -> f64, truth: &[f64], seed: u64) -> Vec<f64> {
        let shift = 0.04 * unit(seed, 1_000);
        let noise = |point: usize| 0.02 * unit(seed, point as u64);
        (0..POINTS)
            .map(|it| f(truth, moment(it)) + shift + noise(it))
            .collect()
    }

    fn fitted(f: impl Fn(&[f64], f64) -> f64 + Copy, truth: &[f64], seed: u64) -> Fit {
        let observed = observed(f, truth, seed);
        let mut model = Formula {
            f,
            replications: 20,
        };
        let starts = [0.2, 0.5, 0.8].map(|it| vec![it; truth.len()]);
        fit(&mut model, &observed, &starts).unwrap()
    }

    /// A share left on in the first half, then the rest by a rate: two knobs that act at different times.
    fn ramp(at: &[f64], t: f64) -> f64 {
        let left_on = 0.8 * at[0];
        let later = (t - 0.5).max(0.0);
        let rest = 1.0 - libm::exp(-later * (2.0 + 12.0 * at[1]));
        left_on * (t * 4.0).min(1.0) + (1.0 - left_on) * rest
    }

    /// Of 60 intervals at 95 %, fewer than 51 hold the truth with a probability of about one in a thousand.
    #[test]
    fn the_truth_lies_in_the_intervals_as_often_as_they_say() {
        let truth = [0.6, 0.3];
        let mut held = 0;
        for seed in 0..30 {
            let fit = fitted(ramp, &truth, 100 + seed);
            for (knob, truth) in fit.knobs.iter().zip(truth) {
                assert_eq!(knob.told, Told::Value, "{knob:?}");
                held += usize::from(knob.low <= truth && truth <= knob.high);
            }
            assert!(fit.alike.is_empty());
        }
        assert!(held >= 51, "{held} of 60");
    }

    #[test]
    fn two_knobs_that_do_the_same_are_called_out() {
        let sum = |at: &[f64], t: f64| 1.0 - libm::exp(-t * (1.0 + 3.0 * (at[0] + at[1])));
        let fit = fitted(sum, &[0.5, 0.4], 1);
        assert_eq!(fit.alike.len(), 1);
        assert_eq!(fit.alike[0].knobs, (0, 1));
        assert!(fit.alike[0].correlation < -0.99);
        let sum = fit.knobs[0].position + fit.knobs[1].position;
        assert!((sum - 0.9).abs() < 0.1, "{fit:?}");
        assert!(
            fit.knobs.iter().all(|it| it.told == Told::Little),
            "{fit:?}"
        );
    }

    #[test]
    fn a_knob_that_nothing_depends_on_is_not_determined() {
        let one = |at: &[f64], t: f64| ramp(&[at[0], 0.4], t);
        let fit = fitted(one, &[0.7, 0.5], 2);
        assert_eq!(fit.knobs[1].told, Told::Nothing);
        assert_eq!((fit.knobs[1].low, fit.knobs[1].high), (0.0, 1.0));
        assert_eq!(fit.knobs[0].told, Told::Value);
        assert!((fit.knobs[0].position - 0.7).abs() < 0.1, "{fit:?}");
    }

    #[test]
    fn an_inverse_is_one() {
        let found = inverse(vec![vec![4.0, 1.0], vec![1.0, 3.0]]);
        let expected = [[3.0 / 11.0, -1.0 / 11.0], [-1.0 / 11.0, 4.0 / 11.0]];
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-12);
        }
    }
}
