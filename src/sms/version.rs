//! Versions as the product prints them, and what it takes to be a significant difference.

use std::fmt;
use std::str::FromStr;

/// A component version, `2.00.1493.2009`: product 2.00, build 1493, and a last group whose first digit is the service
/// pack and whose other digits are language pack and hotfix (Q266130, Q213410).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    build: u16,
    level: u16,
}

/// What two versions must share to differ by a hotfix at most: product, build and service-pack digit, printed as
/// CCIM's log prints it, `2.00.1493.2` (Q264630).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    build: u16,
    service_pack: u16,
}

impl Version {
    /// The version `major.minor.build.level`.
    #[must_use]
    pub const fn new(major: u16, minor: u16, build: u16, level: u16) -> Self {
        Version {
            major,
            minor,
            build,
            level,
        }
    }

    /// The release this version belongs to.
    #[must_use]
    pub const fn release(self) -> Release {
        Release {
            major: self.major,
            minor: self.minor,
            build: self.build,
            service_pack: self.level / 1000,
        }
    }

    /// How this version stands to `other`.
    ///
    /// Older and newer compare the whole number, group by group (Q266130). The difference is significant when the
    /// releases differ (Q262677; the article illustrates it, the definition is an inference).
    #[must_use]
    pub fn compared_to(self, other: Version) -> Difference {
        let significant = self.release() != other.release();
        match (self.cmp(&other), significant) {
            (std::cmp::Ordering::Equal, _) => Difference::Same,
            (std::cmp::Ordering::Less, true) => Difference::SignificantlyOlder,
            (std::cmp::Ordering::Less, false) => Difference::OlderByHotfix,
            (std::cmp::Ordering::Greater, true) => Difference::SignificantlyNewer,
            (std::cmp::Ordering::Greater, false) => Difference::NewerByHotfix,
        }
    }
}

impl Release {
    /// The release with which the bootstrap stopped upgrading clients from logon points: SP2 (Q262677).
    pub const SP2: Release = Version::new(2, 0, 1493, 2000).release();
    /// Service Pack 1.
    pub const SP1: Release = Version::new(2, 0, 1380, 1000).release();
    /// Service Pack 3.
    pub const SP3: Release = Version::new(2, 0, 1493, 3000).release();
    /// Service Pack 4.
    pub const SP4: Release = Version::new(2, 0, 1493, 4000).release();

    /// Whether the rules of SP2 and later hold. A hotfix of SP1 that was stamped in the 2000 range (Q246527) does not
    /// make it SP2.
    #[must_use]
    pub fn is_sp2_or_later(self) -> bool {
        self >= Release::SP2
    }
}

/// How one version stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Difference {
    /// An earlier service pack.
    SignificantlyOlder,
    /// The same service pack, an earlier hotfix.
    OlderByHotfix,
    /// The same version.
    Same,
    /// The same service pack, a later hotfix.
    NewerByHotfix,
    /// A later service pack.
    SignificantlyNewer,
}

impl Difference {
    /// Every difference, from oldest to newest.
    pub const ALL: [Difference; 5] = [
        Difference::SignificantlyOlder,
        Difference::OlderByHotfix,
        Difference::Same,
        Difference::NewerByHotfix,
        Difference::SignificantlyNewer,
    ];

    /// Older by a hotfix or a service pack.
    #[must_use]
    pub fn is_older(self) -> bool {
        matches!(
            self,
            Difference::SignificantlyOlder | Difference::OlderByHotfix
        )
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version {
            major,
            minor,
            build,
            level,
        } = self;
        write!(f, "{major}.{minor:02}.{build:04}.{level:04}")
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Release {
            major,
            minor,
            build,
            service_pack,
        } = self;
        write!(f, "{major}.{minor:02}.{build:04}.{service_pack}")
    }
}

/// The text is not of the form `2.00.1493.2009`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version has four groups of digits, like 2.00.1493.2009")]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    /// # Errors
    /// [`NotAVersion`] unless the text is four groups of digits, the last of at most four.
    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let mut groups = text.split('.').map(|group| {
            let digits = !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| group.parse::<u16>().ok()).flatten()
        });
        let mut group = || groups.next().flatten().ok_or(NotAVersion);
        let version = Version::new(group()?, group()?, group()?, group()?);
        if groups.next().is_some() || version.level > 9_999 {
            return Err(NotAVersion);
        }
        Ok(version)
    }
}

/// What one release, with its hotfixes, puts on a server and on a client: the version of the base components and of
/// the agents.
///
/// SP2's component versions are not uniform (Q266130), which is why the two are kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Name in scenarios and results: a service pack, or the version itself.
    pub name: String,
    /// Version of the base components, Clicore among them.
    pub base: Version,
    /// Version of the newest optional agent.
    pub agents: Version,
}

/// The shipped releases: name, base version, version of the newest agent (Q266130).
pub const SHIPPED: [(&str, Version, Version); 5] = [
    (
        "RTM",
        Version::new(2, 0, 1239, 0),
        Version::new(2, 0, 1239, 0),
    ),
    (
        "SP1",
        Version::new(2, 0, 1380, 1000),
        Version::new(2, 0, 1380, 1000),
    ),
    (
        "SP2",
        Version::new(2, 0, 1493, 2009),
        Version::new(2, 0, 1493, 2011),
    ),
    (
        "SP3",
        Version::new(2, 0, 1493, 3004),
        Version::new(2, 0, 1493, 3008),
    ),
    (
        "SP4",
        Version::new(2, 0, 1493, 4009),
        Version::new(2, 0, 1493, 4012),
    ),
];

impl Content {
    /// The content of a shipped release, by its name.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, base, agents) = SHIPPED.iter().find(|(shipped, ..)| *shipped == name)?;
        Some(Content {
            name: (*name).to_owned(),
            base: *base,
            agents: *agents,
        })
    }

    /// The content in which every component has the same version.
    #[must_use]
    pub fn uniform(version: Version) -> Self {
        Content {
            name: version.to_string(),
            base: version,
            agents: version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    /// The illustration in Q262677.
    #[test]
    fn the_articles_own_versions_give_the_articles_outcomes() {
        let client = version("2.00.1380.0000");
        assert_eq!(
            client.compared_to(version("2.00.1999.2000")),
            Difference::SignificantlyOlder
        );
        let client = version("2.00.1999.2000");
        assert_eq!(
            client.compared_to(version("2.00.1999.2001")),
            Difference::OlderByHotfix
        );
    }

    /// Q266130, Q268803: the numbers that shipped.
    #[test]
    fn shipped_numbers_within_a_service_pack_differ_by_hotfix_only() {
        let sp2_image = version("2.00.1493.2000");
        let sp2_agent = version("2.00.1493.2011");
        assert_eq!(sp2_image.compared_to(sp2_agent), Difference::OlderByHotfix);
        assert_eq!(sp2_agent.compared_to(sp2_image), Difference::NewerByHotfix);
        for (older, newer) in [
            ("RTM", "SP1"),
            ("SP1", "SP2"),
            ("SP2", "SP3"),
            ("SP3", "SP4"),
        ] {
            let older = Content::shipped(older).unwrap().base;
            let newer = Content::shipped(newer).unwrap().base;
            assert_eq!(older.compared_to(newer), Difference::SignificantlyOlder);
            assert_eq!(newer.compared_to(older), Difference::SignificantlyNewer);
        }
    }

    /// Q262677's illustrative build counts as what it stands for, Q246527's misnumbered hotfix as what it is.
    #[test]
    fn sp2_begins_with_its_build() {
        assert!(version("2.00.1999.2000").release().is_sp2_or_later());
        assert!(version("2.00.1493.2000").release().is_sp2_or_later());
        assert!(!version("2.00.1380.2004").release().is_sp2_or_later());
    }

    /// Q264630: CCIM's log prints the release as "2.00.1493.2".
    #[test]
    fn a_release_prints_as_the_log_prints_it() {
        assert_eq!(
            version("2.00.1493.2009").release().to_string(),
            "2.00.1493.2"
        );
        assert_eq!(version("2.00.1380.1000").to_string(), "2.00.1380.1000");
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "",
            "2.00.1493",
            "2.00.1493.2009.1",
            "2.00.x.2009",
            "2..1493.2009",
            "2.00.1493.20090",
            "+2.0.1.1",
        ] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
    }
}
