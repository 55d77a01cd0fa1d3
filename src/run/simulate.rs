//! TEMPORARY stand-in until the simulation is merged: every client of a site converges along a straight line.

use super::tally::{ClientRecord, ClientState, Curve, Trouble};
use super::{ServerHistory, Tally, Watch};
use crate::engine::History;
use crate::plan::{CohortId, ContentId, Plan, SiteId};
use crate::run::history::{CapState, Credit, LogonPointState, Send, SiteSet};
use crate::run::tally::{ServerTally, SiteTally};
use crate::sms::Reason;

/// One run of a plan.
#[derive(Clone, Debug)]
pub struct Replication {
    /// Its number, from 1.
    pub number: u32,
    /// What its clients did.
    pub tally: Tally,
    /// What its servers held.
    pub servers: ServerHistory,
}

/// Simulates one replication.
#[must_use]
pub fn simulate(plan: &Plan, replication: u32, watch: &dyn Watch) -> Replication {
    let mut tally = Tally::new(plan);
    for (cohort, group) in plan.cohorts.iter().enumerate() {
        let site = group.subnets.first();
        let site = site.and_then(|&subnet| plan.sites_of_subnet(subnet).next());
        fill(plan, &mut tally, cohort, site, replication);
        watch.clients_done(u64::from(group.count));
    }
    tally.sort_clients();
    Replication {
        number: replication,
        tally,
        servers: servers(plan),
    }
}

fn fill(plan: &Plan, tally: &mut Tally, cohort: usize, site: Option<SiteId>, replication: u32) {
    let grid = tally.grid;
    let group = &plan.cohorts[cohort];
    let index = site.map_or(plan.sites.len(), SiteId::index);
    if tally.sites[index].state_changes.is_empty() {
        tally.sites[index] = SiteTally::with_grid(&grid);
    }
    let record = &mut tally.sites[index];
    record.clients += u64::from(group.count);
    record.states_at_start[ClientState::Waiting as usize] += i64::from(group.count);
    let upgraded = site.is_some_and(|site| plan.rollout.iter().any(|line| line.site == site));
    let reached = if upgraded {
        group.count - group.count / 20
    } else {
        0
    };
    record.out_of_reach += u64::from(if upgraded { 0 } else { group.count });
    let per = (reached / grid.intervals as u32).max(1) + replication % 3;
    let mut left = reached;
    for interval in grid.intervals / 10..grid.intervals {
        let now = left.min(per * 2) as i32;
        left -= now as u32;
        record.state_changes[interval][ClientState::Waiting as usize] -= now;
        record.state_changes[interval][ClientState::Converged as usize] += now;
        for curve in Curve::ALL {
            record.curve_changes[interval][curve as usize] += now;
        }
        record.converged_changes[interval * 12] += now;
        for reason in [
            Reason::NothingNew,
            Reason::BaseOlder,
            Reason::SitesOwnUpgrade,
        ] {
            record.decisions[interval][reason.index()] += now as u32;
        }
        for cap in plan
            .caps
            .iter()
            .enumerate()
            .filter(|(_, cap)| Some(cap.site) == site)
        {
            let server = &mut tally.servers[cap.0];
            if server.reads.is_empty() {
                *server = ServerTally::with_grid(&grid);
            }
            server.usage.bits[interval] += now as u64 * 80_000_000;
            server.usage.transfers[interval] += now as u32;
            server.reads[interval] += group.count / 24;
        }
    }
    let trouble = tally
        .trouble
        .entry((Trouble::NotConverged, Reason::NotSeen))
        .or_default();
    trouble.cases += u64::from(group.count / 20);
    trouble.examples = vec![(CohortId(cohort as u32), 3)];
    if plan.results.clients {
        tally
            .clients
            .extend((0..group.count).map(|number| ClientRecord {
                cohort: CohortId(cohort as u32),
                number,
                sites: [site, None, None, None],
                base: Some(plan.target),
                agents: Some(plan.target),
                state: ClientState::Converged,
                converged_at: grid.start + 60 * number,
                standing: None,
                restarts_asked: 0,
                aborted: 0,
            }));
    }
}

fn servers(plan: &Plan) -> ServerHistory {
    let mut sites = Vec::new();
    for site in &plan.sites {
        sites.push(History::starting_with(site.content));
    }
    let mut sends = Vec::new();
    for line in &plan.rollout {
        sites[line.site.index()].set(line.at + 3_600, line.to);
        sends.push(Send {
            to: line.site,
            queued: line.at,
            started: line.at,
            ended: line.at + 7_200,
            bytes: 65_000_000,
        });
    }
    let cap = CapState {
        content: ContentId(0),
        locked: false,
        reachable: true,
    };
    let point = LogonPointState {
        content: ContentId(0),
        credit: Credit {
            site: SiteId(0),
            version_known: true,
        },
        sites: SiteSet::first(1),
    };
    ServerHistory {
        sites,
        caps: vec![History::starting_with(cap); plan.caps.len()],
        logon_points: vec![History::starting_with(point); plan.logon_points.len()],
        sends,
        lsm_skipped: vec![0; plan.sites.len()],
    }
}
