//! Campaigns: what administrators do to groups of clients on given days, and what sites tell their clients.

use super::clients::AgentName;
use crate::scenario::notation::Span;
use crate::scenario::placed::{LocalDate, LocalTime, OneOrMany, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// Maintenance cycles set off from outside: SetEvnt, Cliutils, Update Configuration (Q239564, Q246331). It reaches
/// machines on which a cycle can run at that moment; on Windows 9x somebody must be logged on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KickFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Whose cycles: group names. Default: everybody's.
    pub clients: Option<OneOrMany<String>>,
    /// Only clients in the boundaries of these sites, selected as in a rollout. Default: of any.
    pub site: Option<OneOrMany<String>>,
    /// When it begins, local time of the clients.
    pub at: Placed<LocalTime>,
    /// Time over which the kicks are spread evenly. Default: all at once.
    pub within: Option<Placed<Span>>,
    /// Share of these clients, 0 to 1. Default 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<f64>,
}

/// Machines left on for a night or a weekend that would be switched off (Q237543, Q238780).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveOnFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Whose machines: group names. Default: everybody's.
    pub clients: Option<OneOrMany<String>>,
    /// Only clients in the boundaries of these sites, selected as in a rollout. Default: of any.
    pub site: Option<OneOrMany<String>>,
    /// Dates of the evenings: a Friday keeps machines on until Monday.
    pub evenings: Vec<Placed<LocalDate>>,
    /// Share of the machines that would be switched off, 0 to 1. Default 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<f64>,
}

/// DisableClientUpgrade on some clients, and EnableClientUpgrade later (Q272436).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Which clients: group names. Default: everybody.
    pub clients: Option<OneOrMany<String>>,
    /// Only clients in the boundaries of these sites, selected as in a rollout. Default: of any.
    pub site: Option<OneOrMany<String>>,
    /// Since when, local time of the clients. Default: before the simulation begins.
    pub from: Option<Placed<LocalTime>>,
    /// When they are released, local time of the clients. Default: they stay frozen.
    pub until: Option<Placed<LocalTime>>,
    /// Share of these clients, 0 to 1. Default 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<f64>,
}

/// The periodic verification of components at a site (Q246040): when it falls due is nowhere documented, so that it is
/// simulated where a scenario says when. Before SP2 it installs every agent again, from SP2 on what has changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Sites, selected as in a rollout.
    pub site: OneOrMany<String>,
    /// The first time, local time of the site.
    pub first: Placed<LocalTime>,
    /// Time from one to the next (Cliverify). Default: the rule `verify_interval`.
    pub every: Option<Placed<Span>>,
    /// Whether all clients verify on the same day (Q246040), or each at a moment of its own within the period. Default
    /// true.
    pub same_day: Option<bool>,
}

/// Agents that a site offers from a date on: stages such as one agent a day (Q202338), or agents switched off again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Sites, selected as in a rollout.
    pub site: OneOrMany<String>,
    /// Since when, local time of the site. Default: before the simulation begins.
    pub from: Option<Placed<LocalTime>>,
    /// The agents offered from then on; clients remove the others. The model tells software distribution from the other
    /// agents, which it takes together.
    pub agents: Vec<AgentName>,
}

/// Something that is wrong with what a site tells its clients, for some time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpellFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Sites, selected as in a rollout.
    pub site: OneOrMany<String>,
    /// Its begin, local time of the site.
    pub from: Placed<LocalTime>,
    /// Its end, local time of the site. Default: it lasts.
    pub until: Option<Placed<LocalTime>>,
}
