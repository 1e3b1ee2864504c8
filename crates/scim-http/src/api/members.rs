//! Who is in a group, and changing that where no identity provider does.

use scim_app::administration::{self, Administration, GroupMember};
use scim_domain::{GroupId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{no_content, ok},
    call::Call,
    endpoints::{Handled, part},
    groups::{OfGroup, group_id},
    paging::{List, Paging},
    problem::Problem,
};

part![list_group_members, add_group_member, remove_group_member];

/// A user, as lists of people show it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// `userName`.
    user_name: String,
    /// `displayName`.
    #[schema(required)]
    display_name: Option<String>,
    /// Whether it has access.
    active: bool,
    /// Whether identity providers must leave it alone.
    protected: bool,
}

impl Person {
    pub(super) fn of(it: &administration::Person) -> Self {
        Self {
            id: it.id.to_string(),
            user_name: it.user_name.clone(),
            display_name: it.display_name.clone(),
            active: it.active,
            protected: it.protected,
        }
    }
}

/// A group that is a member of a group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InnerGroup {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// `displayName`.
    display_name: String,
}

/// A member of a group: a user or, where groups may be members, a group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type")]
enum Member {
    /// A user.
    User(Person),
    /// A group.
    Group(InnerGroup),
}

impl Member {
    fn of(it: &GroupMember) -> Self {
        match it {
            GroupMember::User(person) => Self::User(Person::of(person)),
            GroupMember::Group(id, name) => {
                Self::Group(InnerGroup { id: id.to_string(), display_name: name.clone() })
            }
        }
    }
}

/// What stands in the path of a member.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read segment by segment")]
struct OfMember {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The group's id.
    #[param(format = Uuid)]
    group: String,
    /// The id of the user, or of a group where groups may be members.
    #[param(format = Uuid)]
    member: String,
}

/// List the members of a group
///
/// Its own members, by id; who is in a group in it is listed there.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/groups/{group}/members",
    tag = "Groups",
    security(("managementKey" = ["groups.read"])),
    params(OfGroup, Paging),
    responses((status = 200, description = "A page", body = List<Member>))
)]
async fn list_group_members(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?);
    let (organization, group) = (call.organization()?, group_id(&call)?);
    let administration = call.administration()?;
    let found = administration.list_group_members(organization, group, after, limit + 1).await?;
    ok(&List::of(found, limit, GroupMember::id).map(Member::of))
}

/// Add a member to a group
///
/// Only to a group that is local: those that an identity provider manages are changed there. Who is
/// in the group already stays. Protected users can be added, too.
#[utoipa::path(
    put,
    path = "/organizations/{organization}/groups/{group}/members/{member}",
    tag = "Groups",
    security(("managementKey" = ["groups.write"])),
    params(OfMember),
    responses(
        (status = 204, description = "It is a member"),
        (status = 409, description = "An identity provider manages the group, or groups cannot be \
            members here")
    )
)]
async fn add_group_member(call: Call) -> Handled {
    let (organization, group, member) = named(&call)?;
    let work =
        move |it: Administration| async move { it.add_member(organization, group, member).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Remove a member from a group
///
/// Only from a group that is local. Who is not in the group stays out.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/groups/{group}/members/{member}",
    tag = "Groups",
    security(("managementKey" = ["groups.write"])),
    params(OfMember),
    responses(
        (status = 204, description = "It is no member"),
        (status = 409, description = "An identity provider manages the group")
    )
)]
async fn remove_group_member(call: Call) -> Handled {
    let (organization, group, member) = named(&call)?;
    let work = move |it: Administration| async move {
        it.remove_member(organization, group, member).await
    };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

type Named = (scim_domain::OrganizationId, GroupId, uuid::Uuid);

fn named(call: &Call) -> Result<Named, Problem> {
    let member = call.segment("member");
    let unknown = || scim_app::Error::Missing { what: "user", id: member.to_owned() };
    let id = UserId::parse(member).ok_or_else(unknown)?;
    Ok((call.organization()?, group_id(call)?, id.uuid()))
}
