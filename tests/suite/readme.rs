//! README is run: what its console blocks show is what the program prints.
//!
//! A block marked `console` has commands after `$ ` and, below each, what it printed: first the warnings, then the rest.
//! A line of three dots stands for any number of lines. `smsim` and `cargo run --release --` are this program.
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
        .eq(printed, Data::read_from(&readme, None));
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
            let typed: Vec<&str> = block
                .iter()
                .filter_map(|it| it.strip_prefix("$ "))
                .collect();
            assert!(!typed.is_empty(), "a console block begins with a command");
            for command in typed {
                commands += 1;
                text += &format!("$ {command}\n{}", printed(command, folder));
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
