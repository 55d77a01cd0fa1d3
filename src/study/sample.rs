//! A plan of two sites and records of it, made by hand, for tests.

use super::Study;
use crate::engine::time::HOUR_S;
use crate::engine::{Distribution, History, Second};
use crate::plan::*;
use crate::run::history::{
    CapState, CopylogLine, Credit, Happened, LogonPointState, Send, SiteSet, Where,
};
use crate::run::tally::{ServerTally, SiteTally, TroubleTally};
use crate::run::{ClientRecord, ClientState, Replication, ServerHistory, Tally, Trouble};
use crate::sms::defaults::Rules;
use crate::sms::{Content, Reason, ServerEvent};
use jiff::civil::date;
use jiff::tz::TimeZone;
use std::net::Ipv4Addr;

/// One day in quarters; HQ1 in New York with 8 clients, its child EU1 in Berlin with 4, and one client nowhere.
pub fn plan() -> Plan {
    let zone = |name: &str| TimeZone::get(name).unwrap();
    let start = date(2000, 6, 23).at(0, 0, 0, 0);
    let home = zone("America/New_York");
    let clock = Clock::new(start, &home, 0, 1, 6 * HOUR_S).unwrap();
    let zones = ["America/New_York", "Europe/Berlin"]
        .map(|name| Zone::new(name, zone(name), &clock).unwrap());
    let release = |name: &str| Content::shipped(name).unwrap();
    let rules = Rules {
        ccim_retry: 2 * HOUR_S,
        ..Rules::default()
    };
    Plan {
        name: "Two sites".to_owned(),
        seed: 7,
        replications: 2,
        zones: zones.into(),
        contents: vec![release("SP1"), release("SP2")],
        target: ContentId(1),
        sites: vec![
            site("HQ1", None, 0, [10, 1, 0, 0]),
            site("EU1", Some(SiteId(0)), 1, [10, 2, 0, 0]),
        ],
        caps: vec![
            cap("HQ1-CAP1", 0, Some(1_000_000)),
            cap("EU1-CAP1", 1, None),
        ],
        domains: vec![domain()],
        logon_points: vec![LogonPoint {
            name: "PDC".to_owned(),
            domain: DomainId(0),
            bandwidth_bps: None,
            outages: Vec::new(),
        }],
        habits: vec![Habits::built_in("office").unwrap()],
        cohorts: vec![
            cohort("desktops", 8, 0, [10, 1, 0, 0]),
            cohort("=laptops", 4, 1, [10, 2, 0, 0]),
            cohort("lost", 1, 0, [10, 9, 0, 0]),
        ],
        boundary_changes: Vec::new(),
        rollout: vec![Upgrade {
            site: SiteId(0),
            to: ContentId(1),
            at: clock.start + 6 * HOUR_S,
            source: Source::Media,
            forced: false,
            force_lsm: false,
            precheck: false,
            mishap: None,
        }],
        rules,
        rules_set: vec!["ccim_retry".to_owned()],
        hotfix_soak_s: 0,
        thresholds: thresholds(),
        study: StudyOptions::default(),
        results: ResultOptions { clients: true },
        left_out: vec![LeftOut {
            file: "pcs.csv".to_owned(),
            line: 3,
            client: String::new(),
            reason: "no name".to_owned(),
            detail: "this client has no name".to_owned(),
        }],
        not_read: Vec::new(),
        clock,
    }
}

/// One that half of the replications miss, one that none reaches, one that all keep.
fn thresholds() -> Vec<Threshold> {
    let hours_to = |basis_points| Measure::HoursTo {
        basis_points,
        curve: Curve::Converged,
    };
    let first = Threshold {
        name: "=early".to_owned(),
        that: "hours to 50% converged < 12".to_owned(),
        site: Some(SiteId(0)),
        measure: hours_to(5_000),
        relation: Relation::Below,
        limit: 12.0,
        at_least: 0.9,
    };
    let second = Threshold {
        name: "days to 99% converged < 1".to_owned(),
        that: "days to 99% converged < 1".to_owned(),
        site: None,
        measure: hours_to(9_900),
        limit: 24.0,
        at_least: 1.0,
        ..first.clone()
    };
    let third = Threshold {
        name: "mixed clients < 1".to_owned(),
        that: "mixed clients < 1".to_owned(),
        measure: Measure::MixedClients,
        limit: 1.0,
        ..second.clone()
    };
    vec![first, second, third]
}

fn site(code: &str, parent: Option<SiteId>, zone: u16, subnet: [u8; 4]) -> Site {
    let own = SiteId(zone);
    Site {
        code: code.to_owned(),
        parent,
        secondary: false,
        zone: ZoneId(zone),
        content: ContentId(0),
        hotfixes: Vec::new(),
        boundaries: vec![Ipv4Addr::from(subnet)],
        intake: Intake::default(),
        caps: vec![CapId(own.0)],
        address: Address {
            bandwidth_bps: 1_000_000,
            hourly_limit_percent: [100; 24],
        },
        outages: Vec::new(),
        locks_opened: Vec::new(),
        sender_threads: None,
        conditions: SiteConditions::default(),
    }
}

fn cap(name: &str, site: u16, bandwidth_bps: Option<u64>) -> ClientAccessPoint {
    ClientAccessPoint {
        name: name.to_owned(),
        site: SiteId(site),
        bandwidth_bps,
        connections: None,
        link_bps: None,
        outages: Vec::new(),
        stale_locks: Vec::new(),
        added: Second::ZERO,
        removed: Second::NEVER,
    }
}

fn domain() -> Domain {
    let participation = |site| Participation {
        site: SiteId(site),
        logon_discovery: true,
        logon_installation: true,
        leaves: Second::NEVER,
        changes: Vec::new(),
    };
    Domain {
        name: "CORP".to_owned(),
        logon_points: vec![LogonPointId(0)],
        sites: vec![participation(0), participation(1)],
        senior: None,
        senior_until: Second::NEVER,
        pdc_unfit: false,
        copylog_pin: None,
        copylog_damage: Vec::new(),
        lsm_interval_s: 24 * HOUR_S,
        link_bps: 10_000_000,
        script_share: vec![(Second::ZERO, 1.0)],
    }
}

fn cohort(name: &str, count: u32, zone: u16, subnet: [u8; 4]) -> Cohort {
    Cohort {
        name: name.to_owned(),
        count,
        names: None,
        domain: Some(DomainId(0)),
        subnets: vec![Ipv4Addr::from(subnet)],
        network: Network::default(),
        platform: Platform::Nt,
        habits: HabitsId(0),
        zone: ZoneId(zone),
        installed: Some(ContentId(0)),
        appear: Second::ZERO,
        link_bps: 10_000_000,
        off_site_link_bps: None,
        preferred_cap: None,
        travel_mode: 0.0,
        agents: Agents {
            software_distribution: true,
            others: true,
        },
        upgrade_size: Distribution::Constant(24_000_000),
        restart_after: None,
        circumstances: Circumstances::default(),
    }
}

/// Replication `number`: in HQ1, `first` clients converge in the second quarter and the others but one in the third.
pub fn replication(plan: &Plan, number: u32, first: i32) -> Replication {
    let mut tally = Tally::new(plan);
    let grid = tally.grid;
    for (site, clients, out_of_reach) in [(0, 8, 0), (1, 4, 4), (2, 1, 1)] {
        tally.sites[site] = SiteTally::with_grid(&grid);
        let record = &mut tally.sites[site];
        record.clients = clients;
        record.out_of_reach = out_of_reach;
        record.states_at_start[ClientState::Waiting as usize] = clients as i64;
    }
    let hq = &mut tally.sites[0];
    for (interval, clients) in [(1, first), (2, 7 - first)] {
        hq.state_changes[interval][ClientState::Waiting as usize] = -clients;
        hq.state_changes[interval][ClientState::Converged as usize] = clients;
        hq.curve_changes[interval] = [clients, clients, 0];
        hq.converged_changes[12 * interval + 5] = clients;
        hq.decisions
            .add(Reason::BaseOlder, interval, clients as u32, grid.intervals);
    }
    hq.decisions.add(Reason::NothingNew, 0, 8, grid.intervals);
    tally.servers[0] = ServerTally::with_grid(&grid);
    let cap = &mut tally.servers[0];
    cap.usage.bits[1] = 96_000_000 * first as u64;
    cap.usage.transfers[1] = first as u32;
    cap.usage.longest_queue[1] = first as u32;
    cap.usage.turned_away[2] = 1;
    cap.reads[0] = 8;
    cap.read_bytes[0] = 800;
    let stuck = TroubleTally {
        cases: 1,
        cured: 0,
        client_seconds: 5_400,
        examples: vec![(CohortId(0), 7)],
        by_cohort: [(CohortId(0), 1)].into(),
    };
    let kind = (Trouble::NotConverged, Reason::NotSeen);
    tally.trouble.insert(kind, stuck);
    tally.clients = clients(grid.start);
    tally.events = 100;
    Replication {
        number,
        tally,
        servers: servers(plan),
    }
}

fn clients(start: Second) -> Vec<ClientRecord> {
    let converged = ClientRecord {
        cohort: CohortId(0),
        number: 0,
        sites: [Some(SiteId(0)), Some(SiteId(1)), None, None],
        base: Some(ContentId(1)),
        agents: Some(ContentId(1)),
        state: ClientState::Converged,
        converged_at: start + 9 * HOUR_S,
        standing: None,
        restarts_asked: 1,
        aborted: 2,
    };
    let stuck = ClientRecord {
        cohort: CohortId(1),
        sites: [None; 4],
        base: None,
        agents: None,
        state: ClientState::NotInstalled,
        converged_at: Second::NEVER,
        standing: Some(Reason::NoClient),
        restarts_asked: 0,
        aborted: 0,
        ..converged
    };
    vec![stuck, converged]
}

fn servers(plan: &Plan) -> ServerHistory {
    let start = plan.clock.start;
    let mut hq = History::starting_with(ContentId(0));
    hq.set(start + 7 * HOUR_S, ContentId(1));
    let held = CapState {
        content: ContentId(0),
        locked: false,
        reachable: true,
    };
    let mut hq_cap = History::starting_with(held);
    hq_cap.set(
        start + 8 * HOUR_S,
        CapState {
            content: ContentId(1),
            locked: true,
            ..held
        },
    );
    let point = LogonPointState {
        content: ContentId(0),
        credit: Credit {
            site: SiteId(1),
            line: CopylogLine::Misfit,
        },
        sites: SiteSet::first(2),
        reachable: true,
    };
    ServerHistory {
        sites: vec![hq, History::starting_with(ContentId(0))],
        caps: vec![hq_cap, History::starting_with(held)],
        logon_points: vec![History::starting_with(point)],
        sends: vec![Send {
            to: SiteId(1),
            queued: start + HOUR_S,
            started: start + HOUR_S,
            ended: start + 2 * HOUR_S,
            bytes: 9_000,
        }],
        hotfixes: vec![Vec::new(), Vec::new()],
        events: vec![Happened {
            at: start + 8 * HOUR_S,
            to: Where::Site(SiteId(0)),
            event: ServerEvent::SiteUpgraded,
        }],
    }
}

/// Two replications: in the first 2 clients converge early, in the second 4.
pub fn study(plan: &Plan) -> Study {
    let replications = vec![replication(plan, 0, 2), replication(plan, 1, 4)];
    Study::of(plan, replications).unwrap()
}
