//! `smsim check`: everything that is wrong or risky in scenarios.

use super::run::load_all;
use super::{Exit, Failure, load, words};
use crate::plan::risks::Risk;
use crate::plan::{LeftOut, NotRead};
use std::collections::BTreeMap;
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
        left_out(out, &loaded.plan.left_out)?;
        not_read(out, &loaded.plan.not_read)?;
        list(out, &loaded.risks)?;
        risky |= !loaded.risks.is_empty();
    }
    if risky && args.strict {
        Ok(Exit::Missed)
    } else {
        Ok(Exit::Done)
    }
}

/// Lines of each reason that are named.
const LINES_NAMED: usize = 5;

/// Prints which columns of inventories and tables say nothing here.
fn not_read(out: &mut dyn Write, files: &[NotRead]) -> io::Result<()> {
    for NotRead { file, columns } in files {
        let all = words::count(columns.len() as u64, "column");
        words::wrapped(
            out,
            2,
            &format!("{file}: {all} not read: {}", columns.join(", ")),
        )?;
    }
    Ok(())
}

/// Prints which rows of inventories and tables were left out, and why, file by file and reason by reason.
pub(super) fn left_out(out: &mut dyn Write, rows: &[LeftOut]) -> io::Result<()> {
    let mut grouped: BTreeMap<(&str, &str), Vec<&LeftOut>> = BTreeMap::new();
    for row in rows {
        let key = (row.file.as_str(), row.reason.as_str());
        grouped.entry(key).or_default().push(row);
    }
    for ((file, reason), rows) in grouped {
        let lines = rows
            .iter()
            .take(LINES_NAMED)
            .map(|row| row.line.to_string());
        let lines = lines.collect::<Vec<_>>().join(", ");
        let more = match rows.len().saturating_sub(LINES_NAMED) {
            0 => String::new(),
            more => format!(" and {} more", words::grouped(more as u64)),
        };
        let all = words::count(rows.len() as u64, "row");
        let first = &rows[0].detail;
        let text = format!("{file}: {all} left out, {reason}: in line {lines}{more}");
        words::wrapped(out, 2, &text)?;
        words::wrapped(out, 4, &format!("the first: {first}"))?;
    }
    Ok(())
}

/// Prints risks with what to do about them.
pub(super) fn list(out: &mut dyn Write, risks: &[Risk]) -> io::Result<()> {
    for risk in risks {
        words::wrapped(out, 2, &format!("{} ({})", risk.text, risk.article))?;
        words::wrapped(out, 4, &format!("help: {}", risk.help))?;
    }
    Ok(())
}
