//! How many sites a client can belong to, at a time and over the run: a client's list has room for a few, and whatever
//! would not fit is refused here instead of being cut off.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{Cohort, SiteId};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::source::Place;
use crate::scenario::suggest::listed;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

type Sites = BTreeSet<SiteId>;

impl Lowering<'_> {
    /// Complains of clients that could belong to more sites than there is room for.
    pub(super) fn check_site_lists(&mut self, cohort: &Cohort, place: &Place) {
        let name = &cohort.name;
        let most = |at_a_time: Vec<Sites>| at_a_time.into_iter().max_by_key(BTreeSet::len);
        if let Some(sites) = most(self.at_a_time(cohort))
            && sites.len() > Cohort::SITES_PER_CLIENT
        {
            let title = format!("`{name}` are within {} sites", sites.len());
            let label = format!("at most {} are supported", Cohort::SITES_PER_CLIENT);
            let help = format!("{} {}", self.reason(cohort), self.codes(&sites));
            return self.too_many(title, label, help, place);
        }
        let ever: Sites = self.ever(cohort);
        if ever.len() > Cohort::MOST_CANDIDATES {
            let title = format!(
                "`{name}` come within {} sites in the course of the run",
                ever.len()
            );
            let label = format!("at most {} are supported", Cohort::MOST_CANDIDATES);
            let help = format!(
                "split the group, or move it less; the sites are {}",
                self.codes(&ever)
            );
            self.too_many(title, label, help, place);
        }
    }

    fn too_many(&mut self, title: String, label: String, help: String, place: &Place) {
        let complaint = Complaint::new(title, place.clone(), label);
        self.complaints
            .push(complaint.help(help).relying_on(ReliesOn::Sites));
    }

    fn reason(&self, cohort: &Cohort) -> &'static str {
        let network = &cohort.network;
        if network.inactive_adapter {
            "an inactive adapter counts as inside every site on the logon points (Q247543); take some out of the domain, \
             or keep these clients to another one:"
        } else if network.visits.is_empty() && network.forced_sites.is_empty() {
            "the subnets are boundaries of"
        } else {
            "with forced sites and visits they belong to"
        }
    }

    fn codes(&self, sites: &Sites) -> String {
        let codes = sites.iter().map(|site| &self.sites[site.index()].code);
        listed(codes.map(String::as_str))
    }

    /// Sites whose boundaries hold one of the subnets at `at`.
    fn sites_at(&self, subnets: &[Ipv4Addr], at: Second) -> Sites {
        let mut found = Sites::new();
        for subnet in subnets {
            found.extend(self.sites_by_subnet.get(subnet).into_iter().flatten());
            let changes = self.boundary_changes.iter();
            for change in changes.filter(|change| change.subnet == *subnet && change.at <= at) {
                if change.adds {
                    found.insert(change.site);
                } else {
                    found.remove(&change.site);
                }
            }
        }
        found
    }

    /// Sites that hold these clients wherever they are.
    fn everywhere(&self, cohort: &Cohort) -> Sites {
        let mut sites: Sites = cohort.network.forced_sites.iter().copied().collect();
        if let Some(domain) = cohort.domain.filter(|_| cohort.network.inactive_adapter) {
            let with = self.domains[domain.index()].sites.iter();
            sites.extend(with.map(|with| with.site));
        }
        sites
    }

    /// The sites that a client can have on its list, for each moment at which something changes.
    fn at_a_time(&self, cohort: &Cohort) -> Vec<Sites> {
        let network = &cohort.network;
        let mut moments: Vec<Second> = network.moves.iter().map(|(at, _)| *at).collect();
        let subnets = subnets(cohort);
        let changes = self.boundary_changes.iter();
        let of_theirs = changes.filter(|change| subnets.contains(&change.subnet));
        moments.extend(of_theirs.map(|change| change.at));
        moments.push(Second::ZERO);
        moments.sort_unstable();
        moments.dedup();
        let everywhere = self.everywhere(cohort);
        let collects = cohort.travel_mode > 0.0 && network.travel_mode_until.is_set();
        let mut all = Vec::new();
        for at in moments {
            let moved = network.moves.iter().rev().find(|(from, _)| *from <= at);
            let desk = match moved {
                Some((_, subnet)) => self.sites_at(&[*subnet], at),
                None => self.sites_at(&cohort.subnets, at),
            };
            let home: Sites = desk.union(&everywhere).copied().collect();
            let visit = |subnet: &Ipv4Addr| self.sites_at(&[*subnet], at);
            let mut together = home.clone();
            for visited in network.visits.iter().map(visit) {
                if collects {
                    together.extend(visited);
                } else {
                    all.push(home.union(&visited).copied().collect());
                }
            }
            all.push(together);
        }
        all
    }

    /// Every site that can come into question in the course of the run.
    fn ever(&self, cohort: &Cohort) -> Sites {
        let subnets = subnets(cohort);
        let mut ever = self.everywhere(cohort);
        for subnet in &subnets {
            ever.extend(self.sites_by_subnet.get(subnet).into_iter().flatten());
        }
        let changes = self.boundary_changes.iter();
        ever.extend(
            changes
                .filter(|change| subnets.contains(&change.subnet))
                .map(|change| change.site),
        );
        ever
    }
}

/// Every subnet that these clients are ever in.
fn subnets(cohort: &Cohort) -> BTreeSet<Ipv4Addr> {
    let network = &cohort.network;
    let moved = network.moves.iter().map(|(_, subnet)| subnet);
    let all = cohort.subnets.iter().chain(moved).chain(&network.visits);
    all.copied().collect()
}
