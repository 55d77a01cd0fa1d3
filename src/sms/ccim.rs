//! CCIM: the maintenance cycle, when it fires and what it does.

use super::reasons::Reason;
use super::version::Difference;
use crate::engine::Second;

/// When the next cycle is due after one that began at `now`; Q231232.
///
/// `reached` tells whether a Client Access Point answered: if not, the client asks again within the hour (C1.8).
#[must_use]
pub fn next_due(now: Second, reached: bool, cycle_s: u32, retry_s: u32) -> Second {
    now + if reached { cycle_s } else { retry_s }
}

/// What the machine is doing, as far as CCIM depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presence {
    /// Windows 9x: all network access is in the context of the logged-on user (Q231232, Q237543).
    pub win9x: bool,
    /// Switched on.
    pub on: bool,
    /// A user is logged on.
    pub user: bool,
}

/// Whether a cycle that is due can run: table C1, rows C1.1 to C1.6.
///
/// A cycle that falls due while this is false waits until it is true: on NT that is the next power-on, on Windows 9x
/// the next logon.
#[must_use]
pub fn can_run(presence: Presence) -> bool {
    presence.on && (presence.user || !presence.win9x)
}

/// A restart that components wait for (Q264969).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Awaiting {
    /// None.
    Nothing,
    /// The base components.
    BaseRestart,
    /// Software distribution.
    SecondRestart,
}

impl Awaiting {
    /// Every case.
    pub const ALL: [Awaiting; 3] = [
        Awaiting::Nothing,
        Awaiting::BaseRestart,
        Awaiting::SecondRestart,
    ];
}

/// What a cycle finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CycleFacts {
    /// The previous cycle's upgrade is still at work.
    pub at_work: bool,
    /// A Client Access Point of one of the client's sites answered.
    pub reached: bool,
    /// Inbox Manager was refreshing it.
    pub locked: bool,
    /// The client's base components against the newest Client Access Point read.
    pub base: Difference,
    /// Its agents that can be upgraded now against the same; the same version where it wants none.
    pub agents: Difference,
    /// A restart that components wait for.
    pub awaiting: Awaiting,
    /// The client's base components are at SP2 or later.
    pub base_is_sp2: bool,
}

/// What a cycle does: table C2, rows C2.1 to C2.5, C2.8 and C2.18.
#[must_use]
pub fn cycle(facts: CycleFacts) -> Reason {
    match facts {
        CycleFacts { at_work: true, .. } => Reason::CycleRunning,
        CycleFacts { reached: false, .. } => Reason::CapUnreachable, // C1.8
        CycleFacts {
            awaiting: Awaiting::BaseRestart,
            ..
        } => Reason::RestartAwaited,
        CycleFacts { locked: true, .. } => Reason::InboxLocked, // C2.8, Q322967
        CycleFacts { base, .. } if base.is_older() => Reason::BaseOlder, // C2.2, Q266130
        CycleFacts {
            base: Difference::SignificantlyNewer,
            base_is_sp2: true,
            ..
        } => Reason::NewerThanCap, // C2.4
        CycleFacts {
            base: Difference::SignificantlyNewer,
            base_is_sp2: false,
            ..
        } => Reason::AgentsOutOfSync, // C2.5
        CycleFacts { agents, .. } if agents.is_older() => Reason::AgentsOlder, // C2.3, Q235161
        CycleFacts {
            awaiting: Awaiting::SecondRestart,
            ..
        } => Reason::SecondRestartAwaited, // C2.18, Q264969
        _ => Reason::NothingNew,                                // C2.1
    }
}

/// Whether a site whose configuration was last read `unread_s` ago is removed: C2.12, Q265358.
#[must_use]
pub fn site_is_lost(unread_s: u32, limit_s: u32) -> bool {
    unread_s >= limit_s
}
