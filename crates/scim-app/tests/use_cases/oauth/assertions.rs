//! Clients that sign who they are (RFC 7523), and their public keys.

use scim_app::{
    Error,
    oauth::{Credential, Granted, PublicKeys, Refused},
    testing::Signer,
};
use scim_domain::{ApiKeyId, EventKind};
use serde_json::{Value, json};

use super::{Desk, ENDPOINT, ISSUER, desk, is_unknown, told};
use crate::world::json as parsed;

/// 2026-01-01T00:00:00Z, which the world's clock shows.
const NOW: i64 = 1_767_225_600;

fn keys(jwks: &Value) -> PublicKeys {
    PublicKeys::parse(&parsed(&jwks.to_string())).unwrap()
}

impl Desk {
    async fn register(&self, jwks: &Value) {
        let (organization, id) = (self.world.organization, self.world.key.key.id);
        self.world.admin.set_public_keys(organization, id, keys(jwks)).await.unwrap();
    }

    fn claims(&self, jti: &str) -> Value {
        let id = self.world.key.key.id.to_string();
        json!({ "iss": id, "sub": id, "aud": ENDPOINT, "exp": NOW + 300, "iat": NOW, "jti": jti })
    }

    async fn by_assertion(&self, assertion: String) -> Result<Granted, Refused> {
        self.ask(Credential::Assertion { client_id: None, assertion }, None).await
    }
}

#[track_caller]
fn says(result: &Result<Granted, Refused>, what: &str) {
    let Err(Refused::Assertion(why)) = result else { panic!("{result:?}") };
    assert!(why.contains(what), "{why}");
}

#[tokio::test]
async fn every_algorithm_that_is_offered_works() {
    let desk = desk().await;
    let signers = [Signer::p256().unwrap(), Signer::ed25519().unwrap(), Signer::rsa().unwrap()];
    desk.register(&json!({ "keys": signers.iter().map(Signer::jwk).collect::<Vec<_>>() })).await;
    for (at, signer) in signers.iter().enumerate() {
        let assertion = signer.sign(&desk.claims(&at.to_string())).unwrap();
        let granted = desk.by_assertion(assertion).await.unwrap();
        assert_eq!(granted.seconds, 3600);
        desk.open(&granted.token).await.unwrap();
    }
    let header = json!({ "alg": "PS256", "kid": "unknown to us" });
    let assertion = signers[2].sign_with(&header, &desk.claims("ps")).unwrap();
    desk.by_assertion(assertion).await.unwrap();
    // No secret was ever checked.
    assert_eq!(desk.world.secrets.verifications(), 0);
}

#[tokio::test]
async fn an_assertion_works_once() {
    let desk = desk().await;
    let signer = Signer::p256().unwrap();
    desk.register(&signer.jwks()).await;
    let assertion = signer.sign(&desk.claims("once")).unwrap();
    desk.by_assertion(assertion.clone()).await.unwrap();
    says(&desk.by_assertion(assertion.clone()).await, "used before");
    // Signed anew under the same name it is the same.
    let again = signer.sign(&desk.claims("once")).unwrap();
    assert_ne!(again, assertion);
    says(&desk.by_assertion(again).await, "used before");
    desk.by_assertion(signer.sign(&desk.claims("twice")).unwrap()).await.unwrap();
    // What is forgotten has expired.
    desk.world.clock.advance(330);
    says(&desk.by_assertion(assertion).await, "expired");
}

#[tokio::test]
async fn of_many_that_race_with_one_assertion_a_single_one_wins() {
    let desk = desk().await;
    let signer = Signer::p256().unwrap();
    desk.register(&signer.jwks()).await;
    let assertion = signer.sign(&desk.claims("race")).unwrap();
    let racer = || {
        let (oauth, assertion) = (desk.oauth.clone(), assertion.clone());
        tokio::spawn(async move {
            let credential = Credential::Assertion { client_id: None, assertion };
            let audiences = &[ISSUER, ENDPOINT];
            let request = scim_app::oauth::TokenRequest { credential, scope: None, audiences };
            oauth.grant(request, &crate::world::origin(), None).await.is_ok()
        })
    };
    let racers: Vec<_> = (0..8).map(|_| racer()).collect();
    let mut winners = 0;
    for racer in racers {
        winners += usize::from(racer.await.unwrap());
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn one_that_is_refused_is_not_used_up() {
    let desk = desk().await;
    let signer = Signer::p256().unwrap();
    desk.register(&signer.jwks()).await;
    let assertion = signer.sign(&desk.claims("again")).unwrap();
    let ask = async |scope| {
        let credential = Credential::Assertion { client_id: None, assertion: assertion.clone() };
        desk.ask(credential, scope).await
    };
    assert!(matches!(ask(Some("users.read")).await, Err(Refused::Scope(_))));
    desk.world.store.fail_next_commit(scim_app::testing::FailWith::Unavailable);
    assert!(matches!(ask(None).await, Err(Refused::Failed(Error::Store(_)))));
    ask(None).await.unwrap();
}

#[tokio::test]
async fn the_wrong_signature_is_worth_what_none_is() {
    let desk = desk().await;
    let (mine, strange) = (Signer::p256().unwrap(), Signer::p256().unwrap());
    let assertion = mine.sign(&desk.claims("1")).unwrap();
    // Nothing is registered yet.
    is_unknown(&desk.by_assertion(assertion.clone()).await);
    desk.register(&mine.jwks()).await;
    is_unknown(&desk.by_assertion(strange.sign(&desk.claims("1")).unwrap()).await);
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let other = mine.sign(&desk.claims("2")).unwrap();
    let payload = other.split('.').nth(1).unwrap();
    for forged in [
        format!("{header}.{payload}.{signature}"),
        format!("{signed}."),
        format!("{signed}.AAAA"),
        signed.to_owned(),
    ] {
        is_unknown(&desk.by_assertion(forged).await);
    }
    desk.by_assertion(assertion).await.unwrap();
}

/// Base64url without padding.
fn part(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let desk = desk().await;
    let signer = Signer::rsa().unwrap();
    desk.register(&signer.jwks()).await;
    let jwk = signer.jwk();
    for algorithm in ["HS256", "none", "RS256", "ES256"] {
        let header = json!({ "alg": algorithm });
        let head = part(header.to_string().as_bytes());
        let message = format!("{head}.{}", part(desk.claims("1").to_string().as_bytes()));
        for secret in [jwk.to_string(), jwk["n"].as_str().unwrap().to_owned(), String::new()] {
            let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(message.as_bytes());
            let signature = part(&mac.finalize().into_bytes());
            is_unknown(&desk.by_assertion(format!("{message}.{signature}")).await);
        }
        is_unknown(&desk.by_assertion(format!("{message}.")).await);
    }
    // A key that comes along with the message is nobody's.
    let strange = Signer::p256().unwrap();
    let header = json!({ "alg": "ES256", "jwk": strange.jwk(), "jku": "https://x.example" });
    is_unknown(&desk.by_assertion(strange.sign_with(&header, &desk.claims("1")).unwrap()).await);
}

#[tokio::test]
async fn who_signed_is_told_what_is_wrong_and_nobody_else() {
    let desk = desk().await;
    let signer = Signer::p256().unwrap();
    desk.register(&signer.jwks()).await;
    for (name, value, what) in [
        ("aud", json!("https://elsewhere.example"), "aud"),
        ("exp", json!(NOW - 60), "expired"),
        ("exp", json!(NOW + 3600), "10 minutes"),
        ("nbf", json!(NOW + 60), "future"),
        ("jti", json!(null), "jti"),
    ] {
        let mut claims = desk.claims("1");
        claims[name] = value;
        says(&desk.by_assertion(signer.sign(&claims).unwrap()).await, what);
        let strange = Signer::p256().unwrap();
        is_unknown(&desk.by_assertion(strange.sign(&claims).unwrap()).await);
    }
}

#[tokio::test]
async fn nobody_signs_for_another_client() {
    let desk = desk().await;
    let (organization, other) = desk.world.neighbour().await;
    let (mine, theirs) = (Signer::p256().unwrap(), Signer::p256().unwrap());
    desk.register(&mine.jwks()).await;
    let admin = &desk.world.admin;
    admin.set_public_keys(organization, other.key.id, keys(&theirs.jwks())).await.unwrap();
    is_unknown(&desk.by_assertion(theirs.sign(&desk.claims("1")).unwrap()).await);
    for name in ["iss", "sub"] {
        let mut claims = desk.claims("1");
        claims[name] = json!(other.key.id.to_string());
        is_unknown(&desk.by_assertion(mine.sign(&claims).unwrap()).await);
    }
    let assertion = mine.sign(&desk.claims("1")).unwrap();
    let said = |id: ApiKeyId| Credential::Assertion {
        client_id: Some(id.to_string()),
        assertion: assertion.clone(),
    };
    is_unknown(&desk.ask(said(other.key.id), None).await);
    desk.ask(said(desk.world.key.key.id), None).await.unwrap();
}

// A5
#[tokio::test]
async fn a_signature_does_not_outlive_the_key() {
    let desk = desk().await;
    let signer = Signer::p256().unwrap();
    desk.register(&signer.jwks()).await;
    let id = desk.world.key.key.id;
    desk.world.admin.revoke_api_key(desk.world.organization, id).await.unwrap();
    let refused = desk.by_assertion(signer.sign(&desk.claims("1")).unwrap()).await;
    assert!(matches!(refused, Err(Refused::Over(_))), "{refused:?}");
    let keys = keys(&signer.jwks());
    let set = desk.world.admin.set_public_keys(desk.world.organization, id, keys).await;
    assert!(matches!(set, Err(Error::Conflict(_))), "{set:?}");
}

// A5
#[tokio::test]
async fn taking_a_public_key_away_ends_all_tokens_and_adding_one_ends_none() {
    let desk = desk().await;
    let (old, new) = (Signer::p256().unwrap(), Signer::ed25519().unwrap());
    desk.register(&old.jwks()).await;
    let granted = desk.by_assertion(old.sign(&desk.claims("1")).unwrap()).await.unwrap();
    let by_secret = desk.grant().await;
    let both = json!({ "keys": [new.jwk(), old.jwk()] });
    desk.register(&both).await;
    desk.register(&both).await;
    desk.open(&granted.token).await.unwrap();
    desk.register(&new.jwks()).await;
    for token in [&granted.token, &by_secret.token] {
        let why = told(desk.open(token).await);
        assert_eq!(why, scim_app::error::Unauthenticated::Unknown);
    }
    is_unknown(&desk.by_assertion(old.sign(&desk.claims("2")).unwrap()).await);
    let fresh = desk.by_assertion(new.sign(&desk.claims("3")).unwrap()).await.unwrap();
    desk.open(&fresh.token).await.unwrap();
    // Each real change was told and audited, and says what it ended.
    assert_eq!(desk.world.count(EventKind::ApiKeyPublicKeysChanged).await, 3);
    let (action, detail) = desk.world.last_audit().await;
    assert_eq!(action, "api_key.public_keys_changed");
    assert_eq!(detail["accessTokensEnded"], true);
    let thumbprint = keys(&new.jwks()).iter().next().unwrap().thumbprint();
    assert_eq!(detail["publicKeys"], json!([thumbprint]));
}

#[tokio::test]
async fn public_keys_belong_to_a_key_and_go_along_with_its_rotation() {
    let desk = desk().await;
    let (organization, id) = (desk.world.organization, desk.world.key.key.id);
    let admin = &desk.world.admin;
    let signer = Signer::p256().unwrap();
    assert!(admin.list_public_keys(organization, id).await.unwrap().is_empty());
    desk.register(&signer.jwks()).await;
    let known = admin.list_public_keys(organization, id).await.unwrap();
    assert_eq!(known, keys(&signer.jwks()));
    let (other, _) = desk.world.neighbour().await;
    assert!(admin.list_public_keys(other, id).await.is_err());
    assert!(admin.set_public_keys(other, id, known.clone()).await.is_err());
    let next = admin.rotate_api_key(organization, id, 60).await.unwrap();
    assert_eq!(admin.list_public_keys(organization, next.key.id).await.unwrap(), known);
    admin.set_public_keys(organization, next.key.id, PublicKeys::default()).await.unwrap();
    assert!(admin.list_public_keys(organization, next.key.id).await.unwrap().is_empty());
    assert_eq!(admin.list_public_keys(organization, id).await.unwrap(), known);
}
