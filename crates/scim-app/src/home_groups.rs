//! Making the home group of a role: no name in use can stand in its way.

use scim_domain::{
    Event, FoldedText, GroupId, OrganizationId, Timestamp, group::Group, role::home_group_name,
    schema::Catalog,
};

use crate::{Error, ports::UnitOfWork};

/// Creates an empty group under the role's name or, where that is taken, the next free one of
/// `Name (role)`, `Name (role 2)`, …
pub(crate) async fn create(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    id: GroupId,
    role_name: &str,
    now: Timestamp,
) -> Result<Vec<Event>, Error> {
    for attempt in 0.. {
        let name = home_group_name(role_name, attempt);
        let key = FoldedText::of_name("displayName", &name)?;
        if unit.read().groups().find_by_name(organization, &key).await?.is_some() {
            continue;
        }
        let (group, events) = Group::home(id, &name, now)?.into_parts();
        // A name and nothing else: the same under the schemas of every organization.
        unit.groups().insert(organization, &Catalog::standard(), &group).await?;
        return Ok(events);
    }
    Err(Error::Defect("every name is in use".to_owned()))
}
