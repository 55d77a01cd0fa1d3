//! Running a plan: servers first, then clients that run ahead, and tallies that add up.

pub mod history;
pub mod simulate;
pub mod tally;
pub mod watch;

pub use history::ServerHistory;
pub use simulate::{Replication, simulate};
pub use tally::{ClientRecord, ClientState, Tally, Trouble};
pub use watch::{Silent, Watch};
