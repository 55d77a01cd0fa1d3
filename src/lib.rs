//! tour
pub mod engine;
pub mod plan;
pub mod report;
pub mod run;
pub mod sms;
pub mod study;
