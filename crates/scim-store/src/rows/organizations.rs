//! Organizations.

use scim_domain::{
    OrganizationId,
    organization::{
        Deletion, Entitlements, NameIdAttribute, Organization, Pause, Plan, Scim, SeatLimit,
    },
};

use super::{Result, moment, natural, optional_moment};
use crate::{error::inconsistent, session::Row};

/// The organization whose columns begin at one.
pub(super) fn organization_at(row: &dyn Row, at: usize) -> Result<Organization> {
    const TABLE: &str = "organizations";
    let plan = Plan::parse(&row.text(at + 4)?);
    let entitlements = Entitlements::parse(&row.text(at + 5)?);
    let seats = row.optional_int(at + 7)?.map(u64::try_from).transpose();
    let seats = seats.map_err(|_| inconsistent(TABLE, "the seat limit is negative"))?;
    let (deleted, purge) = (optional_moment(row, at + 9)?, optional_moment(row, at + 10)?);
    let scim = Scim::parse(&row.text(at + 11)?);
    let until = optional_moment(row, at + 13)?;
    Ok(Organization {
        id: OrganizationId::new(row.id(at)?),
        created: moment(row, at + 1)?,
        schema_revision: natural(row, at + 2, TABLE)?,
        name: row.text(at + 3)?,
        plan: plan.ok_or_else(|| inconsistent(TABLE, "the plan has an unknown name"))?,
        entitlements: entitlements
            .ok_or_else(|| inconsistent(TABLE, "entitlements has an unknown name"))?,
        nested_groups: row.flag(at + 6)?,
        seat_limit: seats.map_or(SeatLimit::Unlimited, SeatLimit::Seats),
        disabled: optional_moment(row, at + 8)?,
        deletion: deleted.zip(purge).map(|(at, purge)| Deletion { at, purge }),
        scim: scim.ok_or_else(|| inconsistent(TABLE, "scim has an unknown name"))?,
        pause: optional_moment(row, at + 12)?.map(|since| Pause { since, until }),
        mapping_rules: row.flag(at + 14)?,
        name_id_attribute: NameIdAttribute::parse(&row.text(at + 15)?)
            .ok_or_else(|| inconsistent(TABLE, "the NameID's attribute has an unknown name"))?,
    })
}

pub(crate) fn read_organization(row: &dyn Row) -> Result<Organization> {
    organization_at(row, 0)
}
