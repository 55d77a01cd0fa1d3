//! Step 2, one client's life: it runs alone from event to event until it wants something from a server that others
//! want, too.
//!
//! [`Walker::step`] lets one event happen. Events come from three places: the user's [`presence`], the maintenance
//! cycle's due time, and one timer for what the client itself is doing. The rules are in `sms`; the files beside this
//! one only gather the facts, ask the rule, and carry out what it says: `logon`, `cycle`, `upgrade`.

pub mod client;
mod cycle;
mod ending;
mod logon;
mod place;
pub mod presence;
pub mod purposes;
mod push;
pub mod put_aside;
mod quiet;
mod special;
mod upgrade;

use super::observer::{Nobody, Observer};
use super::recorder::Recorder;
use super::tally::ClientState;
use super::world::{Alike, CohortWorld, SITES_PER_CLIENT, ServerId, World};
use crate::engine::Second;
use crate::engine::draws::pick;
use crate::sms::ccim::{self, Presence as CcimPresence};
use crate::sms::{Agents, Reason};
use client::{Client, Flags, Job, NO_CONTENT, NO_SITE, Turn};
use presence::{Attendance, Presence};
use purposes::{Purpose, trait_word};

/// A transfer that a client asks of a server with limited bandwidth or connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// When it asks.
    pub at: Second,
    /// In which turn of that second.
    pub turn: Turn,
    /// Which server.
    pub server: ServerId,
    /// How much \[bytes\].
    pub bytes: u64,
    /// Over which link [bit/s].
    pub link_bps: u64,
    /// When it will have to give up.
    pub cut: (Second, Turn),
}

/// How a server answered an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The transfer is complete at this moment.
    Complete(Second),
    /// The transfer is under way; it will not be complete before it is cut short.
    CutShort,
    /// The transfer is under way; nothing is known of its end yet.
    UnderWay,
    /// No connection was left.
    TurnedAway,
}

/// What came of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something happened; go on.
    Happened,
    /// The client waits for a server's answer: see [`Walker::appointment`].
    Waits,
    /// The run is over for it.
    Over,
}

/// A client in motion, and who looks on.
pub struct Walker<'w, 'r, O: Observer = Nobody> {
    world: &'w World<'w>,
    cohort: &'w CohortWorld<'w>,
    attendance: Attendance<'w>,
    /// Its state.
    pub client: Client,
    number: u32,
    /// What the servers hold alike now, and when that changes.
    alike: Alike,
    alike_until: Second,
    /// What was drawn once for all days, where it is needed again.
    traits: Option<[u32; trait_word::COUNT]>,
    /// The rare words of one day.
    rare: Option<(u16, [u32; Rare::COUNT])>,
    /// The agents it should have now: its own, less those that its sites do not offer.
    wanted: Agents,
    /// When somebody sets its next cycle off.
    next_kick: Second,
    record: &'r mut Recorder<O>,
    /// What the client waits for.
    pub appointment: Option<Appointment>,
}

impl<'w, 'r, O: Observer> Walker<'w, 'r, O> {
    /// A client before its first event.
    #[inline]
    pub fn new(
        world: &'w World<'w>,
        cohort: &'w CohortWorld<'w>,
        number: u32,
        record: &'r mut Recorder<O>,
    ) -> Self {
        let (mut attendance, words) = Attendance::new(cohort, cohort.address(number));
        let presence = attendance.first(&words);
        let client = first_state(cohort, presence, &words);
        let traits = Some(words);
        record.observer.turns_to((cohort.id, number));
        record.appears(cohort.home);
        let mut walker = Walker {
            world,
            cohort,
            attendance,
            client,
            number,
            traits,
            rare: None,
            alike: *cohort.alike.at(Second::ZERO),
            alike_until: Second::ZERO,
            wanted: cohort.agents,
            next_kick: Second::NEVER,
            record,
            appointment: None,
        };
        walker.starts_with_offers();
        walker.record_first_state();
        walker
    }

    /// A client that was put aside.
    pub fn resume(
        world: &'w World<'w>,
        cohort: &'w CohortWorld<'w>,
        number: u32,
        client: Client,
        record: &'r mut Recorder<O>,
    ) -> Self {
        record.observer.turns_to((cohort.id, number));
        let address = cohort.address(number);
        let attendance = Attendance::resumed(cohort, address, client.presence.day);
        let mut walker = Walker {
            world,
            cohort,
            attendance,
            client,
            number,
            traits: None,
            rare: None,
            alike: *cohort.alike.at(Second::ZERO),
            alike_until: Second::ZERO,
            wanted: cohort.agents,
            next_kick: Second::NEVER,
            record,
            appointment: None,
        };
        walker.finds_kick();
        walker
    }

    /// Runs until the client waits for a server or the run is over.
    #[inline]
    pub fn run(&mut self) -> Option<Appointment> {
        loop {
            self.lives_quietly();
            match self.step() {
                Step::Happened => {}
                Step::Waits => return self.appointment,
                Step::Over => return None,
            }
        }
    }

    /// When the next event comes, and in which turn.
    #[inline]
    #[must_use]
    pub fn next_event(&self) -> (Second, Turn) {
        let client = &self.client;
        let mut next = (client.presence.at, client.presence.turn);
        let cycle = if self.cohort.win9x {
            Turn::UserCycle
        } else {
            Turn::Cycle
        };
        let due = if self.can_run_cycle() {
            client.due
        } else {
            Second::NEVER
        };
        let kick = (self.next_kick, Turn::Kick);
        for other in [(due, cycle), (client.timer, client.timer_turn), kick] {
            next = if in_order(other) < in_order(next) {
                other
            } else {
                next
            };
        }
        next
    }

    /// What the servers of the cohort hold alike at `now`.
    #[inline]
    fn alike(&mut self, now: Second) -> Alike {
        if now >= self.alike_until {
            let history = &self.cohort.alike;
            self.alike = *history.at(now);
            self.alike_until = history.next_change(now);
        }
        self.alike
    }

    /// Lets the next event happen.
    #[inline]
    pub fn step(&mut self) -> Step {
        let (now, turn) = self.next_event();
        if now >= self.world.grid.end {
            self.end();
            return Step::Over;
        }
        self.looks_at_offers(now);
        match turn {
            Turn::Cycle | Turn::UserCycle => self.cycle(now, turn),
            Turn::Kick => self.is_kicked(now),
            Turn::ServerDown
            | Turn::TransferEnds
            | Turn::InstallEnds
            | Turn::AgentsBegin
            | Turn::Push
            | Turn::Restart => {
                self.own_event(now, turn);
            }
            _ => self.presence_event(now, turn),
        }
        if self.appointment.is_some() {
            Step::Waits
        } else {
            Step::Happened
        }
    }

    #[inline]
    fn can_run_cycle(&self) -> bool {
        self.client.runs_cycles() && ccim::can_run(self.ccim_presence())
    }

    #[inline]
    fn ccim_presence(&self) -> CcimPresence {
        let presence = &self.client.presence;
        CcimPresence {
            win9x: self.cohort.win9x,
            on: presence.on,
            user: presence.user,
        }
    }

    #[inline]
    fn presence_event(&mut self, now: Second, turn: Turn) {
        if turn != Turn::DayBegins {
            self.record.event(now, turn, &self.client);
        }
        if matches!(turn, Turn::PowerOff)
            || (self.cohort.win9x && matches!(turn, Turn::Logoff | Turn::Relogon))
        {
            self.leaves(now, turn);
        }
        self.attendance.advance(&mut self.client.presence);
        match turn {
            Turn::PowerOn => self.service_starts(now),
            Turn::Logon | Turn::Relogon => self.logs_on(now, turn),
            _ => {}
        }
        let cohort = self.cohort;
        let present = turn != Turn::DayBegins && self.client.presence.on;
        if let (Some(push), true) = (&cohort.push, present) {
            self.meets_push(now, turn, push);
        }
    }

    fn own_event(&mut self, now: Second, turn: Turn) {
        self.client.timer = Second::NEVER;
        self.record.event(now, turn, &self.client);
        match turn {
            Turn::ServerDown => self.job_fails(now, Reason::CutByOutage),
            Turn::TransferEnds => self.transfer_ends(now),
            Turn::InstallEnds => self.install_ends(now),
            Turn::AgentsBegin => self.agents_begin(now, turn),
            Turn::Push => self.is_pushed(now),
            _ => self.restarts(now),
        }
    }

    /// The client service starts: what waited for a restart is done, and a cycle runs (C1.2, C1.3).
    #[inline]
    fn service_starts(&mut self, now: Second) {
        self.machine_restarted(now);
        let rules = self.cohort.rules;
        let awaits_push = self.cohort.push.is_some() && !self.client.is_installed();
        if (rules.ccim_at_restart || self.client.due < now) && !awaits_push {
            self.client.due = now;
        }
    }

    /// A rare word of the present day.
    fn rare_word(&mut self, purpose: Rare) -> u32 {
        let today = self.client.presence.day;
        let words = match self.rare {
            Some((day, words)) if day == today => words,
            _ => {
                let mut draws = self.cohort.rare.entity(self.cohort.address(self.number));
                draws.seek(u64::from(today) * Rare::COUNT as u64);
                std::array::from_fn(|_| draws.next_word())
            }
        };
        self.rare = Some((today, words));
        words[purpose as usize]
    }

    /// What was drawn for the client once for all days.
    fn trait_word(&mut self, purpose: usize) -> u32 {
        let (cohort, number) = (self.cohort, self.number);
        let traits = self
            .traits
            .get_or_insert_with(|| Attendance::new(cohort, cohort.address(number)).1);
        traits[purpose]
    }

    /// A Client Access Point of a site, picked at random (Q205406), or a logon point of the domain. `word` is the day's
    /// draw, `turn` counts the picks of the same kind on that day, so that a client that asks again asks elsewhere.
    #[inline]
    fn picked(&self, purpose: Purpose, among: usize, salt: u32) -> usize {
        let word = self.attendance.today.again(purpose, salt);
        pick(word, among as u32) as usize
    }

    /// A Client Access Point of the site at place `place` of the client's list, anew every hour.
    #[inline]
    fn picked_cap(&self, now: Second, place: usize, caps: usize) -> usize {
        self.picked(Purpose::Cap, caps, now.0 / 3_600 + 7 * place as u32)
    }

    /// Whether the machine is on a network from which servers can be reached.
    #[inline]
    fn has_network(&self) -> bool {
        !self.client.presence.off_site || self.cohort.slow_off_site.is_some()
    }
}

/// An event's place in time as one number, which compares faster than a pair.
#[inline]
fn in_order((at, turn): (Second, Turn)) -> u64 {
    u64::from(at.0) << 8 | turn as u64
}

/// Purposes of rare draws, by client and day.
#[derive(Clone, Copy, Debug)]
enum Rare {
    /// Time to install the base.
    BaseTime,
    /// Whether the base's installation fails.
    BaseFails,
    /// Time until APM begins.
    AgentsAfter,
    /// Time to install the agents.
    AgentsTime,
    /// Whether the agents' installation fails.
    AgentsFail,
    /// Time until the user restarts the machine.
    RestartAfter,
    /// Whether an early restart breaks the client.
    EarlyRestart,
    /// Whether the cycle of a Windows 9x client that moved is the first by seconds.
    MoveRace,
    /// Time until network discovery finds the machine.
    Discovered,
}

impl Rare {
    /// Words per day: room for more purposes without moving the ones there are.
    const COUNT: usize = 16;
}

#[inline]
fn first_state(
    cohort: &CohortWorld<'_>,
    presence: Presence,
    words: &[u32; trait_word::COUNT],
) -> Client {
    let rules = cohort.rules;
    let installed = cohort
        .plan
        .installed
        .map_or(NO_CONTENT, |content| content.0);
    let mut sites = [NO_SITE; SITES_PER_CLIENT];
    if installed != NO_CONTENT {
        let at_first = (0..cohort.covering.len()).filter(|position| cohort.at_first.has(*position));
        for (site, position) in sites.iter_mut().zip(at_first) {
            *site = position as u8;
        }
    }
    let appear = cohort.plan.appear;
    Client {
        presence,
        due: appear + pick(words[trait_word::CYCLE], rules.ccim_cycle.max(1)),
        timer: Second::NEVER,
        heartbeat: if installed == NO_CONTENT {
            Second::NEVER
        } else {
            let phase = words[trait_word::HEARTBEAT];
            appear + pick(phase, rules.heartbeat_interval.max(1))
        },
        since: Second::ZERO,
        install_began: Second::NEVER,
        read_hour: [(appear.0 / 3_600) as u16; SITES_PER_CLIENT],
        sites,
        base: installed,
        agents: installed,
        distribution: installed,
        reported: installed,
        job_content: NO_CONTENT,
        job: Job::None,
        timer_turn: Turn::PowerOff,
        state: ClientState::NotInstalled,
        hindrance: Reason::NotSeen,
        restarts_asked: 0,
        aborted: 0,
        kicks: 0,
        zones_seen: 0,
        flags: Flags::default(),
    }
}
