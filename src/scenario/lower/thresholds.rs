//! Thresholds: names in them become ids, and what cannot be measured is complained of.

use super::Lowering;
use crate::engine::time::HOUR_S;
use crate::plan::{CapId, Caps, Measure, SiteId, Threshold};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::ThresholdFile;
use crate::scenario::placed::Placed;
use crate::scenario::source::Place;
use crate::scenario::suggest::{did_you_mean, listed};
use crate::scenario::threshold::{SaidMeasure, read};
use std::collections::BTreeMap;
use std::ops::Range;

impl Lowering<'_> {
    /// Adds all thresholds.
    pub(super) fn add_thresholds(&mut self, thresholds: &[Placed<ThresholdFile>]) {
        let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
        for threshold in thresholds {
            let file = &threshold.value;
            if let Some(name) = &file.name
                && let Some(first) = names.insert(&name.value, &name.place)
            {
                self.twice("thresholds", &name.value, &name.place, first);
            }
            let added = self.threshold(file);
            self.thresholds.extend(added);
        }
    }

    fn threshold(&mut self, file: &ThresholdFile) -> Option<Threshold> {
        let that = &file.that.value;
        let said = read(that).map_err(|unclear| {
            let title = format!("`{that}` is no threshold");
            let place = within(&file.that, &unclear.at);
            self.complaints
                .push(Complaint::new(title, place, unclear.label).help(unclear.help));
        });
        let at_least = self.at_least(file);
        let site = match &file.site {
            Some(site) => Some(self.site(&site.value, &site.place)?),
            None => None,
        };
        let said = said.ok()?;
        let measure = match said.measure {
            SaidMeasure::Plain(measure) => measure,
            SaidMeasure::BusiestHour { cap, of_bandwidth } => {
                let caps = match cap {
                    None => Caps::Any,
                    Some(cap) => self.cap_named(&file.that, site, cap)?,
                };
                self.check_hour(&file.that)?;
                if of_bandwidth {
                    self.check_bandwidth(&file.that, site, caps)?;
                    Measure::BusiestHourShare(caps)
                } else {
                    Measure::BusiestHour(caps)
                }
            }
        };
        if let Some(site) = &file.site
            && !measure.has_sites()
        {
            let title = format!("`{that}` is known of the whole fleet only");
            let complaint = Complaint::new(title, site.place.clone(), "not counted by site");
            self.complaints.push(complaint.help(
                "leave `site` out; convergence and the load of Client Access Points are known by site",
            ));
            return None;
        }
        Some(Threshold {
            name: file.name.as_ref().map_or(that, |name| &name.value).clone(),
            that: that.clone(),
            site,
            measure,
            relation: said.relation,
            limit: said.limit,
            at_least: at_least?,
        })
    }

    fn at_least(&mut self, file: &ThresholdFile) -> Option<f64> {
        let share = file.at_least.as_ref();
        if let Some(zero) = share.filter(|share| share.value <= 0.0) {
            let title = "`at_least` of 0 asks for nothing";
            let complaint = Complaint::new(title, zero.place.clone(), "must be above 0");
            self.complaints
                .push(complaint.help("`at_least = 0.9` lets one replication in ten miss it"));
            return None;
        }
        Some(share.map_or(1.0, |share| share.value))
    }

    /// The Client Access Point that is named at these bytes of a text.
    pub(super) fn cap_named(
        &mut self,
        that: &Placed<String>,
        site: Option<SiteId>,
        (name, at): (String, Range<usize>),
    ) -> Option<Caps> {
        let of_site = |owner: SiteId| site.is_none_or(|site| site == owner);
        let known = self.caps.iter().filter(|cap| of_site(cap.site));
        let names: Vec<&str> = known.map(|cap| cap.name.as_str()).collect();
        let found = self
            .caps
            .iter()
            .position(|cap| cap.name == name && of_site(cap.site));
        if let Some(found) = found {
            return Some(Caps::One(CapId(found as u16)));
        }
        let whose = site.map_or(String::new(), |site| {
            format!(" of site {}", self.sites[site.index()].code)
        });
        let title = format!("there is no Client Access Point `{name}`{whose}");
        let label = did_you_mean(&name, names.iter().copied());
        let help = match names.as_slice() {
            [] => "there are none".to_owned(),
            names => format!("there are {}", listed(names.iter().copied())),
        };
        let complaint = Complaint::new(title, within(that, &at), label);
        self.complaints
            .push(complaint.help(help).relying_on(ReliesOn::Sites));
        None
    }

    /// An hour can be looked at only if intervals make it up.
    pub(super) fn check_hour(&mut self, that: &Placed<String>) -> Option<()> {
        if HOUR_S.is_multiple_of(self.clock.interval_s) {
            return Some(());
        }
        let title = "the results' intervals do not make up an hour";
        let place = that.place.clone();
        let complaint = Complaint::new(title, place, "asks for an hour");
        self.complaints.push(complaint.help(
            "set `interval` to `1h` or what divides it, such as `15 min`, or leave this threshold out",
        ).relying_on(ReliesOn::Run));
        None
    }

    /// Of an unlimited bandwidth there is no share.
    pub(super) fn check_bandwidth(
        &mut self,
        that: &Placed<String>,
        site: Option<SiteId>,
        caps: Caps,
    ) -> Option<()> {
        let limited = match caps {
            Caps::One(cap) => self.caps[cap.index()].bandwidth_bps.is_some(),
            Caps::Any => self
                .caps
                .iter()
                .any(|cap| cap.bandwidth_bps.is_some() && site.is_none_or(|site| site == cap.site)),
        };
        if limited {
            return Some(());
        }
        let title = "there is no share of an unlimited bandwidth";
        let place = that.place.clone();
        let complaint = Complaint::new(title, place, "never slows anybody");
        self.complaints.push(
            complaint
                .help("give the Client Access Point a `bandwidth`, or write a size")
                .relying_on(ReliesOn::Sites),
        );
        None
    }
}

/// The place of a part of a text; of all of it where the file writes it otherwise than it reads.
pub(super) fn within(text: &Placed<String>, part: &Range<usize>) -> Place {
    let place = &text.place;
    if place.len() == text.value.len() + 2 && !part.is_empty() {
        place.start + 1 + part.start..place.start + 1 + part.end
    } else {
        place.clone()
    }
}
