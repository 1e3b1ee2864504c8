//! What the rows of a look-up at sign-in mean.

use scim_app::ports::{Departed, Mark};
use scim_domain::{
    GroupId, RequestId, UserId,
    access::{Account, Made, Mapping, Membership, Nesting, Path, Reached, Via},
    role::RoleKey,
};

use super::{Result, moment};
use crate::{error::inconsistent, session::Row};

/// A user, or a way from one to a role.
pub(crate) enum AccountRow {
    User(Account),
    Reached(UserId, Reached),
}

/// One link of what lies above groups.
pub(crate) enum AboveRow {
    Membership(Membership),
    Nesting(Nesting),
    Mapping(Mapping),
}

/// A moment, and the request in the next column.
fn made(row: &dyn Row, column: usize) -> Result<Made> {
    let request = row.optional_id(column + 1)?.map(RequestId::new);
    Ok(Made { at: moment(row, column)?, request })
}

fn permissions(row: &dyn Row, column: usize) -> Result<Vec<String>> {
    serde_json::from_str(&row.text(column)?)
        .map_err(|_| inconsistent("roles", "the permissions are no list of names"))
}

/// What the row is, user, how it was granted, role key, permissions, group, its name, how the user
/// came into it, key of the user's name, active.
pub(crate) fn read_account(row: &dyn Row) -> Result<AccountRow> {
    let user = UserId::new(row.id(1)?);
    let (via, group_name, membership) = match row.int(0)? {
        0 => {
            let active = row.optional_flag(11)?.unwrap_or(false);
            let user_name_key = row.text(10)?;
            return Ok(AccountRow::User(Account {
                user,
                user_name_key,
                active,
                reached: Vec::new(),
            }));
        }
        1 => (Via::Group(GroupId::new(row.id(6)?)), row.optional_text(7)?, Some(made(row, 8)?)),
        _ => (Via::Assignment, None, None),
    };
    let path = Path {
        role: RoleKey::read(row.text(4)?),
        via,
        group_name,
        membership,
        way: Vec::new(),
        grant: made(row, 2)?,
    };
    Ok(AccountRow::Reached(user, Reached { path, permissions: permissions(row, 5)? }))
}

/// What the row is, how it came, user, member or role, group, name of the group or key of the role,
/// permissions.
pub(crate) fn read_above(row: &dyn Row) -> Result<AboveRow> {
    let (made, group, name) = (made(row, 1)?, GroupId::new(row.id(4)?), row.text(5)?);
    Ok(match row.int(0)? {
        0 => {
            let user = UserId::new(row.id(3)?);
            AboveRow::Membership(Membership { user, group, group_name: name, made })
        }
        1 => {
            let member = GroupId::new(row.id(3)?);
            AboveRow::Nesting(Nesting { member, group, group_name: name, made })
        }
        _ => {
            let permissions = permissions(row, 6)?;
            AboveRow::Mapping(Mapping { group, role: RoleKey::read(name), permissions, made })
        }
    })
}

/// External id, user.
pub(crate) fn read_external_id(row: &dyn Row) -> Result<(String, UserId)> {
    Ok((row.text(0)?, UserId::new(row.id(1)?)))
}

/// Mark, user, how it was deleted.
pub(crate) fn read_departed(row: &dyn Row) -> Result<(Mark, Departed)> {
    let departed = Departed { user: UserId::new(row.id(1)?), made: made(row, 2)? };
    Ok((Mark::new(row.id(0)?), departed))
}
