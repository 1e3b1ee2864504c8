//! Documents for property tests: anything the schema of a resource type allows.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::subsequence};

use super::{Document, complex::is_written, element::keep_one_primary};
use crate::{
    Timestamp,
    resource::{DateTime, Object, Value},
    schema::{Attribute, Catalog, Extension, Kind, ResourceType, Schema},
};

/// The URN of [`every_kind`]'s extension.
pub(crate) const ODD: &str = "urn:acme:params:scim:2.0:Odd";

/// Users with an extension that has an attribute of every kind, single and as a list.
pub(crate) fn every_kind() -> ResourceType {
    let mut user = Catalog::standard().user.clone();
    let plain = user.schema.attributes[0].clone();
    let kinds = [
        ("text", Kind::String),
        ("flag", Kind::Boolean),
        ("share", Kind::Decimal),
        ("level", Kind::Integer),
        ("since", Kind::DateTime),
        ("badge", Kind::Binary),
        ("page", Kind::Reference),
    ];
    let attribute = |name: String, kind, multi_valued| Attribute {
        name: name.into(),
        kind,
        multi_valued,
        required: false,
        ..plain.clone()
    };
    let simple: Vec<Attribute> = kinds
        .iter()
        .flat_map(|(name, kind)| {
            [
                attribute((*name).to_owned(), *kind, false),
                attribute(format!("{name}s"), *kind, true),
            ]
        })
        .collect();
    let parts = Attribute {
        sub_attributes: simple.clone(),
        ..attribute("parts".to_owned(), Kind::Complex, true)
    };
    let schema = Schema {
        id: ODD.into(),
        name: "Odd".to_owned(),
        description: "Everything at once".to_owned(),
        attributes: simple.into_iter().chain([parts]).collect(),
    };
    user.extensions.push(Extension { schema: Arc::new(schema), required: false, declared: false });
    user
}

/// A document of this type.
pub(crate) fn document(resource_type: &ResourceType) -> BoxedStrategy<Document> {
    let external_id = resource_type.common.iter().filter(|it| &*it.name == "externalId");
    let core: Vec<Attribute> =
        external_id.chain(&resource_type.schema.attributes).cloned().collect();
    let extensions: Vec<_> = resource_type
        .extensions
        .iter()
        .map(|it| (Just(Arc::clone(&it.schema.id)), object(&it.schema.attributes)))
        .collect();
    (object(&core), extensions)
        .prop_map(|(mut attributes, extensions)| {
            for (urn, object) in extensions {
                if !object.is_empty() {
                    attributes.set(urn, Value::Complex(object));
                }
            }
            Document::from_object(attributes)
        })
        .boxed()
}

/// Some of the attributes a client may write, in any order.
fn object(attributes: &[Attribute]) -> BoxedStrategy<Object> {
    let written: Vec<Attribute> =
        attributes.iter().filter(|it| is_written(it.mutability) && !it.in_rows).cloned().collect();
    let most = written.len().min(6);
    subsequence(written, 0..=most)
        .prop_shuffle()
        .prop_flat_map(|some| {
            some.into_iter().map(|it| (Just(it.name.clone()), value(&it))).collect::<Vec<_>>()
        })
        .prop_map(|entries| entries.into_iter().collect())
        .boxed()
}

fn value(attribute: &Attribute) -> BoxedStrategy<Value> {
    if !attribute.multi_valued {
        return element(attribute);
    }
    vec(element(attribute), 1..4)
        .prop_map(|mut all| {
            keep_one_primary(&mut all);
            Value::List(all)
        })
        .boxed()
}

fn element(attribute: &Attribute) -> BoxedStrategy<Value> {
    match attribute.kind {
        Kind::String => "[^\0]{1,12}".prop_map(Value::String).boxed(),
        Kind::Reference => "[^\0]{1,12}".prop_map(Value::Reference).boxed(),
        Kind::Binary => "[A-Za-z0-9+/]{1,8}={0,2}".prop_map(Value::Binary).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::Integer).boxed(),
        // Fifteen digits, as many as a request keeps exactly.
        Kind::Decimal => (-999_999_999_999_999_i64..=999_999_999_999_999, 0..=12_u8)
            .prop_map(|(digits, places)| format!("{digits}e-{places}").parse().unwrap())
            .prop_map(Value::Decimal)
            .boxed(),
        Kind::DateTime => (0..4_000_000_000_000_i64)
            .prop_map(|millis| {
                let moment = Timestamp::from_micros(millis * 1_000);
                Value::DateTime(DateTime { text: moment.to_string(), moment })
            })
            .boxed(),
        Kind::Complex => object(&attribute.sub_attributes)
            .prop_filter_map("an empty complex value is none", |it| {
                (!it.is_empty()).then_some(Value::Complex(it))
            })
            .boxed(),
    }
}
