//! What a key may not do although it may use SCIM: one rule for Users, Groups, PUT, PATCH and Bulk.

use scim_domain::role::MappedRole;

use super::{
    Caller,
    membership::{Place, Side},
};
use crate::{Error, error::Forbidden, ports::UnitOfWork};

impl Caller {
    /// Fails for a key that writes users alone. To read groups is no write: identity providers do
    /// it when they test their connection.
    pub(super) fn writes_groups(&self) -> Result<(), Error> {
        if self.key.limits.users_only { Err(Forbidden::UsersOnly.into()) } else { Ok(()) }
    }

    /// Fails when the key is denied any of the roles that its request leads somebody to. What the
    /// request has written must then be dropped with its unit.
    pub(super) fn may_grant<'r>(
        &self,
        mut roles: impl Iterator<Item = &'r MappedRole>,
    ) -> Result<(), Error> {
        match roles.find(|it| self.key.limits.deny(&it.key)) {
            None => Ok(()),
            Some(MappedRole { key, name, .. }) => {
                Err(Forbidden::RoleDenied { key: key.clone(), name: name.clone() }.into())
            }
        }
    }
}

/// Fails when members joined a group that leads to a role which the key is denied: active or not,
/// users or groups, and whether they hold the role on another way already. Otherwise it would be
/// granted later, by whoever activates the user or ends the other way, and nobody would have meant
/// it. To be asked once the push is written, mappings of a new group included.
pub(super) async fn check_push(
    caller: &Caller,
    unit: &mut dyn UnitOfWork,
    place: Place,
    joined: &Side,
) -> Result<(), Error> {
    if caller.key.limits.denied_roles.is_empty() || joined.is_empty() {
        return Ok(());
    }
    let leads = if place.nested {
        place.reach().leads(unit.read(), place.group).await?
    } else {
        unit.read().roles().mapped(place.organization, &[place.group]).await?
    };
    caller.may_grant(leads.iter().map(|(_, role)| role))
}
