//! No header but the one with the token opens the door.

use std::sync::Arc;

use proptest::prelude::*;
use scim_app::{
    Actor,
    activity::Activity,
    administration::Administration,
    authentication::Authentication,
    oauth::{Credential, OAuth, TokenRequest},
    ports::Store,
    provisioning::{ExistingUser, Origin, Provisioning},
    testing::{CountingIds, FastSecrets, MemoryStore, StoppedClock},
    token::Token,
};
use scim_domain::{
    ApiKeyId,
    api_key::{NewApiKey, Permission},
    organization::Plan,
    resource::document::Strictness,
};

use crate::{
    driver::{Target, fuzz},
    seeds::drawn,
};

const HEADERS: [&str; 5] = ["", "Bearer ", "bearer Bearer ", "  BEARER\t", "Basic "];

// I6, A4
#[test]
fn a_token_never_authenticates_by_accident() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (provisioning, oauth, token) = runtime.block_on(doors());
    let access = runtime.block_on(granted(&oauth, &token));
    let texts = [token.expose().to_owned(), access.expose().to_owned()];
    let headers = HEADERS;
    let all = texts.iter().flat_map(|text| headers.iter().map(move |it| format!("{it}{text}")));
    let seeds = all.map(String::into_bytes).collect();
    let words = texts.iter().flat_map(|it| it.split('_')).chain(headers);
    let words = words.chain(["_", " ", "scimd_", "scimdat_"]).map(str::to_owned).collect();
    let draw =
        drawn(seed, (0..headers.len(), any::<[u8; 32]>(), any::<u128>()), |(at, secret, id)| {
            let key = ApiKeyId::new(uuid::Uuid::from_u128(id));
            format!("{}{}", HEADERS[at], Token::new(key, &secret).expose())
        });
    let judge = Box::new(move |input: &[u8]| {
        let Ok(header) = std::str::from_utf8(input) else { return "no text".to_owned() };
        let read = Token::from_authorization(header);
        // Whatever is in the bytes, made the secret of a well-formed token of the same key.
        let mut secret = [0; 32];
        input.iter().enumerate().for_each(|(at, byte)| secret[at % 32] ^= byte);
        let forged = Token::new(token.key(), &secret);
        let opens = |it: &Token| {
            let origin = Origin { request_id: "r".to_owned(), address: None };
            runtime.block_on(provisioning.open(Some(it), origin)).is_ok()
        };
        assert_eq!(opens(&forged), forged.expose() == token.expose());
        let Some(read) = read else { return "none".to_owned() };
        assert!(header.ends_with(read.expose()) || header.trim_end().ends_with(read.expose()));
        assert_eq!(Token::parse(read.expose()).unwrap().expose(), read.expose());
        let opened = opens(&read);
        assert_eq!(opened, texts.iter().any(|it| it == read.expose()));
        let front: String = header.chars().take_while(|it| *it != '_').take(12).collect();
        format!("{opened} {front}")
    });
    Target { name: "token", words, seeds, draw, judge }
}

/// An access token for a key.
async fn granted(oauth: &OAuth, token: &Token) -> Token {
    let client_id = token.key().to_string();
    let credential = Credential::Secret { client_id, client_secret: token.expose().to_owned() };
    let request = TokenRequest { credential, scope: None, audiences: &[] };
    let origin = Origin { request_id: "r".to_owned(), address: None };
    oauth.grant(request, &origin, None).await.unwrap().token
}

/// A service with one key, and its token.
pub async fn door() -> (Provisioning, Token) {
    let (scim, _, token) = doors().await;
    (scim, token)
}

/// The same, with its token endpoint.
async fn doors() -> (Provisioning, OAuth, Token) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let (clock, ids) = (Arc::new(StoppedClock::new()), Arc::new(CountingIds::new()));
    let secrets = Arc::new(FastSecrets::new());
    let actor = Actor::Cli("test".to_owned());
    let admin =
        Administration::new(store.clone(), clock.clone(), ids.clone(), secrets.clone(), actor);
    let authentication = Authentication::new(secrets, clock.clone()).unwrap();
    let activity = Activity::new(store.clone(), clock.clone(), ids.clone());
    let oauth = OAuth::new(store.clone(), clock.clone(), authentication.clone(), activity);
    let scim = Provisioning::new(store, clock, ids, authentication, ExistingUser::Adopt);
    let organization = admin.create_organization("Acme", Plan::Enterprise).await.unwrap().id;
    let key = NewApiKey {
        name: "Okta".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        expires: None,
        strictness: Strictness::Tolerant,
        ..NewApiKey::default()
    };
    let made = admin.create_api_key(organization, key).await.unwrap();
    (scim, oauth, made.token)
}
