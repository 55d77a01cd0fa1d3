//! What a study keeps of its replications.

use super::*;
use crate::run::Silent;
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn counts_add_up_and_curves_stay_apart() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    assert_eq!(study.count(), 2);
    assert_eq!(study.total.sites[0].clients, 16);
    let hq = Place::Site(SiteId(0)).index(&plan);
    let second = study.curve_band(hq, 2, Curve::Converged);
    assert_eq!(second.into_array(), [2, 2, 4]);
    let fleet = Place::Fleet.index(&plan);
    assert_eq!(study.curve_band(fleet, 4, Curve::Base).into_array(), [7; 3]);
    assert_eq!(study.curve_band(fleet, 4, Curve::Reported).p50, 0);
}

#[test]
fn a_milestone_missed_once_is_later_than_any_reached() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    let half = study.milestone_band(0, 0);
    assert_eq!(
        half.into_array(),
        [Some(32_400), Some(32_400), Some(54_000)]
    );
    assert_eq!(study.reached(0, 0), 2);
    assert_eq!(study.milestone_band(0, 4).into_array(), [None; 3]);
    assert_eq!(study.reached(0, 4), 0);
}

#[test]
fn clients_and_servers_are_those_of_the_first_replication() {
    let plan = sample::plan();
    let study = sample::study(&plan);
    assert_eq!(study.clients.len(), 2);
    assert!(study.clients[0].cohort < study.clients[1].cohort);
    assert!(study.total.clients.is_empty());
    assert_eq!(study.addresses[1].usage.bits[0], 2 * 72_000);
    let peak = study.peak_band(0);
    assert_eq!(peak.p50.bytes, 24_000_000);
    assert_eq!((peak.p90.bytes, peak.p90.interval), (48_000_000, 1));
}

/// Ends a study once so many replications are complete.
struct Until(u32, AtomicU32);

impl Watch for Until {
    fn clients_done(&self, _n: u64) {}

    fn replication_done(&self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

#[test]
fn an_ended_study_keeps_what_was_complete() {
    let plan = Plan {
        replications: 5,
        ..sample::plan()
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let study = pool
        .install(|| run_study(&plan, &Until(2, AtomicU32::new(0))))
        .unwrap();
    assert_eq!(study.count(), 2);
    assert!(study.interrupted);
    let none = pool.install(|| run_study(&plan, &Until(0, AtomicU32::new(0))));
    assert!(matches!(none, Err(NoStudy::Interrupted)));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let plan = Plan {
        replications: 7,
        ..sample::plan()
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run_study(&plan, &Silent)).unwrap()
    };
    let (one, three) = (on(1), on(3));
    assert_eq!(one.total, three.total);
    assert_eq!(one.replications, three.replications);
    assert_eq!(one.addresses, three.addresses);
    assert_eq!(one.clients, three.clients);
}

#[test]
fn a_broken_invariant_names_the_replication_to_replay() {
    let mut plan = sample::plan();
    plan.cohorts[0].habits = crate::plan::HabitsId(99);
    let broken = run_study(&plan, &Silent).unwrap_err();
    assert!(
        matches!(&broken, NoStudy::Broken(it) if it.replication == 1 && it.seed == 7),
        "{broken}"
    );
    assert!(
        broken
            .to_string()
            .starts_with("replication 1 with seed 7 broke off: ")
    );
}
