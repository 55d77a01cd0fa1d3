//! The tests of outcomes, by subject.

mod diagnostics;
mod merging;
mod risks;
mod scenarios;
