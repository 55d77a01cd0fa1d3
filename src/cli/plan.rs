//! `smsim plan`: what would run, before it runs.

use super::assumptions::Row;
use super::run::load_all;
use super::{Exit, Failure, check, load, words};
use crate::plan::{Plan, SiteId, Source};
use crate::scenario::Loaded;
use crate::sms::defaults::assumptions;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `plan` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scenario file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Sets a value of the scenario, as in --set rules.ccim_cycle=12h
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
}

/// Most sites, cohorts and upgrades that are listed one by one.
const LISTED: usize = 40;

/// Shows what would run.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let files = [args.file.clone()];
    let loaded = load_all(&files, |file| load::load(file, &args.sets, None, None))?;
    for (_, Loaded { plan, risks, .. }) in &loaded {
        headline(out, plan)?;
        sites(out, plan)?;
        cohorts(out, plan)?;
        calendar(out, plan)?;
        thresholds(out, plan)?;
        changed(out, plan)?;
        writeln!(out, "\nRisks")?;
        if risks.is_empty() {
            writeln!(out, "  none known")?;
        }
        check::list(out, risks)?;
        size(out, plan)?;
    }
    Ok(Exit::Done)
}

/// What the run will be judged by.
fn thresholds(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    if plan.thresholds.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nThresholds ({})", plan.thresholds.len())?;
    for threshold in &plan.thresholds {
        let mut text = threshold.that.clone();
        if let Some(site) = threshold.site {
            text.push_str(&format!(", at {}", plan.sites[site.index()].code));
        }
        if threshold.at_least < 1.0 {
            let share = words::percent(threshold.at_least);
            text.push_str(&format!(", in {share} of the replications"));
        }
        words::wrapped(out, 2, &text)?;
    }
    Ok(())
}

fn headline(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let (clock, zone) = (&plan.clock, &plan.zones[0]);
    writeln!(out, "{}", plan.name)?;
    writeln!(
        out,
        "  {} to {}, {}",
        words::day_and_time(zone.local(clock, clock.start)),
        words::day_and_time(zone.local(clock, clock.end)),
        zone.name
    )?;
    writeln!(
        out,
        "  {}, seed {}, intervals of {}",
        words::count(u64::from(plan.replications), "replication"),
        plan.seed,
        words::hours(f64::from(clock.interval_s) / 3_600.0)
    )
}

/// The hierarchy as a tree, with the clients in each site's boundaries.
fn sites(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    writeln!(out, "\nSites ({})", plan.sites.len())?;
    let mut clients = vec![0_u64; plan.sites.len()];
    for cohort in &plan.cohorts {
        let home = cohort
            .subnets
            .iter()
            .find_map(|&it| plan.sites_of_subnet(it).next());
        if let Some(home) = home {
            clients[home.index()] += u64::from(cohort.count);
        }
    }
    let mut children: Vec<Vec<SiteId>> = vec![Vec::new(); plan.sites.len()];
    let mut open: Vec<(SiteId, usize)> = Vec::new();
    for (site, id) in plan.sites.iter().zip((0..).map(SiteId)) {
        match site.parent {
            Some(parent) => children[parent.index()].push(id),
            None => open.push((id, 0)),
        }
    }
    open.reverse();
    let mut listed = 0;
    while let Some((id, depth)) = open.pop() {
        open.extend(
            children[id.index()]
                .iter()
                .rev()
                .map(|child| (*child, depth + 1)),
        );
        listed += 1;
        if listed > LISTED {
            continue;
        }
        let site = &plan.sites[id.index()];
        let kind = if site.secondary { " secondary," } else { "" };
        let line = format!(
            "{:indent$}{}{kind} {}, {}, {}, {}",
            "",
            site.code,
            plan.contents[site.content.index()].name,
            plan.zones[site.zone.index()].name,
            words::count(site.caps.len() as u64, "CAP"),
            words::count(clients[id.index()], "client"),
            indent = 2 + 2 * depth,
        );
        writeln!(out, "{}", words::fit(&line))?;
    }
    more(out, listed)
}

fn cohorts(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    writeln!(out, "\nClients ({})", words::grouped(plan.clients()))?;
    for cohort in plan.cohorts.iter().take(LISTED) {
        let homes = cohort
            .subnets
            .iter()
            .flat_map(|&it| plan.sites_of_subnet(it));
        let homes: Vec<&str> = homes
            .map(|it| plan.sites[it.index()].code.as_str())
            .collect();
        let home = match homes.as_slice() {
            [] => "in no site's boundaries".to_owned(),
            homes => format!("in {}", homes.join(" ")),
        };
        let domain = cohort
            .domain
            .map_or("no domain", |it| &plan.domains[it.index()].name);
        let line = format!(
            "  {}: {}, {home}, {domain}, {}",
            cohort.name,
            words::grouped(u64::from(cohort.count)),
            plan.habits[cohort.habits.index()].name
        );
        writeln!(out, "{}", words::fit(&line))?;
    }
    more(out, plan.cohorts.len())
}

fn calendar(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    writeln!(out, "\nUpgrades ({})", plan.rollout.len())?;
    let mut lines: Vec<_> = plan.rollout.iter().collect();
    lines.sort_by_key(|line| (line.at, line.site));
    for line in lines.iter().take(LISTED) {
        let site = &plan.sites[line.site.index()];
        let zone = &plan.zones[site.zone.index()];
        let source = match line.source {
            Source::Push => ", pushed by its parent",
            Source::Media => "",
        };
        let text = format!(
            "  {} {}: {} to {}{source}",
            words::day_and_time(zone.local(&plan.clock, line.at)),
            zone.name,
            site.code,
            plan.contents[line.to.index()].name,
        );
        writeln!(out, "{}", words::fit(&text))?;
    }
    more(out, lines.len())
}

fn more(out: &mut dyn Write, all: usize) -> io::Result<()> {
    match all.saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more", words::grouped(more as u64)),
    }
}

fn changed(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let rows = assumptions()
        .into_iter()
        .map(|it| Row::new(it, &plan.rules, &plan.rules_set));
    let rows: Vec<Row> = rows.collect();
    let changed = rows.iter().filter(|row| row.changed).count();
    writeln!(
        out,
        "\nAssumptions: {} at their defaults, {changed} changed",
        rows.len() - changed
    )?;
    for row in rows.iter().filter(|row| row.changed) {
        row.print(out)?;
    }
    Ok(())
}

/// Client events of one client and day, warm-up included: a guess good enough to tell seconds from hours.
const EVENTS_PER_DAY: u64 = 3;
/// Client events per second of a slow machine, for the same purpose.
const EVENTS_PER_SECOND: u64 = 20_000_000;

/// Rows of decisions that ten intervals of a site come to; in the shipped scenarios it is 8 to 16.
const DECISIONS_PER_TEN: u64 = 16;

fn size(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let intervals = plan.clock.intervals() as u64;
    let sites = plan.sites.len() as u64;
    let servers = (plan.caps.len() + plan.logon_points.len()) as u64;
    writeln!(out, "\nResults")?;
    let rows = |name: &str, rows: u64| format!("  {name:<15} {:>12} rows", words::grouped(rows));
    writeln!(
        out,
        "{}",
        rows("timeline.csv", (sites + 1) * (intervals + 1))
    )?;
    writeln!(out, "{} at most", rows("load.csv", servers * intervals))?;
    let decisions = sites * intervals * DECISIONS_PER_TEN / 10;
    writeln!(out, "{} or so", rows("decisions.csv", decisions))?;
    if plan.results.clients {
        writeln!(out, "{}", rows("clients.csv", plan.clients()))?;
    }
    let class = time_class(std::iter::once(plan));
    writeln!(
        out,
        "  Time to run: {class}, unless many clients queue for the same server"
    )
}

/// How long studies of these plans take, as a class; many clients that queue for one server take longer.
pub(super) fn time_class<'a>(plans: impl Iterator<Item = &'a Plan>) -> &'static str {
    let events = plans.map(|plan| {
        let days = u64::from(plan.clock.days) * u64::from(plan.replications);
        plan.clients() * days * EVENTS_PER_DAY
    });
    match events.sum::<u64>() / EVENTS_PER_SECOND {
        0 => "less than a second",
        1..=59 => "seconds",
        60..=3_599 => "minutes",
        _ => "hours",
    }
}
