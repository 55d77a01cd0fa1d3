//! Where machines and boundaries are, and when that changes: what a plan says of networks, moves and travel, and of the
//! ways in which a site takes its clients on.

use super::SiteId;
use crate::engine::Second;
use crate::sms::adapters::DialUpPolicy;
use crate::sms::assignment::SiteTravelMode;
use std::net::Ipv4Addr;

/// One subnet enters or leaves a site's boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoundaryChange {
    /// When the administrator changes them.
    pub at: Second,
    /// The site.
    pub site: SiteId,
    /// The subnet.
    pub subnet: Ipv4Addr,
    /// Whether it is added.
    pub adds: bool,
}

/// How the machines of a cohort are on the network, and where they go. The default is one adapter in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The cohort's subnets are addresses of one adapter, in this order, not of several adapters (Q252953).
    pub one_adapter: bool,
    /// There is a second adapter without a network (Q247543).
    pub inactive_adapter: bool,
    /// The link in use is dial-up, in the office, too.
    pub dial_up: bool,
    /// The dial-up adapter's subnet is its own address and lies outside all boundaries (Q235797).
    pub dial_up_outside: bool,
    /// What dial-up users may do (Q237543).
    pub dial_up_policy: DialUpPolicy,
    /// Sites that these clients stay in wherever they are (Q240056).
    pub forced_sites: Vec<SiteId>,
    /// When travel mode is switched off on the clients that have it; `NEVER` if it is not.
    pub travel_mode_until: Second,
    /// Subnets of other offices where they spend their days off-site; none: they spend them away from any office.
    pub visits: Vec<Ipv4Addr>,
    /// Removals: from when on they are in another subnet; in time order.
    pub moves: Vec<(Second, Ipv4Addr)>,
}

impl Default for Network {
    fn default() -> Self {
        Network {
            one_adapter: false,
            inactive_adapter: false,
            dial_up: false,
            dial_up_outside: false,
            dial_up_policy: DialUpPolicy::Open,
            forced_sites: Vec::new(),
            travel_mode_until: Second::NEVER,
            visits: Vec::new(),
            moves: Vec::new(),
        }
    }
}

/// How a site takes clients on and lets them in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Whether Windows NT Remote Client Installation is on, from each moment on; in time order; nothing: never.
    pub push: Vec<(Second, bool)>,
    /// When Ccrretry.box is emptied (Q264630).
    pub retry_box_emptied: Vec<Second>,
    /// What the site says about travel mode.
    pub travel_mode: SiteTravelMode,
    /// Changes of the client connection account's password.
    pub account_changes: Vec<AccountChange>,
}

/// The password of a site's client connection account is changed (Q237759).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// When the new one is published to the Client Access Points.
    pub at: Second,
    /// When the old one stops to work.
    pub old_until: Second,
    /// Until when bad passwords keep the account locked out for everybody; `old_until` if they do not.
    pub locked_until: Second,
}
