//! What needs no key: `/`, `/healthz`, `/readyz`, and everything that is not there.

use crate::common::{BASE, World};

#[actix_web::test]
async fn the_first_page_says_what_this_is() {
    let world = World::new().await;
    let page = world.ask("GET", "/").without_key().header("accept", "text/html,*/*").send().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains(BASE));
    // U3
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for foreign in ["src=", "http://", "url("] {
        assert!(!page.text().contains(foreign), "{foreign}");
    }
}

#[actix_web::test]
async fn the_first_page_is_json_for_programs() {
    let world = World::new().await;
    let answer = world.ask("GET", "/").without_key().header("accept", "application/json");
    let json = answer.send().await.json();
    assert_eq!((json["name"].as_str(), json["scim"].as_str()), (Some("scimd"), Some(BASE)));
}

#[actix_web::test]
async fn readiness_follows_the_database_and_liveness_does_not() {
    let world = World::new().await;
    let status = |path: &'static str| {
        let ask = world.ask("GET", path).without_key();
        async move { ask.send().await.status }
    };
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
    world.store.set_away(true);
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    world.store.set_away(false);
    assert_eq!(status("/readyz").await, 200);
    // R7
    world.health.stop();
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    assert_eq!(world.get("/Users").await.status, 200, "running requests are still served");
}

#[actix_web::test]
async fn every_other_path_is_404_in_scim_json() {
    let world = World::new().await;
    for path in ["/favicon.ico", "/scim", "/scim/v1/Users", "/metrics", "/Users", "/healthz/"] {
        world.ask("GET", path).without_key().send().await.refusal(404);
    }
}
