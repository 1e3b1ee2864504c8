//! A receiver that follows, and one that lost everything.

use std::collections::{BTreeMap, BTreeSet};

use scim_app::{
    administration::{NewRole, RoleChange},
    feed::{PublishedEvent, Refused},
};
use scim_domain::{UserId, role::RoleKey};

use super::{Following, following};
use crate::world::World;

/// What a backend keeps: who holds which roles, and what roles permit.
#[derive(Clone, Debug, Default, PartialEq)]
struct Receiver {
    after: u64,
    holdings: BTreeSet<(String, String)>,
    permissions: BTreeMap<String, Vec<String>>,
}

impl Receiver {
    /// Applies events up to the newest, as the guide says.
    async fn catch_up(&mut self, it: &Following) -> Result<(), Refused> {
        it.sealer.run().await?;
        loop {
            let page = it.feeds.read(it.world.organization, Some(self.after), 3).await?;
            for event in page.events {
                self.apply(&PublishedEvent::new(it.world.organization, event));
            }
            self.after = page.next_after;
            if page.next_after == page.position.latest {
                return Ok(());
            }
        }
    }

    fn apply(&mut self, event: &PublishedEvent) {
        let text = |name: &str| event.data[name].as_str().unwrap().to_owned();
        let user = event.subject.id.clone();
        match event.r#type {
            "role.granted" => {
                self.holdings.insert((user, text("role")));
            }
            "role.revoked" => {
                self.holdings.remove(&(user, text("role")));
            }
            "role.created" | "role.updated" => {
                let all = event.data["permissions"].as_array().unwrap();
                let all = all.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
                self.permissions.insert(text("key"), all);
            }
            "role.deleted" => {
                self.permissions.remove(&text("key"));
            }
            _ => {}
        }
    }

    /// Reads the present state; `meanwhile` happens between looking for the place and reading.
    async fn begin(it: &Following, meanwhile: impl AsyncFnOnce()) -> Self {
        it.sealer.run().await.unwrap();
        let after = it.latest().await;
        meanwhile().await;
        Self { after, ..Self::truth(it).await }
    }

    /// What is so.
    async fn truth(it: &Following) -> Self {
        let (admin, organization) = (&it.world.admin, it.world.organization);
        let window = scim_app::ports::Window { offset: 0, limit: 1_000 };
        let mut truth = Self::default();
        for user in admin.list_users(organization, None, window).await.unwrap().items {
            let access = it.world.access(&user.user_name).await;
            let holding = |role: &RoleKey| (user.id.to_string(), role.to_string());
            truth.holdings.extend(access.roles.iter().map(holding));
        }
        for role in admin.list_roles(organization).await.unwrap() {
            truth.permissions.insert(role.role.key.to_string(), role.role.permissions);
        }
        truth
    }

    fn knows(&self, truth: &Self) {
        assert_eq!((&self.holdings, &self.permissions), (&truth.holdings, &truth.permissions));
    }
}

/// A small random life of an organization.
struct Life {
    state: u64,
    users: Vec<UserId>,
    groups: Vec<String>,
    roles: usize,
}

impl Life {
    fn draw(&mut self, below: usize) -> usize {
        // Knuth's multiplicative generator: the same in every run.
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        usize::try_from(self.state >> 33).unwrap() % below
    }

    async fn step(&mut self, world: &World) {
        let (user, group) = (self.draw(self.users.len()), self.draw(self.groups.len()));
        let (user, group) = (self.users[user], self.groups[group].clone());
        match self.draw(9) {
            0 | 1 => world.add(&group, user).await,
            2 => world.remove(&group, user).await,
            3 => world.set_active(user, false).await,
            4 => world.set_active(user, true).await,
            5 => {
                let role = world.admin.list_roles(world.organization).await.unwrap();
                let role = role[self.draw(role.len())].role.key.clone();
                let id = scim_domain::GroupId::parse(&group).unwrap();
                // A home group stays mapped to its own role: then nothing happens.
                let _ = if self.draw(2) == 0 {
                    world.admin.map_group(world.organization, id, &role).await
                } else {
                    world.admin.unmap_group(world.organization, id, &role).await
                };
            }
            6 => {
                let name = format!("user-{}", self.state);
                self.users.push(world.create(&name).await);
            }
            7 => {
                self.roles += 1;
                let new = NewRole {
                    name: format!("Role {}", self.roles),
                    description: String::new(),
                    permissions: vec![format!("cases:{}", self.roles)],
                    privileged: false,
                };
                let role = world.admin.create_role(world.organization, new).await.unwrap();
                self.groups.push(role.home_group.to_string());
            }
            _ => {
                let permissions = Some(vec![format!("cases:{}", self.state)]);
                let change = RoleChange { permissions, ..RoleChange::default() };
                world
                    .admin
                    .update_role(world.organization, &RoleKey::of_name("analyst"), change)
                    .await
                    .unwrap();
            }
        }
    }
}

// W6
#[tokio::test]
async fn a_receiver_that_lost_everything_rebuilds_its_exact_state() {
    for seed in 1..=6 {
        let it = following().await;
        let mut life = Life { state: seed, users: Vec::new(), groups: Vec::new(), roles: 0 };
        for name in ["ann", "bob", "cid"] {
            life.users.push(it.world.create(name).await);
        }
        for role in ["admin", "analyst", "developer"] {
            life.groups.push(it.world.home_of(role).await);
        }
        life.groups.push(it.world.push_group("Pushed", &[]).await);
        let mut faithful = Receiver::default();
        let mut forgetful = Receiver::default();
        for round in 0..60 {
            life.step(&it.world).await;
            if round % 10 == 5 {
                // It lost everything, and the world turns while it reads.
                let life = &mut life;
                forgetful = Receiver::begin(&it, async || {
                    for _ in 0..5 {
                        life.step(&it.world).await;
                    }
                })
                .await;
            }
            if round % 3 == 0 {
                faithful.catch_up(&it).await.unwrap();
                faithful.knows(&Receiver::truth(&it).await);
            }
        }
        forgetful.catch_up(&it).await.unwrap();
        let truth = Receiver::truth(&it).await;
        forgetful.knows(&truth);
        faithful.catch_up(&it).await.unwrap();
        faithful.knows(&truth);
        assert!(!truth.holdings.is_empty());
    }
}
