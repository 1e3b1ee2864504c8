//! The Enterprise User extension (RFC 7643 §4.3, §8.7.1), as this service offers it.

use super::{
    ENTERPRISE_USER, Schema,
    build::{complex, reference, schema as make, text},
};

/// The schema.
///
/// The manager's `displayName` is not offered: it would be a copy of another user's name.
pub fn schema() -> Schema {
    let manager = vec![
        text("value", "The manager, as the identity provider names them."),
        reference("$ref", &["User"], "The URI of the manager."),
    ];
    let attributes = vec![
        text("employeeNumber", "The number or code the organization gave the person."),
        text("costCenter", "The cost center."),
        text("organization", "The organization."),
        text("division", "The division."),
        text("department", "The department."),
        complex("manager", "The user's manager.", manager),
    ];
    make(ENTERPRISE_USER, "EnterpriseUser", "Enterprise user", attributes)
}
