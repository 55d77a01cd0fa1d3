//! Boot32wn: what a logon does to a client.
//!
//! SMSLS runs Slownet, then Boot32wn, which compares the client with the Clicore on the logon point and decides
//! whether to copy and run it. SP2 changed that decision (Q262677): a significantly newer Clicore is left alone, and
//! only the client's own maintenance cycle brings a service pack.

use super::reasons::Reason;
use super::version::{Difference, Release};

/// Whose rules the bootstrap on a logon point follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bootstrap {
    /// RTM and SP1.
    BeforeSp2,
    /// SP2 and later.
    Sp2,
}

impl Bootstrap {
    /// Both, the older first.
    pub const ALL: [Bootstrap; 2] = [Bootstrap::BeforeSp2, Bootstrap::Sp2];

    /// The rules that files of `release` follow. They come with the logon point, not with the client.
    #[must_use]
    pub fn of(release: Release) -> Self {
        if release.is_sp2_or_later() {
            Bootstrap::Sp2
        } else {
            Bootstrap::BeforeSp2
        }
    }
}

/// What can end the logon script before it looks at any version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScriptFacts {
    /// A logon point of the user's domain answered; if none did, the user was logged on from the cache.
    pub logon_point_answers: bool,
    /// The user's logon script runs SMSLS.
    pub runs_smsls: bool,
    /// Slownet measured a link below its threshold.
    pub slow_link: bool,
    /// A maintenance cycle is copying or installing.
    pub cycle_at_work: bool,
}

/// Whether the logon ends before Boot32wn compares versions; rows B14 and the levers on logon scripts.
#[must_use]
pub fn before_boot32wn(facts: ScriptFacts) -> Option<Reason> {
    match facts {
        // Q225542, Q242492: outages, and domains without logon points.
        ScriptFacts {
            logon_point_answers: false,
            ..
        } => Some(Reason::NoLogonPoint),
        // Q237543, Q238780: GOTO END at the top of the script, or a ramp that has not reached this user.
        ScriptFacts {
            runs_smsls: false, ..
        } => Some(Reason::ScriptOff),
        // B14, Q224388
        ScriptFacts {
            slow_link: true, ..
        } => Some(Reason::SlowLink),
        // Q288218: the bootstrap waits a minute for the client's lock and goes on without it.
        ScriptFacts {
            cycle_at_work: true,
            ..
        } => Some(Reason::CycleHoldsClient),
        _ => None,
    }
}

/// What Boot32wn sees of an installed, assigned client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InstalledFacts {
    /// Rules of the logon point's bootstrap.
    pub bootstrap: Bootstrap,
    /// The client's base components against the Clicore on the logon point.
    pub client: Difference,
    /// The bootstrap can read Clicore's version in the folder of the site that Copylog.tcf credits.
    pub version_known: bool,
    /// One of the client's sites runs the release of that Clicore, or a later one.
    pub own_site_upgraded: bool,
    /// The folder of one of the client's sites is gone from the logon point.
    pub site_folder_missing: bool,
}

/// What a logon does to an installed client: table (b), rows B5 to B10, B13, B18 and B19.
#[must_use]
pub fn installed_client(facts: InstalledFacts) -> Reason {
    let InstalledFacts {
        bootstrap,
        client,
        version_known,
        own_site_upgraded,
        site_folder_missing,
    } = facts;
    if bootstrap == Bootstrap::BeforeSp2 && site_folder_missing {
        return Reason::SiteFolderMissing; // B13, Q242492; from SP2 on folders stay (Q259816)
    }
    match client {
        Difference::SignificantlyNewer | Difference::NewerByHotfix => Reason::LogonPointOlder, // B19
        Difference::Same => Reason::ClicoreCurrent, // B5, B9
        Difference::OlderByHotfix => Reason::HotfixByLogon, // B8
        Difference::SignificantlyOlder => match (bootstrap, version_known, own_site_upgraded) {
            (Bootstrap::BeforeSp2, _, false) => Reason::ClicoreBeforeCap, // B6 before SP2, Q236596
            (Bootstrap::BeforeSp2, _, true) => Reason::ClicoreThenCycle,  // B7 before SP2, Q236596
            (Bootstrap::Sp2, false, false) => Reason::VetoBypassed,       // B10, Q264630
            (Bootstrap::Sp2, false, true) => Reason::VetoBypassedThenCycle,
            (Bootstrap::Sp2, true, false) => Reason::SiteNotUpgraded, // B6, Q262677
            (Bootstrap::Sp2, true, true) => Reason::SitesOwnUpgrade,  // B7, B18, Q262677
        },
    }
}

/// The sites on the logon point whose boundaries hold the machine and which install clients at logon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoveringSites {
    /// None.
    None,
    /// Some, but none of them installs at logon.
    NotInstalling,
    /// Only sites significantly earlier than the logon point's Clicore.
    OnlyEarlier,
    /// Such sites and others.
    EarlierAndCurrent,
    /// None that is significantly earlier.
    OnlyCurrent,
}

impl CoveringSites {
    /// Every case.
    pub const ALL: [CoveringSites; 5] = [
        CoveringSites::None,
        CoveringSites::NotInstalling,
        CoveringSites::OnlyEarlier,
        CoveringSites::EarlierAndCurrent,
        CoveringSites::OnlyCurrent,
    ];
}

/// What Boot32wn sees of a machine that has no assigned SMS client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NewFacts {
    /// Rules of the logon point's bootstrap.
    pub bootstrap: Bootstrap,
    /// The sites that could take it.
    pub covering: CoveringSites,
    /// The bootstrap can read Clicore's version in the folder of the site that Copylog.tcf credits.
    pub version_known: bool,
    /// Logon discovery is enabled at a site on the logon point.
    pub discovery: bool,
    /// The core components are on the machine already, left there by an earlier discovery.
    pub core_present: bool,
}

/// What a logon does to a machine without an assigned client: table (b), rows B1 to B4 and B11; table (d), D1, D2, D5
/// and D6.
#[must_use]
pub fn new_client(facts: NewFacts) -> Reason {
    let NewFacts {
        bootstrap,
        covering,
        version_known,
        discovery,
        core_present,
    } = facts;
    match (covering, bootstrap, version_known) {
        (CoveringSites::None, ..) if discovery && !core_present => Reason::NewUnassigned, // B2, Q202338
        (CoveringSites::None, ..) if core_present => Reason::ClicoreCurrent,
        (CoveringSites::None | CoveringSites::NotInstalling, ..) => Reason::InstallationOff,
        (_, Bootstrap::BeforeSp2, _) => Reason::NewAssigned, // B1, B3, B4 before SP2
        (_, Bootstrap::Sp2, false) => Reason::NewInstallFails, // B11, Q264630
        (CoveringSites::OnlyEarlier, Bootstrap::Sp2, true) => Reason::NewWaitsForSite, // B4, D6
        (CoveringSites::EarlierAndCurrent, Bootstrap::Sp2, true) => Reason::NewToNewerSites, // B3, D5, Q262677
        (CoveringSites::OnlyCurrent, Bootstrap::Sp2, true) => Reason::NewAssigned, // B1, D1, D2
    }
}
