//! Running a plan: servers first, then clients that run ahead, and tallies that add up.

pub mod tally;

pub use tally::{ClientRecord, ClientState, Tally, Trouble};
