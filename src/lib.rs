//! tour
pub mod engine;
pub mod plan;
pub mod run;
pub mod scenario;
pub mod sms;
