//! The closed list of reasons: why a client did what it did, or why it stays where it is.
//!
//! Every decision in the model ends in exactly one of these. Each carries the outcome it stands for, a sentence, the
//! articles behind it and, where something stays wrong, what cures it.

use std::fmt;

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing was to be done.
    Nothing,
    /// The rule was never reached.
    Skipped,
    /// Boot32wn quit without copying or running anything.
    Quit,
    /// Clicore was copied from the logon point and run.
    CopiedClicore,
    /// The client was installed.
    Installed,
    /// An installation or upgrade began.
    Began,
    /// It has to be tried again later.
    Deferred,
    /// It failed or was cut short.
    Failed,
    /// A site was removed from the client, or the client altogether.
    Removed,
    /// It is complete.
    Completed,
}

impl Outcome {
    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Nothing => "nothing",
            Outcome::Skipped => "skipped",
            Outcome::Quit => "quit",
            Outcome::CopiedClicore => "copied clicore",
            Outcome::Installed => "installed",
            Outcome::Began => "began",
            Outcome::Deferred => "deferred",
            Outcome::Failed => "failed",
            Outcome::Removed => "removed",
            Outcome::Completed => "completed",
        }
    }
}

/// Which decision a reason belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// SMSLS and Boot32wn at a logon.
    Logon,
    /// A maintenance cycle.
    Cycle,
    /// The upgrade on the client, once begun.
    Upgrade,
    /// Client Configuration Manager at the site server.
    Push,
    /// Discovery Data Manager at the site server.
    Discovery,
    /// No decision: where a client stands at the end of the run.
    Standing,
}

impl Decision {
    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Decision::Logon => "logon",
            Decision::Cycle => "cycle",
            Decision::Upgrade => "upgrade",
            Decision::Push => "push",
            Decision::Discovery => "discovery",
            Decision::Standing => "standing",
        }
    }
}

/// Writes [`Reason`] and everything known about each from one list.
macro_rules! reasons {
    ($( $decision:ident { $( $reason:ident => $outcome:ident, $code:literal, $articles:literal, $text:literal, $cure:literal; )+ } )+) => {
        /// Why something happened, or did not.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[repr(u8)]
        pub enum Reason {
            $($( #[doc = $text] $reason, )+)+
        }

        impl Reason {
            /// Every reason, decision by decision.
            pub const ALL: &[Reason] = &[ $($( Reason::$reason, )+)+ ];

            /// Name in results, stable from version to version.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $($( Reason::$reason => $code, )+)+ }
            }

            /// The decision it belongs to.
            #[must_use]
            pub fn decision(self) -> Decision {
                match self { $($( Reason::$reason => Decision::$decision, )+)+ }
            }

            /// The outcome it stands for.
            #[must_use]
            pub fn outcome(self) -> Outcome {
                match self { $($( Reason::$reason => Outcome::$outcome, )+)+ }
            }

            /// Knowledge Base articles, or what else it rests on.
            #[must_use]
            pub fn articles(self) -> &'static str {
                match self { $($( Reason::$reason => $articles, )+)+ }
            }

            /// One sentence.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $($( Reason::$reason => $text, )+)+ }
            }

            /// What to do about it; empty where nothing is wrong.
            #[must_use]
            pub fn cure(self) -> &'static str {
                match self { $($( Reason::$reason => $cure, )+)+ }
            }
        }
    };
}

reasons! {
    Logon {
        ScriptOff => Skipped, "script-off", "Q237543, Q238780",
            "The logon script does not run SMSLS for this user.", "";
        NoLogonPoint => Skipped, "no-logon-point", "Q225542, Q242492",
            "No logon point of the domain answered, so no script ran.", "bring a domain controller back; make the PDC fit";
        SlowLink => Skipped, "slow-link", "Q224388, Q246863",
            "Slownet measured a link below its threshold and ended the script.", "";
        ClicoreCurrent => Nothing, "clicore-current", "Q277783, Q287990",
            "Clicore ran; every file was current.", "";
        HotfixByLogon => CopiedClicore, "hotfix-by-logon", "Q262677",
            "The logon point is newer by a hotfix only, so Clicore was copied and run.", "";
        SitesOwnUpgrade => Quit, "own-site-upgraded", "Q262677, Q263411",
            "The client is significantly older than the logon point; its next cycle upgrades it from its own upgraded site.", "";
        SiteNotUpgraded => Quit, "own-site-not-upgraded", "Q262677, Q263411",
            "The client is significantly older than the logon point, and its own site is not upgraded yet.", "upgrade the client's site";
        LogonPointOlder => Nothing, "logon-point-older", "not documented; no action assumed",
            "The logon point is older than the client.", "";
        ClicoreBeforeCap => CopiedClicore, "clicore-before-cap", "Q236596, Q238780",
            "By the rules before SP2 the logon point's Clicore was copied although the client's site is not upgraded: mixed.", "upgrade the client's site";
        ClicoreThenCycle => CopiedClicore, "clicore-then-cycle", "Q236596",
            "By the rules before SP2 the logon point's Clicore was copied; the next cycle completes it.", "";
        VetoBypassed => CopiedClicore, "veto-bypassed", "Q264630, Q251070, Q249077",
            "Copylog.tcf credits Clicore to an unpatched site, its version reads as 2.00.0000.0000, and the client copied it: mixed.", "apply Q249077 or Q251070 before SP2; now upgrade the client's site";
        VetoBypassedThenCycle => CopiedClicore, "veto-bypassed-then-cycle", "Q264630",
            "Copylog.tcf credits Clicore to an unpatched site and the client copied it; its own site is upgraded, so the next cycle completes it.", "";
        NewAssigned => Installed, "new-assigned", "Q213004, Q298433",
            "A new client was installed and assigned to every site whose boundaries it lies in.", "";
        NewToNewerSites => Installed, "new-to-newer-sites", "Q262677",
            "A new client was assigned to the upgraded sites only, not to significantly earlier ones.", "";
        NewUnassigned => Installed, "new-unassigned", "Q202338, Q260541",
            "Logon discovery installed the core components on a machine that lies in no boundaries.", "add its subnet to a site's boundaries";
        NewWaitsForSite => Deferred, "new-waits-for-site", "Q264630, Q262677",
            "Every site that covers the machine is significantly earlier than the logon point, so nothing was installed.", "upgrade its site";
        NewInstallFails => Failed, "new-install-fails", "Q264630, Q263345",
            "Copylog.tcf credits Clicore to an unpatched site, and the new installation stopped.", "apply Q249077 or Q251070 before SP2; now upgrade the site";
        InstallationOff => Nothing, "installation-off", "Q213004",
            "No site that covers the machine installs clients at logon.", "enable logon client installation, or push";
        CycleHoldsClient => Skipped, "cycle-holds-client", "Q288218, Q236039",
            "A maintenance cycle held the client, and the bootstrap gave up waiting.", "";
        SiteFolderMissing => Removed, "site-folder-missing", "Q242492",
            "The site's folder was gone from the logon point, and the client removed that site.", "bring the site back; the client joins again at a logon";
        CopylogBroken => Failed, "copylog-broken", "Q264976",
            "Copylog.tcf had no readable line for Clicore; Boot32wn tried again every 10 minutes, kept the machine busy and gave up.", "restore Copylog.tcf, or upgrade the senior site to SP2, which repairs it";
        OrphanReseeded => Completed, "orphan-reseeded", "Q236052, Q237759",
            "The client could not reach its Client Access Points any more; the logon brought it up to date with its site.", "";
        OrphanReseededThenCycle => CopiedClicore, "orphan-reseeded-then-cycle", "Q236052",
            "The client could not reach its Client Access Points any more; by the rules before SP2 the logon brought it Clicore and its site's configuration, and the next cycle completes it.", "";
        OrphanBlocked => Quit, "orphan-blocked", "Q236052",
            "The client cannot reach its Client Access Points any more, and Boot32wn quits because an upgrade is due: no logon helps it.", "give it access by a second client connection account, or back-date its last check of the site and install it again";
        LogonMethodsOff => Nothing, "logon-methods-off", "Q236596, Q238780",
            "The client's site has neither logon discovery nor logon installation on, so the logon left the client alone.", "";
        ZoneChanged => CopiedClicore, "zone-changed", "Q251164",
            "The time zone of a Windows 9x machine had changed, and Clicore was copied anew though it is the same.", "";
        DeinstallFlag => Nothing, "deinstall-flag", "Q293117",
            "The registry value SMS Client Deinstall is set, so no assignment was processed.", "remove the value SMS Client Deinstall";
        JoinIncomplete => Deferred, "join-incomplete", "Q215107",
            "The user's rights did not suffice to join a second site; the next cycle sets the registry's permissions, and a later logon completes it.", "";
        CreditedSiteGone => Failed, "credited-site-gone", "Q263345, Q313209",
            "Copylog.tcf credits Clicore to a site that left the logon point, and the new installation stopped.", "upgrade a remaining site, remove the domain at every site and add it again, or bring the site back";
        TravelModeBlocksNew => Deferred, "travel-mode-blocks-new", "Q263665",
            "The site's travel mode is 9, and the new client was not assigned.", "set the site's travel mode to 8";
        InactiveAdapter => Installed, "inactive-adapter", "Q247543",
            "A second adapter without a network counted as inside every site on the logon point, and the client joined them.", "remove the adapter, or upgrade the client";
        VisitedSiteJoined => Installed, "visited-site-joined", "Q276531",
            "Travel mode was switched off, and the client joined a site it had visited meanwhile.", "remove the site by hand";
        DialUpScriptOff => Skipped, "dial-up-script-off", "Q237543, Q238780",
            "The logon script leaves dial-up users out until they are in the office.", "";
    }
    Cycle {
        NothingNew => Nothing, "nothing-new", "Q231232, Q266130",
            "Client and Client Access Point hold the same versions.", "";
        BaseOlder => Began, "base-older", "Q266130, Q235161",
            "The Client Access Point holds newer base components; the upgrade began.", "";
        AgentsOlder => Began, "agents-older", "Q235161, Q266130",
            "The Client Access Point holds newer agents; their upgrade began.", "";
        NewerThanCap => Deferred, "newer-than-cap", "Q264630",
            "The client's base is newer than every Client Access Point of its sites; its agents are left alone: mixed.", "upgrade the client's site";
        AgentsOutOfSync => Deferred, "agents-out-of-sync", "Q236596, Q238865",
            "The agents' configuration does not fit the offers of the Client Access Point; they are skipped: mixed.", "upgrade the client's site, or reinstall the client";
        CapUnreachable => Deferred, "cap-unreachable", "Q236052, Q227033",
            "No Client Access Point could be reached; the client asks again in an hour.", "restore the client's access to the Client Access Point";
        ConnectionsExhausted => Deferred, "connections-exhausted", "Q208618",
            "The Client Access Point had no connection left; the client asks again in an hour.", "add licences or Client Access Points";
        InboxLocked => Deferred, "inbox-locked", "Q322967, Q275617",
            "Inbox Manager was refreshing the Client Access Point; the cycle waited 10 s and skipped the components.", "";
        OutOfBoundaries => Removed, "out-of-boundaries", "Q199078, Q288218",
            "The machine lies outside the site's boundaries, and the client removed the site.", "add the subnet to the boundaries, or use travel mode";
        TravelMode => Nothing, "travel-mode", "Q281107, Q272436",
            "The machine lies outside the site's boundaries, but travel mode keeps it assigned.", "";
        SiteLost => Removed, "site-lost", "Q265358, Q227033",
            "The site's configuration could not be read for 60 days, and the client removed the site.", "restore access, then install the client again";
        RestartAwaited => Deferred, "restart-awaited", "Q237543, Q264969",
            "The base components wait for a restart.", "restart the machine";
        SecondRestartAwaited => Deferred, "second-restart-awaited", "Q264969",
            "Software distribution waits for a second restart.", "restart the machine";
        CycleRunning => Skipped, "cycle-running", "Q288218",
            "The previous cycle was still at work.", "";
        UpgradeDisabled => Deferred, "upgrade-disabled", "Q272436",
            "DisableClientUpgrade keeps the client from changing any component.", "run EnableClientUpgrade";
        MixedNeedsReinstall => Deferred, "mixed-needs-reinstall", "Q238865, Q236596",
            "A client that the rules before SP2 made mixed does not recover although its site is upgraded by now.", "a desk visit: uninstall the client completely and install it again";
        MixedLowRights => Deferred, "mixed-low-rights", "Q264630",
            "A mixed client whose user is no administrator did not recover although its site is upgraded by now.", "a desk visit: reinstall the client";
        CrcMismatch => Deferred, "crc-mismatch", "Q246331, Q270912",
            "The agents' checksums do not fit what the site published; the client service does not start them (error 5) and asks for verification.", "bring the hotfix to Bin and to Clicomp.src alike, and restart SMS Executive";
        AgentsDisabled => Removed, "agents-disabled", "Q298935, Q198691",
            "The site does not offer an agent any more that the client has; it was removed.", "";
        OffersIncomplete => Removed, "offers-incomplete", "Q298935",
            "The offer file on the Client Access Point is cut off; the client removed agents that it seems not to want.", "free disk space and let the site write Clintx86.ofr again";
        VerifyReinstalls => Began, "verify-reinstalls", "Q246040, Q239564",
            "The periodic verification reinstalls every agent.", "";
        VerifyUnchanged => Nothing, "verify-unchanged", "Q277783",
            "The periodic verification found nothing changed and copied nothing.", "";
        ForcedSite => Nothing, "forced-site", "Q240056, Q281107",
            "The machine lies outside the site's boundaries, but the client's list of forced sites keeps it.", "";
        RemovedBeforeMove => Removed, "removed-before-move", "Q288218",
            "On Windows 9x the cycle began to remove the client seconds before the logon script could add its new site.", "log on again: the client is installed anew";
        HeldOnDialUp => Deferred, "held-on-dial-up", "Q237543, Q238780",
            "An upgrade is there, and the plan holds it until the machine is in the office.", "bring the machine to the office";
        FirstSiteSilent => Deferred, "first-site-silent", "Q246974",
            "The first of the client's sites did not answer, so that advertised programs take the link for slow.", "restore the first site, or remove it from the client";
        AccountStale => Deferred, "account-stale", "Q237759, Q227033",
            "The client knows only the connection account's old password, and tries again every hour.", "run the logon script, or keep the old account until every client has read the new one";
        AccountLocked => Deferred, "account-locked", "Q237759, Q227033",
            "Other clients' old password keeps the connection account locked out.", "unlock the account and give it a second one beside it";
        IdentityUnknown => Deferred, "identity-unknown", "Q254735",
            "Newuid gave the machine an identity that was not allocated; no Client Access Point knows it, and the client asks again every hour.", "run the logon script or SMSMAN on it, or push; give identities with /allocate";
    }
    Upgrade {
        BaseInstalled => Completed, "base-installed", "Q235161",
            "The base components are installed.", "";
        AgentsInstalled => Completed, "agents-installed", "Q235161",
            "The agents are installed.", "";
        CutByPowerOff => Failed, "cut-by-power-off", "Q231232",
            "The machine was switched off during the upgrade; it starts over at a later cycle.", "leave machines on";
        CutByLogoff => Failed, "cut-by-logoff", "Q237543",
            "The user of a Windows 9x machine logged off during the upgrade; it starts over at a later cycle.", "stay logged on";
        CutByOutage => Failed, "cut-by-outage", "Q236052",
            "The server went down during the transfer; it starts over at a later cycle.", "";
        InstallFailed => Failed, "install-failed", "assumed probability",
            "The installation failed; it starts over at a later cycle.", "";
        RestartTooEarly => Failed, "restart-too-early", "Q237543, Q238864",
            "A Windows 9x machine was restarted within 15 minutes of the installation's start and is broken.", "a desk visit: reinstall the client";
        RestartAsked => Deferred, "restart-asked", "Q264969",
            "The user was asked to restart the machine.", "";
        Restarted => Completed, "restarted", "Q264969",
            "The restart completed what waited for it.", "";
        Verified => Completed, "verified", "Q246040",
            "The agents are verified.", "";
        InventoryStuck => Failed, "inventory-stuck", "Q263370",
            "A Windows 9x client was removed, installed and upgraded without a restart in between; hardware inventory asks for one ever after.", "a desk visit: reinstall the client; restart machines before they are upgraded";
    }
    Push {
        Pushed => Installed, "pushed", "Q229769, Q267929",
            "The site server installed a new client.", "";
        PushUnanswered => Deferred, "push-unanswered", "Q264630",
            "The machine did not answer; the site server tries again in an hour, for 7 days.", "switch the machine on";
        PushGivenUp => Failed, "push-given-up", "Q264630",
            "The machine did not answer for 7 days, and the request was dropped.", "switch the machine on; its next discovery brings a new request";
        PushNotRetried => Failed, "push-not-retried", "Q265882, Q242926",
            "The domain's name has less than four characters, and the request that failed once was lost.", "go to SP3";
        PushFindsClient => Nothing, "push-finds-client", "Q298433",
            "The machine has a client of another site already; the request ended without adding this one.", "use logon installation, which joins every site that matches";
        PushOntoNewer => Failed, "push-onto-newer", "Q252717, Q252718, Q264630",
            "An earlier site without the hotfix tries to push itself onto a newer client, every hour for 7 days.", "apply Q252717 or Q252718, and empty Ccrretry.box";
        PushLeavesNewer => Nothing, "push-leaves-newer", "Q264630, Q252717",
            "The site looked first, found a newer client and left it alone.", "";
        PushDiscarded => Failed, "push-discarded", "Q299772",
            "The site's travel mode is always on, and it discarded the request for a new client.", "set the site's travel mode to 8, or install by logon";
        PushedToOldSite => Installed, "pushed-to-old-site", "Q313660",
            "A parent site still believes the machine where it was before it moved, and installed it again.", "switch push installation off at the parent, or delete the machine's record there";
    }
    Discovery {
        DdmUnassigns => Removed, "ddm-unassigns", "Q281107",
            "By its subnets the client belongs to no site, so the night deletes its inventory.", "add the subnet to the boundaries";
    }
    Standing {
        NotSeen => Nothing, "not-seen", "Q231232",
            "The client ran no cycle on its network since its site was upgraded.", "wait, or switch the machine on";
        SiteStaysBehind => Nothing, "site-stays-behind", "Q262677",
            "No Client Access Point of the client's sites holds the release.", "upgrade the client's site";
        NotAssigned => Nothing, "not-assigned", "Q200344",
            "The client belongs to no site.", "add its subnet to a site's boundaries";
        NoClient => Nothing, "no-client", "Q213004",
            "No SMS client was ever installed.", "";
        InProgress => Nothing, "in-progress", "Q235161",
            "The upgrade was under way when the run ended.", "simulate more days";
    }
}

impl Reason {
    /// Number of reasons.
    pub const COUNT: usize = Self::ALL.len();

    /// Position in [`Reason::ALL`].
    #[inline]
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether a client that stands there at the end counts as out of the rollout's reach, so that milestones leave
    /// it out.
    #[must_use]
    pub fn out_of_reach(self) -> bool {
        matches!(
            self,
            Reason::NotSeen
                | Reason::SiteStaysBehind
                | Reason::NotAssigned
                | Reason::NoClient
                | Reason::DeinstallFlag
                | Reason::UpgradeDisabled
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_every_reason_rests_on_something() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::COUNT);
        for (position, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(reason.index(), position);
            assert!(
                !reason.articles().is_empty() && reason.text().ends_with('.'),
                "{reason}"
            );
        }
    }

    #[test]
    fn whatever_went_wrong_names_its_cure() {
        for reason in Reason::ALL {
            let cut = [Reason::CutByOutage, Reason::InstallFailed].contains(reason);
            if reason.outcome() == Outcome::Failed && !cut {
                assert!(!reason.cure().is_empty(), "{reason}");
            }
        }
    }
}
