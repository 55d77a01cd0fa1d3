//! Names the model that is built: a hash of the source of all rooms that decide what a replication comes out as.
//!
//! Stored replications carry the name, so that none is taken for the result of another model. Two machines that build
//! the same source get the same name. Not part of the program.

use std::fs;
use std::path::{Path, PathBuf};

/// What a stored replication depends on, besides the plan. The lock file stands for the packages that draw numbers.
const DECIDING: [&str; 6] = [
    "src/engine",
    "src/sms",
    "src/plan",
    "src/run",
    "src/study",
    "Cargo.lock",
];

fn main() {
    let mut files = Vec::new();
    for path in DECIDING {
        println!("cargo:rerun-if-changed={path}");
        collect(Path::new(path), &mut files);
    }
    files.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        // Some checkouts end lines another way; that is no other model.
        let text = fs::read_to_string(&file)
            .unwrap_or_default()
            .replace('\r', "");
        hash.add(name.as_bytes());
        hash.add(text.as_bytes());
    }
    println!("cargo:rustc-env=SMSIM_MODEL={:016x}", hash.0);
}

/// Files below a path, or the path itself; a package without its lock file has none.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        files.push(path.to_owned());
        return;
    };
    for entry in entries.flatten() {
        collect(&entry.path(), files);
    }
}

/// FNV-1a with 64 bits: the same on every compiler, and enough to tell one source from another.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        // The length keeps the end of one text apart from the begin of the next.
        for byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
