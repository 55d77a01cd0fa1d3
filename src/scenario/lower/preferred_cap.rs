//! Client Access Points that clients are told to prefer.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{CapId, PreferredCap, SiteId, ZoneId};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::ClientsFile;
use crate::scenario::suggest::{did_you_mean, listed};

impl Lowering<'_> {
    /// The Client Access Point that a group prefers: one of a site that covers it.
    pub(super) fn preferred_cap(
        &mut self,
        group: &ClientsFile,
        covering: &[SiteId],
        zone: ZoneId,
    ) -> Option<PreferredCap> {
        let file = group.preferred_cap.as_ref()?;
        let from = match &file.from {
            Some(from) => self.second(from, zone)?,
            None => Second::ZERO,
        };
        let only_from = match &file.only_from {
            Some(only_from) => self.second(only_from, zone)?,
            None => Second::NEVER,
        };
        let caps = covering
            .iter()
            .flat_map(|site| &self.sites[site.index()].caps);
        let caps: Vec<CapId> = caps.copied().collect();
        let name = |cap: &CapId| self.caps[cap.index()].name.as_str();
        if let Some(cap) = caps.iter().find(|cap| name(cap) == file.name.value) {
            return Some(PreferredCap {
                cap: *cap,
                from,
                only_from,
            });
        }
        let names = || caps.iter().map(name);
        let wanted = &file.name.value;
        let title = format!(
            "the sites of `{}` have no Client Access Point `{wanted}`",
            group.name.value
        );
        let label = did_you_mean(wanted, names());
        let complaint = Complaint::new(title, file.name.place.clone(), label);
        let help = match caps.len() {
            0 => "no site covers these clients".to_owned(),
            _ => format!("there are {}", listed(names())),
        };
        self.complaints
            .push(complaint.help(help).relying_on(ReliesOn::Sites));
        None
    }
}
