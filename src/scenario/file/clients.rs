//! Clients and the habits of their users.

use super::tables::column_map;
use super::{NetworkFile, PreferredCapFile};
use crate::scenario::notation::{Bandwidth, Clocks, Installed, Sizes, Span, Spans, Subnet, Zone};
use crate::scenario::placed::{Brief, LocalDate, LocalTime, OneOrMany, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// The same day as the calendar has it.
    pub fn of_calendar(self) -> jiff::civil::Weekday {
        use jiff::civil::Weekday as Day;
        match self {
            Weekday::Mon => Day::Monday,
            Weekday::Tue => Day::Tuesday,
            Weekday::Wed => Day::Wednesday,
            Weekday::Thu => Day::Thursday,
            Weekday::Fri => Day::Friday,
            Weekday::Sat => Day::Saturday,
            Weekday::Sun => Day::Sunday,
        }
    }
}

/// When machines are on and users are there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HabitsFile {
    /// Name that clients refer to.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Habits to start from: `office`, `laptop`, `server`, or earlier ones of this file. Default `office`.
    pub like: Option<Placed<String>>,
    /// A server: always on, nobody's workplace. Nothing below matters then.
    pub always_on: Option<bool>,
    /// Working days. `office`: Monday to Friday.
    pub working_days: Option<Vec<Weekday>>,
    /// Days on which nobody works. `office`: none.
    pub holidays: Option<Vec<Placed<LocalDate>>>,
    /// Arrival on a working day. `office`: `normal(8:00, 30 min)`.
    pub arrival: Option<Placed<Clocks>>,
    /// Departure on that day; beyond `24:00` for night work. `office`: `normal(17:00, 30 min)`.
    pub departure: Option<Placed<Clocks>>,
    /// Probability of being absent on a working day. `office`: 0.05.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub absent: Option<f64>,
    /// Probability that a leave begins on a working day. `office`: 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub leave_starts: Option<f64>,
    /// Length of a leave, weekends included. `office`: `14 days`.
    pub leave: Option<Placed<Spans>>,
    /// Share of machines left on overnight. `office`: 0.56 (LBNL-46930).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub left_on: Option<f64>,
    /// Whether that share is drawn once per machine, or anew each evening. `office`: true.
    pub left_on_by_machine: Option<bool>,
    /// Share of users who stay logged on where the machine stays on. `office`: 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub stays_logged_on: Option<f64>,
    /// Probability of logging off and on again during a working day. `office`: 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub relogon: Option<f64>,
    /// Probability of spending a working day off-site. `office`: 0; `laptop`: 0.2.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub off_site: Option<f64>,
}

/// Operating system family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PlatformName {
    /// Windows NT 4.0 and Windows 2000.
    #[serde(rename = "nt")]
    Nt,
    /// Windows 95 and 98.
    #[serde(rename = "9x")]
    Win9x,
}

/// An optional client agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgentName {
    /// Advertised programs.
    SoftwareDistribution,
    /// Hardware inventory.
    HardwareInventory,
    /// Software inventory.
    SoftwareInventory,
    /// Remote control.
    RemoteControl,
    /// Licence metering.
    LicenseMetering,
    /// Event-to-trap translation.
    EventToTrap,
}

/// An inventory as another program wrote it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InventoryFile {
    /// CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX, by a path relative to this file.
    #[schemars(length(min = 1))]
    pub file: Placed<String>,
    /// Sheet of a workbook. Default: the first.
    pub sheet: Option<Placed<String>>,
    /// What the file calls its columns, as in `columns = { name = "Name0", subnet = "IP_Subnets0" }`. Other columns are
    /// not read. Default: our names, and no others.
    pub columns: Option<ColumnMap>,
    /// Whether a row that cannot be used stops everything, or is left out and listed. Default `refuse`.
    pub bad_rows: Option<BadRows>,
    /// Clients whose `last_seen` lies before this day are left out and listed. Default: none are.
    pub seen_after: Option<Placed<LocalDate>>,
}

/// What becomes of rows that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BadRows {
    /// The scenario is wrong until they are mended.
    Refuse,
    /// They are left out, and listed by `check` and in `left_out.csv`.
    Skip,
}

column_map! {
    /// What an inventory calls its columns.
    ColumnMap;
    /// Name of the client.
    name,
    /// Subnet ID of its network adapter, or several.
    subnet,
    /// Domain it logs on to.
    domain,
    /// `nt` or `9x`.
    platform,
    /// Its operating system, by which the platform is known.
    operating_system,
    /// Code of its site, whose first boundary counts where there is no subnet.
    site,
    /// Habits by name.
    habits,
    /// Time zone.
    zone,
    /// Release that is installed, or `none`.
    installed,
    /// Version of the installed client, such as 2.00.1380.1000.
    client_version,
    /// When it was last seen.
    last_seen,
    /// Speed of its link.
    link,
    /// Speed of its dial-up link on days off-site.
    off_site_link,
}

/// A group of clients.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientsFile {
    /// Name in results; in a template, `{site}` stands for the site code.
    #[schemars(length(min = 1))]
    pub name: Placed<String>,
    /// Number of clients; over several subnets, all together.
    #[schemars(range(min = 1))]
    pub count: Option<Placed<u32>>,
    /// Instead of `count`: a file with one row per client, CSV or XLSX, by a path relative to this file; or a table that
    /// says more. Columns: name, subnet, and any of domain, platform, operating_system, site, habits, zone, installed,
    /// client_version, last_seen, link, off_site_link; what a row leaves empty is as here.
    pub inventory: Option<Placed<Brief<String, InventoryFile>>>,
    /// Domain they log on to; `none` for machines that never run a logon script. Default: the one domain in which the
    /// site that covers them takes part.
    pub domain: Option<Placed<String>>,
    /// Subnet of their network adapter. A list spreads the clients evenly over the subnets.
    pub boundary: Option<OneOrMany<Subnet>>,
    /// Subnets of several adapters in each machine, in place of `boundary`.
    pub adapters: Option<Vec<Placed<Subnet>>>,
    /// Default `nt`.
    pub platform: Option<PlatformName>,
    /// Habits by name. Default `office`.
    pub habits: Option<Placed<String>>,
    /// Time zone of their habits. Default: that of the site that covers them.
    pub zone: Option<Zone>,
    /// What is installed when the simulation begins: a release, or `none`. Default: the release of the site that covers
    /// them, the oldest if several do, `none` if none does.
    pub installed: Option<Placed<Installed>>,
    /// When these machines are first switched on, local time of their zone. Default: from the first second.
    pub appear: Option<Placed<LocalTime>>,
    /// Speed of their link. Default `10 Mbit/s`.
    pub link: Option<Bandwidth>,
    /// Speed of the dial-up link used on days off-site. Default: no network on such days.
    pub off_site_link: Option<Bandwidth>,
    /// Client Access Point of their site that they were told to prefer (Q235873). Default: any of its site, at random.
    pub preferred_cap: Option<PreferredCapFile>,
    /// Share of clients in travel mode (Q199114), 0 to 1. Default 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub travel_mode: Option<f64>,
    /// How they are on the network, and where they go. Default: one adapter, always in its place.
    pub network: Option<NetworkFile>,
    /// Optional agents. Default: all of them.
    pub agents: Option<Vec<AgentName>>,
    /// What a service pack brings to one client. Default: the rule `upgrade_size`.
    pub upgrade_size: Option<Sizes>,
    /// Time from the request until the user of a Windows 9x machine restarts it. Default: not before the next start.
    pub restart_after: Option<Spans>,
    /// Time after which a policy restarts a Windows 9x machine that waits for it (Q239564). Default: no policy.
    pub mandatory_restart: Option<Placed<Span>>,
    /// Share of machines on which the registry value SMS Client Deinstall is set (Q293117), 0 to 1. Default 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub deinstall_flag: Option<f64>,
    /// Share of Windows NT users without administrators' rights (Q215107, Q264630), 0 to 1. Default 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub low_rights: Option<f64>,
    /// Share of machines on which Clicore and others were put beforehand (Q202338), 0 to 1. Default 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub prestaged: Option<f64>,
    /// When Newuid gives these machines an identity without `/allocate` (Q254735), local time of their zone: from then on
    /// they reach no Client Access Point until a logon. Default: never.
    pub new_identity: Option<Placed<LocalTime>>,
    /// When the time zone of Windows 9x machines is changed (Q251164), local time of their zone. Default: never.
    pub zone_changes: Option<Vec<Placed<LocalTime>>>,
}
