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
    let (head, rest) = split(resource_type, document)?;
    let computed = computed.shown_by(projection);
    let entries = match computed {
        Computed::User(_, groups) => groups.map_or(0, <[GroupRef]>::len),
        Computed::Group(_, members) => members.map_or(0, <[Member]>::len),
    };
    out.reserve(document.len() + FRAME + base.len() + entries * (ENTRY + base.len()));
    let id = computed.id();
    for part in [head, ",\"id\":\"", id.as_str(), "\"", rest] {
        out.push_str(part);
    }
    match computed {
        Computed::User(_, Some(all)) => groups(out, all, base),
        Computed::Group(_, Some(all)) => members(out, all, base),
        Computed::User(_, None) | Computed::Group(_, None) => {}
    }
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

fn members(out: &mut String, members: &[Member], base: &str) {
    out.push_str(",\"members\":[");
    for (at, member) in members.iter().enumerate() {
        let id = IdText::of(member.uuid());
        entry(out, at, id.as_str(), member.kind().endpoint(), base);
        for part in [",\"type\":\"", member.kind().name(), "\"}"] {
            out.push_str(part);
        }
    }
    out.push(']');
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
