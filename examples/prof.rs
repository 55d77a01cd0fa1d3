#[path = "../benches/fleet/plans.rs"]
mod plans;
use smsim::run::{Silent, simulate};
fn main() {
    let n: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let reps: u32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let contended = std::env::args().nth(3).is_some();
    let mut plan = plans::fleet(n, contended);
    if std::env::var("NOROLL").is_ok() {
        plan.rollout.clear();
    }
    for r in 0..reps {
        let t = std::time::Instant::now();
        let tally = simulate(&plan, r, 1, &Silent).tally;
        let s = t.elapsed().as_secs_f64();
        println!(
            "{} events, {:.1} per client, {:.1} M/s, {:.0} ns per client",
            tally.events,
            tally.events as f64 / n as f64,
            tally.events as f64 / s / 1e6,
            s * 1e9 / n as f64
        );
    }
}
