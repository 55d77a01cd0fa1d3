//! `manifest.toml`: what was run and what was written, enough to replay and to recognise it.
//!
//! Nothing in it depends on when, where or how fast a run was made: the same scenario gives the same bytes.

use super::Results;
use super::csv_file::{Dialect, WrittenFile, decimal, hexadecimal};
use super::store::Identity;
use super::tables::SCHEMA_VERSION;
use crate::plan::Plan;
use crate::run::tally::{ServerTally, SiteTally};
use crate::study::Study;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the manifest in a results folder.
pub const FILE_NAME: &str = "manifest.toml";
/// What a manifest says of the program that wrote it.
pub const PROGRAM: &str = "smsim";

/// The manifest of a results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that wrote the folder.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Version of the tables' columns.
    pub schema_version: u32,
    /// First number of every draw's address.
    pub seed: u64,
    /// Replications that were asked for.
    pub replications: u32,
    /// Replications that are complete and in these results.
    pub replications_complete: u32,
    /// Clients of the plan.
    pub clients: u64,
    /// Client events simulated, over all replications.
    pub events: u64,
    /// Width of an interval \[s\].
    pub interval_seconds: u32,
    /// How cells are set apart.
    pub csv: String,
    /// The source that the program was built from, as far as it decides what comes out.
    #[serde(default)]
    pub model: String,
    /// Hash of the plan, by which finished replications are known.
    #[serde(default)]
    pub plan: String,
    /// Hash of everything counted, whatever way it is written, by which runs are held against each other.
    pub fingerprint: String,
    /// What has to be alike in runs that are compared.
    #[serde(default)]
    pub basis: Basis,
    /// How well something had to be known, and how well it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Precision>,
    /// The scenario.
    pub scenario: ScenarioCopy,
    /// Files beside the manifest.
    #[serde(default, rename = "file")]
    pub files: Vec<FileEntry>,
}

/// What has to be alike in runs that are compared: hours count from the same moment, sums are over the same time, and
/// draws are those of the same clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Start of the run, in the scenario's zone.
    pub start: String,
    /// Length of the run \[s\].
    pub seconds: u32,
    /// Hash of the names and sizes of all groups of clients.
    pub clients_sha256: String,
}

impl Basis {
    /// Of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut hash = Fingerprint(Sha256::new());
        for cohort in &plan.cohorts {
            hash.numbers([cohort.name.len() as u64, u64::from(cohort.count)]);
            hash.0.update(&cohort.name);
        }
        let start = plan.zones[0].local(&plan.clock, plan.clock.start);
        Basis {
            start: start.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            seconds: plan.clock.end.since(plan.clock.start),
            clients_sha256: hexadecimal(&hash.0.finalize()),
        }
    }
}

/// How well something had to be known, and how well it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precision {
    /// As the scenario writes it.
    pub that: String,
    /// The half-width that was reached, in the unit of the measure; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<String>,
    /// Whether that is enough.
    pub reached: bool,
}

impl Precision {
    fn of(results: &Results<'_>) -> Option<Self> {
        let until = results.plan.study.until.as_ref()?;
        let half_width = results.study.half_width(until);
        Some(Precision {
            that: until.that.clone(),
            half_width: half_width.map(|it| decimal(it, '.')),
            reached: until.holds(half_width),
        })
    }
}

/// The scenario that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioCopy {
    /// Its name.
    pub name: String,
    /// Hash of the text below.
    pub sha256: String,
    /// The scenario with everything it extends and every value set on the command line.
    pub resolved: String,
}

/// One file of a results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// The table it holds; a table too long for one file has several.
    pub table: String,
    /// Rows without the header.
    pub rows: u64,
    /// Size \[bytes\].
    pub bytes: u64,
    /// Hash of its content, as `sha256sum` prints it.
    pub sha256: String,
}

impl Manifest {
    /// The manifest of `results`, of which `files` were written.
    #[must_use]
    pub fn new(
        results: &Results<'_>,
        resolved: &str,
        dialect: Dialect,
        files: &[WrittenFile],
    ) -> Self {
        let (plan, study) = (results.plan, results.study);
        let identity = Identity::of(plan);
        let entry = |file: &WrittenFile| FileEntry {
            name: file.name.clone(),
            table: file.table.to_owned(),
            rows: file.rows,
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        };
        Manifest {
            program: PROGRAM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema_version: SCHEMA_VERSION,
            seed: plan.seed,
            replications: plan.replications,
            replications_complete: study.count(),
            clients: plan.clients(),
            events: study.total.events,
            interval_seconds: plan.clock.interval_s,
            model: identity.model,
            plan: identity.plan,
            basis: Basis::of(plan),
            until: Precision::of(results),
            csv: dialect.name().to_owned(),
            fingerprint: fingerprint(study),
            scenario: ScenarioCopy {
                name: plan.name.clone(),
                sha256: hexadecimal(&Sha256::digest(resolved.as_bytes())),
                resolved: resolved.to_owned(),
            },
            files: files.iter().map(entry).collect(),
        }
    }
}

/// A hash of everything a study counted, independent of how tables are written.
///
/// SHA-256, because anybody can check it with a tool they have, and because `sha2` is kept by the people who keep Rust's
/// other hashes; speed does not matter beside the writing of files.
#[must_use]
pub fn fingerprint(study: &Study) -> String {
    let mut hash = Fingerprint(Sha256::new());
    hash.number(study.total.events);
    for site in &study.total.sites {
        hash.site(site);
    }
    for server in study.total.servers.iter().chain(&study.addresses) {
        hash.server(server);
    }
    for ((kind, reason), trouble) in &study.total.trouble {
        hash.0.update(kind.name());
        hash.0.update(reason.code());
        hash.numbers([trouble.cases, trouble.cured, trouble.client_seconds]);
        for (cohort, number) in &trouble.examples {
            hash.numbers([u64::from(cohort.0), u64::from(*number)]);
        }
    }
    for digest in &study.replications {
        for milestone in digest.milestones.iter().flatten() {
            hash.number(milestone.map_or(u64::MAX, u64::from));
        }
        for peak in &digest.peaks {
            hash.numbers([peak.bytes, peak.interval as u64]);
        }
    }
    hexadecimal(&hash.0.finalize())
}

/// Numbers on their way into a hash, each vector behind its length.
struct Fingerprint(Sha256);

impl Fingerprint {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = u64>) {
        let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
        self.number(bytes.len() as u64);
        self.0.update(&bytes);
    }

    fn site(&mut self, site: &SiteTally) {
        self.numbers([site.clients, site.out_of_reach]);
        self.numbers(site.states_at_start.iter().map(|it| it.cast_unsigned()));
        self.numbers(site.curves_at_start.iter().map(|it| it.cast_unsigned()));
        let signed = |it: &i32| i64::from(*it).cast_unsigned();
        self.numbers(site.state_changes.iter().flatten().map(signed));
        self.numbers(site.curve_changes.iter().flatten().map(signed));
        self.numbers(site.converged_changes.iter().map(signed));
        for (reason, counts) in site.decisions.series() {
            self.0.update(reason.code());
            self.numbers(counts.iter().map(|it| u64::from(*it)));
        }
    }

    fn server(&mut self, server: &ServerTally) {
        let usage = &server.usage;
        self.numbers(usage.bits.iter().copied());
        self.numbers(server.read_bytes.iter().copied());
        for counts in [
            &usage.transfers,
            &usage.longest_queue,
            &usage.turned_away,
            &server.reads,
        ] {
            self.numbers(counts.iter().map(|it| u64::from(*it)));
        }
    }
}
