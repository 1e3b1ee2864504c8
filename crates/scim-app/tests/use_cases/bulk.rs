//! Many operations in one request.

use std::collections::BTreeMap;

use scim_app::{
    Error,
    provisioning::{Carried, Change, IfMatch, Operation, Task},
};
use scim_domain::{Invalid, Reason, schema::ResourceKind};

use crate::world::{World, attribute, json, patch, world};

mod any_order;
mod powers;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn create(kind: ResourceKind, name: &str, data: &str) -> Operation {
    let task = Task::Create { kind, data: json(data) };
    Operation { bulk_id: Some(name.to_owned()), task }
}

/// A user named like its `bulkId`, perhaps with a manager.
fn user(name: &str, manager: Option<&str>) -> Operation {
    let manager = manager.map(|it| format!(r#","{ENTERPRISE}":{{"manager":{{"value":"{it}"}}}}"#));
    let manager = manager.unwrap_or_default();
    create(ResourceKind::User, name, &format!(r#"{{"userName":"{name}"{manager}}}"#))
}

fn group(name: &str, members: &[&str]) -> Operation {
    let members: Vec<_> = members.iter().map(|it| format!(r#"{{"value":"{it}"}}"#)).collect();
    let members = members.join(",");
    let data = format!(r#"{{"displayName":"{name}","members":[{members}]}}"#);
    create(ResourceKind::Group, name, &data)
}

fn change(kind: ResourceKind, at: &str, change: Change) -> Operation {
    let task = Task::Change { kind, at: at.to_owned(), if_match: IfMatch::Absent, change };
    Operation { bulk_id: None, task }
}

fn add(group: &str, member: &str) -> Operation {
    let add = format!(r#"{{"op":"add","path":"members","value":[{{"value":"{member}"}}]}}"#);
    change(ResourceKind::Group, group, Change::Patch(patch(&add)))
}

impl World {
    async fn bulk(&self, operations: Vec<Operation>) -> BTreeMap<usize, Carried> {
        self.scim.bulk(&self.caller().await, operations, None).await
    }

    async fn manager(&self, name: &str) -> Option<String> {
        let found = self.find(&format!(r#"userName eq "{name}""#)).await;
        let manager = attribute(&found[0], ENTERPRISE)["manager"]["value"].clone();
        manager.as_str().map(ToOwned::to_owned)
    }
}

fn done(results: &BTreeMap<usize, Carried>, at: usize) -> (&str, Option<u64>) {
    match &results[&at] {
        Carried::Done { id, version } => (id, *version),
        other => panic!("{at}: {other:?}"),
    }
}

fn error(results: &BTreeMap<usize, Carried>, at: usize) -> &Error {
    match &results[&at] {
        Carried::Failed { error, .. } => error,
        other => panic!("{at}: {other:?}"),
    }
}

fn conflict(results: &BTreeMap<usize, Carried>, at: usize) {
    assert!(matches!(error(results, at), Error::Conflict(_)), "{at}: {results:?}");
}

#[tokio::test]
async fn references_are_resolved_forward_and_backward() {
    let world = world().await;
    let operations = vec![
        group("Team", &["bulkId:jane", "bulkId:joe"]),
        user("jane", Some("bulkId:joe")),
        user("joe", None),
        add("bulkId:Other", "bulkId:jane"),
        group("Other", &[]),
    ];
    let results = world.bulk(operations).await;
    let (jane, joe) = (done(&results, 1).0, done(&results, 2).0);
    assert_eq!(world.manager("jane").await.as_deref(), Some(joe));
    let members = world.members(done(&results, 0).0).await;
    assert_eq!(members.len(), 2);
    assert_eq!(world.members(done(&results, 4).0).await[0].to_string(), jane);
    assert_eq!(done(&results, 3), (done(&results, 4).0, Some(2)));
    assert_eq!(done(&results, 0).1, Some(1), "made whole at once");
}

#[tokio::test]
async fn managers_of_each_other_are_made_first_and_completed_then() {
    let world = world().await;
    let operations = vec![
        user("a", Some("bulkId:b")),
        user("b", Some("bulkId:c")),
        user("c", Some("bulkId:a")),
        user("self", Some("bulkId:self")),
        group("All", &["bulkId:a", "bulkId:self"]),
    ];
    let results = world.bulk(operations).await;
    for (at, manager) in [("a", 1), ("b", 2), ("c", 0), ("self", 3)] {
        assert_eq!(world.manager(at).await.as_deref(), Some(done(&results, manager).0), "{at}");
    }
    assert_eq!(done(&results, 3).1, Some(2));
    assert_eq!(world.members(done(&results, 4).0).await.len(), 2);
}

#[tokio::test]
async fn groups_that_name_each_other_are_made() {
    let world = world().await;
    let jane = world.create("jane").await.to_string();
    let operations = vec![group("A", &["bulkId:B", &jane]), group("B", &["bulkId:A"])];
    let results = world.bulk(operations).await;
    // Members are users; a group as a member is skipped, as in any push.
    assert_eq!(world.members(done(&results, 0).0).await.len(), 1);
    assert_eq!(world.members(done(&results, 1).0).await.len(), 0);
}

#[tokio::test]
async fn what_refers_to_nothing_or_to_what_failed_applies_nothing() {
    let world = world().await;
    world.create("taken").await;
    let operations = vec![
        user("taken", None),
        user("jane", Some("bulkId:nobody")),
        group("Team", &["bulkId:taken"]),
        add("bulkId:Team", "bulkId:taken"),
        user("fine", None),
        Operation { bulk_id: Some("refused".to_owned()), task: Task::Refused },
        user("after", Some("bulkId:refused")),
    ];
    let results = world.bulk(operations).await;
    assert!(matches!(error(&results, 0), Error::Taken { .. }));
    let unknown = error(&results, 1);
    assert!(matches!(unknown, Error::Invalid(Invalid { reason: Reason::InvalidValue, .. })));
    for at in [2, 3, 6] {
        conflict(&results, at);
    }
    assert!(results[&4].is_done());
    for name in ["jane", "after"] {
        assert!(world.find(&format!(r#"userName eq "{name}""#)).await.is_empty(), "{name}");
    }
    assert!(!world.audited().await.contains(&"group.created".to_owned()));
}

#[tokio::test]
async fn a_broken_circle_leaves_nothing() {
    let world = world().await;
    world.create("b").await;
    let operations = vec![
        user("a", Some("bulkId:c")),
        user("b", Some("bulkId:a")),
        user("c", Some("bulkId:b")),
        user("d", Some("bulkId:a")),
    ];
    let results = world.bulk(operations).await;
    assert!(matches!(error(&results, 1), Error::Taken { .. }), "{results:?}");
    for at in [0, 2, 3] {
        conflict(&results, at);
    }
    for name in ["a", "c", "d"] {
        assert!(world.find(&format!(r#"userName eq "{name}""#)).await.is_empty(), "{name}");
    }
    let audited = world.audited().await;
    assert_eq!(audited.last().map(String::as_str), Some("user.deleted"), "told like any deletion");
}

#[tokio::test]
async fn a_broken_circle_never_deletes_a_user_that_was_there_before() {
    let world = world().await;
    let known = world.made_by_sign_in(r#"{"userName":"a"}"#, false).await;
    world.create("b").await;
    let operations = vec![user("a", Some("bulkId:b")), user("b", Some("bulkId:a"))];
    let results = world.bulk(operations).await;
    conflict(&results, 0);
    assert!(error(&results, 0).to_string().contains("exists"));
    assert!(world.get(known).await.is_ok());
}

#[tokio::test]
async fn a_circle_is_never_left_half_made_when_the_client_hangs_up() {
    for patience in 0..40 {
        let world = world().await;
        let (scim, caller) = (world.scim.clone(), world.caller().await);
        let operations = vec![user("a", Some("bulkId:b")), user("b", Some("bulkId:a"))];
        let request = tokio::spawn(async move { scim.bulk(&caller, operations, None).await });
        for _ in 0..patience {
            tokio::task::yield_now().await;
        }
        request.abort();
        // One thread runs all tasks: after so many turns whatever was begun has ended.
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        let users = world.find("userName pr").await.len();
        assert!([0, 2].contains(&users), "{patience}: {users}");
        if users == 2 {
            assert!(world.manager("a").await.is_some() && world.manager("b").await.is_some());
        }
    }
}

#[tokio::test]
async fn the_order_on_one_resource_is_that_of_the_request() {
    let world = world().await;
    let team = world.push_group("Team", &[]).await;
    let empty = patch(r#"{"op":"replace","path":"members","value":[]}"#);
    let operations = vec![
        add(&team, "bulkId:jane"),
        change(ResourceKind::Group, &team, Change::Patch(empty)),
        user("jane", None),
    ];
    let results = world.bulk(operations).await;
    assert!(results.values().all(Carried::is_done), "{results:?}");
    assert!(world.members(&team).await.is_empty());
}

#[tokio::test]
async fn after_so_many_errors_nothing_is_begun() {
    let world = world().await;
    let unknown = "01980000-0000-7000-8000-00000000000f";
    let delete = || change(ResourceKind::User, unknown, Change::Delete);
    let operations = vec![user("a", None), delete(), user("b", None), delete(), user("c", None)];
    let caller = world.caller().await;
    let results = world.scim.bulk(&caller, operations, Some(2)).await;
    assert_eq!(results.keys().copied().collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(world.find(r#"userName eq "c""#).await.is_empty());
}

#[tokio::test]
async fn a_version_guards_its_operation() {
    let world = world().await;
    let id = world.create("jane").await.to_string();
    let guarded = |version| Operation {
        bulk_id: None,
        task: Task::Change {
            kind: ResourceKind::User,
            at: id.clone(),
            if_match: IfMatch::parse(version),
            change: Change::Patch(patch(r#"{"op":"replace","path":"title","value":"Dr"}"#)),
        },
    };
    let results = world.bulk(vec![guarded("W/\"7\""), guarded("W/\"1\"")]).await;
    assert!(matches!(error(&results, 0), Error::PreconditionFailed));
    assert_eq!(done(&results, 1), (id.as_str(), Some(2)));
}
