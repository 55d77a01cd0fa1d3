//! What can be measured of a story, by the words its file uses.
//!
//! | words | what |
//! |---|---|
//! | `converged`, `mixed`, `not_installed` and every other state | clients in it at the end |
//! | `stuck REASON` | clients that stand there at the end for that reason |
//! | `assigned to AAA`, `unassigned` | clients with that site on their list at the end, or with none |
//! | `base VERSION` | clients whose base components are at it at the end |
//! | `REASON` | decisions with it, over the recorded time |
//! | `cases of mixed` and every other kind of trouble | times it happened |
//! | `hours to 95% converged` | hours from the start until that share of the clients was converged for good |
//! | `hours to 95% reported` | the same for what the console has heard |
//! | `transfers at SERVER`, `turned away at SERVER`, `most together at SERVER` | of a Client Access Point or logon point |
//! | `hours until CAPs are upgraded`, `... logon points are upgraded`, `... SERVER is upgraded` | until they hold the target for good; infinite if never |
//! | `sends`, `hours until the last send` | from parents to children |
//!
//! Those of clients take ` in COHORT` after them, those of decisions ` at SITE`.

use smsim::engine::{History, Second};
use smsim::plan::{CohortId, ContentId, Plan};
use smsim::run::{ClientRecord, ClientState, Replication, Trouble};
use smsim::sms::Reason;

/// A run of a story.
pub struct Outcome {
    pub plan: Plan,
    pub replication: Replication,
}

/// A value, and the number of clients it was looked for among.
pub struct Measured {
    pub value: f64,
    pub of: usize,
}

impl Outcome {
    /// The value of what `words` name; none if they name nothing.
    pub fn measure(&self, words: &str) -> Option<Measured> {
        let (words, cohorts) = match words.split_once(" in ") {
            Some((words, cohort)) => (words, Some(self.cohorts(cohort)?)),
            None => (words, None),
        };
        let clients = self.replication.tally.clients.iter();
        let clients: Vec<&ClientRecord> = clients
            .filter(|client| {
                cohorts
                    .as_ref()
                    .is_none_or(|it| it.contains(&client.cohort))
            })
            .collect();
        let of = clients.len();
        let value = match self.of_clients(words, &clients) {
            Some(value) => value,
            None if cohorts.is_none() => self.of_run(words)?,
            None => return None,
        };
        Some(Measured { value, of })
    }

    /// A cohort, or those over whose subnets a group is spread.
    fn cohorts(&self, name: &str) -> Option<Vec<CohortId>> {
        let cohorts = (0..).map(CohortId).zip(&self.plan.cohorts);
        let group = |it: &str| it.split_once('@').map_or(it, |(group, _)| group).to_owned();
        let found = cohorts.filter(|(_, it)| it.name == name || group(&it.name) == name);
        let found: Vec<CohortId> = found.map(|(id, _)| id).collect();
        (!found.is_empty()).then_some(found)
    }

    fn hours_to_upgraded(&self, server: &str) -> Option<f64> {
        let servers = &self.replication.servers;
        let cap = self.plan.caps.iter().position(|it| it.name == server);
        let point = || {
            self.plan
                .logon_points
                .iter()
                .position(|it| it.name == server)
        };
        Some(self.hours(match cap {
            Some(cap) => self.upgraded(&servers.caps[cap], |it| it.content),
            None => self.upgraded(&servers.logon_points[point()?], |it| it.content),
        }))
    }

    fn of_clients(&self, words: &str, clients: &[&ClientRecord]) -> Option<f64> {
        let count = |is: &dyn Fn(&ClientRecord) -> bool| {
            Some(clients.iter().filter(|client| is(client)).count() as f64)
        };
        if let Some(state) = ClientState::ALL.iter().find(|state| state.name() == words) {
            return count(&|client| client.state == *state);
        }
        if let Some(code) = words.strip_prefix("stuck ") {
            let reason = reason(code)?;
            return count(&|client| client.standing == Some(reason));
        }
        if let Some(code) = words.strip_prefix("assigned to ") {
            let site = self.plan.sites.iter().position(|site| site.code == code)?;
            return count(&|client| client.sites.iter().flatten().any(|it| it.index() == site));
        }
        if words == "unassigned" {
            return count(&|client| client.sites[0].is_none());
        }
        if let Some(version) = words.strip_prefix("base ") {
            let at = |id: ContentId| self.plan.contents[id.index()].base.to_string() == version;
            return count(&|client| client.base.is_some_and(at));
        }
        let share = words
            .strip_prefix("hours to ")?
            .strip_suffix("% converged")?;
        let share: f64 = share.parse().ok()?;
        let mut moments: Vec<Second> = clients.iter().map(|client| client.converged_at).collect();
        moments.sort_unstable();
        let place = (share / 100.0 * moments.len() as f64).ceil() as usize;
        Some(self.hours(*moments.get(place.max(1) - 1)?))
    }

    fn of_run(&self, words: &str) -> Option<f64> {
        if let Some(kind) = words.strip_prefix("cases of ") {
            let kind = Trouble::ALL.iter().find(|it| it.name() == kind)?;
            let trouble = self.replication.tally.trouble.iter();
            let of_kind = trouble.filter(|((it, _), _)| it == kind);
            return Some(of_kind.map(|(_, it)| it.cases).sum::<u64>() as f64);
        }
        if let Some(share) = words.strip_prefix("hours to ") {
            return self.hours_to_reported(share.strip_suffix("% reported")?.parse().ok()?);
        }
        let servers = &self.replication.servers;
        match words {
            "sends" => return Some(servers.sends.len() as f64),
            "hours until the last send" => {
                let last = servers.sends.iter().map(|send| send.ended).max()?;
                return Some(self.hours(last));
            }
            "hours until CAPs are upgraded" => {
                let upgraded = servers
                    .caps
                    .iter()
                    .map(|it| self.upgraded(it, |it| it.content));
                return Some(self.hours(upgraded.max()?));
            }
            "hours until logon points are upgraded" => {
                let points = servers.logon_points.iter();
                let upgraded = points.map(|it| self.upgraded(it, |it| it.content));
                return Some(self.hours(upgraded.max()?));
            }
            _ => {}
        }
        if let Some(server) = words.strip_prefix("hours until ") {
            return self.hours_to_upgraded(server.strip_suffix(" is upgraded")?);
        }
        match words.split_once(" at ") {
            Some((code, place)) if reason(code).is_some() => self.decisions(reason(code)?, place),
            Some((what, server)) => self.of_server(what, server),
            None => self.decisions(reason(words)?, "*"),
        }
    }

    fn decisions(&self, reason: Reason, place: &str) -> Option<f64> {
        let sites = &self.replication.tally.sites;
        let looked_at = match self.plan.sites.iter().position(|site| site.code == place) {
            Some(site) => &sites[site..=site],
            None if place == "*" => &sites[..],
            None => return None,
        };
        let decisions = looked_at.iter().map(|site| site.decisions.total(reason));
        Some(decisions.sum::<u64>() as f64)
    }

    fn of_server(&self, what: &str, server: &str) -> Option<f64> {
        let caps = self.plan.caps.iter().map(|it| &it.name);
        let mut names = caps.chain(self.plan.logon_points.iter().map(|it| &it.name));
        let place = names.position(|name| name == server)?;
        let usage = &self.replication.tally.servers[place].usage;
        match what {
            "transfers" => Some(usage.transfers.iter().map(|it| f64::from(*it)).sum()),
            "turned away" => Some(usage.turned_away.iter().map(|it| f64::from(*it)).sum()),
            "most together" => Some(f64::from(*usage.longest_queue.iter().max().unwrap_or(&0))),
            _ => None,
        }
    }

    fn hours_to_reported(&self, share: f64) -> Option<f64> {
        let tally = self.replication.tally.fleet();
        let reported = 2;
        let wanted = share / 100.0 * tally.clients as f64;
        let mut on_curve = tally.curves_at_start[reported];
        for (interval, changes) in tally.curve_changes.iter().enumerate() {
            on_curve += i64::from(changes[reported]);
            if on_curve as f64 >= wanted {
                let seconds = (interval as u32 + 1) * self.plan.clock.interval_s;
                return Some(f64::from(seconds) / 3_600.0);
            }
        }
        Some(f64::INFINITY)
    }

    /// When a server came to hold the target for good.
    fn upgraded<T: Clone + PartialEq>(
        &self,
        history: &History<T>,
        content: impl Fn(&T) -> ContentId,
    ) -> Second {
        let mut since = Second::NEVER;
        for (from, state) in history.iter() {
            since = match content(state) == self.plan.target {
                true => since.min(from),
                false => Second::NEVER,
            };
        }
        since
    }

    fn hours(&self, at: Second) -> f64 {
        if at.is_set() {
            self.plan.clock.elapsed_hours(at)
        } else {
            f64::INFINITY
        }
    }
}

fn reason(code: &str) -> Option<Reason> {
    Reason::ALL
        .iter()
        .copied()
        .find(|reason| reason.code() == code)
}
