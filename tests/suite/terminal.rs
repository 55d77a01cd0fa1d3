//! What is seen on a real terminal, on one that cannot move its cursor, and where colours are not wanted.
//!
//! `script` lends the program a terminal of its own; where it is missing the tests say that they were skipped.

use crate::outside::program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a terminal of this kind, 80 columns wide, is told; `None` without `script`.
fn on_terminal(folder: &Path, kind: &str, no_color: bool, arguments: &[&str]) -> Option<String> {
    let script = program(&["script"], "progress and colours on a terminal")?;
    let words = arguments.iter().map(|word| format!("'{word}'"));
    let words = words.collect::<Vec<_>>().join(" ");
    let inner = format!(
        "stty cols 80 rows 24; exec '{}' {words}",
        env!("CARGO_BIN_EXE_smsim")
    );
    let mut command = Command::new(script);
    command
        .args(["-q", "-e", "-c", &inner, "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CI") // where it is set, even a dumb terminal is taken to show colours
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", kind);
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let told = command.output().unwrap();
    Some(String::from_utf8_lossy(&told.stdout).into_owned())
}

fn shipped(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    folder.join(name).display().to_string()
}

/// What stays on the screen: of every line what came after the cursor last went back to its beginning or cleared it.
fn left_standing(told: &str) -> Vec<String> {
    let lines = told.split('\n').map(|line| {
        let line = line.trim_end_matches('\r');
        let after = |mark: &str| line.rfind(mark).map_or(0, |at| at + mark.len());
        line[after("\r").max(after("\u{1b}[2K"))..].to_owned()
    });
    lines.collect()
}

/// Control sequences that set colours or weight.
fn colours(told: &str) -> usize {
    let sequences = told.split("\u{1b}[").skip(1);
    let ends = |it: &str| it.find(|letter: char| letter.is_ascii_alphabetic());
    sequences
        .filter(|it| ends(it).is_some_and(|at| it[at..].starts_with('m')))
        .count()
}

#[test]
fn a_terminal_shows_a_bar_that_is_gone_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let quickstart = shipped("quickstart.toml");
    let arguments = ["run", &quickstart, "--replications", "8"];
    let Some(told) = on_terminal(folder.path(), "xterm-256color", false, &arguments) else {
        return;
    };
    assert!(told.contains("of 8 replications  "), "{told:?}");
    assert!(told.contains(" clients/s  "), "{told:?}");
    assert!(told.contains(" left"), "{told:?}");
    let standing = left_standing(&told);
    let bar = standing.iter().find(|line| line.contains("clients/s"));
    assert_eq!(bar, None, "the bar is taken away");
    let curve = standing
        .iter()
        .any(|line| line.contains("median of 8 runs"));
    assert!(curve, "a terminal gets the curve: {standing:#?}");
    let wide = |line: &&String| line.chars().count() > 80 && !line.contains("smsim run");
    assert_eq!(standing.iter().find(wide), None);
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_plain_lines() {
    let folder = tempfile::tempdir().unwrap();
    let quickstart = shipped("quickstart.toml");
    let arguments = ["run", &quickstart, "--replications", "4"];
    let Some(told) = on_terminal(folder.path(), "dumb", false, &arguments) else {
        return;
    };
    assert!(told.contains("Converged  "), "{told:?}");
    assert!(!told.contains('\u{1b}'), "{told:?}");
    assert!(
        !told.contains("clients/s"),
        "it was done before the first line was due: {told:?}"
    );
}

#[test]
fn quiet_says_nothing_on_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let quickstart = shipped("quickstart.toml");
    let arguments = ["run", &quickstart, "--replications", "2", "--quiet"];
    if let Some(told) = on_terminal(folder.path(), "xterm-256color", false, &arguments) {
        assert_eq!(told, "");
    }
}

#[test]
fn complaints_are_coloured_where_colours_are_seen_and_wanted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.toml"), "[scenario]\nname = 3\n").unwrap();
    let told = |kind, no_color| on_terminal(folder.path(), kind, no_color, &["check", "bad.toml"]);
    let (Some(seen), Some(unwanted), Some(dumb)) = (
        told("xterm-256color", false),
        told("xterm-256color", true),
        told("dumb", false),
    ) else {
        return;
    };
    assert!(colours(&seen) > 4, "{seen:?}");
    for plain in [&unwanted, &dumb] {
        assert!(plain.contains("error: "), "{plain:?}");
        assert_eq!(colours(plain), 0, "{plain:?}");
    }
}

#[test]
fn a_run_without_colours_shows_its_bar_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let quickstart = shipped("quickstart.toml");
    let arguments = ["run", &quickstart, "--replications", "8"];
    if let Some(told) = on_terminal(folder.path(), "xterm-256color", true, &arguments) {
        assert!(told.contains(" clients/s  "), "{told:?}");
        assert_eq!(colours(&told), 0, "{told:?}");
    }
}

/// What a run prints of small and large scenarios fits a terminal of 80 columns; commands to be copied stay whole.
#[test]
fn output_fits_eighty_columns() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "quickstart.toml",
        "three-tier.toml",
        "city.toml",
        "seed-article.toml",
    ] {
        let path = shipped(name);
        for arguments in [
            &["run", &path, "--replications", "1", "--curve"][..],
            &["check", &path],
            &["plan", &path],
        ] {
            let output = crate::command_line::smsim(folder.path(), arguments);
            let told = crate::command_line::out(&output) + &crate::command_line::err(&output);
            let own = |line: &&str| !line.contains("smsim ") && !line.contains(&path);
            let mut lines = told.lines().filter(own);
            let wide = lines.find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{arguments:?}");
        }
    }
}
