//! Units of work for tests.

use scim_app::{
    ports::{Ids as _, Search, Store, StoreError, Window},
    testing::CountingIds,
};
use scim_domain::{OrganizationId, UserId, user::User};
use serde_json::json;

use super::people::user;

/// A user of that name.
pub fn named(ids: &CountingIds, name: &str) -> User {
    user(UserId::new(ids.next()), &json!({ "userName": name, "emails": [{ "value": name }] }))
}

/// One unit that stores one user.
pub async fn store_user(
    store: &dyn Store,
    organization: OrganizationId,
    user: &User,
) -> Result<(), StoreError> {
    let mut unit = store.begin().await?;
    unit.users().insert(organization, user).await?;
    unit.commit().await
}

/// How many users there are.
pub async fn count(store: &dyn Store, organization: OrganizationId) -> u64 {
    let window = Window { offset: 0, limit: 0 };
    let search = Search { filter: None, sort: None, window };
    store.read().await.unwrap().users().search(organization, search).await.unwrap().total
}
