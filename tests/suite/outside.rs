//! Programs of other people that some tests need: where one is missing, the test says aloud that it was skipped.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The first of these programs that can be run; without one, it is said what is not tested.
pub fn program(names: &[&str], skipped: &str) -> Option<PathBuf> {
    let runs = |name: &&&str| {
        let mut command = Command::new(name);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let found = names.iter().find(runs);
    if found.is_none() {
        say_skipped(&format!("no {}", names.join(" or ")), skipped);
    }
    found.map(PathBuf::from)
}

/// A Python that has these modules; without one, it is said what is not tested.
pub fn python(modules: &str, skipped: &str) -> Option<PathBuf> {
    let has = |name: &&&str| {
        let mut command = Command::new(name);
        command.args(["-c", &format!("import {modules}")]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let found = ["python3", "python"].iter().find(has);
    if found.is_none() {
        say_skipped(&format!("no Python with {modules}"), skipped);
    }
    found.map(PathBuf::from)
}

/// Past the capture of tests that pass, so that it is seen.
fn say_skipped(why: &str, what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what} ({why})");
}

/// What LibreOffice makes of a file, in another folder: `form` is the ending of what it writes. It opens the file with
/// a profile of its own, by which every formula is calculated anew.
pub fn converted(soffice: &Path, file: &Path, form: &str, to: &Path) -> PathBuf {
    let profile = to.join("profile");
    let user = profile.join("user");
    std::fs::create_dir_all(&user).unwrap();
    // 0 stands for always.
    let settings = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;
    std::fs::write(user.join("registrymodifications.xcu"), settings).unwrap();
    let mut command = Command::new(soffice);
    command.arg(format!(
        "-env:UserInstallation=file://{}",
        profile.display()
    ));
    command
        .args(["--headless", "--convert-to", form, "--outdir"])
        .arg(to)
        .arg(file);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let written = to.join(file.file_stem().unwrap()).with_extension(form);
    assert!(written.exists(), "{}: {told}", written.display());
    written
}
