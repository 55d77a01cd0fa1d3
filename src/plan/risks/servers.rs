//! Risks of the servers' side: hotfixes that fail without a word, pushes, and orders that are forced.

use super::{Risk, listed};
use crate::engine::Second;
use crate::engine::time::{HOUR_S, MINUTE_S};
use crate::plan::{Doubt, Plan, Site, SiteId, Source, Upgrade};
use crate::sms::inbox_manager::copy_s;
use crate::sms::sender::rate_bps;

/// Longest retry delay that a sender's heartbeat bears [s] (Q278357).
const MOST_RETRY_S: u32 = 5 * MINUTE_S;

/// Everything that is risky about servers.
pub fn risks(plan: &Plan) -> Vec<Risk> {
    let mut risks = Vec::new();
    risks.extend(silent_hotfixes(plan, Doubt::Pushed));
    risks.extend(silent_hotfixes(plan, Doubt::Console));
    risks.extend(forced_before_parents(plan));
    risks.extend(more_pushes_than_threads(plan));
    risks.extend(pushes_into_limits(plan));
    risks.extend(late_retries(plan));
    risks
}

/// Hotfixes on secondary sites, where they fail without a word if the site was pushed from its parent, or holds the
/// Administrator console.
fn silent_hotfixes(plan: &Plan, doubt: Doubt) -> Option<Risk> {
    let doubtful = |site: &&Site| {
        let mut hotfixes = site.hotfixes.iter();
        hotfixes.any(|applied| applied.doubt == Some(doubt))
    };
    let sites: Vec<&str> = plan
        .sites
        .iter()
        .filter(doubtful)
        .map(|site| site.code.as_str())
        .collect();
    if sites.is_empty() {
        return None;
    }
    let sites = listed(&sites);
    Some(match doubt {
        Doubt::Pushed => Risk {
            article: "Q267258",
            text: format!("hotfixes may have failed silently on secondary sites: {sites}"),
            help: "mend the registry value Full Version before (`setup_key_mended = true`), or verify (`took = true`); \
                   `took = false` shows what a failed one does"
                .to_owned(),
        },
        Doubt::Console => Risk {
            article: "Q273853",
            text: format!("hotfixes fail silently on secondary sites with the Administrator console: {sites}"),
            help: "set the registry value Type back to 2 before (`setup_key_mended = true`), then verify".to_owned(),
        },
    })
}

/// Sites that go before their parents, by force.
fn forced_before_parents(plan: &Plan) -> Option<Risk> {
    let reached = |site: SiteId, release| {
        let is = |content: crate::plan::ContentId| {
            plan.contents[content.index()].base.release() >= release
        };
        let first = plan
            .rollout
            .iter()
            .filter(|of| of.site == site && is(of.to));
        if is(plan.sites[site.index()].content) {
            Second::ZERO
        } else {
            first.map(|of| of.at).min().unwrap_or(Second::NEVER)
        }
    };
    let early = |upgrade: &&Upgrade| {
        let release = plan.contents[upgrade.to.index()].base.release();
        let parent = plan.sites[upgrade.site.index()].parent;
        upgrade.forced && parent.is_some_and(|parent| reached(parent, release) > upgrade.at)
    };
    let codes: Vec<&str> = plan
        .rollout
        .iter()
        .filter(early)
        .map(|upgrade| plan.sites[upgrade.site.index()].code.as_str())
        .collect();
    (!codes.is_empty()).then(|| Risk {
        article: "Q246527, Q264630",
        text: format!(
            "sites are upgraded before their parents, by force: {}",
            listed(&codes)
        ),
        help: "upgrade the highest site first, then primaries, then secondaries".to_owned(),
    })
}

/// Secondary sites of one parent that are pushed to at a time, more than its sender has threads (Q199250).
fn more_pushes_than_threads(plan: &Plan) -> Vec<Risk> {
    let parents = (0..).map(SiteId).zip(&plan.sites);
    let crowded = |(id, parent): (SiteId, &Site)| {
        let pushes: Vec<(Second, Second)> = plan
            .rollout
            .iter()
            .filter(|upgrade| upgrade.source == Source::Push)
            .filter(|upgrade| plan.sites[upgrade.site.index()].parent == Some(id))
            .map(|upgrade| (upgrade.at, upgrade.at + push_s(plan, upgrade)))
            .collect();
        let under_way = |at: Second| {
            let spans = pushes
                .iter()
                .filter(|(from, until)| *from <= at && at < *until);
            spans.count() as u32
        };
        let most = pushes.iter().map(|(from, _)| under_way(*from)).max()?;
        let threads = parent.sender_threads.unwrap_or(plan.rules.sender_threads);
        (most > threads.min(plan.rules.most_pushes)).then(|| Risk {
            article: "Q199250, Q319166",
            text: format!(
                "{most} secondary sites of {} are pushed at a time, its sender has {threads} threads",
                parent.code
            ),
            help: "push fewer at a time with `stagger`, use media, or raise `sender_threads`; everything else that the \
                   site has to send waits behind them (Q320676)"
                .to_owned(),
        })
    };
    parents.filter_map(crowded).collect()
}

/// Time a push takes at the full rate of its address \[s\].
fn push_s(plan: &Plan, upgrade: &Upgrade) -> u32 {
    let address = &plan.sites[upgrade.site.index()].address;
    copy_s(plan.rules.push_size, address.bandwidth_bps)
}

/// Pushes that begin in an open hour and are still under way in one with a lower limit, which does not slow them (Q317893).
fn pushes_into_limits(plan: &Plan) -> Option<Risk> {
    if plan.rules.sender_rereads_limits {
        return None;
    }
    let runs_over = |upgrade: &&Upgrade| {
        let site = &plan.sites[upgrade.site.index()];
        let Some(parent) = site.parent.filter(|_| upgrade.source == Source::Push) else {
            return false;
        };
        let zone = &plan.zones[plan.sites[parent.index()].zone.index()];
        let local = zone.local(&plan.clock, upgrade.at);
        let limits = &site.address.hourly_limit_percent;
        let hour = local.hour().unsigned_abs();
        let Some(rate) = rate_bps(site.address.bandwidth_bps, limits, hour) else {
            return false; // it waits for an open hour
        };
        let into_hour_s = u32::from(local.minute().unsigned_abs()) * MINUTE_S;
        let hours = (into_hour_s + copy_s(plan.rules.push_size, rate)).div_ceil(HOUR_S);
        let limit = |after: u32| limits[(usize::from(hour) + after as usize) % 24];
        (1..hours.min(24)).any(|after| limit(after) < limit(0))
    };
    let codes: Vec<&str> = plan
        .rollout
        .iter()
        .filter(runs_over)
        .map(|upgrade| plan.sites[upgrade.site.index()].code.as_str())
        .collect();
    (!codes.is_empty()).then(|| Risk {
        article: "Q317893",
        text: format!(
            "pushes run on into hours with lower limits: {}",
            listed(&codes)
        ),
        help:
            "a transfer keeps the rate it began with; start earlier, use media, or apply Q317893 \
               (`sender_rereads_limits`)"
                .to_owned(),
    })
}

/// A retry delay beyond what the sender's heartbeat bears.
fn late_retries(plan: &Plan) -> Option<Risk> {
    let retry_s = plan.rules.sender_retry;
    (retry_s > MOST_RETRY_S).then(|| Risk {
        article: "Q278357",
        text: format!("senders retry after {} minutes", retry_s / MINUTE_S),
        help: "beyond 5 minutes retries break off; set `sender_retry` to 5 minutes at most"
            .to_owned(),
    })
}
