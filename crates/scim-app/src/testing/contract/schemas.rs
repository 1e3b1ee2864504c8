//! The schemas that organizations declare, and the index rows of their attributes.

use std::sync::Arc;

use scim_domain::{
    Json, OrganizationId, SchemaId, UserId,
    group::Group,
    resource::{
        filter::Filter,
        representation::{self, Computed},
    },
    schema::{Catalog, ResourceKind, custom::CustomSchema},
    user::{Source, User},
};
use serde_json::{Value, json};

use super::{builders::document, stage::Stage};
use crate::ports::{Ids as _, Part, Search, Store, StoreError, Window};

const BADGE: &str = "urn:acme:Badge:2.0";

/// Everything that can be indexed, and something that is not.
fn attributes() -> Value {
    json!([
        { "name": "number", "indexed": true, "caseExact": true },
        { "name": "tags", "indexed": true, "multiValued": true },
        { "name": "page", "type": "reference", "indexed": true },
        { "name": "doors", "type": "complex", "multiValued": true, "indexed": true,
          "subAttributes": [{ "name": "value" }, { "name": "type" }] },
        { "name": "plain" },
        { "name": "pin", "mutability": "writeOnly" },
    ])
}

impl Stage {
    fn new_schema(&self, extends: ResourceKind, urn: &str, attributes: &Value) -> CustomSchema {
        let declaration = json!({ "id": urn, "name": "Badge", "attributes": attributes });
        let declaration = Json::parse(declaration.to_string().as_bytes()).unwrap();
        let id = SchemaId::new(self.ids.next());
        let declared = CustomSchema::declare(id, extends, &declaration, &[], self.now()).unwrap();
        declared.outcome().clone()
    }

    async fn declare(&self, organization: OrganizationId, schema: &CustomSchema) {
        let mut unit = self.begin().await;
        unit.organizations().advance_schemas(organization).await.unwrap();
        unit.schemas().insert(organization, schema).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn schemas(&self, organization: OrganizationId) -> Vec<CustomSchema> {
        self.read().await.schemas().list(organization).await.unwrap()
    }

    fn user_in(&self, catalog: &Catalog, name: &str, badge: &Value) -> User {
        let body = json!({ "userName": name, BADGE: badge });
        let id = UserId::new(self.ids.next());
        let document = document(&catalog.user, &body);
        User::create(id, document, Source::Scim, self.now()).unwrap().outcome().clone()
    }

    async fn insert_in(&self, organization: OrganizationId, catalog: &Catalog, users: &[User]) {
        let mut unit = self.begin().await;
        for user in users {
            unit.users().insert(organization, catalog, user).await.unwrap();
        }
        unit.commit().await.unwrap();
    }

    async fn found(
        &self,
        organization: OrganizationId,
        catalog: &Arc<Catalog>,
        filter: &str,
    ) -> Vec<UserId> {
        let filter = Filter::parse(filter, &catalog.user, &[]).unwrap();
        let window = Window { offset: 0, limit: 100 };
        let search =
            Search { catalog, filter: Some(&filter), sort: None, part: Part::Window(window) };
        let mut snapshot = self.read().await;
        let page = snapshot.users().search(organization, search).await.unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items.iter().map(|it| it.id).collect()
    }
}

/// The catalog of an organization with these schemas.
fn catalog(declared: &[CustomSchema]) -> Arc<Catalog> {
    Arc::new(Catalog::standard().with(declared))
}

pub async fn a_schema_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    assert_eq!(stage.schemas(acme).await, []);
    let schema = stage.new_schema(ResourceKind::User, BADGE, &attributes());
    stage.declare(acme, &schema).await;
    assert_eq!(stage.schemas(acme).await, [schema]);
}

// T1
pub async fn schemas_are_those_of_their_organization_oldest_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let plain = json!([{ "name": "x" }]);
    let z = stage.new_schema(ResourceKind::User, "urn:acme:Z", &plain);
    let a = stage.new_schema(ResourceKind::Group, "urn:acme:A", &plain);
    let theirs = stage.new_schema(ResourceKind::User, "urn:acme:Z", &plain);
    stage.declare(acme, &z).await;
    stage.declare(acme, &a).await;
    stage.declare(bolt, &theirs).await;
    assert_eq!(stage.schemas(acme).await, [z, a]);
    assert_eq!(stage.schemas(bolt).await, [theirs]);
}

pub async fn an_update_of_a_schema_changes_what_is_declared(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let before = stage.new_schema(ResourceKind::User, BADGE, &json!([{ "name": "x" }]));
    stage.declare(acme, &before).await;
    let after = stage.new_schema(ResourceKind::User, BADGE, &attributes());
    let after = CustomSchema {
        id: before.id,
        created: before.created,
        indexed_up_to: Some(UserId::new(stage.ids.next())),
        ..after.with_building(&["number".to_owned(), "tags".to_owned()])
    };
    let mut unit = stage.begin().await;
    let given = CustomSchema { created: stage.now(), ..after.clone() };
    unit.schemas().update(acme, &given).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(stage.schemas(acme).await, [after]);
    let mut unit = stage.begin().await;
    unit.schemas().delete(acme, before.id).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(stage.schemas(acme).await, []);
}

// T1
pub async fn a_schema_that_is_not_there_is_stale(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let schema = stage.new_schema(ResourceKind::User, BADGE, &attributes());
    stage.declare(bolt, &schema).await;
    let updated = stage.begin().await.schemas().update(acme, &schema).await;
    assert!(matches!(updated, Err(StoreError::Stale)), "{updated:?}");
    let deleted = stage.begin().await.schemas().delete(acme, schema.id).await;
    assert!(matches!(deleted, Err(StoreError::Stale)), "{deleted:?}");
    assert_eq!(stage.schemas(bolt).await, [schema]);
}

pub async fn advancing_the_schemas_counts_them_up(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    for expected in 1..=3 {
        let mut unit = stage.begin().await;
        unit.organizations().advance_schemas(acme).await.unwrap();
        assert_eq!(unit.organizations().hold_schemas(acme).await.unwrap(), expected);
        assert_eq!(unit.organizations().hold_schemas(bolt).await.unwrap(), 0);
        unit.commit().await.unwrap();
    }
    let found = stage.read().await.organizations().find(acme).await.unwrap();
    assert_eq!(found.unwrap().schema_revision, 3);
    let unknown = OrganizationId::new(stage.ids.next());
    let mut unit = stage.begin().await;
    let held = unit.organizations().hold_schemas(unknown).await;
    assert!(matches!(held, Err(StoreError::Stale)), "{held:?}");
    let advanced = unit.organizations().advance_schemas(unknown).await;
    assert!(matches!(advanced, Err(StoreError::Stale)), "{advanced:?}");
}

pub async fn who_carries_an_extension_is_counted(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let of_groups = "urn:acme:Team:2.0";
    let declared = [
        stage.new_schema(ResourceKind::User, BADGE, &attributes()),
        stage.new_schema(ResourceKind::Group, of_groups, &json!([{ "name": "x" }])),
    ];
    let catalog = catalog(&declared);
    let odd = format!(",\"{BADGE}\":{{");
    let users = [
        stage.user_in(&catalog, "a", &json!({ "plain": "x" })),
        stage.user_in(&catalog, "b", &json!({ "number": "7", "tags": ["x", "y"] })),
        stage.user_in(&catalog, &odd, &json!({})),
        stage.user_in(&catalog, "c", &Value::Null),
    ];
    stage.insert_in(acme, &catalog, &users).await;
    let group = |body: Value| {
        let id = scim_domain::GroupId::new(stage.ids.next());
        let document = document(&catalog.group, &body);
        Group::create(id, document, stage.now()).unwrap().outcome().clone()
    };
    let mut unit = stage.begin().await;
    for body in [
        json!({ "displayName": "a", of_groups: { "x": "y" } }),
        json!({ "displayName": format!(",\"{of_groups}\":{{") }),
    ] {
        unit.groups().insert(acme, &catalog, &group(body)).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.users().count_carriers(acme, BADGE).await.unwrap(), 2);
    assert_eq!(snapshot.users().count_carriers(bolt, BADGE).await.unwrap(), 0);
    assert_eq!(snapshot.groups().count_carriers(acme, of_groups).await.unwrap(), 1);
    assert_eq!(snapshot.groups().count_carriers(bolt, of_groups).await.unwrap(), 0);
    drop(snapshot);

    let mut unit = stage.begin().await;
    let bare = document(&catalog.user, &json!({ "userName": "a" }));
    let bare = users[0].replace(bare, stage.now()).unwrap().outcome().user.clone();
    unit.users().update(acme, &catalog, &bare, 1).await.unwrap();
    unit.users().delete(acme, users[1].id, 1).await.unwrap();
    assert_eq!(unit.read().users().count_carriers(acme, BADGE).await.unwrap(), 0);
}

/// Badges that meet each other in many ways.
fn badges() -> [Value; 7] {
    [
        Value::Null,
        json!({ "number": "Ab7", "plain": "x" }),
        json!({ "number": "ab7", "tags": ["Red", "green"] }),
        json!({ "tags": ["RED"], "page": "https://acme.example/A" }),
        json!({ "doors": [{ "value": "North", "type": "main" }, { "type": "side" }] }),
        json!({ "doors": [{ "value": "south", "type": "main" }], "number": "\u{212A}" }),
        json!({ "page": "https://acme.example/a", "tags": ["Stra\u{df}e"], "plain": "X" }),
    ]
}

fn filters() -> Vec<String> {
    let texts = ["Ab7", "ab7", "red", "strasse", "k", "north", "https://acme.example/a", "zz"];
    let mut all = Vec::new();
    for path in ["number", "tags", "page", "doors", "doors.value", "doors.type", "plain"] {
        for operator in ["eq", "ne", "co", "sw", "ew", "gt", "le"] {
            all.extend(texts.map(|text| format!("{BADGE}:{path} {operator} \"{text}\"")));
        }
        all.extend(["eq null", "ne null", "pr"].map(|it| format!("{BADGE}:{path} {it}")));
    }
    all.extend([
        format!("{BADGE}:tags[value eq \"RED\"]"),
        format!("{BADGE}:doors[value eq \"south\" and type eq \"main\"]"),
        format!("{BADGE}:doors[value ne \"south\"]"),
        format!("not ({BADGE}:tags sw \"r\")"),
        format!("{BADGE}:number eq \"Ab7\" or {BADGE}:tags eq \"green\""),
        format!("userName pr and {BADGE}:plain eq \"x\""),
        format!("{}:NUMBER eq \"Ab7\"", BADGE.to_uppercase()),
    ]);
    all
}

// N10
pub async fn declared_attributes_are_searched_as_the_domain_decides(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let declared = [stage.new_schema(ResourceKind::User, BADGE, &attributes())];
    let catalog = catalog(&declared);
    let users: Vec<_> = badges()
        .iter()
        .enumerate()
        .map(|(number, badge)| stage.user_in(&catalog, &format!("user-{number}"), badge))
        .collect();
    stage.insert_in(acme, &catalog, &users).await;
    for text in filters() {
        let filter = Filter::parse(&text, &catalog.user, &[]).unwrap();
        let matches = |user: &&User| {
            let stored = user.to_stored(&catalog.user);
            let computed = Computed::User(user.id, None);
            let resource = representation::resource(
                &catalog.user,
                &stored.document,
                computed,
                &stored.meta,
                "",
            );
            filter.matches(&catalog.user, &resource.unwrap())
        };
        let expected: Vec<_> = users.iter().filter(matches).map(|it| it.id).collect();
        assert_eq!(stage.found(acme, &catalog, &text).await, expected, "{text}");
    }
}

pub async fn an_index_is_brought_up_to_date_in_batches(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let plain = stage.new_schema(ResourceKind::User, BADGE, &json!([{ "name": "number" }]));
    let old = catalog(std::slice::from_ref(&plain));
    let users: Vec<_> = (0..5)
        .map(|it| {
            stage.user_in(&old, &format!("user-{it}"), &json!({ "number": format!("N{it}") }))
        })
        .collect();
    stage.insert_in(acme, &old, &users).await;
    let theirs = stage.user_in(&old, "theirs", &json!({ "number": "N1" }));
    stage.insert_in(bolt, &old, std::slice::from_ref(&theirs)).await;

    let indexed = json!([{ "name": "number", "indexed": true }]);
    let complete = stage.new_schema(ResourceKind::User, BADGE, &indexed);
    let building = complete.clone().with_building(&["number".to_owned()]);
    let (building, complete) = (catalog(&[building]), catalog(&[complete]));
    let filter = format!("{BADGE}:number eq \"n1\"");
    // While it is being built nobody is overlooked.
    assert_eq!(stage.found(acme, &building, &filter).await, [users[1].id]);
    let (mut after, mut rounds) = (None, 0);
    loop {
        let mut unit = stage.begin().await;
        let last = unit.users().index(acme, &building, after, 2).await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(stage.found(acme, &building, &filter).await, [users[1].id]);
        let Some(last) = last else { break };
        (after, rounds) = (Some(last), rounds + 1);
        assert_eq!(last, users[(rounds * 2 - 1).min(4)].id);
    }
    assert_eq!(rounds, 3);
    assert_eq!(stage.found(acme, &complete, &filter).await, [users[1].id]);
    let none = format!("not ({BADGE}:number pr)");
    assert!(stage.found(acme, &complete, &none).await.is_empty());
}
