//! What identity providers ask, one as the other: whether somebody is there, who it is, whether he may
//! still come in, and who else there is.

use std::fmt;
use std::sync::Arc;

use serde_json::json;

use super::house::Organization;
use crate::fill::groups;
use crate::load::Work;

/// What a page holds.
const PAGE: u64 = 100;

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// By `userName`, as before each create.
    Find,
    /// By id.
    Get,
    /// On and off.
    Switch,
    /// A page of the list, as an import reads it.
    Page,
}

/// The kinds as they take turns: an import, which reads page after page, and changes meanwhile. Of what
/// identity providers send it is the dearest, so that the generator, which has the same cores, is cheap
/// beside what it asks for.
const TURNS: [Kind; 10] = [
    Kind::Page,
    Kind::Find,
    Kind::Page,
    Kind::Switch,
    Kind::Page,
    Kind::Page,
    Kind::Get,
    Kind::Page,
    Kind::Switch,
    Kind::Page,
];

/// Every so many turns there is a switch, so that everybody's comes once in so many times all of them.
const SWITCHED: u64 = 5;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Find => "find by userName",
            Self::Get => "get a user",
            Self::Switch => "(de)activate a user",
            Self::Page => "page of 100",
        })
    }
}

impl Kind {
    /// Of the request with that number, to one of so many organizations.
    pub fn of(number: u64, organizations: u64) -> Self {
        let turn = number / organizations.max(1) % TURNS.len() as u64;
        usize::try_from(turn).ok().and_then(|turn| TURNS.get(turn)).copied().unwrap_or(Self::Get)
    }
}

/// The requests, to each organization in turn.
pub fn work(organizations: &[Organization]) -> Work {
    let organizations = organizations.to_vec();
    let many = organizations.len().max(1) as u64;
    Arc::new(move |number| {
        let place = usize::try_from(number % many).unwrap_or_default();
        let organization = organizations.get(place);
        organization.map(|it| it.request(Kind::of(number, many), number / many)).unwrap_or_default()
    })
}

impl Organization {
    /// The request of that turn.
    fn request(&self, kind: Kind, turn: u64) -> Vec<u8> {
        let users = self.ids.len().max(1) as u64;
        let person = turn.wrapping_mul(7_919) % users;
        let id = usize::try_from(person).ok().and_then(|place| self.ids.get(place));
        let id = id.map_or("", String::as_str);
        match kind {
            Kind::Find => {
                let name = self.people.user_name(person);
                let query = format!("filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
                self.door.get(&format!("/scim/v2/Users?{query}"))
            }
            Kind::Get => self.door.get(&format!("/scim/v2/Users/{id}")),
            Kind::Switch => {
                // Another value each time round; but where requests are refused, the same may come
                // twice. The title always changes, so that one costs as much as another.
                let active = (turn / (users * SWITCHED)).is_multiple_of(2);
                let value = json!({ "active": active, "title": format!("Title {turn}") });
                let body = groups::merge(&value);
                self.door.patch(&format!("/scim/v2/Users/{id}"), &body)
            }
            Kind::Page => {
                let first = 1 + PAGE * (turn % (users / PAGE).max(1));
                self.door.get(&format!("/scim/v2/Users?startIndex={first}&count={PAGE}"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
