//! Access over the management API: what a backend asks at sign-in.

use scim_domain::{
    api_key::Permission,
    organization::{NameIdAttribute, Plan},
};
use serde_json::{Value, json};

use crate::common::{Answer, World};

struct Backend {
    world: World,
    key: String,
}

impl Backend {
    async fn new() -> Self {
        let world = World::new().await;
        let key = world.manager(&[Permission::AccessRead]).await;
        Self { world, key }
    }

    fn path(&self) -> String {
        format!("/organizations/{}/access", self.world.tenant.organization.id)
    }

    async fn get(&self, query: &str) -> Answer {
        let path = format!("{}?{query}", self.path());
        self.world.api(&self.key, "GET", &path).send().await
    }

    async fn found(&self, query: &str) -> Value {
        let answer = self.get(query).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn post(&self, lookups: &Value) -> Answer {
        let body = json!({ "lookups": lookups });
        self.world.api(&self.key, "POST", &self.path()).plain_json(&body).send().await
    }

    /// A user that an identity provider makes; its id.
    async fn user(&self, name: &str, external_id: &str) -> String {
        let body = json!({ "userName": name, "externalId": external_id, "active": true });
        let made = self.world.ask("POST", "/scim/v2/Users").json(&body).send().await;
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// The home group of a role.
    async fn home_of(&self, role: &str) -> String {
        let organization = self.world.tenant.organization.id;
        let roles = self.world.administration.list_roles(organization).await.unwrap();
        let found = roles.iter().find(|it| it.role.key.as_str() == role).unwrap();
        found.role.home_group.to_string()
    }

    /// Pushes somebody into the group of a role; the id of the request.
    async fn push(&self, user: &str, role: &str) -> String {
        let group = self.home_of(role).await;
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "add", "path": "members", "value": [{ "value": user }] }],
        });
        let path = format!("/scim/v2/Groups/{group}");
        let pushed = self.world.ask("PATCH", &path).json(&body).send().await;
        assert_eq!(pushed.status, 204, "{}", pushed.text());
        pushed.header("x-request-id").unwrap().to_owned()
    }

    async fn set_active(&self, user: &str, active: bool) {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "value": { "active": active } }],
        });
        let path = format!("/scim/v2/Users/{user}");
        let changed = self.world.ask("PATCH", &path).json(&body).send().await;
        assert_eq!(changed.status, 200, "{}", changed.text());
    }
}

#[actix_web::test]
async fn a_push_over_scim_is_access_at_once_and_says_which_request_it_was() {
    let it = Backend::new().await;
    let jane = it.user("Jane@example.com", "00u1").await;
    assert_eq!(it.found("userName=jane@example.com").await["roles"], json!([]));
    let request = it.push(&jane, "admin").await;
    let access = it.found("userName=JANE%40example.com").await;
    insta::assert_json_snapshot!(access);
    assert_eq!(access["through"][0]["request"], *request);
    for query in
        [format!("id={jane}"), "externalId=00u1".to_owned(), "nameId=jane@example.com".to_owned()]
    {
        assert_eq!(it.found(&query).await, access, "{query}");
    }
    it.set_active(&jane, false).await;
    let off = it.found(&format!("id={jane}")).await;
    assert_eq!((&off["status"], &off["active"]), (&json!("deactivated"), &json!(false)));
    assert_eq!((&off["roles"], &off["through"]), (&json!([]), &access["through"]));
}

#[actix_web::test]
async fn who_was_deprovisioned_is_told_from_who_is_unknown() {
    let it = Backend::new().await;
    let jane = it.user("jane", "00u1").await;
    let gone = it.world.ask("DELETE", &format!("/scim/v2/Users/{jane}")).send().await;
    assert_eq!(gone.status, 204);
    let access = it.found("userName=jane").await;
    insta::assert_json_snapshot!(access);
    assert_eq!(access["user"], *jane);
    assert_eq!(access["deleted"]["request"], *gone.header("x-request-id").unwrap());
    for query in ["userName=john", "id=jane", "externalId=x", "nameId=00u1"] {
        let (code, detail) = it.get(query).await.problem(404);
        assert_eq!(code, "unknown_user", "{query}");
        assert!(!detail.contains("john"), "what is personal is not repeated: {detail}");
    }
}

#[actix_web::test]
async fn two_users_of_one_external_id_are_ambiguous_and_none_is_shown() {
    let it = Backend::new().await;
    let (jane, _) = (it.user("jane", "same").await, it.user("john", "same").await);
    let (code, detail) = it.get("externalId=same").await.problem(409);
    assert_eq!(code, "ambiguous");
    assert!(detail.contains("externalId") && !detail.contains(&jane), "{detail}");
    let organization = it.world.tenant.organization.id;
    let set = NameIdAttribute::ExternalId;
    it.world.administration.set_name_id_attribute(organization, set).await.unwrap();
    let (code, detail) = it.get("nameId=same").await.problem(409);
    assert_eq!(code, "ambiguous");
    assert!(detail.contains("NameID"), "{detail}");
    let (code, _) = it.get("nameId=jane").await.problem(404);
    assert_eq!(code, "unknown_user", "no falling through");
}

#[actix_web::test]
async fn a_look_up_asks_for_exactly_one() {
    let it = Backend::new().await;
    let jane = it.user("jane", "00u1").await;
    let two = format!("id={jane}&userName=jane");
    for query in ["", "userName=", "username=jane", "filter=x", two.as_str()] {
        let (code, _) = it.get(query).await.problem(400);
        assert_eq!(code, "invalid", "{query}");
    }
    for lookup in [json!({}), json!({ "id": jane, "nameId": "jane" }), json!({ "userName": "" })] {
        let (code, detail) = it.post(&json!([{ "userName": "jane" }, lookup])).await.problem(400);
        assert_eq!(code, "invalid");
        assert!(detail.contains("lookups[1]"), "{detail}");
    }
}

#[actix_web::test]
async fn many_are_answered_in_order_and_as_alone() {
    let it = Backend::new().await;
    let jane = it.user("jane", "same").await;
    let (john, gone) = (it.user("john", "same").await, it.user("gone", "00u3").await);
    it.push(&jane, "analyst").await;
    it.set_active(&john, false).await;
    it.world.ask("DELETE", &format!("/scim/v2/Users/{gone}")).send().await;
    let lookups = json!([
        { "userName": "nobody" }, { "nameId": "JANE" }, { "externalId": "same" },
        { "id": john }, { "externalId": "00u3" }, { "userName": "jane" },
    ]);
    let answer = it.post(&lookups).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    let told: Vec<_> = items.iter().map(|it| it["status"].as_str().unwrap()).collect();
    let expected = ["unknown", "active", "ambiguous", "deactivated", "deprovisioned", "active"];
    assert_eq!(told, expected);
    assert!(items[0]["access"].is_null() && items[0]["etag"].is_null());
    for (at, query) in [(1, "userName=jane".to_owned()), (3, format!("id={john}"))] {
        let alone = it.get(&query).await;
        assert_eq!(alone.json(), items[at]["access"]);
        assert_eq!(alone.header("etag"), items[at]["etag"].as_str());
    }
    let many = vec![json!({ "userName": "jane" }); 1000];
    assert_eq!(it.post(&json!(many)).await.json()["items"].as_array().unwrap().len(), 1000);
    let many = vec![json!({ "userName": "jane" }); 1001];
    let (code, detail) = it.post(&json!(many)).await.problem(400);
    assert_eq!(code, "invalid");
    assert!(detail.contains("1000"), "{detail}");
    assert_eq!(it.post(&json!([])).await.json(), json!({ "items": [] }));
}

#[actix_web::test]
async fn the_etag_holds_until_anything_changes_that_the_answer_is_made_of() {
    let it = Backend::new().await;
    let organization = it.world.tenant.organization.id;
    let administration = &it.world.administration;
    let jane = it.user("jane", "00u1").await;
    let path = format!("{}?userName=jane", it.path());
    let first = it.get("userName=jane").await;
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let mut etag = first.header("etag").unwrap().to_owned();
    let asked = async |etag: &str| {
        let ask = it.world.api(&it.key, "GET", &path).header("if-none-match", etag);
        ask.send().await
    };
    for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let answer = asked(&known).await;
        assert_eq!((answer.status, answer.text()), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
    }
    let group = it.home_of("analyst").await;
    let role = scim_domain::role::RoleKey::read("admin");
    for change in ["membership", "mapping", "permissions", "name", "plan", "active"] {
        match change {
            "membership" => drop(it.push(&jane, "analyst").await),
            "mapping" => {
                let group = scim_domain::GroupId::parse(&group).unwrap();
                administration.map_group(organization, group, &role).await.unwrap();
            }
            "permissions" => {
                let change = scim_app::administration::RoleChange {
                    permissions: Some(vec!["everything".to_owned()]),
                    ..Default::default()
                };
                administration.update_role(organization, &role, change).await.unwrap();
            }
            "name" => {
                let body = json!({ "displayName": "Renamed" });
                let path = format!("/scim/v2/Groups/{group}");
                let renamed = it.world.ask("PUT", &path).json(&body).send().await;
                assert_eq!(renamed.status, 200, "{}", renamed.text());
            }
            "plan" => {
                administration.set_plan(organization, Plan::Growth).await.unwrap();
            }
            _ => it.set_active(&jane, false).await,
        }
        let answer = asked(&etag).await;
        assert_eq!(answer.status, 200, "{change}");
        let now = answer.header("etag").unwrap().to_owned();
        assert_ne!(now, etag, "{change}");
        etag = now;
        assert_eq!(asked(&etag).await.status, 304, "{change}");
    }
}

// T1
#[actix_web::test]
async fn nobody_of_another_organization_is_known() {
    let it = Backend::new().await;
    let jane = it.user("jane", "00u1").await;
    let other = it.world.tenant("Other", Plan::Enterprise).await.organization.id;
    let operator = it.world.operator(&[Permission::AccessRead]).await;
    let (own, path) = (it.path(), format!("/organizations/{other}/access"));
    for query in [format!("id={jane}"), "userName=jane".to_owned(), "externalId=00u1".to_owned()] {
        let answer = it.world.api(&operator, "GET", &format!("{path}?{query}")).send().await;
        assert_eq!(answer.problem(404).0, "unknown_user");
        let answer = it.world.api(&operator, "GET", &format!("{own}?{query}")).send().await;
        assert_eq!(answer.json()["user"], *jane);
        let answer = it.world.api(&it.key, "GET", &format!("{path}?{query}")).send().await;
        assert_eq!(answer.problem(404).0, "not_found");
    }
}
