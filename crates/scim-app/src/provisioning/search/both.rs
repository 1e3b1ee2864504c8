//! What must be looked at of users and of groups for one part of both.

use std::sync::Arc;

use scim_domain::{
    Invalid, OrganizationId, Reason, group::StoredGroup, resource::sort::Sort, schema::Catalog,
    user::StoredUser,
};

use crate::{
    Error,
    ports::{Keyset, Page, Part, Snapshot, Window},
    provisioning::listing::Question,
};

/// How far into the common order of users and groups a page may end: all before it must be put in
/// order first.
const DEEPEST: u64 = 100_000;

/// Users and groups among which the part is, and which part of these it is.
pub(super) struct Gathered<'p> {
    pub users: Page<StoredUser>,
    pub groups: Page<StoredGroup>,
    pub part: Part<'p>,
}

pub(super) async fn gather<'p>(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    catalog: &Arc<Catalog>,
    (of_users, of_groups): (&Question, &Question),
    part: Part<'p>,
) -> Result<Gathered<'p>, Error> {
    match part {
        Part::Window(window) => {
            let end = end(window)?;
            let head = Part::Window(Window { offset: 0, limit: end });
            let groups =
                snapshot.groups().search(organization, of_groups.search(catalog, head)).await?;
            // Before a user at most all groups are in the way, so those users are before the page
            // for certain. Groups are few as a rule: a late page of users costs little more than a
            // first.
            let groups_ahead = u64::try_from(groups.items.len()).unwrap_or(u64::MAX);
            let passed = window.offset.saturating_sub(groups_ahead).min(end);
            let rest = Part::Window(Window { offset: passed, limit: end - passed });
            let users =
                snapshot.users().search(organization, of_users.search(catalog, rest)).await?;
            let part = Part::Window(Window { offset: window.offset - passed, ..window });
            Ok(Gathered { users, groups, part })
        }
        Part::Keyset(keyset) => {
            let (by_users, by_groups) = (of_users.sort.as_ref(), of_groups.sort.as_ref());
            let own = own(by_users, by_groups, keyset);
            let users =
                snapshot.users().search(organization, of_users.search(catalog, own)).await?;
            let own = self::own(by_groups, by_users, keyset);
            let groups =
                snapshot.groups().search(organization, of_groups.search(catalog, own)).await?;
            Ok(Gathered { users, groups, part })
        }
    }
}

/// Where a page ends in the common order; at its very beginning if only the total is wanted.
fn end(window: Window) -> Result<u64, Invalid> {
    if window.limit == 0 {
        return Ok(0);
    }
    let end = window.offset.saturating_add(window.limit);
    let detail = || {
        format!(
            "Of users and groups together, only the first {DEEPEST} matches can be read in pages. \
             Narrow the filter, search /Users and /Groups each on its own, or page by cursor."
        )
    };
    if end > DEEPEST { Err(Invalid::new(Reason::TooMany, detail())) } else { Ok(end) }
}

/// What a part of the common order can have of one type, and one more, to know whether there is
/// more. All of a type without the attribute of the order are last ascending and first descending.
fn own<'p>(own: Option<&Sort>, other: Option<&Sort>, keyset: Keyset<'p>) -> Part<'p> {
    let limit = if keyset.limit == 0 { 0 } else { keyset.limit.saturating_add(1) };
    let keyset = Keyset { limit, ..keyset };
    let valued = keyset.place.is_some_and(|it| !it.key.is_missing());
    Part::Keyset(match (own, other) {
        (None, Some(order)) if valued => {
            let ahead = order.descending == keyset.backwards;
            Keyset { place: None, limit: if ahead { limit } else { 0 }, ..keyset }
        }
        (None | Some(_), None | Some(_)) => keyset,
    })
}
