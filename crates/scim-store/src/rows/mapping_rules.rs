//! Mapping rules.

use scim_domain::{
    MappingRuleId, RoleId,
    mapping_rule::{MappingRule, Matching, NamePattern},
    role::RoleKey,
};

use super::{Result, moment};
use crate::{error::inconsistent, session::Row};

/// A rule and the key of its role.
pub(crate) fn read_mapping_rule(row: &dyn Row) -> Result<(MappingRule, RoleKey)> {
    const TABLE: &str = "mapping_rules";
    let matching = Matching::parse(&row.text(1)?)
        .ok_or_else(|| inconsistent(TABLE, "the matching has an unknown name"))?;
    let rule = MappingRule {
        id: MappingRuleId::new(row.id(0)?),
        pattern: NamePattern::read(matching, row.text(2)?),
        role: RoleId::new(row.id(3)?),
        created: moment(row, 4)?,
    };
    Ok((rule, RoleKey::read(row.text(5)?)))
}
