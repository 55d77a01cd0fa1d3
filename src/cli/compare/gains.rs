//! What common draws are worth: intervals on them beside those that independent draws would give.

use super::letter;
use crate::cli::judgement::quantity;
use crate::cli::words;
use crate::study::comparison::{Comparison, Line, Verdict};
use crate::study::statistics::MeanInterval;
use std::io::{self, Write};

/// Half-widths of both intervals for every plan but the first, measure by measure.
pub(super) fn print(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    for (at, lines) in comparison.plans.iter().enumerate().skip(1) {
        let name = letter(at);
        writeln!(out)?;
        let head = format!("{name} minus A known to");
        writeln!(out, "{head:<23}{:>15}{:>15}", "common draws", "independent")?;
        for line in lines {
            writeln!(out, "{}", words::fit(row(line).trim_end()))?;
        }
        words::wrapped(out, 0, &sentence(&name, lines))?;
    }
    Ok(())
}

fn row(line: &Line) -> String {
    let known = |interval: Option<MeanInterval>| match interval {
        Some(it) if line.verdict != Verdict::Unknown => {
            let half = (it.high - it.low) / 2.0;
            format!("+/- {}", quantity(line.compared.measure, half))
        }
        _ => "unknown".to_owned(),
    };
    let gain = match line.gain().filter(|_| line.verdict != Verdict::Unknown) {
        Some(gain) => format!("{gain:.1} times as wide"),
        None => String::new(),
    };
    let name = line.compared.name;
    let (common, independent) = (known(line.difference), known(line.independent));
    format!("{name:<23}{common:>15}{independent:>15}   {gain}")
}

/// What it comes to, in replications: the width of an interval falls with the square root of their number.
fn sentence(name: &str, lines: &[Line]) -> String {
    let known = lines.iter().filter(|line| line.verdict != Verdict::Unknown);
    let most = known
        .filter_map(|line| Some((line.gain()?, line)))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match most {
        Some((gain, line)) if gain >= 1.05 => format!(
            "Common draws help most with {}: without them {name} and A would need {:.1} times the replications.",
            line.compared.name,
            gain * gain
        ),
        _ => "Common draws make no difference here.".to_owned(),
    }
}
