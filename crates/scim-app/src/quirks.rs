//! What known clients send otherwise than the RFCs have it, rewritten before the strict core.
//!
//! Here is the kindness that the request alone decides, together with the schemas it is read
//! against: each quirk is one small pure function over the body, beside the recorded requests of
//! `scim-http/tests/identity_providers` that ask for it. Kindness that needs the resource is an
//! option of the engine (`PatchOptions`). Whatever a function here does not recognise it leaves as it
//! is, and the core says what is wrong with it.

use std::{collections::BTreeSet, sync::Arc};

use parking_lot::Mutex;
use scim_domain::{Json, schema::ResourceType};

mod members;
mod message;
mod names;
mod scim_1_1;
#[cfg(test)]
mod tests;
mod values;

/// One way in which clients differ from the RFCs, and that is understood all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quirk {
    /// `"op": "Replace"` (Entra ID; `entra/update-a-user`).
    OperationInOtherCase,
    /// A PATCH without `schemas` (`any/a-patch-without-schemas`).
    PatchWithoutSchemas,
    /// `"Operations": {…}` (`any/one-operation-without-its-list`).
    OperationsAsObject,
    /// `"path": ""` (`any/an-empty-path`).
    EmptyPath,
    /// An operation without a path, which RFC 7644 allows and interoperability profiles do not
    /// (Okta; `okta/deactivate-by-patch`). The core carries it out as it is.
    OperationWithoutPath,
    /// A value without a path that is JSON in a text (SCIM for Keycloak;
    /// `keycloak/json-inside-of-a-text`).
    ValueAsJsonText,
    /// A value without a path in a list of one (`any/the-value-in-a-list`).
    ValueInList,
    /// A `remove` with the values to remove (Entra ID; `entra/members-come-and-go`). The core
    /// carries it out as it is.
    RemoveWithValue,
    /// `"name.givenName"` as a key (Entra ID; `entra/update-with-the-flag`). The core resolves it.
    AttributeByPath,
    /// `manager` without the URN of its schema (Entra ID; `entra/manager-in-every-shape`).
    AttributeWithoutUrn,
    /// `"active": "False"` (Entra ID; `entra/disable-and-restore-a-user`).
    BooleanAsText,
    /// `"manager": "id"` or `"roles": "Admin"` (Entra ID, Okta; `field/35-roles-in-any-shape`).
    TextForObject,
    /// One value where a list is wanted (`field/35-roles-in-any-shape`).
    ValueForList,
    /// A list of one where a value is wanted (Entra ID; `field/20-manager`).
    ListForValue,
    /// `""` for "no value" (Entra ID, Okta; `entra/null-update`).
    EmptyText,
    /// `"operation": "delete"` in a member (OneLogin; `onelogin/members-with-operations`).
    MemberOperation,
    /// A PATCH as SCIM 1.1 had it: part of a resource (OneLogin;
    /// `onelogin/members-with-operations`).
    Scim11Patch,
    /// An attribute or a schema that nothing here knows (Entra ID; `entra/a-misspelt-schema`). The
    /// core leaves it out.
    UnknownAttribute,
    /// `userName eq jane` (authentik; `authentik/unquoted-filters-and-adoption`).
    TextWithoutQuotes,
    /// URNs of SCIM 1.1 (OneLogin; `onelogin/scim-1-1-schemas`).
    Scim11Schemas,
}

impl Quirk {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 20] = [
        Self::OperationInOtherCase,
        Self::PatchWithoutSchemas,
        Self::OperationsAsObject,
        Self::EmptyPath,
        Self::OperationWithoutPath,
        Self::ValueAsJsonText,
        Self::ValueInList,
        Self::RemoveWithValue,
        Self::AttributeByPath,
        Self::AttributeWithoutUrn,
        Self::BooleanAsText,
        Self::TextForObject,
        Self::ValueForList,
        Self::ListForValue,
        Self::EmptyText,
        Self::MemberOperation,
        Self::Scim11Patch,
        Self::UnknownAttribute,
        Self::TextWithoutQuotes,
        Self::Scim11Schemas,
    ];

    /// The name under which it is counted; never renamed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OperationInOtherCase => "operation_in_other_case",
            Self::PatchWithoutSchemas => "patch_without_schemas",
            Self::OperationsAsObject => "operations_as_object",
            Self::EmptyPath => "empty_path",
            Self::OperationWithoutPath => "operation_without_path",
            Self::ValueAsJsonText => "value_as_json_text",
            Self::ValueInList => "value_in_list",
            Self::RemoveWithValue => "remove_with_value",
            Self::AttributeByPath => "attribute_by_path",
            Self::AttributeWithoutUrn => "attribute_without_urn",
            Self::BooleanAsText => "boolean_as_text",
            Self::TextForObject => "text_for_object",
            Self::ValueForList => "value_for_list",
            Self::ListForValue => "list_for_value",
            Self::EmptyText => "empty_text",
            Self::MemberOperation => "member_operation",
            Self::Scim11Patch => "scim_1_1_patch",
            Self::UnknownAttribute => "unknown_attribute",
            Self::TextWithoutQuotes => "text_without_quotes",
            Self::Scim11Schemas => "scim_1_1_schemas",
        }
    }

    /// The quirk of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What the client does, in a sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::OperationInOtherCase => {
                "The names of PATCH operations are not in lower case (\"Replace\")."
            }
            Self::PatchWithoutSchemas => {
                "A PATCH request does not name its message in \"schemas\"."
            }
            Self::OperationsAsObject => "A single PATCH operation stands without its list.",
            Self::EmptyPath => "A PATCH operation has an empty path instead of none.",
            Self::OperationWithoutPath => "A PATCH operation has no path.",
            Self::ValueAsJsonText => {
                "The value of a PATCH operation without a path is JSON written into a text."
            }
            Self::ValueInList => {
                "The value of a PATCH operation without a path stands in a list of its own."
            }
            Self::RemoveWithValue => {
                "A \"remove\" operation lists what to remove in its value instead of its path."
            }
            Self::AttributeByPath => {
                "A key names an attribute by its path (\"name.givenName\") instead of nesting it."
            }
            Self::AttributeWithoutUrn => {
                "An attribute of an extension is named without the URN of its schema (\"manager\")."
            }
            Self::BooleanAsText => "A boolean is sent as a text (\"False\").",
            Self::TextForObject => {
                "A text is sent where an object is wanted: its \"value\" (a manager, a role)."
            }
            Self::ValueForList => "A single value is sent where a list is wanted.",
            Self::ListForValue => "A list of one is sent where a single value is wanted.",
            Self::EmptyText => "An empty text is sent for no value.",
            Self::MemberOperation => {
                "Members say what becomes of them one by one (\"operation\": \"delete\"), as in \
                 SCIM 1.1."
            }
            Self::Scim11Patch => {
                "A PATCH request is part of a resource, as in SCIM 1.1, instead of a list of \
                 operations."
            }
            Self::UnknownAttribute => {
                "Attributes or schemas are sent that this organization does not have."
            }
            Self::TextWithoutQuotes => "A text in a filter has no quotes around it.",
            Self::Scim11Schemas => "Schemas are named by the URNs of SCIM 1.1.",
        }
    }
}

/// What one request has shown so far; a quirk counts once, however often it comes. Cheap to clone;
/// clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Showed(Arc<Mutex<BTreeSet<Quirk>>>);

impl Showed {
    /// Takes note.
    pub(crate) fn note(&self, quirks: impl IntoIterator<Item = Quirk>) {
        self.0.lock().extend(quirks);
    }

    /// All of them, in the order of [`Quirk::ALL`].
    pub fn all(&self) -> Vec<Quirk> {
        self.0.lock().iter().copied().collect()
    }
}

/// What a body means to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A whole resource: POST and PUT.
    Resource,
    /// Operations on one: PATCH.
    Patch,
}

/// A body as the core wants it, and what was to be forgiven for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewritten {
    /// The body.
    pub body: Json,
    /// The quirks of the request, each once, in the order of [`Quirk::ALL`].
    pub quirks: Vec<Quirk>,
}

/// Rewrites the body of a request about a resource of this type.
pub fn rewrite(resource_type: &ResourceType, message: Message, mut body: Json) -> Rewritten {
    let mut seen = Seen::default();
    match message {
        Message::Resource => {
            scim_1_1::schemas(resource_type, &mut body, &mut seen);
            names::in_resource(resource_type, &mut body, &mut seen);
            values::in_resource(resource_type, &mut body, &mut seen);
            members::in_resource(resource_type, &mut body, &mut seen);
        }
        Message::Patch => {
            if !scim_1_1::patch(resource_type, &mut body, &mut seen) {
                message::patch(&mut body, &mut seen);
            }
            names::in_patch(resource_type, &mut body, &mut seen);
            values::in_patch(resource_type, &mut body, &mut seen);
            members::in_patch(resource_type, &mut body, &mut seen);
        }
    }
    Rewritten { body, quirks: seen.0.into_iter().collect() }
}

/// The quirks seen so far.
#[derive(Debug, Default)]
struct Seen(BTreeSet<Quirk>);

impl Seen {
    fn note(&mut self, quirk: Quirk) {
        self.0.insert(quirk);
    }
}

/// The members of an object, to be changed in place.
fn members_of(json: &mut Json) -> Option<&mut Vec<(String, Json)>> {
    if let Json::Object(members) = json { Some(members) } else { None }
}

/// A member of an object, to be changed in place; names compare without regard to ASCII case.
fn member<'a>(json: &'a mut Json, name: &str) -> Option<&'a mut Json> {
    let members = members_of(json)?;
    members.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The operations of a PATCH, to be changed in place.
fn operations(body: &mut Json) -> Option<&mut Vec<Json>> {
    if let Some(Json::Array(all)) = member(body, "Operations") { Some(all) } else { None }
}

/// The text of a member of an object.
fn text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    json.get(name).and_then(Json::as_str)
}
