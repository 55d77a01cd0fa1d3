//! What the program models of the documented product and what it does not: the levers a planner can pull, the ways to
//! fail, and what is left out as a whole.
//!
//! A list for readers. No rule reads it; a test keeps it complete and its keys in step with the format of scenarios.

/// How far something is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// It is simulated.
    Modelled,
    /// It is left out, for a reason.
    NotModelled,
}

impl Coverage {
    /// As printed in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Coverage::Modelled => "modelled",
            Coverage::NotModelled => "not modelled",
        }
    }
}

/// One lever, one way to fail, or one part of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number, such as L21 or F8; empty for parts of the product.
    pub number: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Knowledge Base articles.
    pub articles: &'static str,
    /// How far it is covered.
    pub coverage: Coverage,
    /// Where a scenario finds it, keys and rules in backquotes; or why it is left out.
    pub how: &'static str,
}

/// Writes a list of items.
macro_rules! items {
    (#[doc = $doc:literal] $name:ident: [Item; $count:literal]; $( $number:literal, $what:literal, $articles:literal, $coverage:ident, $how:literal; )+) => {
        #[doc = $doc]
        pub static $name: [Item; $count] = [ $( Item {
            number: $number,
            what: $what,
            articles: $articles,
            coverage: Coverage::$coverage,
            how: $how,
        }, )+ ];
    };
}

items! {
    #[doc = "The levers a planner can pull, L1 to L40 of the fact sheet's table (f)."]
    LEVERS: [Item; 40];
    "L1", "Upgrade top-down: central site, primaries, secondaries", "Q246527, Q264630", Modelled, "order and times of `[[rollout]]` lines; a child before its parent is refused unless `force = true`";
    "L2", "Finish all sites of a domain within two to three hours, on a Friday or weekend", "Q264630, Q237543, Q238780", Modelled, "`rollout.at` and `stagger`; `check` warns of a window longer than the rule `domain_window`";
    "L3", "Apply the hotfix pair to every site first, and verify", "Q261931, Q258149", Modelled, "`site.hotfixes`, or a `[[hotfix_campaign]]`; `took = true` for what was verified; `check` warns of sites without";
    "L4", "Mend Full Version and Type on secondaries before hotfixes", "Q267258, Q273853", Modelled, "`site.setup_key_mended`; the rules `hotfix_fails_if_pushed` and `hotfix_fails_with_console`; `check` warns";
    "L5", "Wait until Copylog.tcf on all logon points is rewritten", "Q261931", Modelled, "`at` of hotfixes and rollout lines, `soak` of a `[[hotfix_campaign]]`; `check` warns of less than a cycle";
    "L6", "Edit Copylog.tcf by hand and lock it", "Q264630", Modelled, "`domain.copylog_pin`";
    "L7", "Take SMSLS out of the logon scripts", "Q237543, Q238780", Modelled, "`domain.logon_script = \"off\"`";
    "L8", "Switch logon discovery and installation off at affected sites", "Q236596", Modelled, "`logon_discovery` and `logon_installation` in `domain.sites`, from a date on by their `steps`";
    "L9", "Give logon scripts back to a few users at a time", "Q237543, Q238780, Q202338", Modelled, "`domain.logon_script` as a list of steps with shares";
    "L10", "Begin on a Friday and leave machines on", "Q237543, Q238780", Modelled, "`[[leave_on]]`; `left_on` of `[[habits]]`";
    "L11", "Lock instead of logging off or switching off", "Q231232", Modelled, "`stays_logged_on` and `left_on` of `[[habits]]`";
    "L12", "Expire or disable advertisements before, enable them after", "Q237543, Q238865, Q200826, Q256211", NotModelled, "software distribution as such is not modelled; what it does to an upgrade is in the installation times and `install_failure`";
    "L13", "Keep RAS users out until they are in the office", "Q237543, Q238780", Modelled, "`dial_up_policy` of `clients.network`: the script leaves them out, or upgrades wait as well; `domain.logon_script`, `[[freeze]]`; `check` warns of dial-up clients in the script";
    "L14", "Freeze slow clients with DisableClientUpgrade, release them later", "Q272436", Modelled, "`[[freeze]]`";
    "L15", "Edit Slownet's threshold", "Q224388", Modelled, "the rule `slownet_threshold`; 0 keeps out whoever is on dial-up, at any speed";
    "L16", "Put Clicore and others on machines beforehand", "Q202338", Modelled, "`clients.prestaged`; the rule `prestage_saves`";
    "L17", "Two stages: discovery first, one agent a day later", "Q202338", Modelled, "`[[offer]]`; `logon_installation` in `domain.sites` and its `steps`";
    "L18", "Force maintenance cycles by SetEvnt or Cliutils", "Q239564", Modelled, "`[[kick]]`";
    "L19", "Mandatory restarts on Windows 9x, not before 15 minutes", "Q239564, Q264969, Q237543", Modelled, "`clients.mandatory_restart`, `clients.restart_after`; `check` warns of two restarts";
    "L20", "Remove Windows 9x clients first, upgrade, then add subnets again one at a time", "Q238864", Modelled, "`[[boundary_change]]` takes subnets away and adds them again, one by one with `stagger`; removed clients are installed again at a logon";
    "L21", "More Client Access Points, none over a WAN; preferred ones", "Q238780, Q278856, Q235873", Modelled, "`site.caps` with `bandwidth`, `link`, `added` and `removed`; `clients.preferred_cap`; `check` warns of points that cannot serve";
    "L22", "Let old and new Client Access Points and accounts overlap", "Q260824, Q237759", Modelled, "`added` and `removed` of `site.caps`, `account_changes` of `client_settings`; `check` warns of an overlap shorter than a day";
    "L23", "Switch verification off or space it before the rollout", "Q246040, Q283130", Modelled, "`[[verify]]` with `first` and `every`";
    "L24", "Stagger sender limits and schedules; raise threads with care", "Q317893, Q319166, Q281754", Modelled, "`site.address` with `hourly_limit` or `windows`; `site.sender_threads`; the rules `sender_threads`, `sender_threads_per_site`, `sender_rereads_limits`";
    "L25", "Upgrade secondaries from CD instead of pushing", "Q199250, Q203004", Modelled, "`rollout.source = \"media\"`";
    "L26", "Push to fewer secondaries at a time than the sender allows", "Q199250", Modelled, "the rule `most_pushes`; `stagger`; `check` warns of more pushes than threads";
    "L27", "Choose the senior site", "Q235726, Q303725", Modelled, "`domain.senior`; `check` warns of a senior site behind a slow link";
    "L28", "Threads and interval of Logon Server Manager under SP2", "Q255820, Q262942", Modelled, "`domain.lsm_interval`; the rules `lsm_interval` and `lsm_threads`";
    "L29", "Force a cycle of Logon Server Manager after the upgrade", "Q270036, Q311127", Modelled, "`rollout.force_lsm`";
    "L30", "Logon discovery at one site per domain", "Q232573", NotModelled, "discovery records load site servers and move no client; `logon_discovery` in `domain.sites` switches it off where it should be";
    "L31", "Check database, status tables and metering server before setup", "Q238093, Q258547", Modelled, "`rollout.precheck`";
    "L32", "Travel mode for laptops before they roam", "Q199114, Q281107", Modelled, "`clients.travel_mode`; `travel_mode_until` and `forced_sites` of `clients.network`";
    "L33", "Keep boundaries apart while versions differ", "Q262677, Q298433", Modelled, "`site.boundaries`; `check` warns of overlaps";
    "L34", "Measure progress by heartbeat or inventory, not by status", "Q256125, Q272436", Modelled, "the `reported` columns of timeline.csv; the rule `heartbeat_interval`";
    "L35", "Empty the retry box when the push hotfix comes late", "Q264630", Modelled, "`retry_box_emptied` of `client_settings`";
    "L36", "Restart clients before they move between sites", "Q276495, Q263370", Modelled, "`clients.restart_after`";
    "L37", "Upgrade Administrator consoles right after the site", "Q238780", NotModelled, "a console that lags moves no client; keep it on your own list";
    "L38", "Wait a day or more after removing a boundary", "Q234484, Q238864", Modelled, "`[[boundary_change]]`; `check` warns of less than a day, or two with laptops";
    "L39", "Remove old lookup files after a site was rebuilt", "Q227032", NotModelled, "sites are not rebuilt in a scenario; stale lists of Client Access Points are modelled by `removed`";
    "L40", "Test in a lab and at a pilot site that shares no domain", "Q246527", Modelled, "a `[[rollout]]` line of its own for the pilot; `check` names first SP2 sites that share a domain with others";
}

items! {
    #[doc = "The ways to fail, F1 to F55 of the fact sheet's table (e)."]
    MISFORTUNES: [Item; 55];
    "F1", "A logon point is ahead of a client's Client Access Points", "Q236596, Q238780, Q238864, Q238865", Modelled, "follows from the calendar; before SP2, or with `bootstrap_rules = \"before-sp2\"`";
    "F2", "Copylog.tcf credits an unpatched site", "Q264630, Q251070", Modelled, "follows from `site.hotfixes` and the order of cycles";
    "F3", "A hotfix fails silently on a secondary site", "Q252717, Q267258, Q273853", Modelled, "`took = false`; `installed_from`, `admin_console`; the rules `hotfix_fails_if_pushed` and `hotfix_fails_with_console`";
    "F4", "Copylog.tcf not yet rewritten when SP2 begins", "Q261931", Modelled, "follows from when hotfixes are applied";
    "F5", "Sites of a domain upgraded days apart", "Q264630", Modelled, "`rollout.at`";
    "F6", "The senior site is far away, or Senior.lst is left behind or lost", "Q235726, Q263395, Q246527", Modelled, "`domain.senior`, `domain.senior_until`, `domain.link`; the rule `senior_lst_lost`";
    "F7", "Sites cannot get the token, fall silent and lose their folders", "Q227028, Q255820, Q259816", Modelled, "follows from the number of controllers, `domain.link`, the rules `lsm_visit_time`, `site_inactive_after`, `site_dead_after`";
    "F8", "An outage of the PDC makes SP1 sites remove each other", "Q242492", Modelled, "`domain.outages`; the rule `pdc_outage_removes_folders`";
    "F9", "SP1 sites push onto SP2 clients", "Q252717, Q264630", Modelled, "`push_installation` of `client_settings`, and `site.hotfixes`";
    "F10", "A site leaves shared logon points that credit it", "Q263345, Q313209", Modelled, "`leaves` in `domain.sites`";
    "F11", "Copylog.tcf is damaged", "Q264976", Modelled, "`domain.copylog_damage`; the rule `mixed_hotfixes_damage_copylog`";
    "F12", "Restarts start cycles of Logon Server Manager everywhere", "Q249333, Q257202, Q240158", Modelled, "follows from hotfixes and setups before SP2; `site.locks_opened`";
    "F13", "SP2 starts no cycle at restart, so logon points stay old", "Q249333, Q270036", Modelled, "follows from the release; cured by `force_lsm`";
    "F14", "The PDC is not fit to be a logon point", "Q225542", Modelled, "`domain.pdc_unfit`";
    "F15", "Sites of different languages, or case of a domain's name, take turns in removing files", "Q275591, Q245101", NotModelled, "languages are not modelled";
    "F16", "The senior site cannot update controllers that are site servers", "Q303725", NotModelled, "depends on who holds a session at the moment; state an outage of the controller instead";
    "F17", "The morning wave at the Client Access Points", "Q231232, Q237543", Modelled, "follows from habits and bandwidths";
    "F18", "A Client Access Point cannot be reached", "Q208618, Q260824, Q236052", Modelled, "`outages`, `connections` and `removed` of `site.caps`, `site.outages`";
    "F19", "Inbox Manager cannot refresh a Client Access Point", "Q278856, Q275617, Q322967", Modelled, "`link` and `stale_locks` of `site.caps`; the rules `refresh_failure` and `stale_lock`";
    "F20", "A Windows 9x client is removed while it moves", "Q288218", Modelled, "`[[boundary_change]]`; the rule `site_move_race`";
    "F21", "The offer file is cut off on a full disk", "Q298935", Modelled, "`[[offers_cut_off]]`";
    "F22", "Checksums do not fit after half a hotfix", "Q246331, Q270912", Modelled, "`[[crc_mismatch]]`";
    "F23", "Machines that are rarely on the network", "Q237543, Q262677", Modelled, "`[[habits]]`";
    "F24", "An orphan of an upgraded site is kept out by the veto", "Q236052", Modelled, "follows from `account_changes` of `client_settings`";
    "F25", "Hardware inventory's verification stalls the client", "Q289552", NotModelled, "no figure how often; it takes a client out as `install_failure` does";
    "F26", "Verification before SP2 copies everything, everywhere on one day", "Q239564, Q246040", Modelled, "`[[verify]]`";
    "F27", "Verification aborts a running advertisement", "Q283130", NotModelled, "software distribution as such is not modelled";
    "F28", "Preferred Client Access Points: the other ways were cut too early", "Q235873", Modelled, "`clients.preferred_cap`";
    "F29", "A Windows 9x restart within 15 minutes", "Q237543, Q238864", Modelled, "`clients.restart_after`; the rule `early_restart_breaks`";
    "F30", "A Windows 9x user never restarts", "Q264969", Modelled, "`clients.restart_after` left out";
    "F31", "Removed, installed again and upgraded without a restart", "Q263370", Modelled, "follows from `clients.restart_after` where clients leave and join";
    "F32", "Windows 95 hangs in hardware inventory", "Q269411", NotModelled, "no figure how often; keeps a machine busy, not from its release";
    "F33", "A Windows 9x session with an old password locks the user's account", "Q293662", NotModelled, "users' passwords are not modelled";
    "F34", "A client connection account changes, and clients become orphans", "Q227033, Q237759", Modelled, "`account_changes` of `client_settings`; the rules `lockout_tries` and `lockout_time`";
    "F35", "Other accounts are locked", "Q257269, Q231399, Q232653", NotModelled, "account administration beyond F34";
    "F36", "Site reset without a cycle of Logon Server Manager", "Q256309", NotModelled, "account administration beyond F34; loses discovery records only";
    "F37", "Account cleanup removes live accounts of controllers", "Q276564", NotModelled, "account administration beyond F34";
    "F38", "Merged discovery records make a client change sites for ever", "Q313660", Modelled, "`push_installation` of `client_settings`; the rule `old_subnets_kept`";
    "F39", "Two network adapters join every site", "Q247543", Modelled, "`inactive_adapter` of `clients.network`";
    "F40", "Dial-up outside all boundaries", "Q235797", Modelled, "`dial_up_outside` of `clients.network`; the rule `dial_up_outside_boundaries`; `clients.travel_mode`";
    "F41", "Site-wide travel mode keeps new clients out", "Q263665, Q299772", Modelled, "`travel_mode` of `client_settings`";
    "F42", "A boundary with a wrong mask", "Q200344, Q281107", Modelled, "`site.boundaries`; `check` warns of clients that nobody covers";
    "F43", "A second site is joined by halves without administrators' rights", "Q215107", Modelled, "`clients.low_rights`";
    "F44", "Push does not join a second site", "Q298433", Modelled, "`push_installation` of `client_settings`";
    "F45", "SMS Client Deinstall is left set", "Q293117", Modelled, "`clients.deinstall_flag`";
    "F46", "Setup hangs on the metering server", "Q258547", Modelled, "`rollout.misfortune = \"hangs\"`; the rules `setup_hangs` and `setup_hang_time`";
    "F47", "Setup dies midway", "Q238093, Q268238, Q256615", Modelled, "`rollout.misfortune = \"fails-midway\"`; the rules `setup_failure`, `setup_fails_midway`, `midway_caps`, `setup_retry`";
    "F48", "The bootstrap at a secondary fails, and its parent waits", "Q201658, Q287717", Modelled, "`rollout.misfortune = \"bootstrap-fails\"`; the rules `bootstrap_failure` and `bootstrap_noticed_after`";
    "F49", "A transfer heeds no change of its limits", "Q317893", Modelled, "follows from `site.address`; the rule `sender_rereads_limits`; `check` warns";
    "F50", "Too few sender threads", "Q319166, Q320676", Modelled, "`site.sender_threads`; the rules `sender_threads` and `most_pushes`; `check` warns";
    "F51", "Floods of status messages and discovery records after the upgrade", "Q319864, Q247293", NotModelled, "how fast a site digests them changes no client's release";
    "F52", "The upgrade to SP2 is invisible to the console", "Q256125, Q257185", Modelled, "the `reported` columns of timeline.csv";
    "F53", "A site system found down is installed again", "Q278745, Q263398", Modelled, "outages of `site.caps`; the rule `reinstalled_after_outage`";
    "F54", "All heartbeats on Thursday", "Q227019", NotModelled, "RTM only, and small against everything else";
    "F55", "Thousands of sites wear the central one out", "Q275132", NotModelled, "SQL and processor capacity are not modelled";
}

items! {
    #[doc = "Parts of the product that are left out as a whole."]
    LEFT_OUT: [Item; 8];
    "", "NetWare logon points", "Q215057", NotModelled, "they serve one site only, so that the question of this program does not arise there";
    "", "Alpha and 16-bit clients", "Q231399", NotModelled, "other files by the same rules, and hardly an article on how their upgrade goes";
    "", "Software distribution as such", "Q302836", NotModelled, "its agent is upgraded and costs its restart; packages and advertisements move no client from one service pack to the next";
    "", "Languages", "Q269615, Q275591", NotModelled, "the language digit of a version is ignored";
    "", "Setup prerequisites", "Q238093, Q236325", NotModelled, "disk space, NTFS and SQL versions are taken as met; a failing setup is a probability";
    "", "Account administration", "Q257269, Q276564", NotModelled, "beyond a client connection account that changes, accounts are taken to work";
    "", "Standby and hibernation", "Q231232", NotModelled, "no article says what a cycle does about them; a machine that sleeps counts as switched off";
    "", "SQL capacity", "Q275132, Q319864", NotModelled, "how fast a site digests inventories and discovery records changes no client's release";
}
