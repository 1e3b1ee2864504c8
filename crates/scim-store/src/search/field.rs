use scim_domain::{
    resource::path::AttributePath,
    schema::{AttributeRef, Nature, ResourceKind, ResourceType},
};

/// Where SQL finds the values of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The index rows of a path, with texts as they are or folded.
    Terms { path: String, case_exact: bool },
    /// Membership: the column with this resource's id and the one with the other's.
    Members { own: &'static str, other: &'static str },
}

impl Field {
    /// Where the values of a path are, if SQL knows them all. A path comes in the schema's
    /// spelling, so names are compared as they are.
    pub(super) fn of(resource_type: &ResourceType, path: &AttributePath) -> Option<Self> {
        if path.extension.is_some() {
            return Self::indexed(resource_type, path);
        }
        // What is computed is not in a table.
        let Nature::Stored(kind) = resource_type.kind else { return None };
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
            (ResourceKind::User, "groups", Some("value")) => {
                Some(Self::Members { own: "user_id", other: "group_id" })
            }
            (ResourceKind::Group, "displayName", None) => {
                Some(Self::Folded { column: "display_name_key", nullable: false })
            }
            (ResourceKind::Group, "members", Some("value")) => {
                Some(Self::Members { own: "group_id", other: "user_id" })
            }
            (ResourceKind::User | ResourceKind::Group, _, _) => Self::indexed(resource_type, path),
        }
    }

    /// The index rows of an attribute, if every user has its own.
    fn indexed(resource_type: &ResourceType, path: &AttributePath) -> Option<Self> {
        // There are none of groups.
        if resource_type.kind == Nature::Stored(ResourceKind::Group) {
            return None;
        }
        let found = resource_type.resolve(path)?;
        let AttributeRef { attribute, sub_attribute, .. } = found;
        let held = attribute.sub("value").map(|it| &it.name);
        let holds = held == sub_attribute.map(|it| &it.name);
        let complete = attribute.indexed && !attribute.index_building;
        (complete && holds).then(|| Self::Terms {
            path: found.path().to_string(),
            case_exact: found.target().case_exact,
        })
    }
}
