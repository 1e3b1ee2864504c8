//! The token endpoint, as a client sees it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use scim_app::{
    oauth::PublicKeys,
    ports::Clock as _,
    testing::{FailWith, Signer},
};
use scim_domain::{
    Json,
    api_key::{NewApiKey, Permission},
};
use serde_json::{Value, json};

use crate::common::{Answer, Ask, World};

const ENDPOINT: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";
const FORM: &str = "application/x-www-form-urlencoded";

/// A form to the token endpoint, without any `Authorization`.
fn form<'w>(world: &'w World, body: &str) -> Ask<'w> {
    let ask = world.ask("POST", ENDPOINT).without_key().header("content-type", FORM);
    ask.body(body.to_owned())
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// What the tenant's client sends for its secret.
fn mine(world: &World) -> String {
    basic(&world.tenant.key.id.to_string(), &world.tenant.token)
}

async fn granted(world: &World) -> String {
    let answer = form(world, GRANT).authorization(&mine(world)).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Fails unless this is an error as RFC 6749 §5.2 has it; answers its description.
#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) -> String {
    let json = answer.json();
    assert_eq!((answer.status, json["error"].as_str()), (status, Some(error)), "{json}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let challenge = answer.header("www-authenticate");
    assert_eq!(challenge, (status == 401).then_some("Basic realm=\"scimd\""));
    let description = json["error_description"].as_str().unwrap().to_owned();
    let allowed = |it: u8| (0x20..0x7f).contains(&it) && !matches!(it, b'"' | b'\\');
    assert!(description.bytes().all(allowed) && description.ends_with('.'), "{description}");
    assert_eq!(json.as_object().unwrap().len(), 2, "{json}");
    description
}

#[actix_web::test]
async fn a_secret_in_the_header_or_in_the_form_gets_a_token_that_opens_scim() {
    let world = World::new().await;
    let id = world.tenant.key.id.to_string();
    let posted = format!("{GRANT}&client_id={id}&client_secret={}", world.tenant.token);
    let by_post = form(&world, &posted).send().await;
    let by_basic = form(&world, GRANT).authorization(&mine(&world)).send().await;
    for answer in [by_post, by_basic] {
        let json = answer.json();
        assert_eq!(answer.status, 200, "{json}");
        assert_eq!(json["token_type"], "Bearer");
        assert_eq!((&json["expires_in"], &json["scope"]), (&json!(3600), &json!("scim")));
        assert_eq!(json.as_object().unwrap().len(), 4);
        for (name, value) in [
            ("cache-control", "no-store"),
            ("pragma", "no-cache"),
            ("x-content-type-options", "nosniff"),
            ("content-type", "application/json"),
        ] {
            assert_eq!(answer.header(name), Some(value));
        }
        assert!(answer.header("x-request-id").is_some());
        let token = json["access_token"].as_str().unwrap();
        let users = world.ask("GET", "/scim/v2/Users").key(token).send().await;
        assert_eq!(users.status, 200, "{}", users.text());
    }
}

// A5
#[actix_web::test]
async fn an_expired_token_is_told_so_and_an_unknown_one_is_not() {
    let world = World::new().await;
    let token = granted(&world).await;
    let ask = || world.ask("GET", "/scim/v2/Users").key(&token).send();
    world.clock.advance(3599);
    assert_eq!(ask().await.status, 200);
    world.clock.advance(1);
    let answer = ask().await;
    let (_, detail) = answer.refusal(401);
    assert!(detail.contains("expired"), "{detail}");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    let forged = token.replacen("scimdat_", "scimdat_0", 1);
    let answer = world.ask("GET", "/scim/v2/Users").key(&forged).send().await;
    answer.refusal(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

// A5
#[actix_web::test]
async fn the_management_api_tells_a_token_that_is_over_as_scim_does() {
    let world = World::new().await;
    let organization = world.tenant.organization.id;
    let new = NewApiKey {
        name: "Backend".to_owned(),
        permissions: [Permission::UsersRead].into(),
        ..NewApiKey::default()
    };
    let key = world.administration.create_api_key(organization, new).await.unwrap();
    let client = basic(&key.key.id.to_string(), key.token.expose());
    let token = form(&world, GRANT).authorization(&client).send().await.json();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let path = format!("/organizations/{organization}/users");
    assert_eq!(world.api(&token, "GET", &path).send().await.status, 200);
    world.clock.advance(3600);
    let over = world.api(&token, "GET", &path).send().await;
    assert_eq!(over.problem(401).0, "unauthenticated");
    assert_eq!(over.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    let forged = token.replacen("scimdat_", "scimdat_0", 1);
    let forged = world.api(&forged, "GET", &path).send().await;
    forged.problem(401);
    assert_eq!(forged.header("www-authenticate"), Some("Bearer"));
}

// A5
#[actix_web::test]
async fn a_token_is_dead_with_its_key_at_the_next_request() {
    let world = World::new().await;
    let token = granted(&world).await;
    let (organization, id) = (world.tenant.organization.id, world.tenant.key.id);
    world.administration.revoke_api_key(organization, id).await.unwrap();
    let answer = world.ask("GET", "/scim/v2/Users").key(&token).send().await;
    assert!(answer.refusal(401).1.contains("revoked"));
    let answer = form(&world, GRANT).authorization(&mine(&world)).send().await;
    assert!(refused(&answer, 401, "invalid_client").contains("revoked"));
}

#[actix_web::test]
async fn a_signed_assertion_gets_a_token_once() {
    let world = World::new().await;
    let signer = Signer::p256().unwrap();
    let keys = Json::parse(signer.jwks().to_string().as_bytes()).unwrap();
    let keys = PublicKeys::parse(&keys).unwrap();
    let (organization, id) = (world.tenant.organization.id, world.tenant.key.id);
    world.administration.set_public_keys(organization, id, keys).await.unwrap();
    let now = world.clock.now().micros() / 1_000_000;
    let claims = |aud: &str, jti: &str| {
        let id = id.to_string();
        json!({ "iss": id, "sub": id, "aud": aud, "exp": now + 60, "jti": jti })
    };
    let ask = |claims: &Value| {
        let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        let assertion = signer.sign(claims).unwrap();
        let body =
            format!("{GRANT}&client_assertion_type={kind}&client_assertion={assertion}&scope=scim");
        form(&world, &body).send()
    };
    for aud in ["https://scim.example.com/oauth/token", "https://scim.example.com"] {
        let answer = ask(&claims(aud, aud)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let replayed = ask(&claims(aud, aud)).await;
        assert!(refused(&replayed, 401, "invalid_client").contains("jti"));
    }
    let elsewhere = ask(&claims("https://elsewhere.example", "1")).await;
    assert!(refused(&elsewhere, 401, "invalid_client").contains("aud"));
}

// A4
#[actix_web::test]
async fn every_unknown_client_is_refused_alike() {
    let world = World::new().await;
    let other = world.tenant("Other", scim_domain::organization::Plan::Growth).await;
    let id = world.tenant.key.id.to_string();
    let access = granted(&world).await;
    let mut bodies = Vec::new();
    for authorization in [
        basic(&id, "wrong"),
        basic(&id, &other.token),
        basic(&id, &access),
        basic(&other.key.id.to_string(), &world.tenant.token),
        basic("nobody", "wrong"),
        basic("", ""),
    ] {
        let answer = form(&world, GRANT).authorization(&authorization).send().await;
        refused(&answer, 401, "invalid_client");
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[actix_web::test]
async fn without_one_good_credential_nobody_is_known() {
    let world = World::new().await;
    let right = mine(&world);
    for authorization in
        ["", "Basic", "Basic !", "Bearer x", &format!("Bearer {}", world.tenant.token)]
    {
        let answer = form(&world, GRANT).authorization(authorization).send().await;
        refused(&answer, 401, "invalid_client");
    }
    refused(&form(&world, GRANT).send().await, 401, "invalid_client");
    // Which of two a proxy in front has looked at nobody can say.
    let twice = form(&world, GRANT).authorization(&right).header("authorization", &right);
    refused(&twice.send().await, 401, "invalid_client");
}

#[actix_web::test]
async fn a_request_that_makes_no_sense_is_refused_before_any_secret_is_checked() {
    let world = World::new().await;
    let right = mine(&world);
    for (body, error) in [
        ("", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&client_id=somebody", "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", "invalid_request"),
        ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
        ("{\"grant_type\":\"client_credentials\"}", "invalid_request"),
    ] {
        let answer = form(&world, body).authorization(&right).send().await;
        refused(&answer, 400, error);
    }
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let ask = world.ask("POST", ENDPOINT).authorization(&right).header("content-type", kind);
        refused(&ask.body(GRANT).send().await, 415, "invalid_request");
    }
    let packed = form(&world, GRANT).authorization(&right).header("content-encoding", "gzip");
    refused(&packed.send().await, 415, "invalid_request");
    // I1
    let large = format!("{GRANT}&x={}", "x".repeat(16 * 1024));
    refused(&form(&world, &large).authorization(&right).send().await, 413, "invalid_request");
    assert_eq!(world.secrets.verifications(), 0);
    let charset = world.ask("POST", ENDPOINT).authorization(&right);
    let charset = charset.header("content-type", &format!("{FORM}; charset=UTF-8")).body(GRANT);
    assert_eq!(charset.send().await.status, 200);
}

#[actix_web::test]
async fn a_scope_that_the_key_lacks_is_refused_with_those_that_it_has() {
    let world = World::new().await;
    let ask = |scope: &str| {
        form(&world, &format!("{GRANT}&scope={scope}")).authorization(&mine(&world)).send()
    };
    for scope in ["", "scim", "+scim+scim+"] {
        assert_eq!(ask(scope).await.json()["scope"], "scim", "{scope}");
    }
    for scope in ["users.read", "scim+users.read", "%22%5C%C3%A9", ".default"] {
        let description = refused(&ask(scope).await, 400, "invalid_scope");
        assert!(description.contains("scim"), "{description}");
    }
}

#[actix_web::test]
async fn a_management_key_gets_tokens_too_and_they_open_nothing_on_scim() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    let id = key.split('_').nth(1).unwrap();
    let id = scim_domain::ApiKeyId::new(id.parse().unwrap()).to_string();
    let answer = form(&world, GRANT).authorization(&basic(&id, &key)).send().await;
    assert_eq!(answer.json()["scope"], "organization.read", "{}", answer.text());
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.api(&token, "GET", "/organizations").send().await.status, 200);
    world.ask("GET", "/scim/v2/Users").key(&token).send().await.refusal(403);
    // And the other way round.
    let scim = granted(&world).await;
    world.api(&scim, "GET", "/organizations").send().await.problem(403);
}

// O2
#[actix_web::test]
async fn a_busy_gate_and_a_database_that_is_away_are_told_apart_from_a_wrong_secret() {
    let world = World::new().await;
    let ask = || form(&world, GRANT).authorization(&mine(&world)).send();
    world.secrets.set_busy(true);
    let answer = ask().await;
    refused(&answer, 503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    world.secrets.set_busy(false);
    world.store.set_away(true);
    let answer = ask().await;
    refused(&answer, 503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    world.store.set_away(false);
    // The secret of the tokens is made with the first one: until it is kept, none is given.
    world.store.fail_next_commit(FailWith::Unavailable);
    refused(&ask().await, 503, "temporarily_unavailable");
    assert_eq!(ask().await.status, 200);
}

#[actix_web::test]
async fn the_metadata_is_complete_and_true() {
    let world = World::new().await;
    let path = "/.well-known/oauth-authorization-server";
    let answer = world.ask("GET", path).without_key().send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    insta::assert_json_snapshot!(answer.json());
    let head = world.ask("HEAD", path).without_key().send().await;
    assert_eq!(head.status, 200);
}

#[actix_web::test]
async fn who_gets_a_token_is_seen_in_the_last_use_of_its_key() {
    let world = World::new().await;
    let ask = form(&world, GRANT).authorization(&mine(&world)).header("user-agent", "Entra");
    assert_eq!(ask.send().await.status, 200);
    world.activity.flush(true).await.unwrap();
    let organization = world.tenant.organization.id;
    let listed = world.administration.list_api_keys(organization).await.unwrap();
    let used = listed[0].last_used.clone().unwrap();
    assert_eq!(used.agent.as_deref(), Some("Entra"));
    assert_eq!(used.address, Some("203.0.113.9".parse().unwrap()));
}
