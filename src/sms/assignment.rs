//! Which sites a client joins, keeps and leaves: table (d), as the client itself decides it.
//!
//! What the machine takes for its subnet is in [`super::adapters`], what the site server believes in
//! [`super::discovery`], and the installation that it pushes in [`super::push`].

use super::boot32wn::Bootstrap;
use super::reasons::Reason;
use super::version::{Difference, Release};

/// Whether a client that lies in a site's boundaries joins it at a logon, given how the site's release stands to the
/// Clicore on the logon point; table (d), rows D1, D2 and D5.
///
/// Before SP2 it joins every site that matches (Q298433); from SP2 on none that is significantly earlier (Q262677).
#[must_use]
pub fn joins(bootstrap: Bootstrap, site: Difference) -> bool {
    bootstrap == Bootstrap::BeforeSp2 || site != Difference::SignificantlyOlder
}

/// How a machine stands to a site that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Membership {
    /// The subnet it counts with is one of the site's boundaries.
    pub inside: bool,
    /// The client's list of forced sites names it (Q240056).
    pub forced: bool,
    /// The client is in travel mode.
    pub travel_mode: bool,
}

/// Why a client keeps or removes one of its sites in a cycle that read it; rows C2.10, C2.11, D11, D13, D16 and D18.
/// `None`: it lies in the site's boundaries.
#[must_use]
pub fn outside_boundaries(membership: Membership) -> Option<Reason> {
    match membership {
        Membership { inside: true, .. } => None,
        Membership { forced: true, .. } => Some(Reason::ForcedSite), // D18, Q240056
        Membership {
            travel_mode: true, ..
        } => Some(Reason::TravelMode), // C2.11, D16, Q281107
        _ => Some(Reason::OutOfBoundaries),                          // C2.10, D11, D13, Q199078
    }
}

/// What a Windows 9x machine brings to a logon at which its maintenance cycle is due as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MoveFacts {
    /// Windows 95 or 98.
    pub win9x: bool,
    /// The cycle was missed and begins with the logon.
    pub cycle_due: bool,
    /// One of the client's sites would be kept.
    pub keeps_a_site: bool,
    /// The cycle is the first of the two by a few seconds.
    pub cycle_first: bool,
}

/// Whether the cycle takes the last site away before SMSLS adds the next: D13, F20, Q288218.
///
/// On Windows NT the cycle has run before anybody logs on, so there is nothing to race; on Windows 9x both begin with the
/// logon, seconds apart.
#[must_use]
pub fn removed_before_move(facts: MoveFacts) -> Option<Reason> {
    let MoveFacts {
        win9x,
        cycle_due,
        keeps_a_site,
        cycle_first,
    } = facts;
    (win9x && cycle_due && !keeps_a_site && cycle_first).then_some(Reason::RemovedBeforeMove)
}

/// Why a site on the logon point counts as one that covers a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Covers {
    /// The subnet it counts with is one of the site's boundaries.
    ItsSubnet,
    /// An adapter without a network is taken to be inside every site.
    InactiveAdapter,
    /// It was there while travel mode was on, which has been switched off since.
    Visited,
}

/// What was wrong about joining a site: D10 and D17. `None`: nothing.
#[must_use]
pub fn joined_wrongly(covers: Covers) -> Option<Reason> {
    match covers {
        Covers::ItsSubnet => None,
        Covers::InactiveAdapter => Some(Reason::InactiveAdapter), // D10, F39, Q247543
        Covers::Visited => Some(Reason::VisitedSiteJoined),       // D17, Q276531
    }
}

/// What a site says about travel mode to all its clients (Q263665).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SiteTravelMode {
    /// 0: each client decides for itself.
    #[default]
    Off,
    /// 1: always on.
    AlwaysOn,
    /// 8: users are never asked.
    NeverAsks,
    /// 9: both.
    AlwaysOnNeverAsks,
}

impl SiteTravelMode {
    /// Every value.
    pub const ALL: [SiteTravelMode; 4] = [
        SiteTravelMode::Off,
        SiteTravelMode::AlwaysOn,
        SiteTravelMode::NeverAsks,
        SiteTravelMode::AlwaysOnNeverAsks,
    ];

    /// Whether it holds clients outside their boundaries.
    #[must_use]
    pub fn is_on(self) -> bool {
        matches!(
            self,
            SiteTravelMode::AlwaysOn | SiteTravelMode::AlwaysOnNeverAsks
        )
    }

    /// Whether it keeps new clients from being assigned at a logon: the value 9, until SP3; F41, Q263665.
    #[must_use]
    pub fn blocks_new_clients(self, release: Release) -> Option<Reason> {
        let blocks = self == SiteTravelMode::AlwaysOnNeverAsks && release < Release::SP3;
        blocks.then_some(Reason::TravelModeBlocksNew)
    }

    /// Whether the site discards the requests to push itself onto new clients: `always on`, until SP4; F41, Q299772.
    #[must_use]
    pub fn discards_requests(self, release: Release) -> bool {
        self.is_on() && release < Release::SP4
    }
}

/// Whether a new client's bootstrap stops because Copylog.tcf credits Clicore to a site whose folder is gone from the
/// logon point: D15, F10, Q263345, Q313209. No service pack repairs it.
#[must_use]
pub fn credited_site_is_gone(listed: bool) -> Option<Reason> {
    (!listed).then_some(Reason::CreditedSiteGone)
}

/// What a client of several sites does with its advertisements when its first site does not answer: D22, Q246974.
/// `None`: nothing out of the ordinary.
#[must_use]
pub fn first_site_silent(sites: usize, first_answered: bool, any_answered: bool) -> Option<Reason> {
    (sites > 1 && !first_answered && any_answered).then_some(Reason::FirstSiteSilent)
}
