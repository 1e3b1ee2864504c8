//! Searches by POST (RFC 7644 §3.4.3), for one kind of resource and for both.

use scim_domain::organization::Plan;
use serde_json::{Value, json};

use crate::common::{Answer, World};

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Users and groups of which some share a word.
async fn world() -> World {
    let world = World::new().await;
    for name in ["smith", "ann", "smithers"] {
        let body = json!({"userName": name, "displayName": format!("{name}, Jane"), "title": "Dr"});
        let made = world.send("POST", "/Users", body).await;
        assert_eq!(made.status, 201);
        world.group(&format!("{name} family"), &[&made.id()]).await;
    }
    world
}

async fn search(world: &World, path: &str, message: Value) -> Answer {
    let found = world.send("POST", &format!("{path}/.search"), message).await;
    assert_eq!(found.status, 200, "{}", found.text());
    assert_eq!(found.header("content-type"), Some("application/scim+json"));
    found
}

fn all(list: &Value, name: &str) -> Vec<String> {
    let all = list["Resources"].as_array().unwrap();
    all.iter().filter_map(|it| it[name].as_str()).map(ToOwned::to_owned).collect()
}

#[actix_web::test]
async fn a_post_answers_what_a_get_with_the_same_parameters_answers() {
    let world = world().await;
    for (query, message) in [
        ("", json!({})),
        ("?filter=displayName+sw+%22smith%22", json!({"filter": "displayName sw \"smith\""})),
        (
            "?sortBy=displayName&sortOrder=descending&startIndex=2&count=1",
            json!({"sortBy": "displayName", "sortOrder": "descending", "startIndex": 2, "count": 1}),
        ),
        ("?count=0", json!({"count": 0})),
        ("?count=-1&startIndex=-5", json!({"count": -1, "startIndex": -5})),
        ("?count=99999999999999999999", json!({"count": 1e20})),
        (
            "?attributes=displayName,meta.created",
            json!({"attributes": ["displayName", "meta.created"]}),
        ),
        (
            "?excludedAttributes=members,groups",
            json!({"excludedAttributes": ["members", "groups"]}),
        ),
        ("?attributes=", json!({"attributes": [], "filter": "", "count": null, "sortBy": ""})),
    ] {
        for path in ["/Users", "/Groups"] {
            let by_get = world.get(&format!("{path}{query}")).await;
            let by_post = search(&world, path, message.clone()).await;
            assert_eq!(by_post.text(), by_get.text(), "{path} {message}");
        }
    }
    for (query, message) in [
        ("?filter=userName+eqq+%22a%22", json!({"filter": "userName eqq \"a\""})),
        ("?filter=password+pr", json!({"filter": "password pr"})),
        ("?sortBy=nothing", json!({"sortBy": "nothing"})),
        ("?count=many", json!({"count": "many"})),
        ("?startIndex=1.5", json!({"startIndex": 1.5})),
    ] {
        let by_get = world.get(&format!("/Users{query}")).await;
        let by_post = world.send("POST", "/Users/.search", message.clone()).await;
        by_get.refusal(400);
        assert_eq!(by_post.text(), by_get.text(), "{message}");
    }
}

#[actix_web::test]
async fn a_message_is_read_with_patience() {
    let world = world().await;
    let strict = json!({
        "schemas": [MESSAGE],
        "attributes": ["userName", "title"],
        "filter": "userName sw \"smith\"",
        "sortBy": "userName",
        "startIndex": 1,
        "count": 10,
    });
    let expected = search(&world, "/Users", strict).await;
    assert_eq!(all(&expected.json(), "userName"), ["smith", "smithers"]);
    let loose = json!({
        "SCHEMAS": MESSAGE.to_uppercase(),
        "Attributes": "userName, title",
        "FILTER": "userName sw \"smith\"",
        "sortby": "userName",
        "startindex": "1",
        "Count": "10",
        "cursor2": {"unknown": true},
    });
    assert_eq!(search(&world, "/Users", loose).await.text(), expected.text());
    let decimals = json!({"attributes": ["userName,title"], "filter": "userName sw \"smith\"",
        "sortBy": "userName", "startIndex": 1.0, "count": 1e1, "schemas": null});
    assert_eq!(search(&world, "/Users", decimals).await.text(), expected.text());
}

#[actix_web::test]
async fn a_member_of_a_wrong_type_is_named() {
    let world = World::new().await;
    for (name, values) in [
        ("filter", [json!(1), json!(["userName pr"]), json!({})]),
        ("sortBy", [json!(true), json!(["userName"]), json!({})]),
        ("sortOrder", [json!(1), json!([]), json!({})]),
        ("startIndex", [json!(true), json!([1]), json!({})]),
        ("count", [json!(false), json!("ten"), json!(2.5)]),
        ("attributes", [json!(1), json!(["userName", 1]), json!({})]),
        ("excludedAttributes", [json!(true), json!([null]), json!({})]),
    ] {
        for value in values {
            for path in ["/Users/.search", "/Groups/.search", "/.search"] {
                let message = json!({name: value});
                let (kind, detail) = world.send("POST", path, message).await.refusal(400);
                assert_eq!(kind.as_deref(), Some("invalidValue"), "{name}: {value}");
                assert!(detail.contains(name), "{detail}");
            }
        }
    }
}

#[actix_web::test]
async fn another_message_and_what_is_no_message_are_refused() {
    let world = World::new().await;
    for message in [
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}),
        json!({"schemas": "urn:ietf:params:scim:schemas:core:2.0:User", "userName": "jane"}),
        json!({"schemas": []}),
        json!([]),
        json!("userName pr"),
    ] {
        for path in ["/Users/.search", "/Groups/.search", "/.search"] {
            let (kind, _) = world.send("POST", path, message.clone()).await.refusal(400);
            assert_eq!(kind.as_deref(), Some("invalidSyntax"), "{message}");
        }
    }
    for body in ["", "{", r#"{"count":1,"COUNT":2}"#] {
        let answer = world.ask("POST", "/scim/v2/.search").body(body).send().await;
        assert_eq!(answer.refusal(400).0.as_deref(), Some("invalidSyntax"), "{body}");
    }
    let text = world.ask("POST", "/scim/v2/.search").header("content-type", "text/plain");
    text.body("{}").send().await.refusal(415);
}

// I1, I4
#[actix_web::test]
async fn a_message_beyond_a_limit_is_refused() {
    let world = World::new().await;
    let announced = (1024 * 1024 + 1).to_string();
    for path in ["/scim/v2/.search", "/scim/v2/Users/.search", "/scim/v2/Groups/.search"] {
        let answer = world.ask("POST", path).header("content-length", &announced).send().await;
        answer.refusal(413);
    }
    let many = json!({"attributes": vec!["title"; 501]});
    let (kind, _) = world.send("POST", "/Users/.search", many).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("tooMany"));
    let long = json!({"filter": format!("title eq \"{}\"", "x".repeat(4096))});
    let (kind, _) = world.send("POST", "/.search", long).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidFilter"));
    let deep = json!({"startIndex": 100_000, "count": 2});
    let (kind, detail) = world.send("POST", "/.search", deep).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("tooMany"));
    assert!(detail.contains("/Users and /Groups"), "{detail}");
}

#[actix_web::test]
async fn what_the_url_says_counts_and_nothing_is_said_twice() {
    let world = world().await;
    let url = "/Users/.search?filter=userName+eq+%22ann%22&attributes=userName";
    let found = world.send("POST", url, json!({"attributes": ["title"]})).await;
    assert_eq!(found.json()["Resources"][0]["userName"], "ann");
    assert_eq!(found.json()["Resources"][0]["title"], "Dr");
    assert_eq!(found.json()["totalResults"], 1);
    let twice = world.send("POST", url, json!({"filter": "title pr"})).await;
    assert_eq!(twice.refusal(400).0.as_deref(), Some("invalidFilter"));
}

#[actix_web::test]
async fn the_root_finds_users_and_groups_under_one_total() {
    let world = world().await;
    // The example of the RFC.
    let message = json!({
        "schemas": [MESSAGE],
        "attributes": ["displayName", "userName"],
        "filter": "displayName sw \"smith\"",
        "startIndex": 1,
        "count": 10,
    });
    let found = search(&world, "", message).await.json();
    assert_eq!(found["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
    assert_eq!([&found["totalResults"], &found["itemsPerPage"], &found["startIndex"]], [4, 4, 1]);
    let names = ["smith, Jane", "smith family", "smithers, Jane", "smithers family"];
    assert_eq!(all(&found, "displayName"), names);
    for resource in found["Resources"].as_array().unwrap() {
        let mut shown: Vec<_> = resource.as_object().unwrap().keys().collect();
        shown.retain(|it| *it != "userName");
        assert_eq!(shown, ["displayName", "id", "schemas"]);
    }
    assert_eq!(all(&found, "userName"), ["smith", "smithers"]);

    let page = json!({"sortBy": "displayName", "sortOrder": "descending", "startIndex": 2,
        "count": 2, "filter": "displayName co \"smith\""});
    let page = search(&world, "", page).await.json();
    assert_eq!([&page["totalResults"], &page["itemsPerPage"], &page["startIndex"]], [4, 2, 2]);
    assert_eq!(all(&page, "displayName"), ["smithers family", "smith, Jane"]);
}

#[actix_web::test]
async fn the_root_answers_each_resource_as_its_endpoint_does() {
    let world = world().await;
    let mut apart: Vec<Value> = Vec::new();
    for path in ["/Users", "/Groups"] {
        let list = world.get(path).await.json();
        apart.extend(list["Resources"].as_array().unwrap().iter().cloned());
    }
    apart.sort_by_key(|it| it["id"].as_str().unwrap().to_owned());
    let together = search(&world, "", json!({})).await.json();
    assert_eq!(together["Resources"], json!(apart));
    // Each type is without what only the other has.
    let without = json!({"excludedAttributes": ["members", "userName"], "filter": "title pr"});
    let without = search(&world, "", without).await.json();
    assert_eq!(all(&without, "userName"), Vec::<String>::new());
    assert_eq!(without["Resources"][0]["groups"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_root_tells_who_belongs_to_one_kind_only() {
    let world = world().await;
    let total = |filter: &'static str| {
        let world = &world;
        async move { search(world, "", json!({"filter": filter})).await.json()["totalResults"].clone() }
    };
    assert_eq!(total("userName pr").await, 3);
    assert_eq!(total("members pr").await, 3);
    assert_eq!(total("meta.resourceType eq \"User\"").await, 3);
    assert_eq!(total("userName eq \"nobody\"").await, 0);
    let unknown = world.send("POST", "/.search", json!({"filter": "nothing pr"})).await;
    assert_eq!(unknown.refusal(400).0.as_deref(), Some("invalidFilter"));
}

#[actix_web::test]
async fn the_root_is_searched_by_post_alone() {
    let world = World::new().await;
    for path in ["/scim/v2?filter=userName+pr", "/scim/v2/?filter=userName+pr"] {
        world.ask("GET", path).send().await.refusal(404);
    }
    let answer = world.get("/.search").await;
    answer.refusal(405);
    assert_eq!(answer.header("allow"), Some("POST"));
}

// Z5
#[actix_web::test]
async fn a_plan_without_scim_looks_one_thing_up_by_post_too() {
    let world = world().await;
    let organization = world.tenant.organization.id;
    world.administration.set_plan(organization, Plan::Starter).await.unwrap();
    for path in ["/Users", ""] {
        let one = search(&world, path, json!({"filter": "userName eq \"ann\""})).await.json();
        assert_eq!(all(&one, "userName"), ["ann"]);
        let path = format!("{path}/.search");
        for message in [json!({}), json!({"filter": "userName pr"})] {
            let (_, detail) = world.send("POST", &path, message).await.refusal(403);
            assert!(detail.contains("Starter"), "{detail}");
        }
    }
}

// T1, T2
#[actix_web::test]
async fn another_organizations_people_are_never_found() {
    let world = world().await;
    let other = world.tenant("Other", Plan::Enterprise).await;
    for path in ["/scim/v2/Users/.search", "/scim/v2/.search"] {
        let ask = world.ask("POST", path).key(&other.token);
        let found = ask.json(&json!({"filter": "userName pr"})).send().await.json();
        assert_eq!((&found["totalResults"], &found["Resources"]), (&json!(0), &json!([])));
    }
}

#[actix_web::test]
async fn a_search_by_post_is_no_write() {
    let world = world().await;
    world.activity.flush(true).await.unwrap();
    let organization = world.tenant.organization.id;
    let before = world.administration.list_activity(organization, 1000).await.unwrap().len();
    search(&world, "/Users", json!({})).await;
    search(&world, "", json!({})).await;
    world.activity.flush(true).await.unwrap();
    let after = world.administration.list_activity(organization, 1000).await.unwrap().len();
    assert_eq!(after, before);
}
