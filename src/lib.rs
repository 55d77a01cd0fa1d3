//! A discrete-event simulator of a Systems Management Server 2.0 hierarchy on its way from one service pack to the next.
//!
//! README is for those who plan rollouts. This page is for those who read the source: what is modelled, how a run goes,
//! and which room does what.
//!
//! # The hierarchy
//!
//! ```text
//!  sites, by parent            what a site offers              what its clients see
//!
//!  HQ0  central                CAP  CAP  <-- cycles (CCIM) --  client  client  client
//!   |                           ^                                 |       |       |
//!   | address: bandwidth,       | Inbox Manager, hourly           |    at logon:  |
//!   | hours, sender threads     |                                 |    SMSLS,     |
//!   |                          site server                        |    Boot32wn   |
//!   +-- NYC  primary            |                                 v       v       v
//!   |    |                      | Logon Server Manager,   domain  PDC    BDC     BDC
//!   |    +-- B01  secondary     | daily, one site         CORP     each a logon point:
//!   |    +-- B02  secondary     v at a time                       Clicore, Copylog.tcf,
//!   |                          PDC, then the BDCs                 folders of its sites
//!   +-- LON  primary
//! ```
//!
//! Several sites may share the logon points of a domain. A client belongs to the sites whose boundaries hold its subnet,
//! and reads their Client Access Points (CAPs). From SP2 on a logon point does not bring it a service pack any more
//! (Q262677): Boot32wn declines, and only its own maintenance cycle, reading an upgraded CAP, moves it.
//!
//! # A run in three steps
//!
//! ```text
//!  scenario.toml --check--> Plan --servers--> ServerHistory --clients--> Tally --report--> CSV
//!                                    (1)                         (2)        (3)
//! ```
//!
//! 1. **Servers first.** No client changes what a server holds. So upgrades, senders, Inbox Manager and Logon Server
//!    Manager run on their own, from an ordinary event queue, and leave a [`run::ServerHistory`].
//! 2. **Clients run ahead.** With that history at hand, a client's days touch nobody else until it wants a transfer from
//!    a server of limited bandwidth or connections. It runs alone up to there; then the appointments of all clients that
//!    can meet are served in the order of time, and each client runs ahead again.
//! 3. **Tallies add up.** A [`run::Tally`] is sums of integers, so chunks of clients and replications can be simulated
//!    on any number of threads and the results have the same bytes.
//!
//! Every random draw has an address: seed, replication, client or server, day, purpose. Nobody draws "the next" number,
//! so adding a client or a thread changes nothing for anybody else.
//!
//! # The rooms
//!
//! ```text
//!   cli ----> study ----> run ----> sms ----> engine
//!    | \        ^          |         ^          ^
//!    |  \       |          v         |          |
//!    |   +--> report      plan ------+----------+
//!    |                     ^
//!    +-----> scenario -----+
//! ```
//!
//! | room | knows | does not know |
//! |---|---|---|
//! | [`engine`] | time, order, draws, equal shares, histories | SMS, files |
//! | [`sms`] | the product's rules, reasons and defaults, each by article | clocks, queues, clients |
//! | [`plan`] | a validated rollout as plain data; its risks | TOML |
//! | [`scenario`] | TOML and inventories, every complaint at its place | what a run does |
//! | [`run`] | servers, a client's life, the fleet, tallies | files, replications |
//! | [`study`] | replications and what they have in common | files |
//! | [`report`] | tables, CSV, the page for reading, manifest, the results folder | how clients are simulated |
//! | [`cli`] | one file per verb; the only room that prints | rules |
//!
//! An arrow also allows whatever lies further along it. A test reads the source and keeps the arrows.
//!
//! # Q262677 in one example
//!
//! Sites AAA and BBB share a domain; only BBB goes to SP2. All clients log on to the same logon points every working
//! day. BBB's converge, by their own cycles; AAA's stay, and say why.
//!
//! ```
//! use smsim::run::{ClientState, Silent, simulate};
//! use smsim::scenario::parse;
//! use smsim::sms::Reason;
//! use std::{collections::BTreeMap, path::Path};
//!
//! let text = r#"
//!     [scenario]
//!     name = "One of two"
//!     start = 2000-06-19 00:00:00
//!     days = 21
//!
//!     [[site]]
//!     code = "AAA"
//!     hotfixes = ["Q249077"]
//!     boundaries = ["10.1.0.0"]
//!     caps = [{ bandwidth = "10 Mbit/s" }]
//!
//!     [[site]]
//!     code = "BBB"
//!     boundaries = ["10.2.0.0"]
//!     caps = [{ bandwidth = "10 Mbit/s" }]
//!
//!     [[domain]]
//!     name = "SHARED"
//!     sites = ["AAA", "BBB"]
//!
//!     [[clients]]
//!     name = "a"
//!     count = 40
//!     boundary = "10.1.0.0"
//!
//!     [[clients]]
//!     name = "b"
//!     count = 60
//!     boundary = "10.2.0.0"
//!
//!     [[rollout]]
//!     site = "BBB"
//!     to = "SP2"
//!     at = 2000-06-23 18:00:00
//! "#;
//! let texts = BTreeMap::from([("one-of-two.toml".into(), text.to_owned())]);
//! let plan = parse(&texts, Path::new("one-of-two.toml"), &[], None, None)?.plan;
//! let tally = simulate(&plan, 0, 1, &Silent).tally;
//!
//! let converged = tally.clients.iter().filter(|it| it.state == ClientState::Converged);
//! assert_eq!(converged.count(), 60);
//! let behind = tally.clients.iter().filter(|it| it.standing == Some(Reason::SiteStaysBehind));
//! assert_eq!(behind.count(), 40);
//! # Ok::<(), smsim::scenario::Complaints>(())
//! ```

pub mod cli;
pub mod engine;
pub mod plan;
pub mod report;
pub mod run;
pub mod scenario;
pub mod sms;
pub mod study;
