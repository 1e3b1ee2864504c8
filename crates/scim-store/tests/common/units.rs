//! Units of work for tests.

use scim_app::{
    ports::{Ids as _, Part, Search, Store, StoreError, Window},
    testing::CountingIds,
};
use scim_domain::{
    GroupId, Json, OrganizationId, UserId,
    group::Group,
    resource::{Document, document::Strictness},
    schema::Catalog,
    user::User,
};
use serde_json::json;

use super::people::{NOW, user};

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
    unit.users().insert(organization, &Catalog::standard(), user).await?;
    unit.commit().await
}

/// How many users there are.
pub async fn count(store: &dyn Store, organization: OrganizationId) -> u64 {
    let window = Window { offset: 0, limit: 0 };
    let search = Search {
        catalog: &Catalog::standard(),
        filter: None,
        sort: None,
        part: Part::Window(window),
    };
    store.read().await.unwrap().users().search(organization, search).await.unwrap().total
}

/// A group of that name.
pub fn group(ids: &CountingIds, name: &str) -> Group {
    let body = Json::parse(json!({ "displayName": name }).to_string().as_bytes()).unwrap();
    let resource_type = &Catalog::standard().group;
    let parsed = Document::from_request(resource_type, &body, Strictness::Tolerant).unwrap();
    Group::create(GroupId::new(ids.next()), parsed.document, NOW).unwrap().outcome().clone()
}
