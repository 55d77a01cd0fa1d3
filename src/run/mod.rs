//! Running a plan: servers first, then clients that run ahead, and tallies that add up.
//!
//! Knows a plan, the product's rules and one replication; decides who asks which rule when, and records the answer. Knows
//! nothing of files, of scenarios as they are written, or of other replications. The rules themselves are in `sms`.

mod fleet;
pub mod history;
pub mod life;
mod neighbourhood;
pub mod observer;
pub mod recorder;
mod servers;
pub mod tally;
pub mod watch;
mod witness;
pub mod world;

pub use fleet::{Replication, simulate};
pub use history::ServerHistory;
pub use servers::simulate_servers;
pub use tally::{ClientRecord, ClientState, Tally, Trouble};
pub use watch::{Silent, Watch};
pub use witness::{Witnessed, witness};
