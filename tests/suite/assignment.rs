//! Which sites clients end up in: table (d) and the misfortunes and levers around it, as small scenarios.
//!
//! Every scenario has HQ1 and its child EU1, which share the logon points of CORP, and people who come every working day
//! at eight and switch their machines off at five.

mod accounts;
mod pushes;

use crate::written;
use smsim::plan::Plan;
use smsim::run::{ClientRecord, Replication, Trouble};
use smsim::sms::Reason;

/// The two sites and everybody's habits; `more` goes on from there.
fn scenario(release: &str, more: &str) -> String {
    format!(
        r#"
[scenario]
name = "Two sites"
start = 2000-06-19 00:00:00
days = 14
zone = "UTC"

[[site]]
code = "HQ1"
release = "{release}"
boundaries = ["10.1.0.0"]
caps = [{{ name = "HQ1-CAP1" }}]

[[site]]
code = "EU1"
parent = "HQ1"
release = "{release}"
boundaries = ["10.2.0.0"]
caps = [{{ name = "EU1-CAP1" }}]

[[domain]]
name = "CORP"
controllers = 1
sites = ["HQ1", "EU1"]

[[habits]]
name = "punctual"
arrival = "8:00"
departure = "17:00"
absent = 0.0
left_on = 0.0
{more}
"#
    )
}

/// Twenty machines in HQ1's subnet, and whatever `more` says of them.
fn twenty(more: &str) -> String {
    format!(
        r#"
[[clients]]
name = "desktops"
count = 20
domain = "CORP"
boundary = "10.1.0.0"
habits = "punctual"
{more}
"#
    )
}

fn run(text: &str, sets: &[&str]) -> (Plan, Replication) {
    let plan = written::plan(text, sets);
    let replication = written::run(&plan);
    (plan, replication)
}

/// The codes of the sites a client belongs to.
fn sites(plan: &Plan, client: &ClientRecord) -> Vec<String> {
    let code = |site: &smsim::plan::SiteId| plan.sites[site.index()].code.clone();
    client.sites.iter().flatten().map(code).collect()
}

/// How many clients ended in just these sites.
fn ended_in(plan: &Plan, replication: &Replication, codes: &[&str]) -> usize {
    let clients = replication.tally.clients.iter();
    clients
        .filter(|client| sites(plan, client) == codes)
        .count()
}

/// How often something was decided within the recorded time.
fn decided(replication: &Replication, reason: Reason) -> u64 {
    let sites = replication.tally.sites.iter();
    sites.map(|site| site.decisions.total(reason)).sum()
}

/// Cases of a trouble.
fn cases(replication: &Replication, trouble: Trouble, reason: Reason) -> u64 {
    let tally = replication.tally.trouble.get(&(trouble, reason));
    tally.map_or(0, |tally| tally.cases)
}

#[test]
fn d10_an_inactive_adapter_joins_every_site_before_sp2_and_none_from_then_on() {
    let clients = twenty("network = { inactive_adapter = true }");
    let (plan, old) = run(&scenario("SP1", &clients), &[]);
    assert_eq!(ended_in(&plan, &old, &["HQ1", "EU1"]), 20);
    let wrong = cases(&old, Trouble::WrongSite, Reason::InactiveAdapter);
    assert_eq!(wrong, 20);
    let (plan, new) = run(&scenario("SP2", &clients), &[]);
    assert_eq!(ended_in(&plan, &new, &["HQ1"]), 20);
}

/// Laptops that are at home two days in five, on a line that is fast enough for the logon script.
fn laptops(network: &str) -> String {
    let habits = "
[[habits]]
name = \"roaming\"
like = \"punctual\"
off_site = 0.4
";
    let clients = twenty(network).replace("\"punctual\"", "\"roaming\"");
    let line = "off_site_link = \"128 kbit/s\"\n";
    format!("{habits}{clients}{line}")
}

#[test]
fn d11_d16_dial_up_outside_the_boundaries_removes_the_client_unless_it_travels() {
    let outside = "network = { dial_up_outside = true }";
    let (_, removed) = run(&scenario("SP2", &laptops(outside)), &[]);
    assert!(decided(&removed, Reason::OutOfBoundaries) >= 20);
    let travelling = laptops(&format!("{outside}\ntravel_mode = 1.0"));
    let (plan, kept) = run(&scenario("SP2", &travelling), &[]);
    assert_eq!(decided(&kept, Reason::OutOfBoundaries), 0);
    assert!(decided(&kept, Reason::TravelMode) >= 20);
    assert_eq!(ended_in(&plan, &kept, &["HQ1"]), 20);
    let purged = cases(&kept, Trouble::InventoryPurged, Reason::DdmUnassigns);
    assert!(purged > 0, "the site server looks at the subnet alone");
    let (plan, inside) = run(
        &scenario("SP2", &laptops("network = { dial_up_outside = false }")),
        &[],
    );
    assert_eq!(ended_in(&plan, &inside, &["HQ1"]), 20);
    assert_eq!(decided(&inside, Reason::OutOfBoundaries), 0);
}

#[test]
fn d12_the_last_address_counts_before_sp2_and_the_first_from_then_on() {
    let clients = |installed: &str| {
        let two = format!(
            "adapters = [\"10.1.0.0\", \"10.2.0.0\"]\nnetwork = {{ one_adapter = true }}\ninstalled = \"{installed}\""
        );
        twenty(&two).replace("boundary = \"10.1.0.0\"\n", "")
    };
    let (plan, old) = run(&scenario("SP1", &clients("SP1")), &[]);
    assert_eq!(ended_in(&plan, &old, &["EU1"]), 20);
    let (plan, new) = run(&scenario("SP2", &clients("none")), &[]);
    assert_eq!(ended_in(&plan, &new, &["HQ1"]), 20);
    let all = ["rules.first_address_counts=false"];
    let (plan, both) = run(&scenario("SP2", &clients("none")), &all);
    assert_eq!(ended_in(&plan, &both, &["HQ1", "EU1"]), 20);
}

/// The subnet goes from HQ1 to EU1 on the first Tuesday, late in the evening.
const MOVED: &str = r#"
[[boundary_change]]
at = 2000-06-20 20:00:00
subnets = "10.1.0.0"
from = "HQ1"
to = "EU1"
"#;

#[test]
fn d13_a_moved_boundary_moves_its_clients() {
    let text = scenario("SP2", &(twenty("") + MOVED));
    let (plan, moved) = run(&text, &[]);
    assert_eq!(ended_in(&plan, &moved, &["EU1"]), 20);
    assert_eq!(
        decided(&moved, Reason::OutOfBoundaries),
        40,
        "for a day the logon points still list the subnet under HQ1, and bring the client back once"
    );
    let at_once = [
        "rules.boundaries_on_logon_points=\"0 s\"",
        "rules.boundaries_on_caps=\"2 days\"",
    ];
    let (plan, joined_first) = run(&text, &at_once);
    assert_eq!(ended_in(&plan, &joined_first, &["EU1"]), 20);
    assert_eq!(
        decided(&joined_first, Reason::NewAssigned),
        0,
        "who has joined the next site before the last one goes stays a client"
    );
}

#[test]
fn d13_on_windows_9x_the_cycle_may_be_seconds_ahead_of_the_logon_script() {
    let text = scenario("SP2", &(twenty("platform = \"9x\"") + MOVED));
    let instant = "rules.boundaries_on_logon_points=\"0 s\"";
    let (plan, lost) = run(&text, &[instant, "rules.site_move_race=1.0"]);
    assert_eq!(decided(&lost, Reason::RemovedBeforeMove), 20);
    assert_eq!(decided(&lost, Reason::NewAssigned), 20, "at the next logon");
    assert_eq!(ended_in(&plan, &lost, &["EU1"]), 20);
    let (plan, won) = run(&text, &[instant, "rules.site_move_race=0.0"]);
    assert_eq!(decided(&won, Reason::RemovedBeforeMove), 0);
    assert_eq!(decided(&won, Reason::NewAssigned), 0);
    assert_eq!(ended_in(&plan, &won, &["EU1"]), 20);
}

#[test]
fn d17_travel_mode_that_ends_leaves_clients_in_the_sites_they_visited() {
    let network = "travel_mode = 1.0
network = { visits = [\"10.2.0.0\"], travel_mode_until = 2000-06-28 00:00:00 }";
    let (_, ended) = run(&scenario("SP2", &laptops(network)), &[]);
    let wrong = cases(&ended, Trouble::WrongSite, Reason::VisitedSiteJoined);
    assert!(wrong >= 15, "{wrong}");
    let on = network.replace(", travel_mode_until = 2000-06-28 00:00:00", "");
    let (_, on) = run(&scenario("SP2", &laptops(&on)), &[]);
    assert_eq!(cases(&on, Trouble::WrongSite, Reason::VisitedSiteJoined), 0);
    assert_eq!(decided(&on, Reason::OutOfBoundaries), 0);
}

#[test]
fn d18_forced_sites_stay() {
    let clients = twenty("network = { forced_sites = [\"HQ1\"] }");
    let (plan, forced) = run(&scenario("SP2", &(clients + MOVED)), &[]);
    assert_eq!(ended_in(&plan, &forced, &["HQ1", "EU1"]), 20);
    assert!(decided(&forced, Reason::ForcedSite) > 0);
}

#[test]
fn d22_a_client_of_two_sites_whose_first_does_not_answer() {
    let both = scenario("SP2", &twenty("")).replace(
        "boundaries = [\"10.2.0.0\"]",
        "boundaries = [\"10.2.0.0\", \"10.1.0.0\"]",
    );
    let down = both.replace(
        "{ name = \"HQ1-CAP1\" }",
        "{ name = \"HQ1-CAP1\", outages = [{ from = 2000-06-20, until = 2000-06-22 }] }",
    );
    let (_, silent) = run(&down, &[]);
    assert_eq!(
        decided(&silent, Reason::FirstSiteSilent),
        40,
        "two mornings"
    );
    let (_, well) = run(&both, &[]);
    assert_eq!(decided(&well, Reason::FirstSiteSilent), 0);
}

#[test]
fn d23_f42_a_mistyped_boundary_loses_the_clients_and_their_inventory() {
    let typed = r#"
[[boundary_change]]
at = 2000-06-20 20:00:00
subnets = "10.1.0.0"
from = "HQ1"
[[boundary_change]]
at = 2000-06-20 20:00:00
subnets = "10.1.0.128"
to = "HQ1"
"#;
    let (plan, lost) = run(
        &scenario("SP2", &(twenty("") + typed)),
        &["rules.boundaries_on_logon_points=\"1h\""],
    );
    assert_eq!(ended_in(&plan, &lost, &[]), 20);
    let purged = cases(&lost, Trouble::InventoryPurged, Reason::DdmUnassigns);
    assert_eq!(purged, 20);
}

#[test]
fn l8_logon_installation_switched_off_puts_new_clients_off() {
    let off = scenario("SP2", &twenty("installed = \"none\"")).replace(
        "sites = [\"HQ1\", \"EU1\"]",
        "sites = [{ site = \"HQ1\", logon_discovery = false, logon_installation = false, steps = [{ from = \
         2000-06-26 00:00:00, logon_installation = true }] }, { site = \"EU1\", logon_discovery = false }]",
    );
    let (plan, late) = run(&off, &[]);
    assert_eq!(ended_in(&plan, &late, &["HQ1"]), 20);
    assert_eq!(
        decided(&late, Reason::InstallationOff),
        5 * 20,
        "every day of the first week"
    );
    let monday = plan.clock.start + 7 * 86_400;
    let first = late.tally.clients.iter().map(|it| it.converged_at).min();
    assert!(first.is_some_and(|first| first > monday));
}

#[test]
fn l13_upgrades_wait_for_the_office() {
    let rollout = "
[[rollout]]
site = \"HQ1\"
to = \"SP2\"
at = 2000-06-19 20:00:00
";
    let hold = "network = { dial_up_policy = \"hold\" }";
    let (_, held) = run(&scenario("SP1", &(laptops(hold) + rollout)), &[]);
    assert!(decided(&held, Reason::HeldOnDialUp) > 0);
    assert!(decided(&held, Reason::DialUpScriptOff) > 0);
    let (_, open) = run(&scenario("SP1", &(laptops("") + rollout)), &[]);
    assert_eq!(decided(&open, Reason::HeldOnDialUp), 0);
    let done = |it: &Replication| {
        it.tally
            .clients
            .iter()
            .filter(|it| it.standing.is_none())
            .count()
    };
    assert_eq!(
        done(&held),
        20,
        "sooner or later everybody is in the office"
    );
}

#[test]
fn l20_l38_subnets_come_back_one_at_a_time() {
    let more = r#"
[[clients]]
name = "others"
count = 20
domain = "CORP"
boundary = "10.3.0.0"
habits = "punctual"
[[boundary_change]]
at = 2000-06-20 20:00:00
subnets = ["10.1.0.0", "10.3.0.0"]
from = "HQ1"
[[boundary_change]]
at = 2000-06-22 20:00:00
subnets = ["10.1.0.0", "10.3.0.0"]
to = "HQ1"
stagger = "4 days"
"#;
    let text = scenario("SP2", &(twenty("") + more));
    let text = text.replace(
        "boundaries = [\"10.1.0.0\"]",
        "boundaries = [\"10.1.0.0\", \"10.3.0.0\"]",
    );
    let (plan, back) = run(&text, &["rules.boundaries_on_logon_points=\"1h\""]);
    assert_eq!(decided(&back, Reason::OutOfBoundaries), 40);
    assert_eq!(ended_in(&plan, &back, &["HQ1"]), 40);
    let earliest = |cohort: u32| {
        let clients = back.tally.clients.iter().filter(|it| it.cohort.0 == cohort);
        clients.map(|it| it.converged_at).min()
    };
    assert!(earliest(1) > earliest(0).map(|first| first + 2 * 86_400));
}
