//! The answer for one resource: the document, joined with what the service computes.

mod around;
mod splice;
#[cfg(test)]
mod tests;
mod values;

pub use around::Around;

use crate::{
    GroupId, Timestamp, UserId,
    group::Member,
    resource::{Object, document::Corrupt, projection::Projection},
    schema::ResourceType,
};

/// What the service knows about every resource (RFC 7643 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// When it was made.
    pub created: Timestamp,
    /// When its document last changed.
    pub last_modified: Timestamp,
    /// Counts the changes of the document from 1; the entity tag is `W/"<version>"`.
    pub version: u64,
}

/// A group as an entry of a user's `groups` (RFC 7643 §4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRef {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub display_name: String,
    /// Whether the user is a member of this group itself, and not only of one below it.
    pub direct: bool,
}

impl GroupRef {
    /// The `type` of the entry (RFC 7643 §4.1.2).
    pub const fn how(&self) -> &'static str {
        if self.direct { "direct" } else { "indirect" }
    }
}

/// What is joined to the document of a resource.
#[derive(Clone, Copy, Debug)]
pub enum Computed<'a> {
    /// A user, with its groups; `None` when the answer does not show them.
    User(UserId, Option<&'a [GroupRef]>),
    /// A group, with its members; `None` when the answer does not show them.
    Group(GroupId, Option<&'a [Member]>),
}

/// The JSON text of a resource: stored text with the computed parts spliced around it, parsed only
/// if the projection leaves out some of the document.
///
/// `base` is the public base URL up to and without the slash before `Users`, for `location` and
/// `$ref`. Appends to `out`; a corrupt document appends nothing. `groups` and `members` are `[]`
/// when there are none, and are missing when they were not given or are not shown.
pub fn write(
    out: &mut String,
    resource_type: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    meta: &Meta,
    base: &str,
    projection: &Projection,
) -> Result<(), Corrupt> {
    if projection.shows_whole_document(resource_type) {
        return splice::write(out, resource_type, document, computed, meta, base, projection);
    }
    let computed = computed.shown_by(projection);
    let whole = resource(resource_type, document, computed, meta, base)?;
    let shown = projection.apply(resource_type, whole);
    let json = serde_json::to_string(&shown)
        .map_err(|_| corrupt(resource_type, "it cannot be written as JSON"))?;
    out.push_str(&json);
    Ok(())
}

/// The whole resource as values, for filters, sorting and projection.
pub fn resource(
    resource_type: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    meta: &Meta,
    base: &str,
) -> Result<Object, Corrupt> {
    values::resource(resource_type, document, computed, meta, base)
}

impl Computed<'_> {
    /// Without the list that the projection does not show.
    fn shown_by(self, projection: &Projection) -> Self {
        match self {
            Self::User(id, groups) => Self::User(id, groups.filter(|_| projection.shows("groups"))),
            Self::Group(id, members) => {
                Self::Group(id, members.filter(|_| projection.shows("members")))
            }
        }
    }

    /// The id of the resource as text.
    fn id(&self) -> IdText {
        match self {
            Self::User(id, _) => IdText::of(id.uuid()),
            Self::Group(id, _) => IdText::of(id.uuid()),
        }
    }
}

/// A hyphenated id on the stack: members are many.
struct IdText([u8; uuid::fmt::Hyphenated::LENGTH]);

impl IdText {
    fn of(id: uuid::Uuid) -> Self {
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        id.as_hyphenated().encode_lower(&mut text);
        Self(text)
    }

    fn as_str(&self) -> &str {
        // Hexadecimal digits and hyphens are UTF-8; the check is cheap beside its absence.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn corrupt(resource_type: &ResourceType, reason: &str) -> Corrupt {
    Corrupt { resource_type: resource_type.kind.name(), reason: reason.to_owned() }
}

/// The stored text in two parts: up to the end of `schemas`, and the other attributes with their
/// leading comma, if any, without the last bracket.
fn split<'d>(
    resource_type: &ResourceType,
    document: &'d str,
) -> Result<(&'d str, &'d str), Corrupt> {
    let body = document.strip_suffix('}').filter(|it| it.starts_with("{\"schemas\":["));
    // URNs hold no brackets, so the first one closes the list.
    let parts = body.and_then(|body| body.split_at_checked(body.find(']')? + 1));
    parts.ok_or_else(|| corrupt(resource_type, "it does not start with its schemas"))
}
