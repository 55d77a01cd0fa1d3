//! What the verbs that run many variants of one scenario have in common: arguments, plans, replications.

use super::progress::Progress;
use super::run::{Csv, OUTPUT};
use super::{Failure, interrupt, load, words};
use crate::plan::{Knob, Plan};
use crate::report::folder_name;
use crate::scenario::{self, Loaded};
use crate::study::design::Point;
use crate::study::evaluate::{self, Observed, Row, Task, Variant};
use rayon::prelude::*;
use std::path::PathBuf;

/// What all of them take.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Scenario file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only these knobs of the scenario [default: all]
    #[arg(long = "knob", value_name = "NAME")]
    knobs: Vec<String>,
    /// Sets a value in every variant, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// First number of every draw, in place of the scenario's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Number of replications of each variant, in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Threads; results do not depend on them [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How cells of CSV files are set apart
    #[arg(long, value_enum, default_value_t = Csv::Standard)]
    pub csv: Csv,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

impl Common {
    /// The scenario as it stands.
    pub fn load(&self) -> Result<Loaded, Failure> {
        self.load_with(&[])
            .map_err(|wrong| Failure::Scenario(vec![wrong]))
    }

    /// What is set in every variant.
    pub fn sets(&self) -> &[String] {
        &self.sets
    }

    fn load_with(&self, more: &[String]) -> Result<Loaded, scenario::Complaints> {
        let sets: Vec<String> = self.sets.iter().chain(more).cloned().collect();
        let mut loaded = load::load(&self.file, &sets, self.seed, self.replications)?;
        // One row per client is of no use where only numbers are kept.
        loaded.plan.results.clients = false;
        Ok(loaded)
    }

    /// The knobs that were asked for.
    pub fn knobs<'a>(&self, loaded: &'a Loaded) -> Result<Vec<&'a Knob>, Failure> {
        let all = &loaded.questions.knobs;
        let names = || all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
        for name in &self.knobs {
            if !names().contains(&name.as_str()) {
                let known = match names().as_slice() {
                    [] => "it has none".to_owned(),
                    names => format!("it has {}", names.join(", ")),
                };
                return Err(Failure::Usage(format!(
                    "the scenario has no knob {name:?}: {known}"
                )));
            }
        }
        let wanted = |knob: &&Knob| self.knobs.is_empty() || self.knobs.contains(&knob.name);
        Ok(all.iter().filter(wanted).collect())
    }

    /// The same, where without knobs there is nothing to do.
    pub fn some_knobs<'a>(&self, loaded: &'a Loaded) -> Result<Vec<&'a Knob>, Failure> {
        let knobs = self.knobs(loaded)?;
        if knobs.is_empty() {
            let help = "the scenario has no [[knob]]: say what may be varied, as in\n  [[knob]]\n  name = \"cycle\"\n  \
                        path = \"rules.ccim_cycle\"\n  from = \"12h\"\n  to = \"46h\"";
            return Err(Failure::Usage(help.to_owned()));
        }
        Ok(knobs)
    }

    /// The plan of every point; of those that are wrong, the first few are told.
    pub fn variants(&self, points: Vec<Point>) -> Result<Vec<Variant>, Failure> {
        const TOLD: usize = 3;
        let made: Vec<_> = points.into_par_iter().map(|it| self.variant(it)).collect();
        let mut variants = Vec::new();
        let mut wrong = Vec::new();
        for made in made {
            match made {
                Ok(variant) => variants.push(variant),
                Err(complaints) => wrong.push(complaints),
            }
        }
        if wrong.is_empty() {
            return Ok(variants);
        }
        wrong.truncate(TOLD);
        Err(Failure::Scenario(wrong))
    }

    /// The plan of one point.
    pub fn variant(&self, point: Point) -> Result<Variant, scenario::Complaints> {
        let plan = self.load_with(&point.sets)?.plan;
        Ok(Variant { point, plan })
    }

    /// Threads to work on.
    pub fn pool(&self) -> Result<rayon::ThreadPool, Failure> {
        let mut pool = rayon::ThreadPoolBuilder::new();
        if let Some(threads) = self.threads {
            pool = pool.num_threads(usize::from(threads));
        }
        pool.build()
            .map_err(|error| Failure::Usage(format!("cannot start threads: {error}")))
    }

    /// Every replication of every plan, plan by plan.
    pub fn run_all(
        &self,
        variants: &[Variant],
        observed: Option<Observed>,
    ) -> Result<Vec<Vec<Row>>, Failure> {
        let plans = || variants.iter().map(|it| &it.plan);
        let all = plans().map(|it| it.clients() * u64::from(it.replications));
        let replications = plans().map(|it| it.replications).sum();
        let tasks: Vec<Task<'_>> = variants.iter().flat_map(tasks).collect();
        interrupt::listen();
        let pool = self.pool()?;
        let progress = Progress::of(all.sum(), replications, self.quiet);
        let rows = pool.install(|| evaluate::rows(&tasks, observed, &progress));
        drop(progress);
        let mut rows = rows?.into_iter();
        let of_plan = |plan: &Plan| rows.by_ref().take(plan.replications as usize).collect();
        Ok(plans().map(of_plan).collect())
    }

    /// Where a verb writes by default: `output/two-sites-sweep.csv`.
    pub fn usual_place(&self, plan: &Plan, ending: &str) -> PathBuf {
        PathBuf::from(OUTPUT).join(format!("{}-{ending}", folder_name(&plan.name)))
    }
}

/// All replications of a plan.
pub(super) fn tasks(variant: &Variant) -> impl Iterator<Item = Task<'_>> {
    (0..variant.plan.replications).map(move |number| (variant, number))
}

/// The knobs with their values, a line each.
pub(super) fn knob_lines(knobs: &[&Knob]) -> Vec<String> {
    use crate::plan::Axis;
    let line = |knob: &&Knob| {
        let values = match &knob.axis {
            Axis::List(settings) => {
                let shown: Vec<&str> = settings.iter().map(|it| it.shown.as_str()).collect();
                shown.join(", ")
            }
            Axis::Range {
                scale,
                from,
                to,
                step,
            } => {
                let ends = format!("{} to {}", scale.shown(*from), scale.shown(*to));
                match step {
                    None => ends,
                    Some(_) => format!(
                        "{ends}, {}",
                        words::count(knob.axis.levels() as u64, "value")
                    ),
                }
            }
        };
        words::fit(&format!(
            "  {}: {values}   ({})",
            knob.name,
            knob.paths.join(", ")
        ))
    };
    knobs.iter().map(line).collect()
}
