//! Walks by place: everybody who stays is met once and in order, whoever comes and goes.

use std::{collections::BTreeSet, sync::Arc};

use scim_domain::{
    OrganizationId, UserId,
    resource::{filter::Filter, sort::Sort},
    schema::Catalog,
    user::StoredUser,
};
use serde_json::json;

use super::people::{ALL, People, groups, users};
use crate::{
    ports::{Keyset, Page, Part, Place, Search, Store},
    testing::contract::stage::Stage,
};

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
/// Orders that columns know, and some that only the domain does.
const ORDERS: [&str; 12] = [
    "userName",
    "displayName",
    "externalId",
    "id",
    "meta.created",
    "meta.lastModified",
    "meta.location",
    "title",
    "active",
    "emails",
    "groups.display",
    DEPARTMENT,
];
/// Without a filter, with one that columns answer, with one that they do not, and a look-up.
const FILTERS: [Option<&str>; 4] =
    [None, Some("userName pr"), Some("not (nickName pr)"), Some("userName eq \"bert\"")];

/// What is walked through.
#[derive(Clone, Copy)]
struct Path<'a> {
    stage: &'a Stage,
    organization: OrganizationId,
    filter: Option<&'a str>,
    sort: Option<(&'a str, &'a str)>,
}

impl Path<'_> {
    async fn step(self, place: Option<&Place>, backwards: bool, limit: u64) -> Page<StoredUser> {
        let catalog = Catalog::standard();
        let filter = self.filter.map(|it| Filter::parse(it, &catalog.user, &[]).unwrap());
        let sort =
            self.sort.map(|(by, order)| Sort::parse(&catalog.user, by, Some(order)).unwrap());
        let part = Part::Keyset(Keyset { place, backwards, limit });
        let (filter, sort) = (filter.as_ref(), sort.as_ref());
        let search = Search { catalog: &catalog, filter, sort, part };
        self.stage.read().await.users().search(self.organization, search).await.unwrap()
    }

    /// All of them in steps of so many, from one end to the other.
    async fn walk(self, backwards: bool, limit: u64, total: u64) -> Vec<UserId> {
        let (mut seen, mut place) = (Vec::new(), None);
        loop {
            let page = self.step(place.as_ref(), backwards, limit).await;
            assert_eq!(page.total, total);
            assert!(page.items.len() as u64 <= limit);
            let ids: Vec<_> = page.items.iter().map(|it| it.id).collect();
            if backwards {
                seen.splice(0..0, ids);
            } else {
                seen.extend(ids);
            }
            place = page.rest;
            if place.is_none() {
                return seen;
            }
            assert_eq!(page.items.len() as u64, limit, "only the last step is short");
        }
    }
}

pub async fn steps_make_up_the_whole_in_every_order(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    for (group, index) in [("Zeta", 1), ("Alpha", 3)] {
        let group = people.stage.group(people.acme, group).await;
        people.stage.join(people.acme, group.id, &[people.users[index].id]).await;
    }
    let orders = ORDERS.into_iter().flat_map(|by| [(by, "ascending"), (by, "descending")]);
    for sort in orders.map(Some).chain([None]) {
        for filter in FILTERS {
            let whole = users(&people.stage, people.acme, filter, sort, ALL).await;
            let ids: Vec<_> = whole.items.iter().map(|it| it.id).collect();
            let path = Path { stage: &people.stage, organization: people.acme, filter, sort };
            for limit in 1..=5 {
                for backwards in [false, true] {
                    let seen = path.walk(backwards, limit, whole.total).await;
                    assert_eq!(seen, ids, "{filter:?} {sort:?} {limit} {backwards}");
                }
            }
        }
    }
}

/// People of whom every other one stays, in an order with equals and missing values.
struct Crowd<'a> {
    path: Path<'a>,
    dice: Dice,
    stay: BTreeSet<UserId>,
    go: Vec<UserId>,
}

impl<'a> Crowd<'a> {
    async fn on(path: Path<'a>) -> Self {
        let mut crowd = Self { path, dice: Dice::new(), stay: BTreeSet::new(), go: Vec::new() };
        for number in 0..60 {
            let id = crowd.come().await;
            if number % 2 == 0 {
                crowd.go.retain(|it| *it != id);
                crowd.stay.insert(id);
            }
        }
        crowd
    }

    async fn come(&mut self) -> UserId {
        let Path { stage, organization, .. } = self.path;
        let name = self.dice.below(1_000_000_000);
        let mut body = json!({ "userName": format!("{name:09}") });
        let value = self.dice.one_of(&["Anna", "ANNA", "bert", "ärger", ""]);
        body["displayName"] = json!(value);
        body["title"] = json!(value);
        let user = stage.new_user_of(&body);
        stage.insert_users(organization, std::slice::from_ref(&user)).await;
        self.go.push(user.id);
        user.id
    }

    /// One goes and two come.
    async fn move_on(&mut self) {
        let Path { stage, organization, .. } = self.path;
        let gone = self.go.swap_remove(self.dice.below(self.go.len()));
        stage.delete_user(organization, gone, 1).await.unwrap();
        self.come().await;
        self.come().await;
    }

    fn meet(&self, page: &Page<StoredUser>, seen: &mut Vec<UserId>) {
        seen.extend(page.items.iter().map(|it| it.id).filter(|it| self.stay.contains(it)));
    }

    fn check(&self, seen: &[UserId], way: &str) {
        let all: BTreeSet<_> = seen.iter().copied().collect();
        let sort = self.path.sort;
        assert_eq!(seen.len(), all.len(), "{way} {sort:?}: somebody was met twice");
        assert_eq!(all, self.stay, "{way} {sort:?}: somebody was not met");
    }
}

pub async fn who_stays_is_met_once_whoever_comes_and_goes(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let sorts = [
        None,
        Some(("id", "descending")),
        Some(("userName", "ascending")),
        Some(("userName", "descending")),
        Some(("displayName", "ascending")),
        Some(("displayName", "descending")),
        Some(("title", "descending")),
    ];
    for (number, sort) in sorts.into_iter().enumerate() {
        let organization = stage.organization(&format!("Acme {number}")).await;
        let path = Path { stage: &stage, organization, filter: None, sort };
        let mut crowd = Crowd::on(path).await;
        let mut seen = Vec::new();
        let mut begun: Option<Place> = None;
        loop {
            let page = path.step(begun.as_ref(), false, 7).await;
            crowd.meet(&page, &mut seen);
            crowd.move_on().await;
            let Some(rest) = page.rest else { break };
            begun = Some(rest);
        }
        crowd.check(&seen, "forwards");
        // Back from where the last step began: its own people, and all before them.
        let mut seen = Vec::new();
        let last = path.step(begun.as_ref(), false, 1_000).await;
        crowd.meet(&last, &mut seen);
        while let Some(place) = begun {
            let page = path.step(Some(&place), true, 7).await;
            crowd.meet(&page, &mut seen);
            crowd.move_on().await;
            begun = page.rest;
        }
        crowd.check(&seen, "backwards");
    }
}

pub async fn a_place_outlives_who_stood_there(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    for sort in [None, Some(("userName", "ascending")), Some(("meta.location", "ascending"))] {
        let path = Path { stage: &people.stage, organization: people.acme, filter: None, sort };
        let first = path.step(None, false, 2).await;
        let place = first.rest.unwrap();
        assert_eq!(place.id, first.items[1].id.uuid());
        let empty = path.step(Some(&place), false, 0).await;
        assert_eq!((empty.total, empty.items.len(), empty.rest), (4, 0, None));
    }
    let path = Path {
        stage: &people.stage,
        organization: people.acme,
        filter: None,
        sort: Some(("userName", "ascending")),
    };
    let place = path.step(None, false, 2).await.rest.unwrap();
    people.stage.delete_user(people.acme, people.users[1].id, 1).await.unwrap();
    let after = path.step(Some(&place), false, 5).await;
    let ids: Vec<_> = after.items.iter().map(|it| it.id).collect();
    assert_eq!(ids, [people.users[2].id, people.users[3].id]);
    let before = path.step(Some(&place), true, 5).await;
    assert_eq!((before.items.len(), before.rest), (1, None));
    for user in [&people.users[2], &people.users[3]] {
        people.stage.delete_user(people.acme, user.id, 1).await.unwrap();
    }
    let nobody = path.step(Some(&place), false, 5).await;
    assert_eq!((nobody.total, nobody.items.len(), nobody.rest), (1, 0, None));
}

pub async fn groups_are_walked_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for name in ["beta", "Alpha", "ALPHA 2", "äther", "Zeta"] {
        stage.group(acme, name).await;
    }
    let catalog = Catalog::standard();
    for (by, order) in
        [("displayName", "ascending"), ("displayName", "descending"), ("members", "ascending")]
    {
        for filter in [None, Some("displayName pr"), Some("not (externalId pr)")] {
            let (_, whole) = groups(&stage, acme, filter, Some((by, order)), ALL).await;
            let parsed = filter.map(|it| Filter::parse(it, &catalog.group, &[]).unwrap());
            let sort = Sort::parse(&catalog.group, by, Some(order)).unwrap();
            let (mut seen, mut place) = (Vec::new(), None);
            loop {
                let keyset = Keyset { place: place.as_ref(), backwards: false, limit: 2 };
                let part = Part::Keyset(keyset);
                let search =
                    Search { catalog: &catalog, filter: parsed.as_ref(), sort: Some(&sort), part };
                let page = stage.read().await.groups().search(acme, search).await.unwrap();
                assert_eq!(page.total, 5);
                for group in &page.items {
                    let group =
                        scim_domain::group::Group::from_stored(&catalog.group, group).unwrap();
                    seen.push(group.display_name().to_owned());
                }
                place = page.rest;
                if place.is_none() {
                    break;
                }
            }
            assert_eq!(seen, whole, "{by} {order} {filter:?}");
        }
    }
}

// T1, T2
pub async fn a_walk_stays_in_its_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let ids = stage.users(acme, 5).await;
    stage.users(bolt, 5).await;
    for sort in [None, Some(("userName", "descending")), Some(("meta.location", "ascending"))] {
        let path = Path { stage: &stage, organization: acme, filter: None, sort };
        for backwards in [false, true] {
            let mut seen = path.walk(backwards, 2, 5).await;
            seen.sort_unstable();
            assert_eq!(seen, ids, "{sort:?}");
        }
    }
}

/// Dice that always fall the same way (xorshift), so that a failure comes again.
struct Dice(u64);

impl Dice {
    const fn new() -> Self {
        Self(0x5eed_5eed_5eed_5eed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}
