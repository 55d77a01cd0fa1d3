//! The answer of a search: in words, and as a scenario that can be run.

use super::Fresh;
use crate::cli::many::Common;
use crate::cli::sweep::shown;
use crate::cli::{judgement, words};
use crate::plan::questions::Objective;
use crate::plan::{COMPARED, Knob, Threshold};
use crate::scenario::{Complaints, Loaded};
use crate::study::design::Point;
use crate::study::evaluate::Row;
use crate::study::search::terms::Limited;
use crate::study::search::{Candidate, End, Found, Terms};
use crate::study::statistics::mean_interval;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// How the file with the best plan begins.
pub(super) const MARK: &str = "# Found by smsim search";

/// What is told of a search.
pub(super) struct Answer<'a> {
    pub found: &'a Found,
    pub terms: &'a Terms,
    /// What the scenario's limits measure.
    pub thresholds: &'a [Threshold],
    pub knobs: &'a [&'a Knob],
    /// None if it was interrupted before.
    pub fresh: Option<&'a Fresh>,
    /// What is wrong with the first plan that made no valid scenario.
    pub refused: Option<&'a Complaints>,
    /// Whether anything has a price.
    pub priced: bool,
}

impl Answer<'_> {
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Answer { found, .. } = self;
        let plans = words::count(found.candidates.len() as u64, "plan");
        let spent = words::count(u64::from(found.spent), "replication");
        let end = match found.end {
            End::Complete => "that is all there are",
            End::Settled => "no neighbour of the best is better",
            End::UsedUp => "the runs are used up: more of them may find a better plan",
            End::Interrupted => "interrupted: the best of these, not of all",
        };
        line(out, "Tried", &format!("{plans} in {spent}; {end}"))?;
        if let Some(wrong) = self.refused.and_then(|it| it.titles().next()) {
            let more = words::count(found.refused as u64, "plan");
            let text = format!("{more} more made no valid scenario, the first because: {wrong}");
            line(out, "", &text)?;
        }
        let heading = match found.keeps_limits {
            true => "Best",
            false => "Nearest",
        };
        line(out, heading, &self.result(found.best))?;
        self.settings(out, found.best)?;
        if !found.keeps_limits {
            self.nearest(out)?;
        }
        if found.best != 0 {
            line(out, "As it is", &self.result(0))?;
        }
        if let Some(runner_up) = found.runner_up {
            line(out, "Runner-up", &self.result(runner_up))?;
            self.settings(out, runner_up)?;
            line(out, "", &self.why_it_lost(runner_up))?;
        }
        self.checked(out)?;
        self.frontier(out)
    }

    /// Goal, load and limits of a candidate.
    fn result(&self, at: usize) -> String {
        let rows = &self.found.candidates[at].rows;
        let objective = self.terms.goal.objective;
        let against = COMPARED[self.terms.goal.against];
        let goal = self.terms.objective(rows);
        let goal = goal.map_or("not reached".to_owned(), |it| shown(objective, it));
        let cost = self
            .terms
            .cost(rows)
            .filter(|_| self.priced && objective != Objective::Cost);
        let cost = cost.map_or(String::new(), |it| format!(", {} (cost)", words::mean(it)));
        let load = self.terms.against(rows).map_or("unknown".to_owned(), |it| {
            judgement::quantity(against.measure, it)
        });
        let limits = match (self.terms.limits.is_empty(), self.terms.keeps(rows)) {
            (true, _) => String::new(),
            (_, true) => "; keeps its limits".to_owned(),
            (_, false) => format!("; misses {}", self.misses(rows)),
        };
        format!(
            "{goal} ({}), {load} ({}){cost}{limits}",
            objective.name(),
            against.name
        )
    }

    /// The limits that are missed, with in how many replications.
    fn misses(&self, rows: &[Row]) -> String {
        let limits = 0..self.terms.limits.len();
        let missed = limits.map(|at| (at, self.terms.missed(rows, at)));
        let told = missed
            .filter(|(_, missed)| *missed > 0)
            .map(|(at, missed)| {
                let that = &self.terms.limits[at].that;
                let reached = self.reached(rows, at);
                let all = rows.len();
                format!("`{that}` in {missed} of {all} replications (median {reached})")
            });
        told.collect::<Vec<_>>().join(", ")
    }

    /// What a plan has of what a limit is about.
    fn reached(&self, rows: &[Row], limit: usize) -> String {
        let of = self.terms.limits[limit].of;
        let measure = match of {
            Limited::Threshold(at) => Some(self.thresholds[at].measure),
            Limited::Cost => None,
        };
        match (self.terms.reached(rows, limit), measure) {
            (None, _) => "never reached".to_owned(),
            (Some(value), Some(measure)) => judgement::quantity(measure, value),
            (Some(value), None) => words::mean(value),
        }
    }

    /// Which of the limits that were not kept is the nearest, and how near any plan came to each.
    fn nearest(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = "No plan that was tried keeps every limit; this one misses them least.";
        line(out, "", text)?;
        let (terms, candidates) = (self.terms, &self.found.candidates);
        let best = &candidates[self.found.best].rows;
        let mut missed: Vec<usize> = (0..terms.limits.len())
            .filter(|at| !terms.keeps_limit(best, *at))
            .collect();
        missed.sort_by(|a, b| terms.beyond(best, *a).total_cmp(&terms.beyond(best, *b)));
        for at in missed {
            let that = &terms.limits[at].that;
            let keeping = candidates
                .iter()
                .filter(|it| terms.keeps_limit(&it.rows, at));
            let text = match keeping.count() {
                0 => {
                    let beyond = |it: &&Candidate| terms.beyond(&it.rows, at);
                    let nearest = candidates
                        .iter()
                        .min_by(|a, b| beyond(a).total_cmp(&beyond(b)));
                    let nearest = nearest.map_or(String::new(), |it| self.reached(&it.rows, at));
                    format!("`{that}`: no plan keeps it; the nearest has {nearest}.")
                }
                kept => {
                    let plans = words::count(kept as u64, "plan");
                    format!("`{that}`: {plans} would keep it, but not the others.")
                }
            };
            line(out, "", &text)?;
        }
        Ok(())
    }

    fn settings(&self, out: &mut dyn Write, at: usize) -> io::Result<()> {
        let levels = &self.found.candidates[at].levels;
        if levels.is_empty() {
            return writeln!(out, "             the scenario as it stands");
        }
        for (knob, level) in self.knobs.iter().zip(levels) {
            let value = knob.axis.level(*level).shown;
            let text = format!("             {}: {value}", knob.name);
            writeln!(out, "{}", words::fit(&text))?;
        }
        Ok(())
    }

    /// Why a plan is not the best.
    fn why_it_lost(&self, at: usize) -> String {
        let (best, rows) = (
            &self.found.candidates[self.found.best].rows,
            &self.found.candidates[at].rows,
        );
        if !self.terms.keeps(rows) {
            return match self.found.keeps_limits {
                true => format!("It lost because it misses {}.", self.misses(rows)),
                false => "It lost because it is further from its limits.".to_owned(),
            };
        }
        let by = self.difference(rows, best);
        let mut text = match by {
            Some((_, None)) => {
                "By the goal the two do not differ: take whichever suits you.".to_owned()
            }
            Some((told, Some(true))) => format!("It lost by {told}."),
            Some((told, Some(false))) => format!(
                "It is worse by {told}: that is within noise, so take whichever of the two suits you."
            ),
            None => "One replication cannot tell the two apart.".to_owned(),
        };
        let against = self.terms.goal.against;
        let loads = [best, rows].map(|rows| self.terms.against(rows));
        if let [Some(best), Some(other)] = loads {
            let measure = COMPARED[against].measure;
            if other < best && !measure.more_is_better() {
                let less = judgement::quantity(measure, best - other);
                text.push_str(&format!(" Its {} is {less} less.", COMPARED[against].name));
            }
        }
        text
    }

    /// How much worse one is than another by the goal, and whether that is beyond noise; none if no replication differs.
    fn difference(&self, one: &[Row], other: &[Row]) -> Option<(String, Option<bool>)> {
        let value = |row: &Row| self.terms.value(row);
        let pairs = one.iter().zip(other);
        let differences: Vec<f64> = pairs
            .map(|(one, other)| value(one) - value(other))
            .collect();
        let it = mean_interval(&differences)?;
        let signed = |value: f64| {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", shown(self.terms.goal.objective, value.abs()))
        };
        let told = format!(
            "{} ({} to {})",
            signed(it.mean),
            signed(it.low),
            signed(it.high)
        );
        let differs = differences.iter().any(|it| *it != 0.0);
        Some((told, differs.then_some(it.low > 0.0 || it.high < 0.0)))
    }

    /// What fresh runs say of the answer.
    fn checked(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(fresh) = self.fresh else {
            let text = "Not yet: with more time, fresh runs would tell whether it holds.";
            return line(out, "Checked", text);
        };
        let Fresh {
            seed,
            best,
            runner_up,
            as_it_stands,
        } = fresh;
        let number = words::count(best.len() as u64, "replication");
        let mut text = format!("Fresh runs, seed {seed}, {number}: ");
        let limits = match (self.terms.limits.is_empty(), self.terms.keeps(best)) {
            (true, _) => String::new(),
            (_, true) => "the best keeps its limits; ".to_owned(),
            (_, false) => format!("the best misses {}; ", self.misses(best)),
        };
        text.push_str(&limits);
        let mut against = |other: &[Row], name: &str| {
            if let Some((told, beyond)) = self.difference(other, best) {
                let gains = match beyond {
                    None => format!("it does not differ from {name}; "),
                    Some(true) => format!("it gains {told} on {name}; "),
                    Some(false) => format!("it gains {told} on {name}, within noise; "),
                };
                text.push_str(&gains);
            }
        };
        if self.found.best != 0 {
            against(as_it_stands, "the scenario as it stands");
        }
        if let Some(rows) = runner_up
            .as_ref()
            .filter(|_| self.found.runner_up != Some(0))
            .filter(|_| self.found.keeps_limits)
        {
            against(rows, "the runner-up");
        }
        let text = text.trim_end_matches([';', ' ']).to_owned();
        line(out, "Checked", &format!("{text}."))
    }

    fn frontier(&self, out: &mut dyn Write) -> io::Result<()> {
        let frontier = &self.found.frontier;
        let (Some(first), Some(last)) = (frontier.first(), frontier.last()) else {
            return line(out, "Frontier", "no plan reached the goal within the run");
        };
        let plans = words::count(frontier.len() as u64, "plan");
        let ends = match first == last {
            true => self.result(*first),
            false => format!("{} to {}", self.result(*first), self.result(*last)),
        };
        line(out, "Frontier", &format!("{plans}: {ends}"))
    }
}

/// A line with its heading, and as many more below as it takes.
fn line(out: &mut dyn Write, heading: &str, text: &str) -> io::Result<()> {
    let told = words::paragraph(11, text);
    let rest = told.get(11..).unwrap_or_default();
    write!(out, "{heading:<11}{rest}")
}

/// The best plan as a scenario that extends the one that was searched.
pub(super) fn plan_text(
    common: &Common,
    folder: &Path,
    best: &Point,
    loaded: &Loaded,
    found: &Found,
    terms: &Terms,
) -> String {
    let base = relative(folder, &common.file).display().to_string();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let sets = common.sets().iter().chain(&best.sets);
    let sets: Vec<String> = sets.map(|set| format!("    {},\n", quoted(set))).collect();
    let goal = terms.objective(&found.candidates[found.best].rows);
    let goal = goal.map_or("not reached".to_owned(), |it| {
        shown(terms.goal.objective, it)
    });
    let (name, spent) = (terms.goal.objective.name(), found.spent);
    let tried = found.candidates.len();
    format!(
        "{MARK}: {name} {goal}, the best of {tried} plans in {spent} replications.\n\nextends = {}\nset = [\n{}]\n\n\
         [scenario]\nname = {}\n",
        quoted(&base.replace('\\', "/")),
        sets.concat(),
        quoted(&format!("{}, best found", loaded.plan.name)),
    )
}

/// The path of a file as seen from a folder that may not exist yet.
fn relative(folder: &Path, file: &Path) -> PathBuf {
    let absolute = |path: &Path| std::path::absolute(path).map(|it| normal(&it));
    let (Ok(folder), Ok(file)) = (absolute(folder), absolute(file)) else {
        return file.to_owned();
    };
    let common = folder.components().zip(file.components());
    let shared = common.take_while(|(one, other)| one == other).count();
    let up = folder
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// Without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_seen_from_a_folder() {
        let seen = |folder: &str, file: &str| relative(Path::new(folder), Path::new(file));
        assert_eq!(
            seen("/a/output", "/a/scenarios/x.toml"),
            Path::new("../scenarios/x.toml")
        );
        assert_eq!(
            seen("/a/./b/../output", "/a/x.toml"),
            Path::new("../x.toml")
        );
        assert_eq!(seen("out", "x.toml"), Path::new("../x.toml"));
    }
}
