//! What a valid plan risks, one small plan per risk.

use smsim::plan::risks::Risk;
use smsim::scenario::parse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Two sites with all hotfixes in one domain, upgraded two hours apart: nothing to warn of.
const SOUND: &str = r#"
[scenario]
name = "Sound"
start = 2000-06-19 00:00:00
days = 21
zone = "Europe/Berlin"

[[site]]
code = "HQ1"
hotfixes = ["Q249077", "Q252717"]
boundaries = ["10.1.0.0"]
caps = [{ bandwidth = "10 Mbit/s" }]

[[site]]
code = "EU1"
parent = "HQ1"
hotfixes = ["Q249077", "Q252717"]
boundaries = ["10.2.0.0"]
caps = [{ bandwidth = "10 Mbit/s" }]

[[domain]]
name = "CORP"
sites = ["HQ1", "EU1"]

[[clients]]
name = "desktops"
count = 100
boundary = "10.1.0.0"

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[[rollout]]
site = "EU1"
to = "SP2"
at = 2000-06-23 20:00:00
"#;

/// The risks of the sound plan with settings laid over it and text added to it.
fn risks(sets: &[&str], added: &str) -> Vec<Risk> {
    let text = format!("{SOUND}\n{added}");
    let sources = BTreeMap::from([(PathBuf::from("plan.toml"), text)]);
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = parse(&sources, Path::new("plan.toml"), &sets, None, None);
    loaded
        .unwrap_or_else(|complaints| panic!("{complaints}"))
        .risks
}

/// The one risk of such a plan: its articles and its text.
fn only_risk(sets: &[&str], added: &str) -> (&'static str, String) {
    match risks(sets, added).as_slice() {
        [only] => (only.article, only.text.clone()),
        several => panic!("{several:#?}"),
    }
}

#[test]
fn a_sound_plan_has_no_risks() {
    assert_eq!(risks(&[], ""), []);
}

#[test]
fn sites_of_a_domain_upgraded_days_apart() {
    let (article, text) = only_risk(&["rollout.EU1.at=2000-06-26 18:00:00"], "");
    assert_eq!(article, "Q264630");
    assert_eq!(
        text,
        "sites that share CORP are upgraded 72 hours apart: HQ1 first, EU1 last"
    );
}

#[test]
fn a_site_of_a_domain_left_behind() {
    let lab = "[[site]]\ncode = \"LAB\"\nhotfixes = [\"Q249077\", \"Q252717\"]\ncaps = [{}]\n";
    let (article, text) = only_risk(&["domain.CORP.sites=[\"HQ1\", \"EU1\", \"LAB\"]"], lab);
    assert_eq!(article, "Q264630");
    assert_eq!(text, "sites of CORP go to SP2 while LAB never does");
}

#[test]
fn a_site_that_follows_one_that_is_there_already() {
    let sets = [
        "site.HQ1.release=SP2",
        "site.HQ1.hotfixes=[]",
        "rollout.HQ1.to=SP3",
        "rollout.EU1.at=2000-06-24",
    ];
    let (_, text) = only_risk(&sets, "");
    assert_eq!(text, "CORP has SP2 sites already when EU1 follows");
}

#[test]
fn hotfixes_missing_before_the_first_sp2_site() {
    let (article, text) = only_risk(&["site.EU1.hotfixes=[\"Q249077\"]"], "");
    assert_eq!(article, "Q261931");
    assert_eq!(
        text,
        "when the first site of CORP goes to SP2, EU1 lacks the push hotfix"
    );
    let silently = "site.EU1.hotfixes=[{ id = \"Q249077\", took = false }, \"Q252717\"]";
    assert_eq!(
        only_risk(&[silently], "").1,
        "when the first site of CORP goes to SP2, EU1 lacks the copylog hotfix"
    );
    let both = only_risk(&["site.EU1.hotfixes=[]"], "").1;
    assert!(
        both.ends_with("EU1 lacks the copylog hotfix and the push hotfix"),
        "{both}"
    );
}

/// Q261931: RTM and SP1 need different ones, and a service pack replaces the files of the first.
#[test]
fn hotfixes_that_a_service_pack_replaces_before() {
    let sets = ["domain.CORP.sites=[\"HQ1\", \"EU1\", \"OLD\"]"];
    let site = "[[site]]\ncode = \"OLD\"\nrelease = \"RTM\"\nhotfixes = [\"Q251070\", \"Q252718\"]\ncaps = [{}]\n";
    let goes = |to: &str, at: &str| {
        format!("[[rollout]]\nsite = \"OLD\"\nto = \"{to}\"\nat = 2000-06-{at}:00:00\n")
    };
    let (to_sp1, to_sp2) = (goes("SP1", "20 18"), goes("SP2", "23 20"));
    assert_eq!(
        risks(&sets, &format!("{site}{to_sp2}")),
        [],
        "RTM until then"
    );
    let text = only_risk(&sets, &format!("{site}{to_sp1}{to_sp2}")).1;
    assert!(
        text.ends_with("OLD lacks the copylog hotfix and the push hotfix"),
        "{text}"
    );
    let campaign = "[[hotfix_campaign]]\nsite = \"OLD\"\nat = 2000-06-21 18:00:00\n";
    assert_eq!(
        risks(&sets, &format!("{site}{to_sp1}{to_sp2}{campaign}")),
        []
    );
}

#[test]
fn no_whole_cycle_between_hotfix_and_sp2() {
    let late = "site.EU1.hotfixes=[{ id = \"Q249077\", at = 2000-06-23 08:00:00 }, \"Q252717\"]";
    let (article, text) = only_risk(&[late], "");
    assert_eq!(article, "Q261931");
    assert_eq!(
        text,
        "the first site of CORP goes to SP2 only 10 hours after the last copylog hotfix"
    );
    assert_eq!(risks(&[late, "domain.CORP.lsm_interval=8h"], ""), []);
}

#[test]
fn hotfixes_on_secondary_sites() {
    let (article, text) = only_risk(&["site.EU1.kind=secondary"], "");
    assert_eq!(article, "Q267258");
    assert_eq!(
        text,
        "hotfixes may have failed silently on secondary sites: EU1"
    );
    let mended = "site.EU1.setup_key_mended=true";
    assert_eq!(risks(&["site.EU1.kind=secondary", mended], ""), [], "L4");
    let verified =
        "site.EU1.hotfixes=[{ id = 'Q249077', took = true }, { id = 'Q252717', took = true }]";
    assert_eq!(risks(&["site.EU1.kind=secondary", verified], ""), [], "L3");
    let console = "site.EU1.admin_console=true";
    let found = risks(&["site.EU1.kind=secondary", console], "");
    let told = found.iter().find(|risk| risk.article == "Q273853");
    assert_eq!(
        told.unwrap().text,
        "hotfixes fail silently on secondary sites with the Administrator console: EU1"
    );
}

#[test]
fn a_senior_site_behind_a_slow_link() {
    // EU1 has the lower code of two equal versions.
    let (article, text) = only_risk(&["site.EU1.address.bandwidth=56k"], "");
    assert_eq!(article, "Q235726");
    assert_eq!(
        text,
        "the election favours EU1 as senior site of CORP, behind a link of 56 kbit/s"
    );
    assert_eq!(
        risks(
            &["site.EU1.address.bandwidth=56k", "domain.CORP.senior=HQ1"],
            ""
        ),
        []
    );
}

#[test]
fn boundaries_that_overlap_while_releases_differ() {
    let (article, text) = only_risk(&["site.EU1.boundaries=[\"10.2.0.0\", \"10.1.0.0\"]"], "");
    assert_eq!(article, "Q262677, Q264630");
    assert_eq!(
        text,
        "boundaries overlap while releases differ: 10.1.0.0 (HQ1, EU1)"
    );
    let moved = |more: &str| {
        let change = "at = 2000-06-21 00:00:00\nsubnets = \"10.1.0.0\"\nto = \"EU1\"";
        let found = risks(&[], &format!("[[boundary_change]]\n{change}\n{more}"));
        found.iter().any(|risk| risk.article == article)
    };
    assert!(moved(""), "from then on both hold it");
    assert!(!moved("from = \"HQ1\""), "it changes hands");
}

#[test]
fn access_points_that_cannot_serve_their_clients_within_a_cycle() {
    let (article, text) = only_risk(&["clients.desktops.count=10000"], "");
    assert_eq!(article, "Q237543");
    // 10,000 clients of 16 MB on the average, over 10 Mbit/s.
    assert_eq!(
        text,
        "the Client Access Points of HQ1 need 36 hours to serve an upgrade to all clients, a maintenance cycle is 23"
    );
    assert_eq!(
        risks(&["clients.desktops.count=10000", "site.HQ1.caps=[{}]"], ""),
        []
    );
}

#[test]
fn dial_up_clients_in_the_logon_script() {
    let (article, text) = only_risk(&["clients.desktops.off_site_link=33.6 kbit/s"], "");
    assert_eq!(article, "Q237543, Q238780");
    assert_eq!(text, "dial-up clients run the logon script: desktops");
    assert_eq!(
        risks(
            &["clients.desktops.link=56k", "domain.CORP.logon_script=off"],
            ""
        ),
        []
    );
    let policy = "clients.desktops.network={ dial_up = true, dial_up_policy = 'script-off' }";
    assert_eq!(risks(&["clients.desktops.link=56k", policy], ""), [], "L13");
    let isdn = "clients.desktops.network={ dial_up = true }";
    let (_, text) = only_risk(&["clients.desktops.link=128k", isdn], "");
    assert_eq!(text, "dial-up clients run the logon script: desktops");
}

#[test]
fn windows_9x_with_software_distribution() {
    let (article, text) = only_risk(&["clients.desktops.platform=9x"], "");
    assert_eq!(article, "Q264969");
    assert_eq!(
        text,
        "Windows 9x clients with software distribution need two restarts, and nobody asks for them: desktops"
    );
    let without = "clients.desktops.agents=[\"hardware-inventory\"]";
    assert_eq!(risks(&["clients.desktops.platform=9x", without], ""), []);
    let at_night = "clients.desktops.restart_after=8h";
    assert_eq!(risks(&["clients.desktops.platform=9x", at_night], ""), []);
}

#[test]
fn windows_9x_that_may_be_restarted_too_early() {
    let sometimes = "clients.desktops.restart_after=exponential(4h)";
    let (article, text) = only_risk(&["clients.desktops.platform=9x", sometimes], "");
    assert_eq!(article, "Q237543, Q238864");
    assert_eq!(
        text,
        "Windows 9x clients may be restarted within 15 minutes of the installation's start: desktops"
    );
    assert_eq!(risks(&[sometimes], ""), [], "Windows NT does not mind");
}

/// The sound plan with two secondary sites that EU1 pushes to.
const SECONDARIES: &str = r#"
[[site]]
code = "S01"
kind = "secondary"
parent = "EU1"
caps = [{}]
address = { bandwidth = "56k" }

[[site]]
code = "S02"
kind = "secondary"
parent = "EU1"
caps = [{}]
address = { bandwidth = "56k" }

[[rollout]]
site = "secondaries"
to = "SP2"
at = 2000-06-24 00:00:00
"#;

#[test]
fn l26_more_pushes_at_a_time_than_threads() {
    assert_eq!(risks(&[], SECONDARIES), []);
    let (article, text) = only_risk(&["site.EU1.sender_threads=1"], SECONDARIES);
    assert_eq!(article, "Q199250, Q319166");
    assert_eq!(
        text,
        "2 secondary sites of EU1 are pushed at a time, its sender has 1 threads"
    );
    let staggered = "rollout.secondaries.stagger=3h";
    assert_eq!(
        risks(&["site.EU1.sender_threads=1", staggered], SECONDARIES),
        []
    );
    let media = "rollout.secondaries.source=media";
    assert_eq!(
        risks(&["site.EU1.sender_threads=1", media], SECONDARIES),
        []
    );
}

#[test]
fn f49_a_push_that_runs_on_into_closed_hours() {
    // 65 MB over 56 kbit/s: two and a half hours from midnight.
    let closed = "site.S02.address.windows=[{ from = '2:00', until = '22:00', percent = 10 }]";
    let (article, text) = only_risk(&[closed], SECONDARIES);
    assert_eq!(article, "Q317893");
    assert_eq!(text, "pushes run on into hours with lower limits: S02");
    let later = "site.S02.address.windows=[{ from = '3:00', until = '22:00', percent = 10 }]";
    assert_eq!(risks(&[later], SECONDARIES), []);
    assert_eq!(
        risks(&[closed, "rules.sender_rereads_limits=true"], SECONDARIES),
        []
    );
}

#[test]
fn l1_a_child_forced_before_its_parent() {
    let forced = "rollout.EU1.force=true";
    assert_eq!(risks(&[forced], ""), [], "it is not before its parent");
    let (article, text) = only_risk(&[forced, "rollout.HQ1.at=2000-06-23 21:00:00"], "");
    assert_eq!(article, "Q246527, Q264630");
    assert_eq!(
        text,
        "sites are upgraded before their parents, by force: EU1"
    );
}

#[test]
fn senders_that_retry_too_late() {
    let (article, text) = only_risk(&["rules.sender_retry=10 min"], "");
    assert_eq!(article, "Q278357");
    assert_eq!(text, "senders retry after 10 minutes");
}

#[test]
fn l22_access_points_taken_away_too_soon() {
    let caps = |added: &str| {
        format!(
            "site.HQ1.caps=[{{ name = 'OLD', removed = 2000-06-30 00:00:00 }}, {{ name = 'NEW', added = {added} }}]"
        )
    };
    assert_eq!(risks(&[&caps("2000-06-28 00:00:00")], ""), []);
    let (article, text) = only_risk(&[&caps("2000-06-29 12:00:00")], "");
    assert_eq!(article, "Q260824, Q237759");
    assert_eq!(
        text,
        "Client Access Points are taken away before all clients can know of another: HQ1"
    );
}

#[test]
fn f28_a_preferred_access_point_with_no_time_to_learn_of_it() {
    let caps = "site.HQ1.caps=[{ name = 'ONE' }, { name = 'TWO' }]";
    let prefer = |only_from: &str| {
        format!(
            "clients.desktops.preferred_cap={{ name = 'TWO', from = 2000-06-20 00:00:00, only_from = {only_from} }}"
        )
    };
    assert_eq!(risks(&[caps, &prefer("2000-06-22 00:00:00")], ""), []);
    let (article, text) = only_risk(&[caps, &prefer("2000-06-20 12:00:00")], "");
    assert_eq!(article, "Q235873");
    assert_eq!(
        text,
        "the other ways to a Client Access Point are cut within a day of the preferred one: desktops"
    );
}

#[test]
fn f7_cycles_that_leave_each_other_no_time() {
    let (article, text) = only_risk(&["domain.CORP.controllers=800"], "");
    assert_eq!(article, "Q227028, Q255820");
    assert_eq!(
        text,
        "one after the other, the cycles of 2 sites over 800 controllers of CORP take 26 hours, their interval is 24"
    );
    let weekly = "domain.CORP.lsm_interval=2 days";
    assert_eq!(risks(&["domain.CORP.controllers=800", weekly], ""), []);
}

#[test]
fn a_site_named_like_its_domain() {
    let domain = "[[domain]]\nname = \"EU1\"\nsites = [\"EU1\"]\n";
    let local = "clients.desktops.domain=CORP";
    let (article, text) = only_risk(&[local], domain);
    assert_eq!(article, "Q256963");
    assert_eq!(text, "site EU1 has the name of domain EU1");
}

#[test]
fn l3_l5_a_hotfix_campaign_and_the_time_it_needs() {
    let campaign = "[[hotfix_campaign]]\nname = \"pairs\"\nsite = \"all\"\nat = 2000-06-21 18:00:00\nstagger = \"6h\"\n";
    let unpatched = ["site.HQ1.hotfixes=[]", "site.EU1.hotfixes=[]"];
    assert_eq!(risks(&unpatched, campaign), [], "a whole day is left");
    let soak = "hotfix_campaign.pairs.soak=3 days";
    let (article, text) = only_risk(&[unpatched[0], unpatched[1], soak], campaign);
    assert_eq!(article, "Q261931");
    assert_eq!(
        text,
        "the first site of CORP goes to SP2 only 42 hours after the last copylog hotfix"
    );
}

#[test]
fn clients_that_nobody_covers() {
    let (article, text) = only_risk(&["clients.desktops.boundary=10.9.0.0"], "");
    assert_eq!(article, "Q200344");
    assert_eq!(
        text,
        "these clients are within no site's boundaries: desktops"
    );
}

#[test]
fn boundaries_that_come_back_within_a_day() {
    let change = |day: &str, key: &str| {
        format!(
            "[[boundary_change]]\nat = 2000-06-{day} 12:00:00\nsubnets = \"10.1.0.0\"\n{key} = \"HQ1\"\n"
        )
    };
    let soon = change("26", "from") + &change("27", "to");
    assert_eq!(risks(&[], &soon), [], "24 hours will do");
    let sooner = soon.replace("27 12", "27 11");
    let (article, text) = only_risk(&[], &sooner);
    assert_eq!(article, "Q234484, Q238864");
    assert_eq!(
        text,
        "subnets come back into boundaries before their clients have left: 10.1.0.0"
    );
}

#[test]
fn accounts_without_overlap_and_travel_mode_of_a_site() {
    let change = "site.HQ1.client_settings={ account_changes = [{ at = 2000-06-26 12:00:00 }] }";
    let (article, text) = only_risk(&[change], "");
    assert_eq!(article, "Q237759, Q260824, Q227033");
    assert!(text.contains("HQ1 ("), "{text}");
    let mode = "site.HQ1.client_settings={ travel_mode = \"always-on\" }";
    let (article, text) = only_risk(&[mode], "");
    assert_eq!(article, "Q263665, Q299772");
    assert_eq!(
        text,
        "travel mode of whole sites keeps new clients out: HQ1"
    );
}

/// Two hundred cohorts of one template are one name and a number.
#[test]
fn cohorts_of_a_template_are_named_once() {
    let branches = r#"
[[template]]
name = "branches"
count = 3
code = "B##"
parent = "HQ1"
hotfixes = ["Q249077", "Q252717"]
subnets = "10.16.0.0/24"
caps = [{ bandwidth = "10 Mbit/s" }]
domain = "{site}-NT"
controllers = 1

[[template.clients]]
name = "{site}-win98"
count = 5
platform = "9x"
"#;
    let (_, text) = only_risk(&[], branches);
    assert_eq!(
        text,
        "Windows 9x clients with software distribution need two restarts, and nobody asks for them: win98 at 3 sites"
    );
}
