//! What a valid plan risks: known ways for such a rollout to go wrong, each with its article.
//!
//! Every risk is a function of the plan alone. It tells nothing about what a run will show: a plan with risks may turn
//! out well, and the numbers say how often.

mod clients;
mod domains;
mod servers;
mod whereabouts;

use super::{Cohort, Plan, SiteId};
use crate::sms::Release;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// Something that is allowed but likely to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Article, or articles, that describe it.
    pub article: &'static str,
    /// What is risky, with the names it concerns.
    pub text: String,
    /// What to do about it.
    pub help: String,
}

/// Most names listed in one risk.
const NAMES: usize = 6;

/// Everything that is risky about a plan, domain by domain, then site by site, then cohort by cohort.
#[must_use]
pub fn risks(plan: &Plan) -> Vec<Risk> {
    let mut risks = Vec::new();
    for domain in &plan.domains {
        risks.extend(domains::risks(plan, domain));
    }
    risks.extend(servers::risks(plan));
    risks.extend(overlapping_boundaries(plan));
    risks.extend(clients::risks(plan));
    risks.extend(covered_by_nobody(plan));
    risks.extend(whereabouts::risks(plan));
    risks
}

/// By subnet, the sites that hold it at the same time: at first, or else when boundary changes have most of them hold it.
fn sites_by_subnet(plan: &Plan) -> BTreeMap<Ipv4Addr, Vec<SiteId>> {
    let mut now: BTreeMap<Ipv4Addr, Vec<SiteId>> = BTreeMap::new();
    for (id, site) in (0..).zip(&plan.sites) {
        for subnet in &site.boundaries {
            now.entry(*subnet).or_default().push(SiteId(id));
        }
    }
    let mut most = now.clone();
    for at_once in plan.boundary_changes.chunk_by(|a, b| a.at == b.at) {
        for change in at_once {
            let sites = now.entry(change.subnet).or_default();
            sites.retain(|site| *site != change.site);
            sites.extend(change.adds.then_some(change.site));
        }
        for change in at_once {
            let (sites, kept) = (&now[&change.subnet], most.entry(change.subnet).or_default());
            if sites.len() > kept.len() {
                kept.clone_from(sites);
            }
        }
    }
    most
}

/// Subnets that belong to several sites while those run different releases.
fn overlapping_boundaries(plan: &Plan) -> Option<Risk> {
    let overlaps: Vec<String> = sites_by_subnet(plan)
        .iter()
        .filter(|(_, sites)| sites.len() > 1 && differ_at_some_time(plan, sites))
        .map(|(subnet, sites)| {
            let codes: Vec<&str> = sites
                .iter()
                .map(|site| plan.sites[site.index()].code.as_str())
                .collect();
            format!("{subnet} ({})", codes.join(", "))
        })
        .collect();
    (!overlaps.is_empty()).then(|| Risk {
        article: "Q262677, Q264630",
        text: format!(
            "boundaries overlap while releases differ: {}",
            listed(&overlaps)
        ),
        help: "keep boundaries apart until all these sites run the same release".to_owned(),
    })
}

/// Whether sites run different releases at first, or are upgraded at different times.
fn differ_at_some_time(plan: &Plan, sites: &[SiteId]) -> bool {
    let course = |site: &SiteId| {
        let upgrades = plan.rollout.iter().filter(|upgrade| upgrade.site == *site);
        let steps: Vec<_> = upgrades.map(|upgrade| (upgrade.at, upgrade.to)).collect();
        (release(plan, *site), steps)
    };
    sites
        .windows(2)
        .any(|pair| course(&pair[0]) != course(&pair[1]))
}

/// Cohorts that are within nobody's boundaries.
fn covered_by_nobody(plan: &Plan) -> Option<Risk> {
    let covering = Covering::of(plan);
    let names = groups(plan, |cohort| covering.sites(cohort).is_empty());
    (!names.is_empty()).then(|| Risk {
        article: "Q200344",
        text: format!("these clients are within no site's boundaries: {}", listed(&names)),
        help: "boundaries match by the exact subnet ID; check it and its mask, or expect these clients to be removed".to_owned(),
    })
}

/// Which sites cover which subnet.
struct Covering {
    sites: BTreeMap<Ipv4Addr, BTreeSet<SiteId>>,
}

impl Covering {
    fn of(plan: &Plan) -> Self {
        let mut sites: BTreeMap<Ipv4Addr, BTreeSet<SiteId>> = BTreeMap::new();
        for (id, site) in (0..).zip(&plan.sites) {
            for subnet in &site.boundaries {
                sites.entry(*subnet).or_default().insert(SiteId(id));
            }
        }
        Covering { sites }
    }

    fn sites(&self, cohort: &Cohort) -> BTreeSet<SiteId> {
        cohort
            .subnets
            .iter()
            .filter_map(|subnet| self.sites.get(subnet))
            .flatten()
            .copied()
            .collect()
    }
}

fn release(plan: &Plan, site: SiteId) -> Release {
    plan.contents[plan.sites[site.index()].content.index()]
        .base
        .release()
}

fn is_sp2(plan: &Plan, site: SiteId) -> bool {
    release(plan, site).is_sp2_or_later()
}

/// Names of the groups whose cohorts `keep` picks. Cohorts of one group differ by what stands behind `@`, those that a
/// template made for each of its sites by the code in their name; the latter are named once, with their number.
fn groups(plan: &Plan, keep: impl Fn(&Cohort) -> bool) -> Vec<String> {
    let covering = Covering::of(plan);
    let mut groups: Vec<(String, BTreeSet<&str>)> = Vec::new();
    for cohort in plan.cohorts.iter().filter(|cohort| keep(cohort)) {
        let name = cohort.name.split('@').next().unwrap_or_default();
        let home = covering.sites(cohort).into_iter().next();
        let code = home.map_or("", |home| plan.sites[home.index()].code.as_str());
        let (base, name) = match name.replace(code, "") {
            base if !code.is_empty() && base.len() < name.len() => (base, name),
            _ => (name.to_owned(), ""),
        };
        match groups.iter_mut().find(|(known, _)| *known == base) {
            Some((_, names)) => {
                names.insert(name);
            }
            None => groups.push((base, BTreeSet::from([name]))),
        }
    }
    let named = |(base, names): (String, BTreeSet<&str>)| match (names.len(), names.first()) {
        (1, Some(&"")) => base,
        (1, Some(one)) => (*one).to_owned(),
        (several, _) => format!(
            "{} at {several} sites",
            base.trim_matches(['-', '_', ' ', '.'])
        ),
    };
    groups.into_iter().map(named).collect()
}

/// A bandwidth in kbit/s.
fn kbit(bps: u64) -> String {
    format!("{} kbit/s", bps / 1_000)
}

/// The first few names, and how many more there are.
fn listed(names: &[impl AsRef<str>]) -> String {
    let shown = names.iter().take(NAMES).map(AsRef::as_ref);
    let shown = shown.collect::<Vec<&str>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
