//! The description of the API, for programs and for people.

use serde_json::Value;

use crate::common::{World, described};

async fn document(world: &World) -> Value {
    world.ask("GET", "/api/v1/openapi.json").without_key().send().await.json()
}

#[actix_web::test]
async fn the_page_needs_no_key_and_loads_and_runs_nothing() {
    let world = World::new().await;
    let page = world.ask("GET", "/api/v1/docs").without_key().send().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    // U3
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"));
    for foreign in ["<script", "src=", "style=", "@import", "<link"] {
        assert!(!page.text().contains(foreign), "{foreign}");
    }
    assert!(page.text().contains("https://scim.example.com/api/v1"));
}

#[actix_web::test]
async fn the_type_of_a_problem_leads_to_where_the_page_describes_it() {
    let world = World::new().await;
    let page = world.ask("GET", "/api/v1/docs").without_key().send().await;
    let refused = world.ask("GET", "/api/v1/organizations").without_key().send().await.json();
    let leads = refused["type"].as_str().unwrap();
    let (at, anchor) = leads.split_once('#').unwrap();
    assert_eq!(at, "https://scim.example.com/api/v1/docs");
    assert!(page.text().contains(&format!("id=\"{anchor}\"")));
}

#[actix_web::test]
async fn the_first_page_leads_to_the_description() {
    let world = World::new().await;
    let home = world.ask("GET", "/").without_key().header("accept", "text/html").send().await;
    assert!(home.text().contains("href=\"/api/v1/docs\""));
}

#[actix_web::test]
async fn every_body_has_an_example_that_fits_it() {
    let document = document(&World::new().await).await;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().values();
            for described in answers.chain(operation.get("requestBody")) {
                for (media_type, content) in described["content"].as_object().into_iter().flatten()
                {
                    if media_type.ends_with("json") {
                        fits(&document, content, &format!("{method} {path} {media_type}"));
                    }
                }
            }
        }
    }
}

fn fits(document: &Value, content: &Value, what: &str) {
    let named = content["examples"].as_object().into_iter().flatten();
    let examples = content.get("example").into_iter().chain(named.map(|(_, it)| &it["value"]));
    let examples: Vec<_> = examples.collect();
    assert!(!examples.is_empty(), "{what} has no example");
    let validator = described::validator(document, &content["schema"]);
    for example in examples {
        let wrong: Vec<_> = validator
            .iter_errors(example)
            .map(|it| format!("{}: {it}", it.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{example:#}");
    }
}
