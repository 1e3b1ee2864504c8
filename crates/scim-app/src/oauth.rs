//! The token endpoint (RFC 6749 §4.4): access tokens for clients that cannot keep a static one.
//!
//! A client is an API key. Its secret is the key's token; or it signs who it is with a private key
//! whose public part is registered with the key, and there is no secret to keep here. What it gets
//! does what the key does, for an hour.

use std::{fmt, sync::Arc};

use scim_domain::{
    ApiKeyId,
    api_key::{ApiKey, Permission},
    organization::Organization,
};

mod assertion;
mod jose;
mod public_keys;

pub use public_keys::{Algorithm, PublicKey, PublicKeys};

use crate::{
    Error,
    activity::{Activity, Client},
    authentication::Authentication,
    error::Unauthenticated,
    journal::commit_bookkeeping,
    ports::{Ahead, Clock, Store},
    provisioning::{Origin, to_its_end},
    standing,
    token::{Kind, Token},
};
use assertion::{Assertion, Used};

/// How a client says who it is.
pub enum Credential {
    /// `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1).
    Secret {
        /// The key's id.
        client_id: String,
        /// The key's token.
        client_secret: String,
    },
    /// `private_key_jwt` (RFC 7523 §2.2).
    Assertion {
        /// The key's id, if it is said beside the assertion too.
        client_id: Option<String>,
        /// The JWT.
        assertion: String,
    },
}

impl fmt::Debug for Credential {
    /// Without the secret, so that no log can hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Secret { .. } => "Secret",
            Self::Assertion { .. } => "Assertion",
        };
        f.debug_struct(name).finish_non_exhaustive()
    }
}

/// A request for an access token.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    /// Who asks.
    pub credential: Credential,
    /// What for (RFC 6749 §3.3): names of permissions. None: whatever the key may do.
    pub scope: Option<String>,
    /// The names under which this service knows itself, one of which an assertion must be for.
    pub audiences: &'a [&'a str],
}

/// An access token.
#[derive(Debug)]
pub struct Granted {
    /// The token.
    pub token: Token,
    /// How many seconds it is good.
    pub seconds: i64,
    /// The key that it was given for.
    pub key: ApiKey,
}

impl Granted {
    /// What the token is good for: the permissions of its key.
    pub fn scope(&self) -> String {
        let names = self.key.permissions.iter().map(|it| it.name());
        names.collect::<Vec<_>>().join(" ")
    }
}

/// Why no token was given (RFC 6749 §5.2). The texts are shown to who sets the client up.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// `invalid_client`: unknown, or its credential is wrong; all alike.
    #[error("The client is unknown, or its credentials are wrong.")]
    UnknownClient,
    /// `invalid_client`: the credential is right, and its key is over.
    #[error(transparent)]
    Over(Unauthenticated),
    /// `invalid_client`: who signed the assertion is known, and it does not count.
    #[error("{0}")]
    Assertion(&'static str),
    /// `unauthorized_client`: the key has no permission at all.
    #[error("This API key has no permissions, so a token for it would be good for nothing.")]
    Powerless,
    /// `invalid_scope`.
    #[error("The scope names what this API key may not do. Leave it out, or ask for: {0}.")]
    Scope(String),
    /// Whatever else turns the client away, or keeps the service from answering.
    #[error(transparent)]
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated(Unauthenticated::Unknown) => Self::UnknownClient,
            Error::Unauthenticated(
                why @ (Unauthenticated::Revoked
                | Unauthenticated::Expired
                | Unauthenticated::TokenExpired),
            ) => Self::Over(why),
            other => Self::Failed(other),
        }
    }
}

impl From<crate::ports::StoreError> for Refused {
    fn from(error: crate::ports::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// The use case behind the token endpoint. Cheap to clone.
#[derive(Clone)]
pub struct OAuth {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    authentication: Authentication,
    activity: Activity,
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").finish_non_exhaustive()
    }
}

impl OAuth {
    /// The use case over these ports. `authentication` is the one that meets the tokens again: they
    /// share what they remember.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        authentication: Authentication,
        activity: Activity,
    ) -> Self {
        Self { store, clock, authentication, activity }
    }

    /// Gives an access token, and notes the use of its key. A request that is refused leaves nothing
    /// behind.
    ///
    /// Neither plan nor pause are asked: what the token is used for meets them, and says so in words
    /// that fit.
    pub async fn grant(
        &self,
        request: TokenRequest<'_>,
        origin: &Origin,
        agent: Option<&str>,
    ) -> Result<Granted, Refused> {
        let TokenRequest { credential, scope, audiences } = request;
        let ((key, organization), used) = match credential {
            Credential::Secret { client_id, client_secret } => {
                (self.by_secret(&client_id, &client_secret).await?, None)
            }
            Credential::Assertion { client_id, assertion } => {
                let said = client_id.as_deref();
                let (client, used) = self.by_assertion(said, &assertion, audiences).await?;
                (client, Some(used))
            }
        };
        Authentication::admit(&key, origin.address).map_err(Error::from)?;
        standing::keys_work(&organization).map_err(Error::from)?;
        check_scope(&key, scope.as_deref())?;
        if let Some(used) = used {
            self.use_up(&key, used).await?;
        }
        let (token, lifetime) = self.authentication.give_access_token(&self.store, &key).await?;
        let (organization, address) = (key.organization, origin.address);
        self.activity.used(Client { organization, api_key: key.id, address }, agent);
        let seconds = (lifetime.expires.micros() - lifetime.issued.micros()) / 1_000_000;
        Ok(Granted { token, seconds, key })
    }

    async fn by_secret(
        &self,
        client_id: &str,
        client_secret: &str,
    ) -> Result<(ApiKey, Organization), Refused> {
        let token = Token::parse(client_secret).ok_or(Refused::UnknownClient)?;
        // An access token is no secret: else it could be renewed for ever.
        if token.kind() != Kind::Key || ApiKeyId::parse(client_id) != Some(token.key()) {
            return Err(Refused::UnknownClient);
        }
        let known =
            self.authentication.authenticate(&*self.store, Some(&token), || Ahead::Nothing).await?;
        let (_, key, organization) = known;
        Ok((key, organization))
    }

    async fn by_assertion(
        &self,
        said: Option<&str>,
        assertion: &str,
        audiences: &[&str],
    ) -> Result<((ApiKey, Organization), Used), Refused> {
        let assertion = Assertion::parse(assertion).ok_or(Refused::UnknownClient)?;
        let client = assertion.client().ok_or(Refused::UnknownClient)?;
        if said.is_some_and(|it| ApiKeyId::parse(it) != Some(client)) {
            return Err(Refused::UnknownClient);
        }
        let mut snapshot = self.store.read().await?;
        let found = snapshot.api_keys().authenticate(client).await?;
        let (key, organization) = found.ok_or(Refused::UnknownClient)?;
        let keys = snapshot.api_keys().public_keys(organization.id, client).await?;
        if !assertion.is_signed_by(&keys) {
            return Err(Refused::UnknownClient);
        }
        let known = self.authentication.standing(snapshot, key, organization)?;
        let (_, key, organization) = known;
        let used = assertion.check(audiences, self.clock.now()).map_err(Refused::Assertion)?;
        Ok(((key, organization), used))
    }

    /// Remembers an assertion. Of many that race with the same one, a single one gets further.
    async fn use_up(&self, key: &ApiKey, used: Used) -> Result<(), Refused> {
        let (store, now) = (Arc::clone(&self.store), self.clock.now());
        let (organization, id) = (key.organization, key.id);
        let first = to_its_end(async move || {
            let mut unit = store.begin().await?;
            let Used { digest, until } = used;
            let first = unit.api_keys().use_assertion(organization, id, digest, until, now).await?;
            if first {
                commit_bookkeeping(unit).await?;
            }
            Ok(first)
        });
        if first.await? {
            Ok(())
        } else {
            Err(Refused::Assertion("The assertion was used before: its jti must be new each time."))
        }
    }
}

/// A scope is checked and not remembered: a token does what its key may do when it is used.
fn check_scope(key: &ApiKey, scope: Option<&str>) -> Result<(), Refused> {
    if key.permissions.is_empty() {
        return Err(Refused::Powerless);
    }
    let allowed = |it: &str| Permission::parse(it).is_some_and(|it| key.may(it));
    if scope.unwrap_or_default().split_ascii_whitespace().all(allowed) {
        return Ok(());
    }
    let names: Vec<_> = key.permissions.iter().map(|it| it.name()).collect();
    Err(Refused::Scope(names.join(" ")))
}
