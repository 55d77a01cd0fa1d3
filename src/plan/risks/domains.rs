//! Risks of sites that share a domain.

use super::{Risk, is_sp2, kbit, listed};
use crate::engine::Second;
use crate::engine::time::{DAY_S, HOUR_S};
use crate::plan::{Domain, Hotfix, Participation, Plan, Site, SiteId, Upgrade};
use crate::sms::Release;
use std::collections::BTreeMap;

/// Everything that is risky about one domain.
pub fn risks<'p>(plan: &'p Plan, domain: &'p Domain) -> impl Iterator<Item = Risk> + 'p {
    let all = [
        upgraded_apart,
        missing_hotfixes,
        no_cycle_after_hotfixes,
        slow_senior_site,
        crowded_token,
        named_like_a_site,
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
    } else if last.at.since(first.at) > plan.rules.domain_window {
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
        !site.hotfixes.iter().any(|applied| {
            applied.hotfix == hotfix
                && applied.at <= first_at
                && applied.fails < 1.0
                && release_at(plan, site, applied.at) == release_at(plan, site, first_at)
        })
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
        let copylog = site.hotfixes.iter();
        let copylog = copylog.filter(|it| it.hotfix == Hotfix::Copylog && it.fails < 1.0);
        copylog.map(|it| it.at).filter(|at| *at <= first_at).max()
    };
    let last = others.iter().copied().filter_map(copylog).max()?;
    let was_there_before = last == Second::ZERO;
    let soak_s = domain.lsm_interval_s.max(plan.hotfix_soak_s);
    if was_there_before || first_at.since(last) >= soak_s {
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
            soak_s.div_ceil(HOUR_S)
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
    if site.parent.is_none() || site.address.bandwidth_bps >= plan.rules.slow_address {
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
            "{how} {} as senior site of {}, behind a link of {}",
            site.code,
            domain.name,
            kbit(site.address.bandwidth_bps)
        ),
        help: format!(
            "name a well connected site with `senior`; links below {} count as slow (rule `slow_address`, our own choice)",
            kbit(plan.rules.slow_address)
        ),
    })
}

/// Cycles that take more time together than their interval has: some will find the token taken (Q249333).
fn crowded_token(plan: &Plan, domain: &Domain) -> Option<Risk> {
    let visits = domain.sites.len() as u64 * domain.logon_points.len() as u64;
    let together_s = visits * u64::from(plan.rules.lsm_visit_time);
    let before_sp2 = domain.sites.iter().any(|with| !is_sp2(plan, with.site));
    if domain.sites.len() < 2 || !before_sp2 || together_s <= u64::from(domain.lsm_interval_s) {
        return None;
    }
    Some(Risk {
        article: "Q227028, Q255820",
        text: format!(
            "one after the other, the cycles of {} sites over {} controllers of {} take {} hours, their interval is {}",
            domain.sites.len(),
            domain.logon_points.len(),
            domain.name,
            together_s / u64::from(HOUR_S),
            domain.lsm_interval_s / HOUR_S
        ),
        help: format!(
            "lengthen `lsm_interval`; a site that misses its turn for {} days loses its folders before SP2",
            domain
                .lsm_interval_s
                .saturating_add(plan.rules.site_dead_after)
                / DAY_S
        ),
    })
}

/// A site that is called like the domain (Q256963).
fn named_like_a_site(plan: &Plan, domain: &Domain) -> Option<Risk> {
    let alike = |site: &&Site| site.code.eq_ignore_ascii_case(&domain.name);
    let site = plan.sites.iter().find(alike)?;
    Some(Risk {
        article: "Q256963",
        text: format!("site {} has the name of domain {}", site.code, domain.name),
        help: "before SP2 their credentials overwrite each other, and accounts are locked; give one another name".to_owned(),
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

/// What a site runs at `at` by the rollout's calendar; a service pack replaces the files of a hotfix for another release.
fn release_at(plan: &Plan, site: &Site, at: Second) -> Release {
    let lines = plan.rollout.iter();
    let of_site = lines.filter(|line| plan.sites[line.site.index()].code == site.code);
    let last = of_site
        .filter(|line| line.at < at)
        .max_by_key(|line| line.at);
    let content = last.map_or(site.content, |line| line.to);
    plan.contents[content.index()].base.release()
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
