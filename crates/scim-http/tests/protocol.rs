//! What RFC 7644 asks and no other test shows; `docs/conformance.md` names each.

use serde_json::{Value, json};

use crate::common::{World, patch};

const NOBODY: &str = "01980000-0000-7000-8000-00000000000f";

#[actix_web::test]
async fn the_schemas_of_messages_are_not_published() {
    let world = World::new().await;
    let listed = world.get("/Schemas").await.json();
    for schema in listed["Resources"].as_array().unwrap() {
        let id = schema["id"].as_str().unwrap();
        assert!(!id.starts_with("urn:ietf:params:scim:api:"), "{id}");
    }
    for name in ["ListResponse", "SearchRequest", "PatchOp", "BulkRequest", "BulkResponse", "Error"]
    {
        let urn = format!("urn:ietf:params:scim:api:messages:2.0:{name}");
        world.get(&format!("/Schemas/{urn}")).await.refusal(404);
    }
}

#[actix_web::test]
async fn a_put_creates_nothing() {
    let world = World::new().await;
    let before = world.get("/Groups").await.body;
    for (kind, body) in [
        ("Users", json!({"id": NOBODY, "userName": "jane"})),
        ("Groups", json!({"id": NOBODY, "displayName": "Engineering", "members": []})),
    ] {
        world.send("PUT", &format!("/{kind}/{NOBODY}"), body.clone()).await.refusal(404);
        world.send("PUT", &format!("/{kind}"), body).await.refusal(405);
        world.get(&format!("/{kind}/{NOBODY}")).await.refusal(404);
    }
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
    assert_eq!(world.get("/Groups").await.body, before);
}

#[actix_web::test]
async fn a_create_ignores_what_the_service_sets() {
    let world = World::new().await;
    let group = world.group("Engineering", &[]).await;
    let meta = json!({"resourceType": "Group", "created": "1999-01-01T00:00:00Z",
        "lastModified": "1999-01-01T00:00:00Z", "location": "https://elsewhere.example/1",
        "version": "W/\"99\""});
    for (path, body) in [
        ("/Users", json!({"userName": "jane", "groups": [{"value": group}]})),
        ("/Groups", json!({"displayName": "Builders"})),
    ] {
        let plain = world.send("POST", path, body.clone()).await;
        assert_eq!(world.delete(&format!("{path}/{}", plain.id())).await.status, 204);
        let mut body = body;
        body["id"] = json!(NOBODY);
        body["meta"] = meta.clone();
        let made = world.send("POST", path, body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_ne!(made.id(), NOBODY);
        // But for its id, it is what it is without all that.
        let expected = plain.text().replace(&plain.id(), &made.id());
        assert_eq!(made.text(), expected);
    }
    let members = world.get(&format!("/Groups/{group}")).await.json()["members"].clone();
    assert_eq!(members, json!([]));
}

#[actix_web::test]
async fn what_has_no_order_cannot_be_filtered_by_order() {
    let world = World::new().await;
    for operator in ["gt", "ge", "lt", "le"] {
        for filter in [
            format!("active+{operator}+true"),
            format!("emails.primary+{operator}+true"),
            format!("x509Certificates.value+{operator}+%22YQ==%22"),
        ] {
            let (kind, _) = world.get(&format!("/Users?filter={filter}")).await.refusal(400);
            assert_eq!(kind.as_deref(), Some("invalidFilter"), "{filter}");
        }
    }
}

#[actix_web::test]
async fn a_default_is_found_as_it_was_answered() {
    let world = World::new().await;
    let made = world.send("POST", "/Users", json!({"userName": "jane"})).await;
    assert_eq!(made.json()["active"], true);
    for (filter, found) in [("eq+true", 1), ("eq+false", 0), ("pr", 1), ("eq+null", 0)] {
        let list = world.get(&format!("/Users?filter=active+{filter}")).await.json();
        assert_eq!(list["totalResults"], found, "{filter}");
    }
}

#[actix_web::test]
async fn a_search_cannot_leave_out_the_id() {
    let world = World::new().await;
    let id = world.user("jane").await;
    for shape in [
        json!({"excludedAttributes": ["id", "schemas", "userName"]}),
        json!({"attributes": ["displayName"]}),
    ] {
        let found = world.send("POST", "/Users/.search", shape).await.json();
        let shown = &found["Resources"][0];
        assert_eq!(shown["id"], json!(id));
        assert!(shown["schemas"].is_array() && shown["userName"].is_null(), "{shown}");
    }
}

#[actix_web::test]
async fn a_put_without_what_is_required_is_refused() {
    let world = World::new().await;
    let id = world.user("jane").await;
    let group = world.group("Engineering", &[&id]).await;
    for (path, name) in
        [(format!("/Users/{id}"), "userName"), (format!("/Groups/{group}"), "displayName")]
    {
        let before = world.get(&path).await.body;
        for body in [json!({"externalId": "7"}), json!({name: ""}), json!({name: null})] {
            let (kind, detail) = world.send("PUT", &path, body).await.refusal(400);
            assert_eq!(kind.as_deref(), Some("invalidValue"));
            assert!(detail.contains(name), "{detail}");
        }
        assert_eq!(world.get(&path).await.body, before);
    }
}

#[actix_web::test]
async fn what_changes_nothing_leaves_time_and_version() {
    let world = World::new().await;
    let email = json!({"value": "jane@example.com", "type": "work", "primary": true});
    let body = json!({"userName": "jane", "title": "Dr", "emails": [email]});
    let made = world.send("POST", "/Users", body).await;
    let (user, jane) = (format!("/Users/{}", made.id()), made.id());
    let group = format!("/Groups/{}", world.group("Engineering", &[&jane]).await);
    let (user_before, group_before) = (world.get(&user).await, world.get(&group).await);
    world.clock.advance(3600);
    for operation in [
        json!({"op": "add", "path": "title", "value": "Dr"}),
        json!({"op": "add", "path": "emails", "value": [email]}),
        json!({"op": "add", "value": {"title": "Dr", "userName": "jane"}}),
        json!({"op": "replace", "path": "emails[type eq \"work\"].primary", "value": true}),
        json!({"op": "remove", "path": "nickName"}),
    ] {
        let answer = world.send("PATCH", &user, patch(json!([operation]))).await;
        assert_eq!((answer.status, &answer.body), (200, &user_before.body), "{operation}");
    }
    for operation in [
        json!({"op": "add", "path": "members", "value": [{"value": jane}]}),
        json!({"op": "replace", "path": "displayName", "value": "Engineering"}),
        json!({"op": "remove", "path": format!("members[value eq \"{NOBODY}\"]")}),
    ] {
        let answer = world.send("PATCH", &group, patch(json!([operation]))).await;
        assert_eq!(answer.status, 204, "{operation}");
        assert_eq!(world.get(&group).await.body, group_before.body, "{operation}");
    }
    // And what changes something is told so.
    let change = patch(json!([{"op": "replace", "path": "title", "value": "Prof"}]));
    let changed = world.send("PATCH", &user, change).await.json()["meta"].clone();
    let before = &user_before.json()["meta"];
    assert_eq!(changed["created"], before["created"]);
    assert_ne!(changed["lastModified"], before["lastModified"]);
    assert_ne!(changed["version"], before["version"]);
}

#[actix_web::test]
async fn a_deleted_resource_is_gone_from_every_answer() {
    let world = World::new().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let team = world.group("Team", &[&jane, &joe]).await;
    let crew = world.group("Crew", &[&jane, &joe]).await;
    for (kind, id, name) in [("Users", &jane, "userName"), ("Groups", &team, "displayName")] {
        let path = format!("/{kind}/{id}");
        assert_eq!(world.delete(&path).await.status, 204);
        let body = json!({"userName": "x", "displayName": "x"});
        world.get(&path).await.refusal(404);
        world.send("PUT", &path, body).await.refusal(404);
        let operations = json!([{"op": "replace", "path": name, "value": "y"}]);
        world.send("PATCH", &path, patch(operations)).await.refusal(404);
        world.delete(&path).await.refusal(404);
        let operations = json!([{"method": "DELETE", "path": path}]);
        let bulk = world.send("POST", "/Bulk", json!({"Operations": operations})).await.json();
        assert_eq!(bulk["Operations"][0]["status"], "404");
        let by_id = format!("/{kind}?filter=id+eq+%22{id}%22");
        assert_eq!(world.get(&by_id).await.json()["totalResults"], 0);
        for answer in [
            world.get(&format!("/{kind}?count=1000")).await,
            world.send("POST", &format!("/{kind}/.search"), json!({})).await,
            world.send("POST", "/.search", json!({})).await,
            world.get(&format!("/Groups/{crew}")).await,
            world.get(&format!("/Users/{joe}")).await,
        ] {
            assert!(!answer.text().contains(id.as_str()), "{}", answer.text());
        }
    }
    assert_ne!(world.user("jane").await, jane);
}

#[actix_web::test]
async fn an_operation_without_data_fails_alone() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    let operations = json!([
        {"method": "POST", "path": "/Users", "bulkId": "a"},
        {"method": "PUT", "path": format!("/Users/{jane}")},
        {"method": "PATCH", "path": format!("/Users/{jane}"), "data": null},
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "joe"}},
    ]);
    let answer = world.send("POST", "/Bulk", json!({"Operations": operations})).await.json();
    let results = answer["Operations"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["400", "400", "400", "201"]);
    for failed in &results[..3] {
        assert_eq!(failed["response"]["status"], "400");
        assert!(failed["response"]["detail"].is_string());
    }
}

#[actix_web::test]
async fn every_script_comes_back_as_it_was_sent() {
    let world = World::new().await;
    let name = "Žofie 山田 \u{5d0}\u{5d1} \u{1f469}\u{200d}\u{1f680} e\u{301} \u{212b} \"\\/\t";
    let sent = json!({"userName": "zofie", "displayName": name, "name": {"formatted": name}});
    let made = world.send("POST", "/Users", sent.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    // The same letters as escapes are the same text.
    let escape = |unit: u16| match u8::try_from(unit) {
        Ok(it) if it.is_ascii() => char::from(it).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    let escaped: String = sent.to_string().encode_utf16().map(escape).collect();
    let path = format!("/scim/v2/Users/{}", made.id());
    let put = world.ask("PUT", &path).body(escaped).send().await;
    for answer in [&made, &put, &world.get(&format!("/Users/{}", made.id())).await] {
        assert_eq!(answer.json()["displayName"], name);
        assert_eq!(answer.json()["name"]["formatted"], name);
        assert_eq!(answer.header("etag"), Some("W/\"1\""));
    }
}

#[actix_web::test]
async fn every_kind_of_refused_patch_is_named() {
    let world = World::new().await;
    let path = format!("/Users/{}", world.user("jane").await);
    let before = world.get(&path).await.body;
    for (operation, kind) in [
        (json!({"op": "remove"}), "noTarget"),
        (
            json!({"op": "replace", "path": "emails[type ne \"work\"].value", "value": "a@b.c"}),
            "noTarget",
        ),
        (json!({"op": "replace", "path": "emails[", "value": "a@b.c"}), "invalidPath"),
        (json!({"op": "remove", "path": "userName"}), "mutability"),
        (json!({"op": "replace", "path": "groups", "value": []}), "mutability"),
        (json!({"op": "replace", "path": "active", "value": "maybe"}), "invalidValue"),
        (json!({"op": "add", "path": "title"}), "invalidValue"),
        (json!({"op": "copy", "path": "title", "value": "x"}), "invalidSyntax"),
    ] {
        let operations = json!([{"op": "add", "path": "title", "value": "Dr"}, operation]);
        let answer = world.send("PATCH", &path, patch(operations)).await;
        assert_eq!(answer.refusal(400).0.as_deref(), Some(kind), "{operation}");
    }
    assert_eq!(world.get(&path).await.body, before);
}

#[actix_web::test]
async fn discovery_is_answered_whole_whatever_page_is_asked_for() {
    let world = World::new().await;
    for path in ["/ResourceTypes", "/Schemas"] {
        let whole: Value = world.get(path).await.json();
        assert!(whole["totalResults"].as_u64().unwrap() > 1);
        for query in [
            "startIndex=2&count=1",
            "count=0",
            "sortBy=name&sortOrder=descending",
            "sortBy=nothing",
        ] {
            let answer = world.get(&format!("{path}?{query}")).await;
            assert_eq!((answer.status, answer.json()), (200, whole.clone()), "{path}?{query}");
        }
    }
}
