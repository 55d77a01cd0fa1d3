//! Groups of clients become cohorts: one per subnet, or per kind of row of an inventory.

use super::Lowering;
use super::agents::agents;
use crate::engine::Second;
use crate::plan::{Circumstances, Cohort, ContentId, DomainId, NotRead, Platform, SiteId, ZoneId};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::{
    BadRows, ClientsFile, ColumnMap, InventoryFile, PlatformName, ScenarioFile,
};
use crate::scenario::notation::{Bandwidth, Installed, Notation, Subnet, Zone};
use crate::scenario::placed::{Brief, OneOrMany, Placed};
use crate::scenario::source::Place;
use crate::scenario::suggest::{did_you_mean, listed};
use crate::scenario::{inventory, sheet};
use std::net::Ipv4Addr;

/// Speed of a link that states none [bit/s].
const LINK_BPS: u64 = 10_000_000;
/// What stands for no domain.
const NO_DOMAIN: &str = "none";

/// One cohort in the making: where it is, and what sets it apart within its group.
struct Part {
    name: String,
    count: u32,
    names: Option<Vec<Box<str>>>,
    subnets: Vec<Ipv4Addr>,
    /// Where its subnets are written.
    place: Place,
}

impl Lowering<'_> {
    /// Adds all clients.
    pub(super) fn add_clients(&mut self, groups: &[Placed<ClientsFile>], file: &ScenarioFile) {
        if groups.is_empty()
            && file
                .template
                .iter()
                .all(|template| template.value.clients.is_empty())
        {
            let place = file.scenario.name.place.clone();
            let complaint = Complaint::new("there are no clients", place, "has no clients");
            let help = "add `[[clients]]` with `name`, `count` and `boundary`";
            self.complaints
                .push(complaint.help(help).relying_on(ReliesOn::Clients));
        }
        for group in groups {
            match (&group.value.count, &group.value.inventory) {
                (Some(count), None) => self.add_counted(&group.value, count.value),
                (None, Some(path)) => self.add_inventory(&group.value, path),
                (Some(count), Some(_)) => {
                    let title = "clients are either counted or listed in an inventory";
                    let complaint =
                        Complaint::new(title, count.place.clone(), "here is a count as well");
                    self.complaints.push(
                        complaint.help("leave `count` out: the inventory has one row per client"),
                    );
                }
                (None, None) => {
                    let name = &group.value.name;
                    let title = format!("how many are `{}`?", name.value);
                    let complaint =
                        Complaint::new(title, name.place.clone(), "needs `count` or `inventory`");
                    self.complaints.push(complaint);
                }
            }
        }
    }

    fn add_counted(&mut self, group: &ClientsFile, count: u32) {
        let name = &group.name;
        let subnets =
            match (&group.boundary, &group.adapters) {
                (Some(boundary), None) => &boundary.0,
                (None, Some(adapters)) if !adapters.is_empty() => {
                    let subnets = adapters.iter().map(|subnet| subnet.value.0).collect();
                    let place = adapters[0].place.clone();
                    let part = Part {
                        name: name.value.clone(),
                        count,
                        names: None,
                        subnets,
                        place,
                    };
                    self.add_cohort(group, part);
                    return;
                }
                (Some(_), Some(adapters)) => {
                    let place = adapters
                        .first()
                        .map_or(name.place.clone(), |subnet| subnet.place.clone());
                    let title = format!("`{}` has `boundary` and `adapters`", name.value);
                    let complaint = Complaint::new(title, place, "either one");
                    self.complaints.push(complaint.help(
                        "`boundary` spreads clients over subnets; `adapters` puts each in all",
                    ));
                    return;
                }
                (None, _) => {
                    let title = format!("where are `{}`?", name.value);
                    let complaint = Complaint::new(title, name.place.clone(), "needs `boundary`");
                    self.complaints
                        .push(complaint.help("name their subnet: `boundary = \"10.1.0.0\"`"));
                    return;
                }
            };
        for part in spread(group, subnets, count) {
            self.add_cohort(group, part);
        }
    }

    fn add_inventory(
        &mut self,
        group: &ClientsFile,
        stated: &Placed<Brief<String, InventoryFile>>,
    ) {
        let (path, more) = match &stated.value {
            Brief::Short(path) => (Placed::new(path.clone(), stated.place.clone()), None),
            Brief::Full(more) => (more.file.clone(), Some(more)),
        };
        let sheet = more.and_then(|more| more.sheet.as_ref());
        let (shown, begins) = match sheet::read(self.sources, self.map, &path, sheet) {
            Ok(found) => found,
            Err(complaint) => {
                self.complaints.push(complaint);
                return;
            }
        };
        let fallback: Option<Vec<Ipv4Addr>> = group
            .boundary
            .as_ref()
            .map(|subnets| subnets.0.iter().map(|subnet| subnet.value.0).collect());
        let boundaries = self.sites.iter();
        let boundaries = boundaries.map(|site| (site.code.clone(), site.boundaries.clone()));
        let how = inventory::How {
            file: &shown,
            named_at: &path.place,
            map: more
                .and_then(|more| more.columns.as_ref())
                .map(ColumnMap::named),
            skip: more.is_some_and(|more| more.bad_rows == Some(BadRows::Skip)),
            seen_after: more
                .and_then(|more| more.seen_after.as_ref())
                .map(|day| day.value.0),
            fallback: fallback.as_deref(),
            boundaries: &boundaries.collect(),
        };
        let (read, complaints) = inventory::read(self.map.text(begins), begins, &how);
        self.complaints.extend(complaints);
        self.left_out.extend(read.left_out);
        self.not_read.extend(NotRead::of(shown, read.ignored));
        let kinds = read.kinds;
        for (number, kind) in kinds.into_iter().enumerate() {
            let subnets: Vec<String> = kind.subnets.iter().map(Ipv4Addr::to_string).collect();
            let base = format!("{}@{}", group.name.value, subnets.join("+"));
            let name = match self.cohort_names.contains_key(&base) {
                true => format!("{base}#{}", number + 1),
                false => base,
            };
            let varied = varied(group, &kind);
            let part = Part {
                name,
                count: u32::try_from(kind.names.len()).unwrap_or(u32::MAX),
                names: Some(kind.names),
                subnets: kind.subnets,
                place: kind.place,
            };
            self.add_cohort(&varied, part);
        }
    }

    fn add_cohort(&mut self, group: &ClientsFile, part: Part) {
        match self.cohort_names.get(&part.name).cloned() {
            Some(first) => self.twice("groups of clients", &part.name, &group.name.place, &first),
            None => {
                self.cohort_names
                    .insert(part.name.clone(), group.name.place.clone());
            }
        }
        let covering = self.covering(&part);
        let first = covering.first().map(|site| &self.sites[site.index()]);
        let site_zone = first.map_or(ZoneId(0), |site| site.zone);
        let zone = group
            .zone
            .as_ref()
            .map_or(site_zone, |zone| self.zone(&zone.0));
        let domain = self.domain_of(group, &covering, &part);
        let habits = match &group.habits {
            Some(habits) => self.habits(&habits.value, &habits.place),
            None => self.habits("office", &group.name.place),
        };
        let network = self.network(group.network.as_ref(), zone);
        let installed = self.installed(group.installed.as_ref(), &covering);
        let appear = match &group.appear {
            Some(appear) => self.second(appear, zone),
            None => Some(Second::ZERO),
        };
        let preferred_cap = self.preferred_cap(group, &covering, zone);
        let circumstances = self.circumstances(group, zone);
        let (Some(habits), Some(appear)) = (habits, appear) else {
            return;
        };
        let cohort = Cohort {
            name: part.name,
            count: part.count,
            names: part.names,
            domain,
            subnets: part.subnets,
            network,
            platform: match group.platform {
                Some(PlatformName::Win9x) => Platform::Win9x,
                Some(PlatformName::Nt) | None => Platform::Nt,
            },
            habits,
            zone,
            installed,
            appear,
            link_bps: group.link.as_ref().map_or(LINK_BPS, |link| link.0),
            off_site_link_bps: group.off_site_link.as_ref().map(|link| link.0),
            preferred_cap,
            travel_mode: group.travel_mode.unwrap_or(0.0),
            agents: agents(group.agents.as_deref()),
            upgrade_size: group
                .upgrade_size
                .as_ref()
                .map_or(self.rules.upgrade_size, |size| size.0),
            restart_after: group.restart_after.as_ref().map(|restart| restart.0),
            circumstances,
        };
        self.check_site_lists(&cohort, &part.place);
        self.cohorts.push(cohort);
    }

    /// What sets some of these clients apart; campaigns are added later.
    fn circumstances(&mut self, group: &ClientsFile, zone: ZoneId) -> Circumstances {
        let changes = group.zone_changes.as_deref().unwrap_or_default();
        let mut zone_changes: Vec<Second> = changes
            .iter()
            .filter_map(|at| self.second(at, zone))
            .collect();
        zone_changes.sort_unstable();
        zone_changes.dedup();
        if let Some(last) = changes.get(Circumstances::MOST_ZONE_CHANGES) {
            let title = format!("`{}` change zones too often", group.name.value);
            let label = format!("the most is {}", Circumstances::MOST_ZONE_CHANGES);
            let complaint = Complaint::new(title, last.place.clone(), label);
            self.complaints.push(complaint);
        }
        let new_identity = group.new_identity.as_ref();
        Circumstances {
            new_identity: new_identity.and_then(|at| self.second(at, zone)),
            deinstall_flag: group.deinstall_flag.unwrap_or(0.0),
            low_rights: group.low_rights.unwrap_or(0.0),
            prestaged: group.prestaged.unwrap_or(0.0),
            mandatory_restart_s: group.mandatory_restart.as_ref().map(|it| it.value.0.max(1)),
            zone_changes,
            ..Circumstances::default()
        }
    }

    /// Sites whose boundaries hold a subnet of these clients.
    fn covering(&self, part: &Part) -> Vec<SiteId> {
        let mut covering: Vec<SiteId> = Vec::new();
        for subnet in &part.subnets {
            covering.extend(self.sites_by_subnet.get(subnet).into_iter().flatten());
        }
        covering.sort();
        covering.dedup();
        covering
    }

    /// The domain they log on to: the one named, or the only one of the sites that cover them.
    fn domain_of(
        &mut self,
        group: &ClientsFile,
        covering: &[SiteId],
        part: &Part,
    ) -> Option<DomainId> {
        if let Some(named) = &group.domain {
            if named.value == NO_DOMAIN {
                return None;
            }
            let found = self.domain_ids.get(&named.value).copied();
            if found.is_none() {
                let names = self.domain_ids.keys().map(String::as_str);
                let label = did_you_mean(&named.value, names.clone());
                let help = match self.domain_ids.is_empty() {
                    true => "add a `[[domain]]` with `name` and `sites`".to_owned(),
                    false => format!(
                        "the domains are {}; `{NO_DOMAIN}` for machines that never run a logon script",
                        listed(names)
                    ),
                };
                let title = format!("there is no domain `{}`", named.value);
                self.complaints.push(
                    Complaint::new(title, named.place.clone(), label)
                        .help(help)
                        .relying_on(ReliesOn::Domains),
                );
            }
            return found;
        }
        let shares = |domain: &crate::plan::Domain| {
            domain
                .sites
                .iter()
                .any(|with| covering.contains(&with.site))
        };
        let candidates: Vec<usize> = (0..self.domains.len())
            .filter(|&at| shares(&self.domains[at]))
            .collect();
        if let [_, _, ..] = candidates.as_slice() {
            let names = candidates.iter().map(|&at| self.domains[at].name.as_str());
            let title = format!("which domain do `{}` log on to?", part.name);
            let help = format!(
                "their sites take part in {}; say which with `domain`",
                listed(names)
            );
            let complaint = Complaint::new(title, group.name.place.clone(), "needs `domain`");
            self.complaints
                .push(complaint.help(help).relying_on(ReliesOn::SitesAndDomains));
        }
        candidates.first().map(|&at| DomainId(at as u16))
    }

    /// What is installed at first: as stated, or the oldest that the covering sites run.
    fn installed(
        &mut self,
        stated: Option<&Placed<Installed>>,
        covering: &[SiteId],
    ) -> Option<ContentId> {
        match stated {
            Some(stated) => stated.value.0.as_ref().map(|content| self.content(content)),
            None => covering
                .iter()
                .map(|site| self.sites[site.index()].content)
                .min_by_key(|content| self.contents[content.index()].base),
        }
    }
}

/// The clients spread evenly over the subnets, the first subnets getting what is left over.
fn spread(group: &ClientsFile, subnets: &[Placed<Subnet>], count: u32) -> Vec<Part> {
    let name = &group.name.value;
    let all = u32::try_from(subnets.len()).unwrap_or(u32::MAX).max(1);
    let part = |(number, subnet): (u32, &Placed<Subnet>)| Part {
        name: match all {
            1 => name.clone(),
            _ => format!("{name}@{}", subnet.value.0),
        },
        count: count / all + u32::from(number < count % all),
        names: None,
        subnets: vec![subnet.value.0],
        place: subnet.place.clone(),
    };
    (0..)
        .zip(subnets)
        .map(part)
        .filter(|part| part.count > 0)
        .collect()
}

/// The group as one kind of row in its inventory has it: what a row says stands before what the group says.
fn varied(group: &ClientsFile, kind: &inventory::Kind) -> ClientsFile {
    let mut varied = group.clone();
    let text = |column| {
        kind.value(column)
            .map(|text: &str| Placed::new(text.to_owned(), kind.place.clone()))
    };
    // The inventory has been checked: what it says can be read.
    let rate = |column| {
        kind.value(column)
            .and_then(|text| Bandwidth::read(text).ok())
    };
    varied.boundary = None::<OneOrMany<_>>;
    varied.domain = text("domain").or(varied.domain);
    varied.habits = text("habits").or(varied.habits);
    varied.zone = kind
        .value("zone")
        .and_then(|text| Zone::read(text).ok())
        .or(varied.zone);
    varied.link = rate("link").or(varied.link);
    varied.off_site_link = rate("off_site_link").or(varied.off_site_link);
    let installed = kind
        .value("installed")
        .and_then(|text| Installed::read(text).ok());
    varied.installed = installed
        .map(|read| Placed::new(read, kind.place.clone()))
        .or(varied.installed);
    varied.platform = match kind.value("platform") {
        Some("9x") => Some(PlatformName::Win9x),
        Some(_) => Some(PlatformName::Nt),
        None => varied.platform,
    };
    varied
}
