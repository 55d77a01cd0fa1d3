//! The limit: the draws that the simulation makes for a client's days, in the same order and from the same generator,
//! a timer and a counter; no rule, no record.

use rayon::prelude::*;
use smsim::engine::Draws;
use smsim::engine::draws::address_of;
use smsim::plan::Plan;
use smsim::run::life::purposes::{WORDS_PER_DAY, trait_word};

const DAY_S: u32 = 86_400;
const CYCLE_S: u32 = 23 * 3_600;

/// Runs the bare loop for every client of `plan`; gives the number of events.
pub fn events(plan: &Plan, threads: usize) -> u64 {
    let one = |cohort: &smsim::plan::Cohort| {
        let draws = Draws::new(plan.seed, 0, address_of(&cohort.name), 0);
        (0..u64::from(cohort.count))
            .map(|client| of_client(&draws, client, plan.clock.days))
            .sum::<u64>()
    };
    if threads > 1 {
        plan.cohorts.par_iter().map(one).sum()
    } else {
        plan.cohorts.iter().map(one).sum()
    }
}

/// A machine that is switched on and off on each of five days of seven, and a cycle whenever it is due and the machine
/// on: as many events as the simulation has, of the simplest kind.
fn of_client(draws: &Draws, client: u64, days: u32) -> u64 {
    let mut words = draws.entity(client);
    let traits: [u32; trait_word::COUNT] = words.next_words();
    let left_on = traits[trait_word::LEFT_ON] < u32::MAX / 100 * 56;
    let mut due = traits[trait_word::CYCLE] >> 16;
    let mut events = 0;
    for day in 0..days {
        let today: [u32; WORDS_PER_DAY] = words.next_words();
        if day % 7 > 4 && !left_on {
            continue;
        }
        let arrival = day * DAY_S + 8 * 3_600 + (today[0] & 0xfff);
        let departure = arrival + 9 * 3_600 - (today[1] >> 20);
        let until = if left_on {
            (day + 1) * DAY_S
        } else {
            departure
        };
        due = if left_on { due } else { due.max(arrival) };
        while due < until {
            due += CYCLE_S;
            events += 1;
        }
        events += if left_on { 2 } else { 3 };
    }
    events
}
