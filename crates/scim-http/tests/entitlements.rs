//! `/Roles` and `/Entitlements`: what can be assigned, where the organization assigns.

use scim_domain::organization::{Entitlements, Plan};
use serde_json::{Value, json};

use crate::common::{BASE, World};

const PATHS: [&str; 4] = ["/Roles", "/Roles/admin", "/Entitlements", "/Entitlements/x"];

async fn ids(world: &World, query: &str) -> Vec<String> {
    let list = world.get(&format!("/Roles?{query}")).await.json();
    let all = list["Resources"].as_array().unwrap_or_else(|| panic!("{list}"));
    all.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

async fn assigned(world: &World, user_name: &str, roles: &[&str]) -> String {
    let roles: Vec<_> = roles.iter().map(|it| json!({ "value": it })).collect();
    let made = world.send("POST", "/Users", json!({ "userName": user_name, "roles": roles })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.id()
}

#[actix_web::test]
async fn roles_speak_both_dialects_and_tell_how_often_they_are_assigned() {
    let world = World::assigning().await;
    assigned(&world, "jane", &["admin", "developer"]).await;
    let off = assigned(&world, "joe", &["developer"]).await;
    let body = json!({ "userName": "joe", "active": false, "roles": [{ "value": "developer" }] });
    assert_eq!(world.send("PUT", &format!("/Users/{off}"), body).await.status, 200);
    let list = world.get("/Roles").await;
    assert_eq!(list.status, 200);
    assert_eq!(list.header("content-type"), Some("application/scim+json"));
    insta::assert_json_snapshot!(list.json());
    let role = world.get("/Roles/developer").await;
    assert_eq!(role.json(), list.json()["Resources"][2]);
    assert_eq!(role.json()["meta"]["location"], format!("{BASE}/Roles/developer"));
    for unknown in ["/Roles/ADMIN", "/Roles/nothing"] {
        world.get(unknown).await.refusal(404);
    }
}

#[actix_web::test]
async fn roles_are_filtered_sorted_paged_and_projected() {
    let world = World::assigning().await;
    assigned(&world, "jane", &["developer"]).await;
    for (query, expected) in [
        ("filter=value+eq+%22ADMIN%22", &["admin"][..]),
        ("filter=displayName+sw+%22a%22", &["admin", "analyst"]),
        ("filter=display+eq+%22Developer%22+and+supported+eq+true", &["developer"]),
        ("filter=totalAssignmentsUsed+gt+0", &["developer"]),
        ("filter=contains+pr", &[]),
        ("filter=meta.resourceType+eq+%22Role%22", &["admin", "analyst", "developer"]),
        ("sortBy=display&sortOrder=descending", &["developer", "analyst", "admin"]),
        ("sortBy=totalAssignmentsUsed&sortOrder=descending&count=1", &["developer"]),
        ("startIndex=2&count=1", &["analyst"]),
        ("startIndex=9", &[]),
        ("count=0", &[]),
    ] {
        assert_eq!(ids(&world, query).await, expected, "{query}");
    }
    let page = world.get("/Roles?startIndex=2&count=1").await.json();
    let numbers = ["totalResults", "startIndex", "itemsPerPage"].map(|it| page[it].clone());
    assert_eq!(numbers, [json!(3), json!(2), json!(1)]);
    let shown = world.get("/Roles/admin?attributes=display").await.json();
    let names: Vec<_> = shown.as_object().unwrap().keys().collect();
    assert_eq!(names, ["display", "id", "schemas"]);
    let shown = world.get("/Roles/admin?excludedAttributes=totalAssignmentsUsed").await.json();
    assert!(shown.get("totalAssignmentsUsed").is_none() && shown.get("display").is_some());
    let (kind, detail) = world.get("/Roles?filter=colour+eq+%22red%22").await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidFilter"));
    assert!(detail.contains("Role"), "{detail}");
}

#[actix_web::test]
async fn there_are_no_entitlements() {
    let world = World::assigning().await;
    let list = world.get("/Entitlements?count=1&startIndex=1").await;
    assert_eq!((list.status, &list.json()["totalResults"]), (200, &json!(0)));
    assert_eq!(list.json()["Resources"], json!([]));
    world.get("/Entitlements/x").await.refusal(404);
    world.get("/Entitlements?filter=colour+pr").await.refusal(400);
}

#[actix_web::test]
async fn nothing_of_it_is_written() {
    let world = World::assigning().await;
    for path in PATHS {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = world.send(method, path, json!({ "value": "x" })).await;
            answer.refusal(405);
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method} {path}");
        }
    }
    let operation = json!({ "method": "POST", "path": "/Roles", "bulkId": "a", "data": {} });
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [operation],
    });
    let answer = world.send("POST", "/Bulk", bulk).await.json();
    assert_eq!(answer["Operations"][0]["status"], "404", "{answer}");
}

#[actix_web::test]
async fn elsewhere_there_is_nothing_at_these_paths_and_no_mention_of_them() {
    let world = World::assigning().await;
    let other = world.tenant("Other", Plan::Enterprise).await;
    let unknown = world.ask("GET", "/scim/v2/Nothing").key(&other.token).send().await.json();
    for path in PATHS {
        for method in ["GET", "HEAD", "POST", "DELETE"] {
            let path = format!("/scim/v2{path}");
            let answer = world.ask(method, &path).key(&other.token).send().await;
            assert_eq!(answer.status, 404, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(answer.json(), unknown, "{method} {path}");
            }
        }
    }
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        let answer = world.ask("GET", &format!("/scim/v2{path}")).key(&other.token).send().await;
        for word in ["2.0:Role", "1.0:Role", "2.0:Entitlement", "/Roles", "RolesAndEntitlements"] {
            assert!(!answer.text().contains(word), "{path}: {word}");
        }
    }
    // What was switched off is gone with the next request.
    let organization = world.tenant.organization.id;
    let ignore = Entitlements::Ignore;
    world.administration.set_entitlements(organization, ignore, &|_| {}).await.unwrap();
    world.get("/Roles").await.refusal(404);
}

#[actix_web::test]
async fn discovery_tells_of_what_can_be_assigned() {
    let world = World::assigning().await;
    let config = world.get("/ServiceProviderConfig").await.json();
    insta::assert_json_snapshot!(
        "the_configuration_of_what_can_be_assigned",
        config["RolesAndEntitlements"]
    );
    let types = world.get("/ResourceTypes").await.json();
    let types = types["Resources"].as_array().unwrap();
    insta::assert_json_snapshot!("the_resource_types_of_what_can_be_assigned", types[2..]);
    for it in types {
        let id = it["id"].as_str().unwrap();
        assert_eq!(world.get(&format!("/ResourceTypes/{id}")).await.json(), *it);
    }
    let schemas = world.get("/Schemas").await.json();
    let schemas = schemas["Resources"].as_array().unwrap();
    insta::assert_json_snapshot!("the_schemas_of_what_can_be_assigned", schemas[3..]);
    for it in schemas {
        let id = it["id"].as_str().unwrap();
        assert_eq!(world.get(&format!("/Schemas/{id}")).await.json(), *it);
    }
    let roles = schemas[0]["attributes"].as_array().unwrap().iter();
    let roles: &Value = roles.clone().find(|it| it["name"] == "roles").unwrap();
    assert_eq!(
        roles["subAttributes"][0]["canonicalValues"],
        json!(["admin", "analyst", "developer"])
    );
    assert!(roles["description"].as_str().unwrap().contains("assigns"), "{roles}");
}

#[actix_web::test]
async fn a_plan_without_scim_reads_none_of_it() {
    let world = World::assigning().await;
    let organization = world.tenant.organization.id;
    world.administration.set_plan(organization, Plan::Starter).await.unwrap();
    for path in PATHS {
        let (_, detail) = world.get(path).await.refusal(403);
        assert!(detail.contains("Starter"), "{detail}");
    }
}

// RFC 9865
#[actix_web::test]
async fn roles_are_walked_by_cursor_there_and_back() {
    let world = World::assigning().await;
    let page = async |cursor: &str| {
        let path = format!("/Roles?sortBy=value&sortOrder=descending&count=1&cursor={cursor}");
        world.get(&path).await.json()
    };
    let (mut cursor, mut walked) = (String::new(), Vec::new());
    let last = loop {
        let page = page(&cursor).await;
        assert_eq!(
            (page["totalResults"].as_u64(), page["itemsPerPage"].as_u64()),
            (Some(3), Some(1))
        );
        assert!(page["startIndex"].is_null(), "{page}");
        walked.push(page["Resources"][0]["id"].as_str().unwrap().to_owned());
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break page,
        }
        assert!(walked.len() < 4);
    };
    assert_eq!(walked, ["developer", "analyst", "admin"]);
    let before = page(last["previousCursor"].as_str().unwrap()).await;
    assert_eq!(before["Resources"][0]["id"], "analyst");
    let forged = world.get("/Roles?cursor=forged").await.refusal(400);
    assert_eq!(forged.0.as_deref(), Some("invalidCursor"));
    let users = world.get(&format!("/Users?cursor={cursor}")).await.refusal(400);
    assert_eq!(users.0.as_deref(), Some("invalidCursor"));
    let none = world.get("/Entitlements?cursor=").await.json();
    assert_eq!(
        (none["totalResults"].as_u64(), &none["nextCursor"]),
        (Some(0), &none["startIndex"])
    );
}
