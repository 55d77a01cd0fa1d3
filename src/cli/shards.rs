//! `smsim shards`: prints what a batch system has to be told to run a scenario as shards and merge them.

use super::run::OUTPUT;
use super::shard::SHARDS;
use super::{Exit, Failure, load, words};
use crate::report::folder_name;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

const SLURM: &str = include_str!("shards/slurm.sh");
const KUBERNETES: &str = include_str!("shards/kubernetes.yaml");
/// Most shards: more than batch systems take in one array by default.
const MOST: i64 = 100_000;

/// What `shards` takes.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("system").required(true))]
pub(super) struct Args {
    /// Scenario file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A script for Slurm: an array of so many jobs, and one that merges
    #[arg(long, value_name = "N", group = "system", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    slurm: Option<u32>,
    /// A manifest for Kubernetes: an Indexed Job of so many pods, and a Job that merges
    #[arg(long, value_name = "N", group = "system", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    kubernetes: Option<u32>,
    /// Container image with smsim on its path
    #[arg(long, value_name = "IMAGE", default_value = "smsim:latest")]
    image: String,
    /// Volume claim that all pods share
    #[arg(long, value_name = "CLAIM", default_value = "smsim")]
    claim: String,
    /// First number of every draw, in place of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of replications of all shards together, in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Sets a value of the scenario, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// Folder in which the shards' folder and the results folder are made
    #[arg(long, value_name = "DIR", default_value = OUTPUT)]
    out: PathBuf,
}

/// Prints the script or the manifest.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let loaded = load::load(&args.file, &args.sets, args.seed, args.replications)
        .map_err(|wrong| Failure::Scenario(vec![wrong]))?;
    let plan = &loaded.plan;
    let (template, asked) = match (args.slurm, args.kubernetes) {
        (Some(count), _) => (SLURM, count),
        (None, count) => (KUBERNETES, count.unwrap_or(1)),
    };
    if asked > plan.replications {
        return Err(Failure::Usage(format!(
            "{} make no more than {0} shards: ask for more with --replications",
            words::count(u64::from(plan.replications), "replication")
        )));
    }
    let results = args.out.join(folder_name(&plan.name));
    let shards = PathBuf::from(format!("{}{SHARDS}", results.display()));
    let values = [
        ("{name}", one_line(&plan.name)),
        ("{job}", job_name(&plan.name)),
        ("{count}", asked.to_string()),
        ("{retries}", (asked.max(3)).to_string()),
        ("{run}", run_arguments(args)),
        ("{merge}", merge_arguments(args, &shards)),
        ("{results}", words::command(&[results.into()])),
        ("{image}", args.image.clone()),
        ("{claim}", args.claim.clone()),
    ];
    let mut text = template.to_owned();
    for (placeholder, value) in values {
        text = text.replace(placeholder, &value);
    }
    out.write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

fn run_arguments(args: &Args) -> String {
    let mut arguments: Vec<OsString> = vec!["run".into(), args.file.clone().into()];
    let mut say = |option: &str, value: OsString| arguments.extend([option.into(), value]);
    if let Some(seed) = args.seed {
        say("--seed", seed.to_string().into());
    }
    if let Some(replications) = args.replications {
        say("--replications", replications.to_string().into());
    }
    for set in &args.sets {
        say("--set", set.into());
    }
    if args.out != Path::new(OUTPUT) {
        say("--out", args.out.clone().into());
    }
    words::command(&arguments)
}

fn merge_arguments(args: &Args, shards: &Path) -> String {
    let mut arguments: Vec<OsString> = vec!["merge".into(), shards.into()];
    if args.out != Path::new(OUTPUT) {
        arguments.extend(["--out".into(), args.out.clone().into()]);
    }
    words::command(&arguments)
}

/// Text that cannot end the comment it stands in.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the batch system calls the job: letters, digits and hyphens, as both of them allow.
fn job_name(scenario: &str) -> String {
    const LONGEST: usize = 50;
    let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
    let name: String = folder_name(scenario).chars().map(plain).collect();
    let mut name = format!("smsim-{}", name.trim_matches('-'));
    name.truncate(LONGEST);
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_a_name_that_every_system_takes() {
        assert_eq!(
            job_name("Two sites, one domain"),
            "smsim-two-sites-one-domain"
        );
        assert_eq!(job_name("Zürich"), "smsim-z-rich");
        assert!(job_name(&"x ".repeat(99)).len() <= 50);
    }

    #[test]
    fn templates_know_no_other_placeholders() {
        let known = [
            "{name}",
            "{job}",
            "{count}",
            "{retries}",
            "{run}",
            "{merge}",
            "{results}",
            "{image}",
            "{claim}",
        ];
        for template in [SLURM, KUBERNETES] {
            let mut rest = template.to_owned();
            for placeholder in known {
                rest = rest.replace(placeholder, "");
            }
            let other = rest.match_indices('{').find(|(at, _)| {
                let inner = &rest[at + 1..];
                let word = inner.split('}').next().unwrap_or_default();
                !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase())
            });
            assert_eq!(other, None, "{rest}");
        }
    }
}
