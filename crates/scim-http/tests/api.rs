//! The management API, as a backend sees it.

#[cfg(test)]
mod access;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod events;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod history;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod mapping_rules;
#[cfg(test)]
mod organizations;
#[cfg(test)]
mod public_keys;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod switching;

#[cfg(test)]
mod users;

#[cfg(test)]
use crate::common::World;

/// A path below the world's organization.
#[cfg(test)]
fn within(world: &World, rest: &str) -> String {
    format!("/organizations/{}{rest}", world.tenant.organization.id)
}
