//! The product's rules: pure functions and plain state, each next to the article that documents it.
//!
//! One file per component of SMS 2.0. A decision takes facts and gives a [`Reason`], which carries its outcome; it
//! knows no clock, no queue and no client. Adding a rule means: find the component's file, add the fact to its
//! `...Facts`, the row to its function, the reason to [`reasons`], and let the golden table in `tests/` show what
//! changed.

pub mod accounts;
pub mod adapters;
pub mod assignment;
pub mod boot32wn;
pub mod ccim;
pub mod defaults;
pub mod discovery;
pub mod heartbeat;
pub mod inbox_manager;
pub mod logon_server_manager;
pub mod push;
pub mod reasons;
pub mod rights;
pub mod scope;
pub mod sender;
pub mod server_events;
pub mod signs;
pub mod upgrade;
pub mod version;

pub use boot32wn::Bootstrap;
pub use reasons::{Decision, Outcome, Reason};
pub use server_events::ServerEvent;
pub use upgrade::Agents;
pub use version::{Content, Difference, Release, Version};
