//! Lists and look-ups (RFC 7644 §3.4.2).

use serde_json::{Value, json};

use crate::common::World;

fn names(list: &Value) -> Vec<String> {
    let all = list["Resources"].as_array().unwrap();
    all.iter().map(|it| it["userName"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn an_empty_list_is_whole() {
    let world = World::new().await;
    let list = world.get("/Users?startIndex=1&count=2").await;
    assert_eq!(list.status, 200);
    insta::assert_snapshot!(list.text());
}

#[actix_web::test]
async fn pages_are_counted_in_whole_numbers() {
    let world = World::new().await;
    for name in ["a", "b", "c", "d", "e"] {
        world.user(name).await;
    }
    let page = |query: &'static str| {
        let world = &world;
        async move {
            let json = world.get(&format!("/Users{query}")).await.json();
            let number = |name: &str| json[name].as_u64().unwrap();
            let counted = [number("totalResults"), number("startIndex"), number("itemsPerPage")];
            (counted, names(&json).concat())
        }
    };
    assert_eq!(page("").await, ([5, 1, 5], "abcde".to_owned()));
    assert_eq!(page("?startIndex=2&count=2").await, ([5, 2, 2], "bc".to_owned()));
    assert_eq!(page("?startIndex=-7&count=1").await, ([5, 1, 1], "a".to_owned()));
    assert_eq!(page("?startIndex=101&count=100").await, ([5, 101, 0], String::new()));
    assert_eq!(page("?count=0").await, ([5, 1, 0], String::new()));
    assert_eq!(page("?count=-1").await, ([5, 1, 0], String::new()));
    assert_eq!(page("?count=5000").await, ([5, 1, 5], "abcde".to_owned()));
    assert_eq!(page("?count=&filter=&unknown=1").await, ([5, 1, 5], "abcde".to_owned()));
    assert_eq!(
        page("?sortBy=userName&sortOrder=descending&count=2").await,
        ([5, 1, 2], "ed".to_owned())
    );
}

#[actix_web::test]
async fn a_user_is_found_by_its_name_however_the_query_is_encoded() {
    let world = World::new().await;
    world.user("Jane+Doe@example.com").await;
    for query in [
        "filter=userName+eq+%22jane%2Bdoe%40example.com%22&startIndex=1&count=100",
        "filter=userName%20eq%20%22jane%2Bdoe@example.com%22",
        "filter=userName%20Eq%20%22JANE%2BDOE%40EXAMPLE.COM%22",
    ] {
        let found = world.get(&format!("/Users?{query}")).await.json();
        assert_eq!(names(&found), ["Jane+Doe@example.com"], "{query}");
    }
    // Decoded twice, `%252B` would be a plus.
    let twice = world.get("/Users?filter=userName+eq+%22jane%252Bdoe%40example.com%22").await;
    assert_eq!(twice.json()["totalResults"], 0);
}

#[actix_web::test]
async fn nobody_found_is_200_and_empty() {
    let world = World::new().await;
    let none = world.get("/Users?filter=userName+eq+%22nobody%22").await;
    assert_eq!((none.status, &none.json()["Resources"]), (200, &json!([])));
}

#[actix_web::test]
async fn a_filter_given_twice_is_refused() {
    let world = World::new().await;
    let twice = world.get("/Users?filter=userName+pr&filter=title+pr").await;
    assert_eq!(twice.refusal(400).0.as_deref(), Some("invalidFilter"));
}

#[actix_web::test]
async fn a_list_shows_each_users_groups_and_each_groups_members() {
    let world = World::new().await;
    let (jane, joe) = (world.user("jane").await, world.user("joe").await);
    let group = world.group("Engineering", &[&jane, &joe]).await;
    let users = world.get("/Users").await.json();
    for user in users["Resources"].as_array().unwrap() {
        assert_eq!(user["groups"][0]["value"], json!(group));
    }
    let groups = world.get("/Groups?filter=displayName+eq+%22engineering%22").await.json();
    assert_eq!(groups["Resources"][0]["members"].as_array().unwrap().len(), 2);
}
