//! What plans are compared by.

use super::{Caps, Curve, Measure};

/// One measure of the comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// As written in results.
    pub name: &'static str,
    /// What is measured, of the whole fleet.
    pub measure: Measure,
}

const fn hours_to(name: &'static str, basis_points: u32, curve: Curve) -> Compared {
    let measure = Measure::HoursTo {
        basis_points,
        curve,
    };
    Compared { name, measure }
}

const fn of(name: &'static str, measure: Measure) -> Compared {
    Compared { name, measure }
}

/// Every measure, in the order of results.
pub const COMPARED: [Compared; 15] = [
    hours_to("hours to 50% converged", 5_000, Curve::Converged),
    hours_to("hours to 95% converged", 9_500, Curve::Converged),
    hours_to("hours to 99% converged", 9_900, Curve::Converged),
    hours_to("hours to 100% converged", 10_000, Curve::Converged),
    hours_to("hours to 50% reported", 5_000, Curve::Reported),
    hours_to("hours to 95% reported", 9_500, Curve::Reported),
    hours_to("hours to 99% reported", 9_900, Curve::Reported),
    hours_to("hours to 100% reported", 10_000, Curve::Reported),
    of(
        "share converged at end",
        Measure::ShareAtEnd(Curve::Converged),
    ),
    of("mixed clients", Measure::MixedClients),
    of("mixed client-hours", Measure::MixedHours),
    of("broken clients", Measure::BrokenClients),
    of("restarts asked", Measure::RestartsAsked),
    of("aborted upgrades", Measure::AbortedUpgrades),
    of("busiest hour of any CAP", Measure::BusiestHour(Caps::Any)),
];
