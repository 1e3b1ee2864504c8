//! Makes what the promises store, as requests would.

use std::collections::BTreeSet;

use scim_domain::{
    ApiKeyId, AuditEntryId, Event, EventId, EventKind, GroupId, Json, OrganizationId, RoleId,
    Subject, Timestamp, UserId,
    api_key::{AllowedAddresses, ApiKey, Limits, NewApiKey, Permission},
    group::Group,
    organization::{Organization, Plan},
    resource::{Document, document::Strictness},
    role::{Role, RoleKey},
    schema::{Catalog, ResourceType},
    user::{Source, User},
};
use serde_json::{Value, json};

use super::stage::Stage;
use crate::ports::{ActivityRecord, AuditRecord, Clock as _, EventRecord, Ids as _};

/// The checked document of a JSON value.
pub(super) fn document(resource_type: &ResourceType, body: &Value) -> Document {
    let body = Json::parse(body.to_string().as_bytes()).unwrap();
    Document::from_request(resource_type, &body, Strictness::Tolerant).unwrap().document
}

/// The user with another document in its place.
pub(super) fn changed_user(user: &User, body: &Value, now: Timestamp) -> User {
    let document = document(&Catalog::standard().user, body);
    user.replace(document, now).unwrap().outcome().user.clone()
}

/// The group under another name.
pub(super) fn renamed(group: &Group, name: &str, now: Timestamp) -> Group {
    let document = document(&Catalog::standard().group, &json!({ "displayName": name }));
    group.replace(document, now).unwrap().outcome().clone()
}

impl Stage {
    /// A moment later than all before.
    pub fn now(&self) -> Timestamp {
        self.clock.advance(1);
        self.clock.now()
    }

    pub fn new_organization(&self, name: &str) -> Organization {
        let id = OrganizationId::new(self.ids.next());
        Organization::create(id, name, Plan::Growth, self.now()).unwrap()
    }

    pub fn new_user_of(&self, body: &Value) -> User {
        let id = UserId::new(self.ids.next());
        let document = document(&Catalog::standard().user, body);
        User::create(id, document, Source::Scim, self.now()).unwrap().outcome().clone()
    }

    pub fn new_user(&self, user_name: &str) -> User {
        self.new_user_of(&json!({ "userName": user_name }))
    }

    pub fn new_group_of(&self, body: &Value) -> Group {
        let id = GroupId::new(self.ids.next());
        let document = document(&Catalog::standard().group, body);
        Group::create(id, document, self.now()).unwrap().outcome().clone()
    }

    pub fn new_group(&self, display_name: &str) -> Group {
        self.new_group_of(&json!({ "displayName": display_name }))
    }

    pub fn new_role(&self, name: &str, home_group: GroupId) -> Role {
        Role {
            id: RoleId::new(self.ids.next()),
            key: RoleKey::of_name(name),
            name: name.to_owned(),
            description: format!("What {name} is for"),
            permissions: vec!["cases:read".to_owned(), "cases:write".to_owned()],
            built_in: false,
            privileged: name == "Admin",
            home_group,
            created: self.now(),
        }
    }

    pub fn new_key(&self, organization: OrganizationId, name: &str) -> ApiKey {
        let now = self.now();
        let new = NewApiKey {
            name: name.to_owned(),
            description: "Okta".to_owned(),
            permissions: BTreeSet::from([Permission::Scim]),
            strictness: Strictness::Tolerant,
            addresses: AllowedAddresses::parse(&["192.0.2.0/24", "2001:db8::/48"]).unwrap(),
            limits: Limits {
                users_only: true,
                denied_roles: [RoleKey::read("admin"), RoleKey::read("case-reviewer")].into(),
            },
            expires: Some(now.plus_seconds(3600)),
        };
        let id = ApiKeyId::new(self.ids.next());
        ApiKey::create(id, organization, new, "$sha256$v=1$c2VjcmV0".to_owned(), now).unwrap()
    }

    pub fn new_entry(&self, action: &str) -> AuditRecord {
        AuditRecord {
            id: AuditEntryId::new(self.ids.next()),
            at: self.now(),
            actor: "cli:tester".to_owned(),
            action: action.to_owned(),
            subject: Subject::User(UserId::new(self.ids.next())),
            request_id: Some(format!("request of {action}")),
            detail: json!({ "skipped": ["a", "ü", "'\\"], "count": 2 }),
        }
    }

    pub fn new_event(&self) -> EventRecord {
        let user = UserId::new(self.ids.next());
        EventRecord {
            id: EventId::new(self.ids.next()),
            at: self.now(),
            event: Event::new(
                EventKind::UserCreated,
                Subject::User(user),
                json!({ "userName": "änna", "active": true, "version": 1 }),
            ),
            request_id: None,
        }
    }

    pub fn new_request(&self, api_key: ApiKeyId, path: &str) -> ActivityRecord {
        ActivityRecord {
            request_id: format!("request to {path}"),
            at: self.now(),
            api_key,
            method: "PATCH".to_owned(),
            path: path.to_owned(),
            status: 204,
            detail: "2 unknown members were left out".to_owned(),
        }
    }
}
