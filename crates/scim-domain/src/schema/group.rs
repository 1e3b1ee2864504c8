//! The core Group schema (RFC 7643 §4.2, §8.7.1), as this service offers it.

use super::{
    GROUP, Schema,
    build::{complex, reference, schema as make, text},
};

/// The schema.
///
/// Members are users and, where groups may be `nested`, groups; elsewhere nothing here speaks of
/// them. A member's `display` is not offered: it would be a copy of its name in every group.
pub fn schema(nested: bool) -> Schema {
    let (types, members): (&[&str], _) = if nested {
        (&["User", "Group"], "The users in the group, and the groups whose members are in it too.")
    } else {
        (&["User"], "The users in the group.")
    };
    let member = vec![
        text("value", "The id of the member.").exact(),
        reference("$ref", types, "The URI of the member."),
        text("type", "What kind of resource the member is.").suggests(types),
    ]
    .into_iter()
    .map(super::Attribute::immutable)
    .collect();
    let attributes = vec![
        text("displayName", "The name of the group; letter case does not tell two apart.")
            .required()
            .unique(),
        complex("members", members, member).list().in_rows(),
    ];
    make(GROUP, "Group", "Group", attributes)
}
