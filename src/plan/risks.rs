//! What a valid plan risks: known ways for such a rollout to go wrong, each with its article.

use super::Plan;

/// Something that is allowed but likely to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Article, or articles, that describe it.
    pub article: &'static str,
    /// What is risky, with the names it concerns.
    pub text: String,
    /// What to do about it.
    pub help: String,
}

/// Everything that is risky about a plan.
#[must_use]
pub fn risks(_plan: &Plan) -> Vec<Risk> {
    Vec::new()
}
