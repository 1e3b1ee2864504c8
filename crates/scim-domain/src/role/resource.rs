//! A role as a resource of `/Roles`.

use std::sync::Arc;

use super::Role;
use crate::{
    resource::{DateTime, Object, Value},
    schema::{Assignables, OKTA_ROLE, ROLE},
};

impl Role {
    /// The resource, in the words of the draft and of Okta at once. Its id is its value: the role's
    /// key, which is also what Okta sends with a user.
    ///
    /// `used` is to how many active users it is assigned; `base` the public base URL up to and
    /// without the slash before `Roles`.
    pub fn to_resource(&self, used: u64, base: &str) -> Object {
        let key = || text(self.key.as_str());
        let name = || text(&self.name);
        let kind = Assignables::standard().shown_role.kind;
        let meta = object([
            ("resourceType", text(kind.name())),
            ("created", moment(self.created)),
            (
                "location",
                Value::Reference(format!("{base}{}/{}", kind.endpoint(), self.key.as_str())),
            ),
        ]);
        let schemas = [ROLE, OKTA_ROLE].map(|it| Value::Reference(it.to_owned()));
        let mut role = object([
            ("schemas", Value::List(schemas.into())),
            ("id", key()),
            ("value", key()),
            ("display", name()),
            ("displayName", name()),
        ]);
        if !self.description.is_empty() {
            role.set("description".into(), text(&self.description));
        }
        let rest = object([
            ("supported", Value::Boolean(true)),
            ("limitedAssignmentsPermitted", Value::Boolean(false)),
            ("totalAssignmentsUsed", Value::Integer(i64::try_from(used).unwrap_or(i64::MAX))),
            // Roles are assigned one by one: none brings another.
            ("contains", Value::List(Vec::new())),
            ("containedBy", Value::List(Vec::new())),
            ("meta", Value::Complex(meta)),
        ]);
        role.into_iter().chain(rest).collect()
    }
}

fn object<const N: usize>(parts: [(&str, Value); N]) -> Object {
    parts.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn moment(moment: crate::Timestamp) -> Value {
    Value::DateTime(DateTime { text: moment.to_string(), moment })
}
