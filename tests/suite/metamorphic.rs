//! What must hold between two runs, although nobody knows either of them beforehand.

use crate::written::{plan, run};
use proptest::prelude::*;
use smsim::engine::equal_share::Meter;
use smsim::engine::{EqualShare, Second};
use smsim::plan::Plan;
use smsim::run::{Silent, simulate};

/// When a request comes, how much it wants, and over which link.
type Request = (u32, u64, u64);

/// The second at which each request is served by a server of this bandwidth, and the bits it delivered.
fn served(bandwidth_bps: Option<u64>, requests: &[Request]) -> (Vec<u32>, u64) {
    let horizon = 1 << 24;
    let meter = Meter::new(Second::ZERO, horizon, 1);
    let mut server = EqualShare::new(bandwidth_bps, None, meter);
    let mut ends = vec![u32::MAX; requests.len()];
    let mut take = |server: &mut EqualShare, now: Second| {
        while let Some(owner) = server.take_ended(now) {
            ends[owner as usize] = now.0;
        }
    };
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|request| requests[*request].0);
    for request in order {
        let (at, bytes, link_bps) = requests[request];
        while server.next_end() <= Second(at) {
            let now = server.next_end();
            take(&mut server, now);
        }
        server
            .begin(Second(at), request as u32, bytes, link_bps)
            .unwrap();
    }
    while server.next_end().is_set() {
        let now = server.next_end();
        take(&mut server, now);
    }
    let usage = server.into_usage(Second(horizon));
    (ends, usage.bits.iter().sum())
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let link = prop_oneof![
        Just(33_600_u64),
        Just(128_000),
        Just(1_000_000),
        Just(10_000_000)
    ];
    proptest::collection::vec((0..5_000_u32, 0..3_000_000_u64, link), 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// More bandwidth ends no transfer later, none at all ends each when its own link is done.
    #[test]
    fn more_bandwidth_ends_no_transfer_later(requests in requests(), bps in 10_000..2_000_000_u64, factor in 1..5_u64) {
        let (ends, _) = served(Some(bps), &requests);
        let (wider, _) = served(Some(bps * factor), &requests);
        let (widest, _) = served(None, &requests);
        for (((end, wider), widest), (at, bytes, link)) in ends.iter().zip(wider).zip(widest).zip(&requests) {
            prop_assert!(wider <= *end);
            prop_assert!(widest <= wider);
            let alone = (bytes * 8).div_ceil(*link);
            prop_assert!(u64::from(widest) == u64::from(*at) + alone, "{widest} {at} {alone}");
        }
    }

    /// A transfer more ends no other earlier.
    #[test]
    fn a_transfer_more_ends_no_other_earlier(requests in requests(), more in (0..5_000_u32, 0..3_000_000_u64, Just(1_000_000_u64)), bps in 10_000..2_000_000_u64) {
        let (ends, _) = served(Some(bps), &requests);
        let mut all = requests.clone();
        all.push(more);
        let (crowded, _) = served(Some(bps), &all);
        for (end, crowded) in ends.iter().zip(crowded) {
            prop_assert!(crowded >= *end);
        }
    }

    /// Nothing is lost, nothing is delivered twice, and no server works faster than it can. A transfer ends with a whole
    /// tick, of which there are 2^20 in a second, so each may deliver the bits of one tick too many.
    #[test]
    fn what_was_asked_for_is_delivered(requests in requests(), bps in 10_000..2_000_000_u64) {
        let (ends, bits) = served(Some(bps), &requests);
        let asked: u64 = requests.iter().map(|(_, bytes, _)| bytes * 8).sum();
        let rounding = requests.len() as u64 * bps.div_ceil(1 << 20);
        prop_assert!((asked..=asked + rounding).contains(&bits), "{} of {}", bits, asked);
        let first = requests.iter().map(|(at, ..)| *at).min().unwrap_or_default();
        let last = ends.iter().copied().max().unwrap_or_default();
        prop_assert!(u64::from(last - first) >= asked / bps);
    }
}

const FLEET: &str = r#"
[scenario]
name = "Metamorphic"
start = 2000-06-19 00:00:00
days = 21
seed = 17

[[site]]
code = "HQ1"
boundaries = ["10.1.0.0"]
caps = [{ name = "HQ1-CAP1" }]

[[domain]]
name = "CORP"
sites = ["HQ1"]

[[habits]]
name = "ours"

[[clients]]
name = "machines"
count = 500
boundary = "10.1.0.0"
habits = "ours"

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[rules]
setup_time = "1h"
"#;

/// When each client converged; a run's end for one that did not.
fn converged(plan: &Plan) -> Vec<u32> {
    let tally = run(plan).tally;
    let time = |it: &smsim::run::ClientRecord| it.converged_at.min(tally.grid.end).0;
    tally.clients.iter().map(time).collect()
}

fn with(sets: &[&str]) -> Vec<u32> {
    converged(&plan(FLEET, sets))
}

const ALWAYS_ON: &str = "habits.ours.always_on=true";

fn none_earlier(earlier: &[u32], later: &[u32]) {
    assert_eq!(earlier.len(), later.len());
    for (client, (earlier, later)) in earlier.iter().zip(later).enumerate() {
        assert!(earlier <= later, "client {client}: {earlier} {later}");
    }
}

/// An upgrade that comes later converges nobody earlier, where nobody waits for anybody. Durations are no matter of
/// chance here: they are drawn by day, and a later day may draw a shorter one.
#[test]
fn a_later_rollout_converges_nobody_earlier() {
    let fixed = [
        ALWAYS_ON,
        "rules.base_install_time=5 min",
        "rules.agents_install_time=5 min",
        "rules.agents_after=20 min",
    ];
    let at = |at: &str| {
        let at = format!("rollout.HQ1.at={at}");
        let mut sets = fixed.to_vec();
        sets.push(&at);
        with(&sets)
    };
    let friday = at("2000-06-23 18:00:00");
    none_earlier(&friday, &at("2000-06-23 18:30:00"));
    none_earlier(&friday, &at("2000-06-24 09:00:00"));
    none_earlier(&friday, &at("2000-06-26 18:00:00"));
}

/// A faster link makes nobody later, and a larger upgrade nobody earlier, as long as a transfer fits between two
/// cycles and draws do not change the day.
#[test]
fn a_faster_link_and_a_smaller_upgrade_make_nobody_later() {
    let fixed = [
        ALWAYS_ON,
        "rules.base_install_time=5 min",
        "rules.agents_install_time=5 min",
        "rules.agents_after=20 min",
    ];
    let plus = |set: &str| {
        let mut sets: Vec<&str> = fixed.to_vec();
        sets.push(set);
        with(&sets)
    };
    let mut before = with(&fixed); // 10 Mbit/s
    for link in ["1 Mbit/s", "256 kbit/s", "64 kbit/s", "33.6 kbit/s"] {
        let slower = plus(&format!("clients.machines.link={link}"));
        none_earlier(&before, &slower);
        before = slower;
    }
    none_earlier(
        &plus("rules.upgrade_size=8 MB"),
        &plus("rules.upgrade_size=16 MB"),
    );
    none_earlier(
        &plus("rules.upgrade_size=16 MB"),
        &plus("rules.upgrade_size=24 MB"),
    );
}

/// With the bandwidth of one Client Access Point doubled, whoever asks at the same moment is served no later: all
/// machines are switched on at eight on Monday and ask for the base at once. Agents follow at times of their own, so
/// they are left out.
#[test]
fn more_bandwidth_serves_nobody_later_when_all_ask_at_once() {
    let serve = |bandwidth: &str| {
        let bandwidth = format!("site.HQ1.caps.HQ1-CAP1.bandwidth={bandwidth}");
        with(&[
            "habits.ours.arrival=\"8:00\"",
            "habits.ours.departure=\"17:00\"",
            "habits.ours.left_on=0.0",
            "habits.ours.absent=0.0",
            "clients.machines.agents=[]",
            "rules.base_install_time=5 min",
            bandwidth.as_str(),
        ])
    };
    let mut slower = serve("4 Mbit/s");
    for bandwidth in ["8 Mbit/s", "16 Mbit/s", "100 Mbit/s"] {
        let faster = serve(bandwidth);
        none_earlier(&faster, &slower);
        assert!(
            faster.iter().sum::<u32>() < slower.iter().sum::<u32>(),
            "{bandwidth}"
        );
        slower = faster;
    }
}

/// Leaving machines on converges them no later on average: the plan of every article that says so.
#[test]
fn leaving_machines_on_is_never_slower_on_average() {
    let mean = |left_on: &str| {
        let left_on = format!("habits.ours.left_on={left_on}");
        let plan = plan(FLEET, &[left_on.as_str()]);
        let mut sum = 0;
        for replication in 0..5 {
            let tally = simulate(&plan, replication, 1, &Silent).tally;
            let times = tally
                .clients
                .iter()
                .map(|it| it.converged_at.min(tally.grid.end));
            sum += times.map(|time| u64::from(time.0)).sum::<u64>();
        }
        sum / (5 * 500)
    };
    let means = ["0.0", "0.25", "0.5", "0.75", "1.0"].map(mean);
    assert!(means.is_sorted_by(|few, many| few > many), "{means:?}");
}
