//! `smsim reasons`: the closed list of reasons.

use super::{Exit, Failure, words};
use crate::scenario::nearest;
use crate::sms::Reason;
use std::io::Write;

/// What `reasons` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this reason, by its code
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// As CSV
    #[arg(long)]
    csv: bool,
}

/// Lists the reasons.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let asked = |reason: &&Reason| args.code.as_ref().is_none_or(|code| code == reason.code());
    let reasons: Vec<&Reason> = Reason::ALL.iter().filter(asked).collect();
    if let ([], Some(code)) = (reasons.as_slice(), &args.code) {
        return Err(unknown(code));
    }
    if args.csv {
        let header = ["reason", "decision", "outcome", "articles", "text", "cure"];
        words::csv(
            out,
            header,
            reasons.into_iter().map(|reason| cells(*reason)),
        )?;
        return Ok(Exit::Done);
    }
    for reason in reasons {
        let [code, decision, outcome, articles, text, cure] = cells(*reason);
        writeln!(out, "{code}   {decision}: {outcome}")?;
        words::wrapped(out, 4, &format!("{text} [{articles}]"))?;
        if !cure.is_empty() {
            words::wrapped(out, 4, &format!("cure: {cure}"))?;
        }
    }
    Ok(Exit::Done)
}

fn unknown(code: &str) -> Failure {
    let near = nearest(code, Reason::ALL.iter().map(|reason| reason.code()));
    Failure::Usage(match near {
        Some(near) => format!("there is no reason `{code}`; did you mean `{near}`?"),
        None => format!("there is no reason `{code}`; `smsim reasons` lists them all"),
    })
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
