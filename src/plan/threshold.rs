//! What can be measured of a replication, and the limits a plan sets to it.
//!
//! Knows what is asked; how it is measured is the business of `study`.

use super::{CapId, SiteId};

/// The three curves of convergence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Curve {
    /// Base components and every agent at the target, no restart pending.
    Converged,
    /// Base components at the target.
    Base,
    /// Base components at the target, as far as the console has heard.
    Reported,
}

impl Curve {
    /// Every curve, in the order of the results' columns.
    pub const ALL: [Curve; 3] = [Curve::Converged, Curve::Base, Curve::Reported];

    /// As written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Curve::Converged => "converged",
            Curve::Base => "base",
            Curve::Reported => "reported",
        }
    }
}

/// One number that every replication has, or lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Hours from the start of the record until a share of the reachable clients was first on a curve \[h\]; missing if
    /// never.
    HoursTo {
        /// The share [0.01 %].
        basis_points: u32,
        /// The curve.
        curve: Curve,
    },
    /// Share of all clients that are on a curve when the record ends.
    ShareAtEnd(Curve),
    /// Clients that are not converged when the record ends, those out of the rollout's reach among them.
    NotConverged,
    /// Times that a client became mixed.
    MixedClients,
    /// Time that clients were mixed, added up \[h\].
    MixedHours,
    /// Times that a client came to need a desk visit.
    BrokenClients,
    /// Restarts that users were asked for.
    RestartsAsked,
    /// Upgrades that were cut short or failed and had to start over.
    AbortedUpgrades,
    /// Most bytes that a Client Access Point moved in one hour \[bytes\]; missing if intervals do not make up an hour.
    BusiestHour(Caps),
    /// The same as a share of its bandwidth; missing also if that is unlimited.
    BusiestHourShare(Caps),
}

/// Which Client Access Points are looked at; of several, the busiest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caps {
    /// One.
    One(CapId),
    /// Any of the place.
    Any,
}

impl Measure {
    /// Its unit, as in the documentation of columns.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Measure::HoursTo { .. } | Measure::MixedHours => "h",
            Measure::ShareAtEnd(_) | Measure::BusiestHourShare(_) => "0 to 1",
            Measure::NotConverged | Measure::MixedClients | Measure::BrokenClients => "clients",
            Measure::RestartsAsked => "restarts",
            Measure::AbortedUpgrades => "upgrades",
            Measure::BusiestHour(_) => "bytes",
        }
    }

    /// Whether more of it is better.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        matches!(self, Measure::ShareAtEnd(_))
    }

    /// Whether it is known of each site, not of the fleet alone.
    #[must_use]
    pub fn has_sites(self) -> bool {
        match self {
            Measure::HoursTo { .. } | Measure::ShareAtEnd(_) | Measure::NotConverged => true,
            Measure::BusiestHour(_) | Measure::BusiestHourShare(_) => true,
            Measure::MixedClients | Measure::MixedHours | Measure::BrokenClients => false,
            Measure::RestartsAsked | Measure::AbortedUpgrades => false,
        }
    }
}

/// On which side of a limit a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Whether `value` is on the right side of `limit`; a missing value is on neither.
    #[must_use]
    pub fn holds(self, value: Option<f64>, limit: f64) -> bool {
        value.is_some_and(|value| match self {
            Relation::Below => value < limit,
            Relation::AtMost => value <= limit,
            Relation::Above => value > limit,
            Relation::AtLeast => value >= limit,
        })
    }

    /// Whether larger values are the right ones.
    #[must_use]
    pub fn wants_more(self) -> bool {
        matches!(self, Relation::Above | Relation::AtLeast)
    }

    /// As written in results.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Relation::Below => "<",
            Relation::AtMost => "<=",
            Relation::Above => ">",
            Relation::AtLeast => ">=",
        }
    }
}

/// A limit that replications have to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Name in results; its text where the scenario gives none.
    pub name: String,
    /// As the scenario writes it.
    pub that: String,
    /// The site it is about; none: the whole fleet.
    pub site: Option<SiteId>,
    /// What is measured.
    pub measure: Measure,
    /// On which side of the limit the measure has to be.
    pub relation: Relation,
    /// The limit, in the unit of the measure.
    pub limit: f64,
    /// Share of the replications that have to keep it, above 0 and up to 1.
    pub at_least: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_keeps_no_limit() {
        for (relation, below, at, above) in [
            (Relation::Below, true, false, false),
            (Relation::AtMost, true, true, false),
            (Relation::Above, false, false, true),
            (Relation::AtLeast, false, true, true),
        ] {
            let holds = [1.0, 2.0, 3.0].map(|value| relation.holds(Some(value), 2.0));
            assert_eq!(holds, [below, at, above]);
            assert!(!relation.holds(None, 2.0));
        }
    }
}
