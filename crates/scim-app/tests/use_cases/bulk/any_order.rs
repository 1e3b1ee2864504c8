//! The order of a request does not matter to creates that refer to each other.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use scim_app::provisioning::{Carried, Operation, Task};

use super::{ENTERPRISE, group, user};
use crate::world::{attribute, group_name, world};

/// What an organization holds after a request, with names in the place of ids.
type Held = (Vec<bool>, BTreeMap<String, Option<String>>, BTreeMap<String, Vec<String>>);

async fn held_after(operations: &[Operation], order: &[usize]) -> Held {
    let world = world().await;
    let shuffled: Vec<_> = order.iter().map(|it| operations[*it].clone()).collect();
    let results = world.bulk(shuffled).await;
    assert_eq!(results.len(), operations.len());
    let mut fates: Vec<_> = order.iter().zip(results.values().map(Carried::is_done)).collect();
    fates.sort();
    let fates = fates.into_iter().map(|(_, it)| it).collect();
    let names = async |id: &str| {
        let name = world.find(&format!(r#"id eq "{id}""#)).await.into_iter().next();
        name.map_or("nobody".to_owned(), |it| attribute(&it, "userName").to_string())
    };
    let (mut users, mut groups) = (BTreeMap::new(), BTreeMap::new());
    for view in world.find("userName pr").await {
        let manager = attribute(&view, ENTERPRISE)["manager"]["value"].clone();
        let manager = match manager.as_str() {
            Some(id) => Some(names(id).await),
            None => None,
        };
        users.insert(attribute(&view, "userName").to_string(), manager);
    }
    for result in results.values() {
        let Carried::Done { id, .. } = result else { continue };
        let Ok(view) = world.get_group(id).await else { continue };
        let mut members = Vec::new();
        for id in view.members.all().into_iter().flatten() {
            members.push(names(&id.uuid().to_string()).await);
        }
        members.sort();
        groups.insert(group_name(&view), members);
    }
    (fates, users, groups)
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let users = vec((any::<Option<prop::sample::Index>>(), prop::bool::weighted(0.1)), 1..7);
    let groups = vec(vec(any::<prop::sample::Index>(), 0..4), 0..3);
    (users, groups).prop_map(|(users, groups)| {
        let count = users.len();
        let name = |at: usize| format!("u{at}");
        let reference = |at: &prop::sample::Index| format!("bulkId:{}", name(at.index(count)));
        let mut all = Vec::new();
        for (at, (manager, bad)) in users.iter().enumerate() {
            let manager = manager.as_ref().map(reference);
            let mut operation = user(&name(at), manager.as_deref());
            if let (true, Task::Create { data, .. }) = (*bad, &mut operation.task) {
                data.take("userName");
            }
            all.push(operation);
        }
        for (at, members) in groups.iter().enumerate() {
            let members: Vec<_> = members.iter().map(reference).collect();
            let members: Vec<_> = members.iter().map(String::as_str).collect();
            all.push(group(&format!("g{at}"), &members));
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_of_creates_that_refer_to_each_other_comes_to_the_same(
        (operations, order) in operations().prop_flat_map(|all| {
            let order: Vec<usize> = (0..all.len()).collect();
            (Just(all), Just(order).prop_shuffle())
        })
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let straight: Vec<usize> = (0..operations.len()).collect();
        let expected = runtime.block_on(held_after(&operations, &straight));
        prop_assert_eq!(runtime.block_on(held_after(&operations, &order)), expected);
    }
}
