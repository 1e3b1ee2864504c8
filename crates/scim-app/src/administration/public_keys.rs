//! The public keys with which a client may sign in the name of an API key (RFC 7523).

use scim_domain::{ApiKeyId, Decision, EventKind, OrganizationId, api_key::ApiKey};
use serde_json::{Value, json};

use super::{
    Administration,
    api_keys::{entry, event, missing},
};
use crate::{
    Error,
    oauth::{PublicKey, PublicKeys},
};

impl Administration {
    /// Gives a key these public keys in place of those that it has; none takes all of them away.
    ///
    /// If one is taken away, all access tokens of the key are dead with the next request, since
    /// whoever has its private half may hold one. If keys are only added, tokens live on: a client
    /// that changes its keys has both registered for a while and notices nothing.
    ///
    /// Who holds the private half of a key gets tokens for all that the API key may do. So whoever
    /// adds one must be able to give that; taking keys away needs no more than any revocation.
    pub async fn set_public_keys(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        keys: PublicKeys,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.begin().await?;
        let mut key = self.live_key(&mut *unit, organization, id).await?;
        let before = unit.read().api_keys().public_keys(organization, id).await?;
        if before == keys {
            return Ok(key);
        }
        if !keys.are_all_among(&before) {
            self.may_give(&mut *unit, &key.permissions).await?;
        }
        unit.api_keys().set_public_keys(organization, id, &keys, self.clock.now()).await?;
        let ended = !before.are_all_among(&keys);
        if ended {
            key.token_generation += 1;
            unit.api_keys().update(&key).await?;
        }
        let mut entry = entry(EventKind::ApiKeyPublicKeysChanged, &key);
        let mut told = event(EventKind::ApiKeyPublicKeysChanged, &key);
        for facts in [&mut entry.detail, &mut told.data] {
            if let Value::Object(facts) = facts {
                let names: Vec<_> = keys.iter().map(PublicKey::thumbprint).collect();
                facts.insert("publicKeys".to_owned(), json!(names));
                facts.insert("accessTokensEnded".to_owned(), json!(ended));
            }
        }
        let decision = Decision::new(key, vec![told]);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// The public keys of a key.
    pub async fn list_public_keys(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<PublicKeys, Error> {
        let mut snapshot = self.store.read().await?;
        let found = snapshot.api_keys().find(organization, id).await?;
        found.ok_or_else(|| missing(id))?;
        Ok(snapshot.api_keys().public_keys(organization, id).await?)
    }
}
