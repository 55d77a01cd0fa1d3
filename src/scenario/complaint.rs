//! What is wrong with a scenario: every complaint with its place, shown with the lines it is about.

use super::source::{Place, SourceMap};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;

/// What must be whole before a complaint can be trusted: a mistake there may be all there is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReliesOn {
    /// Nothing else.
    Nothing,
    /// When the run begins and ends.
    Run,
    /// That there are sites at all.
    AnySite,
    /// Which sites there are.
    Sites,
    /// Which domains there are.
    Domains,
    /// Which sites and which domains there are.
    SitesAndDomains,
    /// Which habits there are.
    Habits,
    /// Which clients there are.
    Clients,
    /// Which site goes to which release when.
    Order,
}

impl ReliesOn {
    /// Whether it is about a name that stands in the text: who is called so, and nothing else beside it.
    pub fn is_name(self) -> bool {
        matches!(self, ReliesOn::Sites | ReliesOn::Domains | ReliesOn::Habits)
    }

    /// The tables of a scenario that say so.
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            ReliesOn::Nothing => &[],
            ReliesOn::Run => &["scenario"],
            ReliesOn::AnySite | ReliesOn::Sites => &["site", "template"],
            ReliesOn::Domains => &["domain", "template"],
            ReliesOn::SitesAndDomains => &["site", "template", "domain"],
            ReliesOn::Habits => &["habits"],
            ReliesOn::Clients => &["clients", "template"],
            ReliesOn::Order => &["scenario", "site", "template", "rollout", "rings", "ring"],
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, in one line.
    pub title: String,
    /// Where, and what is wrong there; none if it is about no place in particular.
    pub at: Option<(Place, String)>,
    /// Other places it takes to understand it.
    pub also: Vec<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
    /// What must be whole for it to stand on its own.
    pub relies_on: ReliesOn,
    /// Whether a file could not be read: then the machine is at fault, not the scenario.
    pub io: bool,
}

impl Complaint {
    /// A complaint about one place.
    pub fn new(title: impl Into<String>, place: Place, label: impl Into<String>) -> Self {
        Complaint {
            title: title.into(),
            at: Some((place, label.into())),
            also: Vec::new(),
            help: None,
            relies_on: ReliesOn::Nothing,
            io: false,
        }
    }

    /// Which may follow from mistakes elsewhere.
    pub fn relying_on(mut self, relies_on: ReliesOn) -> Self {
        self.relies_on = relies_on;
        self
    }

    /// A file that could not be read, with the place that names it.
    pub fn unreadable(path: &str, cause: &std::io::Error, named_at: Option<Place>) -> Self {
        Complaint {
            title: format!("cannot read `{path}`: {cause}"),
            at: named_at.map(|place| (place, "named here".to_owned())),
            also: Vec::new(),
            help: None,
            relies_on: ReliesOn::Nothing,
            io: true,
        }
    }

    /// With another place.
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.also.push((place, label.into()));
        self
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says in the title how often the same is wrong again.
    fn count(&mut self, again: usize) {
        if again > 0 {
            self.title
                .push_str(&format!(", and {again} more like this"));
        }
    }

    fn begins(&self) -> usize {
        self.at.as_ref().map_or(0, |(place, _)| place.start)
    }
}

/// Everything that is wrong with a scenario, in the order of its text.
#[derive(Clone, Debug)]
pub struct Complaints {
    list: Vec<Complaint>,
    sources: SourceMap,
}

impl Complaints {
    /// Sorts complaints by place; what is said again and again at one place, as of every site of a template, is said
    /// once and counted.
    pub(super) fn new(mut all: Vec<Complaint>, sources: SourceMap) -> Self {
        all.sort_by_key(Complaint::begins);
        let mut list: Vec<Complaint> = Vec::new();
        let mut again = 0;
        for complaint in all {
            match list.last_mut() {
                Some(last) if last.at.is_some() && last.at == complaint.at => {
                    again += usize::from(last.title != complaint.title);
                }
                last => {
                    if let Some(last) = last {
                        last.count(again);
                    }
                    again = 0;
                    list.push(complaint);
                }
            }
        }
        if let Some(last) = list.last_mut() {
            last.count(again);
        }
        Complaints { list, sources }
    }

    /// Number of complaints.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Titles, in order.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|complaint| complaint.title.as_str())
    }

    /// Whether files could not be read and nothing else is known to be wrong.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.list.iter().all(|complaint| complaint.io)
    }

    /// Every complaint with the lines it is about, with colours for a terminal.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut text = String::new();
        for complaint in &self.list {
            text.push_str(&renderer.render(&[self.group(complaint)]));
            text.push_str("\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// One complaint as the renderer takes it.
    fn group<'a>(&'a self, complaint: &'a Complaint) -> Group<'a> {
        let title = Level::ERROR.primary_title(complaint.title.as_str());
        let mut group = Group::with_title(title);
        let primary = complaint.at.iter().map(|at| (AnnotationKind::Primary, at));
        let others = complaint
            .also
            .iter()
            .map(|at| (AnnotationKind::Context, at));
        let mut snippets: Vec<(usize, Snippet<'a, _>)> = Vec::new();
        for (kind, (place, label)) in primary.chain(others) {
            let Some((source, range)) = self.sources.locate(place) else {
                continue;
            };
            let annotation = kind.span(range).label(label.as_str());
            match snippets
                .iter()
                .position(|(begins, _)| *begins == source.begins)
            {
                Some(known) => {
                    let (begins, snippet) = snippets.remove(known);
                    snippets.insert(known, (begins, snippet.annotation(annotation)));
                }
                None => {
                    let snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
                    snippets.push((source.begins, snippet.annotation(annotation)));
                }
            }
        }
        for (_, snippet) in snippets {
            group = group.element(snippet);
        }
        match &complaint.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }
}

impl fmt::Display for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Complaints {}
