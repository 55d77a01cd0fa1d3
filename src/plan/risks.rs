//! TEMPORARY stand-in: what is risky in a plan though valid.

/// A risk.
#[derive(Clone, Debug)]
pub struct Risk {
    /// Article.
    pub article: &'static str,
    /// What may happen.
    pub text: String,
    /// What to do about it.
    pub help: String,
}
