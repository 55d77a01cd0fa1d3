//! Clients that site servers push, or try to.

use super::{cases, decided, ended_in, run, scenario, twenty};
use smsim::run::Trouble;
use smsim::sms::Reason;

/// HQ1 installs by push.
fn hq1_pushes(text: &str, more: &str) -> String {
    let settings = format!("client_settings = {{ push_installation = \"on\"{more} }}\n");
    text.replace(
        "caps = [{ name = \"HQ1-CAP1\" }]",
        &format!("caps = [{{ name = \"HQ1-CAP1\" }}]\n{settings}"),
    )
}

/// No site installs at logon.
fn no_logon_installation(text: &str) -> String {
    text.replace(
        "sites = [\"HQ1\", \"EU1\"]",
        "sites = [{ site = \"HQ1\", logon_installation = false }, { site = \"EU1\", logon_installation = false }]",
    )
}

#[test]
fn a_machine_that_a_logon_tells_of_is_pushed_to() {
    let text = no_logon_installation(&scenario("SP2", &twenty("installed = \"none\"")));
    let (plan, nobody) = run(&text, &[]);
    assert_eq!(ended_in(&plan, &nobody, &[]), 20);
    let (plan, pushed) = run(&hq1_pushes(&text, ""), &[]);
    assert_eq!(ended_in(&plan, &pushed, &["HQ1"]), 20);
    assert_eq!(decided(&pushed, Reason::Pushed), 0, "in the warm-up");
    let clients = pushed.tally.clients.iter();
    assert!(clients.clone().all(|client| client.standing.is_none()));
}

#[test]
fn a_machine_without_a_domain_is_found_by_network_discovery_and_retried_hourly_for_a_week() {
    let clients = twenty("installed = \"none\"\nappear = 2000-06-20 00:00:00")
        .replace("domain = \"CORP\"", "domain = \"none\"");
    let text = hq1_pushes(&scenario("SP2", &clients), "");
    let (plan, pushed) = run(&text, &["rules.network_discovery_after=\"10h\""]);
    assert_eq!(ended_in(&plan, &pushed, &["HQ1"]), 20);
    assert_eq!(decided(&pushed, Reason::Pushed), 20);
    assert_eq!(
        decided(&pushed, Reason::PushUnanswered),
        20 * 14,
        "hourly from 18:00 to 07:00, while the machines are off"
    );
    let week = [
        "rules.network_discovery_after=\"10h\"",
        "rules.push_given_up_after=\"5h\"",
    ];
    let (_, given_up) = run(&text, &week);
    assert_eq!(
        cases(&given_up, Trouble::PushFailed, Reason::PushGivenUp),
        20
    );
}

#[test]
fn q265882_a_short_domain_name_loses_the_request() {
    let clients = twenty("installed = \"none\"\nappear = 2000-06-20 00:00:00");
    let text = no_logon_installation(&scenario("SP2", &clients)).replace("CORP", "ABC");
    let late = ["rules.push_begins_after=\"10h\""]; // when everybody has left
    let (_, lost) = run(&hq1_pushes(&text, ""), &late);
    assert!(cases(&lost, Trouble::PushFailed, Reason::PushNotRetried) >= 20);
    assert_eq!(decided(&lost, Reason::Pushed), 0);
}

#[test]
fn d3_f44_a_push_does_not_add_the_second_site() {
    let added = r#"
[[boundary_change]]
at = 2000-06-20 00:00:00
subnets = "10.2.0.0"
to = "HQ1"
"#;
    let clients = twenty("").replace("10.1.0.0", "10.2.0.0") + added;
    let pushed = hq1_pushes(&no_logon_installation(&scenario("SP2", &clients)), "");
    let (plan, skipped) = run(&pushed, &[]);
    assert_eq!(ended_in(&plan, &skipped, &["EU1"]), 20);
    let second = cases(&skipped, Trouble::SecondSite, Reason::PushFindsClient);
    assert!(second >= 20, "{second}");
    let (plan, joined) = run(&scenario("SP2", &clients), &[]);
    assert_eq!(
        ended_in(&plan, &joined, &["EU1", "HQ1"]),
        20,
        "logon installation joins both"
    );
}

#[test]
fn d14_f38_a_parent_that_was_not_told_of_a_move_installs_and_the_client_removes() {
    let moved =
        twenty("network = { moves = [{ at = 2000-06-20 20:00:00, boundary = \"10.2.0.0\" }] }");
    let text = hq1_pushes(&no_logon_installation(&scenario("SP2", &moved)), "");
    let (_, round) = run(&text, &[]);
    let installed = decided(&round, Reason::PushedToOldSite);
    let removed = decided(&round, Reason::OutOfBoundaries);
    assert!(
        installed >= 5 * 20 && removed >= 5 * 20,
        "{installed} {removed}"
    );
    let (_, told) = run(&text, &["rules.old_subnets_kept=false"]);
    assert_eq!(decided(&told, Reason::PushedToOldSite), 0);
}

/// New machines in both sites' boundaries join EU1, which runs SP2; HQ1 is at SP1 and pushes.
fn newer_than_hq1(hotfix: &str, settings: &str) -> String {
    let clients = twenty("installed = \"none\"");
    let text = hq1_pushes(&scenario("SP1", &clients), settings);
    let text = text.replacen("release = \"SP1\"", "release = \"SP1\"#HQ1", 1);
    let eu1 = text.replace("release = \"SP1\"\n", "release = \"SP2\"\n");
    let hq1 = eu1.replace("\"SP1\"#HQ1", &format!("\"SP1\"\nhotfixes = [{hotfix}]"));
    hq1.replace("[\"10.2.0.0\"]", "[\"10.2.0.0\", \"10.1.0.0\"]")
}

#[test]
fn f9_l35_an_sp1_site_without_the_hotfix_wastes_a_week_of_attempts_on_every_sp2_client() {
    let wasted = |text: &str| {
        let (plan, run) = run(text, &[]);
        assert_eq!(ended_in(&plan, &run, &["EU1"]), 20);
        let key = (Trouble::WastedPush, Reason::PushOntoNewer);
        let case = run.tally.trouble.get(&key);
        case.map_or((0, 0), |it| (it.cases, it.client_seconds / 3_600))
    };
    let (cases, hours) = wasted(&newer_than_hq1("\"Q249077\"", ""));
    assert!(cases >= 40, "at every heartbeat: {cases}");
    assert_eq!(hours, 20 * 14 * 24, "hour by hour, all the time");
    let emptied = ", retry_box_emptied = [2000-06-22 12:00:00]";
    let patched = "\"Q249077\", { id = \"Q252717\", at = 2000-06-22 00:00:00 }";
    let (_, late) = wasted(&newer_than_hq1(patched, ""));
    let (_, cleaned) = wasted(&newer_than_hq1(patched, emptied));
    let week = 20 * (8 * 24 + 8);
    assert_eq!(late, week, "what is in the box goes on for its week");
    assert_eq!(cleaned, 20 * (3 * 24 + 12));
    assert_eq!(
        wasted(&newer_than_hq1("\"Q249077\", \"Q252717\"", "")),
        (0, 0)
    );
}

#[test]
fn f41_travel_mode_of_a_site_keeps_new_clients_out() {
    let text = scenario("SP2", &twenty("installed = \"none\""));
    let nine = hq1_pushes(&text, ", travel_mode = \"always-on-never-asks\"");
    let (plan, blocked) = run(&nine, &[]);
    assert_eq!(ended_in(&plan, &blocked, &[]), 20);
    assert!(decided(&blocked, Reason::TravelModeBlocksNew) > 0);
    assert!(decided(&blocked, Reason::PushDiscarded) > 0);
    let eight = hq1_pushes(&text, ", travel_mode = \"never-asks\"");
    let (plan, well) = run(&eight, &[]);
    assert_eq!(ended_in(&plan, &well, &["HQ1"]), 20);
}
