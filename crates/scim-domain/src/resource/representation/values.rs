//! A whole resource as values, under the names of the schemas.

use std::sync::{Arc, LazyLock};

use super::{Computed, GroupRef, IdText, Meta, corrupt, split};
use crate::{
    Timestamp,
    group::Member,
    resource::{DateTime, Document, Object, Value, document::Corrupt},
    schema::{ResourceKind, ResourceType},
};

/// The names of what is computed (RFC 7643 §3.1, §4.1.2, §4.2), each made once.
struct Names {
    schemas: Arc<str>,
    id: Arc<str>,
    meta: Arc<str>,
    resource_type: Arc<str>,
    created: Arc<str>,
    last_modified: Arc<str>,
    location: Arc<str>,
    version: Arc<str>,
    groups: Arc<str>,
    members: Arc<str>,
    value: Arc<str>,
    reference: Arc<str>,
    display: Arc<str>,
    kind: Arc<str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    schemas: "schemas".into(),
    id: "id".into(),
    meta: "meta".into(),
    resource_type: "resourceType".into(),
    created: "created".into(),
    last_modified: "lastModified".into(),
    location: "location".into(),
    version: "version".into(),
    groups: "groups".into(),
    members: "members".into(),
    value: "value".into(),
    reference: "$ref".into(),
    display: "display".into(),
    kind: "type".into(),
});

/// See [`super::resource`].
pub(super) fn resource(
    resource_type: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    meta: &Meta,
    base: &str,
) -> Result<Object, Corrupt> {
    let names = &*NAMES;
    let id = computed.id();
    let id = id.as_str();
    let own = [
        (Arc::clone(&names.schemas), schemas(resource_type, document)?),
        (Arc::clone(&names.id), Value::String(id.to_owned())),
    ];
    let stored = Document::read(resource_type, document)?.into_object();
    let list = match computed {
        Computed::User(_, groups) => {
            groups.map(|all| (Arc::clone(&names.groups), list(all, |it| group(it, base))))
        }
        Computed::Group(_, members) => {
            members.map(|all| (Arc::clone(&names.members), list(all, |it| member(*it, base))))
        }
    };
    let meta = (Arc::clone(&names.meta), meta_value(resource_type, id, meta, base));
    Ok(own.into_iter().chain(stored).chain(list).chain([meta]).collect())
}

/// The `schemas` of the stored text, which a checked document does not hold.
fn schemas(resource_type: &ResourceType, document: &str) -> Result<Value, Corrupt> {
    let (head, _) = split(resource_type, document)?;
    let urns: Vec<String> = head
        .strip_prefix("{\"schemas\":")
        .and_then(|it| serde_json::from_str(it).ok())
        .ok_or_else(|| corrupt(resource_type, "its schemas are no list of texts"))?;
    Ok(Value::List(urns.into_iter().map(Value::Reference).collect()))
}

fn list<T>(all: &[T], value: impl Fn(&T) -> Value) -> Value {
    Value::List(all.iter().map(value).collect())
}

fn group(group: &GroupRef, base: &str) -> Value {
    let names = &*NAMES;
    let id = IdText::of(group.id.uuid());
    complex([
        (&names.value, Value::String(id.as_str().to_owned())),
        (&names.reference, location(id.as_str(), ResourceKind::Group.endpoint(), base)),
        (&names.display, Value::String(group.display_name.clone())),
        (&names.kind, Value::String(group.how().to_owned())),
    ])
}

fn member(member: Member, base: &str) -> Value {
    let names = &*NAMES;
    let id = IdText::of(member.uuid());
    complex([
        (&names.value, Value::String(id.as_str().to_owned())),
        (&names.reference, location(id.as_str(), member.kind().endpoint(), base)),
        (&names.kind, Value::String(member.kind().name().to_owned())),
    ])
}

fn meta_value(resource_type: &ResourceType, id: &str, meta: &Meta, base: &str) -> Value {
    let names = &*NAMES;
    let kind = resource_type.kind;
    complex([
        (&names.resource_type, Value::String(kind.name().to_owned())),
        (&names.created, moment(meta.created)),
        (&names.last_modified, moment(meta.last_modified)),
        (&names.location, location(id, kind.endpoint(), base)),
        (&names.version, Value::String(format!("W/\"{}\"", meta.version))),
    ])
}

fn complex<const N: usize>(parts: [(&Arc<str>, Value); N]) -> Value {
    Value::Complex(parts.into_iter().map(|(name, value)| (Arc::clone(name), value)).collect())
}

fn location(id: &str, endpoint: &str, base: &str) -> Value {
    Value::Reference(format!("{base}{endpoint}/{id}"))
}

fn moment(moment: Timestamp) -> Value {
    Value::DateTime(DateTime { text: moment.to_string(), moment })
}
