//! When shares of a site's clients were converged.

use crate::run::tally::{Curve, Grid, SiteTally};

/// Shares of the reachable clients whose convergence is a milestone [%].
pub const MILESTONES: [u32; 5] = [50, 90, 95, 99, 100];

/// When each milestone was first reached [s since the start of the record], to a twelfth of an interval; `None` if
/// never.
pub type Reached = [Option<u32>; MILESTONES.len()];

/// The milestones of one site, or of the fleet, in one replication.
///
/// Counted are the clients within the rollout's reach: whoever could not converge, because its site was never
/// upgraded or its machine stayed off, would otherwise keep a milestone from ever being reached.
#[must_use]
pub fn milestones(site: &SiteTally, grid: &Grid) -> Reached {
    let reachable = site.clients.saturating_sub(site.out_of_reach);
    let mut reached = [None; MILESTONES.len()];
    if reachable == 0 {
        return reached;
    }
    let wanted = MILESTONES.map(|percent| {
        let clients = (reachable * u64::from(percent)).div_ceil(100);
        i64::try_from(clients).unwrap_or(i64::MAX)
    });
    let mut converged = site.curves_at_start[Curve::Converged as usize];
    let mut next = 0;
    let mut note = |converged: i64, elapsed_s: u32| {
        while next < wanted.len() && converged >= wanted[next] {
            reached[next] = Some(elapsed_s);
            next += 1;
        }
    };
    note(converged, 0);
    let span_s = grid.end.since(grid.start);
    for (step, change) in (1..).zip(&site.converged_changes) {
        converged += i64::from(*change);
        note(
            converged,
            span_s.min(grid.fine_step_s().saturating_mul(step)),
        );
    }
    reached
}

/// When a share of the reachable clients [0.01 %] was first on a curve [s since the start of the record]; `None` if
/// never. To a twelfth of an interval for the converged ones, to an interval for the other curves.
#[must_use]
pub fn first_reached(
    site: &SiteTally,
    grid: &Grid,
    curve: Curve,
    basis_points: u32,
) -> Option<u32> {
    let reachable = site.clients.saturating_sub(site.out_of_reach);
    if reachable == 0 {
        return None;
    }
    let wanted = (reachable * u64::from(basis_points)).div_ceil(10_000);
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    let start = site.curves_at_start[curve as usize];
    let (changes, step_s): (Vec<i32>, u32) = match curve {
        Curve::Converged => (site.converged_changes.clone(), grid.fine_step_s()),
        Curve::Base | Curve::Reported => {
            let changes = site.curve_changes.iter().map(|row| row[curve as usize]);
            (changes.collect(), grid.interval_s)
        }
    };
    let mut count = start;
    if count >= wanted {
        return Some(0);
    }
    let span_s = grid.end.since(grid.start);
    for (step, change) in (1..).zip(changes) {
        count += i64::from(change);
        if count >= wanted {
            return Some(span_s.min(step_s.saturating_mul(step)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Second;

    fn grid() -> Grid {
        Grid::spanning(Second(1_000), Second(1_000 + 4 * 3_600), 3_600)
    }

    fn site(clients: u64, out_of_reach: u64, changes: &[(usize, i32)]) -> SiteTally {
        let mut site = SiteTally::with_grid(&grid());
        site.clients = clients;
        site.out_of_reach = out_of_reach;
        for &(step, change) in changes {
            site.converged_changes[step] = change;
        }
        site
    }

    #[test]
    fn a_milestone_is_dated_by_the_end_of_its_step() {
        let site = site(100, 0, &[(0, 49), (1, 1), (12, 45), (47, 5)]);
        assert_eq!(
            milestones(&site, &grid()),
            [
                Some(600),
                Some(13 * 300),
                Some(13 * 300),
                Some(14_400),
                Some(14_400)
            ]
        );
    }

    #[test]
    fn who_is_out_of_reach_does_not_count() {
        let site = site(100, 10, &[(5, 90)]);
        assert_eq!(milestones(&site, &grid()), [Some(1_800); 5]);
    }

    #[test]
    fn never_is_missing_and_a_later_loss_does_not_undo_a_milestone() {
        let lost = site(10, 0, &[(0, 9), (1, -9)]);
        assert_eq!(
            milestones(&lost, &grid()),
            [Some(300), Some(300), None, None, None]
        );
        assert_eq!(milestones(&site(5, 5, &[]), &grid()), [None; 5]);
        assert_eq!(milestones(&SiteTally::default(), &grid()), [None; 5]);
    }

    #[test]
    fn who_starts_converged_needs_no_time() {
        let mut done = site(4, 0, &[]);
        done.curves_at_start[Curve::Converged as usize] = 4;
        assert_eq!(milestones(&done, &grid()), [Some(0); 5]);
    }
}
