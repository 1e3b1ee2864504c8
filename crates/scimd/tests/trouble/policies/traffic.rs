//! What an identity provider and a backend ask, with things of another organization in it.

use serde_json::{Value, json};

use crate::world::{group, merge, patch, references, user};

pub struct Step {
    pub method: &'static str,
    pub path: &'static str,
    pub body: Option<Value>,
    /// How later steps call what this one makes.
    pub keep: Option<&'static str>,
}

fn ask(path: &'static str) -> Step {
    Step { method: "GET", path, body: None, keep: None }
}

fn send(method: &'static str, path: &'static str, body: Value) -> Step {
    Step { method, path, body: Some(body), keep: None }
}

fn delete(path: &'static str) -> Step {
    Step { method: "DELETE", path, body: None, keep: None }
}

fn make(path: &'static str, body: Value, keep: &'static str) -> Step {
    Step { method: "POST", path, body: Some(body), keep: Some(keep) }
}

pub fn steps() -> Vec<Step> {
    [users(), groups(), lists(), bulk(), administration(), theirs()].into_iter().flatten().collect()
}

fn users() -> Vec<Step> {
    let mut full = user("second@acme.example");
    full["externalId"] = json!("external-globex");
    full["manager"] = json!({ "value": "{their_user}" });
    full["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] =
        json!({ "manager": { "value": "{their_user}" }, "department": "Research" });
    full["groups"] = references(&["{their_group}"]);
    full["roles"] = json!([{ "value": "admin" }]);
    let mut twin = user("person@globex.example");
    twin["externalId"] = json!("external-globex");
    vec![
        make("/scim/v2/Users", full.clone(), "{second}"),
        make("/scim/v2/Users", twin, "{twin}"),
        send("POST", "/scim/v2/Users", user("SECOND@acme.example")),
        ask("/scim/v2/Users/{second}"),
        ask("/scim/v2/Users/{user}?attributes=groups,userName"),
        ask("/scim/v2/Users/{their_user}"),
        send("PUT", "/scim/v2/Users/{second}", full.clone()),
        send("PUT", "/scim/v2/Users/{their_user}", full),
        send("PATCH", "/scim/v2/Users/{second}", merge(&json!({ "title": "Changed" }))),
        send("PATCH", "/scim/v2/Users/{second}", patch("replace", "active", &json!(false))),
        send("PATCH", "/scim/v2/Users/{second}", patch("replace", "active", &json!(true))),
        send("PATCH", "/scim/v2/Users/{their_user}", patch("replace", "active", &json!(false))),
        delete("/scim/v2/Users/{their_user}"),
        delete("/scim/v2/Users/{their_group}"),
        delete("/scim/v2/Users/{twin}"),
        ask("/scim/v2/Users/{twin}"),
    ]
}

fn groups() -> Vec<Step> {
    let both = references(&["{their_user}", "{second}", "{their_group}"]);
    vec![
        make("/scim/v2/Groups", group("Team globex", &["{their_user}", "{user}"]), "{team}"),
        make("/scim/v2/Groups", group("Later gone", &["{user}"]), "{gone}"),
        ask("/scim/v2/Groups/{team}"),
        ask("/scim/v2/Groups/{their_group}"),
        send("PATCH", "/scim/v2/Groups/{team}", patch("add", "members", &both)),
        send("PATCH", "/scim/v2/Groups/{team}", patch("remove", "members", &both)),
        send("PATCH", "/scim/v2/Groups/{team}", patch("replace", "members", &both)),
        send(
            "PATCH",
            "/scim/v2/Groups/{team}",
            patch("remove", "members[value eq \"{their_user}\"]", &Value::Null),
        ),
        send("PATCH", "/scim/v2/Groups/{group}", patch("add", "members", &both)),
        send("PATCH", "/scim/v2/Groups/{their_group}", patch("add", "members", &both)),
        send("PUT", "/scim/v2/Groups/{team}", group("Team two", &["{their_user}", "{second}"])),
        send("PUT", "/scim/v2/Groups/{their_group}", group("Mine", &["{user}"])),
        delete("/scim/v2/Groups/{their_group}"),
        delete("/scim/v2/Groups/{gone}"),
        ask("/scim/v2/Groups/{gone}"),
    ]
}

fn lists() -> Vec<Step> {
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "id eq \"{their_user}\" or id eq \"{user}\" or displayName co \"e\"",
    });
    let mut all = vec![
        send("POST", "/scim/v2/.search", search.clone()),
        send("POST", "/scim/v2/Users/.search", search.clone()),
        send("POST", "/scim/v2/Groups/.search", search),
    ];
    all.extend(
        [
            "/scim/v2/Users",
            "/scim/v2/Users?count=1&cursor=",
            "/scim/v2/Users?count=1&startIndex=2",
            "/scim/v2/Users?sortBy=userName&sortOrder=descending",
            "/scim/v2/Users?filter=userName%20eq%20%22person@globex.example%22",
            "/scim/v2/Users?filter=externalId%20eq%20%22external-globex%22",
            "/scim/v2/Users?filter=emails.value%20eq%20%22person@globex.example%22",
            "/scim/v2/Users?filter=emails%5Btype%20eq%20%22work%22%5D",
            "/scim/v2/Users?filter=groups.value%20eq%20%22{their_group}%22",
            "/scim/v2/Users?filter=groups.value%20eq%20%22{group}%22",
            "/scim/v2/Users?filter=title%20pr%20or%20not%20(active%20eq%20true)",
            "/scim/v2/Groups?sortBy=displayName",
            "/scim/v2/Groups?filter=members.value%20eq%20%22{their_user}%22",
            "/scim/v2/Groups?filter=members.value%20eq%20%22{second}%22",
            "/scim/v2/Groups?filter=displayName%20sw%20%22Team%22&attributes=displayName",
            "/scim/v2/ServiceProviderConfig",
            "/scim/v2/Schemas",
            "/scim/v2/ResourceTypes",
        ]
        .map(ask),
    );
    all
}

fn bulk() -> Vec<Step> {
    let operations = json!([
        { "method": "POST", "path": "/Users", "bulkId": "one", "data": user("bulk@acme.example") },
        { "method": "POST", "path": "/Groups", "bulkId": "two",
          "data": group("Bulk", &["bulkId:one", "{their_user}"]) },
        { "method": "PATCH", "path": "/Users/{their_user}",
          "data": merge(&json!({ "title": "Mine" })) },
        { "method": "DELETE", "path": "/Groups/{their_group}" },
    ]);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    vec![send("POST", "/scim/v2/Bulk", body)]
}

fn administration() -> Vec<Step> {
    let role = json!({ "name": "Reviewer", "permissions": ["cases:read"] });
    let lookups = json!({ "lookups": [
        { "id": "{user}" }, { "id": "{their_user}" }, { "externalId": "external-globex" },
        { "userName": "person@globex.example" },
    ] });
    let mut all: Vec<_> = [
        "/api/v1/organizations",
        "/api/v1/organizations/{org}",
        "/api/v1/organizations/{org}/users",
        "/api/v1/organizations/{org}/users/{second}",
        "/api/v1/organizations/{org}/groups",
        "/api/v1/organizations/{org}/groups/{group}",
        "/api/v1/organizations/{org}/groups/{group}/members",
        "/api/v1/organizations/{org}/roles",
        "/api/v1/organizations/{org}/roles/admin",
        "/api/v1/organizations/{org}/roles/admin/holders",
        "/api/v1/organizations/{org}/access?userName=person@acme.example",
        "/api/v1/organizations/{org}/access?id={user}",
        "/api/v1/organizations/{org}/access?id={their_user}",
        "/api/v1/organizations/{org}/api-keys/{key}",
        "/api/v1/organizations/{org}/mapping-rules",
        "/api/v1/organizations/{org}/seats",
        "/api/v1/permissions",
    ]
    .map(ask)
    .into();
    all.extend([
        send("POST", "/api/v1/organizations/{org}/roles", role),
        send("POST", "/api/v1/organizations/{org}/access", lookups),
        send("PUT", "/api/v1/organizations/{org}/groups/{group}/roles/reviewer", json!({})),
        send("PUT", "/api/v1/organizations/{org}/groups/{their_group}/roles/reviewer", json!({})),
        ask("/api/v1/organizations/{org}/roles/reviewer/holders"),
        delete("/api/v1/organizations/{org}/groups/{group}/roles/reviewer"),
        delete("/api/v1/organizations/{org}/groups/{their_group}/roles/admin"),
        send("POST", "/api/v1/organizations/{org}/users/{second}/protect", json!({})),
        send("POST", "/api/v1/organizations/{org}/users/{their_user}/protect", json!({})),
        send("POST", "/api/v1/organizations/{org}/users/{second}/unprotect", json!({})),
        send("POST", "/api/v1/organizations/{org}/groups/{their_group}/detach", json!({})),
        delete("/api/v1/organizations/{org}/roles/reviewer"),
        send("POST", "/api/v1/organizations/{org}/api-keys/{their_key}/revoke", json!({})),
    ]);
    all
}

/// As whoever has a key of ours, at addresses of theirs.
fn theirs() -> Vec<Step> {
    let mut all: Vec<_> = [
        "/api/v1/events?organization={their_org}",
        "/api/v1/organizations/{their_org}",
        "/api/v1/organizations/{their_org}/users",
        "/api/v1/organizations/{their_org}/users/{their_user}",
        "/api/v1/organizations/{their_org}/groups/{their_group}/members",
        "/api/v1/organizations/{their_org}/roles",
        "/api/v1/organizations/{their_org}/audit",
        "/api/v1/organizations/{their_org}/activity",
        "/api/v1/organizations/{their_org}/access?id={their_user}",
        "/api/v1/organizations/{their_org}/api-keys",
        "/api/v1/organizations/{org}/users/{their_user}",
        "/api/v1/organizations/{org}/groups/{their_group}",
        "/api/v1/organizations/{org}/groups/{their_group}/members",
        "/api/v1/organizations/{org}/api-keys/{their_key}",
    ]
    .map(ask)
    .into();
    all.push(send(
        "POST",
        "/api/v1/organizations/{their_org}/users/{their_user}/protect",
        json!({}),
    ));
    all
}
