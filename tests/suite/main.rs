//! Everything that is tested from outside, in one binary.
//!
//! - `architecture`: the source keeps its own rules
//! - `command_line`: verbs, exit codes and what they leave behind

mod architecture;
mod command_line;
