//! The rows that the articles themselves tell, one test each: what an expert of the product would ask first.
//!
//! Letters and numbers follow the project's tables of facts: `b` what a logon does, `c1` when a maintenance cycle runs,
//! `c2` what it does, `d` which sites a client belongs to. Row b12, a Copylog.tcf without its line, is not modelled.

use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::sms::boot32wn::{
    CoveringSites, InstalledFacts, NewFacts, ScriptFacts, before_boot32wn, installed_client,
    new_client,
};
use smsim::sms::ccim::{self, Awaiting, CycleFacts, Presence};
use smsim::sms::{Bootstrap, Difference, Outcome, Reason, Version, assignment};

/// An SP1 client at a logon point of SP2, everything in order, its own site not upgraded yet.
const SP1_CLIENT: InstalledFacts = InstalledFacts {
    bootstrap: Bootstrap::Sp2,
    client: Difference::SignificantlyOlder,
    version_known: true,
    own_site_upgraded: false,
    site_folder_missing: false,
};

/// A machine without a client at a logon point of SP2, in the boundaries of one site at SP2.
const NEW: NewFacts = NewFacts {
    bootstrap: Bootstrap::Sp2,
    covering: CoveringSites::OnlyCurrent,
    version_known: true,
    discovery: true,
    core_present: false,
};

/// A cycle that finds nothing new.
const QUIET: CycleFacts = CycleFacts {
    at_work: false,
    reached: true,
    locked: false,
    base: Difference::Same,
    agents: Difference::Same,
    awaiting: Awaiting::Nothing,
    base_is_sp2: true,
};

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
    };
    assert_eq!(before_boot32wn(slow), Some(Reason::SlowLink));
    let fast = ScriptFacts {
        slow_link: false,
        ..slow
    };
    assert_eq!(before_boot32wn(fast), None);
}

#[test]
fn b18_d9_a_client_of_both_sites_quits_at_logon_and_its_cycle_upgrades_it() {
    let both = InstalledFacts {
        own_site_upgraded: true,
        ..SP1_CLIENT
    };
    assert_eq!(installed_client(both), Reason::SitesOwnUpgrade);
    let cycle = CycleFacts {
        base: Difference::SignificantlyOlder,
        agents: Difference::SignificantlyOlder,
        base_is_sp2: false,
        ..QUIET
    };
    assert_eq!(ccim::cycle(cycle), Reason::BaseOlder);
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
    let unreachable = CycleFacts {
        reached: false,
        ..QUIET
    };
    assert_eq!(ccim::cycle(unreachable), Reason::CapUnreachable);
}

#[test]
fn c2_1_a_steady_client_copies_nothing() {
    assert_eq!(ccim::cycle(QUIET), Reason::NothingNew);
}

#[test]
fn c2_2_a_newer_base_on_the_client_access_point_starts_the_upgrade() {
    for base in [Difference::SignificantlyOlder, Difference::OlderByHotfix] {
        assert_eq!(ccim::cycle(CycleFacts { base, ..QUIET }), Reason::BaseOlder);
    }
}

#[test]
fn c2_3_an_older_agent_is_upgraded_by_itself() {
    let agents = Difference::OlderByHotfix;
    assert_eq!(
        ccim::cycle(CycleFacts { agents, ..QUIET }),
        Reason::AgentsOlder
    );
}

#[test]
fn c2_4_c2_5_a_base_ahead_of_its_client_access_point_leaves_the_agents_alone() {
    let ahead = CycleFacts {
        base: Difference::SignificantlyNewer,
        agents: Difference::SignificantlyOlder,
        ..QUIET
    };
    assert_eq!(ccim::cycle(ahead), Reason::NewerThanCap);
    let before_sp2 = CycleFacts {
        base_is_sp2: false,
        ..ahead
    };
    assert_eq!(ccim::cycle(before_sp2), Reason::AgentsOutOfSync);
}

#[test]
fn c2_8_a_cycle_that_meets_inbox_managers_lock_skips_the_components() {
    let locked = CycleFacts {
        locked: true,
        base: Difference::SignificantlyOlder,
        ..QUIET
    };
    assert_eq!(ccim::cycle(locked), Reason::InboxLocked);
}

#[test]
fn c2_10_outside_its_boundaries_a_client_removes_the_site() {
    assert_eq!(
        assignment::outside_boundaries(false, false),
        Some(Reason::OutOfBoundaries)
    );
    assert_eq!(assignment::outside_boundaries(true, false), None);
}

#[test]
fn c2_11_travel_mode_keeps_it() {
    assert_eq!(
        assignment::outside_boundaries(false, true),
        Some(Reason::TravelMode)
    );
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
