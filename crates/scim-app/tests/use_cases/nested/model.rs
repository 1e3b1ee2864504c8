//! Random nestings, memberships, mappings and activity: what the store tells of roles is what a
//! plain model tells, and so is what a receiver makes of the events.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use scim_domain::{EventKind, GroupId, Subject, UserId, role::RoleKey};

use super::nesting;
use crate::world::{World, group_json};

const GROUPS: usize = 6;
const USERS: usize = 4;
const ROLES: [&str; 3] = ["admin", "analyst", "developer"];

#[derive(Clone, Debug)]
enum Step {
    /// Users and groups join a group and others leave it, in one request.
    Push {
        group: usize,
        users: Vec<(usize, bool)>,
        groups: Vec<(usize, bool)>,
    },
    /// Exactly these.
    Set {
        group: usize,
        users: Vec<usize>,
        groups: Vec<usize>,
    },
    Map {
        group: usize,
        role: usize,
        mapped: bool,
    },
    Active {
        user: usize,
        active: bool,
    },
    Delete {
        group: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let user = || 0..USERS;
    let group = || 0..GROUPS;
    let push = (
        group(),
        prop::collection::vec((user(), any::<bool>()), 0..3),
        prop::collection::vec((group(), prop::bool::weighted(0.7)), 0..3),
    );
    let set = (group(), prop::collection::vec(user(), 0..3), prop::collection::vec(group(), 0..3));
    let step = prop_oneof![
        6 => push.prop_map(|(group, users, groups)| Step::Push { group, users, groups }),
        2 => set.prop_map(|(group, users, groups)| Step::Set { group, users, groups }),
        3 => (group(), 0..ROLES.len(), prop::bool::weighted(0.7))
            .prop_map(|(group, role, mapped)| Step::Map { group, role, mapped }),
        2 => (user(), any::<bool>()).prop_map(|(user, active)| Step::Active { user, active }),
        1 => group().prop_map(|group| Step::Delete { group }),
    ];
    prop::collection::vec(step, 1..25)
}

#[derive(Clone, Debug, Default)]
struct Model {
    users: BTreeSet<(usize, usize)>,
    groups: BTreeSet<(usize, usize)>,
    mapped: BTreeSet<(usize, usize)>,
    inactive: BTreeSet<usize>,
}

impl Model {
    /// Whether `member` is `group` or somewhere below it.
    fn reaches(&self, member: usize, group: usize) -> bool {
        let mut seen = BTreeSet::from([member]);
        let mut open = vec![member];
        while let Some(it) = open.pop() {
            let above = self.groups.iter().filter(|(_, member)| *member == it);
            open.extend(above.map(|(group, _)| *group).filter(|it| seen.insert(*it)));
        }
        seen.contains(&group)
    }

    fn roles(&self, user: usize) -> BTreeSet<String> {
        if self.inactive.contains(&user) {
            return BTreeSet::new();
        }
        let own = self.users.iter().filter(|(_, it)| *it == user);
        let led = own.flat_map(|(own, _)| {
            let mapped = self.mapped.iter().filter(|(group, _)| self.reaches(*own, *group));
            mapped.map(|(_, role)| ROLES[*role].to_owned())
        });
        led.collect()
    }

    /// The same step, and whether it is to be accepted.
    fn take(&mut self, step: &Step) -> bool {
        let mut joins = Vec::new();
        let before = self.clone();
        match step {
            Step::Push { group, users, groups } => {
                // The last word about each counts.
                let users: BTreeMap<_, _> = users.iter().copied().collect();
                let groups: BTreeMap<_, _> = groups.iter().copied().collect();
                for (user, joining) in users {
                    let pair = (*group, user);
                    if joining {
                        self.users.insert(pair)
                    } else {
                        self.users.remove(&pair)
                    };
                }
                for (member, joining) in groups {
                    if joining {
                        joins.push((*group, member));
                    } else {
                        self.groups.remove(&(*group, member));
                    }
                }
            }
            Step::Set { group, users, groups } => {
                self.users.retain(|(it, _)| it != group);
                self.users.extend(users.iter().map(|it| (*group, *it)));
                self.groups.retain(|(it, _)| it != group);
                joins.extend(groups.iter().map(|it| (*group, *it)));
            }
            Step::Map { group, role, mapped: true } => {
                self.mapped.insert((*group, *role));
            }
            Step::Map { group, role, mapped: false } => {
                self.mapped.remove(&(*group, *role));
            }
            Step::Active { user, active: true } => {
                self.inactive.remove(user);
            }
            Step::Active { user, active: false } => {
                self.inactive.insert(*user);
            }
            Step::Delete { group } => {
                self.users.retain(|(it, _)| it != group);
                self.groups.retain(|(one, other)| one != group && other != group);
                self.mapped.retain(|(it, _)| it != group);
            }
        }
        let circle = joins.iter().any(|(group, member)| before.reaches(*group, *member));
        if circle {
            *self = before;
        } else {
            self.groups.extend(joins);
        }
        !circle
    }
}

struct Stage {
    world: World,
    users: Vec<UserId>,
    groups: Vec<String>,
    made: usize,
}

impl Stage {
    async fn new() -> Self {
        let world = nesting().await;
        let mut users = Vec::new();
        for number in 0..USERS {
            users.push(world.create(&format!("user{number}")).await);
        }
        let mut groups = Vec::new();
        for number in 0..GROUPS {
            groups.push(world.push_group(&format!("Group {number}"), &[]).await);
        }
        Self { world, users, groups, made: GROUPS }
    }

    fn members(&self, users: &[usize], groups: &[usize]) -> String {
        let users = users.iter().map(|it| self.users[*it].to_string());
        let groups = groups.iter().map(|it| self.groups[*it].clone());
        let all: Vec<_> =
            users.chain(groups).map(|it| serde_json::json!({ "value": it })).collect();
        serde_json::Value::from(all).to_string()
    }

    /// Takes a step; answers whether it was accepted.
    async fn take(&mut self, step: &Step) -> bool {
        let world = &self.world;
        match step {
            Step::Push { group, users, groups } => {
                let mut operations = Vec::new();
                let mut say = |joining: bool, members: String| {
                    let op = if joining { "add" } else { "remove" };
                    operations
                        .push(format!(r#"{{"op":"{op}","path":"members","value":{members}}}"#));
                };
                for (user, joining) in users {
                    say(*joining, self.members(&[*user], &[]));
                }
                for (member, joining) in groups {
                    say(*joining, self.members(&[], &[*member]));
                }
                if operations.is_empty() {
                    return true;
                }
                world.patch_group(&self.groups[*group], &operations.join(",")).await.is_ok()
            }
            Step::Set { group, users, groups } => {
                let members = self.members(users, groups);
                let set = format!(r#"{{"op":"replace","path":"members","value":{members}}}"#);
                world.patch_group(&self.groups[*group], &set).await.is_ok()
            }
            Step::Map { group, role, mapped } => {
                let id = GroupId::parse(&self.groups[*group]).unwrap();
                let (acme, role) = (world.organization, RoleKey::read(ROLES[*role]));
                if *mapped {
                    world.admin.map_group(acme, id, &role).await.is_ok()
                } else {
                    world.admin.unmap_group(acme, id, &role).await.is_ok()
                }
            }
            Step::Active { user, active } => {
                world.set_active(self.users[*user], *active).await;
                true
            }
            Step::Delete { group } => {
                world.delete_group(&self.groups[*group]).await.unwrap();
                self.made += 1;
                let body = group_json(&format!("Group {}", self.made), None);
                let fresh = self.world.try_push_group(body).await.unwrap();
                self.groups[*group] = fresh.value.group.id.to_string();
                true
            }
        }
    }

    /// What a receiver of the events believes, as long as each tells something new.
    async fn believed(&self) -> BTreeSet<(UserId, String)> {
        let mut held = BTreeSet::new();
        for event in self.world.events().await {
            let Subject::User(user) = event.subject else { continue };
            let pair = || (user, event.data["role"].as_str().unwrap().to_owned());
            if event.kind == EventKind::RoleGranted {
                assert!(held.insert(pair()), "granted twice: {event:?}");
            } else if event.kind == EventKind::RoleRevoked {
                assert!(held.remove(&pair()), "not held: {event:?}");
            }
        }
        held
    }
}

async fn run(steps: Vec<Step>) {
    let mut stage = Stage::new().await;
    let mut model = Model::default();
    for step in &steps {
        assert_eq!(stage.take(step).await, model.take(step), "{step:?}");
        let mut expected = BTreeSet::new();
        for (number, user) in stage.users.iter().enumerate() {
            let roles: BTreeSet<_> =
                stage.world.roles_of(&format!("user{number}")).await.into_iter().collect();
            assert_eq!(roles, model.roles(number), "user {number} after {step:?}");
            expected.extend(roles.into_iter().map(|it| (*user, it)));
        }
        assert_eq!(stage.believed().await, expected, "after {step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // N8
    #[test]
    fn access_and_events_follow_every_change_of_the_nesting(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}
