//! What is recorded of a run: sums of integers, so that parts of a fleet can be simulated anywhere and added up in any
//! order.

pub use crate::plan::Curve;

use crate::engine::{Second, Usage, sparse};
use crate::plan::{Clock, CohortId, ContentId, SiteId};
use crate::sms::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod decisions;
mod sums;

pub use decisions::Decisions;

/// Where a client is on its way. It is in exactly one of these at any moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum ClientState {
    /// No SMS client on the machine.
    NotInstalled,
    /// Older than the target, with nothing under way.
    Waiting,
    /// Copying from a server.
    Transferring,
    /// Installing what it copied.
    Installing,
    /// Waiting for the machine to be restarted.
    RestartPending,
    /// Base components at the target, agents still to come.
    AgentsPending,
    /// Base components and every agent at the target, no restart pending.
    Converged,
    /// Base components newer than every Client Access Point of its sites, agents left alone.
    Mixed,
    /// In need of a desk visit.
    Broken,
}

impl ClientState {
    /// Every state, in the order of the results' columns.
    pub const ALL: [ClientState; 9] = [
        ClientState::NotInstalled,
        ClientState::Waiting,
        ClientState::Transferring,
        ClientState::Installing,
        ClientState::RestartPending,
        ClientState::AgentsPending,
        ClientState::Converged,
        ClientState::Mixed,
        ClientState::Broken,
    ];

    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ClientState::NotInstalled => "not_installed",
            ClientState::Waiting => "waiting",
            ClientState::Transferring => "transferring",
            ClientState::Installing => "installing",
            ClientState::RestartPending => "restart_pending",
            ClientState::AgentsPending => "agents_pending",
            ClientState::Converged => "converged",
            ClientState::Mixed => "mixed",
            ClientState::Broken => "broken",
        }
    }
}

/// Number of client states.
pub const STATES: usize = ClientState::ALL.len();

/// Steps of the milestone record per interval.
pub const FINE_STEPS: u32 = 12;

/// The time grid of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// First recorded second.
    pub start: Second,
    /// First second after the run.
    pub end: Second,
    /// Width of an interval \[s\].
    pub interval_s: u32,
    /// Number of intervals.
    pub intervals: usize,
    /// 2^64 divided by the width, rounded up: exact division by multiplication, as it is done for every event.
    reciprocal: u64,
}

impl Grid {
    /// The grid of a run's clock.
    #[must_use]
    pub fn new(clock: &Clock) -> Self {
        Grid::spanning(clock.start, clock.end, clock.interval_s)
    }

    /// A grid of intervals of `interval_s` \[s\] (above 0) from `start` to `end`; the last may be shorter.
    #[must_use]
    pub fn spanning(start: Second, end: Second, interval_s: u32) -> Self {
        Grid {
            start,
            end,
            interval_s,
            intervals: end.since(start).div_ceil(interval_s) as usize,
            reciprocal: (u64::MAX / u64::from(interval_s)).wrapping_add(1),
        }
    }

    /// The interval a recorded second falls into; `None` before the start and after the end.
    #[inline]
    #[must_use]
    pub fn interval(&self, at: Second) -> Option<usize> {
        (at >= self.start && at < self.end).then(|| self.intervals_in(at.0 - self.start.0))
    }

    /// Whole intervals in a span \[s\].
    #[inline]
    fn intervals_in(&self, span_s: u32) -> usize {
        if self.interval_s == 1 {
            return span_s as usize; // whose reciprocal does not fit
        }
        ((u128::from(self.reciprocal) * u128::from(span_s)) >> 64) as usize
    }

    /// Width of a step of the milestone record \[s\].
    #[must_use]
    pub fn fine_step_s(&self) -> u32 {
        (self.interval_s / FINE_STEPS).max(1)
    }

    /// Number of steps of the milestone record.
    #[must_use]
    pub fn fine_steps(&self) -> usize {
        self.end.since(self.start).div_ceil(self.fine_step_s()) as usize
    }
}

/// What is recorded of the clients of one site, by the site whose boundaries they lie in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteTally {
    /// Clients.
    pub clients: u64,
    /// Clients in each state when the record begins.
    pub states_at_start: [i64; STATES],
    /// Net change of each state's count per interval.
    #[serde(with = "sparse")]
    pub state_changes: Vec<[i32; STATES]>,
    /// Clients on each curve when the record begins.
    pub curves_at_start: [i64; 3],
    /// Net change of each curve's count per interval.
    #[serde(with = "sparse")]
    pub curve_changes: Vec<[i32; 3]>,
    /// Net change of the converged clients per fine step, for milestones.
    #[serde(with = "sparse")]
    pub converged_changes: Vec<i32>,
    /// Clients that had not converged at the end and never were within the rollout's reach.
    pub out_of_reach: u64,
    /// Decisions by reason and interval.
    pub decisions: Decisions,
}

/// What is recorded of one server, a Client Access Point or a logon point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTally {
    /// Transfers: bits, number, longest queue, turned away. The queue is known only where bandwidth is limited.
    pub usage: Usage,
    /// Small reads per interval: cycles at a Client Access Point, logons at a logon point.
    #[serde(with = "sparse")]
    pub reads: Vec<u32>,
    /// Bytes of small reads per interval.
    #[serde(with = "sparse")]
    pub read_bytes: Vec<u64>,
}

/// What went wrong, or cost somebody something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Trouble {
    /// Base components newer than every Client Access Point of the client's sites.
    Mixed,
    /// In need of a desk visit.
    Broken,
    /// An upgrade that was cut short or failed and had to start over.
    Aborted,
    /// A restart asked of a user.
    RestartAsked,
    /// A new machine on which nothing could be installed yet.
    NewBlocked,
    /// A site that a client removed.
    SiteRemoved,
    /// Agents that the client service does not start, because their checksums do not fit.
    AgentsBlocked,
    /// A machine kept busy by a bootstrap that waits.
    Sluggish,
    /// Not converged when the run ended.
    NotConverged,
    /// A site that a client should not have joined.
    WrongSite,
    /// A site that a client should have joined, and was not added to it.
    SecondSite,
    /// A client whose inventory the site server deletes.
    InventoryPurged,
    /// A request to push a client that came to nothing.
    PushFailed,
    /// Attempts to push an earlier release onto a newer client.
    WastedPush,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Trouble; 14] = [
        Trouble::Mixed,
        Trouble::Broken,
        Trouble::Aborted,
        Trouble::RestartAsked,
        Trouble::NewBlocked,
        Trouble::SiteRemoved,
        Trouble::AgentsBlocked,
        Trouble::Sluggish,
        Trouble::NotConverged,
        Trouble::WrongSite,
        Trouble::SecondSite,
        Trouble::InventoryPurged,
        Trouble::PushFailed,
        Trouble::WastedPush,
    ];

    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Mixed => "mixed",
            Trouble::Broken => "broken",
            Trouble::Aborted => "aborted",
            Trouble::RestartAsked => "restart asked",
            Trouble::NewBlocked => "new client blocked",
            Trouble::SiteRemoved => "site removed",
            Trouble::AgentsBlocked => "agents blocked",
            Trouble::Sluggish => "sluggish",
            Trouble::NotConverged => "not converged",
            Trouble::WrongSite => "wrong site joined",
            Trouble::SecondSite => "second site left out",
            Trouble::InventoryPurged => "inventory purged",
            Trouble::PushFailed => "push failed",
            Trouble::WastedPush => "wasted push",
        }
    }
}

impl Trouble {
    /// Whether it lasts until something cures it; the others happen and are over.
    #[must_use]
    pub fn lasts(self) -> bool {
        matches!(
            self,
            Trouble::Mixed
                | Trouble::Broken
                | Trouble::NewBlocked
                | Trouble::AgentsBlocked
                | Trouble::WastedPush
        )
    }
}

/// Clients named as examples of one trouble.
pub const EXAMPLES: usize = 5;

/// How much of one trouble there was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubleTally {
    /// Times it happened.
    pub cases: u64,
    /// Cases that were over before the run ended.
    pub cured: u64,
    /// Time clients spent in it \[s\].
    pub client_seconds: u64,
    /// The first few clients it happened to, by cohort and number.
    pub examples: Vec<(CohortId, u32)>,
    /// How many of the cases each cohort had.
    pub by_cohort: BTreeMap<CohortId, u64>,
}

impl TroubleTally {
    /// Counts one more case.
    pub fn add_case(&mut self, who: (CohortId, u32)) {
        self.cases += 1;
        *self.by_cohort.entry(who.0).or_default() += 1;
        self.add_example(who);
    }

    /// Keeps the first few clients in the order of the plan, whatever order they come in.
    pub fn add_example(&mut self, who: (CohortId, u32)) {
        if self
            .examples
            .last()
            .is_some_and(|last| self.examples.len() == EXAMPLES && *last <= who)
        {
            return;
        }
        if let Err(place) = self.examples.binary_search(&who) {
            self.examples.insert(place, who);
            self.examples.truncate(EXAMPLES);
        }
    }
}

/// How one client ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRecord {
    /// Its cohort.
    pub cohort: CohortId,
    /// Its number in the cohort.
    pub number: u32,
    /// The sites it belongs to, the principal one first.
    pub sites: [Option<SiteId>; 4],
    /// Content its base components come from.
    pub base: Option<ContentId>,
    /// Content its agents come from.
    pub agents: Option<ContentId>,
    /// Where it ended.
    pub state: ClientState,
    /// When it converged last, if it is converged.
    pub converged_at: Second,
    /// Why it is not converged; `None` if it is.
    pub standing: Option<Reason>,
    /// Restarts its user was asked for.
    pub restarts_asked: u8,
    /// Upgrades that were cut short or failed.
    pub aborted: u8,
}

/// The record of one replication, or of a part of its fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Time grid.
    pub grid: Grid,
    /// By site, and one more at the end for clients that lie in no site's boundaries.
    pub sites: Vec<SiteTally>,
    /// By server: Client Access Points, then logon points, as in the plan.
    pub servers: Vec<ServerTally>,
    /// By kind and reason.
    pub trouble: BTreeMap<(Trouble, Reason), TroubleTally>,
    /// One record per client, if asked for; in no particular order until [`Tally::sort_clients`].
    pub clients: Vec<ClientRecord>,
    /// Client events simulated, the warm-up included.
    pub events: u64,
}
