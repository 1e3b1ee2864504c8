//! What a PATCH means, on plain JSON: written from RFC 7644 §3.5.2 and from what this service says
//! about the places where the RFC leaves room, without any of the engine's code.
//!
//! A resource is a map. Operations come as their parts, so that nothing here reads a path.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::{
    conditions::{holds, ids_named},
    lists,
    values::{self, nothing, only},
};
use crate::{
    Reason,
    schema::{Attribute, Kind, Mutability, ResourceType},
    testing::operations::{Content, Operation, Place, Target},
};

/// Nothing, or the `scimType` of the refusal.
pub type Outcome<T = ()> = Result<T, Reason>;

/// A resource, and how strict whoever patches it is.
#[derive(Clone)]
pub struct Plain {
    pub document: Map<String, Json>,
    pub members: BTreeSet<String>,
    pub strict: bool,
}

impl Plain {
    pub fn apply(&mut self, of: &ResourceType, operation: &Operation) -> Outcome {
        let Operation { op, target, content } = operation;
        if *op != "remove" && matches!(content, Content::Absent) {
            return Err(Reason::InvalidValue);
        }
        match target {
            // RFC 7644 §3.5.2.2: a remove says what.
            Target::Resource | Target::Core(_) if *op == "remove" => Err(Reason::NoTarget),
            // A strict key says by a path what it changes.
            Target::Resource if self.strict => Err(Reason::InvalidSyntax),
            Target::Resource | Target::Core(_) => self.whole(of, op, content),
            Target::Extension(urn) => self.extension(of, op, urn, content),
            Target::Foreign(_) if self.strict => Err(Reason::InvalidPath),
            Target::Foreign(_) => Ok(()),
            Target::Unknown(_) => Err(Reason::InvalidPath),
            Target::Attribute(place) => {
                readable(place)?;
                // Extending `schemas` is allowed and needs nothing done.
                if place.extension.is_none()
                    && &*place.attribute.name == "schemas"
                    && *op != "remove"
                {
                    return Ok(());
                }
                if is(place, Mutability::ReadOnly) {
                    return Err(Reason::Mutability);
                }
                self.at(op, place, content)
            }
        }
    }

    /// Without a path, each name of the value is one.
    fn whole(&mut self, of: &ResourceType, op: &str, content: &Content) -> Outcome {
        match content {
            Content::Named(all) => {
                all.iter().try_for_each(|(key, value)| self.named(of, op, key, value))
            }
            Content::Json(json) => match json {
                Json::Object(names) => names.iter().try_for_each(|_| self.unknown()),
                _ => Err(Reason::InvalidSyntax),
            },
            Content::Absent => Err(Reason::InvalidValue),
        }
    }

    /// What a client names in passing and cannot change stays as it is.
    fn named(&mut self, of: &ResourceType, op: &str, key: &Target, content: &Content) -> Outcome {
        match key {
            Target::Attribute(place) => {
                readable(place)?;
                if is(place, Mutability::ReadOnly) { Ok(()) } else { self.at(op, place, content) }
            }
            Target::Resource | Target::Core(_) => match content {
                Content::Json(json) if nothing(json) => Ok(()),
                content => self.whole(of, op, content),
            },
            Target::Extension(urn) => self.extension(of, op, urn, content),
            Target::Unknown(_) | Target::Foreign(_) => self.unknown(),
        }
    }

    fn unknown(&self) -> Outcome {
        if self.strict { Err(Reason::InvalidSyntax) } else { Ok(()) }
    }

    /// An extension is changed name by name, and goes as a whole.
    fn extension(&mut self, of: &ResourceType, op: &str, urn: &str, content: &Content) -> Outcome {
        let emptied = match content {
            Content::Absent => true,
            Content::Json(json) => nothing(json),
            Content::Named(_) => false,
        };
        if op != "remove" && !emptied {
            return match content {
                Content::Json(json) if !only(json).is_object() => Err(Reason::InvalidValue),
                content => self.whole(of, op, content),
            };
        }
        let former = self.document.remove(urn).unwrap_or_default();
        let extension = of.extensions.iter().find(|it| &*it.schema.id == urn).unwrap();
        let mut fixed =
            extension.schema.attributes.iter().filter(|it| it.mutability == Mutability::Immutable);
        if fixed.any(|it| former.get(&*it.name).is_some()) {
            Err(Reason::Mutability)
        } else {
            Ok(())
        }
    }

    /// An attribute that a client may change.
    fn at(&mut self, op: &str, place: &Place, content: &Content) -> Outcome {
        let value = match content {
            Content::Absent => None,
            Content::Json(json) => Some(json),
            Content::Named(_) => unreachable!("an attribute's value is JSON"),
        };
        if is(place, Mutability::WriteOnly) {
            return Ok(());
        }
        if place.attribute.in_rows {
            return self.rows(op, place, value);
        }
        let core = place.extension.is_none();
        if core
            && &*place.attribute.name == "active"
            && op != "remove"
            && value.is_some_and(nothing)
        {
            return Err(Reason::InvalidValue);
        }
        let Some(urn) = &place.extension else {
            return change(op, place, value, self.strict, &mut self.document);
        };
        // An extension comes with its first attribute and goes with its last.
        let mut inside = match self.document.remove(urn) {
            Some(Json::Object(it)) => it,
            _ => Map::new(),
        };
        change(op, place, value, self.strict, &mut inside)?;
        if !inside.is_empty() {
            self.document.insert(urn.clone(), Json::Object(inside));
        }
        Ok(())
    }

    /// Members: a set of ids, of which nothing but being in it can change.
    fn rows(&mut self, op: &str, place: &Place, value: Option<&Json>) -> Outcome {
        let ids = || values::ids(value.unwrap_or(&Json::Null));
        match (&place.filter, &place.part) {
            (None, None) => {}
            (None, Some(part)) if &*part.name == "value" => {}
            (_, Some(_)) => return Err(Reason::Mutability),
            (Some(filter), None) => {
                let named = ids_named(filter);
                match (op, named) {
                    ("remove", _) => {
                        let member = |id: &String| serde_json::json!({"value": id, "type": "User"});
                        self.members.retain(|id| !holds(filter, &place.attribute, &member(id)));
                    }
                    ("add", Some(ids)) if ids.len() == 1 && !self.strict => {
                        self.members.extend(ids);
                    }
                    _ => return Err(Reason::Mutability),
                }
                return Ok(());
            }
        }
        match op {
            "add" => self.members.extend(ids()?),
            "replace" => self.members = ids()?.into_iter().collect(),
            _ if value.is_some_and(|it| it.is_array() || !nothing(it)) => {
                ids()?.iter().for_each(|it| _ = self.members.remove(it));
            }
            _ => self.members.clear(),
        }
        Ok(())
    }
}

/// What can never be read cannot be asked for in a filter.
fn readable(place: &Place) -> Outcome {
    let hidden = place.attribute.mutability == Mutability::WriteOnly;
    if hidden && place.filter.is_some() { Err(Reason::InvalidPath) } else { Ok(()) }
}

fn is(place: &Place, mutability: Mutability) -> bool {
    let part = place.part.as_ref().is_some_and(|it| it.mutability == mutability);
    part || place.attribute.mutability == mutability
}

/// Changes an attribute inside what holds it. What is immutable may be set once.
fn change(
    op: &str,
    place: &Place,
    value: Option<&Json>,
    strict: bool,
    holder: &mut Map<String, Json>,
) -> Outcome {
    let attribute = &place.attribute;
    let before = holder.get(&*attribute.name).cloned();
    let elements = place.filter.is_some() || place.part.is_some() && attribute.multi_valued;
    match (value, &place.part) {
        _ if op == "remove" => remove(place, elements, value, strict, holder)?,
        (None, _) => {}
        (Some(value), _) if elements => lists::write_chosen(op, place, value, strict, holder)?,
        (Some(value), None) => set(op, attribute, value, strict, holder)?,
        (Some(value), Some(part)) => {
            inside(op, attribute, holder, |parts| set(op, part, value, strict, parts))?;
        }
    }
    let fixed = attribute.mutability == Mutability::Immutable && before.is_some();
    if fixed && before.as_ref() != holder.get(&*attribute.name) {
        return Err(Reason::Mutability);
    }
    Ok(())
}

/// Sets an attribute or a part of one.
pub fn set(
    op: &str,
    attribute: &Attribute,
    value: &Json,
    strict: bool,
    holder: &mut Map<String, Json>,
) -> Outcome {
    if attribute.multi_valued {
        return lists::set(op, attribute, value, strict, holder);
    }
    if attribute.kind == Kind::Complex {
        return inside(op, attribute, holder, |parts| fill(op, attribute, value, strict, parts));
    }
    match values::read(attribute, value, strict)? {
        Some(it) => _ = holder.insert(attribute.name.to_string(), it),
        None => clear(op, attribute, holder)?,
    }
    Ok(())
}

/// A complex value changes by its parts: those that are named, and no others.
pub fn fill(
    op: &str,
    attribute: &Attribute,
    value: &Json,
    strict: bool,
    parts: &mut Map<String, Json>,
) -> Outcome {
    if nothing(value) {
        parts.clear();
        return Ok(());
    }
    let Json::Object(named) = only(value) else {
        if let Some(Json::Object(read)) = values::read_one(attribute, value, strict)? {
            parts.extend(read);
        }
        return Ok(());
    };
    for (name, value) in named {
        match attribute.sub_attributes.iter().find(|it| it.name.eq_ignore_ascii_case(name)) {
            Some(part) => set(op, part, value, strict, parts)?,
            None if strict => return Err(Reason::InvalidSyntax),
            None => {}
        }
    }
    Ok(())
}

/// Works on the parts of a complex attribute, which comes with its first and goes with its last.
pub fn inside(
    op: &str,
    attribute: &Attribute,
    holder: &mut Map<String, Json>,
    work: impl FnOnce(&mut Map<String, Json>) -> Outcome,
) -> Outcome {
    let before = match holder.get(&*attribute.name) {
        Some(Json::Object(it)) => it.clone(),
        _ => Map::new(),
    };
    let mut parts = before.clone();
    work(&mut parts)?;
    if means_something(&before, &mut parts) && !parts.is_empty() {
        holder.insert(attribute.name.to_string(), Json::Object(parts));
        return Ok(());
    }
    clear(op, attribute, holder)
}

/// What had a `value` means nothing without one; a `$ref` that led to another value goes.
pub fn means_something(before: &Map<String, Json>, now: &mut Map<String, Json>) -> bool {
    let Some(value) = before.get("value") else {
        return true;
    };
    if now.get("value") != Some(value) && now.get("$ref") == before.get("$ref") {
        now.remove("$ref");
    }
    now.contains_key("value")
}

/// Takes an attribute away, if the resource can be without it.
pub fn clear(op: &str, attribute: &Attribute, holder: &mut Map<String, Json>) -> Outcome {
    if attribute.required {
        return Err(if op == "remove" { Reason::Mutability } else { Reason::InvalidValue });
    }
    holder.remove(&*attribute.name);
    Ok(())
}

fn remove(
    place: &Place,
    elements: bool,
    value: Option<&Json>,
    strict: bool,
    holder: &mut Map<String, Json>,
) -> Outcome {
    if elements {
        return lists::remove_chosen("remove", place, holder);
    }
    // A list of values says which; null and no value say all; an empty list says none.
    let listed = value.filter(|it| it.is_array() || !nothing(it));
    let take = |target: &Attribute, holder: &mut Map<String, Json>| match listed {
        Some(listed) if target.multi_valued => lists::remove_listed(target, listed, strict, holder),
        _ => clear("remove", target, holder),
    };
    match &place.part {
        None => take(&place.attribute, holder),
        Some(part) => inside("remove", &place.attribute, holder, |parts| take(part, parts)),
    }
}
