//! What a caller may see of a run while it goes on, and how it ends one early.

/// Looks on while clients are simulated. All methods are called from many threads.
pub trait Watch: Sync {
    /// `n` more clients have been simulated to the end.
    fn clients_done(&self, n: u64);

    /// One more replication is complete.
    fn replication_done(&self);

    /// Whether to stop before the next replication; what is complete by then is kept.
    fn cancelled(&self) -> bool;
}

/// Looks on in silence and never ends a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn clients_done(&self, _n: u64) {}

    fn replication_done(&self) {}

    fn cancelled(&self) -> bool {
        false
    }
}
