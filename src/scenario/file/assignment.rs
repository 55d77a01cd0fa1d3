//! What sites say about their clients, boundaries that move, and how machines are on the network.

use super::OnOff;
use crate::scenario::notation::{Span, Subnet};
use crate::scenario::placed::{BriefOrSteps, LocalTime, OneOrMany, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// How a site takes clients on and lets them in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientSettingsFile {
    /// Windows NT Remote Client Installation (push): `on`, `off`, or a list of steps. Default `off`.
    pub push_installation: Option<Placed<BriefOrSteps<OnOff, Placed<PushStep>>>>,
    /// When Ccrretry.box is emptied, local times of the site (Q264630). Default: never.
    pub retry_box_emptied: Option<Vec<Placed<LocalTime>>>,
    /// What the site says about travel mode (Q263665). Default `off`.
    pub travel_mode: Option<SiteTravelModeName>,
    /// Changes of the client connection account's password (Q237759). Default: none.
    pub account_changes: Option<Vec<Placed<AccountChangeFile>>>,
}

/// From when on a site installs clients by push.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PushStep {
    /// Local time of the site.
    pub from: Placed<LocalTime>,
    /// Whether it is on from then.
    pub state: OnOff,
}

/// Travel mode of a whole site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SiteTravelModeName {
    /// 0: each client decides for itself.
    Off,
    /// 1: always on.
    AlwaysOn,
    /// 8: users are never asked.
    NeverAsks,
    /// 9: both.
    AlwaysOnNeverAsks,
}

/// A new password of a client connection account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChangeFile {
    /// When the new one is published to the Client Access Points, local time of the site.
    pub at: Placed<LocalTime>,
    /// Time for which the old one goes on working (Q260824). Default 0: it stops at once.
    pub overlap: Option<Span>,
    /// Time after that during which bad passwords keep the account locked out for everybody (Q227033). Default 0.
    pub locked_out: Option<Span>,
}

/// Subnets leave the boundaries of one site, or enter those of another, or both.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundaryChangeFile {
    /// When the administrator changes them: local time of the scenario.
    pub at: Placed<LocalTime>,
    /// The subnets, changed in this order.
    pub subnets: OneOrMany<Subnet>,
    /// Site that they leave. Default: none.
    pub from: Option<Placed<String>>,
    /// Site that they enter. Default: none.
    pub to: Option<Placed<String>>,
    /// Time by which each subnet follows the one before it (Q238864). Default: all at `at`.
    pub stagger: Option<Placed<Span>>,
}

/// What a site's logon methods in a domain are from a moment on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticipantStep {
    /// Local time of the scenario.
    pub from: Placed<LocalTime>,
    /// Windows Networking Logon Discovery. Default: as before.
    pub logon_discovery: Option<bool>,
    /// Windows Networking Logon Client Installation. Default: as before.
    pub logon_installation: Option<bool>,
}

/// What dial-up users may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DialUpPolicyName {
    /// Everything that others do.
    Open,
    /// The logon script leaves them out.
    ScriptOff,
    /// The script leaves them out, and upgrades wait for the office.
    Hold,
}

/// How machines are on the network, and where they go.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// Whether `adapters` are several addresses of one adapter, in this order, of which not all count (Q252953). Default
    /// false.
    pub one_adapter: Option<bool>,
    /// Whether there is a second adapter without a network, which clients before SP2 take to be inside every site on the
    /// logon point (Q247543). Default false.
    pub inactive_adapter: Option<Placed<bool>>,
    /// Whether `link` is dial-up. Default false.
    pub dial_up: Option<bool>,
    /// Whether the dial-up adapter's subnet lies outside all boundaries, as on Windows 2000 (Q235797). Default: the rule
    /// `dial_up_outside_boundaries`.
    pub dial_up_outside: Option<bool>,
    /// What they may do over dial-up (Q237543). Default `open`.
    pub dial_up_policy: Option<DialUpPolicyName>,
    /// Sites that these clients stay in wherever they are (Q240056). Default: none.
    pub forced_sites: Option<Vec<Placed<String>>>,
    /// When travel mode is switched off on the clients that have it, local time of their zone (Q276531). Default: it stays
    /// on.
    pub travel_mode_until: Option<Placed<LocalTime>>,
    /// Subnets of other offices, where they spend their days off-site. Default: none, they are away from any office.
    pub visits: Option<Vec<Placed<Subnet>>>,
    /// When they are moved to another subnet, in time order. Default: never.
    pub moves: Option<Vec<Placed<MoveFile>>>,
}

/// Machines are moved to another subnet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveFile {
    /// Local time of their zone.
    pub at: Placed<LocalTime>,
    /// Their subnet from then.
    pub boundary: Placed<Subnet>,
}
