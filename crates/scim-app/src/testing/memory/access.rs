//! What a backend asks at sign-in.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use scim_domain::{
    FoldedText, GroupId, OrganizationId, Timestamp, UserId,
    access::{Above, Account, Mapping, Membership, Nesting, Path, Reached, Via},
};

use super::{
    nestings::{beside, reached},
    state::{State, Tenant, UserRow},
};
use crate::ports::{AccessQueries, Departed, Departures, Mark, StoreError};

impl Tenant {
    fn account(&self, row: &UserRow) -> Account {
        let user = row.stored.id;
        let groups = self.groups_of(user).filter_map(|id| self.groups.get(&id));
        let through = groups.flat_map(|group| {
            let id = group.stored.id;
            self.roles_of(id).map(move |role| Reached {
                path: Path {
                    role: role.key.clone(),
                    via: Via::Group(id),
                    group_name: Some(group.display_name.clone()),
                    membership: Some(self.made((id.uuid(), user.uuid()))),
                    way: Vec::new(),
                    grant: self.made((id.uuid(), role.id.uuid())),
                },
                permissions: role.permissions.clone(),
            })
        });
        let assigned = self.assigned_to(user).map(|role| Reached {
            path: Path {
                role: role.key.clone(),
                via: Via::Assignment,
                group_name: None,
                membership: None,
                way: Vec::new(),
                grant: self.made((user.uuid(), role.id.uuid())),
            },
            permissions: role.permissions.clone(),
        });
        Account {
            user,
            user_name_key: row.name.as_str().to_owned(),
            active: row.stored.active,
            reached: through.chain(assigned).collect(),
        }
    }

    /// Users with their `externalId`, which is in their documents.
    fn external_ids(&self) -> impl Iterator<Item = (String, &UserRow)> {
        self.users.values().filter_map(|row| {
            let document: serde_json::Value = serde_json::from_str(&row.stored.document).ok()?;
            let external_id = document.get("externalId")?.as_str()?.to_owned();
            Some((external_id, &**row))
        })
    }

    fn name_of(&self, group: GroupId) -> String {
        self.groups.get(&group).map(|it| it.display_name.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl AccessQueries for State {
    async fn by_ids(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Account>, StoreError> {
        let tenant = self.tenant(organization);
        let users: BTreeSet<_> = users.iter().collect();
        let rows = users.into_iter().filter_map(|it| tenant.users.get(it));
        Ok(rows.map(|it| tenant.account(it)).collect())
    }

    async fn by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<Account>, StoreError> {
        let tenant = self.tenant(organization);
        let names: BTreeSet<_> = user_names.iter().collect();
        let ids = names.into_iter().filter_map(|it| tenant.user_names.get(it));
        let rows = ids.filter_map(|it| tenant.users.get(it));
        Ok(rows.map(|it| tenant.account(it)).collect())
    }

    async fn by_external_id(
        &mut self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Vec<Account>, StoreError> {
        let tenant = self.tenant(organization);
        let rows = tenant.external_ids().filter(|(it, _)| it == external_id).take(2);
        Ok(rows.map(|(_, row)| tenant.account(row)).collect())
    }

    async fn have_external_ids(
        &mut self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, UserId)>, StoreError> {
        let rows = self.tenant(organization).external_ids();
        let rows = rows.filter(|(it, _)| external_ids.contains(it));
        Ok(rows.map(|(text, row)| (text, row.stored.id)).collect())
    }

    async fn above(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Above, StoreError> {
        let tenant = self.tenant(organization);
        let mut above = Above::default();
        let mut groups = BTreeSet::new();
        for user in users.iter().copied().collect::<BTreeSet<_>>() {
            for group in tenant.groups_of(user) {
                groups.insert(group);
                let made = tenant.made((group.uuid(), user.uuid()));
                let group_name = tenant.name_of(group);
                above.memberships.push(Membership { user, group, group_name, made });
            }
        }
        groups.extend(reached(&tenant.nested_in, groups.clone().into_iter()));
        for member in groups {
            for group in beside(&tenant.nested_in, member) {
                let made = tenant.made((group.uuid(), member.uuid()));
                let group_name = tenant.name_of(group);
                above.nestings.push(Nesting { member, group, group_name, made });
            }
            above.mappings.extend(tenant.roles_of(member).map(|role| Mapping {
                group: member,
                role: role.key.clone(),
                permissions: role.permissions.clone(),
                made: tenant.made((member.uuid(), role.id.uuid())),
            }));
        }
        Ok(above)
    }

    async fn departed(
        &mut self,
        organization: OrganizationId,
        marks: &[Mark],
    ) -> Result<Vec<(Mark, Departed)>, StoreError> {
        let departed = &self.tenant(organization).departed;
        let marks: BTreeSet<_> = marks.iter().collect();
        Ok(marks.into_iter().filter_map(|it| Some((*it, *departed.get(it)?))).collect())
    }
}

#[async_trait]
impl Departures for State {
    async fn remember(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        marks: &[Mark],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let departed = Departed { user, made: self.made(now) };
        let tenant = self.tenant_mut(organization)?;
        Arc::make_mut(&mut tenant.departed).extend(marks.iter().map(|it| (*it, departed)));
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp) -> Result<(), StoreError> {
        for tenant in Arc::make_mut(&mut self.tenants).values_mut() {
            let departed = &mut Arc::make_mut(tenant).departed;
            Arc::make_mut(departed).retain(|_, it| it.made.at >= before);
        }
        Ok(())
    }
}
