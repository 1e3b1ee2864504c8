//! Replacing a key by a new one.

use scim_domain::{
    ApiKeyId, Decision, EventKind, OrganizationId,
    api_key::{ApiKey, check_overlap},
};

use super::{super::Administration, CreatedApiKey, entry, event, missing};
use crate::{Error, idempotency::Once};

impl Administration {
    /// Makes a successor that has everything of a key but its secret. The old key works for
    /// `overlap` seconds more, 0 to 7 days. A key has one successor: if its token was lost, the
    /// successor is the one to rotate.
    ///
    /// Whoever rotates has the successor's token, and must be able to give what it may do.
    pub async fn rotate_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        overlap: i64,
    ) -> Result<CreatedApiKey, Error> {
        self.rotate_api_key_once(organization, id, overlap, &Once::none()).await
    }

    /// The same for a request that may come again.
    pub async fn rotate_api_key_once(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        overlap: i64,
        once: &Once<CreatedApiKey>,
    ) -> Result<CreatedApiKey, Error> {
        check_overlap(overlap)?;
        let mut snapshot = self.store.read().await?;
        let found = snapshot.api_keys().find(organization, id).await?;
        drop(snapshot);
        // Refused before anything is hashed, and once more where it counts.
        self.rotatable(found.ok_or_else(|| missing(id))?)?;
        let fresh = ApiKeyId::new(self.ids.next());
        let token = self.make_token(fresh)?;
        let hash = self.hash(&token).await?;
        let mut unit = self.begin().await?;
        let found = unit.api_keys().find_for_update(organization, id).await?;
        let mut old = self.rotatable(found.ok_or_else(|| missing(id))?)?;
        self.may_give(&mut *unit, &old.permissions).await?;
        let key = old.rotate(fresh, hash, overlap, self.clock.now())?;
        let public_keys = unit.read().api_keys().public_keys(organization, id).await?;
        unit.api_keys().insert(&key).await?;
        unit.api_keys().set_public_keys(organization, key.id, &public_keys, key.created).await?;
        unit.api_keys().update(&old).await?;
        let entry = entry(EventKind::ApiKeyRotated, &old);
        let told =
            vec![event(EventKind::ApiKeyRotated, &old), event(EventKind::ApiKeyCreated, &key)];
        let made = CreatedApiKey { key, token };
        once.remember(&mut *unit, &made).await?;
        self.journal(organization).commit(unit, entry, Decision::new((), told)).await?;
        Ok(made)
    }

    fn rotatable(&self, key: ApiKey) -> Result<ApiKey, Error> {
        let key = self.live(key)?;
        match key.successor {
            None => Ok(key),
            Some(successor) => Err(Error::Conflict(format!(
                "This API key was already replaced by the key {successor}. Rotate that one."
            ))),
        }
    }
}
