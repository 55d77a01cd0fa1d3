//! How fast the fleet runs, beside the limit: a bare loop over the same draws without any rule.
//!
//! `cargo bench` prints a table for 100 thousand, 1 million and 10 million clients over 30 days, on one and on two
//! threads, without and with contention at the Client Access Points. Every figure is the median of several runs in this
//! one process; compare rows of one table, not tables of two machines. `SMSIM_BENCH_CLIENTS` leaves out larger fleets.

mod bare;
mod plans;

use smsim::plan::Plan;
use smsim::run::{Silent, simulate};
use std::time::Instant;

/// One measured row.
struct Row {
    clients: u32,
    threads: usize,
    contended: bool,
    /// Client events of the simulation per second.
    simulated: f64,
    /// Client events of the bare loop per second.
    bare: f64,
    /// Peak memory of the process so far [bytes]; 0 where the system does not tell.
    peak: u64,
}

fn main() {
    let most: u32 = std::env::var("SMSIM_BENCH_CLIENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10_000_000);
    println!("clients      threads  contended   events/s   bare loop   ratio   peak memory");
    for contended in [false, true] {
        for clients in [100_000, 1_000_000, 10_000_000]
            .into_iter()
            .filter(|clients| *clients <= most)
        {
            for threads in [1, 2] {
                print_row(&measure(clients, threads, contended));
            }
        }
    }
}

fn print_row(row: &Row) {
    println!(
        "{:>10}  {:>8}  {:>9}  {:>7.1} M  {:>8.1} M  {:>6.2}  {:>8.1} MB",
        row.clients,
        row.threads,
        if row.contended { "yes" } else { "no" },
        row.simulated / 1e6,
        row.bare / 1e6,
        row.simulated / row.bare,
        row.peak as f64 / 1e6,
    );
}

fn measure(clients: u32, threads: usize, contended: bool) -> Row {
    let plan = plans::fleet(clients, contended);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started");
    let runs = if clients >= 10_000_000 { 3 } else { 5 };
    let (mut simulated, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        simulated.push(pool.install(|| rate(|| simulated_events(&plan, threads))));
        bare.push(pool.install(|| rate(|| bare::events(&plan, threads))));
    }
    Row {
        clients,
        threads,
        contended,
        simulated: median(simulated),
        bare: median(bare),
        peak: peak_memory(),
    }
}

fn simulated_events(plan: &Plan, threads: usize) -> u64 {
    simulate(plan, 0, threads, &Silent).tally.events
}

fn rate(run: impl FnOnce() -> u64) -> f64 {
    let began = Instant::now();
    let events = run();
    events as f64 / began.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Peak resident memory of this process so far [bytes].
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok())
        .map_or(0, |kb| kb * 1_024)
}
