//! The core Group schema (RFC 7643 §4.2, §8.7.1), as this service offers it.

use super::{
    GROUP, Schema,
    build::{complex, reference, schema as make, text},
};

/// The schema.
///
/// Members are users; groups in groups are not offered, so nothing here speaks of them. A
/// member's `display` is not offered either: it would be a copy of the user's name in every group.
pub fn schema() -> Schema {
    let member = vec![
        text("value", "The id of the member.").exact(),
        reference("$ref", &["User"], "The URI of the member."),
        text("type", "What kind of resource the member is.").suggests(&["User"]),
    ]
    .into_iter()
    .map(super::Attribute::immutable)
    .collect();
    let attributes = vec![
        text("displayName", "The name of the group; letter case does not tell two apart.")
            .required()
            .unique(),
        complex("members", "The users in the group.", member).list().in_rows(),
    ];
    make(GROUP, "Group", "Group", attributes)
}
