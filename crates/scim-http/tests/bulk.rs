//! Many operations in one request (RFC 7644 §3.7).

use scim_app::ports::Store;
use scim_domain::organization::Plan;
use serde_json::{Value, json};

use crate::common::{Answer, BASE, World, patch};

const MIB: usize = 1024 * 1024;
const NOBODY: &str = "01980000-0000-7000-8000-00000000000f";

fn bulk(operations: Value) -> Value {
    let mut body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]});
    body["Operations"] = operations;
    body
}

fn post(bulk_id: &str, path: &str, data: impl Into<Value>) -> Value {
    let data = data.into();
    json!({"method": "POST", "path": path, "bulkId": bulk_id, "data": data})
}

async fn send(world: &World, operations: Value) -> Vec<Value> {
    results(&world.send("POST", "/Bulk", bulk(operations)).await)
}

fn results(answer: &Answer) -> Vec<Value> {
    let json = answer.json();
    assert_eq!(answer.status, 200, "{json}");
    assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    assert_eq!(json["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]));
    json["Operations"].as_array().unwrap().clone()
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|it| it["status"].as_str().unwrap()).collect()
}

async fn activity(world: &World) -> Vec<(String, String, u16, String)> {
    world.activity.flush(true).await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    let all = snapshot.audit().activity(world.tenant.organization.id, 100).await.unwrap();
    all.into_iter().map(|it| (it.method, it.path, it.status, it.detail)).collect()
}

#[actix_web::test]
async fn every_kind_of_operation_is_carried_out_and_told() {
    let world = World::new().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let team = world.group("Team", &[&jane]).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": "bulkId:new"}]}]);
    let operations = json!([
        {"method": "patch", "path": format!("/Groups/{team}"), "data": patch(add)},
        post("new", "/Users", json!({"userName": "new"})),
        {"method": "PUT", "path": format!("{BASE}/Users/{jane}"), "version": "W/\"1\"",
         "data": {"userName": "jane2"}},
        {"method": "PATCH", "path": format!("Users/{joe}"), "bulkId": "j",
         "data": patch(json!([{"op": "add", "path": "title", "value": "Dr"}]))},
        {"method": "DELETE", "path": format!("/Users/{joe}")},
        {"method": "PUT", "path": "/Users/bulkId:new", "data": {"userName": "newer"}},
    ]);
    let results = send(&world, operations).await;
    assert_eq!(statuses(&results), ["204", "201", "200", "200", "204", "200"]);
    let new = results[1]["location"].as_str().unwrap().to_owned();
    let expected = json!({
        "method": "POST", "bulkId": "new", "location": new, "version": "W/\"1\"", "status": "201",
    });
    assert_eq!(results[1], expected);
    let location = format!("{BASE}/Groups/{team}");
    let expected = json!({
        "method": "PATCH", "location": location, "version": "W/\"2\"", "status": "204",
    });
    assert_eq!(results[0], expected);
    assert_eq!(results[3]["bulkId"], "j");
    assert!(results[4]["version"].is_null() && results[4]["location"].is_string());
    assert_eq!(results[5]["location"], new);
    let id = new.rsplit('/').next().unwrap();
    let read = world.get(&format!("/Users/{id}")).await;
    assert_eq!(read.json()["userName"], "newer");
    assert_eq!(read.header("etag"), results[5]["version"].as_str());
    let members = world.get(&format!("/Groups/{team}")).await.json()["members"].clone();
    let mut members: Vec<_> =
        members.as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap()).collect();
    members.sort_unstable();
    let mut expected = [jane.as_str(), id];
    expected.sort_unstable();
    assert_eq!(members, expected);
    world.get(&format!("/Users/{joe}")).await.refusal(404);
}

#[actix_web::test]
async fn a_failure_is_told_in_the_words_of_a_single_request_and_stops_nothing() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    let delete =
        json!({"method": "DELETE", "path": format!("/Users/{jane}"), "version": "W/\"9\""});
    let operations = json!([
        post("a", "/Users", json!({"userName": "JANE"})),
        post("b", "/Users", json!({"userName": "joe"})),
        {"method": "DELETE", "path": format!("/Users/{NOBODY}")},
        delete,
        post("c", "/Groups", json!({"displayName": "G", "members": [{"value": "bulkId:a"}]})),
        post("d", "/Groups", json!({"displayName": "H", "members": [{"value": "bulkId:z"}]})),
        {"method": "PUT", "path": "/Nowhere", "data": {}},
        post("e", "/Users", json!([])),
        {"method": "PATCH", "path": format!("/Users/{jane}"), "data": {}},
    ]);
    let results = send(&world, operations).await;
    let expected = ["409", "201", "404", "412", "409", "400", "404", "400", "400"];
    assert_eq!(statuses(&results), expected);
    let alone = world.send("POST", "/Users", json!({"userName": "jane"})).await;
    assert_eq!(results[0]["response"], alone.json());
    let alone = world.delete(&format!("/Users/{NOBODY}")).await;
    assert_eq!(results[2]["response"], alone.json());
    assert_eq!(results[2]["location"], format!("{BASE}/Users/{NOBODY}"));
    assert_eq!(results[5]["response"]["scimType"], "invalidValue");
    for at in [0, 4, 5, 6, 7] {
        assert!(results[at]["location"].is_null(), "{at}");
    }
    assert_eq!(world.get("/Groups?filter=displayName+eq+%22G%22").await.json()["totalResults"], 0);
}

#[actix_web::test]
async fn managers_of_each_other_come_out_whole() {
    let world = World::new().await;
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let user = |name: &str, manager: &str| {
        post(name, "/Users", json!({"userName": name, urn: {"manager": {"value": manager}}}))
    };
    let operations = json!([user("a", "bulkId:b"), user("b", "bulkId:a")]);
    let results = send(&world, operations).await;
    assert_eq!(statuses(&results), ["201", "201"]);
    let ids: Vec<_> = results.iter().map(|it| it["location"].as_str().unwrap()).collect();
    let ids: Vec<_> = ids.iter().map(|it| it.rsplit('/').next().unwrap()).collect();
    for (id, manager, result) in [(ids[0], ids[1], &results[0]), (ids[1], ids[0], &results[1])] {
        let read = world.get(&format!("/Users/{id}")).await;
        assert_eq!(read.json()[urn]["manager"]["value"], manager);
        assert_eq!(read.header("etag"), result["version"].as_str());
    }
}

#[actix_web::test]
async fn a_path_refers_to_what_the_same_request_makes() {
    let world = World::new().await;
    let team = world.group("Team", &[]).await;
    let members = json!([{"value": "bulkId:one"}, {"value": "bulkId:two"}]);
    let add = json!([{"op": "add", "path": "members", "value": members}]);
    let remove = json!([{"op": "remove", "path": "members[value eq \"bulkId:one\"]"}]);
    let operations = json!([
        {"method": "PATCH", "path": format!("/Groups/{team}"), "data": patch(add)},
        {"method": "PATCH", "path": format!("/Groups/{team}"), "data": patch(remove)},
        post("one", "/Users", json!({"userName": "one"})),
        post("two", "/Users", json!({"userName": "two"})),
    ]);
    let results = send(&world, operations).await;
    assert_eq!(statuses(&results), ["204", "204", "201", "201"]);
    let location = results[3]["location"].as_str().unwrap();
    let group = world.get(&format!("/Groups/{team}")).await.json();
    let left = group["members"].as_array().unwrap();
    assert_eq!(left.len(), 1, "{group}");
    assert!(location.ends_with(left[0]["value"].as_str().unwrap()), "{group}");
}

#[actix_web::test]
async fn after_so_many_errors_the_rest_is_not_begun_and_not_listed() {
    let world = World::new().await;
    let mut body = bulk(json!([
        post("a", "/Users", json!({"userName": "a"})),
        post("b", "/Users", json!({})),
        post("c", "/Users", json!({"userName": "c"})),
    ]));
    body["failOnErrors"] = json!(1);
    let results = results(&world.send("POST", "/Bulk", body).await);
    assert_eq!(statuses(&results), ["201", "400"]);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 1);
    let (_, _, _, detail) = activity(&world).await.pop().unwrap();
    assert!(detail.starts_with("3 operations: 1 done, 1 failed, 1 not begun; "), "{detail}");
}

// P1
#[actix_web::test]
async fn a_request_is_one_record_with_counts_and_the_first_error() {
    let world = World::new().await;
    let results = send(
        &world,
        json!([
            post("a", "/Users", json!({"userName": "a"})),
            post("b", "/Users", json!({"userName": "A"})),
        ]),
    )
    .await;
    let first = results[1]["response"]["detail"].as_str().unwrap();
    let detail = format!("2 operations: 1 done, 1 failed; {first}");
    let record = ("POST".to_owned(), "/Bulk".to_owned(), 200, detail);
    assert_eq!(activity(&world).await, [record]);
}

// I4
#[actix_web::test]
async fn beyond_the_limits_of_bulk_nothing_is_applied() {
    let world = World::new().await;
    let config = world.get("/ServiceProviderConfig").await.json()["bulk"].clone();
    let most = usize::try_from(config["maxOperations"].as_u64().unwrap()).unwrap();
    let largest = usize::try_from(config["maxPayloadSize"].as_u64().unwrap()).unwrap();
    let user = |at: usize| post(&at.to_string(), "/Users", json!({"userName": at.to_string()}));
    let many: Vec<_> = (0..=most).map(user).collect();
    let (_, detail) = world.send("POST", "/Bulk", bulk(json!(many))).await.refusal(413);
    assert!(detail.contains("1000"), "{detail}");
    let announced = (largest + 1).to_string();
    let ask = world.ask("POST", "/scim/v2/Bulk").header("content-length", &announced);
    assert!(ask.send().await.refusal(413).1.contains(&largest.to_string()));
    let large = json!({"userName": "large", "x": "x".repeat(MIB)});
    let long = json!({"userName": "long", "title": "x".repeat(4097)});
    let operations = json!([post("a", "/Users", large), post("b", "/Users", long)]);
    assert_eq!(statuses(&send(&world, operations).await), ["413", "400"]);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
    let all = send(&world, json!(many[..most])).await;
    assert!(statuses(&all).iter().all(|it| *it == "201"));
    assert_eq!(world.get("/Users?count=0").await.json()["totalResults"], most);
}

#[actix_web::test]
async fn a_broken_request_is_refused_as_a_whole() {
    let world = World::new().await;
    let fine = post("a", "/Users", json!({"userName": "a"}));
    for operations in [json!([fine, {}]), json!([fine, fine]), json!([fine, 1]), json!(fine)] {
        let (kind, _) = world.send("POST", "/Bulk", bulk(operations)).await.refusal(400);
        assert_eq!(kind.as_deref(), Some("invalidSyntax"));
    }
    world.ask("POST", "/scim/v2/Bulk").body("{").send().await.refusal(400);
    world.ask("POST", "/scim/v2/Bulk").send().await.refusal(400);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
}

// T1
#[actix_web::test]
async fn another_organizations_id_is_as_unknown_in_bulk_as_any_other() {
    let world = World::new().await;
    let jane = world.user("jane").await;
    let team = world.group("Team", &[&jane]).await;
    let before = world.get(&format!("/Groups/{team}")).await.body;
    let other = world.tenant("Other", Plan::Enterprise).await;
    let ask = async |user: &str, group: &str| {
        let clear = json!([{"op": "remove", "path": "members"}]);
        let operations = json!([
            {"method": "DELETE", "path": format!("/Users/{user}")},
            {"method": "PUT", "path": format!("/Users/{user}"), "data": {"userName": "x"}},
            {"method": "PATCH", "path": format!("/Groups/{group}"), "data": patch(clear)},
            {"method": "DELETE", "path": format!("/Groups/{group}")},
        ]);
        let ask = world.ask("POST", "/scim/v2/Bulk").key(&other.token);
        results(&ask.json(&bulk(operations)).send().await)
    };
    let theirs = ask(&jane, &team).await;
    assert_eq!(statuses(&theirs), ["404"; 4]);
    let nobody = ask(NOBODY, NOBODY).await;
    for (theirs, nobody) in theirs.iter().zip(&nobody) {
        assert_eq!(theirs["response"], nobody["response"]);
    }
    assert_eq!(world.get(&format!("/Groups/{team}")).await.body, before);
}

// Z5, P1
#[actix_web::test]
async fn without_the_plan_each_operation_is_refused_and_counted() {
    let world = World::on(Plan::Starter).await;
    let operations = json!([
        post("a", "/Users", json!({"userName": "a"})),
        post("b", "/Groups", json!({"displayName": "b"})),
    ]);
    let results = send(&world, operations).await;
    assert_eq!(statuses(&results), ["403", "403"]);
    assert!(results[0]["response"]["detail"].as_str().unwrap().contains("Starter"));
    world.activity.flush(true).await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    let all = snapshot.audit().newest(world.tenant.organization.id, 100).await.unwrap();
    let denial = all.into_iter().map(|it| it.entry).find(|it| it.action == "request.denied");
    assert_eq!(denial.unwrap().detail, json!({"reason": "plan", "count": 2}));
}
