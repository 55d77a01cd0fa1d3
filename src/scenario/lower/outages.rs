//! Outages and other spans in which a server is not what it should be.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{
    CopylogDamage, CopylogPin, LogonPointId, Outages, Participation, SiteId, ZoneId,
};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::{CapFile, ControllerOutageFile, DomainFile, OutageFile};
use crate::scenario::placed::{LocalTime, Placed};
use crate::scenario::suggest::{did_you_mean, listed};

/// Times of a domain are local times of the scenario.
const SCENARIO_ZONE: ZoneId = ZoneId(0);

impl Lowering<'_> {
    /// Spans of a server, in order.
    pub(super) fn outages(
        &mut self,
        outages: Option<&[Placed<OutageFile>]>,
        zone: ZoneId,
    ) -> Outages {
        let mut spans = Vec::new();
        for outage in outages.into_iter().flatten() {
            spans.extend(self.span(&outage.value.from, Some(&outage.value.until), zone));
        }
        merged(spans)
    }

    /// A span; none if it is wrong. Its end may lie after the run, or be open.
    fn span(
        &mut self,
        from: &Placed<LocalTime>,
        until: Option<&Placed<LocalTime>>,
        zone: ZoneId,
    ) -> Option<(Second, Second)> {
        if let Some(until) = until.filter(|until| from.value.0 >= until.value.0) {
            let title = "this outage ends before it begins";
            let complaint = Complaint::new(title, until.place.clone(), "its end");
            self.complaints
                .push(complaint.also(from.place.clone(), "its begin"));
            return None;
        }
        let from = self.second(from, zone)?;
        let end = self.clock.end;
        let until =
            until.and_then(|until| self.zones[zone.index()].second(&self.clock, until.value.0));
        Some((from, until.unwrap_or(end).min(end)))
    }

    /// From when until when a Client Access Point is there.
    pub(super) fn lifetime(&mut self, cap: &CapFile, zone: ZoneId) -> (Second, Second) {
        let mut moment = |at: Option<&Placed<LocalTime>>, unstated| {
            at.map_or(unstated, |at| self.second(at, zone).unwrap_or(unstated))
        };
        let added = moment(cap.added.as_ref(), Second::ZERO);
        let removed = moment(cap.removed.as_ref(), Second::NEVER);
        if let Some(at) = cap.removed.as_ref().filter(|_| removed <= added) {
            let title = "this Client Access Point is removed before it is there";
            self.complaints
                .push(Complaint::new(title, at.place.clone(), "its end"));
        }
        (added, removed)
    }

    /// Sets when the controllers of a domain are down.
    pub(super) fn add_controller_outages(&mut self, domain: &DomainFile, points: &[LogonPointId]) {
        for outage in domain.outages.iter().flatten() {
            let ControllerOutageFile {
                controller,
                from,
                until,
            } = &outage.value;
            let span = self.span(from, Some(until), SCENARIO_ZONE);
            let concerned = match controller {
                None => points.to_vec(),
                Some(name) => self.controller(domain, name, points).into_iter().collect(),
            };
            for point in concerned {
                self.logon_points[point.index()].outages.extend(span);
            }
        }
        for point in points {
            let outages = std::mem::take(&mut self.logon_points[point.index()].outages);
            self.logon_points[point.index()].outages = merged(outages);
        }
    }

    /// The controller of a name such as PDC or BDC1, with or without its domain before it.
    fn controller(
        &mut self,
        domain: &DomainFile,
        name: &Placed<String>,
        points: &[LogonPointId],
    ) -> Option<LogonPointId> {
        let of_domain = format!("{}-", domain.name.value);
        let short = |point: &LogonPointId| {
            let name = &self.logon_points[point.index()].name;
            name.strip_prefix(&of_domain).unwrap_or(name).to_owned()
        };
        let names: Vec<String> = points.iter().map(short).collect();
        let wanted = name.value.strip_prefix(&of_domain).unwrap_or(&name.value);
        let found = names.iter().position(|known| known == wanted);
        if found.is_none() {
            let known = || names.iter().map(String::as_str);
            let title = format!("{} has no controller `{}`", domain.name.value, name.value);
            let label = did_you_mean(&name.value, known());
            self.complaints.push(
                Complaint::new(title, name.place.clone(), label)
                    .help(format!("there are {}", listed(known()))),
            );
        }
        found.map(|found| points[found])
    }

    /// The hand that holds Copylog.tcf.
    pub(super) fn copylog_pin(
        &mut self,
        domain: &DomainFile,
        sites: &[Participation],
    ) -> Option<CopylogPin> {
        let pin = domain.copylog_pin.as_ref()?;
        let site = self.site(&pin.site.value, &pin.site.place);
        let site = site.filter(|site| self.takes_part(domain, &pin.site, *site, sites));
        let (from, until) = self.span(&pin.from, pin.until.as_ref(), SCENARIO_ZONE)?;
        let until = if pin.until.is_some() {
            until
        } else {
            Second::NEVER
        };
        Some(CopylogPin {
            site: site?,
            from,
            until,
        })
    }

    /// Whether a site that is named in a domain manages it; complains if not.
    pub(super) fn takes_part(
        &mut self,
        domain: &DomainFile,
        name: &Placed<String>,
        site: SiteId,
        sites: &[Participation],
    ) -> bool {
        let takes_part = sites.iter().any(|participant| participant.site == site);
        if !takes_part {
            let domain = &domain.name.value;
            let title = format!("site {} does not take part in {domain}", name.value);
            let label = "has nothing to say there";
            let complaint = Complaint::new(title, name.place.clone(), label);
            self.complaints
                .push(complaint.help(format!("add it to `sites` of {domain}")));
        }
        takes_part
    }

    /// The moments at which Copylog.tcf breaks.
    pub(super) fn copylog_damage(
        &mut self,
        domain: &DomainFile,
        points: &[LogonPointId],
    ) -> Vec<CopylogDamage> {
        let mut all = Vec::new();
        for damage in domain.copylog_damage.iter().flatten() {
            let span = self.span(&damage.at, damage.mended.as_ref(), SCENARIO_ZONE);
            let controller = match &damage.controller {
                None => Some(None),
                Some(name) => self.controller(domain, name, points).map(Some),
            };
            if let (Some((at, mended)), Some(controller)) = (span, controller) {
                let mended = if damage.mended.is_some() {
                    mended
                } else {
                    Second::NEVER
                };
                all.push(CopylogDamage {
                    controller,
                    at,
                    mended,
                });
            }
        }
        all
    }

    /// A moment from which on something holds; `NEVER` if it is not stated.
    pub(super) fn moment(&mut self, at: Option<&Placed<LocalTime>>) -> Second {
        let moment = at.and_then(|at| self.second(at, SCENARIO_ZONE));
        moment.unwrap_or(Second::NEVER)
    }
}

/// The parts of spans that lie in a lifetime.
pub(super) fn within(spans: Outages, from: Second, until: Second) -> Outages {
    let parts = spans.into_iter();
    let parts = parts.map(|(begin, end)| (begin.max(from), end.min(until)));
    parts.filter(|(begin, end)| begin < end).collect()
}

/// Spans in order of time, those that touch made one.
pub(super) fn merged(mut spans: Outages) -> Outages {
    spans.sort();
    spans.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    spans
}
