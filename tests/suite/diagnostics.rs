//! Bad scenarios and the exact text that is said about them.
//!
//! Each `.toml` in `diagnostics/` has its text beside it in a `.txt`; a line `# --set ...` in the scenario is an
//! argument of the command line. `SNAPSHOTS=overwrite` writes the texts anew.

use smsim::scenario::{Sources, parse};
use snapbox::{Assert, Data};
use std::path::{Path, PathBuf};

/// The folder of bad scenarios, whose texts are named by their file names alone.
struct Folder(PathBuf);

impl Sources for Folder {
    fn read(&self, path: &Path) -> std::io::Result<String> {
        std::fs::read_to_string(self.0.join(path))
    }
}

#[test]
fn every_bad_scenario_is_explained_word_by_word() {
    let folder = Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/diagnostics"));
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder.0)
        .expect("the folder is there")
        .map(|entry| PathBuf::from(entry.expect("can be listed").file_name()))
        .filter(|name| {
            name.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    names.sort();
    assert!(names.len() >= 20, "only {} bad scenarios", names.len());
    let assert = Assert::new().action_env("SNAPSHOTS");
    for name in names {
        let text = folder.read(&name).expect("can be read");
        let sets = text
            .lines()
            .filter_map(|line| line.strip_prefix("# --set "));
        let sets: Vec<String> = sets.map(str::to_owned).collect();
        let complaints = match parse(&folder, &name, &sets, None, None) {
            Ok(_) => panic!("{} has nothing wrong with it", name.display()),
            Err(complaints) => complaints.render(false),
        };
        let expected = folder.0.join(name.with_extension("txt"));
        assert.eq(complaints, Data::read_from(&expected, None));
    }
}
