//! Rings become lines of the rollout, up to the first whose date is not fixed yet.

use super::Lowering;
use super::rollout::{Line, Selected};
use crate::engine::Second;
use crate::plan::rings::{Starts, Waiting};
use crate::plan::{Curve, SiteId, Source, Upgrade};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::{RingFile, RingsFile, Weekday};
use crate::scenario::placed::{LocalTime, Placed};
use crate::scenario::source::Place;
use crate::scenario::threshold::basis_points;
use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};

/// Replications from which a date is taken unless the scenario says otherwise.
const PILOT_REPLICATIONS: u32 = 5;
/// Seed of those unless the scenario says otherwise.
const PILOT_SEED: u64 = 1;

/// What a ring starts by.
struct Before {
    name: String,
    at: DateTime,
    sites: Vec<SiteId>,
}

impl Lowering<'_> {
    /// Adds the rings' lines to those of the rollout; what the first ring of unknown date waits for is kept.
    pub(super) fn add_rings(
        &mut self,
        rings: Option<&Placed<RingsFile>>,
        each: &[Placed<RingFile>],
        lines: &mut Vec<Line>,
    ) {
        let Some(rings) = rings else {
            if let Some(ring) = each.first() {
                let title = "rings need to know where they go";
                let label = "to which release, and from when on?";
                let place = ring.value.name.place.clone();
                let complaint = Complaint::new(title, place, label);
                self.complaints.push(
                    complaint.help(
                        "write `[rings]` with `to = \"SP2\"` and `start = 2000-06-23 18:00:00`",
                    ),
                );
            }
            return;
        };
        let starts = starts(&rings.value);
        let mut before: Option<Before> = None;
        for (at, ring) in each.iter().enumerate() {
            let name = &ring.value.name;
            if let Some(first) = each[..at]
                .iter()
                .find(|it| it.value.name.value == name.value)
            {
                self.twice("rings", &name.value, &name.place, &first.value.name.place);
            }
            let sites = self.taken(ring, lines);
            let date = self.date(&rings.value, &starts, &ring.value, before.as_ref(), &sites);
            let Some(date) = date else { return };
            let place = ring.value.at.as_ref().map_or_else(
                || place_of(&ring.value, &rings.value),
                |at| at.place.clone(),
            );
            self.add_ring(&rings.value, &sites, date, &place, lines);
            before = Some(Before {
                name: name.value.clone(),
                at: date,
                sites: sites.iter().map(|(selected, _)| selected.site).collect(),
            });
        }
    }

    /// The sites of a ring: those it selects that do not go yet, parents first, as many as its share says.
    fn taken(&mut self, ring: &Placed<RingFile>, lines: &[Line]) -> Vec<(Selected, Place)> {
        let all = Placed::new("all".to_owned(), ring.value.name.place.clone());
        let selectors = ring
            .value
            .sites
            .as_ref()
            .map_or(vec![all], |it| it.0.clone());
        let mut selected: Vec<(Selected, Place)> = Vec::new();
        for selector in &selectors {
            for one in self.select(selector) {
                if !selected.iter().any(|(known, _)| known.site == one.site) {
                    selected.push((one, selector.place.clone()));
                }
            }
        }
        let known = selected.len();
        selected.retain(|(one, _)| !lines.iter().any(|line| line.upgrade.site == one.site));
        selected.sort_by_key(|(one, _)| self.depth(one.site));
        if let Some(share) = &ring.value.share {
            // Rounded to a millionth first: 0.15 of 40 is 6, whatever its last binary digit.
            let part = libm::ceil(libm::round(share.value * known as f64 * 1e6) / 1e6);
            selected.truncate(part as usize);
        }
        if selected.is_empty() && !self.sites.is_empty() && self.complaints.is_empty() {
            let title = format!("ring `{}` takes no site", ring.value.name.value);
            let place = match (&ring.value.share, selectors.first()) {
                (Some(share), _) if share.value == 0.0 => share.place.clone(),
                (_, first) => first.map_or(ring.place.clone(), |it| it.place.clone()),
            };
            let complaint = Complaint::new(title, place, "nobody is left");
            self.complaints.push(
                complaint
                    .help("leave it out, or let an earlier ring take less")
                    .relying_on(ReliesOn::Order),
            );
        }
        selected
    }

    /// Number of sites above this one.
    fn depth(&self, site: SiteId) -> usize {
        let mut at = site;
        let mut depth = 0;
        // A circle of parents is complained of elsewhere and must not hold this up.
        while let Some(parent) = self.sites[at.index()].parent {
            (at, depth) = (parent, depth + 1);
            if depth > self.sites.len() {
                break;
            }
        }
        depth
    }

    /// When a ring starts; none if that is not known yet, or wrong.
    fn date(
        &mut self,
        rings: &RingsFile,
        starts: &Starts,
        ring: &RingFile,
        before: Option<&Before>,
        sites: &[(Selected, Place)],
    ) -> Option<DateTime> {
        if let Some(at) = &ring.at {
            return Some(at.value.0);
        }
        let after = ring.after.as_ref();
        let Some(before) = before else {
            let wrong = ring.wait.as_ref().map(|it| it.place.clone());
            if let Some(place) = wrong.or(after.map(|it| it.place.clone())) {
                let title = "the first ring has nothing to wait for";
                let complaint = Complaint::new(title, place, "there is no ring before it");
                self.complaints
                    .push(complaint.help("it begins at `start` of `[rings]`"));
            }
            return Some(rings.start.value.0);
        };
        let after_s = after.map_or(0, |it| it.value.0);
        let Some(wait) = &ring.wait else {
            let earliest = before
                .at
                .checked_add(SignedDuration::from_secs(i64::from(after_s)));
            return starts.next(earliest.ok()?);
        };
        let (basis_points, curve) = self.criterion(wait)?;
        let zones = sites
            .iter()
            .map(|(it, _)| self.sites[it.site.index()].zone.index());
        let waiting = Waiting {
            ring: ring.name.value.clone(),
            before: before.name.clone(),
            watched: before.sites.clone(),
            basis_points,
            curve,
            after_s,
            starts: starts.clone(),
            zones: zones.collect(),
            pilot_replications: rings.pilot_replications.unwrap_or(PILOT_REPLICATIONS),
            pilot_seed: rings.pilot_seed.unwrap_or(PILOT_SEED),
        };
        self.waiting = Some((waiting, wait.place.clone()));
        None
    }

    /// `95% converged`.
    fn criterion(&mut self, wait: &Placed<String>) -> Option<(u32, Curve)> {
        let read = |text: &str| -> Result<(u32, Curve), String> {
            let (share, curve) = text
                .split_once('%')
                .ok_or("a share in percent is missing")?;
            let named = Curve::ALL.into_iter().find(|it| it.name() == curve.trim());
            let curve = named.ok_or("`converged`, `base` or `reported` is missing")?;
            Ok((basis_points(share.trim())?, curve))
        };
        read(&wait.value)
            .map_err(|label| {
                let title = format!("`{}` is nothing to wait for", wait.value);
                let complaint = Complaint::new(title, wait.place.clone(), label);
                self.complaints
                    .push(complaint.help(
                        "write a share and a curve, as in `95% converged` or `90% reported`",
                    ));
            })
            .ok()
    }

    fn add_ring(
        &mut self,
        rings: &RingsFile,
        sites: &[(Selected, Place)],
        date: DateTime,
        place: &Place,
        lines: &mut Vec<Line>,
    ) {
        let to = self.content(&rings.to.value.0);
        let stagger_s = rings.stagger.as_ref().map_or(0, |it| it.value.0);
        let mut waited_s = 0_u32;
        for (selected, selector) in sites {
            let site = &self.sites[selected.site.index()];
            let base = |content: crate::plan::ContentId| self.contents[content.index()].base;
            if base(site.content) >= base(to) && !selected.by_code {
                continue;
            }
            let (zone, parent, secondary) = (site.zone, site.parent, site.secondary);
            let local = Placed::new(LocalTime(date), place.clone());
            let Some(at) = self.second_in_run(&local, zone) else {
                return;
            };
            // A parent in the same ring may have a later clock: its child waits for it.
            let of_parent = lines
                .iter()
                .filter(|line| Some(line.upgrade.site) == parent);
            let parents: Option<Second> = of_parent.map(|line| line.upgrade.at).max();
            let at = (at + waited_s).max(parents.unwrap_or(Second::ZERO));
            waited_s = waited_s.saturating_add(stagger_s);
            if at >= self.clock.end {
                let code = self.sites[selected.site.index()].code.clone();
                let title = format!("in this ring, site {code} starts after the run ends");
                let complaint = Complaint::new(title, place.clone(), "too late");
                self.complaints.push(
                    complaint
                        .help("shorten `stagger` or `after`, or raise `days` of the scenario")
                        .relying_on(ReliesOn::Order),
                );
                return;
            }
            let upgrade = Upgrade {
                site: selected.site,
                to,
                at,
                source: if secondary {
                    Source::Push
                } else {
                    Source::Media
                },
                forced: false,
                force_lsm: false,
                precheck: false,
                mishap: None,
            };
            lines.push(Line {
                upgrade,
                place: selector.clone(),
            });
        }
    }
}

/// What the date of a ring hangs on.
fn place_of(ring: &RingFile, rings: &RingsFile) -> Place {
    let after = ring.after.as_ref().map(|it| it.place.clone());
    let wait = ring.wait.as_ref().map(|it| it.place.clone());
    after.or(wait).unwrap_or_else(|| rings.start.place.clone())
}

fn starts(rings: &RingsFile) -> Starts {
    let usual = rings.start.value.0.time();
    let at = rings.at.as_ref().map_or(usual, |at| {
        let seconds = i64::from(at.value.0);
        Time::midnight().wrapping_add(SignedDuration::from_secs(seconds))
    });
    let days = rings.days.iter().flatten();
    Starts {
        days: days.copied().map(Weekday::of_calendar).collect(),
        at,
    }
}
