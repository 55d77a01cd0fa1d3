//! What goes wrong with servers, and where setup files come from.

use crate::scenario::notation::{HotfixArticle, Span};
use crate::scenario::placed::{LocalTime, OneOrMany, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// An outage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutageFile {
    /// Its begin, local time of the site.
    pub from: Placed<LocalTime>,
    /// Its end, local time of the site.
    pub until: Placed<LocalTime>,
}

/// An outage of one domain controller, or of all.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControllerOutageFile {
    /// `PDC`, `BDC1`, `BDC2` and so on. Default: every controller of the domain.
    pub controller: Option<Placed<String>>,
    /// Its begin, local time of the scenario.
    pub from: Placed<LocalTime>,
    /// Its end, local time of the scenario.
    pub until: Placed<LocalTime>,
}

/// Copylog.tcf edited by hand and locked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopylogPinFile {
    /// Code of the site that it credits with Clicore.
    pub site: Placed<String>,
    /// Since when, local time of the scenario.
    pub from: Placed<LocalTime>,
    /// When it is unlocked, local time of the scenario. Default: it stays locked.
    pub until: Option<Placed<LocalTime>>,
}

/// Copylog.tcf becomes unreadable.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopylogDamageFile {
    /// `PDC`, `BDC1`, `BDC2` and so on. Default: every controller of the domain.
    pub controller: Option<Placed<String>>,
    /// When, local time of the scenario.
    pub at: Placed<LocalTime>,
    /// When somebody mends it by hand, local time of the scenario. Default: nobody does.
    pub mended: Option<Placed<LocalTime>>,
}

/// Where the setup files of an upgrade come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceName {
    /// Sent by the parent; for secondary sites only.
    Push,
    /// On the spot.
    Media,
}

/// What certainly goes wrong at the first attempt of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MishapName {
    /// Setup fails and leaves the site as it was.
    Fails,
    /// Setup dies midway: the site is down, some of its Client Access Points hold the release (Q238093, Q268238).
    FailsMidway,
    /// Setup hangs until somebody looks (Q258547).
    Hangs,
    /// The bootstrap at a pushed secondary site fails, and the parent hears nothing (Q201658, Q287717).
    BootstrapFails,
}

/// Hotfixes for many sites before the rollout. Each site gets those of the campaign that are made for what it runs then;
/// sites at SP2 or later, and sites that have the hotfix on that release already, are left out. A service pack replaces
/// the files of hotfixes made for the release before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignFile {
    /// Name by which a variant or `--set` refers to it.
    pub name: Option<Placed<String>>,
    /// Sites, selected as in a rollout.
    pub site: OneOrMany<String>,
    /// Articles. Default: the pair of Q261931, by release.
    pub hotfixes: Option<Vec<Placed<HotfixArticle>>>,
    /// When it begins, local time of each site.
    pub at: Placed<LocalTime>,
    /// Time by which each site comes after the one before it. Default: all at `at`.
    pub stagger: Option<Placed<Span>>,
    /// Time to wait between the last hotfix and the first SP2 site of a domain, which `check` watches. Default: a cycle of
    /// Logon Server Manager.
    pub soak: Option<Placed<Span>>,
}

/// A Client Access Point that clients prefer (Q235873).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferredCapFile {
    /// Its name.
    pub name: Placed<String>,
    /// Since when it is on their lists, local time of the clients. They know it after a cycle. Default: before the
    /// simulation begins.
    pub from: Option<Placed<LocalTime>>,
    /// When the other ways of choosing are switched off, local time of the clients: from then on a client that does not
    /// know it has none. Default: they stay on.
    pub only_from: Option<Placed<LocalTime>>,
}
