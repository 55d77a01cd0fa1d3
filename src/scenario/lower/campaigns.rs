//! Campaigns and what sites tell their clients, laid upon the cohorts and sites that they concern.

use super::Lowering;
use crate::engine::Second;
use crate::engine::time::HOUR_S;
use crate::plan::campaigns::{Freeze, Kick, LeftOn, Verification};
use crate::plan::{Circumstances, SiteId, ZoneId};
use crate::scenario::complaint::Complaint;
use crate::scenario::file::{
    FreezeFile, KickFile, LeaveOnFile, OfferFile, ScenarioFile, SpellFile, VerifyFile,
};
use crate::scenario::placed::{LocalTime, OneOrMany, Placed};
use crate::scenario::source::Place;
use crate::scenario::suggest::{did_you_mean, listed};
use crate::scenario::template;

/// Whom a campaign concerns, as written.
struct Whom<'f> {
    clients: Option<&'f OneOrMany<String>>,
    site: Option<&'f OneOrMany<String>>,
    place: &'f Place,
}

impl Lowering<'_> {
    /// Adds all campaigns; clients and sites are known by now.
    pub(super) fn add_campaigns(&mut self, file: &ScenarioFile) {
        self.check_campaign_names(file);
        for kick in &file.kick {
            self.add_kick(&kick.value, &kick.place);
        }
        for leave_on in &file.leave_on {
            self.add_leave_on(&leave_on.value, &leave_on.place);
        }
        for freeze in &file.freeze {
            self.add_freeze(&freeze.value, &freeze.place);
        }
        for verify in &file.verify {
            self.add_verify(&verify.value);
        }
        for offer in &file.offer {
            self.add_offer(&offer.value);
        }
        for spell in &file.crc_mismatch {
            for (site, span) in self.spells(&spell.value) {
                self.sites[site.index()].conditions.crc_mismatch.push(span);
            }
        }
        for spell in &file.offers_cut_off {
            for (site, span) in self.spells(&spell.value) {
                self.sites[site.index()]
                    .conditions
                    .offers_cut_off
                    .push(span);
            }
        }
    }

    /// Complains of two campaigns of one kind that have one name.
    fn check_campaign_names(&mut self, file: &ScenarioFile) {
        fn names<T>(
            list: &[Placed<T>],
            name: fn(&T) -> &Option<Placed<String>>,
        ) -> Vec<&Placed<String>> {
            list.iter()
                .filter_map(|it| name(&it.value).as_ref())
                .collect()
        }
        let kinds = [
            ("kicks", names(&file.kick, |it| &it.name)),
            ("campaigns", names(&file.leave_on, |it| &it.name)),
            ("freezes", names(&file.freeze, |it| &it.name)),
            ("verifications", names(&file.verify, |it| &it.name)),
            ("offers", names(&file.offer, |it| &it.name)),
            (
                "spells of wrong checksums",
                names(&file.crc_mismatch, |it| &it.name),
            ),
            (
                "spells of cut-off offers",
                names(&file.offers_cut_off, |it| &it.name),
            ),
        ];
        for (kind, names) in kinds {
            for (at, name) in names.iter().enumerate() {
                let first = names[..at].iter().find(|first| first.value == name.value);
                if let Some(first) = first {
                    self.twice(kind, &name.value, &name.place, &first.place);
                }
            }
        }
    }

    fn add_kick(&mut self, kick: &KickFile, place: &Place) {
        let whom = Whom {
            clients: kick.clients.as_ref(),
            site: kick.site.as_ref(),
            place,
        };
        for at_cohort in self.concerned(&whom) {
            let zone = self.cohorts[at_cohort].zone;
            let Some(at) = self.second(&kick.at, zone) else {
                return;
            };
            let kick_here = Kick {
                at,
                within_s: kick.within.as_ref().map_or(0, |within| within.value.0),
                share: kick.share.unwrap_or(1.0),
            };
            let kicks = &mut self.cohorts[at_cohort].circumstances.kicks;
            kicks.push(kick_here);
            kicks.sort_by_key(|kick| kick.at);
            let apart = |pair: &[Kick]| pair[0].at + pair[0].within_s.max(1) <= pair[1].at;
            let overlap = !kicks.windows(2).all(apart);
            let too_many = kicks.len() > Circumstances::MOST_KICKS;
            if overlap || too_many {
                let name = self.cohorts[at_cohort].name.clone();
                let title = if overlap {
                    format!("two kicks of `{name}` overlap")
                } else {
                    format!("`{name}` are kicked too often")
                };
                let complaint = Complaint::new(title, kick.at.place.clone(), "this one");
                self.complaints.push(complaint.help(format!(
                    "let one end before the next begins; the most is {}",
                    Circumstances::MOST_KICKS
                )));
                return;
            }
        }
    }

    fn add_leave_on(&mut self, campaign: &LeaveOnFile, place: &Place) {
        let whom = Whom {
            clients: campaign.clients.as_ref(),
            site: campaign.site.as_ref(),
            place,
        };
        for cohort in self.concerned(&whom) {
            let evenings = &mut self.cohorts[cohort].circumstances.left_on;
            for date in &campaign.evenings {
                let evening = LeftOn {
                    evening: date.value.0,
                    share: campaign.share.unwrap_or(1.0),
                };
                if let Some(known) = evenings.iter_mut().find(|it| it.evening == evening.evening) {
                    known.share = known.share.max(evening.share);
                } else {
                    evenings.push(evening);
                }
            }
            evenings.sort_by_key(|it| it.evening);
        }
    }

    fn add_freeze(&mut self, freeze: &FreezeFile, place: &Place) {
        let whom = Whom {
            clients: freeze.clients.as_ref(),
            site: freeze.site.as_ref(),
            place,
        };
        if let (Some(from), Some(until)) = (&freeze.from, &freeze.until)
            && !self.goes_forward(from, until)
        {
            return;
        }
        for cohort in self.concerned(&whom) {
            let zone = self.cohorts[cohort].zone;
            let from = match &freeze.from {
                Some(from) => self.second(from, zone),
                None => Some(Second::ZERO),
            };
            let until = self.end(freeze.until.as_ref(), zone);
            if let Some(from) = from {
                self.cohorts[cohort].circumstances.frozen.push(Freeze {
                    from,
                    until,
                    share: freeze.share.unwrap_or(1.0),
                });
            }
        }
    }

    fn add_verify(&mut self, verify: &VerifyFile) {
        let every_s = verify
            .every
            .as_ref()
            .map_or(self.rules.verify_interval, |every| every.value.0);
        if let Some(every) = verify.every.as_ref().filter(|_| every_s < HOUR_S) {
            let title = "`every` is too short";
            let complaint = Complaint::new(title, every.place.clone(), "must be at least an hour");
            self.complaints.push(complaint);
            return;
        }
        for site in self.selected_sites(&verify.site) {
            let zone = self.sites[site.index()].zone;
            let Some(first) = self.second(&verify.first, zone) else {
                return;
            };
            self.sites[site.index()].conditions.verification = Some(Verification {
                first,
                every_s,
                same_day: verify.same_day.unwrap_or(true),
            });
        }
    }

    fn add_offer(&mut self, offer: &OfferFile) {
        let agents = super::agents::agents(Some(&offer.agents));
        for site in self.selected_sites(&offer.site) {
            let zone = self.sites[site.index()].zone;
            let from = match &offer.from {
                Some(from) => self.second(from, zone),
                None => Some(Second::ZERO),
            };
            let Some(from) = from else {
                return;
            };
            let steps = &mut self.sites[site.index()].conditions.agents;
            steps.push((from, agents));
            steps.sort_by_key(|(from, _)| *from);
        }
    }

    /// When something is wrong, at each site it concerns.
    fn spells(&mut self, spell: &SpellFile) -> Vec<(SiteId, (Second, Second))> {
        if let Some(until) = &spell.until
            && !self.goes_forward(&spell.from, until)
        {
            return Vec::new();
        }
        let mut spells = Vec::new();
        for site in self.selected_sites(&spell.site) {
            let zone = self.sites[site.index()].zone;
            let until = self.end(spell.until.as_ref(), zone);
            if let Some(from) = self.second(&spell.from, zone) {
                spells.push((site, (from, until)));
            }
        }
        spells
    }

    /// An end that may lie beyond the run; `NEVER` where none is stated.
    fn end(&self, until: Option<&Placed<LocalTime>>, zone: ZoneId) -> Second {
        let zone = &self.zones[zone.index()];
        let second = until.and_then(|until| zone.second(&self.clock, until.value.0));
        second.unwrap_or(Second::NEVER)
    }

    /// Whether an end lies behind its begin; complains if not.
    fn goes_forward(&mut self, from: &Placed<LocalTime>, until: &Placed<LocalTime>) -> bool {
        let forward = from.value.0 < until.value.0;
        if !forward {
            let title = "this ends before it begins";
            let complaint = Complaint::new(title, until.place.clone(), "its end");
            self.complaints
                .push(complaint.also(from.place.clone(), "its begin"));
        }
        forward
    }

    /// The sites that a list of selectors means, each once.
    fn selected_sites(&mut self, selectors: &OneOrMany<String>) -> Vec<SiteId> {
        let mut sites: Vec<SiteId> = Vec::new();
        for selector in &selectors.0 {
            sites.extend(self.select(selector).iter().map(|selected| selected.site));
        }
        sites.sort();
        sites.dedup();
        sites
    }

    /// The cohorts that a campaign concerns, by position; complains if there are none.
    fn concerned(&mut self, whom: &Whom<'_>) -> Vec<usize> {
        let complaints = self.complaints.len();
        let sites = whom.site.map(|site| self.selected_sites(site));
        if let Some(clients) = whom.clients {
            clients.0.iter().for_each(|group| self.check_group(group));
        }
        let concerned: Vec<usize> = (0..self.cohorts.len())
            .filter(|&cohort| {
                let here = sites.as_ref().is_none_or(|sites| {
                    let mut covering = self.covering_sites(cohort);
                    covering.any(|site| sites.contains(&site))
                });
                let named = whom.clients.is_none_or(|clients| {
                    let mut groups = clients.0.iter();
                    groups.any(|group| self.is_of_group(cohort, &group.value))
                });
                here && named
            })
            .collect();
        if concerned.is_empty() && complaints == self.complaints.len() && !self.cohorts.is_empty() {
            let place = whom.place.start..whom.place.start + 1;
            let complaint = Complaint::new("this concerns no clients", place, "nobody is meant");
            self.complaints.push(
                complaint.help("name groups in `clients`, or the sites they lie in in `site`"),
            );
        }
        concerned
    }

    fn covering_sites(&self, cohort: usize) -> impl Iterator<Item = SiteId> + '_ {
        let subnets = self.cohorts[cohort].subnets.iter();
        subnets.flat_map(|subnet| {
            self.sites_by_subnet
                .get(subnet)
                .into_iter()
                .flatten()
                .copied()
        })
    }

    /// Whether a cohort is of the group called `group`; a template's group is meant at each of its sites.
    fn is_of_group(&self, cohort: usize, group: &str) -> bool {
        let name = self.group_of(cohort);
        name == group
            || self.covering_sites(cohort).any(|site| {
                let code = &self.sites[site.index()].code;
                name == template::with_code(group, code) || name == format!("{group}-{code}")
            })
    }

    /// The name of a cohort's group: what stands before the subnet.
    fn group_of(&self, cohort: usize) -> &str {
        let name = &self.cohorts[cohort].name;
        name.split_once('@').map_or(name, |(group, _)| group)
    }

    fn check_group(&mut self, group: &Placed<String>) {
        let known = (0..self.cohorts.len()).any(|cohort| self.is_of_group(cohort, &group.value));
        if known {
            return;
        }
        let mut names: Vec<&str> = (0..self.cohorts.len())
            .map(|cohort| self.group_of(cohort))
            .collect();
        names.dedup();
        let label = did_you_mean(&group.value, names.iter().copied());
        let title = format!("there are no clients `{}`", group.value);
        let help = format!("the groups are {}", listed(names));
        let complaint = Complaint::new(title, group.place.clone(), label).help(help);
        self.complaints.push(complaint);
    }
}
