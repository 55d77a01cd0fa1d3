//! What a valid plan risks: known ways for such a rollout to go wrong, each with its article.
//!
//! Every risk is a function of the plan alone. It tells nothing about what a run will show: a plan with risks may turn
//! out well, and the numbers say how often.

mod domains;
mod whereabouts;

use super::{Cohort, Plan, Platform, Site, SiteId};
use crate::engine::time::HOUR_S;
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
    risks.extend(silently_failed_hotfixes(plan));
    risks.extend(overlapping_boundaries(plan));
    risks.extend(caps_that_cannot_serve(plan));
    risks.extend(dial_up_in_logon_script(plan));
    risks.extend(win9x_with_software_distribution(plan));
    risks.extend(restarts_too_early(plan));
    risks.extend(covered_by_nobody(plan));
    risks.extend(whereabouts::risks(plan));
    risks
}

/// Hotfixes on secondary sites, where they fail without a word if the site was pushed from its parent.
fn silently_failed_hotfixes(plan: &Plan) -> Option<Risk> {
    let doubtful = |site: &&Site| site.secondary && !site.hotfixes.is_empty();
    let sites: Vec<&str> = plan
        .sites
        .iter()
        .filter(doubtful)
        .map(|site| site.code.as_str())
        .collect();
    (!sites.is_empty()).then(|| Risk {
        article: "Q267258",
        text: format!("hotfixes may have failed silently on secondary sites: {}", listed(&sites)),
        help: "check the registry value Full Version on sites that their parent installed; `took = false` shows what a \
               failed one does"
            .to_owned(),
    })
}

/// Subnets that belong to several sites while those run different releases.
fn overlapping_boundaries(plan: &Plan) -> Option<Risk> {
    let mut sites_of: BTreeMap<Ipv4Addr, Vec<SiteId>> = BTreeMap::new();
    for (id, site) in (0..).zip(&plan.sites) {
        for subnet in &site.boundaries {
            sites_of.entry(*subnet).or_default().push(SiteId(id));
        }
    }
    let overlaps: Vec<String> = sites_of
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

/// Client Access Points that cannot bring an upgrade to all clients of their site within one cycle.
fn caps_that_cannot_serve(plan: &Plan) -> Vec<Risk> {
    let bytes = bytes_by_site(plan);
    let too_slow = |(id, site): (u16, &Site)| {
        let wanted_bits = 8.0 * bytes.get(&SiteId(id)).copied().unwrap_or(0.0);
        let bandwidths: Option<Vec<u64>> = site
            .caps
            .iter()
            .map(|cap| plan.caps[cap.index()].bandwidth_bps)
            .collect();
        let bandwidth_bps: u64 = bandwidths?.iter().sum();
        let hours = wanted_bits / bandwidth_bps as f64 / f64::from(HOUR_S);
        let upgraded = plan
            .rollout
            .iter()
            .any(|upgrade| upgrade.site == SiteId(id));
        let cycle_hours = f64::from(plan.rules.ccim_cycle) / f64::from(HOUR_S);
        (upgraded && hours > cycle_hours).then(|| Risk {
            article: "Q237543",
            text: format!(
                "the Client Access Points of {} need {hours:.0} hours to serve an upgrade to all clients, a maintenance cycle \
                 is {cycle_hours:.0}",
                site.code
            ),
            help: "add Client Access Points, or expect convergence to take several cycles".to_owned(),
        })
    };
    (0..).zip(&plan.sites).filter_map(too_slow).collect()
}

/// Bytes that an upgrade brings to the clients of each site, on the average.
fn bytes_by_site(plan: &Plan) -> BTreeMap<SiteId, f64> {
    let mut bytes: BTreeMap<SiteId, f64> = BTreeMap::new();
    let covering = Covering::of(plan);
    for cohort in &plan.cohorts {
        let sites = covering.sites(cohort);
        let mean = mean(cohort) * f64::from(cohort.count) / sites.len().max(1) as f64;
        for site in sites {
            *bytes.entry(site).or_default() += mean;
        }
    }
    bytes
}

/// Mean size of an upgrade of one client [bytes], from a few quantiles.
fn mean(cohort: &Cohort) -> f64 {
    const POINTS: u32 = 64;
    let at = |n: u32| {
        cohort
            .upgrade_size
            .quantile((f64::from(n) + 0.5) / f64::from(POINTS))
    };
    (0..POINTS).map(at).sum::<f64>() / f64::from(POINTS)
}

/// Clients on dial-up that run the logon script.
fn dial_up_in_logon_script(plan: &Plan) -> Option<Risk> {
    let runs_script = |cohort: &&Cohort| {
        let domain = cohort.domain.map(|domain| &plan.domains[domain.index()]);
        domain.is_some_and(|domain| domain.script_share.iter().any(|(_, share)| *share > 0.0))
    };
    let dial_up = |cohort: &&Cohort| {
        let slowest = cohort
            .off_site_link_bps
            .unwrap_or(u64::MAX)
            .min(cohort.link_bps);
        slowest < 64_000
    };
    let names = groups(plan, |cohort| dial_up(&cohort) && runs_script(&cohort));
    (!names.is_empty()).then(|| Risk {
        article: "Q237543, Q238780",
        text: format!("dial-up clients run the logon script: {}", listed(&names)),
        help: "keep them out of it until they are in the office; from 40,000 bit/s on they copy what the script offers \
               (Q224388), and maintenance cycles do not test the speed at all"
            .to_owned(),
    })
}

/// Windows 9x clients that need two restarts.
fn win9x_with_software_distribution(plan: &Plan) -> Option<Risk> {
    let twice = |cohort: &Cohort| {
        cohort.platform == Platform::Win9x
            && cohort.agents.software_distribution
            && cohort.installed.is_some()
    };
    let names = groups(plan, twice);
    (!names.is_empty() && !plan.rollout.is_empty()).then(|| Risk {
        article: "Q264969",
        text: format!("Windows 9x clients with software distribution restart twice: {}", listed(&names)),
        help: "tell their users; without the second restart software distribution stays at the old release, and a restart \
               within 15 minutes of the start can break the client (Q237543)"
            .to_owned(),
    })
}

/// Policies that restart Windows 9x clients while their installation may still be at work.
fn restarts_too_early(plan: &Plan) -> Option<Risk> {
    let safe_after_s = plan.rules.win9x_restart_after;
    let too_early = |cohort: &Cohort| {
        let policy_s = cohort.circumstances.mandatory_restart_s;
        cohort.platform == Platform::Win9x
            && policy_s.is_some_and(|policy_s| policy_s < safe_after_s)
    };
    let names = groups(plan, too_early);
    (!names.is_empty()).then(|| Risk {
        article: "Q237543, Q238864",
        text: format!("a policy restarts Windows 9x clients within 15 minutes: {}", listed(&names)),
        help: "leave them at least 15 minutes from the start of an installation; a restart before that can break the \
               client"
            .to_owned(),
    })
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

/// The first few names, and how many more there are.
fn listed(names: &[impl AsRef<str>]) -> String {
    let shown = names.iter().take(NAMES).map(AsRef::as_ref);
    let shown = shown.collect::<Vec<&str>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
