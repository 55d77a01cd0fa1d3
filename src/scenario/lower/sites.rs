//! Sites, their Client Access Points and addresses.

use super::Lowering;
use super::outages::{merged, within};
use crate::engine::Second;
use crate::engine::time::HOUR_S;
use crate::plan::{
    Address, AppliedHotfix, CapId, ClientAccessPoint, ContentId, Doubt, Site, SiteId, ZoneId,
};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::{
    AddressFile, HotfixFile, HourlyPercent, ScenarioFile, SiteFile, SiteKind, SourceName,
    WindowFile,
};
use crate::scenario::notation::{HotfixArticle, HotfixFor};
use crate::scenario::placed::{Brief, Placed};
use crate::scenario::source::Place;
use crate::scenario::template;
use crate::sms::Content;
use crate::sms::version::SHIPPED;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Bandwidth of an address that states none: a T1 line [bit/s].
const ADDRESS_BPS: u64 = 1_500_000;

impl Lowering<'_> {
    /// Adds all sites, then ties children to parents.
    pub(super) fn add_sites(&mut self, sites: &[Placed<SiteFile>], file: &ScenarioFile) {
        if sites.is_empty() {
            let place = file.scenario.name.place.clone();
            let complaint = Complaint::new("there is no site", place, "has no sites");
            let help = "add a `[[site]]` with `code` and `caps`";
            self.complaints
                .push(complaint.help(help).relying_on(ReliesOn::AnySite));
        }
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        let mut cap_names = BTreeMap::new();
        let mut added: Vec<&SiteFile> = Vec::new();
        for site in sites {
            let code = &site.value.code;
            if let Some(first) = first.get(code.value.0.as_str()) {
                self.twice("sites", &code.value.0, &code.place, first);
                continue;
            }
            first.insert(&code.value.0, &code.place);
            self.add_site(&site.value, &mut cap_names);
            added.push(&site.value);
        }
        for (at, site) in added.iter().enumerate() {
            self.tie_to_parent(at, site);
        }
        self.check_cycles(&added);
    }

    fn add_site(&mut self, site: &SiteFile, cap_names: &mut BTreeMap<String, Place>) {
        let code = &site.code.value.0;
        let id = SiteId(self.sites.len() as u16);
        let zone = site
            .zone
            .as_ref()
            .map_or(ZoneId(0), |zone| self.zone(&zone.0));
        let [_, (sp1, ..), ..] = SHIPPED;
        let release = site.release.as_ref().map(|release| release.value.0.clone());
        let content = release.or_else(|| Content::shipped(sp1));
        let content = content.map_or(ContentId(0), |content| self.content(&content));
        let hotfixes = self.hotfixes(site, zone, content);
        let boundaries = self.boundaries(site);
        for subnet in &boundaries {
            self.sites_by_subnet.entry(*subnet).or_default().push(id);
        }
        let outages = self.outages(site.outages.as_deref(), zone);
        let locks_opened = self.outages(site.locks_opened.as_deref(), zone);
        let caps = self.caps(site, id, (zone, &outages), cap_names);
        let address = self.address(site.address.as_ref());
        let intake = self.intake(site.client_settings.as_ref(), zone);
        self.site_ids.insert(code.clone(), id);
        self.doubts.push(doubt(site));
        self.sites.push(Site {
            code: code.clone(),
            parent: None,
            secondary: site.kind == Some(SiteKind::Secondary),
            zone,
            content,
            hotfixes,
            boundaries,
            intake,
            caps,
            address,
            outages,
            locks_opened,
            sender_threads: site.sender_threads,
            conditions: crate::plan::SiteConditions::default(),
        });
    }

    /// Probability of such a failure.
    pub(super) fn fails(&self, doubt: Option<Doubt>) -> f64 {
        match doubt {
            None => 0.0,
            Some(Doubt::Pushed) => self.rules.hotfix_fails_if_pushed,
            Some(Doubt::Console) => self.rules.hotfix_fails_with_console,
        }
    }

    fn hotfixes(
        &mut self,
        site: &SiteFile,
        zone: ZoneId,
        content: ContentId,
    ) -> Vec<AppliedHotfix> {
        let release = self.contents[content.index()].base.release();
        let mut applied: Vec<AppliedHotfix> = Vec::new();
        for listed in site.hotfixes.iter().flatten() {
            let short;
            let full = match &listed.value {
                Brief::Full(full) => full,
                Brief::Short(article) => {
                    short = plainly(article, &listed.place);
                    &short
                }
            };
            let article = &full.id.value.0;
            let at = full
                .at
                .as_ref()
                .map_or(Some(Second::ZERO), |at| self.second(at, zone));
            if !article.fits(release) {
                let complaint = misfit(full, &self.contents[content.index()], &site.code.value.0);
                self.complaints.push(complaint);
                continue;
            }
            if applied.iter().any(|known| known.hotfix == article.hotfix) {
                let title = format!(
                    "{} is listed twice at site {}",
                    article.article, site.code.value.0
                );
                self.complaints.push(Complaint::new(
                    title,
                    full.id.place.clone(),
                    "once is enough",
                ));
                continue;
            }
            let doubt = doubt(site).filter(|_| full.took.is_none());
            let fails = match full.took {
                Some(took) => f64::from(!took),
                None => self.fails(doubt),
            };
            if let Some(at) = at {
                applied.push(AppliedHotfix {
                    hotfix: article.hotfix,
                    at,
                    fails,
                    doubt,
                });
            }
        }
        applied
    }

    fn boundaries(&mut self, site: &SiteFile) -> Vec<Ipv4Addr> {
        let mut seen: BTreeMap<Ipv4Addr, Place> = BTreeMap::new();
        let mut boundaries = Vec::new();
        for boundary in site.boundaries.iter().flatten() {
            let subnet = boundary.value.0;
            if let Some(first) = seen.get(&subnet) {
                let title = format!("site {} lists the subnet {subnet} twice", site.code.value.0);
                let complaint = Complaint::new(title, boundary.place.clone(), "the second");
                self.complaints
                    .push(complaint.also(first.clone(), "the first"));
                continue;
            }
            seen.insert(subnet, boundary.place.clone());
            boundaries.push(subnet);
        }
        boundaries
    }

    fn caps(
        &mut self,
        site: &SiteFile,
        id: SiteId,
        (zone, site_outages): (ZoneId, &[(Second, Second)]),
        names: &mut BTreeMap<String, Place>,
    ) -> Vec<CapId> {
        let code = &site.code.value.0;
        if site.caps.is_empty() {
            let title = format!("site {code} has no Client Access Point");
            let complaint = Complaint::new(
                title,
                site.code.place.clone(),
                "needs at least one in `caps`",
            );
            let example = format!(
                "add `caps = [{{ name = \"{code}-CAP1\", bandwidth = \"10 Mbit/s\" }}]`; a site needs one even without \
                 clients (Q246604)"
            );
            self.complaints.push(complaint.help(example));
        }
        let mut ids = Vec::new();
        for (number, cap) in site.caps.iter().enumerate() {
            let (pattern, place) = match &cap.value.name {
                Some(name) => (name.value.clone(), name.place.clone()),
                None => (
                    format!("{}-CAP{}", template::SITE, number + 1),
                    site.code.place.clone(),
                ),
            };
            let name = template::with_code(&pattern, code);
            match names.get(&name).cloned() {
                Some(first) => self.twice("Client Access Points", &name, &place, &first),
                None => {
                    names.insert(name.clone(), place);
                }
            }
            let mut outages = self.outages(cap.value.outages.as_deref(), zone);
            let (added, removed) = self.lifetime(&cap.value, zone);
            if number == 0 && self.rules.first_cap_on_site_server {
                outages.extend(site_outages);
                outages = merged(outages);
            }
            let stale_locks = self.outages(cap.value.stale_locks.as_deref(), zone);
            ids.push(CapId(self.caps.len() as u16));
            self.caps.push(ClientAccessPoint {
                name,
                site: id,
                bandwidth_bps: cap.value.bandwidth.as_ref().map(|bandwidth| bandwidth.0),
                connections: cap.value.connections,
                link_bps: cap.value.link.as_ref().map(|link| link.0),
                outages: within(outages, added, removed),
                stale_locks,
                added,
                removed,
            });
        }
        ids
    }

    fn address(&mut self, address: Option<&Placed<AddressFile>>) -> Address {
        let Some(address) = address else {
            return Address {
                bandwidth_bps: ADDRESS_BPS,
                hourly_limit_percent: [100; 24],
            };
        };
        let address = &address.value;
        let bandwidth_bps = address
            .bandwidth
            .as_ref()
            .map_or(ADDRESS_BPS, |bandwidth| bandwidth.0);
        let hourly_limit_percent = match (&address.hourly_limit, &address.windows) {
            (Some(hours), None) => self.by_hour(hours),
            (None, Some(windows)) => self.by_window(&windows.value),
            (Some(_), Some(windows)) => {
                let title = "an address has either `hourly_limit` or `windows`";
                self.complaints.push(Complaint::new(
                    title,
                    windows.place.clone(),
                    "here are both",
                ));
                [100; 24]
            }
            (None, None) => [100; 24],
        };
        if hourly_limit_percent == [0; 24] {
            let place = address.hourly_limit.as_ref().map(|hours| &hours.place);
            let place = place.or(address.windows.as_ref().map(|windows| &windows.place));
            let title = "this address is closed all day";
            let place = place.cloned().unwrap_or_default();
            self.complaints
                .push(Complaint::new(title, place, "nothing ever arrives"));
        }
        Address {
            bandwidth_bps,
            hourly_limit_percent,
        }
    }

    fn by_hour(&mut self, hours: &Placed<Vec<HourlyPercent>>) -> [u8; 24] {
        let percents: Vec<u8> = hours.value.iter().map(|percent| percent.0).collect();
        <[u8; 24]>::try_from(percents).unwrap_or_else(|percents| {
            let label = format!("{} numbers", percents.len());
            let complaint = Complaint::new("a day has 24 hours", hours.place.clone(), label);
            self.complaints
                .push(complaint.help("give one number per hour from midnight, or use `windows`"));
            [100; 24]
        })
    }

    fn by_window(&mut self, windows: &[WindowFile]) -> [u8; 24] {
        let mut percents = [100; 24];
        for window in windows {
            for end in [&window.from, &window.until] {
                if end.value.0 % HOUR_S != 0 || end.value.0 > 24 * HOUR_S {
                    let title = "limits of an address change on full hours of a day";
                    let complaint =
                        Complaint::new(title, end.place.clone(), "not a full hour up to 24:00");
                    self.complaints.push(complaint);
                }
            }
            let (from, until) = (
                window.from.value.0 / HOUR_S % 24,
                window.until.value.0 / HOUR_S,
            );
            let until = if until <= from { until + 24 } else { until };
            for hour in from..until.min(from + 24) {
                percents[(hour % 24) as usize] = window.percent;
            }
        }
        percents
    }

    fn tie_to_parent(&mut self, at: usize, site: &SiteFile) {
        let code = &site.code.value.0;
        let Some(parent) = &site.parent else {
            if self.sites[at].secondary {
                let title = format!("secondary site {code} has no parent");
                let complaint = Complaint::new(title, site.code.place.clone(), "needs `parent`");
                self.complaints
                    .push(complaint.help("a secondary site is a child of a primary site"));
            }
            if let Some(address) = &site.address {
                let title = format!("nobody sends to site {code}");
                let label = "an address is the link from the parent, and there is none";
                let place = address.place.start..address.place.start + 1;
                self.complaints.push(Complaint::new(title, place, label));
            }
            return;
        };
        let Some(id) = self.site(&parent.value, &parent.place) else {
            return;
        };
        if self.sites[id.index()].secondary {
            let title = format!("secondary site {} cannot have children", parent.value);
            let label = format!("parent of {code}");
            let complaint = Complaint::new(title, parent.place.clone(), label);
            self.complaints.push(
                complaint
                    .help("only a primary site can be a parent")
                    .relying_on(ReliesOn::Sites),
            );
        }
        self.sites[at].parent = Some(id);
    }

    /// Complains of every circle of parents, once.
    fn check_cycles(&mut self, files: &[&SiteFile]) {
        for (start, file) in files.iter().enumerate() {
            let mut circle = vec![start];
            let mut at = start;
            while let Some(parent) = self.sites[at].parent.map(SiteId::index) {
                if parent == start {
                    let codes: Vec<&str> = circle
                        .iter()
                        .map(|&at| self.sites[at].code.as_str())
                        .collect();
                    let label = format!("{} -> {}", codes.join(" -> "), self.sites[start].code);
                    let place = file.parent.as_ref().map(|parent| parent.place.clone());
                    let title = "these sites are parents of each other in a circle";
                    let complaint = Complaint::new(title, place.unwrap_or_default(), label);
                    self.complaints.push(
                        complaint.help("one of them must be the central site, without `parent`"),
                    );
                    break;
                }
                // Only the circle's first site in the file speaks for it.
                if circle.contains(&parent) || parent < start {
                    break;
                }
                circle.push(parent);
                at = parent;
            }
        }
    }
}

/// Why a hotfix may fail at a site without a word: on secondary sites only (Q252717, Q267258, Q273853).
pub(super) fn doubt(site: &SiteFile) -> Option<Doubt> {
    let secondary = site.kind == Some(SiteKind::Secondary);
    let pushed = site.installed_from.unwrap_or(SourceName::Push) == SourceName::Push;
    if !secondary || site.setup_key_mended == Some(true) {
        None
    } else if site.admin_console == Some(true) {
        Some(Doubt::Console)
    } else {
        pushed.then_some(Doubt::Pushed)
    }
}

/// A hotfix that is named without circumstances.
fn plainly(article: &HotfixArticle, place: &Place) -> HotfixFile {
    HotfixFile {
        id: Placed::new(article.clone(), place.clone()),
        at: None,
        took: None,
    }
}

/// A hotfix on a release it is not made for.
fn misfit(full: &HotfixFile, content: &Content, code: &str) -> Complaint {
    let article = &full.id.value.0;
    let release = content.base.release();
    let title = format!(
        "{} does not install on {} (site {code})",
        article.article, content.name
    );
    let label = format!("made for {}", article.release);
    let same = |other: &&HotfixFor| other.hotfix == article.hotfix && other.fits(release);
    let complaint = Complaint::new(title, full.id.place.clone(), label);
    match HotfixFor::ALL.iter().find(same) {
        Some(other) => complaint.help(format!(
            "the same repair for {} is {} (Q261931)",
            content.name, other.article
        )),
        None => complaint.help(format!(
            "{} needs no such hotfix; leave it out",
            content.name
        )),
    }
}
