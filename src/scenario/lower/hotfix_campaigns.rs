//! Hotfix campaigns: the same hotfixes for many sites.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{AppliedHotfix, SiteId};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::CampaignFile;
use crate::scenario::notation::HotfixFor;
use crate::scenario::placed::Placed;
use crate::scenario::source::Place;
use crate::sms::Release;
use std::collections::BTreeMap;

impl Lowering<'_> {
    /// Adds the hotfixes of all campaigns to their sites.
    pub(super) fn add_hotfix_campaigns(&mut self, campaigns: &[Placed<CampaignFile>]) {
        let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
        for campaign in campaigns {
            let file = &campaign.value;
            if let Some(name) = &file.name
                && let Some(first) = names.insert(&name.value, &name.place)
            {
                self.twice("hotfix campaigns", &name.value, &name.place, first);
            }
            let soak_s = file.soak.as_ref().map_or(0, |soak| soak.value.0);
            self.hotfix_soak_s = self.hotfix_soak_s.max(soak_s);
            if self.add_hotfix_campaign(file) == Some(0) {
                let title = "this hotfix campaign has nothing to do";
                let place = file.at.place.clone();
                let complaint = Complaint::new(title, place, "no site is left that needs it");
                let help = "sites before SP2 need Q249077 and Q252717 on SP1, Q251070 and Q252718 on RTM (Q261931)";
                self.complaints
                    .push(complaint.help(help).relying_on(ReliesOn::Sites));
            }
        }
    }

    /// Number of hotfixes that a campaign applies; none if something is wrong with it.
    fn add_hotfix_campaign(&mut self, file: &CampaignFile) -> Option<usize> {
        let mut sites: Vec<SiteId> = Vec::new();
        for selector in &file.site.0 {
            let selected = self.select(selector);
            if selected.is_empty() {
                return None; // complained of there
            }
            let fresh = selected.into_iter().map(|selected| selected.site);
            sites.extend(
                fresh
                    .filter(|site| !sites.contains(site))
                    .collect::<Vec<_>>(),
            );
        }
        let wanted = |article: &&HotfixFor| {
            let listed = file.hotfixes.as_ref();
            listed.is_none_or(|listed| {
                listed
                    .iter()
                    .any(|it| it.value.0.article == article.article)
            })
        };
        let stagger_s = file.stagger.as_ref().map_or(0, |stagger| stagger.value.0);
        let (mut applied, mut waited_s) = (0, 0_u32);
        for site in sites {
            let at = self.second(&file.at, self.sites[site.index()].zone)? + waited_s;
            let of = &self.sites[site.index()];
            let release = self.release_at(site, at);
            let has = |article: &HotfixFor| {
                let mut same = of.hotfixes.iter().filter(|it| it.hotfix == article.hotfix);
                same.any(|it| self.release_at(site, it.at) == release)
            };
            let missing: Vec<_> = HotfixFor::ALL
                .iter()
                .filter(wanted)
                .filter(|article| article.fits(release) && !has(article))
                .map(|article| article.hotfix)
                .collect();
            if missing.is_empty() {
                continue;
            }
            waited_s = waited_s.saturating_add(stagger_s);
            let doubt = self.doubts[site.index()];
            let fails = self.fails(doubt);
            for hotfix in missing {
                applied += 1;
                self.sites[site.index()].hotfixes.push(AppliedHotfix {
                    hotfix,
                    at,
                    fails,
                    doubt,
                });
            }
        }
        Some(applied)
    }

    /// What a site runs at `at` by the rollout's calendar.
    fn release_at(&self, site: SiteId, at: Second) -> Release {
        let lines = self.rollout.iter();
        let begun = lines.filter(|line| line.site == site && line.at < at);
        let content = begun.max_by_key(|line| line.at).map(|line| line.to);
        let content = content.unwrap_or(self.sites[site.index()].content);
        self.contents[content.index()].base.release()
    }
}
