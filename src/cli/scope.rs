//! `smsim levers`, `misfortunes` and `not-modelled`: what the model covers and what it does not.

use super::{Exit, Failure, words};
use crate::sms::scope::{Coverage, Item, LEFT_OUT, LEVERS, MISFORTUNES};
use std::io::Write;

/// What these verbs take.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these, by number, as in L21 or F8
    #[arg(value_name = "NUMBER")]
    numbers: Vec<String>,
    /// As CSV
    #[arg(long)]
    csv: bool,
}

/// Lists the levers.
pub(super) fn levers(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    list(args, &LEVERS.iter().collect::<Vec<_>>(), out)
}

/// Lists the ways to fail.
pub(super) fn misfortunes(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    list(args, &MISFORTUNES.iter().collect::<Vec<_>>(), out)
}

/// Lists what is left out.
pub(super) fn not_modelled(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let all = LEFT_OUT.iter().chain(&LEVERS).chain(&MISFORTUNES);
    let left_out = all.filter(|item| item.coverage == Coverage::NotModelled);
    list(args, &left_out.collect::<Vec<_>>(), out)
}

fn list(args: &Args, items: &[&Item], out: &mut dyn Write) -> Result<Exit, Failure> {
    let asked = |item: &&&Item| {
        let mut numbers = args.numbers.iter();
        args.numbers.is_empty() || numbers.any(|number| number.eq_ignore_ascii_case(item.number))
    };
    let items: Vec<&&Item> = items.iter().filter(asked).collect();
    if items.is_empty() {
        return Err(Failure::Usage(
            "no such number; levers are L1 to L40, misfortunes F1 to F55".to_owned(),
        ));
    }
    if args.csv {
        let header = ["number", "what", "articles", "coverage", "how or why"];
        words::csv(out, header, items.iter().map(|item| cells(item)))?;
        return Ok(Exit::Done);
    }
    for item in items {
        let title = format!("{} {} [{}]", item.number, item.what, item.articles);
        words::wrapped(out, 0, title.trim_start())?;
        let how = match item.coverage {
            Coverage::Modelled => item.how.to_owned(),
            Coverage::NotModelled => format!("not modelled: {}", item.how),
        };
        words::wrapped(out, 4, &how)?;
    }
    Ok(Exit::Done)
}

fn cells(item: &Item) -> [String; 5] {
    [
        item.number,
        item.what,
        item.articles,
        item.coverage.name(),
        item.how,
    ]
    .map(str::to_owned)
}
