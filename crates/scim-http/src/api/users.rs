//! Users: recorded when they sign in, changed where they are local, protected, detached.

use scim_app::{
    Error,
    administration::{Administration, UserSummary, WhichUser},
};
use scim_domain::{OrganizationId, UserId};

use self::{
    asked::{OfUser, WhichUsers},
    said::{NewUser, UserChange},
    shown::{User, UserWithProfile},
};
use super::{
    answer::{Made, no_content, ok},
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    once::Repeated,
    paging::{List, Paging},
    problem::Problem,
};

mod asked;
mod said;
mod shown;

part![
    list_users,
    create_user,
    get_user,
    update_user,
    delete_user,
    protect_user,
    unprotect_user,
    detach_user,
    attach_user,
];

/// Names the organization and the user of a call, and does something with it.
async fn with_user<F, W>(call: &Call, what: W) -> Handled
where
    W: FnOnce(Administration, OrganizationId, UserId) -> F + Clone + Send + 'static,
    F: Future<Output = Result<UserSummary, Error>> + Send + 'static,
{
    let (organization, user) = (call.organization()?, user(call)?);
    let changed = call.manager()?.carry_out(move |it| what(it, organization, user)).await?;
    ok(&User::of(&changed))
}

fn user(call: &Call) -> Result<UserId, Problem> {
    let id = call.segment("user");
    let unknown = || Error::Missing { what: "user", id: id.to_owned() };
    Ok(UserId::parse(id).ok_or_else(unknown)?)
}

/// List users
///
/// Oldest first, with the groups and the roles of each.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/users",
    tag = "Users",
    security(("managementKey" = ["users.read"])),
    params(InOrganization, WhichUsers),
    responses((status = 200, description = "A page", body = List<User>))
)]
async fn list_users(call: Call) -> Handled {
    let WhichUsers { limit, cursor, filter } = call.query()?;
    let paging = Paging { limit, cursor };
    let (limit, after) = (paging.limit()?, paging.after()?.map(UserId::new));
    let (organization, filter) = (call.organization()?, filter.as_deref());
    let users = call.administration()?;
    let found = users.page_of_users(organization, filter, after, limit + 1).await?;
    ok(&List::of(found, limit, |it| it.id.uuid()).map(User::of))
}

/// Record a user
///
/// For somebody who has signed in and is unknown so far. The first write of an identity provider
/// takes the user over: same id, its profile. A `userName` in use is 409, and nobody is revived by
/// signing in: ask for the access of that user instead.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/users",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, Repeated),
    request_body = NewUser,
    responses(
        (status = 201, description = "Recorded", body = User,
            headers(("Location" = String, description = "Where it is"))),
        (status = 403, description = "The key may not do this, or all seats are taken"),
        (status = 409, description = "Somebody has this `userName` already"),
    )
)]
async fn create_user(mut call: Call) -> Handled {
    let new: NewUser = call.body().await?;
    let organization = call.organization()?;
    let list = call.address(&format!("/organizations/{organization}/users"));
    let work = move |it: Administration, once| async move {
        it.create_user_once(organization, new.profile(), &once).await
    };
    let answer = move |it: &UserSummary| Made::new(format!("{list}/{}", it.id), &User::of(it));
    call.create(work, answer).await
}

/// Get a user
///
/// With its groups, its roles and its whole SCIM document.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/users/{user}",
    tag = "Users",
    security(("managementKey" = ["users.read"])),
    params(InOrganization, OfUser),
    responses((status = 200, description = "The user", body = UserWithProfile))
)]
async fn get_user(call: Call) -> Handled {
    let which = WhichUser::Id(user(&call)?);
    let found = call.administration()?.show_user(call.organization()?, &which).await?;
    ok(&UserWithProfile::of(&found)?)
}

/// Change a local user
///
/// A merge patch. `active` takes all access, or gives it back.
#[utoipa::path(
    patch,
    path = "/organizations/{organization}/users/{user}",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    request_body(content = UserChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The user as it is now", body = User),
        (status = 403, description = "The key may not do this, or all seats are taken"),
        (status = 409, description = "An identity provider manages the user, the user is protected \
            and would lose its access, or somebody has this `userName`"),
    )
)]
async fn update_user(mut call: Call) -> Handled {
    let change: UserChange = call.body().await?;
    with_user(&call, |it, organization, user| async move {
        it.update_user(organization, user, change.change()).await
    })
    .await
}

/// Delete a local user
///
/// For good, with its memberships. Its `userName` is free then.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/users/{user}",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "An identity provider manages the user, or it is protected"),
    )
)]
async fn delete_user(call: Call) -> Handled {
    let (organization, user) = (call.organization()?, user(&call)?);
    let work = move |it: Administration| async move { it.delete_user(organization, user).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Protect a user
///
/// Break-glass: identity providers read the user and change nothing of it, its memberships
/// included. Its access stays as it is.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/users/{user}/protect",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    responses((status = 200, description = "The user as it is now", body = User))
)]
async fn protect_user(call: Call) -> Handled {
    with_user(&call, |it, organization, user| async move {
        it.set_user_protected(organization, user, true).await
    })
    .await
}

/// Unprotect a user
///
/// Identity providers may change the user again.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/users/{user}/unprotect",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    responses((status = 200, description = "The user as it is now", body = User))
)]
async fn unprotect_user(call: Call) -> Handled {
    with_user(&call, |it, organization, user| async move {
        it.set_user_protected(organization, user, false).await
    })
    .await
}

/// Detach a user from the identity provider
///
/// It is local from then on, with the same profile and access. The identity provider reads it and
/// changes nothing, not even for a leaver.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/users/{user}/detach",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    responses((status = 200, description = "The user as it is now", body = User))
)]
async fn detach_user(call: Call) -> Handled {
    with_user(
        &call,
        |it, organization, user| async move { it.detach_user(organization, user).await },
    )
    .await
}

/// Attach a detached user to the identity provider again
///
/// The identity provider manages it as before.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/users/{user}/attach",
    tag = "Users",
    security(("managementKey" = ["users.write"])),
    params(InOrganization, OfUser),
    responses(
        (status = 200, description = "The user as it is now", body = User),
        (status = 409, description = "No identity provider has ever written the user"),
    )
)]
async fn attach_user(call: Call) -> Handled {
    with_user(
        &call,
        |it, organization, user| async move { it.attach_user(organization, user).await },
    )
    .await
}
