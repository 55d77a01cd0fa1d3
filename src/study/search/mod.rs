//! The plan that does best by a goal and keeps its limits, found in few runs.
//!
//! Candidates race on common random numbers: each is first looked at in a few replications; whoever breaks a limit, or is
//! worse than the best by more than the noise of the paired differences, is out; of the rest the better half goes on to
//! twice as many replications (successive halving). The first candidates are spread over the ranges by a Latin
//! hypercube; the next lie around the best found so far, in steps that get shorter until no neighbour is better (a
//! pattern search), and at last exchanges: one knob up, another down, which is the way along a limit. Where a space is small enough, everything is tried.
//!
//! Optimisers that are kept well elsewhere were looked at: `cmaes` and `argmin` take a number for each candidate and
//! know neither limits, nor values that are listed, nor that a candidate may be dropped after four replications;
//! `egobox` models a costly function with Gaussian processes, which pays for runs of hours, not for runs of a tenth of a
//! second, and does not use that two candidates met the same chances. The race needs none of them.

pub mod moves;
pub mod terms;
#[cfg(test)]
mod tests;

use super::NoStudy;
use super::evaluate::Row;
use super::statistics::{MeanInterval, mean_interval};
use crate::plan::COMPARED;
use moves::Space;
use std::collections::BTreeSet;
pub use terms::Terms;

/// Replications of a candidate's first look.
const FIRST_LOOK: u32 = 4;

/// Where candidates are tried.
pub trait Laboratory {
    /// Makes the plan of the next candidate, by the level of each knob; without levels, the scenario as it stands.
    /// False if that makes no valid plan; the candidate then has no number.
    fn admit(&mut self, levels: &[usize]) -> bool;

    /// Runs replications, each by the number of its candidate and its own.
    ///
    /// # Errors
    /// If it was ended, or the program is wrong.
    fn run(&mut self, tasks: &[(usize, u32)]) -> Result<Vec<Row>, NoStudy>;
}

/// What became of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It was still in the race at the end.
    Kept,
    /// It broke a limit, by position, in so many of its replications.
    Broke(usize, u32),
    /// It was worse than the best of its time, by so much.
    Worse(MeanInterval),
    /// Others looked better when half of them had to go.
    Behind,
}

/// A plan that was tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Level of each knob; none for the scenario as it stands.
    pub levels: Vec<usize>,
    /// What its replications measured, from the first on.
    pub rows: Vec<Row>,
    /// What became of it.
    pub fate: Fate,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Every candidate, the scenario as it stands first.
    pub candidates: Vec<Candidate>,
    /// The best.
    pub best: usize,
    /// The best of the others.
    pub runner_up: Option<usize>,
    /// Whether the best keeps all limits.
    pub keeps_limits: bool,
    /// Candidates that were not dominated: nobody is better in goal and load at once; from the best goal to the least
    /// load.
    pub frontier: Vec<usize>,
    /// Replications that were run.
    pub spent: u32,
    /// Why it ended.
    pub end: End,
    /// Candidates that made no valid plan.
    pub refused: usize,
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every plan was tried.
    Complete,
    /// No neighbour of the best is better.
    Settled,
    /// The runs were used up.
    UsedUp,
    /// Somebody asked for an end, after the first candidates.
    Interrupted,
}

struct Race<'a> {
    terms: &'a Terms,
    laboratory: &'a mut dyn Laboratory,
    candidates: Vec<Candidate>,
    seen: BTreeSet<Vec<usize>>,
    best: usize,
    spent: u32,
    refused: usize,
}

/// Searches the space of the knobs.
///
/// # Errors
/// If it was ended, or the program is wrong.
pub fn search(
    space: &Space,
    terms: &Terms,
    laboratory: &mut dyn Laboratory,
) -> Result<Found, NoStudy> {
    let mut race = Race {
        terms,
        laboratory,
        candidates: Vec::new(),
        seen: BTreeSet::new(),
        best: 0,
        spent: 0,
        refused: 0,
    };
    let as_it_stands = race.admit(vec![Vec::new()]);
    race.complete(&as_it_stands, race.terms.replications)?;
    let end = match race.run(space) {
        // What was found so far is worth more than nothing.
        Err(NoStudy::Interrupted) => End::Interrupted,
        end => end?,
    };
    race.finish(end)
}

impl Race<'_> {
    /// A first field over the whole space, then a walk from the best of it.
    fn run(&mut self, space: &Space) -> Result<End, NoStudy> {
        let terms = self.terms;
        let look = FIRST_LOOK.min(terms.replications);
        // A race to the end costs each candidate of its first field about twice its first look.
        let field = (terms.runs / (4 * look)).max(4) as usize;
        let all_of_it = space.size().is_some_and(|size| size <= 2 * field);
        let first = match all_of_it {
            true => space.all(),
            false => space.spread(field, terms.seed),
        };
        let first = self.admit(first);
        self.hold(first)?;
        match all_of_it {
            true => Ok(End::Complete),
            false => self.walk(space, look),
        }
    }

    /// Admits candidates that were not seen before; gives their numbers.
    fn admit(&mut self, all: Vec<Vec<usize>>) -> Vec<usize> {
        let mut admitted = Vec::new();
        for levels in all {
            if !self.seen.insert(levels.clone()) {
                continue;
            }
            if !self.laboratory.admit(&levels) {
                self.refused += 1;
                continue;
            }
            admitted.push(self.candidates.len());
            self.candidates.push(Candidate {
                levels,
                rows: Vec::new(),
                fate: Fate::Kept,
            });
        }
        admitted
    }

    /// Runs what candidates lack up to `replications`.
    fn complete(&mut self, candidates: &[usize], replications: u32) -> Result<(), NoStudy> {
        let tasks: Vec<(usize, u32)> = candidates
            .iter()
            .flat_map(|&at| {
                let done = self.candidates[at].rows.len() as u32;
                (done..replications).map(move |number| (at, number))
            })
            .collect();
        let rows = self.laboratory.run(&tasks)?;
        self.spent += tasks.len() as u32;
        for ((at, _), row) in tasks.into_iter().zip(rows) {
            self.candidates[at].rows.push(row);
        }
        Ok(())
    }

    /// Lets candidates race each other and the best so far.
    fn hold(&mut self, mut racing: Vec<usize>) -> Result<(), NoStudy> {
        let all = self.terms.replications;
        let mut replications = FIRST_LOOK.min(all);
        while !racing.is_empty() {
            self.complete(&racing, replications)?;
            let leader = racing.iter().chain([&self.best]).copied();
            let leader = leader.min_by(|a, b| self.order(*a, *b)).unwrap_or(0);
            racing.retain(|&at| at == leader || self.stays(at, leader));
            if replications >= all {
                break;
            }
            racing.sort_by(|a, b| self.order(*a, *b));
            for &behind in racing.iter().skip(racing.len().div_ceil(2)) {
                self.candidates[behind].fate = Fate::Behind;
            }
            racing.truncate(racing.len().div_ceil(2));
            replications = (2 * replications).min(all);
        }
        let finalists = racing.iter().chain([&self.best]).copied();
        self.best = finalists.min_by(|a, b| self.order(*a, *b)).unwrap_or(0);
        Ok(())
    }

    /// Goes from the best to its neighbours, in shorter and shorter steps.
    fn walk(&mut self, space: &Space, look: u32) -> Result<End, NoStudy> {
        let mut step = space.first_step();
        for round in 0_u64.. {
            let Some(from) = self.best_with_levels() else {
                return Ok(End::Settled);
            };
            let levels = self.candidates[from].levels.clone();
            let around = space.around(&levels, step, self.terms.seed, round);
            if !self.try_all(around, look)? {
                return Ok(End::UsedUp);
            }
            if self.best_with_levels() != Some(from) {
                continue;
            }
            if step > space.last_step() {
                step /= 2.0;
                continue;
            }
            // Along a limit neither knob can move alone.
            if !self.try_all(space.exchanges(&levels), look)? {
                return Ok(End::UsedUp);
            }
            if self.best_with_levels() == Some(from) {
                return Ok(End::Settled);
            }
        }
        Ok(End::UsedUp)
    }

    /// Lets the new ones of these race, if there are runs enough to look at all of them.
    fn try_all(&mut self, all: Vec<Vec<usize>>, look: u32) -> Result<bool, NoStudy> {
        let new = |it: &Vec<usize>| !self.seen.contains(it);
        let fresh: Vec<Vec<usize>> = all.into_iter().filter(new).collect();
        if self.spent + look * fresh.len() as u32 > self.terms.runs {
            return Ok(false);
        }
        let fresh = self.admit(fresh);
        self.hold(fresh)?;
        Ok(true)
    }

    /// The best candidate that has levels, which the scenario as it stands has not.
    fn best_with_levels(&self) -> Option<usize> {
        if !self.candidates[self.best].levels.is_empty() {
            return Some(self.best);
        }
        let others =
            (1..self.candidates.len()).filter(|at| self.candidates[*at].fate == Fate::Kept);
        others
            .min_by(|a, b| self.order(*a, *b))
            .or_else(|| (1..self.candidates.len()).min_by(|a, b| self.order(*a, *b)))
    }

    /// Whether a candidate stays in the race against the leader; if not, why.
    fn stays(&mut self, at: usize, leader: usize) -> bool {
        let fate = match self.broken(at) {
            // Where nobody keeps the limits, the one that misses them least leads.
            Some((threshold, missed)) if self.fault(leader) == 0.0 => {
                Fate::Broke(threshold, missed)
            }
            _ => match self.difference(at, leader) {
                Some(worse) if worse.low > 0.0 && self.fault(at) >= self.fault(leader) => {
                    Fate::Worse(worse)
                }
                _ => return true,
            },
        };
        self.candidates[at].fate = fate;
        false
    }

    /// Mean objective of one candidate minus that of another, over the replications that both have; above 0 the first
    /// is worse.
    fn difference(&self, one: usize, other: usize) -> Option<MeanInterval> {
        let (one, other) = (self.values(one), self.values(other));
        let pairs = one.iter().zip(&other);
        mean_interval(&pairs.map(|(one, other)| one - other).collect::<Vec<f64>>())
    }

    fn values(&self, at: usize) -> Vec<f64> {
        let rows = self.candidates[at].rows.iter();
        rows.map(|row| self.terms.value(row)).collect()
    }

    /// A limit that a candidate cannot keep any more, and in how many replications it missed it: the one it misses
    /// most.
    fn broken(&self, at: usize) -> Option<(usize, u32)> {
        let rows = &self.candidates[at].rows;
        let missed = (0..self.terms.limits.len()).map(|it| (it, self.terms.missed(rows, it)));
        let broken = missed.filter(|(it, missed)| *missed > self.terms.may_miss(*it));
        broken.max_by_key(|(_, missed)| *missed)
    }

    /// How far a candidate is from keeping its limits; 0 if it does.
    fn fault(&self, at: usize) -> f64 {
        let (terms, rows) = (self.terms, &self.candidates[at].rows);
        let limits = 0..terms.limits.len();
        let broken = limits.filter(|it| terms.missed(rows, *it) > terms.may_miss(*it));
        let fault = |limit: usize| {
            let share = f64::from(terms.missed(rows, limit)) / rows.len().max(1) as f64;
            share + terms.beyond(rows, limit)
        };
        broken.map(fault).sum()
    }

    /// Which of two is better: the one nearer to its limits, then the one with the better mean over the replications
    /// that both have.
    fn order(&self, one: usize, other: usize) -> std::cmp::Ordering {
        let common = self.candidates[one]
            .rows
            .len()
            .min(self.candidates[other].rows.len());
        let mean = |at| self.values(at)[..common].iter().sum::<f64>();
        let faults = self.fault(one).total_cmp(&self.fault(other));
        faults
            .then_with(|| mean(one).total_cmp(&mean(other)))
            .then(one.cmp(&other))
    }

    fn finish(mut self, end: End) -> Result<Found, NoStudy> {
        // Whoever was admitted when it was broken off has nothing to show.
        self.candidates.retain(|it| !it.rows.is_empty());
        let others = (0..self.candidates.len()).filter(|at| *at != self.best);
        let runner_up = others.min_by(|a, b| self.order(*a, *b));
        if let Some(runner_up) = runner_up.filter(|_| end != End::Interrupted) {
            self.complete(&[runner_up], self.terms.replications)?;
        }
        Ok(Found {
            best: self.best,
            runner_up,
            keeps_limits: self.fault(self.best) == 0.0,
            frontier: frontier(&self.candidates, self.terms),
            candidates: self.candidates,
            spent: self.spent,
            end,
            refused: self.refused,
        })
    }
}

/// Candidates of which nobody else is better in both: goal and what it is traded against.
fn frontier(candidates: &[Candidate], terms: &Terms) -> Vec<usize> {
    let turned = |value: f64, more_is_better: bool| if more_is_better { -value } else { value };
    let against_more = COMPARED[terms.goal.against].measure.more_is_better();
    let mut known: Vec<(usize, f64, f64)> = (0..candidates.len())
        .filter_map(|at| {
            let rows = &candidates[at].rows;
            let goal = terms.objective(rows)?;
            let load = terms.against(rows)?;
            let goal = turned(goal, terms.goal.objective.more_is_better());
            Some((at, goal, turned(load, against_more)))
        })
        .collect();
    known.sort_by(|a, b| {
        a.1.total_cmp(&b.1)
            .then(a.2.total_cmp(&b.2))
            .then(a.0.cmp(&b.0))
    });
    let mut least = f64::INFINITY;
    let mut frontier = Vec::new();
    for (at, _, load) in known {
        if load < least {
            least = load;
            frontier.push(at);
        }
    }
    frontier
}
