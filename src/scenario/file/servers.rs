//! What goes wrong with servers, and where setup files come from.

use crate::scenario::placed::{LocalTime, Placed};
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
