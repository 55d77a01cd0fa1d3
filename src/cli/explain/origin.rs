//! What is explained: a results folder, replayed from its manifest, or a scenario file.

use super::Args;
use crate::cli::replay::replay;
use crate::cli::{Failure, load, words};
use crate::report::Manifest;
use crate::report::manifest::FILE_NAME;
use crate::scenario::Loaded;
use std::fs;
use std::io;
use std::path::Path;

/// Loads what `explain` was asked about.
pub(super) fn load(args: &Args) -> Result<Loaded, Failure> {
    let loaded = if args.run.is_dir() {
        let manifest = manifest(&args.run)?;
        tell_version(&manifest);
        if !args.sets.is_empty() {
            let help = "a results folder is replayed as it was run: use --set with a scenario file";
            return Err(Failure::Usage(help.to_owned()));
        }
        replay(&manifest, &args.inventories)
    } else {
        load::load(&args.run, &args.sets, None, None)
    };
    loaded.map_err(|wrong| Failure::Scenario(vec![wrong]))
}

fn manifest(folder: &Path) -> Result<Manifest, Failure> {
    let path = folder.join(FILE_NAME);
    let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Usage(format!(
            "{} is no results folder: it has no {FILE_NAME}",
            folder.display()
        )),
        _ => Failure::Unread(path.clone(), error),
    })?;
    toml::from_str(&text).map_err(|error| {
        Failure::Usage(format!(
            "{} is no manifest of smsim: {}",
            path.display(),
            error.message()
        ))
    })
}

/// Another version of the program may take other decisions.
fn tell_version(manifest: &Manifest) {
    let own = env!("CARGO_PKG_VERSION");
    if manifest.version != own {
        let text = format!(
            "warning: these results were written by version {} of smsim; this is version {own}, and the story may be \
             another one",
            manifest.version
        );
        anstream::eprint!("{}", words::paragraph(0, &text));
    }
}
