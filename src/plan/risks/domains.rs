//! Risks of sites that share a domain.

use super::{Risk, is_sp2, listed};
use crate::engine::Second;
use crate::engine::time::HOUR_S;
use crate::plan::{Domain, Hotfix, Participation, Plan, Site, SiteId, Upgrade};
use std::collections::BTreeMap;

/// Time within which all sites of a domain should be upgraded [s] (Q264630: within two to three hours).
const DOMAIN_WINDOW_S: u32 = 3 * HOUR_S;
/// Bandwidth of an address below which a senior site counts as badly connected [bit/s]. Assumed.
const SLOW_ADDRESS_BPS: u64 = 512_000;

/// Everything that is risky about one domain.
pub fn risks<'p>(plan: &'p Plan, domain: &'p Domain) -> impl Iterator<Item = Risk> + 'p {
    let all = [
        upgraded_apart,
        missing_hotfixes,
        no_cycle_after_hotfixes,
        slow_senior_site,
    ];
    all.into_iter().filter_map(move |risk| risk(plan, domain))
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
    let lack = |sites: &[&str]| {
        let verb = if sites.len() == 1 { "lacks" } else { "lack" };
        format!("{} {verb}", listed(sites))
    };
    let what = match (copylog.is_empty(), push.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("{} the copylog hotfix", lack(&copylog)),
        (true, false) => format!("{} the push hotfix", lack(&push)),
        (false, false) if copylog == push => {
            format!("{} the copylog hotfix and the push hotfix", lack(&copylog))
        }
        (false, false) => format!(
            "{} the copylog hotfix, and {} the push hotfix",
            lack(&copylog),
            lack(&push)
        ),
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
