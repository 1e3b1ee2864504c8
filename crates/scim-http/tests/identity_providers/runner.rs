//! Plays a story, a JSON file:
//!
//! - `about`: what it shows. `sources`: where its requests come from, and what that is: `recorded`,
//!   `document`, `thread` (somebody's report), `inferred` from one of these, or `ours`.
//! - `providers`, in `field` alone: whose requests they are; each of them plays the story.
//! - `client`: whose headers every request has, from `clients.json`, if not the provider's.
//! - `given`, all of it optional: `assigns` (whether role values of users assign roles), `users` (name → `userName`, or a whole body), `groups` (name →
//!   `displayName` and names of `members`), `mapped` (name of a group → keys of roles), `signed_in`
//!   (name → body of a user that only the backend's sign-in has made). `{name}` stands for the id
//!   of each from then on.
//! - `steps`, each one of
//!   - `cases` beside it: the published test cases that it is, as `suite/case` of `suites.json`;
//!   - `request` (`method`, `path` below the base URL, `headers` over those of the client, null for
//!     none, `body` sent letter for letter or `text` for what is no JSON) and `expect` (`status`,
//!     `headers`, `body`);
//!   - `token` (`form` to the token endpoint and `headers` over those of the client; `{client_id}`,
//!     `{client_secret}` and `{basic}` are those of the key) and `expect`; later requests have what
//!     they got as `{access_token}`;
//!   - `access` (a `userName`) and `expect`: what scimd tells the backend of that user;
//!   - `events`: what was announced since the last step of this kind, as `kind` or `kind {id}`;
//!   - `audit`: the newest entry.
//!
//! What `expect` names is compared as `pattern.rs` says. Beyond it every answer is held to what all
//! answers have in common.

use std::{collections::BTreeMap, path::Path};

use scim_app::access::{Answer as Known, Lookup};
use scim_domain::GroupId;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use self::{given::Given, pattern::Names};
use crate::common::{Answer, World};

mod given;
mod pattern;

/// Where the stories are.
pub(super) const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/identity_providers");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub about: String,
    pub sources: BTreeMap<String, Evidence>,
    #[serde(default)]
    pub providers: Vec<String>,
    client: Option<String>,
    #[serde(default)]
    given: Given,
    pub steps: Vec<Step>,
}

/// What a source is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Evidence {
    /// Requests as a vendor has published them or somebody has recorded them.
    Recorded,
    /// What a vendor or a standard says.
    Document,
    /// What maintainers or users report.
    Thread,
    /// Nobody says so; it follows from what the source says.
    Inferred,
    /// A form that this project chose to understand.
    Ours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What the step is, for its readers.
    #[serde(default)]
    note: String,
    #[serde(default)]
    pub cases: Vec<String>,
    request: Option<Request>,
    token: Option<TokenRequest>,
    expect: Option<Value>,
    access: Option<String>,
    events: Option<Vec<String>>,
    audit: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    path: String,
    #[serde(default)]
    headers: Headers,
    body: Option<Box<RawValue>>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    form: String,
    #[serde(default)]
    headers: Headers,
}

type Headers = BTreeMap<String, Option<String>>;

/// The stories in a folder, by file.
pub(super) fn stories(folder: &str) -> Vec<(String, Story)> {
    let mut stories = Vec::new();
    for entry in Path::new(HOME).join(folder).read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().and_then(|it| it.to_str()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let story =
            serde_json::from_str(&text).unwrap_or_else(|it| panic!("{folder}/{name}: {it}"));
        stories.push((format!("{folder}/{name}"), story));
    }
    stories.sort_by(|(one, _), (other, _)| one.cmp(other));
    stories
}

/// Plays the stories of a provider: those of its folder, and those of the field that name it. All
/// are played; what has failed is told one by one and together.
pub(super) async fn play_all(provider: &'static str) {
    let own = stories(provider).into_iter();
    let shared = stories("field").into_iter();
    let stories = own.chain(shared.filter(|(_, it)| it.providers.iter().any(|it| it == provider)));
    let mut failed = Vec::new();
    for (file, story) in stories {
        let told = file.clone();
        let played = actix_web::rt::spawn(async move { play(&told, provider, story).await });
        if played.await.is_err() {
            failed.push(file);
        }
    }
    assert!(failed.is_empty(), "{provider} does not get what it needs: {failed:?}");
}

/// Plays a story, and fails with its step.
async fn play(file: &str, provider: &str, story: Story) {
    let clients = include_str!("clients.json");
    let mut clients: BTreeMap<String, Headers> = serde_json::from_str(clients).unwrap();
    let client = story.client.as_deref().unwrap_or(provider);
    let headers = clients.remove(client).expect("a client of clients.json");
    let world = World::new().await;
    let names = story.given.prepare(&world).await;
    let told = events(&world).await.len();
    let mut stage = Stage { world, headers, names, told };
    for (index, step) in story.steps.iter().enumerate() {
        stage.step(&format!("{file}, step {} {}", index + 1, step.note), step).await;
    }
}

struct Stage {
    world: World,
    headers: Headers,
    names: Names,
    /// How many events have been looked at.
    told: usize,
}

impl Stage {
    async fn step(&mut self, at: &str, step: &Step) {
        match step {
            Step { request: Some(request), expect: Some(expect), .. } => {
                let answer = self.send(request).await;
                self.check(at, expect, &answer);
            }
            Step { token: Some(request), expect: Some(expect), .. } => {
                let answer = self.ask_for_token(request).await;
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{at}");
                self.compare_answer(at, expect, &answer);
                if let Some(token) = answer.json()["access_token"].as_str() {
                    self.names.insert("access_token", token);
                }
            }
            Step { access: Some(user), expect: Some(expect), .. } => {
                let organization = self.world.tenant.organization.id;
                let lookup = Lookup::UserName(user.clone());
                let answer = self.world.administration.show_access(organization, lookup).await;
                let Known::Known(access) = answer.unwrap() else { panic!("{at}: no {user}") };
                let roles: Vec<_> = access.roles.iter().map(ToString::to_string).collect();
                let shown = json!({
                    "active": access.active(), "roles": roles, "permissions": access.permissions,
                });
                self.compare(at, expect, Some(&shown));
            }
            Step { events: Some(expected), .. } => {
                let all = events(&self.world).await;
                let new = all.get(self.told..).unwrap();
                self.told = all.len();
                assert_eq!(new.len(), expected.len(), "{at}: {new:?}");
                for (expected, (kind, subject)) in expected.iter().zip(new) {
                    let full = format!("{kind} {subject}");
                    let expected = self.names.put_in(expected);
                    assert!(expected == full || expected == *kind, "{at}: {new:?}");
                }
            }
            Step { audit: Some(expect), .. } => {
                let organization = self.world.tenant.organization.id;
                let newest = self.world.administration.list_audit(organization, 1).await.unwrap();
                let entry = &newest.first().unwrap().entry;
                let shown = json!({"action": entry.action, "detail": entry.detail});
                self.compare(at, expect, Some(&shown));
            }
            _ => panic!("{at}: neither a request nor a look"),
        }
    }

    async fn send(&self, request: &Request) -> Answer {
        let path = format!("/scim/v2{}", self.names.put_in(&request.path));
        let mut ask = self.world.ask(&request.method, &path);
        let mut headers = self.headers.clone();
        headers.extend(request.headers.clone());
        for (name, value) in headers.iter().filter_map(|(name, it)| Some((name, it.as_ref()?))) {
            let value = self.names.put_in(value).replace("{token}", &self.world.tenant.token);
            ask = if name == "Authorization" {
                ask.authorization(&value)
            } else {
                ask.header(name, &value)
            };
        }
        if headers.get("Authorization") == Some(&None) {
            ask = ask.without_key();
        }
        let body = request.body.as_ref().map(|it| it.get()).or(request.text.as_deref());
        if let Some(body) = body {
            ask = ask.body(self.names.put_in(body));
        }
        ask.send().await
    }

    async fn ask_for_token(&self, request: &TokenRequest) -> Answer {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let tenant = &self.world.tenant;
        let (id, secret) = (tenant.key.id.to_string(), tenant.token.as_str());
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        let put = |text: &str| {
            let named = [("client_id", id.as_str()), ("client_secret", secret), ("basic", &basic)];
            named.iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        let mut ask = self.world.ask("POST", "/oauth/token").without_key();
        for (name, value) in request.headers.iter().filter_map(|(n, it)| Some((n, it.as_ref()?))) {
            ask = ask.header(name, &put(value));
        }
        ask.body(put(&request.form)).send().await
    }

    fn check(&mut self, at: &str, expect: &Value, answer: &Answer) {
        always(at, answer);
        self.compare_answer(at, expect, answer);
    }

    fn compare_answer(&mut self, at: &str, expect: &Value, answer: &Answer) {
        let expect = expect.as_object().unwrap();
        let status = &expect["status"];
        assert_eq!(status, &json!(answer.status), "{at}: {}", answer.text());
        for key in expect.keys() {
            assert!(["status", "headers", "body"].contains(&key.as_str()), "{at}: {key}");
        }
        if let Some(headers) = expect.get("headers") {
            for (name, pattern) in headers.as_object().unwrap() {
                let sent = answer.header(name).map(|it| json!(it));
                self.compare(&format!("{at}, header {name}"), pattern, sent.as_ref());
            }
        }
        if let Some(pattern) = expect.get("body") {
            let body = Some(answer.json()).filter(|it| !it.is_null());
            self.compare(at, pattern, body.as_ref());
        }
    }

    fn compare(&mut self, at: &str, pattern: &Value, found: Option<&Value>) {
        if let Err(why) = self.names.compare(pattern, found) {
            let found = found.map(|it| format!("{it:#}")).unwrap_or_default();
            panic!("{at}: {why}\n{found}");
        }
    }
}

/// What holds for every answer: SCIM JSON with its media type, errors in the form of RFC 7644
/// §3.12 with a whole sentence, resources with their id and place, and never a password.
fn always(at: &str, answer: &Answer) {
    let Answer { status, .. } = *answer;
    if status == 204 {
        return assert_eq!(answer.text(), "", "{at}");
    }
    assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{at}");
    if status >= 400 {
        answer.refusal(status);
        return;
    }
    let body = answer.json();
    let listed = body["Resources"].as_array();
    for resource in listed.into_iter().flatten().chain(listed.is_none().then_some(&body)) {
        assert_eq!(resource["password"], Value::Null, "{at}");
        if let Some(location) = resource["meta"]["location"].as_str() {
            let id = resource["id"].as_str().or(resource["name"].as_str()).unwrap_or_default();
            let own = location.ends_with(&format!("/{id}"));
            assert!(own || location.ends_with("/ServiceProviderConfig"), "{at}: {location}");
        }
    }
    if status == 201 {
        assert_eq!(answer.header("location"), body["meta"]["location"].as_str(), "{at}");
    }
}

/// The kinds and subjects of all that was announced, oldest first.
async fn events(world: &World) -> Vec<(&'static str, String)> {
    use scim_app::ports::Store as _;
    let mut unit = world.store.begin().await.unwrap();
    let all = unit.outbox().oldest(world.tenant.organization.id, 100_000).await.unwrap();
    all.into_iter().map(|it| (it.event.kind.name(), it.event.subject.uuid().to_string())).collect()
}

fn group_id(text: &str) -> GroupId {
    GroupId::parse(text).unwrap()
}
