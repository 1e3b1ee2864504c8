//! Pushing groups and their members.

use scim_app::{
    Error,
    provisioning::{IfMatch, Shown},
};
use scim_domain::EventKind;
use serde_json::json as value;

use crate::world::{group_json, group_name, json, patch, world};

#[tokio::test]
async fn a_rename_with_every_push_costs_nothing_and_touches_no_member() {
    let world = world().await;
    let user = world.create("jane").await;
    let group = world.push_group("Team", &[user]).await;
    let before = (world.get_group(&group).await.unwrap(), world.audited().await.len());
    let rename = format!(r#"{{"op":"replace","value":{{"id":"{group}","displayName":"Team"}}}}"#);
    world.patch_group(&group, &rename).await.unwrap();
    world.put_group(&group, group_json("Team", None)).await.unwrap();
    world.put_group(&group, group_json("Team", Some(&[user]))).await.unwrap();
    assert_eq!((world.get_group(&group).await.unwrap(), world.audited().await.len()), before);
}

#[tokio::test]
async fn members_are_added_removed_and_replaced_as_asked() {
    let world = world().await;
    let (a, b, c) = (world.create("a").await, world.create("b").await, world.create("c").await);
    let group = world.push_group("Team", &[a]).await;
    world.add(&group, b).await;
    world.add(&group, b).await;
    assert_eq!(world.members(&group).await, [a, b]);
    world.remove(&group, a).await;
    world.remove(&group, a).await;
    assert_eq!(world.members(&group).await, [b]);
    let listed = format!(r#"{{"op":"Remove","path":"members","value":[{{"value":"{b}"}}]}}"#);
    world.patch_group(&group, &listed).await.unwrap();
    assert!(world.members(&group).await.is_empty());
    world.put_group(&group, group_json("Team", Some(&[c, a, c]))).await.unwrap();
    assert_eq!(world.members(&group).await, [a, c]);
    world.put_group(&group, group_json("Renamed", None)).await.unwrap();
    assert_eq!(world.members(&group).await, [a, c]);
    world.patch_group(&group, r#"{"op":"replace","path":"members","value":[]}"#).await.unwrap();
    assert!(world.members(&group).await.is_empty());
}

#[tokio::test]
async fn the_last_word_of_a_request_about_a_member_counts() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    let group = world.push_group("Team", &[a]).await;
    let operations = format!(
        r#"{{"op":"remove","path":"members[value eq \"{a}\"]"}},
        {{"op":"add","path":"members","value":[{{"value":"{a}"}},{{"value":"{b}"}}]}},
        {{"op":"remove","path":"members","value":[{{"value":"{b}"}}]}}"#
    );
    world.patch_group(&group, &operations).await.unwrap();
    assert_eq!(world.members(&group).await, [a]);
}

#[tokio::test]
async fn unknown_members_sink_nothing_and_are_told_in_the_audit() {
    let world = world().await;
    let (_, foreign) = world.neighbour().await;
    let caller = world.session_of(&foreign.token).await.release();
    let created = world.scim.create_user(caller, json(r#"{"userName":"x"}"#), Shown(false)).await;
    let stranger = created.unwrap().value.user.id.to_string();
    let a = world.create("a").await;
    let group = world.push_group("Team", &[]).await;
    let members = [a.to_string(), stranger.clone(), "nonsense".to_owned()];
    let members: Vec<_> =
        members.iter().map(|it| value!({ "value": it, "display": null })).collect();
    let add = value!({ "op": "add", "path": "members", "value": members }).to_string();
    let outcome = world.patch_group(&group, &add).await.unwrap();
    assert_eq!(world.members(&group).await, [a]);
    assert!(outcome.notes.iter().any(|it| it.starts_with("2 members skipped")), "{outcome:?}");
    let (action, detail) = world.last_audit().await;
    assert_eq!(action, "group.members_changed");
    assert_eq!(detail["membersSkippedTotal"], value!(2));
    assert!(detail["membersSkipped"].to_string().contains("nonsense"));
}

#[tokio::test]
async fn a_push_that_only_skips_is_told_too() {
    let world = world().await;
    let group = world.push_group("Team", &[]).await;
    let add = r#"{"op":"add","path":"members","value":[{"value":"nobody"}]}"#;
    world.patch_group(&group, add).await.unwrap();
    assert_eq!(world.last_audit().await.0, "group.members_skipped");
}

#[tokio::test]
async fn a_group_never_clashes_with_itself_and_clashes_with_others_in_any_case() {
    let world = world().await;
    let one = world.push_group("One", &[]).await;
    world.push_group("Two", &[]).await;
    world.put_group(&one, group_json("ONE", None)).await.unwrap();
    for body in [group_json("two", None), group_json("ＴＷＯ", None)] {
        let error = world.put_group(&one, body).await.unwrap_err();
        assert!(matches!(error, Error::Taken { .. }), "{error:?}");
    }
    let error = world.try_push_group(group_json("tWo", None)).await.unwrap_err();
    assert!(matches!(error, Error::Taken { .. }), "{error:?}");
    assert_eq!(group_name(&world.get_group(&one).await.unwrap()), "ONE");
}

#[tokio::test]
async fn a_group_changes_its_version_with_its_members() {
    let world = world().await;
    let a = world.create("a").await;
    let group = world.push_group("Team", &[]).await;
    let caller = world.caller().await;
    let add = patch(&format!(r#"{{"op":"add","path":"members","value":"{a}"}}"#));
    let stale = IfMatch::parse("\"7\"");
    let refused = world.scim.patch_group(caller.clone(), &group, stale, add.clone(), None).await;
    assert!(matches!(refused, Err(Error::PreconditionFailed)));
    let fresh = IfMatch::parse("W/\"1\"");
    world.scim.patch_group(caller, &group, fresh, add, None).await.unwrap();
    assert_eq!(world.get_group(&group).await.unwrap().group.meta.version, 2);
}

// N5
#[tokio::test(flavor = "multi_thread")]
async fn parallel_pushes_lose_nobody() {
    let world = std::sync::Arc::new(world().await);
    let group = world.push_group("Team", &[]).await;
    let mut users = Vec::new();
    for number in 0..80 {
        users.push(world.create(&format!("u{number}")).await);
    }
    let pushes = users.chunks(10).map(|chunk| {
        let (world, group, chunk) = (world.clone(), group.clone(), chunk.to_vec());
        tokio::spawn(async move {
            for user in chunk {
                world.add(&group, user).await;
            }
        })
    });
    for push in pushes.collect::<Vec<_>>() {
        push.await.unwrap();
    }
    assert_eq!(world.members(&group).await.len(), 80);
}

#[tokio::test]
async fn a_push_is_one_event_however_many_join() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    world.push_group("Team", &[a, b]).await;
    assert_eq!(world.count(EventKind::GroupMembersAdded).await, 1);
}

#[tokio::test]
async fn a_malformed_id_is_unknown() {
    let world = world().await;
    for id in ["", "1", "not-a-uuid", "00000000-0000-7000-8000-00000000000A"] {
        assert!(matches!(world.get_group(id).await, Err(Error::NotFound(_))), "{id}");
        assert!(matches!(world.delete_group(id).await, Err(Error::NotFound(_))), "{id}");
    }
}
