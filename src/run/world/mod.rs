//! The plan and the servers' history, laid out so that a client's day finds everything at hand.

mod cohort;
pub mod coverage;
mod domain;
mod habits;
mod push;
pub mod special;

pub use cohort::{CapList, CohortWorld, CoveringSite, Preferred};
pub use coverage::{Coverage, Place, SiteBits, Told};
pub use domain::{Alike, DomainWorld, Offer};
pub use habits::{Day, HabitTables};
pub use push::{PushSite, PushWorld};

use super::history::ServerHistory;
use super::tally::Grid;
use crate::engine::Second;
use crate::plan::{Cohort, CohortId, Plan};
use crate::sms::defaults::BootstrapRules;
use crate::sms::{Bootstrap, Difference};
use habits::Tables;

/// Most sites a client belongs to.
pub const SITES_PER_CLIENT: usize = Cohort::SITES_PER_CLIENT;

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

    /// When a server can next not be reached any more; `NEVER` if it always can.
    #[must_use]
    pub fn next_outage(&self, server: ServerId, now: Second) -> Second {
        let server = usize::from(server.0);
        let outage = match self.servers.caps.get(server) {
            Some(cap) => cap
                .iter()
                .find(|(since, state)| *since > now && !state.reachable)
                .map(|(since, _)| since),
            None => self.servers.logon_points[server - self.plan.caps.len()]
                .iter()
                .find(|(since, state)| *since > now && !state.reachable)
                .map(|(since, _)| since),
        };
        outage.unwrap_or(Second::NEVER)
    }

    /// Whether transfers from a server can slow each other down or be turned away.
    #[must_use]
    pub fn is_contended(&self, server: ServerId) -> bool {
        self.limits(server) != (None, None)
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
