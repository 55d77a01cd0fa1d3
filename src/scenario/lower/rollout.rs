//! The rollout: which site goes to which release, when, and whether that order can work.

use super::Lowering;
use crate::engine::Second;
use crate::plan::{ContentId, Mishap, SiteId, Source, Upgrade};
use crate::scenario::complaint::{Complaint, ReliesOn};
use crate::scenario::file::{MishapName, RolloutFile, ScenarioFile, SourceName};
use crate::scenario::placed::Placed;
use crate::scenario::shown;
use crate::scenario::source::Place;
use crate::scenario::suggest::{listed, nearest};

/// Words that select several sites.
const SELECTORS: [&str; 3] = ["all", "primaries", "secondaries"];

/// A site that a rollout line selects.
#[derive(Clone, Copy)]
pub(super) struct Selected {
    pub(super) site: SiteId,
    /// By its own code, not as one of many.
    pub(super) by_code: bool,
}

/// An upgrade with the place it comes from.
pub(super) struct Line {
    pub upgrade: Upgrade,
    pub place: Place,
}

impl Lowering<'_> {
    /// Adds all upgrades and checks their order.
    pub(super) fn add_rollout(&mut self, file: &ScenarioFile) {
        let mut lines = Vec::new();
        for line in &file.rollout {
            self.add_line(&line.value, &mut lines);
        }
        self.add_rings(file.rings.as_ref(), &file.ring, &mut lines);
        for (at, line) in lines.iter().enumerate() {
            self.check_own_order(line, &lines[..at]);
            self.check_parent(line, &lines);
        }
        self.rollout = lines.into_iter().map(|line| line.upgrade).collect();
    }

    fn add_line(&mut self, file: &RolloutFile, lines: &mut Vec<Line>) {
        let to = self.content(&file.to.value.0);
        let stagger_s = file.stagger.as_ref().map_or(0, |stagger| stagger.value.0);
        let mut waited_s = 0_u32;
        for (selected, place) in self.selected(file) {
            let site = &self.sites[selected.site.index()];
            let base = |content: ContentId| self.contents[content.index()].base;
            let there = base(site.content) >= base(to);
            let goes_anyway = lines.iter().any(|line: &Line| {
                line.upgrade.site == selected.site && base(line.upgrade.to) >= base(to)
            });
            if (there || goes_anyway) && !selected.by_code {
                // A selection such as `all` means those that still have to go.
                continue;
            }
            let zone = site.zone;
            let source = self.source(file, selected.site, selected.by_code);
            let Some(at) = self.second_in_run(&file.at, zone) else {
                return;
            };
            let at = at + waited_s;
            waited_s = waited_s.saturating_add(stagger_s);
            if at >= self.clock.end {
                self.too_late(file, selected.site);
                return;
            }
            let upgrade = Upgrade {
                site: selected.site,
                to,
                at,
                source,
                forced: file.force.unwrap_or(false),
                force_lsm: file.force_lsm.unwrap_or(false),
                precheck: file.precheck.unwrap_or(false),
                mishap: self.mishap(file, selected.site, source),
            };
            lines.push(Line { upgrade, place });
        }
    }

    fn too_late(&mut self, file: &RolloutFile, site: SiteId) {
        let code = self.sites[site.index()].code.clone();
        let place = file
            .stagger
            .as_ref()
            .map_or(file.at.place.clone(), |stagger| stagger.place.clone());
        let title = format!("with this stagger, site {code} starts after the run ends");
        let complaint = Complaint::new(title, place, "too much for so many sites");
        self.complaints.push(
            complaint
                .help("shorten `stagger`, or raise `days`")
                .relying_on(ReliesOn::Order),
        );
    }

    /// What certainly goes wrong; only what is pushed has a bootstrap at the far end.
    fn mishap(&mut self, file: &RolloutFile, site: SiteId, source: Source) -> Option<Mishap> {
        let stated = file.misfortune.as_ref()?;
        let mishap = match stated.value {
            MishapName::Fails => Mishap::Fails,
            MishapName::FailsMidway => Mishap::FailsMidway,
            MishapName::Hangs => Mishap::Hangs,
            MishapName::BootstrapFails => Mishap::BootstrapFails,
        };
        if mishap == Mishap::BootstrapFails && source == Source::Media {
            let code = &self.sites[site.index()].code;
            let title = format!("site {code} is not pushed, so no bootstrap can fail there");
            let complaint = Complaint::new(title, stated.place.clone(), "for pushed sites only");
            self.complaints.push(
                complaint
                    .help("choose `fails`, `fails-midway` or `hangs`, or push to a secondary site")
                    .relying_on(ReliesOn::Order),
            );
            return None;
        }
        Some(mishap)
    }

    /// Where the files come from: as stated, or by the kind of site.
    fn source(&mut self, file: &RolloutFile, site: SiteId, by_code: bool) -> Source {
        let site = &self.sites[site.index()];
        let usual = if site.secondary {
            Source::Push
        } else {
            Source::Media
        };
        match &file.source {
            None => usual,
            Some(stated) if stated.value == SourceName::Media => Source::Media,
            Some(stated) => {
                if !site.secondary && by_code {
                    let title = format!("primary site {} cannot be pushed to", site.code);
                    let complaint =
                        Complaint::new(title, stated.place.clone(), "for secondary sites only");
                    self.complaints.push(
                        complaint
                            .help("a primary site is upgraded on the spot: `source = \"media\"`")
                            .relying_on(ReliesOn::Order),
                    );
                }
                usual
            }
        }
    }

    /// The sites of a line in order, each once.
    fn selected(&mut self, file: &RolloutFile) -> Vec<(Selected, Place)> {
        let mut all: Vec<(Selected, Place)> = Vec::new();
        for selector in &file.site.0 {
            for selected in self.select(selector) {
                if !all.iter().any(|(known, _)| known.site == selected.site) {
                    all.push((selected, selector.place.clone()));
                }
            }
        }
        if all.is_empty() && file.site.0.is_empty() {
            let title = "this rollout line names no site";
            self.complaints
                .push(Complaint::new(title, file.at.place.clone(), "for whom?"));
        }
        all
    }

    /// The sites that one selector means.
    pub(super) fn select(&mut self, selector: &Placed<String>) -> Vec<Selected> {
        let text = selector.value.as_str();
        let ids = 0..self.sites.len() as u16;
        let many = |site| Selected {
            site,
            by_code: false,
        };
        let filtered = |keep: &dyn Fn(SiteId) -> bool| {
            ids.clone()
                .map(SiteId)
                .filter(|id| keep(*id))
                .map(many)
                .collect()
        };
        if let Some(site) = self.site_ids.get(text) {
            return vec![Selected {
                site: *site,
                by_code: true,
            }];
        }
        if let Some(codes) = self.groups.get(text) {
            return codes
                .iter()
                .filter_map(|code| self.site_ids.get(code).copied())
                .map(many)
                .collect();
        }
        match text {
            "all" => return filtered(&|_| true),
            "primaries" => return filtered(&|id| !self.sites[id.index()].secondary),
            "secondaries" => return filtered(&|id| self.sites[id.index()].secondary),
            _ => {}
        }
        let related = text.strip_prefix("children of ").map(|code| (code, false));
        let related = related.or_else(|| text.strip_prefix("below ").map(|code| (code, true)));
        if let Some((code, deep)) = related {
            let Some(parent) = self.site(code.trim(), &selector.place) else {
                return Vec::new();
            };
            return filtered(&|id| self.is_below(id, parent, deep));
        }
        self.unknown_selector(selector);
        Vec::new()
    }

    fn unknown_selector(&mut self, selector: &Placed<String>) {
        let known: Vec<&str> = self
            .site_ids
            .keys()
            .chain(self.groups.keys())
            .map(String::as_str)
            .chain(SELECTORS)
            .collect();
        let label = match nearest(&selector.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "not known".to_owned(),
        };
        let title = format!("`{}` selects no site", selector.value);
        let help = format!(
            "write a site code, `children of HQ1`, `below HQ1`, or one of {}",
            listed(known)
        );
        self.complaints.push(
            Complaint::new(title, selector.place.clone(), label)
                .help(help)
                .relying_on(ReliesOn::Order),
        );
    }

    /// Whether `site` is a child of `parent`, or anywhere below it.
    fn is_below(&self, site: SiteId, parent: SiteId, deep: bool) -> bool {
        let mut at = site;
        // As many steps as there are sites: a circle of parents, complained of elsewhere, must not hold this up.
        for _ in 0..self.sites.len() {
            match self.sites[at.index()].parent {
                Some(above) if above == parent => return true,
                Some(above) if deep => at = above,
                _ => return false,
            }
        }
        false
    }

    /// Complains of an upgrade that brings its site nothing new, or comes before an earlier line for the site.
    fn check_own_order(&mut self, line: &Line, before: &[Line]) {
        let base = |content: ContentId| self.contents[content.index()].base;
        let site = &self.sites[line.upgrade.site.index()];
        let to = &self.contents[line.upgrade.to.index()];
        let mut of_site = before
            .iter()
            .filter(|other| other.upgrade.site == line.upgrade.site);
        let complaint = match of_site.next_back() {
            None if base(site.content) >= to.base => {
                let runs = &self.contents[site.content.index()].name;
                let title = format!("site {} is at {runs} already", site.code);
                Complaint::new(
                    title,
                    line.place.clone(),
                    format!("going to {} changes nothing", to.name),
                )
                .help("a site is never downgraded; leave this site out")
            }
            Some(other)
                if base(other.upgrade.to) >= to.base || other.upgrade.at >= line.upgrade.at =>
            {
                let title = format!("site {} is upgraded twice, out of order", site.code);
                Complaint::new(title, line.place.clone(), format!("to {}, the second", to.name))
                    .also(other.place.clone(), format!("to {}, the first", self.contents[other.upgrade.to.index()].name))
                    .help("list the upgrades of a site from the earliest and oldest release to the latest and newest")
            }
            _ => return,
        };
        self.complaints.push(complaint.relying_on(ReliesOn::Order));
    }

    /// Complains of a child that is upgraded before its parent.
    fn check_parent(&mut self, line: &Line, lines: &[Line]) {
        let upgrade = &line.upgrade;
        let child = &self.sites[upgrade.site.index()];
        let Some(parent) = child.parent.filter(|_| !upgrade.forced) else {
            return;
        };
        let to = &self.contents[upgrade.to.index()];
        let reaches =
            |content: ContentId| self.contents[content.index()].base.release() >= to.base.release();
        if reaches(self.sites[parent.index()].content) {
            return;
        }
        let of_parent = lines
            .iter()
            .filter(|other| other.upgrade.site == parent && reaches(other.upgrade.to));
        let Some(first) = of_parent.min_by_key(|other| other.upgrade.at) else {
            let code = &self.sites[parent.index()].code;
            let title = format!(
                "site {} goes to {} without its parent {code}",
                child.code, to.name
            );
            let complaint = Complaint::new(
                title,
                line.place.clone(),
                format!("{code} never gets there"),
            );
            let help = format!(
                "upgrade {code} first (Q264630), or say `force = true` to see what happens"
            );
            self.complaints
                .push(complaint.help(help).relying_on(ReliesOn::Order));
            return;
        };
        if first.upgrade.at <= upgrade.at {
            return;
        }
        let code = &self.sites[parent.index()].code;
        let local =
            |second: Second| shown(self.zones[child.zone.index()].local(&self.clock, second));
        let title = format!(
            "site {} goes to {} before its parent {code}",
            child.code, to.name
        );
        let complaint = Complaint::new(title, line.place.clone(), format!("starts at {}", local(upgrade.at)))
            .also(first.place.clone(), format!("{code} starts at {}", local(first.upgrade.at)))
            .help(format!(
                "both in local time of {} ({}); upgrade the parent first (Q264630), or say `force = true` to see what \
                 happens",
                child.code,
                self.zones[child.zone.index()].name
            ));
        self.complaints.push(complaint.relying_on(ReliesOn::Order));
    }
}
