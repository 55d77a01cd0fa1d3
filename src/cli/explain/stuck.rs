//! Everybody who never converged, by reason.

use crate::cli::words;
use crate::plan::Plan;
use crate::run::{ClientRecord, Silent};
use crate::study::stuck::{Stuck, stuck};
use std::io::{self, Write};

/// Clients named per cohort.
const NAMED: usize = 3;
/// Cohorts told per reason.
const COHORTS: usize = 8;

/// Prints them as text, or as one CSV row per client.
pub(super) fn print(
    out: &mut dyn Write,
    plan: &Plan,
    replication: u32,
    workers: usize,
    csv: bool,
    again: impl Fn(&str) -> String,
) -> io::Result<()> {
    let groups = stuck(plan, replication, workers, &Silent);
    if csv {
        return rows(out, plan, &groups);
    }
    let all: u64 = groups.iter().map(Stuck::clients).sum();
    let title = format!(
        "{}: seed {}, replication {}: {} of {} never converged",
        plan.name,
        plan.seed,
        replication + 1,
        words::grouped(all),
        words::count(plan.clients(), "client"),
    );
    words::wrapped(out, 0, &title)?;
    for group in &groups {
        print_group(out, plan, group)?;
    }
    if let Some(first) = groups.first().and_then(|group| group.cohorts.first()) {
        let name = plan.client_name(first.0, first.1[0].number);
        writeln!(out, "\nNext       {}   for one story", again(&name))?;
    }
    Ok(())
}

fn print_group(out: &mut dyn Write, plan: &Plan, group: &Stuck) -> io::Result<()> {
    let reason = group.reason;
    writeln!(
        out,
        "\n{reason}: {}",
        words::count(group.clients(), "client")
    )?;
    words::wrapped(
        out,
        4,
        &format!("{} [{}]", reason.text(), reason.articles()),
    )?;
    if !reason.cure().is_empty() {
        words::wrapped(out, 4, &format!("cure: {}", reason.cure()))?;
    }
    for (cohort, clients) in group.cohorts.iter().take(COHORTS) {
        let name = |client: &ClientRecord| plan.client_name(*cohort, client.number);
        let names: Vec<String> = clients.iter().take(NAMED).map(name).collect();
        let more = match clients.len().saturating_sub(NAMED) as u64 {
            0 => String::new(),
            more => format!(" and {} more", words::grouped(more)),
        };
        let line = format!(
            "{}, {} of {}: {}{more}",
            plan.cohorts[cohort.index()].name,
            words::grouped(clients.len() as u64),
            words::grouped(u64::from(plan.cohorts[cohort.index()].count)),
            names.join(", "),
        );
        words::wrapped(out, 4, &line)?;
    }
    match group.cohorts.len().saturating_sub(COHORTS) as u64 {
        0 => Ok(()),
        more => writeln!(out, "    and in {}", words::count(more, "more cohort")),
    }
}

fn rows(out: &mut dyn Write, plan: &Plan, groups: &[Stuck]) -> io::Result<()> {
    let header = [
        "client", "cohort", "number", "sites", "state", "reason", "articles", "text", "cure",
    ];
    let row = |group: &Stuck, client: &ClientRecord| {
        let sites = client.sites.iter().flatten();
        let sites: Vec<&str> = sites
            .map(|it| plan.sites[it.index()].code.as_str())
            .collect();
        [
            plan.client_name(client.cohort, client.number),
            plan.cohorts[client.cohort.index()].name.clone(),
            (client.number + 1).to_string(),
            sites.join(" "),
            client.state.name().to_owned(),
            group.reason.code().to_owned(),
            group.reason.articles().to_owned(),
            group.reason.text().to_owned(),
            group.reason.cure().to_owned(),
        ]
    };
    let clients = groups.iter().flat_map(|group| {
        let clients = group.cohorts.iter().flat_map(|(_, clients)| clients);
        clients.map(move |client| row(group, client))
    });
    words::csv(out, header, clients)
}
