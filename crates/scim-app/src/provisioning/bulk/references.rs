//! `bulkId:x` in place of an id that is not known yet (RFC 7644 §3.7.2).

use std::collections::{BTreeMap, BTreeSet};

use scim_domain::{Invalid, Json};

use crate::Error;

#[cfg(test)]
mod tests;

/// The name that a text refers to, if all of it is a reference.
pub(super) fn of(text: &str) -> Option<&str> {
    text.strip_prefix("bulkId:")
}

/// Tells every reference in the values of a document.
pub(super) fn each(json: &Json, found: &mut impl FnMut(&str)) {
    match json {
        Json::String(text) => of(text).into_iter().for_each(found),
        Json::Array(all) => all.iter().for_each(|it| each(it, found)),
        Json::Object(members) => members.iter().for_each(|(_, it)| each(it, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The same in the operations of a PATCH, whose paths hold references in quotes:
/// `members[value eq "bulkId:x"]`.
pub(super) fn each_in_patch(json: &Json, found: &mut impl FnMut(&str)) {
    each(json, found);
    for path in operations(json).iter().filter_map(|it| it.get("path")).filter_map(Json::as_str) {
        for (quoted, text) in pieces(path) {
            of(text).filter(|_| quoted).into_iter().for_each(&mut *found);
        }
    }
}

fn operations(json: &Json) -> &[Json] {
    match json.get("Operations") {
        Some(Json::Array(all)) => all,
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) | None => &[],
    }
}

/// What stands in quotes and what does not, in turn. A quote behind a backslash ends nothing.
fn pieces(path: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut escaped = false;
    let ends = move |letter: char| {
        let quote = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        quote
    };
    std::iter::successors(Some(false), |it| Some(!it)).zip(path.split(ends))
}

/// The ids that stand behind the names of a request, as far as they are known.
#[derive(Clone, Debug)]
pub(super) struct Ids(BTreeMap<String, Option<String>>);

impl Ids {
    /// Nothing of these is made yet.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self(names.map(|it| (it.to_owned(), None)).collect())
    }

    /// A resource was made. The name of a change stands for nothing.
    pub(super) fn made(&mut self, name: &str, id: &str) {
        if let Some(slot) = self.0.get_mut(name) {
            *slot = Some(id.to_owned());
        }
    }

    /// The id that a text is or refers to.
    pub(super) fn resolve(&self, text: &str) -> Result<String, Error> {
        let Some(name) = of(text) else { return Ok(text.to_owned()) };
        match self.0.get(name) {
            Some(Some(id)) => Ok(id.clone()),
            Some(None) => Err(Error::Conflict(
                "This operation refers to the bulkId of an operation that failed. Nothing of this \
                 operation was applied."
                    .to_owned(),
            )),
            None => Err(Invalid::value(
                "This operation refers to a bulkId that no POST operation of this request has.",
            )
            .into()),
        }
    }

    /// Puts ids in the place of all references.
    pub(super) fn fill(&self, json: &mut Json) -> Result<(), Error> {
        self.fill_except(json, &BTreeSet::new())
    }

    /// Puts ids in the place of all references in the operations of a PATCH, paths included.
    pub(super) fn fill_patch(&self, json: &mut Json) -> Result<(), Error> {
        self.fill(json)?;
        let Json::Object(members) = json else { return Ok(()) };
        for (_, list) in members.iter_mut().filter(|(it, _)| it.eq_ignore_ascii_case("Operations"))
        {
            let all = if let Json::Array(all) = list { all } else { std::slice::from_mut(list) };
            for operation in all {
                self.fill_path(operation)?;
            }
        }
        Ok(())
    }

    fn fill_path(&self, operation: &mut Json) -> Result<(), Error> {
        let Json::Object(members) = operation else { return Ok(()) };
        let mut paths = members.iter_mut().filter(|(it, _)| it.eq_ignore_ascii_case("path"));
        let Some((_, Json::String(path))) = paths.next() else { return Ok(()) };
        let resolved: Result<Vec<_>, _> = pieces(path)
            .map(|(quoted, it)| if quoted { self.resolve(it) } else { Ok(it.to_owned()) })
            .collect();
        *path = resolved?.join("\"");
        Ok(())
    }

    /// Puts ids in the place of all references but those to these names.
    pub(super) fn fill_except(
        &self,
        json: &mut Json,
        later: &BTreeSet<String>,
    ) -> Result<(), Error> {
        match json {
            Json::String(text) => {
                if of(text).is_some_and(|it| !later.contains(it)) {
                    *text = self.resolve(text)?;
                }
            }
            Json::Array(all) => {
                for element in all {
                    self.fill_except(element, later)?;
                }
            }
            Json::Object(members) => {
                for (_, value) in members {
                    self.fill_except(value, later)?;
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
        Ok(())
    }
}

/// Splits the body of a create into what can be made at once and the attributes that refer to
/// something that is still to come.
pub(super) fn split(data: Json, later: &BTreeSet<String>) -> (Json, Vec<(String, Json)>) {
    let Json::Object(members) = data else { return (data, Vec::new()) };
    let waits = |(_, value): &(String, Json)| {
        let mut found = false;
        each(value, &mut |name| found |= later.contains(name));
        found
    };
    let (rest, shell) = members.into_iter().partition(waits);
    (Json::Object(shell), rest)
}
