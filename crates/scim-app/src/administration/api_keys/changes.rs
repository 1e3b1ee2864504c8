//! Changing a key. It takes effect with the key's next request, on every instance.

use scim_domain::{
    ApiKeyId, Decision, EventKind, OrganizationId,
    api_key::{ApiKey, ApiKeyChange, Permission},
    resource::document::Strictness,
};

use super::{super::Administration, entry, event, roles_exist};
use crate::{Error, journal};

impl Administration {
    /// Changes a key. Whoever changes more than taking permissions away must be able to give what
    /// the key has afterwards: a wider range of addresses or a later expiry is a gift, too.
    pub async fn change_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        change: ApiKeyChange,
    ) -> Result<ApiKey, Error> {
        self.alter_key(organization, id, |_| change).await
    }

    /// Gives a key a permission, or takes it away.
    pub async fn set_api_key_permission(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        permission: Permission,
        allowed: bool,
    ) -> Result<ApiKey, Error> {
        let change = |key: &ApiKey| {
            let mut permissions = key.permissions.clone();
            if allowed {
                permissions.insert(permission);
            } else {
                permissions.remove(&permission);
            }
            ApiKeyChange { permissions: Some(permissions), ..ApiKeyChange::default() }
        };
        self.alter_key(organization, id, change).await
    }

    /// Makes a key strict or tolerant.
    pub async fn set_api_key_strictness(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        strictness: Strictness,
    ) -> Result<ApiKey, Error> {
        let change = ApiKeyChange { strictness: Some(strictness), ..ApiKeyChange::default() };
        self.alter_key(organization, id, |_| change).await
    }

    async fn alter_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        change: impl FnOnce(&ApiKey) -> ApiKeyChange + Send,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.begin().await?;
        let before = self.live_key(&mut *unit, organization, id).await?;
        let after = before.changed(change(&before), self.clock.now())?;
        if after == before {
            journal::conclude(unit).await?;
            return Ok(after);
        }
        if after.expires != before.expires && before.successor.is_some() {
            return Err(Error::Conflict(
                "This API key was replaced by another and ends with the overlap. Change the \
                 expiry of its successor."
                    .to_owned(),
            ));
        }
        if !before.only_loses(&after) {
            self.may_give(&mut *unit, &after.permissions).await?;
        }
        let denied = after.limits.denied_roles.difference(&before.limits.denied_roles);
        roles_exist(&mut *unit, organization, denied).await?;
        unit.api_keys().update(&after).await?;
        let told = changed(&before, &after);
        let kind = if let [only] = told.as_slice() { *only } else { EventKind::ApiKeyUpdated };
        let events = told.into_iter().map(|kind| event(kind, &after)).collect();
        let entry = entry(kind, &after);
        Ok(self.journal(organization).commit(unit, entry, Decision::new(after, events)).await?)
    }
}

/// What a change is told as.
fn changed(before: &ApiKey, after: &ApiKey) -> Vec<EventKind> {
    let rest = ApiKey {
        permissions: after.permissions.clone(),
        strictness: after.strictness,
        ..before.clone()
    };
    [
        (before.permissions != after.permissions, EventKind::ApiKeyPermissionsChanged),
        (before.strictness != after.strictness, EventKind::ApiKeyStrictnessChanged),
        (rest != *after, EventKind::ApiKeyUpdated),
    ]
    .into_iter()
    .filter_map(|(different, kind)| different.then_some(kind))
    .collect()
}
