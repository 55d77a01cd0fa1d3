//! What administrators do to groups of clients on given days, what sites tell their clients besides versions, and what
//! sets some clients of a group apart. By default there is none of it.

use super::Agents;
use crate::engine::Second;
use jiff::civil::Date;

/// What sets clients of a cohort apart, and the campaigns that concern them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// Share of machines on which the registry value SMS Client Deinstall is set (Q293117).
    pub deinstall_flag: f64,
    /// Share of users of Windows NT without administrators' rights (Q215107, Q264630).
    pub low_rights: f64,
    /// Share of machines on which Clicore and others were put beforehand (Q202338).
    pub prestaged: f64,
    /// Time after which a policy restarts Windows 9x machines that wait for it \[s\]; none: no policy (Q239564).
    pub mandatory_restart_s: Option<u32>,
    /// Moments at which the time zone of these machines is changed (Q251164); in time order.
    pub zone_changes: Vec<Second>,
    /// When these machines get a new identity that nobody allocated (Q254735); none: never.
    pub new_identity: Option<Second>,
    /// Moments at which cycles are set off; in time order and apart from each other.
    pub kicks: Vec<Kick>,
    /// Evenings on which machines are left on that would be switched off; in order of their dates.
    pub left_on: Vec<LeftOn>,
    /// When clients are kept from changing components.
    pub frozen: Vec<Freeze>,
}

impl Circumstances {
    /// Most kicks of one cohort.
    pub const MOST_KICKS: usize = 7;
    /// Most changes of the time zone of one cohort.
    pub const MOST_ZONE_CHANGES: usize = 3;

    /// Whether there is none of it.
    #[must_use]
    pub fn none(&self) -> bool {
        *self == Circumstances::default()
    }
}

/// Maintenance cycles set off from outside: SetEvnt, Cliutils, Update Configuration (Q239564, Q246331).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kick {
    /// When it begins.
    pub at: Second,
    /// Time over which the clients' kicks are spread evenly \[s\].
    pub within_s: u32,
    /// Share of the clients.
    pub share: f64,
}

/// Machines that are left on for one night, or over the days off that follow (Q237543).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeftOn {
    /// Date of the evening.
    pub evening: Date,
    /// Share of the machines that would be switched off.
    pub share: f64,
}

/// DisableClientUpgrade on some clients (Q272436).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Freeze {
    /// Since when.
    pub from: Second,
    /// When EnableClientUpgrade ends it; `NEVER` if it stays.
    pub until: Second,
    /// Share of the clients.
    pub share: f64,
}

/// What a site tells its clients besides versions, and what can be wrong with that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteConditions {
    /// Agents it offers, from each moment on; in time order, the first at the first second. Empty: all, always.
    pub agents: Vec<(Second, Agents)>,
    /// When its checksums do not fit its files: from, until (Q246331).
    pub crc_mismatch: Vec<(Second, Second)>,
    /// When its offer file is cut off: from, until (Q298935).
    pub offers_cut_off: Vec<(Second, Second)>,
    /// The periodic verification of its clients (Q246040); none: switched off.
    pub verification: Option<Verification>,
}

impl SiteConditions {
    /// Whether there is nothing particular.
    #[must_use]
    pub fn none(&self) -> bool {
        *self == SiteConditions::default()
    }
}

/// When clients verify their components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The first time.
    pub first: Second,
    /// Time from one to the next \[s\].
    pub every_s: u32,
    /// Whether all clients verify on the same day, or each at a moment of its own within the period (Q246040).
    pub same_day: bool,
}
