//! What a batch of users is going to do, as far as it can be known without writing.

use std::{collections::HashMap, sync::Arc};

use scim_domain::{
    FoldedText, Json, UserId,
    resource::{Document, Object, Value, document::Strictness},
    schema::{Catalog, ResourceType},
    user::{StoredUser, User},
};

use super::{ImportLine, Imported, UserImport};
use crate::Error;

/// What is to be done about a line.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing more: this is what became of it.
    Done(Imported),
    /// There is nobody of this name.
    Create(Document),
    /// Somebody of this name is there who differs.
    Change(UserId, FoldedText, Document),
}

/// What each line of a batch says, by the schemas of a moment.
#[derive(Debug)]
pub(super) struct Plan {
    pub catalog: Arc<Catalog>,
    pub revision: u64,
    pub steps: Vec<Step>,
}

impl Plan {
    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|it| matches!(it, Step::Done(_)))
    }
}

/// What a line says, or why it says nothing that can be taken.
pub(super) type Said = Result<(FoldedText, Document), String>;

/// Reads the lines of a batch. A name that an earlier line has is refused.
pub(super) fn read(
    kind: &ResourceType,
    lines: &[ImportLine],
    import: &mut UserImport,
) -> Vec<Said> {
    let read = |line: &ImportLine| {
        let (name, document) = said(kind, &line.resource)?;
        match import.earlier(&name, line.number) {
            Some(earlier) => Err(format!("Line {earlier} has the same userName.")),
            None => Ok((name, document)),
        }
    };
    lines.iter().map(read).collect()
}

fn said(kind: &ResourceType, resource: &Json) -> Said {
    let read = Document::from_request(kind, resource, Strictness::Strict);
    let document = read.map_err(|it| it.detail)?.document;
    let name = document.get("userName").and_then(Value::as_text);
    let name = name.ok_or("userName is required.")?;
    let name = FoldedText::of_name("userName", name).map_err(|it| it.detail)?;
    Ok((name, document))
}

/// What is to be done about each line, when these users are there.
pub(super) fn compare(
    kind: &ResourceType,
    said: Vec<Said>,
    there: &[StoredUser],
) -> Result<Vec<Step>, Error> {
    let mut known = HashMap::with_capacity(there.len());
    for stored in there {
        let user = User::from_stored(kind, stored)?;
        known.insert(user.user_name_key().clone(), user);
    }
    let step = |said: Said| match said {
        Err(reason) => Step::Done(Imported::Refused(reason)),
        Ok((name, document)) => match known.get(&name) {
            Some(user) => against(kind, user, name, document),
            None => new(document),
        },
    };
    Ok(said.into_iter().map(step).collect())
}

fn against(kind: &ResourceType, user: &User, name: FoldedText, said: Document) -> Step {
    match change(kind, user, &said) {
        Ok(Some(_)) => Step::Change(user.id, name, said),
        Ok(None) => Step::Done(Imported::Unchanged),
        Err(reason) => Step::Done(Imported::Refused(reason)),
    }
}

/// What a line makes of a user, if it makes a difference; or why it may not.
pub(super) fn change(
    kind: &ResourceType,
    user: &User,
    said: &Document,
) -> Result<Option<Document>, String> {
    let wanted = user.document().with(said);
    let wanted = wanted.in_place_of(user.document(), kind).map_err(|it| it.detail)?;
    if wanted == *user.document() {
        return Ok(None);
    }
    if user.lock().is_err() {
        let reason = "An identity provider manages this user: change it there, or detach it first.";
        return Err(reason.to_owned());
    }
    if user.protected {
        let reason = "This user is protected: remove the protection before you change it.";
        return Err(reason.to_owned());
    }
    Ok(Some(wanted))
}

/// A new user has what every record of the backend has, so that lists of people stay complete.
fn new(document: Document) -> Step {
    match incomplete(&document) {
        Some(lacking) => Step::Done(Imported::Refused(format!("{lacking} is required."))),
        None => Step::Create(document),
    }
}

fn incomplete(document: &Document) -> Option<&'static str> {
    let has = |parts: &Object, name: &str| {
        let text = parts.get(name).and_then(Value::as_text);
        text.is_some_and(|it| !it.trim().is_empty())
    };
    let name = document.get("name").and_then(Value::as_object);
    for (part, path) in [("givenName", "name.givenName"), ("familyName", "name.familyName")] {
        if !name.is_some_and(|it| has(it, part)) {
            return Some(path);
        }
    }
    let emails = document.get("emails").map_or(&[][..], Value::elements);
    let any = emails.iter().filter_map(Value::as_object).any(|it| has(it, "value"));
    (!any).then_some("emails.value")
}
