//! The requests of a measurement, as bytes.

use std::sync::Arc;

use crate::load::request::Door;
use crate::population::Population;

/// What one target is asked, over and over.
#[derive(Clone, Debug)]
pub struct Workload {
    /// What.
    pub kind: Kind,
    /// With which key.
    pub door: Door,
    /// Of whom.
    pub population: Population,
}

/// A kind of request.
#[derive(Clone, Debug)]
pub enum Kind {
    /// The bare handler's only page.
    Bare,
    /// One user after the other, by id.
    ById(Arc<[String]>),
    /// One of so many first users after the other, by name.
    ByName(u64),
    /// What one of so many first users after the other may do in an organization, by name.
    Access(String, u64),
    /// A user that is not there yet.
    Create,
}

impl Workload {
    /// The request with that number, counted over all rounds of a target.
    pub fn request(&self, number: u64) -> Vec<u8> {
        // A prime step walks through everybody, never in the order in which they lie on disk.
        let any = |count: u64| number.wrapping_mul(7919) % count.max(1);
        match &self.kind {
            Kind::Bare => self.door.get("/"),
            Kind::ById(ids) => {
                let place = usize::try_from(any(ids.len() as u64)).unwrap_or_default();
                let id = ids.get(place).map_or("", String::as_str);
                self.door.get(&format!("/scim/v2/Users/{id}"))
            }
            Kind::ByName(users) => {
                let name = self.population.user_name(any(*users));
                let query = format!("filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
                self.door.get(&format!("/scim/v2/Users?{query}"))
            }
            Kind::Access(organization, users) => {
                let name = self.population.user_name(any(*users));
                self.door
                    .get(&format!("/api/v1/organizations/{organization}/access?userName={name}"))
            }
            Kind::Create => self.door.post("/scim/v2/Users", &self.population.user(number)),
        }
    }
}

#[cfg(test)]
mod tests;
