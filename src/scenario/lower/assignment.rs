//! What decides which sites clients belong to: boundaries that move, the sites' settings, the machines' network.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{
    AccountChange, BoundaryChange, Intake, Network, ParticipationChange, SiteId, ZoneId,
};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::{
    BoundaryChangeFile, ClientSettingsFile, DialUpPolicyName, MoveFile, NetworkFile, OnOff,
    ParticipantStep, PushStep, SiteTravelModeName,
};
use crate::scenario::placed::{BriefOrSteps, LocalTime, Placed};
use crate::scenario::source::Place;
use crate::sms::adapters::DialUpPolicy;
use crate::sms::assignment::SiteTravelMode;
use std::net::Ipv4Addr;

impl Lowering<'_> {
    /// What a site says about its clients.
    pub(super) fn intake(&mut self, settings: Option<&ClientSettingsFile>, zone: ZoneId) -> Intake {
        let Some(settings) = settings else {
            return Intake::default();
        };
        let push = settings.push_installation.as_ref();
        let emptied = settings.retry_box_emptied.iter().flatten();
        let mut retry_box_emptied: Vec<Second> =
            emptied.filter_map(|at| self.second(at, zone)).collect();
        retry_box_emptied.sort_unstable();
        Intake {
            push: match push.map(|push| &push.value) {
                None | Some(BriefOrSteps::Brief(OnOff::Off)) => Vec::new(),
                Some(BriefOrSteps::Brief(OnOff::On)) => vec![(Second::ZERO, true)],
                Some(BriefOrSteps::Steps(steps)) => self.push_steps(steps, zone),
            },
            retry_box_emptied,
            travel_mode: match settings.travel_mode {
                None | Some(SiteTravelModeName::Off) => SiteTravelMode::Off,
                Some(SiteTravelModeName::AlwaysOn) => SiteTravelMode::AlwaysOn,
                Some(SiteTravelModeName::NeverAsks) => SiteTravelMode::NeverAsks,
                Some(SiteTravelModeName::AlwaysOnNeverAsks) => SiteTravelMode::AlwaysOnNeverAsks,
            },
            account_changes: self.account_changes(settings, zone),
        }
    }

    fn push_steps(&mut self, steps: &[Placed<PushStep>], zone: ZoneId) -> Vec<(Second, bool)> {
        let mut on = Vec::new();
        for step in steps {
            let last = on.last().map(|(at, _)| *at);
            let what = "the steps of push installation";
            if let Some(at) = self.later(&step.value.from, zone, last, what) {
                on.push((at, step.value.state == OnOff::On));
            }
        }
        on
    }

    fn account_changes(
        &mut self,
        settings: &ClientSettingsFile,
        zone: ZoneId,
    ) -> Vec<AccountChange> {
        let mut changes: Vec<AccountChange> = Vec::new();
        for change in settings.account_changes.iter().flatten() {
            let last = changes.last().map(|change| change.at);
            let what = "changes of an account";
            let Some(at) = self.later(&change.value.at, zone, last, what) else {
                continue;
            };
            let span = |span: &Option<crate::scenario::notation::Span>| {
                span.as_ref().map_or(0, |span| span.0)
            };
            let old_until = at + span(&change.value.overlap);
            changes.push(AccountChange {
                at,
                old_until,
                locked_until: old_until + span(&change.value.locked_out),
            });
        }
        changes
    }

    /// The second of a step in a list that goes forward in time.
    fn later(
        &mut self,
        at: &Placed<LocalTime>,
        zone: ZoneId,
        last: Option<Second>,
        what: &str,
    ) -> Option<Second> {
        let second = self.second(at, zone)?;
        if last.is_some_and(|last| second < last) {
            let title = format!("{what} go forward in time");
            let label = "earlier than the one before";
            self.complaints
                .push(Complaint::new(title, at.place.clone(), label));
            return None;
        }
        Some(second)
    }

    /// When a site's logon methods in a domain are switched.
    pub(super) fn participation_changes(
        &mut self,
        first: (bool, bool),
        steps: Option<&[Placed<ParticipantStep>]>,
    ) -> Vec<ParticipationChange> {
        let mut changes: Vec<ParticipationChange> = Vec::new();
        for step in steps.unwrap_or_default() {
            let last = changes.last().copied();
            let what = "the steps of a site in a domain";
            let moment = last.map(|change| change.at);
            let Some(at) = self.later(&step.value.from, ZoneId(0), moment, what) else {
                continue;
            };
            let (discovery, installation) = last.map_or(first, |change| {
                (change.logon_discovery, change.logon_installation)
            });
            changes.push(ParticipationChange {
                at,
                logon_discovery: step.value.logon_discovery.unwrap_or(discovery),
                logon_installation: step.value.logon_installation.unwrap_or(installation),
            });
        }
        changes
    }

    /// Adds every change of boundaries, in the order of time.
    pub(super) fn add_boundary_changes(&mut self, changes: &[Placed<BoundaryChangeFile>]) {
        let mut all: Vec<(BoundaryChange, Place)> = Vec::new();
        for change in changes {
            self.add_boundary_change(&change.value, &mut all);
        }
        all.sort_by_key(|(change, _)| (change.at, change.site, change.subnet));
        for (number, (change, place)) in all.iter().enumerate() {
            self.check_boundary_change(change, place, &all[..number]);
        }
        self.boundary_changes = all.into_iter().map(|(change, _)| change).collect();
    }

    fn add_boundary_change(
        &mut self,
        file: &BoundaryChangeFile,
        all: &mut Vec<(BoundaryChange, Place)>,
    ) {
        let site = |site: &Option<Placed<String>>, lowering: &mut Self| {
            let site = site.as_ref()?;
            lowering.site(&site.value, &site.place)
        };
        let (from, to) = (site(&file.from, self), site(&file.to, self));
        if file.from.is_none() && file.to.is_none() {
            let title = "this change of boundaries names no site";
            let complaint = Complaint::new(title, file.at.place.clone(), "needs `from` or `to`");
            self.complaints.push(complaint.help(
                "`from` is the site that the subnets leave, `to` the one that they enter; a move has both",
            ));
        }
        let Some(begin) = self.second(&file.at, ZoneId(0)) else {
            return;
        };
        let stagger_s = file.stagger.as_ref().map_or(0, |stagger| stagger.value.0);
        for (number, subnet) in (0_u32..).zip(&file.subnets.0) {
            let at = begin + stagger_s.saturating_mul(number);
            if at >= self.clock.end {
                let place = file.stagger.as_ref().map_or(&file.at.place, |it| &it.place);
                let title = format!(
                    "with this stagger, {} follows after the run ends",
                    subnet.value.0
                );
                let complaint =
                    Complaint::new(title, place.clone(), "too much for so many subnets");
                self.complaints
                    .push(complaint.help("shorten `stagger`, or raise `days`"));
                return;
            }
            let changed = |site: Option<SiteId>, adds| site.map(|site| (site, adds));
            for (site, adds) in [changed(from, false), changed(to, true)]
                .into_iter()
                .flatten()
            {
                let change = BoundaryChange {
                    at,
                    site,
                    subnet: subnet.value.0,
                    adds,
                };
                all.push((change, subnet.place.clone()));
            }
        }
    }

    /// Complains of a subnet that is not where it is to leave, or already is where it is to enter.
    fn check_boundary_change(
        &mut self,
        change: &BoundaryChange,
        place: &Place,
        before: &[(BoundaryChange, Place)],
    ) {
        let site = &self.sites[change.site.index()];
        let same = |(other, _): &&(BoundaryChange, Place)| {
            other.site == change.site && other.subnet == change.subnet
        };
        let last = before.iter().rev().find(same);
        let listed = last.map_or_else(
            || site.boundaries.contains(&change.subnet),
            |(other, _)| other.adds,
        );
        if listed == change.adds {
            let (subnet, code) = (change.subnet, &site.code);
            let (title, label) = match change.adds {
                true => (
                    format!("{subnet} is within the boundaries of {code} already"),
                    "cannot enter them again",
                ),
                false => (
                    format!("{subnet} is not within the boundaries of {code} then"),
                    "cannot leave them",
                ),
            };
            self.complaints
                .push(Complaint::new(title, place.clone(), label));
        }
    }

    /// How a group's machines are on the network.
    pub(super) fn network(&mut self, file: Option<&NetworkFile>, zone: ZoneId) -> Network {
        let rule = self.rules.dial_up_outside_boundaries;
        let usual = Network {
            dial_up_outside: rule,
            ..Network::default()
        };
        let Some(file) = file else {
            return usual;
        };
        let forced = file.forced_sites.iter().flatten();
        let forced_sites = forced
            .filter_map(|site| self.site(&site.value, &site.place))
            .collect();
        let until = file.travel_mode_until.as_ref();
        let visits = file.visits.iter().flatten().map(|subnet| subnet.value.0);
        Network {
            one_adapter: file.one_adapter.unwrap_or(false),
            inactive_adapter: file.inactive_adapter.as_ref().is_some_and(|it| it.value),
            dial_up: file.dial_up.unwrap_or(false),
            dial_up_outside: file.dial_up_outside.unwrap_or(rule),
            dial_up_policy: match file.dial_up_policy {
                None | Some(DialUpPolicyName::Open) => DialUpPolicy::Open,
                Some(DialUpPolicyName::ScriptOff) => DialUpPolicy::ScriptOff,
                Some(DialUpPolicyName::Hold) => DialUpPolicy::Hold,
            },
            forced_sites,
            travel_mode_until: until
                .and_then(|until| self.second(until, zone))
                .unwrap_or(Second::NEVER),
            visits: visits.collect(),
            moves: self.moves(file.moves.as_deref().unwrap_or_default(), zone),
        }
    }

    fn moves(&mut self, moves: &[Placed<MoveFile>], zone: ZoneId) -> Vec<(Second, Ipv4Addr)> {
        let mut all: Vec<(Second, Ipv4Addr)> = Vec::new();
        for to in moves {
            let last = all.last().map(|(at, _)| *at);
            if let Some(at) = self.later(&to.value.at, zone, last, "moves of machines") {
                all.push((at, to.value.boundary.value.0));
            }
        }
        all
    }
}
