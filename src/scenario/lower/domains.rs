//! Domains and their logon points.

use super::Lowering;
use crate::engine::Second;
use crate::engine::time::MINUTE_S;
use crate::plan::{Domain, DomainId, LogonPoint, LogonPointId, Participation, SiteId, ZoneId};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::{DomainFile, OnOff, ParticipantFile, ScriptStep};
use crate::scenario::placed::{Brief, BriefOrSteps, Placed};
use crate::scenario::source::Place;
use std::collections::BTreeMap;

/// Controllers of a domain that states no number: a PDC and a BDC.
const CONTROLLERS: u32 = 2;

impl Lowering<'_> {
    /// Adds all domains.
    pub(super) fn add_domains(&mut self, domains: &[Placed<DomainFile>]) {
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        for domain in domains {
            let name = &domain.value.name;
            if let Some(first) = first.get(name.value.as_str()) {
                self.twice("domains", &name.value, &name.place, first);
                continue;
            }
            first.insert(&name.value, &name.place);
            self.add_domain(&domain.value);
        }
    }

    fn add_domain(&mut self, domain: &DomainFile) {
        let name = &domain.name.value;
        let id = DomainId(self.domains.len() as u16);
        let sites = self.participants(domain);
        let senior = domain.senior.as_ref().and_then(|senior| {
            let site = self.site(&senior.value, &senior.place)?;
            self.takes_part(domain, senior, site, &sites)
                .then_some(site)
        });
        if let (None, Some(until)) = (&domain.senior, &domain.senior_until) {
            let title = format!("{name} has no Senior.lst that could be taken away");
            let complaint = Complaint::new(title, until.place.clone(), "needs `senior` as well");
            self.complaints.push(complaint);
        }
        let senior_until = self.moment(domain.senior_until.as_ref());
        let copylog_pin = self.copylog_pin(domain, &sites);
        if let Some(interval) = domain
            .lsm_interval
            .as_ref()
            .filter(|interval| interval.value.0 < MINUTE_S)
        {
            let title = "`lsm_interval` is too short";
            self.complaints.push(Complaint::new(
                title,
                interval.place.clone(),
                "must be at least a minute",
            ));
        }
        let script_share = self.script_share(domain);
        let logon_points = self.add_logon_points(domain, id);
        self.add_controller_outages(domain, &logon_points);
        let copylog_damage = self.copylog_damage(domain, &logon_points);
        self.domain_ids.insert(name.clone(), id);
        self.domains.push(Domain {
            name: name.clone(),
            logon_points,
            sites,
            senior,
            senior_until,
            pdc_unfit: domain.pdc_unfit.unwrap_or(false),
            copylog_pin,
            copylog_damage,
            lsm_interval_s: domain
                .lsm_interval
                .as_ref()
                .map_or(self.rules.lsm_interval, |interval| interval.value.0),
            link_bps: domain
                .link
                .as_ref()
                .map_or(self.rules.controller_link, |link| link.0),
            script_share,
        });
    }

    fn add_logon_points(&mut self, domain: &DomainFile, id: DomainId) -> Vec<LogonPointId> {
        let name = &domain.name.value;
        let bandwidth_bps = domain
            .controller_bandwidth
            .as_ref()
            .map(|bandwidth| bandwidth.0);
        let mut ids = Vec::new();
        for number in 0..domain.controllers.unwrap_or(CONTROLLERS) {
            let name = match number {
                0 => format!("{name}-PDC"),
                number => format!("{name}-BDC{number}"),
            };
            ids.push(LogonPointId(self.logon_points.len() as u16));
            self.logon_points.push(LogonPoint {
                name,
                domain: id,
                bandwidth_bps,
                outages: Vec::new(),
            });
        }
        ids
    }

    fn participants(&mut self, domain: &DomainFile) -> Vec<Participation> {
        let mut sites: Vec<Participation> = Vec::new();
        for entry in &domain.sites {
            let short;
            let full = match &entry.value {
                Brief::Full(full) => full,
                Brief::Short(name) => {
                    short = plainly(name, &entry.place);
                    &short
                }
            };
            for site in self.site_or_group(&full.site) {
                if sites.iter().any(|known| known.site == site) {
                    let code = &self.sites[site.index()].code;
                    let title = format!("site {code} is listed twice in {}", domain.name.value);
                    let complaint =
                        Complaint::new(title, full.site.place.clone(), "once is enough");
                    self.complaints.push(complaint);
                    continue;
                }
                let logon_discovery = full.logon_discovery.unwrap_or(true);
                let logon_installation = full.logon_installation.unwrap_or(true);
                sites.push(Participation {
                    site,
                    logon_discovery,
                    logon_installation,
                    leaves: self.moment(full.leaves.as_ref()),
                    changes: self.participation_changes(
                        (logon_discovery, logon_installation),
                        full.steps.as_deref(),
                    ),
                });
            }
        }
        let name = &domain.name;
        if domain.sites.is_empty() {
            let title = format!("no site manages the logon points of {}", name.value);
            let complaint = Complaint::new(title, name.place.clone(), "needs `sites`");
            self.complaints
                .push(complaint.help("list the sites: `sites = [\"HQ1\", \"EU1\"]`"));
        }
        if sites.len() > Domain::MOST_SITES {
            let title = format!("{} sites share {}", sites.len(), name.value);
            let label = format!("at most {} are supported", Domain::MOST_SITES);
            let complaint = Complaint::new(title, name.place.clone(), label);
            self.complaints
                .push(complaint.help("spread the sites over several domains"));
        }
        sites
    }

    /// The site or the sites of the template that a name means.
    pub(super) fn site_or_group(&mut self, name: &Placed<String>) -> Vec<SiteId> {
        match self.groups.get(&name.value).cloned() {
            Some(codes) => codes
                .iter()
                .filter_map(|code| self.site_ids.get(code).copied())
                .collect(),
            None => self.site(&name.value, &name.place).into_iter().collect(),
        }
    }

    fn script_share(&mut self, domain: &DomainFile) -> Vec<(Second, f64)> {
        match domain.logon_script.as_ref().map(|script| &script.value) {
            None | Some(BriefOrSteps::Brief(OnOff::On)) => vec![(Second::ZERO, 1.0)],
            Some(BriefOrSteps::Brief(OnOff::Off)) => vec![(Second::ZERO, 0.0)],
            Some(BriefOrSteps::Steps(steps)) => self.script_steps(steps),
        }
    }

    /// The steps in order; before the first, everybody runs the script.
    fn script_steps(&mut self, steps: &[Placed<ScriptStep>]) -> Vec<(Second, f64)> {
        let mut shares = vec![(Second::ZERO, 1.0)];
        for step in steps {
            let from = &step.value.from;
            let Some(second) = self.second(from, ZoneId(0)) else {
                continue;
            };
            let last = shares.last().map_or(Second::ZERO, |(last, _)| *last);
            if second < last {
                let title = "the steps of a logon script go forward in time";
                let label = "earlier than the step before";
                self.complaints
                    .push(Complaint::new(title, from.place.clone(), label));
            }
            if second == last {
                shares.pop();
            }
            shares.push((second, step.value.share));
        }
        shares
    }
}

/// A site that takes part in every way.
fn plainly(name: &str, place: &Place) -> ParticipantFile {
    ParticipantFile {
        site: Placed::new(name.to_owned(), place.clone()),
        logon_discovery: None,
        logon_installation: None,
        leaves: None,
        steps: None,
    }
}
