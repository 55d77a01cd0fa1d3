//! Client connection accounts: who can still reach a Client Access Point after a password was changed.

use super::reasons::Reason;

/// What decides whether a client's connection account opens a Client Access Point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountFacts {
    /// Windows NT or 2000: the client service has an account of its own. On Windows 9x the user's is used (Q237759).
    pub windows_nt: bool,
    /// The account's old password no longer opens anything.
    pub old_is_gone: bool,
    /// The client has read the site's configuration since the new one was published.
    pub has_new: bool,
    /// The account is locked out for everybody.
    pub locked_out: bool,
}

/// Why a client's account does not open its site's Client Access Points: F34, Q227033, Q237759. `None`: it does.
#[must_use]
pub fn refused(facts: AccountFacts) -> Option<Reason> {
    match facts {
        AccountFacts {
            windows_nt: false, ..
        } => None,
        AccountFacts {
            old_is_gone: true,
            has_new: false,
            ..
        } => Some(Reason::AccountStale),
        AccountFacts {
            locked_out: true, ..
        } => Some(Reason::AccountLocked),
        _ => None,
    }
}

/// Why a client does not reach its site's Client Access Points: Newuid gave it an identity without `/allocate`
/// (`renewed`), and no logon script made that `known` since (Q254735). `None`: it does.
#[must_use]
pub fn identity_refused(renewed: bool, known: bool) -> Option<Reason> {
    (renewed && !known).then_some(Reason::IdentityUnknown)
}

/// Whether only a logon or a new installation helps a client that is kept out for this reason (Q237759, Q254735).
#[must_use]
pub fn needs_logon(reason: Reason) -> bool {
    matches!(reason, Reason::AccountStale | Reason::IdentityUnknown)
}

/// Whether clients with an old password keep an account locked: `clients` of them try once in `retry_s`, and `tries`
/// within `lockout_s` lock it for as long (Q227033: 5 within 30 minutes).
#[must_use]
pub fn stay_locked(clients: u64, retry_s: u32, tries: u32, lockout_s: u32) -> bool {
    clients * u64::from(lockout_s) >= u64::from(tries) * u64::from(retry_s.max(1))
}
