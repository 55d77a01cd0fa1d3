//! Thresholds in plain words: `hours to 95% converged < 240`.
//!
//! A measure, a relation and a limit, in this order. Reading one gives what was said, or what is unclear about it and
//! where in the text; which site and which Client Access Point a name means is decided in `lower`.

mod kind;
mod limit;

use super::suggest::nearest;
use crate::plan::{Curve, Measure, Relation};
use kind::MeasureKind;
use limit::{load, number, share, span};
use std::ops::Range;

/// What a threshold says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What is measured.
    pub measure: SaidMeasure,
    /// On which side of the limit it has to be.
    pub relation: Relation,
    /// The limit, in the measure's unit.
    pub limit: f64,
}

/// A measure whose names are still to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum SaidMeasure {
    /// One without names.
    Plain(Measure),
    /// The busiest hour of a Client Access Point, or of any; in bytes or as a share of its bandwidth.
    BusiestHour {
        /// Its name and where that stands; none for any.
        cap: Option<(String, Range<usize>)>,
        /// Whether the limit is a share of the bandwidth.
        of_bandwidth: bool,
    },
}

/// What is unclear about a text, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What was found, or is missing, there.
    pub label: String,
    /// How to write it.
    pub help: String,
}

const MEASURES: [&str; 9] = [
    "hours to 95% converged",
    "share converged at end",
    "clients not converged",
    "mixed clients",
    "mixed client-hours",
    "broken clients",
    "restarts asked",
    "aborted upgrades",
    "busiest hour of CAP",
];
const EXAMPLES: &str = "write a measure, `<` or `<=`, and a limit: `hours to 95% converged < 240`, \
`share converged at end >= 95%`, `clients not converged < 100`, `mixed clients < 1`, `mixed client-hours < 10`, \
`broken clients < 20`, `restarts asked < 500`, `aborted upgrades < 5`, `busiest hour of CAP HQ1-CAP1 < 3 GB`, \
`busiest hour of any CAP < 80% of its bandwidth`";
const HOURS: &str = "write it as `hours to 95% converged < 240` or `days to 99.5% reported <= 10`";
const SHARE: &str = "write it as `share converged at end >= 95%`";
const BUSIEST: &str = "write it as `busiest hour of CAP HQ1-CAP1 < 3 GB` or `busiest hour of any CAP < 80% of its \
bandwidth`";

/// Signs and words for relations; longer ones before those they begin with.
const RELATIONS: [(&str, Relation); 14] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("≤", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("<", Relation::Below),
    (">", Relation::Above),
    ("at most", Relation::AtMost),
    ("at least", Relation::AtLeast),
    ("less than", Relation::Below),
    ("more than", Relation::Above),
    ("below", Relation::Below),
    ("under", Relation::Below),
    ("above", Relation::Above),
    ("over", Relation::Above),
];

/// Reads a threshold.
pub fn read(text: &str) -> Result<Said, Unclear> {
    read_checked(text, true)
}

/// As [`read`], of a measure that has to be known so well: less is better then, whatever is measured.
pub fn read_limit(text: &str) -> Result<Said, Unclear> {
    read_checked(text, false)
}

fn read_checked(text: &str, has_direction: bool) -> Result<Said, Unclear> {
    if text.trim().is_empty() {
        return Err(unclear(0..text.len(), "nothing is written here", EXAMPLES));
    }
    let found = relation(text);
    let measured = match &found {
        Some((place, _)) => place.start,
        None => text.find('=').unwrap_or(text.len()),
    };
    let mut words = Words::of(&text[..measured]);
    let kind = words.measure()?;
    let Some((place, relation)) = found else {
        return Err(no_relation(text, kind.example()));
    };
    if has_direction {
        kind.check_direction(&place, relation, &text[place.clone()])?;
    }
    let limit = Limit {
        text,
        from: place.end,
        help: kind.example(),
    };
    let (measure, limit, at) = limit.of(kind)?;
    let impossible = match relation {
        Relation::Below if limit == 0.0 => Some("nothing is below 0: write `<= 0`"),
        Relation::Above if limit >= 1.0 => Some("nothing is above everybody: write `>= 100%`"),
        _ => None,
    };
    match impossible {
        Some(label) => Err(unclear(at, label, "this could never be met")),
        None => Ok(Said {
            measure,
            relation,
            limit,
        }),
    }
}

/// A share in percent, without its sign, as hundredths of a percent.
pub fn basis_points(digits: &str) -> Result<u32, String> {
    let points = number(digits)? * 100.0;
    let whole = points.round();
    if whole != points && (whole - points).abs() > 1e-9 {
        return Err("at most two digits after the point".to_owned());
    }
    if !(1.0..=10_000.0).contains(&whole) {
        return Err("must be above 0% and up to 100%".to_owned());
    }
    Ok(whole as u32)
}

fn unclear(at: Range<usize>, label: impl Into<String>, help: impl Into<String>) -> Unclear {
    Unclear {
        at,
        label: label.into(),
        help: help.into(),
    }
}

/// The first sign of a relation; where there is none, the first words that mean one.
fn relation(text: &str) -> Option<(Range<usize>, Relation)> {
    let lower = text.to_ascii_lowercase();
    let is_word = |said: &str| said.starts_with(|c: char| c.is_ascii_alphabetic());
    let stands_alone = |at: usize, said: &str| {
        let before = lower[..at].chars().next_back();
        let after = lower[at + said.len()..].chars().next();
        [before, after]
            .iter()
            .all(|c| c.is_none_or(char::is_whitespace))
    };
    let first = |words: bool| {
        let said = RELATIONS.iter().filter(|(said, _)| is_word(said) == words);
        let places = said.flat_map(|(said, relation)| {
            let places = lower.match_indices(said);
            places
                .filter(|(at, said)| !words || stands_alone(*at, said))
                .map(|(at, said)| (at..at + said.len(), *relation))
        });
        // Of `<` and `<=` at one place, the longer one.
        places.min_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)))
    };
    first(false).or_else(|| first(true))
}

fn no_relation(text: &str, help: &str) -> Unclear {
    match text.find('=') {
        Some(at) => unclear(at..at + 1, "`=` is no limit: write `<=` or `>=`", help),
        None => unclear(
            last_word(text),
            "a limit is missing after this, such as `< 100`",
            help,
        ),
    }
}

fn last_word(text: &str) -> Range<usize> {
    let end = text.trim_end().len();
    let begin = text[..end].rfind(char::is_whitespace).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    begin..end
}

/// The words of a measure, each with its place.
struct Words<'t> {
    text: &'t str,
    words: Vec<(Range<usize>, &'t str)>,
    next: usize,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let mut words = Vec::new();
        let mut begin = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (c.is_whitespace(), begin) {
                (false, None) => begin = Some(at),
                (true, Some(from)) => {
                    words.push((from..at, &text[from..at]));
                    begin = None;
                }
                _ => {}
            }
        }
        Words {
            text,
            words,
            next: 0,
        }
    }

    /// The next word, which has to be one of these: its position among them.
    fn one_of(&mut self, known: &[&str], help: &str) -> Result<usize, Unclear> {
        let wanted = || {
            let quoted: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
            quoted.join(" or ")
        };
        let Some((at, word)) = self.words.get(self.next) else {
            let label = format!("{} is missing after this", wanted());
            return Err(unclear(last_word(self.text), label, help));
        };
        let found = known.iter().position(|it| it.eq_ignore_ascii_case(word));
        self.next += 1;
        found.ok_or_else(|| {
            let label = match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("found `{word}`, expected {}", wanted()),
            };
            unclear(at.clone(), label, help)
        })
    }

    /// Nothing may follow.
    fn end(&self, help: &str) -> Result<(), Unclear> {
        match self.words.get(self.next) {
            None => Ok(()),
            Some((at, word)) => {
                let label = format!("found `{word}`, expected `<`, `<=`, `>` or `>=`");
                Err(unclear(at.start..self.text.trim_end().len(), label, help))
            }
        }
    }

    fn measure(&mut self) -> Result<MeasureKind, Unclear> {
        const FIRST: [&str; 9] = [
            "hours", "days", "share", "clients", "mixed", "broken", "restarts", "aborted",
            "busiest",
        ];
        let Some((at, word)) = self.words.first() else {
            let label = format!(
                "a measure is missing before this, such as `{}`",
                MEASURES[0]
            );
            return Err(unclear(0..self.text.len(), label, EXAMPLES));
        };
        let first = FIRST.iter().position(|it| it.eq_ignore_ascii_case(word));
        let Some(first) = first else {
            let whole = self.text.trim();
            let near = nearest(whole, MEASURES).or_else(|| nearest(word, FIRST));
            let label = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("nothing that is measured begins with `{word}`"),
            };
            return Err(unclear(at.clone(), label, EXAMPLES));
        };
        self.next = 1;
        let kind = match FIRST[first] {
            "hours" => self.hours_to(1.0)?,
            "days" => self.hours_to(24.0)?,
            "share" => self.share()?,
            "busiest" => return self.busiest(),
            "clients" => {
                self.one_of(&["not"], "write it as `clients not converged < 100`")?;
                self.counted("converged", Measure::NotConverged)?
            }
            "mixed" => self.mixed()?,
            "broken" => self.counted("clients", Measure::BrokenClients)?,
            "restarts" => self.counted("asked", Measure::RestartsAsked)?,
            _ => self.counted("upgrades", Measure::AbortedUpgrades)?,
        };
        self.end(kind.example())?;
        Ok(kind)
    }

    fn counted(&mut self, word: &str, measure: Measure) -> Result<MeasureKind, Unclear> {
        let kind = MeasureKind::Count(measure);
        self.one_of(&[word], kind.example())?;
        Ok(kind)
    }

    fn mixed(&mut self) -> Result<MeasureKind, Unclear> {
        let help = "write it as `mixed clients < 1` or `mixed client-hours < 10`";
        Ok(match self.one_of(&["clients", "client-hours"], help)? {
            0 => MeasureKind::Count(Measure::MixedClients),
            _ => MeasureKind::ClientHours,
        })
    }

    fn curve(&mut self, help: &str) -> Result<Curve, Unclear> {
        let at = self.one_of(&Curve::ALL.map(Curve::name), help)?;
        Ok(Curve::ALL[at])
    }

    fn hours_to(&mut self, hours: f64) -> Result<MeasureKind, Unclear> {
        self.one_of(&["to"], HOURS)?;
        let Some((at, word)) = self.words.get(self.next).cloned() else {
            let label = "a share is missing after this, such as `95%`";
            return Err(unclear(last_word(self.text), label, HOURS));
        };
        self.next += 1;
        let apart = || self.words.get(self.next).is_some_and(|(_, it)| *it == "%");
        let digits = match word.strip_suffix('%') {
            Some(digits) => digits,
            None if apart() => {
                self.next += 1;
                word
            }
            None => {
                let label = format!("found `{word}`, expected a share such as `95%`");
                return Err(unclear(at, label, HOURS));
            }
        };
        let basis_points = basis_points(digits).map_err(|label| unclear(at, label, HOURS))?;
        let measure = Measure::HoursTo {
            basis_points,
            curve: self.curve(HOURS)?,
        };
        Ok(MeasureKind::HoursTo(measure, hours))
    }

    fn share(&mut self) -> Result<MeasureKind, Unclear> {
        let curve = self.curve(SHARE)?;
        self.one_of(&["at"], SHARE)?;
        self.one_of(&["end"], SHARE)?;
        Ok(MeasureKind::Share(Measure::ShareAtEnd(curve)))
    }

    /// Whatever stands between `CAP` and the relation is a name, blanks within it too.
    fn busiest(&mut self) -> Result<MeasureKind, Unclear> {
        self.one_of(&["hour"], BUSIEST)?;
        self.one_of(&["of"], BUSIEST)?;
        if self.one_of(&["CAP", "any"], BUSIEST)? == 1 {
            self.one_of(&["CAP"], BUSIEST)?;
            self.end(BUSIEST)?;
            return Ok(MeasureKind::Busiest(None));
        }
        let Some((first, _)) = self.words.get(self.next) else {
            let label = "the name of a Client Access Point is missing after this";
            return Err(unclear(last_word(self.text), label, BUSIEST));
        };
        let at = first.start..self.text.trim_end().len();
        let name = self.text[at.clone()].to_owned();
        Ok(MeasureKind::Busiest(Some((name, at))))
    }
}

/// What stands behind the relation.
struct Limit<'t> {
    text: &'t str,
    from: usize,
    help: &'static str,
}

impl Limit<'_> {
    /// The measure with its limit, and where the limit stands.
    fn of(&self, kind: MeasureKind) -> Result<(SaidMeasure, f64, Range<usize>), Unclear> {
        let (at, said) = self.said()?;
        let wrong = |label: String| unclear(at.clone(), label, self.help);
        let (measure, limit) = match kind {
            MeasureKind::HoursTo(measure, hours) => (measure, span(said, hours).map_err(wrong)?),
            MeasureKind::ClientHours => (Measure::MixedHours, span(said, 1.0).map_err(wrong)?),
            MeasureKind::Share(measure) => (measure, share(said).map_err(wrong)?),
            MeasureKind::Count(measure) => (measure, number(said).map_err(wrong)?),
            MeasureKind::Busiest(cap) => {
                let (of_bandwidth, limit) = load(said).map_err(wrong)?;
                return Ok((SaidMeasure::BusiestHour { cap, of_bandwidth }, limit, at));
            }
        };
        Ok((SaidMeasure::Plain(measure), limit, at))
    }

    fn said(&self) -> Result<(Range<usize>, &str), Unclear> {
        let rest = &self.text[self.from..];
        let said = rest.trim();
        if said.is_empty() {
            let at = last_word(self.text);
            return Err(unclear(at, "a limit is missing after this", self.help));
        }
        let begin = self.from + rest.len() - rest.trim_start().len();
        Ok((begin..begin + said.len(), said))
    }
}
