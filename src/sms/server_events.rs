//! The closed list of what can happen to a server that is worth telling: each with the articles behind it and, where
//! something is wrong, what cures it.

/// Writes [`ServerEvent`] and everything known about each from one list.
macro_rules! server_events {
    ($( $event:ident, $code:literal, $articles:literal, $text:literal, $cure:literal; )+) => {
        /// Something worth telling that happened to a server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ServerEvent {
            $( #[doc = $text] $event, )+
        }

        impl ServerEvent {
            /// Every event.
            pub const ALL: &[ServerEvent] = &[ $( ServerEvent::$event, )+ ];

            /// Name in results, stable from version to version.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $( ServerEvent::$event => $code, )+ }
            }

            /// Knowledge Base articles, or what else it rests on.
            #[must_use]
            pub fn articles(self) -> &'static str {
                match self { $( ServerEvent::$event => $articles, )+ }
            }

            /// One sentence.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $( ServerEvent::$event => $text, )+ }
            }

            /// What to do about it; empty where nothing is wrong.
            #[must_use]
            pub fn cure(self) -> &'static str {
                match self { $( ServerEvent::$event => $cure, )+ }
            }
        }
    };
}

server_events! {
    SiteDown, "site-down", "Q200830, Q249333",
        "The site server went down: no Inbox Manager, no Logon Server Manager, no sender.", "";
    SiteUp, "site-up", "Q249333, Q256309",
        "The site server is back.", "";
    CapAdded, "cap-added", "Q260824",
        "A Client Access Point was set up; clients hear of it in their next cycle.", "";
    CapRemoved, "cap-removed", "Q260824",
        "A Client Access Point was taken away; clients that know no other are cut off.", "keep old ones until every client has read the new list";
    CapDown, "cap-down", "Q208618, Q236052",
        "The Client Access Point cannot be reached; its clients ask again every hour.", "";
    CapUp, "cap-up", "Q236052",
        "The Client Access Point can be reached again.", "";
    CapReinstalled, "cap-reinstalled", "Q278745, Q263398",
        "Site Component Manager had found the Client Access Point out of reach and installed it anew when it came back.", "install SP4";
    LogonPointDown, "logon-point-down", "Q242492",
        "The domain controller cannot be reached; users log on at another, or from the cache.", "";
    LogonPointUp, "logon-point-up", "Q242492",
        "The domain controller can be reached again.", "";
    HotfixApplied, "hotfix-applied", "Q261931",
        "A hotfix was applied, and SMS Executive restarted.", "";
    HotfixFailed, "hotfix-failed-silently", "Q252717, Q267258, Q273853",
        "A hotfix was run, and nothing was replaced: the setup key of the site did not let it, and nobody was told.",
        "mend Full Version and Type in the setup key, then apply it again; check the log or the file versions";
    PushQueued, "push-queued", "Q199250",
        "The parent queued the setup files for the site.", "";
    PushWaits, "push-waits", "Q319166, Q199250",
        "The transfer waits: every sender thread is taken, or as many sites are being pushed as are allowed.",
        "raise the sender's threads, or push fewer sites at a time";
    PushStarted, "push-started", "Q317893",
        "A sender thread took the transfer up and fixed its rate.", "";
    PushCut, "push-cut", "Q279498, Q278357",
        "The transfer was cut by an outage and starts over from the beginning.", "";
    PushArrived, "push-arrived", "Q199250",
        "The setup files arrived.", "";
    BootstrapFailed, "bootstrap-failed", "Q201658, Q287717",
        "The bootstrap at the secondary site failed; the parent hears nothing and keeps it as pending.",
        "look at the site itself, then push again";
    SetupBegan, "setup-began", "Q237543",
        "Site setup began.", "";
    SetupHung, "setup-hung", "Q258547",
        "Site setup hangs, as when a software metering server cannot be stopped.", "stop the metering server before setup";
    SetupFailed, "setup-failed", "Q238093, Q256615",
        "Site setup failed and left the site as it was.", "check the size of the database and of its status tables first";
    SetupFailedMidway, "setup-failed-midway", "Q238093, Q268238",
        "Site setup failed midway: the site is down, and some of its Client Access Points hold the new release already.",
        "make room in the database, then run setup again";
    SetupInterrupted, "setup-interrupted", "Q268238",
        "The site server went down during setup.", "run setup again";
    SiteUpgraded, "site-upgraded", "Q237543, Q238780",
        "The site runs the new release; its Client Access Points and logon points follow by themselves.", "";
    RefreshFailed, "refresh-failed", "Q278856, Q275617, Q322967",
        "Inbox Manager could not replace files on the Client Access Point and comes back an interval later.", "";
    LockLeft, "lock-left", "Q275617, Q322967",
        "Inboxlck.tok stayed behind on the Client Access Point; cycles skip its components.",
        "delete the token, or restart the server that holds it open";
    LockGone, "lock-gone", "Q275617",
        "The stale Inboxlck.tok is gone.", "";
    CycleSkipped, "lsm-token-taken", "Q249333, Q255820",
        "Another site held the token, so the site left the domain out this time.",
        "spread the cycles, lengthen the interval, or shorten them by SP2";
    CycleWithoutPdc, "lsm-without-pdc", "Q249333, Q242492",
        "The PDC could not be reached, so the site left the domain out this time.", "";
    CycleAtRestart, "lsm-at-restart", "Q249333, Q257202",
        "The restart of SMS Executive started a cycle of Logon Server Manager out of turn.", "";
    CycleAtFolder, "lsm-at-folder", "Q257202",
        "Somebody looked into nt_logon.box\\Locks on the site server, and that started a cycle of Logon Server Manager.",
        "close the folder, and keep software inventory out of it; SP2 mends it";
    CycleForced, "lsm-forced", "Q270036, Q311127",
        "A cycle of Logon Server Manager was forced.", "";
    FoldersRemoved, "folders-removed", "Q242492",
        "The site took itself for the only one left and removed the folders of all others from the logon points.",
        "the next cycle of the senior site brings them back; SP2 mends it";
    SiteDead, "site-dead", "Q227028, Q259816",
        "The site was silent for so long that the senior site removed its folders from the logon points.",
        "let the site complete a cycle; SP2 keeps the folders";
    SiteLeft, "site-left-domain", "Q263345, Q313209",
        "The site left the logon points of the domain and took its folders with it.",
        "upgrade a site that stays, take the domain out of all sites and in again, or bring the site back";
    SeniorLstLost, "senior-lst-lost", "Q246527, Q235726",
        "Senior.lst is gone from the PDC; the senior site is elected from now on.", "keep a copy, and restore it";
    CopylogMiscredited, "copylog-miscredited", "Q251070, Q249077, Q264630",
        "An unpatched site credited itself with a file that it only checked.", "apply Q251070 or Q249077 first; now upgrade the site";
    CopylogDamaged, "copylog-damaged", "Q264976",
        "Copylog.tcf has no readable line for Clicore any more.", "mend it by hand, or let an SP2 site's cycle repair it";
    CopylogRepaired, "copylog-repaired", "Q264976",
        "The line for Clicore in Copylog.tcf is right again.", "";
    CopylogPinned, "copylog-pinned", "Q264630",
        "Copylog.tcf was edited by hand and locked.", "";
    CopylogUnpinned, "copylog-unpinned", "Q264630",
        "Copylog.tcf was unlocked; cycles write it again.", "";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_every_event_rests_on_something() {
        let codes: BTreeSet<_> = ServerEvent::ALL.iter().map(|event| event.code()).collect();
        assert_eq!(codes.len(), ServerEvent::ALL.len());
        for event in ServerEvent::ALL {
            assert!(event.articles().starts_with('Q'), "{event:?}");
            assert!(
                event.text().ends_with('.') && !event.cure().ends_with('.'),
                "{event:?}"
            );
        }
    }
}
