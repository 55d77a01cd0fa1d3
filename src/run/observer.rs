//! Who looks on while clients live: nobody, or a [`Witness`] of one client.
//!
//! A run of a whole fleet has no observer, and its calls compile to nothing. A witness takes part in the same life
//! through the same code and notes what one client did; what it noted is put into words elsewhere.

use super::life::Appointment;
use super::life::client::{Client, Turn};
use super::tally::ClientRecord;
use super::world::ServerId;
use crate::engine::Second;
use crate::plan::CohortId;
use crate::sms::Reason;

/// Looks on while clients live.
pub trait Observer {
    /// Whether it wants to be told anything.
    const LOOKS: bool;

    /// What follows is about this client.
    #[inline]
    fn turns_to(&mut self, _who: (CohortId, u32)) {}

    /// Something happens to the client, as it is just before.
    #[inline]
    fn event(&mut self, _at: Second, _turn: Turn, _client: &Client) {}

    /// It took a decision.
    #[inline]
    fn decision(&mut self, _at: Second, _reason: Reason) {}

    /// It read a little from a server.
    #[inline]
    fn read(&mut self, _at: Second, _server: ServerId) {}

    /// It asks a server for a transfer.
    #[inline]
    fn asks(&mut self, _appointment: &Appointment, _client: &Client) {}

    /// It is like this now.
    #[inline]
    fn settled(&mut self, _at: Second, _client: &Client) {}

    /// The run is over for it.
    #[inline]
    fn ended(&mut self, _client: &Client, _record: &ClientRecord) {}
}

/// Nobody looks on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Observer for Nobody {
    const LOOKS: bool = false;
}

/// One thing a witness noted.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    /// When.
    pub at: Second,
    /// What.
    pub what: Noted,
    /// The client: before an event, after everything else.
    pub client: Client,
}

/// What can be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Something happens.
    Event(Turn),
    /// A decision was taken.
    Decision(Reason),
    /// A server was read.
    Read(ServerId),
    /// A transfer was asked for.
    Asks(Appointment),
    /// The client changed.
    Settled,
    /// The run was over.
    Ended(ClientRecord),
}

/// Notes everything one client does.
#[derive(Clone, Debug)]
pub struct Witness {
    whom: (CohortId, u32),
    listens: bool,
    client: Option<Client>,
    /// In the order in which it happened.
    pub notes: Vec<Note>,
}

impl Witness {
    /// A witness of client `whom`.
    #[must_use]
    pub fn of(whom: (CohortId, u32)) -> Self {
        Witness {
            whom,
            listens: false,
            client: None,
            notes: Vec::new(),
        }
    }

    fn note(&mut self, at: Second, what: Noted) {
        if let (true, Some(client)) = (self.listens, self.client) {
            self.notes.push(Note { at, what, client });
        }
    }

    fn note_with(&mut self, at: Second, what: Noted, client: &Client) {
        if self.listens {
            self.client = Some(*client);
            self.note(at, what);
        }
    }
}

impl Observer for Witness {
    const LOOKS: bool = true;

    fn turns_to(&mut self, who: (CohortId, u32)) {
        self.listens = who == self.whom;
    }

    fn event(&mut self, at: Second, turn: Turn, client: &Client) {
        self.note_with(at, Noted::Event(turn), client);
    }

    fn decision(&mut self, at: Second, reason: Reason) {
        self.note(at, Noted::Decision(reason));
    }

    fn read(&mut self, at: Second, server: ServerId) {
        self.note(at, Noted::Read(server));
    }

    fn asks(&mut self, appointment: &Appointment, client: &Client) {
        self.note_with(appointment.at, Noted::Asks(*appointment), client);
    }

    fn settled(&mut self, at: Second, client: &Client) {
        self.note_with(at, Noted::Settled, client);
    }

    fn ended(&mut self, client: &Client, record: &ClientRecord) {
        let at = client.presence.at;
        self.note_with(at, Noted::Ended(*record), client);
    }
}
