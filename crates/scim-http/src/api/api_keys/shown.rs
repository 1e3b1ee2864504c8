//! Keys on the wire.

use scim_app::{
    administration::{self, ListedApiKey},
    ports::{KeyUse, QuirkCount},
};
use scim_domain::api_key::{self, Permission, Standing};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::api::answer::moment;

/// The name of a permission.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) struct PermissionName(pub(in crate::api) Permission);

impl Serialize for PermissionName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for PermissionName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let permission = Permission::parse(&name).map(Self);
        permission.ok_or_else(|| de::Error::custom(format!("no permission is called \"{name}\"")))
    }
}

impl PartialSchema for PermissionName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What a key may do; `GET /permissions` tells what each means."))
            .enum_values(Some(Permission::ALL.iter().map(|it| it.name())))
            .into()
    }
}

impl ToSchema for PermissionName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Permission".into()
    }
}

/// How a key's requests are read.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::api) enum Strictness {
    /// What identity providers send beside the standard is understood; Okta and Entra ID need it.
    Tolerant,
    /// It is refused.
    Strict,
}

/// Whether a key works.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It works.
    Live,
    /// Somebody revoked it.
    Revoked,
    /// Its time is over.
    Expired,
}

/// What a key with the permission `scim` may not do over SCIM.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Limits {
    /// Whether it writes users alone: groups are read with it, and not written.
    users_only: bool,
    /// The keys of the roles that nobody may come to hold by it.
    denied_roles: Vec<String>,
}

/// The last use of a key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LastUse {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// From which address, as far as the proxies between can be trusted.
    #[schema(required)]
    address: Option<String>,
    /// What the client called itself.
    #[schema(required)]
    agent: Option<String>,
}

/// An API key. Its token is not part of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct ApiKey {
    /// Its id, which is also in its token.
    #[schema(format = Uuid)]
    id: String,
    /// Its name, for people; not unique.
    name: String,
    /// What it is for; may be empty.
    description: String,
    /// What it may do.
    permissions: Vec<PermissionName>,
    /// How its requests over SCIM are read.
    strictness: Strictness,
    /// The addresses and ranges from which it may be used; none for anywhere.
    allowed_addresses: Vec<String>,
    /// What it may not do over SCIM.
    limits: Limits,
    /// Whether it works.
    state: State,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// From when on it no longer works; `null` for never.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// When it was revoked.
    #[schema(required, format = DateTime)]
    revoked_at: Option<String>,
    /// The first key of its chain of rotations: keys with the same connection are one history.
    #[schema(format = Uuid)]
    connection: String,
    /// The key by which it was replaced.
    #[schema(required, format = Uuid)]
    successor: Option<String>,
    /// When, from where and by what it was last used; `null` if never, as far as known.
    #[schema(required)]
    last_used: Option<LastUse>,
}

/// A new API key with its token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct CreatedApiKey {
    /// The key.
    #[serde(flatten)]
    key: ApiKey,
    /// The token: the secret to be sent as `Authorization: Bearer`. It is shown this once.
    token: String,
}

/// Something that requests of a key showed beside the standard.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct Quirk {
    /// Its name.
    quirk: &'static str,
    /// What it means.
    meaning: &'static str,
    /// How many requests showed it.
    requests: u64,
    /// When the last one came.
    #[schema(format = DateTime)]
    last_at: String,
    /// The id of the last one, by which the activity and the log know it.
    last_request_id: String,
}

impl ApiKey {
    /// A key with its last use.
    pub(in crate::api) fn listed(it: &ListedApiKey) -> Self {
        let last_used = it.last_used.as_ref().map(LastUse::of);
        Self { last_used, ..Self::of(&it.key, it.standing) }
    }

    fn of(key: &api_key::ApiKey, standing: Standing) -> Self {
        let denied_roles = key.limits.denied_roles.iter().map(ToString::to_string).collect();
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            description: key.description.clone(),
            permissions: key.permissions.iter().copied().map(PermissionName).collect(),
            strictness: key.strictness.into(),
            allowed_addresses: key.addresses.names(),
            limits: Limits { users_only: key.limits.users_only, denied_roles },
            state: standing.into(),
            created_at: moment(key.created),
            expires_at: key.expires.map(moment),
            revoked_at: key.revoked.map(moment),
            connection: key.connection.to_string(),
            successor: key.successor.map(|it| it.to_string()),
            last_used: None,
        }
    }
}

impl CreatedApiKey {
    /// A key that was just made.
    pub(in crate::api) fn of(made: &administration::CreatedApiKey) -> Self {
        Self { key: ApiKey::of(&made.key, Standing::Live), token: made.token.expose().to_owned() }
    }
}

impl LastUse {
    fn of(it: &KeyUse) -> Self {
        let address = it.address.map(|it| it.to_string());
        Self { at: moment(it.at), address, agent: it.agent.clone() }
    }
}

impl Quirk {
    /// A count.
    pub(in crate::api) fn of(it: &QuirkCount) -> Self {
        Self {
            quirk: it.quirk.name(),
            meaning: it.quirk.sentence(),
            requests: it.requests,
            last_at: moment(it.last),
            last_request_id: it.last_request_id.clone(),
        }
    }
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Live => Self::Live,
            Standing::Revoked => Self::Revoked,
            Standing::Expired => Self::Expired,
        }
    }
}

impl From<scim_domain::resource::document::Strictness> for Strictness {
    fn from(strictness: scim_domain::resource::document::Strictness) -> Self {
        match strictness {
            scim_domain::resource::document::Strictness::Tolerant => Self::Tolerant,
            scim_domain::resource::document::Strictness::Strict => Self::Strict,
        }
    }
}

impl From<Strictness> for scim_domain::resource::document::Strictness {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Tolerant => Self::Tolerant,
            Strictness::Strict => Self::Strict,
        }
    }
}
