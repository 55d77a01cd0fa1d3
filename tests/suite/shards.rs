//! Studies split over machines: what comes out of shards is what one machine gives, and nothing else is merged.

use crate::command_line::{err, names, smsim};
use crate::outside::python;
use crate::replications::{same, scenario};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const NAME: &str = "two-sites-one-domain";

/// Runs one shard into a folder.
fn shard(folder: &Path, which: &str, to: &str, more: &[&str]) {
    let file = scenario("quickstart.toml");
    let mut arguments = vec!["run", &file, "-q", "--shard", which, "--out", to];
    arguments.extend(["--replications", "5"]);
    arguments.extend(more);
    let ran = smsim(folder, &arguments);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert_eq!(names(&folder.join(to)), [format!("{NAME}.shards")]);
}

/// What is said when these folders are not merged.
fn refused(folder: &Path, folders: &[&str]) -> String {
    let mut arguments = vec!["merge", "--out", "merged"];
    arguments.extend(folders);
    let ended = smsim(folder, &arguments);
    assert_eq!(ended.status.code(), Some(3), "{}", err(&ended));
    assert!(!folder.join("merged").exists());
    err(&ended).replace('\n', " ")
}

fn merged(folder: &Path, folders: &[&str]) {
    let mut arguments = vec!["merge", "-q", "--out", "merged"];
    arguments.extend(folders);
    let ended = smsim(folder, &arguments);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
}

/// What one machine makes of it.
fn whole(folder: &Path) {
    let file = scenario("quickstart.toml");
    let arguments = ["run", &file, "-q", "--replications", "5", "--out", "whole"];
    assert_eq!(smsim(folder, &arguments).status.code(), Some(0));
}

#[test]
fn two_shards_make_what_one_machine_makes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    whole(folder);
    shard(folder, "1/2", "one", &[]);
    shard(folder, "2/2", "two", &["--threads", "1"]);
    merged(folder, &["one", "two"]);
    same(&folder.join("whole"), &folder.join("merged"));
    // Once more, with a shard that was done twice and another way of splitting: no harm.
    shard(folder, "2/2", "one", &[]);
    shard(folder, "2/3", "again", &[]);
    merged(folder, &["one", "again", "two/two-sites-one-domain.shards"]);
    same(&folder.join("whole"), &folder.join("merged"));
}

#[test]
fn shards_may_share_the_folder_where_results_go() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    whole(folder);
    for which in ["3/3", "1/3", "2/3"] {
        shard(folder, which, "output", &[]);
    }
    let ended = smsim(folder, &["merge", "-q"]);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    same(
        &folder.join("whole").join(NAME),
        &folder.join("output").join(NAME),
    );
}

#[test]
fn what_is_missing_damaged_or_foreign_is_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    shard(folder, "1/3", "one", &[]);
    shard(folder, "3/3", "one", &[]);
    let told = refused(folder, &["one"]);
    assert!(
        told.contains("2 of 5 replications are missing: 2, 5. Run again: --shard 2/3"),
        "{told}"
    );
    shard(folder, "2/3", "seed", &["--seed", "8"]);
    let told = refused(folder, &["one", "seed"]);
    assert!(
        told.contains("are shards of different runs: seed 8 here, 7 there"),
        "{told}"
    );
    shard(folder, "2/3", "rule", &["--set", "rules.ccim_cycle=12h"]);
    let told = refused(folder, &["one", "rule"]);
    assert!(told.contains("the scenario differs"), "{told}");

    shard(folder, "2/3", "two", &[]);
    let path = |to: &str| folder.join(to).join(format!("{NAME}.shards/000002.bin"));
    let good = fs::read(path("two")).unwrap();
    let mut bytes = good.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path("two"), &bytes).unwrap();
    let told = refused(folder, &["one", "two"]);
    assert!(told.contains("000002.bin is damaged"), "{told}");
    fs::copy(path("rule"), path("two")).unwrap();
    let told = refused(folder, &["one", "two"]);
    assert!(told.contains("belongs to another plan or seed"), "{told}");
    fs::write(path("two"), &good).unwrap();
    merged(folder, &["one", "two"]);
}

#[test]
fn a_replication_that_is_there_twice_and_differs_is_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for to in ["one", "two"] {
        shard(folder, "1/1", to, &[]);
    }
    let path = |to: &str, name: &str| folder.join(to).join(format!("{NAME}.shards/{name}"));
    // Whole by its own account, and yet of another replication's making.
    let text = fs::read(path("one", "000004.bin")).unwrap();
    let line = text.iter().position(|byte| *byte == b'\n').unwrap();
    let label = String::from_utf8(text[..line].to_vec()).unwrap();
    let label = label.replace("\"replication\":4", "\"replication\":5");
    let forged = [label.as_bytes(), &text[line..]].concat();
    fs::write(path("two", "000005.bin"), forged).unwrap();
    let told = refused(folder, &["one", "two"]);
    assert!(
        told.contains("are the same replication and differ"),
        "{told}"
    );
}

#[test]
fn another_run_in_the_same_folder_of_shards_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    shard(folder, "1/2", "one", &[]);
    let file = scenario("quickstart.toml");
    let other = ["run", &file, "-q", "--shard", "2/2", "--out", "one"];
    let ended = smsim(folder, &other);
    assert_eq!(ended.status.code(), Some(2));
    let told = err(&ended);
    assert!(told.contains("replications 20 here, 5 there"), "{told}");
    let none = smsim(folder, &["merge", "whatever"]);
    assert_eq!(none.status.code(), Some(3), "{}", err(&none));
    fs::create_dir(folder.join("empty")).unwrap();
    let none = smsim(folder, &["merge", "empty"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(
        err(&none).contains("empty holds no shards"),
        "{}",
        err(&none)
    );
}

/// The scenario file may be gone by the time of the merge, with all that it extends and the inventory it reads.
#[test]
fn shards_carry_all_that_the_merge_needs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let base = fs::read_to_string(scenario("quickstart.toml")).unwrap();
    let base = base.replace("count = 100\n", "inventory = \"old.csv\"\n");
    let variant = "extends = \"lists/base.toml\"\n[scenario]\nname = \"Variant\"\n";
    let write = || {
        fs::create_dir_all(folder.join("lists")).unwrap();
        fs::write(folder.join("lists/base.toml"), &base).unwrap();
        fs::write(folder.join("lists/old.csv"), "name\nPC-A\nPC-B\n").unwrap();
        fs::write(folder.join("variant.toml"), variant).unwrap();
    };
    write();
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "variant.toml", "-q", "--replications", "2"];
        arguments.extend(more);
        let ran = smsim(folder, &arguments);
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    };
    run(&["--out", "whole"]);
    run(&["--shard", "1/2", "--out", "one"]);
    run(&["--shard", "2/2", "--out", "two"]);
    fs::remove_dir_all(folder.join("lists")).unwrap();
    fs::remove_file(folder.join("variant.toml")).unwrap();
    merged(folder, &["one", "two"]);
    same(&folder.join("whole"), &folder.join("merged"));
}

/// What is printed for a batch system, run as it stands there: by a shell that plays the batch system.
#[cfg(unix)]
#[test]
fn the_script_for_slurm_runs_every_shard_and_then_the_merge() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    whole(folder);
    fs::copy(scenario("quickstart.toml"), folder.join("q.toml")).unwrap();
    let print = ["shards", "q.toml", "--slurm", "2", "--replications", "5"];
    let printed = smsim(folder, &print);
    assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
    fs::write(folder.join("submit.sh"), &printed.stdout).unwrap();
    let sbatch = "#!/bin/sh\ncat > job\ncase \"$*\" in\n*--array=1-2*)\n\
        for SLURM_ARRAY_TASK_ID in 1 2; do export SLURM_ARRAY_TASK_ID; sh job || exit 1; done\necho 41;;\n\
        *--dependency=afterok:41*) sh job > merge.log || exit 1; echo 42;;\n*) exit 9;;\nesac\n";
    fs::create_dir(folder.join("bin")).unwrap();
    let path = folder.join("bin/sbatch");
    fs::write(&path, sbatch).unwrap();
    let made = std::process::Command::new("chmod")
        .arg("+x")
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    let paths = format!(
        "{}:{}",
        folder.join("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let submitted = std::process::Command::new("sh")
        .arg("submit.sh")
        .current_dir(folder)
        .env("PATH", paths)
        .env("SMSIM", env!("CARGO_BIN_EXE_smsim"))
        .output()
        .unwrap();
    let told = String::from_utf8(submitted.stdout).unwrap();
    assert_eq!(
        told,
        format!("shards: job 41; merge: job 42; results: output/{NAME}\n"),
        "{}",
        String::from_utf8(submitted.stderr).unwrap()
    );
    same(
        &folder.join("whole").join(NAME),
        &folder.join("output").join(NAME),
    );
}

#[test]
fn the_manifest_for_kubernetes_counts_from_zero() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario("quickstart.toml");
    let print = [
        "shards",
        &file,
        "--kubernetes",
        "3",
        "--image",
        "here/smsim:1",
    ];
    let printed = smsim(folder.path(), &print);
    let text = String::from_utf8(printed.stdout).unwrap();
    for line in [
        "  completionMode: Indexed\n",
        "  completions: 3\n",
        "--shard \"$((JOB_COMPLETION_INDEX + 1))/3\"",
        "image: here/smsim:1\n",
        "exec smsim merge output/two-sites-one-domain.shards\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let many = smsim(folder.path(), &["shards", &file, "--slurm", "21"]);
    assert_eq!(many.status.code(), Some(2));
    assert!(
        err(&many).contains("20 replications make no more than"),
        "{}",
        err(&many)
    );
}

/// Holds each document of a manifest against the schemas that Kubernetes publishes, unknown fields refused.
const VALIDATE: &str = r#"
import sys, yaml, kubernetes_validate
documents = list(yaml.safe_load_all(sys.stdin))
for document in documents:
    kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
print(" ".join(it["spec"].get("completionMode", "plain") for it in documents))
"#;

#[test]
fn the_manifest_is_what_the_schemas_of_kubernetes_allow() {
    let told = "whether the schemas of Kubernetes allow the manifest";
    let Some(python) = python("kubernetes_validate", told) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = scenario("quickstart.toml");
    let printed = smsim(folder.path(), &["shards", &file, "--kubernetes", "3"]);
    let validate = |text: &[u8]| {
        let mut child = Command::new(&python)
            .args(["-c", VALIDATE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text).unwrap();
        child.wait_with_output().unwrap()
    };
    let valid = validate(&printed.stdout);
    assert!(valid.status.success(), "{}", err(&valid));
    assert_eq!(String::from_utf8(valid.stdout).unwrap(), "Indexed plain\n");
    let text = String::from_utf8(printed.stdout).unwrap();
    let misspelt = text.replace("completionMode", "completionsMode");
    assert!(!validate(misspelt.as_bytes()).status.success());
}

/// Runs a sweep over two knobs, with three replications of each of twelve points.
fn swept(folder: &Path, more: &[&str]) -> Output {
    let file = scenario("quickstart-sweep.toml");
    let mut arguments = vec!["sweep", &file, "--replications", "3"];
    arguments.extend(["--knob", "berlin", "--knob", "restart"]);
    arguments.extend(more);
    smsim(folder, &arguments)
}

#[test]
fn a_sweep_in_shards_makes_the_table_of_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let whole = swept(folder, &["--out", "whole.csv"]);
    assert_eq!(whole.status.code(), Some(0), "{}", err(&whole));
    let shard = |which: &str, to: &str| {
        let done = swept(folder, &["--shard", which, "--out", to]);
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
        assert!(err(&done).contains("12 replications in "), "{}", err(&done));
    };
    shard("1/3", "one/x.csv");
    shard("3/3", "one/x.csv");
    assert_eq!(names(&folder.join("one")), ["x.shards"]);
    let told = refused(folder, &["one"]);
    assert!(
        told.contains("12 of 36 replications are missing: 2, 5,"),
        "{told}"
    );
    assert!(told.contains("Run again: --shard 2/3"), "{told}");
    // The one that was missing, elsewhere, and one of the others once more.
    shard("2/3", "two/y.csv");
    shard("3/3", "two/y.csv");
    let merged = smsim(folder, &["merge", "one", "two", "--out", "merged"]);
    assert_eq!(merged.status.code(), Some(0), "{}", err(&merged));
    let table = folder.join("merged/quickstart-varied-sweep.csv");
    assert_eq!(
        fs::read_to_string(&table).unwrap(),
        fs::read_to_string(folder.join("whole.csv")).unwrap()
    );
    let written = table.strip_prefix(folder).unwrap().display().to_string();
    assert_eq!(
        String::from_utf8(merged.stdout).unwrap(),
        String::from_utf8(whole.stdout)
            .unwrap()
            .replace("whole.csv", &written)
    );
    fs::remove_dir_all(folder.join("merged")).unwrap();

    let plan = names(&folder.join("one/x.shards")).remove(0);
    let file = folder.join("one/x.shards").join(plan);
    let file = file.join(&names(&file)[0]);
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, bytes).unwrap();
    let told = refused(folder, &["one", "two"]);
    assert!(told.contains(".bin is damaged"), "{told}");
    let other = swept(
        folder,
        &["--shard", "1/3", "--out", "one/x.csv", "--seed", "9"],
    );
    assert_eq!(other.status.code(), Some(2));
    assert!(
        err(&other).contains("holds shards of another run"),
        "{}",
        err(&other)
    );
}

#[test]
fn a_sweep_is_submitted_like_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario("quickstart-sweep.toml");
    let print = |count: &str| {
        let knobs = ["--knob", "berlin", "--knob", "restart"];
        let arguments = [&["shards", &file, "--sweep", "--slurm", count][..], &knobs].concat();
        smsim(folder.path(), &arguments)
    };
    let printed = String::from_utf8(print("8").stdout).unwrap();
    for line in [
        " --knob berlin --knob restart --shard \"$SLURM_ARRAY_TASK_ID/8\"",
        " merge output/quickstart-varied-sweep.shards\n",
        "results: output/quickstart-varied-sweep.csv\"\n",
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
    let many = print("121");
    assert_eq!(many.status.code(), Some(2));
    assert!(
        err(&many).contains("120 replications make no more than"),
        "{}",
        err(&many)
    );
}
