//! No group can contain itself.

use std::sync::Arc;

use scim_app::{
    Error,
    ports::Window,
    provisioning::{Carried, GroupView, Operation, Outcome, Task},
};
use scim_domain::{Reason, schema::ResourceKind};
use serde_json::json as value;

use super::{members, nesting};
use crate::world::json;

fn refusal(result: Result<Outcome<Option<GroupView>>, Error>) -> String {
    match result {
        Err(Error::Invalid(it)) => {
            assert_eq!(it.reason, Reason::InvalidValue);
            it.detail
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_group_can_contain_itself() {
    let world = nesting().await;
    let (top, middle, low) = (
        world.push_group("Top", &[]).await,
        world.push_group("Middle", &[]).await,
        world.push_group("Low", &[]).await,
    );
    world.nest(&top, &[&middle]).await;
    world.nest(&middle, &[&low]).await;
    let jane = world.create("jane").await.to_string();
    let before = (world.get_group(&low).await.unwrap(), world.audited().await.len());
    let detail = refusal(world.try_nest(&low, &[&low]).await);
    assert_eq!(detail, "The group \"Low\" cannot be a member of itself.");
    for above in [&top, &middle] {
        let detail = refusal(world.try_nest(&low, &[&jane, above]).await);
        assert!(detail.contains("no group can contain itself"), "{detail}");
    }
    let set = json(&format!(r#"{{"displayName":"New","members":{}}}"#, members(&[&jane, &top])));
    let error = world.put_group(&low, set).await.unwrap_err();
    assert!(error.to_string().contains("\"Top\""), "{error}");
    assert_eq!((world.get_group(&low).await.unwrap(), world.audited().await.len()), before);
    // Twice on different ways is no circle.
    world.nest(&top, &[&low]).await;
    assert_eq!(world.nested(&top).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_halves_of_a_circle_one_is_refused() {
    let world = Arc::new(nesting().await);
    for round in 0..20 {
        let a = world.push_group(&format!("A{round}"), &[]).await;
        let b = world.push_group(&format!("B{round}"), &[]).await;
        let half = |group: String, member: String| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.try_nest(&group, &[&member]).await })
        };
        let (one, other) = (half(a.clone(), b.clone()), half(b.clone(), a.clone()));
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        refusal(if one.is_ok() { other } else { one });
        assert_eq!(world.nested(&a).await.len() + world.nested(&b).await.len(), 1);
    }
}

#[tokio::test]
async fn groups_of_a_bulk_request_refer_to_each_other_unless_in_a_circle() {
    let world = nesting().await;
    let create = |name: &str, members: &[&str]| {
        let members: Vec<_> =
            members.iter().map(|it| value!({ "value": format!("bulkId:{it}") })).collect();
        let data = json(&value!({ "displayName": name, "members": members }).to_string());
        Operation {
            bulk_id: Some(name.to_owned()),
            task: Task::Create { kind: ResourceKind::Group, data },
        }
    };
    let caller = world.caller().await;
    let all = vec![create("top", &["low"]), create("low", &[])];
    let results = world.scim.bulk(&caller, all, None).await;
    assert!(results.values().all(Carried::is_done), "{results:?}");
    let circles = vec![create("one", &["two"]), create("two", &["one"]), create("own", &["own"])];
    let results = world.scim.bulk(&caller, circles, None).await;
    assert!(!results.values().any(Carried::is_done));
    let told = format!("{results:?}");
    assert!(told.contains("no group can contain itself"), "{told}");
    assert!(told.contains("cannot be a member of itself"), "{told}");
    let page = world.admin.list_groups(world.organization, Window { offset: 0, limit: 100 });
    let names: Vec<_> = page.await.unwrap().items.into_iter().map(|it| it.display_name).collect();
    assert_eq!(names, ["Admin", "Analyst", "Developer", "low", "top"]);
}
