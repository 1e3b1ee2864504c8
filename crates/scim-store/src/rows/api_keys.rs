//! API keys, their last use, and what their requests showed beside the standard.

use std::collections::BTreeSet;

use scim_app::{
    ports::{KeyUse, QuirkCount},
    quirks::Quirk,
};
use scim_domain::{
    ApiKeyId, OrganizationId,
    api_key::{AllowedAddresses, ApiKey, Limits, Permission},
    organization::Organization,
    resource::document::Strictness,
    role::RoleKey,
};

use super::{Result, moment, natural, optional_moment, organization_at};
use crate::{error::inconsistent, session::Row};

/// How many columns a key has.
const KEY_COLUMNS: usize = 17;

pub(crate) fn read_api_key(row: &dyn Row) -> Result<ApiKey> {
    const TABLE: &str = "api_keys";
    let names = row.text(4)?;
    let permissions: Option<BTreeSet<_>> =
        words(&names).into_iter().map(Permission::parse).collect();
    let permissions =
        permissions.ok_or_else(|| inconsistent(TABLE, "a permission has an unknown name"))?;
    Ok(ApiKey {
        id: ApiKeyId::new(row.id(0)?),
        organization: OrganizationId::new(row.id(1)?),
        name: row.text(2)?,
        description: row.text(3)?,
        permissions,
        hash: row.text(5)?,
        created: moment(row, 6)?,
        expires: optional_moment(row, 7)?,
        revoked: optional_moment(row, 8)?,
        connection: ApiKeyId::new(row.id(9)?),
        strictness: Strictness::parse(&row.text(10)?)
            .ok_or_else(|| inconsistent(TABLE, "the strictness has an unknown name"))?,
        addresses: AllowedAddresses::parse(&words(&row.text(11)?))
            .map_err(|_| inconsistent(TABLE, "the allowed addresses are none"))?,
        limits: Limits {
            users_only: row.flag(12)?,
            denied_roles: words(&row.text(13)?).into_iter().map(RoleKey::read).collect(),
        },
        warning: optional_moment(row, 14)?,
        successor: row.optional_id(15)?.map(ApiKeyId::new),
        token_generation: natural(row, 16, TABLE)?,
    })
}

pub(crate) fn read_authenticated(row: &dyn Row) -> Result<(ApiKey, Organization)> {
    Ok((read_api_key(row)?, organization_at(row, KEY_COLUMNS)?))
}

pub(crate) fn read_used_key(row: &dyn Row) -> Result<(ApiKey, Option<KeyUse>)> {
    Ok((read_api_key(row)?, key_use_at(row, KEY_COLUMNS)?))
}

/// The last use of a key that has one.
pub(crate) fn read_key_use(row: &dyn Row) -> Result<KeyUse> {
    key_use_at(row, 0)?.ok_or_else(|| inconsistent("api_key_uses", "the moment is none"))
}

fn key_use_at(row: &dyn Row, column: usize) -> Result<Option<KeyUse>> {
    let Some(at) = optional_moment(row, column)? else { return Ok(None) };
    let address = row.optional_text(column + 1)?.map(|it| it.parse()).transpose();
    let address = address.map_err(|_| inconsistent("api_key_uses", "the address is none"))?;
    Ok(Some(KeyUse { at, address, agent: row.optional_text(column + 2)? }))
}

/// Words in one column.
fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}

pub(crate) fn read_quirk(row: &dyn Row) -> Result<QuirkCount> {
    const TABLE: &str = "api_key_quirks";
    let quirk = Quirk::parse(&row.text(1)?);
    Ok(QuirkCount {
        api_key: ApiKeyId::new(row.id(0)?),
        quirk: quirk.ok_or_else(|| inconsistent(TABLE, "a quirk has an unknown name"))?,
        requests: natural(row, 2, TABLE)?,
        last: moment(row, 3)?,
        last_request_id: row.text(4)?,
    })
}

/// The keys of denied roles as one column: none has a blank in it.
pub(crate) fn denied_roles(limits: &Limits) -> String {
    limits.denied_roles.iter().map(RoleKey::as_str).collect::<Vec<_>>().join(" ")
}

/// The names of permissions as one column.
pub(crate) fn permission_names(permissions: &BTreeSet<Permission>) -> String {
    permissions.iter().map(|it| it.name()).collect::<Vec<_>>().join(" ")
}
