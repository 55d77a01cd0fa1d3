//! `smsim explain`: one client's story, or everybody who never converged.

mod days;
mod origin;
mod story;
mod stuck;
mod whom;
mod wording;

use super::{Exit, Failure, words};
use crate::run::witness;
use std::io::Write;
use std::path::PathBuf;

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A results folder, whose manifest is replayed, or a scenario file
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The client, by its name in clients.csv, or by cohort and number, as in desktops-7
    #[arg(required_unless_present = "stuck", conflicts_with = "stuck")]
    client: Option<String>,
    /// Everybody who never converged, by reason
    #[arg(long)]
    stuck: bool,
    /// Which replication
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    replication: u32,
    /// Every day, also those without news, and the warm-up
    #[arg(long, conflicts_with = "stuck")]
    all: bool,
    /// One row per client that is stuck, as CSV
    #[arg(long, requires = "stuck")]
    csv: bool,
    /// Sets a value of a scenario, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// Where the inventories of a results folder's scenario are, if not here
    #[arg(long, value_name = "DIR", default_value = ".")]
    inventories: PathBuf,
}

/// Tells the story.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let plan = origin::load(args)?.plan;
    if args.replication > plan.replications {
        return Err(Failure::Usage(format!(
            "there is no replication {}: {} was run with {}",
            args.replication, plan.name, plan.replications
        )));
    }
    let replication = args.replication - 1;
    let workers = rayon::current_num_threads();
    if args.stuck {
        let again = |name: &str| {
            let run = ["smsim".into(), "explain".into(), args.run.clone().into()];
            words::command(&[&run[..], &[name.into()]].concat())
        };
        stuck::print(out, &plan, replication, workers, args.csv, again)?;
        return Ok(Exit::Done);
    }
    let who = whom::find(&plan, args.client.as_deref().unwrap_or_default())?;
    let witnessed = witness(&plan, replication, who, workers);
    story::print(out, &plan, replication, who, &witnessed, args.all)?;
    Ok(Exit::Done)
}
