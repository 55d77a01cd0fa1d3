//! `smsim report`: the page and the workbook of a run whose results are stored.

use super::replay::replay;
use super::{Exit, Failure, interrupt};
use crate::plan::LeftOut;
use crate::plan::study::USUAL_PERCENTILES;
use crate::report::page::{About, FILE_NAME, Tables, run_page};
use crate::report::store::Identity;
use crate::report::tables::LEFT_OUT;
use crate::report::workbook::{self, workbook};
use crate::report::{Results, Store, Stored};
use crate::run::Silent;
use crate::scenario::Loaded;
use crate::study::run_kept;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `report` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of results, such as output/two-sites-one-domain
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Also make the workbook, report.xlsx, of the replications that are kept there
    #[arg(long)]
    xlsx: bool,
    /// Where the inventories of the scenarios are, if not here; pages do without
    #[arg(long, value_name = "DIR", default_value = ".")]
    inventories: PathBuf,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Writes `report.html`, and the workbook if it is asked for, into every folder. The page is made of the tables there:
/// nothing is simulated again, so that it shows the same numbers, takes no time, and needs neither the scenario's
/// inventories nor the program version that ran it. The workbook is made of the replications that the run kept.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    interrupt::listen();
    for folder in &args.runs {
        let mut stored = Stored::open(folder)?;
        let about = About::from(&stored.manifest);
        let loaded = || replay(&stored.manifest, &args.inventories);
        let loaded = || loaded().map_err(|wrong| Failure::Scenario(vec![wrong]));
        let mut files = Vec::new();
        if tells_usual(&stored) {
            let page = run_page(&about, &Tables::read(&stored)?);
            files.push((FILE_NAME, page.into_bytes()));
        } else {
            // Tables of other percentiles lack those that the page draws.
            let page = with_results(&stored, folder, loaded()?, |results| {
                Ok(run_page(&about, &Tables::of(results)))
            })?;
            files.push((FILE_NAME, page.into_bytes()));
        }
        if args.xlsx {
            let bytes = with_results(&stored, folder, loaded()?, |results| {
                let path = folder.join(workbook::FILE_NAME);
                workbook(results).map_err(|error| Failure::File(path, io::Error::other(error)))
            })?;
            files.push((workbook::FILE_NAME, bytes));
        }
        for (name, bytes) in files {
            let path = interrupt::uncut(|| stored.put(name, &bytes))?;
            if !args.quiet {
                writeln!(out, "Written    {}", path.display())?;
            }
        }
    }
    Ok(Exit::Done)
}

/// Whether the tables tell the percentiles that pages draw.
fn tells_usual(stored: &Stored) -> bool {
    let resolved: Option<toml::Table> = toml::from_str(&stored.manifest.scenario.resolved).ok();
    let study = resolved.as_ref().and_then(|it| it.get("study"));
    let told = study.and_then(|it| it.get("percentiles"));
    let Some(told) = told.and_then(toml::Value::as_array) else {
        return true;
    };
    let number = |value: &toml::Value| match value {
        toml::Value::Integer(whole) => Some(*whole as f64),
        other => other.as_float(),
    };
    let usual = USUAL_PERCENTILES
        .iter()
        .map(|it| Some(f64::from(it.0) / 10.0));
    told.iter().map(number).eq(usual)
}

/// Makes something of the replications that a run kept.
fn with_results<T>(
    stored: &Stored,
    folder: &Path,
    loaded: Loaded,
    make: impl FnOnce(&Results<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut plan = loaded.plan;
    let manifest = &stored.manifest;
    let lacking = |why: String| Failure::Read(folder.to_owned(), why);
    if Identity::of(&plan).plan != manifest.plan {
        return Err(lacking(
            "its scenario, as this version of the program reads it, is another plan than was run, or an inventory has \
             changed: run it again with --xlsx"
                .to_owned(),
        ));
    }
    // Replications of a study that was to end by itself, or was interrupted, are as many as there are.
    plan.replications = manifest.replications_complete;
    plan.study.until = None;
    if plan.left_out.is_empty()
        && let Some(rows) = stored.frame(&LEFT_OUT)?
    {
        let text = |column: &str, row: usize| rows.texts(column)[row].to_string();
        let left_out = |row: usize| LeftOut {
            file: text("inventory", row),
            line: rows.numbers("line")[row] as u64,
            client: text("client", row),
            reason: text("reason", row),
            detail: text("detail", row),
        };
        plan.left_out = (0..rows.rows()).map(left_out).collect();
    }
    let mut store = Store::in_results(&plan, folder);
    store.keeps = false;
    let kept = store.numbers()?;
    if let Some(missing) = (0..plan.replications).find(|number| !kept.contains(number)) {
        return Err(lacking(format!(
            "replication {} is not kept there: run the scenario again, without --no-keep, or with --xlsx at once",
            missing + 1
        )));
    }
    let study = run_kept(&plan, &store, &Silent)?;
    make(&Results::new(&plan, &study))
}
