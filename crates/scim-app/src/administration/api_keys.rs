//! API keys: create, list, permit, forbid, revoke, rotate.

use scim_domain::{
    ApiKeyId, Decision, Event, EventKind, Invalid, OrganizationId, Subject, Timestamp,
    api_key::{ApiKey, NewApiKey, Permission, Standing, together},
    resource::document::Strictness,
};
use serde_json::{Value, json};

use super::Administration;
use crate::{
    Error,
    journal::Entry,
    ports::{KeyUse, QuirkCount, UnitOfWork},
    token::Token,
};

/// The longest time in which a rotated key and its successor both work, in seconds: 7 days.
const LONGEST_OVERLAP: i64 = 7 * 24 * 60 * 60;

/// A new key and its token, which is never shown again.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key.
    pub key: ApiKey,
    /// The token.
    pub token: Token,
}

/// A key in a list.
#[derive(Clone, Debug)]
pub struct ListedApiKey {
    /// The key.
    pub key: ApiKey,
    /// Whether it works.
    pub standing: Standing,
    /// When and from where it was last used, as far as known.
    pub last_used: Option<KeyUse>,
}

impl Administration {
    /// Creates a key. It may do nothing unless `new` says so.
    pub async fn create_api_key(
        &self,
        organization: OrganizationId,
        new: NewApiKey,
    ) -> Result<CreatedApiKey, Error> {
        let (key, token) = self.make_key(organization, new).await?;
        let mut unit = self.store.begin().await?;
        self.owner(unit.read(), organization).await?;
        unit.api_keys().insert(&key).await?;
        let decision = Decision::new((), vec![event(EventKind::ApiKeyCreated, &key)]);
        let entry = entry("api_key.created", &key);
        self.journal(organization).commit(unit, entry, decision).await?;
        Ok(CreatedApiKey { key, token })
    }

    /// The keys of an organization, oldest first.
    pub async fn list_api_keys(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<ListedApiKey>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        let now = self.clock.now();
        let all = snapshot.api_keys().list(organization).await?;
        let listed = |(key, last_used): (ApiKey, _)| {
            let standing = key.standing(now);
            ListedApiKey { key, standing, last_used }
        };
        Ok(all.into_iter().map(listed).collect())
    }

    /// Gives a key a permission, or takes it away.
    pub async fn set_api_key_permission(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        permission: Permission,
        allowed: bool,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.store.begin().await?;
        let mut key = self.live_key(&mut *unit, organization, id).await?;
        let different = if allowed {
            key.permissions.insert(permission)
        } else {
            key.permissions.remove(&permission)
        };
        if !different {
            return Ok(key);
        }
        together(key.organization, &key.permissions)?;
        unit.api_keys().update(&key).await?;
        let entry = entry("api_key.permissions_changed", &key);
        let told = vec![event(EventKind::ApiKeyPermissionsChanged, &key)];
        let decision = Decision::new(key, told);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// Makes a key strict or tolerant, from its next request on.
    pub async fn set_api_key_strictness(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        strictness: Strictness,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.store.begin().await?;
        let mut key = self.live_key(&mut *unit, organization, id).await?;
        if key.strictness == strictness {
            return Ok(key);
        }
        key.strictness = strictness;
        unit.api_keys().update(&key).await?;
        let entry = entry("api_key.strictness_changed", &key);
        let told = vec![event(EventKind::ApiKeyStrictnessChanged, &key)];
        let decision = Decision::new(key, told);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// What the requests of an organization's keys showed beside the standard, by key, then by name.
    pub async fn list_quirks(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<QuirkCount>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        Ok(snapshot.api_keys().quirks(organization).await?)
    }

    /// Revokes a key: the next request with it is refused, everywhere.
    pub async fn revoke_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.store.begin().await?;
        let mut key = self.find_key(&mut *unit, organization, id).await?;
        if key.revoked.is_some() {
            return Ok(key);
        }
        key.revoked = Some(self.clock.now());
        unit.api_keys().update(&key).await?;
        let entry = entry("api_key.revoked", &key);
        let told = vec![event(EventKind::ApiKeyRevoked, &key)];
        Ok(self.journal(organization).commit(unit, entry, Decision::new(key, told)).await?)
    }

    /// Makes a successor with the same name, permissions, public keys and connection. The old key
    /// works for `overlap` seconds more, 0 to 7 days.
    pub async fn rotate_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        overlap: i64,
    ) -> Result<CreatedApiKey, Error> {
        if !(0..=LONGEST_OVERLAP).contains(&overlap) {
            return Err(Invalid::value("The overlap must be 0 to 7 days.").into());
        }
        let mut snapshot = self.store.read().await?;
        let found = snapshot.api_keys().find(organization, id).await?;
        drop(snapshot);
        let known = found.ok_or_else(|| missing(id))?;
        let new = NewApiKey {
            name: known.name,
            description: known.description,
            permissions: known.permissions,
            strictness: known.strictness,
            expires: self.same_lifetime(known.created, known.expires),
        };
        let (mut fresh, token) = self.make_key(organization, new).await?;
        let mut unit = self.store.begin().await?;
        let mut old = self.live_key(&mut *unit, organization, id).await?;
        fresh.permissions.clone_from(&old.permissions);
        fresh.strictness = old.strictness;
        fresh.connection = old.connection;
        let ends = self.clock.now().plus_seconds(overlap);
        old.expires = Some(old.expires.map_or(ends, |it| it.min(ends)));
        let public_keys = unit.read().api_keys().public_keys(organization, id).await?;
        unit.api_keys().insert(&fresh).await?;
        unit.api_keys()
            .set_public_keys(organization, fresh.id, &public_keys, fresh.created)
            .await?;
        unit.api_keys().update(&old).await?;
        let mut entry = entry("api_key.rotated", &old);
        if let Value::Object(detail) = &mut entry.detail {
            detail.insert("successor".to_owned(), json!(fresh.id.to_string()));
        }
        let told =
            vec![event(EventKind::ApiKeyRotated, &old), event(EventKind::ApiKeyCreated, &fresh)];
        self.journal(organization).commit(unit, entry, Decision::new((), told)).await?;
        Ok(CreatedApiKey { key: fresh, token })
    }

    /// A successor lives as long as the first was meant to.
    fn same_lifetime(&self, created: Timestamp, expires: Option<Timestamp>) -> Option<Timestamp> {
        let lifetime = (expires?.micros() - created.micros()) / 1_000_000;
        Some(self.clock.now().plus_seconds(lifetime))
    }

    /// Makes key and token; hashing happens here, outside of any unit of work.
    async fn make_key(
        &self,
        organization: OrganizationId,
        new: NewApiKey,
    ) -> Result<(ApiKey, Token), Error> {
        let id = ApiKeyId::new(self.ids.next());
        let secret = self.secrets.random().map_err(Error::Defect)?;
        let token = Token::new(id, &secret);
        let hash = self.secrets.hash(token.expose()).await.map_err(Error::Defect)?;
        let key = ApiKey::create(id, organization, new, hash, self.clock.now())?;
        Ok((key, token))
    }

    async fn find_key(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ApiKey, Error> {
        let found = unit.read().api_keys().find(organization, id).await?;
        found.ok_or_else(|| missing(id))
    }

    pub(super) async fn live_key(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ApiKey, Error> {
        let key = self.find_key(unit, organization, id).await?;
        match key.standing(self.clock.now()) {
            Standing::Live => Ok(key),
            Standing::Revoked => Err(Error::Conflict("This API key was revoked.".to_owned())),
            Standing::Expired => Err(Error::Conflict("This API key has expired.".to_owned())),
        }
    }
}

pub(super) fn missing(id: ApiKeyId) -> Error {
    Error::Missing { what: "API key", id: id.to_string() }
}

fn facts(key: &ApiKey) -> Value {
    let permissions: Vec<_> = key.permissions.iter().map(|it| it.name()).collect();
    json!({
        "name": key.name,
        "permissions": permissions,
        "strictness": key.strictness.name(),
        "expires": key.expires.map(|it| it.to_string()),
        "connection": key.connection.to_string(),
    })
}

pub(super) fn event(kind: EventKind, key: &ApiKey) -> Event {
    Event::new(kind, Subject::ApiKey(key.id), facts(key))
}

pub(super) fn entry(action: &'static str, key: &ApiKey) -> Entry {
    Entry { action, subject: Subject::ApiKey(key.id), detail: facts(key) }
}
