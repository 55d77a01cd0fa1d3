//! What of other programs' files is not in a plan.

/// Columns of a file that are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRead {
    /// The file.
    pub file: String,
    /// What it calls them.
    pub columns: Vec<String>,
}

impl NotRead {
    /// Columns of a file, if there are any.
    #[must_use]
    pub fn of(file: String, columns: Vec<String>) -> Option<Self> {
        (!columns.is_empty()).then_some(NotRead { file, columns })
    }
}

/// A row of an inventory, or of a table of sites, domains or boundaries, that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file.
    pub file: String,
    /// Line of the file, or row of the sheet, from 1.
    pub line: u64,
    /// Name of the client, or of the site or domain, as far as there is one.
    pub client: String,
    /// Why, in words that are the same for all rows with this defect.
    pub reason: String,
    /// Why, with what was found.
    pub detail: String,
}
