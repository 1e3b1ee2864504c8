//! Lists counted in blocks, on any database: what they show is what a plain model has, whatever
//! came, went and was sealed when.

#[path = "blocks/model.rs"]
mod model;

use std::{sync::Arc, time::Duration};

use scim_app::{
    ports::{Ids as _, Part, Search, Snapshot, Store, StoreError, Window},
    testing::CountingIds,
};
use scim_domain::{
    GroupId, Json, OrganizationId, UserId,
    group::Group,
    organization::{Organization, Plan},
    resource::{Document, document::Strictness, sort::Sort},
    schema::Catalog,
};
use scim_store::{Lengths, SqlStore};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

pub use model::whatever_happens_agrees_with_a_plain_model;
use model::{Model, Step, compare, take};

use super::people::{NOW, user};

/// A database, and a look at it behind the store's back.
pub trait Behind: Sync {
    /// Opens it, with blocks as they are everywhere.
    fn open(&self) -> Arc<SqlStore>;
    /// The same with blocks and spans of these lengths.
    fn open_in_blocks(&self, blocks: Lengths) -> Arc<SqlStore>;
    /// The number that a statement answers.
    fn number(&self, text: &str) -> impl Future<Output = i64> + Send;
}

/// How many blocks there are, and how many spans.
const BLOCKS: &str = "SELECT COUNT(*) FROM resource_blocks WHERE level = 0";
const SPANS: &str = "SELECT COUNT(*) FROM resource_blocks WHERE level = 1";

/// How many spans end where no block ends.
const TORN: &str = "SELECT COUNT(*) FROM resource_blocks s WHERE s.level = 1 AND NOT EXISTS
    (SELECT 1 FROM resource_blocks b WHERE b.organization_id = s.organization_id
     AND b.resource = s.resource AND b.level = 0 AND b.until = s.until)";

/// How many blocks and spans have another number of resources in them than they say.
fn wrong(table: &str) -> String {
    let up_to = |until: &str| {
        format!(
            "(SELECT COUNT(*) FROM {table} r WHERE r.organization_id = b.organization_id
             AND r.id <= {until})"
        )
    };
    let before = "(SELECT p.until FROM resource_blocks p
        WHERE p.organization_id = b.organization_id AND p.resource = b.resource
        AND p.level = b.level AND p.until < b.until ORDER BY p.until DESC LIMIT 1)";
    format!(
        "SELECT COUNT(*) FROM resource_blocks b WHERE b.resource = '{table}'
         AND b.count <> {} - {}",
        up_to("b.until"),
        up_to(before),
    )
}

pub async fn assert_right(behind: &impl Behind) {
    for table in ["users", "groups"] {
        assert_eq!(behind.number(&wrong(table)).await, 0, "{table}");
    }
    assert_eq!(behind.number(TORN).await, 0);
}

/// A stored organization.
pub async fn organization(store: &SqlStore) -> OrganizationId {
    let id = OrganizationId::new(Uuid::from_u128(0xac));
    let acme = Organization::create(id, "Acme", Plan::Growth, NOW).unwrap();
    let mut unit = store.begin().await.unwrap();
    unit.organizations().insert(&acme).await.unwrap();
    unit.commit().await.unwrap();
    id
}

fn new_group(id: Uuid) -> Group {
    let body = Json::parse(json!({ "displayName": id.to_string() }).to_string().as_bytes());
    let resource_type = &Catalog::standard().group;
    let parsed =
        Document::from_request(resource_type, &body.unwrap(), Strictness::Tolerant).unwrap();
    Group::create(GroupId::new(id), parsed.document, NOW).unwrap().outcome().clone()
}

async fn create(store: &SqlStore, acme: OrganizationId, ids: &[Uuid]) {
    let catalog = Catalog::standard();
    let new = |id: &Uuid| user(UserId::new(*id), &json!({ "userName": id.to_string() }));
    let users: Vec<_> = ids.iter().map(new).collect();
    let mut unit = store.begin().await.unwrap();
    if let [alone] = &users[..] {
        unit.users().insert(acme, &catalog, alone).await.unwrap();
    } else {
        unit.users().insert_many(acme, &catalog, &users).await.unwrap();
    }
    unit.commit().await.unwrap();
}

async fn create_group(store: &SqlStore, acme: OrganizationId, id: Uuid) {
    let mut unit = store.begin().await.unwrap();
    unit.groups().insert(acme, &Catalog::standard(), &new_group(id)).await.unwrap();
    unit.commit().await.unwrap();
}

async fn delete(store: &SqlStore, acme: OrganizationId, id: Uuid) {
    let mut unit = store.begin().await.unwrap();
    unit.users().delete(acme, UserId::new(id), 1).await.unwrap();
    unit.commit().await.unwrap();
}

async fn delete_group(store: &SqlStore, acme: OrganizationId, id: Uuid) {
    let mut unit = store.begin().await.unwrap();
    unit.groups().delete(acme, GroupId::new(id), 1).await.unwrap();
    unit.commit().await.unwrap();
}

async fn users(
    snapshot: &mut dyn Snapshot,
    acme: OrganizationId,
    descending: bool,
    part: Part<'_>,
) -> (u64, Vec<Uuid>) {
    let catalog = Catalog::standard();
    let sort = descending.then(|| Sort::parse(&catalog.user, "id", Some("descending")).unwrap());
    let search = Search { catalog: &catalog, filter: None, sort: sort.as_ref(), part };
    let page = snapshot.users().search(acme, search).await.unwrap();
    (page.total, page.items.iter().map(|it| it.id.uuid()).collect())
}

async fn groups(
    snapshot: &mut dyn Snapshot,
    acme: OrganizationId,
    window: Window,
) -> (u64, Vec<Uuid>) {
    let catalog = Catalog::standard();
    let search = Search { catalog: &catalog, filter: None, sort: None, part: Part::Window(window) };
    let page = snapshot.groups().search(acme, search).await.unwrap();
    (page.total, page.items.iter().map(|it| it.id.uuid()).collect())
}

/// Pages of one snapshot make up what its total says.
async fn assert_whole(store: &SqlStore, acme: OrganizationId) {
    let mut snapshot = store.read().await.unwrap();
    let none = Part::Window(Window { offset: 0, limit: 0 });
    let (total, _) = users(&mut *snapshot, acme, false, none).await;
    let mut all = Vec::new();
    for offset in (0..total).step_by(25) {
        let part = Part::Window(Window { offset, limit: 25 });
        let (again, page) = users(&mut *snapshot, acme, false, part).await;
        assert_eq!(again, total);
        all.extend(page);
    }
    assert_eq!(all.len() as u64, total);
    assert!(all.is_sorted());
}

/// One comes, and perhaps goes again; half of the units hold the organization first, as use cases
/// do.
async fn come_and_go(store: Arc<SqlStore>, acme: OrganizationId, ids: Arc<CountingIds>) -> u64 {
    let mut stay = 0;
    for number in 0..60 {
        let id = ids.next();
        let new = user(UserId::new(id), &json!({ "userName": id.to_string() }));
        let mut unit = store.begin().await.unwrap();
        if number % 2 == 0 {
            unit.organizations().hold(acme).await.unwrap();
        }
        unit.users().insert(acme, &Catalog::standard(), &new).await.unwrap();
        tokio::task::yield_now().await;
        unit.commit().await.unwrap();
        stay += 1;
        if number % 3 == 0 {
            let mut unit = store.begin().await.unwrap();
            unit.users().delete(acme, new.id, 1).await.unwrap();
            tokio::task::yield_now().await;
            unit.commit().await.unwrap();
            stay -= 1;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stay
}

/// Many write while two stores seal and others look.
pub async fn blocks_are_right_while_many_come_and_go(behind: &impl Behind) {
    let (store, other) = (
        behind.open_in_blocks(Lengths { block: 10, span: 4 }),
        behind.open_in_blocks(Lengths { block: 10, span: 4 }),
    );
    let acme = organization(&store).await;
    let mut writers = JoinSet::new();
    let in_order = Arc::new(CountingIds::series(9));
    for number in 0..6 {
        // The ids of two of them come late, as from an instance whose clock is behind.
        let ids = match number {
            0 | 1 => Arc::new(CountingIds::series(number + 1)),
            _ => Arc::clone(&in_order),
        };
        let store = Arc::clone(if number % 2 == 0 { &store } else { &other });
        writers.spawn(come_and_go(store, acme, ids));
    }
    let mut around = JoinSet::new();
    for store in [&store, &other] {
        let sealing = Arc::clone(store);
        around.spawn(async move {
            loop {
                match sealing.seal(acme).await {
                    // Whoever comes and goes may keep the row for too long.
                    Ok(()) | Err(StoreError::Unavailable(_) | StoreError::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        });
        let reading = Arc::clone(store);
        around.spawn(async move {
            loop {
                assert_whole(&reading, acme).await;
                // SQLite answers at once and would keep the thread.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
    }
    let stay: u64 = writers.join_all().await.into_iter().sum();
    if let Some(ended) = around.try_join_next() {
        ended.unwrap();
    }
    around.shutdown().await;
    assert!(behind.number(BLOCKS).await > 0);
    assert_right(behind).await;
    store.seal(acme).await.unwrap();
    assert!(behind.number(BLOCKS).await > 10);
    assert!(behind.number(SPANS).await > 1);
    assert_right(behind).await;
    let none = Part::Window(Window { offset: 0, limit: 0 });
    let (total, _) = users(&mut *store.read().await.unwrap(), acme, false, none).await;
    assert_eq!(total, stay);
    assert_whole(&store, acme).await;
}

/// A list that has become long is sealed beside what is served.
pub async fn a_long_list_is_sealed_by_itself(behind: &impl Behind) {
    let store = behind.open_in_blocks(Lengths { block: 10, span: 4 });
    let acme = organization(&store).await;
    let mut model = Model::default();
    for _ in 0..6 {
        take(&Step::Come(40), &mut model, &store, acme).await;
    }
    assert_eq!(behind.number(BLOCKS).await, 0);
    let window = Window { offset: 0, limit: 5 };
    users(&mut *store.read().await.unwrap(), acme, false, Part::Window(window)).await;
    let mut waited = 0;
    while behind.number(BLOCKS).await < 23 {
        waited += 1;
        assert!(waited < 500, "nobody seals");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_right(behind).await;
    compare(&model, &store, acme, 5).await;
}

/// A page is found among blocks of which most have lost everybody: it lies behind more of them than
/// its number says.
pub async fn a_page_among_empty_blocks_is_found(behind: &impl Behind) {
    let store = behind.open_in_blocks(Lengths { block: 8, span: 5 });
    let acme = organization(&store).await;
    let mut model = Model::default();
    for _ in 0..40 {
        take(&Step::Come(10), &mut model, &store, acme).await;
    }
    store.seal(acme).await.unwrap();
    let blocks = behind.number(BLOCKS).await;
    assert_eq!(blocks, 49);
    for oldest_or_newest in [0, 999].repeat(185) {
        take(&Step::Go(oldest_or_newest), &mut model, &store, acme).await;
    }
    assert_eq!(behind.number(BLOCKS).await, blocks);
    assert_right(behind).await;
    compare(&model, &store, acme, 3).await;
}

/// A page is as many statements with blocks as without; one of what lies in blocks has to look for
/// its own.
pub async fn a_page_is_a_handful_of_statements(behind: &impl Behind) {
    let few = behind.open();
    let acme = organization(&few).await;
    let mut model = Model::default();
    for _ in 0..30 {
        take(&Step::Come(10), &mut model, &few, acme).await;
    }
    assert_eq!(statements(&few, acme).await, [3; 3]);
    let many = behind.open_in_blocks(Lengths { block: 20, span: 4 });
    many.seal(acme).await.unwrap();
    assert_eq!((behind.number(BLOCKS).await, behind.number(SPANS).await), (14, 3));
    for store in [few, many] {
        assert_eq!(statements(&store, acme).await, [3, 4, 3]);
    }
}

/// How many statements pages of 100 of 300 users, with their groups, are.
async fn statements(store: &SqlStore, acme: OrganizationId) -> Vec<u64> {
    let mut counts = Vec::new();
    for offset in [0, 100, 280] {
        let before = store.statements();
        let mut snapshot = store.read().await.unwrap();
        let part = Part::Window(Window { offset, limit: 100 });
        let (total, ids) = users(&mut *snapshot, acme, false, part).await;
        assert_eq!((total, ids.len() as u64), (300, (300 - offset).min(100)));
        let ids: Vec<_> = ids.into_iter().map(UserId::new).collect();
        snapshot.users().groups_of(acme, &ids).await.unwrap();
        counts.push(store.statements() - before);
    }
    counts
}
