//! What is done with keys, whether an organization's or the operator's.

use scim_app::{
    Error,
    administration::{self, Administration},
};
use scim_domain::{ApiKeyId, OrganizationId};
use utoipa::IntoParams;

use super::{
    super::{
        answer::{Made, ok},
        call::Call,
        endpoints::Handled,
        paging::{List, Paging},
        problem::Problem,
    },
    ApiKey, ApiKeyPatch, CreatedApiKey, NewApiKey, Rotation,
};

/// What stands in the path of a key.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read by its name")]
pub(in crate::api) struct WhichKey {
    /// The key's id.
    #[param(rename = "apiKey", format = Uuid)]
    api_key: String,
}

/// The key that the path names.
pub(super) fn key_id(call: &Call) -> Result<ApiKeyId, Problem> {
    let named = call.segment("apiKey");
    let missing = || Error::Missing { what: "API key", id: named.to_owned() };
    Ok(ApiKeyId::parse(named).ok_or_else(missing)?)
}

/// A page of the owner's keys.
pub(in crate::api) async fn list(call: &Call, owner: OrganizationId) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?.map(ApiKeyId::new));
    let found = call.administration()?.page_of_api_keys(owner, after, limit + 1).await?;
    ok(&List::of(found, limit, |it| it.key.id.uuid()).map(ApiKey::listed))
}

/// A new key, with its token.
pub(in crate::api) async fn create(mut call: Call, owner: OrganizationId) -> Handled {
    let new: NewApiKey = call.body().await?;
    let new = new.read()?;
    let work = move |it: Administration, once| async move {
        it.create_api_key_once(owner, new, &once).await
    };
    call.create(work, answer(&call, owner)).await
}

/// One key.
pub(in crate::api) async fn get(call: &Call, owner: OrganizationId) -> Handled {
    let id = key_id(call)?;
    ok(&ApiKey::listed(&call.administration()?.show_api_key(owner, id).await?))
}

/// A key after a change.
pub(in crate::api) async fn update(mut call: Call, owner: OrganizationId) -> Handled {
    let id = key_id(&call)?;
    let patch: ApiKeyPatch = call.body().await?;
    let change = patch.read()?;
    let work = move |it: Administration| async move {
        it.change_api_key(owner, id, change).await?;
        it.show_api_key(owner, id).await
    };
    ok(&ApiKey::listed(&call.manager()?.carry_out(work).await?))
}

/// The successor of a key, with its token.
pub(in crate::api) async fn rotate(mut call: Call, owner: OrganizationId) -> Handled {
    let id = key_id(&call)?;
    let Rotation { overlap_seconds } = call.body().await?;
    let overlap = i64::from(overlap_seconds);
    let work = move |it: Administration, once| async move {
        it.rotate_api_key_once(owner, id, overlap, &once).await
    };
    call.create(work, answer(&call, owner)).await
}

/// A key, revoked.
pub(in crate::api) async fn revoke(call: &Call, owner: OrganizationId) -> Handled {
    let id = key_id(call)?;
    let work = move |it: Administration| async move {
        it.revoke_api_key(owner, id).await?;
        it.show_api_key(owner, id).await
    };
    ok(&ApiKey::listed(&call.manager()?.carry_out(work).await?))
}

/// What is answered to a key that was made: where it is, and its token.
fn answer(
    call: &Call,
    owner: OrganizationId,
) -> impl Fn(&administration::CreatedApiKey) -> Result<Made, Problem> + Clone + Send + Sync + 'static
{
    let list = if owner.is_operator() {
        call.address("/api-keys")
    } else {
        call.address(&format!("/organizations/{owner}/api-keys"))
    };
    move |made| Made::new(format!("{list}/{}", made.key.id), &CreatedApiKey::of(made))
}
