//! Lists counted in blocks, on any database: what they show is what a plain model has, whatever
//! came, went and was sealed when.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use proptest::{prelude::*, strategy::ValueTree as _};
use scim_app::{
    ports::{Ids as _, Keyset, Part, Search, Snapshot, Store, StoreError, Window},
    testing::CountingIds,
};
use scim_domain::{
    GroupId, Json, OrganizationId, UserId,
    group::Group,
    organization::{Organization, Plan},
    resource::{Document, document::Strictness, sort::Sort},
    schema::Catalog,
    testing::runs,
};
use scim_store::SqlStore;
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::people::{NOW, user};

/// A database, and a look at it behind the store's back.
pub trait Behind: Sync {
    /// Opens it, with blocks as they are everywhere.
    fn open(&self) -> Arc<SqlStore>;
    /// The same with blocks of that length.
    fn open_in_blocks(&self, block: u64) -> Arc<SqlStore>;
    /// The number that a statement answers.
    fn number(&self, text: &str) -> impl Future<Output = i64> + Send;
}

/// How many blocks there are.
const BLOCKS: &str = "SELECT COUNT(*) FROM resource_blocks";

/// How many blocks have another number of resources in them than they say.
fn wrong(table: &str) -> String {
    let up_to = |until: &str| {
        format!(
            "(SELECT COUNT(*) FROM {table} r WHERE r.organization_id = b.organization_id
             AND r.id <= {until})"
        )
    };
    let before = "(SELECT p.until FROM resource_blocks p
        WHERE p.organization_id = b.organization_id AND p.resource = b.resource
        AND p.until < b.until ORDER BY p.until DESC LIMIT 1)";
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

/// What may happen.
#[derive(Clone, Debug)]
enum Step {
    /// So many come, after all others.
    Come(usize),
    /// Some come somewhere among the others.
    ComeLate(Vec<u64>),
    /// One goes: which, in a thousand.
    Go(usize),
    /// A group comes, after the others or among them.
    GroupComes(Option<u64>),
    GroupGoes(usize),
    Seal,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..12_usize).prop_map(Step::Come),
        2 => prop::collection::vec(any::<u64>(), 1..4).prop_map(Step::ComeLate),
        4 => (0..1000_usize).prop_map(Step::Go),
        2 => prop::option::weighted(0.3, any::<u64>()).prop_map(Step::GroupComes),
        1 => (0..1000_usize).prop_map(Step::GroupGoes),
        2 => Just(Step::Seal),
    ]
}

/// What should be there.
#[derive(Default)]
struct Model {
    users: BTreeSet<Uuid>,
    groups: BTreeSet<Uuid>,
    newest: u64,
}

/// An id at that moment, more or less.
fn id_at(moment: u64) -> Uuid {
    Uuid::from_u128((u128::from(moment) << 64) | 0x8000_0000_0000_0001)
}

impl Model {
    fn newer(&mut self) -> Uuid {
        self.newest += 1000;
        id_at(self.newest)
    }

    /// Somewhere among those who are there, where nobody is.
    fn late(&self, draw: u64) -> Uuid {
        let mut moment = 1 + draw % (self.newest + 1);
        while self.users.contains(&id_at(moment)) || self.groups.contains(&id_at(moment)) {
            moment += 1;
        }
        id_at(moment)
    }
}

fn nth(of: &BTreeSet<Uuid>, draw: usize) -> Option<Uuid> {
    of.iter().nth(draw * of.len() / 1000).copied()
}

async fn take(step: &Step, model: &mut Model, store: &SqlStore, acme: OrganizationId) {
    match step {
        Step::Come(number) => {
            let ids: Vec<_> = (0..*number).map(|_| model.newer()).collect();
            create(store, acme, &ids).await;
            model.users.extend(ids);
        }
        Step::ComeLate(draws) => {
            let ids: BTreeSet<_> = draws.iter().map(|it| model.late(*it)).collect();
            let ids: Vec<_> = ids.into_iter().rev().collect();
            create(store, acme, &ids).await;
            model.users.extend(ids);
        }
        Step::Go(draw) => {
            let Some(id) = nth(&model.users, *draw) else { return };
            delete(store, acme, id).await;
            model.users.remove(&id);
        }
        Step::GroupComes(draw) => {
            let id = match draw {
                None => model.newer(),
                Some(draw) => model.late(*draw),
            };
            create_group(store, acme, id).await;
            model.groups.insert(id);
        }
        Step::GroupGoes(draw) => {
            let Some(id) = nth(&model.groups, *draw) else { return };
            delete_group(store, acme, id).await;
            model.groups.remove(&id);
        }
        Step::Seal => store.seal(acme).await.unwrap(),
    }
}

fn inside(of: &BTreeSet<Uuid>, descending: bool, window: Window) -> (u64, Vec<Uuid>) {
    let mut all: Vec<_> = of.iter().copied().collect();
    if descending {
        all.reverse();
    }
    let skip = usize::try_from(window.offset).unwrap();
    let take = usize::try_from(window.limit).unwrap();
    (of.len() as u64, all.into_iter().skip(skip).take(take).collect())
}

/// Every window of the same length agrees, and so do the totals of other parts.
async fn compare(model: &Model, store: &SqlStore, acme: OrganizationId, limit: u64) {
    let mut snapshot = store.read().await.unwrap();
    for offset in (0..model.users.len() as u64 + 2).step_by(if limit == 0 { 99 } else { 3 }) {
        let window = Window { offset, limit };
        for descending in [false, true] {
            let found = users(&mut *snapshot, acme, descending, Part::Window(window)).await;
            assert_eq!(found, inside(&model.users, descending, window), "{window:?} {descending}");
        }
        let found = groups(&mut *snapshot, acme, window).await;
        assert_eq!(found, inside(&model.groups, false, window), "{window:?}");
    }
    let keyset = Keyset { place: None, backwards: true, limit: 2 };
    let (total, _) = users(&mut *snapshot, acme, false, Part::Keyset(keyset)).await;
    assert_eq!(total, model.users.len() as u64);
}

/// Random comings and goings, on two stores of one database, with blocks of some length.
pub async fn whatever_happens_agrees_with_a_plain_model(behind: &impl Behind, block: u64) {
    let (mut runner, seed) = runs::runner();
    let store = behind.open_in_blocks(block);
    let other = behind.open_in_blocks(block);
    let acme = organization(&store).await;
    let mut model = Model::default();
    let steps = prop::collection::vec(step(), 40..70).new_tree(&mut runner).unwrap().current();
    for (number, step) in steps.iter().enumerate() {
        println!("{seed} {number}: {step:?}");
        let by = if number % 3 == 0 { &other } else { &store };
        take(step, &mut model, by, acme).await;
        compare(&model, if number % 2 == 0 { &store } else { &other }, acme, 5).await;
        assert_right(behind).await;
    }
    compare(&model, &store, acme, 0).await;
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
    let (store, other) = (behind.open_in_blocks(10), behind.open_in_blocks(10));
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
    assert_right(behind).await;
    let none = Part::Window(Window { offset: 0, limit: 0 });
    let (total, _) = users(&mut *store.read().await.unwrap(), acme, false, none).await;
    assert_eq!(total, stay);
    assert_whole(&store, acme).await;
}

/// A list that has become long is sealed beside what is served; the store can go at any time.
pub async fn a_long_list_is_sealed_by_itself(behind: &impl Behind) {
    let store = behind.open_in_blocks(10);
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
    let gone = Arc::downgrade(&store);
    drop(store);
    assert!(gone.upgrade().is_none());
}

/// A page is as many statements with blocks as without.
pub async fn a_page_is_a_handful_of_statements(behind: &impl Behind) {
    let few = behind.open();
    let acme = organization(&few).await;
    let mut model = Model::default();
    for _ in 0..30 {
        take(&Step::Come(10), &mut model, &few, acme).await;
    }
    let mut counts = statements(&few, acme).await;
    let many = behind.open_in_blocks(20);
    many.seal(acme).await.unwrap();
    assert_eq!(behind.number(BLOCKS).await, 14);
    counts.extend(statements(&few, acme).await);
    counts.extend(statements(&many, acme).await);
    assert_eq!(counts, [3; 9]);
}

/// How many statements pages of 100 of 300 users, with their groups, are.
async fn statements(store: &SqlStore, acme: OrganizationId) -> Vec<u64> {
    let mut counts = Vec::new();
    for offset in [0, 100, 180] {
        let before = store.statements();
        let mut snapshot = store.read().await.unwrap();
        let part = Part::Window(Window { offset, limit: 100 });
        let (total, ids) = users(&mut *snapshot, acme, false, part).await;
        assert_eq!((total, ids.len()), (300, 100));
        let ids: Vec<_> = ids.into_iter().map(UserId::new).collect();
        snapshot.users().groups_of(acme, &ids).await.unwrap();
        counts.push(store.statements() - before);
    }
    counts
}
