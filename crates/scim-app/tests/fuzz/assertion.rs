//! No assertion but the one that was signed names a client, and no set of public keys is read as
//! something that it is not.

use std::sync::Arc;

use proptest::prelude::*;
use scim_app::{
    Actor,
    activity::Activity,
    administration::Administration,
    authentication::Authentication,
    oauth::{Credential, OAuth, PublicKeys, Refused, TokenRequest},
    ports::Store,
    provisioning::Origin,
    testing::{CountingIds, FastSecrets, MemoryStore, Signer, StoppedClock},
};
use scim_domain::{
    Json,
    api_key::{NewApiKey, Permission},
    organization::Plan,
    resource::document::Strictness,
};
use serde_json::json;

use crate::{
    driver::{Target, fuzz},
    seeds::drawn,
};

const HERE: &str = "https://scim.example.com/oauth/token";
/// 2026-01-01T00:00:00Z, which the stopped clock shows.
const NOW: i64 = 1_767_225_600;

// I6, A4
#[test]
fn an_assertion_never_names_a_client_by_accident() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let signer = Signer::ed25519().unwrap();
    let (oauth, id) = runtime.block_on(endpoint(&signer));
    let claims = |exp: i64| json!({ "iss": id, "sub": id, "aud": HERE, "exp": exp, "jti": "1" });
    let good = signer.sign(&claims(NOW + 60)).unwrap();
    let late = signer.sign(&claims(NOW - 60)).unwrap();
    let jwks = [signer.jwks().to_string(), Signer::rsa().unwrap().jwks().to_string()];
    let seeds = [&good, &late].into_iter().chain(&jwks);
    let seeds = seeds.map(|it| it.clone().into_bytes()).collect();
    let words = good.split('.').chain(jwks.iter().flat_map(|it| it.split('"')));
    let words = words.chain([".", "=", "-", "_"]).map(str::to_owned).collect();
    let draw = drawn(seed, proptest::collection::vec(any::<u8>(), 0..200), |bytes| {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_..";
        bytes.iter().map(|it| char::from(letters[usize::from(*it) % 66])).collect::<String>()
    });
    let judge = Box::new(move |input: &[u8]| {
        if let Some(keys) = Json::parse(input).ok().and_then(|it| PublicKeys::parse(&it).ok()) {
            let kept = Json::parse(keys.to_json().to_string().as_bytes()).unwrap();
            assert_eq!(PublicKeys::parse(&kept).unwrap(), keys);
            return format!("{} keys", keys.iter().count());
        }
        let Ok(text) = std::str::from_utf8(input) else { return "no text".to_owned() };
        let assertion = text.to_owned();
        let credential = Credential::Assertion { client_id: None, assertion };
        let request = TokenRequest { credential, scope: None, audiences: &[HERE] };
        let origin = Origin { request_id: "r".to_owned(), address: None };
        match runtime.block_on(oauth.grant(request, &origin, None)) {
            Ok(_) => {
                assert_eq!(text, good);
                "granted".to_owned()
            }
            Err(Refused::Assertion(why)) => {
                assert!(text == good || text == late, "{text}: {why}");
                why.to_owned()
            }
            Err(Refused::UnknownClient) => {
                assert!(text != good && text != late);
                format!("unknown {} {}", text.matches('.').count(), text.len() / 64)
            }
            Err(other) => panic!("{other:?}"),
        }
    });
    Target { name: "assertion", words, seeds, draw, judge }
}

/// A token endpoint with one client that signs, and its id.
async fn endpoint(signer: &Signer) -> (OAuth, String) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let (clock, ids) = (Arc::new(StoppedClock::new()), Arc::new(CountingIds::new()));
    let secrets = Arc::new(FastSecrets::new());
    let actor = Actor::Cli("test".to_owned());
    let admin =
        Administration::new(store.clone(), clock.clone(), ids.clone(), secrets.clone(), actor);
    let authentication = Authentication::new(secrets, clock.clone()).unwrap();
    let activity = Activity::new(store.clone(), clock.clone(), ids);
    let oauth = OAuth::new(store, clock, authentication, activity);
    let organization = admin.create_organization("Acme", Plan::Enterprise).await.unwrap().id;
    let key = NewApiKey {
        name: "Entra".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        expires: None,
        strictness: Strictness::Tolerant,
        ..NewApiKey::default()
    };
    let id = admin.create_api_key(organization, key).await.unwrap().key.id;
    let jwks = Json::parse(signer.jwks().to_string().as_bytes()).unwrap();
    let keys = PublicKeys::parse(&jwks).unwrap();
    admin.set_public_keys(organization, id, keys).await.unwrap();
    (oauth, id.to_string())
}
