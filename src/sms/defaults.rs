//! Every default of the model, in one place: value, unit, source and confidence.
//!
//! A scenario changes any of them in its `[rules]` table under the name given here. Adding one is one entry in the
//! list below: the field of [`Rules`], the schema, the complaints and the list of assumptions follow from it.

use crate::engine::Distribution;
use crate::engine::time::{DAY_S, HOUR_S, MINUTE_S};

/// How well a default is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Stated in the source.
    Documented,
    /// Follows from logs or from several sources taken together.
    Inferred,
    /// The sources contradict each other or leave it open; this is one reading.
    Disputed,
    /// No source; a plausible value that a planner should check.
    Assumed,
}

impl Confidence {
    /// As printed in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Documented => "documented",
            Confidence::Inferred => "inferred",
            Confidence::Disputed => "disputed",
            Confidence::Assumed => "assumed",
        }
    }
}

/// The value of a default, with its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A span of time \[s\].
    Span(u32),
    /// A size \[bytes\].
    Size(u64),
    /// A rate [bit/s].
    Rate(u64),
    /// A share or probability, 0 to 1.
    Share(f64),
    /// A number of things.
    Count(u32),
    /// Yes or no.
    Switch(bool),
    /// A span of time drawn anew each time \[s\].
    Spans(Distribution),
    /// A size drawn anew each time \[bytes\].
    Sizes(Distribution),
    /// Whose rules the bootstrap follows.
    Bootstrap(BootstrapRules),
}

/// Which bootstrap's rules apply at logon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BootstrapRules {
    /// Those of the files that the logon point holds.
    AsShipped,
    /// Those of RTM and SP1 everywhere: what if SP2 had kept the old process?
    BeforeSp2,
    /// Those of SP2 everywhere.
    Sp2,
}

impl BootstrapRules {
    /// Every choice with its name in scenarios.
    pub const NAMES: [(&str, BootstrapRules); 3] = [
        ("as-shipped", BootstrapRules::AsShipped),
        ("before-sp2", BootstrapRules::BeforeSp2),
        ("sp2", BootstrapRules::Sp2),
    ];
}

/// One default: what a scenario calls it and where its value comes from.
#[derive(Clone, Copy, Debug)]
pub struct Assumption {
    /// Name in the `[rules]` table.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Value where the scenario is silent.
    pub value: Value,
    /// Article or other source.
    pub source: &'static str,
    /// How well founded it is.
    pub confidence: Confidence,
}

/// Writes [`Rules`], its defaults, the list of assumptions and the access by name from one list.
macro_rules! rules {
    ($( $(#[doc = $meaning:literal])+ $field:ident: $kind:ident($type:ty) = $value:expr, $confidence:ident, $source:literal; )+) => {
        /// The numbers a rule needs, as the scenario set them or at their defaults.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Rules {
            $( $(#[doc = $meaning])+ #[doc = concat!("\n\nSource: ", $source, ".")] pub $field: $type, )+
        }

        impl Default for Rules {
            fn default() -> Self {
                Rules { $( $field: $value, )+ }
            }
        }

        /// Every default with its meaning, value, source and confidence, in the order of the model.
        #[must_use]
        pub fn assumptions() -> Vec<Assumption> {
            vec![ $( Assumption {
                name: stringify!($field),
                meaning: concat!($($meaning),+).trim_ascii_start(),
                value: Value::$kind($value),
                source: $source,
                confidence: Confidence::$confidence,
            }, )+ ]
        }

        impl Rules {
            /// The value of the rule called `name`.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<Value> {
                match name {
                    $( stringify!($field) => Some(Value::$kind(self.$field)), )+
                    _ => None,
                }
            }

            /// Sets the rule called `name`; false if there is none of that name and kind.
            pub fn set(&mut self, name: &str, value: Value) -> bool {
                match (name, value) {
                    $( (stringify!($field), Value::$kind(value)) => self.$field = value, )+
                    _ => return false,
                }
                true
            }
        }
    };
}

const KB: u64 = 1_000;
const MB: u64 = 1_000_000;

rules! {
    /// Time between two maintenance cycles of a client.
    ccim_cycle: Span(u32) = 23 * HOUR_S, Documented, "Q231232, Q215129";
    /// Wait before a client asks again when no Client Access Point answered.
    ccim_retry: Span(u32) = HOUR_S, Documented, "Q236052, Q227033";
    /// Whether every start of the client service runs a cycle at once, even one that was not due.
    ccim_at_restart: Switch(bool) = true, Disputed, "Q231232, Q239564: a restart re-bases the timer, a restarted service runs at once";
    /// Bytes a cycle without news reads from the Client Access Point.
    ccim_size: Size(u64) = 0, Documented, "Q231232: normally nothing is copied";
    /// Whether a machine on a dial-up link lies outside all boundaries.
    dial_up_outside_boundaries: Switch(bool) = false, Disputed, "Q235797: so on Windows 2000; silent on others";
    /// A site whose configuration a client could not read for this long is dropped.
    site_lost_after: Span(u32) = 60 * DAY_S, Documented, "Q265358, Q227033";
    /// Time between two heartbeat discovery records, sent within a cycle.
    heartbeat_interval: Span(u32) = 7 * DAY_S, Documented, "Q257799";
    /// Size of a discovery record.
    heartbeat_size: Size(u64) = KB, Inferred, "TechNet cc181269, written for SMS 2003";
    /// Link speed below which `check` speaks of dial-up clients.
    dial_up_below: Rate(u64) = 64_000, Assumed, "our own choice: an ISDN channel; Q224388 knows of modems only";
    /// Link speed below which the logon script installs nothing.
    slownet_threshold: Rate(u64) = 40_000, Documented, "Q224388, Q246863";
    /// Whose rules Boot32wn follows.
    bootstrap_rules: Bootstrap(BootstrapRules) = BootstrapRules::AsShipped, Documented, "Q262677";
    /// Time from power-on to the user's logon.
    logon_delay: Span(u32) = MINUTE_S, Assumed, "no source";
    /// Size of the core components that a first installation copies from the logon point.
    core_size: Size(u64) = 14 * MB, Documented, "Q202338";
    /// Size of Clicore.exe, copied when Boot32wn finds a different one.
    clicore_size: Size(u64) = 3_380 * KB, Documented, "Q265270";
    /// Part of the core components that a machine need not copy when Clicore and others were put on it beforehand.
    prestage_saves: Size(u64) = 6 * MB, Documented, "Q202338";
    /// Wait of Boot32wn before it tries again when Copylog.tcf has no line for Clicore.
    copylog_retry: Span(u32) = 10 * MINUTE_S, Documented, "Q264976";
    /// Number of those waits.
    copylog_attempts: Count(u32) = 7, Documented, "Q264976";
    /// Bytes a service pack brings to one client, over both stages.
    upgrade_size: Sizes(Distribution) = Distribution::Uniform(8_000_000, 24_000_000), Documented, "Q237543: 8 to 24 MB by installed agents";
    /// Part of that which CCIM copies itself: base components, APM and Windows Management.
    base_size: Size(u64) = 7_580 * KB, Inferred, "Q235161 for the parts; Q265270, Q246527 for their sizes";
    /// Part of that which is the software distribution agent.
    software_distribution_size: Size(u64) = 640 * KB, Documented, "Q246527";
    /// Time between two verifications of a client's components, where a scenario switches them on.
    verify_interval: Span(u32) = 30 * DAY_S, Documented, "Q246040, Q239564";
    /// Most bytes that a verification copies to one client when it installs everything again.
    verify_size: Size(u64) = 20 * MB, Documented, "Q246040: up to 20 MB";
    /// Whether clients at SP2 or later verify by installing everything again, too.
    verify_full_copy: Switch(bool) = false, Disputed, "Q277783: what has changed; Q246040: all";
    /// Probability that a client which the rules before SP2 made mixed has to be installed anew.
    mixed_damaged: Share(f64) = 1.0, Disputed, "Q238865: remove and install completely; Q236596: upgrade the site";
    /// Probability that a mixed client at SP2 whose user is no administrator does not recover with its site.
    low_rights_stay_mixed: Share(f64) = 0.5, Assumed, "Q264630: in some cases, no figure";
    /// Time the base components take to install once they are copied.
    base_install_time: Spans(Distribution) = Distribution::Uniform(2 * 60, 10 * 60), Inferred, "Q200483: up to 10 minutes";
    /// Time from the base components' installation until APM begins with the other agents.
    agents_after: Spans(Distribution) = Distribution::Uniform(0, 60 * 60), Documented, "Q235161: within the hour";
    /// Time the other agents take to install once they are copied.
    agents_install_time: Spans(Distribution) = Distribution::Uniform(2 * 60, 10 * 60), Documented, "Q200483: up to 10 minutes";
    /// Probability that an installation fails and waits for the next cycle.
    install_failure: Share(f64) = 0.0, Assumed, "no source for SMS 2.0";
    /// Time from the start of a Windows 9x installation during which a restart breaks the client.
    win9x_restart_after: Span(u32) = 15 * MINUTE_S, Documented, "Q237543, Q238864";
    /// Probability that a restart within that time does break it.
    early_restart_breaks: Share(f64) = 1.0, Disputed, "Q237543: can break the client";
    /// Time between two visits of Inbox Manager to a Client Access Point.
    inbox_manager_interval: Span(u32) = HOUR_S, Documented, "Q278856, Q200830";
    /// Bytes Inbox Manager copies to a Client Access Point when a site is upgraded.
    cap_content_size: Size(u64) = 24 * MB, Inferred, "Q237543: the most one client takes from it";
    /// Bandwidth from the site server to a Client Access Point that states none.
    cap_link: Rate(u64) = 10 * MB, Assumed, "no source";
    /// Whether the first Client Access Point of a site is the site server itself, and goes down with it.
    first_cap_on_site_server: Switch(bool) = true, Documented, "Q199814, Q257262: the default one";
    /// Probability that Inbox Manager cannot replace files that clients hold open, and comes back an interval later.
    refresh_failure: Share(f64) = 0.0, Assumed, "Q275617, Q322967 tell of it without a figure";
    /// Probability that Inboxlck.tok stays behind when Inbox Manager has refreshed a Client Access Point, from SP2 on.
    stale_lock: Share(f64) = 0.0, Assumed, "Q275617 tells of it without a figure";
    /// Time until somebody removes such a token.
    stale_lock_time: Spans(Distribution) = Distribution::Uniform(3_600, 86_400), Assumed, "no source";
    /// Time between two looks of Site Component Manager at a site's systems.
    component_interval: Span(u32) = HOUR_S, Documented, "Q199816";
    /// Whether a Client Access Point that was out of reach at such a look is installed anew when it is back.
    reinstalled_after_outage: Switch(bool) = true, Documented, "Q278745, Q263398: up to SP3";
    /// Time site setup takes from its start until the site runs the new release.
    setup_time: Spans(Distribution) = Distribution::Uniform(45 * 60, 90 * 60), Assumed, "no source";
    /// Probability that site setup fails.
    setup_failure: Share(f64) = 0.0, Assumed, "no source";
    /// Wait before a failed setup is started again.
    setup_retry: Span(u32) = 12 * HOUR_S, Assumed, "no source";
    /// Probability that site setup hangs, once, before it goes on.
    setup_hangs: Share(f64) = 0.0, Assumed, "Q258547 tells of it without a figure";
    /// Time until somebody ends the hang.
    setup_hang_time: Spans(Distribution) = Distribution::Uniform(2 * 3_600, 12 * 3_600), Assumed, "no source";
    /// Share of failed setups that die midway: the site is down, its Client Access Points are half upgraded.
    setup_fails_midway: Share(f64) = 0.0, Assumed, "Q238093, Q268238 tell of it without a figure";
    /// Probability that a Client Access Point of such a site holds the new release already.
    midway_caps: Share(f64) = 0.5, Assumed, "no source: half upgraded";
    /// Probability that the bootstrap at a pushed secondary site fails, unknown to its parent.
    bootstrap_failure: Share(f64) = 0.0, Assumed, "Q201658, Q287717 tell of it without a figure";
    /// Time until somebody wonders why such a site is still pending, and pushes again.
    bootstrap_noticed_after: Span(u32) = DAY_S, Inferred, "Q199250: the parent should know within a day";
    /// Probability that a hotfix fails without a word on a secondary site that its parent installed.
    hotfix_fails_if_pushed: Share(f64) = 0.0, Assumed, "Q252717, Q267258: it often does, no figure";
    /// Probability that it does on a secondary site with the Administrator console.
    hotfix_fails_with_console: Share(f64) = 1.0, Documented, "Q273853";
    /// Bytes a secondary site receives when its parent pushes the upgrade.
    push_size: Size(u64) = 65 * MB, Documented, "Q199250, for 1.2 to 2.0";
    /// Transfers a site's senders make at a time.
    sender_threads: Count(u32) = 5, Documented, "Q319166";
    /// Transfers a site's senders make at a time to one other site.
    sender_threads_per_site: Count(u32) = 3, Documented, "Q319166";
    /// Secondary sites that one parent pushes to at a time.
    most_pushes: Count(u32) = 999, Documented, "Q199250, Q319166: the most that threads can be set to";
    /// Wait before a sender tries again after an error on the network.
    sender_retry: Span(u32) = MINUTE_S, Documented, "Q278357";
    /// Time for which a sender leaves out a site that it cannot connect to.
    sender_skips_site: Span(u32) = HOUR_S, Documented, "Q235753";
    /// Whether a transfer under way follows its address's limits from hour to hour, as with the hotfix.
    sender_rereads_limits: Switch(bool) = false, Documented, "Q317893";
    /// Bandwidth of an address below which `check` calls a senior site badly connected.
    slow_address: Rate(u64) = 512_000, Assumed, "our own choice";
    /// Time within which `check` wants all sites of a domain upgraded.
    domain_window: Span(u32) = 3 * HOUR_S, Documented, "Q264630: two to three hours";
    /// Time between two cycles of Logon Server Manager.
    lsm_interval: Span(u32) = DAY_S, Documented, "Q262942";
    /// Time Logon Server Manager takes to visit one domain controller without copying.
    lsm_visit_time: Span(u32) = MINUTE_S, Assumed, "no source";
    /// Bytes Logon Server Manager copies to a logon point that holds older files.
    lsm_copy_size: Size(u64) = 14 * MB, Inferred, "Q202338: what a client copies from there";
    /// Bandwidth from a site server to a logon point of a domain that states none.
    controller_link: Rate(u64) = 10 * MB, Assumed, "no source";
    /// Backup domain controllers that Logon Server Manager updates at a time, from SP2 on.
    lsm_threads: Count(u32) = 10, Assumed, "Q255820 names the setting, not its value";
    /// Time beyond its interval after which a site that wrote nothing to the PDC counts as inactive.
    site_inactive_after: Span(u32) = 4 * HOUR_S, Documented, "Q227028";
    /// Time beyond its interval after which it counts as dead and loses its folders, before SP2.
    site_dead_after: Span(u32) = 7 * DAY_S, Disputed, "Q227028, Q259816: or seven intervals, if longer";
    /// Whether the lowest site code wins among sites of equal version when the senior site is elected.
    lowest_code_is_senior: Switch(bool) = true, Disputed, "Q263395, Q235726: direction not stated";
    /// Probability that an SP1 site whose cycle finds the PDC out of reach removes all other sites' folders.
    pdc_outage_removes_folders: Share(f64) = 1.0, Disputed, "Q242492: it may";
    /// Probability that setup of a site before SP2 loses Senior.lst.
    senior_lst_lost: Share(f64) = 0.0, Assumed, "Q246527: save and restore it, no figure";
    /// Probability that a cycle before SP2 damages Copylog.tcf where only some sites of a domain have the copylog hotfix.
    mixed_hotfixes_damage_copylog: Share(f64) = 0.0, Assumed, "Q264976: it can, no figure";
    /// Time from a change of a site's boundaries until its Client Access Points tell it.
    boundaries_on_caps: Span(u32) = HOUR_S, Inferred, "Q278856: Inbox Manager visits hourly";
    /// Time from a change of a site's boundaries until the logon points tell it.
    boundaries_on_logon_points: Span(u32) = DAY_S, Inferred, "Q262942, Q242492: a daily cycle writes each site's Netconf.ncf";
    /// Whether clients of SP2 and SP3 count only the first of several addresses of an adapter; if not, all of them.
    first_address_counts: Switch(bool) = true, Disputed, "Q252953 against Q270036";
    /// Probability that a maintenance cycle which begins with a Windows 9x logon removes the client before the logon script adds its new site.
    site_move_race: Share(f64) = 0.5, Assumed, "Q288218 describes the race, not how often it is lost";
    /// Bytes that a pushed installation copies from the site server.
    push_client_size: Size(u64) = 1_740 * KB, Documented, "Q265270, Q252717: CCMCore.exe and CCMBtLdr.exe";
    /// Time from a logon's discovery of a machine until the site server takes up the request to push.
    push_begins_after: Span(u32) = 30 * MINUTE_S, Inferred, "Q262298: the queue is looked through every 30 minutes at the latest";
    /// Time from the first power-on until network discovery finds a machine that no logon tells of.
    network_discovery_after: Spans(Distribution) = Distribution::Uniform(0, 24 * 60 * 60), Assumed, "no source";
    /// Time between two attempts to push a client.
    push_retry: Span(u32) = HOUR_S, Documented, "Q264630";
    /// Time after which a request to push is given up.
    push_given_up_after: Span(u32) = 7 * DAY_S, Documented, "Q264630";
    /// Whether a discovery record that a child site passes up keeps the subnets from before the machine moved.
    old_subnets_kept: Switch(bool) = true, Documented, "Q313660: until after SP4";
    /// Attempts with a bad password that lock an account out.
    lockout_tries: Count(u32) = 5, Documented, "Q227033";
    /// Time within which these attempts count, and for which the account is locked.
    lockout_time: Span(u32) = 30 * MINUTE_S, Documented, "Q227033";
    /// Whether an unpatched site credits itself on every controller it checks, not on the PDC only.
    credit_on_every_controller: Switch(bool) = true, Inferred, "Q262942, Q251070";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_can_be_read_and_set_by_its_name() {
        let mut rules = Rules::default();
        for assumption in assumptions() {
            assert_eq!(
                rules.get(assumption.name),
                Some(assumption.value),
                "{}",
                assumption.name
            );
            assert!(
                rules.set(assumption.name, assumption.value),
                "{}",
                assumption.name
            );
            assert!(!assumption.meaning.is_empty() && !assumption.source.is_empty());
        }
        assert!(
            !rules.set("ccim_cycle", Value::Share(0.5)),
            "a span is not a share"
        );
        assert!(!rules.set("no_such_rule", Value::Switch(true)));
    }
}
