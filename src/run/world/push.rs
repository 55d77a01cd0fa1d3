//! The sites that push themselves onto a cohort's machines, and what they believe about them.

use super::coverage::{self, SiteBits};
use super::{CoveringSite, ServerId};
use crate::engine::{History, Second};
use crate::plan::{Cohort, Domain, Hotfix, Plan, Platform, SiteId};
use crate::run::history::ServerHistory;
use crate::sms::assignment::SiteTravelMode;
use crate::sms::discovery::believed_inside;

/// The sites that push themselves onto a cohort's machines.
#[derive(Clone, Debug)]
pub struct PushWorld {
    /// By position among the candidates.
    pub sites: Vec<PushSite>,
    /// Sites that install by push and believe the machines to be theirs.
    pub believed: History<SiteBits>,
    /// Sites in whose boundaries they are.
    pub present: History<SiteBits>,
    /// Sites that hear of every logon.
    pub hears_logons: History<SiteBits>,
    /// Letters in the name of the machines' domain; many where there is none.
    pub domain_name: usize,
}

/// A candidate as the one that pushes.
#[derive(Clone, Debug)]
pub struct PushSite {
    /// The server it pushes from: its first Client Access Point, which is the site server itself unless more were added
    /// (Q199814).
    pub server: Option<ServerId>,
    /// From when until when it looks for later files first by its hotfix (Q252717).
    pub patched: Vec<(Second, Second)>,
    /// When its retry box is emptied.
    pub emptied: Vec<Second>,
    /// What it says about travel mode.
    pub travel_mode: SiteTravelMode,
    /// Candidates that are below it in the hierarchy, and pass their records up to it.
    pub below: SiteBits,
}

impl PushWorld {
    /// `None` where no candidate ever pushes, or the machines are not for it (Q229769: Windows NT only).
    pub(super) fn new(
        plan: &Plan,
        servers: &ServerHistory,
        cohort: &Cohort,
        covering: &[CoveringSite<'_>],
    ) -> Option<Box<Self>> {
        let candidates: Vec<SiteId> = covering.iter().map(|site| site.site).collect();
        let pushes = |site: &SiteId| {
            let steps = &plan.sites[site.index()].intake.push;
            steps.iter().any(|(_, on)| *on)
        };
        if cohort.platform != Platform::Nt || !candidates.iter().any(pushes) {
            return None;
        }
        let domain = cohort.domain.map(|domain| &plan.domains[domain.index()]);
        let sites: Vec<PushSite> = covering
            .iter()
            .map(|site| push_site(plan, servers, site, &candidates))
            .collect();
        let changes = coverage::relevant_changes(plan, cohort);
        let desk = |at| coverage::at_desk(cohort, at);
        let first = |_| cohort.subnets.clone();
        let present = coverage::covered(plan, cohort, &candidates, &changes, 0, desk);
        let before = coverage::covered(plan, cohort, &candidates, &changes, 0, first);
        Some(Box::new(PushWorld {
            believed: believed(plan, &candidates, &sites, &present, &before),
            hears_logons: hears_logons(domain, &candidates),
            domain_name: domain.map_or(usize::MAX, |domain| domain.name.chars().count()),
            present,
            sites,
        }))
    }
}

fn push_site(
    plan: &Plan,
    servers: &ServerHistory,
    covering: &CoveringSite<'_>,
    candidates: &[SiteId],
) -> PushSite {
    let site = &plan.sites[covering.site.index()];
    let is_above = |other: &SiteId| {
        let mut at = plan.sites[other.index()].parent;
        while let Some(parent) = at {
            if parent == covering.site {
                return true;
            }
            at = plan.sites[parent.index()].parent;
        }
        false
    };
    let below = (0..).zip(candidates).filter(|(_, other)| is_above(other));
    PushSite {
        server: covering.caps.first().map(|(server, _)| *server),
        patched: servers
            .hotfixed(plan, covering.site, Hotfix::Push)
            .collect(),
        emptied: site.intake.retry_box_emptied.clone(),
        travel_mode: site.intake.travel_mode,
        below: SiteBits::of(below.map(|(position, _)| position)),
    }
}

/// Sites that push, and believe the machines to be theirs.
fn believed(
    plan: &Plan,
    candidates: &[SiteId],
    sites: &[PushSite],
    present: &History<SiteBits>,
    before: &History<SiteBits>,
) -> History<SiteBits> {
    let steps = |site: &SiteId| &plan.sites[site.index()].intake.push;
    let mut moments: Vec<Second> = candidates
        .iter()
        .flat_map(steps)
        .map(|(at, _)| *at)
        .collect();
    moments.extend(present.iter().chain(before.iter()).map(|(at, _)| at));
    moments.sort_unstable();
    moments.dedup();
    let bits = |at: Second| {
        let (inside, was_inside) = (*present.at(at), *before.at(at));
        let believes = |position: &usize| {
            let passed_up = sites[*position].below.0 & inside.0 != 0;
            let appends = plan.rules.old_subnets_kept;
            let is = believed_inside(
                inside.has(*position),
                was_inside.has(*position),
                passed_up,
                appends,
            );
            let pushes = steps(&candidates[*position]).iter().rev();
            is && pushes
                .clone()
                .find(|(from, _)| *from <= at)
                .is_some_and(|(_, on)| *on)
        };
        SiteBits::of((0..candidates.len()).filter(believes))
    };
    let mut history = History::starting_with(bits(Second::ZERO));
    for moment in moments {
        history.set(moment, bits(moment));
    }
    history
}

/// Candidates with logon discovery on in the domain, while anybody's script runs SMSLS there: no script, no record.
fn hears_logons(domain: Option<&Domain>, candidates: &[SiteId]) -> History<SiteBits> {
    let Some(domain) = domain else {
        return History::starting_with(SiteBits::default());
    };
    let changes = domain.sites.iter().flat_map(|with| &with.changes);
    let mut moments: Vec<Second> = changes.map(|change| change.at).collect();
    moments.extend(domain.script_share.iter().map(|(from, _)| *from));
    moments.extend(domain.sites.iter().map(|with| with.leaves));
    moments.sort_unstable();
    moments.dedup();
    let bits = |at: Second| {
        let mut scripts = domain.script_share.iter().rev();
        let script_runs = scripts
            .find(|(from, _)| *from <= at)
            .is_none_or(|(_, share)| *share > 0.0);
        let hears = |site: &SiteId| {
            let mut sites = domain.sites.iter();
            script_runs && sites.any(|with| with.site == *site && with.discovers(at))
        };
        let positions = (0..).zip(candidates).filter(|(_, site)| hears(site));
        SiteBits::of(positions.map(|(position, _)| position))
    };
    let mut history = History::starting_with(bits(Second::ZERO));
    for moment in moments {
        history.set(moment, bits(moment));
    }
    history
}
