//! What concerns some cohorts only: campaigns, and clients that are set apart. A cohort without any of it carries none
//! of this and pays for none.

use super::{CohortWorld, CoveringSite};
use crate::engine::draws::{happens, pick, threshold};
use crate::engine::time::HOUR_S;
use crate::engine::{History, Second};
use crate::plan::campaigns::{Circumstances, Kick, SiteConditions, Verification};
use crate::plan::{Agents, Plan};

/// What a share of the clients is drawn for. The number is part of the draw's address; whatever else tells campaigns of
/// one kind apart is their moment.
#[derive(Clone, Copy, Debug)]
pub enum Share {
    /// SMS Client Deinstall is set.
    DeinstallFlag,
    /// The user is no administrator.
    LowRights,
    /// Clicore was put there beforehand.
    Prestaged,
    /// A kick reaches it.
    Kicked,
    /// When within the kick's span.
    KickMoment,
    /// DisableClientUpgrade is set.
    Frozen,
    /// When within the period it verifies.
    VerificationPhase,
    /// The rules before SP2 damaged it.
    Damaged,
    /// It does not recover for want of rights.
    StaysMixed,
}

/// Campaigns and what sets clients apart, for one cohort.
pub struct Special {
    /// Threshold for SMS Client Deinstall.
    pub deinstall_flag: u64,
    /// Threshold for a user without rights.
    pub low_rights: u64,
    /// Threshold for Clicore to be there.
    pub prestaged: u64,
    /// Kicks, with the threshold of each.
    pub kicks: Vec<(Kick, u64)>,
    /// Changes of the time zone.
    pub zone_changes: Vec<Second>,
    /// Freezes: from, until, threshold.
    pub frozen: Vec<(Second, Second, u64)>,
    /// By position of the covering site.
    pub sites: Vec<SiteSpecial>,
    /// Some site offers agents by steps.
    pub has_agent_steps: bool,
    /// Every moment at which something begins or ends, in order.
    moments: Vec<Second>,
}

/// What a covering site tells besides versions.
pub struct SiteSpecial {
    /// Agents it offers.
    pub agents: History<Agents>,
    /// When its checksums do not fit, in whole hours.
    pub crc_mismatch: Vec<(Second, Second)>,
    /// When its offers are cut off.
    pub offers_cut_off: Vec<(Second, Second)>,
    /// When its clients verify.
    pub verification: Option<Verification>,
}

/// Offered where nothing else is said.
const ALL_AGENTS: Agents = Agents {
    software_distribution: true,
    others: true,
};

/// First of the words that shares are drawn from: far beyond those of any day.
const SHARES_FROM: u64 = 1 << 40;

impl CohortWorld<'_> {
    /// The draw of the client at `address` for a purpose; `of` tells campaigns of one kind apart.
    #[must_use]
    pub fn share_word(&self, address: u64, share: Share, of: Second) -> u32 {
        let word = SHARES_FROM | (share as u64) << 32 | u64::from(of.0);
        self.rare.word(address, word)
    }

    /// Whether the client at `address` is one of a share, given its threshold. What is certain or impossible needs no
    /// draw.
    #[must_use]
    pub fn is_one(&self, address: u64, share: Share, of: Second, below: u64) -> bool {
        match below {
            0 => false,
            below if below > u64::from(u32::MAX) => true,
            below => happens(self.share_word(address, share, of), below),
        }
    }

    /// When kick number `number` of the client at `address` comes; `NEVER` if there is none.
    #[must_use]
    pub fn kick_moment(&self, address: u64, number: u8) -> Second {
        let kicks = self.special.as_ref().map(|special| &special.kicks);
        match kicks.and_then(|kicks| kicks.get(usize::from(number))) {
            None => Second::NEVER,
            Some((kick, _)) if kick.within_s == 0 => kick.at,
            Some((kick, _)) => {
                let word = self.share_word(address, Share::KickMoment, kick.at);
                kick.at + pick(word, kick.within_s)
            }
        }
    }
}

impl Special {
    /// What concerns the cohort; `None` if nothing does.
    pub(super) fn new(
        plan: &Plan,
        circumstances: &Circumstances,
        covering: &[CoveringSite<'_>],
    ) -> Option<Box<Self>> {
        let conditions = |site: &CoveringSite<'_>| &plan.sites[site.site.index()].conditions;
        // What is laid out elsewhere needs none of this.
        let besides = Circumstances {
            left_on: Vec::new(),
            mandatory_restart_s: None,
            new_identity: None,
            ..circumstances.clone()
        };
        if besides.none() && covering.iter().all(|site| conditions(site).none()) {
            return None;
        }
        let sites: Vec<_> = covering
            .iter()
            .map(|site| SiteSpecial::new(conditions(site)))
            .collect();
        let frozen: Vec<_> = circumstances
            .frozen
            .iter()
            .map(|freeze| (freeze.from, freeze.until, threshold(freeze.share)))
            .collect();
        let kicks = circumstances.kicks.iter();
        let mut moments: Vec<Second> = frozen.iter().flat_map(|it| [it.0, it.1]).collect();
        moments.extend(&circumstances.zone_changes);
        moments.extend(sites.iter().flat_map(SiteSpecial::moments));
        moments.sort_unstable();
        let stepped = |site: &SiteSpecial| site.agents.iter().count() > 1;
        Some(Box::new(Special {
            deinstall_flag: threshold(circumstances.deinstall_flag),
            low_rights: threshold(circumstances.low_rights),
            prestaged: threshold(circumstances.prestaged),
            kicks: kicks.map(|kick| (*kick, threshold(kick.share))).collect(),
            zone_changes: circumstances.zone_changes.clone(),
            frozen,
            has_agent_steps: sites
                .iter()
                .any(|site| stepped(site) || *site.agents.latest() != ALL_AGENTS),
            sites,
            moments,
        }))
    }

    /// The agents that the sites at `positions` offer at `now`, of those in `wanted`.
    #[must_use]
    pub fn offered(
        &self,
        wanted: Agents,
        positions: impl Iterator<Item = usize>,
        now: Second,
    ) -> Agents {
        let mut offered = Agents {
            software_distribution: false,
            others: false,
        };
        for position in positions {
            let of_site = self.sites[position].agents.at(now);
            offered.software_distribution |=
                wanted.software_distribution && of_site.software_distribution;
            offered.others |= wanted.others && of_site.others;
        }
        offered
    }

    /// The first moment after `now` at which something begins or ends for the whole cohort.
    #[must_use]
    pub fn next_moment(&self, now: Second) -> Second {
        let next = self.moments.partition_point(|moment| *moment <= now);
        self.moments.get(next).copied().unwrap_or(Second::NEVER)
    }
}

impl SiteSpecial {
    fn new(conditions: &SiteConditions) -> Self {
        let mut agents = History::starting_with(ALL_AGENTS);
        for (from, offered) in &conditions.agents {
            agents.set(*from, *offered);
        }
        let hours = |(from, until): &(Second, Second)| (whole_hour(*from), whole_hour(*until));
        SiteSpecial {
            agents,
            crc_mismatch: conditions.crc_mismatch.iter().map(hours).collect(),
            offers_cut_off: conditions.offers_cut_off.clone(),
            verification: conditions.verification,
        }
    }

    fn moments(&self) -> Vec<Second> {
        let spells = self.crc_mismatch.iter().chain(&self.offers_cut_off);
        let mut moments: Vec<_> = spells.flat_map(|(from, until)| [*from, *until]).collect();
        moments.extend(self.agents.iter().map(|(since, _)| since));
        moments
    }
}

/// The full hour at or after `moment`: clients remember by the hour when they read a site.
fn whole_hour(moment: Second) -> Second {
    Second(
        moment
            .0
            .checked_next_multiple_of(HOUR_S)
            .unwrap_or(u32::MAX),
    )
}

/// The spell in which `moment` lies.
#[must_use]
pub fn spell_at(spells: &[(Second, Second)], moment: Second) -> Option<(Second, Second)> {
    spells
        .iter()
        .copied()
        .find(|(from, until)| (*from..*until).contains(&moment))
}

/// The moment at or before `now` at which a client verifies, `phase` being its draw; `None` before the first.
#[must_use]
pub fn verification_before(verification: Verification, phase: u32, now: Second) -> Option<Second> {
    let first = first_verification(verification, phase);
    (first <= now).then(|| {
        let every_s = verification.every_s.max(1);
        first + now.since(first) / every_s * every_s
    })
}

/// The first moment after `now` at which a client verifies.
#[must_use]
pub fn verification_after(verification: Verification, phase: u32, now: Second) -> Second {
    match verification_before(verification, phase, now) {
        Some(before) => before + verification.every_s.max(1),
        None => first_verification(verification, phase),
    }
}

fn first_verification(verification: Verification, phase: u32) -> Second {
    let first = match verification.same_day {
        true => verification.first,
        false => verification.first + pick(phase, verification.every_s),
    };
    whole_hour(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::DAY_S;

    #[test]
    fn all_verify_on_the_same_day_or_each_on_a_day_of_its_own() {
        let same = Verification {
            first: Second(10 * DAY_S),
            every_s: 30 * DAY_S,
            same_day: true,
        };
        let before = |phase, days| verification_before(same, phase, Second(days * DAY_S));
        assert_eq!(before(u32::MAX, 9), None);
        assert_eq!(before(u32::MAX, 10), Some(Second(10 * DAY_S)));
        assert_eq!(before(0, 69), Some(Second(40 * DAY_S)));
        let after = |days| verification_after(same, 7, Second(days * DAY_S));
        assert_eq!(after(0), Second(10 * DAY_S));
        assert_eq!(after(10), Second(40 * DAY_S));
        let own = Verification {
            same_day: false,
            ..same
        };
        let half_way = verification_after(own, u32::MAX / 2, Second::ZERO);
        assert_eq!(half_way, Second(25 * DAY_S));
    }
}
