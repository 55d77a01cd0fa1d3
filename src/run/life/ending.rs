//! The first and the last entry of a client in the record.

use super::Walker;
use super::client::{Client, Flags, Job, NO_SITE, content};
use crate::engine::Second;
use crate::plan::SiteId;
use crate::run::observer::Observer;
use crate::run::tally::{ClientRecord, ClientState, Curve, Trouble};
use crate::sms::Reason;

impl<O: Observer> Walker<'_, '_, O> {
    /// Enters the client in the record as it is at the first second.
    #[inline]
    pub(super) fn record_first_state(&mut self) {
        let state = self.state();
        self.client.state = state;
        self.record
            .state(self.cohort.home, None, state, Second::ZERO);
        if state != ClientState::NotInstalled && state != ClientState::Waiting {
            self.settle(Second::ZERO);
            let converged = state == ClientState::Converged;
            self.client.flags.set(Flags::ON_CONVERGED_CURVE, converged);
            if converged {
                self.record
                    .curve(self.cohort.home, Curve::Converged, 1, Second::ZERO);
            }
        }
    }

    /// Closes the client's entries when the run is over.
    pub(super) fn end(&mut self) {
        let end = self.world.grid.end;
        if self.cohort.special.is_some() {
            self.looks_at_offers(end);
            self.ends_checksums(end);
        }
        let who = (self.cohort.id, self.number);
        let since = self.client.since;
        if self.client.state == ClientState::Mixed {
            self.record
                .trouble_ends(Trouble::Mixed, self.mixed_reason(), since, end, false);
        }
        if self.client.state == ClientState::Broken {
            self.record
                .trouble_ends(Trouble::Broken, Reason::RestartTooEarly, since, end, false);
        }
        if self.client.flags.has(Flags::BLOCKED) {
            self.record.trouble_ends(
                Trouble::NewBlocked,
                self.client.hindrance,
                since,
                end,
                false,
            );
        }
        let standing = (self.client.state != ClientState::Converged).then(|| self.standing());
        if let Some(reason) = standing {
            self.record
                .trouble_begins(Trouble::NotConverged, reason, who);
            if reason.out_of_reach() {
                self.record.out_of_reach(self.cohort.home);
            }
        }
        if O::LOOKS || self.world.plan.results.clients {
            let record = self.client_record(standing);
            self.record.client(record, &self.client);
        }
    }

    /// Why the client has not converged.
    fn standing(&self) -> Reason {
        let client = &self.client;
        if client.flags.has(Flags::BROKEN) {
            return Reason::RestartTooEarly;
        }
        if client.job != Job::None {
            return Reason::InProgress;
        }
        if !client.is_installed() || !client.is_assigned() {
            return self.standing_without_site();
        }
        if client.flags.has(Flags::BASE_RESTART) {
            return Reason::RestartAwaited;
        }
        if client.flags.has(Flags::SECOND_RESTART) {
            return Reason::SecondRestartAwaited;
        }
        if client.flags.has(Flags::MIXED) {
            return match client.hindrance {
                Reason::MixedNeedsReinstall | Reason::MixedLowRights => client.hindrance,
                _ => self.mixed_reason(),
            };
        }
        if client.flags.has(Flags::INVENTORY_STUCK) && self.at_target(client.base) {
            return Reason::InventoryStuck;
        }
        if !self.a_cap_is_at_target() {
            return Reason::SiteStaysBehind;
        }
        match client.hindrance {
            hindrance if client.flags.has(Flags::SEEN_TARGET) && hindrance != Reason::NotSeen => {
                hindrance
            }
            hindrance @ (Reason::CapUnreachable
            | Reason::AccountStale
            | Reason::AccountLocked
            | Reason::IdentityUnknown
            | Reason::OrphanBlocked
            | Reason::HeldOnDialUp) => hindrance,
            _ if client.state == ClientState::AgentsPending => Reason::InProgress,
            _ => Reason::NotSeen,
        }
    }

    fn standing_without_site(&self) -> Reason {
        match self.client.hindrance {
            Reason::NotSeen if self.cohort.covering.is_empty() => Reason::NotAssigned,
            Reason::NotSeen => Reason::NoClient,
            hindrance => hindrance,
        }
    }

    /// Whether a Client Access Point of one of the client's sites holds the target when the run ends.
    fn a_cap_is_at_target(&self) -> bool {
        self.client.site_positions().any(|position| {
            let caps = &self.cohort.covering[position].caps;
            caps.iter()
                .any(|(_, history)| self.world.contents[history.latest().content.index()].at_target)
        })
    }

    fn client_record(&self, standing: Option<Reason>) -> ClientRecord {
        let Client {
            base,
            agents,
            state,
            since,
            restarts_asked,
            aborted,
            sites,
            ..
        } = self.client;
        let site = |position: u8| -> Option<SiteId> {
            (position != NO_SITE).then(|| self.cohort.covering[usize::from(position)].site)
        };
        ClientRecord {
            cohort: self.cohort.id,
            number: self.number,
            sites: sites.map(site),
            base: content(base),
            agents: content(agents),
            state,
            converged_at: if state == ClientState::Converged {
                since
            } else {
                Second::NEVER
            },
            standing,
            restarts_asked,
            aborted,
        }
    }
}
