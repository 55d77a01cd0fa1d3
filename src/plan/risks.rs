//! What a valid plan risks: known ways for such a rollout to go wrong, each with its article.
//!
//! Every risk is a function of the plan alone. It tells nothing about what a run will show: a plan with risks may turn
//! out well, and the numbers say how often.

use super::{Cohort, Domain, Hotfix, Participation, Plan, Platform, Site, SiteId, Upgrade};
use crate::engine::Second;
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

/// Time within which all sites of a domain should be upgraded [s] (Q264630: within two to three hours).
const DOMAIN_WINDOW_S: u32 = 3 * HOUR_S;
/// Bandwidth of an address below which a senior site counts as badly connected [bit/s]. Assumed.
const SLOW_ADDRESS_BPS: u64 = 512_000;
/// Most names listed in one risk.
const NAMES: usize = 6;

/// Everything that is risky about a plan, domain by domain, then site by site, then cohort by cohort.
#[must_use]
pub fn risks(plan: &Plan) -> Vec<Risk> {
    let mut risks = Vec::new();
    for domain in &plan.domains {
        risks.extend(upgraded_apart(plan, domain));
        risks.extend(missing_hotfixes(plan, domain));
        risks.extend(no_cycle_after_hotfixes(plan, domain));
        risks.extend(slow_senior_site(plan, domain));
    }
    risks.extend(overlapping_boundaries(plan));
    risks.extend(caps_that_cannot_serve(plan));
    risks.extend(dial_up_in_logon_script(plan));
    risks.extend(win9x_with_software_distribution(plan));
    risks.extend(covered_by_nobody(plan));
    risks
}

/// Sites that share a domain and are upgraded more than three hours apart.
fn upgraded_apart(plan: &Plan, domain: &Domain) -> Option<Risk> {
    let upgrades = first_to_sp2(plan, domain);
    let of_domain = || domain.sites.iter().map(|with| with.site);
    let left_behind: Vec<&str> = of_domain()
        .filter(|site| !is_sp2(plan, *site) && upgrades.iter().all(|upgrade| upgrade.site != *site))
        .map(|site| plan.sites[site.index()].code.as_str())
        .collect();
    let already = of_domain().any(|site| is_sp2(plan, site));
    let first = upgrades.first()?;
    let last = upgrades.last()?;
    let hours = last.at.since(if already { Second::ZERO } else { first.at }) / HOUR_S;
    let code = |upgrade: &Upgrade| plan.sites[upgrade.site.index()].code.as_str();
    let text = if !left_behind.is_empty() {
        format!(
            "sites of {} go to SP2 while {} never {}",
            domain.name,
            listed(&left_behind),
            if left_behind.len() == 1 { "does" } else { "do" }
        )
    } else if already {
        format!(
            "{} has SP2 sites already when {} follows",
            domain.name,
            code(last)
        )
    } else if last.at.since(first.at) > DOMAIN_WINDOW_S {
        format!(
            "sites that share {} are upgraded {hours} hours apart: {} first, {} last",
            domain.name,
            code(first),
            code(last)
        )
    } else {
        return None;
    };
    Some(Risk {
        article: "Q264630",
        text,
        help: "upgrade all sites of a domain within two to three hours, or over one weekend"
            .to_owned(),
    })
}

/// Sites still before SP2, in a domain with SP2 sites to come, without both hotfixes at that time.
fn missing_hotfixes(plan: &Plan, domain: &Domain) -> Option<Risk> {
    let (first_at, others) = before_first_sp2(plan, domain)?;
    let lacks = |site: &&Site, hotfix| {
        !site
            .hotfixes
            .iter()
            .any(|applied| applied.hotfix == hotfix && applied.at <= first_at)
    };
    let missing = |hotfix| -> Vec<&str> {
        others
            .iter()
            .copied()
            .filter(|site| lacks(site, hotfix))
            .map(|site| site.code.as_str())
            .collect()
    };
    let (copylog, push) = (missing(Hotfix::Copylog), missing(Hotfix::Push));
    let what = match (copylog.is_empty(), push.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("{} lack the copylog hotfix", listed(&copylog)),
        (true, false) => format!("{} lack the push hotfix", listed(&push)),
        (false, false) => {
            format!(
                "{} lack the copylog hotfix, {} the push hotfix",
                listed(&copylog),
                listed(&push)
            )
        }
    };
    Some(Risk {
        article: "Q261931",
        text: format!("when the first site of {} goes to SP2, {what}", domain.name),
        help: "apply Q249077 and Q252717 on SP1 sites, Q251070 and Q252718 on RTM sites, to every site of the domain \
               first; on secondaries that were pushed, check that they took (Q267258)"
            .to_owned(),
    })
}

/// A first SP2 site before a whole cycle of Logon Server Manager has passed since the last copylog hotfix.
fn no_cycle_after_hotfixes(plan: &Plan, domain: &Domain) -> Option<Risk> {
    let (first_at, others) = before_first_sp2(plan, domain)?;
    let copylog = |site: &Site| {
        let applied = site
            .hotfixes
            .iter()
            .find(|applied| applied.hotfix == Hotfix::Copylog);
        applied
            .map(|applied| applied.at)
            .filter(|at| *at <= first_at)
    };
    let last = others.iter().copied().filter_map(copylog).max()?;
    let was_there_before = last == Second::ZERO;
    if was_there_before || first_at.since(last) >= domain.lsm_interval_s {
        return None;
    }
    Some(Risk {
        article: "Q261931",
        text: format!(
            "the first site of {} goes to SP2 only {} hours after the last copylog hotfix",
            domain.name,
            first_at.since(last) / HOUR_S
        ),
        help: format!(
            "wait until Logon Server Manager has rewritten Copylog.tcf on every logon point, at least {} hours",
            domain.lsm_interval_s.div_ceil(HOUR_S)
        ),
    })
}

/// A senior site that is reached over a slow address.
fn slow_senior_site(plan: &Plan, domain: &Domain) -> Option<Risk> {
    if domain.sites.len() < 2 {
        return None;
    }
    let senior = domain.senior.or_else(|| likely_senior(plan, domain))?;
    let site = &plan.sites[senior.index()];
    if site.parent.is_none() || site.address.bandwidth_bps >= SLOW_ADDRESS_BPS {
        return None;
    }
    let how = if domain.senior.is_some() {
        "Senior.lst names"
    } else {
        "the election favours"
    };
    Some(Risk {
        article: "Q235726",
        text: format!(
            "{how} {} as senior site of {}, behind a link of {} kbit/s",
            site.code,
            domain.name,
            site.address.bandwidth_bps / 1_000
        ),
        help: "name a well connected site with `senior`".to_owned(),
    })
}

/// The site that election picks at the beginning: highest version, then the lowest code or the highest.
fn likely_senior(plan: &Plan, domain: &Domain) -> Option<SiteId> {
    let content = |with: &&Participation| plan.sites[with.site.index()].content;
    let highest = domain.sites.iter().map(|with| content(&with)).max()?;
    let best = domain
        .sites
        .iter()
        .filter(|with| content(with) == highest)
        .map(|with| with.site);
    let code = |site: &SiteId| plan.sites[site.index()].code.clone();
    if plan.rules.lowest_code_is_senior {
        best.min_by_key(code)
    } else {
        best.max_by_key(code)
    }
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
    let overlaps: Vec<&str> = overlaps.iter().map(String::as_str).collect();
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
    let names = cohorts(plan, |cohort| dial_up(&cohort) && runs_script(&cohort));
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
    let names = cohorts(plan, twice);
    (!names.is_empty() && !plan.rollout.is_empty()).then(|| Risk {
        article: "Q264969",
        text: format!("Windows 9x clients with software distribution restart twice: {}", listed(&names)),
        help: "tell their users; without the second restart software distribution stays at the old release, and a restart \
               within 15 minutes of the start can break the client (Q237543)"
            .to_owned(),
    })
}

/// Cohorts that are within nobody's boundaries.
fn covered_by_nobody(plan: &Plan) -> Option<Risk> {
    let covering = Covering::of(plan);
    let names = cohorts(plan, |cohort| covering.sites(cohort).is_empty());
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

/// Upgrades of a domain's sites to SP2 or later, the first for each site, in order of time.
fn first_to_sp2<'p>(plan: &'p Plan, domain: &Domain) -> Vec<&'p Upgrade> {
    let mut first: BTreeMap<SiteId, &Upgrade> = BTreeMap::new();
    for upgrade in &plan.rollout {
        let to_sp2 = plan.contents[upgrade.to.index()]
            .base
            .release()
            .is_sp2_or_later();
        let of_domain = domain.sites.iter().any(|with| with.site == upgrade.site);
        if !to_sp2 || !of_domain || is_sp2(plan, upgrade.site) {
            continue;
        }
        let earliest = first.entry(upgrade.site).or_insert(upgrade);
        if upgrade.at < earliest.at {
            *earliest = upgrade;
        }
    }
    let mut upgrades: Vec<&Upgrade> = first.into_values().collect();
    upgrades.sort_by_key(|upgrade| upgrade.at);
    upgrades
}

/// When a shared domain first has an SP2 site, and its sites that are not there by then.
fn before_first_sp2<'p>(plan: &'p Plan, domain: &Domain) -> Option<(Second, Vec<&'p Site>)> {
    let upgrades = first_to_sp2(plan, domain);
    let already = domain.sites.iter().any(|with| is_sp2(plan, with.site));
    let first_at = if already {
        Second::ZERO
    } else {
        upgrades.first()?.at
    };
    let later = |site: SiteId| {
        !is_sp2(plan, site)
            && !upgrades
                .iter()
                .any(|upgrade| upgrade.site == site && upgrade.at == first_at)
    };
    let others: Vec<&Site> = domain
        .sites
        .iter()
        .filter(|with| later(with.site))
        .map(|with| &plan.sites[with.site.index()])
        .collect();
    (!others.is_empty()).then_some((first_at, others))
}

fn release(plan: &Plan, site: SiteId) -> Release {
    plan.contents[plan.sites[site.index()].content.index()]
        .base
        .release()
}

fn is_sp2(plan: &Plan, site: SiteId) -> bool {
    release(plan, site).is_sp2_or_later()
}

/// Names of the cohorts that `keep` picks.
fn cohorts(plan: &Plan, keep: impl Fn(&Cohort) -> bool) -> Vec<&str> {
    plan.cohorts
        .iter()
        .filter(|cohort| keep(cohort))
        .map(|cohort| cohort.name.as_str())
        .collect()
}

/// The first few names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names
        .iter()
        .take(NAMES)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
