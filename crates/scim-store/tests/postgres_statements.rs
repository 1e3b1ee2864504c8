//! The statements of a request on PostgreSQL, where each is a way there and back.
#![cfg(test)]

#[path = "common/postgres.rs"]
mod postgres;

use std::sync::Arc;

use postgres::FreshPostgres;
use scim_app::{
    ports::{Ahead, Part, Search, Snapshot, Store, Window},
    testing::contract::Stage,
};
use scim_domain::{FoldedText, resource::filter::Filter, schema::Catalog};

const NAME: &str = "anna@acme.example";

async fn find_by_name(snapshot: &mut dyn Snapshot, organization: scim_domain::OrganizationId) {
    let catalog = Catalog::standard();
    let filter = Filter::parse(&format!("userName eq \"{NAME}\""), &catalog.user, &[]).unwrap();
    let part = Part::Window(Window { offset: 0, limit: 100 });
    let search = Search { catalog: &catalog, filter: Some(&filter), sort: None, part };
    let found = snapshot.users().search(organization, search).await.unwrap().items;
    let groups = snapshot.users().groups_of(organization, &[found[0].id]).await.unwrap();
    assert_eq!(groups.len(), 1);
}

// V6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_a_user_and_its_groups_are_one_statement() {
    let fresh = FreshPostgres::new().await;
    let store = fresh.open();
    let stage = Stage::new(Arc::clone(&store) as Arc<dyn Store>);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, NAME).await.id;
    let group = stage.group(acme, "Admins").await.id;
    stage.join(acme, group, &[anna]).await;
    let key = stage.key(acme, "Okta").await.id;
    for ahead in [Ahead::User(anna), Ahead::UserNamed(FoldedText::of(NAME))] {
        let before = store.statements();
        let mut snapshot = stage.read().await;
        snapshot.ahead(&ahead);
        snapshot.api_keys().authenticate(key).await.unwrap().unwrap();
        match ahead {
            Ahead::User(id) => {
                snapshot.users().find(acme, id).await.unwrap().unwrap();
                assert_eq!(snapshot.users().groups_of(acme, &[id]).await.unwrap().len(), 1);
            }
            Ahead::UserNamed(_) | Ahead::Group(_) | Ahead::Nothing => {
                find_by_name(&mut *snapshot, acme).await;
            }
        }
        assert_eq!(store.statements() - before, 1, "{ahead:?}");
    }
}
