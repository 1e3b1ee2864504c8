//! Who manages over HTTP: from a key to what may be done with it, on which organizations.
//!
//! A key for SCIM opens nothing here, and a key for managing opens nothing on SCIM. An
//! organization's key reaches its own organization; an operator key reaches all of them.

use std::sync::Arc;

use scim_domain::{
    OrganizationId,
    api_key::{ApiKey, Permission},
    organization::Organization,
};

use crate::{
    Actor, Error,
    activity::{Activity, Client},
    administration::Administration,
    authentication::Authentication,
    error::{Forbidden, Unauthenticated},
    idempotency::{IdempotencyKey, Repeatable},
    ports::{Ahead, Store},
    provisioning::{Origin, to_its_end},
    standing,
    token::Token,
};

/// Opens requests of those who manage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Management {
    authentication: Authentication,
    administration: Administration,
    activity: Activity,
}

impl Management {
    /// Management over these use cases; whoever `administration` was made for acts in none of them.
    pub fn new(
        authentication: Authentication,
        administration: Administration,
        activity: Activity,
    ) -> Self {
        Self { authentication, administration, activity }
    }

    /// Authenticates a request before anything else of it is looked at, and notes the use of its
    /// key. `token` is `None` when there is no credential or a malformed one.
    pub async fn open(
        &self,
        token: Option<&Token>,
        origin: Origin,
        agent: Option<&str>,
    ) -> Result<Manager, Error> {
        let store: Arc<dyn Store> = self.administration.store();
        let Some(token) = token else { return Err(Unauthenticated::Unknown.into()) };
        let (snapshot, key, organization) =
            self.authentication.authenticate(&*store, Some(token), || Ahead::Nothing).await?;
        // Use cases read for themselves, in the unit in which they write.
        drop(snapshot);
        let administration = self
            .administration
            .on_behalf_of(Actor::ApiKey(key.id), Some(origin.request_id.as_str().into()));
        let (token, activity) = (token.clone(), self.activity.clone());
        let manager = Manager { key, token, organization, origin, administration, activity };
        self.activity.used(manager.client(), agent);
        Authentication::admit(&manager.key, manager.origin.address)
            .map_err(|why| manager.refuse(why))?;
        if manager.key.may(Permission::Scim) {
            return Err(manager.refuse(Forbidden::ScimKey));
        }
        standing::keys_work(&manager.organization).map_err(|why| manager.refuse(why))?;
        Ok(manager)
    }
}

/// Whoever manages in one request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Manager {
    key: ApiKey,
    /// What proved that it is the key: its `Debug` form tells nothing of it.
    token: Token,
    organization: Organization,
    origin: Origin,
    administration: Administration,
    activity: Activity,
}

impl Manager {
    /// The key.
    pub const fn key(&self) -> &ApiKey {
        &self.key
    }

    /// The key's own organization; the operator's for an operator key.
    pub const fn home(&self) -> &Organization {
        &self.organization
    }

    /// Where the request came from.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Fails unless the key has the permission.
    pub fn may(&self, permission: Permission) -> Result<(), Error> {
        if self.key.may(permission) {
            Ok(())
        } else {
            Err(self.refuse(Forbidden::Lacks(permission)))
        }
    }

    /// Fails unless it is an operator key that has the permission.
    pub fn operates(&self, permission: Permission) -> Result<(), Error> {
        if !self.key.is_operator() {
            return Err(self.refuse(Forbidden::OperatorOnly));
        }
        self.may(permission)
    }

    /// The organization that a request names, if the key reaches it and has the permission.
    ///
    /// One that the key does not reach is as unknown as one that does not exist; whether it exists
    /// is for the use case to say, in the unit or view that it works in.
    pub fn within(&self, id: &str, permission: Permission) -> Result<OrganizationId, Error> {
        let organization = self.reached(id)?;
        self.may(permission)?;
        Ok(organization)
    }

    /// The organization that a request names, if the key reaches it; see [`Manager::within`].
    pub fn reached(&self, id: &str) -> Result<OrganizationId, Error> {
        let unknown = || Error::Missing { what: "organization", id: id.to_owned() };
        let organization = OrganizationId::parse(id).ok_or_else(unknown)?;
        let reached = self.key.is_operator() || organization == self.key.organization;
        if !reached || organization.is_operator() {
            return Err(unknown());
        }
        Ok(organization)
    }

    /// The use cases, on behalf of the key.
    pub const fn administration(&self) -> &Administration {
        &self.administration
    }

    /// A request of this key that may come again: under which name, and what it asks, in parts.
    pub fn repeatable(&self, key: &IdempotencyKey, asked: &[&[u8]]) -> Result<Repeatable, Error> {
        self.administration.repeatable(self.key.organization, &self.token, key, asked)
    }

    /// Carries out what may write, in a task of its own and to its end: a client that hangs up
    /// never drops it halfway. A denial is counted.
    pub async fn carry_out<T, W, F>(&self, what: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(Administration) -> F + Clone + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let administration = self.administration.clone();
        let done = to_its_end(move || what(administration)).await;
        if let Err(Error::Forbidden(why)) = &done {
            self.activity.denied(self.client(), why);
        }
        done
    }

    /// Refuses, and counts it.
    pub fn refuse(&self, why: Forbidden) -> Error {
        self.activity.denied(self.client(), &why);
        why.into()
    }

    fn client(&self) -> Client {
        Client {
            organization: self.key.organization,
            api_key: self.key.id,
            address: self.origin.address,
        }
    }
}
