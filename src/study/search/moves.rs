//! Where candidates lie: spread over the whole space at first, then around the best.

use crate::engine::draws::{Draws, address_of, pick};
use crate::plan::Knob;
use crate::study::design::latin_hypercube;

/// The levels of every knob.
#[derive(Clone, Debug)]
pub struct Space<'a> {
    knobs: &'a [&'a Knob],
    levels: Vec<usize>,
}

/// Family of the draws of moves in several knobs at once.
const MOVES: u64 = 0xde51_0004;
/// The first step, as a part of each range.
const FIRST_STEP: f64 = 0.25;

impl<'a> Space<'a> {
    /// The space of these knobs.
    #[must_use]
    pub fn of(knobs: &'a [&'a Knob]) -> Self {
        Space {
            knobs,
            levels: knobs.iter().map(|knob| knob.axis.levels()).collect(),
        }
    }

    /// Number of candidates; none if it has no end worth counting.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        let levels = self.levels.iter();
        levels.copied().try_fold(1_usize, usize::checked_mul)
    }

    /// Every candidate.
    #[must_use]
    pub fn all(&self) -> Vec<Vec<usize>> {
        let one = |mut number: usize| {
            let level = |levels: &usize| {
                let level = number % levels;
                number /= levels;
                level
            };
            self.levels.iter().map(level).collect()
        };
        (0..self.size().unwrap_or(0)).map(one).collect()
    }

    /// So many candidates that visit equal parts of every range equally often.
    #[must_use]
    pub fn spread(&self, points: usize, seed: u64) -> Vec<Vec<usize>> {
        let cube = latin_hypercube(self.knobs, points as u32, seed);
        let level = |(position, levels): (f64, &usize)| {
            libm::round(position * (*levels as f64 - 1.0)) as usize
        };
        let candidate = |row: Vec<f64>| row.into_iter().zip(&self.levels).map(level).collect();
        cube.into_iter().map(candidate).collect()
    }

    /// The longest step of a walk, as a part of each range.
    #[must_use]
    pub fn first_step(&self) -> f64 {
        FIRST_STEP
    }

    /// The shortest step worth taking: one level of the knob with the most.
    #[must_use]
    pub fn last_step(&self) -> f64 {
        let most = self.levels.iter().max().copied().unwrap_or(1);
        1.0 / most.max(2) as f64
    }

    /// Neighbours at a step: one knob at a time in both directions, then as many that move in all knobs at once.
    #[must_use]
    pub fn around(&self, from: &[usize], step: f64, seed: u64, round: u64) -> Vec<Vec<usize>> {
        let length = |levels: usize| (libm::round(step * (levels as f64 - 1.0)) as usize).max(1);
        let moved = |level: usize, by: i64, levels: usize| {
            let last = levels as i64 - 1;
            (level as i64 + by).clamp(0, last) as usize
        };
        let mut neighbours = Vec::new();
        for (knob, &levels) in self.levels.iter().enumerate() {
            let length = length(levels) as i64;
            for by in [-length, length] {
                let mut neighbour = from.to_vec();
                neighbour[knob] = moved(from[knob], by, levels);
                neighbours.push(neighbour);
            }
        }
        if self.levels.len() > 1 {
            for number in 0..self.levels.len() as u64 {
                let all = self.knobs.iter().zip(from).zip(&self.levels);
                let neighbour = all.map(|((knob, &level), &levels)| {
                    let draws = Draws::new(seed, round, address_of(&knob.name), MOVES);
                    let length = length(levels) as u32;
                    let by = pick(draws.word(number, 0), 2 * length + 1);
                    moved(level, i64::from(by) - i64::from(length), levels)
                });
                neighbours.push(neighbour.collect());
            }
        }
        neighbours.sort();
        neighbours.dedup();
        neighbours.retain(|it| it != from);
        neighbours
    }

    /// Neighbours with one knob a level up and another one down.
    #[must_use]
    pub fn exchanges(&self, from: &[usize]) -> Vec<Vec<usize>> {
        let up = (0..from.len()).filter(|knob| from[*knob] + 1 < self.levels[*knob]);
        let pairs = up.flat_map(|up| {
            let down = (0..from.len()).filter(move |knob| *knob != up && from[*knob] > 0);
            down.map(move |down| (up, down))
        });
        let exchanged = pairs.map(|(up, down)| {
            let mut neighbour = from.to_vec();
            neighbour[up] += 1;
            neighbour[down] -= 1;
            neighbour
        });
        exchanged.collect()
    }
}
