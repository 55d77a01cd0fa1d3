//! Everything that is tested from outside, in one binary.
//!
//! - `architecture`: the source keeps its own rules
//! - `assignment`: boundaries that move, travel, push and accounts, row by row of table (d)
//! - `browser`: the page for reading, in a real browser
//! - `campaigns`: levers that administrators pull on their clients, and what goes wrong on the client's side
//! - `command_line`: verbs, exit codes and what they leave behind
//! - `comparison`: plans on the same draws, and what `compare` says of them
//! - `convergence`: runs whose outcome follows by arithmetic, and the articles' own stories
//! - `csv_contract`: what readers of the results may rely on
//! - `csv_readers`: an independent reader finds the documented types
//! - `decisions`: every decision as a table, and the rows that the articles tell
//! - `determinism`: the same bytes on any number of threads, and golden fingerprints
//! - `diagnostics`: bad scenarios and the exact text said about each
//! - `explain`: a client's story, and that it ends as the client did
//! - `independence`: nobody's life changes with who else is there
//! - `kb`: the library of articles, each held to what its file says
//! - `merging`: files that extend files, and arguments that set values
//! - `metamorphic`: what must hold between two runs
//! - `misfortunes`: what goes wrong with servers, and the levers against it, by their numbers
//! - `outside`: programs of other people, and what is said where they are missing
//! - `readme`: what README shows is what the program prints
//! - `reference`: a second, plain driver gives the same record
//! - `rings`: rollouts in rings, and the calendar that comes of them
//! - `replications`: finished ones are kept, reused, resumed, and refused if they are not what they seem
//! - `report`: the page for reading as a file
//! - `risks`: what is valid, and risky all the same
//! - `scenarios`: the shipped scenarios hold what they promise
//! - `searching`: searches and fits whose answers are known
//! - `scope`: levers, misfortunes and what is left out are all accounted for
//! - `servers`: site upgrades, senders, Inbox Manager and Logon Server Manager
//! - `sweeping`: knobs varied and ranked
//! - `shards`: studies split over machines, merged to what one machine gives
//! - `tables`: sites, domains and boundaries from CSV and XLSX
//! - `terminal`: what is seen on a real terminal, and where colours are not wanted
//! - `workbook`: `report.xlsx` holds the tables, and LibreOffice calculates it
//!
//! `written` turns scenarios that are written in a test into runs.

mod architecture;
mod assignment;
mod browser;
mod campaigns;
mod command_line;
mod comparison;
mod convergence;
mod csv_contract;
mod csv_readers;
mod decisions;
mod determinism;
mod diagnostics;
mod explain;
mod independence;
mod kb;
mod merging;
mod metamorphic;
mod misfortunes;
mod outside;
mod readme;
mod reference;
mod replications;
mod report;
mod rings;
mod risks;
mod scenarios;
mod scope;
mod searching;
mod servers;
mod shards;
mod sweeping;
mod tables;
mod terminal;
mod workbook;
mod written;
