//! PATCH, by topic. Documents and requests are written as JSON and read as the service reads them.

#![expect(clippy::needless_pass_by_value, reason = "a call reads best around json!(…)")]

use serde_json::{Value as Plain, json};

use super::{Operation, PatchOptions, Patched, RowChange, apply, read_operations};
use crate::{
    Invalid, Json, Reason,
    resource::{Document, document::Strictness},
    schema::{Catalog, ResourceType},
};

mod active;
mod complex;
mod custom;
mod extensions;
mod identity_providers;
mod lists;
mod members;
mod model;
mod paths;
mod primary;
mod reading;
mod refusals;
mod rfc;
mod selected;
mod whole;

const STRICT: PatchOptions = PatchOptions::STRICT;

/// A resource before a PATCH.
struct Resource {
    catalog: std::sync::Arc<Catalog>,
    of: fn(&Catalog) -> &ResourceType,
    document: Document,
}

fn user(attributes: Plain) -> Resource {
    resource(|it| &it.user, attributes)
}

fn group(attributes: Plain) -> Resource {
    resource(|it| &it.group, attributes)
}

/// A user with no more than a name.
fn bare_user() -> Resource {
    user(json!({"userName": "jane"}))
}

fn resource(of: fn(&Catalog) -> &ResourceType, attributes: Plain) -> Resource {
    in_catalog(Catalog::standard(), of, attributes)
}

fn in_catalog(
    catalog: std::sync::Arc<Catalog>,
    of: fn(&Catalog) -> &ResourceType,
    attributes: Plain,
) -> Resource {
    let document = document(of(&catalog), &attributes);
    Resource { catalog, of, document }
}

fn document(resource_type: &ResourceType, attributes: &Plain) -> Document {
    let parsed = Document::from_request(resource_type, &read(attributes), Strictness::Strict);
    parsed.expect("a document of the test").document
}

fn read(json: &Plain) -> Json {
    Json::parse(json.to_string().as_bytes()).expect("JSON of the test")
}

/// The operations of a request body around this list.
fn operations(list: &Plain) -> Result<Vec<Operation>, Invalid> {
    read_operations(&read(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": list,
    })))
}

impl Resource {
    fn resource_type(&self) -> &ResourceType {
        (self.of)(&self.catalog)
    }

    fn patch_as(&self, options: PatchOptions, list: &Plain) -> Result<Patched, Invalid> {
        apply(self.resource_type(), &self.document, &operations(list)?, options)
    }

    fn patch(&self, list: &Plain) -> Patched {
        match self.patch_as(PatchOptions::TOLERANT, list) {
            Ok(patched) => patched,
            Err(refusal) => panic!("{refusal:?} for {list}"),
        }
    }

    /// One operation makes this of it, and ignores nothing.
    fn becomes(&self, operation: Plain, expected: Plain) {
        self.becomes_after(json!([operation]), expected);
    }

    /// Some operations make this of it, and ignore nothing.
    fn becomes_after(&self, operations: Plain, expected: Plain) {
        let patched = self.patch(&operations);
        let expected = document(self.resource_type(), &expected);
        assert_eq!(patched.document, expected, "after {operations}");
        assert_eq!(patched.ignored, [""; 0], "after {operations}");
        assert_eq!(patched.rows, [], "after {operations}");
    }

    /// One operation leaves it as it is.
    fn stays(&self, operation: Plain) {
        let patched = self.patch(&json!([operation]));
        assert_eq!(patched.document, self.document, "after {operation}");
    }

    /// One operation is refused so.
    fn refuses(&self, operation: Plain, reason: Reason) {
        let refusal = self.refusal(PatchOptions::TOLERANT, &json!([operation]));
        assert_eq!(refusal.reason, reason, "for {operation}: {refusal}");
    }

    fn refusal(&self, options: PatchOptions, list: &Plain) -> Invalid {
        match self.patch_as(options, list) {
            Err(refusal) => refusal,
            Ok(patched) => panic!("no refusal of {list}, but {patched:?}"),
        }
    }

    /// The changes of rows that an operation means.
    fn rows(&self, operation: Plain) -> Vec<RowChange> {
        let patched = self.patch(&json!([operation]));
        assert_eq!(patched.document, self.document, "after {operation}");
        patched.rows
    }
}
