//! The upgrade on the client: what is copied in which stage, and what a restart does to it.

use super::defaults::Rules;

/// The optional agents of a client, as far as the order of their upgrade tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Agents {
    /// Software distribution, which costs Windows 9x a second restart (Q264969).
    pub software_distribution: bool,
    /// Any of hardware inventory, software inventory, remote control, licence metering, event-to-trap.
    pub others: bool,
}

impl Agents {
    /// Whether there is anything for APM to install.
    #[must_use]
    pub fn any(self) -> bool {
        self.software_distribution || self.others
    }
}

/// Bytes of a service pack that one client copies in each stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageSizes {
    /// Base components, APM and Windows Management, copied by CCIM itself (Q235161).
    pub base: u64,
    /// Software distribution.
    pub software_distribution: u64,
    /// The other agents.
    pub others: u64,
}

/// Splits the `total` bytes of a client's upgrade over the stages: what its agents do not need, the base takes.
#[must_use]
pub fn stage_sizes(total: u64, agents: Agents, rules: &Rules) -> StageSizes {
    let base = if agents.any() {
        total.min(rules.base_size)
    } else {
        total
    };
    let rest = total - base;
    let software_distribution = match agents {
        Agents {
            software_distribution: false,
            ..
        } => 0,
        Agents { others: false, .. } => rest,
        _ => rest.min(rules.software_distribution_size),
    };
    StageSizes {
        base,
        software_distribution,
        others: rest - software_distribution,
    }
}

/// Whether a restart `elapsed_s` after an installation began comes too early for a Windows 9x client (Q237543,
/// Q238864).
#[must_use]
pub fn restart_is_too_early(win9x: bool, elapsed_s: u32, safe_after_s: u32) -> bool {
    win9x && elapsed_s < safe_after_s
}

/// When a Windows 9x machine is restarted after it asked for it \[s\]: when its user gets round to it, or when a policy
/// makes it mandatory, whichever comes first (Q239564). `None`: not before its next start.
#[must_use]
pub fn restart_after_s(by_user_s: Option<u32>, mandatory_s: Option<u32>) -> Option<u32> {
    match (by_user_s, mandatory_s) {
        (Some(user_s), Some(mandatory_s)) => Some(user_s.min(mandatory_s)),
        (either, other) => either.or(other),
    }
}

/// Whether hardware inventory asks for a restart for ever on a Windows 9x client that was removed, installed and
/// upgraded without one in between (Q263370).
#[must_use]
pub fn inventory_gets_stuck(win9x: bool, removed_since_restart: bool) -> bool {
    win9x && removed_since_restart
}

/// Bytes of a first installation, less what was put on the machine beforehand (Q202338).
#[must_use]
pub fn core_bytes(core_size: u64, prestaged: bool, prestage_saves: u64) -> u64 {
    if prestaged {
        core_size.saturating_sub(prestage_saves)
    } else {
        core_size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_AGENTS: Agents = Agents {
        software_distribution: true,
        others: true,
    };

    #[test]
    fn the_stages_add_up_to_the_whole() {
        let rules = Rules::default();
        for total in [1_000, 8_000_000, 24_000_000] {
            for agents in [
                ALL_AGENTS,
                Agents {
                    others: false,
                    ..ALL_AGENTS
                },
                Agents {
                    software_distribution: false,
                    ..ALL_AGENTS
                },
            ] {
                let sizes = stage_sizes(total, agents, &rules);
                assert_eq!(
                    sizes.base + sizes.software_distribution + sizes.others,
                    total
                );
            }
        }
    }

    #[test]
    fn a_client_without_agents_copies_everything_in_the_first_stage() {
        let none = Agents {
            software_distribution: false,
            others: false,
        };
        assert_eq!(
            stage_sizes(24_000_000, none, &Rules::default()).base,
            24_000_000
        );
    }

    /// Q237543, Q238864: wait at least 15 minutes; Windows NT is not concerned.
    #[test]
    fn only_windows_9x_must_wait_a_quarter_of_an_hour() {
        assert!(restart_is_too_early(true, 14 * 60, 15 * 60));
        assert!(!restart_is_too_early(true, 15 * 60, 15 * 60));
        assert!(!restart_is_too_early(false, 0, 15 * 60));
    }
}
