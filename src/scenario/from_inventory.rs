//! A scenario made out of an inventory: its sites with the subnets of their clients, its domains, and cohorts.

mod columns;
mod given;

pub use given::GivenTables;

use super::complaint::{Complaint, Complaints};
use super::inventory::{self, Assigned, How, Inventory};
use super::notation::{Notation, SiteCode};
use super::sheet;
use super::source::{SourceMap, Sources};
use columns::columns;
use given::Given;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// What a scenario is made of.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Its name.
    pub name: &'a str,
    /// The inventory.
    pub file: &'a Path,
    /// Sheet of a workbook; the first unless named.
    pub sheet: Option<&'a str>,
    /// What the inventory calls its columns: our name, its name.
    pub columns: &'a [(String, String)],
    /// Tables of `sites`, `domains` and `boundaries`, which stand before what follows from the inventory.
    pub tables: &'a GivenTables,
}

/// Site of clients whose inventory names none.
const NO_SITE: &str = "S01";
/// Domain of clients whose inventory names none.
const NO_DOMAIN: &str = "CORP";
/// Reasons for leaving rows out that are told in the scenario.
const REASONS_TOLD: usize = 8;

/// Makes the text of a scenario.
///
/// # Errors
/// If the inventory cannot be read, or nothing in it can be used.
pub fn from_inventory(sources: &dyn Sources, wanted: &Wanted<'_>) -> Result<String, Complaints> {
    let shown = wanted.file.display().to_string();
    let mut map = SourceMap::default();
    let fail = |complaint, map| Err(Complaints::new(vec![complaint], map));
    let bytes = match sources.read_bytes(wanted.file) {
        Ok(bytes) => bytes,
        Err(cause) => return fail(Complaint::unreadable(&shown, &cause, None), map),
    };
    let text = match sheet::text_of(&bytes, wanted.sheet) {
        Ok(text) => text,
        Err(why) => {
            let mut complaint = Complaint::new(format!("cannot read `{shown}`: {why}"), 0..0, "");
            complaint.at = None;
            return fail(complaint, map);
        }
    };
    let given = Given::read(sources, wanted)?;
    let columns = columns(&text, wanted.columns, &mut map);
    let begins = map.add(shown.clone(), PathBuf::new(), text.clone());
    let named_at = begins..begins;
    let mut how = How {
        file: &shown,
        named_at: &named_at,
        map: columns,
        skip: true,
        seen_after: None,
        fallback: None,
        boundaries: &BTreeMap::new(),
    };
    let assigned = inventory::assigned(&text, &how.map);
    let boundaries = boundaries(&assigned, given.boundaries());
    how.boundaries = &boundaries;
    let (read, complaints) = inventory::read(&text, begins, &how);
    if !complaints.is_empty() {
        return Err(Complaints::new(complaints, map));
    }
    Ok(Draft::new(wanted.name, &how, boundaries.clone(), read, given).text())
}

/// Each site's subnets, those that are given first, then the one with the most clients. A subnet that is given to no site
/// belongs to the one that most of its clients name.
fn boundaries(
    assigned: &Assigned,
    given: BTreeMap<String, Vec<Ipv4Addr>>,
) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let known: BTreeSet<Ipv4Addr> = given.values().flatten().copied().collect();
    let mut sites: BTreeMap<String, Vec<(u64, Ipv4Addr)>> = BTreeMap::new();
    for (subnet, by_site) in assigned
        .iter()
        .filter(|(subnet, _)| !known.contains(subnet))
    {
        let valid = by_site
            .iter()
            .filter(|(code, _)| SiteCode::read(code).is_ok());
        let most = valid.max_by_key(|(_, clients)| **clients);
        let code = most.map_or(NO_SITE, |(code, _)| code.as_str());
        let clients = by_site.values().sum();
        sites
            .entry(code.to_owned())
            .or_default()
            .push((clients, *subnet));
    }
    let mut all = given;
    for (code, mut subnets) in sites {
        subnets.sort_by_key(|(clients, subnet)| (std::cmp::Reverse(*clients), *subnet));
        let subnets = subnets.into_iter().map(|(_, subnet)| subnet);
        all.entry(code).or_default().extend(subnets);
    }
    all
}

/// One group of clients.
struct Cohort {
    count: usize,
    subnets: Vec<Ipv4Addr>,
    domain: String,
    platform: String,
    installed: Option<String>,
}

/// The scenario in the making.
struct Draft<'a> {
    name: &'a str,
    how: &'a How<'a>,
    boundaries: BTreeMap<String, Vec<Ipv4Addr>>,
    cohorts: Vec<Cohort>,
    read: Inventory,
    given: Given,
}

impl<'a> Draft<'a> {
    fn new(
        name: &'a str,
        how: &'a How<'a>,
        boundaries: BTreeMap<String, Vec<Ipv4Addr>>,
        read: Inventory,
        given: Given,
    ) -> Self {
        let mut cohorts: Vec<Cohort> = Vec::new();
        for kind in &read.kinds {
            let value = |column| kind.value(column).map(str::to_owned);
            let cohort = Cohort {
                count: kind.names.len(),
                subnets: kind.subnets.clone(),
                domain: value("domain").unwrap_or_else(|| NO_DOMAIN.to_owned()),
                platform: value("platform").unwrap_or_else(|| "nt".to_owned()),
                installed: value("installed"),
            };
            let same = |other: &&mut Cohort| {
                (
                    &other.subnets,
                    &other.domain,
                    &other.platform,
                    &other.installed,
                ) == (
                    &cohort.subnets,
                    &cohort.domain,
                    &cohort.platform,
                    &cohort.installed,
                )
            };
            match cohorts.iter_mut().find(same) {
                Some(known) => known.count += cohort.count,
                None => cohorts.push(cohort),
            }
        }
        Draft {
            name,
            how,
            boundaries,
            cohorts,
            read,
            given,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = self.head(&mut text);
        let _ = self.sites(&mut text);
        let _ = self.domains(&mut text);
        let _ = self.clients(&mut text);
        let _ = self.rollout(&mut text);
        text
    }

    fn head(&self, text: &mut String) -> std::fmt::Result {
        let clients: usize = self.cohorts.iter().map(|it| it.count).sum();
        writeln!(
            text,
            "# Question: when has everybody converged, and who waits longest?"
        )?;
        writeln!(text, "#\n# Made of {}: {clients} clients.", self.how.file)?;
        for (ours, theirs) in self.how.map.iter().flatten() {
            writeln!(text, "#   {ours} is its column {}", theirs.value)?;
        }
        if !self.read.ignored.is_empty() {
            writeln!(text, "#   not read: {}", self.read.ignored.join(", "))?;
        }
        for not_read in &self.given.told.not_read {
            let columns = not_read.columns.join(", ");
            writeln!(text, "#   not read of {}: {columns}", not_read.file)?;
        }
        let mut reasons: BTreeMap<(&str, &str), Vec<u64>> = BTreeMap::new();
        for row in self.given.told.left_out.iter().chain(&self.read.left_out) {
            let key = (row.file.as_str(), row.reason.as_str());
            reasons.entry(key).or_default().push(row.line);
        }
        for ((file, reason), lines) in reasons.iter().take(REASONS_TOLD) {
            let all = match lines.len() {
                1 => "1 row".to_owned(),
                several => format!("{several} rows"),
            };
            writeln!(
                text,
                "#   {file}: {all} left out, {reason}: the first in line {}",
                lines[0]
            )?;
        }
        writeln!(
            text,
            "#\n# What the inventory does not tell is assumed, and marked: look at every line with `assumed`."
        )?;
        writeln!(text, "\n[scenario]\nname = {}", quoted(self.name))?;
        writeln!(
            text,
            "start = 2000-06-19 00:00:00       # assumed; a Monday, local time of the first site"
        )?;
        writeln!(text, "days = 21\nseed = 7")
    }

    /// Clients of a site.
    fn clients_of(&self, code: &str) -> usize {
        let subnets = &self.boundaries[code];
        let within = |cohort: &&Cohort| cohort.subnets.iter().any(|it| subnets.contains(it));
        self.cohorts.iter().filter(within).map(|it| it.count).sum()
    }

    /// Codes of all sites, the one with the most clients first.
    fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.boundaries.keys().map(String::as_str).collect();
        // A given site stands behind its parent, one that is not given behind all of them.
        codes.sort_by_key(|code| {
            let place = self.given.site(code).map(|_| self.given.depth(code));
            (
                place.is_none(),
                place,
                std::cmp::Reverse(self.clients_of(code)),
            )
        });
        codes
    }

    fn sites(&self, text: &mut String) -> std::fmt::Result {
        let codes = self.codes();
        for (number, code) in codes.iter().enumerate() {
            if let Some(site) = self.given.site(code) {
                let subnets = self.boundaries[*code].iter();
                let subnets = subnets.map(|it| toml::Value::from(it.to_string()));
                let mut site = site.clone();
                site.insert(
                    "boundaries".to_owned(),
                    toml::Value::Array(subnets.collect()),
                );
                entry(text, "site", "code", &site)?;
                continue;
            }
            writeln!(text, "\n[[site]]\ncode = {}", quoted(code))?;
            if number > 0 {
                writeln!(
                    text,
                    "parent = {}                    # assumed: the largest site",
                    quoted(codes[0])
                )?;
            }
            writeln!(text, "release = \"SP1\"                   # assumed")?;
            writeln!(
                text,
                "hotfixes = [\"Q249077\", \"Q252717\"] # assumed: applied before the first site goes to SP2"
            )?;
            let subnets: Vec<String> = self.boundaries[*code]
                .iter()
                .map(|it| format!("\"{it}\""))
                .collect();
            writeln!(text, "boundaries = [{}]", subnets.join(", "))?;
            writeln!(text, "caps = [{{ bandwidth = \"10 Mbit/s\" }}] # assumed")?;
        }
        Ok(())
    }

    fn domains(&self, text: &mut String) -> std::fmt::Result {
        let mut domains: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for cohort in &self.cohorts {
            let sites = self.boundaries.iter();
            let sites =
                sites.filter(|(_, subnets)| cohort.subnets.iter().any(|it| subnets.contains(it)));
            let codes = domains.entry(&cohort.domain).or_default();
            codes.extend(sites.map(|(code, _)| code.as_str()));
        }
        for domain in &self.given.domains {
            let sites = given::text(domain, "name").and_then(|name| domains.remove(name));
            let mut domain = domain.clone();
            if let (false, Some(sites)) = (domain.contains_key("sites"), sites) {
                let sites = sites.into_iter().map(toml::Value::from).collect();
                domain.insert("sites".to_owned(), toml::Value::Array(sites));
            }
            entry(text, "domain", "name", &domain)?;
        }
        for (name, sites) in domains.into_iter().filter(|(name, _)| *name != "none") {
            let sites: Vec<String> = sites.into_iter().map(quoted).collect();
            writeln!(text, "\n[[domain]]\nname = {}", quoted(name))?;
            writeln!(
                text,
                "controllers = 2                   # assumed; each is a logon point"
            )?;
            writeln!(text, "sites = [{}]", sites.join(", "))?;
        }
        Ok(())
    }

    fn clients(&self, text: &mut String) -> std::fmt::Result {
        for cohort in &self.cohorts {
            let subnets: Vec<String> = cohort.subnets.iter().map(Ipv4Addr::to_string).collect();
            let mut name = format!(
                "{}-{}-{}",
                cohort.domain,
                subnets.join("+"),
                cohort.platform
            );
            if let Some(installed) = &cohort.installed {
                name.push_str(&format!("-{installed}"));
            }
            writeln!(
                text,
                "\n[[clients]]\nname = {}\ncount = {}",
                quoted(&name),
                cohort.count
            )?;
            writeln!(text, "domain = {}", quoted(&cohort.domain))?;
            match subnets.as_slice() {
                [only] => writeln!(text, "boundary = \"{only}\"")?,
                several => writeln!(text, "adapters = [\"{}\"]", several.join("\", \""))?,
            }
            writeln!(text, "platform = \"{}\"", cohort.platform)?;
            if let Some(installed) = &cohort.installed {
                writeln!(text, "installed = {}", quoted(installed))?;
            }
        }
        Ok(())
    }

    fn rollout(&self, text: &mut String) -> std::fmt::Result {
        for (number, code) in self.codes().iter().enumerate() {
            let level = match self.given.site(code) {
                Some(_) => self.given.depth(code),
                None => usize::from(number > 0),
            };
            let (at, told) = match level {
                0 => (
                    "2000-06-23 18:00:00".to_owned(),
                    "assumed: Friday evening, local time of the site",
                ),
                // Deeper hierarchies than a rollout has days are given to nobody.
                level => (
                    format!("2000-06-{} 12:00:00", (23 + level).min(30)),
                    "assumed: the day after its parent",
                ),
            };
            writeln!(
                text,
                "\n[[rollout]]\nsite = {}\nto = \"SP2\"\nat = {at}          # {told}",
                quoted(code)
            )?;
        }
        writeln!(text, "\n[study]\nreplications = 10")
    }
}

/// Writes an entry that is given, its identity first.
fn entry(text: &mut String, list: &str, key: &str, entry: &toml::Table) -> std::fmt::Result {
    writeln!(text, "\n[[{list}]]")?;
    let first = entry.iter().filter(|(name, _)| *name == key);
    let rest = entry.iter().filter(|(name, _)| *name != key);
    for (name, value) in first.chain(rest) {
        writeln!(text, "{name} = {value}")?;
    }
    Ok(())
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let plain = |it: char| it != '"' && it != '\\' && !it.is_control();
    match text.chars().all(plain) {
        true => format!("\"{text}\""),
        false => toml::Value::String(text.to_owned()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    #[test]
    fn a_console_s_export_becomes_a_scenario_that_can_be_run() {
        let text = "Netbios_Name0,IP_Subnets0,Operating_System_Name_and0,SMS_Assigned_Sites0,Client_Version0,Resource_Domain_OR_Workgr0,Owner0\n\
                    PC1,10.1.0.0,Microsoft Windows NT Workstation 4.0,HQ1,2.00.1380.1000,CORP,a\n\
                    PC2,10.1.0.0,Microsoft Windows NT Workstation 4.0,HQ1,2.00.1380.1000,CORP,b\n\
                    PC3,10.2.0.0,Microsoft Windows 98,EU1,2.00.1380.1000,CORP,c\n\
                    PC4,,Microsoft Windows 98,EU1,2.00.1380.1000,CORP,d\n\
                    PC5,10.2.0.9,Microsoft Windows 98,EU1,2.00.1380.1000,CORP,e\n\
                    PC6,10.1.0.0,Microsoft Windows NT Workstation 4.0,HQ1,2.00.1380.1000,CORP,f\n";
        let sources = BTreeMap::from([(PathBuf::from("pcs.csv"), text.to_owned())]);
        let wanted = Wanted {
            name: "from \"pcs\"",
            file: Path::new("pcs.csv"),
            sheet: None,
            columns: &[],
            tables: &Vec::new(),
        };
        let made = from_inventory(&sources, &wanted).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(made.contains("#   not read: Owner0\n"), "{made}");
        assert!(
            made.contains("1 row left out, column subnet cannot be read: the first in line 6"),
            "{made}"
        );
        let sources = BTreeMap::from([(PathBuf::from("made.toml"), made.clone())]);
        let loaded = parse(&sources, Path::new("made.toml"), &[], None, None);
        let plan = loaded
            .unwrap_or_else(|wrong| panic!("{wrong}\n{made}"))
            .plan;
        let codes: Vec<&str> = plan.sites.iter().map(|site| site.code.as_str()).collect();
        assert_eq!(codes, ["HQ1", "EU1"]);
        let cohorts: Vec<(&str, u32)> = plan
            .cohorts
            .iter()
            .map(|it| (it.name.as_str(), it.count))
            .collect();
        assert_eq!(
            cohorts,
            [
                ("CORP-10.1.0.0-nt-2.00.1380.1000", 3),
                ("CORP-10.2.0.0-9x-2.00.1380.1000", 2)
            ]
        );
        assert_eq!((plan.rollout.len(), plan.domains[0].sites.len()), (2, 2));
    }

    #[test]
    fn columns_can_be_said_and_what_is_missing_is_told() {
        let text = "PC,Net\nPC1,10.1.0.0\n";
        let sources = BTreeMap::from([(PathBuf::from("pcs.csv"), text.to_owned())]);
        let said = [("name", "PC"), ("subnet", "Nett")]
            .map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned()));
        let wanted = Wanted {
            name: "x",
            file: Path::new("pcs.csv"),
            sheet: None,
            columns: &said,
            tables: &Vec::new(),
        };
        let wrong = from_inventory(&sources, &wanted).unwrap_err().to_string();
        assert!(
            wrong.contains("the inventory has no column `Nett`"),
            "{wrong}"
        );
        assert!(wrong.contains("did you mean `Net`?"), "{wrong}");
    }

    #[test]
    fn tables_stand_before_what_follows_from_the_inventory() {
        let pcs = "name,subnet,site,domain,os\n\
                   PC1,10.1.0.0,HQ1,CORP,Windows NT 4.0\n\
                   PC2,10.9.0.0,EU1,CORP,Windows 98\n\
                   PC3,10.7.0.0,LAB,LAB,Windows NT 4.0\n";
        let sites = "SiteCode,ReportingSiteCode,Version,TimeZone,Cap Bandwidth,Owner\n\
                     EU1,HQ1,2.00.1380.1000,Europe/Berlin,10 Mbit/s,x\n\
                     HQ1,,2.00.1380.1000,America/New_York,10 Mbit/s,y\n\
                     EU,HQ1,2.00.1380.1000,,,z\n";
        let texts = [
            ("pcs.csv", pcs),
            ("sites.csv", sites),
            ("domains.csv", "Domain,Controllers\nCORP,5\n"),
            (
                "nets.csv",
                "Site Code,IPSubnet\nHQ1,10.1.0.0\nEU1,10.2.0.0\n",
            ),
        ];
        let texts = texts.map(|(name, text)| (PathBuf::from(name), text.to_owned()));
        let sources = BTreeMap::from(texts);
        let tables = [
            ("sites", "sites.csv"),
            ("domains", "domains.csv"),
            ("boundaries", "nets.csv"),
        ];
        let wanted = Wanted {
            name: "given",
            file: Path::new("pcs.csv"),
            sheet: None,
            columns: &[],
            tables: &tables
                .map(|(table, file)| (table, PathBuf::from(file)))
                .to_vec(),
        };
        let made = from_inventory(&sources, &wanted).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(
            made.contains("#   not read of sites.csv: Owner\n"),
            "{made}"
        );
        let told =
            "#   sites.csv: 1 row left out, column code cannot be read: the first in line 4\n";
        assert!(made.contains(told), "{made}");
        let sources = BTreeMap::from([(PathBuf::from("made.toml"), made.clone())]);
        let loaded = parse(&sources, Path::new("made.toml"), &[], None, None);
        let plan = loaded
            .unwrap_or_else(|wrong| panic!("{wrong}\n{made}"))
            .plan;
        let sites: Vec<(&str, usize)> = plan
            .sites
            .iter()
            .map(|site| (site.code.as_str(), site.boundaries.len()))
            .collect();
        assert_eq!(sites, [("HQ1", 1), ("EU1", 2), ("LAB", 1)], "{made}");
        assert_eq!(plan.zones[plan.sites[1].zone.index()].name, "Europe/Berlin");
        assert_eq!(plan.caps[1].bandwidth_bps, Some(10_000_000));
        let domains: Vec<(&str, usize, usize)> = plan
            .domains
            .iter()
            .map(|it| (it.name.as_str(), it.logon_points.len(), it.sites.len()))
            .collect();
        assert_eq!(domains, [("CORP", 5, 2), ("LAB", 2, 1)], "{made}");
    }
}
