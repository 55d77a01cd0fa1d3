//! The tests of outcomes, by subject.

mod diagnostics;
mod scenarios;
