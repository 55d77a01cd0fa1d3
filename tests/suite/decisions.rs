//! Every decision of the product as a table: all inputs, one row each, and what follows from them.
//!
//! The tables are files in `decisions/`, made to be reviewed in a spreadsheet beside the articles: one column per fact
//! in plain words, then the outcome. `SNAPSHOTS=overwrite` writes them anew; the difference to the old ones is what a
//! change of the rules changed. [`kb_rows`] reads the rows that the articles themselves tell, one test each.

mod assignment;
mod kb_assignment;
mod kb_rows;
mod servers;
mod sheet;

use sheet::{Sheet, against, rules_of, yes};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::sms::assignment::joins;
use smsim::sms::boot32wn::{self, CoveringSites, InstalledFacts, NewFacts, ScriptFacts};
use smsim::sms::ccim::{
    self, AgentFacts, BaseFacts, GateFacts, Mixed, Offers, Presence, Verification,
};
use smsim::sms::rights::{self, Joining};
use smsim::sms::{Agents, Bootstrap, Difference, Reason, upgrade};

/// The two answers to a question, the one that changes nothing first.
const ANSWERS: [bool; 2] = [false, true];

#[test]
fn what_ends_a_logon_script_before_it_looks_at_versions() {
    let mut sheet = Sheet::deciding(&[
        "a logon point answers",
        "logon script runs SMSLS",
        "link slower than Slownet's threshold",
        "a maintenance cycle is at work",
        "Copylog.tcf has no line for Clicore",
    ]);
    for [
        logon_point_answers,
        runs_smsls,
        slow_link,
        cycle_at_work,
        copylog_broken,
    ] in answers()
    {
        let facts = ScriptFacts {
            logon_point_answers,
            runs_smsls,
            slow_link,
            cycle_at_work,
            copylog_broken,
        };
        sheet.decided(
            [
                logon_point_answers,
                runs_smsls,
                slow_link,
                cycle_at_work,
                copylog_broken,
            ]
            .map(yes),
            boot32wn::before_boot32wn(facts),
        );
    }
    sheet.check("before-boot32wn", 32);
}

/// Every combination of answers to `N` questions, the last question's changing fastest.
fn answers<const N: usize>() -> impl Iterator<Item = [bool; N]> {
    (0..1_usize << N).map(|number| std::array::from_fn(|at| number >> (N - 1 - at) & 1 == 1))
}

/// All 640 combinations are decided; rows whose outcome does not depend on a fact are then folded into one.
#[test]
fn what_a_logon_does_to_an_installed_client() {
    let mut sheet = Sheet::deciding(&[
        "bootstrap follows the rules",
        "folder of own site is missing",
        "client against Clicore on the logon point",
        "own site is upgraded",
        "version of that Clicore can be read",
        "own site has a logon method on",
        "client is orphaned",
        "time zone of a Windows 9x machine changed",
    ]);
    for bootstrap in Bootstrap::ALL {
        for client in Difference::ALL {
            for [missing, upgraded, known, logons, orphaned, zone] in answers() {
                let facts = InstalledFacts {
                    bootstrap,
                    client,
                    version_known: known,
                    own_site_upgraded: upgraded,
                    site_folder_missing: missing,
                    own_site_uses_logons: logons,
                    orphaned,
                    zone_changed: zone,
                };
                let [missing, upgraded, known, logons, orphaned, zone] =
                    [missing, upgraded, known, logons, orphaned, zone].map(yes);
                let cells = [
                    rules_of(bootstrap),
                    missing,
                    against(client),
                    upgraded,
                    known,
                    logons,
                    orphaned,
                    zone,
                ];
                sheet.decided(cells, Some(boot32wn::installed_client(facts)));
            }
        }
    }
    sheet.folded(8).check("installed-client", 640);
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

/// All 160 combinations are decided, and folded.
#[test]
fn what_a_logon_does_to_a_machine_without_a_client() {
    let mut sheet = Sheet::deciding(&[
        "SMS Client Deinstall is set",
        "bootstrap follows the rules",
        "sites whose boundaries hold the machine",
        "version of Clicore can be read",
        "logon discovery is on",
        "core components are there already",
    ]);
    for deinstall_flag in ANSWERS {
        for bootstrap in Bootstrap::ALL {
            for sites in CoveringSites::ALL {
                for [version_known, discovery, core_present] in answers() {
                    let facts = NewFacts {
                        bootstrap,
                        covering: sites,
                        version_known,
                        discovery,
                        core_present,
                        deinstall_flag,
                    };
                    let cells = [
                        yes(deinstall_flag),
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
    sheet.folded(6).check("new-client", 160);
}

#[test]
fn which_sites_a_client_joins() {
    let mut sheet = Sheet::new(&[
        "bootstrap follows the rules",
        "site against Clicore on the logon point",
        "client in its boundaries joins it",
    ]);
    for bootstrap in Bootstrap::ALL {
        for site in Difference::ALL {
            let joined = joins(bootstrap, site);
            sheet.row([rules_of(bootstrap), against(site), yes(joined)]);
        }
    }
    sheet.check("joins-site", 10);
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

#[test]
fn what_keeps_a_cycle_from_its_components() {
    let mut sheet = Sheet::deciding(&[
        "previous cycle is at work",
        "Client Access Point answered",
        "DisableClientUpgrade is set",
        "base components wait for a restart",
        "Inbox Manager holds its lock",
    ]);
    for [at_work, reached, upgrade_disabled, base_restart, locked] in answers() {
        let facts = GateFacts {
            at_work,
            reached,
            upgrade_disabled,
            base_restart,
            locked,
        };
        sheet.decided(
            [at_work, reached, upgrade_disabled, base_restart, locked].map(yes),
            ccim::before_components(facts),
        );
    }
    sheet.check("cycle-gate", 32);
}

#[test]
fn what_a_cycle_does_about_the_base_components() {
    let mut sheet = Sheet::deciding(&[
        "base against newest Client Access Point",
        "base is SP2 or later",
        "client that a logon point made mixed",
    ]);
    for base in Difference::ALL {
        for is_sp2 in ANSWERS {
            for mixed in Mixed::ALL {
                let facts = BaseFacts {
                    base,
                    is_sp2,
                    mixed,
                };
                let state = match mixed {
                    Mixed::Recovers => "never was, or recovers",
                    Mixed::Damaged => "was damaged by the rules before SP2",
                    Mixed::LowRights => "does not recover for want of rights",
                };
                sheet.decided(
                    [against(base), yes(is_sp2), state],
                    ccim::base_components(facts),
                );
            }
        }
    }
    sheet.check("cycle-base", 30);
}

#[test]
fn what_a_cycle_does_about_the_agents() {
    let mut sheet = Sheet::deciding(&[
        "checksums keep agents from starting",
        "offers of the agents it has",
        "agents against newest Client Access Point",
        "second restart awaited",
        "verification",
    ]);
    for crc_mismatch in ANSWERS {
        for offers in Offers::ALL {
            for agents in Difference::ALL {
                for second_restart in ANSWERS {
                    for verification in Verification::ALL {
                        let facts = AgentFacts {
                            crc_mismatch,
                            offers,
                            agents,
                            second_restart,
                            verification,
                        };
                        let offered = match offers {
                            Offers::Complete => "all are offered",
                            Offers::Withdrawn => "one is offered no more",
                            Offers::CutOff => "the offer file is cut off",
                        };
                        let cells = [
                            yes(crc_mismatch),
                            offered,
                            against(agents),
                            yes(second_restart),
                            verifying(verification),
                        ];
                        sheet.decided(cells, Some(ccim::agents(facts)));
                    }
                }
            }
        }
    }
    sheet.folded(5).check("cycle-agents", 180);
}

fn verifying(verification: Verification) -> &'static str {
    match verification {
        Verification::NotDue => "not due",
        Verification::Changes => "copies what changed",
        Verification::Everything => "installs everything again",
    }
}

#[test]
fn what_a_verification_copies_and_whom_a_wrong_checksum_stops() {
    let mut volumes = Sheet::new(&[
        "base is SP2 or later",
        "verify_full_copy",
        "verification that is due",
    ]);
    let mut gate = Sheet::new(&["platform", "checksums fit", "agents are kept from starting"]);
    for one in ANSWERS {
        for other in ANSWERS {
            let due = ccim::verification(one, other);
            volumes.row([yes(one), yes(other), verifying(due)]);
            gate.row([platform(one), yes(other), yes(ccim::crc_gate(one, other))]);
        }
    }
    volumes.check("verification", 4);
    gate.check("crc-gate", 4);
}

#[test]
fn how_a_user_without_rights_joins_a_second_site() {
    let mut sheet = Sheet::deciding(&["user is no administrator", "joining"]);
    let mut after = Sheet::new(&["joining", "after a cycle"]);
    let stage = |joining| match joining {
        Joining::NotTried => "not tried",
        Joining::Tried => "tried in vain",
        Joining::Permitted => "permitted",
    };
    for joining in Joining::ALL {
        for low_rights in ANSWERS {
            let reason = rights::join_by_logon(low_rights, joining);
            sheet.decided([yes(low_rights), stage(joining)], reason);
        }
        after.row([stage(joining), stage(rights::after_cycle(joining))]);
    }
    sheet.check("joins-without-rights", 6);
    after.check("rights-after-cycle", 3);
}

#[test]
fn who_is_orphaned_and_how_long_a_broken_copylog_holds_a_machine() {
    let mut orphans = Sheet::new(&[
        "platform",
        "configuration last read [h]",
        "useless from before [h]",
        "client is orphaned",
    ]);
    for win9x in ANSWERS {
        for (read, stale) in [(0, 0), (9, 10), (10, 10), (11, 10)] {
            let is = ccim::is_orphaned(win9x, Second(read * HOUR_S), Second(stale * HOUR_S));
            let [read, stale] = [read, stale].map(|it| it.to_string());
            orphans.row([platform(win9x), read.as_str(), stale.as_str(), yes(is)]);
        }
    }
    orphans.check("is-orphaned", 8);
    let mut copylog = Sheet::new(&["file mended after [min]", "machine is sluggish for [min]"]);
    for mended in [1, 10, 11, 69, 70, 71, 10_000] {
        let busy = boot32wn::sluggish_s(600, 7, mended * 60) / 60;
        copylog.row([mended.to_string().as_str(), busy.to_string().as_str()]);
    }
    copylog.check("copylog-sluggish", 7);
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

#[test]
fn when_a_restart_comes_and_what_a_first_installation_copies() {
    let mut restarts = Sheet::new(&[
        "by its user after [h]",
        "policy after [h]",
        "restart after [h]",
    ]);
    let hours = |it: Option<u32>| it.map_or("never".to_owned(), |s| (s / HOUR_S).to_string());
    let spans = [None, Some(HOUR_S), Some(4 * HOUR_S)];
    for user in spans {
        for policy in spans {
            let after = hours(upgrade::restart_after_s(user, policy));
            let [user, policy] = [user, policy].map(hours);
            restarts.row([user.as_str(), policy.as_str(), after.as_str()]);
        }
    }
    restarts.check("restart-after", 9);
    let mut core = Sheet::new(&["put there beforehand", "bytes of 14 MB that are copied"]);
    for prestaged in ANSWERS {
        let bytes = upgrade::core_bytes(14_000_000, prestaged, 6_000_000).to_string();
        core.row([yes(prestaged), bytes.as_str()]);
    }
    core.check("core-bytes", 2);
    let mut stuck = Sheet::new(&[
        "platform",
        "removed since its last restart",
        "inventory gets stuck",
    ]);
    for win9x in ANSWERS {
        for removed in ANSWERS {
            let is = upgrade::inventory_gets_stuck(win9x, removed);
            stuck.row([platform(win9x), yes(removed), yes(is)]);
        }
    }
    stuck.check("inventory-stuck", 4);
}

/// A reason that no table and no story ever gives would be dead text.
#[test]
fn every_decision_of_client_and_site_server_is_in_some_table() {
    let sheets: String = std::fs::read_dir(sheet::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let elsewhere = [Reason::ConnectionsExhausted, Reason::SiteLost]; // a server's answer; site-is-lost.csv
    for reason in Reason::ALL {
        let decided = matches!(
            reason.decision().name(),
            "logon" | "cycle" | "push" | "discovery"
        );
        if decided && !elsewhere.contains(reason) {
            let code = format!(",{reason},");
            assert!(sheets.contains(&code), "{reason}");
        }
    }
}
