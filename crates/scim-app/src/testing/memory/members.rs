//! The members of groups: pairs, kept in both directions.

use std::{collections::BTreeSet, sync::Arc};

use scim_domain::{GroupId, UserId, access::Made};

use super::state::{Tenant, defect};
use crate::ports::StoreError;

impl Tenant {
    /// Adds members; answers those that are new, ordered.
    pub fn join(
        &mut self,
        group: GroupId,
        users: &[UserId],
        made: Made,
    ) -> Result<Vec<UserId>, StoreError> {
        if !self.groups.contains_key(&group) {
            return Err(defect("a member of a group that is not stored"));
        }
        if users.iter().any(|it| !self.users.contains_key(it)) {
            return Err(defect("a member that is not a user of the organization"));
        }
        let members = Arc::make_mut(&mut self.members);
        let memberships = Arc::make_mut(&mut self.memberships);
        let users: BTreeSet<_> = users.iter().copied().collect();
        let joined: Vec<_> =
            users.into_iter().filter(|user| members.insert((group, *user))).collect();
        memberships.extend(joined.iter().map(|user| (*user, group)));
        for user in &joined {
            self.note((group.uuid(), user.uuid()), made);
        }
        Ok(joined)
    }

    /// Removes members; answers those that were there, ordered.
    pub fn leave(&mut self, group: GroupId, users: &[UserId]) -> Vec<UserId> {
        let members = Arc::make_mut(&mut self.members);
        let memberships = Arc::make_mut(&mut self.memberships);
        let users: BTreeSet<_> = users.iter().copied().collect();
        let left: Vec<_> =
            users.into_iter().filter(|user| members.remove(&(group, *user))).collect();
        for user in &left {
            memberships.remove(&(*user, group));
        }
        left
    }
}
