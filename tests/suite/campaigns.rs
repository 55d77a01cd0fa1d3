//! Levers that administrators pull on their clients, and what goes wrong on the client's side: one small run each.

use crate::written::{plan, run, shipped};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::plan::Plan;
use smsim::run::{ClientState, Tally, Trouble};
use smsim::sms::Reason;

/// One site without a domain goes to SP2 on the first Friday evening; everybody comes at eight and goes at five.
const ONE_SITE: &str = r#"
[scenario]
name = "One site"
start = 2000-06-19 00:00:00
days = 14
seed = 5

[[site]]
code = "AAA"
boundaries = ["10.1.0.0"]
caps = [{ name = "AAA-CAP1" }]

[[habits]]
name = "eight-to-five"
arrival = "8:00"
departure = "17:00"
absent = 0.0
left_on = 0.0

[[clients]]
name = "pcs"
count = 400
boundary = "10.1.0.0"
habits = "eight-to-five"
upgrade_size = "16 MB"

[[rollout]]
site = "AAA"
to = "SP2"
at = 2000-06-23 18:00:00
"#;

/// Two sites share a domain; BBB goes first, and AAA does not follow.
const SHARED: &str = r#"
[scenario]
name = "Shared domain"
start = 2000-06-19 00:00:00
days = 14
seed = 5

[[site]]
code = "AAA"
boundaries = ["10.1.0.0"]
caps = [{ name = "AAA-CAP1" }]
hotfixes = ["Q249077"]

[[site]]
code = "BBB"
boundaries = ["10.2.0.0"]
caps = [{ name = "BBB-CAP1" }]
hotfixes = ["Q249077"]

[[domain]]
name = "SHARED"
controllers = 1
sites = ["AAA", "BBB"]

[[habits]]
name = "every-day"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
absent = 0.0
left_on = 0.0

[[clients]]
name = "a"
count = 100
boundary = "10.1.0.0"
habits = "every-day"

[[rollout]]
site = "BBB"
to = "SP2"
at = 2000-06-23 18:00:00
force_lsm = true
"#;

fn at(plan: &Plan, day: u32, hour: u32) -> Second {
    plan.clock.start + (day * DAY_S + hour * HOUR_S)
}

/// Decisions with this reason, everywhere and at any recorded time.
fn decisions(tally: &Tally, reason: Reason) -> u64 {
    let sites = tally.sites.iter();
    sites.map(|site| site.decisions.total(reason)).sum()
}

/// The same in the intervals from hour `from` to hour `until` of the run.
fn decisions_within(tally: &Tally, reason: Reason, (from, until): (usize, usize)) -> u32 {
    let within = |site: &smsim::run::tally::SiteTally| -> u32 {
        (from..until)
            .map(|hour| site.decisions.at(reason, hour))
            .sum()
    };
    tally.sites.iter().map(within).sum()
}

fn converged_by(tally: &Tally, moment: Second) -> usize {
    let by = |it: &&smsim::run::ClientRecord| {
        it.state == ClientState::Converged && it.converged_at <= moment
    };
    tally.clients.iter().filter(by).count()
}

fn standing(tally: &Tally, reason: Reason) -> usize {
    let so = |it: &&smsim::run::ClientRecord| it.standing == Some(reason);
    tally.clients.iter().filter(so).count()
}

/// Bytes copied from a server, small reads left out.
fn bytes(tally: &Tally, server: usize) -> u64 {
    tally.servers[server].usage.bits.iter().sum::<u64>() / 8
}

#[test]
fn l10_half_the_machines_are_left_on_over_the_weekend_and_are_done_by_sunday() {
    let campaign = "[[leave_on]]\nname = \"weekend\"\nevenings = [2000-06-23]\nshare = 0.5\n";
    let without = plan(ONE_SITE, &[]);
    let with = plan(&format!("{ONE_SITE}{campaign}"), &[]);
    let (before, after) = (run(&without).tally, run(&with).tally);
    let monday = at(&with, 7, 7);
    assert_eq!(converged_by(&before, monday), 0, "all are off");
    let done = converged_by(&after, monday);
    assert!((160..=240).contains(&done), "{done} of 400, about half");
    assert_eq!(converged_by(&after, with.clock.end), 400);
    let none = plan(
        &format!("{ONE_SITE}{campaign}"),
        &["leave_on.weekend.share=0.0"],
    );
    assert_eq!(
        run(&none).tally.clients,
        before.clients,
        "nobody asked: nobody's draws change"
    );
}

#[test]
fn l18_a_kick_upgrades_all_machines_that_are_on() {
    let kick = "[[kick]]\nname = \"go\"\nat = 2000-06-23 21:00:00\n";
    let always_on = "clients.pcs.habits=server";
    let plan_of = |sets: &[&str]| plan(&format!("{ONE_SITE}{kick}"), sets);
    let kicked = plan_of(&[always_on]);
    let by_eleven = at(&kicked, 4, 23);
    assert_eq!(converged_by(&run(&kicked).tally, by_eleven), 400);
    let half = plan_of(&[always_on, "kick.go.share=0.5"]);
    let of_half = converged_by(&run(&half).tally, by_eleven);
    assert!(
        (180..330).contains(&of_half),
        "{of_half}: the half, and whose cycle came anyway"
    );
    let off = plan_of(&[]);
    assert_eq!(converged_by(&run(&off).tally, by_eleven), 0, "all are off");
}

#[test]
fn l18_the_next_cycle_counts_from_the_kick() {
    let kick = "[[kick]]\nname = \"go\"\nat = 2000-06-21 12:00:00\nwithin = \"2h\"\n";
    let sets = ["clients.pcs.habits=server"];
    let plan = plan(&format!("{ONE_SITE}{kick}"), &sets);
    let tally = run(&plan).tally;
    let cycles = |from, until| decisions_within(&tally, Reason::NothingNew, (from, until));
    let noon = 2 * 24 + 12;
    assert!(
        cycles(noon, noon + 2) >= 400,
        "each is kicked within the two hours"
    );
    assert_eq!(cycles(noon + 2, noon + 23), 0, "and rests for 23 hours");
    assert_eq!(cycles(noon + 23, noon + 25), 400);
}

#[test]
fn l14_c2_16_frozen_clients_wait_for_their_release() {
    let freeze = "[[freeze]]\nname = \"slow\"\nuntil = 2000-06-28 00:00:00\nshare = 0.5\n";
    let released = plan(&format!("{ONE_SITE}{freeze}"), &[]);
    let tally = run(&released).tally;
    let before = converged_by(&tally, at(&released, 9, 0));
    assert!((160..=240).contains(&before), "{before}");
    assert_eq!(converged_by(&tally, released.clock.end), 400);
    let for_ever = freeze.replace("until = 2000-06-28 00:00:00\n", "");
    let frozen = plan(&format!("{ONE_SITE}{for_ever}"), &[]);
    let tally = run(&frozen).tally;
    assert_eq!(standing(&tally, Reason::UpgradeDisabled), 400 - before);
    assert_eq!(
        tally.sites[0].out_of_reach,
        400 - before as u64,
        "on purpose: milestones leave them out"
    );
}

#[test]
fn l17_c2_6_agents_come_in_the_stages_in_which_they_are_offered() {
    let stages = r#"
[[offer]]
site = "AAA"
agents = []

[[offer]]
site = "AAA"
from = 2000-06-28 00:00:00
agents = ["hardware-inventory"]

[[offer]]
site = "AAA"
from = 2000-06-29 00:00:00
agents = ["hardware-inventory", "software-distribution"]
"#;
    let staged = plan(&format!("{ONE_SITE}{stages}"), &[]);
    let tally = run(&staged).tally;
    assert_eq!(
        decisions_within(&tally, Reason::AgentsOlder, (0, 9 * 24)),
        0
    );
    for day in [9, 10] {
        let that_day = (day * 24, day * 24 + 24);
        assert_eq!(decisions_within(&tally, Reason::AgentsOlder, that_day), 400);
    }
    assert_eq!(converged_by(&tally, staged.clock.end), 400);
    let at_once = run(&plan(ONE_SITE, &[])).tally;
    assert_eq!(
        bytes(&tally, 0),
        bytes(&at_once, 0),
        "the same bytes, in three parts"
    );
    let withdrawn = "[[offer]]\nsite = \"AAA\"\nfrom = 2000-06-28 00:00:00\nagents = []\n";
    let withdrawn = run(&plan(&format!("{ONE_SITE}{withdrawn}"), &[])).tally;
    assert_eq!(decisions(&withdrawn, Reason::AgentsDisabled), 400);
    assert!(
        withdrawn
            .clients
            .iter()
            .all(|client| client.agents.is_none())
    );
}

#[test]
fn c2_13_f26_all_clients_before_sp2_verify_on_one_day_and_copy_everything() {
    let verify = "[[verify]]\nname = \"monthly\"\nsite = \"AAA\"\nfirst = 2000-06-21 00:00:00\n";
    let sp1 = plan(&format!("{ONE_SITE}{verify}"), &[]);
    let storm = run(&sp1).tally;
    let wednesday = (2 * 24, 3 * 24);
    assert_eq!(
        decisions_within(&storm, Reason::VerifyReinstalls, wednesday),
        400
    );
    assert_eq!(decisions(&storm, Reason::Verified), 400);
    let plain = run(&plan(ONE_SITE, &[])).tally;
    let extra = bytes(&storm, 0) - bytes(&plain, 0);
    assert_eq!(extra, 400 * 16_000_000, "all of it again, up to 20 MB each");
    let spread = plan(
        &format!("{ONE_SITE}{verify}"),
        &["verify.monthly.same_day=false"],
    );
    let spread = run(&spread).tally;
    let that_day = decisions_within(&spread, Reason::VerifyReinstalls, wednesday);
    assert!(that_day < 60, "{that_day}: one in thirty");
}

#[test]
fn c2_13_from_sp2_on_a_verification_copies_nothing_that_is_unchanged() {
    let verify = "[[verify]]\nsite = \"AAA\"\nfirst = 2000-06-29 00:00:00\n";
    let after = plan(&format!("{ONE_SITE}{verify}"), &[]);
    let tally = run(&after).tally;
    assert_eq!(decisions(&tally, Reason::VerifyUnchanged), 400);
    assert_eq!(decisions(&tally, Reason::VerifyReinstalls), 0);
    assert_eq!(bytes(&tally, 0), bytes(&run(&plan(ONE_SITE, &[])).tally, 0));
    let full = plan(
        &format!("{ONE_SITE}{verify}"),
        &["rules.verify_full_copy=true"],
    );
    assert_eq!(
        decisions(&run(&full).tally, Reason::VerifyReinstalls),
        400,
        "Q246040"
    );
}

#[test]
fn c2_9_f22_half_a_hotfix_keeps_the_agents_of_nt_clients_from_starting() {
    let half = "[[crc_mismatch]]\nsite = \"AAA\"\nfrom = 2000-06-20 00:00:00\nuntil = 2000-06-22 00:00:00\n";
    let nt = run(&plan(&format!("{ONE_SITE}{half}"), &[])).tally;
    assert_eq!(decisions(&nt, Reason::CrcMismatch), 800, "two mornings");
    let blocked = &nt.trouble[&(Trouble::AgentsBlocked, Reason::CrcMismatch)];
    assert_eq!((blocked.cases, blocked.cured), (400, 400));
    assert_eq!(
        blocked.client_seconds,
        400 * 2 * u64::from(DAY_S),
        "from eight to eight"
    );
    assert!(
        decisions(&nt, Reason::Verified) >= 400,
        "each attempt verifies in vain"
    );
    let win9x = plan(&format!("{ONE_SITE}{half}"), &["clients.pcs.platform=9x"]);
    assert_eq!(decisions(&run(&win9x).tally, Reason::CrcMismatch), 0);
}

#[test]
fn c2_7_f21_a_cut_off_offer_file_takes_agents_away_and_brings_them_back_every_other_day() {
    let cut = "[[offers_cut_off]]\nsite = \"AAA\"\nfrom = 2000-06-27 00:00:00\nuntil = 2000-06-30 00:00:00\n";
    let tally = run(&plan(&format!("{ONE_SITE}{cut}"), &[])).tally;
    let day = |reason, day: usize| decisions_within(&tally, reason, (day * 24, day * 24 + 24));
    assert_eq!(day(Reason::OffersIncomplete, 8), 400);
    assert_eq!(day(Reason::AgentsOlder, 9), 400);
    assert_eq!(day(Reason::OffersIncomplete, 10), 400);
    assert_eq!(day(Reason::AgentsOlder, 11), 400, "the file is whole again");
    assert!(
        tally
            .clients
            .iter()
            .all(|it| it.state == ClientState::Converged)
    );
}

/// New machines of AAA, where both sites are at SP1.
const NEW: &str = r#"
[[clients]]
name = "new"
count = 50
boundary = "10.1.0.0"
habits = "every-day"
installed = "none"
appear = 2000-06-20 00:00:00
"#;

#[test]
fn b15_f45_the_deinstall_flag_keeps_machines_without_a_client() {
    let text = format!("{SHARED}{NEW}");
    let flagged = run(&plan(&text, &["clients.new.deinstall_flag=1.0"])).tally;
    assert_eq!(standing(&flagged, Reason::DeinstallFlag), 50);
    let free = run(&plan(&text, &[])).tally;
    assert_eq!(standing(&free, Reason::DeinstallFlag), 0);
    assert_eq!(decisions(&free, Reason::NewAssigned), 50);
}

#[test]
fn l16_what_is_put_on_the_machines_beforehand_is_not_copied() {
    let text = format!("{SHARED}{NEW}");
    let copied = |sets: &[&str]| {
        let plan = plan(&text, sets);
        bytes(&run(&plan).tally, plan.caps.len())
    };
    assert_eq!(copied(&[]), 50 * 14_000_000);
    assert_eq!(copied(&["clients.new.prestaged=1.0"]), 50 * 8_000_000);
}

#[test]
fn b20_another_time_zone_brings_clicore_again_to_9x_before_sp2() {
    let sets = [
        "clients.a.platform=9x",
        "clients.a.zone_changes=[2000-06-21 12:00:00, 2000-06-28 12:00:00]",
    ];
    let tally = run(&plan(SHARED, &sets)).tally;
    assert_eq!(
        decisions_within(&tally, Reason::ZoneChanged, (3 * 24, 4 * 24)),
        100,
        "the next morning"
    );
    assert_eq!(
        decisions(&tally, Reason::ZoneChanged),
        100,
        "the second time the logon point is at SP2"
    );
    assert_eq!(
        tally
            .trouble
            .get(&(Trouble::RestartAsked, Reason::RestartAsked)),
        None
    );
}

#[test]
fn b21_l8_without_logon_methods_the_old_rules_leave_a_sites_clients_alone() {
    let old = "rules.bootstrap_rules=before-sp2";
    let mixed = |tally: &Tally| {
        let so = |it: &&smsim::run::ClientRecord| it.state == ClientState::Mixed;
        tally.clients.iter().filter(so).count()
    };
    assert_eq!(mixed(&run(&plan(SHARED, &[old])).tally), 100);
    let off = SHARED.replace(
        "sites = [\"AAA\", \"BBB\"]",
        "sites = [{ site = \"AAA\", logon_discovery = false, logon_installation = false }, \"BBB\"]",
    );
    let tally = run(&plan(&off, &[old])).tally;
    assert_eq!(mixed(&tally), 0);
    assert!(decisions(&tally, Reason::LogonMethodsOff) > 0);
}

#[test]
fn c2_15_f43_without_rights_the_second_site_takes_two_logons_and_a_cycle() {
    let low = ["clients.new-in-both.low_rights=1.0"];
    let with = shipped("seed-article.toml", &low);
    let without = shipped("seed-article.toml", &[]);
    let (with, without) = (run(&with).tally, run(&without).tally);
    assert_eq!(decisions(&without, Reason::JoinIncomplete), 0);
    assert_eq!(
        decisions(&with, Reason::JoinIncomplete),
        10,
        "once each: a cycle lies between two logons"
    );
    let sites = |tally: &Tally| -> Vec<_> { tally.clients.iter().map(|it| it.sites).collect() };
    assert_eq!(
        sites(&with),
        sites(&without),
        "in the end they are where the others are"
    );
}

/// The shared domain one release earlier: RTM, and BBB goes to SP1.
fn rtm_to_sp1() -> String {
    SHARED
        .replace("hotfixes = [\"Q249077\"]", "release = \"RTM\"")
        .replace("to = \"SP2\"", "to = \"SP1\"")
}

const AAA_FOLLOWS: &str = "[[rollout]]\nsite = \"AAA\"\nto = \"SP1\"\nat = 2000-06-28 18:00:00\n";

/// Q236596, Q238780: the logon point is ahead of the clients' site, and their agents are skipped.
#[test]
fn rtm_to_sp1_by_its_own_rules_makes_clients_mixed() {
    let tally = run(&plan(&rtm_to_sp1(), &[])).tally;
    assert_eq!(decisions(&tally, Reason::ClicoreBeforeCap), 100);
    assert!(decisions(&tally, Reason::AgentsOutOfSync) > 0);
    assert!(
        tally
            .clients
            .iter()
            .all(|it| it.state == ClientState::Mixed)
    );
    assert_eq!(standing(&tally, Reason::AgentsOutOfSync), 100);
}

/// Q238865: what such a client needs is a complete removal and a new installation.
#[test]
fn rtm_to_sp1_leaves_mixed_clients_damaged_although_their_site_follows() {
    let text = format!("{}{AAA_FOLLOWS}", rtm_to_sp1());
    let tally = run(&plan(&text, &[])).tally;
    assert_eq!(standing(&tally, Reason::MixedNeedsReinstall), 100);
    let mixed = &tally.trouble[&(Trouble::Mixed, Reason::AgentsOutOfSync)];
    assert_eq!((mixed.cases, mixed.cured), (100, 0));
    let undamaged = run(&plan(&text, &["rules.mixed_damaged=0.0"])).tally;
    assert_eq!(
        converged_by(&undamaged, Second::NEVER),
        100,
        "Q236596: its site's upgrade cures it"
    );
}

/// One weekend, and every logon off: Q237543's way out.
#[test]
fn rtm_to_sp1_with_scripts_off_goes_by_cycles_alone() {
    let text = format!("{}{AAA_FOLLOWS}", rtm_to_sp1());
    let tally = run(&plan(&text, &["domain.SHARED.logon_script=off"])).tally;
    assert_eq!(decisions(&tally, Reason::ClicoreBeforeCap), 0);
    assert_eq!(converged_by(&tally, Second::NEVER), 100);
}

/// From SP2 on the same course is safe, and the console hears of it at the next cycle (Q256125).
#[test]
fn sp2_to_sp3_vetoes_at_the_logon_point_and_reports_at_once() {
    let sp3 = SHARED
        .replace("hotfixes = [\"Q249077\"]", "release = \"SP2\"")
        .replace("to = \"SP2\"", "to = \"SP3\"");
    let alone = run(&plan(&sp3, &[])).tally;
    assert!(decisions(&alone, Reason::SiteNotUpgraded) > 0);
    assert!(
        alone
            .trouble
            .keys()
            .all(|(kind, _)| *kind != Trouble::Mixed)
    );
    let follows = AAA_FOLLOWS.replace("SP1", "SP3");
    let tally = run(&plan(&format!("{sp3}{follows}"), &[])).tally;
    assert_eq!(converged_by(&tally, Second::NEVER), 100);
    let reported = |tally: &Tally, hours: usize| -> i32 {
        let changes = tally.sites[0].curve_changes.iter().take(hours);
        changes
            .map(|it| it[smsim::plan::Curve::Reported as usize])
            .sum()
    };
    assert_eq!(reported(&tally, 12 * 24), 100, "two mornings after");
    let sp2 = format!("{SHARED}{}", AAA_FOLLOWS.replace("SP1", "SP2"));
    let to_sp2 = run(&plan(&sp2, &[])).tally;
    assert_eq!(converged_by(&to_sp2, Second::NEVER), 100);
    let heard = reported(&to_sp2, 12 * 24);
    assert!(
        heard < 70,
        "{heard}: F52, the heartbeat of seven days tells of SP2"
    );
}

/// Q264630: upgrading the site repairs mixed clients, but not all whose users have no rights.
#[test]
fn mixed_clients_without_rights_may_stay_mixed() {
    let text = format!("{SHARED}{}", AAA_FOLLOWS.replace("SP1", "SP2"));
    let sets = |share: &str| {
        let low = format!("clients.a.low_rights={share}");
        run(&plan(
            &text,
            &[
                "rules.bootstrap_rules=before-sp2",
                "rules.low_rights_stay_mixed=1.0",
                low.as_str(),
            ],
        ))
        .tally
    };
    assert_eq!(converged_by(&sets("0.0"), Second::NEVER), 100);
    assert_eq!(standing(&sets("1.0"), Reason::MixedLowRights), 100);
}

#[test]
fn l19_a_mandatory_restart_finishes_what_nobody_restarts() {
    let stuck = shipped("quickstart.toml", &[]);
    assert!(standing(&run(&stuck).tally, Reason::RestartAwaited) > 40);
    let policy = ["clients.hq-win98.mandatory_restart=4h"];
    let tally = run(&shipped("quickstart.toml", &policy)).tally;
    assert_eq!(standing(&tally, Reason::RestartAwaited), 0);
    assert_eq!(standing(&tally, Reason::SecondRestartAwaited), 0);
    assert_eq!(
        standing(&tally, Reason::RestartTooEarly),
        0,
        "four hours are enough"
    );
}

/// Windows 9x clients lose their site while its Client Access Point is away, are installed again, and meet the upgrade
/// before anybody restarts their machines.
#[test]
fn f31_removed_installed_and_upgraded_without_a_restart_inventory_is_stuck() {
    let alone = SHARED
        .replace(
            "sites = [\"AAA\", \"BBB\"]",
            "sites = [\"AAA\"]\nlsm_interval = \"60 days\"",
        )
        .replace("site = \"BBB\"\nto", "site = \"AAA\"\nto")
        .replace("force_lsm = true", "");
    let sets = |left_on: &str| {
        let left_on = format!("habits.every-day.left_on={left_on}");
        let sets = [
            "clients.a.platform=9x",
            "clients.a.agents=[\"hardware-inventory\"]",
            "clients.a.restart_after=20 min",
            "rules.site_lost_after=2 days",
            "site.AAA.caps.AAA-CAP1.outages=[{ from = 2000-06-19 12:00:00, until = 2000-06-23 12:00:00 }]",
            left_on.as_str(),
        ];
        run(&plan(&alone, &sets)).tally
    };
    let stuck = sets("1.0");
    assert!(decisions(&stuck, Reason::SiteLost) >= 100);
    assert_eq!(standing(&stuck, Reason::InventoryStuck), 100);
    let restarted = sets("0.0");
    assert_eq!(
        standing(&restarted, Reason::InventoryStuck),
        0,
        "off every night"
    );
}

/// Clients in a state at the end of an hour of the run, at one site.
fn in_state(tally: &Tally, site: usize, state: ClientState, hour: usize) -> i64 {
    let site = &tally.sites[site];
    let changes = site.state_changes.iter().take(hour);
    let change: i64 = changes.map(|it| i64::from(it[state as usize])).sum();
    site.states_at_start[state as usize] + change
}

/// What SP2 would have broken had it kept the old process: London and Tokyo, hour by hour, on the same chances.
#[test]
fn with_the_old_process_sp2_would_have_mixed_every_client_that_logged_on_too_early() {
    let scenario = "bootstrap-what-if.toml";
    let shipped_rules = run(&shipped(scenario, &[])).tally;
    let old = run(&shipped(scenario, &["rules.bootstrap_rules=before-sp2"])).tally;
    let mixed = |tally: &Tally, site, hour| in_state(tally, site, ClientState::Mixed, hour);
    let hours = 28 * 24;
    for hour in 0..=hours {
        let none = (0..3).all(|site| mixed(&shipped_rules, site, hour) == 0);
        assert!(none, "hour {hour} as shipped");
        assert_eq!(mixed(&old, 0, hour), 0, "headquarters are ahead of nobody");
    }
    let (monday_morning, monday_noon) = (7 * 24, 7 * 24 + 12);
    assert_eq!(mixed(&old, 1, monday_morning), 0, "the weekend is quiet");
    assert!(
        mixed(&old, 1, monday_noon) > 250,
        "most of London has logged on"
    );
    assert!(mixed(&old, 2, monday_noon) > 80, "and most of Tokyo");
    assert_eq!(
        mixed(&old, 1, hours),
        0,
        "its own site's upgrade cures each"
    );
    assert_eq!(mixed(&old, 2, hours), 0);
    let cases = &old.trouble[&(Trouble::Mixed, Reason::NewerThanCap)];
    assert_eq!((cases.cases, cases.cured), (400, 400));
    assert!(
        old.clients
            .iter()
            .all(|it| it.state == ClientState::Converged)
    );
    assert_eq!(decisions(&shipped_rules, Reason::VetoBypassed), 0);
    assert!(
        decisions(&shipped_rules, Reason::SiteNotUpgraded) > 1_000,
        "the veto, logon by logon"
    );
}

/// A client of two sites, one of which has been out of reach since the beginning.
#[test]
fn c2_12_c2_17_the_site_in_reach_upgrades_the_client_and_the_other_is_dropped_in_the_end() {
    let second = "\n[[site]]\ncode = \"BBB\"\nboundaries = [\"10.2.0.0\"]\ncaps = [{ name = \"BBB-CAP1\" }]\n";
    let both = ONE_SITE
        .replace(
            "boundary = \"10.1.0.0\"",
            "adapters = [\"10.1.0.0\", \"10.2.0.0\"]",
        )
        .replace("site = \"AAA\"\nto", "site = \"BBB\"\nto");
    let text = format!("{both}{second}");
    let away = "site.AAA.caps.AAA-CAP1.outages=[{ from = 2000-06-19 00:00:00, until = 2000-07-03 00:00:00 }]";
    let kept = plan(&text, &[away]);
    let tally = run(&kept).tally;
    assert_eq!(converged_by(&tally, Second::NEVER), 400, "by way of BBB");
    assert_eq!(
        decisions(&tally, Reason::SiteLost),
        0,
        "60 days are not over"
    );
    let dropped = plan(&text, &[away, "rules.site_lost_after=5 days"]);
    let tally = run(&dropped).tally;
    assert_eq!(decisions(&tally, Reason::SiteLost), 400);
    assert_eq!(converged_by(&tally, Second::NEVER), 400);
    let only_bbb = |it: &smsim::run::ClientRecord| {
        let codes = it
            .sites
            .iter()
            .flatten()
            .map(|site| dropped.sites[site.index()].code.as_str());
        codes.eq(["BBB"])
    };
    assert!(tally.clients.iter().all(only_bbb));
}

/// The password of AAA's connection account changes on Friday noon, long after everybody's last cycle: who is off over
/// the evening knows only the old one.
fn orphans(upgrade: &str) -> String {
    SHARED
        .replace("sites = [\"AAA\", \"BBB\"]", "sites = [\"AAA\"]")
        .replace(
            "name = \"AAA-CAP1\" }]",
            "name = \"AAA-CAP1\" }]\nclient_settings = { account_changes = [{ at = 2000-06-23 12:00:00 }] }",
        )
        .replace("site = \"BBB\"\nto", "site = \"AAA\"\nto")
        .replace("at = 2000-06-23 18:00:00", upgrade)
}

/// F24, Q236052: the site was upgraded meanwhile, the script sees that an upgrade is due and stops, and the cycle that
/// could bring it reaches nothing.
#[test]
fn b16_f24_orphans_whose_site_is_upgraded_are_beyond_the_help_of_a_logon() {
    let text = orphans("at = 2000-06-23 18:00:00");
    let tally = run(&plan(&text, &[])).tally;
    assert!(decisions(&tally, Reason::OrphanBlocked) >= 100);
    assert!(
        decisions(&tally, Reason::AccountStale) > 1_000,
        "every hour"
    );
    assert_eq!(converged_by(&tally, Second::NEVER), 0);
    let old = run(&plan(&text, &["rules.bootstrap_rules=before-sp2"])).tally;
    assert_eq!(decisions(&old, Reason::OrphanReseededThenCycle), 100);
    assert_eq!(
        converged_by(&old, Second::NEVER),
        100,
        "by the old rules a logon helps"
    );
    let sooner = run(&plan(&text, &["rules.site_lost_after=5 days"])).tally;
    assert_eq!(
        decisions(&sooner, Reason::SiteLost),
        100,
        "the clock of 60 days, shortened"
    );
    assert_eq!(
        converged_by(&sooner, Second::NEVER),
        100,
        "removed, then installed as new"
    );
}

#[test]
fn b17_orphans_as_new_as_the_logon_point_are_helped_by_a_logon() {
    let text = orphans("at = 2000-06-28 18:00:00");
    let tally = run(&plan(&text, &[])).tally;
    assert_eq!(decisions(&tally, Reason::OrphanReseeded), 100);
    assert_eq!(decisions(&tally, Reason::OrphanBlocked), 0);
    assert_eq!(converged_by(&tally, Second::NEVER), 100);
}
