//! The command line: one file per verb. The only room that prints.
//!
//! Knows what a planner types and reads: arguments, progress, closing lines, exit codes. Knows no rule of the product and
//! computes no result; whatever it shows comes from the other rooms.

mod assumptions;
mod check;
mod columns;
mod compare;
mod curve;
mod exit;
mod explain;
mod fit;
mod generate;
mod interrupt;
mod judgement;
mod load;
mod many;
mod merge;
mod new;
mod one_file;
mod plan;
mod progress;
mod reasons;
mod replay;
mod report;
mod run;
mod scope;
mod search;
mod sensitivity;
mod shard;
mod shards;
mod summary;
#[cfg(test)]
mod summary_tests;
mod sweep;
mod words;

pub use exit::{Exit, Failure};

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Simulates an SMS 2.0 hierarchy on its way from one service pack to the next: when clients converge, what loads
/// which server, and who gets stuck.
#[derive(Debug, Parser)]
#[command(
    name = "smsim",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 done, 1 a threshold missed, or risks found by check --strict, 2 scenario or usage wrong, \
3 cannot read or write, 4 the program is wrong, 130 interrupted."
)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Simulate scenarios and write their results.
    Run(run::Args),
    /// Write the results of a run whose shards were simulated apart, by run --shard.
    Merge(merge::Args),
    /// Print a job script that runs a scenario as shards on a batch system, and merges them.
    Shards(shards::Args),
    /// Build report.html anew from the tables in a results folder.
    Report(report::Args),
    /// Hold two or more plans against each other, on the same draws.
    Compare(compare::Args),
    /// Tell one client's story, or who never converged and why.
    Explain(explain::Args),
    /// Vary the knobs of a scenario and tabulate what comes of it.
    Sweep(sweep::Args),
    /// Rank the knobs of a scenario by how much they matter.
    Sensitivity(sensitivity::Args),
    /// Find the plan that does best by the scenario's goal and keeps its limits.
    Search(search::Args),
    /// Set knobs so that the curve of convergence is an observed one.
    Fit(fit::Args),
    /// Say everything that is wrong or risky in scenarios.
    Check(check::Args),
    /// Show what would run: sites, clients, calendar, assumptions, risks, size of the results.
    Plan(plan::Args),
    /// Write a commented scenario to start from.
    New(new::Args),
    /// List every default of the model with its source and confidence.
    Assumptions(assumptions::Args),
    /// List every reason a client can have for what it does.
    Reasons(reasons::Args),
    /// List the levers a planner can pull, and where in a scenario.
    Levers(scope::Args),
    /// List the ways to fail, and how a scenario brings them about.
    Misfortunes(scope::Args),
    /// List what is not modelled, and why.
    NotModelled(scope::Args),
    /// Explain every column of every results file.
    Columns(columns::Args),
    /// Print the JSON Schema of scenarios, for editors.
    Schema,
    /// Print completions for a shell.
    Completions(generate::Args),
    /// Print the manual page.
    Man,
}

/// Runs the program with these arguments.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command_line = match CommandLine::try_parse_from(&arguments) {
        Ok(command_line) => command_line,
        Err(told) => {
            // Help and version are told this way too; a closed pipe is nobody's fault.
            let _ = told.print();
            return if told.use_stderr() {
                Exit::Wrong.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    let done = catch_unwind(AssertUnwindSafe(|| -> Result<Exit, Failure> {
        let mut out = anstream::stdout().lock();
        let exit = dispatch(command_line.verb, &mut out)?;
        out.flush()?;
        Ok(exit)
    }));
    let exit = match done {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => failure.tell(&arguments),
        Err(panic) => exit::tell_panic(panic.as_ref(), &arguments),
    };
    exit.into()
}

fn dispatch(verb: Verb, out: &mut dyn Write) -> Result<Exit, Failure> {
    match verb {
        Verb::Run(args) => run::run(&args, out),
        Verb::Merge(args) => merge::run(&args, out),
        Verb::Shards(args) => shards::run(&args, out),
        Verb::Report(args) => report::run(&args, out),
        Verb::Compare(args) => compare::run(&args, out),
        Verb::Explain(args) => explain::run(&args, out),
        Verb::Sweep(args) => sweep::run(&args, out),
        Verb::Sensitivity(args) => sensitivity::run(&args, out),
        Verb::Search(args) => search::run(&args, out),
        Verb::Fit(args) => fit::run(&args, out),
        Verb::Check(args) => check::run(&args, out),
        Verb::Plan(args) => plan::run(&args, out),
        Verb::New(args) => new::run(&args, out),
        Verb::Assumptions(args) => assumptions::run(&args, out),
        Verb::Reasons(args) => reasons::run(&args, out),
        Verb::Levers(args) => scope::levers(&args, out),
        Verb::Misfortunes(args) => scope::misfortunes(&args, out),
        Verb::NotModelled(args) => scope::not_modelled(&args, out),
        Verb::Columns(args) => columns::run(&args, out),
        Verb::Schema => generate::schema(out),
        Verb::Completions(args) => generate::completions(&args, out),
        Verb::Man => generate::man(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
