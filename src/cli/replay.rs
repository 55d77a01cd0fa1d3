//! What was run, from the manifest of its results.

use crate::report::Manifest;
use crate::report::manifest::FILE_NAME;
use crate::scenario::{self, Complaints, Files, Loaded, Sources};
use std::io;
use std::path::{Path, PathBuf};

/// The scenario of a results folder, as its manifest keeps it.
///
/// # Errors
/// If an inventory is not where it was, or this version of the program finds something wrong.
pub(super) fn replay(manifest: &Manifest, inventories: &Path) -> Result<Loaded, Complaints> {
    let path = inventories.join(FILE_NAME);
    let sources = Resolved {
        path: path.clone(),
        text: &manifest.scenario.resolved,
    };
    let (seed, replications) = (Some(manifest.seed), Some(manifest.replications));
    scenario::parse(&sources, &path, &[], seed, replications)
}

/// The resolved scenario of a manifest, as if it lay where its inventories are.
struct Resolved<'m> {
    path: PathBuf,
    text: &'m str,
}

impl Sources for Resolved<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        if path == self.path {
            Ok(self.text.to_owned())
        } else {
            Files.read(path)
        }
    }
}
