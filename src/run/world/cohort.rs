//! What the clients of one cohort have in common.

use super::domain::{Alike, DomainWorld, alike};
use super::habits::{Day, HabitTables, Tables, left_on_evenings, local_days};
use super::special::Special;
use super::{SITES_PER_CLIENT, ServerId};
use crate::engine::draws::{address_of, threshold};
use crate::engine::{Draws, History, Quantiles};
use crate::plan::{Cohort, CohortId, ContentId, Domain, Plan, Platform, SiteId};
use crate::run::history::{CapState, ServerHistory};
use crate::sms::Agents;
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
    /// Sites whose boundaries hold one of the cohort's subnets.
    pub covering: Vec<CoveringSite<'a>>,
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
    /// Its position in the domain's list, and whether it installs at logon; `None` if it is not on the logon points.
    pub participation: Option<(usize, bool)>,
    /// It has logon discovery or logon installation on there.
    pub uses_logons: bool,
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
        let slow = |link_bps| link_bps < rules.slownet_threshold;
        let domain = domain.map(|domain| DomainWorld::new(plan, servers, domain));
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
            home: covering
                .first()
                .map_or(plan.sites.len(), |covering| covering.site.index()),
            alike: alike(&covering, domain.as_ref()),
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
            slow_link: slow(cohort.link_bps),
            slow_off_site: cohort.off_site_link_bps.map(slow),
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
            Some(link_bps) if off_site => link_bps,
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

fn covering_sites<'a>(
    plan: &'a Plan,
    servers: &'a ServerHistory,
    cohort: &Cohort,
    domain: Option<&Domain>,
) -> Vec<CoveringSite<'a>> {
    let covers = |site: &SiteId| {
        let boundaries = &plan.sites[site.index()].boundaries;
        cohort
            .subnets
            .iter()
            .any(|subnet| boundaries.contains(subnet))
    };
    let part = |site: SiteId| {
        let sites = domain.map(|domain| domain.sites.iter());
        sites?.position(|participation| participation.site == site)
    };
    let covering = |site: SiteId| CoveringSite {
        site,
        uses_logons: domain.zip(part(site)).is_some_and(|(domain, position)| {
            let participation = domain.sites[position];
            participation.logon_discovery || participation.logon_installation
        }),
        content: &servers.sites[site.index()],
        caps: plan.sites[site.index()]
            .caps
            .iter()
            .map(|cap| (ServerId(cap.0), &servers.caps[cap.index()]))
            .collect(),
        participation: domain
            .zip(part(site))
            .map(|(domain, position)| (position, domain.sites[position].logon_installation)),
    };
    let sites = (0..plan.sites.len()).map(|site| SiteId(site as u16));
    sites
        .filter(covers)
        .take(SITES_PER_CLIENT)
        .map(covering)
        .collect()
}
