//! Groups and the push of members.

use serde_json::{Value, json};

use crate::common::{BASE, World, patch};

fn values(group: &Value) -> Vec<&str> {
    group["members"].as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_created_group_comes_back_with_its_members() {
    let world = World::new().await;
    let jane = world.user("jane@example.com").await;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Engineering",
        "members": [{"value": jane, "display": null}],
    });
    let made = world.send("POST", "/Groups", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let location = format!("{BASE}/Groups/{}", made.id());
    assert_eq!(made.header("location"), Some(location.as_str()));
    assert_eq!(made.header("etag"), Some("W/\"1\""));
    assert_eq!(made.json()["meta"]["location"], location);
    assert_eq!(made.json()["members"][0]["$ref"], format!("{BASE}/Users/{jane}"));
    insta::assert_json_snapshot!(made.json(), {
        ".id" => "[id]",
        ".meta.location" => "[location]",
        ".members[].value" => "[id]",
        ".members[][\"$ref\"]" => "[location]",
    });
    assert_eq!(world.get(&format!("/Groups/{}", made.id())).await.body, made.body);
}

#[actix_web::test]
async fn a_group_without_members_shows_an_empty_list() {
    let world = World::new().await;
    let id = world.group("Engineering", &[]).await;
    assert_eq!(world.get(&format!("/Groups/{id}")).await.json()["members"], json!([]));
}

#[actix_web::test]
async fn a_patch_answers_nothing_unless_the_request_says_what_to_show() {
    let world = World::new().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let id = world.group("Engineering", &[&jane]).await;
    let path = format!("/Groups/{id}");
    let add = |member: &str| {
        patch(json!([{"op": "add", "path": "members", "value": [{"value": member}]}]))
    };
    let quiet = world.send("PATCH", &path, add(&joe)).await;
    assert_eq!((quiet.status, quiet.text()), (204, ""));
    assert_eq!(values(&world.get(&path).await.json()).len(), 2);
    let shown = world.send("PATCH", &format!("{path}?attributes=members"), add(&joe)).await;
    assert_eq!(shown.status, 200);
    assert_eq!(values(&shown.json()), [jane.as_str(), joe.as_str()]);
    assert!(shown.header("etag").is_some() && shown.header("location").is_some());
    let spared =
        world.send("PATCH", &format!("{path}?excludedAttributes=members"), add(&joe)).await;
    assert_eq!(spared.status, 200);
    assert_eq!(spared.json()["members"], Value::Null);
}

#[actix_web::test]
async fn a_put_renames_and_sets_the_members() {
    let world = World::new().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let id = world.group("Engineering", &[&jane]).await;
    let path = format!("/Groups/{id}");
    let body = json!({"displayName": "Builders", "members": [{"value": joe}]});
    let put = world.send("PUT", &path, body).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(
        (put.json()["displayName"].as_str(), values(&put.json())),
        (Some("Builders"), vec![joe.as_str()])
    );
    let kept = world.send("PUT", &path, json!({"displayName": "Builders"})).await;
    assert_eq!(values(&kept.json()), [joe.as_str()]);
    let emptied = world.send("PUT", &path, json!({"displayName": "Builders", "members": []})).await;
    assert_eq!(emptied.json()["members"], json!([]));
}

#[actix_web::test]
async fn a_deleted_group_is_gone_and_its_members_stay() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    let id = world.group("Engineering", &[&jane]).await;
    let deleted = world.delete(&format!("/Groups/{id}")).await;
    assert_eq!((deleted.status, deleted.text()), (204, ""));
    world.get(&format!("/Groups/{id}")).await.refusal(404);
    let user = world.get(&format!("/Users/{jane}")).await;
    assert_eq!(user.json()["groups"], json!([]), "{}", user.text());
}

#[actix_web::test]
async fn roles_appear_as_groups_to_import() {
    let world = World::new().await;
    let listed = world.get("/Groups?startIndex=1&count=100").await.json();
    let names: Vec<_> = listed["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["displayName"].clone())
        .collect();
    assert_eq!(names, ["Admin", "Analyst", "Developer"]);
}
