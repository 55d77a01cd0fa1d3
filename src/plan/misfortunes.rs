//! What goes wrong with servers, as a plan states it: at a place and a time. What goes wrong by chance is among the
//! rules.

use super::{CapId, LogonPointId, SiteId};
use crate::engine::Second;

/// When a server is down: from, until; in time order, apart from each other.
pub type Outages = Vec<(Second, Second)>;

/// Copylog.tcf edited by hand so that it credits one site with Clicore, and locked against Logon Server Manager
/// (Q264630). The article edits the PDC's; the model takes it that the other controllers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopylogPin {
    /// The site it credits.
    pub site: SiteId,
    /// Since when.
    pub from: Second,
    /// When it is unlocked again; `NEVER` if it is not.
    pub until: Second,
}

/// Why a hotfix may have failed without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The parent installed the secondary site, whose setup key often lacks Full Version (Q252717, Q267258).
    Pushed,
    /// The Administrator console on the secondary site changed Type in the setup key (Q273853).
    Console,
}

/// A Client Access Point that clients prefer to the others of its site (Q235873, Q205406). A client knows of it once a
/// cycle has run after `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreferredCap {
    /// Which one.
    pub cap: CapId,
    /// Since when it is on the clients' lists.
    pub from: Second,
    /// When the other ways of choosing are switched off; `NEVER` if they stay on.
    pub only_from: Second,
}

/// Copylog.tcf becomes unreadable (Q264976).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopylogDamage {
    /// On which controller; none: on all of the domain.
    pub controller: Option<LogonPointId>,
    /// When.
    pub at: Second,
    /// When somebody mends it by hand; `NEVER` if nobody does.
    pub mended: Second,
}

/// What certainly goes wrong at the first attempt of a site's upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mishap {
    /// Setup fails and leaves the site as it was.
    Fails,
    /// Setup fails midway: the site is down, its Client Access Points half upgraded (Q238093, Q268238).
    FailsMidway,
    /// Setup hangs until somebody looks (Q258547).
    Hangs,
    /// The bootstrap at a pushed secondary site fails, and the parent hears nothing (Q201658, Q287717).
    BootstrapFails,
}
