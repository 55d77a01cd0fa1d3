//! Sites, domains and boundaries that tables give, for a scenario that is made of an inventory.

use super::columns::columns_of;
use super::{Wanted, quoted};
use crate::scenario::complaint::{Complaint, Complaints};
use crate::scenario::source::{SourceMap, Sources};
use crate::scenario::tables::Told;
use crate::scenario::{sheet, tree};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// What tables give.
#[derive(Default)]
pub(super) struct Given {
    /// Entries of `[[site]]`.
    pub sites: Vec<toml::Table>,
    /// Entries of `[[domain]]`.
    pub domains: Vec<toml::Table>,
    /// What of the tables is not in them.
    pub told: Told,
}

/// The name of a scenario that names the tables and says nothing else.
const NAMING: &str = "the tables";

/// The files, and the scenario that names them.
struct Named<'s> {
    files: &'s dyn Sources,
    text: String,
}

impl Sources for Named<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        match path == Path::new(NAMING) {
            true => Ok(self.text.clone()),
            false => self.files.read(path),
        }
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.read_bytes(path)
    }
}

impl Given {
    /// Reads the tables that are wanted; rows that cannot be used are left out and told.
    pub fn read(sources: &dyn Sources, wanted: &Wanted<'_>) -> Result<Self, Complaints> {
        if wanted.tables.is_empty() {
            return Ok(Given::default());
        }
        let mut text = "[tables]\n".to_owned();
        for (table, file) in wanted.tables {
            let shown = file.display().to_string();
            let fail = |complaint| Complaints::new(vec![complaint], SourceMap::default());
            let bytes = sources
                .read_bytes(file)
                .map_err(|cause| fail(Complaint::unreadable(&shown, &cause, None)))?;
            let content = sheet::text_of(&bytes, None).map_err(|why| {
                let mut complaint =
                    Complaint::new(format!("cannot read `{shown}`: {why}"), 0..0, "");
                complaint.at = None;
                fail(complaint)
            })?;
            let columns = columns_of(table, &content);
            let columns = columns
                .iter()
                .map(|(ours, theirs)| format!("{ours} = {}", quoted(theirs)));
            let columns = columns.collect::<Vec<_>>().join(", ");
            let file = quoted(&shown);
            text.push_str(&format!(
                "{table} = {{ file = {file}, bad_rows = \"skip\", columns = {{ {columns} }} }}\n"
            ));
        }
        let named = Named {
            files: sources,
            text,
        };
        let mut map = SourceMap::default();
        let collected = tree::collect(&named, &mut map, Path::new(NAMING), &[]);
        let tables = match collected {
            Ok(tables) => tables,
            Err(complaint) => return Err(Complaints::new(vec![complaint], map)),
        };
        let mut complaints = Vec::new();
        let merged = tree::merged(&map, &tables, &mut complaints);
        let (root, told) = match merged {
            Ok((tree, told)) if complaints.is_empty() => {
                (toml::Table::deserialize(tree.into_deserializer()), told)
            }
            Ok(_) => return Err(Complaints::new(complaints, map)),
            Err(wrong) => return Err(Complaints::new(wrong, map)),
        };
        let mut root = root.unwrap_or_default();
        let mut entries = |list: &str| -> Vec<toml::Table> {
            let entries = root.remove(list).and_then(|list| list.try_into().ok());
            entries.unwrap_or_default()
        };
        Ok(Given {
            sites: entries("site"),
            domains: entries("domain"),
            told,
        })
    }

    /// Subnets of the sites that are given.
    pub fn boundaries(&self) -> BTreeMap<String, Vec<Ipv4Addr>> {
        let site = |site: &toml::Table| {
            let subnets = site.get("boundaries").and_then(toml::Value::as_array);
            let subnets = subnets
                .into_iter()
                .flatten()
                .filter_map(toml::Value::as_str);
            let subnets = subnets.filter_map(|subnet| subnet.parse().ok());
            Some((text(site, "code")?.to_owned(), subnets.collect()))
        };
        self.sites.iter().filter_map(site).collect()
    }

    /// The site of a code.
    pub fn site(&self, code: &str) -> Option<&toml::Table> {
        self.sites
            .iter()
            .find(|site| text(site, "code") == Some(code))
    }

    /// Levels between a site and the top of its hierarchy.
    pub fn depth(&self, code: &str) -> usize {
        let mut depth = 0;
        let mut at = self.site(code);
        while let Some(parent) = at.and_then(|site| text(site, "parent")) {
            depth += 1;
            // A circle of parents is complained of when the scenario is read.
            at = self.site(parent).filter(|_| depth <= self.sites.len());
        }
        depth
    }
}

/// What an entry says as a text.
pub(super) fn text<'t>(entry: &'t toml::Table, key: &str) -> Option<&'t str> {
    entry.get(key)?.as_str()
}

/// Where tables lie, by what they tell of.
pub type GivenTables = Vec<(&'static str, PathBuf)>;
