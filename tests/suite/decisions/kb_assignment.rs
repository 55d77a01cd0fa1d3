//! Table (d) by its rows, one test each: what an expert of the product would ask first.

use smsim::sms::accounts::{self, AccountFacts};
use smsim::sms::adapters::{
    Adapter, Counted, DialUpPolicy, Matches, counted_addresses, link_is_slow, matches,
};
use smsim::sms::assignment::{
    Covers, Membership, MoveFacts, SiteTravelMode, credited_site_is_gone, first_site_silent,
    joined_wrongly, outside_boundaries, removed_before_move,
};
use smsim::sms::discovery::{assigns, believed_inside, copies_of_a_logon_record};
use smsim::sms::push::{self, PushFacts};
use smsim::sms::{Content, Difference, Outcome, Reason, Release};

const OUTSIDE: Membership = Membership {
    inside: false,
    forced: false,
    travel_mode: false,
};

/// A request for a Windows NT machine that answers and has no client.
const REQUEST: PushFacts = PushFacts {
    windows_nt: true,
    discards_requests: false,
    answers: true,
    client: None,
    looks_first: false,
    moved_away: false,
};

fn sp4() -> Release {
    Content::shipped("SP4").unwrap().base.release()
}

#[test]
fn c2_10_outside_its_boundaries_a_client_removes_the_site() {
    assert_eq!(outside_boundaries(OUTSIDE), Some(Reason::OutOfBoundaries));
    let inside = Membership {
        inside: true,
        ..OUTSIDE
    };
    assert_eq!(outside_boundaries(inside), None);
}

#[test]
fn c2_11_d16_travel_mode_keeps_the_client_and_the_site_server_unassigns_it_all_the_same() {
    let travelling = Membership {
        travel_mode: true,
        ..OUTSIDE
    };
    assert_eq!(outside_boundaries(travelling), Some(Reason::TravelMode));
    assert_eq!(assigns(false), Some(Reason::DdmUnassigns));
}

#[test]
fn d3_d4_a_push_does_not_add_a_second_site() {
    for client in [Difference::Same, Difference::SignificantlyOlder] {
        let facts = PushFacts {
            client: Some(client),
            ..REQUEST
        };
        assert_eq!(push::attempt(facts), Some(Reason::PushFindsClient));
    }
    assert_eq!(push::attempt(REQUEST), Some(Reason::Pushed));
    let win9x = PushFacts {
        windows_nt: false,
        ..REQUEST
    };
    assert_eq!(push::attempt(win9x), None, "for Windows NT only (Q229769)");
}

#[test]
fn d10_before_sp2_an_inactive_second_card_is_inside_every_site() {
    let before = matches(Adapter::Inactive, Release::SP1, false);
    assert_eq!(before, Matches::EverySite);
    let after = matches(Adapter::Inactive, Release::SP2, false);
    assert_eq!(after, Matches::NoSite);
    let wrong = joined_wrongly(Covers::InactiveAdapter);
    assert_eq!(wrong, Some(Reason::InactiveAdapter));
}

#[test]
fn d11_a_dial_up_adapter_with_its_own_mask_is_in_nobodys_boundaries() {
    for release in [Release::SP1, Release::SP2, sp4()] {
        assert_eq!(matches(Adapter::DialUp, release, true), Matches::NoSite);
        assert_eq!(matches(Adapter::DialUp, release, false), Matches::ItsSubnet);
    }
}

#[test]
fn d12_of_two_addresses_sp1_counts_the_last_and_sp2_the_first() {
    assert_eq!(counted_addresses(Release::SP1, true), Counted::Last);
    assert_eq!(counted_addresses(Release::SP2, true), Counted::First);
    assert_eq!(counted_addresses(Release::SP2, false), Counted::All);
    assert_eq!(counted_addresses(sp4(), true), Counted::All);
}

#[test]
fn d13_the_cycle_that_begins_seconds_before_the_logon_script_removes_the_client() {
    let race = MoveFacts {
        win9x: true,
        cycle_due: true,
        keeps_a_site: false,
        cycle_first: true,
    };
    assert_eq!(removed_before_move(race), Some(Reason::RemovedBeforeMove));
    for safe in [
        MoveFacts {
            cycle_first: false,
            ..race
        },
        MoveFacts {
            cycle_due: false,
            ..race
        },
        MoveFacts {
            win9x: false,
            ..race
        },
    ] {
        assert_eq!(removed_before_move(safe), None);
    }
}

#[test]
fn d14_a_parent_that_was_not_told_installs_a_moved_machine_again() {
    assert!(believed_inside(false, true, true, true));
    assert!(!believed_inside(false, true, false, true), "not passed up");
    let moved = PushFacts {
        moved_away: true,
        ..REQUEST
    };
    assert_eq!(push::attempt(moved), Some(Reason::PushedToOldSite));
}

#[test]
fn d15_a_logon_point_that_credits_a_site_that_left_installs_nobody() {
    assert_eq!(credited_site_is_gone(false), Some(Reason::CreditedSiteGone));
    assert_eq!(credited_site_is_gone(true), None);
    assert_eq!(Reason::CreditedSiteGone.outcome(), Outcome::Failed);
}

#[test]
fn d17_a_client_whose_travel_mode_ends_joins_the_sites_it_visited() {
    let wrong = joined_wrongly(Covers::Visited);
    assert_eq!(wrong, Some(Reason::VisitedSiteJoined));
}

#[test]
fn d18_a_forced_site_stays_whatever_the_subnet() {
    for travel_mode in [false, true] {
        let forced = Membership {
            forced: true,
            travel_mode,
            ..OUTSIDE
        };
        assert_eq!(outside_boundaries(forced), Some(Reason::ForcedSite));
    }
}

#[test]
fn d20_every_site_with_logon_discovery_gets_every_record() {
    assert_eq!(copies_of_a_logon_record([true, true, false]), 2);
    assert_eq!(copies_of_a_logon_record([false; 3]), 0);
}

#[test]
fn d22_a_silent_first_site_counts_as_a_slow_link() {
    assert_eq!(
        first_site_silent(2, false, true),
        Some(Reason::FirstSiteSilent)
    );
    assert_eq!(first_site_silent(1, false, false), None);
    assert_eq!(
        first_site_silent(2, false, false),
        None,
        "then no site answers"
    );
}

#[test]
fn d23_a_client_that_no_site_claims_loses_its_inventory_at_night() {
    assert_eq!(assigns(false), Some(Reason::DdmUnassigns));
    assert_eq!(assigns(true), None);
}

#[test]
fn f9_an_earlier_site_without_the_hotfix_goes_on_trying() {
    let newer = PushFacts {
        client: Some(Difference::SignificantlyNewer),
        ..REQUEST
    };
    assert_eq!(push::attempt(newer), Some(Reason::PushOntoNewer));
    let patched = PushFacts {
        looks_first: true,
        ..newer
    };
    assert_eq!(push::attempt(patched), Some(Reason::PushLeavesNewer));
    assert_eq!(push::wasted_s(7 * 24, None, None), 168, "hourly for 7 days");
    assert_eq!(push::wasted_s(7 * 24, Some(5), None), 5, "L35");
}

#[test]
fn f34_a_client_with_the_old_password_is_refused_until_it_reads_the_new_one() {
    let stale = AccountFacts {
        windows_nt: true,
        old_is_gone: true,
        has_new: false,
        locked_out: false,
    };
    assert_eq!(accounts::refused(stale), Some(Reason::AccountStale));
    let win9x = AccountFacts {
        windows_nt: false,
        ..stale
    };
    assert_eq!(accounts::refused(win9x), None, "the user's own account");
    let locked = AccountFacts {
        has_new: true,
        locked_out: true,
        ..stale
    };
    assert_eq!(accounts::refused(locked), Some(Reason::AccountLocked));
    assert!(!accounts::stay_locked(9, 3_600, 5, 1_800));
    assert!(accounts::stay_locked(10, 3_600, 5, 1_800));
}

#[test]
fn f41_a_sites_travel_mode_keeps_new_clients_out() {
    let nine = SiteTravelMode::AlwaysOnNeverAsks;
    let blocks = nine.blocks_new_clients(Release::SP2);
    assert_eq!(blocks, Some(Reason::TravelModeBlocksNew));
    assert_eq!(nine.blocks_new_clients(Release::SP3), None);
    assert!(SiteTravelMode::AlwaysOn.discards_requests(Release::SP3));
    assert!(!SiteTravelMode::AlwaysOn.discards_requests(sp4()));
    assert!(!SiteTravelMode::NeverAsks.is_on());
}

#[test]
fn l13_dial_up_users_can_be_left_for_the_office() {
    let script_off = DialUpPolicy::ScriptOff;
    assert_eq!(script_off.at_logon(true), Some(Reason::DialUpScriptOff));
    assert_eq!(script_off.at_logon(false), None);
    assert_eq!(script_off.at_upgrade(true), None);
    let hold = DialUpPolicy::Hold;
    assert_eq!(hold.at_upgrade(true), Some(Reason::HeldOnDialUp));
}

#[test]
fn l15_a_threshold_of_nothing_asks_for_dial_up_only() {
    assert!(link_is_slow(128_000, true, 0));
    assert!(!link_is_slow(1_000, false, 0));
    assert!(link_is_slow(11_500, true, 40_000));
    assert!(!link_is_slow(40_000, true, 40_000));
}
