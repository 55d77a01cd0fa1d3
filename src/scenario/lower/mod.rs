//! From the typed file to the plan: names become ids, local times become seconds, silence becomes defaults.
//!
//! Everything that is wrong is collected on the way; where something cannot be resolved it is left out and the rest
//! goes on, so that one run shows all complaints.

mod agents;
mod assignment;
mod campaigns;
mod clients;
mod domains;
mod habits;
mod hotfix_campaigns;
mod outages;
mod preferred_cap;
mod questions;
mod rings;
mod rollout;
mod rules;
mod site_lists;
mod sites;
mod study;
mod thresholds;

pub(super) use questions::questions;

use super::complaint::{Complaint, ReliesOn};
use super::file::ScenarioFile;
use super::notation::ZoneRules;
use super::placed::{LocalTime, Placed};
use super::source::{Place, SourceMap, Sources};
use super::suggest::{did_you_mean, listed};
use super::template;
use crate::engine::Second;
use crate::engine::time::{DAY_S, HOUR_S, MINUTE_S};
use crate::plan::rings::Waiting;
use crate::plan::{
    BoundaryChange, ClientAccessPoint, Clock, Cohort, ContentId, Domain, DomainId, Doubt, Habits,
    HabitsId, LeftOut, LogonPoint, NotRead, Plan, ResultOptions, Site, SiteId, StudyOptions,
    Threshold, Upgrade, Zone, ZoneId,
};
use crate::sms::Content;
use crate::sms::defaults::Rules;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Largest fleet for which one row per client is written unasked.
const CLIENT_ROWS_UP_TO: u64 = 100_000;

/// What a ring waits for, and where that stands.
pub(super) type PlacedWaiting = (Waiting, Place);

/// A plan in the making.
pub(super) struct Lowering<'a> {
    sources: &'a dyn Sources,
    map: &'a mut SourceMap,
    complaints: Vec<Complaint>,
    rules: Rules,
    clock: Clock,
    zones: Vec<Zone>,
    contents: Vec<Content>,
    sites: Vec<Site>,
    caps: Vec<ClientAccessPoint>,
    domains: Vec<Domain>,
    logon_points: Vec<LogonPoint>,
    habits: Vec<Habits>,
    cohorts: Vec<Cohort>,
    rollout: Vec<Upgrade>,
    waiting: Option<PlacedWaiting>,
    boundary_changes: Vec<BoundaryChange>,
    thresholds: Vec<Threshold>,
    study: StudyOptions,
    site_ids: BTreeMap<String, SiteId>,
    groups: BTreeMap<String, Vec<String>>,
    domain_ids: BTreeMap<String, DomainId>,
    habits_ids: BTreeMap<String, HabitsId>,
    sites_by_subnet: BTreeMap<Ipv4Addr, Vec<SiteId>>,
    cohort_names: BTreeMap<String, Place>,
    /// By site: why its hotfixes may fail.
    doubts: Vec<Option<Doubt>>,
    hotfix_soak_s: u32,
    left_out: Vec<LeftOut>,
    not_read: Vec<NotRead>,
}

/// Makes the plan of a checked file.
pub(super) fn plan(
    file: &ScenarioFile,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> Result<(Plan, Option<PlacedWaiting>), Vec<Complaint>> {
    let mut complaints = Vec::new();
    let (rules, rules_set) = rules::rules(&file.rules, &mut complaints);
    let all = template::expand(file, &mut complaints);
    let zone = zone_of_run(file, &all);
    let sound_clock = clock(file, &zone.rules, &mut complaints);
    let clock_is_sound = sound_clock.is_some();
    // Whatever else is wrong is told even if nobody knows when the run is.
    let Some(clock) = sound_clock.or_else(stand_in) else {
        return Err(complaints);
    };
    let mut lowering = Lowering {
        sources,
        map,
        complaints,
        rules,
        clock,
        zones: Vec::new(),
        contents: Vec::new(),
        sites: Vec::new(),
        caps: Vec::new(),
        domains: Vec::new(),
        logon_points: Vec::new(),
        habits: Vec::new(),
        cohorts: Vec::new(),
        rollout: Vec::new(),
        waiting: None,
        boundary_changes: Vec::new(),
        thresholds: Vec::new(),
        study: StudyOptions::default(),
        site_ids: BTreeMap::new(),
        groups: all.groups,
        domain_ids: BTreeMap::new(),
        habits_ids: BTreeMap::new(),
        sites_by_subnet: BTreeMap::new(),
        cohort_names: BTreeMap::new(),
        doubts: Vec::new(),
        hotfix_soak_s: 0,
        left_out: Vec::new(),
        not_read: Vec::new(),
    };
    lowering.zone(&zone);
    lowering.add_sites(&all.sites, file);
    lowering.add_boundary_changes(&file.boundary_change);
    lowering.add_domains(&all.domains);
    lowering.add_habits(&file.habits);
    lowering.add_clients(&all.clients, file);
    lowering.add_campaigns(file);
    lowering.add_rollout(file);
    lowering.add_hotfix_campaigns(&file.hotfix_campaign);
    lowering.add_thresholds(&file.threshold);
    lowering.add_study(&file.study);
    lowering.check_numbers();
    if !clock_is_sound {
        let of_its_own =
            |complaint: &Complaint| !complaint.relies_on.tables().contains(&"scenario");
        lowering.complaints.retain(of_its_own);
    }
    let waiting = lowering.waiting.take();
    let plan = lowering.finish(file, rules_set)?;
    Ok((plan, waiting))
}

/// A clock that serves until the scenario's own is mended: no complaint about it is shown.
fn stand_in() -> Option<Clock> {
    let start = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
    Clock::new(start, &TimeZone::UTC, 1, 1_000, HOUR_S).ok()
}

/// The zone the run's dates are in: its own, else that of the first site.
fn zone_of_run(file: &ScenarioFile, all: &template::Expanded) -> ZoneRules {
    let first = all.sites.first().and_then(|site| site.value.zone.as_ref());
    let stated = file.scenario.zone.as_ref().or(first);
    stated.map_or_else(utc, |zone| zone.0.clone())
}

fn utc() -> ZoneRules {
    ZoneRules {
        name: "UTC".to_owned(),
        rules: TimeZone::UTC,
    }
}

/// The axis of the run.
fn clock(file: &ScenarioFile, zone: &TimeZone, complaints: &mut Vec<Complaint>) -> Option<Clock> {
    const WARM_UP_DAYS: u32 = 14;
    let header = &file.scenario;
    let interval_s = header
        .interval
        .as_ref()
        .map_or(HOUR_S, |interval| interval.value.0);
    if let Some(interval) = &header.interval
        && (interval_s < MINUTE_S || !DAY_S.is_multiple_of(interval_s))
    {
        let label = "must divide a day, and be at least a minute";
        let title = "the day cannot be cut into such intervals";
        let complaint = Complaint::new(title, interval.place.clone(), label);
        complaints.push(complaint.help("use `15 min`, `1h`, `4h` or `1 day`, for example"));
        return None;
    }
    let warm_up_days = header.warm_up_days.unwrap_or(WARM_UP_DAYS);
    let clock = Clock::new(
        header.start.value.0,
        zone,
        warm_up_days,
        header.days,
        interval_s,
    );
    let in_calendar = clock
        .ok()
        .filter(|clock| Zone::new("", zone.clone(), clock).is_ok());
    if in_calendar.is_none() {
        let label = "with warm-up and length, the run leaves the calendar";
        complaints.push(Complaint::new(
            "this start cannot be used",
            header.start.place.clone(),
            label,
        ));
    }
    in_calendar
}

impl Lowering<'_> {
    /// The id of a zone, which is added when it is new.
    fn zone(&mut self, zone: &ZoneRules) -> ZoneId {
        if let Some(known) = self.zones.iter().position(|known| known.name == zone.name) {
            return ZoneId(known as u16);
        }
        // The axis lies within the calendar by more than zones differ, but for its very ends.
        match Zone::new(&zone.name, zone.rules.clone(), &self.clock) {
            Ok(zone) => {
                self.zones.push(zone);
                ZoneId((self.zones.len() - 1) as u16)
            }
            Err(_) => ZoneId(0),
        }
    }

    /// The provisional id of a content, which is added when it is new.
    fn content(&mut self, content: &Content) -> ContentId {
        let known = self
            .contents
            .iter()
            .position(|known| known.name == content.name);
        let at = known.unwrap_or_else(|| {
            self.contents.push(content.clone());
            self.contents.len() - 1
        });
        ContentId(u8::try_from(at).unwrap_or(u8::MAX))
    }

    /// The site of a name; an unknown one is complained of.
    fn site(&mut self, name: &str, place: &Place) -> Option<SiteId> {
        let found = self.site_ids.get(name).copied();
        if found.is_none() {
            let label = did_you_mean(name, self.site_ids.keys().map(String::as_str));
            let complaint =
                Complaint::new(format!("there is no site `{name}`"), place.clone(), label)
                    .relying_on(ReliesOn::Sites);
            let codes = listed(self.site_ids.keys().map(String::as_str));
            self.complaints
                .push(complaint.help(format!("the sites are {codes}")));
        }
        found
    }

    /// Adds the complaint that there are two things of one name.
    fn twice(&mut self, what: &str, name: &str, place: &Place, first: &Place) {
        let complaint = Complaint::new(
            format!("there are two {what} `{name}`"),
            place.clone(),
            "the second",
        );
        // Things from one template share its place, where one label says enough.
        let complaint = match place == first {
            true => complaint,
            false => complaint.also(first.clone(), "the first"),
        };
        self.complaints
            .push(complaint.help("give one of them a name of its own, or remove it"));
    }

    /// The second of a local time up to the end of the run; times before the axis count as its first second.
    fn second(&mut self, at: &Placed<LocalTime>, zone: ZoneId) -> Option<Second> {
        let local = at.value.0;
        let zone = &self.zones[zone.index()];
        let second = zone.second(&self.clock, local);
        let before = local.date() <= self.clock.first_day;
        match second {
            Some(second) if second < self.clock.end => Some(second),
            None if before => Some(Second::ZERO),
            _ => {
                self.complaints.push(self.outside(at, "after the run ends"));
                None
            }
        }
    }

    /// The second of a local time within the recorded run.
    fn second_in_run(&mut self, at: &Placed<LocalTime>, zone: ZoneId) -> Option<Second> {
        let second = self.second(at, zone)?;
        if second < self.clock.start {
            self.complaints
                .push(self.outside(at, "before the run starts"));
            return None;
        }
        Some(second)
    }

    fn outside(&self, at: &Placed<LocalTime>, label: &str) -> Complaint {
        let zone = &self.zones[0];
        let local = |second| super::shown(zone.local(&self.clock, second));
        let help = format!(
            "the run lasts from {} to {} ({}); change `start` or `days`, or this date",
            local(self.clock.start),
            local(self.clock.end),
            zone.name
        );
        let title = format!("{} is not within the run", super::shown(at.value.0));
        Complaint::new(title, at.place.clone(), label)
            .help(help)
            .relying_on(ReliesOn::Run)
    }

    /// Complains of tables that outgrow their ids.
    fn check_numbers(&mut self) {
        let most = usize::from(u16::MAX);
        let tables = [
            ("sites", self.sites.len(), most),
            ("Client Access Points", self.caps.len(), most),
            ("domains", self.domains.len(), most),
            ("domain controllers", self.logon_points.len(), most),
            ("kinds of habits", self.habits.len(), most),
            ("time zones", self.zones.len(), most),
            ("releases", self.contents.len(), usize::from(u8::MAX)),
        ];
        for (what, found, most) in tables {
            if found > most {
                let mut complaint =
                    Complaint::new(format!("{found} {what} are too many"), 0..0, "");
                complaint.at = None;
                self.complaints
                    .push(complaint.help(format!("the most is {most}")));
            }
        }
    }

    /// The finished plan, unless there are complaints.
    fn finish(self, file: &ScenarioFile, rules_set: Vec<String>) -> Result<Plan, Vec<Complaint>> {
        if !self.complaints.is_empty() {
            return Err(self.complaints);
        }
        let seed = file.scenario.seed.unwrap_or(1);
        let mut plan = Plan {
            name: file.scenario.name.value.clone(),
            seed,
            replications: file.study.replications.unwrap_or(1),
            clock: self.clock,
            zones: self.zones,
            contents: self.contents,
            target: ContentId(0),
            sites: self.sites,
            caps: self.caps,
            domains: self.domains,
            logon_points: self.logon_points,
            habits: self.habits,
            cohorts: self.cohorts,
            rollout: self.rollout,
            boundary_changes: self.boundary_changes,
            rules: self.rules,
            rules_set,
            hotfix_soak_s: self.hotfix_soak_s,
            thresholds: self.thresholds,
            study: self.study,
            results: ResultOptions { clients: false },
            left_out: self.left_out,
            not_read: self.not_read,
        };
        sort_contents(&mut plan);
        let brought = plan.rollout.iter().map(|upgrade| upgrade.to).max();
        let there = plan.sites.iter().map(|site| site.content).max();
        plan.target = brought.or(there).unwrap_or(ContentId(0));
        plan.results.clients = file
            .results
            .clients
            .unwrap_or(plan.clients() <= CLIENT_ROWS_UP_TO);
        Ok(plan)
    }
}

/// Orders the contents from the oldest base to the newest and renumbers every reference.
fn sort_contents(plan: &mut Plan) {
    let mut order: Vec<usize> = (0..plan.contents.len()).collect();
    order.sort_by_key(|&at| (plan.contents[at].base, plan.contents[at].agents));
    let mut renumbered = vec![ContentId(0); order.len()];
    for (new, &old) in order.iter().enumerate() {
        renumbered[old] = ContentId(new as u8);
    }
    plan.contents = order
        .iter()
        .map(|&old| plan.contents[old].clone())
        .collect();
    let renumber = |id: &mut ContentId| *id = renumbered[id.index()];
    plan.sites
        .iter_mut()
        .for_each(|site| renumber(&mut site.content));
    plan.rollout
        .iter_mut()
        .for_each(|upgrade| renumber(&mut upgrade.to));
    plan.cohorts
        .iter_mut()
        .filter_map(|cohort| cohort.installed.as_mut())
        .for_each(renumber);
}
