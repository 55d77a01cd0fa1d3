//! A site as it stands when the run begins, with its hotfixes and the way its parent reaches it.

use super::{CapId, ContentId, Doubt, Intake, Outages, SiteConditions, SiteId, ZoneId};
use crate::engine::Second;
use std::net::Ipv4Addr;

/// A site.
#[derive(Clone, Debug)]
pub struct Site {
    /// Three characters.
    pub code: String,
    /// None at the top of the hierarchy.
    pub parent: Option<SiteId>,
    /// Whether it is a secondary site, which has no database and is upgraded by its parent.
    pub secondary: bool,
    /// Time zone of its clock.
    pub zone: ZoneId,
    /// What it runs when the simulation begins.
    pub content: ContentId,
    /// Pre-SP2 hotfixes.
    pub hotfixes: Vec<AppliedHotfix>,
    /// Subnet IDs of its boundaries when the simulation begins.
    pub boundaries: Vec<Ipv4Addr>,
    /// How it takes clients on and lets them in.
    pub intake: Intake,
    /// Its Client Access Points: positions in [`Plan::caps`](super::Plan::caps).
    pub caps: Vec<CapId>,
    /// How its parent sends to it.
    pub address: Address,
    /// When its site server is down.
    pub outages: Outages,
    /// When somebody has the Locks folder of its Logon Server Manager open (Q257202).
    pub locks_opened: Outages,
    /// Transfers its senders make at a time; none: as the rule says.
    pub sender_threads: Option<u32>,
    /// What it tells its clients besides versions.
    pub conditions: SiteConditions,
}

/// A hotfix and when it was applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AppliedHotfix {
    /// Which one.
    pub hotfix: Hotfix,
    /// From when on it counts; the first second if it was there before.
    pub at: Second,
    /// Probability that it failed without a word (Q252717, Q267258, Q273853): 1 if that is known, 0 if it was verified.
    pub fails: f64,
    /// Why it may have failed without a word; none where nothing speaks for that, or somebody has looked.
    pub doubt: Option<Doubt>,
}

/// The hotfixes that matter between releases (Q261931). Each names the same repair on RTM and on SP1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hotfix {
    /// Logon Server Manager credits a file to the site that supplied it: Q251070 on RTM, Q249077 on SP1.
    Copylog,
    /// Client Configuration Manager does not push an old release onto a newer client: Q252718 on RTM, Q252717 on SP1.
    Push,
}

/// How a site reaches a child: the address, and its limits by the hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Bandwidth of the link [bit/s].
    pub bandwidth_bps: u64,
    /// Share of it that may be used, by the hour of the sending site's day [%]; 0 closes the address.
    pub hourly_limit_percent: [u8; 24],
}
