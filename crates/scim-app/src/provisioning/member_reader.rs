//! The members of groups, read bit by bit from one view of the store: so that an answer with a
//! million of them needs no more memory than one with some thousands.

use std::collections::{HashMap, VecDeque};

use scim_domain::{GroupId, group::Member};

use super::{Provisioning, Session, listing::owned};
use crate::{Error, ports::StoreError, reach::Reach};

/// How many members are held in memory at once: as text, less than a megabyte. An answer with fewer
/// is made in one piece.
pub(super) const AT_ONCE: u64 = 5_000;

/// How many groups one statement asks about at most, and at first.
const TOGETHER: usize = 16;

/// Reads the members of groups, one group after the other. Holds its session, and with it a view of
/// the store, until it is dropped.
#[derive(Debug)]
pub struct MemberReader {
    session: Session,
    at_once: u64,
    /// The groups that are still to come, the current one first.
    groups: VecDeque<GroupId>,
    /// How many groups are asked about together.
    together: usize,
    /// The members of some groups that are still to come.
    read: HashMap<GroupId, Vec<Member>>,
    /// Where the next members of the current group begin.
    after: Option<Member>,
}

/// Some members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bit {
    /// Users, then groups, by id; those of all bits together are all of the group.
    pub members: Vec<Member>,
    /// Whether these are the last of their group.
    pub last: bool,
}

impl Provisioning {
    /// With so many members in memory at once. For tests: what happens to a million members is seen
    /// with a handful.
    #[must_use]
    pub const fn with_members_at_once(mut self, members: u64) -> Self {
        self.members_at_once = members;
        self
    }

    /// What reads the members of these groups in the order given, as they are in the view of the
    /// session.
    pub fn member_reader(&self, session: Session, groups: Vec<GroupId>) -> MemberReader {
        MemberReader {
            session,
            at_once: self.members_at_once,
            groups: groups.into(),
            together: TOGETHER,
            read: HashMap::new(),
            after: None,
        }
    }
}

impl MemberReader {
    /// The next members: of the first group, and after the last bit of it, of the one that follows.
    pub async fn next(&mut self) -> Result<Bit, Error> {
        let group = self.groups.front().copied();
        let group = group.ok_or_else(|| Error::Defect("no group is left to read".to_owned()))?;
        let begins = self.after.is_none();
        if begins && let Some(members) = self.ahead(group).await? {
            self.groups.pop_front();
            return Ok(Bit { members, last: true });
        }
        let (reach, after) = (self.reach(), self.after);
        let snapshot = &mut *self.session.snapshot;
        let members = reach.members_after(snapshot, group, after, self.at_once).await?;
        let last = u64::try_from(members.len()).is_ok_and(|it| it < self.at_once);
        if last {
            self.groups.pop_front();
            self.after = None;
            // After a small group others may be small, too.
            self.together = if begins { 2 } else { 1 };
        } else {
            self.after = members.last().copied();
        }
        Ok(Bit { members, last })
    }

    /// Leaves the rest of a group unread after a bit of it.
    pub fn leave(&mut self, bit: &Bit) {
        if !bit.last {
            self.groups.pop_front();
            self.after = None;
        }
    }

    fn reach(&self) -> Reach {
        self.session.caller.reaching()
    }

    /// All members of a group, if they were read together with those of others, or can be.
    async fn ahead(&mut self, group: GroupId) -> Result<Option<Vec<Member>>, StoreError> {
        if self.read.is_empty() {
            self.read_ahead().await?;
        }
        Ok(self.read.remove(&group))
    }

    /// Reads all members of as many groups as can be held at once; nothing if that is only one.
    async fn read_ahead(&mut self) -> Result<(), StoreError> {
        loop {
            let mut groups: Vec<_> = self.groups.iter().take(self.together).copied().collect();
            if groups.len() < 2 {
                return Ok(());
            }
            groups.sort_unstable();
            let (reach, most) = (self.reach(), self.at_once);
            let snapshot = &mut *self.session.snapshot;
            if let Some(rows) = reach.members_of(snapshot, &groups, most).await? {
                let of = |group| (group, owned(&rows, &group).copied().collect());
                self.read = groups.into_iter().map(of).collect();
                self.together = (self.together * 2).min(TOGETHER);
                return Ok(());
            }
            self.together /= 4;
        }
    }
}
