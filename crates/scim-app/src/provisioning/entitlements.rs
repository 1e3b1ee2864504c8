//! What an identity provider can assign: the roles, where the organization assigns.

use std::sync::Arc;

use scim_domain::{
    Invalid, Reason,
    organization::Entitlements,
    resource::Object,
    role::Role,
    schema::{Assignables, Catalog},
};

use super::{Caller, ListQuery, Provisioning, Session, listing::Paging};
use crate::Error;

/// A page of what can be assigned.
#[derive(Debug)]
pub struct AssignablePage {
    /// All matches.
    pub total: u64,
    /// The index of the first item, from 1.
    pub start_index: u64,
    /// The items.
    pub items: Vec<Object>,
}

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
    ) -> Result<AssignablePage, Error> {
        session.caller.full()?;
        let kind = &Assignables::standard().shown_role;
        let question = session.caller.asks(query, kind)?;
        // They are few, and made for this answer: the domain does what the store does for users.
        let mut found = roles(session, base).await?;
        if let Some(filter) = &question.filter {
            found.retain(|it| filter.matches(kind, it));
        }
        if let Some(sort) = &question.sort {
            let mut keyed: Vec<_> = found.into_iter().map(|it| (sort.key(kind, &it), it)).collect();
            keyed.sort_by(|(one, _), (other, _)| {
                let order = one.compare(other);
                if sort.descending { order.reverse() } else { order }
            });
            found = keyed.into_iter().map(|(_, it)| it).collect();
        }
        page(found, &question.paging)
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
        let found = roles(session, base).await?.into_iter().find(own);
        found.ok_or_else(|| Error::Missing { what: "role", id: id.to_owned() })
    }

    /// The entitlements: none, whatever is asked. What is asked must make sense all the same.
    pub fn search_entitlements(
        &self,
        caller: &Caller,
        query: &ListQuery,
    ) -> Result<AssignablePage, Error> {
        caller.full()?;
        let question = caller.asks(query, &Assignables::standard().entitlement)?;
        page(Vec::new(), &question.paging)
    }

    /// One entitlement: there is none.
    pub fn get_entitlement(&self, caller: &Caller, id: &str) -> Result<Object, Error> {
        caller.full()?;
        Err(Error::Missing { what: "entitlement", id: id.to_owned() })
    }
}

/// All roles as resources.
async fn roles(session: &mut Session, base: &str) -> Result<Vec<Object>, Error> {
    let organization = session.caller.organization();
    let roles = session.snapshot.roles().list(organization).await?;
    let counts = session.snapshot.roles().count_assigned(organization).await?;
    let used =
        |role: &Role| counts.iter().find(|(id, _)| *id == role.id).map_or(0, |(_, number)| *number);
    Ok(roles.iter().map(|it| it.to_resource(used(it), base)).collect())
}

/// They are few: a page by cursor would promise what nobody needs.
fn page(all: Vec<Object>, paging: &Paging) -> Result<AssignablePage, Error> {
    let (start, window) = match paging {
        Paging::Index { start, window } => (*start, *window),
        Paging::Cursor { .. } => {
            let detail =
                "What can be assigned is listed by startIndex and count, without a cursor.";
            return Err(Invalid::new(Reason::InvalidCursor, detail).into());
        }
    };
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let [offset, limit] =
        [window.offset, window.limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    let items = all.into_iter().skip(offset).take(limit).collect();
    Ok(AssignablePage { total, start_index: start, items })
}
