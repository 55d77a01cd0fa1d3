//! Finished replications are kept: reused, resumed, refused if they are not what they seem, and the same bytes after all.

use crate::command_line::{err, names, out, smsim};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    folder.join(name).display().to_string()
}

/// Every file below a folder, with its bytes.
pub fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            let below = tree(&path).into_iter();
            files.extend(below.map(|(path, bytes)| (Path::new(&name).join(path), bytes)));
        } else {
            files.push((name.into(), fs::read(path).unwrap()));
        }
    }
    files
}

/// The same files with the same bytes.
pub fn same(one: &Path, other: &Path) {
    let (one, other) = (tree(one), tree(other));
    let names = |tree: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
        tree.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(&one), names(&other));
    for ((path, bytes), (_, others)) in one.iter().zip(&other) {
        assert!(bytes == others, "{} differs", path.display());
    }
}

/// How the warnings about the quickstart end.
const LAST_WARNING: &str = "stays at the old release\n";

/// Runs quickstart into a folder; what was said on standard error, without warnings of risks.
fn run(folder: &Path, to: &str, more: &[&str]) -> String {
    let file = scenario("quickstart.toml");
    let mut arguments = vec!["run", file.as_str(), "--out", to];
    arguments.extend(more);
    let ran = smsim(folder, &arguments);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    let told = err(&ran);
    let after = told.rfind(LAST_WARNING).unwrap() + LAST_WARNING.len();
    told[after..].to_owned()
}

/// The folder of replications of the only results in a folder.
fn store(results: &Path) -> PathBuf {
    let results = results.join(&names(results)[0]).join("replications");
    let keys = names(&results);
    assert_eq!(keys.len(), 1, "{keys:?}");
    results.join(&keys[0])
}

#[test]
fn more_replications_reuse_those_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(run(folder, "one", &["--replications", "6"]), "");
    assert_eq!(run(folder, "two", &["--replications", "2"]), "");
    let told = run(folder, "two", &["--replications", "6"]);
    assert_eq!(told, "2 of 6 replications were there already\n");
    same(&folder.join("one"), &folder.join("two"));
    let told = run(folder, "two", &["--replications", "6", "--fresh"]);
    assert_eq!(told, "");
    same(&folder.join("one"), &folder.join("two"));
    assert_eq!(names(&store(&folder.join("two"))).len(), 6);
}

#[test]
fn limits_and_what_is_written_may_change_and_the_plan_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let no_clients = ["--replications", "3", "--set", "results.clients=false"];
    run(folder, "r", &no_clients);
    let told = run(folder, "r", &["--replications", "3"]);
    // The clients of the first one were not on record.
    assert_eq!(told, "2 of 3 replications were there already\n");
    run(folder, "fresh", &["--replications", "3"]);
    same(&folder.join("r"), &folder.join("fresh"));
    let limit = "threshold.\"nobody mixed\".that=mixed clients < 7";
    let told = run(folder, "r", &["--replications", "3", "--set", limit]);
    assert_eq!(told, "3 of 3 replications were there already\n");
    let before = store(&folder.join("r"));
    let told = run(folder, "r", &["--replications", "3", "--seed", "8"]);
    assert_eq!(told, "");
    assert!(before != store(&folder.join("r")) && !before.exists());
}

#[test]
fn a_damaged_or_foreign_replication_is_made_again_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "whole", &["--replications", "4"]);
    run(folder, "hurt", &["--replications", "4"]);
    run(folder, "other", &["--replications", "4", "--seed", "8"]);
    let hurt = store(&folder.join("hurt"));
    let mut bytes = fs::read(hurt.join("000001.bin")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(hurt.join("000001.bin"), &bytes).unwrap();
    let other = store(&folder.join("other")).join("000002.bin");
    fs::copy(other, hurt.join("000002.bin")).unwrap();
    fs::copy(hurt.join("000004.bin"), hurt.join("000003.bin")).unwrap();
    fs::write(hurt.join("000004.bin"), "").unwrap();
    fs::write(hurt.join("000002.bin.tmp-0123"), "half").unwrap();
    let told = run(folder, "hurt", &["--replications", "4"]).replace('\n', " ");
    for why in [
        "000001.bin is damaged; this",
        "000002.bin belongs to another plan or seed; this",
        "000003.bin holds replication 4; this",
        "000004.bin is damaged; this replication is simulated anew",
    ] {
        assert!(told.contains(why), "{why}: {told}");
    }
    same(&folder.join("whole"), &folder.join("hurt"));
}

#[test]
fn resuming_needs_something_to_go_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario("quickstart.toml");
    let mut arguments = vec!["run", file.as_str(), "-q", "--replications", "2"];
    let mut resume = arguments.clone();
    resume.push("--resume");
    let refused = smsim(folder.path(), &resume);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("holds no finished replications of this plan"),
        "{}",
        err(&refused)
    );
    arguments.push("--no-keep");
    smsim(folder.path(), &arguments);
    let results = folder.path().join("output/two-sites-one-domain");
    assert!(results.join("manifest.toml").exists() && !results.join("replications").exists());
    assert_eq!(smsim(folder.path(), &resume).status.code(), Some(2));
}

#[test]
fn what_somebody_put_among_replications_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "r", &["--replications", "1"]);
    let stranger = store(&folder.path().join("r")).join("notes.txt");
    fs::write(&stranger, "mine").unwrap();
    let file = scenario("quickstart.toml");
    let refused = smsim(folder.path(), &["run", &file, "-q", "--out", "r"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(err(&refused).contains("notes.txt"), "{}", err(&refused));
    assert!(stranger.exists());
}

/// Ctrl-C in the middle: results of what was finished, and the rest later.
#[cfg(unix)]
#[test]
fn an_interrupted_run_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = scenario("quickstart.toml");
    let begin = |to: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smsim"));
        command.args(["run", &file, "--replications", "150", "-q", "--out", to]);
        command.args(more).current_dir(folder);
        command.stderr(Stdio::null()).spawn().unwrap()
    };
    let mut cut = begin("cut", &["--threads", "1"]);
    let kept = folder.join("cut/two-sites-one-domain/replications");
    let began = Instant::now();
    let some = || {
        let key = fs::read_dir(&kept).ok()?.next()?.ok()?.path();
        Some(fs::read_dir(key).ok()?.count() >= 2)
    };
    while some() != Some(true) {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill")
        .args(["-INT", &cut.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let ended = cut.wait().unwrap();
    assert_eq!(
        ended.code(),
        Some(130),
        "a replication takes longer than this"
    );
    let finished = names(&store(&folder.join("cut"))).len();
    assert!((2..150).contains(&finished), "{finished}");
    let manifest =
        fs::read_to_string(folder.join("cut/two-sites-one-domain/manifest.toml")).unwrap();
    assert!(manifest.contains(&format!("replications_complete = {finished}\n")));
    assert!(begin("cut", &["--resume"]).wait().unwrap().success());
    assert!(begin("whole", &[]).wait().unwrap().success());
    same(&folder.join("whole"), &folder.join("cut"));
}

/// The header of a table, and its rows for the whole fleet.
fn fleet(folder: &Path, table: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let results = folder.join(&names(folder)[0]).join(table);
    let mut reader = csv::Reader::from_path(results).unwrap();
    let cells = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().unwrap());
    let rows = reader.records().map(|row| cells(&row.unwrap()));
    (header, rows.filter(|row| row[0] == "*").collect())
}

#[test]
fn percentiles_are_those_that_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "usual", &["--replications", "9"]);
    let asked = ["--replications", "9", "--percentiles", "90,2.5,50,100"];
    run(folder, "asked", &asked);
    let (usual, usual_rows) = fleet(&folder.join("usual"), "milestones.csv");
    let (asked, asked_rows) = fleet(&folder.join("asked"), "milestones.csv");
    let hours = |header: &[String]| -> Vec<String> {
        let hours = header.iter().filter(|it| it.starts_with("hours_"));
        hours.cloned().collect()
    };
    assert_eq!(hours(&usual), ["hours_p10", "hours_p50", "hours_p90"]);
    assert_eq!(
        hours(&asked),
        ["hours_p2_5", "hours_p50", "hours_p90", "hours_p100"]
    );
    for (usual_row, asked_row) in usual_rows.iter().zip(&asked_rows) {
        let cell = |header: &[String], row: &[String], name: &str| {
            row[header.iter().position(|it| it == name).unwrap()].clone()
        };
        for same in ["hours_p50", "hours_p90", "local_time_p90", "replications"] {
            assert_eq!(
                cell(&usual, usual_row, same),
                cell(&asked, asked_row, same),
                "{same}"
            );
        }
    }
    for table in ["timeline", "load_peaks", "trouble", "thresholds"] {
        let (header, _) = fleet(&folder.join("asked"), &format!("{table}.csv"));
        assert!(header.iter().any(|it| it.ends_with("_p2_5")), "{table}");
        assert!(!header.iter().any(|it| it.ends_with("_p10")), "{table}");
    }
}

#[test]
fn replications_go_on_until_enough_is_known_and_what_is_reached_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = scenario("quickstart.toml");
    let told = |until: &str, to: &str, more: &[&str]| {
        let mut arguments = vec!["run", &file, "--until", until, "--out", to];
        arguments.extend(["--replications", "2"]);
        arguments.extend(more);
        let ran = smsim(folder, &arguments);
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
        out(&ran)
    };
    let count = |told: &str| -> u32 {
        let after = told.split(" after ").nth(1).expect(told);
        after.split(' ').next().unwrap().parse().unwrap()
    };
    let easy = told("half-width of mean of restarts asked < 1000", "easy", &[]);
    assert_eq!(count(&easy), 10, "{easy}");
    let harder = "half-width of mean of share converged at end < 0.25%";
    let met = told(harder, "met", &[]);
    let replications = count(&met);
    assert!(replications > 10 && !met.contains("not enough"), "{met}");
    let manifest = folder.join("met/two-sites-one-domain/manifest.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    assert!(manifest.contains("\n[until]\n") && manifest.contains("reached = true\n"));
    let most = ["--set", "study.at_most=15"];
    let given_up = told(
        "half-width of p50 of hours to 100% converged < 1h",
        "up",
        &most,
    );
    assert_eq!(count(&given_up), 15, "{given_up}");
    assert!(given_up.contains("no interval yet after 15 replications, which is not enough"));
    // The same, in two parts on two machines: a shard cannot know when to stop, the merge does.
    let most = ["--set", "study.at_most=40", "--until", harder];
    for which in ["1/2", "2/2"] {
        let mut arguments = vec!["run", &file, "-q", "--shard", which, "--out", "apart"];
        arguments.extend(["--replications", "2"]);
        arguments.extend(most);
        assert_eq!(smsim(folder, &arguments).status.code(), Some(0));
    }
    let merged = smsim(folder, &["merge", "apart", "--out", "merged"]);
    assert_eq!(merged.status.code(), Some(0), "{}", err(&merged));
    told(harder, "whole", &["--set", "study.at_most=40"]);
    same(&folder.join("whole"), &folder.join("merged"));
}
