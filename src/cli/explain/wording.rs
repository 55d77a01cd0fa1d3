//! What a witness noted, in words.

use super::story::span;
use crate::cli::words;
use crate::engine::Second;
use crate::plan::{CohortId, Plan};
use crate::run::life::Appointment;
use crate::run::life::client::{Client, Job, NO_SITE, Turn, content};
use crate::run::observer::{Note, Noted};
use crate::run::world::ServerId;
use crate::run::{ClientState, Witnessed};
use crate::sms::Reason;
use crate::sms::reasons::Decision;
use std::collections::BTreeSet;

/// One line of a story.
pub(super) struct Line {
    /// When.
    pub at: Second,
    /// What happened.
    pub text: String,
    /// Why, and by which article; empty if it was said before.
    pub why: String,
    /// By what lines of the same kind are counted; empty if they are not.
    pub key: String,
    /// Whether it is worth telling.
    pub news: bool,
}

/// Something that happens, until it is known what comes of it.
struct Pending {
    at: Second,
    head: &'static str,
    servers: Vec<String>,
    news: bool,
}

/// Puts one client's notes into lines.
pub(super) struct Teller<'p> {
    plan: &'p Plan,
    witnessed: &'p Witnessed,
    cohort: CohortId,
    lines: Vec<Line>,
    pending: Option<Pending>,
    before: Option<Client>,
    asked: Option<Appointment>,
    /// Reasons that are no news any more.
    known: BTreeSet<Reason>,
    /// Reasons whose sentence was said.
    explained: BTreeSet<Reason>,
}

impl<'p> Teller<'p> {
    pub(super) fn new(plan: &'p Plan, witnessed: &'p Witnessed, cohort: CohortId) -> Self {
        Teller {
            plan,
            witnessed,
            cohort,
            lines: Vec::new(),
            pending: None,
            before: None,
            asked: None,
            known: BTreeSet::new(),
            explained: BTreeSet::new(),
        }
    }

    /// The lines of a whole story.
    pub(super) fn lines(mut self) -> Vec<Line> {
        for note in &self.witnessed.notes {
            self.changed(note);
            match note.what {
                Noted::Event(turn) => self.event(note, turn),
                Noted::Decision(reason) => self.decision(note.at, reason),
                Noted::Read(server) => self.read(note.at, server),
                Noted::Asks(appointment) => self.asks(note, appointment),
                Noted::Settled => {}
                Noted::Ended(_) => break,
            }
        }
        self.flush();
        self.lines
    }

    fn say(&mut self, at: Second, text: impl Into<String>, key: &str, news: bool) {
        self.lines.push(Line {
            at,
            text: text.into(),
            why: String::new(),
            key: key.to_owned(),
            news,
        });
    }

    fn wait_for_outcome(&mut self, at: Second, head: &'static str, news: bool) {
        self.flush();
        self.pending = Some(Pending {
            at,
            head,
            servers: Vec::new(),
            news,
        });
    }

    /// Says what nothing came of.
    fn flush(&mut self) {
        if let Some(Pending {
            at,
            head,
            servers,
            news,
        }) = self.pending.take()
        {
            self.say(at, with_servers(head, &servers), head, news);
        }
    }

    fn event(&mut self, note: &Note, turn: Turn) {
        self.flush();
        let at = note.at;
        match turn {
            Turn::PowerOn => self.powers_on(note),
            Turn::Logon => self.wait_for_outcome(at, "logon", false),
            Turn::Relogon => self.wait_for_outcome(at, "logoff and logon", false),
            Turn::Cycle | Turn::UserCycle => self.wait_for_outcome(at, "cycle", false),
            Turn::AgentsBegin => self.say(at, "APM begins with what CCIM left to it", "", true),
            Turn::Kick => self.say(at, "somebody sets the cycle off", "kick", true),
            Turn::Push => self.say(
                at,
                "the site server takes up its request to push a client",
                "",
                true,
            ),
            Turn::Restart => self.say(at, "the user restarts the machine", "", true),
            Turn::Logoff => self.say(at, "logoff; the machine stays on", "logoff", false),
            Turn::PowerOff => self.say(at, "switched off", "switched off", false),
            Turn::TransferEnds => self.copied(at),
            Turn::InstallEnds => self.wait_for_outcome(at, "the installation is over", true),
            Turn::ServerDown => self.say(at, "the server goes down", "", true),
            Turn::DayBegins => {}
        }
    }

    fn powers_on(&mut self, note: &Note) {
        let cohort = &self.plan.cohorts[self.cohort.index()];
        let text = match (note.client.presence.off_site, cohort.off_site_link_bps) {
            (false, _) => "switched on".to_owned(),
            (true, None) => "switched on off-site, without a network".to_owned(),
            (true, Some(bps)) => format!("switched on off-site, dials in at {}", rate(bps as f64)),
        };
        self.say(note.at, text, "switched on", false);
    }

    fn read(&mut self, at: Second, server: ServerId) {
        if self.pending.is_none() {
            let is_cap = usize::from(server.0) < self.plan.caps.len();
            self.wait_for_outcome(at, if is_cap { "reads" } else { "logon" }, false);
        }
        let name = self.server_with_content(at, server);
        if let Some(pending) = &mut self.pending {
            pending.servers.push(name);
        }
    }

    fn decision(&mut self, at: Second, reason: Reason) {
        let (head, servers) = match self.pending.take() {
            Some(pending) => (pending.head, pending.servers),
            None => (reason.decision().name(), Vec::new()),
        };
        let what = with_servers(head, &servers);
        let outcome = reason.outcome().name();
        let recorded = at >= self.plan.clock.start;
        let upgrade = reason.decision() == Decision::Upgrade;
        let news = recorded && (self.known.insert(reason) || upgrade);
        self.say(
            at,
            format!("{what}: {outcome}, {reason}"),
            &format!("{head} {reason}"),
            news,
        );
        if recorded
            && self.explained.insert(reason)
            && let Some(line) = self.lines.last_mut()
        {
            line.why = format!("{} [{}]", reason.text(), reason.articles());
        }
    }

    fn asks(&mut self, note: &Note, appointment: Appointment) {
        self.flush();
        self.asked = Some(appointment);
        let what = match note.client.job {
            Job::None => "something",
            Job::Base => "the base components",
            Job::Distribution => "software distribution",
            Job::Agents | Job::Verify => "the agents",
            Job::Clicore | Job::ClicoreAhead => "Clicore",
            Job::Core => "the core components",
        };
        let text = format!(
            "asks {} for {what}: {} over a link of {}",
            self.server(appointment.server),
            words::bytes(appointment.bytes as f64),
            rate(appointment.link_bps as f64),
        );
        self.say(note.at, text, "", true);
    }

    fn copied(&mut self, at: Second) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        let seconds = f64::from(at.since(asked.at).max(1));
        let text = format!(
            "copied {} in {}, {}; the installation begins",
            words::bytes(asked.bytes as f64),
            span(asked.at, at),
            rate(asked.bytes as f64 * 8.0 / seconds),
        );
        self.say(at, text, "", true);
    }

    /// Says what is different about the client since the last note.
    fn changed(&mut self, note: &Note) {
        let Some(before) = self.before.replace(note.client) else {
            return;
        };
        let now = &note.client;
        let mut said = Vec::new();
        if now.sites != before.sites {
            said.push(self.belongs_to(now));
        }
        if now.base != before.base {
            said.push(match content(now.base) {
                Some(id) => format!("base {}", self.plan.contents[id.index()].base),
                None => "no SMS client any more".to_owned(),
            });
        }
        let agents = |id: u8| content(id).map(|id| self.plan.contents[id.index()].agents);
        let others = agents(now.agents).filter(|_| now.agents != before.agents);
        said.extend(others.map(|version| format!("agents {version}")));
        let distribution = agents(now.distribution)
            .filter(|_| now.distribution != before.distribution && now.distribution != now.agents);
        said.extend(distribution.map(|version| format!("software distribution {version}")));
        let lasting = [
            ClientState::Mixed,
            ClientState::Broken,
            ClientState::Converged,
        ];
        if now.state != before.state && lasting.contains(&now.state) {
            said.push(now.state.name().to_owned());
        }
        if !said.is_empty() {
            self.known.clear();
        }
        if now.reported != before.reported
            && let Some(id) = content(now.reported)
        {
            let base = self.plan.contents[id.index()].base;
            said.push(format!("the console hears of base {base}"));
        }
        if !said.is_empty() {
            self.flush();
            self.say(note.at, format!("now: {}", said.join(", ")), "", true);
        }
    }

    fn belongs_to(&self, client: &Client) -> String {
        let sites = client.sites.iter().filter(|site| **site != NO_SITE);
        let sites = sites.filter_map(|site| self.witnessed.covering.get(usize::from(*site)));
        let codes: Vec<&str> = sites
            .map(|it| self.plan.sites[it.index()].code.as_str())
            .collect();
        match codes.as_slice() {
            [] => "belongs to no site".to_owned(),
            codes => format!("belongs to {}", codes.join(" ")),
        }
    }

    fn server(&self, server: ServerId) -> &str {
        let place = usize::from(server.0);
        match self.plan.caps.get(place) {
            Some(cap) => &cap.name,
            None => &self.plan.logon_points[place - self.plan.caps.len()].name,
        }
    }

    /// A server and what it holds; of a logon point also whom Copylog.tcf credits, if that misleads the bootstrap.
    fn server_with_content(&self, at: Second, server: ServerId) -> String {
        let place = usize::from(server.0);
        let name = self.server(server);
        let holds = |id: crate::plan::ContentId| &self.plan.contents[id.index()].name;
        if let Some(cap) = self.witnessed.servers.caps.get(place) {
            return format!("{name} ({})", holds(cap.at(at).content));
        }
        let held = self.witnessed.servers.logon_points[place - self.plan.caps.len()].at(at);
        let credit = if held.credit.version_known() {
            String::new()
        } else {
            let site = &self.plan.sites[held.credit.site.index()].code;
            format!(", credited to {site}")
        };
        format!("{name} ({}{credit})", holds(held.content))
    }
}

fn with_servers(head: &str, servers: &[String]) -> String {
    match servers {
        [] => head.to_owned(),
        servers => format!("{head} at {}", servers.join(" and ")),
    }
}

/// A rate in decimal units, as in `33.6 kbit/s`.
fn rate(bps: f64) -> String {
    let (number, unit) = match bps {
        bps if bps >= 1e9 => (bps / 1e9, "Gbit/s"),
        bps if bps >= 1e6 => (bps / 1e6, "Mbit/s"),
        bps if bps >= 1e3 => (bps / 1e3, "kbit/s"),
        bps => (bps, "bit/s"),
    };
    let text = format!("{number:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}
