//! `add` and `replace` of chosen elements of a list: `emails[type eq "work"]`, `emails.display`.

use std::sync::Arc;

use super::{
    Op, PatchOptions, given,
    path::Place,
    primary, remove,
    write::{self, Significant},
};
use crate::{
    Invalid, Json, Reason,
    resource::{
        Object, Value,
        document::{Reading, read_element, read_value},
        filter::{Comparison, Filter, Literal},
    },
    schema::{AttributeRef, Mutability},
};

/// An operation on the elements that a path chooses.
pub(super) struct Chosen<'o> {
    pub place: &'o Place<'o>,
    pub op: Op,
    pub options: PatchOptions,
}

impl Chosen<'_> {
    /// Writes to each chosen element. `holder` holds the list.
    pub fn write(
        &self,
        holder: &mut Object,
        json: &Json,
        reading: &mut Reading,
    ) -> Result<(), Invalid> {
        if given::is_nothing(json) {
            // To empty what is not there is no mistake: clients repeat it.
            return remove::elements(self.op, holder, self.place);
        }
        let at = self.place.attribute();
        let mut list = take_list(holder, at);
        let mut hits = hits(&list, self.place);
        if hits.is_empty() {
            hits.push(list.len());
            list.push(self.missing(reading)?);
            write::check_count(&list, at)?;
        }
        let mut gone = Vec::new();
        for hit in &hits {
            if let Some(element) = list.get_mut(*hit) {
                self.change(element, json, reading)?;
                gone.extend(remove::is_empty(element).then_some(*hit));
            }
        }
        let winner = hits.into_iter().rfind(|it| list.get(*it).is_some_and(primary::is_set));
        primary::settle(&mut list, winner);
        remove::drop_at(&mut list, &gone);
        remove::put_list(self.op, holder, at, list)
    }

    /// Writes to one element, and empties it if that took the meaning from it.
    fn change(
        &self,
        element: &mut Value,
        json: &Json,
        reading: &mut Reading,
    ) -> Result<(), Invalid> {
        let at = self.place.attribute();
        let was_shell = remove::is_shell(element);
        let Value::Complex(object) = element else {
            if let Some(value) = read_element(at, json, reading)? {
                *element = value;
            }
            return Ok(());
        };
        let before = Significant::of(object);
        if self.place.found.sub_attribute.is_some() {
            write::part(self.op, object, self.place.found, json, reading)?;
        } else {
            if self.op == Op::Replace {
                self.keep_what_was_asked_for(object);
            }
            write::fill(self.op, object, at, json, reading)?;
        }
        let stays = before.settle(object);
        // What was a shell before may be under construction, one sub-attribute after the other.
        if !stays || remove::is_shell(element) && !was_shell {
            *element = Value::Complex(Object::new());
        }
        Ok(())
    }

    /// Empties an element that is replaced (RFC 7644 §3.5.2.3: the record is), but for what its
    /// filter asks about, so that the element that was `type eq "work"` still is unless the value
    /// says otherwise, and for what is fixed.
    fn keep_what_was_asked_for(&self, object: &mut Object) {
        let attribute = self.place.found.attribute;
        object.retain(|name, _| {
            let fixed =
                attribute.sub(name).is_some_and(|it| it.mutability == Mutability::Immutable);
            fixed || self.place.filter.as_ref().is_some_and(|it| asks_about(it, name))
        });
    }

    /// The element that a filter describes, when there is none.
    fn missing(&self, reading: &mut Reading) -> Result<Value, Invalid> {
        let at = self.place.attribute();
        let Some(filter) = &self.place.filter else {
            // `emails.value` without any e-mail is an attribute that does not exist yet.
            return Ok(Value::Complex(Object::new()));
        };
        let mut object = Object::new();
        let made = self.options.make_missing_elements && describe(filter, at, &mut object, reading);
        let element = Value::Complex(object);
        // `type eq "a" and type eq "b"` describes nothing that could be.
        if made && filter.matches_element(at.attribute, &element) {
            return Ok(element);
        }
        let detail = format!("No value of {} matches the filter of the path.", at.path());
        Err(Invalid::new(Reason::NoTarget, detail))
    }
}

/// Takes the list out of its holder; [`remove::put_list`] puts it back.
pub(super) fn take_list(holder: &mut Object, at: AttributeRef<'_>) -> Vec<Value> {
    match holder.get_mut(&at.target().name) {
        Some(Value::List(list)) => std::mem::take(list),
        Some(_) | None => Vec::new(),
    }
}

/// Where the chosen elements are.
pub(super) fn hits(list: &[Value], place: &Place<'_>) -> Vec<usize> {
    let matcher = place.filter.as_ref().map(|it| it.element_matcher(place.found.attribute));
    let chosen = |it: &Value| matcher.as_ref().is_none_or(|matcher| matcher.matches_element(it));
    list.iter().enumerate().filter(|(_, it)| chosen(it)).map(|(at, _)| at).collect()
}

/// Fills an object so that it satisfies a conjunction of `eq`. Says whether the filter is one.
fn describe(
    filter: &Filter,
    at: AttributeRef<'_>,
    object: &mut Object,
    reading: &mut Reading,
) -> bool {
    match filter {
        Filter::And(all) => all.iter().all(|it| describe(it, at, object, reading)),
        Filter::Compare(path, Comparison::Eq, literal) => {
            let sub = path.sub_attribute.as_deref().and_then(|it| at.attribute.sub(it));
            let Some(sub) = sub.filter(|it| it.mutability != Mutability::ReadOnly) else {
                return false;
            };
            let at = AttributeRef { sub_attribute: Some(sub), ..at };
            let json = match literal {
                Literal::Text(text) => Json::String(text.clone()),
                Literal::Boolean(it) => Json::Bool(*it),
                Literal::Number(it) => Json::Number(it.clone()),
                Literal::Null => return true,
            };
            let Ok(Some(value)) = read_value(at, &json, reading) else {
                return false;
            };
            object.set(Arc::clone(&sub.name), value);
            true
        }
        Filter::Compare(..)
        | Filter::Or(_)
        | Filter::Not(_)
        | Filter::Present(_)
        | Filter::Element(..)
        | Filter::Absent { .. } => false,
    }
}

fn asks_about(filter: &Filter, sub_attribute: &str) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().any(|it| asks_about(it, sub_attribute)),
        Filter::Not(inner) => asks_about(inner, sub_attribute),
        Filter::Present(path) | Filter::Compare(path, ..) | Filter::Element(path, _) => {
            path.sub_attribute.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(sub_attribute))
        }
        Filter::Absent { .. } => false,
    }
}
