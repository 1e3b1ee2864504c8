//! The store and the domain agree on filters, orders and pages that nobody thought of.

use std::sync::Arc;

use proptest::{prelude::*, sample::select, strategy::ValueTree as _};
use scim_domain::{
    FoldedText, GroupId, OrganizationId, UserId,
    group::{Group, Member},
    resource::{
        Object,
        filter::Filter,
        representation::{self, Computed, GroupRef},
        sort::Sort,
    },
    schema::{Catalog, ResourceType},
    testing::{
        filters::{self, Condition, Literals},
        resources, runs,
    },
    user::User,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    ports::{Part, Search, Store, Window},
    testing::contract::{
        builders::changed_user,
        stage::{Stage, stored, stored_group},
    },
};

/// Resources of each kind, searches for each.
const USERS: usize = 40;
const GROUPS: usize = 12;
const SEARCHES: usize = 150;

/// A search as it is drawn: a filter or none, an order or none, and a window.
type Drawn = (Option<Condition>, Option<(String, bool)>, (u64, u64));

/// Random people in random groups.
struct Crowd {
    stage: Stage,
    organization: OrganizationId,
    users: Vec<User>,
    groups: Vec<Group>,
}

impl Crowd {
    async fn on(store: Arc<dyn Store>) -> Self {
        let stage = Stage::new(store);
        let organization = stage.organization("Acme").await;
        let catalog = Catalog::standard();
        let mut users: Vec<User> = Vec::new();
        for body in bodies(&catalog.user, "userName", USERS) {
            let made = stage.new_user_of(&body);
            users.push(made);
        }
        stage.insert_users(organization, &users).await;
        // Some changed later, so that the two times tell different orders.
        for user in users.iter_mut().rev().step_by(3) {
            let mut body: Value = serde_json::from_str(&stored(user).document).unwrap();
            body["title"] = "changed".into();
            let changed = changed_user(user, &body, stage.now());
            stage.update_user(organization, &changed, user.meta.version).await.unwrap();
            *user = changed;
        }
        let mut groups = Vec::new();
        for body in bodies(&catalog.group, "displayName", GROUPS) {
            let group = stage.new_group_of(&body);
            stage.try_insert_group(organization, &group).await.unwrap();
            groups.push(group);
        }
        let crowd = Self { stage, organization, users, groups };
        for (at, group) in crowd.groups.iter().enumerate() {
            let members: Vec<_> = crowd.members(at).collect();
            crowd.stage.join(organization, group.id, &members).await;
        }
        crowd
    }

    /// Who is in which group follows from their places.
    fn members(&self, group: usize) -> impl Iterator<Item = UserId> {
        let numbered = self.users.iter().enumerate();
        numbered.filter(move |(at, _)| is_in(*at, group)).map(|(_, it)| it.id)
    }

    fn groups_of(&self, user: usize) -> Vec<GroupRef> {
        let numbered = self.groups.iter().enumerate().filter(|(at, _)| is_in(user, *at));
        let reference = |it: &Group| GroupRef {
            id: it.id,
            display_name: it.display_name().to_owned(),
            direct: true,
        };
        numbered.map(|(_, it)| reference(it)).collect()
    }

    /// Every user as a search looks at it, in the order of creation.
    fn whole_users(&self) -> Vec<(Uuid, Object)> {
        let of = &Catalog::standard().user;
        let whole = |(at, user): (usize, &User)| {
            let (stored, groups) = (stored(user), self.groups_of(at));
            let computed = Computed::User(user.id, Some(&groups));
            let object =
                representation::resource(of, &stored.document, computed, &stored.meta, "").unwrap();
            (user.id.uuid(), object)
        };
        self.users.iter().enumerate().map(whole).collect()
    }

    /// The same of groups.
    fn whole_groups(&self) -> Vec<(Uuid, Object)> {
        let of = &Catalog::standard().group;
        let whole = |(at, group): (usize, &Group)| {
            let members: Vec<_> = self.members(at).map(Member::User).collect();
            let (id, stored): (GroupId, _) = (group.id, stored_group(group));
            let computed = Computed::Group(id, Some(&members));
            let object =
                representation::resource(of, &stored.document, computed, &stored.meta, "").unwrap();
            (id.uuid(), object)
        };
        self.groups.iter().enumerate().map(whole).collect()
    }

    fn literals(&self) -> Literals {
        let ids = self.users.iter().map(|it| it.id.to_string()).step_by(7);
        let groups = self.groups.iter().map(|it| it.id.to_string()).step_by(3);
        let times = self.users.iter().flat_map(|it| [it.meta.created, it.meta.last_modified]);
        Literals {
            texts: ids.chain(groups).collect(),
            moments: times.map(|it| it.to_string()).collect(),
        }
    }
}

fn is_in(user: usize, group: usize) -> bool {
    group > 0 && user.is_multiple_of(group + 1)
}

/// So many random bodies at most, of which no two have the same name.
fn bodies(of: &ResourceType, name: &str, number: usize) -> Vec<Value> {
    let (mut runner, _) = runs::runner();
    let strategy = resources::body(of);
    let mut known: Vec<FoldedText> = Vec::new();
    let drawn = (0..number).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    drawn
        .filter(|it| {
            let key = FoldedText::of(it[name].as_str().unwrap_or_default());
            let new = !known.contains(&key);
            known.push(key);
            new
        })
        .collect()
}

fn search(of: &ResourceType, literals: &Literals) -> impl Strategy<Value = Drawn> + use<> {
    let filter = proptest::option::weighted(0.9, filters::filter(of, literals));
    let order = proptest::option::of((select(filters::paths(of)), any::<bool>()));
    (filter, order, (0..6_u64, select(vec![0_u64, 3, 1_000])))
}

/// What the domain finds among these, and in which order.
fn expected(
    of: &ResourceType,
    among: &[(Uuid, Object)],
    filter: Option<&Filter>,
    sort: Option<&Sort>,
) -> Vec<Uuid> {
    let mut found: Vec<_> = among
        .iter()
        .filter(|(_, it)| filter.is_none_or(|filter| filter.matches(of, it)))
        .map(|(id, it)| (sort.map(|sort| sort.key(of, it)), *id))
        .collect();
    // Stable: what sorts alike stays in the order of creation.
    found.sort_by(|(one, _), (other, _)| match (one, other, sort) {
        (Some(one), Some(other), Some(sort)) if sort.descending => one.compare(other).reverse(),
        (Some(one), Some(other), Some(_)) => one.compare(other),
        (Some(_) | None, _, _) => std::cmp::Ordering::Equal,
    });
    found.into_iter().map(|(_, id)| id).collect()
}

/// Holds a store's search to what the domain finds, for many searches.
async fn agree(
    of: &ResourceType,
    literals: &Literals,
    among: Vec<(Uuid, Object)>,
    ask: impl AsyncFn(Search<'_>) -> (u64, Vec<Uuid>),
) {
    assert!(among.len() > 5);
    runs::check(&search(of, literals), SEARCHES, async |(filter, order, (offset, limit))| {
        let text = filter.as_ref().map(ToString::to_string);
        let Ok(filter) = text.as_deref().map(|it| Filter::parse(it, of, &[])).transpose() else {
            // Beyond the limits of the parser.
            return Ok(());
        };
        let sort = order.as_ref().map(|(by, descending)| {
            let order = if *descending { "descending" } else { "ascending" };
            Sort::parse(of, by, Some(order)).unwrap()
        });
        let expected = expected(of, &among, filter.as_ref(), sort.as_ref());
        let window = Window { offset: *offset, limit: *limit };
        let (filter, sort) = (filter.as_ref(), sort.as_ref());
        let catalog = &Catalog::standard();
        let search = Search { catalog, filter, sort, part: Part::Window(window) };
        let (total, found) = ask(search).await;
        let pages = expected.iter().copied().enumerate();
        let inside = pages.filter(|(at, _)| (*offset..offset + limit).contains(&(*at as u64)));
        let page: Vec<_> = inside.map(|(_, it)| it).collect();
        if total == expected.len() as u64 && found == page {
            return Ok(());
        }
        let one_sided = among.iter().find(|(id, _)| found.contains(id) != page.contains(id));
        Err(format!(
            "{} found, {} expected with {text:?}, sorted {sort:?}, {window:?}; they differ in {}",
            total,
            expected.len(),
            one_sided.map_or_else(
                || "the order".to_owned(),
                |(_, it)| { serde_json::to_string(it).unwrap_or_default() }
            ),
        ))
    })
    .await;
}

// N10
pub async fn the_domain_decides_which_users_match(store: Arc<dyn Store>) {
    let crowd = Crowd::on(store).await;
    let of = &Catalog::standard().user;
    agree(of, &crowd.literals(), crowd.whole_users(), async |search| {
        let mut snapshot = crowd.stage.read().await;
        let page = snapshot.users().search(crowd.organization, search).await.unwrap();
        (page.total, page.items.iter().map(|it| it.id.uuid()).collect())
    })
    .await;
}

// N10
pub async fn the_domain_decides_which_groups_match(store: Arc<dyn Store>) {
    let crowd = Crowd::on(store).await;
    let of = &Catalog::standard().group;
    agree(of, &crowd.literals(), crowd.whole_groups(), async |search| {
        let mut snapshot = crowd.stage.read().await;
        let page = snapshot.groups().search(crowd.organization, search).await.unwrap();
        (page.total, page.items.iter().map(|it| it.id.uuid()).collect())
    })
    .await;
}
