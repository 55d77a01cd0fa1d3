//! The plan and the servers' history, laid out so that a client's day finds everything at hand.

use super::history::{CapState, LogonPointState, ServerHistory, SiteSet};
use super::tally::Grid;
use crate::engine::draws::{address_of, threshold};
use crate::engine::{Distribution, Draws, History, Quantiles, Second};
use crate::plan::{
    Cohort, CohortId, ContentId, Domain, Habits, LogonPointId, Plan, Platform, SiteId, Zone,
};
use crate::sms::defaults::{BootstrapRules, Rules};
use crate::sms::{Agents, Bootstrap, Difference};
use std::collections::HashMap;
use std::sync::Arc;

/// Most sites a client belongs to.
pub const SITES_PER_CLIENT: usize = 4;

/// A server that clients copy from: Client Access Points first, then logon points, as in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerId(pub u16);

/// What a client's life depends on, for one replication.
pub struct World<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What the servers held.
    pub servers: &'a ServerHistory,
    /// The grid of the record.
    pub grid: Grid,
    /// By cohort.
    pub cohorts: Vec<CohortWorld<'a>>,
    /// By content: what the rules need to know about it.
    pub contents: Vec<ContentFacts>,
    /// Number the draws' addresses begin with.
    pub replication: u32,
}

/// What the rules ask of a content, answered in advance.
#[derive(Clone, Debug)]
pub struct ContentFacts {
    /// Its base components against those of each content.
    pub base: Vec<Difference>,
    /// Its agents against those of each content.
    pub agents: Vec<Difference>,
    /// Rules of the bootstrap it brings to a logon point, or those the scenario forces.
    pub bootstrap: Bootstrap,
    /// Its base components are at SP2 or later.
    pub is_sp2: bool,
    /// Its release is the target's or a later one.
    pub at_target: bool,
}

/// One local day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// When it begins.
    pub begins: Second,
    /// Whether people work on it.
    pub working: bool,
}

/// Habits as tables to draw from.
#[derive(Clone, Debug)]
pub struct HabitTables {
    /// Nobody's workplace, always on.
    pub always_on: bool,
    /// Arrival [s after the day's begin].
    pub arrival: Arc<Quantiles>,
    /// Departure [s after the day's begin].
    pub departure: Arc<Quantiles>,
    /// Length of a leave [days].
    pub leave_days: Arc<Quantiles>,
    /// Draws below this are absent.
    pub absent_below: u64,
    /// Draws below this, and not below the last, begin a leave.
    pub leave_below: u64,
    /// Draws below this, and not below the last, spend the day off-site.
    pub off_site_below: u64,
    /// Threshold for a machine, or a night, to be left on.
    pub left_on: u64,
    /// Whether that is drawn per machine.
    pub left_on_by_machine: bool,
    /// Threshold for the user to stay logged on.
    pub stays_logged_on: u64,
    /// Threshold for logging off and on again during the day.
    pub relogon: u64,
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
}

/// What a logon point offers, as far as a client can tell. Who is credited changes far more often than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Content that its bootstrap and its Clicore come from.
    pub content: ContentId,
    /// The bootstrap can read Clicore's version.
    pub version_known: bool,
    /// The sites listed on it.
    pub sites: SiteSet,
}

/// What all servers of one kind that a cohort uses hold, where they hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Its Client Access Points.
    pub cap: Option<CapState>,
    /// Its logon points.
    pub offer: Option<Offer>,
}

/// The domain of a cohort.
#[derive(Clone, Debug)]
pub struct DomainWorld {
    /// Its logon points.
    pub points: Vec<(ServerId, History<Offer>)>,
    /// Every participating site.
    pub all_sites: SiteSet,
    /// Some site has logon discovery on.
    pub discovery: bool,
    /// Thresholds for the script to run SMSLS, from each moment on.
    pub script: History<u64>,
}

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
}

impl<'a> World<'a> {
    /// Lays out one replication.
    #[must_use]
    pub fn new(plan: &'a Plan, servers: &'a ServerHistory, replication: u32) -> Self {
        let mut tables = Tables::default();
        let cohorts = (0..).map(CohortId).zip(&plan.cohorts);
        let cohorts = cohorts
            .map(|(id, cohort)| {
                CohortWorld::new(plan, servers, replication, id, cohort, &mut tables)
            })
            .collect();
        World {
            plan,
            servers,
            grid: Grid::new(&plan.clock),
            cohorts,
            contents: content_facts(plan),
            replication,
        }
    }

    /// Number of servers that clients copy from.
    #[must_use]
    pub fn servers(&self) -> usize {
        self.plan.caps.len() + self.plan.logon_points.len()
    }

    /// A server's bandwidth and connection limit.
    #[must_use]
    pub fn limits(&self, server: ServerId) -> (Option<u64>, Option<u32>) {
        let caps = self.plan.caps.len();
        match self.plan.caps.get(usize::from(server.0)) {
            Some(cap) => (cap.bandwidth_bps, cap.connections),
            None => (
                self.plan.logon_points[usize::from(server.0) - caps].bandwidth_bps,
                None,
            ),
        }
    }

    /// When a server can next not be reached any more; `NEVER` for logon points, which have no outages.
    #[must_use]
    pub fn next_outage(&self, server: ServerId, now: Second) -> Second {
        let Some(history) = self.servers.caps.get(usize::from(server.0)) else {
            return Second::NEVER;
        };
        let outage = history
            .iter()
            .find(|(since, state)| *since > now && !state.reachable);
        outage.map_or(Second::NEVER, |(since, _)| since)
    }

    /// Whether transfers from a server can slow each other down or be turned away.
    #[must_use]
    pub fn is_contended(&self, server: ServerId) -> bool {
        self.limits(server) != (None, None)
    }
}

/// Tables to draw from, each made once however many cohorts use it.
#[derive(Default)]
struct Tables(HashMap<(Distribution, i64), Arc<Quantiles>>);

impl Tables {
    fn of(&mut self, distribution: Distribution, least: i64) -> Arc<Quantiles> {
        let made = self.0.entry((distribution, least));
        Arc::clone(made.or_insert_with(|| Arc::new(distribution.quantiles(least))))
    }
}

fn content_facts(plan: &Plan) -> Vec<ContentFacts> {
    let target = plan.contents[plan.target.index()].base.release();
    let facts = |content: &crate::sms::Content| ContentFacts {
        base: plan
            .contents
            .iter()
            .map(|other| content.base.compared_to(other.base))
            .collect(),
        agents: plan
            .contents
            .iter()
            .map(|other| content.agents.compared_to(other.agents))
            .collect(),
        bootstrap: match plan.rules.bootstrap_rules {
            BootstrapRules::AsShipped => Bootstrap::of(content.base.release()),
            BootstrapRules::BeforeSp2 => Bootstrap::BeforeSp2,
            BootstrapRules::Sp2 => Bootstrap::Sp2,
        },
        is_sp2: content.base.release().is_sp2_or_later(),
        at_target: content.base.release() >= target,
    };
    plan.contents.iter().map(facts).collect()
}

impl<'a> CohortWorld<'a> {
    fn new(
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
    let covering = |site: SiteId| CoveringSite {
        site,
        content: &servers.sites[site.index()],
        caps: plan.sites[site.index()]
            .caps
            .iter()
            .map(|cap| (ServerId(cap.0), &servers.caps[cap.index()]))
            .collect(),
        participation: domain.and_then(|domain| {
            let position = domain
                .sites
                .iter()
                .position(|participation| participation.site == site)?;
            Some((position, domain.sites[position].logon_installation))
        }),
    };
    let sites = (0..plan.sites.len()).map(|site| SiteId(site as u16));
    sites
        .filter(covers)
        .take(SITES_PER_CLIENT)
        .map(covering)
        .collect()
}

fn local_days(plan: &Plan, zone: &Zone, habits: &Habits) -> Vec<Day> {
    let mut date = plan.clock.first_day;
    let mut days = Vec::with_capacity(zone.day_begins.len());
    for begins in &zone.day_begins {
        days.push(Day {
            begins: *begins,
            working: habits.works_on(date),
        });
        date = date.tomorrow().unwrap_or(date);
    }
    days
}

impl HabitTables {
    fn new(habits: &Habits, tables: &mut Tables) -> Self {
        let below = |probability: f64| threshold(probability);
        HabitTables {
            always_on: habits.always_on,
            arrival: tables.of(habits.arrival, 0),
            departure: tables.of(habits.departure, 0),
            leave_days: tables.of(habits.leave_days, 1),
            absent_below: below(habits.absent),
            leave_below: below(habits.absent + habits.leave_starts),
            off_site_below: below(habits.absent + habits.leave_starts + habits.off_site),
            left_on: below(habits.left_on),
            left_on_by_machine: habits.left_on_by_machine,
            stays_logged_on: below(habits.stays_logged_on),
            relogon: below(habits.relogon),
        }
    }
}

impl DomainWorld {
    fn new(plan: &Plan, servers: &ServerHistory, domain: &Domain) -> Self {
        let caps = plan.caps.len();
        let point = |point: &LogonPointId| {
            let server = ServerId((caps + point.index()) as u16);
            (server, offers(&servers.logon_points[point.index()]))
        };
        let mut script = History::starting_with(threshold(1.0));
        for (from, share) in &domain.script_share {
            script.set(*from, threshold(*share));
        }
        DomainWorld {
            points: domain.logon_points.iter().map(point).collect(),
            all_sites: SiteSet::first(domain.sites.len()),
            discovery: domain
                .sites
                .iter()
                .any(|participation| participation.logon_discovery),
            script,
        }
    }
}

fn offers(held: &History<LogonPointState>) -> History<Offer> {
    let offer = |state: &LogonPointState| Offer {
        content: state.content,
        version_known: state.credit.version_known,
        sites: state.sites,
    };
    held.map(offer)
}

/// Lays the histories of a cohort's servers over each other.
fn alike(covering: &[CoveringSite<'_>], domain: Option<&DomainWorld>) -> History<Alike> {
    let caps: Vec<_> = covering
        .iter()
        .flat_map(|site| site.caps.iter().map(|(_, history)| *history))
        .collect();
    let points: Vec<_> = domain
        .iter()
        .flat_map(|domain| domain.points.iter().map(|(_, history)| history))
        .collect();
    let changes = caps
        .iter()
        .flat_map(|history| history.iter().map(|(since, _)| since));
    let changes = changes.chain(
        points
            .iter()
            .flat_map(|history| history.iter().map(|(since, _)| since)),
    );
    let mut moments: Vec<Second> = changes.collect();
    moments.sort_unstable();
    moments.dedup();
    let at = |moment| Alike {
        cap: common(&caps, moment),
        offer: common(&points, moment),
    };
    let mut alike = History::starting_with(at(Second::ZERO));
    for moment in moments {
        alike.set(moment, at(moment));
    }
    alike
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
