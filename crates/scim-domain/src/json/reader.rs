//! The tree is built by a visitor of its own: `serde_json::Value` merges names that occur twice
//! and knows no depth below 128.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Json, names::Names};
use crate::resource::limits::JSON_DEPTH;

/// Reads one value and makes sure that nothing follows. The error's text holds no content.
pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Json> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let json = Reader { depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(json)
}

/// Reads a value inside so many arrays and objects.
#[derive(Clone, Copy)]
struct Reader {
    depth: usize,
}

impl Reader {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth < JSON_DEPTH {
            Ok(Self { depth: self.depth + 1 })
        } else {
            Err(E::custom(format_args!("it is nested deeper than {JSON_DEPTH} levels")))
        }
    }
}

fn checked<E: Error>(text: &str) -> Result<String, E> {
    // Neither PostgreSQL nor C strings can keep it, and no name or value of a person has it.
    if text.as_bytes().contains(&0) {
        return Err(E::custom("a text contains the character U+0000"));
    }
    Ok(text.to_owned())
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Json, E> {
        Ok(Json::Bool(it))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_f64<E: Error>(self, it: f64) -> Result<Json, E> {
        let number = serde_json::Number::from_f64(it);
        number.map(Json::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<Json, E> {
        checked(it).map(Json::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut all = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            all.push(element);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut names = Names::default();
        let mut all: Vec<(String, Json)> = Vec::new();
        while let Some(name) = members.next_key_seed(Name)? {
            if !names.is_new(&name, &all) {
                return Err(A::Error::custom("an object has the same name twice"));
            }
            all.push((name, members.next_value_seed(inner)?));
        }
        Ok(Json::Object(all))
    }
}

/// Reads the name of a member.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<String, E> {
        checked(it)
    }
}
