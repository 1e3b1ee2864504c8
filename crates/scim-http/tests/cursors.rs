//! Pages by cursor (RFC 9865), on every list and search.

use scim_domain::{
    api_key::{NewApiKey, Permission},
    organization::Plan,
    resource::document::Strictness,
};
use serde_json::{Value, json};

use crate::common::{Answer, World};

/// Seven users and, in between, four groups besides the three home groups.
async fn world() -> World {
    let world = World::new().await;
    for (at, name) in ["gina", "carl", "anna", "erik", "bert", "fred", "dora"].iter().enumerate() {
        let title = if at % 3 == 0 { json!(null) } else { json!("Dr") };
        let body = json!({"userName": name, "displayName": format!("{name} x"), "title": title});
        let made = world.send("POST", "/Users", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        if at % 2 == 0 {
            world.group(&format!("{name} team"), &[&made.id()]).await;
        }
    }
    world
}

fn ids(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let all = json["Resources"].as_array().unwrap().clone();
    all.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn cursor(answer: &Answer, name: &str) -> Option<String> {
    let cursor = answer.json()[name].as_str().map(ToOwned::to_owned)?;
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    assert!(!cursor.is_empty() && cursor.bytes().all(unreserved), "{cursor}");
    Some(cursor)
}

fn next(answer: &Answer) -> Option<String> {
    cursor(answer, "nextCursor")
}

fn previous(answer: &Answer) -> Option<String> {
    cursor(answer, "previousCursor")
}

/// One way to ask for a page.
#[derive(Clone, Copy, Debug)]
struct Way {
    path: &'static str,
    /// In a body, or in the URL.
    by_post: bool,
    parameters: &'static [(&'static str, &'static str)],
}

impl Way {
    async fn ask(self, world: &World, more: &[(&str, &str)]) -> Answer {
        let all = || self.parameters.iter().chain(more);
        if self.by_post {
            let message: serde_json::Map<String, Value> =
                all().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            return world.send("POST", &format!("{}/.search", self.path), message).await;
        }
        let pairs: Vec<_> =
            all().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        world.get(&format!("{}?{}", self.path, pairs.join("&"))).await
    }

    async fn page(self, world: &World, cursor: &str) -> Answer {
        let page = self.ask(world, &[("count", "3"), ("cursor", cursor)]).await;
        assert_eq!(page.status, 200, "{self:?} {}", page.text());
        page
    }
}

const BY_NAME: &[(&str, &str)] = &[("sortBy", "displayName"), ("sortOrder", "descending")];
const BY_TITLE: &[(&str, &str)] = &[("sortBy", "title")];
const FILTERED: &[(&str, &str)] = &[("filter", "displayName co \"a\" or displayName co \"e\"")];

const WAYS: &[Way] = &[
    Way { path: "/Users", by_post: false, parameters: &[] },
    Way { path: "/Users", by_post: false, parameters: BY_NAME },
    Way { path: "/Users", by_post: true, parameters: BY_TITLE },
    Way { path: "/Users", by_post: true, parameters: FILTERED },
    Way { path: "/Groups", by_post: false, parameters: &[] },
    Way { path: "/Groups", by_post: true, parameters: BY_NAME },
    Way { path: "", by_post: true, parameters: &[] },
    Way { path: "", by_post: true, parameters: BY_NAME },
    Way { path: "", by_post: true, parameters: BY_TITLE },
    Way { path: "", by_post: true, parameters: FILTERED },
];

#[actix_web::test]
async fn every_list_is_walked_to_its_end_and_back() {
    let world = world().await;
    for way in WAYS {
        let whole = way.ask(&world, &[("count", "1000")]).await;
        let (all, total) = (ids(&whole), whole.json()["totalResults"].clone());
        assert!(all.len() > 4, "{way:?}");
        let mut pages = vec![way.page(&world, "").await];
        assert_eq!(previous(&pages[0]), None);
        while let Some(cursor) = next(pages.last().unwrap()) {
            pages.push(way.page(&world, &cursor).await);
        }
        let seen: Vec<_> = pages.iter().flat_map(ids).collect();
        assert_eq!(seen, all, "{way:?}");
        for page in &pages {
            assert_eq!(page.json()["totalResults"], total, "{way:?}");
            assert_eq!(page.json()["itemsPerPage"], ids(page).len());
            assert_eq!(page.json().get("startIndex"), None);
        }
        // Back again: the same pages, and each leads forward as it did.
        for at in (1..pages.len()).rev() {
            let before = way.page(&world, &previous(&pages[at]).unwrap()).await;
            assert_eq!(ids(&before), ids(&pages[at - 1]), "{way:?}");
            assert_eq!(previous(&before).is_some(), at > 1, "{way:?}");
            let again = way.page(&world, &next(&before).unwrap()).await;
            assert_eq!(ids(&again), ids(&pages[at]), "{way:?}");
        }
    }
}

#[actix_web::test]
async fn without_the_parameter_no_list_has_a_cursor() {
    let world = world().await;
    for query in ["", "?count=2", "?startIndex=2&count=2"] {
        let page = world.get(&format!("/Users{query}")).await.json();
        assert!(page.get("nextCursor").is_none() && page.get("previousCursor").is_none());
        assert!(page["startIndex"].is_u64());
    }
    let page = world.send("POST", "/Users/.search", json!({"count": 2, "cursor": null})).await;
    assert!(page.json().get("nextCursor").is_none());
}

#[actix_web::test]
async fn the_parameter_is_chosen_by_being_there() {
    let world = world().await;
    // The RFC's own example has neither a value nor an equals sign.
    for query in ["cursor&count=2", "cursor=&count=2", "count=2&cursor=%20"] {
        let page = world.get(&format!("/Users?{query}")).await;
        assert_eq!(ids(&page).len(), 2, "{query}");
        assert!(next(&page).is_some(), "{query}");
    }
    let page = world.send("POST", "/.search", json!({"cursor": "", "count": 2})).await;
    assert!(next(&page).is_some());
    // What fits one page has nothing to go on with.
    let page = world.get("/Users?cursor").await;
    assert_eq!((ids(&page).len(), next(&page), previous(&page)), (7, None, None));
    let twice = world.get("/Users?cursor&cursor=").await;
    assert_eq!(twice.refusal(400).0.as_deref(), Some("invalidValue"));
    let twice = world.send("POST", "/Users/.search?cursor", json!({"cursor": ""})).await;
    assert_eq!(twice.refusal(400).0.as_deref(), Some("invalidValue"));
    let wrong = world.send("POST", "/Users/.search", json!({"cursor": 7})).await;
    assert!(wrong.refusal(400).1.contains("cursor"));
}

#[actix_web::test]
async fn a_count_of_zero_gives_the_total_and_nothing_to_go_on_with() {
    let world = world().await;
    for count in ["0", "-1"] {
        let page = world.get(&format!("/Users?cursor=&count={count}")).await;
        assert_eq!((ids(&page).len(), next(&page), previous(&page)), (0, None, None));
        assert_eq!(page.json()["totalResults"], 7);
    }
}

#[actix_web::test]
async fn a_count_out_of_bounds_names_the_maximum() {
    let world = world().await;
    let cursor = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    for cursor in ["", &cursor] {
        for count in ["1001", "ten", "99999999999999999999"] {
            let refused = world.get(&format!("/Users?cursor={cursor}&count={count}")).await;
            let (kind, detail) = refused.refusal(400);
            assert_eq!(kind.as_deref(), Some("invalidCount"), "{count}");
            assert!(detail.contains("1000"), "{detail}");
        }
    }
    let refused = world.send("POST", "/.search", json!({"cursor": "", "count": 1001})).await;
    assert_eq!(refused.refusal(400).0.as_deref(), Some("invalidCount"));
    let refused = world.get("/Users?cursor=&startIndex=1").await;
    assert!(refused.refusal(400).1.contains("startIndex and cursor"));
    assert_eq!(ids(&world.get("/Users?cursor=&count=1000").await).len(), 7);
}

#[actix_web::test]
async fn count_may_be_left_out_after_the_first_page_but_not_changed() {
    let world = world().await;
    let first = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    let second = world.get(&format!("/Users?cursor={first}")).await;
    assert_eq!(ids(&second).len(), 2);
    let third = next(&second).unwrap();
    assert_eq!(ids(&world.get(&format!("/Users?cursor={third}&count=2")).await).len(), 2);
    for count in ["3", "0", "100"] {
        let refused = world.get(&format!("/Users?cursor={first}&count={count}")).await;
        assert_eq!(refused.refusal(400).0.as_deref(), Some("invalidCursor"), "{count}");
    }
}

// T1
#[actix_web::test]
async fn a_cursor_of_something_else_is_invalid_and_all_are_told_the_same() {
    let world = world().await;
    let other = world.tenant("Other", Plan::Enterprise).await;
    let own = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    let group = next(&world.get("/Groups?cursor=&count=2").await).unwrap();
    let both = world.send("POST", "/.search", json!({"cursor": "", "count": 2})).await;
    let both = next(&both).unwrap();
    let sorted = next(&world.get("/Users?cursor=&count=2&sortBy=userName").await).unwrap();
    let mut forged = own.clone();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    let mut refusals = Vec::new();
    for (query, cursor) in [
        ("count=2", "nonsense".to_owned()),
        ("count=2", "%00".to_owned()),
        ("count=2", "AQ".to_owned()),
        ("count=2", "A".repeat(20_000)),
        ("count=2", forged),
        ("count=2", own[..own.len() - 1].to_owned()),
        ("count=2", group),
        ("count=2", both),
        ("count=2", sorted.clone()),
        ("count=2&sortBy=userName&sortOrder=descending", sorted.clone()),
        ("count=2&sortBy=title", sorted),
        ("count=2&filter=userName+pr", own.clone()),
        ("count=3", own.clone()),
    ] {
        let refused = world.get(&format!("/Users?{query}&cursor={cursor}")).await;
        let (kind, detail) = refused.refusal(400);
        assert_eq!(kind.as_deref(), Some("invalidCursor"), "{query} {cursor}");
        refusals.push(detail);
    }
    let foreign = world.ask("GET", &format!("/scim/v2/Users?count=2&cursor={own}"));
    let (kind, detail) = foreign.key(&other.token).send().await.refusal(400);
    assert_eq!(kind.as_deref(), Some("invalidCursor"));
    refusals.push(detail);
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(refusals[0].contains("Start again with an empty cursor"), "{}", refusals[0]);
    assert!(refusals[0].contains("same parameters"), "{}", refusals[0]);
    // What is shown of each resource is no part of the question.
    let page = world.get(&format!("/Users?cursor={own}&count=2&attributes=userName")).await;
    assert_eq!(ids(&page).len(), 2);
}

#[actix_web::test]
async fn a_cursor_ends_with_its_time() {
    let world = world().await;
    let cursor = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    let path = format!("/Users?cursor={cursor}&count=2");
    world.clock.advance(3_600);
    let page = world.get(&path).await;
    assert_eq!(ids(&page).len(), 2);
    world.clock.advance(1);
    let (kind, detail) = world.get(&path).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("expiredCursor"));
    assert!(detail.contains("3600 seconds"), "{detail}");
    // Each page gives a cursor of its own time.
    let fresh = next(&page).unwrap();
    assert_eq!(world.get(&format!("/Users?cursor={fresh}&count=2")).await.status, 200);
}

// A3
#[actix_web::test]
async fn a_cursor_names_nobody_and_is_short() {
    let world = World::new().await;
    for name in ["jane.canary@example.com", "john.canary@example.com"] {
        world.user(name).await;
    }
    let page = world.get("/Users?cursor=&count=1&sortBy=userName").await;
    let text = next(&page).unwrap();
    let bytes = base64(&text);
    assert!(!bytes.windows(6).any(|it| it == b"canary"));
    assert!(text.len() < 200, "{}", text.len());
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes() {
        let value = ALPHABET.iter().position(|it| *it == digit).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).unwrap());
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

// I4
#[actix_web::test]
async fn the_longest_names_are_walked_too() {
    let world = World::new().await;
    let long = "x".repeat(4_000);
    for name in ["c", "a", "d", "b"] {
        world.user(&format!("{long}{name}")).await;
    }
    let mut seen = String::new();
    let mut cursor = String::new();
    loop {
        let message = json!({"sortBy": "userName", "count": 1, "cursor": cursor});
        let page = world.send("POST", "/Users/.search", message).await;
        let name = page.json()["Resources"][0]["userName"].as_str().unwrap().to_owned();
        seen.push(name.chars().last().unwrap());
        let Some(next) = next(&page) else { break };
        assert!(next.len() <= 6 * 1024, "{}", next.len());
        // It fits a URL as well.
        let url = format!("/Users?sortBy=userName&count=1&cursor={next}");
        assert_eq!(world.get(&url).await.status, 200);
        cursor = next;
    }
    assert_eq!(seen, "abcd");
}

// Z5
#[actix_web::test]
async fn a_cursor_gives_no_power_that_its_bearer_lost() {
    let world = world().await;
    let cursor = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    let organization = world.tenant.organization.id;
    world.administration.set_plan(organization, Plan::Starter).await.unwrap();
    let (_, detail) = world.get(&format!("/Users?cursor={cursor}&count=2")).await.refusal(403);
    assert!(detail.contains("Starter"), "{detail}");
}

// Z5
#[actix_web::test]
async fn each_page_asks_who_asks() {
    let world = world().await;
    let organization = world.tenant.organization.id;
    let new = NewApiKey {
        name: "Second".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Tolerant,
        expires: None,
        ..NewApiKey::default()
    };
    let second = world.administration.create_api_key(organization, new).await.unwrap();
    let cursor = next(&world.get("/Users?cursor=&count=2").await).unwrap();
    let path = format!("/scim/v2/Users?cursor={cursor}&count=2");
    world.administration.revoke_api_key(organization, world.tenant.key.id).await.unwrap();
    world.ask("GET", &path).send().await.refusal(401);
    world.ask("GET", &path).without_key().send().await.refusal(401);
    // It belongs to the organization, not to the key: another one of it may go on.
    let page = world.ask("GET", &path).key(second.token.expose()).send().await;
    assert_eq!((page.status, ids(&page).len()), (200, 2), "{}", page.text());
}

#[actix_web::test]
async fn a_page_whose_people_are_gone_still_leads_back() {
    let world = World::new().await;
    let mut made = Vec::new();
    for name in ["a", "b", "c", "d"] {
        made.push(world.user(name).await);
    }
    let first = world.get("/Users?cursor=&count=2").await;
    let cursor = next(&first).unwrap();
    for id in &made[1..] {
        assert_eq!(world.delete(&format!("/Users/{id}")).await.status, 204);
    }
    let empty = world.get(&format!("/Users?cursor={cursor}&count=2")).await;
    assert_eq!((ids(&empty).len(), next(&empty)), (0, None));
    assert_eq!(empty.json()["totalResults"], 1);
    let back = previous(&empty).unwrap();
    let back = world.get(&format!("/Users?cursor={back}&count=2")).await;
    assert_eq!((ids(&back), previous(&back)), (made[..1].to_vec(), None));
}
