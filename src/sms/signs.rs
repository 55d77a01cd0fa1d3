//! How each way to fail shows, and what cures it: the last two columns of the fact sheet's table (e).
//!
//! Signs are codes in the results: reasons (`decisions.csv`, `trouble.csv`, `clients.csv`), server events
//! (`server_events.csv`) or kinds of trouble; a test holds each of them against the closed lists. Ways to fail that are
//! not modelled show nowhere and have no entry.

/// How one way to fail shows in the results, and what cures it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Its number, such as F8.
    pub number: &'static str,
    /// Codes of reasons, of server events or of trouble.
    pub codes: &'static [&'static str],
    /// Where else to look; empty if the codes say it all.
    pub besides: &'static str,
    /// What ends it, or avoids it the next time.
    pub cure: &'static str,
}

/// Writes the list.
macro_rules! signs {
    ($( $number:literal, [$( $code:literal ),*], $besides:literal, $cure:literal; )+) => {
        /// Signs and cures of everything that is modelled, F1 to F53.
        pub static SIGNS: &[Sign] = &[ $( Sign {
            number: $number,
            codes: &[ $( $code, )* ],
            besides: $besides,
            cure: $cure,
        }, )+ ];
    };
}

signs! {
    "F1", ["clicore-before-cap", "agents-out-of-sync", "newer-than-cap", "mixed-needs-reinstall"], "state mixed in timeline.csv",
        "upgrade the clients' site; after RTM to SP1, uninstall and install those that stay mixed";
    "F2", ["copylog-miscredited", "veto-bypassed", "new-install-fails"], "who is credited, in servers.csv",
        "Q249077 or Q251070 at every site first; afterwards upgrade all sites, and reinstall the few whose users are no administrators";
    "F3", ["hotfix-failed-silently"], "`check` names the sites beforehand",
        "mend Full Version and Type in the setup key, apply the hotfix again, and look at its log or at file versions";
    "F4", ["veto-bypassed"], "`check` compares the calendar with a cycle",
        "wait for a whole cycle of Logon Server Manager after the last hotfix";
    "F5", ["own-site-not-upgraded", "new-waits-for-site"], "state mixed in timeline.csv, where hotfixes are missing",
        "finish all sites of a domain within two to three hours, or over one weekend";
    "F6", ["senior-lst-lost"], "when logon points change, in servers.csv",
        "name a well connected site in Senior.lst, keep a copy of the file, and restore it after setup";
    "F7", ["lsm-token-taken", "site-dead", "site-folder-missing"], "",
        "longer intervals and fewer sites to a domain; SP2 removes nobody and works in parallel";
    "F8", ["folders-removed", "site-folder-missing", "site removed"], "",
        "the senior site's next cycle brings the folders back, a later logon the clients; SP2 mends it";
    "F9", ["push-onto-newer", "wasted push"], "",
        "Q252717 or Q252718, and empty Ccrretry.box";
    "F10", ["site-left-domain", "credited-site-gone"], "",
        "upgrade a site that stays, take the domain out of all sites and in again, or bring the site back";
    "F11", ["copylog-damaged", "copylog-broken", "sluggish"], "",
        "restore the file, or let an SP2 senior site's cycle repair it";
    "F12", ["lsm-at-restart", "lsm-at-folder", "lsm-token-taken"], "",
        "restart sites of a domain at different hours, keep the Locks folder closed; SP2 mends it";
    "F13", ["logon-point-older"], "when logon points change, in servers.csv",
        "force a cycle after the upgrade (Nt_logon.not)";
    "F14", ["no-logon-point"], "the PDC's status, which claims success, is no sign",
        "give the PDC an NTFS volume with 50 MB free";
    "F17", ["connections-exhausted"], "longest_queue in load.csv, load_peaks.csv",
        "more Client Access Points, machines left on, cycles set off beforehand";
    "F18", ["cap-down", "cap-removed", "cap-unreachable", "connections-exhausted", "site-lost"], "",
        "bring the server back; keep old and new ones side by side";
    "F19", ["refresh-failed", "lock-left", "inbox-locked"], "when Client Access Points change, in servers.csv",
        "a faster link, nobody on the server while it is refreshed, the token deleted";
    "F20", ["removed-before-move"], "",
        "log on again: the client is installed anew; or let the subnet overlap both sites for a day";
    "F21", ["offers-incomplete", "agents blocked"], "",
        "free disk space and let the site write Clintx86.ofr again";
    "F22", ["crc-mismatch", "agents blocked"], "",
        "bring the hotfix to Bin and to Clicomp.src alike, and restart SMS Executive";
    "F23", ["not-seen"], "the tail of milestones.csv",
        "bring the machines to the office, or plan for them";
    "F24", ["orphan-blocked"], "",
        "a second connection account, or back-date the last check and install again";
    "F26", ["verify-reinstalls"], "bytes in load.csv",
        "space the verification or switch it off (Cliverify); SP2 copies what changed only";
    "F28", ["cap-unreachable"], "`check` compares the two dates",
        "wait a cycle before the other ways of choosing are switched off";
    "F29", ["restart-too-early", "broken"], "",
        "a desk visit; 15 minutes before any restart";
    "F30", ["restart-awaited", "second-restart-awaited"], "",
        "ask for the restart, or enforce it by a policy";
    "F31", ["inventory-stuck"], "",
        "a desk visit; restart machines before they are upgraded";
    "F34", ["account-stale", "account-locked"], "",
        "the logon script, a second account beside the first, accounts rotated every two weeks";
    "F38", ["pushed-to-old-site", "out-of-boundaries", "wrong site joined"], "",
        "switch push installation off at the parent, or delete the machine's record there";
    "F39", ["inactive-adapter", "wrong site joined"], "",
        "take the adapter out, or upgrade";
    "F40", ["out-of-boundaries"], "",
        "travel mode, before the first dial-in";
    "F41", ["travel-mode-blocks-new", "push-discarded"], "",
        "set the site's travel mode to 8, or on the clients that travel";
    "F42", ["out-of-boundaries", "ddm-unassigns", "inventory purged", "new-unassigned", "not-assigned"], "`check` names clients that nobody covers",
        "correct the subnet ID";
    "F43", ["join-incomplete"], "",
        "a cycle, then another logon";
    "F44", ["push-finds-client", "second site left out"], "",
        "logon installation, which joins every site that matches";
    "F45", ["deinstall-flag"], "",
        "remove the value SMS Client Deinstall";
    "F46", ["setup-hung"], "",
        "stop the metering server before setup";
    "F47", ["setup-failed", "setup-failed-midway"], "",
        "room in the database and in its status tables, then setup again";
    "F48", ["bootstrap-failed"], "",
        "look at the site itself, then push again";
    "F49", ["push-started", "push-arrived"], "the address in load.csv; `check` names the sites",
        "start earlier, use media, or apply Q317893";
    "F50", ["push-waits"], "the address in load.csv",
        "more sender threads, fewer sites at a time, media";
    "F52", [], "converged against reported in timeline.csv",
        "wait for the heartbeat, or read SMSClient.mof in hardware inventory";
    "F53", ["cap-reinstalled"], "",
        "SP4";
}

/// Sign and cure of the way to fail with this number, if it is modelled.
#[must_use]
pub fn sign(number: &str) -> Option<&'static Sign> {
    SIGNS.iter().find(|sign| sign.number == number)
}
