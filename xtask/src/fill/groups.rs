//! Groups of given sizes.

use std::str::FromStr;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::people::Entrance;
use crate::load::request::once;

/// Members in one request; the service takes 150,000.
const CHUNK: usize = 50_000;
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// How many groups there shall be, and how big.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes(Vec<Size>);

/// Some groups of one size; without a number, with everybody in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    groups: u32,
    members: Option<usize>,
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(size).collect::<Result<_, _>>().map(Self)
    }
}

fn size(word: &str) -> Result<Size, String> {
    let wrong = |_| format!("{word} is no size: write 100, all, or 50x10 for 50 groups of 10");
    let (groups, members) = word.split_once('x').unwrap_or(("1", word));
    let groups = groups.parse().map_err(wrong)?;
    let members = match members {
        "all" => None,
        number => Some(number.parse().map_err(wrong)?),
    };
    Ok(Size { groups, members })
}

/// Creates groups of these sizes out of the users with these ids, and answers how many groups and
/// memberships that were. A size beyond them all is left out.
///
/// # Errors
/// When the service refuses anything.
pub fn create_all(
    entrance: &Entrance,
    sizes: &Sizes,
    seed: u64,
    ids: &[String],
) -> Result<(u64, u64)> {
    let plan = plan(sizes, seed, ids.len());
    let all = plan.iter().map(|group| group.members as u64).sum();
    let bar = entrance.progress(all, "memberships");
    for Planned { name, first, members } in &plan {
        let id = create(entrance, name)?;
        // Round the whole company, from somewhere in it.
        let chosen: Vec<&str> =
            ids.iter().cycle().skip(*first).take(*members).map(String::as_str).collect();
        fill(entrance, &id, &chosen).with_context(|| format!("adding members to {name}"))?;
        bar.inc(chosen.len() as u64);
    }
    bar.finish_and_clear();
    Ok((plan.len() as u64, all))
}

/// A group to be.
#[derive(Debug, PartialEq, Eq)]
struct Planned {
    name: String,
    first: usize,
    members: usize,
}

fn plan(sizes: &Sizes, seed: u64, users: usize) -> Vec<Planned> {
    let mut planned = Vec::new();
    for size in &sizes.0 {
        let members = size.members.unwrap_or(users);
        if members > users {
            continue;
        }
        for number in 1..=size.groups {
            // Steps that meet every place before they come round, for any number of users.
            let step = 7_919_usize.wrapping_mul(planned.len() + 1).wrapping_add(number as usize);
            let first = usize::try_from(seed).unwrap_or_default().wrapping_add(step) % users.max(1);
            let name = match size.members {
                Some(members) => format!("Team of {members}, no. {number}"),
                None => format!("Everyone, no. {number}"),
            };
            planned.push(Planned { name, first, members });
        }
    }
    planned
}

/// Creates an empty group and answers its id.
///
/// # Errors
/// When the service refuses it.
pub fn create(entrance: &Entrance, name: &str) -> Result<String> {
    let group = json!({ "schemas": [GROUP], "displayName": name });
    let made = once(entrance.address, &entrance.door.post("/scim/v2/Groups", &group))
        .with_context(|| format!("creating the group {name}"))?;
    made["id"].as_str().map(str::to_owned).context("a group was created without an id")
}

/// Adds members to a group, in as few requests as may be.
///
/// # Errors
/// When the service refuses it.
pub fn fill(entrance: &Entrance, id: &str, members: &[&str]) -> Result<()> {
    for some in members.chunks(CHUNK) {
        let request = entrance.door.patch(&format!("/scim/v2/Groups/{id}"), &add_members(some));
        once(entrance.address, &request)?;
    }
    Ok(())
}

/// The PATCH that adds members.
pub fn add_members(members: &[&str]) -> Value {
    let values: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    operation(&json!({ "op": "add", "path": "members", "value": values }))
}

/// The PATCH that removes members.
pub fn remove_members(members: &[&str]) -> Value {
    let values: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    operation(&json!({ "op": "remove", "path": "members", "value": values }))
}

/// The PATCH that removes a member.
pub fn remove_member(id: &str) -> Value {
    operation(&json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }))
}

/// The PATCH that replaces a value.
pub fn replace(path: &str, value: &Value) -> Value {
    operation(&json!({ "op": "replace", "path": path, "value": value }))
}

/// The PATCH that replaces several values, which need no path.
pub fn merge(values: &Value) -> Value {
    operation(&json!({ "op": "replace", "value": values }))
}

fn operation(operation: &Value) -> Value {
    json!({ "schemas": [PATCH], "Operations": [operation] })
}

#[cfg(test)]
mod tests;
