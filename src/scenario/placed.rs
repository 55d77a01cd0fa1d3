//! Building blocks of the typed file: values that know their place, and keys that take a short form or a long one.

use super::source::Place;
use jiff::civil::{Date, DateTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use toml::Spanned;
use toml::value::Datetime;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Placed<T> {
    /// A value at a place.
    pub fn new(value: T, place: Place) -> Self {
        Placed { value, place }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        let place = spanned.span();
        Ok(Placed {
            value: spanned.into_inner(),
            place,
        })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A local date and time, written without quotes; a date alone means midnight.
#[derive(Clone, Copy, Debug)]
pub struct LocalTime(pub DateTime);

/// A local date, written without quotes.
#[derive(Clone, Copy, Debug)]
pub struct LocalDate(pub Date);

/// The local time a TOML date means; none if it has an offset, has no date, or is in no calendar.
pub fn local_time(moment: &Datetime) -> Option<DateTime> {
    let date = local_date_part(moment)?;
    let Some(time) = moment.time else {
        return Some(date.at(0, 0, 0, 0));
    };
    let part = |part: u8| i8::try_from(part).ok();
    let second = part(time.second.unwrap_or(0))?;
    let time = jiff::civil::Time::new(part(time.hour)?, part(time.minute)?, second, 0).ok()?;
    moment.offset.is_none().then_some(date.to_datetime(time))
}

/// The local date a TOML date without a time means.
pub fn local_date(moment: &Datetime) -> Option<Date> {
    moment
        .time
        .is_none()
        .then(|| local_date_part(moment))
        .flatten()
}

fn local_date_part(moment: &Datetime) -> Option<Date> {
    let date = moment.date?;
    let year = i16::try_from(date.year).ok()?;
    Date::new(
        year,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
    .ok()
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let moment = Datetime::deserialize(deserializer)?;
        local_time(&moment)
            .map(LocalTime)
            .ok_or_else(|| D::Error::custom("not a local time"))
    }
}

impl<'de> Deserialize<'de> for LocalDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let moment = Datetime::deserialize(deserializer)?;
        local_date(&moment)
            .map(LocalDate)
            .ok_or_else(|| D::Error::custom("not a local date"))
    }
}

/// Schema `format` of a local date and time.
pub const LOCAL_TIME: &str = "smsim-local-time";
/// Schema `format` of a local date.
pub const LOCAL_DATE: &str = "smsim-local-date";

/// Writes the schema of a type that is not derived.
macro_rules! schema_by_hand {
    ($( $name:ident $(<$($generic:ident),+>)? = |$generator:ident| $schema:expr; )+) => { $(
        impl $(<$($generic: JsonSchema),+>)? JsonSchema for $name $(<$($generic),+>)? {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )+ };
}

schema_by_hand! {
    LocalTime = |_generator| json_schema!({ "type": "string", "format": LOCAL_TIME });
    LocalDate = |_generator| json_schema!({ "type": "string", "format": LOCAL_DATE });
    OneOrMany<T> = |generator| {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [item.clone(), { "type": "array", "items": item }] })
    };
    Brief<S, F> = |generator| {
        let brief = generator.subschema_for::<S>();
        json_schema!({ "anyOf": [brief, generator.subschema_for::<F>()] })
    };
    BriefOrSteps<S, F> = |generator| {
        let brief = generator.subschema_for::<S>();
        json_schema!({ "anyOf": [brief, { "type": "array", "items": generator.subschema_for::<F>() }] })
    };
    Scalar = |_generator| json_schema!(true);
    Anything = |_generator| json_schema!(true);
}

/// One text, or a list of them.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<Placed<T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<BriefOrSteps<T, Placed<T>>>::deserialize(deserializer)?;
        let place = spanned.span();
        Ok(OneOrMany(match spanned.into_inner() {
            BriefOrSteps::Brief(only) => vec![Placed::new(only, place)],
            BriefOrSteps::Steps(several) => several,
        }))
    }
}

/// A text, or a table that says more.
#[derive(Clone, Debug)]
pub enum Brief<S, F> {
    /// The text.
    Short(S),
    /// The table.
    Full(F),
}

/// A text, or a list of tables.
#[derive(Clone, Debug)]
pub enum BriefOrSteps<S, F> {
    /// The text.
    Brief(S),
    /// The list.
    Steps(Vec<F>),
}

struct BriefVisitor<S, F>(PhantomData<(S, F)>);

impl<'de, S: Deserialize<'de>, F: Deserialize<'de>> Visitor<'de> for BriefVisitor<S, F> {
    type Value = Brief<S, F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a table")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let text: StrDeserializer<'_, E> = text.into_deserializer();
        S::deserialize(text).map(Brief::Short)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        F::deserialize(MapAccessDeserializer::new(map)).map(Brief::Full)
    }
}

impl<'de, S: Deserialize<'de>, F: Deserialize<'de>> Deserialize<'de> for Brief<S, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BriefVisitor(PhantomData))
    }
}

struct StepsVisitor<S, F>(PhantomData<(S, F)>);

impl<'de, S: Deserialize<'de>, F: Deserialize<'de>> Visitor<'de> for StepsVisitor<S, F> {
    type Value = BriefOrSteps<S, F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let text: StrDeserializer<'_, E> = text.into_deserializer();
        S::deserialize(text).map(BriefOrSteps::Brief)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(BriefOrSteps::Steps)
    }
}

impl<'de, S: Deserialize<'de>, F: Deserialize<'de>> Deserialize<'de> for BriefOrSteps<S, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StepsVisitor(PhantomData))
    }
}

/// Any value at all: what a path may be set to.
#[derive(Clone, Debug)]
pub struct Anything(pub toml::Value);

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        toml::Value::deserialize(deserializer).map(Anything)
    }
}

/// A value whose kind is decided elsewhere: what the `[rules]` table holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Yes or no.
    Switch(bool),
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a switch")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_bool<E: serde::de::Error>(self, switch: bool) -> Result<Scalar, E> {
        Ok(Scalar::Switch(switch))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(number))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(number))
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}
