//! `smsim levers`, `misfortunes` and `not-modelled`: what the model covers and what it does not.

use super::{Exit, Failure, words};
use crate::sms::scope::{Coverage, Item, LEFT_OUT, LEVERS, MISFORTUNES};
use crate::sms::signs::{Sign, sign};
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
    if !args.csv {
        return list(args, &MISFORTUNES.iter().collect::<Vec<_>>(), out);
    }
    let items = asked(args, MISFORTUNES.iter())?;
    let header = [
        "number",
        "what",
        "articles",
        "coverage",
        "how or why",
        "seen by",
        "cure",
    ];
    let row = |item: &&Item| {
        let [number, what, articles, coverage, how] = cells(item);
        let sign = sign(item.number);
        let seen = sign.map_or(String::new(), seen_by);
        let cure = sign.map_or("", |sign| sign.cure).to_owned();
        [number, what, articles, coverage, how, seen, cure]
    };
    words::csv(out, header, items.iter().map(row))?;
    Ok(Exit::Done)
}

/// Lists what is left out.
pub(super) fn not_modelled(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let all = LEFT_OUT.iter().chain(&LEVERS).chain(&MISFORTUNES);
    let left_out = all.filter(|item| item.coverage == Coverage::NotModelled);
    list(args, &left_out.collect::<Vec<_>>(), out)
}

fn list(args: &Args, items: &[&Item], out: &mut dyn Write) -> Result<Exit, Failure> {
    let items = asked(args, items.iter().copied())?;
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
        if let Some(sign) = sign(item.number) {
            words::wrapped(out, 4, &format!("seen by: {}", seen_by(sign)))?;
            words::wrapped(out, 4, &format!("cure: {}", sign.cure))?;
        }
    }
    Ok(Exit::Done)
}

/// The items that the command line asks for.
fn asked<'i>(args: &Args, items: impl Iterator<Item = &'i Item>) -> Result<Vec<&'i Item>, Failure> {
    let is_asked = |item: &&Item| {
        let mut numbers = args.numbers.iter();
        args.numbers.is_empty() || numbers.any(|number| number.eq_ignore_ascii_case(item.number))
    };
    let found: Vec<&Item> = items.filter(is_asked).collect();
    if found.is_empty() {
        let title = "no such number; levers are L1 to L40, misfortunes F1 to F55";
        return Err(Failure::Usage(title.to_owned()));
    }
    Ok(found)
}

/// Where to see one in the results.
fn seen_by(sign: &Sign) -> String {
    let codes = sign.codes.iter().copied();
    let all: Vec<&str> = codes
        .chain([sign.besides])
        .filter(|it| !it.is_empty())
        .collect();
    all.join(", ")
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
