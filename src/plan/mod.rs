//! The validated plan: plain data, complete, with every default filled in and every name resolved.
//!
//! Nothing in here can be wrong any more: whoever holds a [`Plan`] may index its tables with its ids. How a plan is
//! written in TOML, and what can be wrong with that, is the business of `scenario`.

pub mod calendar;
pub mod campaigns;
pub mod compared;
pub mod habits;
pub mod knob;
pub mod misfortunes;
mod not_in;
pub mod questions;
pub mod rings;
pub mod risks;
pub mod site;
pub mod study;
pub mod threshold;
pub mod whereabouts;

pub use calendar::{Clock, Zone};
pub use campaigns::{Circumstances, SiteConditions};
pub use compared::{COMPARED, Compared};
pub use habits::Habits;
pub use knob::{Axis, Knob, Scale, Setting};
pub use misfortunes::{CopylogDamage, CopylogPin, Doubt, Mishap, Outages, PreferredCap};
pub use not_in::{LeftOut, NotRead};
pub use questions::Questions;
pub use site::{Address, AppliedHotfix, Hotfix, Site};
pub use study::{Percentile, Statistic, StudyOptions, Until};
pub use threshold::{Caps, Curve, Measure, Relation, Threshold};
pub use whereabouts::{AccountChange, BoundaryChange, Intake, Network};

use crate::engine::{Distribution, History, Second};
pub use crate::sms::Agents;
use crate::sms::Content;
use crate::sms::defaults::Rules;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Writes a newtype that indexes one table of the plan.
macro_rules! ids {
    ($( $(#[doc = $doc:literal])+ $name:ident($inner:ty); )+) => { $(
        $(#[doc = $doc])+
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub $inner);

        impl $name {
            /// Position in the plan's table.
            #[inline]
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+ };
}

ids! {
    /// A site of [`Plan::sites`].
    SiteId(u16);
    /// A Client Access Point of [`Plan::caps`].
    CapId(u16);
    /// A domain of [`Plan::domains`].
    DomainId(u16);
    /// A logon point of [`Plan::logon_points`].
    LogonPointId(u16);
    /// A cohort of [`Plan::cohorts`].
    CohortId(u32);
    /// A content of [`Plan::contents`].
    ContentId(u8);
    /// A time zone of [`Plan::zones`].
    ZoneId(u16);
    /// Habits of [`Plan::habits`].
    HabitsId(u16);
}

/// A rollout, ready to be simulated.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the scenario, which also names its results folder.
    pub name: String,
    /// First number of every draw's address.
    pub seed: u64,
    /// Number of independent replications, at least 1.
    pub replications: u32,
    /// When the run begins, is recorded from, and ends.
    pub clock: Clock,
    /// Time zones in use; the first is the scenario's own.
    pub zones: Vec<Zone>,
    /// Every version that occurs, from the oldest base to the newest.
    pub contents: Vec<Content>,
    /// The content whose arrival on a client counts as convergence: the newest that the rollout brings.
    pub target: ContentId,
    /// Sites in the order of the scenario.
    pub sites: Vec<Site>,
    /// Client Access Points, site by site.
    pub caps: Vec<ClientAccessPoint>,
    /// Domains in the order of the scenario.
    pub domains: Vec<Domain>,
    /// Logon points, domain by domain, the PDC first in each.
    pub logon_points: Vec<LogonPoint>,
    /// Habits in use.
    pub habits: Vec<Habits>,
    /// Clients by cohort.
    pub cohorts: Vec<Cohort>,
    /// Site upgrades in the order of the scenario.
    pub rollout: Vec<Upgrade>,
    /// Subnets that enter or leave boundaries during the run, in time order.
    pub boundary_changes: Vec<BoundaryChange>,
    /// The numbers of the model.
    pub rules: Rules,
    /// Names of the rules the scenario set itself.
    pub rules_set: Vec<String>,
    /// Time that the scenario wants between its last hotfix and its first SP2 site \[s\]; 0: whatever a cycle takes.
    pub hotfix_soak_s: u32,
    /// Limits that replications have to keep.
    pub thresholds: Vec<Threshold>,
    /// Which percentiles are told, and when there are enough replications.
    pub study: StudyOptions,
    /// What to write besides the summary tables.
    pub results: ResultOptions,
    /// Rows of inventories and tables that are not in this plan.
    pub left_out: Vec<LeftOut>,
    /// Columns of inventories and tables that say nothing here.
    pub not_read: Vec<NotRead>,
}

/// What a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultOptions {
    /// Whether `clients.csv` is written, one row per client. Costs memory in proportion to the fleet.
    pub clients: bool,
}

/// A Client Access Point: it serves one site only (Q263063).
#[derive(Clone, Debug)]
pub struct ClientAccessPoint {
    /// Name in results.
    pub name: String,
    /// The site it belongs to.
    pub site: SiteId,
    /// Bandwidth its clients share [bit/s]; none: it never slows anybody.
    pub bandwidth_bps: Option<u64>,
    /// Most transfers at a time (Q208618); none: no limit.
    pub connections: Option<u32>,
    /// Bandwidth from the site server to it [bit/s]; none: its own, or as the rule says.
    pub link_bps: Option<u64>,
    /// When it cannot be reached.
    pub outages: Outages,
    /// When a stale Inboxlck.tok lies on it (Q275617).
    pub stale_locks: Outages,
    /// When it was set up; the first second if it was there before.
    pub added: Second,
    /// When it is taken away; `NEVER` if it stays.
    pub removed: Second,
}

/// An NT domain whose controllers are logon points.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Name, as clients log on to it.
    pub name: String,
    /// Its controllers, the PDC first: positions in [`Plan::logon_points`].
    pub logon_points: Vec<LogonPointId>,
    /// Sites that manage these logon points.
    pub sites: Vec<Participation>,
    /// The site that Senior.lst on the PDC names, if there is such a file (Q235726).
    pub senior: Option<SiteId>,
    /// When that file is taken away or lost; `NEVER` if it stays.
    pub senior_until: Second,
    /// The PDC does not meet the requirements of a logon point, so that the domain has none (Q225542).
    pub pdc_unfit: bool,
    /// Copylog.tcf edited by hand and locked (Q264630).
    pub copylog_pin: Option<CopylogPin>,
    /// Moments at which Copylog.tcf is damaged (Q264976).
    pub copylog_damage: Vec<CopylogDamage>,
    /// Time between two cycles of Logon Server Manager \[s\].
    pub lsm_interval_s: u32,
    /// Bandwidth from site servers to its controllers [bit/s].
    pub link_bps: u64,
    /// Share of users whose logon script runs SMSLS, from each moment on; in time order, the first at the first second.
    pub script_share: Vec<(Second, f64)>,
}

impl Domain {
    /// Most sites that can share a domain.
    pub const MOST_SITES: usize = 128;
}

/// What a site does in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// The site.
    pub site: SiteId,
    /// Windows Networking Logon Discovery, when the simulation begins.
    pub logon_discovery: bool,
    /// Windows Networking Logon Client Installation, when the simulation begins.
    pub logon_installation: bool,
    /// When the site leaves the domain's logon points (Q263345); `NEVER` if it stays.
    pub leaves: Second,
    /// From when on either is on or off; in time order.
    pub changes: Vec<ParticipationChange>,
}

/// A site switches its logon methods on or off (Q236596).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParticipationChange {
    /// When.
    pub at: Second,
    /// Whether logon discovery is on from then.
    pub logon_discovery: bool,
    /// Whether logon installation is on from then.
    pub logon_installation: bool,
}

impl Participation {
    fn last(&self, at: Second) -> Option<&ParticipationChange> {
        self.changes.iter().rev().find(|change| change.at <= at)
    }

    /// Whether logon discovery is on at `at`; at a site that has left it is not.
    #[must_use]
    pub fn discovers(&self, at: Second) -> bool {
        let last = self.last(at);
        at < self.leaves && last.map_or(self.logon_discovery, |change| change.logon_discovery)
    }

    /// Whether logon installation is on at `at`; at a site that has left it is not.
    #[must_use]
    pub fn installs(&self, at: Second) -> bool {
        let last = self.last(at);
        at < self.leaves && last.map_or(self.logon_installation, |change| change.logon_installation)
    }

    /// What `of` says of it, from each moment on.
    #[must_use]
    pub fn over_time(&self, of: impl Fn(&Self, Second) -> bool) -> History<bool> {
        let mut history = History::starting_with(of(self, Second::ZERO));
        let mut moments: Vec<Second> = self.changes.iter().map(|change| change.at).collect();
        moments.extend(self.leaves.is_set().then_some(self.leaves));
        moments.sort_unstable();
        for moment in moments {
            history.set(moment, of(self, moment));
        }
        history
    }
}

/// A domain controller.
#[derive(Clone, Debug)]
pub struct LogonPoint {
    /// Name in results.
    pub name: String,
    /// Its domain.
    pub domain: DomainId,
    /// Bandwidth its clients share [bit/s]; none: it never slows anybody.
    pub bandwidth_bps: Option<u64>,
    /// When it cannot be reached.
    pub outages: Outages,
}

/// The client's operating system family, as far as the rules care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Windows NT 4.0 and Windows 2000: the client service runs without a user.
    Nt,
    /// Windows 95 and 98: nothing runs without a logged-on user, and files in use wait for a restart.
    Win9x,
}

/// Clients that are alike but for chance.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Name in results.
    pub name: String,
    /// Number of clients.
    pub count: u32,
    /// Their names, where an inventory gave them; else a client is called by cohort and number.
    pub names: Option<Vec<Box<str>>>,
    /// The domain they log on to; none: no logon script ever runs.
    pub domain: Option<DomainId>,
    /// Subnet of each network adapter, or of each address of the only one.
    pub subnets: Vec<Ipv4Addr>,
    /// How they are on the network, and where they go.
    pub network: Network,
    /// Operating system family.
    pub platform: Platform,
    /// When their users come and go.
    pub habits: HabitsId,
    /// Time zone of those habits.
    pub zone: ZoneId,
    /// What is installed when the simulation begins; none: no SMS client yet.
    pub installed: Option<ContentId>,
    /// When these machines are first switched on.
    pub appear: Second,
    /// Speed of the link [bit/s].
    pub link_bps: u64,
    /// Speed of the dial-up link used on days off-site [bit/s]; none: no network on such days.
    pub off_site_link_bps: Option<u64>,
    /// The Client Access Point that they were told to prefer (Q235873).
    pub preferred_cap: Option<PreferredCap>,
    /// Share of clients in travel mode, which keeps them assigned outside their boundaries (Q199114).
    pub travel_mode: f64,
    /// Optional agents.
    pub agents: Agents,
    /// Bytes a service pack brings to one client, over both stages.
    pub upgrade_size: Distribution,
    /// Time from the request until the user restarts a Windows 9x machine \[s\]; none: not before the next start.
    pub restart_after: Option<Distribution>,
    /// What sets some of them apart, and the campaigns that concern them.
    pub circumstances: Circumstances,
}

impl Cohort {
    /// Most sites that one client can belong to at a time.
    pub const SITES_PER_CLIENT: usize = 4;
    /// Most sites that clients of one cohort can come to belong to in the course of a run.
    pub const MOST_CANDIDATES: usize = 14;

    /// What the cohort's draws are addressed by: its name; its group's where an inventory gives clients names of their
    /// own, whatever kinds of rows there are besides.
    #[must_use]
    pub fn population(&self) -> &str {
        let group = self.names.as_ref().and(self.name.rsplit_once('@'));
        group.map_or(&self.name, |(group, _)| group)
    }
}

/// Where a secondary site's setup files come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Sent by the parent (Q199250).
    Push,
    /// On the spot: every primary site, and a secondary upgraded from CD.
    Media,
}

/// One line of the rollout: a site goes to a release.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// The site.
    pub site: SiteId,
    /// What it runs afterwards.
    pub to: ContentId,
    /// When setup or the push is started.
    pub at: Second,
    /// Where the files come from.
    pub source: Source,
    /// Whether the child may be upgraded before its parent.
    pub forced: bool,
    /// Whether a cycle of Logon Server Manager is forced as soon as the site runs the new release (Q270036).
    pub force_lsm: bool,
    /// Whether database and metering server were looked after first, so that setup neither hangs nor dies midway
    /// (Q238093, Q258547).
    pub precheck: bool,
    /// What certainly goes wrong at the first attempt.
    pub mishap: Option<Mishap>,
}

impl Plan {
    /// Replications after which there is nothing more to do, whatever came of them.
    #[must_use]
    pub fn most_replications(&self) -> u32 {
        let until = self.study.until.as_ref();
        until
            .map_or(self.replications, |until| until.at_most)
            .max(1)
    }

    /// Clients in all cohorts together.
    #[must_use]
    pub fn clients(&self) -> u64 {
        self.cohorts
            .iter()
            .map(|cohort| u64::from(cohort.count))
            .sum()
    }

    /// The name of one client.
    #[must_use]
    pub fn client_name(&self, cohort: CohortId, number: u32) -> String {
        let cohort = &self.cohorts[cohort.index()];
        match &cohort.names {
            Some(names) => names[number as usize].to_string(),
            None => format!("{}-{:06}", cohort.name, number + 1),
        }
    }

    /// Sites whose boundaries hold `subnet` exactly (Q200344), in the order of the plan.
    pub fn sites_of_subnet(&self, subnet: Ipv4Addr) -> impl Iterator<Item = SiteId> + '_ {
        let holds = move |site: &Site| site.boundaries.contains(&subnet);
        (0..)
            .zip(&self.sites)
            .filter(move |(_, site)| holds(site))
            .map(|(id, _)| SiteId(id))
    }
}
