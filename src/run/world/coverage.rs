//! Which sites cover a cohort's machines, where that depends on the time, on the place, or on what the client runs.
//!
//! Everything dated about assignment ends up here as histories: moves of boundaries and of machines, further addresses
//! and adapters, dial-up, offices visited. A cohort for which nothing of that matters has none of this.

use super::CoveringSite;
use crate::engine::{History, Second};
use crate::plan::{BoundaryChange, Cohort, Plan, SiteId};
use crate::sms::adapters::{self, Adapter, Counted, Matches};
use crate::sms::{Content, Release};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Sites a cohort can ever belong to, at most.
pub const MOST_CANDIDATES: usize = Cohort::MOST_CANDIDATES;

/// Sites by their position among the candidates of a cohort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteBits(pub u16);

impl SiteBits {
    /// Whether the site at `position` is among them.
    #[inline]
    #[must_use]
    pub fn has(self, position: usize) -> bool {
        self.0 >> position & 1 == 1
    }

    /// Both together.
    #[must_use]
    pub fn and(self, others: SiteBits) -> Self {
        SiteBits(self.0 | others.0)
    }

    /// The sites at these positions.
    pub(super) fn of(positions: impl Iterator<Item = usize>) -> Self {
        SiteBits(positions.fold(0, |bits, position| bits | 1 << position))
    }
}

/// Where a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At its own desk.
    Office,
    /// Away from any office.
    Away,
    /// At one of the offices its cohort visits.
    Visit(usize),
}

/// Whose word about boundaries counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A Client Access Point's.
    ByCap,
    /// A logon point's.
    ByLogonPoint,
}

/// Which sites cover a cohort's machines.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// By place, then by content of the client's base: as Client Access Points and as logon points tell.
    places: Vec<Vec<[History<SiteBits>; 2]>>,
    /// By content: sites that an adapter without a network is taken to be inside of.
    by_inactive_adapter: Vec<SiteBits>,
    /// Sites that hold these clients wherever they are.
    pub forced: SiteBits,
    /// Sites whose own travel mode is always on.
    pub travel_mode: SiteBits,
    /// Sites of the offices that the cohort visits, office by office.
    pub visited: Vec<SiteBits>,
    /// When the clients' travel mode ends.
    pub travel_mode_until: Second,
}

impl Coverage {
    /// `None` where nothing is dated or out of the ordinary: then the candidates cover the cohort all the time.
    pub(super) fn new(plan: &Plan, cohort: &Cohort, covering: &[CoveringSite<'_>]) -> Option<Self> {
        let candidates: Vec<SiteId> = covering.iter().map(|site| site.site).collect();
        let candidates = candidates.as_slice();
        let network = &cohort.network;
        let away_outside =
            network.dial_up_outside && (network.dial_up || cohort.off_site_link_bps.is_some());
        let unlike = network.one_adapter
            || network.inactive_adapter
            || away_outside
            || !network.forced_sites.is_empty()
            || !network.visits.is_empty()
            || !network.moves.is_empty();
        let changes = relevant_changes(plan, cohort);
        if !unlike && changes.is_empty() {
            return None;
        }
        let position = |site: &SiteId| candidates.iter().position(|candidate| candidate == site);
        let holds = |site: &&SiteId| plan.sites[site.index()].intake.travel_mode.is_on();
        let travel_mode = candidates.iter().filter(holds).filter_map(position);
        let covering = |subnet: &Ipv4Addr| {
            let sites = plan.sites_of_subnet(*subnet);
            SiteBits::of(sites.filter_map(|site| position(&site)))
        };
        Some(Coverage {
            places: places(plan, cohort, candidates, &changes),
            by_inactive_adapter: by_inactive_adapter(plan, cohort, candidates),
            forced: SiteBits::of(network.forced_sites.iter().filter_map(position)),
            travel_mode: SiteBits::of(travel_mode),
            visited: network.visits.iter().map(covering).collect(),
            travel_mode_until: network.travel_mode_until,
        })
    }

    fn history(&self, place: Place, content: usize, told: Told) -> &History<SiteBits> {
        let place = match place {
            Place::Office => 0,
            Place::Away => 1,
            Place::Visit(office) => 2 + office,
        };
        &self.places[place][content][told as usize]
    }

    /// Sites in whose boundaries a machine lies with its subnet, by what it is told.
    #[must_use]
    pub fn by_subnet(&self, now: Second, place: Place, content: usize, told: Told) -> SiteBits {
        *self.history(place, content, told).at(now)
    }

    /// Sites that a client of base `content` takes itself to be inside of.
    #[must_use]
    pub fn inside(&self, now: Second, place: Place, content: usize, told: Told) -> SiteBits {
        self.by_subnet(now, place, content, told)
            .and(self.by_inactive_adapter[content])
    }

    /// When what holds in the office changes next.
    #[must_use]
    pub fn next_change(&self, now: Second, content: usize) -> Second {
        let of = |told| self.history(Place::Office, content, told).next_change(now);
        of(Told::ByCap)
            .min(of(Told::ByLogonPoint))
            .min(match self.travel_mode_until > now {
                true => self.travel_mode_until,
                false => Second::NEVER,
            })
    }
}

/// Every subnet a cohort's machines are ever in.
pub(super) fn subnets_of(cohort: &Cohort) -> BTreeSet<Ipv4Addr> {
    let network = &cohort.network;
    let moved = network.moves.iter().map(|(_, subnet)| *subnet);
    let visited = network.visits.iter().copied();
    cohort
        .subnets
        .iter()
        .copied()
        .chain(moved)
        .chain(visited)
        .collect()
}

/// Every site a cohort can ever belong to: those that cover one of its subnets at some time, those that hold it by force
/// and, for an adapter without a network, those on its logon points.
pub(super) fn candidates(plan: &Plan, cohort: &Cohort) -> Vec<SiteId> {
    let network = &cohort.network;
    let subnets = subnets_of(cohort);
    let mut sites: BTreeSet<SiteId> = network.forced_sites.iter().copied().collect();
    for subnet in &subnets {
        sites.extend(plan.sites_of_subnet(*subnet));
    }
    sites.extend(
        relevant_changes(plan, cohort)
            .iter()
            .map(|change| change.site),
    );
    let mut sites: Vec<SiteId> = sites.into_iter().collect();
    if let Some(domain) = cohort.domain.filter(|_| network.inactive_adapter) {
        let domain = &plan.domains[domain.index()];
        let others = domain.sites.iter().map(|with| with.site);
        let others: Vec<SiteId> = others.filter(|site| !sites.contains(site)).collect();
        sites.extend(others);
    }
    debug_assert!(
        sites.len() <= MOST_CANDIDATES,
        "refused when the plan was made"
    );
    sites
}

/// The subnets that count for a client of `release` at its desk or away.
fn counted(
    cohort: &Cohort,
    subnets: &[Ipv4Addr],
    first_from_sp2: bool,
    release: Release,
) -> Vec<Ipv4Addr> {
    if !cohort.network.one_adapter {
        return subnets.to_vec();
    }
    let counted = match adapters::counted_addresses(release, first_from_sp2) {
        Counted::First => subnets.first(),
        Counted::Last => subnets.last(),
        Counted::All => return subnets.to_vec(),
    };
    counted.into_iter().copied().collect()
}

/// By content: the sites that an adapter without a network is taken to be inside of.
fn by_inactive_adapter(plan: &Plan, cohort: &Cohort, candidates: &[SiteId]) -> Vec<SiteBits> {
    let domain = cohort.domain.map(|domain| &plan.domains[domain.index()]);
    let listed = |site: &SiteId| {
        let mut sites = domain.into_iter().flat_map(|domain| &domain.sites);
        sites.any(|with| with.site == *site)
    };
    let positions = (0..).zip(candidates).filter(|(_, site)| listed(site));
    let every_site = SiteBits::of(positions.map(|(position, _)| position));
    let of = |content: &Content| {
        let matches = adapters::matches(Adapter::Inactive, content.base.release(), false);
        if cohort.network.inactive_adapter && matches == Matches::EverySite {
            every_site
        } else {
            SiteBits::default()
        }
    };
    plan.contents.iter().map(of).collect()
}

fn places(
    plan: &Plan,
    cohort: &Cohort,
    candidates: &[SiteId],
    changes: &[BoundaryChange],
) -> Vec<Vec<[History<SiteBits>; 2]>> {
    let rules = &plan.rules;
    let visits = (0..cohort.network.visits.len()).map(Place::Visit);
    let by_content = |place: Place| {
        let of = |content: &Content| {
            let release = content.base.release();
            let subnets = |at| {
                let first = rules.first_address_counts;
                subnets_at(cohort, place, at, release, first)
            };
            [rules.boundaries_on_caps, rules.boundaries_on_logon_points]
                .map(|delay_s| covered(plan, cohort, candidates, changes, delay_s, subnets))
        };
        plan.contents.iter().map(of).collect()
    };
    let places = [Place::Office, Place::Away].into_iter().chain(visits);
    places.map(by_content).collect()
}

/// The subnets that count for a client of `release` at a place.
fn subnets_at(
    cohort: &Cohort,
    place: Place,
    at: Second,
    release: Release,
    first_counts: bool,
) -> Vec<Ipv4Addr> {
    let network = &cohort.network;
    let adapter = match place {
        Place::Away => Adapter::DialUp,
        Place::Office if network.dial_up => Adapter::DialUp,
        Place::Office | Place::Visit(_) => Adapter::Active,
    };
    let matches = adapters::matches(adapter, release, network.dial_up_outside);
    match (matches, place) {
        (Matches::NoSite | Matches::EverySite, _) => Vec::new(),
        (Matches::ItsSubnet, Place::Visit(office)) => vec![network.visits[office]],
        (Matches::ItsSubnet, _) => counted(cohort, &at_desk(cohort, at), first_counts, release),
    }
}

/// The subnets of a machine's own desk.
pub(super) fn at_desk(cohort: &Cohort, at: Second) -> Vec<Ipv4Addr> {
    let moved = cohort
        .network
        .moves
        .iter()
        .rev()
        .find(|(since, _)| *since <= at);
    moved.map_or_else(|| cohort.subnets.clone(), |(_, subnet)| vec![*subnet])
}

/// Changes of boundaries that concern a cohort.
pub(super) fn relevant_changes(plan: &Plan, cohort: &Cohort) -> Vec<BoundaryChange> {
    if plan.boundary_changes.is_empty() {
        return Vec::new();
    }
    let subnets = subnets_of(cohort);
    let changes = plan.boundary_changes.iter();
    let concerns = |change: &&BoundaryChange| subnets.contains(&change.subnet);
    changes.filter(concerns).copied().collect()
}

/// Which candidates cover the subnets that hold at each moment, when boundaries are told `delay_s` late.
pub(super) fn covered(
    plan: &Plan,
    cohort: &Cohort,
    candidates: &[SiteId],
    changes: &[BoundaryChange],
    delay_s: u32,
    subnets: impl Fn(Second) -> Vec<Ipv4Addr>,
) -> History<SiteBits> {
    let mut moments: Vec<Second> = changes.iter().map(|change| change.at + delay_s).collect();
    moments.extend(cohort.network.moves.iter().map(|(at, _)| *at));
    moments.sort_unstable();
    moments.dedup();
    let lists = |site: SiteId, subnet: Ipv4Addr, at: Second| {
        let told = |change: &&BoundaryChange| {
            change.site == site && change.subnet == subnet && change.at + delay_s <= at
        };
        let boundaries = &plan.sites[site.index()].boundaries;
        let last = changes.iter().rev().find(told);
        last.map_or_else(|| boundaries.contains(&subnet), |change| change.adds)
    };
    let bits = |at: Second| {
        let subnets = subnets(at);
        let covers = |site: SiteId| subnets.iter().any(|subnet| lists(site, *subnet, at));
        let positions = (0..).zip(candidates).filter(|(_, site)| covers(**site));
        SiteBits::of(positions.map(|(position, _)| position))
    };
    let mut history = History::starting_with(bits(Second::ZERO));
    for moment in moments {
        history.set(moment, bits(moment));
    }
    history
}
