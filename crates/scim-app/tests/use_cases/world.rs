//! An organization with a SCIM key, and short words for what an identity provider does.

use std::sync::Arc;

use scim_app::{
    Actor, Error,
    access::{Answer, Lookup},
    administration::{Administration, CreatedApiKey},
    authentication::Authentication,
    ports::{EventRecord, Store},
    provisioning::{
        Caller, ExistingUser, GroupView, IfMatch, ListQuery, Origin, Outcome, Provisioning,
        Session, Shown, UserView,
    },
    testing::{CountingIds, FastSecrets, MemoryStore, StoppedClock},
    token::Token,
};
use scim_domain::{
    Event, EventKind, Json, OrganizationId, UserId,
    access::Access,
    api_key::{NewApiKey, Permission},
    group::{Group, Member},
    organization::Plan,
    resource::document::Strictness,
    schema::Catalog,
    user::{Source, User},
};
use serde_json::Value;

pub struct World {
    pub store: MemoryStore,
    pub clock: Arc<StoppedClock>,
    pub secrets: Arc<FastSecrets>,
    pub scim: Provisioning,
    pub admin: Administration,
    pub organization: OrganizationId,
    pub key: CreatedApiKey,
}

pub async fn world() -> World {
    world_with(Plan::Enterprise, ExistingUser::Adopt).await
}

pub async fn world_with(plan: Plan, existing: ExistingUser) -> World {
    let store = MemoryStore::new();
    let clock = Arc::new(StoppedClock::new());
    let secrets = Arc::new(FastSecrets::new());
    let ids = Arc::new(CountingIds::new());
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let admin = Administration::new(
        Arc::clone(&shared),
        clock.clone(),
        ids.clone(),
        secrets.clone(),
        Actor::Cli("test".to_owned()),
    );
    let authentication = Authentication::new(secrets.clone(), clock.clone()).unwrap();
    let scim = Provisioning::new(shared, clock.clone(), ids, authentication, existing);
    let organization = admin.create_organization("Acme", plan).await.unwrap().id;
    let key = admin.create_api_key(organization, scim_key()).await.unwrap();
    World { store, clock, secrets, scim, admin, organization, key }
}

pub fn scim_key() -> NewApiKey {
    NewApiKey {
        name: "Okta".to_owned(),
        description: String::new(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Tolerant,
        expires: None,
        ..NewApiKey::default()
    }
}

/// The id of every request of this world.
pub const REQUEST: &str = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";

pub fn origin() -> Origin {
    Origin { request_id: REQUEST.to_owned(), address: None }
}

pub fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap()
}

pub fn user_json(name: &str) -> Json {
    json(&format!(
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{name}",
        "name":{{"givenName":"Test","familyName":"User"}},
        "emails":[{{"primary":true,"value":"{name}","type":"work"}}],
        "displayName":"Test User","locale":"en-US","externalId":"00u-{name}","groups":[],
        "password":"1mz050nq","active":true}}"#
    ))
}

pub fn patch(operations: &str) -> Json {
    json(&format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#
    ))
}

impl World {
    pub async fn session(&self) -> Session {
        self.session_of(&self.key.token).await
    }

    pub async fn session_of(&self, token: &Token) -> Session {
        self.scim.open(Some(token), origin()).await.unwrap()
    }

    /// Who asks with another key than the first.
    pub async fn caller_of(&self, token: &Token) -> Arc<Caller> {
        self.session_of(token).await.release()
    }

    pub async fn caller(&self) -> Arc<Caller> {
        self.session().await.release()
    }

    /// A second organization in the same store, with its own key.
    pub async fn neighbour(&self) -> (OrganizationId, CreatedApiKey) {
        let id = self.admin.create_organization("Other", Plan::Enterprise).await.unwrap().id;
        (id, self.admin.create_api_key(id, scim_key()).await.unwrap())
    }

    pub async fn create(&self, name: &str) -> UserId {
        self.try_create(user_json(name)).await.unwrap().value.user.id
    }

    pub async fn try_create(&self, body: Json) -> Result<Outcome<UserView>, Error> {
        self.scim.create_user(self.caller().await, body, Shown(true)).await
    }

    pub async fn get(&self, id: UserId) -> Result<UserView, Error> {
        let session = self.session().await;
        self.scim.get_user(session, &id.to_string(), Shown(true)).await
    }

    pub async fn put(&self, id: UserId, body: Json) -> Result<Outcome<UserView>, Error> {
        let caller = self.caller().await;
        self.scim.replace_user(caller, &id.to_string(), IfMatch::Absent, body, Shown(true)).await
    }

    pub async fn patch(&self, id: UserId, operations: &str) -> Result<Outcome<UserView>, Error> {
        let caller = self.caller().await;
        let body = patch(operations);
        self.scim.patch_user(caller, &id.to_string(), IfMatch::Absent, body, Shown(true)).await
    }

    pub async fn set_active(&self, id: UserId, active: bool) {
        let value = format!(r#"{{"op":"replace","value":{{"active":{active}}}}}"#);
        self.patch(id, &value).await.unwrap();
    }

    pub async fn delete(&self, id: UserId) -> Result<Outcome<()>, Error> {
        let caller = self.caller().await;
        self.scim.delete_user(caller, &id.to_string(), IfMatch::Absent).await
    }

    pub async fn find(&self, filter: &str) -> Vec<UserView> {
        let query = ListQuery { filter: Some(filter.to_owned()), ..ListQuery::default() };
        let session = self.session().await;
        self.scim.search_users(session, &query, Shown(true)).await.unwrap().items
    }

    pub async fn push_group(&self, name: &str, members: &[UserId]) -> String {
        let body = group_json(name, Some(members));
        self.try_push_group(body).await.unwrap().value.group.id.to_string()
    }

    pub async fn try_push_group(&self, body: Json) -> Result<Outcome<GroupView>, Error> {
        self.scim.create_group(self.caller().await, body, Shown(true)).await
    }

    pub async fn patch_group(
        &self,
        id: &str,
        operations: &str,
    ) -> Result<Outcome<Option<GroupView>>, Error> {
        let caller = self.caller().await;
        self.scim.patch_group(caller, id, IfMatch::Absent, patch(operations), None).await
    }

    pub async fn put_group(&self, id: &str, body: Json) -> Result<Outcome<GroupView>, Error> {
        let caller = self.caller().await;
        self.scim.replace_group(caller, id, IfMatch::Absent, body, Shown(true)).await
    }

    pub async fn delete_group(&self, id: &str) -> Result<Outcome<()>, Error> {
        self.scim.delete_group(self.caller().await, id, IfMatch::Absent).await
    }

    pub async fn get_group(&self, id: &str) -> Result<GroupView, Error> {
        let mut session = self.session().await;
        self.scim.get_group(&mut session, id, Shown(true)).await
    }

    pub async fn members(&self, id: &str) -> Vec<UserId> {
        let view = self.get_group(id).await.unwrap();
        let user = |it: &Member| match it {
            Member::User(user) => Some(*user),
            Member::Group(_) => None,
        };
        view.members.all().unwrap().iter().filter_map(user).collect()
    }

    pub async fn add(&self, group: &str, user: UserId) {
        let value = format!(r#"{{"op":"add","path":"members","value":[{{"value":"{user}"}}]}}"#);
        self.patch_group(group, &value).await.unwrap();
    }

    pub async fn remove(&self, group: &str, user: UserId) {
        let value = format!(r#"{{"op":"remove","path":"members[value eq \"{user}\"]"}}"#);
        self.patch_group(group, &value).await.unwrap();
    }

    pub async fn home_of(&self, role: &str) -> String {
        let roles = self.admin.list_roles(self.organization).await.unwrap();
        let found = roles.iter().find(|it| it.role.key.as_str() == role).unwrap();
        found.role.home_group.to_string()
    }

    pub async fn access(&self, name: &str) -> Access {
        self.access_in(self.organization, name).await
    }

    pub async fn access_in(&self, organization: OrganizationId, name: &str) -> Access {
        match self.look_up(organization, Lookup::UserName(name.to_owned())).await {
            Answer::Known(access) => access,
            other => panic!("{name}: {other:?}"),
        }
    }

    pub async fn look_up(&self, organization: OrganizationId, lookup: Lookup) -> Answer {
        self.admin.show_access(organization, lookup).await.unwrap()
    }

    pub async fn roles_of(&self, name: &str) -> Vec<String> {
        self.access(name).await.roles.iter().map(ToString::to_string).collect()
    }

    /// Everything that was told, oldest first.
    pub async fn events(&self) -> Vec<Event> {
        let mut unit = self.store.begin().await.unwrap();
        let all = unit.outbox().oldest(self.organization, 100_000).await.unwrap();
        all.into_iter().map(|it: EventRecord| it.event).collect()
    }

    pub async fn count(&self, kind: EventKind) -> usize {
        self.events().await.iter().filter(|it| it.kind == kind).count()
    }

    /// The actions of the audit log, oldest first.
    pub async fn audited(&self) -> Vec<String> {
        let mut all = self.admin.list_audit(self.organization, 100_000).await.unwrap();
        all.reverse();
        all.into_iter().map(|it| it.entry.action).collect()
    }

    pub async fn last_audit(&self) -> (String, Value) {
        let all = self.admin.list_audit(self.organization, 1).await.unwrap();
        let entry = all.into_iter().next().unwrap().entry;
        (entry.action, entry.detail)
    }

    /// A user as only the backend can make one.
    pub async fn made_by_sign_in(&self, body: &str, protected: bool) -> UserId {
        let catalog = Catalog::standard();
        let parsed = scim_domain::resource::Document::from_request(
            &catalog.user,
            &json(body),
            Strictness::Tolerant,
        )
        .unwrap();
        let id = UserId::new(uuid::Uuid::from_u128(0x7000 << 64 | 0x8000_0000_0000_0001));
        let now = scim_app::ports::Clock::now(&*self.clock);
        let decision = User::create(id, parsed.document, Source::SignIn, now).unwrap();
        let mut user = decision.outcome().clone();
        user.protected = protected;
        let mut unit = self.store.begin().await.unwrap();
        unit.users().insert(self.organization, &Catalog::standard(), &user).await.unwrap();
        unit.commit().await.unwrap();
        id
    }
}

pub fn group_json(name: &str, members: Option<&[UserId]>) -> Json {
    let members = members.map(|all| {
        let all: Vec<_> = all.iter().map(|it| format!(r#"{{"value":"{it}"}}"#)).collect();
        format!(r#","members":[{}]"#, all.join(","))
    });
    json(&format!(
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{name}"{}}}"#,
        members.unwrap_or_default()
    ))
}

/// The document of a view, for looking inside.
pub fn attribute(view: &UserView, name: &str) -> Value {
    let document: Value = serde_json::from_str(&view.user.document).unwrap();
    document[name].clone()
}

pub fn group_name(view: &GroupView) -> String {
    let catalog = Catalog::standard();
    Group::from_stored(&catalog.group, &view.group).unwrap().display_name().to_owned()
}

/// People and groups that came in turns, some without `displayName`, some of equal names.
pub async fn crowd() -> World {
    let world = world().await;
    for (name, display_name) in [
        ("ann", Some("Mallory")),
        ("bob", None),
        ("cid", Some("analyst")),
        ("dee", Some("Zoe")),
        ("eve", None),
        ("fay", Some("mallory")),
    ] {
        let display_name =
            display_name.map(|it| format!(r#","displayName":"{it}""#)).unwrap_or_default();
        let body = format!(r#"{{"userName":"{name}"{display_name}}}"#);
        let id = world.try_create(json(&body)).await.unwrap().value.user.id;
        world.try_push_group(group_json(&format!("Team {name}"), Some(&[id]))).await.unwrap();
    }
    world
}
