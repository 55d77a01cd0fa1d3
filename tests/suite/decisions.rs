//! Every decision of the product as a table: all inputs, one row each, and what follows from them.
//!
//! The tables are files in `decisions/`, made to be reviewed in a spreadsheet beside the articles: one column per fact
//! in plain words, then the outcome. `SNAPSHOTS=overwrite` writes them anew; the difference to the old ones is what a
//! change of the rules changed. [`kb_rows`] reads the rows that the articles themselves tell, one test each.

mod kb_rows;
mod servers;
mod sheet;

use sheet::{Sheet, against, rules_of, yes};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::sms::boot32wn::{self, CoveringSites, InstalledFacts, NewFacts, ScriptFacts};
use smsim::sms::ccim::{self, Awaiting, CycleFacts, Presence};
use smsim::sms::{Agents, Bootstrap, Difference, Reason, assignment, upgrade};

/// The two answers to a question, the one that changes nothing first.
const ANSWERS: [bool; 2] = [false, true];

#[test]
fn what_ends_a_logon_script_before_it_looks_at_versions() {
    let mut sheet = Sheet::deciding(&[
        "a logon point answers",
        "logon script runs SMSLS",
        "link slower than Slownet's threshold",
        "a maintenance cycle is at work",
    ]);
    for logon_point_answers in ANSWERS {
        for runs_smsls in ANSWERS {
            for slow_link in ANSWERS {
                for cycle_at_work in ANSWERS {
                    let facts = ScriptFacts {
                        logon_point_answers,
                        runs_smsls,
                        slow_link,
                        cycle_at_work,
                    };
                    sheet.decided(
                        [logon_point_answers, runs_smsls, slow_link, cycle_at_work].map(yes),
                        boot32wn::before_boot32wn(facts),
                    );
                }
            }
        }
    }
    sheet.check("before-boot32wn", 16);
}

#[test]
fn what_a_logon_does_to_an_installed_client() {
    let mut sheet = Sheet::deciding(&[
        "bootstrap follows the rules",
        "client against Clicore on the logon point",
        "version of that Clicore can be read",
        "own site is upgraded",
        "folder of own site is missing",
    ]);
    for bootstrap in Bootstrap::ALL {
        for client in Difference::ALL {
            for version_known in ANSWERS {
                for own_site_upgraded in ANSWERS {
                    for site_folder_missing in ANSWERS {
                        let facts = InstalledFacts {
                            bootstrap,
                            client,
                            version_known,
                            own_site_upgraded,
                            site_folder_missing,
                        };
                        let cells = [
                            rules_of(bootstrap),
                            against(client),
                            yes(version_known),
                            yes(own_site_upgraded),
                            yes(site_folder_missing),
                        ];
                        sheet.decided(cells, Some(boot32wn::installed_client(facts)));
                    }
                }
            }
        }
    }
    sheet.check("installed-client", 80);
}

fn covering(sites: CoveringSites) -> &'static str {
    match sites {
        CoveringSites::None => "none",
        CoveringSites::NotInstalling => "some, none of which installs at logon",
        CoveringSites::OnlyEarlier => "only earlier than the logon point",
        CoveringSites::EarlierAndCurrent => "earlier ones and current ones",
        CoveringSites::OnlyCurrent => "only current ones",
    }
}

#[test]
fn what_a_logon_does_to_a_machine_without_a_client() {
    let mut sheet = Sheet::deciding(&[
        "bootstrap follows the rules",
        "sites whose boundaries hold the machine",
        "version of Clicore can be read",
        "logon discovery is on",
        "core components are there already",
    ]);
    for bootstrap in Bootstrap::ALL {
        for sites in CoveringSites::ALL {
            for version_known in ANSWERS {
                for discovery in ANSWERS {
                    for core_present in ANSWERS {
                        let facts = NewFacts {
                            bootstrap,
                            covering: sites,
                            version_known,
                            discovery,
                            core_present,
                        };
                        let cells = [
                            rules_of(bootstrap),
                            covering(sites),
                            yes(version_known),
                            yes(discovery),
                            yes(core_present),
                        ];
                        sheet.decided(cells, Some(boot32wn::new_client(facts)));
                    }
                }
            }
        }
    }
    sheet.check("new-client", 80);
}

#[test]
fn which_sites_a_client_joins_and_leaves() {
    let mut joins = Sheet::new(&[
        "bootstrap follows the rules",
        "site against Clicore on the logon point",
        "client in its boundaries joins it",
    ]);
    for bootstrap in Bootstrap::ALL {
        for site in Difference::ALL {
            let joined = assignment::joins(bootstrap, site);
            joins.row([rules_of(bootstrap), against(site), yes(joined)]);
        }
    }
    joins.check("joins-site", 10);
    let mut leaves = Sheet::deciding(&["machine lies in the site's boundaries", "travel mode"]);
    for inside in ANSWERS {
        for travel_mode in ANSWERS {
            let reason = assignment::outside_boundaries(inside, travel_mode);
            leaves.decided([inside, travel_mode].map(yes), reason);
        }
    }
    leaves.check("outside-boundaries", 4);
}

#[test]
fn when_a_cycle_that_is_due_can_run() {
    let mut sheet = Sheet::new(&["platform", "switched on", "user logged on", "cycle runs"]);
    for win9x in ANSWERS {
        for on in ANSWERS {
            for user in ANSWERS {
                let runs = ccim::can_run(Presence { win9x, on, user });
                sheet.row([platform(win9x), yes(on), yes(user), yes(runs)]);
            }
        }
    }
    sheet.check("cycle-can-run", 8);
}

fn platform(win9x: bool) -> &'static str {
    if win9x {
        "Windows 95, 98"
    } else {
        "Windows NT, 2000"
    }
}

fn awaiting(awaiting: Awaiting) -> &'static str {
    match awaiting {
        Awaiting::Nothing => "nothing",
        Awaiting::BaseRestart => "restart for the base components",
        Awaiting::SecondRestart => "second restart, for software distribution",
    }
}

/// All 1,200 combinations are decided; rows whose outcome does not depend on a fact are then folded into one, so that
/// few remain to be read.
#[test]
fn what_a_cycle_does() {
    let mut sheet = Sheet::deciding(&[
        "previous cycle is at work",
        "Client Access Point answered",
        "waiting for",
        "Inbox Manager holds its lock",
        "base against newest Client Access Point",
        "base is SP2 or later",
        "agents against it",
    ]);
    for at_work in ANSWERS {
        for reached in ANSWERS {
            for waits in Awaiting::ALL {
                for locked in ANSWERS {
                    for base in Difference::ALL {
                        for base_is_sp2 in ANSWERS {
                            for agents in Difference::ALL {
                                let facts = CycleFacts {
                                    at_work,
                                    reached,
                                    locked,
                                    base,
                                    agents,
                                    awaiting: waits,
                                    base_is_sp2,
                                };
                                let cells = [
                                    yes(at_work),
                                    yes(reached),
                                    awaiting(waits),
                                    yes(locked),
                                    against(base),
                                    yes(base_is_sp2),
                                    against(agents),
                                ];
                                sheet.decided(cells, Some(ccim::cycle(facts)));
                            }
                        }
                    }
                }
            }
        }
    }
    sheet.folded(7).check("cycle", 1_200);
}

#[test]
fn when_the_next_cycle_is_due_and_when_a_site_is_lost() {
    let mut due = Sheet::new(&["Client Access Point answered", "next cycle after [h]"]);
    for reached in ANSWERS {
        let next = ccim::next_due(Second(1_000), reached, 23 * HOUR_S, HOUR_S);
        let hours = next.since(Second(1_000)) / HOUR_S;
        due.row([yes(reached), hours.to_string().as_str()]);
    }
    due.check("cycle-next-due", 2);
    let mut lost = Sheet::new(&[
        "configuration last read [d]",
        "limit [d]",
        "site is removed",
    ]);
    for unread_s in [
        0,
        59 * DAY_S,
        60 * DAY_S - 1,
        60 * DAY_S,
        60 * DAY_S + 1,
        90 * DAY_S,
    ] {
        let days = format!("{:.5}", f64::from(unread_s) / f64::from(DAY_S));
        let is_lost = ccim::site_is_lost(unread_s, 60 * DAY_S);
        lost.row([days.as_str(), "60", yes(is_lost)]);
    }
    lost.check("site-is-lost", 6);
}

#[test]
fn when_a_restart_comes_too_early() {
    let mut sheet = Sheet::new(&[
        "platform",
        "since the installation began [s]",
        "safe after [s]",
        "client breaks",
    ]);
    for win9x in ANSWERS {
        for elapsed_s in [0, 1, 899, 900, 901, 86_400] {
            let breaks = upgrade::restart_is_too_early(win9x, elapsed_s, 900);
            let elapsed = elapsed_s.to_string();
            sheet.row([platform(win9x), elapsed.as_str(), "900", yes(breaks)]);
        }
    }
    sheet.check("restart-too-early", 12);
}

#[test]
fn what_is_copied_in_which_stage() {
    let rules = smsim::sms::defaults::Rules::default();
    let mut sheet = Sheet::new(&[
        "software distribution agent",
        "other agents",
        "bytes in all",
        "bytes with the base",
        "bytes of software distribution",
        "bytes of the other agents",
    ]);
    for software_distribution in ANSWERS {
        for others in ANSWERS {
            for total in [0, 1_000_000, 8_000_000, 8_220_000, 16_000_000, 24_000_000] {
                let agents = Agents {
                    software_distribution,
                    others,
                };
                let sizes = upgrade::stage_sizes(total, agents, &rules);
                let [total, base, distribution, rest] =
                    [total, sizes.base, sizes.software_distribution, sizes.others]
                        .map(|it| it.to_string());
                let cells = [yes(software_distribution), yes(others)];
                let sizes = [&total, &base, &distribution, &rest];
                sheet.row(
                    cells
                        .into_iter()
                        .chain(sizes.into_iter().map(String::as_str)),
                );
            }
        }
    }
    sheet.check("stages", 24);
}

/// A reason that no table and no story ever gives would be dead text.
#[test]
fn every_reason_of_a_logon_and_a_cycle_is_in_some_table() {
    let folder = sheet::folder();
    let sheets: String = ["before-boot32wn", "installed-client", "new-client", "cycle"]
        .iter()
        .chain(&["outside-boundaries"])
        .map(|name| std::fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap())
        .collect();
    let elsewhere = [Reason::ConnectionsExhausted, Reason::SiteLost]; // a server's answer; site-is-lost.csv
    for reason in Reason::ALL {
        let decided = matches!(reason.decision().name(), "logon" | "cycle");
        if decided && !elsewhere.contains(reason) {
            let code = format!(",{reason},");
            assert!(sheets.contains(&code), "{reason}");
        }
    }
}
