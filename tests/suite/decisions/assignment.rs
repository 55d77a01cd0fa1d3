//! Table (d): which sites a client belongs to, what the site server pushes, and who may read a Client Access Point.

use super::sheet::{Sheet, against, yes};
use super::{ANSWERS, platform};
use smsim::sms::accounts::{self, AccountFacts};
use smsim::sms::adapters::{self, Adapter, Counted, DialUpPolicy, Matches};
use smsim::sms::assignment::{self, Covers, Membership, MoveFacts, SiteTravelMode};
use smsim::sms::push::{self, PushFacts, RetryFacts};
use smsim::sms::version::SHIPPED;
use smsim::sms::{Content, Difference, Release, discovery};

/// Every release that shipped, by name.
fn shipped() -> impl Iterator<Item = (&'static str, Release)> {
    let release = |name| Content::shipped(name).unwrap().base.release();
    SHIPPED.iter().map(move |(name, ..)| (*name, release(name)))
}

#[test]
fn which_sites_a_client_keeps() {
    let mut sheet = Sheet::deciding(&[
        "machine lies in the site's boundaries",
        "site is on the list of forced sites",
        "travel mode",
    ]);
    for inside in ANSWERS {
        for forced in ANSWERS {
            for travel_mode in ANSWERS {
                let membership = Membership {
                    inside,
                    forced,
                    travel_mode,
                };
                let reason = assignment::outside_boundaries(membership);
                sheet.decided([inside, forced, travel_mode].map(yes), reason);
            }
        }
    }
    sheet.check("outside-boundaries", 8);
}

#[test]
fn who_is_removed_before_the_logon_script_can_move_him() {
    let mut sheet = Sheet::deciding(&[
        "platform",
        "missed cycle begins with the logon",
        "one of its sites is kept",
        "cycle is first by seconds",
    ]);
    for win9x in ANSWERS {
        for cycle_due in ANSWERS {
            for keeps_a_site in ANSWERS {
                for cycle_first in ANSWERS {
                    let facts = MoveFacts {
                        win9x,
                        cycle_due,
                        keeps_a_site,
                        cycle_first,
                    };
                    let answers = [cycle_due, keeps_a_site, cycle_first].map(yes);
                    let cells = std::iter::once(platform(win9x)).chain(answers);
                    sheet.decided(cells, assignment::removed_before_move(facts));
                }
            }
        }
    }
    sheet.check("removed-before-move", 16);
}

#[test]
fn which_sites_an_adapter_counts_for() {
    let mut sheet = Sheet::new(&[
        "adapter",
        "client runs",
        "dial-up reports the mask 255.255.255.255",
        "puts the machine into",
    ]);
    for adapter in Adapter::ALL {
        for (name, release) in shipped() {
            for own_mask in ANSWERS {
                let kind = match adapter {
                    Adapter::Active => "network card",
                    Adapter::Inactive => "second card without a network",
                    Adapter::DialUp => "dial-up",
                };
                let matches = match adapters::matches(adapter, release, own_mask) {
                    Matches::ItsSubnet => "the sites that list its subnet",
                    Matches::EverySite => "every site on the logon point",
                    Matches::NoSite => "no site",
                };
                sheet.row([kind, name, yes(own_mask), matches]);
            }
        }
    }
    sheet.check("adapters", 30);
    let mut wrongly = Sheet::deciding(&["why the site covers the machine"]);
    for (covers, text) in [
        (Covers::ItsSubnet, "its subnet is in the boundaries"),
        (Covers::InactiveAdapter, "an adapter without a network"),
        (Covers::Visited, "visited while travel mode was on"),
    ] {
        wrongly.decided([text], assignment::joined_wrongly(covers));
    }
    wrongly.check("joined-wrongly", 3);
}

#[test]
fn which_of_several_addresses_count() {
    let mut sheet = Sheet::new(&[
        "client runs",
        "SP2 and SP3 count the first only",
        "addresses that count",
    ]);
    for (name, release) in shipped() {
        for first_from_sp2 in ANSWERS {
            let counted = match adapters::counted_addresses(release, first_from_sp2) {
                Counted::First => "the first",
                Counted::Last => "the last",
                Counted::All => "all",
            };
            sheet.row([name, yes(first_from_sp2), counted]);
        }
    }
    sheet.check("counted-addresses", 10);
}

#[test]
fn which_links_are_slow() {
    let mut sheet = Sheet::new(&[
        "link [bit/s]",
        "dial-up",
        "threshold [bit/s]",
        "Slownet ends the script",
    ]);
    for link_bps in [3_500_u64, 11_500, 39_999, 40_000, 10_000_000] {
        for dial_up in ANSWERS {
            for threshold_bps in [0_u64, 10_000, 40_000] {
                let slow = adapters::link_is_slow(link_bps, dial_up, threshold_bps);
                let [link, threshold] = [link_bps, threshold_bps].map(|it| it.to_string());
                sheet.row([link.as_str(), yes(dial_up), threshold.as_str(), yes(slow)]);
            }
        }
    }
    sheet.check("slow-links", 30);
}

#[test]
fn what_a_plan_lets_dial_up_users_do() {
    let mut sheet = Sheet::deciding(&["dial-up users", "over dial-up", "at"]);
    for policy in DialUpPolicy::ALL {
        let text = match policy {
            DialUpPolicy::Open => "do what others do",
            DialUpPolicy::ScriptOff => "run no logon script",
            DialUpPolicy::Hold => "run no logon script and wait with upgrades",
        };
        for dial_up in ANSWERS {
            sheet.decided([text, yes(dial_up), "logon"], policy.at_logon(dial_up));
            sheet.decided([text, yes(dial_up), "upgrade"], policy.at_upgrade(dial_up));
        }
    }
    sheet.check("dial-up-policy", 12);
}

#[test]
fn what_a_sites_travel_mode_does() {
    let mut new = Sheet::deciding(&["site's travel mode", "logon point runs"]);
    let mut others = Sheet::new(&[
        "site's travel mode",
        "site runs",
        "keeps clients outside their boundaries",
        "discards requests to push",
    ]);
    for mode in SiteTravelMode::ALL {
        let value = match mode {
            SiteTravelMode::Off => "0: off",
            SiteTravelMode::AlwaysOn => "1: always on",
            SiteTravelMode::NeverAsks => "8: never asks",
            SiteTravelMode::AlwaysOnNeverAsks => "9: always on, never asks",
        };
        for (name, release) in shipped() {
            new.decided([value, name], mode.blocks_new_clients(release));
            let discards = mode.discards_requests(release);
            others.row([value, name, yes(mode.is_on()), yes(discards)]);
        }
    }
    new.check("travel-mode-new-clients", 20);
    others.check("travel-mode-of-sites", 20);
}

#[test]
fn what_comes_of_a_request_to_push() {
    let mut sheet = Sheet::deciding(&[
        "platform",
        "site discards requests",
        "machine answers",
        "client that is there",
        "site looks for later files first",
        "machine has moved away unnoticed",
    ]);
    let clients = std::iter::once(None).chain(Difference::ALL.map(Some));
    for windows_nt in ANSWERS {
        for discards_requests in ANSWERS {
            for answers in ANSWERS {
                for client in clients.clone() {
                    for looks_first in ANSWERS {
                        for moved_away in ANSWERS {
                            let facts = PushFacts {
                                windows_nt,
                                discards_requests,
                                answers,
                                client,
                                looks_first,
                                moved_away,
                            };
                            let cells = [
                                platform(!windows_nt),
                                yes(discards_requests),
                                yes(answers),
                                client.map_or("none", against),
                                yes(looks_first),
                                yes(moved_away),
                            ];
                            sheet.decided(cells, push::attempt(facts));
                        }
                    }
                }
            }
        }
    }
    sheet.folded(6).check("push", 192);
}

#[test]
fn how_often_a_request_is_tried() {
    let mut retried = Sheet::deciding(&[
        "letters of the domain's name",
        "site runs",
        "request has the new name",
        "age of the request [h]",
    ]);
    for domain_name in [3, 4, 8] {
        for (name, release) in shipped() {
            for new_names in ANSWERS {
                for age_s in [1, 167, 168] {
                    let reason = push::after_failure(RetryFacts {
                        domain_name,
                        new_names,
                        release,
                        age_s,
                        life_s: 168,
                    });
                    let [letters, age] = [domain_name, age_s as usize].map(|it| it.to_string());
                    let cells = [letters.as_str(), name, yes(new_names), age.as_str()];
                    retried.decided(cells, Some(reason));
                }
            }
        }
    }
    retried.folded(4).check("push-retried", 90);
    let mut wasted = Sheet::new(&[
        "life of a request [h]",
        "retry box emptied after [h]",
        "site upgraded after [h]",
        "wasted attempts",
    ]);
    let moments = [None, Some(24), Some(168), Some(400)];
    let words = |hours: Option<u32>| hours.map_or("never".to_owned(), |it| it.to_string());
    for emptied in moments {
        for upgraded in moments {
            let attempts = push::wasted_s(168, emptied, upgraded);
            let [emptied, upgraded] = [emptied, upgraded].map(words);
            let attempts = attempts.to_string();
            wasted.row(["168", &emptied, &upgraded, &attempts]);
        }
    }
    wasted.check("push-wasted", 16);
}

#[test]
fn where_the_site_server_believes_a_machine_to_be() {
    let mut sheet = Sheet::deciding(&[
        "within the boundaries now",
        "was before it moved",
        "record was passed up by a child",
        "records keep old subnets",
        "believed to be inside",
    ]);
    for inside in ANSWERS {
        for was_inside in ANSWERS {
            for passed_up in ANSWERS {
                for appends in ANSWERS {
                    let believed =
                        discovery::believed_inside(inside, was_inside, passed_up, appends);
                    let cells = [inside, was_inside, passed_up, appends, believed].map(yes);
                    sheet.decided(cells, discovery::assigns(believed));
                }
            }
        }
    }
    sheet.check("believed-inside", 16);
}

#[test]
fn whose_first_site_is_silent_and_whose_logon_point_lost_the_credited_site() {
    let mut silent = Sheet::deciding(&[
        "sites of the client",
        "first site answered",
        "any site answered",
    ]);
    for sites in [1, 2, 4] {
        for first in ANSWERS {
            for any in ANSWERS {
                let reason = assignment::first_site_silent(sites, first, any);
                let sites = sites.to_string();
                silent.decided([sites.as_str(), yes(first), yes(any)], reason);
            }
        }
    }
    silent.check("first-site-silent", 12);
    let mut credited = Sheet::deciding(&["credited site is on the logon point"]);
    for listed in ANSWERS {
        credited.decided([yes(listed)], assignment::credited_site_is_gone(listed));
    }
    credited.check("credited-site", 2);
}

#[test]
fn whose_account_opens_a_client_access_point() {
    let mut sheet = Sheet::deciding(&[
        "platform",
        "old password is gone",
        "client has read the new one",
        "account is locked out",
    ]);
    for windows_nt in ANSWERS {
        for old_is_gone in ANSWERS {
            for has_new in ANSWERS {
                for locked_out in ANSWERS {
                    let facts = AccountFacts {
                        windows_nt,
                        old_is_gone,
                        has_new,
                        locked_out,
                    };
                    let cells = [
                        platform(!windows_nt),
                        yes(old_is_gone),
                        yes(has_new),
                        yes(locked_out),
                    ];
                    sheet.decided(cells, accounts::refused(facts));
                }
            }
        }
    }
    sheet.check("account", 16);
    let mut identity =
        Sheet::deciding(&["a new identity without /allocate", "a logon made it known"]);
    for renewed in ANSWERS {
        for known in ANSWERS {
            let refused = accounts::identity_refused(renewed, known);
            identity.decided([yes(renewed), yes(known)], refused);
        }
    }
    identity.check("identity", 4);
    let mut locked = Sheet::new(&["clients that try hourly", "stays locked"]);
    for clients in [0, 1, 5, 9, 10, 100] {
        let stays = accounts::stay_locked(clients, 3_600, 5, 1_800);
        locked.row([clients.to_string().as_str(), yes(stays)]);
    }
    locked.check("account-stays-locked", 6);
}
