//! What is seen while a study runs: a bar on a terminal, a line every ten seconds elsewhere, or nothing.

use super::{interrupt, words};
use crate::plan::Plan;
use crate::run::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

/// Time between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows how far a study is.
pub(super) struct Progress {
    counts: Arc<Counts>,
    shown: Shown,
}

struct Counts {
    clients: AtomicU64,
    all_clients: u64,
    replications: AtomicU32,
    all_replications: u32,
    began: Instant,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    /// Dropping the sender ends the thread.
    Lines(Option<(Sender<()>, JoinHandle<()>)>),
}

impl Progress {
    /// Begins to show the study of `plan`.
    pub(super) fn new(plan: &Plan, quiet: bool) -> Self {
        Self::of_some(plan, plan.most_replications(), quiet)
    }

    /// Begins to show so many replications of `plan`.
    pub(super) fn of_some(plan: &Plan, replications: u32, quiet: bool) -> Self {
        Self::of(
            plan.clients() * u64::from(replications),
            replications,
            quiet,
        )
    }

    /// Begins to show work on so many clients, over so many replications of one plan or of several.
    pub(super) fn of(all_clients: u64, all_replications: u32, quiet: bool) -> Self {
        let counts = Arc::new(Counts {
            clients: AtomicU64::new(0),
            all_clients,
            replications: AtomicU32::new(0),
            all_replications,
            began: Instant::now(),
        });
        let shown = if quiet {
            Shown::Nothing
        } else if stderr().is_terminal() && !dumb() {
            Shown::Bar(bar(&counts))
        } else {
            let tell = |line: String| anstream::eprintln!("{line}");
            Shown::Lines(Some(lines(Arc::clone(&counts), LINE_EVERY, tell)))
        };
        Progress { counts, shown }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        match &mut self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines(thread) => {
                if let Some((sender, thread)) = thread.take() {
                    drop(sender);
                    // It only prints; if that failed there is nobody left to tell.
                    let _ = thread.join();
                }
            }
        }
    }
}

/// Whether the terminal says of itself that it cannot move its cursor, as the bar needs it.
fn dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|it| it == "dumb")
}

fn bar(counts: &Counts) -> ProgressBar {
    let bar = ProgressBar::new(counts.all_clients);
    let template = "{bar:24} {percent:>3} %  {msg}{per_sec}  {eta} left";
    // The template is fixed; should it ever not parse, the plain bar does.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key(
            "per_sec",
            |state: &indicatif::ProgressState, to: &mut dyn std::fmt::Write| {
                let _ = write!(to, "{} clients/s", words::grouped(state.per_sec() as u64));
            },
        ));
    }
    bar.set_message(counts.message());
    bar
}

/// Tells a line now and then, until the sender is dropped.
fn lines(
    counts: Arc<Counts>,
    every: Duration,
    tell: impl Fn(String) + Send + 'static,
) -> (Sender<()>, JoinHandle<()>) {
    let (sender, ended) = channel::<()>();
    let thread = spawn(move || {
        while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            tell(counts.line(counts.began.elapsed()));
        }
    });
    (sender, thread)
}

impl Counts {
    fn message(&self) -> String {
        if self.all_replications == 1 {
            return String::new();
        }
        let done = self.replications.load(Ordering::Relaxed);
        format!("{done} of {} replications  ", self.all_replications)
    }

    fn line(&self, elapsed: Duration) -> String {
        let done = self.clients.load(Ordering::Relaxed).min(self.all_clients);
        let share = done as f64 / self.all_clients.max(1) as f64;
        let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
        let mut line = format!("{:.0} %  {}", share * 100.0, self.message());
        line.push_str(&format!("{} clients/s", words::grouped(rate as u64)));
        if rate > 0.0 {
            let left = (self.all_clients - done) as f64 / rate;
            line.push_str(&format!("  {} s left", words::grouped(left.ceil() as u64)));
        }
        line
    }
}

impl Watch for Progress {
    fn clients_done(&self, n: u64) {
        self.counts.clients.fetch_add(n, Ordering::Relaxed);
        if let Shown::Bar(bar) = &self.shown {
            bar.inc(n);
        }
    }

    fn replication_done(&self) {
        self.counts.replications.fetch_add(1, Ordering::Relaxed);
        if let Shown::Bar(bar) = &self.shown {
            bar.set_message(self.counts.message());
        }
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_again_and_again_until_it_ends() {
        let counts = Counts {
            clients: AtomicU64::new(30_000),
            all_clients: 120_000,
            replications: AtomicU32::new(1),
            all_replications: 1,
            began: Instant::now(),
        };
        let (told, heard) = channel();
        let tell = move |line| {
            // Nobody listens any more once the test has what it waits for.
            let _ = told.send(line);
        };
        let (sender, thread) = lines(Arc::new(counts), Duration::from_millis(5), tell);
        for _ in 0..3 {
            let line = heard.recv_timeout(Duration::from_secs(60)).unwrap();
            assert!(line.starts_with("25 %  "), "{line}");
        }
        drop(sender);
        thread.join().unwrap();
    }

    #[test]
    fn a_line_tells_share_rate_and_time_left() {
        let counts = Counts {
            clients: AtomicU64::new(30_000),
            all_clients: 120_000,
            replications: AtomicU32::new(2),
            all_replications: 8,
            began: Instant::now(),
        };
        assert_eq!(
            counts.line(Duration::from_secs(10)),
            "25 %  2 of 8 replications  3,000 clients/s  30 s left"
        );
    }
}
