//! What an identity provider can assign: the roles, where the organization assigns.

use std::sync::Arc;

use scim_domain::{
    organization::Entitlements,
    resource::{Object, sort::SortKey},
    role::Role,
    schema::{Assignables, Catalog, ResourceType},
};
use uuid::Uuid;

use super::{
    Caller, ListQuery, Listing, Provisioning, Session, cursor::Binding, listing::Question,
};
use crate::{Error, ports::Place};

impl Caller {
    /// Whether role values of users assign roles. Elsewhere nothing speaks of them, so that nobody
    /// assigns what does nothing.
    pub fn assigns(&self) -> bool {
        self.organization.entitlements == Entitlements::Assign
    }
}

impl Provisioning {
    /// The schemas that discovery shows to a caller; where the organization assigns, with the
    /// values that can be assigned.
    pub async fn discovery(&self, session: &mut Session) -> Result<Arc<Catalog>, Error> {
        session.caller.full()?;
        if !session.caller.assigns() {
            return Ok(Arc::clone(&session.caller.catalog));
        }
        let roles = session.snapshot.roles().list(session.caller.organization()).await?;
        let values = roles.into_iter().map(|it| it.key.as_str().to_owned()).collect();
        Ok(Arc::new(session.caller.catalog.with_role_values(values)))
    }

    /// The roles that can be assigned, oldest first unless sorted, with one statement for how often
    /// each is. `base` is the public base URL without a slash at its end.
    pub async fn search_roles(
        &self,
        session: &mut Session,
        query: &ListQuery,
        base: &str,
    ) -> Result<Listing<Object>, Error> {
        session.caller.full()?;
        let kind = &Assignables::standard().shown_role;
        let question = session.caller.asks(query, kind)?;
        let mut found = roles(session, base).await?;
        if let Some(filter) = &question.filter {
            found.retain(|(_, it)| filter.matches(kind, it));
        }
        self.assignable_page(session, kind, &question, found).await
    }

    /// A part of what can be assigned. It is little, and made for this answer: the domain does what
    /// the store does for users.
    async fn assignable_page(
        &self,
        session: &mut Session,
        kind: &ResourceType,
        question: &Question,
        found: Vec<(Uuid, Object)>,
    ) -> Result<Listing<Object>, Error> {
        let binding = Binding::new(session.caller.organization(), &[(kind, question)]);
        let wanted = self.wanted(session, &question.paging, binding).await?;
        let sort = question.sort.as_ref();
        let place = |id, it: &Object| {
            let key = sort.map_or(SortKey::MISSING, |sort| sort.key(kind, it));
            Place { key, id }
        };
        let mut all: Vec<_> = found.into_iter().map(|(id, it)| (place(id, &it), it)).collect();
        let descending = sort.is_some_and(|it| it.descending);
        all.sort_by(|(one, _), (other, _)| one.compare(other, descending));
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let (inside, rest) = wanted.part().cut(all, descending, |(place, _)| place.clone());
        let items = inside.into_iter().map(|(_, it)| it).collect();
        Ok(Listing { total, position: self.position(wanted, rest)?, items })
    }

    /// One role. Its id is its key.
    pub async fn get_role(
        &self,
        session: &mut Session,
        id: &str,
        base: &str,
    ) -> Result<Object, Error> {
        session.caller.full()?;
        let own = |it: &Object| it.get("id").and_then(|it| it.as_text()) == Some(id);
        let found = roles(session, base).await?.into_iter().map(|(_, it)| it).find(own);
        found.ok_or_else(|| Error::Missing { what: "role", id: id.to_owned() })
    }

    /// The entitlements: none, whatever is asked. What is asked must make sense all the same.
    pub async fn search_entitlements(
        &self,
        session: &mut Session,
        query: &ListQuery,
    ) -> Result<Listing<Object>, Error> {
        session.caller.full()?;
        let kind = &Assignables::standard().entitlement;
        let question = session.caller.asks(query, kind)?;
        self.assignable_page(session, kind, &question, Vec::new()).await
    }

    /// One entitlement: there is none.
    pub fn get_entitlement(&self, caller: &Caller, id: &str) -> Result<Object, Error> {
        caller.full()?;
        Err(Error::Missing { what: "entitlement", id: id.to_owned() })
    }
}

/// All roles as resources, with the ids by which they are in order of creation.
async fn roles(session: &mut Session, base: &str) -> Result<Vec<(Uuid, Object)>, Error> {
    let organization = session.caller.organization();
    let roles = session.snapshot.roles().list(organization).await?;
    let counts = session.snapshot.roles().count_assigned(organization).await?;
    let used =
        |role: &Role| counts.iter().find(|(id, _)| *id == role.id).map_or(0, |(_, number)| *number);
    Ok(roles.iter().map(|it| (it.id.uuid(), it.to_resource(used(it), base))).collect())
}
