//! One finished replication as a file: a line of text that says what it is, then the record, compressed.

use super::Identity;
use crate::report::csv_file::hexadecimal;
use crate::report::manifest::PROGRAM;
use crate::run::Tally;
use crate::study::keep::{Compared, NotKept};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Version of the files' layout.
pub const FORMAT: u32 = 1;

/// A replication that was read.
#[derive(Debug)]
pub struct Stored {
    /// Whether it comes with its clients, which only the first does, if asked for.
    pub clients: bool,
    /// What plans are compared by.
    pub compared: Compared,
    /// What happened to the clients.
    pub tally: Tally,
}

/// A file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {why}", path.display())]
pub struct Unusable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it: the rest of a sentence that begins with its name.
    pub why: String,
}

impl Unusable {
    pub(in crate::report) fn new(path: &Path, why: &str) -> Self {
        Unusable {
            path: path.to_owned(),
            why: why.to_owned(),
        }
    }
}

/// The first line of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    program: String,
    format: u32,
    version: String,
    model: String,
    plan: String,
    replication: u32,
    clients: bool,
    bytes: u64,
    sha256: String,
}

/// The bytes of a file.
pub(super) fn encode(
    identity: &Identity,
    number: u32,
    clients: bool,
    compared: &Compared,
    tally: &Tally,
) -> Result<Vec<u8>, NotKept> {
    let record = postcard::to_allocvec(&(compared, tally))?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::new(LEVEL));
    packed.write_all(&record)?;
    let packed = packed.finish()?;
    let label = Label {
        program: PROGRAM.to_owned(),
        format: FORMAT,
        version: identity.version.clone(),
        model: identity.model.clone(),
        plan: identity.plan.clone(),
        replication: number + 1,
        clients,
        bytes: packed.len() as u64,
        sha256: hexadecimal(&Sha256::digest(&packed)),
    };
    let mut bytes = serde_json::to_vec(&label)?;
    bytes.push(b'\n');
    bytes.extend(packed);
    Ok(bytes)
}

/// Effort of compression: beyond it files hardly get smaller.
const LEVEL: u32 = 4;

/// The replication in the bytes of a file, or what is wrong with it.
pub(super) fn decode(bytes: &[u8], identity: &Identity, number: u32) -> Result<Stored, String> {
    let damaged = || "is damaged".to_owned();
    let line = bytes.iter().position(|byte| *byte == b'\n');
    let (line, packed) = bytes.split_at(line.ok_or_else(damaged)?);
    let packed = &packed[1..];
    let label: Label = serde_json::from_slice(line)
        .map_err(|_| "is no replication that this program wrote".to_owned())?;
    if label.program != PROGRAM || label.format != FORMAT {
        return Err("was written by another program".to_owned());
    }
    if label.version != identity.version || label.model != identity.model {
        return Err("was written by another version of the program".to_owned());
    }
    if label.plan != identity.plan {
        return Err("belongs to another plan or seed".to_owned());
    }
    if label.replication != number + 1 {
        return Err(format!("holds replication {}", label.replication));
    }
    if label.bytes != packed.len() as u64 || label.sha256 != hexadecimal(&Sha256::digest(packed)) {
        return Err(damaged());
    }
    let mut record = Vec::new();
    DeflateDecoder::new(packed)
        .read_to_end(&mut record)
        .map_err(|_| damaged())?;
    let (compared, tally) = postcard::from_bytes(&record).map_err(|_| damaged())?;
    Ok(Stored {
        clients: label.clients,
        compared,
        tally,
    })
}
