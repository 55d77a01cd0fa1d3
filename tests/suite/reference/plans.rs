//! Random small plans in which clients get in each other's way.

use jiff::ToSpan;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;
use smsim::engine::{Distribution, Second};
use smsim::plan::campaigns::{Freeze, Kick, LeftOn, Verification};
use smsim::plan::{
    Address, Agents, AppliedHotfix, BoundaryChange, CapId, Circumstances, ClientAccessPoint, Clock,
    Cohort, ContentId, CopylogDamage, CopylogPin, Domain, DomainId, Habits, HabitsId, Hotfix,
    LogonPoint, LogonPointId, Mishap, Participation, ParticipationChange, Plan, Platform,
    ResultOptions, Site, SiteConditions, SiteId, Source, Upgrade, Zone, ZoneId,
};
use smsim::sms::Content;
use smsim::sms::defaults::{BootstrapRules, Rules};
use std::net::Ipv4Addr;

mod dated;

const DAY_S: u32 = 86_400;

/// A plan for a few days with up to three sites that share a domain; in one of two, servers meet with misfortunes.
pub fn plan() -> impl Strategy<Value = Plan> {
    let stricken =
        (sound_plan(), misfortunes()).prop_map(|(plan, misfortunes)| strike(plan, &misfortunes));
    prop_oneof![sound_plan(), stricken]
}

/// When each misfortune strikes, and where: a number that picks among the places there are.
#[derive(Clone, Debug)]
struct Misfortunes {
    site_down: Option<(u32, usize)>,
    point_down: Option<(u32, usize)>,
    pdc_down: Option<u32>,
    stale_lock: Option<(u32, usize)>,
    leaves: Option<(u32, usize)>,
    locks_opened: Option<(u32, usize)>,
    damage: Option<(u32, bool)>,
    pin: Option<(u32, usize)>,
    mishaps: Vec<Option<Mishap>>,
    pdc_unfit: bool,
}

fn misfortunes() -> impl Strategy<Value = Misfortunes> {
    let when = || 0..5 * DAY_S;
    let struck = move || proptest::option::of((when(), 0..8_usize));
    let mishap = proptest::option::of(select(vec![
        Mishap::Fails,
        Mishap::FailsMidway,
        Mishap::Hangs,
    ]));
    (
        (struck(), struck(), proptest::option::of(when()), struck()),
        (
            struck(),
            proptest::option::of((when(), any::<bool>())),
            struck(),
            struck(),
        ),
        proptest::collection::vec(mishap, 3),
        prop_oneof![9 => Just(false), 1 => Just(true)],
    )
        .prop_map(
            |(
                (site_down, point_down, pdc_down, stale_lock),
                (leaves, damage, pin, locks_opened),
                mishaps,
                pdc_unfit,
            )| Misfortunes {
                site_down,
                point_down,
                pdc_down,
                stale_lock,
                leaves,
                locks_opened,
                damage,
                pin,
                mishaps,
                pdc_unfit,
            },
        )
}

fn strike(mut plan: Plan, misfortunes: &Misfortunes) -> Plan {
    let begin = plan.clock.start;
    let span = |at: u32| (begin + at, begin + at + DAY_S / 4 + at % DAY_S);
    if let Some((at, place)) = misfortunes.site_down {
        let number = place % plan.sites.len();
        plan.sites[number].outages = vec![span(at)];
    }
    if let Some((at, place)) = misfortunes.locks_opened {
        let number = place % plan.sites.len();
        plan.sites[number].locks_opened = vec![(begin + at, begin + at + DAY_S / 8)];
    }
    if let Some((at, place)) = misfortunes.point_down {
        let number = place % plan.logon_points.len();
        plan.logon_points[number].outages = vec![span(at)];
    }
    if let Some(at) = misfortunes.pdc_down {
        plan.logon_points[0].outages = vec![span(at)];
    }
    if let Some((at, place)) = misfortunes.stale_lock {
        let number = place % plan.caps.len();
        plan.caps[number].stale_locks = vec![span(at)];
    }
    let domain = &mut plan.domains[0];
    if let Some((at, place)) = misfortunes.leaves {
        let number = place % domain.sites.len();
        domain.sites[number].leaves = begin + at;
    }
    domain.copylog_damage = misfortunes
        .damage
        .map(|(at, mended)| CopylogDamage {
            controller: None,
            at: begin + at,
            mended: if mended {
                begin + at + DAY_S
            } else {
                Second::NEVER
            },
        })
        .into_iter()
        .collect();
    domain.copylog_pin = misfortunes.pin.map(|(at, place)| CopylogPin {
        site: domain.sites[place % domain.sites.len()].site,
        from: begin + at,
        until: begin + at + DAY_S,
    });
    domain.pdc_unfit = misfortunes.pdc_unfit;
    for (upgrade, mishap) in plan.rollout.iter_mut().zip(&misfortunes.mishaps) {
        upgrade.mishap = *mishap;
    }
    plan
}

/// A plan in which no misfortune strikes.
pub fn sound_plan() -> impl Strategy<Value = Plan> {
    let shape = (1..4_u16, 3..8_u32, any::<u64>(), rules());
    shape.prop_flat_map(|(sites, days, seed, rules)| {
        let clock = Clock::new(
            date(2000, 3, 24).at(0, 0, 0, 0),
            &TimeZone::UTC,
            2,
            days,
            3_600,
        )
        .unwrap();
        let begin = clock.start;
        (
            proptest::collection::vec(particular_site(begin), usize::from(sites)),
            proptest::collection::vec(particular_cohort(sites, begin), 1..4),
            proptest::collection::vec(habits(), 2),
            dated::boundary_changes(sites, begin),
            proptest::collection::vec((0..days * DAY_S, any::<bool>()), usize::from(sites)),
            (1..4_u16, bandwidth(), any::<bool>(), 0..3_u8),
            Just((clock, seed, rules)),
        )
            .prop_map(
                |(sites, cohorts, habits, changes, rollout, domain, (clock, seed, rules))| {
                    assemble(
                        sites,
                        cohorts,
                        habits,
                        changes,
                        &rollout,
                        domain,
                        (clock, seed, rules),
                    )
                },
            )
    })
}

type Parts = (Clock, u64, Rules);

fn assemble(
    sites: Vec<(Site, Vec<ClientAccessPoint>)>,
    cohorts: Vec<Cohort>,
    habits: Vec<Habits>,
    boundary_changes: Vec<BoundaryChange>,
    rollout: &[(u32, bool)],
    (controllers, point_bandwidth, ramp, senior): (u16, Option<u64>, bool, u8),
    (clock, seed, rules): Parts,
) -> Plan {
    let zone = Zone::new("UTC", TimeZone::UTC, &clock).unwrap();
    let by_push = seed % 3 == 0; // nobody is installed at logon
    let mut caps = Vec::new();
    let mut plan_sites = Vec::new();
    for (number, (mut site, mut own)) in (0..).zip(sites) {
        site.code = format!("S{number:02}");
        site.parent = (number > 0).then_some(SiteId(0));
        if by_push {
            site.intake.push = vec![(Second::ZERO, true)];
        }
        site.caps = (0..own.len())
            .map(|cap| CapId((caps.len() + cap) as u16))
            .collect();
        own.iter_mut().for_each(|cap| cap.site = SiteId(number));
        for cap in &mut own {
            cap.name = format!("{}-{}", site.code, caps.len());
        }
        caps.extend(own);
        plan_sites.push(site);
    }
    let participation = |site| Participation {
        site: SiteId(site),
        logon_discovery: true,
        logon_installation: !by_push,
        leaves: Second::NEVER,
        changes: if ramp && site == 0 {
            installation_off_for_a_day(clock.start)
        } else {
            Vec::new()
        },
    };
    let script_share = if ramp {
        vec![(Second::ZERO, 0.5), (clock.start + DAY_S, 1.0)]
    } else {
        vec![(Second::ZERO, 1.0)]
    };
    let upgrade = |(site, (at, forced)): (u16, &(u32, bool))| Upgrade {
        site: SiteId(site),
        to: ContentId(2),
        at: clock.start + *at,
        source: Source::Media,
        forced: true,
        force_lsm: *forced,
        precheck: false,
        mishap: None,
    };
    Plan {
        name: "random".to_owned(),
        seed,
        replications: 1,
        zones: vec![zone],
        contents: ["RTM", "SP1", "SP2"]
            .iter()
            .filter_map(|name| Content::shipped(name))
            .collect(),
        target: ContentId(2),
        caps,
        domains: vec![Domain {
            name: "CORP".to_owned(),
            logon_points: (0..controllers).map(LogonPointId).collect(),
            sites: (0..plan_sites.len() as u16).map(participation).collect(),
            senior: plan_sites
                .get(usize::from(senior))
                .map(|_| SiteId(u16::from(senior))),
            senior_until: Second::NEVER,
            pdc_unfit: false,
            copylog_pin: None,
            copylog_damage: Vec::new(),
            lsm_interval_s: 6 * 3_600,
            link_bps: 10_000_000,
            script_share,
        }],
        logon_points: (0..controllers)
            .map(|number| LogonPoint {
                name: format!("DC{number}"),
                domain: DomainId(0),
                bandwidth_bps: point_bandwidth,
                outages: Vec::new(),
            })
            .collect(),
        sites: plan_sites,
        boundary_changes,
        habits,
        cohorts: cohorts
            .into_iter()
            .enumerate()
            .map(|(number, cohort)| Cohort {
                name: format!("c{number}"),
                ..cohort
            })
            .collect(),
        rollout: (0..).zip(rollout).map(upgrade).collect(),
        rules,
        rules_set: Vec::new(),
        hotfix_soak_s: 0,
        thresholds: Vec::new(),
        study: smsim::plan::StudyOptions::default(),
        results: ResultOptions { clients: true },
        left_out: Vec::new(),
        not_read: Vec::new(),
        clock,
    }
}

fn installation_off_for_a_day(begin: Second) -> Vec<ParticipationChange> {
    let change = |at, logon_installation| ParticipationChange {
        at,
        logon_discovery: logon_installation,
        logon_installation,
    };
    vec![
        change(begin + DAY_S, false),
        change(begin + 2 * DAY_S, true),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let bootstrap = select(vec![
        BootstrapRules::AsShipped,
        BootstrapRules::BeforeSp2,
        BootstrapRules::Sp2,
    ]);
    (
        bootstrap,
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just(0.0), Just(0.3)],
        20..120_u32,
    )
        .prop_map(
            |(
                bootstrap_rules,
                ccim_at_restart,
                dial_up_outside_boundaries,
                install_failure,
                hours,
            )| Rules {
                bootstrap_rules,
                ccim_at_restart,
                dial_up_outside_boundaries,
                install_failure,
                site_lost_after: hours * 3_600,
                push_given_up_after: hours * 1_200,
                setup_time: Distribution::Uniform(600, 3_600),
                verify_full_copy: dial_up_outside_boundaries,
                mixed_damaged: if ccim_at_restart { 1.0 } else { 0.3 },
                low_rights_stay_mixed: 1.0,
                ..Rules::default()
            },
        )
}

/// None, or so little that a few clients keep it busy for hours.
fn bandwidth() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![1 => Just(None), 3 => (20_000..400_000_u64).prop_map(Some)]
}

fn site(begin: Second) -> impl Strategy<Value = (Site, Vec<ClientAccessPoint>)> {
    let boundaries = proptest::collection::btree_set(0..3_u8, 1..3);
    let caps = proptest::collection::vec(cap(begin), 1..3);
    let facts = (any::<bool>(), 0..2_u8, dated::intake(begin));
    (boundaries, caps, facts).prop_map(|(boundaries, caps, (patched, content, intake))| {
        let copylog = AppliedHotfix {
            hotfix: Hotfix::Copylog,
            at: Second::ZERO,
            fails: if content == 0 { 0.5 } else { 0.0 },
            doubt: None,
        };
        let site = Site {
            code: String::new(),
            parent: None,
            secondary: false,
            zone: ZoneId(0),
            content: ContentId(content),
            hotfixes: if patched { vec![copylog] } else { Vec::new() },
            boundaries: boundaries.into_iter().map(subnet).collect(),
            intake,
            caps: Vec::new(),
            address: Address {
                bandwidth_bps: 1_000_000,
                hourly_limit_percent: [100; 24],
            },
            outages: Vec::new(),
            locks_opened: Vec::new(),
            sender_threads: None,
            conditions: SiteConditions::default(),
        };
        (site, caps)
    })
}

pub(super) fn subnet(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, number, 0)
}

fn cap(begin: Second) -> impl Strategy<Value = ClientAccessPoint> {
    let connections = prop_oneof![Just(None), (1..3_u32).prop_map(Some)];
    let outage = proptest::option::of((0..4 * DAY_S, 600..DAY_S));
    (bandwidth(), connections, outage).prop_map(move |(bandwidth_bps, connections, outage)| {
        ClientAccessPoint {
            name: String::new(),
            site: SiteId(0),
            bandwidth_bps,
            connections,
            link_bps: None,
            outages: outage
                .map(|(from, length)| (begin + from, begin + from + length))
                .into_iter()
                .collect(),
            stale_locks: Vec::new(),
            added: Second::ZERO,
            removed: Second::NEVER,
        }
    })
}

fn habits() -> impl Strategy<Value = Habits> {
    let share = || select(vec![0.0, 0.3, 1.0]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (
        flags,
        share(),
        share(),
        share(),
        select(vec![0.0, 0.2]),
        select(vec![0.0, 0.1]),
    )
        .prop_map(
            |(
                (by_machine, always_on, weekends),
                left_on,
                stays,
                relogon,
                off_site,
                leave_starts,
            )| Habits {
                always_on: always_on && left_on > 0.5,
                working_days: [true, true, true, true, true, weekends, weekends],
                left_on,
                left_on_by_machine: by_machine,
                stays_logged_on: stays,
                relogon,
                off_site,
                leave_starts,
                leave_days: Distribution::Uniform(1, 4),
                ..Habits::built_in("office").unwrap()
            },
        )
}

fn cohort(sites: u16, begin: Second) -> impl Strategy<Value = Cohort> {
    let platform = select(vec![Platform::Nt, Platform::Win9x]);
    let link = select(vec![33_600_u64, 1_000_000, 10_000_000]);
    let off_site = select(vec![None, Some(28_800_u64), Some(128_000)]);
    let agents = (any::<bool>(), any::<bool>());
    let restart = proptest::option::of(600..7_200_i64);
    let start = (
        prop_oneof![3 => Just(true), 1 => Just(false)],
        0..3 * DAY_S,
        0..2_u8,
        select(vec![0.0, 0.5]),
    );
    (
        1..7_u32,
        platform,
        0..3_u8,
        (link, off_site),
        agents,
        restart,
        start,
        (0..2_u16, dated::network(sites, begin)),
    )
        .prop_map(
            move |(
                count,
                platform,
                net,
                (link_bps, off_site_link_bps),
                agents,
                restart,
                start,
                (habits, network),
            )| {
                let (installed, appear, content, travel_mode) = start;
                Cohort {
                    name: String::new(),
                    count,
                    names: None,
                    domain: Some(DomainId(0)),
                    subnets: if network.one_adapter {
                        vec![subnet(net % (sites as u8 + 1)), subnet(0)]
                    } else {
                        vec![subnet(net % (sites as u8 + 1))]
                    },
                    network,
                    platform,
                    habits: HabitsId(habits),
                    zone: ZoneId(0),
                    installed: installed.then_some(ContentId(content)),
                    appear: if installed {
                        Second::ZERO
                    } else {
                        begin + appear
                    },
                    link_bps,
                    off_site_link_bps,
                    preferred_cap: None,
                    travel_mode,
                    agents: Agents {
                        software_distribution: agents.0,
                        others: agents.1,
                    },
                    upgrade_size: Distribution::Uniform(1_000_000, 24_000_000),
                    restart_after: restart.map(|after| Distribution::Uniform(60, after)),
                    circumstances: Circumstances::default(),
                }
            },
        )
}

/// A site that in some plans offers agents by steps, verifies its clients, or publishes what is wrong.
fn particular_site(begin: Second) -> impl Strategy<Value = (Site, Vec<ClientAccessPoint>)> {
    let spell = move || {
        let span = (0..4 * DAY_S, 3_600..3 * DAY_S);
        span.prop_map(move |(from, length)| (begin + from, begin + from + length))
    };
    let spells = move || proptest::collection::vec(spell(), 0..2);
    let agents =
        (any::<bool>(), any::<bool>()).prop_map(|(software_distribution, others)| Agents {
            software_distribution,
            others,
        });
    let steps = proptest::collection::vec((0..4 * DAY_S, agents), 0..3);
    let verification = (0..3 * DAY_S, 1..60_u32, any::<bool>());
    let verification = proptest::option::of(verification);
    let conditions = (steps, spells(), spells(), verification).prop_map(
        move |(mut steps, crc_mismatch, offers_cut_off, verification)| {
            steps.sort_by_key(|(from, _)| *from);
            SiteConditions {
                agents: steps
                    .into_iter()
                    .map(|(from, agents)| (begin + from, agents))
                    .collect(),
                crc_mismatch,
                offers_cut_off,
                verification: verification.map(|(first, hours, same_day)| Verification {
                    first: begin + first,
                    every_s: hours * 3_600,
                    same_day,
                }),
            }
        },
    );
    let conditions = prop_oneof![2 => Just(SiteConditions::default()), 1 => conditions];
    (site(begin), conditions)
        .prop_map(|((site, caps), conditions)| (Site { conditions, ..site }, caps))
}

/// Clients that in some plans are set apart or met by campaigns.
fn particular_cohort(sites: u16, begin: Second) -> impl Strategy<Value = Cohort> {
    let share = || select(vec![0.0, 0.4, 1.0]);
    let moments = |most| proptest::collection::vec(0..4 * DAY_S, 0..most);
    let circumstances = (
        (share(), share(), share()),
        proptest::option::of(60..20_000_u32),
        (moments(3), proptest::option::weighted(0.2, 0..4 * DAY_S)),
        (moments(4), 0..7_200_u32, share()),
        (moments(3), share()),
        proptest::collection::vec((0..3 * DAY_S, 3_600..3 * DAY_S, share()), 0..2),
    )
        .prop_map(
            move |(
                (deinstall_flag, low_rights, prestaged),
                mandatory_restart_s,
                (mut zone_changes, new_identity),
                (mut kicks, within_s, kicked),
                (nights, leaving_on),
                frozen,
            )| {
                zone_changes.sort_unstable();
                kicks.sort_unstable();
                kicks.dedup_by(|later, earlier| *later < *earlier + within_s.max(1));
                let mut left_on: Vec<_> = nights
                    .into_iter()
                    .map(|night| LeftOn {
                        evening: date(2000, 3, 24) + i64::from(night / DAY_S).days(),
                        share: leaving_on,
                    })
                    .collect();
                left_on.sort_by_key(|it| it.evening);
                let freeze = |(from, length, share): (u32, u32, f64)| Freeze {
                    from: begin + from,
                    until: begin + from + length,
                    share,
                };
                Circumstances {
                    deinstall_flag,
                    low_rights,
                    prestaged,
                    mandatory_restart_s,
                    new_identity: new_identity.map(|at| begin + at),
                    zone_changes: zone_changes.into_iter().map(|at| begin + at).collect(),
                    kicks: kicks
                        .into_iter()
                        .map(|at| Kick {
                            at: begin + at,
                            within_s,
                            share: kicked,
                        })
                        .collect(),
                    left_on,
                    frozen: frozen.into_iter().map(freeze).collect(),
                }
            },
        );
    let circumstances = prop_oneof![Just(Circumstances::default()), circumstances];
    (cohort(sites, begin), circumstances).prop_map(|(cohort, circumstances)| Cohort {
        circumstances,
        ..cohort
    })
}
