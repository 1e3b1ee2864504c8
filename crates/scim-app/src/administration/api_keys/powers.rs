//! Who may give which permissions to a key.

use std::collections::BTreeSet;

use scim_domain::api_key::Permission;

use super::super::Administration;
use crate::{Actor, Error, error::Forbidden, ports::UnitOfWork};

impl Administration {
    /// Fails unless whoever acts may have a key with these permissions in hand: it is the rule for
    /// creating, changing and rotating, and for adding public keys. A key gives what it has itself, as this unit sees it, and
    /// beside that `scim`, which a key for managing cannot have: connecting an identity provider is
    /// what the backend of a dashboard does.
    pub(in crate::administration) async fn may_give(
        &self,
        unit: &mut dyn UnitOfWork,
        permissions: &BTreeSet<Permission>,
    ) -> Result<(), Error> {
        let held = match &self.actor {
            // Whoever can type commands here can write the database as well.
            Actor::Cli(_) | Actor::System => return Ok(()),
            Actor::ApiKey(id) => {
                let acting = unit.read().api_keys().authenticate(*id).await?;
                acting.map(|(key, _)| key.permissions).unwrap_or_default()
            }
        };
        let gives = |it: &Permission| *it == Permission::Scim || held.contains(it);
        match permissions.iter().find(|it| !gives(it)) {
            None => Ok(()),
            Some(permission) => Err(Forbidden::CannotGive(*permission).into()),
        }
    }
}
