//! The command line program: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    smsim::cli::main(std::env::args_os())
}
