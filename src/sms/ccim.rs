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

/// Whether a cycle that somebody sets off begins at once: `setevnt`, `cliutils kick`, Update Configuration, or a restart
/// of the client service; rows C1.3 and C1.7 (Q239564, Q246331).
///
/// It reaches the machines on which a cycle could run at that moment; the next one is due a full period later, as after
/// any other (Q231232).
#[must_use]
pub fn kick_reaches(presence: Presence) -> bool {
    can_run(presence)
}

/// What can keep a cycle from its components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GateFacts {
    /// The previous cycle's upgrade is still at work.
    pub at_work: bool,
    /// A Client Access Point of one of the client's sites answered.
    pub reached: bool,
    /// DisableClientUpgrade is set (Q272436).
    pub upgrade_disabled: bool,
    /// The base components wait for a restart (Q264969).
    pub base_restart: bool,
    /// Inbox Manager was refreshing the Client Access Point.
    pub locked: bool,
}

/// Whether a cycle ends before it looks at components; rows C1.8, C2.8 and C2.16.
#[must_use]
pub fn before_components(facts: GateFacts) -> Option<Reason> {
    match facts {
        GateFacts { at_work: true, .. } => Some(Reason::CycleRunning),
        GateFacts { reached: false, .. } => Some(Reason::CapUnreachable), // C1.8
        GateFacts {
            upgrade_disabled: true,
            ..
        } => Some(Reason::UpgradeDisabled), // C2.16, Q272436
        GateFacts {
            base_restart: true, ..
        } => Some(Reason::RestartAwaited),
        GateFacts { locked: true, .. } => Some(Reason::InboxLocked), // C2.8, Q322967
        _ => None,
    }
}

/// What has become of a client that a logon point left with base components ahead of its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mixed {
    /// It never was, or its site's upgrade will mend it.
    Recovers,
    /// It was damaged by the rules before SP2 (Q238865).
    Damaged,
    /// Its user is no administrator (Q264630).
    LowRights,
}

impl Mixed {
    /// Every case.
    pub const ALL: [Mixed; 3] = [Mixed::Recovers, Mixed::Damaged, Mixed::LowRights];
}

/// What a cycle finds of the base components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BaseFacts {
    /// They against the newest Client Access Point read.
    pub base: Difference,
    /// They are at SP2 or later.
    pub is_sp2: bool,
    /// Whether the client is mixed for good.
    pub mixed: Mixed,
}

/// What a cycle does about the base components; rows C2.2, C2.4 and C2.5. `None`: nothing, and it goes on to the agents.
#[must_use]
pub fn base_components(facts: BaseFacts) -> Option<Reason> {
    match (facts.base, facts.mixed) {
        (Difference::SignificantlyNewer, _) if facts.is_sp2 => Some(Reason::NewerThanCap), // C2.4
        (Difference::SignificantlyNewer, _) => Some(Reason::AgentsOutOfSync),              // C2.5
        (_, Mixed::Damaged) => Some(Reason::MixedNeedsReinstall), // Q238865
        (_, Mixed::LowRights) => Some(Reason::MixedLowRights),    // Q264630
        (base, Mixed::Recovers) if base.is_older() => Some(Reason::BaseOlder), // C2.2, Q266130
        _ => None,
    }
}

/// What the site's offers say of the agents that the client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Offers {
    /// All of them are offered.
    Complete,
    /// One of them is not offered any more.
    Withdrawn,
    /// The offer file is cut off, and some of them seem not to be offered (Q298935).
    CutOff,
}

impl Offers {
    /// Every case.
    pub const ALL: [Offers; 3] = [Offers::Complete, Offers::Withdrawn, Offers::CutOff];
}

/// What the periodic verification asks of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verification {
    /// It is not due.
    NotDue,
    /// Only what has changed is copied again.
    Changes,
    /// Everything is installed again.
    Everything,
}

impl Verification {
    /// Every case.
    pub const ALL: [Verification; 3] = [
        Verification::NotDue,
        Verification::Changes,
        Verification::Everything,
    ];
}

/// What a verification that is due asks of a client: before SP2 everything (Q239564), from SP2 on what has changed
/// (Q277783), unless `full_copy` holds, as Q246040 says of SP2, too; row C2.13.
#[must_use]
pub fn verification(base_is_sp2: bool, full_copy: bool) -> Verification {
    if base_is_sp2 && !full_copy {
        Verification::Changes
    } else {
        Verification::Everything
    }
}

/// What a cycle finds of the agents, once there is nothing to do about the base components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AgentFacts {
    /// The client service does not start them because their checksums do not fit (Q246331).
    pub crc_mismatch: bool,
    /// What the site offers of them.
    pub offers: Offers,
    /// Those that can be upgraded now against the newest Client Access Point read; the same version where the client
    /// wants none.
    pub agents: Difference,
    /// Software distribution waits for a second restart (Q264969).
    pub second_restart: bool,
    /// What the periodic verification asks.
    pub verification: Verification,
}

/// What a cycle does about the agents; rows C2.1, C2.3, C2.6, C2.7, C2.9, C2.13 and C2.18.
#[must_use]
pub fn agents(facts: AgentFacts) -> Reason {
    match facts {
        AgentFacts {
            crc_mismatch: true, ..
        } => Reason::CrcMismatch, // C2.9, Q246331
        AgentFacts {
            offers: Offers::Withdrawn,
            ..
        } => Reason::AgentsDisabled, // C2.6, Q298935
        AgentFacts {
            offers: Offers::CutOff,
            ..
        } => Reason::OffersIncomplete, // C2.7, Q298935
        AgentFacts { agents, .. } if agents.is_older() => Reason::AgentsOlder, // C2.3, Q235161
        AgentFacts {
            second_restart: true,
            ..
        } => Reason::SecondRestartAwaited, // C2.18, Q264969
        AgentFacts {
            verification: Verification::Everything,
            ..
        } => Reason::VerifyReinstalls, // C2.13, Q239564
        AgentFacts {
            verification: Verification::Changes,
            ..
        } => Reason::VerifyUnchanged, // C2.13, Q277783
        _ => Reason::NothingNew,                                               // C2.1
    }
}

/// Whether a wrong checksum keeps an agent from starting: Windows 9x has no such gate; row C2.9, Q246331.
#[must_use]
pub fn crc_gate(win9x: bool, checksums_fit: bool) -> bool {
    !win9x && !checksums_fit
}

/// What a cycle finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CycleFacts {
    /// What can keep it from the components.
    pub gate: GateFacts,
    /// The base components.
    pub base: BaseFacts,
    /// The agents.
    pub agents: AgentFacts,
}

/// What a cycle does: table C2, from [`before_components`] by [`base_components`] to [`agents`].
#[must_use]
pub fn cycle(facts: CycleFacts) -> Reason {
    before_components(facts.gate)
        .or_else(|| base_components(facts.base))
        .unwrap_or_else(|| agents(facts.agents))
}

/// Whether a client cannot reach a site's Client Access Points any more: it read the site's configuration last before
/// the accounts and names in it became useless; C1.8, Q237759, Q260824. Windows 9x is not concerned: it goes by its
/// user's account.
#[must_use]
pub fn is_orphaned(win9x: bool, last_read: Second, stale_before: Second) -> bool {
    !win9x && last_read < stale_before
}

/// Whether a site whose configuration was last read `unread_s` ago is removed: C2.12, Q265358.
#[must_use]
pub fn site_is_lost(unread_s: u32, limit_s: u32) -> bool {
    unread_s >= limit_s
}
