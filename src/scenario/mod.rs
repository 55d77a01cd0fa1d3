//! TEMPORARY stand-in until scenarios are merged: every file means the sample plan, sized by `--set clients=N`,
//! `sites=N` and `days=N`.

use crate::plan::Plan;
use crate::plan::risks::Risk;
#[cfg(not(test))]
use crate::study::Study;
use std::path::Path;

#[cfg(not(test))]
#[path = "../study/sample.rs"]
#[allow(dead_code)]
mod sample;
#[cfg(test)]
use crate::study::sample;

/// A scenario that was loaded.
pub struct Loaded {
    /// The plan.
    pub plan: Plan,
    /// Its text with everything it extends.
    pub resolved: String,
    /// What is risky.
    pub risks: Vec<Risk>,
}

/// What is wrong with it.
#[derive(Debug)]
pub struct Complaints(String, bool);

impl Complaints {
    /// As text.
    #[must_use]
    pub fn render(&self, _color: bool) -> String {
        self.0.clone()
    }

    /// Whether it could not be read.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.1
    }
}

/// Loads a scenario.
///
/// # Errors
/// If the file is missing.
pub fn load(
    path: &Path,
    sets: &[String],
    seed: Option<u64>,
    replications: Option<u32>,
) -> Result<Loaded, Complaints> {
    let resolved = std::fs::read_to_string(path)
        .map_err(|error| Complaints(format!("cannot read {}: {error}\n", path.display()), true))?;
    if resolved.contains("REFUSED") {
        return Err(Complaints("error: wrong\n".to_owned(), false));
    }
    let mut plan = sample::plan();
    plan.seed = seed.unwrap_or(plan.seed);
    plan.replications = replications.unwrap_or(plan.replications);
    for set in sets {
        let (name, value) = set.split_once('=').unwrap_or((set, "0"));
        let value: u32 = value.parse().unwrap_or(1);
        match name {
            "clients" => plan.cohorts[0].count = value,
            "records" => plan.results.clients = value > 0,
            "interval" => plan.clock.interval_s = value,
            "days" => plan.clock.end = plan.clock.start + value * 86_400,
            "sites" => grow(&mut plan, value),
            _ => {}
        }
    }
    let risk = Risk {
        article: "Q264630",
        text: "sites HQ1 and EU1 share a domain and are upgraded days apart".to_owned(),
        help: "upgrade them within three hours".to_owned(),
    };
    Ok(Loaded {
        plan,
        resolved,
        risks: vec![risk],
    })
}

fn grow(plan: &mut Plan, sites: u32) {
    let each = plan.cohorts[0].count / sites;
    for number in 2..sites {
        let subnet = std::net::Ipv4Addr::from(0x0b00_0000 + number * 256);
        let mut site = plan.sites[1].clone();
        site.code = format!("S{number:02}");
        site.boundaries = vec![subnet];
        let id = plan.sites.len() as u16;
        let mut cap = plan.caps[0].clone();
        cap.name = format!("{}-CAP1", site.code);
        cap.site = crate::plan::SiteId(id);
        plan.caps.push(cap);
        plan.sites.push(site);
        let mut cohort = plan.cohorts[0].clone();
        cohort.count = each;
        cohort.subnets = vec![subnet];
        cohort.name = format!("s{number}");
        plan.cohorts.push(cohort);
        let mut line = plan.rollout[0].clone();
        line.site = crate::plan::SiteId(id);
        plan.rollout.push(line);
    }
    plan.cohorts[0].count = each;
}

/// The schema.
#[must_use]
pub fn schema() -> String {
    "{}\n".to_owned()
}
