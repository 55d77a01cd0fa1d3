//! What a client draws for its days and once for all, and where each draw lies.

/// What a client draws every day. Sixteen bits suffice for each, so two purposes share a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Absent, beginning a leave, off-site, or there.
    Attendance,
    /// Time of arrival.
    Arrival,
    /// Time of departure.
    Departure,
    /// Whether the machine stays on overnight.
    Night,
    /// Which logon point answers.
    LogonPoint,
    /// Which Client Access Point is read.
    Cap,
    /// Whether and when the user logs off and on again.
    Relogon,
    /// Whether the user stays logged on overnight.
    Stays,
}

/// Words a client draws per day.
pub const WORDS_PER_DAY: usize = 4;

/// The draws of one day.
#[derive(Clone, Copy, Debug, Default)]
pub struct DayDraws(pub(super) [u32; WORDS_PER_DAY]);

impl DayDraws {
    /// The draw for a purpose: sixteen random bits, then the middle of the span they stand for.
    #[inline]
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> u32 {
        let word = self.0[purpose as usize / 2];
        let bits = if (purpose as usize).is_multiple_of(2) {
            word >> 16
        } else {
            word & 0xffff
        };
        bits << 16 | 1 << 15
    }

    /// The same bits in another order, for the `turn`th draw of the same kind on that day.
    #[inline]
    #[must_use]
    pub fn again(&self, purpose: Purpose, turn: u32) -> u32 {
        let bits = (self.of(purpose) >> 16) as u16;
        u32::from(bits.rotate_left(5 * turn % 16)) << 16 | 1 << 15
    }
}

/// Words a client draws once, before the first day.
pub mod trait_word {
    /// Whether the machine is one of those left on overnight.
    pub const LEFT_ON: usize = 0;
    /// Phase of the first maintenance cycle.
    pub const CYCLE: usize = 1;
    /// Phase of the first heartbeat.
    pub const HEARTBEAT: usize = 2;
    /// When a ramp of logon scripts reaches the user.
    pub const SCRIPT: usize = 3;
    /// Whether the client is in travel mode.
    pub const TRAVEL: usize = 4;
    /// Size of the client's upgrade.
    pub const UPGRADE_SIZE: usize = 5;
    /// Words in all, with room for more purposes.
    pub const COUNT: usize = 8;
}
