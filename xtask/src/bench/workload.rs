//! The requests of a measurement.

use std::sync::Arc;

use serde_json::json;

use super::site::{Group, OUTSIDERS, PAGE, Site};
use crate::fill::groups;
use crate::load::Work;
use crate::load::request::Door;

/// Beyond every user that is there before.
const NEW: u64 = 100_000_000;

/// What is measured at every number of users.
#[derive(Clone, Copy, Debug)]
pub enum OfUsers {
    /// By id.
    Get,
    /// By name, as identity providers look before they create.
    Find,
    /// What somebody may do, as a backend asks at sign-in.
    Access,
    /// A new one.
    Create,
    /// On and off.
    Switch,
    /// The first page of a list.
    FirstPage,
    /// A page in the middle, by `startIndex`.
    MiddlePage,
    /// The last page by `startIndex`.
    LastPage,
    /// The last page by cursor.
    LastByCursor,
}

impl OfUsers {
    /// All, as they are shown.
    pub const ALL: [Self; 9] = [
        Self::Get,
        Self::Find,
        Self::Access,
        Self::Create,
        Self::Switch,
        Self::FirstPage,
        Self::MiddlePage,
        Self::LastPage,
        Self::LastByCursor,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "get a user",
            Self::Find => "find by userName",
            Self::Access => "access of a user",
            Self::Create => "create a user",
            Self::Switch => "(de)activate a user",
            Self::FirstPage => "first 100 users",
            Self::MiddlePage => "middle 100 by index",
            Self::LastPage => "last 100 by index",
            Self::LastByCursor => "last 100 by cursor",
        }
    }

    /// The requests to a site.
    pub fn work(self, site: &Site) -> Work {
        let door = Door::with(&site.keys.scim);
        let (ids, people) = (Arc::clone(&site.ids), site.population.clone());
        let users = u64::from(site.users);
        match self {
            Self::Get => Arc::new(move |number| {
                door.get(&format!("/scim/v2/Users/{}", of(&ids, any(number, users))))
            }),
            Self::Find => Arc::new(move |number| {
                let name = people.user_name(any(number, users));
                let query = format!("filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
                door.get(&format!("/scim/v2/Users?{query}"))
            }),
            Self::Access => {
                let door = Door::with(&site.keys.access);
                let at = format!("/api/v1/organizations/{}/access", site.keys.organization);
                Arc::new(move |number| {
                    door.get(&format!("{at}?userName={}", people.user_name(any(number, users))))
                })
            }
            Self::Create => {
                Arc::new(move |number| door.post("/scim/v2/Users", &people.user(NEW + number)))
            }
            Self::Switch => {
                // Those who were imported would be taken over by their first change.
                let outsiders = Arc::clone(&site.outsiders);
                let many = outsiders.len() as u64;
                Arc::new(move |number| {
                    // Another value each time round, so that each request changes something.
                    let active = (number / many.max(1)) % 2 == 1;
                    let body = groups::replace("active", &json!(active));
                    let id = of(&outsiders, any(number, many));
                    door.patch(&format!("/scim/v2/Users/{id}"), &body)
                })
            }
            Self::FirstPage => always(door.get(&page(1))),
            Self::MiddlePage => always(door.get(&page(users / 2 + 1))),
            Self::LastPage => {
                // Nobody is created before this is measured for the last time.
                let all = users + site.outsiders.len() as u64;
                always(door.get(&page(all.saturating_sub(u64::from(PAGE)) + 1)))
            }
            Self::LastByCursor => always(door.get(&site.last_page)),
        }
    }
}

/// What is measured at every size of a group.
#[derive(Clone, Copy, Debug)]
pub enum OfGroups {
    /// One more member.
    Add,
    /// One member less.
    Remove,
    /// Another name.
    Rename,
    /// All outsiders in one request.
    Push,
    /// All of it but the members.
    Get,
    /// All of it.
    GetAll,
}

impl OfGroups {
    /// All, as they are shown.
    pub const ALL: [Self; 6] =
        [Self::Add, Self::Remove, Self::Rename, Self::Push, Self::Get, Self::GetAll];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add a member",
            Self::Remove => "remove a member",
            Self::Rename => "rename a group",
            Self::Push => "push 10,000 members",
            Self::Get => "get without members",
            Self::GetAll => "get with members",
        }
    }

    /// The requests to a group of a site.
    pub fn work(self, site: &Site, group: &Group) -> Work {
        let door = Door::with(&site.keys.scim);
        let at = target(group);
        let (outsiders, members) = (Arc::clone(&site.outsiders), group.members);
        match self {
            Self::Add => Arc::new(move |number| {
                door.patch(&at, &groups::add_members(&[of(&outsiders, number)]))
            }),
            Self::Remove => Arc::new(move |number| {
                door.patch(&at, &groups::remove_member(of(&outsiders, number)))
            }),
            Self::Rename => Arc::new(move |number| {
                let name = json!(format!("Group of {members}, name {number}"));
                door.patch(&at, &groups::replace("displayName", &name))
            }),
            Self::Push => {
                let all: Vec<&str> = outsiders.iter().map(String::as_str).collect();
                always(door.patch(&at, &groups::add_members(&all)))
            }
            Self::Get => always(door.get(&format!("{at}?excludedAttributes=members"))),
            Self::GetAll => always(door.get(&at)),
        }
    }

    /// The request that makes a group ready for a round: all outsiders are out before they join, and
    /// in before they leave.
    pub fn before(self, site: &Site, group: &Group) -> Option<Vec<u8>> {
        let door = Door::with(&site.keys.scim);
        let all: Vec<&str> = site.outsiders.iter().map(String::as_str).collect();
        match self {
            Self::Add | Self::Push => {
                Some(door.patch(&target(group), &groups::remove_members(&all)))
            }
            Self::Remove => Some(door.patch(&target(group), &groups::add_members(&all))),
            Self::Rename | Self::Get | Self::GetAll => None,
        }
    }

    /// Whether a site has what it takes.
    pub fn fits(self, site: &Site) -> bool {
        match self {
            Self::Push => site.outsiders.len() == OUTSIDERS as usize,
            Self::Add | Self::Remove | Self::Rename | Self::Get | Self::GetAll => true,
        }
    }

    /// How many requests a round can have.
    pub fn most(self, site: &Site) -> u64 {
        match self {
            // Everybody can join once, and leave once.
            Self::Add | Self::Remove => site.outsiders.len() as u64,
            Self::Push => 1,
            Self::Rename | Self::Get | Self::GetAll => u64::MAX,
        }
    }

    /// How many connections ask, where there are so many.
    pub fn connections(self, connections: usize) -> usize {
        match self {
            Self::Add | Self::Remove | Self::Rename | Self::Push | Self::Get => connections,
            // An answer that is sent while it is read waits for its client, and with one key there
            // are two of these at a time. The generator has two threads: with more connections each
            // could wait for one that waits for those that nobody reads.
            Self::GetAll => connections.min(2),
        }
    }
}

fn target(group: &Group) -> String {
    format!("/scim/v2/Groups/{}", group.id)
}

fn page(start: u64) -> String {
    format!("/scim/v2/Users?startIndex={start}&count={PAGE}")
}

fn always(request: Vec<u8>) -> Work {
    Arc::new(move |_| request.clone())
}

fn of(ids: &[String], place: u64) -> &str {
    usize::try_from(place).ok().and_then(|place| ids.get(place)).map_or("", String::as_str)
}

/// A place below a count: a prime step walks through everybody, never in the order in which they lie
/// on disk.
fn any(number: u64, count: u64) -> u64 {
    number.wrapping_mul(7_919) % count.max(1)
}

#[cfg(test)]
mod tests;
