//! Sites, domains and boundaries that stand in files of other programs.

use super::BadRows;
use crate::scenario::placed::{Brief, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// Sites, domains and boundaries from CSV or XLSX: rows become entries of this file, which may say more of them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TablesFile {
    /// One site per row; a `[[site]]` of the same code says what the table does not. Columns: code, and any of parent,
    /// kind, zone, release, hotfixes, boundaries, caps, cap_bandwidth, cap_connections, cap_link, address_bandwidth,
    /// installed_from, setup_key_mended, admin_console, sender_threads. Where neither says what Client Access Points a
    /// site has, it has one that never slows anybody.
    pub sites: Option<Placed<Brief<String, TableFile<SiteColumns>>>>,
    /// One domain per row; a `[[domain]]` of the same name says what the table does not. Columns: name, and any of
    /// controllers, sites, senior, pdc_unfit, lsm_interval, link, controller_bandwidth, logon_script.
    pub domains: Option<Placed<Brief<String, TableFile<DomainColumns>>>>,
    /// One boundary per row, which is added to those of its site. Columns: site, subnet.
    pub boundaries: Option<Placed<Brief<String, TableFile<BoundaryColumns>>>>,
}

/// A table as another program wrote it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableFile<C> {
    /// CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX, by a path relative to this file.
    #[schemars(length(min = 1))]
    pub file: Placed<String>,
    /// Sheet of a workbook. Default: the first.
    pub sheet: Option<Placed<String>>,
    /// What the file calls its columns, as in `columns = { code = "SiteCode" }`. Other columns are not read. Default: our
    /// names, and no others.
    pub columns: Option<C>,
    /// Whether a row that cannot be used stops everything, or is left out and listed. Default `refuse`.
    pub bad_rows: Option<BadRows>,
}

/// Writes the map of a table's columns, the list of their names, and what was mapped.
macro_rules! column_map {
    ($(#[doc = $about:literal])+ $map:ident; $( $(#[doc = $doc:literal])+ $name:ident, )+) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $map {
            $( $(#[doc = $doc])+ pub $name: Option<Placed<String>>, )+
        }

        impl $map {
            /// Our names of all columns.
            pub const ALL: &[&str] = &[ $( stringify!($name), )+ ];

            /// Our name of every column that has another one, with that one.
            pub fn named(&self) -> Vec<(&'static str, Placed<String>)> {
                let all = [ $( (stringify!($name), &self.$name), )+ ];
                all.into_iter().filter_map(|(ours, theirs)| Some((ours, theirs.clone()?))).collect()
            }
        }
    };
}
pub(super) use column_map;

column_map! {
    /// What a table calls its columns about sites.
    SiteColumns;
    /// Site code.
    code,
    /// Code of the parent site; empty for a central site.
    parent,
    /// `primary` or `secondary`.
    kind,
    /// Time zone.
    zone,
    /// What the site runs when the simulation begins.
    release,
    /// Pre-SP2 hotfixes, several with blanks between.
    hotfixes,
    /// Subnet IDs, several with blanks between.
    boundaries,
    /// Number of Client Access Points, or their names with blanks between.
    caps,
    /// Bandwidth that the clients of each share.
    cap_bandwidth,
    /// Most transfers at a time of each.
    cap_connections,
    /// Bandwidth from the site server to each.
    cap_link,
    /// Bandwidth of the link from the parent.
    address_bandwidth,
    /// `media` or `push`.
    installed_from,
    /// Whether its setup key was mended: `yes` or `no`.
    setup_key_mended,
    /// Whether it has the Administrator console: `yes` or `no`.
    admin_console,
    /// Transfers its senders make at a time.
    sender_threads,
}

column_map! {
    /// What a table calls its columns about domains.
    DomainColumns;
    /// Name.
    name,
    /// Number of domain controllers.
    controllers,
    /// Codes of the sites that manage them, several with blanks between.
    sites,
    /// Site that Senior.lst names.
    senior,
    /// Whether the PDC is no fit logon point: `yes` or `no`.
    pdc_unfit,
    /// Time between two cycles of Logon Server Manager.
    lsm_interval,
    /// Bandwidth from site servers to the controllers.
    link,
    /// Bandwidth that clients of one controller share.
    controller_bandwidth,
    /// `on` or `off`.
    logon_script,
}

column_map! {
    /// What a table calls its columns about boundaries.
    BoundaryColumns;
    /// Code of the site.
    site,
    /// Subnet ID, or several with blanks between.
    subnet,
}
