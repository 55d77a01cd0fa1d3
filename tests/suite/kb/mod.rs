//! The library of articles, `scenarios/kb/`: each file tells one article's story and says in its comments what must come
//! of it, as it stands and with the cause or the cure changed. All of them are run and held to it.

mod expectation;
mod measured;

use expectation::{Story, story};
use measured::Outcome;
use smsim::run::{Silent, simulate};
use smsim::scenario::load;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Fewest articles that the library tells.
const FEWEST: usize = 40;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the library with its article's number, `Q262677`.
fn files() -> BTreeMap<String, PathBuf> {
    let folder = std::fs::read_dir(root().join("scenarios/kb")).expect("the library is there");
    let paths = folder.map(|entry| entry.expect("it can be listed").path());
    let named = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        (name.into_owned(), path.clone())
    };
    paths.map(named).collect()
}

/// What comes of a file with these values changed.
fn outcome(path: &Path, sets: &[String]) -> Result<Outcome, String> {
    let loaded = load(path, sets, None, Some(1)).map_err(|complaints| complaints.to_string())?;
    let mut plan = loaded.plan;
    plan.results.clients = true;
    let replication = simulate(&plan, 0, 1, &Silent);
    Ok(Outcome { plan, replication })
}

/// Everything that did not come as the file says.
fn broken_promises(path: &Path, told: &Story) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in &told.cases {
        let said = match case.sets.as_slice() {
            [] => "as it stands".to_owned(),
            sets => format!("with {}", sets.join(" and ")),
        };
        match outcome(path, &case.sets) {
            Err(complaints) => wrong.push(format!("{said}:\n{complaints}")),
            Ok(outcome) => {
                let items = case.items.iter();
                let failed = items.filter_map(|item| item.fails(&outcome).err());
                wrong.extend(failed.map(|what| format!("{said}: {what}")));
            }
        }
    }
    wrong
}

#[test]
fn every_article_comes_out_as_its_file_says() {
    let mut wrong = Vec::new();
    for (article, path) in files() {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let began = Instant::now();
        let found = match story(&text) {
            Ok(told) => broken_promises(&path, &told),
            Err(what) => vec![what],
        };
        wrong.extend(found.into_iter().map(|what| format!("{article} {what}")));
        // Generous, because tests share the machine: each takes a few hundredths of a second.
        if began.elapsed().as_secs() > 20 {
            wrong.push(format!("{article} takes too long"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_is_named_after_the_article_it_opens_with() {
    for (article, path) in files() {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("#:schema ../smsim.schema.json"),
            "{article}"
        );
        let opens = lines.next().unwrap_or_default();
        assert!(
            opens.starts_with(&format!("# {article}: ")),
            "{article}: {opens}"
        );
        let digits = article.strip_prefix('Q').unwrap_or_default();
        assert!(
            digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_digit()),
            "{article}"
        );
    }
}

#[test]
fn most_files_are_controlled_experiments() {
    let with_cure = files().into_values().filter(|path| {
        let text = std::fs::read_to_string(path).expect("it can be read");
        story(&text).is_ok_and(|told| told.cases.len() > 1)
    });
    let (with_cure, all) = (with_cure.count(), files().len());
    assert!(
        10 * with_cure >= 9 * all,
        "{with_cure} of {all} change the cause or the cure"
    );
}

#[test]
fn readme_says_how_many_articles_there_are() {
    let count = files().len();
    assert!(count >= FEWEST, "{count}");
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README is there");
    let said = format!("{count} articles");
    assert!(readme.contains(&said), "README should say: {said}");
}
