//! Searches: by URL (RFC 7644 §3.4.2) and by POST (§3.4.3), one kind of resource or both. However
//! the parameters came, what they mean is decided in one place.

use std::sync::Arc;

use scim_app::provisioning::{GroupView, ResourceView, Session, UserView};
use scim_domain::schema::ResourceKind;

use super::{
    Scim,
    answer::Shape,
    body,
    error::Failure,
    exchange::{Call, Done, Handled},
    query::Query,
    streamed::Sending,
    turns::Turn,
};

pub(super) async fn users(call: Call<'_>) -> Handled {
    Asked::by_url(call).users().await
}

pub(super) async fn groups(call: Call<'_>) -> Handled {
    Asked::by_url(call).groups().await
}

pub(super) async fn users_by_post(call: Call<'_>) -> Handled {
    Asked::by_post(call).await?.users().await
}

pub(super) async fn groups_by_post(call: Call<'_>) -> Handled {
    Asked::by_post(call).await?.groups().await
}

pub(super) async fn all_by_post(call: Call<'_>) -> Handled {
    Asked::by_post(call).await?.all().await
}

/// Who searches, and for what.
struct Asked<'a> {
    scim: &'a Scim,
    session: Session,
    query: Query,
    turn: Arc<Turn>,
}

impl<'a> Asked<'a> {
    fn by_url(call: Call<'a>) -> Self {
        let Call { scim, session, query, turn, .. } = call;
        Self { scim, session, query, turn }
    }

    async fn by_post(call: Call<'a>) -> Result<Self, Failure> {
        let Call { scim, request, payload, session, query, turn, .. } = call;
        // As before a write: a slow client holds no view of the store open.
        let caller = session.release();
        // The parameters of a search are no larger for groups than for users.
        let message =
            body::read(scim, request.headers(), payload, ResourceKind::User, &turn).await?;
        let query = query.with(&message)?;
        let session = scim.0.provisioning.resume(caller).await?;
        Ok(Self { scim, session, query, turn })
    }

    async fn users(self) -> Handled {
        let Self { scim, session, query, .. } = self;
        let shape = Shape::of::<UserView>(scim, &session.caller, &query);
        let shown = shape.shown::<UserView>();
        let page = scim.0.provisioning.search_users(session, &query.list, shown).await?;
        Ok(Done::read(shape.page(page).await?))
    }

    async fn groups(self) -> Handled {
        let Self { scim, mut session, query, turn } = self;
        let provisioning = &scim.0.provisioning;
        let shape = Shape::of::<GroupView>(scim, &session.caller, &query);
        let shown = shape.shown::<GroupView>();
        let page = provisioning.search_groups(&mut session, &query.list, shown).await?;
        if !page.items.iter().any(|it| it.members.are_unread()) {
            drop(session);
            return Ok(Done::read(shape.page(page).await?));
        }
        let mut sending = Sending::when_possible(scim, session.release(), &turn).await?;
        let page = provisioning.search_groups(sending.session(), &query.list, shown).await?;
        Ok(Done::read(sending.page(&query, page.map(ResourceView::Group))))
    }

    async fn all(self) -> Handled {
        let Self { scim, mut session, query, turn } = self;
        let provisioning = &scim.0.provisioning;
        let users = Shape::of::<UserView>(scim, &session.caller, &query);
        let groups = Shape::of::<GroupView>(scim, &session.caller, &query);
        let shown = (users.shown::<UserView>(), groups.shown::<GroupView>());
        let page = provisioning.search_all(&mut session, &query.list, shown.0, shown.1).await?;
        if !page.items.iter().any(ResourceView::is_unread) {
            drop(session);
            return Ok(Done::read(users.page_with(groups, page).await?));
        }
        let mut sending = Sending::when_possible(scim, session.release(), &turn).await?;
        let found = provisioning.search_all(sending.session(), &query.list, shown.0, shown.1);
        let page = found.await?;
        Ok(Done::read(sending.page(&query, page)))
    }
}
