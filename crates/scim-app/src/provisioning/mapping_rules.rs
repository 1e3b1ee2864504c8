//! What an organization's mapping rules make of a new group.

use scim_domain::{Event, Timestamp, group::Group};

use super::Caller;
use crate::{Error, ports::UnitOfWork};

/// Maps a group that an identity provider has just created to the roles of the rules that match its
/// name; each role once, by its oldest rule. To be asked before anybody joins the group, so that
/// those who do are granted its roles as on any other way.
///
/// Costs nothing where no rules apply.
pub(super) async fn apply(
    unit: &mut dyn UnitOfWork,
    caller: &Caller,
    group: &Group,
    now: Timestamp,
) -> Result<Vec<Event>, Error> {
    if !caller.organization.mapping_rules {
        return Ok(Vec::new());
    }
    let organization = caller.organization();
    // As it is now: somebody may have switched the rules off since the request was let in.
    let found = unit.read().organizations().find(organization).await?;
    if !found.is_some_and(|it| it.mapping_rules) {
        return Ok(Vec::new());
    }
    let mut events = Vec::new();
    for (rule, key) in unit.read().mapping_rules().list(organization).await? {
        if rule.pattern.matches(group.display_name_key())
            && unit.roles().map(organization, group.id, rule.role, now).await?
        {
            events.push(rule.mapped(group.id, &key));
        }
    }
    Ok(events)
}
