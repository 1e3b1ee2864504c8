//! Changes of the attribute that lives in rows (`members`): named, never looked up here, so that
//! their cost does not depend on the size of the group.

use std::collections::HashSet;

use super::{Op, PatchOptions, RowChange, given, path::Place};
use crate::{
    Invalid, Json, Reason,
    resource::{
        filter::{Comparison, Filter, Literal},
        limits,
    },
};

/// The changes so far.
#[derive(Debug, Default)]
pub(super) struct Rows {
    changes: Vec<RowChange>,
    named: usize,
}

impl Rows {
    /// Applies one operation on the attribute.
    pub fn change(
        &mut self,
        op: Op,
        place: &Place<'_>,
        value: Option<&Json>,
        options: PatchOptions,
    ) -> Result<(), Invalid> {
        let name = &*place.found.attribute.name;
        match (&place.filter, place.found.sub_attribute) {
            (None, None) => self.all(op, name, value),
            // `members.value` without a filter lists the same as `members`.
            (None, Some(sub)) if sub.name.eq_ignore_ascii_case("value") => {
                self.all(op, name, value)
            }
            (Some(filter), None) => self.matching(op, name, filter, options),
            (Some(_) | None, Some(_)) => Err(fixed(name)),
        }
    }

    /// The changes, in the order of the request.
    pub fn into_changes(self) -> Vec<RowChange> {
        self.changes
    }

    fn all(&mut self, op: Op, name: &str, value: Option<&Json>) -> Result<(), Invalid> {
        let value = value.unwrap_or(&Json::Null);
        match op {
            Op::Remove if matches!(value, Json::Array(_)) || !given::is_nothing(value) => {
                let ids = self.read(name, value)?;
                self.remove(ids);
            }
            Op::Remove => self.changes.push(RowChange::Clear),
            Op::Add => {
                let ids = self.read(name, value)?;
                self.add(ids);
            }
            Op::Replace => {
                let ids = self.read(name, value)?;
                let all = if ids.is_empty() { RowChange::Clear } else { RowChange::Replace(ids) };
                self.changes.push(all);
            }
        }
        Ok(())
    }

    fn matching(
        &mut self,
        op: Op,
        name: &str,
        filter: &Filter,
        options: PatchOptions,
    ) -> Result<(), Invalid> {
        match (op, plain_values(filter)) {
            (Op::Remove, Some(ids)) => {
                self.count(ids.len(), name)?;
                self.remove(ids);
            }
            (Op::Remove, None) => self.changes.push(RowChange::RemoveMatching(filter.clone())),
            // To write to a member that is there changes nothing of it, as all of it is fixed; one
            // that is not there is made, like any element that its filter describes.
            (Op::Add, Some(ids)) if options.make_missing_elements && ids.len() == 1 => {
                self.count(ids.len(), name)?;
                self.add(ids);
            }
            (Op::Add | Op::Replace, Some(_) | None) => return Err(fixed(name)),
        }
        Ok(())
    }

    /// Adds to the change before, if that adds too: clients split long lists into many operations.
    fn add(&mut self, ids: Vec<String>) {
        match self.changes.last_mut() {
            Some(RowChange::Add(before)) => before.extend(ids),
            Some(_) | None if ids.is_empty() => {}
            Some(_) | None => self.changes.push(RowChange::Add(ids)),
        }
    }

    fn remove(&mut self, ids: Vec<String>) {
        match self.changes.last_mut() {
            Some(RowChange::Remove(before)) => before.extend(ids),
            Some(_) | None if ids.is_empty() => {}
            Some(_) | None => self.changes.push(RowChange::Remove(ids)),
        }
    }

    fn read(&mut self, name: &str, json: &Json) -> Result<Vec<String>, Invalid> {
        let ids = read(name, json)?;
        self.count(ids.len(), name)?;
        Ok(ids)
    }

    fn count(&mut self, more: usize, name: &str) -> Result<(), Invalid> {
        self.named += more;
        if self.named > limits::MEMBERS { Err(too_many(name)) } else { Ok(()) }
    }
}

/// Reads what [`super::read_rows`] promises.
pub(super) fn read(name: &str, json: &Json) -> Result<Vec<String>, Invalid> {
    let sent =
        if let Json::Array(all) = json { all.as_slice() } else { std::slice::from_ref(json) };
    if sent.len() > limits::MEMBERS {
        return Err(too_many(name));
    }
    let mut seen = HashSet::with_capacity(sent.len());
    let mut ids = Vec::with_capacity(sent.len());
    for element in sent {
        let id = match element {
            Json::Null => continue,
            Json::String(id) if id.is_empty() => continue,
            Json::String(id) => Some(id),
            // Whatever else a member carries is computed here: `display`, `$ref`, `type`.
            Json::Object(_) => match element.get("value") {
                Some(Json::String(id)) if !id.is_empty() => Some(id),
                Some(_) | None => None,
            },
            Json::Bool(_) | Json::Number(_) | Json::Array(_) => None,
        };
        let Some(id) = id.filter(|it| it.len() <= limits::STRING_BYTES) else {
            let detail = format!("Each of {name} must be an object with an id as its \"value\".");
            return Err(Invalid::value(detail));
        };
        if seen.insert(id.as_str()) {
            ids.push(id.clone());
        }
    }
    Ok(ids)
}

/// The ids that a filter names, if it is `value eq "…"` or several of them joined by `or`.
fn plain_values(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare(path, Comparison::Eq, Literal::Text(id)) => {
            let sub = path.sub_attribute.as_deref();
            sub.is_none_or(|it| it.eq_ignore_ascii_case("value")).then(|| vec![id.clone()])
        }
        Filter::Or(all) => {
            all.iter().map(plain_values).collect::<Option<Vec<_>>>().map(|it| it.concat())
        }
        Filter::Compare(..)
        | Filter::And(_)
        | Filter::Not(_)
        | Filter::Present(_)
        | Filter::Element(..)
        | Filter::Absent { .. } => None,
    }
}

fn fixed(name: &str) -> Invalid {
    let detail = format!("An entry of {name} cannot be changed: remove it and add another one.");
    Invalid::new(Reason::Mutability, detail)
}

fn too_many(name: &str) -> Invalid {
    let detail = format!("A request has at most {} {name}.", limits::MEMBERS);
    Invalid::new(Reason::TooMany, detail)
}
