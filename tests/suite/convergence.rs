//! Closed forms: runs whose outcome follows by arithmetic from the documented product.
//!
//! Nothing is tuned. A tolerance is either none, or the critical value of a test at a level that is written beside it,
//! for a seed that is fixed: these runs give the same numbers every time.

mod articles;
mod prerequisites;

use crate::written::{plan, run, served};
use smsim::engine::Second;
use smsim::engine::time::{DAY_S, HOUR_S};
use smsim::plan::Plan;
use smsim::run::{ClientState, Tally};
use smsim::sms::Reason;

/// One site, its clients, and installation times that are no matter of chance.
const ONE_SITE: &str = r#"
[scenario]
name = "Closed form"
start = 2000-06-19 00:00:00
days = 14
seed = 11

[[site]]
code = "HQ1"
boundaries = ["10.1.0.0"]
caps = [{ name = "HQ1-CAP1" }]

[[clients]]
name = "machines"
count = 4000
boundary = "10.1.0.0"
habits = "server"
agents = []

[[rollout]]
site = "HQ1"
to = "SP2"
at = 2000-06-23 18:00:00

[rules]
upgrade_size = "8 MB"
base_install_time = "5 min"
setup_time = "1h"
"#;

/// Seconds from a cycle that finds the release to convergence: 8 MB over 10 Mbit/s, then the installation.
const UPGRADE_S: u32 = 7 + 300;
const CYCLE_S: u32 = 23 * HOUR_S;

/// Kolmogorov's critical distance for `n` draws. The level is 0.001: c = sqrt(-ln(0.001 / 2) / 2) = 1.95.
fn critical_distance(n: usize) -> f64 {
    (-(0.001_f64 / 2.0).ln() / 2.0).sqrt() / (n as f64).sqrt()
}

/// Greatest distance between the shares below each time and the straight line from 0 at `from` to 1 at `from + span`.
fn distance_from_line(mut times: Vec<u32>, from: u32, span: u32) -> f64 {
    times.sort_unstable();
    let n = times.len() as f64;
    let on_line = |time: u32| f64::from(time - from) / f64::from(span);
    let distances = times.iter().enumerate().map(|(rank, &time)| {
        let below = (on_line(time) - rank as f64 / n).abs();
        below.max((on_line(time) - (rank as f64 + 1.0) / n).abs())
    });
    distances.fold(0.0, f64::max)
}

fn converged_times(tally: &Tally) -> Vec<u32> {
    let converged = tally.clients.iter().filter(|it| it.standing.is_none());
    converged.map(|it| it.converged_at.0).collect()
}

/// A local time of the first zone as a second of the run; `day` counts from the run's first.
fn at(plan: &Plan, day: u32, hour: u32) -> Second {
    plan.clock.start + (day * DAY_S + hour * HOUR_S)
}

/// Clients on the converged curve at a boundary between hours.
fn converged_at(tally: &Tally, moment: Second) -> i64 {
    let boundary = moment.since(tally.grid.start) / tally.grid.interval_s;
    tally.curves_at(0, boundary as usize)[0]
}

/// Whether a count of `n` draws with probability `p` lies within four standard deviations (level 0.00006).
fn is_near(count: i64, n: u32, p: f64) -> bool {
    let n = f64::from(n);
    (count as f64 - n * p).abs() <= 4.0 * (n * p * (1.0 - p)).sqrt()
}

/// Check 1: machines that are always on lie anywhere in their 23 hours, so their share grows along a straight line.
#[test]
fn machines_that_are_always_on_converge_along_a_straight_line() {
    let plan = plan(ONE_SITE, &[]);
    let replication = run(&plan);
    let ready = served(&plan, &replication);
    let times = converged_times(&replication.tally);
    assert_eq!(times.len(), 4_000, "all of them");
    let first = (ready + UPGRADE_S).0;
    assert!(
        times
            .iter()
            .all(|time| (first..first + CYCLE_S).contains(time))
    );
    let distance = distance_from_line(times, first, CYCLE_S);
    assert!(distance < critical_distance(4_000), "{distance}");
}

/// Check 2, the worked example of Q231232: due at 07:00 and off then, the cycle runs at 08:00, on every working day.
#[test]
fn a_machine_on_from_eight_to_five_runs_its_cycle_at_eight_every_working_day() {
    let habits = "[[habits]]\nname = \"eight-to-five\"\narrival = \"8:00\"\ndeparture = \"17:00\"\nabsent = 0.0\nleft_on = 0.0\n";
    for at_restart in ["true", "false"] {
        let at_restart = format!("rules.ccim_at_restart={at_restart}");
        let sets = [
            "clients.machines.habits=eight-to-five",
            "clients.machines.count=50",
            "scenario.interval=10 min",
            at_restart.as_str(),
        ];
        let plan = plan(&format!("{ONE_SITE}{habits}"), &sets);
        let tally = run(&plan).tally;
        for interval in 0..tally.grid.intervals {
            let minute = interval as u32 * 10;
            let (day, at) = (minute / (24 * 60), minute % (24 * 60));
            let cycles: u32 = Reason::ALL
                .iter()
                .filter(|reason| reason.decision().name() == "cycle")
                .map(|reason| tally.sites[0].decisions.at(*reason, interval))
                .sum();
            let expected = if day % 7 < 5 && at == 8 * 60 { 50 } else { 0 };
            assert_eq!(cycles, expected, "day {day}, minute {at}, {at_restart}");
        }
    }
}

/// Check 3: half the machines are left on. A ramp to that half by Saturday evening, nothing until Monday, a step, and
/// the tail of those who are absent.
#[test]
fn a_friday_upgrade_ramps_rests_steps_and_tails_off() {
    let habits = "[[habits]]\nname = \"half\"\narrival = \"8:00\"\ndeparture = \"17:00\"\nabsent = 0.05\nleft_on = 0.5\n";
    let sets = ["clients.machines.habits=half"];
    let plan = plan(&format!("{ONE_SITE}{habits}"), &sets);
    let replication = run(&plan);
    let tally = &replication.tally;
    let ready = served(&plan, &replication);
    assert!(
        ready < at(&plan, 4, 20),
        "upgraded at 18:00, setup 1 h, Inbox Manager within the hour"
    );
    let saturday = converged_at(tally, at(&plan, 5, 20));
    assert!(is_near(saturday, 4_000, 0.5), "{saturday}");
    assert_eq!(
        converged_at(tally, at(&plan, 7, 8)),
        saturday,
        "nothing until Monday at eight"
    );
    let ramp: Vec<u32> = converged_times(tally)
        .into_iter()
        .filter(|time| *time < at(&plan, 6, 0).0)
        .collect();
    let distance = distance_from_line(ramp, (ready + UPGRADE_S).0, CYCLE_S);
    assert!(
        distance < critical_distance(saturday as usize),
        "{distance}"
    );
    let rest = (4_000 - saturday) as u32;
    let mut left = rest;
    for (day, hour) in [(7, 9), (8, 9), (9, 9)] {
        let now_left = (4_000 - converged_at(tally, at(&plan, day, hour))) as u32;
        assert!(
            is_near(i64::from(now_left), left, 0.05),
            "{now_left} of {left} on day {day}"
        );
        let day_over = (4_000 - converged_at(tally, at(&plan, day, 24))) as u32;
        assert_eq!(day_over, now_left, "who comes, comes at eight");
        left = now_left;
    }
}

/// Check 4: 1,000 machines are switched on at eight and ask for 24 MB each at one Client Access Point of 10 Mbit/s. Equal
/// shares make them all end when the work is done, 24 MB x 8 x 1,000 / 10 Mbit/s = 19,200 s later, at 13:20.
#[test]
fn a_thousand_clients_that_ask_at_once_all_end_when_the_work_is_done() {
    let habits = "[[habits]]\nname = \"at-eight\"\narrival = \"8:00\"\ndeparture = \"17:00\"\nabsent = 0.0\nleft_on = 0.0\n";
    let sets = [
        "clients.machines.habits=at-eight",
        "clients.machines.count=1000",
        "clients.machines.link=10 Mbit/s",
        "rules.upgrade_size=24 MB",
        "site.HQ1.caps.HQ1-CAP1.bandwidth=10 Mbit/s",
    ];
    let plan = plan(&format!("{ONE_SITE}{habits}"), &sets);
    let tally = run(&plan).tally;
    let work_s = 24 * 8 * 1_000 / 10;
    let expected = at(&plan, 7, 8) + (work_s + 300);
    let times = converged_times(&tally);
    assert_eq!(times.len(), 1_000);
    assert!(times.iter().all(|time| *time == expected.0), "{times:?}");
    let usage = &tally.servers[0].usage;
    assert_eq!(usage.longest_queue.iter().max(), Some(&1_000));
    assert_eq!(usage.bits.iter().sum::<u64>(), 24_000_000 * 8 * 1_000);
}

/// The same when they ask within an hour: a Client Access Point comes back after two days, and everybody has asked in
/// vain every hour. It has work for so many seconds; while the hour lasts it may stand idle, afterwards it cannot.
#[test]
fn after_an_outage_the_last_is_served_when_the_work_is_done() {
    let outage = "site.HQ1.caps.HQ1-CAP1.outages=[{ from = 2000-06-23 21:00:00, until = 2000-06-25 12:00:00 }]";
    let sets = [
        "clients.machines.count=1000",
        "clients.machines.link=10 Mbit/s",
        "rules.upgrade_size=24 MB",
        "site.HQ1.caps.HQ1-CAP1.bandwidth=10 Mbit/s",
        outage,
    ];
    let plan = plan(ONE_SITE, &sets);
    let replication = run(&plan);
    let (down, back) = (at(&plan, 4, 21), at(&plan, 6, 12));
    assert!(
        served(&plan, &replication) < down,
        "the release is there before"
    );
    let times = converged_times(&replication.tally);
    assert_eq!(times.len(), 1_000);
    let ended = times.iter().map(|time| time - 300); // before the installation
    let late: Vec<u32> = ended.filter(|time| *time > back.0).collect();
    assert!(late.len() > 900, "{} wait for it", late.len());
    let work_s = (24 * 8 * late.len() as u32).div_ceil(10);
    let last = late.iter().max().unwrap() - back.0;
    assert!(
        (work_s..=work_s + HOUR_S).contains(&last),
        "{last} s for {work_s} s of work"
    );
}

/// Check 8: whoever has not converged when the run ends can say why, and whoever has, has nothing to say.
#[test]
fn every_client_ends_converged_or_with_a_standing_reason() {
    for scenario in [
        "quickstart.toml",
        "seed-article.toml",
        "friday-upgrade.toml",
    ] {
        let plan = crate::written::shipped(scenario, &[]);
        let tally = run(&plan).tally;
        assert_eq!(tally.clients.len() as u64, plan.clients(), "{scenario}");
        for client in &tally.clients {
            let converged = client.state == ClientState::Converged;
            assert_eq!(
                client.standing.is_none(),
                converged,
                "{scenario}: {client:?}"
            );
            assert_eq!(
                client.converged_at.is_set(),
                converged,
                "{scenario}: {client:?}"
            );
        }
    }
}
