//! The benchmark's plan: ten sites, one domain, office machines of which about half stay on overnight.

use jiff::civil::date;
use jiff::tz::TimeZone;
use smsim::engine::{Distribution, Second};
use smsim::plan::{
    Address, Agents, CapId, Circumstances, ClientAccessPoint, Clock, Cohort, ContentId, Domain,
    DomainId, Habits, HabitsId, Intake, LogonPoint, LogonPointId, Network, Participation, Plan,
    Platform, ResultOptions, Site, SiteConditions, SiteId, Source, Upgrade, Zone, ZoneId,
};
use smsim::sms::Content;
use smsim::sms::defaults::Rules;
use std::net::Ipv4Addr;

const SITES: u16 = 10;
const DAYS: u32 = 30;

/// A fleet of `clients` over 30 days in which every site goes from SP1 to SP2. Contended: each site has one Client
/// Access Point whose bandwidth takes about two days to serve the site.
pub fn fleet(clients: u32, contended: bool) -> Plan {
    let zone = TimeZone::UTC;
    let clock = Clock::new(date(2000, 6, 19).at(0, 0, 0, 0), &zone, 14, DAYS, 3_600)
        .expect("the dates exist");
    let zones = vec![Zone::new("UTC", zone, &clock).expect("the dates exist")];
    let upgrade_at = clock.start + 4 * 86_400 + 18 * 3_600;
    let per_site = clients / u32::from(SITES);
    let bandwidth_bps = contended.then(|| u64::from(per_site) * 16_000_000 * 8 / (2 * 86_400));
    Plan {
        name: "fleet".to_owned(),
        seed: 1,
        replications: 1,
        zones,
        contents: ["SP1", "SP2"]
            .iter()
            .filter_map(|name| Content::shipped(name))
            .collect(),
        target: ContentId(1),
        sites: (0..SITES).map(site).collect(),
        caps: (0..SITES)
            .map(|number| cap(number, bandwidth_bps))
            .collect(),
        domains: vec![domain()],
        logon_points: (0..4).map(point).collect(),
        habits: vec![Habits::built_in("office").expect("built in")],
        cohorts: (0..SITES).map(|number| cohort(number, per_site)).collect(),
        boundary_changes: Vec::new(),
        rollout: (0..SITES)
            .map(|number| upgrade(number, upgrade_at))
            .collect(),
        rules: Rules::default(),
        rules_set: Vec::new(),
        hotfix_soak_s: 0,
        thresholds: Vec::new(),
        study: smsim::plan::StudyOptions::default(),
        results: ResultOptions { clients: false },
        left_out: Vec::new(),
        not_read: Vec::new(),
        clock,
    }
}

fn subnet(number: u16) -> Ipv4Addr {
    Ipv4Addr::new(10, number as u8, 0, 0)
}

fn site(number: u16) -> Site {
    Site {
        code: format!("S{number:02}"),
        parent: (number > 0).then_some(SiteId(0)),
        secondary: false,
        zone: ZoneId(0),
        content: ContentId(0),
        hotfixes: Vec::new(),
        boundaries: vec![subnet(number)],
        intake: Intake::default(),
        caps: vec![CapId(number)],
        address: Address {
            bandwidth_bps: 1_544_000,
            hourly_limit_percent: [100; 24],
        },
        outages: Vec::new(),
        locks_opened: Vec::new(),
        sender_threads: None,
        conditions: SiteConditions::default(),
    }
}

fn cap(number: u16, bandwidth_bps: Option<u64>) -> ClientAccessPoint {
    ClientAccessPoint {
        name: format!("CAP{number:02}"),
        site: SiteId(number),
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
    let sites = (0..SITES).map(|site| Participation {
        site: SiteId(site),
        logon_discovery: true,
        logon_installation: true,
        leaves: Second::NEVER,
        changes: Vec::new(),
    });
    Domain {
        name: "CORP".to_owned(),
        logon_points: (0..4).map(LogonPointId).collect(),
        sites: sites.collect(),
        senior: None,
        senior_until: Second::NEVER,
        pdc_unfit: false,
        copylog_pin: None,
        copylog_damage: Vec::new(),
        lsm_interval_s: 86_400,
        link_bps: 10_000_000,
        script_share: vec![(Second::ZERO, 1.0)],
    }
}

fn point(number: u16) -> LogonPoint {
    LogonPoint {
        name: format!("DC{number}"),
        domain: DomainId(0),
        bandwidth_bps: None,
        outages: Vec::new(),
    }
}

fn cohort(number: u16, count: u32) -> Cohort {
    Cohort {
        name: format!("desktops {number}"),
        count,
        names: None,
        domain: Some(DomainId(0)),
        subnets: vec![subnet(number)],
        network: Network::default(),
        platform: Platform::Nt,
        habits: HabitsId(0),
        zone: ZoneId(0),
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
        upgrade_size: Distribution::Uniform(8_000_000, 24_000_000),
        restart_after: None,
        circumstances: Circumstances::default(),
    }
}

fn upgrade(number: u16, at: Second) -> Upgrade {
    Upgrade {
        site: SiteId(number),
        to: ContentId(1),
        at,
        source: Source::Media,
        forced: false,
        force_lsm: false,
        precheck: false,
        mishap: None,
    }
}
