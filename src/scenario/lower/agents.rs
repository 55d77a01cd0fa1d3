//! Agents of a client by their names.

use crate::plan::Agents;
use crate::scenario::file::AgentName;

/// The agents by name; all of them where nothing is said.
pub(super) fn agents(named: Option<&[AgentName]>) -> Agents {
    let distribution = AgentName::SoftwareDistribution;
    match named {
        None => Agents {
            software_distribution: true,
            others: true,
        },
        Some(named) => Agents {
            software_distribution: named.contains(&distribution),
            others: named.iter().any(|agent| *agent != distribution),
        },
    }
}
