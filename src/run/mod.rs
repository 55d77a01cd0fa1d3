//! Running a plan: servers first, then clients that run ahead, and tallies that add up.

pub mod history;
pub mod tally;

pub use history::ServerHistory;
pub use tally::{ClientRecord, ClientState, Tally, Trouble};
