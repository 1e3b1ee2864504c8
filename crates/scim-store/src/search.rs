//! Searches: SQL narrows, the domain decides.
//!
//! A filter that SQL can answer exactly is counted, ordered and paged by SQL. Otherwise SQL gives
//! the candidates and [`scim_domain::resource::filter::Filter::matches`] picks among them.

mod candidates;
mod compile;
mod exact;
mod field;
mod keyset;
mod lookup;
mod numbered;
mod order;
mod searched;

use std::sync::Arc;

use scim_app::ports::{Page, Search, StoreError};
use uuid::Uuid;

pub(crate) use searched::{GroupSearch, Searched, UserSearch};

use crate::{blocks::Blocks, session::Session};

/// Finds the resources that match.
pub(crate) async fn run<S: Session, K: Searched>(
    session: &mut S,
    blocks: &Arc<Blocks>,
    organization: Uuid,
    search: Search<'_>,
) -> Result<Page<K::Stored>, StoreError> {
    let resource_type = search.catalog.of(K::KIND);
    if let Some(call) = lookup::of::<K>(organization, &search) {
        let found = session.rows(call, K::read).await?;
        return lookup::page::<K>(found, &search);
    }
    let narrowed = compile::narrow(
        session.dialect(),
        resource_type,
        organization,
        search.filter,
        search.catalog.nested_groups,
    );
    match order::of(resource_type, search.sort) {
        Some(order) if narrowed.exact => {
            exact::page::<S, K>(session, blocks, organization, narrowed, order, search).await
        }
        Some(_) | None => candidates::page::<S, K>(session, organization, narrowed, search).await,
    }
}
