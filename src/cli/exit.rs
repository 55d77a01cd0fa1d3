//! How the program ends, and what it says when it ends badly.

use super::words::{self, command};
use crate::report::FolderError;
use crate::scenario::Complaints;
use crate::study::{NoStudy, panic_message};
use std::any::Any;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A threshold was missed, with the results written all the same, or `check --strict` found risks.
    Missed = 1,
    /// The scenario or the command line is wrong.
    Wrong = 2,
    /// Something could not be read or written.
    Machine = 3,
    /// The program is wrong.
    Broken = 4,
    /// Interrupted; what was finished is kept.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a verb could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Scenarios are wrong, or cannot be read.
    #[error("the scenario is wrong")]
    Scenario(Vec<Complaints>),
    /// The command line asks for what makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be written.
    #[error("cannot write {0}: {1}")]
    File(PathBuf, io::Error),
    /// A file is not what it should be.
    #[error("{0}: {1}")]
    Read(PathBuf, String),
    /// Shards do not make up a run.
    #[error("these shards cannot be merged")]
    Shards(Vec<String>),
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unread(PathBuf, io::Error),
    /// Results cannot be put into their folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// There is no study to report.
    #[error(transparent)]
    Study(#[from] NoStudy),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// Says on standard error what is wrong, and how to end.
    pub(super) fn tell(&self, arguments: &[OsString]) -> Exit {
        match self {
            Failure::Scenario(complaints) => tell_complaints(complaints),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Failure::Usage(_) => {
                anstream::eprintln!("error: {self}");
                Exit::Wrong
            }
            Failure::Study(NoStudy::Interrupted) => {
                anstream::eprintln!("interrupted before there was anything to keep");
                Exit::Interrupted
            }
            Failure::Study(NoStudy::Broken(broken)) => {
                anstream::eprintln!("error: {broken}");
                let replay = ["--seed", "--replications"].into_iter();
                let values = [broken.seed.to_string(), broken.replication.to_string()];
                let mut again = without(arguments, &["--seed", "--replications"]);
                for (option, value) in replay.zip(values) {
                    again.push(option.into());
                    again.push(value.into());
                }
                tell_bug(&again);
                Exit::Broken
            }
            Failure::Shards(wrong) => {
                for wrong in wrong {
                    let told = words::paragraph(0, &format!("error: {wrong}"));
                    anstream::eprint!("{told}");
                }
                Exit::Machine
            }
            Failure::Read(..)
            | Failure::Unread(..)
            | Failure::File(..)
            | Failure::Folder(_)
            | Failure::Output(_)
            | Failure::Study(NoStudy::NotKept(_)) => {
                anstream::eprintln!("error: {self}");
                Exit::Machine
            }
        }
    }
}

fn tell_complaints(complaints: &[Complaints]) -> Exit {
    let choice = anstream::AutoStream::choice(&io::stderr());
    let color = choice != anstream::ColorChoice::Never;
    for complaints in complaints {
        anstream::eprintln!("{}", complaints.render(color).trim_end());
    }
    let unreadable = complaints.iter().all(Complaints::is_io);
    if unreadable {
        Exit::Machine
    } else {
        Exit::Wrong
    }
}

/// Says that the program is wrong.
pub(super) fn tell_panic(panic: &(dyn Any + Send), arguments: &[OsString]) -> Exit {
    anstream::eprintln!("error: the program broke off: {}", panic_message(panic));
    tell_bug(arguments);
    Exit::Broken
}

fn tell_bug(replay: &[OsString]) {
    anstream::eprintln!("This is a defect of the program. It can be replayed with");
    anstream::eprintln!("  {}", command(replay));
}

/// Arguments without these options and their values.
fn without(arguments: &[OsString], options: &[&str]) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if options.contains(&&*text) {
            arguments.next();
        } else if !options.iter().any(|it| text.starts_with(&format!("{it}="))) {
            kept.push(argument.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_leaves_out_what_it_sets_itself() {
        let words = [
            "smsim",
            "run",
            "--seed",
            "3",
            "a.toml",
            "--replications=9",
            "--quiet",
        ];
        let kept = without(&words.map(OsString::from), &["--seed", "--replications"]);
        assert_eq!(kept, ["smsim", "run", "a.toml", "--quiet"]);
    }
}
