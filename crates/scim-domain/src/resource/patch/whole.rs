//! Values that carry attributes by name: of an operation without a path, and of an extension.

use super::{
    Op,
    given::{is_nothing, only},
    path::{self, Target},
    work::Work,
};
use crate::{Invalid, Json, resource::limits, schema::Schema};

impl Work<'_> {
    /// An `add` or `replace` without a path: each key is a path of its own.
    pub(super) fn whole(&mut self, op: Op, value: &Json) -> Result<(), Invalid> {
        let Json::Object(named) = value else { return Err(not_an_object()) };
        named.iter().try_for_each(|(key, value)| self.named(op, key, value))
    }

    /// One key of a value without a path. What cannot be changed is left as it is: a client that
    /// sends back what it has read means no change by it.
    fn named(&mut self, op: Op, key: &str, value: &Json) -> Result<(), Invalid> {
        if key.len() > limits::FILTER_BYTES {
            let start: String = key.chars().take(100).collect();
            return self.reading.unknown(start);
        }
        match path::resolve(self.resource_type, key)? {
            Target::Attribute(place) if place.is_read_only() => Ok(()),
            Target::Attribute(place) => self.at(op, &place, Some(value)),
            Target::Resource if is_nothing(value) => Ok(()),
            Target::Resource => self.whole(op, value),
            Target::Extension(schema) => self.extension(op, schema, Some(value)),
            Target::Foreign | Target::Unknown => self.reading.unknown(key),
        }
    }

    /// An operation on an extension by its URN. Like a complex attribute (RFC 7644 §3.5.2.3): what
    /// the value does not name stays.
    pub(super) fn extension(
        &mut self,
        op: Op,
        schema: &Schema,
        value: Option<&Json>,
    ) -> Result<(), Invalid> {
        let Some(value) = value.filter(|it| op != Op::Remove && !is_nothing(it)) else {
            return self.drop_extension(op, schema);
        };
        let Json::Object(named) = only(value) else {
            let detail = format!("The value of {} must be an object of attributes.", schema.id);
            return Err(Invalid::value(detail));
        };
        // The URN before each key keeps an attribute of the core from answering to it.
        let keys = named.iter().map(|(key, value)| (format!("{}:{key}", schema.id), value));
        for (key, value) in keys {
            self.named(op, &key, value)?;
        }
        Ok(())
    }
}

fn not_an_object() -> Invalid {
    Invalid::syntax("The value of an operation without a path must be an object of attributes.")
}
