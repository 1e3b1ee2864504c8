//! Who and what is there before a story begins.

use std::collections::BTreeMap;

use scim_app::ports::{Clock as _, Store as _};
use scim_domain::{
    Json, UserId,
    organization::Entitlements,
    resource::{Document, document::Strictness},
    role::RoleKey,
    schema::Catalog,
    user::{Source, User},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{group_id, pattern::Names};
use crate::common::World;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Given {
    assigns: bool,
    users: BTreeMap<String, Value>,
    groups: BTreeMap<String, Group>,
    mapped: BTreeMap<String, Vec<String>>,
    signed_in: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(rename = "displayName")]
    display_name: String,
    #[serde(default)]
    members: Vec<String>,
}

impl Given {
    /// Makes it so; answers the id of each name.
    pub(super) async fn prepare(&self, world: &World) -> Names {
        let mut names = Names::default();
        if self.assigns {
            let (organization, assign) = (world.tenant.organization.id, Entitlements::Assign);
            world.administration.set_entitlements(organization, assign, &|_| {}).await.unwrap();
        }
        for (name, user) in &self.users {
            let body = user.as_str().map_or_else(|| user.clone(), complete);
            let made = world.send("POST", "/Users", body).await;
            assert_eq!(made.status, 201, "{}", made.text());
            names.insert(name, &made.id());
        }
        for (name, group) in &self.groups {
            let members: Vec<_> = group.members.iter().map(|it| names.get(it)).collect();
            names.insert(name, &world.group(&group.display_name, &members).await);
        }
        for (group, roles) in &self.mapped {
            for role in roles {
                let (key, group) = (RoleKey::of_name(role), group_id(names.get(group)));
                let organization = world.tenant.organization.id;
                world.administration.map_group(organization, group, &key).await.unwrap();
            }
        }
        for (number, (name, body)) in (1..).zip(&self.signed_in) {
            names.insert(name, &signed_in(world, number, body).await);
        }
        names
    }
}

/// A user with everything that Okta maps by default.
fn complete(user_name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": user_name,
        "name": {"givenName": "Test", "familyName": "User"},
        "emails": [{"primary": true, "value": user_name, "type": "work"}],
        "displayName": "Test User",
        "active": true,
    })
}

/// A user as only the backend's sign-in makes one, which is out of reach over SCIM.
async fn signed_in(world: &World, number: u32, body: &Value) -> String {
    let catalog = Catalog::standard();
    let json = Json::parse(body.to_string().as_bytes()).unwrap();
    let parsed = Document::from_request(&catalog.user, &json, Strictness::Tolerant).unwrap();
    let id = UserId::parse(&format!("01980000-0000-7000-8000-{number:012}")).unwrap();
    let made = User::create(id, parsed.document, Source::SignIn, world.clock.now()).unwrap();
    let mut unit = world.store.begin().await.unwrap();
    unit.users()
        .insert(world.tenant.organization.id, &Catalog::standard(), made.outcome())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    id.to_string()
}
