//! Access tokens: who gets one, what it is worth, and when it ends.

mod assertions;

use std::{cell::Cell, sync::Arc};

use scim_app::{
    Error,
    activity::Activity,
    administration::CreatedApiKey,
    authentication::Authentication,
    error::{Forbidden, Unauthenticated},
    oauth::{Credential, Granted, OAuth, Refused, TokenRequest},
    ports::Ahead,
    provisioning::{Denied, ExistingUser, Provisioning, Session},
    testing::CountingIds,
    token::{Kind, Token},
};
use scim_domain::{
    ApiKeyId, OrganizationId,
    api_key::{NewApiKey, Permission},
    organization::Plan,
};

use crate::world::{World, origin, scim_key, world, world_with};

const ISSUER: &str = "https://scim.example.com";
const ENDPOINT: &str = "https://scim.example.com/oauth/token";

/// An organization, and the token endpoint beside it: of another instance, since it shares no
/// memory with the door that meets the tokens.
struct Desk {
    world: World,
    oauth: OAuth,
    activity: Activity,
}

fn beside(world: World) -> Desk {
    let authentication = Authentication::new(world.secrets.clone(), world.clock.clone()).unwrap();
    let store = Arc::new(world.store.clone());
    let ids = Arc::new(CountingIds::series(9));
    let activity = Activity::new(store.clone(), world.clock.clone(), ids);
    let oauth = OAuth::new(store, world.clock.clone(), authentication, activity.clone());
    Desk { world, oauth, activity }
}

async fn desk() -> Desk {
    beside(world().await)
}

impl Desk {
    async fn ask(&self, credential: Credential, scope: Option<&str>) -> Result<Granted, Refused> {
        let scope = scope.map(str::to_owned);
        let request = TokenRequest { credential, scope, audiences: &[ENDPOINT, ISSUER] };
        self.oauth.grant(request, &origin(), Some("tester")).await
    }

    async fn by_secret(&self, id: &str, secret: &str) -> Result<Granted, Refused> {
        let (client_id, client_secret) = (id.to_owned(), secret.to_owned());
        self.ask(Credential::Secret { client_id, client_secret }, None).await
    }

    async fn grant(&self) -> Granted {
        let CreatedApiKey { key, token } = &self.world.key;
        self.by_secret(&key.id.to_string(), token.expose()).await.unwrap()
    }

    async fn open(&self, token: &Token) -> Result<Session, Denied> {
        self.world.scim.open(Some(token), origin()).await
    }

    async fn key(&self, owner: OrganizationId, new: NewApiKey) -> CreatedApiKey {
        self.world.admin.create_api_key(owner, new).await.unwrap()
    }
}

fn told(result: Result<Session, Denied>) -> Unauthenticated {
    match result.map_err(|it| it.error) {
        Err(Error::Unauthenticated(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn is_unknown(result: &Result<Granted, Refused>) {
    assert!(matches!(result, Err(Refused::UnknownClient)), "{result:?}");
}

#[tokio::test]
async fn a_secret_gets_a_token_that_does_what_the_key_does() {
    let desk = desk().await;
    let granted = desk.grant().await;
    assert_eq!((granted.seconds, granted.scope().as_str()), (3600, "scim"));
    let session = desk.open(&granted.token).await.unwrap();
    assert_eq!(session.caller.organization.id, desk.world.organization);
    assert_eq!(session.caller.key, desk.world.key.key);
    // Two of one moment are alike, and others differ: nothing is drawn for them.
    desk.world.clock.advance(1);
    assert_ne!(desk.grant().await.token.expose(), granted.token.expose());
}

// V6: what a token is worth is computed, not looked up or hashed.
#[tokio::test]
async fn a_token_costs_no_check_of_a_secret() {
    let desk = desk().await;
    let granted = desk.grant().await;
    let before = desk.world.secrets.verifications();
    for _ in 0..3 {
        desk.open(&granted.token).await.unwrap();
    }
    assert_eq!(desk.world.secrets.verifications(), before);
    // Nor does the next one, while the secret is remembered.
    desk.grant().await;
    assert_eq!(desk.world.secrets.verifications(), before);
}

// A1
#[tokio::test]
async fn a_request_is_looked_at_only_for_a_token_that_was_right_before() {
    let desk = desk().await;
    let granted = desk.grant().await;
    let looks = async || {
        let looked = Cell::new(false);
        let ahead = || {
            looked.set(true);
            Ahead::Nothing
        };
        desk.world.scim.open_ahead(Some(&granted.token), origin(), None, ahead).await.unwrap();
        looked.get()
    };
    assert!(!looks().await, "nobody has seen it yet");
    assert!(looks().await);
}

// A5
#[tokio::test]
async fn a_token_lives_for_sixty_minutes_to_the_second() {
    let desk = desk().await;
    let token = desk.grant().await.token;
    desk.world.clock.advance(3599);
    desk.open(&token).await.unwrap();
    desk.world.clock.advance(1);
    assert_eq!(told(desk.open(&token).await), Unauthenticated::TokenExpired);
    desk.open(&desk.world.key.token).await.unwrap();
    desk.open(&desk.grant().await.token).await.unwrap();
}

// R8
#[tokio::test]
async fn a_token_that_a_wrong_clock_gave_is_worth_nothing_when_the_clock_is_right() {
    let desk = desk().await;
    desk.world.clock.advance(300);
    let ahead = desk.grant().await.token;
    desk.world.clock.advance(100_000);
    let far_ahead = desk.grant().await.token;
    desk.world.clock.advance(-100_300);
    desk.open(&ahead).await.unwrap();
    assert_eq!(told(desk.open(&far_ahead).await), Unauthenticated::TokenExpired);
}

// A5
#[tokio::test]
async fn a_token_dies_with_its_key_at_once() {
    let desk = desk().await;
    let (organization, id) = (desk.world.organization, desk.world.key.key.id);
    let token = desk.grant().await.token;
    desk.open(&token).await.unwrap();
    let set = async |allowed| {
        let scim = Permission::Scim;
        desk.world.admin.set_api_key_permission(organization, id, scim, allowed).await.unwrap()
    };
    set(false).await;
    let denied = desk.open(&token).await.unwrap_err();
    assert!(matches!(denied.error, Error::Forbidden(Forbidden::NoPermission)));
    set(true).await;
    desk.open(&token).await.unwrap();
    desk.world.admin.revoke_api_key(organization, id).await.unwrap();
    assert_eq!(told(desk.open(&token).await), Unauthenticated::Revoked);
}

// A5
#[tokio::test]
async fn a_token_is_good_no_longer_than_its_key() {
    let desk = desk().await;
    let expires = Some(desk.world.clock.advance(0).plus_seconds(100));
    let short = desk.key(desk.world.organization, NewApiKey { expires, ..scim_key() }).await;
    let id = short.key.id.to_string();
    let granted = desk.by_secret(&id, short.token.expose()).await.unwrap();
    assert_eq!(granted.seconds, 100);
    desk.world.clock.advance(99);
    desk.open(&granted.token).await.unwrap();
    desk.world.clock.advance(1);
    assert_eq!(told(desk.open(&granted.token).await), Unauthenticated::Expired);
    let over = desk.by_secret(&id, short.token.expose()).await;
    assert!(matches!(over, Err(Refused::Over(Unauthenticated::Expired))), "{over:?}");

    // Rotation with an overlap cuts those that were given before.
    let token = desk.grant().await.token;
    let id = desk.world.key.key.id;
    desk.world.admin.rotate_api_key(desk.world.organization, id, 60).await.unwrap();
    assert_eq!(desk.grant().await.seconds, 60);
    desk.world.clock.advance(60);
    assert_eq!(told(desk.open(&token).await), Unauthenticated::Expired);
}

#[tokio::test]
async fn a_token_works_on_every_instance_and_after_a_restart() {
    let desk = desk().await;
    let token = desk.grant().await.token;
    for _ in 0..2 {
        let World { store, clock, secrets, .. } = &desk.world;
        let ids = Arc::new(CountingIds::series(7));
        let fresh = Authentication::new(secrets.clone(), clock.clone()).unwrap();
        let store = Arc::new(store.clone());
        let door = Provisioning::new(store, clock.clone(), ids, fresh, ExistingUser::Adopt);
        door.open(Some(&token), origin()).await.unwrap();
    }
    // Another installation has another secret, even if it has a key of the same id.
    let elsewhere = world().await;
    assert_eq!(elsewhere.key.key.id, desk.world.key.key.id);
    let refused = elsewhere.scim.open(Some(&token), origin()).await;
    assert_eq!(told(refused), Unauthenticated::Unknown);
    beside(elsewhere).grant().await;
}

// A4, A7
#[tokio::test]
async fn no_other_token_passes() {
    let desk = desk().await;
    let (_, other) = desk.world.neighbour().await;
    let token = desk.grant().await.token;
    let parts: Vec<_> = token.expose().split('_').collect();
    let (id, lifetime, mac) = (parts[1], parts[2], parts[3]);
    let others = other.key.id.uuid().simple().to_string();
    let nobodys = "0".repeat(32);
    let (mut later, mut near) = (lifetime.to_owned(), mac.to_owned());
    later.replace_range(21.., if lifetime.ends_with('7') { "8" } else { "7" });
    near.replace_range(42.., if mac.ends_with('7') { "8" } else { "7" });
    let checks = desk.world.secrets.verifications();
    for (id, lifetime, mac) in [
        (others.as_str(), lifetime, mac),
        (nobodys.as_str(), lifetime, mac),
        (id, later.as_str(), mac),
        (id, lifetime, near.as_str()),
    ] {
        let body = format!("scimdat_{id}_{lifetime}_{mac}");
        let forged = Token::parse(&with_checksum(&body)).unwrap();
        assert_eq!(told(desk.open(&forged).await), Unauthenticated::Unknown, "{body}");
    }
    assert_eq!(desk.world.secrets.verifications(), checks);
    desk.open(&token).await.unwrap();
}

/// The checksum is no secret: whoever forges a token can make it.
fn with_checksum(body: &str) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut number = crc32fast::hash(body.as_bytes());
    let mut digits = [0; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    format!("{body}_{}", std::str::from_utf8(&digits).unwrap())
}

// A4
#[tokio::test]
async fn wrong_and_unknown_clients_are_alike_and_typing_errors_cost_nothing() {
    let desk = desk().await;
    let CreatedApiKey { key, token } = &desk.world.key;
    let (_, other) = desk.world.neighbour().await;
    let (id, nobody) = (key.id.to_string(), ApiKeyId::new(uuid::Uuid::from_u128(99)));
    let access = desk.grant().await.token;
    let checks = desk.world.secrets.verifications();
    for (id, secret) in [
        (id.as_str(), format!("{}x", token.expose())),
        (id.as_str(), String::new()),
        ("", token.expose().to_owned()),
        (&key.id.uuid().simple().to_string(), token.expose().to_owned()),
        (&other.key.id.to_string(), token.expose().to_owned()),
        (id.as_str(), other.token.expose().to_owned()),
        // Else a token could be renewed for ever.
        (id.as_str(), access.expose().to_owned()),
    ] {
        is_unknown(&desk.by_secret(id, &secret).await);
    }
    assert_eq!(desk.world.secrets.verifications(), checks);
    is_unknown(&desk.by_secret(&id, Token::new(key.id, &[9; 32]).expose()).await);
    let nobodys = Token::new(nobody, &[9; 32]);
    is_unknown(&desk.by_secret(&nobody.to_string(), nobodys.expose()).await);
    assert_eq!(desk.world.secrets.verifications(), checks + 2);
}

// A4
#[tokio::test]
async fn who_knows_the_secret_is_told_that_the_key_is_over() {
    let desk = desk().await;
    let CreatedApiKey { key, token } = &desk.world.key;
    desk.world.admin.revoke_api_key(desk.world.organization, key.id).await.unwrap();
    let refused = desk.by_secret(&key.id.to_string(), token.expose()).await;
    assert!(matches!(refused, Err(Refused::Over(Unauthenticated::Revoked))), "{refused:?}");
    let guessed = Token::new(key.id, &[9; 32]);
    is_unknown(&desk.by_secret(&key.id.to_string(), guessed.expose()).await);
}

#[tokio::test]
async fn a_full_gate_is_busy_and_not_wrong() {
    let desk = desk().await;
    let CreatedApiKey { key, token } = &desk.world.key;
    desk.world.secrets.set_busy(true);
    let refused = desk.by_secret(&key.id.to_string(), token.expose()).await;
    assert!(matches!(refused, Err(Refused::Failed(Error::Busy))), "{refused:?}");
}

#[tokio::test]
async fn a_scope_names_what_the_key_may_do() {
    let desk = desk().await;
    let permissions = [Permission::UsersRead, Permission::GroupsRead].into();
    let manager = desk.key(desk.world.organization, NewApiKey { permissions, ..scim_key() }).await;
    let bare =
        desk.key(desk.world.organization, NewApiKey { permissions: [].into(), ..scim_key() }).await;
    let ask = async |key: &CreatedApiKey, scope: Option<&str>| {
        let client_id = key.key.id.to_string();
        let client_secret = key.token.expose().to_owned();
        desk.ask(Credential::Secret { client_id, client_secret }, scope).await
    };
    for scope in [None, Some(""), Some("users.read"), Some("groups.read  users.read")] {
        let granted = ask(&manager, scope).await.unwrap();
        assert_eq!(granted.scope(), "users.read groups.read");
    }
    for scope in ["users.write", "scim", "users.read users.write", "everything", "USERS.READ"] {
        let refused = ask(&manager, Some(scope)).await;
        assert!(matches!(&refused, Err(Refused::Scope(may)) if may == "users.read groups.read"));
    }
    assert!(matches!(ask(&bare, None).await, Err(Refused::Powerless)));
    assert!(ask(&desk.world.key, Some("scim")).await.is_ok());
}

#[tokio::test]
async fn plan_and_tenant_are_for_the_door_to_say() {
    let desk = beside(world_with(Plan::Starter, ExistingUser::Adopt).await);
    let token = desk.grant().await.token;
    assert!(desk.open(&token).await.is_ok());
}

// A4
#[tokio::test]
async fn only_who_gets_a_token_leaves_a_trace() {
    let desk = desk().await;
    let CreatedApiKey { key, token } = &desk.world.key;
    let audited = desk.world.audited().await;
    let used = async || {
        desk.activity.flush(true).await.unwrap();
        let listed = desk.world.admin.list_api_keys(desk.world.organization).await.unwrap();
        listed[0].last_used.clone()
    };
    is_unknown(&desk.by_secret(&key.id.to_string(), "scimd_x_y_z").await);
    let credential = Credential::Secret {
        client_id: key.id.to_string(),
        client_secret: token.expose().to_owned(),
    };
    assert!(desk.ask(credential, Some("users.read")).await.is_err());
    assert_eq!(used().await, None);
    desk.grant().await;
    assert_eq!(used().await.unwrap().agent.as_deref(), Some("tester"));
    assert_eq!(desk.world.audited().await, audited);
}

#[tokio::test]
async fn what_a_token_is_can_be_seen_and_its_lifetime_cannot_be_changed() {
    let desk = desk().await;
    let granted = desk.grant().await;
    let Kind::Access(lifetime) = granted.token.kind() else { panic!("an access token") };
    assert_eq!(lifetime.expires, lifetime.issued.plus_seconds(granted.seconds));
    assert_eq!(desk.world.key.token.kind(), Kind::Key);
    let read = Token::from_authorization(&format!("Bearer {}", granted.token.expose())).unwrap();
    assert_eq!((read.kind(), read.key()), (granted.token.kind(), granted.token.key()));
    assert!(granted.token.expose().starts_with("scimdat_"));
    let secret = granted.token.expose().split('_').nth(3).unwrap();
    assert!(!format!("{granted:?}").contains(secret));
}
