//! Creates that are sent again.

use scim_app::testing::FailWith;
use scim_domain::api_key::Permission;
use serde_json::{Value, json};

use crate::common::{Answer, World};

const POWERS: [Permission; 2] = [Permission::OrganizationsManage, Permission::OrganizationRead];

fn acme() -> Value {
    json!({"name": "Acme", "plan": "growth"})
}

async fn create(world: &World, token: &str, key: &str, body: &Value) -> Answer {
    let ask = world.api(token, "POST", "/organizations").plain_json(body);
    ask.header("idempotency-key", key).send().await
}

async fn count(world: &World, token: &str) -> usize {
    let all = world.api(token, "GET", "/organizations").send().await.json();
    all["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn a_create_that_is_sent_again_is_answered_again_and_not_done_again() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    let first = create(&world, &token, "one", &acme()).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.header("idempotency-replayed"), None);
    for _ in 0..2 {
        let again = create(&world, &token, "one", &acme()).await;
        assert_eq!((again.status, again.text()), (201, first.text()));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    assert_eq!(count(&world, &token).await, 2);
    let other = create(&world, &token, "two", &acme()).await;
    assert_ne!(other.id(), first.id());
}

// N7
#[actix_web::test]
async fn whoever_lost_an_answer_gets_it_by_asking_again() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    for (how, replayed) in
        [(FailWith::UnknownApplied, Some("true")), (FailWith::UnknownNotApplied, None)]
    {
        let key = format!("{how:?}");
        let before = count(&world, &token).await;
        world.store.fail_next_commit(how);
        let lost = create(&world, &token, &key, &acme()).await;
        assert_eq!(lost.problem(503).0, "unavailable");
        assert!(lost.header("retry-after").is_some());
        let again = create(&world, &token, &key, &acme()).await;
        assert_eq!(again.status, 201);
        assert_eq!(again.header("idempotency-replayed"), replayed, "{how:?}");
        assert_eq!(count(&world, &token).await, before + 1);
    }
}

// N1
#[actix_web::test]
async fn of_many_at_once_one_creates_and_all_are_answered_the_same() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    let body = acme();
    let (a, b, c, d) = tokio::join!(
        create(&world, &token, "one", &body),
        create(&world, &token, "one", &body),
        create(&world, &token, "one", &body),
        create(&world, &token, "one", &body),
    );
    let all = [a, b, c, d];
    assert!(all.iter().all(|it| it.status == 201 && it.text() == all[0].text()));
    let replayed = all.iter().filter(|it| it.header("idempotency-replayed").is_some());
    assert_eq!(replayed.count(), 3);
    assert_eq!(count(&world, &token).await, 2);
}

#[actix_web::test]
async fn a_key_that_was_used_for_something_else_is_refused_and_nothing_is_done() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    create(&world, &token, "one", &acme()).await;
    let other = create(&world, &token, "one", &json!({"name": "Bolt", "plan": "growth"})).await;
    assert_eq!(other.problem(422).0, "idempotency_mismatch");
    assert_eq!(count(&world, &token).await, 2);
}

#[actix_web::test]
async fn a_request_that_was_refused_may_be_corrected_under_the_same_key() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    create(&world, &token, "one", &json!({"name": "", "plan": "growth"})).await.problem(400);
    assert_eq!(create(&world, &token, "one", &acme()).await.status, 201);
}

// T1
#[actix_web::test]
async fn the_same_name_of_another_api_key_is_another_request() {
    let world = World::new().await;
    let (one, other) = (world.operator(&POWERS).await, world.operator(&POWERS).await);
    let made = create(&world, &one, "one", &acme()).await;
    let also = create(&world, &other, "one", &acme()).await;
    assert_eq!(also.status, 201);
    assert_eq!(also.header("idempotency-replayed"), None);
    assert_ne!(made.id(), also.id());
}

#[actix_web::test]
async fn an_answer_is_kept_for_a_day() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    let made = create(&world, &token, "one", &acme()).await;
    world.clock.advance(24 * 60 * 60);
    world.administration.forget_answers().await.unwrap();
    assert_eq!(create(&world, &token, "one", &acme()).await.id(), made.id());
    world.clock.advance(1);
    world.administration.forget_answers().await.unwrap();
    assert_ne!(create(&world, &token, "one", &acme()).await.id(), made.id());
}

#[actix_web::test]
async fn what_is_no_idempotency_key_is_refused() {
    let world = World::new().await;
    let token = world.operator(&POWERS).await;
    for key in ["", "a b", &"x".repeat(256)] {
        let refused = create(&world, &token, key, &acme()).await;
        assert!(refused.problem(400).1.contains("Idempotency-Key"), "{key}");
    }
    let ask = world.api(&token, "POST", "/organizations").plain_json(&acme());
    let twice = ask.header("idempotency-key", "a").header("idempotency-key", "a").send().await;
    twice.problem(400);
    assert_eq!(count(&world, &token).await, 1);
}

#[actix_web::test]
async fn every_create_takes_the_header_and_is_done_once() {
    let world = World::new().await;
    let organization = world.tenant.organization.id.to_string();
    let suits = |it: &Permission| it.suits(scim_domain::OrganizationId::OPERATOR);
    let all: Vec<_> = Permission::ALL.iter().copied().filter(suits).collect();
    let token = world.operator(&all).await;
    let document = world.ask("GET", "/api/v1/openapi.json").without_key().send().await.json();
    let mut creates = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let operation = &operations["post"];
        if operation["responses"]["201"].is_null() {
            continue;
        }
        let mut path = path.replace("{organization}", &organization);
        if let Some((list, rest)) = path.clone().split_once("/{") {
            // Something is made of something, which is made first.
            let pattern = list.replace(&organization, "{organization}");
            let make = &document["paths"][&pattern]["post"]["requestBody"];
            let body = &make["content"]["application/json"]["example"];
            let id = world.api(&token, "POST", list).plain_json(body).send().await.id();
            path = format!("{list}/{id}{}", rest.split_once('}').unwrap().1);
        }
        let body = &operation["requestBody"]["content"]["application/json"]["example"];
        let mut answers = Vec::new();
        for _ in 0..2 {
            let ask = world.api(&token, "POST", &path).plain_json(body);
            answers.push(ask.header("idempotency-key", &path).send().await);
        }
        let (first, again) = (&answers[0], &answers[1]);
        assert_eq!(first.status, 201, "{path}: {}", first.text());
        assert_eq!(again.text(), first.text(), "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}");
        creates += 1;
    }
    assert!(creates > 0);
}
