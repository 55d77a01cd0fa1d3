//! `smsim columns`: what every column of every results file says.

use super::{Exit, Failure, words};
use crate::report::{Column, Table, tables};
use std::io::{self, Write};

/// What `columns` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only the columns of this table, as in timeline
    #[arg(value_name = "TABLE")]
    table: Option<String>,
    /// As CSV
    #[arg(long)]
    csv: bool,
}

/// What holds for every table.
const ALL_TABLES: &str = "Every file has one header row. An empty cell is a value that is not known or does not \
apply; it is never 0. p10, p50 and p90 are values that one in ten, five in ten and nine in ten replications do not \
exceed; other counts are means over replications. Shares go from 0 to 1. Local times follow the zone of the row's \
site. A text that a spreadsheet would take for a formula has an apostrophe before it. A table with more rows than a \
spreadsheet holds goes on in a second file, as in clients-2.csv.";

/// Explains the columns.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let asked = args
        .table
        .as_deref()
        .map(|it| it.strip_suffix(".csv").unwrap_or(it));
    let wanted = |table: &&Table| asked.is_none_or(|asked| asked == table.name);
    let all = || {
        let of_runs = tables::ALL.into_iter();
        of_runs.chain([
            &tables::COMPARISON,
            &tables::SWEEP,
            &tables::SENSITIVITY,
            &tables::SCREENING,
            &tables::SEARCH,
            &tables::FIT,
        ])
    };
    let tables: Vec<&Table> = all().filter(wanted).collect();
    if tables.is_empty() {
        let names: Vec<&str> = all().map(|table| table.name).collect();
        return Err(Failure::Usage(format!(
            "there is no such table; there are {}",
            names.join(", ")
        )));
    }
    if args.csv {
        let header = ["table", "column", "kind", "unit", "meaning", "example"];
        let columns = tables
            .iter()
            .flat_map(|table| table.columns.iter().map(|it| cells(table, it)));
        words::csv(out, header, columns)?;
        return Ok(Exit::Done);
    }
    words::wrapped(out, 0, ALL_TABLES)?;
    for table in tables {
        writeln!(out)?;
        print(out, table)?;
    }
    Ok(Exit::Done)
}

fn cells(table: &Table, column: &Column) -> [String; 6] {
    let Column {
        name,
        kind,
        unit,
        meaning,
        example,
    } = column;
    [table.name, name, kind.name(), unit, meaning, example].map(str::to_owned)
}

fn print(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    words::wrapped(
        out,
        0,
        &format!("{}.csv: one row per {}.", table.name, table.one_row_per),
    )?;
    for column in table.columns {
        let kind = match column.unit {
            "" => column.kind.name().to_owned(),
            unit => format!("{} [{unit}]", column.kind.name()),
        };
        writeln!(
            out,
            "  {}   {kind}, such as {}",
            column.name, column.example
        )?;
        words::wrapped(out, 6, column.meaning)?;
    }
    Ok(())
}
