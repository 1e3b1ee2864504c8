//! API keys: create, show, list and revoke them, and what every key event and audit entry says.

use scim_domain::{
    ApiKeyId, Decision, Event, EventKind, Invalid, OrganizationId, Subject,
    api_key::{ApiKey, NewApiKey, Standing},
    role::RoleKey,
};
use serde_json::{Value, json};

use super::Administration;
use crate::{
    Error,
    idempotency::Once,
    journal::{self, Entry},
    ports::{KeyUse, QuirkCount, UnitOfWork},
    token::Token,
};

mod changes;
mod expiry;
mod powers;
mod rotation;

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
    /// Creates a key. It may do nothing unless `new` says so, and nothing that whoever creates it
    /// may not give.
    pub async fn create_api_key(
        &self,
        organization: OrganizationId,
        new: NewApiKey,
    ) -> Result<CreatedApiKey, Error> {
        self.create_api_key_once(organization, new, &Once::none()).await
    }

    /// The same for a request that may come again.
    pub async fn create_api_key_once(
        &self,
        organization: OrganizationId,
        new: NewApiKey,
        once: &Once<CreatedApiKey>,
    ) -> Result<CreatedApiKey, Error> {
        let id = ApiKeyId::new(self.ids.next());
        let mut key = ApiKey::create(id, organization, new, String::new(), self.clock.now())?;
        let token = self.make_token(id)?;
        key.hash = self.hash(&token).await?;
        let mut unit = self.begin().await?;
        self.owner(unit.read(), organization).await?;
        self.may_give(&mut *unit, &key.permissions).await?;
        roles_exist(&mut *unit, organization, key.limits.denied_roles.iter()).await?;
        unit.api_keys().insert(&key).await?;
        let decision = Decision::new((), vec![event(EventKind::ApiKeyCreated, &key)]);
        let entry = entry(EventKind::ApiKeyCreated, &key);
        let made = CreatedApiKey { key, token };
        once.remember(&mut *unit, &made).await?;
        self.journal(organization).commit(unit, entry, decision).await?;
        Ok(made)
    }

    /// The keys of an organization, oldest first.
    pub async fn list_api_keys(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<ListedApiKey>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        let all = snapshot.api_keys().list(organization).await?;
        Ok(all.into_iter().map(|it| self.listed(it)).collect())
    }

    /// A part of the same list: the keys after one, or from the beginning, at most `limit` of them.
    pub async fn page_of_api_keys(
        &self,
        organization: OrganizationId,
        after: Option<ApiKeyId>,
        limit: u64,
    ) -> Result<Vec<ListedApiKey>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        let page = snapshot.api_keys().page(organization, after, limit).await?;
        Ok(page.into_iter().map(|it| self.listed(it)).collect())
    }

    /// One key.
    pub async fn show_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ListedApiKey, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        let key = snapshot.api_keys().find(organization, id).await?.ok_or_else(|| missing(id))?;
        let last_used = snapshot.api_keys().last_use(organization, id).await?;
        Ok(self.listed((key, last_used)))
    }

    fn listed(&self, (key, last_used): (ApiKey, Option<KeyUse>)) -> ListedApiKey {
        let standing = key.standing(self.clock.now());
        ListedApiKey { key, standing, last_used }
    }

    /// What the requests of an organization's keys showed beside the standard, by key, then by name.
    pub async fn list_quirks(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<QuirkCount>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(snapshot.api_keys().quirks(organization).await?)
    }

    /// Revokes a key: the next request with it is refused, everywhere. Whoever may write keys may
    /// revoke any, the own one included.
    pub async fn revoke_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ApiKey, Error> {
        let mut unit = self.begin().await?;
        let found = unit.api_keys().find_for_update(organization, id).await?;
        let mut key = found.ok_or_else(|| missing(id))?;
        if key.revoked.is_some() {
            journal::conclude(unit).await?;
            return Ok(key);
        }
        key.revoke(self.clock.now());
        unit.api_keys().update(&key).await?;
        let entry = entry(EventKind::ApiKeyRevoked, &key);
        let told = vec![event(EventKind::ApiKeyRevoked, &key)];
        Ok(self.journal(organization).commit(unit, entry, Decision::new(key, told)).await?)
    }

    fn make_token(&self, id: ApiKeyId) -> Result<Token, Error> {
        let secret = self.secrets.random().map_err(Error::Defect)?;
        Ok(Token::new(id, &secret))
    }

    /// Slow by intent: never inside of a unit of work.
    async fn hash(&self, token: &Token) -> Result<String, Error> {
        self.secrets.hash(token.expose()).await.map_err(Error::Defect)
    }

    pub(super) async fn live_key(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<ApiKey, Error> {
        let found = unit.api_keys().find_for_update(organization, id).await?;
        self.live(found.ok_or_else(|| missing(id))?)
    }

    fn live(&self, key: ApiKey) -> Result<ApiKey, Error> {
        match key.standing(self.clock.now()) {
            Standing::Live => Ok(key),
            Standing::Revoked => Err(Error::Conflict("This API key was revoked.".to_owned())),
            Standing::Expired => Err(Error::Conflict("This API key has expired.".to_owned())),
        }
    }
}

/// Fails unless there are these roles: a denied role with a slip of the pen in its key would be one
/// that is granted.
async fn roles_exist(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    roles: impl Iterator<Item = &RoleKey>,
) -> Result<(), Error> {
    for role in roles {
        if unit.read().roles().find_by_key(organization, role).await?.is_none() {
            return Err(Invalid::value(format!(
                "There is no role with the key \"{role}\" in this organization, so that it cannot \
                 be denied."
            ))
            .into());
        }
    }
    Ok(())
}

pub(super) fn missing(id: ApiKeyId) -> Error {
    Error::Missing { what: "API key", id: id.to_string() }
}

/// What events and audit entries say of a key.
fn facts(key: &ApiKey) -> Value {
    let permissions: Vec<_> = key.permissions.iter().map(|it| it.name()).collect();
    let denied_roles: Vec<_> = key.limits.denied_roles.iter().map(RoleKey::as_str).collect();
    json!({
        "name": key.name,
        "permissions": permissions,
        "strictness": key.strictness.name(),
        "allowedAddresses": key.addresses.names(),
        "usersOnly": key.limits.users_only,
        "deniedRoles": denied_roles,
        "expires": key.expires.map(|it| it.to_string()),
        "connection": key.connection.to_string(),
        "successor": key.successor.map(|it| it.to_string()),
    })
}

pub(super) fn event(kind: EventKind, key: &ApiKey) -> Event {
    Event::new(kind, Subject::ApiKey(key.id), facts(key))
}

pub(super) fn entry(kind: EventKind, key: &ApiKey) -> Entry {
    Entry { action: kind.name(), subject: Subject::ApiKey(key.id), detail: facts(key) }
}
