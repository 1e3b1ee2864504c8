//! An organization with a schema of its own for users and one for groups, and another without.

use scim_domain::{Json, organization::Plan, schema::ResourceKind};
use serde_json::{Value, json};

use crate::common::{BASE, World, patch};

const BADGE: &str = "urn:acme:params:scim:Badge:2.0:User";
const TEAM: &str = "urn:acme:params:scim:Team:2.0:Group";

async fn world() -> World {
    let world = World::new().await;
    let badge = json!([
        { "name": "number", "indexed": true, "caseExact": true },
        { "name": "since", "type": "dateTime" },
        { "name": "level", "type": "integer" },
        { "name": "tags", "multiValued": true, "indexed": true },
        { "name": "pin", "mutability": "writeOnly" },
        { "name": "notes", "returned": "request" },
        { "name": "serial-no_1", "mutability": "immutable" },
        { "name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "type", "canonicalValues": ["main", "side"] },
            { "name": "primary", "type": "boolean" } ] },
    ]);
    let team = json!([{ "name": "costCenter" }, { "name": "lead", "type": "reference",
        "referenceTypes": ["User"] }]);
    for (kind, urn, attributes) in
        [(ResourceKind::User, BADGE, badge), (ResourceKind::Group, TEAM, team)]
    {
        let declaration = json!({ "id": urn, "name": "Own", "attributes": attributes }).to_string();
        let declaration = Json::parse(declaration.as_bytes()).unwrap();
        let organization = world.tenant.organization.id;
        world.administration.declare_schema(organization, kind, &declaration).await.unwrap();
    }
    world
}

fn jane() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", BADGE],
        "userName": "jane",
        BADGE: { "number": "Ab7", "level": 3, "tags": ["Red", "blue"], "pin": "1234",
            "notes": "tall", "since": "2026-01-01T00:00:00Z",
            "doors": [{ "value": "North", "type": "main", "primary": true }] },
    })
}

fn encoded(text: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    text.bytes()
        .map(|it| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

/// Of users and groups together.
async fn total_of_both(world: &World, filter: &str) -> u64 {
    let found = world.send("POST", "/.search", json!({ "filter": filter })).await;
    assert_eq!(found.status, 200, "{filter}: {}", found.text());
    found.json()["totalResults"].as_u64().unwrap()
}

async fn total(world: &World, path: &str, filter: &str) -> u64 {
    let found = world.get(&format!("{path}?filter={}", encoded(filter))).await;
    assert_eq!(found.status, 200, "{filter}: {}", found.text());
    found.json()["totalResults"].as_u64().unwrap()
}

#[actix_web::test]
async fn discovery_tells_of_declared_schemas() {
    let world = world().await;
    let all = world.get("/Schemas").await.json();
    let ids: Vec<_> =
        all["Resources"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 5);
    assert!(ids.contains(&BADGE) && ids.contains(&TEAM), "{ids:?}");
    let badge = world.get(&format!("/Schemas/{BADGE}")).await.json();
    assert_eq!(badge["meta"]["location"], format!("{BASE}/Schemas/{BADGE}"));
    insta::assert_json_snapshot!(badge["attributes"]);
    let types = |kind: &'static str| {
        let world = &world;
        async move { world.get(&format!("/ResourceTypes/{kind}")).await.json() }
    };
    let user = types("User").await["schemaExtensions"].clone();
    assert_eq!(user[1], json!({ "schema": BADGE, "required": false }));
    let group = types("Group").await["schemaExtensions"].clone();
    assert_eq!(group, json!([{ "schema": TEAM, "required": false }]));
}

#[actix_web::test]
async fn a_user_carries_what_was_declared() {
    let world = world().await;
    let made = world.send("POST", "/Users", jane()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let json = made.json();
    assert_eq!(json["schemas"][1], BADGE);
    assert_eq!(json[BADGE]["tags"], json!(["Red", "blue"]));
    // Only written, never shown; shown only to who asks.
    assert!(json[BADGE].get("pin").is_none() && json[BADGE].get("notes").is_none(), "{json}");
    let path = format!("/Users/{}", made.id());
    let named = world.get(&format!("{path}?attributes={BADGE}:notes,{BADGE}:number")).await.json();
    assert_eq!(named[BADGE], json!({ "number": "Ab7", "notes": "tall" }));
    let whole = world.get(&format!("{path}?attributes={BADGE}")).await.json();
    assert_eq!(whole[BADGE]["level"], 3);
    assert!(whole.get("userName").is_none(), "{whole}");
    let without = world.get(&format!("{path}?excludedAttributes={BADGE}")).await.json();
    assert!(without.get(BADGE).is_none(), "{without}");
    let wrong = json!({ "userName": "joe", BADGE: { "level": "high" } });
    let (kind, detail) = world.send("POST", "/Users", wrong).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidValue"));
    assert!(detail.contains(&format!("{BADGE}:level")), "{detail}");
}

// N9
#[actix_web::test]
async fn a_put_of_what_was_read_changes_nothing() {
    let world = world().await;
    let made = world.send("POST", "/Users", jane()).await;
    let path = format!("/Users/{}", made.id());
    // Everything, the attribute that waits to be asked for included.
    let names = format!("userName,active,{BADGE},{BADGE}:notes");
    let read = world.get(&format!("{path}?attributes={names}")).await;
    let put = world.send("PUT", &path, read.json()).await;
    assert_eq!((put.status, put.header("etag")), (200, Some("W/\"1\"")), "{}", put.text());
    let cleared = world.send("PUT", &path, json!({ "userName": "jane" })).await;
    assert_eq!(cleared.json()["schemas"].as_array().unwrap().len(), 1);
    assert!(cleared.json().get(BADGE).is_none());
}

#[actix_web::test]
async fn declared_attributes_are_patched_by_path_and_without() {
    let world = world().await;
    let made = world.send("POST", "/Users", jane()).await;
    let path = format!("/Users/{}", made.id());
    let change = async |operation: Value| {
        let answer = world.send("PATCH", &path, patch(json!([operation]))).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()[BADGE].clone()
    };
    let upper = BADGE.to_uppercase();
    let at = |rest: &str| format!("{BADGE}:{rest}");
    let it = change(json!({"op": "replace", "path": format!("{upper}:LEVEL"), "value": 4})).await;
    assert_eq!(it["level"], 4);
    let it = change(json!({"op": "add", "path": at("tags"), "value": ["RED", "green"]})).await;
    assert_eq!(it["tags"], json!(["Red", "blue", "green"]));
    let it = change(json!({"op": "remove", "path": at("tags[value eq \"blue\"]")})).await;
    assert_eq!(it["tags"], json!(["Red", "green"]));
    let it =
        change(json!({"op": "replace", "path": at("doors[type eq \"side\"].value"), "value": "S"}))
            .await;
    assert_eq!(it["doors"][1], json!({ "type": "side", "value": "S" }));
    let it = change(json!({"op": "replace", "value": { BADGE: { "number": "8" } }})).await;
    assert_eq!((&it["number"], &it["level"]), (&json!("8"), &json!(4)));
    let it = change(json!({"op": "replace", "value": { at("number"): "9" }})).await;
    assert_eq!(it["number"], "9");
    let it = change(json!({"op": "add", "path": at("serial-no_1"), "value": "S1"})).await;
    assert_eq!(it["serial-no_1"], "S1");
    let again = patch(json!([{"op": "replace", "path": at("serial-no_1"), "value": "S2"}]));
    let (kind, _) = world.send("PATCH", &path, again).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("mutability"));
    let unknown = patch(json!([{"op": "replace", "path": at("levl"), "value": 1}]));
    let (kind, detail) = world.send("PATCH", &path, unknown).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidPath"));
    assert!(detail.contains(&at("level")), "{detail}");
}

#[actix_web::test]
async fn what_is_set_once_takes_one_value_and_no_other() {
    let world = world().await;
    let made = world.send("POST", "/Users", jane()).await;
    let path = format!("/Users/{}", made.id());
    let put = |serial: &str| {
        let body = json!({ "userName": "jane", BADGE: { "serial-no_1": serial } });
        world.send("PUT", &path, body)
    };
    let set = put("S1").await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()[BADGE], json!({ "serial-no_1": "S1" }));
    let (kind, detail) = put("S2").await.refusal(400);
    assert_eq!(kind.as_deref(), Some("mutability"));
    assert!(detail.contains(&format!("{BADGE}:serial-no_1")), "{detail}");
    assert_eq!(put("S1").await.header("etag"), set.header("etag"));
    let left_out = world.send("PUT", &path, json!({ "userName": "jane", "title": "Dr" })).await;
    assert_eq!(left_out.json()[BADGE], json!({ "serial-no_1": "S1" }));
}

#[actix_web::test]
async fn declared_attributes_are_filtered_and_sorted() {
    let world = world().await;
    world.send("POST", "/Users", jane()).await;
    let joe = json!({ "userName": "joe", BADGE: { "number": "ab7", "level": 1 } });
    world.send("POST", "/Users", joe).await;
    world.send("POST", "/Users", json!({ "userName": "ann" })).await;
    for (filter, number) in [
        ("number eq \"Ab7\"", 1),
        ("number eq \"AB7\"", 0),
        ("tags eq \"RED\"", 1),
        ("tags pr", 1),
        ("level gt 1", 1),
        ("since lt \"2026-06-01T00:00:00Z\"", 1),
        ("doors[type eq \"main\" and primary eq true]", 1),
        ("doors eq \"north\"", 1),
        ("serial-no_1 eq null", 3),
        ("notes eq \"tall\"", 1),
    ] {
        assert_eq!(total(&world, "/Users", &format!("{BADGE}:{filter}")).await, number, "{filter}");
        // Of users and groups together, groups are without it.
        let ours = format!("{BADGE}:{filter} and meta.resourceType eq \"User\"");
        assert_eq!(total_of_both(&world, &ours).await, number, "{filter}");
    }
    let hidden = format!("/Users?filter={}", encoded(&format!("{BADGE}:pin eq \"1234\"")));
    let (kind, _) = world.get(&hidden).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidFilter"));
    let sorted = world.get(&format!("/Users?sortBy={BADGE}:level")).await.json();
    let names: Vec<_> =
        sorted["Resources"].as_array().unwrap().iter().map(|it| it["userName"].clone()).collect();
    assert_eq!(names, ["joe", "jane", "ann"]);
}

#[actix_web::test]
async fn groups_carry_what_was_declared_for_them() {
    let world = world().await;
    let body = json!({ "displayName": "Lab", TEAM: { "costCenter": "42", "pin": "x" } });
    let made = world.send("POST", "/Groups", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()[TEAM], json!({ "costCenter": "42" }));
    assert_eq!(made.json()["schemas"][1], TEAM);
    let path = format!("/Groups/{}?attributes=displayName,{TEAM}", made.id());
    let operation = json!([{"op": "add", "path": format!("{TEAM}:lead"), "value": "../Users/1"}]);
    let changed = world.send("PATCH", &path, patch(operation)).await;
    assert_eq!(changed.json()[TEAM]["lead"], "../Users/1", "{}", changed.text());
    let put = world.send("PUT", &path, world.get(&path).await.json()).await;
    assert_eq!(put.header("etag"), Some("W/\"2\""));
    let filter = format!("{TEAM}:costCenter eq \"42\"");
    assert_eq!(total(&world, "/Groups", &filter).await, 1);
    let both = format!("{filter} or {BADGE}:level eq 3");
    world.send("POST", "/Users", jane()).await;
    assert_eq!(total_of_both(&world, &both).await, 2);
}

#[actix_web::test]
async fn bulk_operations_carry_declared_attributes() {
    let world = world().await;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "a", "data": jane() },
            { "method": "PATCH", "path": "/Users/bulkId:a", "data":
                patch(json!([{ "op": "replace", "path": format!("{BADGE}:level"), "value": 9 }])) },
        ],
    });
    let answer = world.send("POST", "/Bulk", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(total(&world, "/Users", &format!("{BADGE}:level eq 9")).await, 1);
}

// T1
#[actix_web::test]
async fn another_organization_does_not_know_them() {
    let world = world().await;
    let other = world.tenant("Other", Plan::Enterprise).await;
    let ask = |method: &'static str, path: String| {
        world.ask(method, &format!("/scim/v2{path}")).key(&other.token)
    };
    let schemas = ask("GET", "/Schemas".to_owned()).send().await;
    assert!(!schemas.text().contains("acme"), "{}", schemas.text());
    ask("GET", format!("/Schemas/{BADGE}")).send().await.refusal(404);
    let made = ask("POST", "/Users".to_owned()).json(&jane()).send().await;
    assert_eq!(made.status, 201);
    assert!(!made.text().contains(BADGE), "{}", made.text());
    let filter = encoded(&format!("{BADGE}:number eq \"Ab7\""));
    let (kind, _) = ask("GET", format!("/Users?filter={filter}")).send().await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidFilter"));
}
