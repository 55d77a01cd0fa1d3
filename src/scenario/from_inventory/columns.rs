//! What consoles call their columns.

use crate::scenario::file::{BoundaryColumns, ColumnMap, DomainColumns, SiteColumns};
use crate::scenario::inventory;
use crate::scenario::placed::Placed;
use crate::scenario::sheet::Map;
use crate::scenario::source::SourceMap;
use std::path::PathBuf;

/// Names that consoles give to columns, without case, signs and trailing 0.
const CONSOLES: [(&str, &[&str]); 7] = [
    (
        "name",
        &[
            "name",
            "netbiosname",
            "computername",
            "computer",
            "machine",
            "systemname",
        ],
    ),
    (
        "subnet",
        &["subnet", "ipsubnet", "ipsubnets", "ipsubnetid", "subnetid"],
    ),
    (
        "domain",
        &[
            "domain",
            "logondomain",
            "resourcedomainorworkgr",
            "resourcedomain",
            "workgroup",
        ],
    ),
    (
        "operating_system",
        &[
            "operatingsystem",
            "operatingsystemnameand",
            "os",
            "osname",
            "operatingsystemname",
            "caption",
        ],
    ),
    (
        "site",
        &[
            "site",
            "sitecode",
            "smsassignedsites",
            "smsinstalledsites",
            "assignedsite",
            "smssite",
        ],
    ),
    (
        "client_version",
        &["clientversion", "smsclientversion", "version"],
    ),
    (
        "last_seen",
        &[
            "lastseen",
            "lastscan",
            "agenttime",
            "heartbeat",
            "lastheartbeat",
            "lasthwscan",
        ],
    ),
];
/// The same of tables of sites, domains and boundaries, besides our own names.
const TABLES: [(&str, &str, &[&str]); 10] = [
    ("sites", "code", &["sitecode", "site"]),
    (
        "sites",
        "parent",
        &[
            "parentsite",
            "parentsitecode",
            "reportingsitecode",
            "reportsto",
        ],
    ),
    ("sites", "kind", &["type", "sitetype"]),
    (
        "sites",
        "release",
        &["version", "siteversion", "smsversion"],
    ),
    ("sites", "zone", &["timezone"]),
    ("domains", "name", &["domain", "domainname", "ntdomain"]),
    (
        "domains",
        "controllers",
        &["domaincontrollers", "logonservers", "logonpoints"],
    ),
    ("domains", "sites", &["sitecodes", "site"]),
    ("boundaries", "site", &["sitecode", "code"]),
    (
        "boundaries",
        "subnet",
        &["ipsubnet", "subnetid", "ipsubnetid", "boundary", "network"],
    ),
];

/// A column's name without case, signs and trailing 0.
fn plain(header: &str) -> String {
    let letters = header.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.collect::<String>().to_lowercase();
    plain.trim_end_matches('0').to_owned()
}

/// The column map: what the command line says, then what consoles call their columns.
pub(super) fn columns(text: &str, said: &[(String, String)], map: &mut SourceMap) -> Map {
    let mut columns: Vec<(&'static str, Placed<String>)> = Vec::new();
    for (ours, theirs) in said {
        let Some(ours) = ColumnMap::ALL.iter().copied().find(|it| it == ours) else {
            continue;
        };
        let begins = map.add(
            "--column".to_owned(),
            PathBuf::new(),
            format!("{ours}={theirs}"),
        );
        let from = begins + ours.len() + 1;
        columns.push((ours, Placed::new(theirs.clone(), from..from + theirs.len())));
    }
    for header in inventory::headers(text) {
        let plain = plain(&header);
        let known = CONSOLES
            .iter()
            .find(|(_, names)| names.contains(&plain.as_str()));
        let Some((ours, _)) = known else { continue };
        if !columns
            .iter()
            .any(|(other, named)| other == ours || named.value == header)
        {
            columns.push((ours, Placed::new(header, 0..0)));
        }
    }
    Some(columns)
}

/// What a table of sites, domains or boundaries calls its columns: our name, its name.
pub(super) fn columns_of(table: &str, text: &str) -> Vec<(&'static str, String)> {
    let ours = match table {
        "sites" => SiteColumns::ALL,
        "domains" => DomainColumns::ALL,
        _ => BoundaryColumns::ALL,
    };
    let mut columns: Vec<(&'static str, String)> = Vec::new();
    for header in inventory::headers(text) {
        let plain = plain(&header);
        let own = ours.iter().find(|name| name.replace('_', "") == plain);
        let console = || {
            let mut all = TABLES.iter();
            all.find(|(of, _, names)| *of == table && names.contains(&plain.as_str()))
                .map(|(_, name, _)| name)
        };
        if let Some(name) = own.or_else(console)
            && columns.iter().all(|(known, _)| known != name)
        {
            columns.push((name, header));
        }
    }
    columns
}
