//! tour
pub mod cli;
pub mod engine;
pub mod plan;
pub mod report;
pub mod run;
pub mod scenario;
pub mod sms;
pub mod study;
