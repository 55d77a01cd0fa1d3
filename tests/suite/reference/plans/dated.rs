//! What changes on a date, and what machines do that are not always at one desk.

use super::{DAY_S, subnet};
use proptest::prelude::*;
use proptest::sample::select;
use smsim::engine::Second;
use smsim::plan::{AccountChange, BoundaryChange, Intake, Network, SiteId};
use smsim::sms::adapters::DialUpPolicy;
use smsim::sms::assignment::SiteTravelMode;

/// None in every other plan, else a few: in time order, sensible or not.
pub fn boundary_changes(sites: u16, begin: Second) -> impl Strategy<Value = Vec<BoundaryChange>> {
    let change = (0..5 * DAY_S, 0..sites, 0..3_u8, any::<bool>());
    let changes = proptest::collection::vec(change, 1..5).prop_map(move |changes| {
        let mut changes: Vec<BoundaryChange> = changes
            .into_iter()
            .map(|(at, site, net, adds)| BoundaryChange {
                at: begin + at,
                site: SiteId(site),
                subnet: subnet(net),
                adds,
            })
            .collect();
        changes.sort();
        changes
    });
    prop_oneof![1 => Just(Vec::new()), 1 => changes]
}

/// Nothing out of the ordinary for half of the cohorts.
pub fn network(sites: u16, begin: Second) -> impl Strategy<Value = Network> {
    let yes = || select(vec![false, false, true]);
    let policy = select(DialUpPolicy::ALL.to_vec());
    let forced = proptest::option::weighted(0.2, 0..sites);
    let until = proptest::option::weighted(0.4, 0..4 * DAY_S);
    let visits = proptest::collection::vec(0..3_u8, 0..3);
    let moves = proptest::option::weighted(0.3, (0..4 * DAY_S, 0..3_u8));
    let adapters = (yes(), yes(), yes(), yes());
    let unlike = (adapters, policy, forced, until, visits, moves).prop_map(
        move |(adapters, dial_up_policy, forced, until, visits, moves)| Network {
            one_adapter: adapters.0,
            inactive_adapter: adapters.1,
            dial_up: adapters.2,
            dial_up_outside: adapters.3,
            dial_up_policy,
            forced_sites: forced.map(SiteId).into_iter().collect(),
            travel_mode_until: until.map_or(Second::NEVER, |until| begin + until),
            visits: visits.into_iter().map(subnet).collect(),
            moves: moves
                .map(|(at, net)| (begin + at, subnet(net)))
                .into_iter()
                .collect(),
        },
    );
    let moved = (0..3 * DAY_S, 0..3_u8).prop_map(move |(at, net)| Network {
        moves: vec![(begin + at, subnet(net))],
        ..Network::default()
    });
    prop_oneof![2 => Just(Network::default()), 1 => unlike, 1 => moved]
}

/// Nothing out of the ordinary for two sites of three.
pub fn intake(begin: Second) -> impl Strategy<Value = Intake> {
    let push = select(vec![None, Some(0), Some(DAY_S)]);
    let emptied = proptest::option::of(0..4 * DAY_S);
    let travel_mode = select(SiteTravelMode::ALL.to_vec());
    let span = || select(vec![0, 3 * 3_600, DAY_S]);
    let account = proptest::option::of((0..4 * DAY_S, span(), span()));
    let unlike = (push, emptied, travel_mode, account).prop_map(
        move |(push, emptied, travel_mode, account)| Intake {
            push: push.map(|at| (begin + at, true)).into_iter().collect(),
            retry_box_emptied: emptied.map(|at| begin + at).into_iter().collect(),
            travel_mode,
            account_changes: account
                .map(|(at, overlap, locked)| AccountChange {
                    at: begin + at,
                    old_until: begin + at + overlap,
                    locked_until: begin + at + overlap + locked,
                })
                .into_iter()
                .collect(),
        },
    );
    prop_oneof![2 => Just(Intake::default()), 1 => unlike]
}
