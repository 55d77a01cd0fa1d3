//! What a file says must come of it: lines of its opening comment.
//!
//! ```text
//! # Expect:
//! #   mixed in a = 100
//! #   veto-bypassed > 0
//! # Expect with site.AAA.hotfixes=["Q249077"]:
//! #   mixed in a = 0
//! #   own-site-not-upgraded > 0
//! ```
//!
//! The first is about the file as it stands, the others about the file with values set as by `--set`; several are joined
//! by ` and `. Each line below is an item: a measure, `=`, `<`, `>`, `<=` or `>=`, and a number, or `all` for every client the
//! measure looks at.

use super::measured::Outcome;

/// What one file says.
pub struct Story {
    /// The file as it stands, then its variants.
    pub cases: Vec<Case>,
}

/// One variant of a file and what must come of it.
pub struct Case {
    /// Values to set.
    pub sets: Vec<String>,
    /// What must hold.
    pub items: Vec<Item>,
}

/// One thing that must hold.
pub struct Item {
    text: String,
    measure: String,
    relation: &'static str,
    limit: String,
}

/// Relations; longer ones before those they begin with.
const RELATIONS: [&str; 5] = ["<=", ">=", "=", "<", ">"];

/// Reads the opening comment of a file.
pub fn story(text: &str) -> Result<Story, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut open = false;
    for line in text.lines().map_while(|line| line.strip_prefix('#')) {
        if let Some(heading) = line
            .strip_prefix(" Expect")
            .and_then(|it| it.strip_suffix(':'))
        {
            cases.push(case(heading).ok_or_else(|| format!("is unclear: {line}"))?);
            open = true;
        } else if let (true, Some(said)) = (open, line.strip_prefix("   ")) {
            let item = item(said).ok_or_else(|| format!("is unclear: {said}"))?;
            cases.last_mut().expect("one is open").items.push(item);
        } else {
            open = false;
        }
    }
    match cases.first() {
        None => Err("says nothing of what to expect".to_owned()),
        Some(first) if !first.sets.is_empty() => Err("must begin with `# Expect:`".to_owned()),
        Some(_) if cases.iter().any(|case| case.items.is_empty()) => {
            Err("has a heading without items".to_owned())
        }
        Some(_) => Ok(Story { cases }),
    }
}

/// A variant without its items; what comes after `Expect` says which.
fn case(heading: &str) -> Option<Case> {
    let sets = match heading {
        "" => Vec::new(),
        heading => heading
            .strip_prefix(" with ")?
            .split(" and ")
            .map(str::to_owned)
            .collect(),
    };
    Some(Case {
        sets,
        items: Vec::new(),
    })
}

fn item(text: &str) -> Option<Item> {
    let found = RELATIONS
        .iter()
        .filter_map(|sign| Some((text.find(&format!(" {sign} "))?, *sign)));
    let (at, relation) = found.min_by_key(|(at, _)| *at)?;
    Some(Item {
        text: text.to_owned(),
        measure: text[..at].trim().to_owned(),
        relation,
        limit: text[at + relation.len() + 2..].trim().to_owned(),
    })
}

impl Item {
    /// What is wrong, if it does not hold.
    pub fn fails(&self, outcome: &Outcome) -> Result<(), String> {
        let measured = outcome
            .measure(&self.measure)
            .ok_or_else(|| format!("nobody knows how to measure {:?}", self.measure))?;
        let limit = match self.limit.as_str() {
            "all" => measured.of as f64,
            number => number
                .parse()
                .map_err(|_| format!("no number in {:?}", self.text))?,
        };
        let value = measured.value;
        let holds = match self.relation {
            "=" => value == limit,
            "<" => value < limit,
            ">" => value > limit,
            "<=" => value <= limit,
            _ => value >= limit,
        };
        if holds {
            Ok(())
        } else {
            Err(format!("{}: it is {value}", self.text))
        }
    }
}

#[test]
fn a_comment_is_read_to_the_last_item() {
    let told = story(
        "# Q1: x\n# Expect:\n#   mixed = 0\n#   converged in a = all\n# Expect with a=1 and b=[2]:\n#   x >= 3\nname = 1\n",
    );
    let told = told.expect("it is clear");
    assert_eq!(told.cases.len(), 2);
    assert_eq!(told.cases[0].items[1].measure, "converged in a");
    assert_eq!(told.cases[0].items[1].limit, "all");
    assert_eq!(told.cases[1].sets, ["a=1", "b=[2]"]);
    assert_eq!(told.cases[1].items[0].relation, ">=");
    for unclear in [
        "# Q1: x\nname = 1\n",
        "# Expect with a=1:\n#   x = 1\n",
        "# Expect:\n#   nonsense\n",
        "# Expect:\n# Expect with a=1:\n#   x = 1\n",
        "# Expect a=1:\n#   x = 1\n",
    ] {
        assert!(story(unclear).is_err(), "{unclear}");
    }
}
