//! The table of routes, and that the running router keeps to it.

use actix_web::{
    App,
    test::{TestRequest, call_service, init_service, read_body},
    web,
};
use scim_http::{Class, ROUTES, inventory};

use crate::common::{Answer, World};

const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "SEARCH"];

// A2
#[test]
fn the_inventory_that_was_checked_in_is_the_table() {
    let checked_in = include_str!("routes/inventory.txt");
    assert_eq!(checked_in, inventory(), "read the difference, then write it to the file");
}

/// A path with the `{id}` filled in.
fn sample(path: &str, class: Class) -> String {
    format!("{}{}", class.mount(), path.replace("{id}", "01980000-0000-7000-8000-000000000001"))
}

fn takes(path: &str, method: &str) -> bool {
    let wanted = if method == "HEAD" { "GET" } else { method };
    ROUTES.iter().any(|it| it.path == path && it.method == wanted)
}

// A2
#[actix_web::test]
async fn the_running_router_takes_what_the_table_says_and_nothing_else() {
    let world = World::assigning().await;
    for route in ROUTES {
        for method in METHODS {
            let answer = world.ask(method, &sample(route.path, route.class)).send().await;
            let label = format!("{method} {}: {}", route.path, answer.status);
            if takes(route.path, method) {
                assert_ne!(answer.status, 405, "{label}");
                let not_offered = route.class == Class::NotOffered;
                assert_eq!(answer.status == 501, not_offered, "{label}");
            } else {
                refused(method, &answer, 405);
                let allow = answer.header("allow").unwrap();
                assert!(allow.split(", ").all(|it| takes(route.path, it)), "{label}: {allow}");
                assert!(allow.split(", ").any(|it| it == route.method), "{label}: {allow}");
            }
        }
    }
}

// A1, A2
#[actix_web::test]
async fn without_a_key_only_open_routes_answer() {
    let world = World::new().await;
    for route in ROUTES {
        for method in METHODS {
            let ask = world.ask(method, &sample(route.path, route.class)).without_key();
            let answer = ask.send().await;
            if route.class == Class::Open {
                let expected = if takes(route.path, method) { 200 } else { 405 };
                assert_eq!(answer.status, expected, "{method} {}", route.path);
            } else if route.class == Class::Client {
                // An empty body is no form, whoever sends it.
                let expected = if takes(route.path, method) { 415 } else { 405 };
                assert_eq!(answer.status, expected, "{method} {}", route.path);
            } else {
                refused(method, &answer, 401);
            }
        }
    }
}

/// A refusal of HEAD need not have a body that says so.
fn refused(method: &str, answer: &Answer, status: u16) {
    if method == "HEAD" {
        assert_eq!(answer.status, status);
    } else {
        answer.refusal(status);
    }
}

#[actix_web::test]
async fn scim_can_be_mounted_in_an_app_that_has_routes_of_its_own() {
    let world = World::new().await;
    let scim = world.service().scim;
    let own = || async { "own" };
    let app = App::new()
        .route("/", web::get().to(own))
        .configure(|cfg| scim_http::configure(cfg, &scim))
        .default_service(web::to(own));
    let app = init_service(app).await;
    for (path, status) in [("/", 200), ("/healthz", 200), ("/scim/v2/Users", 401)] {
        let request = TestRequest::get().uri(path).to_request();
        let answer = call_service(&app, request).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let theirs = read_body(answer).await == "own";
        assert_eq!(theirs, status == 200, "{path}");
    }
}
