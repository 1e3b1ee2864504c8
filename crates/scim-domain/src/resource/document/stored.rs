//! Reading the stored form: straight from text to values, each as its attribute says.

use std::{fmt, sync::Arc};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{error::Category, value::RawValue};

use super::Corrupt;
use crate::{
    Timestamp,
    resource::{DateTime, Object, Value},
    schema::{Attribute, Found, Kind, ResourceType, Schema},
};

/// [`Document::read`](super::Document::read).
pub(super) fn read(resource_type: &ResourceType, json: &str) -> Result<Object, Corrupt> {
    let corrupt =
        |error| Corrupt { resource_type: resource_type.kind.name(), reason: reason(&error) };
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let object = Top(resource_type).deserialize(&mut deserializer).map_err(corrupt)?;
    deserializer.end().map_err(corrupt)?;
    Ok(object)
}

/// What is wrong and where. The error's own text may quote the value.
fn reason(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Io | Category::Syntax => "it is malformed JSON",
        Category::Eof => "it is cut off",
        Category::Data => "it is not what the schema allows",
    };
    format!("{what}, at line {} column {}", error.line(), error.column())
}

/// What a member of an object is, by its name.
enum Member<'a> {
    Attribute(&'a Attribute),
    Extension(&'a Schema),
    /// `schemas`, which follows from the rest.
    Derived,
}

/// The whole document.
struct Top<'a>(&'a ResourceType);
/// The attributes of an extension, or the parts of a complex value.
struct Parts<'a>(&'a [Attribute]);
/// The value of an attribute.
struct Whole<'a>(&'a Attribute);
/// One element of it.
struct One<'a>(&'a Attribute);

impl<'a> Top<'a> {
    fn member(&self, name: &str) -> Option<Member<'a>> {
        if name == "schemas" {
            return Some(Member::Derived);
        }
        match self.0.locate(name) {
            Found::Attribute(at) if at.extension.is_none() && at.sub_attribute.is_none() => {
                Some(Member::Attribute(at.attribute))
            }
            Found::Extension(schema) => Some(Member::Extension(schema)),
            Found::Attribute(_) | Found::Core | Found::Foreign | Found::Unknown { nearest: _ } => {
                None
            }
        }
    }
}

fn unknown<E: Error>() -> E {
    E::custom("an attribute is not in the schema")
}

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object, A::Error> {
        let mut entries: Vec<(Arc<str>, Value)> = Vec::with_capacity(16);
        while let Some(name) = members.next_key::<&str>()? {
            match self.member(name).ok_or_else(unknown)? {
                Member::Derived => _ = members.next_value::<IgnoredAny>()?,
                Member::Attribute(it) => {
                    entries.push((Arc::clone(&it.name), members.next_value_seed(Whole(it))?));
                }
                Member::Extension(it) => {
                    let object = members.next_value_seed(Parts(&it.attributes))?;
                    entries.push((Arc::clone(&it.id), Value::Complex(object)));
                }
            }
        }
        Ok(entries.into_iter().collect())
    }
}

impl<'de> DeserializeSeed<'de> for Parts<'_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Parts<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object, A::Error> {
        let mut entries: Vec<(Arc<str>, Value)> = Vec::with_capacity(4);
        while let Some(name) = members.next_key::<&str>()? {
            let it = self.0.iter().find(|it| &*it.name == name).ok_or_else(unknown)?;
            entries.push((Arc::clone(&it.name), members.next_value_seed(Whole(it))?));
        }
        Ok(entries.into_iter().collect())
    }
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0.multi_valued {
            deserializer.deserialize_seq(self)
        } else {
            One(self.0).deserialize(deserializer)
        }
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element_seed(One(self.0))? {
            all.push(element);
        }
        Ok(Value::List(all))
    }
}

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        use serde::Deserialize;
        Ok(match self.0.kind {
            Kind::String => Value::String(String::deserialize(deserializer)?),
            Kind::Reference => Value::Reference(String::deserialize(deserializer)?),
            Kind::Binary => Value::Binary(String::deserialize(deserializer)?),
            Kind::Boolean => Value::Boolean(bool::deserialize(deserializer)?),
            Kind::Integer => Value::Integer(i64::deserialize(deserializer)?),
            Kind::Decimal => Value::Decimal(decimal(deserializer)?),
            Kind::DateTime => {
                let text = String::deserialize(deserializer)?;
                let moment = Timestamp::parse(&text)
                    .ok_or_else(|| Error::custom("a text is not a date and time"))?;
                Value::DateTime(DateTime { text, moment })
            }
            Kind::Complex => {
                Value::Complex(Parts(&self.0.sub_attributes).deserialize(deserializer)?)
            }
        })
    }
}

/// The number exactly as written; the quick way of `serde_json` may be off in the last digit.
fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let raw = <&RawValue as serde::Deserialize>::deserialize(deserializer)?;
    raw.get().parse().map_err(|_| Error::custom("a value is not a number"))
}
