//! Roles as resources that are read and never written: in the words of
//! draft-ietf-scim-roles-entitlements and in Okta's.
//!
//! Okta reads every endpoint whose resource type names its own schema, and knows no other; clients
//! of the draft look for the draft's. So one endpoint is listed as two resource types, and what is
//! found there carries both schemas and the attributes of both.

use std::sync::{Arc, LazyLock};

use super::{
    Attribute, Catalog, Nature, ResourceType, Schema,
    build::{flag, number, schema as make, text},
    common,
};

/// The URN of a role in the draft.
pub const ROLE: &str = "urn:ietf:params:scim:schemas:core:2.0:Role";
/// The URN of an entitlement in the draft.
pub const ENTITLEMENT: &str = "urn:ietf:params:scim:schemas:core:2.0:Entitlement";
/// The URN of a role in Okta's dialect.
pub const OKTA_ROLE: &str = "urn:okta:scim:schemas:core:1.0:Role";

/// The resource types of an organization that assigns.
#[derive(Debug)]
pub struct Assignables {
    /// Roles as the draft knows them.
    pub role: ResourceType,
    /// The same roles as Okta knows them.
    pub okta_role: ResourceType,
    /// Entitlements, of which there are none: nothing but a role can be assigned.
    pub entitlement: ResourceType,
    /// What is really at `/Roles`: the attributes of both dialects, for filters, order and
    /// projection.
    pub shown_role: ResourceType,
}

impl Assignables {
    /// The same for everybody.
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Assignables> = LazyLock::new(|| {
            let common = Arc::new(common::common_attributes());
            let roles = |name, description: &str, schema| ResourceType {
                kind: Nature::Computed { name, endpoint: "/Roles" },
                description: description.to_owned(),
                schema: Arc::new(schema),
                extensions: Vec::new(),
                common: Arc::clone(&common),
            };
            let both = okta().into_iter().chain(assignable("role")).collect();
            Assignables {
                role: roles("Role", ASSIGNED, make(ROLE, "Role", ASSIGNED, assignable("role"))),
                okta_role: roles(
                    "OktaRole",
                    ASSIGNED,
                    make(OKTA_ROLE, "Role", "A role in the words of Okta", okta()),
                ),
                entitlement: ResourceType {
                    kind: Nature::Computed { name: "Entitlement", endpoint: "/Entitlements" },
                    ..roles("Entitlement", NO_ENTITLEMENTS, entitlement())
                },
                shown_role: roles("Role", ASSIGNED, make(ROLE, "Role", ASSIGNED, both)),
            }
        });
        &STANDARD
    }

    /// What discovery lists beside users and groups.
    pub fn listed(&self) -> [&ResourceType; 3] {
        [&self.role, &self.okta_role, &self.entitlement]
    }
}

const ASSIGNED: &str = "A role of the product, assigned by its value in the roles of a user";
const NO_ENTITLEMENTS: &str = "None: what is assigned are roles, and entitlements are kept as data";

fn entitlement() -> Schema {
    make(ENTITLEMENT, "Entitlement", NO_ENTITLEMENTS, assignable("entitlement"))
}

/// The attributes of the draft that say something here. There is no limit to assignments, so none
/// is told, and no `type`.
fn assignable(what: &str) -> Vec<Attribute> {
    vec![
        text("value", &format!("What a user's list names this {what} by.")).required(),
        text("display", "The name, for people."),
        flag("supported", "Whether it can be assigned."),
        flag("limitedAssignmentsPermitted", "Whether only so many users can have it."),
        number("totalAssignmentsUsed", "To how many active users it is assigned now."),
        text("contains", "The values of what it includes.").list(),
        text("containedBy", "The values of what includes it.").list(),
    ]
    .into_iter()
    .map(Attribute::read_only)
    .collect()
}

fn okta() -> Vec<Attribute> {
    let name = text("displayName", "The name, for people.").required();
    vec![name.read_only(), text("description", "What it is for.").read_only()]
}

impl Catalog {
    /// The same for discovery in an organization that assigns: the roles of a user say what their
    /// values mean and which there are.
    #[must_use]
    pub fn with_role_values(&self, values: Vec<String>) -> Self {
        let mut schema = Schema::clone(&self.user.schema);
        if let Some(roles) = schema.attributes.iter_mut().find(|it| &*it.name == "roles") {
            "The roles of the user: each value that names a role assigns it."
                .clone_into(&mut roles.description);
            if let Some(value) = roles.sub_attributes.iter_mut().find(|it| &*it.name == "value") {
                value.canonical_values = values;
            }
        }
        let user = ResourceType { schema: Arc::new(schema), ..self.user.clone() };
        Self { user, ..self.clone() }
    }
}
