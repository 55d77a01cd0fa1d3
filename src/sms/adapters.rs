//! What a machine takes for its subnet: several adapters, several addresses, dial-up.

use super::reasons::Reason;
use super::version::Release;

/// An adapter of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adapter {
    /// A network card in use.
    Active,
    /// A second card without a network.
    Inactive,
    /// A modem or a tunnel.
    DialUp,
}

impl Adapter {
    /// Every kind.
    pub const ALL: [Adapter; 3] = [Adapter::Active, Adapter::Inactive, Adapter::DialUp];
}

/// Which sites an adapter puts a machine into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matches {
    /// Those whose boundaries hold its subnet exactly (Q200344).
    ItsSubnet,
    /// Every site on the logon point.
    EverySite,
    /// None.
    NoSite,
}

/// Which sites an adapter puts a machine into; D1, D10 and D11.
///
/// `own_mask`: the dial-up adapter reports the mask 255.255.255.255, as on Windows 2000 (Q235797), so that its subnet
/// is its own address and lies in nobody's boundaries.
#[must_use]
pub fn matches(adapter: Adapter, client: Release, own_mask: bool) -> Matches {
    match adapter {
        Adapter::Active => Matches::ItsSubnet,
        Adapter::Inactive if client.is_sp2_or_later() => Matches::NoSite,
        Adapter::Inactive => Matches::EverySite, // D10, F39, Q247543
        Adapter::DialUp if own_mask => Matches::NoSite, // D11, F40, Q235797
        Adapter::DialUp => Matches::ItsSubnet,
    }
}

/// Which of several addresses of one adapter count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// The first.
    First,
    /// The last.
    Last,
    /// Every one.
    All,
}

/// Which of several addresses of one adapter count for a client: D12.
///
/// RTM and SP1 use the last (Q252953, repaired in SP2); another article has the first captured only, repaired in SP4
/// (Q270036). `first_from_sp2` takes that for SP2 and SP3.
#[must_use]
pub fn counted_addresses(client: Release, first_from_sp2: bool) -> Counted {
    if !client.is_sp2_or_later() {
        Counted::Last
    } else if first_from_sp2 && client < Release::SP4 {
        Counted::First
    } else {
        Counted::All
    }
}

/// Whether Slownet takes a link for slow: B14 and L15, Q224388.
///
/// A threshold of 0 asks for the presence of dial-up only.
#[must_use]
pub fn link_is_slow(link_bps: u64, dial_up: bool, threshold_bps: u64) -> bool {
    match threshold_bps {
        0 => dial_up,
        threshold_bps => link_bps < threshold_bps,
    }
}

/// What a plan lets dial-up users do: L13, Q237543, Q238780.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DialUpPolicy {
    /// Everything that others do.
    #[default]
    Open,
    /// The logon script leaves them out.
    ScriptOff,
    /// The script leaves them out, and upgrades wait for the office.
    Hold,
}

impl DialUpPolicy {
    /// Every policy.
    pub const ALL: [DialUpPolicy; 3] = [
        DialUpPolicy::Open,
        DialUpPolicy::ScriptOff,
        DialUpPolicy::Hold,
    ];

    /// Whether a logon over dial-up leaves SMSLS out.
    #[must_use]
    pub fn at_logon(self, dial_up: bool) -> Option<Reason> {
        (dial_up && self != DialUpPolicy::Open).then_some(Reason::DialUpScriptOff)
    }

    /// Whether a cycle over dial-up leaves an upgrade for later.
    #[must_use]
    pub fn at_upgrade(self, dial_up: bool) -> Option<Reason> {
        (dial_up && self == DialUpPolicy::Hold).then_some(Reason::HeldOnDialUp)
    }
}
