//! One client's story: who it is, what happened to it, how it ended.

use super::days;
use super::wording::Teller;
use crate::cli::words;
use crate::engine::Second;
use crate::plan::{CohortId, Plan, Platform};
use crate::run::observer::Noted;
use crate::run::{ClientRecord, Witnessed};
use std::io::{self, Write};

/// Prints it.
pub(super) fn print(
    out: &mut dyn Write,
    plan: &Plan,
    replication: u32,
    who: (CohortId, u32),
    witnessed: &Witnessed,
    all: bool,
) -> io::Result<()> {
    heading(out, plan, replication, who)?;
    let lines = Teller::new(plan, witnessed, who.0).lines();
    let zone = &plan.zones[plan.cohorts[who.0.index()].zone.index()];
    days::print(out, plan, zone, &lines, all)?;
    let ended = witnessed
        .notes
        .iter()
        .rev()
        .find_map(|note| match note.what {
            Noted::Ended(record) => Some(record),
            _ => None,
        });
    ended.map_or(Ok(()), |record| closing(out, plan, &record))
}

fn heading(
    out: &mut dyn Write,
    plan: &Plan,
    replication: u32,
    (id, number): (CohortId, u32),
) -> io::Result<()> {
    let cohort = &plan.cohorts[id.index()];
    let platform = match cohort.platform {
        Platform::Nt => "Windows NT or 2000",
        Platform::Win9x => "Windows 95 or 98",
    };
    let sites = cohort
        .subnets
        .iter()
        .flat_map(|it| plan.sites_of_subnet(*it));
    let sites: Vec<&str> = sites
        .map(|it| plan.sites[it.index()].code.as_str())
        .collect();
    let sites = match sites.as_slice() {
        [] => "in no site's boundaries".to_owned(),
        sites => format!("in the boundaries of {}", sites.join(" ")),
    };
    let domain = match cohort.domain {
        Some(domain) => format!("domain {}", plan.domains[domain.index()].name),
        None => "no domain".to_owned(),
    };
    let installed = match cohort.installed {
        Some(content) => plan.contents[content.index()].name.clone(),
        None => "no client at first".to_owned(),
    };
    let who = format!(
        "{}: {platform}, {installed}, {sites}, {domain}, habits {}",
        plan.client_name(id, number),
        plan.habits[cohort.habits.index()].name,
    );
    words::wrapped(out, 0, &who)?;
    let run = format!(
        "{}: seed {}, replication {}, times of {}",
        plan.name,
        plan.seed,
        replication + 1,
        plan.zones[cohort.zone.index()].name,
    );
    words::wrapped(out, 0, &run)
}

fn closing(out: &mut dyn Write, plan: &Plan, record: &ClientRecord) -> io::Result<()> {
    let cohort = &plan.cohorts[record.cohort.index()];
    let zone = &plan.zones[cohort.zone.index()];
    writeln!(out)?;
    match record.standing {
        None => {
            let local = zone.local(&plan.clock, record.converged_at);
            let after = if record.converged_at < plan.clock.start {
                "before the start".to_owned()
            } else {
                let hours = plan.clock.elapsed_hours(record.converged_at);
                format!("{} after the start", words::hours(hours))
            };
            writeln!(out, "Converged  {}, {after}", words::day_and_time(local))?;
        }
        Some(reason) => {
            writeln!(out, "Stuck      {}: {reason}", state(record))?;
            let text = format!("{} [{}]", reason.text(), reason.articles());
            words::wrapped(out, 11, &text)?;
            if !reason.cure().is_empty() {
                words::wrapped(out, 11, &format!("cure: {}", reason.cure()))?;
            }
        }
    }
    let version = |content: Option<crate::plan::ContentId>, base: bool| match content {
        Some(id) if base => plan.contents[id.index()].base.to_string(),
        Some(id) => plan.contents[id.index()].agents.to_string(),
        None => "none".to_owned(),
    };
    writeln!(
        out,
        "Versions   base {}, agents {}",
        version(record.base, true),
        version(record.agents, false)
    )?;
    let restarts = words::count(u64::from(record.restarts_asked), "restart");
    let aborted = words::count(u64::from(record.aborted), "upgrade");
    writeln!(out, "Trouble    {restarts} asked, {aborted} aborted")
}

/// The state in words, as in `agents pending`.
fn state(record: &ClientRecord) -> String {
    record.state.name().replace('_', " ")
}

/// A span in words, as in `2 min 10 s`.
pub(super) fn span(from: Second, until: Second) -> String {
    let seconds = until.since(from);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min"),
    }
}
