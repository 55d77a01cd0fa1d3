//! Users without administrators' rights: a second site takes them two logons (Q215107).

use super::reasons::Reason;

/// How far a client is with joining another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joining {
    /// It has not tried.
    NotTried,
    /// It has tried, and the registry's permissions kept it from it.
    Tried,
    /// A cycle has set the permissions since.
    Permitted,
}

impl Joining {
    /// Every stage.
    pub const ALL: [Joining; 3] = [Joining::NotTried, Joining::Tried, Joining::Permitted];
}

/// Whether a logon by which an assigned client would join another site leaves it incomplete; row C2.15, Q215107.
#[must_use]
pub fn join_by_logon(low_rights: bool, joining: Joining) -> Option<Reason> {
    (low_rights && joining != Joining::Permitted).then_some(Reason::JoinIncomplete)
}

/// The stage after a maintenance cycle that reached a Client Access Point; row C2.15.
#[must_use]
pub fn after_cycle(joining: Joining) -> Joining {
    match joining {
        Joining::Tried => Joining::Permitted,
        other => other,
    }
}
