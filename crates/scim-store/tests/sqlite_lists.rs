//! Lists for people cost the same number of statements, however long they are.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;

use std::sync::Arc;

use fresh::Fresh;
use scim_app::{
    Actor,
    administration::{Administration, NewRole},
    ports::{Store, Window},
    testing::{CountingIds, FastSecrets, StoppedClock},
};
use scim_domain::organization::Plan;

// V6
#[tokio::test]
async fn lists_of_roles_and_groups_are_a_handful_of_statements() {
    let fresh = Fresh::new().await;
    let store = fresh.open();
    let administration = Administration::new(
        Arc::clone(&store) as Arc<dyn Store>,
        Arc::new(StoppedClock::new()),
        Arc::new(CountingIds::new()),
        Arc::new(FastSecrets::new()),
        Actor::Cli("test".to_owned()),
    );
    let acme = administration.create_organization("Acme", Plan::Growth).await.unwrap().id;
    let mut counts = Vec::new();
    for number in [3, 30] {
        for more in counts.len() * 3..number {
            let new = NewRole { name: format!("Role {more}"), ..NewRole::default() };
            administration.create_role(acme, new).await.unwrap();
        }
        let before = store.statements();
        let roles = administration.list_roles(acme).await.unwrap();
        let of_roles = store.statements() - before;
        let before = store.statements();
        let window = Window { offset: 0, limit: 100 };
        let groups = administration.list_groups(acme, window).await.unwrap();
        counts.push((of_roles, store.statements() - before));
        assert_eq!((roles.len(), groups.items.len()), (number + 3, number + 3));
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].0 <= 6 && counts[0].1 <= 6, "{counts:?}");
}
