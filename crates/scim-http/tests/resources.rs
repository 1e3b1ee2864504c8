//! What RFC 7643 asks of resources and their schemas and no other test shows;
//! `docs/conformance.md` names each.

use serde_json::{Value, json};

use crate::common::{Answer, BASE, World, patch};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[actix_web::test]
async fn schemas_follow_the_attributes() {
    let world = World::new().await;
    let foreign = "urn:example:params:scim:schemas:acme:2.0:User";
    for schemas in [
        json!([USER]),
        json!([ENTERPRISE, USER]),
        json!([USER, USER, ENTERPRISE, ENTERPRISE]),
        json!([foreign, USER]),
        json!(null),
    ] {
        let body = json!({"schemas": schemas, "userName": "jane", foreign: {"a": "b"},
            ENTERPRISE: {"department": "R&D"}});
        let made = world.send("POST", "/Users", body).await;
        assert_eq!(made.json()["schemas"], json!([USER, ENTERPRISE]), "{schemas}");
        assert_eq!(world.delete(&format!("/Users/{}", made.id())).await.status, 204);
    }
    let named = json!({"schemas": [USER, ENTERPRISE], "userName": "jane"});
    let path = format!("/Users/{}", world.send("POST", "/Users", named).await.id());
    let department = format!("{ENTERPRISE}:department");
    for (operation, schemas) in [
        (json!({"op": "add", "path": "title", "value": "Dr"}), json!([USER])),
        (json!({"op": "add", "path": department, "value": "R&D"}), json!([USER, ENTERPRISE])),
        (json!({"op": "remove", "path": department}), json!([USER])),
    ] {
        let patched = world.send("PATCH", &path, patch(json!([operation]))).await;
        assert_eq!(patched.json()["schemas"], schemas, "{operation}");
    }
}

#[actix_web::test]
async fn what_is_unassigned_is_left_out_however_it_was_unassigned() {
    let world = World::new().await;
    let full = json!({"userName": "jane", "title": "Dr", "name": {"givenName": "Jane"},
        "emails": [{"value": "jane@example.com", "type": "work"}]});
    let path = format!("/Users/{}", world.send("POST", "/Users", full.clone()).await.id());
    let remove = |path: &str| json!({"op": "remove", "path": path});
    let replace = |value: Value| json!({"op": "replace", "value": value});
    let mut shown = Vec::new();
    for operations in [
        json!([remove("title"), remove("name"), remove("emails")]),
        json!([remove("title"), remove("name.givenName"), remove("emails[type eq \"work\"]")]),
        json!([replace(json!({"title": null, "name": null, "emails": null}))]),
        json!([replace(json!({"title": "", "name": {"givenName": null}, "emails": []}))]),
    ] {
        assert_eq!(world.send("PUT", &path, full.clone()).await.status, 200);
        shown.push(world.send("PATCH", &path, patch(operations)).await);
    }
    for body in [
        json!({"userName": "jane"}),
        json!({"userName": "jane", "title": null, "name": {}, "emails": []}),
    ] {
        assert_eq!(world.send("PUT", &path, full.clone()).await.status, 200);
        shown.push(world.send("PUT", &path, body).await);
    }
    for answer in shown {
        assert_eq!(answer.status, 200);
        let json = answer.json();
        let names: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(names, ["active", "groups", "id", "meta", "schemas", "userName"]);
    }
    for filter in ["title+pr", "name+pr", "emails+pr", "title+ne+null"] {
        let found = world.get(&format!("/Users?filter={filter}")).await.json();
        assert_eq!(found["totalResults"], 0, "{filter}");
    }
}

/// Every attribute of a list and its sub-attributes, with how deep it is.
fn attributes<'a>(all: &'a Value, depth: usize) -> Vec<(usize, &'a Value)> {
    let inner = |it: &'a Value| attributes(&it["subAttributes"], depth + 1);
    let all = all.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().flat_map(|it| [vec![(depth, it)], inner(it)].concat()).collect()
}

#[actix_web::test]
async fn published_names_are_names() {
    const TYPES: [&str; 8] =
        ["string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"];
    let world = World::new().await;
    let schemas = world.get("/Schemas").await.json();
    for schema in list(&schemas["Resources"]) {
        for (depth, it) in attributes(&schema["attributes"], 0) {
            let name = it["name"].as_str().unwrap();
            let plain = name.strip_prefix('$').unwrap_or(name);
            assert!(plain.starts_with(|it: char| it.is_ascii_alphabetic()), "{name}");
            let letter = |it: char| it.is_ascii_alphanumeric() || "$-_".contains(it);
            assert!(name.chars().all(letter) && (plain == name || name == "$ref"), "{name}");
            assert!(TYPES.contains(&it["type"].as_str().unwrap()), "{name}");
            assert!(depth < 2 && (depth == 0 || it["type"] != "complex"), "{name}");
        }
    }
}

#[actix_web::test]
async fn an_ordinary_attribute_has_the_default_characteristics() {
    let world = World::new().await;
    let schema = world.get(&format!("/Schemas/{USER}")).await.json();
    let title = list(&schema["attributes"]).iter().find(|it| it["name"] == "title").unwrap();
    let mut title = title.clone();
    title.as_object_mut().unwrap().remove("description");
    let expected = json!({"name": "title", "type": "string", "multiValued": false,
        "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default",
        "uniqueness": "none"});
    assert_eq!(title, expected);
}

#[actix_web::test]
async fn every_reference_leads_to_what_it_names() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    let group = world.group("Engineering", &[&jane]).await;
    let user = world.get(&format!("/Users/{jane}")).await.json();
    let team = world.get(&format!("/Groups/{group}")).await.json();
    let mut leads = vec![
        (user["meta"]["location"].clone(), jane.clone()),
        (team["meta"]["location"].clone(), group.clone()),
        (user["groups"][0]["$ref"].clone(), group.clone()),
        (team["members"][0]["$ref"].clone(), jane.clone()),
    ];
    for path in ["/ResourceTypes", "/Schemas"] {
        for it in list(&world.get(path).await.json()["Resources"]) {
            let id = it["id"].as_str().unwrap().to_owned();
            leads.push((it["meta"]["location"].clone(), id));
        }
    }
    for (uri, id) in leads {
        let path = uri.as_str().and_then(|it| it.strip_prefix(BASE)).unwrap();
        assert_eq!(world.get(path).await.id(), id, "{uri}");
    }
    assert_eq!(user["groups"][0]["value"], json!(group));
    assert_eq!(team["members"][0]["value"], json!(jane));
    assert_eq!(world.delete(&format!("/Groups/{group}")).await.status, 204);
    world.get(&format!("/Groups/{group}")).await.refusal(404);
    let config = world.get("/ServiceProviderConfig").await.json();
    assert_eq!(config["meta"]["location"], format!("{BASE}/ServiceProviderConfig"));
}

#[actix_web::test]
async fn a_value_sent_twice_is_kept_and_a_member_is_not() {
    let world = World::new().await;
    let email = json!({"value": "jane@example.com", "type": "work"});
    let body = json!({"userName": "jane", "emails": [email, email]});
    let made = world.send("POST", "/Users", body.clone()).await;
    assert_eq!(made.json()["emails"], body["emails"]);
    let path = format!("/Users/{}", made.id());
    assert_eq!(world.send("PUT", &path, made.json()).await.body, made.body);
    let add = patch(json!([{"op": "add", "path": "emails", "value": [email]}]));
    assert_eq!(world.send("PATCH", &path, add).await.body, made.body);
    let id = made.id();
    let group = world.group("Engineering", &[&id, &id]).await;
    let group = world.get(&format!("/Groups/{group}")).await.json();
    assert_eq!(list(&group["members"]).len(), 1);
}

#[actix_web::test]
async fn an_external_id_is_only_ever_the_clients() {
    let world = World::new().await;
    let without = world.get(&format!("/Users/{}", world.user("jane").await)).await.json();
    let group = world.get(&format!("/Groups/{}", world.group("Team", &[]).await)).await.json();
    let homes = world.get("/Groups").await.json();
    for it in list(&homes["Resources"]).iter().chain([&without, &group]) {
        assert_eq!(it.get("externalId"), None, "{it}");
    }
    // Two of one externalId are no clash, of one kind or of two.
    for (path, body) in [
        ("/Users", json!({"userName": "ann", "externalId": "Same"})),
        ("/Users", json!({"userName": "bea", "externalId": "Same"})),
        ("/Groups", json!({"displayName": "cat", "externalId": "Same"})),
    ] {
        let made = world.send("POST", path, body).await;
        assert_eq!((made.status, &made.json()["externalId"]), (201, &json!("Same")));
    }
    let found = world.get("/Users?filter=externalId+eq+%22Same%22").await.json();
    assert_eq!(found["totalResults"], 2);
    let found = world.get("/Users?filter=externalId+eq+%22same%22").await.json();
    assert_eq!(found["totalResults"], 0);
}

/// That an answer with one resource says in its headers what the resource says.
fn says_where_it_is(answer: &Answer) {
    let meta = answer.json()["meta"].clone();
    for (header, member) in
        [("location", "location"), ("content-location", "location"), ("etag", "version")]
    {
        assert_eq!(answer.header(header), meta[member].as_str(), "{header}: {}", answer.text());
        assert!(meta[member].is_string());
    }
}

#[actix_web::test]
async fn every_answer_with_one_resource_says_where_it_is() {
    let world = World::new().await;
    let title = patch(json!([{"op": "add", "path": "externalId", "value": "7"}]));
    for (kind, body) in
        [("Users", json!({"userName": "jane"})), ("Groups", json!({"displayName": "Team"}))]
    {
        let made = world.send("POST", &format!("/{kind}"), body.clone()).await;
        says_where_it_is(&made);
        let path = format!("/{kind}/{}", made.id());
        says_where_it_is(&world.get(&path).await);
        says_where_it_is(&world.send("PUT", &path, body).await);
        let all = format!("{path}?excludedAttributes=displayName");
        says_where_it_is(&world.send("PATCH", &all, title.clone()).await);
    }
}

#[actix_web::test]
async fn a_country_is_kept_as_it_was_sent() {
    let world = World::new().await;
    for country in ["CH", "USA", "Switzerland"] {
        let address = json!([{"type": "work", "country": country}]);
        let body = json!({"userName": country, "addresses": address});
        let made = world.send("POST", "/Users", body).await;
        assert_eq!(made.json()["addresses"], address);
    }
    let schema = world.get(&format!("/Schemas/{USER}")).await;
    assert!(schema.text().contains("ISO 3166-1 alpha-2"));
}

#[actix_web::test]
async fn no_page_is_larger_than_published() {
    let world = World::new().await;
    let config = world.get("/ServiceProviderConfig").await.json();
    let largest = config["filter"]["maxResults"].as_u64().unwrap();
    let usual = config["pagination"]["defaultPageSize"].as_u64().unwrap();
    assert_eq!(config["pagination"]["maxPageSize"], largest);
    for start in [0, 500, 1000] {
        let operations: Vec<_> = (start..start + 500)
            .map(|it| {
                let name = format!("user-{it}");
                json!({"method": "POST", "path": "/Users", "bulkId": name, "data": {"userName": name}})
            })
            .collect();
        let made = world.send("POST", "/Bulk", json!({"Operations": operations})).await;
        assert_eq!(made.status, 200);
    }
    for (query, size) in [("", usual), ("?count=1500", largest), ("?count=999999999", largest)] {
        let list = world.get(&format!("/Users{query}")).await.json();
        assert_eq!(list["totalResults"], 1500);
        assert_eq!(list["itemsPerPage"], size, "{query}");
        assert_eq!(list["Resources"].as_array().unwrap().len() as u64, size, "{query}");
    }
}

#[actix_web::test]
async fn types_and_schemas_fit_together() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    world.group("Engineering", &[&jane]).await;
    let types = world.get("/ResourceTypes").await.json();
    let schemas = world.get("/Schemas").await.json();
    let schemas = list(&schemas["Resources"]);
    for schema in schemas {
        for member in ["id", "name", "description"] {
            assert!(schema[member].as_str().is_some_and(|it| !it.is_empty()), "{member}");
        }
    }
    for kind in list(&types["Resources"]) {
        let extensions = kind["schemaExtensions"].as_array().into_iter().flatten();
        let named: Vec<_> = extensions.map(|it| &it["schema"]).chain([&kind["schema"]]).collect();
        for urn in &named {
            assert!(schemas.iter().any(|it| it["id"] == **urn), "{urn}");
        }
        let found = world.get(kind["endpoint"].as_str().unwrap()).await.json();
        let resources = list(&found["Resources"]);
        assert!(!resources.is_empty());
        for resource in resources {
            assert_eq!(resource["meta"]["resourceType"], kind["name"]);
            assert_eq!(resource["schemas"][0], kind["schema"]);
            assert!(list(&resource["schemas"]).iter().all(|urn| named.contains(&urn)));
        }
    }
}
