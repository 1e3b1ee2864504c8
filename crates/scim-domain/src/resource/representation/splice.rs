//! The hot path: an answer made of stored text, without reading it.

use std::fmt::{self, Write};

use super::{Computed, GroupRef, IdText, Meta, corrupt, split};
use crate::{
    group::Member,
    resource::{
        document::{Corrupt, write_text},
        projection::Projection,
    },
    schema::{ResourceKind, ResourceType},
};

/// Room for what surrounds a document: `id`, `meta`, names and quotes.
const FRAME: usize = 320;
/// Room for an entry of `groups` or `members` besides the base URL.
const ENTRY: usize = 128;
/// What leads to the first member.
const MEMBERS: &str = ",\"members\":[";

/// Writes `schemas`, `id`, the other attributes, `groups` or `members`, and `meta`.
pub(super) fn write(
    out: &mut String,
    resource_type: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    meta: &Meta,
    base: &str,
    projection: &Projection,
) -> Result<(), Corrupt> {
    let parts = split(resource_type, document)?;
    let computed = computed.shown_by(projection);
    let entries = match computed {
        Computed::User(_, groups) => groups.map_or(0, <[GroupRef]>::len),
        Computed::Group(_, members) => members.map_or(0, <[Member]>::len),
    };
    out.reserve(document.len() + FRAME + base.len() + entries * (ENTRY + base.len()));
    let id = computed.id();
    open(out, parts, &id);
    match computed {
        Computed::User(_, Some(all)) => groups(out, all, base),
        Computed::Group(_, Some(all)) => {
            out.push_str(MEMBERS);
            members(out, true, all, Entry::WHOLE, base);
            out.push(']');
        }
        Computed::User(_, None) | Computed::Group(_, None) => {}
    }
    close(out, resource_type, &id, meta, base, projection)
}

/// What comes before and after the members of a group that shows them.
pub(super) fn around(
    resource_type: &ResourceType,
    document: &str,
    id: &IdText,
    meta: &Meta,
    base: &str,
    projection: &Projection,
) -> Result<(String, String), Corrupt> {
    let parts = split(resource_type, document)?;
    let (mut before, mut after) = (String::new(), String::from("]"));
    open(&mut before, parts, id);
    before.push_str(MEMBERS);
    close(&mut after, resource_type, id, meta, base, projection)?;
    Ok((before, after))
}

/// All but what is computed.
fn open(out: &mut String, (head, rest): (&str, &str), id: &IdText) {
    for part in [head, ",\"id\":\"", id.as_str(), "\"", rest] {
        out.push_str(part);
    }
}

/// `meta`, and the end.
fn close(
    out: &mut String,
    resource_type: &ResourceType,
    id: &IdText,
    meta: &Meta,
    base: &str,
    projection: &Projection,
) -> Result<(), Corrupt> {
    if projection.shows("meta") {
        write_meta(out, resource_type, id.as_str(), meta, base)
            .map_err(|_| corrupt(resource_type, "its meta cannot be written"))?;
    }
    out.push('}');
    Ok(())
}

fn groups(out: &mut String, groups: &[GroupRef], base: &str) {
    out.push_str(",\"groups\":[");
    for (at, group) in groups.iter().enumerate() {
        let id = IdText::of(group.id.uuid());
        entry(out, at, id.as_str(), ResourceKind::Group.endpoint(), base);
        out.push_str(",\"display\":");
        write_text(out, &group.display_name);
        for part in [",\"type\":\"", group.how(), "\"}"] {
            out.push_str(part);
        }
    }
    out.push(']');
}

/// Which parts of a member an answer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub value: bool,
    pub reference: bool,
    pub kind: bool,
}

impl Entry {
    /// All there is.
    pub const WHOLE: Self = Self { value: true, reference: true, kind: true };
}

/// Members, without the brackets around all of them; `first` if none was written before.
pub(super) fn members(out: &mut String, first: bool, members: &[Member], entry: Entry, base: &str) {
    for (at, member) in members.iter().enumerate() {
        let id = IdText::of(member.uuid());
        let mut next = if first && at == 0 { "{" } else { ",{" };
        if entry.value {
            for part in [next, "\"value\":\"", id.as_str(), "\""] {
                out.push_str(part);
            }
            next = ",";
        }
        if entry.reference {
            out.push_str(next);
            out.push_str("\"$ref\":");
            location(out, id.as_str(), member.kind().endpoint(), base);
            next = ",";
        }
        if entry.kind {
            for part in [next, "\"type\":\"", member.kind().name(), "\""] {
                out.push_str(part);
            }
        }
        out.push('}');
    }
}

/// `value` and `$ref` of an entry, which stays open.
fn entry(out: &mut String, at: usize, id: &str, endpoint: &str, base: &str) {
    let opening = if at == 0 { "{\"value\":\"" } else { ",{\"value\":\"" };
    for part in [opening, id, "\",\"$ref\":"] {
        out.push_str(part);
    }
    location(out, id, endpoint, base);
}

/// The URL of a resource as JSON text.
fn location(out: &mut String, id: &str, endpoint: &str, base: &str) {
    write_text(out, base);
    // The closing quote makes way for the rest of the URL, which needs no escapes.
    out.pop();
    for part in [endpoint, "/", id, "\""] {
        out.push_str(part);
    }
}

fn write_meta(
    out: &mut String,
    resource_type: &ResourceType,
    id: &str,
    meta: &Meta,
    base: &str,
) -> fmt::Result {
    let kind = resource_type.kind;
    let Meta { created, last_modified, version } = meta;
    write!(
        out,
        ",\"meta\":{{\"resourceType\":\"{}\",\"created\":\"{created}\",\
         \"lastModified\":\"{last_modified}\",\"location\":",
        kind.name(),
    )?;
    location(out, id, kind.endpoint(), base);
    write!(out, ",\"version\":\"W/\\\"{version}\\\"\"}}")
}
