//! The discrete-event engine: time, order, chance, equal shares and histories.
//!
//! Knows nothing of SMS, of scenarios or of files. Everything in here is integer arithmetic, so that a run has the
//! same bytes on every platform and on any number of threads.

pub mod distribution;
pub mod draws;
pub mod equal_share;
pub mod history;
pub mod queue;
pub mod sparse;
pub mod time;
pub mod usage;

pub use distribution::{Distribution, Quantiles};
pub use draws::{Draws, EntityDraws};
pub use equal_share::{EqualShare, Full, Ticket};
pub use history::History;
pub use queue::EventQueue;
pub use time::Second;
pub use usage::Usage;
