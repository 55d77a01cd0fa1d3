//! What a run says to the question it was asked for, gathered from its tables: who is stuck, which servers are busiest,
//! and what to do about it.
//!
//! The closing lines of a run and the first sheet of the workbook are written from this.

use super::Results;
use super::tables::share_of_bandwidth;
use crate::plan::{CohortId, Plan};
use crate::run::Trouble;
use crate::sms::Reason;
use crate::study::{Band, Peak, Server};

/// Clients that had not converged at the end, for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Stuck {
    /// Why.
    pub reason: Reason,
    /// How many; mean over replications.
    pub clients: f64,
    /// Which cohorts they belong to, and how many of each; most first.
    pub cohorts: Vec<(CohortId, f64)>,
}

/// Who is stuck, the most frequent reason first.
#[must_use]
pub fn stuck(results: &Results<'_>) -> Vec<Stuck> {
    of_kind(results, Trouble::NotConverged)
}

/// One kind of trouble by reason, the most frequent first.
#[must_use]
pub fn of_kind(results: &Results<'_>, kind: Trouble) -> Vec<Stuck> {
    let trouble = results.study.total.trouble.iter();
    let trouble = trouble.filter(|((it, _), _)| *it == kind);
    let mut found: Vec<Stuck> = trouble
        .map(|((_, reason), tally)| {
            let by_cohort = tally.by_cohort.iter();
            let mut cohorts: Vec<(CohortId, f64)> = by_cohort
                .map(|(cohort, cases)| (*cohort, results.mean(*cases as f64)))
                .collect();
            cohorts.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            Stuck {
                reason: *reason,
                clients: results.mean(tally.cases as f64),
                cohorts,
            }
        })
        .collect();
    found.sort_by(|one, other| {
        let most = other.clients.total_cmp(&one.clients);
        most.then(one.reason.cmp(&other.reason))
    });
    found
}

/// The busiest interval of one server.
#[derive(Clone, Copy, Debug)]
pub struct Busy {
    /// Which server.
    pub server: Server,
    /// Its busiest interval, over replications.
    pub peak: Band<Peak>,
    /// The same as a share of its bandwidth; `None` where that is unlimited.
    pub share: Option<Band<f64>>,
}

/// Servers that moved anything, the one with the highest share of its bandwidth in use first. Addresses come after all
/// others, since a send always takes all it may.
#[must_use]
pub fn busiest(results: &Results<'_>) -> Vec<Busy> {
    let study = results.study;
    let servers = Server::all(results.plan).enumerate();
    let mut busy: Vec<Busy> = servers
        .map(|(position, server)| {
            let peak = study.peak_band(position);
            let share = |peak| share_of_bandwidth(results, server, peak);
            let share = share(peak.p50).map(|_| peak.map(|it| share(it).unwrap_or(0.0)));
            Busy {
                server,
                peak,
                share,
            }
        })
        .filter(|busy| busy.peak.p50.bytes > 0)
        .collect();
    let serves_clients = |busy: &Busy| !matches!(busy.server, Server::Address(_));
    let share = |busy: &Busy| busy.share.map_or(0.0, |it| it.p50);
    busy.sort_by(|one, other| {
        let kind = serves_clients(other).cmp(&serves_clients(one));
        let most = share(other).total_cmp(&share(one));
        kind.then(most)
            .then(other.peak.p50.bytes.cmp(&one.peak.p50.bytes))
    });
    busy
}

/// Cohorts that are named before the rest is counted.
const COHORTS_NAMED: usize = 3;

impl Stuck {
    /// The cohorts with the most clients among them, each with its sites: `hq-win98 at HQ1`.
    #[must_use]
    pub fn who(&self, plan: &Plan) -> String {
        let several = self.cohorts.len() > 1;
        let named = self.cohorts.iter().take(COHORTS_NAMED);
        let mut names: Vec<String> = named
            .map(|(id, clients)| {
                let cohort = &plan.cohorts[id.index()];
                let mut text = cohort.name.clone();
                let sites = sites_of(plan, *id);
                // A template names its cohorts after their sites already.
                if !sites.is_empty() && !sites.iter().any(|site| cohort.name.contains(site)) {
                    text.push_str(&format!(" at {}", sites.join(" and ")));
                }
                if several {
                    text.push_str(&format!(" {}", in_short(*clients)));
                }
                text
            })
            .collect();
        match self.cohorts.len().saturating_sub(COHORTS_NAMED) {
            0 => {}
            1 => names.push("and one more cohort".to_owned()),
            more => names.push(format!("and {more} more cohorts")),
        }
        names.join(", ")
    }

    /// What to do about it; what it means where nothing can be done.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self.reason.cure() {
            "" => self.reason.text(),
            cure => cure,
        }
    }
}

/// Codes of the sites in whose boundaries a cohort lies.
fn sites_of(plan: &Plan, cohort: CohortId) -> Vec<&str> {
    let subnets = plan.cohorts[cohort.index()].subnets.iter();
    let sites = subnets.flat_map(|it| plan.sites_of_subnet(*it));
    let mut codes: Vec<&str> = Vec::new();
    for site in sites {
        let code = plan.sites[site.index()].code.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// A mean number of clients, whole from ten on.
#[must_use]
pub fn in_short(clients: f64) -> String {
    if clients >= 10.0 || clients.fract() == 0.0 {
        format!("{clients:.0}")
    } else {
        format!("{clients:.1}")
    }
}

/// Share of its bandwidth from which on a server is worth a word.
const BUSY: f64 = 0.8;
/// Reasons and servers that advice is given about.
const TOLD: usize = 3;

/// What to do, in sentences, the greatest trouble first; empty if there is none.
#[must_use]
pub fn advice(results: &Results<'_>) -> Vec<String> {
    let plan = results.plan;
    let mut advice = Vec::new();
    for stuck in stuck(results).iter().take(TOLD) {
        let Stuck {
            reason, clients, ..
        } = stuck;
        let are = if *clients == 1.0 {
            "client is"
        } else {
            "clients are"
        };
        let told = format!(
            "{} {are} not converged at the end ({})",
            in_short(*clients),
            stuck.who(plan)
        );
        advice.push(told_with(reason, &told));
    }
    for (kind, were) in [
        (Trouble::Mixed, "were mixed for a while"),
        (Trouble::NewBlocked, "were new and could not be installed"),
    ] {
        for trouble in of_kind(results, kind).iter().take(1) {
            let told = format!(
                "{} clients {were} ({})",
                in_short(trouble.clients),
                trouble.who(plan)
            );
            advice.push(told_with(&trouble.reason, &told));
        }
    }
    let busy = busiest(results).into_iter();
    let busy = busy.filter(|it| !matches!(it.server, Server::Address(_)));
    for busy in busy.take(TOLD) {
        let Some(share) = busy.share.map(|it| it.p50).filter(|share| *share >= BUSY) else {
            continue;
        };
        advice.push(format!(
            "Watch {}: its busiest interval takes {:.0} % of its bandwidth. Clients that find it busy take longer, or ask again; more bandwidth, another Client Access Point, or sites on different days take the edge off.",
            busy.server.name(plan),
            share * 100.0
        ));
    }
    advice
}

/// `Restart the machine: 56 clients are ... The base components wait for a restart (Q237543).`
fn told_with(reason: &Reason, told: &str) -> String {
    let (cure, articles) = (reason.cure(), reason.articles());
    let text = reason.text().trim_end_matches('.');
    let mut letters = cure.chars();
    let begins = letters.next().map(|it| it.to_uppercase().to_string());
    match begins {
        None => format!("{told}. {text} ({articles})."),
        Some(first) => format!("{first}{}: {told}. {text} ({articles}).", letters.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::sample;

    #[test]
    fn the_stuck_are_named_with_cohort_site_and_cure() {
        let plan = sample::plan();
        let study = sample::study(&plan);
        let results = Results::new(&plan, &study);
        let stuck = stuck(&results);
        assert_eq!(stuck.len(), 1);
        assert_eq!(stuck[0].clients, 1.0);
        assert_eq!(stuck[0].who(&plan), "desktops at HQ1");
        assert_eq!(
            advice(&results),
            [
                "Wait, or switch the machine on: 1 client is not converged at the end (desktops at HQ1). \
                 The client ran no cycle on its network since its site was upgraded (Q231232)."
            ]
        );
    }

    #[test]
    fn many_cohorts_are_counted() {
        let plan = sample::plan();
        let stuck = Stuck {
            reason: Reason::NotSeen,
            clients: 12.25,
            cohorts: vec![
                (CohortId(0), 6.0),
                (CohortId(1), 4.0),
                (CohortId(2), 1.25),
                (CohortId(2), 1.0),
            ],
        };
        assert_eq!(
            stuck.who(&plan),
            "desktops at HQ1 6, =laptops at EU1 4, lost 1.2, and one more cohort"
        );
    }

    #[test]
    fn the_busiest_server_comes_first_and_addresses_last() {
        let plan = sample::plan();
        let study = sample::study(&plan);
        let busy = busiest(&Results::new(&plan, &study));
        let names: Vec<String> = busy.iter().map(|it| it.server.name(&plan)).collect();
        assert_eq!(names, ["HQ1-CAP1", "HQ1 to EU1"]);
        let share = busy[0].share.unwrap().p50;
        assert!((0.005..0.02).contains(&share), "{share}");
    }
}
