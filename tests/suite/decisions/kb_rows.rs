//! The rows that the articles themselves tell, one test each: what an expert of the product would ask first.
//!
//! Letters and numbers follow the project's tables of facts: `b` what a logon does, `c1` when a maintenance cycle runs,
//! `c2` what it does, `d` which sites a client belongs to; the rest of `d`, with c2.10 and c2.11, is in
//! `kb_assignment`. Row c1.10, sleep, is not documented: a sleeping machine counts as switched off.

use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::sms::boot32wn::{
    CoveringSites, InstalledFacts, NewFacts, ScriptFacts, before_boot32wn, installed_client,
    new_client, sluggish_s,
};
use smsim::sms::ccim::{
    self, AgentFacts, BaseFacts, CycleFacts, GateFacts, Mixed, Offers, Presence, Verification,
};
use smsim::sms::defaults::Rules;
use smsim::sms::rights::{self, Joining};
use smsim::sms::{Bootstrap, Difference, Outcome, Reason, Version, assignment, heartbeat, upgrade};

/// An SP1 client at a logon point of SP2, everything in order, its own site not upgraded yet.
const SP1_CLIENT: InstalledFacts = InstalledFacts {
    bootstrap: Bootstrap::Sp2,
    client: Difference::SignificantlyOlder,
    version_known: true,
    own_site_upgraded: false,
    site_folder_missing: false,
    own_site_uses_logons: true,
    orphaned: false,
    zone_changed: false,
};

/// A machine without a client at a logon point of SP2, in the boundaries of one site at SP2.
const NEW: NewFacts = NewFacts {
    bootstrap: Bootstrap::Sp2,
    covering: CoveringSites::OnlyCurrent,
    version_known: true,
    discovery: true,
    core_present: false,
    deinstall_flag: false,
};

/// What keeps a cycle from its components: nothing.
const OPEN: GateFacts = GateFacts {
    at_work: false,
    reached: true,
    upgrade_disabled: false,
    base_restart: false,
    locked: false,
};

/// Base components at SP2, as on the Client Access Point.
const BASE: BaseFacts = BaseFacts {
    base: Difference::Same,
    is_sp2: true,
    mixed: Mixed::Recovers,
};

/// Agents that leave nothing to do.
const AGENTS: AgentFacts = AgentFacts {
    crc_mismatch: false,
    offers: Offers::Complete,
    agents: Difference::Same,
    second_restart: false,
    verification: Verification::NotDue,
};

/// A cycle that finds nothing new.
const QUIET: CycleFacts = CycleFacts {
    gate: OPEN,
    base: BASE,
    agents: AGENTS,
};

fn with_gate(gate: GateFacts) -> Reason {
    ccim::cycle(CycleFacts { gate, ..QUIET })
}

fn with_base(base: BaseFacts) -> Reason {
    ccim::cycle(CycleFacts { base, ..QUIET })
}

fn with_agents(agents: AgentFacts) -> Reason {
    ccim::cycle(CycleFacts { agents, ..QUIET })
}

fn old(facts: InstalledFacts) -> InstalledFacts {
    InstalledFacts {
        bootstrap: Bootstrap::BeforeSp2,
        ..facts
    }
}

fn stands(one: &str, to: &str) -> Difference {
    let version = |text: &str| text.parse::<Version>().unwrap();
    version(one).compared_to(version(to))
}

#[test]
fn b1_a_new_machine_in_the_boundaries_of_the_logon_points_own_site_is_installed() {
    for bootstrap in Bootstrap::ALL {
        assert_eq!(
            new_client(NewFacts { bootstrap, ..NEW }),
            Reason::NewAssigned
        );
    }
}

#[test]
fn b2_discovery_alone_puts_the_core_on_a_machine_in_nobodys_boundaries() {
    for bootstrap in Bootstrap::ALL {
        let facts = NewFacts {
            bootstrap,
            covering: CoveringSites::None,
            ..NEW
        };
        assert_eq!(new_client(facts), Reason::NewUnassigned);
        let off = NewFacts {
            discovery: false,
            ..facts
        };
        assert_eq!(new_client(off), Reason::InstallationOff);
    }
}

#[test]
fn b3_d5_a_new_machine_in_both_boundaries_joins_the_upgraded_site_only() {
    let both = NewFacts {
        covering: CoveringSites::EarlierAndCurrent,
        ..NEW
    };
    assert_eq!(new_client(both), Reason::NewToNewerSites);
    assert!(!assignment::joins(
        Bootstrap::Sp2,
        Difference::SignificantlyOlder
    ));
    assert!(assignment::joins(Bootstrap::Sp2, Difference::Same));
    let before = NewFacts {
        bootstrap: Bootstrap::BeforeSp2,
        ..both
    };
    assert_eq!(new_client(before), Reason::NewAssigned);
    assert!(assignment::joins(
        Bootstrap::BeforeSp2,
        Difference::SignificantlyOlder
    ));
}

#[test]
fn b4_d6_a_new_machine_of_the_earlier_site_waits_for_its_upgrade() {
    let earlier = NewFacts {
        covering: CoveringSites::OnlyEarlier,
        ..NEW
    };
    assert_eq!(new_client(earlier), Reason::NewWaitsForSite);
    assert_eq!(Reason::NewWaitsForSite.outcome(), Outcome::Deferred);
    let before = NewFacts {
        bootstrap: Bootstrap::BeforeSp2,
        ..earlier
    };
    assert_eq!(new_client(before), Reason::NewAssigned);
}

#[test]
fn b5_b9_a_client_as_new_as_the_logon_point_finds_every_file_current() {
    for bootstrap in Bootstrap::ALL {
        let facts = InstalledFacts {
            bootstrap,
            client: Difference::Same,
            own_site_upgraded: true,
            ..SP1_CLIENT
        };
        assert_eq!(installed_client(facts), Reason::ClicoreCurrent);
    }
}

#[test]
fn b6_d7_an_sp1_client_of_an_sp1_site_is_left_alone_by_sp2s_bootstrap() {
    assert_eq!(installed_client(SP1_CLIENT), Reason::SiteNotUpgraded);
    assert_eq!(Reason::SiteNotUpgraded.outcome(), Outcome::Quit);
    assert_eq!(installed_client(old(SP1_CLIENT)), Reason::ClicoreBeforeCap);
    assert_eq!(Reason::ClicoreBeforeCap.outcome(), Outcome::CopiedClicore);
}

#[test]
fn b7_an_sp1_client_of_an_upgraded_site_waits_for_its_cycle() {
    let upgraded = InstalledFacts {
        own_site_upgraded: true,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(upgraded), Reason::SitesOwnUpgrade);
    assert_eq!(installed_client(old(upgraded)), Reason::ClicoreThenCycle);
}

#[test]
fn b8_a_hotfix_comes_by_logon() {
    let client = stands("2.00.1999.2000", "2.00.1999.2001");
    assert_eq!(client, Difference::OlderByHotfix);
    let facts = InstalledFacts {
        client,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(facts), Reason::HotfixByLogon);
    assert_eq!(
        stands("2.00.1380.0000", "2.00.1999.2000"),
        Difference::SignificantlyOlder,
        "a service pack does not"
    );
}

#[test]
fn b10_d8_a_wrong_credit_hides_the_version_and_the_client_becomes_mixed() {
    let hidden = InstalledFacts {
        version_known: false,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(hidden), Reason::VetoBypassed);
    assert!(Reason::VetoBypassed.cure().contains("Q249077"));
}

#[test]
fn b11_a_wrong_credit_stops_new_installations() {
    for covering in [CoveringSites::OnlyEarlier, CoveringSites::OnlyCurrent] {
        let facts = NewFacts {
            covering,
            version_known: false,
            ..NEW
        };
        assert_eq!(new_client(facts), Reason::NewInstallFails);
    }
}

#[test]
fn b12_a_broken_copylog_keeps_every_machine_busy_for_70_minutes() {
    let broken = ScriptFacts {
        logon_point_answers: true,
        runs_smsls: true,
        slow_link: false,
        cycle_at_work: false,
        copylog_broken: true,
    };
    assert_eq!(before_boot32wn(broken), Some(Reason::CopylogBroken));
    let rules = Rules::default();
    let busy_s = |mended_s| sluggish_s(rules.copylog_retry, rules.copylog_attempts, mended_s);
    assert_eq!(busy_s(u32::MAX), 70 * 60);
    assert_eq!(
        busy_s(15 * 60),
        20 * 60,
        "the first attempt after it was mended"
    );
}

#[test]
fn b13_a_missing_site_folder_removes_the_site_before_sp2_and_not_from_sp2_on() {
    let missing = InstalledFacts {
        site_folder_missing: true,
        client: Difference::Same,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(old(missing)), Reason::SiteFolderMissing);
    assert_eq!(installed_client(missing), Reason::ClicoreCurrent);
}

#[test]
fn b14_slownet_ends_the_script_on_a_slow_link() {
    let slow = ScriptFacts {
        logon_point_answers: true,
        runs_smsls: true,
        slow_link: true,
        cycle_at_work: false,
        copylog_broken: false,
    };
    assert_eq!(before_boot32wn(slow), Some(Reason::SlowLink));
    let fast = ScriptFacts {
        slow_link: false,
        ..slow
    };
    assert_eq!(before_boot32wn(fast), None);
}

#[test]
fn b15_with_the_deinstall_flag_nothing_is_assigned() {
    for bootstrap in Bootstrap::ALL {
        let flagged = NewFacts {
            bootstrap,
            deinstall_flag: true,
            ..NEW
        };
        assert_eq!(new_client(flagged), Reason::DeinstallFlag);
    }
}

#[test]
fn b16_sp2s_veto_keeps_an_orphan_from_its_recovery() {
    let orphan = InstalledFacts {
        orphaned: true,
        own_site_upgraded: true,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(orphan), Reason::OrphanBlocked);
    assert_eq!(Reason::OrphanBlocked.outcome(), Outcome::Quit);
    assert_eq!(
        installed_client(old(orphan)),
        Reason::OrphanReseededThenCycle
    );
    assert!(
        ccim::site_is_lost(60 * DAY_S, Rules::default().site_lost_after),
        "what is left is the 60 days"
    );
}

#[test]
fn b17_an_orphan_as_new_as_the_logon_point_is_recovered() {
    let orphan = InstalledFacts {
        orphaned: true,
        own_site_upgraded: true,
        client: Difference::Same,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(orphan), Reason::OrphanReseeded);
    assert_eq!(installed_client(old(orphan)), Reason::OrphanReseeded);
}

#[test]
fn b18_d9_a_client_of_both_sites_quits_at_logon_and_its_cycle_upgrades_it() {
    let both = InstalledFacts {
        own_site_upgraded: true,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(both), Reason::SitesOwnUpgrade);
    let base = BaseFacts {
        base: Difference::SignificantlyOlder,
        is_sp2: false,
        ..BASE
    };
    assert_eq!(with_base(base), Reason::BaseOlder);
}

#[test]
fn b19_a_logon_point_older_than_the_client_does_nothing() {
    for client in [Difference::NewerByHotfix, Difference::SignificantlyNewer] {
        let facts = InstalledFacts {
            client,
            ..SP1_CLIENT
        };
        assert_eq!(installed_client(facts), Reason::LogonPointOlder);
        assert_eq!(installed_client(old(facts)), Reason::LogonPointOlder);
    }
}

#[test]
fn b20_a_changed_time_zone_brings_clicore_again_before_sp2_only() {
    let moved = InstalledFacts {
        zone_changed: true,
        client: Difference::Same,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(old(moved)), Reason::ZoneChanged);
    assert_eq!(installed_client(moved), Reason::ClicoreCurrent);
}

#[test]
fn b21_without_logon_methods_at_its_site_a_client_is_left_alone_before_sp2() {
    let off = InstalledFacts {
        own_site_uses_logons: false,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(old(off)), Reason::LogonMethodsOff);
    assert_eq!(
        installed_client(off),
        Reason::SiteNotUpgraded,
        "SP2 needs no workaround"
    );
}

const NT_ON: Presence = Presence {
    win9x: false,
    on: true,
    user: false,
};

#[test]
fn c1_1_windows_nt_needs_no_user() {
    assert!(ccim::can_run(NT_ON));
}

#[test]
fn c1_2_c1_6_a_machine_that_is_off_waits_for_its_power_on() {
    assert!(!ccim::can_run(Presence { on: false, ..NT_ON }));
}

#[test]
fn c1_4_c1_5_windows_9x_needs_its_user() {
    let win9x = Presence {
        win9x: true,
        ..NT_ON
    };
    assert!(!ccim::can_run(win9x));
    assert!(ccim::can_run(Presence {
        user: true,
        ..win9x
    }));
}

#[test]
fn c1_3_c1_7_a_kick_runs_a_cycle_where_one_can_run_and_the_next_counts_from_it() {
    assert!(ccim::kick_reaches(NT_ON));
    assert!(!ccim::kick_reaches(Presence { on: false, ..NT_ON }));
    let win9x = Presence {
        win9x: true,
        ..NT_ON
    };
    assert!(!ccim::kick_reaches(win9x), "nobody is logged on");
    let noon = Second(12 * HOUR_S);
    let next = ccim::next_due(noon, true, 23 * HOUR_S, HOUR_S);
    assert_eq!(next, Second(DAY_S + 11 * HOUR_S));
}

#[test]
fn c1_3_c1_9_the_next_cycle_is_due_23_hours_after_the_last_began() {
    let eight = Second(8 * HOUR_S);
    let next = ccim::next_due(eight, true, 23 * HOUR_S, HOUR_S);
    assert_eq!(
        next,
        Second(DAY_S + 7 * HOUR_S),
        "an hour earlier every day"
    );
}

#[test]
fn c1_8_without_an_answer_a_client_asks_again_in_an_hour() {
    let eight = Second(8 * HOUR_S);
    let next = ccim::next_due(eight, false, 23 * HOUR_S, HOUR_S);
    assert_eq!(next, Second(9 * HOUR_S));
    let unreachable = GateFacts {
        reached: false,
        ..OPEN
    };
    assert_eq!(with_gate(unreachable), Reason::CapUnreachable);
}

#[test]
fn c2_1_a_steady_client_copies_nothing() {
    assert_eq!(ccim::cycle(QUIET), Reason::NothingNew);
}

#[test]
fn c2_2_a_newer_base_on_the_client_access_point_starts_the_upgrade() {
    for base in [Difference::SignificantlyOlder, Difference::OlderByHotfix] {
        assert_eq!(with_base(BaseFacts { base, ..BASE }), Reason::BaseOlder);
    }
}

#[test]
fn c2_3_an_older_agent_is_upgraded_by_itself() {
    let agents = Difference::OlderByHotfix;
    assert_eq!(
        with_agents(AgentFacts { agents, ..AGENTS }),
        Reason::AgentsOlder
    );
}

#[test]
fn c2_4_c2_5_a_base_ahead_of_its_client_access_point_leaves_the_agents_alone() {
    let ahead = BaseFacts {
        base: Difference::SignificantlyNewer,
        ..BASE
    };
    assert_eq!(with_base(ahead), Reason::NewerThanCap);
    let before_sp2 = BaseFacts {
        is_sp2: false,
        ..ahead
    };
    assert_eq!(with_base(before_sp2), Reason::AgentsOutOfSync);
}

/// Q238865 of the rules before SP2, Q264630 of users without rights.
#[test]
fn c2_4_c2_5_some_mixed_clients_do_not_recover_when_their_site_follows() {
    let damaged = BaseFacts {
        is_sp2: false,
        mixed: Mixed::Damaged,
        ..BASE
    };
    assert_eq!(with_base(damaged), Reason::MixedNeedsReinstall);
    let low_rights = BaseFacts {
        mixed: Mixed::LowRights,
        ..BASE
    };
    assert_eq!(with_base(low_rights), Reason::MixedLowRights);
    assert!(Reason::MixedNeedsReinstall.cure().contains("completely"));
}

#[test]
fn c2_6_an_agent_that_the_site_disables_is_removed() {
    let withdrawn = AgentFacts {
        offers: Offers::Withdrawn,
        ..AGENTS
    };
    assert_eq!(with_agents(withdrawn), Reason::AgentsDisabled);
}

#[test]
fn c2_7_a_cut_off_offer_file_removes_agents_and_the_next_cycle_brings_them_back() {
    let cut_off = AgentFacts {
        offers: Offers::CutOff,
        ..AGENTS
    };
    assert_eq!(with_agents(cut_off), Reason::OffersIncomplete);
    let removed = AgentFacts {
        agents: Difference::SignificantlyOlder, // none installed
        ..AGENTS
    };
    assert_eq!(with_agents(removed), Reason::AgentsOlder);
}

#[test]
fn c2_8_a_cycle_that_meets_inbox_managers_lock_skips_the_components() {
    let base = BaseFacts {
        base: Difference::SignificantlyOlder,
        ..BASE
    };
    let locked = GateFacts {
        locked: true,
        ..OPEN
    };
    let cycle = CycleFacts {
        gate: locked,
        base,
        ..QUIET
    };
    assert_eq!(ccim::cycle(cycle), Reason::InboxLocked);
}

#[test]
fn c2_9_wrong_checksums_keep_agents_from_starting_on_nt_only() {
    assert!(ccim::crc_gate(false, false));
    assert!(!ccim::crc_gate(true, false), "Windows 9x has no such gate");
    let mismatch = AgentFacts {
        crc_mismatch: true,
        ..AGENTS
    };
    assert_eq!(with_agents(mismatch), Reason::CrcMismatch);
}

#[test]
fn c2_12_a_site_that_was_not_read_for_60_days_is_removed() {
    assert!(!ccim::site_is_lost(60 * DAY_S - 1, 60 * DAY_S));
    assert!(ccim::site_is_lost(60 * DAY_S, 60 * DAY_S));
}

#[test]
fn c2_13_the_monthly_verification_reinstalls_everything_before_sp2_and_changes_from_sp2_on() {
    let due = |verification| {
        with_agents(AgentFacts {
            verification,
            ..AGENTS
        })
    };
    assert_eq!(
        due(ccim::verification(false, false)),
        Reason::VerifyReinstalls
    );
    assert_eq!(
        due(ccim::verification(true, false)),
        Reason::VerifyUnchanged
    );
    assert_eq!(
        due(ccim::verification(true, true)),
        Reason::VerifyReinstalls,
        "as Q246040 says of SP2, too"
    );
}

#[test]
fn c2_14_the_upgrade_to_sp2_is_reported_by_the_next_heartbeat_only() {
    let release = |text: &str| text.parse::<Version>().unwrap().release();
    assert!(!heartbeat::reports_change_from(release("2.00.1380.1000")));
    assert!(heartbeat::reports_change_from(release("2.00.1493.2009")));
}

#[test]
fn c2_15_without_rights_a_second_site_takes_a_logon_a_cycle_and_a_logon() {
    let first = rights::join_by_logon(true, Joining::NotTried);
    assert_eq!(first, Some(Reason::JoinIncomplete));
    let before_cycle = rights::join_by_logon(true, Joining::Tried);
    assert_eq!(before_cycle, Some(Reason::JoinIncomplete));
    let permitted = rights::after_cycle(Joining::Tried);
    assert_eq!(rights::join_by_logon(true, permitted), None);
    assert_eq!(rights::join_by_logon(false, Joining::NotTried), None);
}

#[test]
fn c2_16_a_client_with_disable_client_upgrade_is_frozen() {
    let frozen = CycleFacts {
        gate: GateFacts {
            upgrade_disabled: true,
            ..OPEN
        },
        base: BaseFacts {
            base: Difference::SignificantlyOlder,
            ..BASE
        },
        ..QUIET
    };
    assert_eq!(ccim::cycle(frozen), Reason::UpgradeDisabled);
}

#[test]
fn c2_18_while_software_distribution_waits_for_its_restart_other_agents_proceed() {
    let waits = AgentFacts {
        second_restart: true,
        ..AGENTS
    };
    assert_eq!(with_agents(waits), Reason::SecondRestartAwaited);
    let others_older = AgentFacts {
        agents: Difference::SignificantlyOlder,
        ..waits
    };
    assert_eq!(with_agents(others_older), Reason::AgentsOlder);
}

#[test]
fn f31_a_9x_client_removed_and_upgraded_without_a_restart_loses_its_inventory() {
    assert!(upgrade::inventory_gets_stuck(true, true));
    assert!(!upgrade::inventory_gets_stuck(true, false));
    assert!(!upgrade::inventory_gets_stuck(false, true));
}

#[test]
fn d1_d2_sites_of_one_version_are_all_joined() {
    for bootstrap in Bootstrap::ALL {
        assert_eq!(
            new_client(NewFacts { bootstrap, ..NEW }),
            Reason::NewAssigned
        );
        assert!(assignment::joins(bootstrap, Difference::Same));
        assert!(assignment::joins(bootstrap, Difference::OlderByHotfix));
    }
}
