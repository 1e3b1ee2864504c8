//! Who gets in, for every endpoint there is.

use scim_domain::{api_key::Permission, organization::Plan};
use serde_json::json;

use crate::common::World;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// One line of the inventory.
#[derive(Clone)]
struct Endpoint {
    method: String,
    path: String,
    needs: String,
}

impl Endpoint {
    /// The path with an organization, and with ids of nothing for the rest.
    fn within(&self, organization: &str) -> String {
        let named = self.path.replace("{organization}", organization);
        let nothing = "01980000-0000-7000-8000-000000000001";
        let fill = |it: &str| if it.starts_with('{') { nothing.to_owned() } else { it.to_owned() };
        named.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// The permission that it needs, and whether of an operator key.
    fn permission(&self) -> Option<(Permission, bool)> {
        match self.needs.strip_prefix("operator:") {
            Some(name) => Some((Permission::parse(name).unwrap(), true)),
            None => Permission::parse(&self.needs).map(|it| (it, false)),
        }
    }
}

fn endpoints(world: &World) -> Vec<Endpoint> {
    let read = |line: &str| {
        let words: Vec<_> = line.split(' ').map(ToOwned::to_owned).collect();
        let [method, path, needs] = words.try_into().unwrap();
        Endpoint { method, path, needs }
    };
    world.service().api.inventory().lines().map(read).collect()
}

fn secured(world: &World) -> impl Iterator<Item = Endpoint> {
    endpoints(world).into_iter().filter(|it| it.needs != "open")
}

// A2
#[actix_web::test]
async fn the_inventory_that_was_checked_in_is_the_table() {
    let world = World::new().await;
    let checked_in = include_str!("inventory.txt");
    let now = world.service().api.inventory();
    assert_eq!(checked_in, now, "read the difference, then write it to the file");
}

// A1
#[actix_web::test]
async fn without_a_good_key_only_what_is_open_answers() {
    let world = World::new().await;
    let own = world.tenant.organization.id.to_string();
    for endpoint in endpoints(&world) {
        let path = endpoint.within(&own);
        let answer = world.ask(&endpoint.method, &path).without_key().send().await;
        if endpoint.needs == "open" {
            assert_eq!(answer.status, 200, "{path}");
        } else {
            let (code, _) = answer.problem(401);
            assert_eq!(code, "unauthenticated");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
        }
    }
}

// A1
#[actix_web::test]
async fn nothing_is_at_a_twisted_path_and_without_a_key_not_even_that_is_told() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1//organizations",
        "/api/v1/organizations/",
        "/api/v1/%6frganizations",
        "/api/v1/organizations;a=b",
        "/api/v1/./organizations",
        "/api/v1/ORGANIZATIONS",
        "/api/v1/organizations/..",
        "/api/v1/nothing",
    ] {
        world.ask("GET", path).without_key().send().await.problem(401);
        world.ask("GET", path).key(&key).send().await.problem(404);
    }
}

#[actix_web::test]
async fn a_key_for_scim_opens_nothing_here_and_a_management_key_opens_nothing_on_scim() {
    let world = World::new().await;
    let own = world.tenant.organization.id.to_string();
    for endpoint in secured(&world) {
        let path = endpoint.within(&own);
        let answer = world.ask(&endpoint.method, &path).send().await;
        let (code, detail) = answer.problem(403);
        assert_eq!(code, "forbidden", "{path}");
        assert!(detail.contains("for SCIM"), "{detail}");
    }
    for key in [
        world.manager(&[Permission::UsersRead, Permission::UsersWrite]).await,
        world.operator(&[Permission::OrganizationsManage]).await,
    ] {
        world.ask("GET", "/scim/v2/Users").key(&key).send().await.refusal(403);
    }
}

#[actix_web::test]
async fn a_key_without_the_permission_is_told_which_one_it_lacks() {
    let world = World::new().await;
    let own = world.tenant.organization.id.to_string();
    let bare = (world.manager(&[]).await, world.operator(&[]).await);
    for endpoint in secured(&world) {
        let Some((permission, operators)) = endpoint.permission() else { continue };
        let path = endpoint.within(&own);
        let key = if operators { &bare.1 } else { &bare.0 };
        let answer = world.ask(&endpoint.method, &path).key(key).send().await;
        let (_, detail) = answer.problem(403);
        let lacks = format!("This API key lacks the permission {permission}.");
        assert_eq!(detail, lacks, "{path}");
        if operators {
            let answer = world.ask(&endpoint.method, &path).key(&bare.0).send().await;
            let (_, detail) = answer.problem(403);
            assert_eq!(detail, "Only an operator key may do this.", "{path}");
        }
    }
}

// T1
#[actix_web::test]
async fn another_organization_is_as_unknown_as_one_that_does_not_exist() {
    let world = World::new().await;
    let other = world.tenant("Other", Plan::Enterprise).await.organization.id.to_string();
    let own = world.tenant.organization.id;
    let suits = |it: &Permission| it.suits(own) && *it != Permission::Scim;
    let all: Vec<_> = Permission::ALL.iter().copied().filter(suits).collect();
    let key = world.manager(&all).await;
    let unknown = "01980000-0000-7000-8000-00000000000f";
    for endpoint in secured(&world).filter(|it| it.path.contains("{organization}")) {
        for id in [other.as_str(), unknown, "00000000-0000-0000-0000-000000000000", "x"] {
            let path = endpoint.within(id);
            let answer = world.ask(&endpoint.method, &path).key(&key).plain_json(&json!({})).send();
            let (code, detail) = answer.await.problem(404);
            assert_eq!(code, "not_found", "{path}");
            assert_eq!(detail, format!("No organization {id} exists."), "{path}");
        }
    }
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_take_is_answered_with_those_that_it_does() {
    let world = World::new().await;
    let own = world.tenant.organization.id.to_string();
    let key = world.operator(&[Permission::OrganizationRead]).await;
    let all = endpoints(&world);
    for endpoint in &all {
        let takes = |method: &str| {
            let method = if method == "HEAD" { "GET" } else { method };
            all.iter().any(|it| it.within(&own) == endpoint.within(&own) && it.method == method)
        };
        for method in METHODS.into_iter().filter(|it| !takes(it)) {
            let answer = world.ask(method, &endpoint.within(&own)).key(&key).send().await;
            assert_eq!(answer.status, 405, "{method} {}", endpoint.path);
            let allow = answer.header("allow").unwrap();
            assert!(allow.split(", ").all(takes), "{method} {}: {allow}", endpoint.path);
        }
    }
}

#[actix_web::test]
async fn head_is_answered_as_get_without_the_body() {
    let world = World::new().await;
    let own = world.tenant.organization.id.to_string();
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for (path, status) in [
        ("/organizations", 200),
        (&format!("/organizations/{own}"), 200),
        (&format!("/organizations/{own}/users"), 403),
        ("/organizations/nothing", 404),
        ("/organizations?limit=x", 400),
        ("/openapi.json", 200),
        ("/docs", 200),
    ] {
        let get = world.api(&key, "GET", path).send().await;
        let head = world.api(&key, "HEAD", path).send().await;
        assert_eq!((get.status, head.status), (status, status), "{path}");
        for header in ["content-type", "cache-control", "etag"] {
            assert_eq!(head.header(header), get.header(header), "{path}: {header}");
        }
        assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
    }
    let path = format!("/api/v1/organizations/{own}");
    assert_eq!(world.ask("HEAD", &path).without_key().send().await.status, 401);
}

#[actix_web::test]
async fn every_answer_is_for_nobodys_cache_and_has_the_id_of_its_request() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for path in ["/organizations", "/openapi.json", "/nothing"] {
        let answer = world.api(&key, "GET", path).send().await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
}
