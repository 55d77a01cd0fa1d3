//! README is run: what its console blocks show is what the program prints.
//!
//! A block marked `console` has commands after `$ ` and, below each, what it printed: first the warnings, then the rest.
//! A line of three dots stands for any number of lines; written anew, dots stay where they were and no command is lost. `smsim` and `cargo run --release --` are this program.
//! A block marked `toml` that begins with `# name.toml:` is a file which later commands may use. Everything happens in a
//! folder with a copy of `scenarios/`. `SNAPSHOTS=overwrite` writes README anew; the prose around it is yours to follow.

use crate::command_line::{err, out, smsim};
use snapbox::{Assert, Data};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn what_readme_shows_is_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = root.join("README.md");
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("scenarios"), &folder.path().join("scenarios"));
    let shown = fs::read_to_string(&readme).unwrap();
    let (printed, commands) = rebuilt(&shown, folder.path());
    assert!(commands > 5, "README shows {commands} commands");
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(printed, Data::read_from(&readme, None).raw());
}

/// README as it would be if every command printed there was run now, and the number of commands.
fn rebuilt(readme: &str, folder: &Path) -> (String, usize) {
    let mut text = String::new();
    let mut commands = 0;
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        text += &format!("{line}\n");
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        if kind == "console" {
            assert!(
                block.first().is_some_and(|it| it.starts_with("$ ")),
                "a console block begins with a command"
            );
            for part in block.chunk_by(|_, next| !next.starts_with("$ ")) {
                let command = part[0].trim_start_matches("$ ");
                commands += 1;
                let printed = printed(command, folder);
                let printed: Vec<&str> = printed.lines().collect();
                text += &format!("$ {command}\n");
                for line in shown_again(&part[1..], &printed) {
                    text += &format!("{line}\n");
                }
            }
        } else {
            let block = block.join("\n");
            if let Some(path) = named_file(kind, &block) {
                fs::write(folder.join(path), &block).unwrap();
            }
            text += &format!("{block}\n");
        }
        text += "```\n";
    }
    (text, commands)
}

const DOTS: &str = "...";

/// What README shows of a command that printed this: as before where that still holds; else as much as was shown before,
/// line by line, with what is new in between.
fn shown_again<'a>(shown: &[&'a str], printed: &[&'a str]) -> Vec<&'a str> {
    if holds(shown, printed) {
        return shown.to_vec();
    }
    let mut again = Vec::new();
    let (mut next, mut dots) = (0, false);
    for line in shown {
        if *line == DOTS {
            dots = true;
            continue;
        }
        let rest = printed[next..].iter();
        let same = rest.clone().position(|it| it == line);
        let Some(at) = same.or_else(|| rest.clone().position(|it| topic(it) == topic(line))) else {
            continue;
        };
        match dots && at > 0 {
            true => again.push(DOTS),
            false => again.extend(&printed[next..next + at]),
        }
        again.push(printed[next + at]);
        next += at + 1;
        dots = false;
    }
    match dots && next < printed.len() {
        true => again.push(DOTS),
        false => again.extend(&printed[next..]),
    }
    again
}

/// Whether lines are as shown, where dots stand for any number of them.
fn holds(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        [DOTS, rest @ ..] => (0..=printed.len()).any(|from| holds(rest, &printed[from..])),
        [line, rest @ ..] => printed.first() == Some(line) && holds(rest, &printed[1..]),
    }
}

/// What a line is about: its first words without their numbers.
fn topic(line: &str) -> String {
    line.chars()
        .filter(|it| it.is_alphabetic() || *it == '%')
        .take(8)
        .collect()
}

#[test]
fn what_is_written_anew_keeps_dots_and_adds_what_is_new() {
    let shown = ["...", "Converged 5 days", "...", "Written 3 rows"];
    let same = ["x", "Converged 5 days", "Written 3 rows"];
    assert_eq!(shown_again(&shown, &same), shown);
    let other = ["x", "Converged 6 days", "y", "z", "Written 4 rows", "Next"];
    assert_eq!(
        shown_again(&shown, &other),
        ["...", "Converged 6 days", "...", "Written 4 rows", "Next"]
    );
    assert_eq!(
        shown_again(&["a", "gone", "..."], &["new", "a", "b"]),
        ["new", "a", "..."]
    );
}

/// The file that a block of TOML says it is.
fn named_file(kind: &str, block: &str) -> Option<PathBuf> {
    let (name, _) = block.strip_prefix("# ")?.split_once(':')?;
    (kind == "toml" && name.ends_with(".toml")).then(|| name.into())
}

/// What a command prints, warnings first.
fn printed(command: &str, folder: &Path) -> String {
    let words = words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["smsim", arguments @ ..] | ["cargo", "run", "--release", "--", arguments @ ..] => {
            let output = smsim(folder, arguments);
            let missed_a_threshold = out(&output).contains("Missed ");
            let expected = if missed_a_threshold { 1 } else { 0 };
            assert_eq!(
                output.status.code(),
                Some(expected),
                "{command}: {}",
                err(&output)
            );
            err(&output) + &out(&output)
        }
        _ => panic!("README may not run {command}"),
    }
}

/// The words of a command; quotes keep blanks together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
