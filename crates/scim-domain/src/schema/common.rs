//! The attributes that all resources have (RFC 7643 §3, §3.1).

use super::{
    Attribute,
    build::{complex, moment, reference, text},
};

/// `id`, `externalId`, `meta`, `schemas` (RFC 7643 §3.1), which no schema lists.
pub fn common_attributes() -> Vec<Attribute> {
    let meta = vec![
        text("resourceType", "The resource type.").exact(),
        moment("created", "When the resource was made."),
        moment("lastModified", "When the resource last changed."),
        reference("location", &["uri"], "The URI of the resource."),
        text("version", "The version: the ETag of the resource.").exact(),
    ];
    vec![
        text("id", "The id the service gave the resource; never used again.")
            .exact()
            .required()
            .unique()
            .read_only()
            .always(),
        text("externalId", "The id the identity provider gave the resource.").exact(),
        complex("meta", "What the service knows about the resource.", meta).read_only(),
        // Read-only: an answer's list follows from what the resource holds.
        reference("schemas", &["uri"], "The schemas whose attributes the resource has.")
            .list()
            .required()
            .read_only()
            .always(),
    ]
}
