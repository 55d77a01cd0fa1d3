//! What the clients of one cohort have in common.

use super::coverage::{Coverage, Place, SiteBits, Told, candidates};
use super::domain::{Alike, DomainWorld, alike};
use super::habits::{Day, HabitTables, Tables, left_on_evenings, local_days};
use super::push::PushWorld;
use super::special::Special;
use super::{SITES_PER_CLIENT, ServerId};
use crate::engine::draws::{address_of, threshold};
use crate::engine::{Draws, History, Quantiles, Second};
use crate::plan::{
    AccountChange, CapId, Cohort, CohortId, ContentId, Domain, Participation, Plan, Platform,
    SiteId,
};
use crate::run::history::{CapState, ServerHistory};
use crate::sms::Agents;
use crate::sms::adapters::{DialUpPolicy, link_is_slow};
use crate::sms::assignment::SiteTravelMode;
use crate::sms::defaults::Rules;
use std::sync::Arc;

/// What the clients of one cohort have in common.
pub struct CohortWorld<'a> {
    /// Which cohort.
    pub id: CohortId,
    /// The plan's entry.
    pub plan: &'a Cohort,
    /// The numbers of the model.
    pub rules: &'a Rules,
    /// Daily draws: traits first, then the words of each day.
    pub daily: Draws,
    /// Rare draws, addressed by day and purpose.
    pub rare: Draws,
    /// Local days.
    pub days: Vec<Day>,
    /// Habits.
    pub habits: HabitTables,
    /// Sites the cohort can ever belong to: those whose boundaries hold one of its subnets, at some time at least.
    pub covering: Vec<CoveringSite<'a>>,
    /// Those that its clients belong to at first.
    pub at_first: SiteBits,
    /// Which of them do when and where; `None`: all of them, always.
    pub coverage: Option<Box<Coverage>>,
    /// Those that push themselves onto its machines, if any does.
    pub push: Option<Box<PushWorld>>,
    /// Some site's connection account changes its password, or the machines lose their identity.
    pub accounts_change: bool,
    /// The link at the desk is dial-up.
    pub dial_up: bool,
    /// What dial-up users may do.
    pub dial_up_policy: DialUpPolicy,
    /// Threshold for a Windows 9x client to be removed before it can be moved.
    pub site_move_race: u64,
    /// Time until network discovery finds a machine.
    pub network_discovery_after: Arc<Quantiles>,
    /// Row of the record the clients count under.
    pub home: usize,
    /// The domain they log on to.
    pub domain: Option<DomainWorld>,
    /// What all its servers hold alike, and until when: spares a client the look at each of them.
    pub alike: History<Alike>,
    /// Windows 95 or 98.
    pub win9x: bool,
    /// Optional agents.
    pub agents: Agents,
    /// Slownet finds the link too slow.
    pub slow_link: bool,
    /// The same on days off-site; `None`: no network then.
    pub slow_off_site: Option<bool>,
    /// Threshold for a client to be in travel mode.
    pub travel_mode: u64,
    /// Bytes of a service pack.
    pub upgrade_size: Arc<Quantiles>,
    /// Time to restart.
    pub restart_after: Option<Arc<Quantiles>>,
    /// Time to install the base.
    pub base_install_time: Arc<Quantiles>,
    /// Time until APM begins.
    pub agents_after: Arc<Quantiles>,
    /// Time to install the agents.
    pub agents_install_time: Arc<Quantiles>,
    /// Threshold for an installation to fail.
    pub install_failure: u64,
    /// Threshold for an early restart to break the client.
    pub early_restart_breaks: u64,
    /// Time after which a policy restarts machines that wait for it \[s\].
    pub mandatory_restart_s: Option<u32>,
    /// By day: threshold for a machine that would be switched off that evening to be left on. `None` without campaign.
    pub left_on_evenings: Option<Vec<u64>>,
    /// Campaigns, and what sets some of its clients apart; `None` for most cohorts.
    pub special: Option<Box<Special>>,
}

/// A site that covers a cohort.
#[derive(Clone, Debug)]
pub struct CoveringSite<'a> {
    /// The site.
    pub site: SiteId,
    /// What its server runs.
    pub content: &'a History<ContentId>,
    /// Its Client Access Points, with their number among the servers.
    pub caps: Vec<(ServerId, &'a History<CapState>)>,
    /// Its position in the domain's list, and from when on it installs at logon; `None` if it is not on the logon points.
    pub participation: Option<(usize, History<bool>)>,
    /// From when on it has logon discovery or logon installation on there.
    pub uses_logons: History<bool>,
    /// What it says about travel mode.
    pub travel_mode: SiteTravelMode,
    /// Changes of its connection account, where the clients depend on that.
    pub accounts: &'a [AccountChange],
    /// What clients have to learn about its Client Access Points; `None` if they have known all of them for ever, and
    /// like them equally.
    pub to_learn: Option<CapList>,
}

/// Client Access Points that come and go, or that are preferred to others: a client knows what its last cycle read.
#[derive(Clone, Debug)]
pub struct CapList {
    /// From when until when each is listed.
    pub listed: Vec<(Second, Second)>,
    /// The preferred one.
    pub preferred: Option<Preferred>,
}

/// The preferred Client Access Point of a site.
#[derive(Clone, Copy, Debug)]
pub struct Preferred {
    /// Its position among the site's.
    pub position: usize,
    /// Since when clients can learn of it.
    pub from: Second,
    /// When every other way of choosing ends.
    pub only_from: Second,
}

impl<'a> CohortWorld<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        servers: &'a ServerHistory,
        replication: u32,
        id: CohortId,
        cohort: &'a Cohort,
        tables: &mut Tables,
    ) -> Self {
        let rules = &plan.rules;
        let population = address_of(cohort.population());
        let draws = |family| Draws::new(plan.seed, u64::from(replication), population, family);
        let domain = cohort.domain.map(|domain| &plan.domains[domain.index()]);
        let covering = covering_sites(plan, servers, cohort, domain);
        let network = &cohort.network;
        let slow = |link_bps, dial_up| link_is_slow(link_bps, dial_up, rules.slownet_threshold);
        let slow_off_site = match cohort.off_site_link_bps {
            _ if !network.visits.is_empty() => Some(slow(cohort.link_bps, false)),
            link_bps => link_bps.map(|link_bps| slow(link_bps, true)),
        };
        let domain = domain.map(|domain| DomainWorld::new(plan, servers, domain));
        let coverage = Coverage::new(plan, cohort, &covering).map(Box::new);
        let at_first = first_sites(&coverage, cohort.installed, covering.len());
        let home = (0..covering.len()).find(|position| at_first.has(*position));
        CohortWorld {
            id,
            plan: cohort,
            rules,
            daily: draws(0),
            rare: draws(1),
            days: local_days(
                plan,
                &plan.zones[cohort.zone.index()],
                &plan.habits[cohort.habits.index()],
            ),
            habits: HabitTables::new(&plan.habits[cohort.habits.index()], tables),
            at_first,
            home: covering
                .get(home.unwrap_or(0))
                .map_or(plan.sites.len(), |covering| covering.site.index()),
            alike: alike(&covering, domain.as_ref()),
            push: PushWorld::new(plan, servers, cohort, &covering),
            accounts_change: can_be_cut_off(cohort, &covering),
            dial_up: network.dial_up,
            dial_up_policy: network.dial_up_policy,
            site_move_race: threshold(rules.site_move_race),
            network_discovery_after: tables.of(rules.network_discovery_after, 0),
            coverage,
            special: Special::new(plan, &cohort.circumstances, &covering),
            left_on_evenings: left_on_evenings(
                plan,
                &plan.habits[cohort.habits.index()],
                &cohort.circumstances.left_on,
            ),
            mandatory_restart_s: cohort.circumstances.mandatory_restart_s,
            covering,
            domain,
            win9x: cohort.platform == Platform::Win9x,
            agents: cohort.agents,
            slow_link: slow(cohort.link_bps, network.dial_up),
            slow_off_site,
            travel_mode: threshold(cohort.travel_mode),
            upgrade_size: tables.of(cohort.upgrade_size, 0),
            restart_after: cohort.restart_after.map(|after| tables.of(after, 1)),
            base_install_time: tables.of(rules.base_install_time, 0),
            agents_after: tables.of(rules.agents_after, 0),
            agents_install_time: tables.of(rules.agents_install_time, 0),
            install_failure: threshold(rules.install_failure),
            early_restart_breaks: threshold(rules.early_restart_breaks),
        }
    }

    /// Speed of the link in use [bit/s], at least 1.
    #[must_use]
    pub fn link_bps(&self, off_site: bool) -> u64 {
        let link_bps = match self.plan.off_site_link_bps {
            Some(link_bps) if off_site && self.plan.network.visits.is_empty() => link_bps,
            _ => self.plan.link_bps,
        };
        link_bps.max(1)
    }

    /// The number that addresses one client's draws: its place in the cohort, or what its name gives.
    #[must_use]
    pub fn address(&self, number: u32) -> u64 {
        match &self.plan.names {
            Some(names) => address_of(&names[number as usize]),
            None => u64::from(number),
        }
    }
}

/// Whether some site's connection account changes its password, or the machines' identity is lost.
fn can_be_cut_off(cohort: &Cohort, covering: &[CoveringSite<'_>]) -> bool {
    let renewed = cohort.circumstances.new_identity.is_some();
    renewed || covering.iter().any(|site| !site.accounts.is_empty())
}

/// What the clients of a cohort have to learn about a site's Client Access Points.
fn cap_list(plan: &Plan, cohort: &Cohort, site: SiteId) -> Option<CapList> {
    let caps = &plan.sites[site.index()].caps;
    let listed = |cap: &CapId| {
        let cap = &plan.caps[cap.index()];
        (cap.added, cap.removed)
    };
    let listed: Vec<(Second, Second)> = caps.iter().map(listed).collect();
    let preferred = cohort.preferred_cap.and_then(|preferred| {
        Some(Preferred {
            position: caps.iter().position(|cap| *cap == preferred.cap)?,
            from: preferred.from,
            only_from: preferred.only_from,
        })
    });
    let always = (Second::ZERO, Second::NEVER);
    let something = preferred.is_some() || listed.iter().any(|span| *span != always);
    something.then_some(CapList { listed, preferred })
}

fn covering_sites<'a>(
    plan: &'a Plan,
    servers: &'a ServerHistory,
    cohort: &Cohort,
    domain: Option<&Domain>,
) -> Vec<CoveringSite<'a>> {
    let part = |site: SiteId| {
        let sites = domain.map(|domain| domain.sites.iter());
        sites?.position(|participation| participation.site == site)
    };
    let covering = |site: SiteId| CoveringSite {
        site,
        uses_logons: domain.zip(part(site)).map_or(
            History::starting_with(false),
            |(domain, position)| {
                domain.sites[position].over_time(|with, at| with.discovers(at) || with.installs(at))
            },
        ),
        content: &servers.sites[site.index()],
        caps: plan.sites[site.index()]
            .caps
            .iter()
            .map(|cap| (ServerId(cap.0), &servers.caps[cap.index()]))
            .collect(),
        participation: domain.zip(part(site)).map(|(domain, position)| {
            let installs = domain.sites[position].over_time(Participation::installs);
            (position, installs)
        }),
        travel_mode: plan.sites[site.index()].intake.travel_mode,
        accounts: match cohort.platform {
            Platform::Nt => &plan.sites[site.index()].intake.account_changes,
            Platform::Win9x => &[],
        },
        to_learn: cap_list(plan, cohort, site),
    };
    candidates(plan, cohort).into_iter().map(covering).collect()
}

/// The sites that a client belongs to when the simulation begins: those that cover it, as far as its list has room.
fn first_sites(
    coverage: &Option<Box<Coverage>>,
    installed: Option<ContentId>,
    candidates: usize,
) -> SiteBits {
    let all = SiteBits::of(0..candidates.min(SITES_PER_CLIENT));
    let Some(coverage) = coverage else {
        return all;
    };
    let content = installed.map_or(0, ContentId::index);
    let inside = coverage.by_subnet(Second::ZERO, Place::Office, content, Told::ByCap);
    let covering = (0..candidates).filter(|position| inside.and(coverage.forced).has(*position));
    SiteBits::of(covering.take(SITES_PER_CLIENT))
}
