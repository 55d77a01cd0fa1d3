//! What is generated for other programs: the schema, completions and the manual page.

use super::{CommandLine, Exit, Failure};
use crate::scenario;
use clap::CommandFactory;
use std::io::Write;

/// What `completions` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the schema of scenarios.
pub(super) fn schema(out: &mut dyn Write) -> Result<Exit, Failure> {
    writeln!(out, "{}", scenario::schema().trim_end())?;
    Ok(Exit::Done)
}

/// Prints completions.
pub(super) fn completions(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut CommandLine::command(),
        "smsim",
        &mut script,
    );
    out.write_all(&script)?;
    Ok(Exit::Done)
}

/// Prints the manual page.
pub(super) fn man(out: &mut dyn Write) -> Result<Exit, Failure> {
    clap_mangen::Man::new(CommandLine::command()).render(out)?;
    Ok(Exit::Done)
}
