//! What the service tells of itself (RFC 7644 §4).

use serde_json::Value;

use crate::common::{BASE, World};

#[actix_web::test]
async fn the_configuration_is_complete_and_true() {
    let world = World::new().await;
    let answer = world.get("/ServiceProviderConfig").await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!(answer.json());
}

#[actix_web::test]
async fn resource_types_are_listed_and_found() {
    let world = World::new().await;
    let list = world.get("/ResourceTypes").await.json();
    insta::assert_json_snapshot!(list);
    for it in list["Resources"].as_array().unwrap() {
        let id = it["id"].as_str().unwrap();
        assert_eq!(world.get(&format!("/ResourceTypes/{id}")).await.json(), *it);
    }
    world.get("/ResourceTypes/Device").await.refusal(404);
    world.get("/ResourceTypes/user").await.refusal(404);
}

// I4
#[actix_web::test]
async fn schemas_are_listed_and_found_and_know_no_password() {
    let world = World::new().await;
    let list = world.get("/Schemas").await;
    let json = list.json();
    let all = json["Resources"].as_array().unwrap();
    let ids: Vec<_> = all.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "urn:ietf:params:scim:schemas:core:2.0:Group",
        ]
    );
    assert_eq!(json["totalResults"], 3);
    assert!(!list.text().contains("\"password\""));
    for it in all {
        let id = it["id"].as_str().unwrap();
        assert_eq!(it["meta"]["location"], format!("{BASE}/Schemas/{id}"));
        assert_eq!(it["meta"]["resourceType"], "Schema");
        assert_eq!(world.get(&format!("/Schemas/{id}")).await.json(), *it);
    }
    world.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Device").await.refusal(404);
}

#[actix_web::test]
async fn discovery_takes_neither_writes_nor_filters() {
    let world = World::new().await;
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User"] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            world.send(method, path, Value::Null).await.refusal(405);
        }
        world.get(&format!("{path}?filter=id+pr")).await.refusal(403);
        assert_eq!(world.get(&format!("{path}?startIndex=1&count=1")).await.status, 200);
    }
}
