//! Values that a scenario writes as text, each with its own notation.
//!
//! A notation is defined once: how it is read, what it is called in the schema, and an example. The schema, the check
//! of the file and the typed structs all take it from here, which is why reading a checked file cannot fail.

use super::quantity::{self, Misread, Over};
use super::suggest::did_you_mean;
use crate::engine::Distribution;
use crate::plan::Hotfix;
use crate::sms::{Content, Release, Version};
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::net::Ipv4Addr;

/// A value with a notation of its own.
pub trait Notation: Sized {
    /// Name in the schema's `format`.
    const FORMAT: &'static str;
    /// How it is written.
    const EXAMPLES: &'static [&'static str];

    /// The value that `text` means.
    fn read(text: &str) -> Result<Self, Misread>;
}

/// Checks one text against a notation.
pub type Check = fn(&str) -> Result<(), Misread>;

/// Writes newtypes with a notation, and the list of all notations by their format.
macro_rules! notations {
    ($( $(#[doc = $doc:literal])+ $name:ident($inner:ty), $format:literal, $examples:expr, $read:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug)]
            pub struct $name(pub $inner);

            impl Notation for $name {
                const FORMAT: &'static str = $format;
                const EXAMPLES: &'static [&'static str] = &$examples;

                fn read(text: &str) -> Result<Self, Misread> {
                    let read: fn(&str) -> Result<$inner, Misread> = $read;
                    read(text).map($name)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    $name::read(&text).map_err(|misread| D::Error::custom(misread.title))
                }
            }

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    text_schema::<$name>()
                }
            }
        )+

        /// The check that belongs to a schema's `format`.
        pub fn check_of(format: &str) -> Option<Check> {
            match format {
                $( $format => Some(|text| $name::read(text).map(drop)), )+
                _ => None,
            }
        }
    };
}

/// The schema of a text with a notation.
pub fn text_schema<N: Notation>() -> Schema {
    json_schema!({ "type": "string", "format": N::FORMAT, "examples": N::EXAMPLES })
}

notations! {
    /// A span of time [s].
    Span(u32), "smsim-span", ["23h", "1h 30min"], quantity::span;
    /// A size [bytes].
    Size(u64), "smsim-size", ["24 MB", "640 KB"], quantity::size;
    /// A rate [bit/s].
    Rate(u64), "smsim-rate", ["10 Mbit/s", "56k"], quantity::rate;
    /// A rate above 0 [bit/s].
    Bandwidth(u64), "smsim-bandwidth", ["10 Mbit/s", "56k"], bandwidth;
    /// A time of day [s after midnight].
    Clock(u32), "smsim-clock", ["8:00", "17:30"], quantity::clock;
    /// A span of time drawn anew each time [s].
    Spans(Distribution), "smsim-spans", ["30 min", "uniform(1h, 3h)"], |text| quantity::distribution(text, Over::Spans);
    /// A size drawn anew each time [bytes].
    Sizes(Distribution), "smsim-sizes", ["16 MB", "uniform(8 MB, 24 MB)"], |text| quantity::distribution(text, Over::Sizes);
    /// A time of day drawn anew each time [s after midnight].
    Clocks(Distribution), "smsim-clocks", ["8:00", "normal(8:00, 30 min)"], |text| quantity::distribution(text, Over::Clocks);
    /// A site code: three capital letters or digits.
    SiteCode(String), "smsim-site-code", ["HQ1"], site_code;
    /// The ID of an IP subnet.
    Subnet(Ipv4Addr), "smsim-subnet", ["10.1.0.0", "10.1.0.0/24"], subnet;
    /// A run of networks of equal size: the first of them.
    Network(ipnet::Ipv4Net), "smsim-network", ["10.1.0.0/24"], network;
    /// An IANA time zone.
    Zone(ZoneRules), "smsim-zone", ["Europe/Berlin", "America/New_York"], zone;
    /// A release: a service pack or a version.
    ReleaseName(Content), "smsim-release", ["SP2", "2.00.1493.2000"], release;
    /// What is installed on a client: a release, or `none`.
    Installed(Option<Content>), "smsim-installed", ["SP1", "none"], installed;
    /// A pre-SP2 hotfix by its article.
    HotfixArticle(HotfixFor), "smsim-hotfix", ["Q249077"], hotfix;
}

/// A time zone with its name.
#[derive(Clone, Debug)]
pub struct ZoneRules {
    /// IANA name.
    pub name: String,
    /// Its rules, from the database bundled with the program.
    pub rules: TimeZone,
}

/// A hotfix and the release it is made for.
#[derive(Clone, Debug)]
pub struct HotfixFor {
    /// Article that names it.
    pub article: &'static str,
    /// What it repairs.
    pub hotfix: Hotfix,
    /// Name of the service pack it belongs on.
    pub release: &'static str,
}

impl HotfixFor {
    /// Every hotfix a scenario can name (Q261931).
    pub const ALL: [HotfixFor; 4] = [
        HotfixFor {
            article: "Q251070",
            hotfix: Hotfix::Copylog,
            release: "RTM",
        },
        HotfixFor {
            article: "Q252718",
            hotfix: Hotfix::Push,
            release: "RTM",
        },
        HotfixFor {
            article: "Q249077",
            hotfix: Hotfix::Copylog,
            release: "SP1",
        },
        HotfixFor {
            article: "Q252717",
            hotfix: Hotfix::Push,
            release: "SP1",
        },
    ];

    /// Whether it installs on a site of `release`: same product and build as the service pack it is made for.
    pub fn fits(&self, release: Release) -> bool {
        let build = |release: Release| {
            release
                .to_string()
                .rsplit_once('.')
                .map(|(build, _)| build.to_owned())
        };
        Content::shipped(self.release)
            .is_some_and(|made_for| build(made_for.base.release()) == build(release))
    }
}

fn bandwidth(text: &str) -> Result<u64, Misread> {
    match quantity::rate(text)? {
        0 => Err(Misread {
            title: "a bandwidth of 0 carries nothing".to_owned(),
            label: "must be above 0".to_owned(),
            help: "leave the key out for a server that never slows anybody; use `outages` for one that is down"
                .to_owned(),
        }),
        bits => Ok(bits),
    }
}

fn site_code(text: &str) -> Result<String, Misread> {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if text.chars().count() == 3 && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    let upper = text.to_ascii_uppercase();
    let label = match text.chars().count() {
        3 if upper.chars().all(fits) => format!("in capitals it would be one: `{upper}`"),
        3 => "only capital letters and digits".to_owned(),
        count => format!("{count} characters instead of 3"),
    };
    Err(Misread {
        title: format!("`{text}` is not a site code"),
        label,
        help: "a site code has exactly three capital letters or digits, like `HQ1`".to_owned(),
    })
}

/// A subnet ID, with or without its mask.
///
/// Without a mask, what no mask up to /30 can give is refused: such entries match no client (Q200344).
fn subnet(text: &str) -> Result<Ipv4Addr, Misread> {
    let wrong = |label: String, help: String| Misread {
        title: format!("`{text}` is not a subnet ID"),
        label,
        help,
    };
    if text.contains('/') {
        return network(text).map(|net| net.network());
    }
    let address: Ipv4Addr = text.parse().map_err(|_| {
        wrong(
            "not four numbers from 0 to 255".to_owned(),
            "write it as `10.1.0.0` or `10.1.0.0/24`".to_owned(),
        )
    })?;
    let [a, b, c, last] = address.octets();
    if last % 4 != 0 {
        let likely = Ipv4Addr::new(a, b, c, last & !3);
        return Err(wrong(
            format!("no mask up to /30 makes an ID that ends in {last}"),
            format!(
                "a boundary is the subnet's ID, not an address in it: `{likely}` perhaps, or with its mask, `{a}.{b}.{c}.0/24`"
            ),
        ));
    }
    Ok(address)
}

fn network(text: &str) -> Result<ipnet::Ipv4Net, Misread> {
    let net: ipnet::Ipv4Net = text.parse().map_err(|_| Misread {
        title: format!("`{text}` is not a network"),
        label: "not an address and a mask length".to_owned(),
        help: "write it as `10.1.0.0/24`".to_owned(),
    })?;
    if net.addr() == net.network() {
        return Ok(net);
    }
    Err(Misread {
        title: format!("`{text}` is not a subnet ID"),
        label: format!("with /{} the ID is {}", net.prefix_len(), net.network()),
        help: format!("write `{}/{}`", net.network(), net.prefix_len()),
    })
}

fn zone(text: &str) -> Result<ZoneRules, Misread> {
    if let Ok(rules) = TimeZone::get(text) {
        return Ok(ZoneRules {
            name: text.to_owned(),
            rules,
        });
    }
    let names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .collect();
    Err(Misread {
        title: format!("there is no time zone `{text}`"),
        label: did_you_mean(text, names.iter().map(String::as_str)),
        help: "use an IANA name such as `Europe/Berlin` or `America/New_York`".to_owned(),
    })
}

fn release(text: &str) -> Result<Content, Misread> {
    if let Some(content) = Content::shipped(&text.to_ascii_uppercase()) {
        return Ok(content);
    }
    let names = crate::sms::version::SHIPPED.map(|(name, ..)| name);
    text.parse::<Version>()
        .map(Content::uniform)
        .map_err(|_| Misread {
            title: format!("`{text}` is not a release"),
            label: did_you_mean(text, names),
            help: format!(
                "use one of {} or a version like `2.00.1493.2000`",
                names.join(", ")
            ),
        })
}

fn installed(text: &str) -> Result<Option<Content>, Misread> {
    match text {
        "none" => Ok(None),
        _ => release(text).map(Some).map_err(|misread| Misread {
            help: format!(
                "{}; `none` for machines without the SMS client",
                misread.help
            ),
            ..misread
        }),
    }
}

fn hotfix(text: &str) -> Result<HotfixFor, Misread> {
    let found = HotfixFor::ALL
        .into_iter()
        .find(|hotfix| hotfix.article == text);
    found.ok_or_else(|| Misread {
        title: format!("`{text}` is no hotfix that matters here"),
        label: did_you_mean(text, HotfixFor::ALL.iter().map(|hotfix| hotfix.article)),
        help: "the model knows Q251070 and Q252718 for RTM, Q249077 and Q252717 for SP1 (Q261931)"
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subnet_is_written_by_its_id() {
        let id = |text| {
            Subnet::read(text)
                .map(|subnet| subnet.0.to_string())
                .map_err(|m| m.label)
        };
        assert_eq!(id("10.1.0.0"), Ok("10.1.0.0".to_owned()));
        assert_eq!(id("10.1.0.128/25"), Ok("10.1.0.128".to_owned()));
        assert_eq!(
            id("10.1.0.129"),
            Err("no mask up to /30 makes an ID that ends in 129".to_owned())
        );
        assert_eq!(
            id("10.1.0.129/25"),
            Err("with /25 the ID is 10.1.0.128".to_owned())
        );
        assert!(id("10.1.0").is_err() && id("10.1.0.256").is_err() && id("10.1.0.0/40").is_err());
    }

    #[test]
    fn names_that_are_nearly_right_are_recognised() {
        assert_eq!(
            Zone::read("Europe/Berln").unwrap_err().label,
            "did you mean `Europe/Berlin`?"
        );
        assert_eq!(
            ReleaseName::read("SP22").unwrap_err().label,
            "did you mean `SP2`?"
        );
        assert_eq!(
            SiteCode::read("hq1").unwrap_err().label,
            "in capitals it would be one: `HQ1`"
        );
        assert_eq!(
            SiteCode::read("HQ10").unwrap_err().label,
            "4 characters instead of 3"
        );
    }

    #[test]
    fn a_hotfix_fits_the_build_it_is_made_for() {
        let copylog = HotfixArticle::read("Q249077").unwrap().0;
        assert!(copylog.fits(Release::SP1));
        assert!(copylog.fits(Version::new(2, 0, 1380, 0).release()));
        assert!(!copylog.fits(Release::SP2));
    }
}
