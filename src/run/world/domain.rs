//! A domain's logon points as clients see them, and what all servers of a cohort hold alike.

use super::{CoveringSite, ServerId};
use crate::engine::draws::threshold;
use crate::engine::{History, Second};
use crate::plan::{ContentId, Domain, LogonPointId, Plan};
use crate::run::history::{CapState, CopylogLine, LogonPointState, ServerHistory, SiteSet};

/// What a logon point offers, as far as a client can tell. Who is credited changes far more often than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Content that its bootstrap and its Clicore come from.
    pub content: ContentId,
    /// The bootstrap can read Clicore's version.
    pub version_known: bool,
    /// What is true of Copylog.tcf's line for Clicore.
    pub line: CopylogLine,
    /// The site that Copylog.tcf credits with Clicore is listed on it.
    pub credited_listed: bool,
    /// The sites listed on it.
    pub sites: SiteSet,
    /// It answers.
    pub reachable: bool,
}

/// The domain of a cohort.
#[derive(Clone, Debug)]
pub struct DomainWorld {
    /// Its logon points.
    pub points: Vec<(ServerId, History<Offer>)>,
    /// Every participating site.
    pub all_sites: SiteSet,
    /// From when on some site has logon discovery on.
    pub discovery: History<bool>,
    /// Thresholds for the script to run SMSLS, from each moment on.
    pub script: History<u64>,
}

impl DomainWorld {
    pub(super) fn new(plan: &Plan, servers: &ServerHistory, domain: &Domain) -> Self {
        let caps = plan.caps.len();
        let point = |point: &LogonPointId| {
            let server = ServerId((caps + point.index()) as u16);
            (server, offers(domain, &servers.logon_points[point.index()]))
        };
        let mut script = History::starting_with(threshold(1.0));
        for (from, share) in &domain.script_share {
            script.set(*from, threshold(*share));
        }
        DomainWorld {
            points: domain.logon_points.iter().map(point).collect(),
            all_sites: SiteSet::first(domain.sites.len()),
            discovery: discovery(domain),
            script,
        }
    }
}

fn discovery(domain: &Domain) -> History<bool> {
    let on = |at| domain.sites.iter().any(|with| with.discovers(at));
    let changes = domain.sites.iter().flat_map(|with| &with.changes);
    let mut moments: Vec<Second> = changes.map(|change| change.at).collect();
    moments.extend(domain.sites.iter().map(|with| with.leaves));
    moments.sort_unstable();
    let mut discovery = History::starting_with(on(Second::ZERO));
    for moment in moments {
        discovery.set(moment, on(moment));
    }
    discovery
}

fn offers(domain: &Domain, held: &History<LogonPointState>) -> History<Offer> {
    let offer = |state: &LogonPointState| Offer {
        content: state.content,
        version_known: state.credit.version_known(),
        line: state.credit.line,
        credited_listed: domain
            .sites
            .iter()
            .position(|with| with.site == state.credit.site)
            .is_some_and(|position| state.sites.contains(position)),
        sites: state.sites,
        reachable: state.reachable,
    };
    held.map(offer)
}

/// What all servers of one kind that a cohort uses hold, where they hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Its Client Access Points.
    pub cap: Option<CapState>,
    /// Its logon points.
    pub offer: Option<Offer>,
    /// The servers of its sites.
    pub site: Option<ContentId>,
    /// Threshold for its users' logon script to run SMSLS.
    pub script: Option<u64>,
}

/// Lays the histories of a cohort's servers over each other.
pub(super) fn alike(covering: &[CoveringSite<'_>], domain: Option<&DomainWorld>) -> History<Alike> {
    let caps: Vec<_> = covering
        .iter()
        .flat_map(|site| site.caps.iter().map(|(_, history)| *history))
        .collect();
    let points: Vec<_> = domain
        .iter()
        .flat_map(|domain| domain.points.iter().map(|(_, history)| history))
        .collect();
    let sites: Vec<_> = covering.iter().map(|site| site.content).collect();
    let scripts: Vec<_> = domain.iter().map(|domain| &domain.script).collect();
    let mut moments = Vec::new();
    moments.extend(caps.iter().flat_map(|history| changes(history)));
    moments.extend(points.iter().flat_map(|history| changes(history)));
    moments.extend(sites.iter().flat_map(|history| changes(history)));
    moments.extend(scripts.iter().flat_map(|history| changes(history)));
    moments.sort_unstable();
    moments.dedup();
    let at = |moment| Alike {
        cap: common(&caps, moment),
        offer: common(&points, moment),
        site: common(&sites, moment),
        script: common(&scripts, moment),
    };
    let mut alike = History::starting_with(at(Second::ZERO));
    for moment in moments {
        alike.set(moment, at(moment));
    }
    alike
}

fn changes<T: Clone + PartialEq>(history: &History<T>) -> impl Iterator<Item = Second> + '_ {
    history.iter().map(|(since, _)| since)
}

/// The value that all histories hold at `moment`, if it is the same one.
fn common<T: Clone + PartialEq>(histories: &[&History<T>], moment: Second) -> Option<T> {
    let (first, others) = histories.split_first()?;
    let value = first.at(moment);
    others
        .iter()
        .all(|other| other.at(moment) == value)
        .then(|| value.clone())
}
