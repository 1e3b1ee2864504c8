//! SQL narrows, the domain decides: on random users and random filters both agree.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;
#[path = "common/people.rs"]
mod people;
#[path = "common/random.rs"]
mod random;

use std::sync::{Arc, LazyLock};

use fresh::Fresh;
use people::{NOW, user};
use random::{BADGE, bodies, filters};
use scim_app::{
    ports::{Ids as _, Part, Search, Store, StoreError, Window},
    testing::CountingIds,
};
use scim_domain::{
    GroupId, Json, OrganizationId, SchemaId, UserId,
    group::Group,
    resource::{
        Document,
        document::Strictness,
        filter::Filter,
        representation::{self, Computed, GroupRef},
        sort::Sort,
    },
    schema::{Catalog, ResourceKind, custom::CustomSchema},
    user::{Source, User},
};
use scim_store::SqlStore;
use serde_json::{Value, json};

/// What everybody has, and a schema that the organization declared.
fn catalog() -> Arc<Catalog> {
    static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
        let declaration = json!({ "id": BADGE, "attributes": [
            { "name": "number", "indexed": true, "caseExact": true },
            { "name": "tags", "indexed": true, "multiValued": true },
            { "name": "note" },
        ]});
        let declaration = Json::parse(declaration.to_string().as_bytes()).unwrap();
        let id = SchemaId::new(uuid::Uuid::nil());
        let kind = ResourceKind::User;
        let declared = CustomSchema::declare(id, kind, &declaration, &[], NOW).unwrap();
        Arc::new(Catalog::standard().with(std::slice::from_ref(declared.outcome())))
    });
    Arc::clone(&CATALOG)
}

/// A user of that body, with what was declared.
fn wearer(id: UserId, body: &Value) -> User {
    let body = Json::parse(body.to_string().as_bytes()).unwrap();
    let parsed = Document::from_request(&catalog().user, &body, Strictness::Tolerant).unwrap();
    User::create(id, parsed.document, Source::Scim, NOW).unwrap().outcome().clone()
}

/// Everybody, with the groups they are in.
struct World {
    store: Arc<SqlStore>,
    organization: OrganizationId,
    people: Vec<(User, Vec<GroupRef>)>,
    fresh: Fresh,
}

/// The user as its body says, with changes at different times. Without `active` in the body the
/// stored document has none either, which only a PATCH can bring about.
fn stored(made: &User, body: &Value, number: usize) -> User {
    let resource_type = &catalog().user;
    let mut stored = made.to_stored(resource_type);
    if body["active"].is_null() {
        let body = Json::parse(body.to_string().as_bytes()).unwrap();
        let parsed = Document::from_request(resource_type, &body, Strictness::Tolerant).unwrap();
        stored.document = parsed.document.to_json(resource_type);
        stored.active = false;
    }
    let seconds = i64::try_from(number % 4).unwrap();
    stored.meta.last_modified = stored.meta.created.plus_seconds(seconds);
    User::from_stored(resource_type, &stored).unwrap()
}

impl World {
    async fn new(bodies: &[Value]) -> Self {
        let fresh = Fresh::new().await;
        let (store, ids) = (fresh.open(), CountingIds::new());
        let organization = OrganizationId::new(ids.next());
        let catalog = catalog();
        let mut unit = store.begin().await.unwrap();
        let mut groups = Vec::new();
        for name in ["Anna", "Straße"] {
            let body = Json::parse(json!({ "displayName": name }).to_string().as_bytes()).unwrap();
            let parsed =
                Document::from_request(&catalog.group, &body, Strictness::Tolerant).unwrap();
            let id = GroupId::new(ids.next());
            let group = Group::create(id, parsed.document, NOW).unwrap().outcome().clone();
            unit.groups().insert(organization, &catalog, &group).await.unwrap();
            groups.push(GroupRef { id, display_name: name.to_owned(), direct: true });
        }
        let mut people = Vec::new();
        for (number, body) in bodies.iter().enumerate() {
            let made = wearer(UserId::new(ids.next()), body);
            let there = unit.read().users().find_by_name(organization, made.user_name_key());
            if there.await.unwrap().is_some() {
                continue;
            }
            let stored = stored(&made, body, number);
            unit.users().insert(organization, &catalog, &stored).await.unwrap();
            let mut of_user = Vec::new();
            for group in groups.iter().take(number % 3) {
                let users = [stored.id];
                let added = unit.groups().add_members(organization, group.id, &users, NOW);
                assert_eq!(added.await.unwrap(), users);
                of_user.push(group.clone());
            }
            people.push((stored, of_user));
        }
        unit.commit().await.unwrap();
        Self { store, organization, people, fresh }
    }

    fn ids(&self) -> Vec<String> {
        let users = self.people.iter().map(|(it, _)| it.id.to_string());
        let groups = self.people.iter().flat_map(|(_, groups)| groups);
        let groups = groups.map(|it| it.id.to_string());
        users.take(3).chain(groups.take(3)).chain(["no id".to_owned()]).collect()
    }

    /// What the domain finds, in the order it asks for.
    fn expected(&self, filter: &Filter, sort: Option<&Sort>) -> Vec<UserId> {
        let resource_type = &catalog().user;
        let mut found = Vec::new();
        for (user, groups) in &self.people {
            let stored = user.to_stored(resource_type);
            let computed = Computed::User(user.id, Some(groups));
            let object = representation::resource(
                resource_type,
                &stored.document,
                computed,
                &stored.meta,
                "",
            );
            let object = object.unwrap();
            if filter.matches(resource_type, &object) {
                found.push((sort.map(|it| it.key(resource_type, &object)), user.id));
            }
        }
        found.sort_by(|(one, _), (other, _)| match (one, other, sort) {
            (Some(one), Some(other), Some(sort)) if sort.descending => one.compare(other).reverse(),
            (Some(one), Some(other), Some(_)) => one.compare(other),
            _ => std::cmp::Ordering::Equal,
        });
        found.into_iter().map(|(_, id)| id).collect()
    }

    async fn found(
        &self,
        filter: &Filter,
        sort: Option<&Sort>,
        window: Window,
    ) -> (u64, Vec<UserId>) {
        let mut snapshot = self.store.read().await.unwrap();
        let search =
            Search { catalog: &catalog(), filter: Some(filter), sort, part: Part::Window(window) };
        let page = snapshot.users().search(self.organization, search).await.unwrap();
        (page.total, page.items.into_iter().map(|it| it.id).collect())
    }
}

// N10
#[tokio::test]
async fn sql_and_domain_agree_on_random_filters_over_random_users() {
    let resource_type = &catalog().user;
    let sorts = [
        None,
        Some("userName"),
        Some("displayName"),
        Some("externalId"),
        Some("id"),
        Some("meta.created"),
        Some("meta.lastModified"),
        Some("emails"),
        Some("active"),
        Some("groups"),
        Some("urn:acme:Badge:2.0:number"),
    ];
    for _ in 0..4 {
        let world = World::new(&bodies(60)).await;
        assert!(world.people.len() > 10);
        for (number, text) in filters(world.ids(), 400).into_iter().enumerate() {
            let filter = Filter::parse(&text, resource_type, &[]).unwrap();
            let sort = sorts[number % sorts.len()].map(|by| {
                let order = if number % 4 < 2 { "ascending" } else { "descending" };
                Sort::parse(resource_type, by, Some(order)).unwrap()
            });
            let (offset, limit) = (number % 5, [100, 3, 0][number % 3]);
            let window = Window { offset: offset as u64, limit: limit as u64 };
            let expected = world.expected(&filter, sort.as_ref());
            let (total, items) = world.found(&filter, sort.as_ref(), window).await;
            assert_eq!(total, expected.len() as u64, "{text} {sort:?}");
            let inside: Vec<_> = expected.into_iter().skip(offset).take(limit).collect();
            assert_eq!(items, inside, "{text} {sort:?}");
        }
    }
}

// V6
#[tokio::test]
async fn a_page_of_users_with_their_groups_is_a_handful_of_statements() {
    let bodies: Vec<_> = (0..120).map(|it| json!({ "userName": format!("user-{it}") })).collect();
    let world = World::new(&bodies).await;
    let mut counts = Vec::new();
    for limit in [5, 100] {
        let before = world.store.statements();
        let mut snapshot = world.store.read().await.unwrap();
        let window = Window { offset: 0, limit };
        let search =
            Search { catalog: &catalog(), filter: None, sort: None, part: Part::Window(window) };
        let page = snapshot.users().search(world.organization, search).await.unwrap();
        assert_eq!((page.total, page.items.len() as u64), (120, limit));
        let ids: Vec<_> = page.items.iter().map(|it| it.id).collect();
        let groups = snapshot.users().groups_of(world.organization, &ids).await.unwrap();
        assert!(!groups.is_empty());
        counts.push(world.store.statements() - before);
    }
    assert_eq!(counts, [3, 3]);
}

// V6
#[tokio::test]
async fn a_look_up_by_name_is_one_statement() {
    let resource_type = &catalog().user;
    let world = World::new(&[json!({ "userName": "anna", "active": true })]).await;
    let exact = [
        ("userName eq \"ANNA\"", 1),
        ("userName eq \"bert\"", 0),
        ("externalId eq \"x\"", 0),
        ("emails.value eq \"x\"", 0),
        ("active eq true and userName sw \"an\"", 1),
    ];
    for (text, total) in exact {
        let filter = Filter::parse(text, resource_type, &[]).unwrap();
        let before = world.store.statements();
        let found = world.found(&filter, None, Window { offset: 0, limit: 100 }).await;
        assert_eq!(found.0, total, "{text}");
        assert_eq!(world.store.statements() - before, 1, "{text}");
    }
}

/// So many users beside those of the world, in one statement.
fn crowd(path: &std::path::Path, organization: OrganizationId, number: u32) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let insert = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
        INSERT INTO users SELECT ?1, CAST(printf('%016d', i) AS BLOB), 'crowd-' || i, NULL, NULL,
        1, 'scim', 0, 0, 0, 1,
        '{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"crowd-' || i || '\"}'
        FROM n";
    connection.execute(insert, (organization.uuid(), number)).unwrap();
}

// V3: what no index answers has an end.
#[tokio::test]
async fn a_search_that_would_look_at_more_than_100_000_users_is_too_many() {
    let resource_type = &catalog().user;
    let world = World::new(&[json!({ "userName": "anna", "title": "x" })]).await;
    let filter = Filter::parse("title eq \"x\"", resource_type, &[]).unwrap();
    let window = Window { offset: 0, limit: 10 };
    crowd(&world.fresh.path, world.organization, 99_999);
    assert_eq!(world.found(&filter, None, window).await.0, 1);
    let newest = user(UserId::new(uuid::Uuid::max()), &json!({ "userName": "one too many" }));
    let mut unit = world.store.begin().await.unwrap();
    unit.users().insert(world.organization, &catalog(), &newest).await.unwrap();
    unit.commit().await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    let search = Search {
        catalog: &catalog(),
        filter: Some(&filter),
        sort: None,
        part: Part::Window(window),
    };
    let refused = snapshot.users().search(world.organization, search).await;
    assert!(matches!(refused, Err(StoreError::TooMany)), "{refused:?}");
    drop(snapshot);
    let narrow = Filter::parse("userName sw \"ann\" and title eq \"x\"", resource_type, &[]);
    assert_eq!(world.found(&narrow.unwrap(), None, window).await.0, 1);
}
