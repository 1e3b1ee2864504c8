//! Following what happens, as a backend does.

use std::{sync::Arc, time::Duration};

use scim_app::{
    feed::{MOST_WAITING_OF_ONE, Retention},
    ports::{Clock, Store},
    sealer::Sealer,
};
use scim_domain::{OrganizationId, api_key::Permission, organization::Plan};
use serde_json::Value;

use crate::common::{Answer, World};

const READ: [Permission; 1] = [Permission::EventsRead];

impl World {
    async fn number_events(&self) {
        Sealer::new(Arc::new(self.store.clone())).run().await.unwrap();
        self.feeds.look().await.unwrap();
    }

    /// The events that a key is told, with this query.
    async fn events(&self, key: &str, query: &str) -> Answer {
        self.api(key, "GET", &format!("/events{query}")).send().await
    }
}

fn types(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect()
}

async fn bounded<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}

#[actix_web::test]
async fn what_an_identity_provider_does_is_told_in_its_order() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let position = world.api(&key, "GET", "/events/position").send().await.json();
    assert_eq!(position["oldest"], 1);
    let latest = position["latest"].as_u64().unwrap();
    let jane = world.user("jane@example.com").await;
    world.group("Team", &[&jane]).await;
    world.number_events().await;
    let page = world.events(&key, &format!("?after={latest}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    insta::assert_json_snapshot!(page.json());
    let all = world.events(&key, "").await.json();
    assert_eq!(all["items"].as_array().unwrap().len() as u64, all["latest"].as_u64().unwrap());
    assert_eq!(types(&all)[0], "organization.created");
    let first = world.events(&key, "?limit=2").await.json();
    assert_eq!((first["nextAfter"].as_u64(), types(&first).len()), (Some(2), 2));
}

#[actix_web::test]
async fn a_request_that_waits_is_answered_when_something_happens() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let latest = world.events(&key, "?limit=1").await.json()["latest"].clone();
    let mut waiting = world.feeds.watch_waiting();
    let happen = async {
        waiting.wait_for(|waiting| *waiting == 1).await.unwrap();
        world.user("jane@example.com").await;
        world.number_events().await;
    };
    let query = format!("?wait=60&after={latest}");
    let (answer, ()) = bounded(async { tokio::join!(world.events(&key, &query), happen) }).await;
    assert_eq!(types(&answer.json()), ["user.created"]);
    assert_eq!(*world.feeds.watch_waiting().borrow(), 0);
}

// R7
#[actix_web::test]
async fn a_request_that_waits_is_sent_home_when_the_service_stops() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let latest = world.events(&key, "?limit=1").await.json()["latest"].clone();
    let mut waiting = world.feeds.watch_waiting();
    let stop = async {
        waiting.wait_for(|waiting| *waiting == 1).await.unwrap();
        world.feeds.stop();
    };
    let query = format!("?wait=60&after={latest}");
    let (answer, ()) = bounded(async { tokio::join!(world.events(&key, &query), stop) }).await;
    assert_eq!((answer.status, answer.json()["nextAfter"].clone()), (200, latest));
    assert!(types(&answer.json()).is_empty());
}

// A5
#[actix_web::test]
async fn a_key_that_is_revoked_while_it_waits_is_told_nothing_more() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let latest = world.events(&key, "?limit=1").await.json()["latest"].clone();
    let mut waiting = world.feeds.watch_waiting();
    let own = world.tenant.organization.id;
    let revoke = async {
        waiting.wait_for(|waiting| *waiting == 1).await.unwrap();
        let keys = world.administration.list_api_keys(own).await.unwrap();
        let backend = keys.iter().find(|it| it.key.name == "Backend").unwrap();
        world.administration.revoke_api_key(own, backend.key.id).await.unwrap();
        world.number_events().await;
    };
    let query = format!("?wait=60&after={latest}");
    let (answer, ()) = bounded(async { tokio::join!(world.events(&key, &query), revoke) }).await;
    let (code, detail) = answer.problem(401);
    assert_eq!(code, "unauthenticated");
    assert!(detail.contains("revoked") && detail.contains("program"), "{detail}");
    // Whoever manages has no identity provider to enter a key in.
    assert!(!detail.contains("identity provider"), "{detail}");
}

#[actix_web::test]
async fn waiting_ends_before_the_time_of_the_request_does() {
    let world = World::with_timeout(Plan::Enterprise, Duration::from_millis(200)).await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let latest = world.events(&key, "?limit=1").await.json()["latest"].clone();
    let answer = bounded(world.events(&key, &format!("?wait=60&after={latest}"))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

// W6
#[actix_web::test]
async fn events_that_are_gone_are_answered_with_410_and_what_to_do() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let clock: Arc<dyn Clock> = world.clock.clone();
    world.clock.advance(3_600);
    Retention::new(store, clock, Duration::from_mins(1)).run(|| true).await.unwrap();
    let latest = world.events(&key, "").await.json()["latest"].as_u64().unwrap();
    let later = latest + 1;
    for query in ["?after=0".to_owned(), "?after=1&wait=60".to_owned(), format!("?after={later}")] {
        let (code, detail) = bounded(world.events(&key, &query)).await.problem(410);
        assert_eq!(code, "events_gone", "{query}");
        assert!(detail.contains(&latest.to_string()), "{detail}");
        assert!(detail.contains("Read the present state again"), "{detail}");
    }
    let page = world.events(&key, &format!("?after={latest}")).await.json();
    assert_eq!(page["oldest"], Value::Null);
    assert_eq!(page["nextAfter"], latest);
}

// O2, O3
#[actix_web::test]
async fn too_many_that_wait_are_told_when_to_come_again() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    world.number_events().await;
    let (own, feeds) = (world.tenant.organization.id, world.feeds.clone());
    let crowd: Vec<_> = (0..MOST_WAITING_OF_ONE)
        .map(|_| {
            let feeds = feeds.clone();
            let latest = async move {
                let latest = feeds.position(own).await.unwrap().latest;
                feeds.follow(own, Some(latest), 1, Duration::from_mins(10)).await
            };
            tokio::spawn(latest)
        })
        .collect();
    let mut waiting = feeds.watch_waiting();
    bounded(waiting.wait_for(|it| *it == MOST_WAITING_OF_ONE)).await.unwrap();
    let latest = world.events(&key, "?limit=1").await.json()["latest"].clone();
    let refused = world.events(&key, &format!("?wait=60&after={latest}")).await;
    assert_eq!(refused.problem(429).0, "too_many_requests");
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert_eq!(world.events(&key, &format!("?after={latest}")).await.status, 200);
    crowd.iter().for_each(tokio::task::JoinHandle::abort);
}

// T1
#[actix_web::test]
async fn a_key_follows_its_own_organization_and_an_operator_key_the_one_it_names() {
    let world = World::new().await;
    let other = world.tenant("Other", Plan::Growth).await.organization.id.to_string();
    let own = world.tenant.organization.id.to_string();
    let key = world.manager(&READ).await;
    let operator = world.operator(&READ).await;
    world.number_events().await;
    for path in ["/events", "/events/position"] {
        for unknown in [other.as_str(), "01980000-0000-7000-8000-00000000000f", "x", ""] {
            let path = format!("{path}?organization={unknown}");
            let (code, detail) = world.api(&key, "GET", &path).send().await.problem(404);
            assert_eq!(code, "not_found", "{path}");
            assert_eq!(detail, format!("No organization {unknown} exists."));
        }
        let named = world.api(&key, "GET", &format!("{path}?organization={own}")).send().await;
        let unnamed = world.api(&key, "GET", path).send().await;
        assert_eq!((named.status, named.json()), (200, unnamed.json()));
    }
    for organization in [&own, &other] {
        let page = world.events(&operator, &format!("?organization={organization}")).await.json();
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty());
        assert!(items.iter().all(|it| it["organization"] == **organization));
    }
    let operators = world.events(&operator, "").await.json();
    assert_eq!(types(&operators), ["api_key.created"]);
    assert_eq!(operators["items"][0]["organization"], OrganizationId::OPERATOR.to_string());
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused() {
    let world = World::new().await;
    let key = world.manager(&READ).await;
    for query in ["?after=-1", "?after=x", "?limit=0", "?limit=1001", "?wait=61", "?since=1"] {
        assert_eq!(world.events(&key, query).await.problem(400).0, "invalid", "{query}");
    }
}
