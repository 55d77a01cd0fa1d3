//! A client put aside while it waits for a server: what cannot be found again, in 64 bytes.
//!
//! A waiting client has no timer and is in no state but `Transferring`; its link follows from its cohort and from where
//! it is. What remains is packed, because in a large fleet it is what memory is needed for.

use super::Appointment;
use super::client::{Client, Flags, Job, NO_SITE, Turn};
use super::presence::Presence;
use crate::engine::{Second, Ticket};
use crate::plan::Circumstances;
use crate::run::tally::ClientState;
use crate::run::world::coverage::MOST_CANDIDATES;
use crate::run::world::{CohortWorld, SITES_PER_CLIENT, ServerId};
use crate::sms::Reason;

/// What a client that was put aside is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It will ask for its transfer at this moment, in this turn.
    Asking(Second, Turn),
    /// It is copying.
    Copying(Ticket),
    /// The run is over for it.
    Over,
}

/// A client and its appointment.
#[derive(Clone, Copy, Debug)]
pub struct PutAside {
    /// Its number in its cohort.
    pub number: u32,
    /// When it asks; its ticket once it is copying.
    at_or_ticket: u32,
    bytes: u32,
    cut_at: Second,
    presence_at: Second,
    departure: Second,
    due: Second,
    heartbeat: Second,
    install_began: Second,
    read_hour: [u16; SITES_PER_CLIENT],
    /// The day in twelve bits, and four of the flags.
    day_and_flags: u16,
    /// The first day after a leave in twelve bits, the number of kicks in three, and the low bit of the time zones seen.
    leave_and_kicks: u16,
    /// The sites, four bits each.
    sites: u16,
    flags: u16,
    server: ServerId,
    contents: [u8; 5],
    hindrance: Reason,
    restarts_asked: u8,
    aborted: u8,
    /// Turns of the presence, of the cut and of the appointment, and the job: four bits each.
    turns_and_job: u16,
}

/// Four bits that stand for no site.
const NO_SITE_NIBBLE: u16 = 0xf;
/// Twelve bits, enough for the days of the longest run.
const DAY_BITS: u16 = 0xfff;

// The longest run has 3,650 days and as many more as its warm-up, at most 365.
const _: () = assert!(3_650 + 365 + 3 < DAY_BITS);
const _: () = assert!(MOST_CANDIDATES < NO_SITE_NIBBLE as usize && SITES_PER_CLIENT <= 4);
const _: () = assert!(Turn::ALL.len() <= 16 && Job::ALL.len() <= 8);
const _: () = assert!(Circumstances::MOST_KICKS < 8 && Circumstances::MOST_ZONE_CHANGES < 4);

impl PutAside {
    /// Puts a client aside until its appointment.
    #[must_use]
    pub fn new(number: u32, client: &Client, appointment: &Appointment) -> Self {
        let presence = &client.presence;
        let mut sites = 0;
        for site in client.sites.iter().rev() {
            let nibble = if *site == NO_SITE {
                NO_SITE_NIBBLE
            } else {
                u16::from(*site)
            };
            sites = sites << 4 | nibble;
        }
        let (flags, more_flags) = presence.flags_on(client.flags).parts();
        PutAside {
            number,
            at_or_ticket: appointment.at.0,
            bytes: u32::try_from(appointment.bytes).unwrap_or(u32::MAX),
            cut_at: appointment.cut.0,
            presence_at: presence.at,
            departure: presence.departure,
            due: client.due,
            heartbeat: client.heartbeat,
            install_began: client.install_began,
            read_hour: client.read_hour,
            day_and_flags: presence.day | more_flags << 12,
            // A leave that outlasts the run may as well end with it.
            leave_and_kicks: presence.leave_until.min(DAY_BITS)
                | u16::from(client.kicks & 0b111) << 12
                | u16::from(client.zones_seen) << 15,
            sites,
            flags,
            server: appointment.server,
            contents: [
                client.base,
                client.agents,
                client.distribution,
                client.reported,
                client.job_content,
            ],
            hindrance: client.hindrance,
            restarts_asked: client.restarts_asked,
            aborted: client.aborted,
            turns_and_job: presence.turn as u16
                | (appointment.cut.1 as u16) << 4
                | (appointment.turn as u16) << 8
                | (client.job as u16) << 12
                | u16::from(client.zones_seen >> 1) << 15,
        }
    }

    /// What it is doing.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.job() {
            Job::None => Phase::Over,
            _ if self.flags().has(Flags::COPYING) => Phase::Copying(Ticket(self.at_or_ticket)),
            _ => Phase::Asking(Second(self.at_or_ticket), self.turn(8)),
        }
    }

    fn flags(&self) -> Flags {
        Flags::from_parts((self.flags, self.day_and_flags >> 12))
    }

    fn turn(&self, shift: u16) -> Turn {
        Turn::ALL[usize::from(self.turns_and_job >> shift & 0xf)]
    }

    fn job(&self) -> Job {
        Job::ALL[usize::from(self.turns_and_job >> 12 & 0b111)]
    }

    /// Its transfer has begun.
    pub fn begin(&mut self, ticket: Ticket) {
        let mut flags = self.flags();
        flags.set(Flags::COPYING, true);
        (self.flags, _) = flags.parts();
        self.at_or_ticket = ticket.0;
    }

    /// The run is over for it.
    pub fn finish(&mut self) {
        self.turns_and_job &= 0x0fff;
    }

    /// When it will have to give up.
    #[must_use]
    pub fn cut(&self) -> (Second, Turn) {
        (self.cut_at, self.turn(4))
    }

    /// The server it asks.
    #[must_use]
    pub fn server(&self) -> ServerId {
        self.server
    }

    /// The appointment again, at `at`.
    #[must_use]
    pub fn appointment(&self, cohort: &CohortWorld<'_>, at: Second) -> Appointment {
        Appointment {
            at,
            turn: self.turn(8),
            server: self.server,
            bytes: u64::from(self.bytes),
            link_bps: cohort.link_bps(self.flags().has(Flags::OFF_SITE)),
            cut: self.cut(),
        }
    }

    /// The client again.
    #[must_use]
    pub fn client(&self) -> Client {
        let [base, agents, distribution, reported, job_content] = self.contents;
        let mut flags = self.flags();
        let presence = Presence::from_flags(
            &mut flags,
            (self.presence_at, self.turn(0)),
            self.departure,
            (
                self.day_and_flags & DAY_BITS,
                self.leave_and_kicks & DAY_BITS,
            ),
        );
        let site = |place: usize| match self.sites >> (4 * place) & 0xf {
            NO_SITE_NIBBLE => NO_SITE,
            position => position as u8,
        };
        Client {
            presence,
            due: self.due,
            timer: Second::NEVER,
            heartbeat: self.heartbeat,
            since: Second::ZERO, // of no account while transferring
            install_began: self.install_began,
            read_hour: self.read_hour,
            sites: std::array::from_fn(site),
            base,
            agents,
            distribution,
            reported,
            job_content,
            job: self.job(),
            timer_turn: Turn::PowerOff,
            state: ClientState::Transferring,
            hindrance: self.hindrance,
            restarts_asked: self.restarts_asked,
            aborted: self.aborted,
            kicks: (self.leave_and_kicks >> 12 & 0b111) as u8,
            zones_seen: (self.leave_and_kicks >> 15 | (self.turns_and_job >> 15) << 1) as u8,
            flags,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest value of everything that shares bits with something else.
    #[test]
    fn a_client_comes_back_as_it_was_put_aside() {
        let mut flags = Flags::default();
        for fact in [Flags::ON, Flags::OFF_SITE, Flags::INVENTORY_STUCK] {
            flags.set(fact, true);
        }
        let at = (Second(5), Turn::PowerOff);
        let presence = Presence::from_flags(&mut flags, at, Second(9), (4_018, DAY_BITS));
        let client = Client {
            presence,
            due: Second(1),
            timer: Second::NEVER,
            heartbeat: Second(2),
            since: Second::ZERO,
            install_began: Second::NEVER,
            read_hour: [1, 2, 3, u16::MAX],
            sites: [MOST_CANDIDATES as u8 - 1, 0, 5, NO_SITE],
            base: 0,
            agents: u8::MAX,
            distribution: 1,
            reported: 2,
            job_content: 3,
            job: Job::Verify,
            timer_turn: Turn::PowerOff,
            state: ClientState::Transferring,
            hindrance: Reason::NotSeen,
            restarts_asked: 1,
            aborted: u8::MAX,
            kicks: Circumstances::MOST_KICKS as u8,
            zones_seen: Circumstances::MOST_ZONE_CHANGES as u8,
            flags,
        };
        let appointment = Appointment {
            at: Second(3),
            turn: Turn::PowerOff,
            server: ServerId(7),
            bytes: 24_000_000,
            link_bps: 1,
            cut: (Second(4), Turn::PowerOff),
        };
        let mut aside = PutAside::new(11, &client, &appointment);
        assert_eq!(format!("{:?}", aside.client()), format!("{client:?}"));
        assert_eq!(aside.phase(), Phase::Asking(Second(3), Turn::PowerOff));
        aside.begin(Ticket(8));
        assert_eq!(format!("{:?}", aside.client()), format!("{client:?}"));
        assert_eq!(aside.phase(), Phase::Copying(Ticket(8)));
        aside.finish();
        assert_eq!(aside.phase(), Phase::Over);
    }

    #[test]
    fn a_waiting_client_takes_64_bytes() {
        assert_eq!(size_of::<PutAside>(), 64);
    }
}
