//! A PATCH under way: the resource as the operations so far have left it.

use std::sync::Arc;

use super::{
    Op, Operation, PatchOptions, Patched,
    budget::Budget,
    elements::Chosen,
    given,
    path::{self, Place, Target},
    read, remove,
    rows::Rows,
    write,
};
use crate::{
    Invalid, Json, Reason,
    resource::{
        Document, Object, Value,
        document::{
            Reading,
            Strictness::{Strict, Tolerant},
        },
    },
    schema::{Attribute, AttributeRef, Mutability, ResourceType, Schema},
};

/// How many names are told that nothing here knows.
const IGNORED: usize = 50;

/// The state between two operations. Thrown away as a whole when one of them fails.
pub(super) struct Work<'a> {
    /// What the resource may have.
    pub resource_type: &'a ResourceType,
    /// Who asks.
    pub options: PatchOptions,
    /// What of the values is not known here.
    pub reading: Reading,
    foreign: Reading,
    attributes: Object,
    rows: Rows,
    budget: Budget,
}

impl<'a> Work<'a> {
    pub fn new(
        resource_type: &'a ResourceType,
        document: &Document,
        options: PatchOptions,
    ) -> Self {
        Self {
            resource_type,
            options,
            reading: Reading::new(if options.strict { Strict } else { Tolerant }),
            foreign: Reading::new(Tolerant),
            attributes: document.attributes().clone(),
            rows: Rows::default(),
            budget: Budget::new(),
        }
    }

    /// Applies one operation.
    pub fn carry_out(&mut self, operation: &Operation) -> Result<(), Invalid> {
        let Operation { op, path, value } = operation;
        let value = value.as_ref();
        if *op != Op::Remove && value.is_none() {
            return Err(Invalid::value("An \"add\" or \"replace\" operation needs a \"value\"."));
        }
        let Some(path) = path.as_deref() else {
            return self.without_path(*op, value);
        };
        match path::resolve(self.resource_type, path)? {
            Target::Attribute(place) => self.addressed(*op, &place, value),
            Target::Resource => self.resource(*op, value),
            Target::Extension(schema) => self.extension(*op, schema, value),
            // RFC 7644 §3.5.2 knows no answer for a schema that is not there: unless the key is
            // strict, it is named and left out.
            Target::Foreign if !self.options.strict => self.foreign.unknown(path),
            Target::Foreign => Err(path::foreign(path)),
            Target::Unknown => Err(path::unknown(self.resource_type, path)),
        }
    }

    /// Ends the work.
    pub fn finish(self) -> Patched {
        let mut ignored = self.foreign.into_ignored();
        ignored.extend(self.reading.into_ignored());
        ignored.truncate(IGNORED);
        let document = Document::from_object(self.attributes);
        Patched { document, rows: self.rows.into_changes(), ignored }
    }

    fn without_path(&mut self, op: Op, value: Option<&Json>) -> Result<(), Invalid> {
        if self.options.strict {
            return Err(Invalid::syntax(
                "This API key is strict: every PATCH operation needs a \"path\".",
            ));
        }
        self.resource(op, value)
    }

    /// An operation on the resource itself: without a path, or by the URN of its schema.
    fn resource(&mut self, op: Op, value: Option<&Json>) -> Result<(), Invalid> {
        match value {
            Some(value) if op != Op::Remove => self.whole(op, value),
            Some(_) | None => Err(read::remove_without_path()),
        }
    }

    /// An operation whose path names an attribute: what cannot be changed is refused.
    fn addressed(
        &mut self,
        op: Op,
        place: &Place<'_>,
        value: Option<&Json>,
    ) -> Result<(), Invalid> {
        // `schemas` follows from the attributes there are. RFC 7644 §3.5.2 lets a client extend it
        // before it adds attributes of an extension; there is nothing to do for that.
        if op != Op::Remove && is_common(place, "schemas") {
            return Ok(());
        }
        if place.is_read_only() {
            let path = place.found.path();
            let detail = format!("{path} is set by the service and cannot be changed.");
            return Err(Invalid::new(Reason::Mutability, detail));
        }
        self.at(op, place, value)
    }

    /// An operation on an attribute that a client may change.
    pub fn at(&mut self, op: Op, place: &Place<'_>, value: Option<&Json>) -> Result<(), Invalid> {
        if place.is_write_only() {
            return Ok(());
        }
        if place.found.attribute.in_rows {
            return self.rows.change(op, place, value, self.options);
        }
        if op != Op::Remove && is_common(place, "active") && value.is_some_and(given::is_nothing) {
            // Emptied by mistake, it would silently take or give access.
            return Err(Invalid::value("active must be true or false; it cannot be emptied."));
        }
        let Self { attributes, reading, options, budget, .. } = self;
        within(attributes, place.found.extension, |holder| {
            budget.pay(holder, place)?;
            write::unless_fixed(holder, place.attribute(), |holder| match (op, value) {
                (Op::Remove, value) => remove::remove(holder, place, value, reading),
                (Op::Add | Op::Replace, None) => Ok(()),
                (Op::Add | Op::Replace, Some(value)) if place.chooses() => {
                    Chosen { place, op, options: *options }.write(holder, value, reading)
                }
                (Op::Add | Op::Replace, Some(value)) => {
                    write::write(op, holder, place.found, value, reading)
                }
            })
        })
    }

    /// Takes an extension away, with all that is in it.
    pub fn drop_extension(&mut self, op: Op, schema: &Schema) -> Result<(), Invalid> {
        if self.resource_type.extensions.iter().any(|it| it.required && it.schema.id == schema.id) {
            return Err(remove::required(op, &*schema.id));
        }
        let Some(Value::Complex(former)) = self.attributes.remove(&schema.id) else {
            return Ok(());
        };
        let fixed = |it: &&Attribute| it.mutability == Mutability::Immutable;
        let mut kept = schema.attributes.iter().filter(fixed);
        match kept.find(|it| former.get(&it.name).is_some()) {
            Some(attribute) => {
                let extension = Some(schema);
                Err(remove::fixed(AttributeRef { extension, attribute, sub_attribute: None }))
            }
            None => Ok(()),
        }
    }
}

/// Whether a place is the attribute of that name outside of any extension.
fn is_common(place: &Place<'_>, name: &str) -> bool {
    place.found.extension.is_none() && place.found.attribute.name.eq_ignore_ascii_case(name)
}

/// Works on the object that holds the attributes of the core or of an extension. An extension comes
/// with its first attribute and goes with its last.
fn within<T>(
    attributes: &mut Object,
    extension: Option<&Schema>,
    work: impl FnOnce(&mut Object) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    let Some(schema) = extension else {
        return work(attributes);
    };
    let mut holder = match attributes.get_mut(&schema.id) {
        Some(Value::Complex(holder)) => std::mem::take(holder),
        Some(_) | None => Object::new(),
    };
    let outcome = work(&mut holder)?;
    if holder.is_empty() {
        attributes.remove(&schema.id);
    } else {
        attributes.set(Arc::clone(&schema.id), Value::Complex(holder));
    }
    Ok(outcome)
}
