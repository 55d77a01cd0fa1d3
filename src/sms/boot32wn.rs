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
    /// Copylog.tcf on the logon point has no readable line for Clicore.
    pub copylog_broken: bool,
}

/// Whether the logon ends before Boot32wn compares versions; rows B12 and B14 and the levers on logon scripts.
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
        // B12, Q264976: it tries again every 10 minutes, 7 times.
        ScriptFacts {
            copylog_broken: true,
            ..
        } => Some(Reason::CopylogBroken),
        _ => None,
    }
}

/// How long Boot32wn keeps a machine busy that meets a broken Copylog.tcf \[s\]: a wait after each of its attempts, but
/// no longer than until the first attempt after the file is mended; B12, Q264976.
#[must_use]
pub fn sluggish_s(wait_s: u32, attempts: u32, mended_after_s: u32) -> u32 {
    let all_s = wait_s.saturating_mul(attempts);
    mended_after_s
        .checked_next_multiple_of(wait_s.max(1))
        .map_or(all_s, |until_s| until_s.min(all_s))
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
    /// One of the client's sites has logon discovery or logon installation on in this domain.
    pub own_site_uses_logons: bool,
    /// The client cannot reach its Client Access Points any more: accounts or their list are stale (Q237759).
    pub orphaned: bool,
    /// A Windows 9x machine whose time zone was changed since its last logon.
    pub zone_changed: bool,
}

/// What a logon does to an installed client: table (b), rows B5 to B10, B13 and B16 to B21.
#[must_use]
pub fn installed_client(facts: InstalledFacts) -> Reason {
    let InstalledFacts {
        bootstrap,
        client,
        site_folder_missing,
        orphaned,
        zone_changed,
        ..
    } = facts;
    if bootstrap == Bootstrap::BeforeSp2 && site_folder_missing {
        return Reason::SiteFolderMissing; // B13, Q242492; from SP2 on folders stay (Q259816)
    }
    match client {
        Difference::SignificantlyNewer | Difference::NewerByHotfix => Reason::LogonPointOlder, // B19
        Difference::Same if orphaned => Reason::OrphanReseeded, // B17, Q236052
        Difference::Same if zone_changed && bootstrap == Bootstrap::BeforeSp2 => {
            Reason::ZoneChanged // B20, Q251164
        }
        Difference::Same => Reason::ClicoreCurrent, // B5, B9
        Difference::OlderByHotfix => Reason::HotfixByLogon, // B8
        Difference::SignificantlyOlder => significantly_older(facts),
    }
}

/// What a logon does to a client that is older than the logon point by a service pack.
fn significantly_older(facts: InstalledFacts) -> Reason {
    let InstalledFacts {
        bootstrap,
        version_known,
        own_site_upgraded,
        own_site_uses_logons,
        orphaned,
        ..
    } = facts;
    match (bootstrap, version_known, own_site_upgraded) {
        // B21, Q236596: the workaround of switching off a site's logon methods.
        (Bootstrap::BeforeSp2, _, false) if !own_site_uses_logons => Reason::LogonMethodsOff,
        (Bootstrap::BeforeSp2, _, false) => Reason::ClicoreBeforeCap, // B6 before SP2, Q236596
        (Bootstrap::BeforeSp2, _, true) if orphaned => Reason::OrphanReseededThenCycle, // B16 before SP2
        (Bootstrap::BeforeSp2, _, true) => Reason::ClicoreThenCycle, // B7 before SP2, Q236596
        (Bootstrap::Sp2, false, false) => Reason::VetoBypassed,      // B10, Q264630
        (Bootstrap::Sp2, false, true) => Reason::VetoBypassedThenCycle,
        (Bootstrap::Sp2, true, _) if orphaned => Reason::OrphanBlocked, // B16, Q236052
        (Bootstrap::Sp2, true, false) => Reason::SiteNotUpgraded,       // B6, Q262677
        (Bootstrap::Sp2, true, true) => Reason::SitesOwnUpgrade,        // B7, B18, Q262677
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
    /// The registry value SMS Client Deinstall is set.
    pub deinstall_flag: bool,
}

/// What a logon does to a machine without an assigned client: table (b), rows B1 to B4, B11 and B15; table (d), D1, D2,
/// D5 and D6.
#[must_use]
pub fn new_client(facts: NewFacts) -> Reason {
    let NewFacts {
        bootstrap,
        covering,
        version_known,
        discovery,
        core_present,
        deinstall_flag,
    } = facts;
    if deinstall_flag {
        return Reason::DeinstallFlag; // B15, Q293117
    }
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
