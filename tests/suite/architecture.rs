//! The source keeps its own rules: which room may know which, who prints, who touches files, how long things get.

use std::fs;
use std::path::{Path, PathBuf};

/// Every room with the rooms it may know. `cli` may know them all.
const ARROWS: [(&str, &[&str]); 8] = [
    ("engine", &[]),
    ("sms", &["engine"]),
    ("plan", &["engine", "sms"]),
    ("run", &["engine", "sms", "plan"]),
    ("study", &["engine", "sms", "plan", "run"]),
    ("report", &["engine", "sms", "plan", "run", "study"]),
    ("scenario", &["engine", "sms", "plan"]),
    (
        "cli",
        &[
            "engine", "sms", "plan", "run", "study", "report", "scenario",
        ],
    ),
];
/// Most lines of a file without its tests.
const FILE_LINES: usize = 450;
/// Most lines of a function.
const FUNCTION_LINES: usize = 70;

/// One source file without its tests and comments.
struct Source {
    path: String,
    room: String,
    lines: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    assert!(files.len() > 20, "src/ was found");
    let sources = files.iter().filter_map(|file| source(&root, file));
    sources.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

/// `None` for what is compiled for tests only, and for stand-ins that say they are temporary.
fn source(root: &Path, file: &Path) -> Option<Source> {
    let relative = file.strip_prefix(root).unwrap();
    let room = relative.components().next().unwrap();
    let name = file.file_stem().unwrap().to_string_lossy();
    let text = fs::read_to_string(file).unwrap();
    let for_tests = name == "tests" || name.ends_with("_tests") || name == "sample";
    if for_tests || text.starts_with("//! TEMPORARY") {
        return None;
    }
    Some(Source {
        path: relative.to_string_lossy().replace('\\', "/"),
        room: room.as_os_str().to_string_lossy().replace(".rs", ""),
        lines: without_tests(&text).into_iter().map(code).collect(),
    })
}

/// The lines before a test module that is written in the file.
fn without_tests(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    });
    lines[..tests.unwrap_or(lines.len())].to_vec()
}

/// A line without its comment.
fn code(line: &str) -> String {
    let comment = line.find("//").filter(|at| !line[..*at].ends_with(':'));
    comment.map_or(line, |at| &line[..at]).to_owned()
}

/// Rooms named after `crate::` in a text, also inside braces.
fn rooms_named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => named.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut begins = true;
                for (at, letter) in group.char_indices() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        letter if begins && letter.is_alphabetic() => {
                            named.push(word(&group[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named
}

fn word(text: &str) -> String {
    let ends = text.find(|it: char| !it.is_alphanumeric() && it != '_');
    text[..ends.unwrap_or(text.len())].to_owned()
}

/// Fails with every place where `wrong` finds something.
fn nothing_wrong(wrong: impl Fn(&Source) -> Vec<String>) {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|source| {
            let path = source.path.clone();
            let found = wrong(source).into_iter();
            found.map(move |what| format!("src/{path}: {what}"))
        })
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Lines that contain any of `words`, with their numbers.
fn lines_with(source: &Source, words: &[&str]) -> Vec<String> {
    let lines = (1..).zip(&source.lines);
    let found = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    found
        .map(|(number, line)| format!("{number}: {}", line.trim()))
        .collect()
}

#[test]
fn arrows_go_one_way() {
    nothing_wrong(|source| {
        let Some((_, allowed)) = ARROWS.iter().find(|(room, _)| *room == source.room) else {
            let outside = ["lib", "main", "build"].contains(&source.room.as_str());
            return if outside {
                vec![]
            } else {
                vec!["a room without arrows".to_owned()]
            };
        };
        let known = |room: &String| *room == source.room || allowed.contains(&room.as_str());
        let is_room = |room: &String| ARROWS.iter().any(|(it, _)| it == room);
        let named = rooms_named(&source.lines.join("\n")).into_iter();
        let wrong = named.filter(|room| is_room(room) && !known(room));
        wrong
            .map(|room| format!("{} may not know {room}", source.room))
            .collect()
    });
}

#[test]
fn only_the_command_line_prints() {
    nothing_wrong(|source| match source.room.as_str() {
        "cli" | "build" => vec![],
        _ => lines_with(source, &["println!", "print!(", "eprint!(", "dbg!("]),
    });
}

#[test]
fn files_are_touched_in_three_rooms() {
    nothing_wrong(|source| match source.room.as_str() {
        "cli" | "report" | "scenario" | "build" => vec![],
        _ => lines_with(source, &["std::fs", "fs::", "File::"]),
    });
    let readers = sources()
        .iter()
        .filter(|source| source.room == "scenario")
        .filter(|source| !lines_with(source, &["std::fs"]).is_empty())
        .count();
    assert!(readers <= 1, "one file of scenario reads files");
}

#[test]
fn nothing_is_unsafe() {
    nothing_wrong(|source| lines_with(source, &["unsafe ", "unsafe{"]));
}

#[test]
fn files_are_short() {
    nothing_wrong(|source| match source.lines.len() {
        lines if lines > FILE_LINES => vec![format!("{lines} lines")],
        _ => vec![],
    });
}

#[test]
fn functions_fit_on_a_screen() {
    nothing_wrong(|source| {
        let long = functions(&source.lines);
        let long = long
            .into_iter()
            .filter(|(_, lines)| *lines > FUNCTION_LINES);
        long.map(|(name, lines)| format!("fn {name} has {lines} lines"))
            .collect()
    });
}

/// Functions with a body, and their numbers of lines: from `fn` to the brace at the same indent, as rustfmt sets it.
fn functions(lines: &[String]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        let Some(name) = function_name(text) else {
            continue;
        };
        let indent = &line[..line.len() - text.len()];
        let end = format!("{indent}}}");
        let declared = lines[at..]
            .iter()
            .find(|it| it.ends_with('{') || it.ends_with('}') || it.ends_with(';'));
        if !declared.is_some_and(|it| it.ends_with('{')) {
            continue;
        }
        let length = lines[at..].iter().position(|it| *it == end);
        found.push((name, length.map_or(0, |length| length + 1)));
    }
    found
}

fn function_name(text: &str) -> Option<String> {
    let before = text.split_once("fn ")?;
    let qualifiers = [
        "",
        "pub ",
        "const ",
        "pub const ",
        "pub(super) ",
        "pub(crate) ",
    ];
    let known = qualifiers.contains(&before.0) || before.0 == "pub(super) const ";
    known.then(|| word(before.1))
}

#[test]
fn the_rules_find_what_breaks_them() {
    assert_eq!(
        rooms_named("use crate::{plan::{Plan, Site}, sms, run::Tally};\ncrate::cli::main"),
        ["plan", "sms", "run", "cli"]
    );
    let lines = [
        "    pub fn one(",
        "    ) {",
        "        x",
        "    }",
        "fn two() {}",
        "fn three();",
    ];
    let lines: Vec<String> = lines.map(str::to_owned).into();
    assert_eq!(functions(&lines), [("one".to_owned(), 4)]);
    assert_eq!(code("let x = 1; // why"), "let x = 1; ");
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {\nb\n}"), ["a"]);
}
