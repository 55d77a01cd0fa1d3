//! Results that stand in a folder, read again to be held against others.

use super::manifest::{Basis, FILE_NAME, Manifest, PROGRAM};
use super::store::{Identity, MODEL, REPLICATIONS, Store, Unusable, file_name};
use crate::study::keep::Compared;
use std::fs;
use std::path::Path;

/// What plans are compared by, as an earlier run measured it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRun {
    /// Name of the scenario.
    pub name: String,
    /// First number of every draw's address.
    pub seed: u64,
    /// What has to be alike in runs that are compared.
    pub basis: Basis,
    /// What each replication measured, in order.
    pub values: Vec<Compared>,
}

impl StoredRun {
    /// Reads a results folder.
    ///
    /// # Errors
    /// If it holds no results, or none that this version of the program can use.
    pub fn read(folder: &Path) -> Result<Self, Unusable> {
        let wrong = |why: &str| Unusable::new(folder, why);
        let text = fs::read_to_string(folder.join(FILE_NAME))
            .map_err(|_| wrong("holds no results: there is no manifest.toml in it"))?;
        let manifest: Option<Manifest> = toml::from_str(&text).ok();
        let manifest = manifest
            .filter(|manifest| manifest.program == PROGRAM)
            .ok_or_else(|| wrong("was not written by this program"))?;
        if manifest.version != env!("CARGO_PKG_VERSION") || manifest.model != MODEL {
            return Err(wrong(
                "was written by another version of the program: run its scenario again",
            ));
        }
        let identity = Identity {
            version: manifest.version,
            model: manifest.model,
            plan: manifest.plan,
        };
        let place = folder.join(REPLICATIONS).join(identity.key());
        let store = Store::of(identity, place);
        let mut values = Vec::new();
        for number in 0..manifest.replications_complete {
            let stored = store.read(number)?.ok_or_else(|| {
                let name = file_name(number);
                wrong(&format!(
                    "lacks {name} among its replications: run its scenario again, without --no-keep"
                ))
            })?;
            values.push(stored.compared);
        }
        Ok(StoredRun {
            name: manifest.scenario.name,
            seed: manifest.seed,
            basis: manifest.basis,
            values,
        })
    }
}
