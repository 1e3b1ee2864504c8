//! A world for tests over HTTP: one organization on the Enterprise plan with a SCIM key, over the
//! store that `SCIMD_TEST_STORE` names (`memory`, `sqlite` or `postgres`), with a clock that stands still and ids that count.
//!
//! ```text
//! let world = World::new().await;
//! let made = world.send("POST", "/Users", json!({"userName": "jane"})).await; // below /scim/v2
//! assert_eq!(made.status, 201);
//! let id = made.id();                                  // also .json(), .text(), .header("etag")
//! world.send("PATCH", &path, patch(json!([{"op": "replace", "path": "title", "value": "Dr"}])))
//! world.get(&format!("/Users/{id}")).await;            // send without a body
//! world.ask("GET", "/scim/v2//Users")                  // the whole path, taken literally
//!     .without_key()                                   // or .authorization("…"), .key(&token)
//!     .header("if-match", "W/\"1\"")                   // appended; Content-Type is yours here
//!     .body("…")                                       // bytes as they are; .json(value)
//!     .send().await;
//! let other = world.tenant("Other", Plan::Growth).await; // organization, key, token
//! world.store / world.clock / world.secrets / world.administration / world.activity
//! ```

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    App,
    body::{MessageBody as _, to_bytes},
    http::header::{AUTHORIZATION, CONTENT_TYPE},
    test::{TestRequest, call_service, init_service},
    web::Bytes,
};
use scim_app::{
    Actor,
    activity::Activity,
    administration::Administration,
    authentication::Authentication,
    feed::Feeds,
    management::Management,
    oauth::OAuth as TokenEndpoint,
    ports::{Clock, Ids, Store},
    provisioning::{ExistingUser, Provisioning},
    testing::{CountingIds, FastSecrets, FaultyStore},
};
use scim_domain::{
    OrganizationId,
    api_key::{ApiKey, NewApiKey, Permission},
    organization::{Entitlements, Organization, Plan},
    resource::document::Strictness,
};
use scim_http::{Api, Health, OAuth, Scim, Service, Settings, configure_service};
use serde_json::Value;

mod answer;
pub mod described;
pub mod server;
pub mod store;
mod trick_clock;

pub use answer::{Answer, Opened};
pub use trick_clock::TrickClock;

/// The base URL of every link in this world.
pub const BASE: &str = "https://scim.example.com/scim/v2";

/// Waits until something has come true, for as long as a machine with much else to do may take.
pub async fn until(what: &str, has_come: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !has_come().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The body of a PATCH (RFC 7644 §3.5.2).
pub fn patch(operations: Value) -> Value {
    let mut body =
        serde_json::json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]});
    body["Operations"] = operations;
    body
}

/// An organization and its key.
pub struct Tenant {
    pub organization: Organization,
    pub key: ApiKey,
    pub token: String,
}

/// Everything behind the door, and the door.
pub struct World {
    pub store: FaultyStore,
    pub clock: Arc<TrickClock>,
    pub secrets: Arc<FastSecrets>,
    pub administration: Administration,
    pub activity: Activity,
    pub feeds: Feeds,
    pub health: Health,
    pub tenant: Tenant,
    service: Service,
    provisioning: Provisioning,
    request_ids: Arc<dyn Ids>,
    settings: Settings,
    /// What must live as long as the store.
    _lives: Option<Box<dyn std::any::Any>>,
}

impl World {
    /// An organization on the Enterprise plan and its SCIM key.
    pub async fn new() -> Self {
        Self::on(Plan::Enterprise).await
    }

    /// The same on another plan.
    pub async fn on(plan: Plan) -> Self {
        Self::with_timeout(plan, Duration::from_mins(1)).await
    }

    /// The same with so much time for each request.
    pub async fn with_timeout(plan: Plan, request_timeout: Duration) -> Self {
        Self::over(store::fresh().await, plan, request_timeout).await
    }

    /// The same over a store that is there, and what must live as long as it.
    pub async fn over(
        (store, lives): (Arc<dyn Store>, Option<Box<dyn std::any::Any>>),
        plan: Plan,
        request_timeout: Duration,
    ) -> Self {
        let store = FaultyStore::new(store);
        let clock = Arc::new(TrickClock::default());
        let secrets = Arc::new(FastSecrets::new());
        let ids: Arc<dyn Ids> = Arc::new(CountingIds::new());
        let ports: (Arc<dyn Store>, Arc<dyn Clock>) = (Arc::new(store.clone()), clock.clone());
        let actor = Actor::Cli("tester".to_owned());
        let administration = Administration::new(
            ports.0.clone(),
            ports.1.clone(),
            ids.clone(),
            secrets.clone(),
            actor,
        );
        let authentication = Authentication::new(secrets.clone(), ports.1.clone()).unwrap();
        let provisioning = Provisioning::new(
            ports.0.clone(),
            ports.1.clone(),
            ids.clone(),
            authentication.clone(),
            ExistingUser::Adopt,
        );
        let activity = Activity::new(ports.0.clone(), ports.1.clone(), ids);
        let settings = Settings {
            public_url: "https://scim.example.com/".to_owned(),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            request_timeout,
            answer_timeout: Duration::from_mins(1),
            answers_at_once: 4,
        };
        // Requests count on their own, so that the ids of resources do not depend on how many came
        // before.
        let request_ids: Arc<dyn Ids> = Arc::new(CountingIds::series(1));
        let management =
            Management::new(authentication.clone(), administration.clone(), activity.clone());
        let feeds = Feeds::new(ports.0.clone(), ports.1.clone());
        let (store_port, clock_port) = ports.clone();
        let tokens = TokenEndpoint::new(store_port, clock_port, authentication, activity.clone());
        let oauth = OAuth::new(tokens, request_ids.clone(), settings.clone());
        let api =
            Api::new(management, feeds.clone(), request_ids.clone(), settings.clone()).unwrap();
        let (ids, told) = (request_ids.clone(), settings.clone());
        let scim = Scim::new(provisioning.clone(), activity.clone(), ids, told);
        let health = Health::new(ports.0);
        let service = Service { scim, api, oauth, health: health.clone() };
        let tenant = tenant(&administration, "Example", plan).await;
        Self {
            store,
            clock,
            secrets,
            administration,
            activity,
            feeds,
            health,
            tenant,
            service,
            provisioning,
            request_ids,
            settings,
            _lives: lives,
        }
    }

    /// The same where role values of users assign roles.
    pub async fn assigning() -> Self {
        let world = Self::new().await;
        let organization = world.tenant.organization.id;
        let assign = Entitlements::Assign;
        world.administration.set_entitlements(organization, assign, &|_| {}).await.unwrap();
        world
    }

    /// From now on with so many members of groups in memory at once, and so much time for what is
    /// sent while it is read.
    pub fn hold_members(&mut self, members: u64, answer_timeout: Duration) {
        let provisioning = self.provisioning.clone().with_members_at_once(members);
        let settings = Settings { answer_timeout, ..self.settings.clone() };
        let (activity, ids) = (self.activity.clone(), self.request_ids.clone());
        self.service.scim = Scim::new(provisioning, activity, ids, settings);
    }

    /// What an app is configured with, for tests that run a server.
    pub fn service(&self) -> Service {
        self.service.clone()
    }

    /// One more organization with a SCIM key.
    pub async fn tenant(&self, name: &str, plan: Plan) -> Tenant {
        tenant(&self.administration, name, plan).await
    }

    /// Sends a request with the key and a JSON body to a path below `/scim/v2`.
    pub async fn send(&self, method: &str, path: &str, body: impl Into<Value>) -> Answer {
        self.ask(method, &format!("/scim/v2{path}")).json(&body.into()).send().await
    }

    /// Gets a path below `/scim/v2` with the key.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", &format!("/scim/v2{path}")).send().await
    }

    /// Deletes a path below `/scim/v2` with the key.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", &format!("/scim/v2{path}")).send().await
    }

    /// A request with the key, to a path taken literally.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let method: actix_web::http::Method = method.parse().unwrap();
        let peer: SocketAddr = "203.0.113.9:4711".parse().unwrap();
        let request = TestRequest::with_uri(path).method(method.clone()).peer_addr(peer);
        let authorization = Some(format!("Bearer {}", self.tenant.token));
        Ask { world: self, named: (method.to_string(), path.to_owned()), request, authorization }
    }

    /// The token of a new key of the organization, with these permissions.
    pub async fn manager(&self, permissions: &[Permission]) -> String {
        self.key_of(self.tenant.organization.id, permissions).await
    }

    /// The token of a new operator key with these permissions.
    pub async fn operator(&self, permissions: &[Permission]) -> String {
        self.key_of(OrganizationId::OPERATOR, permissions).await
    }

    /// The token of a new key with these permissions.
    pub async fn key_of(&self, owner: OrganizationId, permissions: &[Permission]) -> String {
        let new = NewApiKey {
            name: "Backend".to_owned(),
            description: String::new(),
            permissions: permissions.iter().copied().collect(),
            strictness: Strictness::Tolerant,
            expires: None,
            ..NewApiKey::default()
        };
        let created = self.administration.create_api_key(owner, new).await.unwrap();
        created.token.expose().to_owned()
    }

    /// A request with a management key to a path below `/api/v1`.
    pub fn api(&self, token: &str, method: &str, path: &str) -> Ask<'_> {
        self.ask(method, &format!("/api/v1{path}")).key(token)
    }

    /// Makes a user and answers its id.
    pub async fn user(&self, user_name: &str) -> String {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": user_name,
        });
        let made = self.send("POST", "/Users", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.id()
    }

    /// Makes a group with these members and answers its id.
    pub async fn group(&self, display_name: &str, members: &[&str]) -> String {
        let members: Vec<_> = members.iter().map(|it| serde_json::json!({"value": it})).collect();
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": display_name,
            "members": members,
        });
        let made = self.send("POST", "/Groups", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.id()
    }
}

async fn tenant(administration: &Administration, name: &str, plan: Plan) -> Tenant {
    let organization = administration.create_organization(name, plan).await.unwrap();
    let new = NewApiKey {
        name: "Identity provider".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Tolerant,
        expires: None,
        ..NewApiKey::default()
    };
    let created = administration.create_api_key(organization.id, new).await.unwrap();
    let token = created.token.expose().to_owned();
    Tenant { organization, key: created.key, token }
}

/// A request that is being put together.
pub struct Ask<'w> {
    world: &'w World,
    /// Method and target.
    named: (String, String),
    request: TestRequest,
    authorization: Option<String>,
}

impl Ask<'_> {
    /// Without `Authorization`.
    pub fn without_key(self) -> Self {
        Self { authorization: None, ..self }
    }

    /// With this value of `Authorization`.
    pub fn authorization(self, value: &str) -> Self {
        Self { authorization: Some(value.to_owned()), ..self }
    }

    /// With another key.
    pub fn key(self, token: &str) -> Self {
        self.authorization(&format!("Bearer {token}"))
    }

    /// With one more header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.append_header((name, value)), ..self }
    }

    /// From this address.
    pub fn from(self, peer: &str) -> Self {
        Self { request: self.request.peer_addr(peer.parse().unwrap()), ..self }
    }

    /// With this JSON and its media type.
    pub fn json(self, body: &Value) -> Self {
        let request = self.request.insert_header((CONTENT_TYPE, "application/scim+json"));
        Self { request, ..self }.body(body.to_string())
    }

    /// With this JSON, as the management API takes it.
    pub fn plain_json(self, body: &Value) -> Self {
        let request = self.request.insert_header((CONTENT_TYPE, "application/json"));
        Self { request, ..self }.body(body.to_string())
    }

    /// With these bytes.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self { request: self.request.set_payload(body), ..self }
    }

    /// Sends it, and leaves the body of the answer to be taken piece by piece.
    pub async fn open(self) -> Opened {
        let Self { world, named: _, mut request, authorization } = self;
        if let Some(value) = authorization {
            request = request.append_header((AUTHORIZATION, value));
        }
        let configure = |cfg: &mut _| configure_service(cfg, &world.service);
        let app = init_service(App::new().configure(configure)).await;
        let response = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Opened { status, headers, body: response.into_body().boxed() }
    }

    /// Sends it. An answer of the management API must be one that its document describes.
    pub async fn send(self) -> Answer {
        let (world, (method, target)) = (self.world, self.named.clone());
        let Opened { status, headers, body } = Box::pin(self.open()).await;
        let answer = Answer { status, headers, body: to_bytes(body).await.unwrap() };
        if target.starts_with("/api/v1") {
            let document = serde_json::from_slice(world.service.api.document()).unwrap();
            described::check(&document, &method, &target, &answer);
        }
        answer
    }
}
