//! A group in three parts, for an answer that goes out while its members are still being read.

use super::{
    Computed, IdText, Meta, corrupt, resource,
    splice::{self, Entry},
};
use crate::{
    GroupId, UserId,
    group::Member,
    resource::{
        Value,
        document::{Corrupt, write_text},
        projection::Projection,
    },
    schema::ResourceType,
};

/// What surrounds the members of a group. `before`, all its members, and `after` are together what
/// [`write`](super::write) makes of it, if there is at least one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The beginning.
    pub before: String,
    /// The end.
    pub after: String,
    /// What is shown of each member; nothing at all if `before` is the whole group.
    entry: Option<Entry>,
}

impl Around {
    /// That of a group; the parameters are those of [`write`](super::write).
    pub fn of(
        resource_type: &ResourceType,
        document: &str,
        id: GroupId,
        meta: &Meta,
        base: &str,
        projection: &Projection,
    ) -> Result<Self, Corrupt> {
        if projection.shows_whole_document(resource_type) && projection.shows("members") {
            let text = IdText::of(id.uuid());
            let (before, after) =
                splice::around(resource_type, document, &text, meta, base, projection)?;
            return Ok(Self { before, after, entry: Some(Entry::WHOLE) });
        }
        // What is shown of one member is shown of each.
        let sample = [Member::User(UserId::new(uuid::Uuid::nil()))];
        let computed = Computed::Group(id, Some(&sample)).shown_by(projection);
        let whole = resource(resource_type, document, computed, meta, base)?;
        let mut around = Self { before: String::from("{"), after: String::new(), entry: None };
        for (name, value) in projection.apply(resource_type, whole).iter() {
            around.add(name, value).map_err(|_| corrupt(resource_type, "it cannot be written"))?;
        }
        around.end().push('}');
        Ok(around)
    }

    /// Whether members are shown: if they are not, nobody need read them.
    pub const fn shows_members(&self) -> bool {
        self.entry.is_some()
    }

    /// Writes members that come one after the other; `first` if none was written before.
    pub fn members(&self, out: &mut String, first: bool, members: &[Member], base: &str) {
        if let Some(entry) = self.entry {
            splice::members(out, first, members, entry, base);
        }
    }

    fn end(&mut self) -> &mut String {
        if self.entry.is_some() { &mut self.after } else { &mut self.before }
    }

    fn add(&mut self, name: &str, value: &Value) -> serde_json::Result<()> {
        let end = self.end();
        if end != "{" {
            end.push(',');
        }
        write_text(end, name);
        end.push(':');
        match value.elements().first().and_then(Value::as_object) {
            Some(member) if name == "members" => {
                let shows = |part| member.get(part).is_some();
                let entry =
                    Entry { value: shows("value"), reference: shows("$ref"), kind: shows("type") };
                end.push('[');
                self.entry = Some(entry);
                self.after.push(']');
            }
            Some(_) | None => end.push_str(&serde_json::to_string(value)?),
        }
        Ok(())
    }
}
