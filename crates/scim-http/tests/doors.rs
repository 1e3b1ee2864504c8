//! Who is let in, and that nobody else learns anything.

use scim_app::{ports::Clock as _, token::Token};
use scim_domain::{
    ApiKeyId,
    api_key::{NewApiKey, Permission},
    organization::Plan,
    resource::document::Strictness,
};
use serde_json::json;

use crate::common::{World, patch};

/// Spellings of `/scim/v2/Users/{id}` and `/scim/v2/Users` that a proxy or a framework may take
/// for the same.
const TWISTED: &[&str] = &[
    "/scim/v2/%55sers",
    "/scim/v2/Users;a=b",
    "/scim/v2/Users/{id};a=b",
    "/scim/v2/Users/{id}%2F",
    "/scim/v2/Users%2F{id}",
    "/scim/v2/Users/../Users/{id}",
    "/scim/v2/./Users/{id}",
    "/scim/v2/Users/{id}/..",
    "/scim/v2/users/{id}",
    "/scim/v2/USERS",
    "/scim/v2///Users",
    "/scim/v2/Users//{id}",
    "/scim/v2/Users/%7Bid%7D",
    "/scim/v%32/Users",
    "/scim%2Fv2/Users",
    "/SCIM/v2/Users",
    "//scim/v2/Users",
    "/scim//v2/Users",
    "/scim/v2",
    "/scim/v2/",
    "/scim/v2/Users%00",
    "/scim/v2/Users%20",
    "/scim/v2/Users\\{id}",
];

fn token_of_nobody() -> Token {
    Token::new(ApiKeyId::parse("01980000-0000-7000-8000-00000000000f").unwrap(), &[7; 32])
}

// A1
#[actix_web::test]
async fn a_twisted_path_never_leads_to_a_resource() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    for path in TWISTED {
        // Backslashes are not allowed in a URI; the server refuses them before any handler.
        let Ok(uri) = path.replace("{id}", &id).parse::<actix_web::http::Uri>() else { continue };
        let uri = uri.to_string();
        for method in ["GET", "DELETE"] {
            let with_key = world.ask(method, &uri).send().await;
            with_key.refusal(404);
            let without = world.ask(method, &uri).without_key().send().await;
            assert!([401, 404].contains(&without.status), "{uri}: {}", without.status);
            assert!(!without.text().contains("jane"), "{uri}");
        }
    }
    assert_eq!(world.get(&format!("/Users/{id}")).await.status, 200);
}

// A1
#[actix_web::test]
async fn one_slash_too_many_is_forgiven_with_a_key_and_401_without() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    for path in [
        "/scim/v2//Users".to_owned(),
        "/scim/v2/Users/".to_owned(),
        format!("/scim/v2//Users/{id}"),
        format!("/scim/v2/Users/{id}/"),
    ] {
        assert_eq!(world.ask("GET", &path).send().await.status, 200, "{path}");
        world.ask("GET", &path).without_key().send().await.refusal(401);
    }
}

// A4
#[actix_web::test]
async fn every_bad_credential_is_refused_alike() {
    let world = World::new().await;
    let token = world.tenant.token.clone();
    let unknown = token_of_nobody();
    let wrong_secret = Token::new(world.tenant.key.id, &[7; 32]);
    let mut mistyped = token.clone();
    mistyped.pop();
    mistyped.push('!');
    let mut bodies = Vec::new();
    for value in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer x".to_owned(),
        format!("Basic {token}"),
        format!("Bearer {mistyped}"),
        format!("Bearer {token} {token}"),
        format!("Bearer Bearer Bearer {token}"),
        format!("Bearer {}", wrong_secret.expose()),
        format!("Bearer {}", unknown.expose()),
    ] {
        let answer = world.ask("GET", "/scim/v2/Users").authorization(&value).send().await;
        answer.refusal(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        bodies.push(answer.body);
    }
    bodies.push(world.ask("GET", "/scim/v2/Users").without_key().send().await.body);
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

// A4
#[actix_web::test]
async fn a_mistyped_key_costs_no_check_and_an_unknown_one_costs_one() {
    let world = World::new().await;
    let mistyped = format!("{}x", world.tenant.token);
    world.ask("GET", "/scim/v2/Users").key(&mistyped).send().await.refusal(401);
    assert_eq!(world.secrets.verifications(), 0);
    let unknown = token_of_nobody();
    world.ask("GET", "/scim/v2/Users").key(unknown.expose()).send().await.refusal(401);
    assert_eq!(world.secrets.verifications(), 1);
}

#[actix_web::test]
async fn a_key_is_taken_as_clients_send_it() {
    let world = World::new().await;
    let token = world.tenant.token.clone();
    for value in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER   {token}"),
        format!("Bearer Bearer {token}"),
        token.clone(),
    ] {
        let answer = world.ask("GET", "/scim/v2/Users").authorization(&value).send().await;
        assert_eq!(answer.status, 200, "{}", value.replace(&token, "…"));
    }
}

#[actix_web::test]
async fn two_authorization_headers_are_none() {
    let world = World::new().await;
    let bearer = format!("Bearer {}", world.tenant.token);
    for other in [bearer.as_str(), "Basic eDp5", ""] {
        let ask = world.ask("GET", "/scim/v2/Users").header("authorization", other);
        ask.send().await.refusal(401);
    }
}

// A1
#[actix_web::test]
async fn the_credential_comes_before_everything_else() {
    let world = World::new().await;
    let large = "x".repeat(2 * 1024 * 1024);
    for (method, path) in [
        ("POST", "/scim/v2/Users"),
        ("POST", "/scim/v2/Users?filter=%ff"),
        ("BREW", "/scim/v2/Users"),
        ("GET", "/scim/v2/Nowhere"),
        ("GET", "/scim/v2/Me"),
    ] {
        let ask = world.ask(method, path).without_key().header("content-type", "text/plain");
        ask.body(large.clone()).send().await.refusal(401);
    }
}

#[actix_web::test]
async fn a_key_without_the_permission_is_refused_with_the_way_out() {
    let world = World::new().await;
    let new = NewApiKey {
        name: "Powerless".to_owned(),
        description: String::new(),
        permissions: [].into(),
        strictness: Strictness::Tolerant,
        expires: None,
        ..NewApiKey::default()
    };
    let organization = world.tenant.organization.id;
    let created = world.administration.create_api_key(organization, new).await.unwrap();
    let ask = || world.ask("GET", "/scim/v2/Users").key(created.token.expose());
    let (_, detail) = ask().send().await.refusal(403);
    assert!(detail.contains("Use API key for SCIM"), "{detail}");
    let id = created.key.id;
    let permitted =
        world.administration.set_api_key_permission(organization, id, Permission::Scim, true);
    permitted.await.unwrap();
    assert_eq!(ask().send().await.status, 200);
}

// A4, A5
#[actix_web::test]
async fn a_revoked_key_is_told_so_only_with_its_secret() {
    let world = World::new().await;
    let (organization, id) = (world.tenant.organization.id, world.tenant.key.id);
    assert_eq!(world.get("/Users").await.status, 200);
    world.administration.revoke_api_key(organization, id).await.unwrap();
    let (_, detail) = world.get("/Users").await.refusal(401);
    assert!(detail.contains("revoked"), "{detail}");
    let guessed = Token::new(id, &[7; 32]);
    let answer = world.ask("GET", "/scim/v2/Users").key(guessed.expose()).send().await;
    assert!(!answer.refusal(401).1.contains("revoked"));
}

// A5
#[actix_web::test]
async fn a_key_works_up_to_its_last_second() {
    let world = World::new().await;
    let new = NewApiKey {
        name: "Short-lived".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Tolerant,
        expires: Some(world.clock.now().plus_seconds(60)),
        ..NewApiKey::default()
    };
    let organization = world.tenant.organization.id;
    let created = world.administration.create_api_key(organization, new).await.unwrap();
    let ask = || world.ask("GET", "/scim/v2/Users").key(created.token.expose());
    world.clock.advance(59);
    assert_eq!(ask().send().await.status, 200);
    world.clock.advance(1);
    assert!(ask().send().await.refusal(401).1.contains("expired"));
}

#[actix_web::test]
async fn a_plan_without_scim_is_named_and_discovery_is_closed_too() {
    let world = World::on(Plan::Starter).await;
    for (method, path) in [
        ("POST", "/scim/v2/Users"),
        ("GET", "/scim/v2/Users"),
        ("GET", "/scim/v2/ServiceProviderConfig"),
        ("GET", "/scim/v2/Schemas"),
    ] {
        let (_, detail) =
            world.ask(method, path).json(&json!({"userName": "jane"})).send().await.refusal(403);
        assert!(detail.contains("Starter") && detail.contains("Growth"), "{detail}");
    }
}

// T1
#[actix_web::test]
async fn another_organizations_resources_are_unknown() {
    let world = World::new().await;
    let user = world.user("jane@example.com").await;
    let group = world.group("Engineering", &[&user]).await;
    let other = world.tenant("Other", Plan::Enterprise).await;
    for path in [format!("/Users/{user}"), format!("/Groups/{group}")] {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let mut body = patch(json!([{"op": "replace", "value": {"displayName": "x"}}]));
            if method == "PUT" {
                body = json!({"userName": "x", "displayName": "x"});
            }
            let theirs = world.ask(method, &format!("/scim/v2{path}")).key(&other.token);
            let theirs = theirs.json(&body).send().await;
            let kind = path.split('/').nth(1).unwrap();
            let unknown = format!("/scim/v2/{kind}/01980000-0000-7000-8000-00000000000f");
            let nobody = world.ask(method, &unknown).key(&other.token).json(&body).send().await;
            theirs.refusal(404);
            assert_eq!(theirs.body, nobody.body, "{method} {path}");
        }
    }
}
