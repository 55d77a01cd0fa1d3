//! Discovery as the site server sees it: which sites hear of a machine, and where Discovery Data Manager believes it is.

use super::reasons::Reason;

/// Sites that receive a copy of one logon's discovery record: each on the logon point that has logon discovery on,
/// whether the machine is theirs or not; D20, F51, Q232573.
pub fn copies_of_a_logon_record(discovery: impl IntoIterator<Item = bool>) -> usize {
    discovery.into_iter().filter(|on| *on).count()
}

/// Whether the site of a record takes a machine for one within its boundaries: D14, D16, D18, F38.
///
/// It looks at the record's subnets only, at neither travel mode nor forced sites (Q281107). A record that a child
/// passed up holds the subnets from before a move beside the present one (`appends`, Q313660).
#[must_use]
pub fn believed_inside(inside: bool, was_inside: bool, passed_up: bool, appends: bool) -> bool {
    inside || (was_inside && passed_up && appends)
}

/// What Discovery Data Manager does about a record of a client that it finds in no site's boundaries: D16, D18, D23,
/// Q281107. In the night after, it deletes the client's inventory.
#[must_use]
pub fn assigns(believed_inside_any: bool) -> Option<Reason> {
    (!believed_inside_any).then_some(Reason::DdmUnassigns)
}
