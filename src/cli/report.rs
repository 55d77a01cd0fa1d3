//! `smsim report`: the page of a run whose results are stored.

use super::{Exit, Failure, interrupt};
use crate::report::Stored;
use crate::report::page::{About, FILE_NAME, Tables, run_page};
use std::io::Write;
use std::path::PathBuf;

/// What `report` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of results, such as output/two-sites-one-domain
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Writes `report.html` into every folder. It is made of the tables there: nothing is simulated again, so that it shows the
/// same numbers, takes no time, and needs neither the scenario's inventories nor the program version that ran it.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    interrupt::listen();
    for folder in &args.runs {
        let mut stored = Stored::open(folder)?;
        let page = run_page(&About::from(&stored.manifest), &Tables::read(&stored)?);
        let path = interrupt::uncut(|| stored.put(FILE_NAME, page.as_bytes()))?;
        if !args.quiet {
            writeln!(out, "Written    {}", path.display())?;
        }
    }
    Ok(Exit::Done)
}
