//! Rows of inventories and tables that are not in the results.

use crate::report::Results;
use crate::report::table::{Column, Rows, Table, number, text};
use std::io;

/// `left_out.csv`, written where rows were left out.
pub static LEFT_OUT: Table = Table {
    name: "left_out",
    one_row_per: "row of an inventory, or of a table of sites, domains or boundaries, that was left out; where every row is in the run, there is no such file",
    columns: &COLUMNS,
    fill,
};

static COLUMNS: [Column; 5] = [
    text("inventory", "The file it stands in.", "pcs.csv"),
    number(
        "line",
        "lines",
        "Its line in the file, or its row in the sheet; the first is 1.",
        "17",
    ),
    text(
        "client",
        "The client it is about, or the site or domain. Empty if that cannot be told.",
        "PC017",
    ),
    text(
        "reason",
        "Why it was left out, in the same words for all rows with this defect.",
        "no subnet",
    ),
    text(
        "detail",
        "Why, with what was found.",
        "where is `PC017`?: has no subnet",
    ),
];

fn fill(results: &Results<'_>, rows: &mut dyn Rows) -> io::Result<()> {
    for row in &results.plan.left_out {
        rows.text(&row.file);
        rows.whole(row.line);
        rows.text_if((!row.client.is_empty()).then_some(row.client.as_str()));
        rows.text(&row.reason);
        rows.text(&row.detail);
        rows.end()?;
    }
    Ok(())
}
