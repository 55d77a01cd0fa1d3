//! `smsim assumptions`: every default of the model, and which of them a scenario changed.

use super::run::load_all;
use super::{Exit, Failure, words};
use crate::report::quantity::value;
use crate::scenario;
use crate::sms::defaults::{Assumption, Rules, assumptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// What `assumptions` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario whose values to list beside the defaults
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// As CSV
    #[arg(long)]
    csv: bool,
}

/// Lists the assumptions.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let files: Vec<PathBuf> = args.file.iter().cloned().collect();
    let loaded = load_all(&files, |file| scenario::load(file, &[], None, None))?;
    let plan = loaded.first().map(|(_, loaded)| &loaded.plan);
    let rules = plan.map_or_else(Rules::default, |plan| plan.rules.clone());
    let set = plan.map_or(&[][..], |plan| &plan.rules_set);
    let rows = assumptions()
        .into_iter()
        .map(|assumption| Row::new(assumption, &rules, set));
    if args.csv {
        let header = [
            "name",
            "value",
            "default",
            "changed",
            "confidence",
            "source",
            "meaning",
        ];
        words::csv(out, header, rows.map(Row::cells))?;
    } else {
        for row in rows {
            row.print(out)?;
        }
    }
    Ok(Exit::Done)
}

/// One assumption, as a scenario has it.
pub(super) struct Row {
    assumption: Assumption,
    value: String,
    pub(super) changed: bool,
}

impl Row {
    pub(super) fn new(assumption: Assumption, rules: &Rules, set: &[String]) -> Self {
        let now = rules.get(assumption.name).unwrap_or(assumption.value);
        Row {
            value: value(now),
            changed: set.iter().any(|name| name == assumption.name),
            assumption,
        }
    }

    fn cells(self) -> [String; 7] {
        let changed = if self.changed { "yes" } else { "no" };
        [
            self.assumption.name.to_owned(),
            self.value,
            value(self.assumption.value),
            changed.to_owned(),
            self.assumption.confidence.name().to_owned(),
            self.assumption.source.to_owned(),
            self.assumption.meaning.to_owned(),
        ]
    }

    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Assumption {
            name,
            meaning,
            source,
            ..
        } = self.assumption;
        let changed = match self.changed {
            true => format!("   (changed; default {})", value(self.assumption.value)),
            false => String::new(),
        };
        writeln!(out, "{name} = {}{changed}", self.value)?;
        words::wrapped(out, 4, meaning)?;
        let confidence = self.assumption.confidence.name();
        words::wrapped(out, 4, &format!("{confidence}: {source}"))
    }
}
