//! `smsim reasons`: the closed list of reasons.

use super::{Exit, Failure, words};
use crate::sms::Reason;
use std::io::Write;

/// What `reasons` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As CSV
    #[arg(long)]
    csv: bool,
}

/// Lists the reasons.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    if args.csv {
        let header = ["reason", "decision", "outcome", "articles", "text", "cure"];
        words::csv(out, header, Reason::ALL.iter().map(|reason| cells(*reason)))?;
        return Ok(Exit::Done);
    }
    for reason in Reason::ALL {
        let [code, decision, outcome, articles, text, cure] = cells(*reason);
        writeln!(out, "{code}   {decision}: {outcome}")?;
        words::wrapped(out, 4, &format!("{text} [{articles}]"))?;
        if !cure.is_empty() {
            words::wrapped(out, 4, &format!("cure: {cure}"))?;
        }
    }
    Ok(Exit::Done)
}

fn cells(reason: Reason) -> [String; 6] {
    [
        reason.code(),
        reason.decision().name(),
        reason.outcome().name(),
        reason.articles(),
        reason.text(),
        reason.cure(),
    ]
    .map(str::to_owned)
}
