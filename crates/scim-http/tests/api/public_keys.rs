//! Public keys of API keys over the management API.

use scim_app::testing::Signer;
use scim_domain::api_key::Permission;
use serde_json::json;

use crate::common::World;

fn path(world: &World) -> String {
    let (organization, key) = (world.tenant.organization.id, world.tenant.key.id);
    format!("/organizations/{organization}/api-keys/{key}/public-keys")
}

#[actix_web::test]
async fn public_keys_are_set_shown_and_removed() {
    let world = World::new().await;
    let key = world.manager(&[Permission::ApiKeysRead, Permission::ApiKeysWrite]).await;
    let path = path(&world);
    world.api(&key, "GET", &path).send().await.problem(404);
    let mut jwk = Signer::p256().unwrap().jwk();
    jwk["kid"] = json!("one");
    jwk["alg"] = json!("ES256");
    let kept = json!({ "keys": [jwk.clone(), Signer::rsa().unwrap().jwk()] });
    let mut sent = kept.clone();
    sent["keys"][0]["use"] = json!("sig");
    sent["keys"][0]["x5c"] = json!(["ignored"]);
    let set = world.api(&key, "PUT", &path).plain_json(&sent).send().await;
    assert_eq!((set.status, set.json()), (200, kept.clone()), "{}", set.text());
    let shown = world.api(&key, "GET", &path).send().await;
    assert_eq!((shown.status, shown.json()), (200, kept));
    assert_eq!(world.api(&key, "DELETE", &path).send().await.status, 204);
    assert_eq!(world.api(&key, "DELETE", &path).send().await.status, 204);
    world.api(&key, "GET", &path).send().await.problem(404);
}

#[actix_web::test]
async fn what_is_no_set_of_public_keys_is_refused() {
    let world = World::new().await;
    let key = world.manager(&[Permission::ApiKeysWrite]).await;
    let mut secret = Signer::p256().unwrap().jwk();
    secret["d"] = json!("AQAB");
    for body in [
        json!({}),
        json!([]),
        json!({ "keys": [] }),
        json!({ "keys": [{ "kty": "EC" }] }),
        json!({ "keys": [secret] }),
    ] {
        let answer = world.api(&key, "PUT", &path(&world)).plain_json(&body).send().await;
        assert_eq!(answer.problem(400).0, "invalid", "{body}");
    }
}

#[actix_web::test]
async fn an_api_key_that_is_not_there_has_no_public_keys() {
    let world = World::new().await;
    let key = world.manager(&[Permission::ApiKeysRead, Permission::ApiKeysWrite]).await;
    let organization = world.tenant.organization.id;
    let jwks = Signer::p256().unwrap().jwks();
    let other = world.tenant("Other", scim_domain::organization::Plan::Growth).await;
    for id in [other.key.id.to_string(), "x".to_owned(), organization.to_string()] {
        let path = format!("/organizations/{organization}/api-keys/{id}/public-keys");
        for method in ["GET", "PUT", "DELETE"] {
            let answer = world.api(&key, method, &path).plain_json(&jwks).send().await;
            assert_eq!(answer.problem(404).0, "not_found", "{method} {id}");
        }
    }
}
