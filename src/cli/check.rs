//! `smsim check`: everything that is wrong or risky in scenarios.

use super::run::load_all;
use super::{Exit, Failure, load, words};
use crate::plan::risks::Risk;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `check` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Sets a value of the scenario, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// End with exit code 1 if anything is risky
    #[arg(long)]
    strict: bool,
}

/// Checks every scenario.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let scenarios = load_all(&args.files, |file| load::load(file, &args.sets, None, None))?;
    let mut risky = false;
    for (file, loaded) in &scenarios {
        let found = match loaded.risks.len() as u64 {
            0 => "nothing wrong".to_owned(),
            risks => format!("nothing wrong, {}", words::count(risks, "risk")),
        };
        writeln!(out, "{}: {found}", file.display())?;
        list(out, &loaded.risks)?;
        risky |= !loaded.risks.is_empty();
    }
    if risky && args.strict {
        Ok(Exit::Missed)
    } else {
        Ok(Exit::Done)
    }
}

/// Prints risks with what to do about them.
pub(super) fn list(out: &mut dyn Write, risks: &[Risk]) -> io::Result<()> {
    for risk in risks {
        words::wrapped(out, 2, &format!("{} ({})", risk.text, risk.article))?;
        words::wrapped(out, 4, &format!("help: {}", risk.help))?;
    }
    Ok(())
}
