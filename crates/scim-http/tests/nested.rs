//! Groups as members of groups, where the organization allows it.

use serde_json::{Value, json};

use crate::common::{BASE, World, patch};

async fn nesting() -> World {
    let world = World::new().await;
    world.administration.set_nested_groups(world.tenant.organization.id, true).await.unwrap();
    world
}

fn names<'v>(list: &'v Value, name: &str) -> Vec<&'v str> {
    list["Resources"].as_array().unwrap().iter().map(|it| it[name].as_str().unwrap()).collect()
}

fn members_attribute(schema: &Value) -> &Value {
    schema["attributes"].as_array().unwrap().iter().find(|it| it["name"] == "members").unwrap()
}

#[actix_web::test]
async fn members_and_groups_say_what_and_how_they_are() {
    let world = nesting().await;
    let jane = world.user("jane").await;
    let low = world.group("Low", &[&jane]).await;
    let middle = world.group("Middle", &[&low]).await;
    let body = json!({"displayName": "Top", "members": [
        {"value": middle, "type": "User", "$ref": "https://elsewhere.example/Users/1"},
        {"value": jane, "type": "User"},
    ]});
    let made = world.send("POST", "/Groups", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let expected = json!([
        {"value": jane, "$ref": format!("{BASE}/Users/{jane}"), "type": "User"},
        {"value": middle, "$ref": format!("{BASE}/Groups/{middle}"), "type": "Group"},
    ]);
    assert_eq!(made.json()["members"], expected);
    let top = made.id();
    assert_eq!(world.get(&format!("/Groups/{top}")).await.json()["members"], expected);
    let listed = world.get(&format!("/Groups?filter=id%20eq%20%22{top}%22")).await.json();
    assert_eq!(listed["Resources"][0]["members"], expected);
    let some = world.get(&format!("/Groups/{top}?attributes=members.type")).await.json();
    assert_eq!(some["members"], json!([{"type": "User"}, {"type": "Group"}]));

    let user = world.get(&format!("/Users/{jane}")).await.json();
    let group = |id: &str, name: &str, how: &str| json!({"value": id, "$ref": format!("{BASE}/Groups/{id}"), "display": name, "type": how});
    // Each group once: that the user is in the group at the top itself is what counts.
    let expected = json!([
        group(&low, "Low", "direct"),
        group(&middle, "Middle", "indirect"),
        group(&top, "Top", "direct"),
    ]);
    assert_eq!(user["groups"], expected);
    // What is computed is no part of the user's version.
    assert_eq!(user["meta"]["version"], "W/\"1\"");
    let listed = world.get("/Users?filter=userName%20eq%20%22jane%22").await.json();
    assert_eq!(listed["Resources"][0]["groups"], expected);
    let some = world.get(&format!("/Users/{jane}?attributes=groups.type,userName")).await.json();
    assert_eq!(some["groups"][1], json!({"type": "indirect"}));
}

#[actix_web::test]
async fn filters_know_types_and_ways() {
    let world = nesting().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let low = world.group("Low", &[&jane]).await;
    let top = world.group("Top", &[&low, &joe]).await;
    let groups = [
        ("members[type eq \"Group\"]".to_owned(), vec!["Top"]),
        ("members.type eq \"User\"".to_owned(), vec!["Low", "Top"]),
        (format!("members.value eq \"{low}\""), vec!["Top"]),
        (format!("members eq \"{jane}\""), vec!["Low"]),
    ];
    for (filter, expected) in groups {
        let found = world.send("POST", "/Groups/.search", json!({"filter": filter})).await.json();
        let mine: Vec<_> = names(&found, "displayName").into_iter().collect();
        assert_eq!(mine, expected, "{filter}");
    }
    let users = [
        (format!("groups.value eq \"{top}\""), vec!["jane", "joe"]),
        (format!("groups[value eq \"{top}\" and type eq \"direct\"]"), vec!["joe"]),
        ("groups.type eq \"indirect\"".to_owned(), vec!["jane"]),
    ];
    for (filter, expected) in users {
        let found = world.send("POST", "/Users/.search", json!({"filter": filter})).await.json();
        assert_eq!(names(&found, "userName"), expected, "{filter}");
    }
    let both =
        json!({"filter": format!("groups.value eq \"{top}\" or members.value eq \"{low}\"")});
    let found = world.send("POST", "/.search", both).await.json();
    assert_eq!(found["totalResults"], 3);
}

#[actix_web::test]
async fn groups_are_taken_out_by_id_and_by_type() {
    let world = nesting().await;
    let jane = world.user("jane").await;
    let (one, two) = (world.group("One", &[]).await, world.group("Two", &[]).await);
    let top = world.group("Top", &[&one, &two, &jane]).await;
    let path = format!("/Groups/{top}");
    let by_id = patch(json!([{"op": "remove", "path": format!("members[value eq \"{one}\"]")}]));
    assert_eq!(world.send("PATCH", &path, by_id).await.status, 204);
    assert_eq!(world.get(&path).await.json()["members"].as_array().unwrap().len(), 2);
    let by_type = patch(json!([{"op": "remove", "path": "members[type eq \"Group\"]"}]));
    assert_eq!(world.send("PATCH", &path, by_type).await.status, 204);
    let left = world.get(&path).await.json();
    assert_eq!(left["members"].as_array().unwrap().len(), 1);
    assert_eq!(left["meta"]["version"], "W/\"3\"");
    assert_eq!(left["members"][0]["value"], jane);
}

#[actix_web::test]
async fn a_circle_is_refused_and_changes_nothing() {
    let world = nesting().await;
    let low = world.group("Low", &[]).await;
    let top = world.group("Top", &[&low]).await;
    let path = format!("/Groups/{low}");
    let before = world.get(&path).await;
    let add = patch(json!([
        {"op": "replace", "path": "displayName", "value": "Renamed"},
        {"op": "add", "path": "members", "value": [{"value": top}]},
    ]));
    let (reason, detail) = world.send("PATCH", &path, add).await.refusal(400);
    assert_eq!(reason.as_deref(), Some("invalidValue"));
    assert!(detail.contains("\"Top\"") && detail.contains("no group can contain itself"));
    let set = json!({"displayName": "Low", "members": [{"value": low}]});
    let (reason, detail) = world.send("PUT", &path, set).await.refusal(400);
    assert_eq!(reason.as_deref(), Some("invalidValue"));
    assert_eq!(detail, "The group \"Low\" cannot be a member of itself.");
    assert_eq!(world.get(&path).await.body, before.body);
}

#[actix_web::test]
async fn a_bulk_request_with_a_circle_of_groups_says_so() {
    let world = nesting().await;
    let create = |name: &str, member: &str| {
        json!({"method": "POST", "path": "/Groups", "bulkId": name, "data": {
            "displayName": name, "members": [{"value": format!("bulkId:{member}")}],
        }})
    };
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [create("one", "two"), create("two", "one")],
    });
    let answer = world.send("POST", "/Bulk", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("no group can contain itself"), "{}", answer.text());
    let statuses: Vec<_> = answer.json()["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert!(statuses.contains(&json!("400")) && !statuses.contains(&json!("201")), "{statuses:?}");
    assert_eq!(world.get("/Groups?count=0").await.json()["totalResults"], 3);
}

#[actix_web::test]
async fn discovery_names_groups_as_members_only_where_they_may_be() {
    let world = nesting().await;
    let schema = "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group";
    let attribute = |members: &Value, name: &str| {
        let parts = members["subAttributes"].as_array().unwrap();
        parts.iter().find(|it| it["name"] == name).unwrap().clone()
    };
    let allowed = world.get(schema).await.json();
    let members = members_attribute(&allowed);
    assert_eq!(attribute(members, "$ref")["referenceTypes"], json!(["User", "Group"]));
    assert_eq!(attribute(members, "type")["canonicalValues"], json!(["User", "Group"]));
    world.administration.set_nested_groups(world.tenant.organization.id, false).await.unwrap();
    let refused = world.get(schema).await.json();
    let members = members_attribute(&refused);
    assert_eq!(attribute(members, "$ref")["referenceTypes"], json!(["User"]));
    assert_eq!(attribute(members, "type")["canonicalValues"], json!(["User"]));
}

// T1
#[actix_web::test]
async fn a_group_of_another_organization_is_as_unknown_as_any_id() {
    let world = nesting().await;
    let other = world.tenant("Other", scim_domain::organization::Plan::Growth).await;
    let foreign = world.ask("POST", "/scim/v2/Groups").key(&other.token);
    let foreign = foreign.json(&json!({"displayName": "Foreign"})).send().await.id();
    let top = world.group("Top", &[&foreign, "0197aaaa-0000-7000-8000-000000000000"]).await;
    assert_eq!(world.get(&format!("/Groups/{top}")).await.json()["members"], json!([]));
}
