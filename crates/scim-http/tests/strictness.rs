//! Strict keys, which are held to the interoperability profile, and tolerant ones, whose kindness
//! is counted.

use scim_domain::resource::document::Strictness;
use serde_json::{Value, json};

use crate::common::{World, patch};

async fn strict() -> World {
    let world = World::new().await;
    let (organization, key) = (world.tenant.organization.id, world.tenant.key.id);
    let strict = world.administration.set_api_key_strictness(organization, key, Strictness::Strict);
    assert_eq!(strict.await.unwrap().strictness, Strictness::Strict);
    world
}

fn jane(more: &Value) -> Value {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jane",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn requests(world: &World) -> Vec<(&'static str, u64)> {
    world.activity.flush(false).await.unwrap();
    let counts = world.administration.list_quirks(world.tenant.organization.id).await.unwrap();
    assert!(counts.iter().all(|it| it.api_key == world.tenant.key.id));
    counts.iter().map(|it| (it.quirk.name(), it.requests)).collect()
}

#[actix_web::test]
async fn the_service_provider_config_tells_of_the_key_how_strict_it_is() {
    let (tolerant, strict) = (World::new().await, strict().await);
    for (world, conformant) in [(tolerant, false), (strict, true)] {
        let config = world.get("/ServiceProviderConfig").await.json();
        assert_eq!(config["interopProfileConformant"], conformant);
    }
}

#[actix_web::test]
async fn a_strict_key_refuses_unknown_attributes_and_schemas() {
    let world = strict().await;
    let custom = "urn:example:custom:2.0:User";
    for more in [
        json!({"shoeSize": 44}),
        json!({"name": {"shoeSize": 44}}),
        json!({custom: {"shoeSize": 44}}),
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", custom]}),
    ] {
        let (scim_type, detail) = world.send("POST", "/Users", jane(&more)).await.refusal(400);
        assert_eq!(scim_type.as_deref(), Some("invalidSyntax"), "{more}: {detail}");
    }
    let list = world.get("/Users").await.json();
    assert_eq!(list["totalResults"], 0);
}

#[actix_web::test]
async fn a_strict_key_refuses_what_a_tolerant_one_forgives() {
    let world = strict().await;
    world.send("POST", "/Users", jane(&json!({"active": "False"}))).await.refusal(400);
    let id = world.user("jane").await;
    for (operation, scim_type) in [
        (json!({"op": "replace", "value": {"active": false}}), "invalidSyntax"),
        (json!({"op": "Replace", "path": "active", "value": false}), "invalidSyntax"),
        (json!({"op": "add", "path": "shoeSize", "value": 44}), "invalidPath"),
        (json!({"op": "add", "path": "urn:example:x:shoeSize", "value": 44}), "invalidPath"),
        (
            json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@b.c"}),
            "noTarget",
        ),
    ] {
        let path = format!("/Users/{id}");
        let answer = world.send("PATCH", &path, patch(json!([operation]))).await;
        let (told, detail) = answer.refusal(400);
        assert_eq!(told.as_deref(), Some(scim_type), "{operation}: {detail}");
    }
    world.get("/Users?filter=shoeSize%20eq%201").await.refusal(400);
    world.get("/Users?filter=userName%20eq%20jane").await.refusal(400);
    let found = world.get("/Users?filter=userName%20eq%20%22JANE%22").await.json();
    assert_eq!(found["totalResults"], 1);
    assert_eq!(found["Resources"][0]["active"], true);
    assert_eq!(requests(&world).await, []);
}

#[actix_web::test]
async fn a_strict_key_serves_what_the_profile_asks_for() {
    let world = strict().await;
    let id = world.user("jane").await;
    let group = world.group("Staff", &[]).await;
    let add = json!({"op": "add", "path": "members", "value": [{"value": id}]});
    let added = world.send("PATCH", &format!("/Groups/{group}"), patch(json!([add]))).await;
    assert_eq!(added.status, 204);
    let off = json!({"op": "replace", "path": "active", "value": false});
    let off = world.send("PATCH", &format!("/Users/{id}"), patch(json!([off]))).await;
    assert_eq!(off.json()["active"], false);
    let same = world.get(&format!("/Users/{id}")).await.json();
    assert_eq!(world.send("PUT", &format!("/Users/{id}"), same.clone()).await.json(), same);
}

#[actix_web::test]
async fn users_and_groups_that_refer_to_each_other_come_through_a_strict_key() {
    let world = strict().await;
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let user = |name: &str, manager: &str| {
        json!({"method": "POST", "path": "/Users", "bulkId": name, "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
            "userName": name,
            enterprise: {"manager": {"value": format!("bulkId:{manager}")}},
        }})
    };
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [user("anna", "bert"), user("bert", "anna")],
    });
    let answer = world.send("POST", "/Bulk", body).await.json();
    let statuses: Vec<_> =
        answer["Operations"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, ["201", "201"], "{answer}");
    let found = world.get("/Users?filter=userName%20eq%20%22anna%22").await.json();
    assert!(found["Resources"][0][enterprise]["manager"]["value"].is_string(), "{found}");
}

#[actix_web::test]
async fn what_a_tolerant_key_is_forgiven_is_counted_once_for_each_request() {
    let world = World::new().await;
    let id = world.user("jane").await;
    assert_eq!(requests(&world).await, []);
    let path = format!("/Users/{id}");
    let okta = patch(json!([json!({"op": "replace", "value": {"active": false}})]));
    world.send("PATCH", &path, okta).await;
    let entra = patch(json!([
        {"op": "Replace", "path": "active", "value": "True"},
        {"op": "Replace", "path": "title", "value": "Chief"},
    ]));
    world.send("PATCH", &path, entra.clone()).await;
    assert_eq!(world.send("PATCH", &path, entra).await.status, 200);
    world.send("PUT", &path, jane(&json!({"shoeSize": 44}))).await;
    world.get("/Users?filter=userName%20eq%20jane").await;
    assert_eq!(
        requests(&world).await,
        [
            ("boolean_as_text", 2),
            ("operation_in_other_case", 2),
            ("operation_without_path", 1),
            ("text_without_quotes", 1),
            ("unknown_attribute", 1),
        ]
    );
    world.get("/Groups?filter=displayName%20eq%20staff").await;
    assert!(requests(&world).await.contains(&("text_without_quotes", 2)));
}

#[actix_web::test]
async fn a_count_names_the_last_request_that_showed_it() {
    let world = World::new().await;
    world.send("POST", "/Users", jane(&json!({"shoeSize": 44}))).await;
    world.activity.flush(false).await.unwrap();
    world.clock.advance(5);
    let answer = world.send("POST", "/Users", jane(&json!({"userName": "j2", "hatSize": 7}))).await;
    let last = answer.header("x-request-id").unwrap().to_owned();
    world.activity.flush(false).await.unwrap();
    let counts = world.administration.list_quirks(world.tenant.organization.id).await.unwrap();
    assert_eq!((counts[0].requests, &counts[0].last_request_id), (2, &last));
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "a",
             "data": jane(&json!({"userName": "a", "x": 1}))},
            {"method": "POST", "path": "/Users", "bulkId": "b",
             "data": jane(&json!({"userName": "b", "x": 1}))},
        ],
    });
    world.send("POST", "/Bulk", bulk).await;
    assert_eq!(requests(&world).await, [("unknown_attribute", 3)]);
}
