use scim_domain::{resource::path::AttributePath, schema::ResourceKind};

/// Where SQL finds the values of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// A column with the folded text.
    Folded { column: &'static str, nullable: bool },
    /// A column with the text as it is, null if there is none.
    Exact { column: &'static str },
    /// The id.
    Id,
    /// A column with a boolean, null if there is none.
    Flag { column: &'static str },
    /// A column with a moment.
    Moment { column: &'static str },
    /// The index rows of a path.
    Terms { path: &'static str },
    /// Membership: the column with this resource's id and the one with the other's.
    Members { own: &'static str, other: &'static str },
}

impl Field {
    /// Where the values of a path are, if SQL knows them all. A path comes in the schema's
    /// spelling, so names are compared as they are.
    pub(super) fn of(kind: ResourceKind, path: &AttributePath) -> Option<Self> {
        if path.extension.is_some() {
            return None;
        }
        match (kind, &*path.attribute, path.sub_attribute.as_deref()) {
            (ResourceKind::User | ResourceKind::Group, "id", None) => Some(Self::Id),
            (ResourceKind::User | ResourceKind::Group, "externalId", None) => {
                Some(Self::Exact { column: "external_id" })
            }
            (ResourceKind::User | ResourceKind::Group, "meta", Some("created")) => {
                Some(Self::Moment { column: "created_us" })
            }
            (ResourceKind::User | ResourceKind::Group, "meta", Some("lastModified")) => {
                Some(Self::Moment { column: "updated_us" })
            }
            (ResourceKind::User, "userName", None) => {
                Some(Self::Folded { column: "user_name_key", nullable: false })
            }
            (ResourceKind::User, "displayName", None) => {
                Some(Self::Folded { column: "display_name_key", nullable: true })
            }
            (ResourceKind::User, "active", None) => Some(Self::Flag { column: "active" }),
            (ResourceKind::User, "emails", Some("value")) => {
                Some(Self::Terms { path: "emails.value" })
            }
            (ResourceKind::User, "groups", Some("value")) => {
                Some(Self::Members { own: "user_id", other: "group_id" })
            }
            (ResourceKind::Group, "displayName", None) => {
                Some(Self::Folded { column: "display_name_key", nullable: false })
            }
            (ResourceKind::Group, "members", Some("value")) => {
                Some(Self::Members { own: "group_id", other: "user_id" })
            }
            (ResourceKind::User | ResourceKind::Group, _, _) => None,
        }
    }
}
