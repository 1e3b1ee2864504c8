//! The answers of random organizations against a model that only follows arrows.
#![expect(clippy::panic, reason = "a promise that is broken fails its test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use scim_domain::{
    GroupId, RequestId, RoleId, UserId,
    access::{Access, Made, Path, Standing, Via},
    organization::{NameIdAttribute, Organization},
    role::Role,
    user::User,
};
use serde_json::json;

use super::super::{nestings::numbers, stage::Stage};
use crate::{
    access::{Answer, Lookup, answers},
    ports::{Ids as _, Store, UnitOfWork},
};

/// Arrows of an organization, each with how it came to be.
#[derive(Default)]
struct Model {
    member: BTreeMap<(UserId, GroupId), Made>,
    nested: BTreeMap<(GroupId, GroupId), Made>,
    mapped: BTreeMap<(GroupId, RoleId), Made>,
    assigned: BTreeMap<(UserId, RoleId), Made>,
}

impl Model {
    /// How many steps each group that a user reaches is away from it.
    fn distances(&self, user: UserId) -> BTreeMap<GroupId, usize> {
        let own = self.member.keys().filter(|(it, _)| *it == user);
        let mut far: BTreeMap<_, _> = own.map(|(_, group)| (*group, 0)).collect();
        loop {
            let next = self.nested.keys().filter_map(|(low, high)| {
                far.get(low).map(|it| (*high, it + 1)).filter(|_| !far.contains_key(high))
            });
            let nearest = next.min_by_key(|(_, it)| *it);
            let Some((group, distance)) = nearest else { return far };
            far.insert(group, distance);
        }
    }

    /// Whether a way is one, and as told.
    fn check(&self, user: UserId, path: &Path, role: RoleId, distance: usize) {
        let Via::Group(end) = path.via else { panic!("{path:?} is no way through groups") };
        assert_eq!(path.way.len(), distance, "as short as it can be: {path:?}");
        let groups: Vec<_> = path.way.iter().map(|it| it.group).chain([end]).collect();
        assert_eq!(path.membership, self.member.get(&(user, groups[0])).copied());
        assert_eq!(path.grant, self.mapped[&(end, role)]);
        let mut links = vec![path.membership.unwrap(), path.grant];
        for (step, next) in path.way.iter().zip(&groups[1..]) {
            assert_eq!(step.nested, self.nested[&(step.group, *next)]);
            links.push(step.nested);
        }
        assert_eq!(path.since().at, links.iter().map(|it| it.at).max().unwrap());
    }
}

/// An organization with people of all kinds in it.
struct House {
    organization: Organization,
    users: Vec<User>,
    groups: Vec<GroupId>,
    roles: Vec<Role>,
}

impl House {
    async fn new(stage: &Stage, nested: bool) -> Self {
        let id = stage.organization(if nested { "Nested" } else { "Flat" }).await;
        let mut unit = stage.begin().await;
        let mut organization = unit.read().organizations().find(id).await.unwrap().unwrap();
        organization.nested_groups = nested;
        unit.organizations().update(&organization).await.unwrap();
        unit.commit().await.unwrap();
        let person = |at: usize| {
            let external_id = ["x", "x", "y", "z", "z", "v", "w", "u"][at];
            stage.new_user_of(&json!({
                "userName": format!("User-{at}"), "externalId": external_id, "active": at != 3,
            }))
        };
        let users: Vec<_> = (0..8).map(person).collect();
        stage.insert_users(id, &users).await;
        let (mut groups, mut roles) = (Vec::new(), Vec::new());
        for at in 0..4 {
            let mut role = stage.new_role(&format!("Role {at}"), GroupId::new(stage.ids.next()));
            role.permissions = vec!["all".to_owned(), format!("only-{at}")];
            let home = stage.group(id, &format!("Home {at}")).await;
            role.home_group = home.id;
            stage.try_insert_role(id, &role).await.unwrap();
            groups.push(home.id);
            groups.push(stage.group(id, &format!("Group {at}")).await.id);
            roles.push(role);
        }
        Self { organization, users, groups, roles }
    }

    /// Random arrows, written and noted.
    async fn fill(&self, stage: &Stage, unit: &mut dyn UnitOfWork, seed: u64) -> Model {
        let mut next = numbers(seed);
        let mut model = Model::default();
        let id = self.organization.id;
        for _ in 0..next(40) {
            let request = (next(4) > 0).then(|| RequestId::new(stage.ids.next()));
            let made = Made { at: stage.now(), request };
            unit.in_request(request);
            let (user, role) = (self.users[next(8)].id, self.roles[next(4)].id);
            let (group, other) = (self.groups[next(8)], self.groups[next(8)]);
            match next(if self.organization.nested_groups { 6 } else { 4 }) {
                0 | 1 => {
                    unit.groups().add_members(id, group, &[user], made.at).await.unwrap();
                    model.member.entry((user, group)).or_insert(made);
                }
                2 => {
                    unit.roles().map(id, group, role, made.at).await.unwrap();
                    model.mapped.entry((group, role)).or_insert(made);
                }
                3 => {
                    unit.roles().assign(id, role, &[user], made.at).await.unwrap();
                    model.assigned.entry((user, role)).or_insert(made);
                }
                // Circles among them, which no push makes.
                _ => {
                    unit.nestings().add(id, group, &[other], made.at).await.unwrap();
                    model.nested.entry((other, group)).or_insert(made);
                }
            }
        }
        model
    }

    fn check(&self, model: &Model, user: &User, access: &Access) {
        let distances = model.distances(user.id);
        let mut expected: Vec<_> = model
            .mapped
            .keys()
            .filter(|(group, _)| distances.contains_key(group))
            .map(|(group, role)| (self.role(*role), Via::Group(*group)))
            .collect();
        let assigned = model.assigned.keys().filter(|(it, _)| *it == user.id);
        expected.extend(assigned.map(|(_, role)| (self.role(*role), Via::Assignment)));
        expected.sort_by(|one, other| (&one.0.key, one.1).cmp(&(&other.0.key, other.1)));
        let told: Vec<_> = access.through.iter().map(|it| (&it.role, it.via)).collect();
        let ways: Vec<_> = expected.iter().map(|(role, via)| (&role.key, *via)).collect();
        assert_eq!(told, ways);
        for (path, (role, via)) in access.through.iter().zip(&expected) {
            match via {
                Via::Group(group) => model.check(user.id, path, role.id, distances[group]),
                Via::Assignment => assert_eq!(path.grant, model.assigned[&(user.id, role.id)]),
            }
        }
        assert_eq!(access.standing == Standing::Active, user.active());
        let held: Vec<_> = expected.iter().filter(|_| user.active()).map(|it| it.0).collect();
        let roles: BTreeSet<_> = held.iter().map(|it| &it.key).collect();
        assert_eq!(access.roles.iter().collect::<Vec<_>>(), roles.into_iter().collect::<Vec<_>>());
        let permissions: BTreeSet<_> = held.iter().flat_map(|it| &it.permissions).collect();
        let told: Vec<_> = access.permissions.iter().collect();
        assert_eq!(told, permissions.into_iter().collect::<Vec<_>>());
    }

    fn role(&self, id: RoleId) -> &Role {
        self.roles.iter().find(|it| it.id == id).unwrap()
    }

    /// Every way to ask for everybody, and for nobody.
    fn lookups(&self) -> Vec<Lookup> {
        let of = |user: &User| {
            let external_id = user.external_id().unwrap().to_owned();
            let name = user.user_name().to_uppercase();
            [
                Lookup::Id(user.id.to_string()),
                Lookup::UserName(name.clone()),
                Lookup::ExternalId(external_id.clone()),
                Lookup::NameId(name),
                Lookup::NameId(external_id),
            ]
        };
        let nobody = [
            Lookup::Id("x".to_owned()),
            Lookup::UserName("x".to_owned()),
            Lookup::UserName(String::new()),
            Lookup::ExternalId("X".to_owned()),
            Lookup::NameId("nobody".to_owned()),
        ];
        self.users.iter().flat_map(of).chain(nobody).collect()
    }

    /// Whom a look-up means.
    fn meant(&self, attribute: NameIdAttribute, lookup: &Lookup) -> Vec<&User> {
        let by_name = |text: &str| {
            let users = self.users.iter();
            users.filter(|it| it.user_name().eq_ignore_ascii_case(text)).collect::<Vec<_>>()
        };
        let by_external_id = |text: &str| {
            self.users.iter().filter(|it| it.external_id() == Some(text)).collect::<Vec<_>>()
        };
        match lookup {
            Lookup::Id(text) => self.users.iter().filter(|it| it.id.to_string() == *text).collect(),
            Lookup::UserName(text) => by_name(text),
            Lookup::ExternalId(text) => by_external_id(text),
            Lookup::NameId(text) => match attribute {
                NameIdAttribute::UserName => by_name(text),
                NameIdAttribute::ExternalId => by_external_id(text),
            },
        }
    }
}

pub async fn random_access_agrees_with_a_plain_model(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    for nested in [false, true] {
        let mut house = House::new(&stage, nested).await;
        let lookups = house.lookups();
        for seed in 0..24 {
            let attribute = NameIdAttribute::ALL[usize::from(seed % 3 == 0)];
            house.organization.name_id_attribute = attribute;
            let mut unit = stage.begin().await;
            let model = house.fill(&stage, &mut *unit, seed).await;
            let all = answers(unit.read(), &house.organization, &lookups).await.unwrap();
            assert_eq!(all.len(), lookups.len());
            for (lookup, answer) in lookups.iter().zip(&all) {
                let asked = std::slice::from_ref(lookup);
                let alone = answers(unit.read(), &house.organization, asked).await.unwrap();
                assert_eq!(&alone[0], answer, "alone and among others: {lookup:?}");
                match (house.meant(attribute, lookup).as_slice(), answer) {
                    ([], Answer::Unknown) | ([_, _, ..], Answer::Ambiguous) => {}
                    ([user], Answer::Known(access)) => {
                        assert_eq!(access.user, user.id);
                        house.check(&model, user, access);
                    }
                    (meant, told) => panic!("{lookup:?} means {}, told {told:?}", meant.len()),
                }
            }
            // Dropped: the next round begins from nothing.
        }
    }
}
