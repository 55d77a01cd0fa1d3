//! One client's state, small enough to stay in the nearest cache, and to be put aside while it waits.

use super::presence::Presence;
use crate::engine::Second;
use crate::plan::ContentId;
use crate::run::tally::ClientState;
use crate::run::world::SITES_PER_CLIENT;
use crate::sms::Reason;

/// What can happen to a client. The order of this list is the order within one second, for one client as among all:
/// servers first, then maintenance, then logons, then departures. Nothing else in the program orders clients' events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Turn {
    /// The server it copies from goes down.
    ServerDown,
    /// A transfer is complete.
    TransferEnds,
    /// An installation is complete.
    InstallEnds,
    /// The local day begins for a machine that is on.
    DayBegins,
    /// The machine is switched on.
    PowerOn,
    /// Somebody sets a maintenance cycle off.
    Kick,
    /// A maintenance cycle.
    Cycle,
    /// APM begins with the agents.
    AgentsBegin,
    /// The site server tries to push a client onto the machine.
    Push,
    /// The user restarts the machine.
    Restart,
    /// The user logs on.
    Logon,
    /// The user logs off and on again.
    Relogon,
    /// A maintenance cycle of a Windows 9x client, which a logon may have set off.
    UserCycle,
    /// The user logs off; the machine stays on.
    Logoff,
    /// The machine is switched off.
    PowerOff,
}

impl Turn {
    /// Every turn, in order.
    pub const ALL: [Turn; 15] = [
        Turn::ServerDown,
        Turn::TransferEnds,
        Turn::InstallEnds,
        Turn::DayBegins,
        Turn::PowerOn,
        Turn::Kick,
        Turn::Cycle,
        Turn::AgentsBegin,
        Turn::Push,
        Turn::Restart,
        Turn::Logon,
        Turn::Relogon,
        Turn::UserCycle,
        Turn::Logoff,
        Turn::PowerOff,
    ];
}

/// What a client is copying or installing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Job {
    /// Nothing.
    None,
    /// Base components, from a Client Access Point.
    Base,
    /// Software distribution on Windows 9x, which goes before the other agents (Q264969).
    Distribution,
    /// All agents that are older; on Windows 9x all but software distribution.
    Agents,
    /// Clicore from a logon point, whose release the client's own site holds too.
    Clicore,
    /// Clicore from a logon point ahead of the client's own site.
    ClicoreAhead,
    /// A first installation from a logon point.
    Core,
    /// Agents again, because they are to be verified (Q246040).
    Verify,
}

impl Job {
    /// Every job, in order; the first is none.
    pub const ALL: [Job; 8] = [
        Job::None,
        Job::Base,
        Job::Distribution,
        Job::Agents,
        Job::Clicore,
        Job::ClicoreAhead,
        Job::Core,
        Job::Verify,
    ];
}

/// Agents that were never installed.
pub const NO_CONTENT: u8 = u8::MAX;

/// A place in the client's list of sites that is free.
pub const NO_SITE: u8 = u8::MAX;

/// Facts about a client that are either so or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// The base components wait for a restart.
    pub const BASE_RESTART: Flags = Flags(1);
    /// Software distribution waits for a restart.
    pub const SECOND_RESTART: Flags = Flags(1 << 1);
    /// In need of a desk visit.
    pub const BROKEN: Flags = Flags(1 << 2);
    /// Base components newer than every Client Access Point of its sites.
    pub const MIXED: Flags = Flags(1 << 3);
    /// The next cycle sends a discovery record ahead of time.
    pub const REPORT_EARLY: Flags = Flags(1 << 4);
    /// A cycle has read a Client Access Point at the target release.
    pub const SEEN_TARGET: Flags = Flags(1 << 5);
    /// What it copied is being installed.
    pub const INSTALLING: Flags = Flags(1 << 6);
    /// An installation of this new machine was put off, and counted.
    pub const BLOCKED: Flags = Flags(1 << 7);
    /// Counted on the base curve.
    pub const ON_BASE_CURVE: Flags = Flags(1 << 8);
    /// Counted on the reported curve.
    pub const ON_REPORTED_CURVE: Flags = Flags(1 << 9);
    /// Counted on the converged curve.
    pub const ON_CONVERGED_CURVE: Flags = Flags(1 << 10);

    /// Either of the two restarts.
    pub const AWAITS_RESTART: Flags = Flags(Flags::BASE_RESTART.0 | Flags::SECOND_RESTART.0);
    /// Whatever a restart of the machine ends.
    pub const ENDS_WITH_RESTART: Flags =
        Flags(Flags::AWAITS_RESTART.0 | Flags::REMOVED_SINCE_RESTART.0);
    /// Put aside: its transfer has begun.
    pub const COPYING: Flags = Flags(1 << 11);
    /// Put aside: the machine is on.
    pub const ON: Flags = Flags(1 << 12);
    /// Put aside: a user is logged on.
    pub const USER: Flags = Flags(1 << 13);
    /// Put aside: the machine is off-site.
    pub const OFF_SITE: Flags = Flags(1 << 14);
    /// Put aside: the machine is one of those left on overnight.
    pub const LEFT_ON: Flags = Flags(1 << 15);

    /// It tried to join another site, and its user's rights did not suffice (Q215107).
    pub const JOIN_TRIED: Flags = Flags(1 << 16);
    /// A cycle has set the permissions for that since.
    pub const JOIN_PERMITTED: Flags = Flags(1 << 17);
    /// The client was removed from a machine that has not been restarted since (Q263370).
    pub const REMOVED_SINCE_RESTART: Flags = Flags(1 << 18);
    /// Hardware inventory asks for a restart for ever (Q263370).
    pub const INVENTORY_STUCK: Flags = Flags(1 << 19);

    /// Any of those that make a client's next cycle or logon unlike the last.
    pub const NOT_QUIET: Flags = Flags(
        Flags::BASE_RESTART.0
            | Flags::SECOND_RESTART.0
            | Flags::BROKEN.0
            | Flags::MIXED.0
            | Flags::REPORT_EARLY.0
            | Flags::INSTALLING.0
            | Flags::BLOCKED.0,
    );

    /// Whether a fact holds, or any of several.
    #[inline]
    #[must_use]
    pub fn has(self, fact: Flags) -> bool {
        self.0 & fact.0 != 0
    }

    /// These facts, with those about the curves taken from `others`.
    #[must_use]
    pub fn keeping_curves(self, others: Flags) -> Flags {
        let curves =
            Flags::ON_BASE_CURVE.0 | Flags::ON_REPORTED_CURVE.0 | Flags::ON_CONVERGED_CURVE.0;
        Flags(self.0 & !curves | others.0 & curves)
    }

    /// The facts as two numbers, of 16 and of 4 bits.
    #[must_use]
    pub fn parts(self) -> (u16, u16) {
        (self.0 as u16, (self.0 >> 16) as u16)
    }

    /// The facts again.
    #[must_use]
    pub fn from_parts((low, high): (u16, u16)) -> Self {
        Flags(u32::from(high) << 16 | u32::from(low))
    }

    /// Makes a fact hold or not.
    #[inline]
    pub fn set(&mut self, fact: Flags, holds: bool) {
        if holds {
            self.0 |= fact.0;
        } else {
            self.0 &= !fact.0;
        }
    }
}

/// The whole state of one client between two events.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// When it is on, and what its user does next.
    pub presence: Presence,
    /// When the next maintenance cycle is due; without a client, when the site server next tries to push one.
    pub due: Second,
    /// Something of its own: the end of a transfer or installation, APM's begin, a restart.
    pub timer: Second,
    /// When the next heartbeat is due; without a client, when the request to push one ends, `NEVER` if there is none.
    pub heartbeat: Second,
    /// Since when it is in its state.
    pub since: Second,
    /// When the installation began that a restart must not follow too soon.
    pub install_began: Second,
    /// Hours from the first second at which each site's configuration was last read.
    pub read_hour: [u16; SITES_PER_CLIENT],
    /// Its sites, the principal one first, by position among those that cover its cohort.
    pub sites: [u8; SITES_PER_CLIENT],
    /// Content of its base components; `NO_CONTENT` without a client.
    pub base: u8,
    /// Content of its agents other than software distribution.
    pub agents: u8,
    /// Content of its software distribution agent.
    pub distribution: u8,
    /// Content of the base components that the console last heard of.
    pub reported: u8,
    /// Content that the present job brings.
    pub job_content: u8,
    /// What it is copying or installing.
    pub job: Job,
    /// What `timer` is for.
    pub timer_turn: Turn,
    /// Where it is on its way, as recorded.
    pub state: ClientState,
    /// What last kept it from going on.
    pub hindrance: Reason,
    /// Restarts its user was asked for.
    pub restarts_asked: u8,
    /// Upgrades that were cut short or failed.
    pub aborted: u8,
    /// Kicks that have come.
    pub kicks: u8,
    /// Changes of the time zone that a logon has seen.
    pub zones_seen: u8,
    /// Other facts.
    pub flags: Flags,
}

impl Client {
    /// Whether an SMS client is on the machine.
    #[inline]
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.base != NO_CONTENT
    }

    /// Whether it belongs to a site.
    #[inline]
    #[must_use]
    pub fn is_assigned(&self) -> bool {
        self.sites[0] != NO_SITE
    }

    /// Whether CCIM has anything to maintain: an assigned client that is not broken.
    #[inline]
    #[must_use]
    pub fn runs_cycles(&self) -> bool {
        self.is_installed() && self.is_assigned() && !self.flags.has(Flags::BROKEN)
    }

    /// Whether a job is copying or installing.
    #[inline]
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.job != Job::None
    }

    /// Its sites, by position among those that cover its cohort.
    pub fn site_positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.sites
            .iter()
            .take_while(|site| **site != NO_SITE)
            .map(|site| usize::from(*site))
    }

    /// Adds a site at the end of the list; false if it is there already or the list is full.
    pub fn join(&mut self, position: usize) -> bool {
        let position = position as u8;
        if self.sites.contains(&position) {
            return false;
        }
        match self.sites.iter().position(|site| *site == NO_SITE) {
            Some(free) => {
                self.sites[free] = position;
                true
            }
            None => false,
        }
    }

    /// Removes the site at place `place` of the list.
    pub fn leave(&mut self, place: usize) {
        self.sites.copy_within(place + 1.., place);
        self.read_hour.copy_within(place + 1.., place);
        self.sites[SITES_PER_CLIENT - 1] = NO_SITE;
    }

    /// Notes that the site at place `place` was read at `now`.
    #[inline]
    pub fn note_read(&mut self, place: usize, now: Second) {
        self.read_hour[place] = (now.0 / 3_600) as u16;
    }

    /// When the site at place `place` was read, to the hour.
    #[inline]
    #[must_use]
    pub fn site_read(&self, place: usize) -> Second {
        Second(u32::from(self.read_hour[place]) * 3_600)
    }

    /// Seconds since the site at place `place` was read, to the hour.
    #[inline]
    #[must_use]
    pub fn unread_s(&self, place: usize, now: Second) -> u32 {
        (now.0 / 3_600).saturating_sub(u32::from(self.read_hour[place])) * 3_600
    }

    /// The full hour in which its principal site was last read.
    #[must_use]
    pub fn last_read(&self) -> Second {
        Second(u32::from(self.read_hour[0]) * 3_600)
    }

    /// Sets the timer.
    #[inline]
    pub fn set_timer(&mut self, at: Second, turn: Turn) {
        self.timer = at;
        self.timer_turn = turn;
    }
}

/// The content with this number, unless there is none.
#[must_use]
pub fn content(number: u8) -> Option<ContentId> {
    (number != NO_CONTENT).then_some(ContentId(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_turn_and_every_job_stands_at_its_place() {
        for (place, job) in Job::ALL.into_iter().enumerate() {
            assert_eq!(job as usize, place);
        }
        for (place, turn) in Turn::ALL.into_iter().enumerate() {
            assert_eq!(turn as usize, place);
        }
    }
}
