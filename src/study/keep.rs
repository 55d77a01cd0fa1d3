//! Finished replications outlive the program: where they are put, and taken from again.
//!
//! Knows what a finished replication is; where it goes is for others to say.

use super::compared::COMPARED;
use crate::run::Tally;
use std::error::Error;

/// What a replication measured of that by which plans are compared, in the order of [`COMPARED`].
pub type Compared = [Option<f64>; COMPARED.len()];

/// Why a replication could not be put away or taken out.
pub type NotKept = Box<dyn Error + Send + Sync>;

/// A place for the finished replications of one plan.
pub trait Keep: Sync {
    /// The record of a replication that was finished before, its clients only if it is the first and the plan asks for
    /// them. `None`: it has to be simulated.
    ///
    /// # Errors
    /// If it cannot be had and is not to be simulated either.
    fn fetch(&self, number: u32) -> Result<Option<Tally>, NotKept>;

    /// Keeps a replication that was simulated.
    ///
    /// # Errors
    /// If that cannot be done.
    fn put(&self, number: u32, compared: &Compared, tally: &Tally) -> Result<(), NotKept>;
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Keep for Nowhere {
    fn fetch(&self, _number: u32) -> Result<Option<Tally>, NotKept> {
        Ok(None)
    }

    fn put(&self, _number: u32, _compared: &Compared, _tally: &Tally) -> Result<(), NotKept> {
        Ok(())
    }
}
