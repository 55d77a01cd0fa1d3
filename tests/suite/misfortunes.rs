//! Misfortunes of servers, by their number in the fact sheet's table (e), and the levers against them, by table (f).

use crate::servers::{HIERARCHY, history, moment, since, upgraded, with};
use crate::written::{plan, run};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::plan::{Plan, SiteId};
use smsim::run::history::CopylogLine;
use smsim::run::{Replication, ServerHistory, Trouble};
use smsim::sms::{Reason, ServerEvent};

/// The upgrades of the primary and of its pushed secondary.
const ALL_SITES: &str = "[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-23 20:00:00\n\
                         [[rollout]]\nsite = \"SEC\"\nto = \"SP2\"\nat = 2000-06-24 00:00:00\n";
const SEC: usize = 2;

fn all_sites(sets: &[&str]) -> (Plan, ServerHistory) {
    let plan = plan(&with(ALL_SITES), sets);
    let servers = history(&plan);
    (plan, servers)
}

fn three(sets: &[&str]) -> (Plan, ServerHistory) {
    let plan = plan(HIERARCHY, sets);
    let servers = history(&plan);
    (plan, servers)
}

/// When something first happened.
fn first(servers: &ServerHistory, event: ServerEvent) -> Second {
    let mut events = servers.events.iter();
    let found = events.find(|happened| happened.event == event);
    found.map_or(Second::NEVER, |happened| happened.at)
}

/// When a controller's line for Clicore was first as given.
fn line_is(servers: &ServerHistory, controller: usize, line: CopylogLine) -> Second {
    since(servers.logon_points[controller].iter(), |state| {
        state.credit.line == line
    })
}

fn decided(replication: &Replication, reason: Reason) -> u64 {
    let sites = replication.tally.sites.iter();
    sites.map(|site| site.decisions.total(reason)).sum()
}

/// F3, Q267258: a hotfix on a secondary site that its parent installed fails, and nobody is told; L4 prevents it.
#[test]
fn f3_l4_a_hotfix_fails_silently_on_a_pushed_secondary() {
    let hotfix = "site.SEC.hotfixes=[{ id = 'Q249077', at = 2000-06-20 20:00:00 }]";
    let took = |sets: &[&str]| {
        let sets = [&[hotfix, "rules.hotfix_fails_if_pushed=1"], sets].concat();
        let (_, servers) = three(&sets);
        let failed = servers.count(ServerEvent::HotfixFailed);
        assert_eq!(failed + servers.count(ServerEvent::HotfixApplied), 1);
        servers.hotfixes[SEC].len() == 1 && failed == 0
    };
    assert!(!took(&[]));
    assert!(took(&["site.SEC.setup_key_mended=true"]), "L4");
    assert!(took(&["site.SEC.installed_from=media"]), "from CD it takes");
    let verified = "site.SEC.hotfixes=[{ id = 'Q249077', at = 2000-06-20 20:00:00, took = true }]";
    assert!(took(&[verified]), "L3: verified");
}

/// F3, Q273853: the Administrator console on a secondary site changes Type, and binaries are not replaced.
#[test]
fn f3_the_console_on_a_secondary_keeps_a_hotfix_out() {
    let hotfix = "site.SEC.hotfixes=['Q249077']";
    let took = |sets: &[&str]| three(&[&[hotfix], sets].concat()).1.hotfixes[SEC].len();
    assert_eq!(took(&[]), 1);
    assert_eq!(took(&["site.SEC.admin_console=true"]), 0);
}

/// F3 by chance: about as many sites as the rule says, and who is hit hangs on nobody else.
#[test]
fn f3_hotfixes_fail_by_their_own_chance() {
    let fails = |seed: u32, more: &str| {
        let seed = format!("scenario.seed={seed}");
        let hotfix = "site.SEC.hotfixes=['Q249077']";
        let sets = [hotfix, "rules.hotfix_fails_if_pushed=0.3", &seed, more];
        three(&sets).1.hotfixes[SEC].is_empty()
    };
    let failed = (0..200)
        .filter(|seed| fails(*seed, "rules.setup_failure=0"))
        .count();
    assert!((40..=80).contains(&failed), "{failed} of 200");
    let alike = (0..50)
        .all(|seed| fails(seed, "rules.setup_failure=0") == fails(seed, "rules.setup_failure=0.5"));
    assert!(alike);
}

/// F6, Q235726: when Senior.lst goes, election puts the SP2 site in charge and the logon points follow.
#[test]
fn f6_senior_lst_is_lost() {
    let left_behind = "domain.CORP.senior=PRI";
    let (plan, servers) = three(&[left_behind, "domain.CORP.senior_until=2000-06-28 00:00:00"]);
    let supplied = since(servers.logon_points[0].iter(), |state| {
        state.content == plan.target
    });
    let lost = moment(&plan, 9, 0);
    assert_eq!(first(&servers, ServerEvent::SeniorLstLost), lost);
    assert!(supplied >= lost && supplied < lost + DAY_S + HOUR_S);
}

/// F6, Q246527: setup before SP2 can lose Senior.lst.
#[test]
fn f6_setup_loses_senior_lst() {
    let (plan, servers) = three(&["domain.CORP.senior=PRI", "rules.senior_lst_lost=1"]);
    let lost = first(&servers, ServerEvent::SeniorLstLost);
    assert_eq!(lost, upgraded(&plan, &servers, 0));
}

/// F7, Q249333: every cycle that another site's token kept out is told.
#[test]
fn f7_cycles_that_found_the_token_taken_are_told() {
    let (_, servers) = three(&["rules.lsm_visit_time=4h"]);
    assert!(servers.count(ServerEvent::CycleSkipped) > 3);
    assert_eq!(three(&[]).1.count(ServerEvent::CycleSkipped), 0);
}

/// F8, Q242492: while the PDC is away, an SP1 site that is not senior strips the other controllers; clients of the other
/// sites leave theirs at logon, until the senior site's next cycle.
#[test]
fn f8_an_outage_of_the_pdc_strips_the_domain_under_sp1() {
    let outage = "domain.CORP.outages=[{ controller = 'PDC', from = 2000-06-20 00:00:00, until = 2000-06-21 06:00:00 }]";
    let stay = [
        "rollout.CEN.at=2000-07-01 18:00:00",
        "clients.one.count=50",
        "clients.one.domain=CORP",
        outage,
    ];
    let (plan_of, servers) = three(&stay);
    let stripped = since(servers.logon_points[1].iter(), |state| {
        !state.sites.contains(0)
    });
    let (down, up) = (moment(&plan_of, 1, 0), moment(&plan_of, 2, 6));
    assert!(stripped > down && stripped < up, "{}", stripped.0);
    let mut after = servers.logon_points[1].iter();
    let back = after.find(|(at, state)| *at > stripped && state.sites.contains(0));
    let (back, _) = back.expect("the senior site's cycle brings the folders back");
    assert!(back > up && back < up + DAY_S + HOUR_S);
    let removed = decided(&run(&plan_of), Reason::SiteFolderMissing);
    assert!(removed > 0, "clients log on meanwhile");

    let never = [&stay[..], &["rules.pdc_outage_removes_folders=0"]].concat();
    assert_eq!(three(&never).1.count(ServerEvent::FoldersRemoved), 0);
    let sp2 = [
        "site.CEN.release=SP2",
        "site.PRI.release=SP2",
        "rollout.CEN.to=SP3",
        outage,
    ];
    let (_, servers) = three(&sp2);
    assert_eq!(
        servers.count(ServerEvent::FoldersRemoved),
        0,
        "mended in SP2"
    );
    assert!(servers.count(ServerEvent::CycleWithoutPdc) > 0);
}

/// F10, D15, Q263345: a site leaves, Copylog.tcf goes on naming it, and new clients cannot be installed until a site
/// that stays brings a newer Clicore.
#[test]
fn f10_a_site_leaves_and_copylog_goes_on_naming_it() {
    let leaves = "domain.CORP.sites=[{ site = 'CEN', leaves = 2000-06-20 00:00:00 }, 'PRI']";
    let patched = "site.PRI.hotfixes=['Q249077']";
    let later = "rollout.CEN.at=2000-07-01 18:00:00";
    let text = with(
        "[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-25 00:00:00\nforce = true\nforce_lsm = true\n",
    );
    let plan = plan(&text, &[leaves, patched, later]);
    let servers = history(&plan);
    assert_eq!(
        line_is(&servers, 0, CopylogLine::SiteGone),
        moment(&plan, 1, 0)
    );
    let stands = servers.logon_points[0].at(moment(&plan, 5, 23)).credit;
    assert_eq!(
        (stands.site, stands.line),
        (SiteId(0), CopylogLine::SiteGone)
    );
    let cured = servers.logon_points[0].latest().credit;
    assert_eq!((cured.site, cured.line), (SiteId(1), CopylogLine::Right));
}

/// F10, D15: the same as a new client meets it; no service pack repairs it, a newer Clicore does.
#[test]
fn f10_new_clients_stop_at_the_site_that_left() {
    let sets = [
        "domain.CORP.sites=[{ site = 'CEN', leaves = 2000-06-20 00:00:00 }, 'PRI']",
        "site.PRI.hotfixes=['Q249077']",
        "rollout.CEN.at=2000-07-01 18:00:00",
        "clients.one.boundary=10.1.0.0",
        "clients.one.installed=none",
        "clients.one.appear=2000-06-21 00:00:00",
        "clients.one.domain=CORP",
        "clients.one.count=20",
    ];
    let text = with(
        "[[rollout]]\nsite = \"PRI\"\nto = \"SP2\"\nat = 2000-06-25 00:00:00\nforce = true\nforce_lsm = true\n",
    );
    let replication = run(&plan(&text, &sets));
    assert!(decided(&replication, Reason::CreditedSiteGone) >= 20);
    assert_eq!(
        decided(&replication, Reason::NewAssigned),
        20,
        "once the site that stayed has upgraded"
    );
}

/// F11, B12: whoever logs on meanwhile has a sluggish machine for up to 70 minutes.
#[test]
fn f11_a_damaged_copylog_keeps_machines_busy() {
    let sets = [
        "domain.CORP.copylog_damage=[{ at = 2000-06-20 00:00:00, mended = 2000-06-21 00:00:00 }]",
        "clients.one.domain=CORP",
        "clients.one.count=20",
        "scenario.days=3",
        "rollout.CEN.at=2000-06-21 23:00:00",
    ];
    let replication = run(&plan(HIERARCHY, &sets));
    let met = decided(&replication, Reason::CopylogBroken);
    assert!(met >= 15, "{met} of 20 users came in that day");
    let sluggish = (Trouble::Sluggish, Reason::CopylogBroken);
    let hours = replication.tally.trouble[&sluggish].client_seconds / 60;
    assert_eq!(hours, met * 70, "minutes");
}

/// F11, B12, Q264976: before SP2 nobody notices a damaged Copylog.tcf; the senior site's first cycle under SP2 repairs it.
#[test]
fn f11_a_damaged_copylog_waits_for_sp2_or_a_hand() {
    let damage = "domain.CORP.copylog_damage=[{ at = 2000-06-20 00:00:00 }]";
    let (plan, servers) = three(&[damage, "rollout.CEN.force_lsm=true"]);
    assert_eq!(
        line_is(&servers, 0, CopylogLine::Unreadable),
        moment(&plan, 1, 0)
    );
    let until_sp2 = servers.logon_points[3]
        .at(upgraded(&plan, &servers, 0))
        .credit;
    assert_eq!(
        until_sp2.line,
        CopylogLine::Unreadable,
        "SP1 cycles pass it by"
    );
    let repaired = first(&servers, ServerEvent::CopylogRepaired);
    assert_eq!(
        repaired,
        upgraded(&plan, &servers, 0) + 72,
        "with the first visit of the first SP2 cycle"
    );

    let mended = "domain.CORP.copylog_damage=[{ controller = 'BDC2', at = 2000-06-20 00:00:00, mended = 2000-06-20 08:00:00 }]";
    let (plan, servers) = three(&[mended]);
    assert_eq!(
        line_is(&servers, 2, CopylogLine::Unreadable),
        moment(&plan, 1, 0)
    );
    assert_eq!(
        first(&servers, ServerEvent::CopylogRepaired),
        moment(&plan, 1, 8)
    );
    assert!(
        !line_is(&servers, 1, CopylogLine::Unreadable).is_set(),
        "only there"
    );
}

/// F11, Q264976: a hotfix with another Nt_logon.dll at only some sites of a domain can garble the file.
#[test]
fn f11_a_hotfix_at_some_sites_only_garbles_copylog() {
    let certain = "rules.mixed_hotfixes_damage_copylog=1";
    let damaged = |sets: &[&str]| {
        three(&[&[certain], sets].concat())
            .1
            .count(ServerEvent::CopylogDamaged)
            > 0
    };
    let (cen, pri) = (
        "site.CEN.hotfixes=['Q249077']",
        "site.PRI.hotfixes=['Q249077']",
    );
    assert!(damaged(&[cen]));
    assert!(!damaged(&[cen, pri]));
    assert!(!damaged(&[]));
}

/// F12, F13, Q249333: a hotfix restarts SMS Executive, which before SP2 starts a cycle at once, from SP2 on none.
#[test]
fn f12_f13_restarts_start_cycles_before_sp2_only() {
    let hotfix = "site.PRI.hotfixes=[{ id = 'Q249077', at = 2000-06-20 20:00:00 }]";
    let (plan, servers) = three(&[hotfix]);
    let restart = first(&servers, ServerEvent::CycleAtRestart);
    assert_eq!(restart, moment(&plan, 1, 20));
    assert_eq!(
        servers.count(ServerEvent::CycleAtRestart),
        1,
        "CEN is SP2 when its setup ends"
    );
    assert_eq!(three(&[]).1.count(ServerEvent::CycleAtRestart), 0);
}

/// F14, Q225542: a PDC that is no fit logon point leaves the domain without any.
#[test]
fn f14_an_unfit_pdc_leaves_no_logon_points() {
    let sets = ["clients.one.count=10", "clients.one.domain=CORP"];
    let logons = |more: &[&str]| {
        let plan = plan(HIERARCHY, &[&sets, more].concat());
        let replication = run(&plan);
        let none = decided(&replication, Reason::NoLogonPoint);
        (none, decided(&replication, Reason::ClicoreCurrent))
    };
    let (none, some) = logons(&[]);
    assert!(none == 0 && some > 0);
    let (none, some) = logons(&["domain.CORP.pdc_unfit=true"]);
    assert!(none > 0 && some == 0);
}

/// F18, Q236052: users log on at another controller while one is down, and nowhere while all are.
#[test]
fn f18_users_log_on_where_a_controller_answers() {
    let sets = [
        "clients.one.count=50",
        "clients.one.domain=CORP",
        "scenario.days=2",
    ];
    let span = "from = 2000-06-19 00:00:00, until = 2000-06-21 00:00:00";
    let logons = |outage: &str| {
        let outage = format!("domain.CORP.outages=[{outage}]");
        let later = "rollout.CEN.at=2000-06-20 23:00:00";
        let plan = plan(HIERARCHY, &[&sets[..], &[outage.as_str(), later]].concat());
        let replication = run(&plan);
        let reads = |point: usize| -> u32 {
            replication.tally.servers[plan.caps.len() + point]
                .reads
                .iter()
                .sum()
        };
        (
            decided(&replication, Reason::NoLogonPoint),
            reads(1),
            reads(2),
        )
    };
    let (none, bdc1, bdc2) = logons("");
    assert!(none == 0 && bdc1 > 0 && bdc2 > 0);
    let (none, at_bdc1, at_bdc2) = logons(&format!("{{ controller = 'BDC1', {span} }}"));
    assert_eq!(
        (none, at_bdc1, at_bdc2),
        (0, 0, bdc1 + bdc2),
        "the next one takes its place"
    );
    let (none, ..) = logons(&format!("{{ {span} }}"));
    assert!(none > 0);
}

/// F18, Q200830: an outage of the site server takes the Client Access Point on it along, and Inbox Manager with it.
#[test]
fn f18_a_site_server_takes_its_first_access_point_along() {
    let outage = "site.CEN.outages=[{ from = 2000-06-23 19:00:01, until = 2000-06-24 12:00:00 }]";
    let apart = "rules.first_cap_on_site_server=false";
    let refreshed = |sets: &[&str]| {
        let (plan, servers) = three(sets);
        let caps = &servers.caps[0];
        let down = since(caps.iter(), |state| !state.reachable);
        (
            down,
            since(caps.iter(), |state| state.content == plan.target),
            moment(&plan, 4, 19),
            moment(&plan, 5, 12),
        )
    };
    let (down, arrived, begin, end) = refreshed(&[outage]);
    assert_eq!(down, begin + 1);
    assert!(arrived >= end && arrived < end + HOUR_S + 60);
    let (down, arrived, _, end) = refreshed(&[outage, apart]);
    assert_eq!(down, Second::NEVER);
    assert!(arrived >= end, "Inbox Manager runs on the site server");
}

/// F19, Q278856, Q275617: files that clients hold open are replaced some other hour; a stale token keeps cycles out.
#[test]
fn f19_inbox_manager_fails_or_leaves_its_token() {
    let (plan, servers) = three(&["rules.refresh_failure=1"]);
    assert!(!since(servers.caps[0].iter(), |state| state.content == plan.target).is_set());
    let hours = servers.count(ServerEvent::RefreshFailed);
    assert!(hours > 200, "every hour anew: {hours}");

    let (_, servers) = three(&["rules.stale_lock=1", "rules.stale_lock_time=5h"]);
    let left = first(&servers, ServerEvent::LockLeft);
    assert_eq!(first(&servers, ServerEvent::LockGone), left + 5 * HOUR_S);
    assert!(
        servers.caps[0].at(left + HOUR_S).locked && !servers.caps[0].at(left + 6 * HOUR_S).locked
    );

    let lock = "site.CEN.caps.CEN-CAP1.stale_locks=[{ from = 2000-06-20 00:00:00, until = 2000-06-29 00:00:00 }]";
    let plan = self::plan(
        HIERARCHY,
        &[lock, "clients.one.count=20", "clients.one.habits=server"],
    );
    let replication = run(&plan);
    let cap = &replication.servers.caps[0];
    assert!(
        !cap.at(moment(&plan, 2, 0)).locked,
        "SP1 knows no such token"
    );
    assert!(cap.at(moment(&plan, 6, 0)).locked);
    assert!(
        decided(&replication, Reason::InboxLocked) >= 4 * 20,
        "a cycle a day for more than four days"
    );
    let converged = replication
        .tally
        .clients
        .iter()
        .map(|client| client.converged_at);
    assert!(converged.min().unwrap() >= moment(&plan, 10, 0));
}

/// F46, L31, Q258547: setup hangs on the metering server for hours; who stops it first is spared.
#[test]
fn f46_l31_setup_hangs_unless_somebody_looked_first() {
    let hang = ["rollout.CEN.misfortune=hangs", "rules.setup_hang_time=7h"];
    let took = |sets: &[&str]| {
        let (plan, servers) = three(sets);
        upgraded(&plan, &servers, 0).since(moment(&plan, 4, 18))
    };
    assert_eq!(took(&hang), 8 * HOUR_S);
    assert_eq!(
        took(&[&hang[..], &["rollout.CEN.precheck=true"]].concat()),
        HOUR_S
    );
    assert_eq!(
        took(&["rules.setup_hangs=1", "rules.setup_hang_time=7h"]),
        8 * HOUR_S
    );
}

/// F47, L31, Q238093, Q268238: setup dies midway. Nothing runs at the site until it is run again, and some of its Client
/// Access Points are ahead of it.
#[test]
fn f47_l31_setup_dies_midway() {
    let two_caps = "site.CEN.caps=[{ name = 'ONE' }, { name = 'TWO' }]";
    let sets = [
        "rollout.CEN.misfortune=fails-midway",
        "rules.setup_retry=12h",
        "rules.midway_caps=1",
        two_caps,
    ];
    let (plan, servers) = three(&sets);
    let failed = first(&servers, ServerEvent::SetupFailedMidway);
    assert_eq!(failed, moment(&plan, 4, 19));
    for cap in 0..2 {
        assert_eq!(
            since(servers.caps[cap].iter(), |state| state.content
                == plan.target),
            failed
        );
    }
    assert_eq!(upgraded(&plan, &servers, 0), failed + 13 * HOUR_S);
    let cycles = servers.events.iter().filter(|happened| {
        happened.event == ServerEvent::CycleForced && happened.at < failed + 13 * HOUR_S
    });
    assert_eq!(cycles.count(), 0);
    let none = [&sets[..3], &["rules.midway_caps=0"]].concat();
    let (plan, servers) = three(&none);
    assert!(
        since(servers.caps[0].iter(), |state| state.content == plan.target)
            > upgraded(&plan, &servers, 0)
    );
    let (_, servers) = three(&[&sets[..], &["rollout.CEN.precheck=true"]].concat());
    assert_eq!(servers.count(ServerEvent::SetupFailedMidway), 0);
}

/// F48, Q201658: the bootstrap at the secondary fails unheard; a day later somebody pushes again.
#[test]
fn f48_a_secondary_stays_pending() {
    let (plan, servers) = all_sites(&["rollout.SEC.misfortune=bootstrap-fails"]);
    assert_eq!(servers.sends.len(), 2);
    let failed = first(&servers, ServerEvent::BootstrapFailed);
    assert_eq!(failed, servers.sends[0].ended);
    assert_eq!(servers.sends[1].queued, failed + DAY_S);
    assert_eq!(
        upgraded(&plan, &servers, SEC),
        servers.sends[1].ended + HOUR_S
    );
    let always = all_sites(&["rules.bootstrap_failure=1"]).1;
    assert!(
        always.sends.len() > 2 && always.count(ServerEvent::BootstrapFailed) == always.sends.len()
    );
}

/// F49, Q317893: a transfer under way heeds no closing hour, unless the hotfix makes it read the limits again.
#[test]
fn f49_a_transfer_runs_into_business_hours() {
    let night = "site.SEC.address.windows=[{ from = '1:00', until = '24:00', percent = 0 }]";
    let (plan, servers) = all_sites(&[night]);
    let send = servers.sends[0];
    assert_eq!(
        (send.started, send.ended),
        (moment(&plan, 5, 0), moment(&plan, 5, 0) + 9_286)
    );
    let (plan, servers) = all_sites(&[night, "rules.sender_rereads_limits=true"]);
    let send = servers.sends[0];
    assert_eq!(
        send.ended,
        moment(&plan, 7, 0) + 9_286 - 2 * HOUR_S,
        "the third night"
    );
}

/// F50, L24, L26, Q319166, Q199250: with one thread, or one push at a time, secondaries wait for each other.
#[test]
fn f50_l24_l26_pushes_wait_for_a_thread() {
    let more = "[[site]]\ncode = \"SE2\"\nkind = \"secondary\"\nparent = \"PRI\"\nboundaries = [\"10.3.0.0\"]\n\
                caps = [{ name = \"SE2-CAP1\" }]\naddress = { bandwidth = \"56 kbit/s\" }\n\
                [[rollout]]\nsite = \"SE2\"\nto = \"SP2\"\nat = 2000-06-24 00:00:00\n";
    let waits = |sets: &[&str]| {
        let plan = plan(&with(&format!("{ALL_SITES}{more}")), sets);
        let servers = history(&plan);
        let [one, two] = servers.sends.as_slice() else {
            panic!("{:?}", servers.sends)
        };
        (
            servers.count(ServerEvent::PushWaits),
            two.started >= one.ended,
        )
    };
    assert_eq!(waits(&[]), (0, false));
    assert_eq!(waits(&["site.PRI.sender_threads=1"]), (1, true));
    assert_eq!(waits(&["rules.most_pushes=1"]), (1, true));
}

/// F53, Q278745: a Client Access Point that Site Component Manager missed is installed anew when it is back.
#[test]
fn f53_an_access_point_that_was_missed_is_installed_anew() {
    let outage = "site.PRI.caps.PRI-CAP1.outages=[{ from = 2000-06-20 00:00:00, until = 2000-06-20 06:00:00 }]";
    let back = |sets: &[&str]| {
        let (plan, servers) = three(&[&[outage], sets].concat());
        let mut states = servers.caps[1].iter();
        let up = states.find(|(at, state)| *at > moment(&plan, 1, 0) && state.reachable);
        up.unwrap().0.since(moment(&plan, 1, 6))
    };
    assert_eq!(back(&[]), 3_429, "24 MB over 56 kbit/s");
    assert_eq!(back(&["rules.reinstalled_after_outage=false"]), 0);
}

/// L6, Q264630: Copylog.tcf edited by hand and locked keeps the unpatched site from crediting itself.
#[test]
fn l6_a_locked_copylog_keeps_its_credit() {
    let misfit = |sets: &[&str]| {
        let (_, servers) = three(&[&["rollout.CEN.force_lsm=true"], sets].concat());
        line_is(&servers, 0, CopylogLine::Misfit)
    };
    assert!(misfit(&[]).is_set());
    let pin = "domain.CORP.copylog_pin={ site = 'CEN', from = 2000-06-23 19:30:00 }";
    assert!(!misfit(&[pin]).is_set());
    let for_a_day = "domain.CORP.copylog_pin={ site = 'CEN', from = 2000-06-23 19:30:00, until = 2000-06-25 19:30:00 }";
    assert!(misfit(&[for_a_day]).is_set(), "unlocked too early");
}

/// L21, L25: the link to a Client Access Point of its own; media spare the secondary the transfer.
#[test]
fn l21_l25_slow_links_are_spared() {
    let arrives = |sets: &[&str]| {
        let (plan, servers) = all_sites(sets);
        let caps = since(servers.caps[1].iter(), |state| state.content == plan.target);
        let visit = since(servers.caps[1].iter(), |state| state.locked);
        (
            caps.since(visit),
            upgraded(&plan, &servers, SEC).since(moment(&plan, 5, 0)),
        )
    };
    assert_eq!(arrives(&[]), (3_429, 9_286 + HOUR_S));
    let link = "site.PRI.caps.PRI-CAP1.link=10 Mbit/s";
    assert_eq!(arrives(&[link, "rollout.SEC.source=media"]), (20, HOUR_S));
}

/// Q249333, Q256309: a cycle that fell due while the site server was down runs when it is back, also under SP2.
#[test]
fn a_missed_cycle_is_made_up_for() {
    let sp2 = [
        "site.CEN.release=SP2",
        "site.PRI.release=SP2",
        "rollout.CEN.to=SP3",
    ];
    let cycles = |until: &str| {
        let outage =
            format!("site.PRI.outages=[{{ from = 2000-06-20 00:00:00, until = 2000-06-{until} }}]");
        let (_, servers) = three(&[&sp2[..], &[&outage]].concat());
        servers.count(ServerEvent::CycleAtRestart)
    };
    assert_eq!(
        cycles("21 12:00:00"),
        1,
        "one fell due within a day and a half"
    );
    assert_eq!(cycles("20 00:00:01"), 0, "none within a second");
}

/// Q279498, Q278357: an outage cuts a push, which starts over from the beginning a minute after the site is back, or when
/// the sender looks again.
#[test]
fn an_outage_cuts_a_push() {
    let outage = "site.SEC.outages=[{ from = 2000-06-24 01:00:00, until = 2000-06-24 03:30:00 }]";
    let (plan, servers) = all_sites(&[outage]);
    let [cut, again] = servers.sends.as_slice() else {
        panic!("{:?}", servers.sends)
    };
    assert_eq!(cut.ended, moment(&plan, 5, 1));
    assert_eq!(cut.bytes, 65_000_000 * 3_600 / 9_286);
    assert_eq!(
        again.started,
        moment(&plan, 5, 4) + 60,
        "a minute after the cut, then by the hour (Q235753)"
    );
    assert_eq!(again.ended.since(again.started), 9_286);
    assert_eq!(upgraded(&plan, &servers, SEC), again.ended + HOUR_S);
}

/// An outage in the middle of setup: it starts over when the server is back.
#[test]
fn an_outage_interrupts_setup() {
    let outage = "site.CEN.outages=[{ from = 2000-06-23 18:30:00, until = 2000-06-24 06:00:00 }]";
    let (plan, servers) = three(&[outage]);
    assert_eq!(
        first(&servers, ServerEvent::SetupInterrupted),
        moment(&plan, 4, 18) + HOUR_S / 2
    );
    assert_eq!(upgraded(&plan, &servers, 0), moment(&plan, 5, 7));
}

/// Whatever is drawn for one site leaves the other's history alone.
#[test]
fn misfortunes_of_one_site_draw_nothing_for_another() {
    let sets = [
        "rules.setup_time=uniform(30 min, 3h)",
        "rules.setup_failure=0.3",
    ];
    let (_, calm) = all_sites(&sets);
    let stricken = [
        "rollout.SEC.misfortune=hangs",
        "rules.bootstrap_failure=0.5",
        "site.SEC.hotfixes=['Q249077']",
        "rules.hotfix_fails_if_pushed=0.5",
    ];
    let (_, other) = all_sites(&[&sets[..], &stricken].concat());
    assert_eq!(calm.sites[..2], other.sites[..2]);
    assert_eq!(calm.caps[..2], other.caps[..2]);
    assert_eq!(calm.logon_points, other.logon_points);
    assert_ne!(calm.sites[SEC], other.sites[SEC]);
}

/// A site whose clients are always on, with Client Access Points that come and go.
fn coming_and_going(caps: &str, sets: &[&str]) -> (Plan, Replication) {
    let caps = format!("site.CEN.caps={caps}");
    let fixed = [
        caps.as_str(),
        "clients.one.count=40",
        "clients.one.habits=server",
        "rollout.CEN.at=2000-06-28 18:00:00",
    ];
    let plan = plan(HIERARCHY, &[&fixed, sets].concat());
    let replication = run(&plan);
    (plan, replication)
}

/// Clients that had converged when the run ended.
fn converged(replication: &Replication) -> usize {
    let clients = replication.tally.clients.iter();
    clients.filter(|client| client.standing.is_none()).count()
}

/// F18, L22, Q260824: a new Client Access Point beside the old one for two days, and nobody notices; a new one in place
/// of the old one, and nobody finds it.
#[test]
fn f18_l22_old_and_new_access_points_overlap_or_not() {
    let old = "{ name = 'OLD', removed = 2000-06-22 12:00:00 }";
    let (_, overlapping) = coming_and_going(
        &format!("[{old}, {{ name = 'NEW', added = 2000-06-20 12:00:00 }}]"),
        &[],
    );
    assert_eq!(converged(&overlapping), 40);
    let (_, at_once) = coming_and_going(
        &format!("[{old}, {{ name = 'NEW', added = 2000-06-22 12:00:00 }}]"),
        &[],
    );
    assert_eq!(converged(&at_once), 0);
    assert!(
        decided(&at_once, Reason::CapUnreachable) > 40 * 24,
        "every hour anew"
    );
    let after =
        |replication: &Replication| -> u32 { replication.tally.servers[1].reads.iter().sum() };
    assert!(after(&overlapping) > 0 && after(&at_once) == 0);
    let (_, short) = coming_and_going(
        &format!("[{old}, {{ name = 'NEW', added = 2000-06-22 00:00:00 }}]"),
        &[],
    );
    let some = converged(&short);
    assert!(
        0 < some && some < 40,
        "twelve hours are too short for {}",
        40 - some
    );
}

/// F28, L21, Q235873: the preferred Client Access Point takes everybody, once a cycle has told them; who has not heard of
/// it when the other ways are cut has none.
#[test]
fn f28_l21_a_preferred_access_point() {
    let caps = "[{ name = 'NEAR' }, { name = 'FAR' }]";
    let prefers = |rest: &str| {
        let prefers = format!("clients.one.preferred_cap={{ name = 'NEAR'{rest} }}");
        coming_and_going(caps, &[&prefers]).1
    };
    let reads = |replication: &Replication, cap: usize| -> u32 {
        replication.tally.servers[cap].reads.iter().sum()
    };
    let (_, at_random) = coming_and_going(caps, &[]);
    assert!(reads(&at_random, 0) > 0 && reads(&at_random, 1) > 0);
    let always = prefers("");
    assert_eq!((reads(&always, 1), converged(&always)), (0, 40));
    let in_time = prefers(", from = 2000-06-20 00:00:00, only_from = 2000-06-22 00:00:00");
    assert_eq!(converged(&in_time), 40);
    let too_soon = prefers(", from = 2000-06-20 00:00:00, only_from = 2000-06-20 12:00:00");
    let lost = 40 - converged(&too_soon);
    assert!(
        (10..=35).contains(&lost),
        "about half had not run a cycle: {lost}"
    );
}

/// L3, Q261931: a campaign brings each site the pair that is made for its release, a day after the site before it.
#[test]
fn l3_a_hotfix_campaign_goes_from_site_to_site() {
    let text = format!(
        "{HIERARCHY}\n[[hotfix_campaign]]\nsite = \"all\"\nat = 2000-06-19 20:00:00\nstagger = \"1 day\"\n"
    );
    let sets = [
        "site.PRI.release=RTM",
        "site.SEC.hotfixes=['Q249077', 'Q252717']",
    ];
    let plan = plan(&text, &sets);
    let servers = history(&plan);
    let at = |site: usize| -> Vec<Second> {
        servers.hotfixes[site]
            .iter()
            .map(|applied| applied.at)
            .collect()
    };
    assert_eq!(at(0), [moment(&plan, 0, 20); 2]);
    assert_eq!(at(1), [moment(&plan, 1, 20); 2]);
    assert_eq!(at(SEC), [Second::ZERO; 2], "it had them already");
    assert_eq!(
        servers.count(ServerEvent::CycleAtRestart),
        4,
        "F12: each restart starts a cycle"
    );
}

/// F12, Q257202: before SP2 cycles follow each other while the Locks folder is open; from SP2 on it starts none.
#[test]
fn f12_an_open_folder_starts_cycles_before_sp2_only() {
    let opened = "locks_opened=[{ from = 2000-06-20 10:00:00, until = 2000-06-20 10:30:00 }]";
    let (plan, servers) = three(&[&format!("site.PRI.{opened}")]);
    let cycles = servers.count(ServerEvent::CycleAtFolder);
    assert!((3..=6).contains(&cycles), "five minutes each: {cycles}");
    assert_eq!(
        first(&servers, ServerEvent::CycleAtFolder),
        moment(&plan, 1, 10)
    );
    let sp2 = [
        "site.PRI.release=SP2",
        "site.CEN.release=SP2",
        "rollout.CEN.to=SP3",
    ];
    let (_, servers) = three(&[&sp2[..], &[&format!("site.PRI.{opened}")]].concat());
    assert_eq!(servers.count(ServerEvent::CycleAtFolder), 0);
}

/// L8, Q235726: a site that has switched both logon methods off is no candidate for the senior site any more.
#[test]
fn l8_a_site_without_logon_methods_is_not_elected() {
    let off = "steps = [{ from = 2000-06-20 00:00:00, logon_discovery = false, logon_installation = false }]";
    let sites = format!("domain.CORP.sites=[{{ site = 'CEN', {off} }}, 'PRI']");
    let points_upgraded = |sets: &[&str]| {
        let (plan, servers) = three(sets);
        since(servers.logon_points[0].iter(), |state| {
            state.content == plan.target
        })
    };
    assert!(points_upgraded(&["rollout.CEN.force_lsm=true"]).is_set());
    let without = points_upgraded(&["rollout.CEN.force_lsm=true", &sites]);
    assert!(
        !without.is_set(),
        "PRI stays senior, and brings nothing newer"
    );
}

/// L3, Q261931: a service pack replaces the files of a hotfix for the release before; SP1 needs one of its own.
#[test]
fn l3_a_hotfix_for_rtm_does_not_outlive_rtm() {
    let sets = [
        "site.PRI.release=RTM",
        "site.PRI.hotfixes=['Q251070']",
        "site.CEN.hotfixes=['Q249077']",
        "rollout.CEN.force_lsm=true",
    ];
    let to_sp1 = "[[rollout]]\nsite = \"PRI\"\nto = \"SP1\"\nat = 2000-06-20 18:00:00\n";
    let campaign = "[[hotfix_campaign]]\nsite = \"PRI\"\nat = 2000-06-21 18:00:00\n";
    let miscredited = |more: &str| {
        let plan = plan(&with(more), &sets);
        history(&plan).count(ServerEvent::CopylogMiscredited)
    };
    assert_eq!(miscredited(""), 0, "as long as it is RTM");
    assert!(miscredited(to_sp1) > 0, "SP1 has the defect anew");
    assert_eq!(miscredited(&[to_sp1, campaign].concat()), 0);
}

/// L22: what is set up after the upgrade holds what the site runs by then.
#[test]
fn a_new_access_point_comes_with_its_sites_release() {
    let caps = "site.CEN.caps=[{}, { name = 'NEW', added = 2000-06-26 00:00:00 }]";
    let (plan, servers) = three(&[caps]);
    let at = since(servers.caps[1].iter(), |state| state.content == plan.target);
    assert!(at <= moment(&plan, 7, 0), "{at:?}");
}

/// F47: what a site has to send waits while its setup is dead midway, and goes out when it is through.
#[test]
fn f47_a_parent_sends_again_when_its_setup_is_through() {
    let sets = ["rollout.PRI.misfortune=fails-midway"];
    let forced = ALL_SITES.replace("2000-06-24 00:00:00", "2000-06-24 00:00:00\nforce = true");
    let plan = plan(&with(&forced), &sets);
    let servers = history(&plan);
    assert_eq!(servers.sends.len(), 1);
    let died = first(&servers, ServerEvent::SetupFailedMidway);
    assert!(servers.sends[0].queued > died, "while PRI was down");
    assert!(servers.sends[0].started >= died + 12 * HOUR_S);
}

/// Q254735: an identity that nobody allocated cuts a client off until a logon makes it known.
#[test]
fn a_new_identity_is_unknown_until_a_logon() {
    let sets = [
        "clients.one.count=20",
        "clients.one.domain=CORP",
        "clients.one.new_identity=2000-06-20 20:00:00",
    ];
    let known = run(&plan(HIERARCHY, &sets));
    assert!(decided(&known, Reason::IdentityUnknown) >= 10);
    assert!(converged(&known) >= 15);
    let script_off = [&sets[..], &["domain.CORP.logon_script=off"]].concat();
    let unknown = run(&plan(HIERARCHY, &script_off));
    assert_eq!(converged(&unknown), 0);
    assert_eq!(decided(&unknown, Reason::OrphanReseeded), 0);
}
