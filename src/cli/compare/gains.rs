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
        None if is_exact(line) => "chance cancels".to_owned(),
        None => String::new(),
    };
    let name = line.compared.name;
    let (common, independent) = (known(line.difference), known(line.independent));
    format!("{name:<23}{common:>15}{independent:>15}   {gain}")
}

/// Whether chance cancels altogether on common draws, and would not on others.
fn is_exact(line: &Line) -> bool {
    let wide = |it: MeanInterval| it.high > it.low;
    let [common, independent] = [line.difference, line.independent].map(|it| it.map(wide));
    line.verdict != Verdict::Unknown && common == Some(false) && independent == Some(true)
}

/// What it comes to, in replications: the width of an interval falls with the square root of their number.
fn sentence(name: &str, lines: &[Line]) -> String {
    let known = lines.iter().filter(|line| line.verdict != Verdict::Unknown);
    let most = known
        .filter_map(|line| Some((line.gain()?, line)))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let exact = lines.iter().filter(|line| is_exact(line));
    let exact: Vec<&str> = exact.map(|line| line.compared.name).collect();
    let mut told = match most {
        Some((gain, line)) if gain >= 1.05 => format!(
            "Without common draws {name} and A would need {:.1} times the replications to know {} as well.",
            gain * gain,
            line.compared.name
        ),
        _ => "Common draws make no interval narrower here.".to_owned(),
    };
    if !exact.is_empty() {
        told.push_str(&format!(
            " On common draws nothing is left to chance in {}.",
            exact.join(", ")
        ));
    }
    told
}
