//! Ctrl-C: the first ends the study at the next replication, the second ends the program, but never while results are
//! being put into their folder.

use super::exit::Exit;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

static ASKED: AtomicU8 = AtomicU8::new(0);
static WRITING: AtomicBool = AtomicBool::new(false);

/// Listens for Ctrl-C from now on. Without a listener the program simply ends, which loses no more than time.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(begin);
}

fn begin() {
    let listening = ctrlc::set_handler(|| {
        let before = ASKED.fetch_add(1, Ordering::SeqCst);
        if before == 0 {
            anstream::eprintln!(
                "\nfinishing the replications under way; press Ctrl-C again to drop them"
            );
        } else if !WRITING.load(Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted as i32);
        }
    });
    if let Err(error) = listening {
        anstream::eprintln!("warning: Ctrl-C will drop finished replications: {error}");
    }
}

/// Whether somebody asked for an end.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst) > 0
}

/// Does `work` without being cut off by Ctrl-C.
pub(super) fn uncut<T>(work: impl FnOnce() -> T) -> T {
    WRITING.store(true, Ordering::SeqCst);
    let done = work();
    WRITING.store(false, Ordering::SeqCst);
    done
}
