//! Resources as clients send them, over the whole of a schema.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value as Json, json};

use super::texts;
use crate::{
    resource::{Document, document::Strictness},
    schema::{Attribute, Kind, Mutability, ResourceType},
};

/// How likely an optional attribute is there.
const THERE: f64 = 0.35;

/// A resource in the plainest form: every attribute under its own name, with a value of its type.
/// Required attributes are there, the others may be missing. Without `schemas`, and without
/// `members` or whatever else lives in rows.
pub fn body(resource_type: &ResourceType) -> BoxedStrategy<Json> {
    let external_id = resource_type.common.iter().filter(|it| &*it.name == "externalId");
    let core = external_id.chain(&resource_type.schema.attributes);
    let extensions: Vec<_> = resource_type
        .extensions
        .iter()
        .map(|it| (Just(it.schema.id.to_string()), object(it.schema.attributes.iter())))
        .collect();
    (object(core), extensions)
        .prop_map(|(mut attributes, extensions)| {
            let there = extensions.into_iter().filter(|(_, it)| !it.is_empty());
            attributes.extend(there.map(|(urn, it)| (urn, Json::Object(it))));
            Json::Object(attributes)
        })
        .boxed()
}

/// A resource as some client really sends it: the same, with names in capitals, single values for
/// lists, dotted names, empty values for absent ones, read-only and unknown
/// attributes. It means the same as the [`body`] beside it.
pub fn sent(resource_type: &ResourceType) -> BoxedStrategy<(Json, Json)> {
    let resource_type = resource_type.clone();
    (body(&resource_type), any::<[bool; 5]>())
        .prop_map(move |(plain, habits)| {
            let sent = with_habits(&resource_type, &plain, habits);
            (plain, sent)
        })
        .boxed()
}

/// A document of this type.
pub fn document(resource_type: &ResourceType) -> BoxedStrategy<Document> {
    let resource_type = resource_type.clone();
    body(&resource_type).prop_map(move |body| checked(&resource_type, &body)).boxed()
}

/// The document that a plain body is read as.
///
/// # Panics
/// If the service refuses it.
pub fn checked(resource_type: &ResourceType, body: &Json) -> Document {
    let json = crate::Json::parse(body.to_string().as_bytes()).unwrap();
    Document::from_request(resource_type, &json, Strictness::Strict).unwrap().document
}

/// Whether what a client sends for an attribute is kept.
pub fn is_kept(attribute: &Attribute) -> bool {
    match attribute.mutability {
        Mutability::ReadWrite | Mutability::Immutable => !attribute.in_rows,
        Mutability::ReadOnly | Mutability::WriteOnly => false,
    }
}

fn object<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> BoxedStrategy<Map<String, Json>> {
    let kept = attributes.filter(|it| is_kept(it));
    let members: Vec<_> = kept
        .map(|it| {
            let there = value(it);
            let maybe = if it.required {
                there.prop_map(Some).boxed()
            } else {
                proptest::option::weighted(THERE, there).boxed()
            };
            (Just(it.name.to_string()), maybe)
        })
        .collect();
    members
        .prop_map(|all| all.into_iter().filter_map(|(name, it)| Some((name, it?))).collect())
        .boxed()
}

/// A whole value of an attribute: a list if it is one.
pub fn value(attribute: &Attribute) -> BoxedStrategy<Json> {
    if attribute.multi_valued {
        vec(element(attribute), 1..4).prop_map(Json::from).boxed()
    } else {
        element(attribute)
    }
}

/// One value of an attribute.
pub fn element(attribute: &Attribute) -> BoxedStrategy<Json> {
    match attribute.kind {
        Kind::String if attribute.required => texts::name().prop_map(Json::from).boxed(),
        Kind::String if !attribute.canonical_values.is_empty() => {
            let usual = select(attribute.canonical_values.clone());
            prop_oneof![4 => usual, 1 => texts::text()].prop_map(Json::from).boxed()
        }
        Kind::String | Kind::Reference => texts::text().prop_map(Json::from).boxed(),
        Kind::Binary => texts::base64().prop_map(Json::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Json::from).boxed(),
        Kind::Integer => {
            prop_oneof![2 => -3_i64..4, 1 => any::<i64>()].prop_map(Json::from).boxed()
        }
        // Fifteen digits, as many as a request keeps exactly.
        Kind::Decimal => prop_oneof![
            (-8_i64..9).prop_map(|halves| format!("{halves}e-1")),
            (-999_999_999_999_999_i64..=999_999_999_999_999, 0..=12_u8)
                .prop_map(|(digits, places)| format!("{digits}e-{places}")),
        ]
        .prop_map(|it| json!(it.parse::<f64>().unwrap()))
        .boxed(),
        Kind::DateTime => texts::moment().prop_map(Json::from).boxed(),
        Kind::Complex => complex(attribute),
    }
}

/// An empty complex value is none, so at least one part is there.
fn complex(attribute: &Attribute) -> BoxedStrategy<Json> {
    let all = &attribute.sub_attributes;
    let mut parts: Vec<_> = all.iter().filter(|it| is_kept(it)).cloned().collect();
    // A read-only one, which clients send back nevertheless.
    if parts.is_empty() {
        parts.clone_from(all);
    }
    let some = object(parts.iter());
    let one = select(parts).prop_flat_map(|it| (Just(it.name.to_string()), value(&it)));
    (some, one)
        .prop_map(|(mut parts, (name, value))| {
            if parts.is_empty() {
                parts.insert(name, value);
            }
            Json::Object(parts)
        })
        .boxed()
}

fn with_habits(resource_type: &ResourceType, plain: &Json, habits: [bool; 5]) -> Json {
    let [capitals, single, dotted, empty, more] = habits;
    let mut out = Map::new();
    for (name, value) in plain.as_object().unwrap() {
        match value.clone() {
            Json::Object(parts) if dotted && !name.contains(':') => {
                out.extend(parts.into_iter().map(|(part, it)| (format!("{name}.{part}"), it)));
            }
            Json::Array(all) if single && all.len() == 1 => {
                out.extend(all.into_iter().map(|it| (name.clone(), it)));
            }
            value => _ = out.insert(name.clone(), value),
        }
    }
    if empty {
        let absent =
            resource_type.schema.attributes.iter().filter(|it| is_kept(it) && !it.required);
        for (number, it) in absent.filter(|it| plain.get(&*it.name).is_none()).enumerate() {
            let nothing = [json!(null), json!(""), json!([])][number % 3].clone();
            // Beside a dotted name the whole would be a second mention.
            out.entry(it.name.to_string()).or_insert(nothing);
        }
    }
    if more {
        out.extend(read_only());
    }
    if capitals {
        out = out.into_iter().map(|(name, it)| (name.to_ascii_uppercase(), it)).collect();
    }
    Json::Object(out)
}

/// What clients send back, and what they make up.
fn read_only() -> Map<String, Json> {
    let more = json!({
        "id": "0190a0c0-0000-7000-8000-000000000000",
        "meta": { "resourceType": "User", "version": "W/\"7\"", "created": "long ago" },
        "groups": [{ "value": "g", "display": "Admins" }],
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:acme:unknown"],
        "password": "correct horse",
        "favouriteColour": { "is": ["blue", null] },
        "urn:acme:unknown": { "a": 1 },
    });
    more.as_object().unwrap().clone()
}
