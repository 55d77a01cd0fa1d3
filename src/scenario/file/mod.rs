//! The scenario file as its author writes it: every table, every key, its unit and its default.
//!
//! This is the one definition of the format. The schema that editors use and the check of a file come from it, and so
//! do the descriptions of keys. What the keys mean together is decided in `lower`.

mod assignment;
mod campaigns;
mod clients;
mod questions;
mod rings;
mod servers;
mod study;
mod tables;

pub use assignment::{
    BoundaryChangeFile, ClientSettingsFile, DialUpPolicyName, MoveFile, NetworkFile,
    ParticipantStep, PushStep, SiteTravelModeName,
};
pub use campaigns::{FreezeFile, KickFile, LeaveOnFile, OfferFile, SpellFile, VerifyFile};
pub use clients::{
    AgentName, BadRows, ClientsFile, ColumnMap, HabitsFile, InventoryFile, PlatformName, Weekday,
};
pub use questions::{
    CurveName, DesignName, FitFile, GoalFile, KnobFile, MethodName, SearchFile, SensitivityFile,
    SweepFile,
};
pub use rings::{RingFile, RingsFile};
pub use servers::{
    CampaignFile, ControllerOutageFile, CopylogDamageFile, CopylogPinFile, MishapName, OutageFile,
    PreferredCapFile, SourceName,
};

pub use study::{ResultsFile, StudyFile, ThresholdFile};
pub use tables::{BoundaryColumns, DomainColumns, SiteColumns, TableFile, TablesFile};

use super::notation::{
    Bandwidth, Clock, HotfixArticle, Network, ReleaseName, SiteCode, Span, Subnet, Zone,
};
use super::placed::{Brief, BriefOrSteps, LocalTime, OneOrMany, Placed, Scalar};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A scenario: a hierarchy, its clients, and a rollout.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Name, time and chance.
    pub scenario: Header,
    /// Sites, one by one.
    #[serde(default)]
    pub site: Vec<Placed<SiteFile>>,
    /// Many like sites at once.
    #[serde(default)]
    pub template: Vec<Placed<TemplateFile>>,
    /// NT domains, whose controllers are logon points.
    #[serde(default)]
    pub domain: Vec<Placed<DomainFile>>,
    /// Habits of users and machines, besides the built-in `office`, `laptop` and `server`.
    #[serde(default)]
    pub habits: Vec<Placed<HabitsFile>>,
    /// Clients in groups that are alike but for chance.
    #[serde(default)]
    pub clients: Vec<Placed<ClientsFile>>,
    /// Hotfixes for many sites before the rollout (Q261931).
    #[serde(default)]
    pub hotfix_campaign: Vec<Placed<CampaignFile>>,
    /// Site upgrades.
    #[serde(default)]
    pub rollout: Vec<Placed<RolloutFile>>,
    /// Subnets that enter or leave boundaries during the run.
    #[serde(default)]
    pub boundary_change: Vec<Placed<BoundaryChangeFile>>,
    /// Maintenance cycles set off from outside (Q239564).
    #[serde(default)]
    pub kick: Vec<Placed<KickFile>>,
    /// Evenings on which machines are left on (Q237543).
    #[serde(default)]
    pub leave_on: Vec<Placed<LeaveOnFile>>,
    /// Clients kept from changing components (Q272436).
    #[serde(default)]
    pub freeze: Vec<Placed<FreezeFile>>,
    /// Periodic verification of components (Q246040).
    #[serde(default)]
    pub verify: Vec<Placed<VerifyFile>>,
    /// Agents that sites offer from a date on (Q202338).
    #[serde(default)]
    pub offer: Vec<Placed<OfferFile>>,
    /// Sites whose checksums do not fit their files, as after a hotfix that was half applied (Q246331): on Windows NT
    /// their clients' agents do not start.
    #[serde(default)]
    pub crc_mismatch: Vec<Placed<SpellFile>>,
    /// Sites whose offer file is cut off, as on a full disk (Q298935): their SP2 clients remove agents and install them
    /// again.
    #[serde(default)]
    pub offers_cut_off: Vec<Placed<SpellFile>>,
    /// Numbers of the model that differ from their defaults.
    #[serde(default)]
    pub rules: BTreeMap<String, Placed<Scalar>>,
    /// How often to repeat the run, and what is told of it.
    #[serde(default)]
    pub study: StudyFile,
    /// Limits that the run has to keep, in plain words.
    #[serde(default)]
    pub threshold: Vec<Placed<ThresholdFile>>,
    /// What to write.
    #[serde(default)]
    pub results: ResultsFile,
    /// A rollout in rings, in place of lines: what they have in common.
    pub rings: Option<Placed<RingsFile>>,
    /// The rings, in order.
    #[serde(default)]
    pub ring: Vec<Placed<RingFile>>,
    /// What may be varied, by `sweep`, `sensitivity`, `search` and `fit`.
    #[serde(default)]
    pub knob: Vec<Placed<KnobFile>>,
    /// For `smsim sweep`: which points to visit.
    #[serde(default)]
    pub sweep: SweepFile,
    /// For `smsim sensitivity`: how knobs are ranked.
    #[serde(default)]
    pub sensitivity: SensitivityFile,
    /// What a plan is wanted for.
    #[serde(default)]
    pub goal: GoalFile,
    /// For `smsim search`: how much it may spend.
    #[serde(default)]
    pub search: SearchFile,
    /// For `smsim fit`: what was observed.
    #[serde(default)]
    pub fit: FitFile,
}

/// Name, time and chance.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Name of the scenario, which also names its results folder.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// When recording begins: local date and time in `zone`.
    pub start: Placed<LocalTime>,
    /// Length of the recorded run [days].
    #[schemars(range(min = 1, max = 3650))]
    pub days: u32,
    /// First number of every draw. Default 1.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Time zone of `start` and of the results. Default: that of the first site, else UTC.
    pub zone: Option<Zone>,
    /// Days that are simulated before `start` and not recorded, so that maintenance cycles settle. Default 14.
    #[schemars(range(min = 0, max = 365))]
    pub warm_up_days: Option<u32>,
    /// Width of an interval in the results; must divide a day. Default `1h`.
    pub interval: Option<Placed<Span>>,
}

/// Primary or secondary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// Has a database; upgraded from media.
    Primary,
    /// Has no database; upgraded by its parent unless the rollout says otherwise.
    Secondary,
}

/// A site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Three capital letters or digits.
    pub code: Placed<SiteCode>,
    /// Code of the parent site. Default: none, a central site.
    pub parent: Option<Placed<String>>,
    /// Default `primary`.
    pub kind: Option<SiteKind>,
    /// Time zone of the site's clock. Default: that of the scenario.
    pub zone: Option<Zone>,
    /// What the site runs when the simulation begins. Default `SP1`.
    pub release: Option<Placed<ReleaseName>>,
    /// Pre-SP2 hotfixes (Q261931). Default: none.
    pub hotfixes: Option<Vec<Placed<Brief<HotfixArticle, HotfixFile>>>>,
    /// Subnet IDs of the site's boundaries. Default: none.
    pub boundaries: Option<Vec<Placed<Subnet>>>,
    /// Client Access Points: at least one, even without clients (Q246604).
    #[serde(default)]
    pub caps: Vec<Placed<CapFile>>,
    /// How the parent sends to this site.
    pub address: Option<Placed<AddressFile>>,
    /// When the site server is down. Default: never.
    pub outages: Option<Vec<Placed<OutageFile>>>,
    /// When somebody has nt_logon.box\Locks open on the site server (Q257202): before SP2 cycles of Logon Server Manager
    /// follow each other meanwhile. Default: never.
    pub locks_opened: Option<Vec<Placed<OutageFile>>>,
    /// Where the site itself was installed from; hotfixes fail easily where it was pushed (Q267258). Default: `push` for
    /// secondary sites, `media` for primary sites.
    pub installed_from: Option<SourceName>,
    /// Whether Full Version and Type in the setup key were checked and mended before hotfixes (Q267258). Default false.
    pub setup_key_mended: Option<bool>,
    /// Whether the Administrator console was installed on the site server, on which hotfixes fail at secondary sites
    /// (Q273853). Default false.
    pub admin_console: Option<bool>,
    /// Transfers its senders make at a time (Q319166). Default: the rule `sender_threads`.
    #[schemars(range(min = 1, max = 999))]
    pub sender_threads: Option<u32>,
    /// How the site takes clients on and lets them in.
    pub client_settings: Option<ClientSettingsFile>,
}

/// A hotfix with its circumstances.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HotfixFile {
    /// Article: Q251070 or Q252718 on RTM, Q249077 or Q252717 on SP1.
    pub id: Placed<HotfixArticle>,
    /// When it was applied, local time of the site. Default: before the simulation begins.
    pub at: Option<Placed<LocalTime>>,
    /// Whether it really took: `false` for one that failed without a word (Q267258), `true` for one that was verified.
    /// Default: by chance, see the rules `hotfix_fails_if_pushed` and `hotfix_fails_with_console`.
    pub took: Option<bool>,
}

/// A Client Access Point.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapFile {
    /// Name in results; `{site}` stands for the site code. Default `{site}-CAP1`, `{site}-CAP2` and so on.
    pub name: Option<Placed<String>>,
    /// Bandwidth its clients share. Default: it never slows anybody.
    pub bandwidth: Option<Bandwidth>,
    /// Most transfers at a time (Q208618). Default: no limit.
    #[schemars(range(min = 1))]
    pub connections: Option<u32>,
    /// Bandwidth from the site server to it. Default: its own bandwidth, else the rule `cap_link`.
    pub link: Option<Bandwidth>,
    /// When it cannot be reached. Default: never.
    pub outages: Option<Vec<Placed<OutageFile>>>,
    /// When a stale Inboxlck.tok lies on it, so that cycles skip its components from SP2 on (Q275617). Default: never.
    pub stale_locks: Option<Vec<Placed<OutageFile>>>,
    /// When it is set up, local time of the site; clients hear of it in a cycle (Q260824). Default: before the
    /// simulation begins.
    pub added: Option<Placed<LocalTime>>,
    /// When it is taken away, local time of the site; clients that know no other are cut off (Q260824). Default: never.
    pub removed: Option<Placed<LocalTime>>,
}

/// An address: the link from parent to child.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressFile {
    /// Bandwidth of the link. Default `1.5 Mbit/s`.
    pub bandwidth: Option<Bandwidth>,
    /// Share of the link that may be used in each hour of the parent's day, from midnight [%]; 0 closes it. Default:
    /// 100 all day.
    pub hourly_limit: Option<Placed<Vec<HourlyPercent>>>,
    /// The same by windows; outside of them the limit is 100.
    pub windows: Option<Placed<Vec<WindowFile>>>,
}

/// A share of a link [%].
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct HourlyPercent(#[schemars(range(min = 0, max = 100))] pub u8);

/// Hours of the day with a limit of their own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowFile {
    /// First hour, as a full hour.
    pub from: Placed<Clock>,
    /// Hour it ends at, as a full hour; before `from` it is the next morning's.
    pub until: Placed<Clock>,
    /// Share of the link that may be used [%]; 0 closes it.
    #[schemars(range(min = 0, max = 100))]
    pub percent: u8,
}

/// Whether logon scripts run SMSLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnOff {
    /// For every user.
    On,
    /// For nobody.
    Off,
}

/// An NT domain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainFile {
    /// Name, as clients log on to it.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Number of domain controllers, each a logon point; the first is the PDC. Default 2.
    #[schemars(range(min = 1, max = 1000))]
    pub controllers: Option<u32>,
    /// Sites that manage these logon points: codes, template names, or tables that say in what way.
    #[serde(default)]
    pub sites: Vec<Placed<Brief<String, ParticipantFile>>>,
    /// Site that Senior.lst names (Q235726). Default: there is no such file.
    pub senior: Option<Placed<String>>,
    /// When that file is taken away, local time of the scenario. Default: it stays.
    pub senior_until: Option<Placed<LocalTime>>,
    /// Whether the PDC lacks what a logon point needs, so that the domain has none (Q225542). Default false.
    pub pdc_unfit: Option<bool>,
    /// When controllers cannot be reached. Default: never.
    pub outages: Option<Vec<Placed<ControllerOutageFile>>>,
    /// Copylog.tcf edited by hand and locked (Q264630). Default: it is not.
    pub copylog_pin: Option<CopylogPinFile>,
    /// Moments at which Copylog.tcf becomes unreadable (Q264976). Default: none.
    pub copylog_damage: Option<Vec<CopylogDamageFile>>,
    /// Time between two cycles of Logon Server Manager. Default: the rule `lsm_interval`.
    pub lsm_interval: Option<Placed<Span>>,
    /// Bandwidth from site servers to the controllers. Default: the rule `controller_link`.
    pub link: Option<Bandwidth>,
    /// Bandwidth that clients of one controller share. Default: it never slows anybody.
    pub controller_bandwidth: Option<Bandwidth>,
    /// Whose logon script runs SMSLS: `on`, `off`, or a list of steps. Default `on`.
    pub logon_script: Option<Placed<BriefOrSteps<OnOff, Placed<ScriptStep>>>>,
}

/// What a site does in a domain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticipantFile {
    /// Site code or template name.
    pub site: Placed<String>,
    /// Windows Networking Logon Discovery. Default true.
    pub logon_discovery: Option<bool>,
    /// Windows Networking Logon Client Installation. Default true.
    pub logon_installation: Option<bool>,
    /// When the site leaves these logon points (Q263345), local time of the scenario. Default: it stays.
    pub leaves: Option<Placed<LocalTime>>,
    /// When either is switched on or off. Default: never.
    pub steps: Option<Vec<Placed<ParticipantStep>>>,
}

/// From when on which share of users runs the logon script.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptStep {
    /// Local time of the scenario.
    pub from: Placed<LocalTime>,
    /// Share of users, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}

/// One or several sites go to a release.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutFile {
    /// Site code, template name, `all`, `primaries`, `secondaries`, `children of HQ1`, `below HQ1`, or a list of these.
    pub site: OneOrMany<String>,
    /// The release they run afterwards.
    pub to: Placed<ReleaseName>,
    /// When setup starts, local time of each site.
    pub at: Placed<LocalTime>,
    /// Time by which each site starts after the one before it in the list. Default: all at `at`.
    pub stagger: Option<Placed<Span>>,
    /// Default: `push` for secondary sites, `media` for primary sites.
    pub source: Option<Placed<SourceName>>,
    /// Whether a site may be upgraded before its parent. Default false.
    pub force: Option<bool>,
    /// Whether a cycle of Logon Server Manager is forced as soon as the site runs the release (Q270036). Default false.
    pub force_lsm: Option<bool>,
    /// Whether database and metering server were looked after first, so that setup neither hangs nor dies midway
    /// (Q238093, Q258547). Default false.
    pub precheck: Option<bool>,
    /// What certainly goes wrong at the first attempt. Default: nothing but what the rules draw.
    pub misfortune: Option<Placed<MishapName>>,
}

/// Many like sites: everything a site has, by pattern.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateFile {
    /// Name that domains and rollout lines refer to.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Number of sites. Default: the number of `codes`.
    #[schemars(range(min = 1, max = 10_000))]
    pub count: Option<Placed<u32>>,
    /// Pattern of the site codes: `#` counts through digits and `@` through letters, like an odometer. `B##` gives
    /// B01, B02 and so on.
    pub code: Option<Placed<String>>,
    /// Instead of `code`: the site codes themselves.
    pub codes: Option<Vec<Placed<SiteCode>>>,
    /// Code of the parent site, or a list from which the sites take turns. Default: none.
    pub parent: Option<OneOrMany<String>>,
    /// Default `primary`.
    pub kind: Option<SiteKind>,
    /// Time zone, or a list from which the sites take turns. Default: that of the scenario.
    pub zone: Option<OneOrMany<Zone>>,
    /// What the sites run when the simulation begins. Default `SP1`.
    pub release: Option<Placed<ReleaseName>>,
    /// Pre-SP2 hotfixes, as in a site.
    pub hotfixes: Option<Vec<Placed<Brief<HotfixArticle, HotfixFile>>>>,
    /// Where the sites were installed from, as in a site.
    pub installed_from: Option<SourceName>,
    /// Whether their setup keys were mended, as in a site.
    pub setup_key_mended: Option<bool>,
    /// Whether they have the Administrator console, as in a site.
    pub admin_console: Option<bool>,
    /// Transfers their senders make at a time, as in a site.
    #[schemars(range(min = 1, max = 999))]
    pub sender_threads: Option<u32>,
    /// The first site's first subnet with its mask; the following subnets are handed out in order.
    pub subnets: Option<Placed<Network>>,
    /// Number of subnets of each site. Default 1.
    #[schemars(range(min = 1, max = 1000))]
    pub subnets_per_site: Option<u32>,
    /// Client Access Points of each site. Default: one that never slows anybody.
    pub caps: Option<Vec<Placed<CapFile>>>,
    /// How the parent sends to each site; in a list of bandwidths the sites take turns.
    pub address: Option<Placed<AddressFile>>,
    /// How each site takes clients on and lets them in.
    pub client_settings: Option<ClientSettingsFile>,
    /// Bandwidths of the addresses, from which the sites take turns.
    pub address_bandwidths: Option<Vec<Bandwidth>>,
    /// Domain that the sites take part in, or a list from which they take turns; `{site}` stands for the site code.
    pub domain: Option<OneOrMany<String>>,
    /// Number of controllers of those domains that no `[[domain]]` defines. Default: each must be defined.
    #[schemars(range(min = 1, max = 1000))]
    pub controllers: Option<u32>,
    /// Groups of clients in each site; they are spread over its subnets and log on to its domain.
    #[serde(default)]
    pub clients: Vec<Placed<ClientsFile>>,
}
