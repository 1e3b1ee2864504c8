//! How the values of the command line are read; what cannot be read is wrong usage.

use std::path::PathBuf;
use std::time::Duration;

use scim_domain::api_key::{AllowedAddresses, Permission};
use scim_domain::organization::{Entitlements, LeftUsers, NameIdAttribute, Plan, SeatLimit};
use scim_domain::resource::document::Strictness;
use scim_domain::schema::ResourceKind;
use scim_domain::{ApiKeyId, GroupId, MappingRuleId, OrganizationId, Timestamp, UserId};

use crate::duration;

const ID: &str = "an id has the form 0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";

pub(super) fn organization_id(text: &str) -> Result<OrganizationId, String> {
    OrganizationId::parse(text).ok_or_else(|| ID.to_owned())
}

pub(super) fn api_key_id(text: &str) -> Result<ApiKeyId, String> {
    ApiKeyId::parse(text).ok_or_else(|| ID.to_owned())
}

pub(super) fn group_id(text: &str) -> Result<GroupId, String> {
    GroupId::parse(text).ok_or_else(|| ID.to_owned())
}

pub(super) fn user_id(text: &str) -> Result<UserId, String> {
    UserId::parse(text).ok_or_else(|| ID.to_owned())
}

pub(super) fn mapping_rule_id(text: &str) -> Result<MappingRuleId, String> {
    MappingRuleId::parse(text).ok_or_else(|| ID.to_owned())
}

pub(super) fn report(text: &str) -> Result<PathBuf, String> {
    if text == "-" {
        return Err("the report needs a file of its own: standard output has the answer".to_owned());
    }
    Ok(PathBuf::from(text))
}

pub(super) fn plan(text: &str) -> Result<Plan, String> {
    let names = || Plan::ALL.iter().map(|plan| plan.name()).collect::<Vec<_>>().join(", ");
    Plan::parse(text).ok_or_else(|| format!("the plans are {}", names()))
}

pub(super) fn entitlements(text: &str) -> Result<Entitlements, String> {
    let names = || Entitlements::ALL.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
    Entitlements::parse(text).ok_or_else(|| format!("they mean one of: {}", names()))
}

pub(super) fn left_users(text: &str) -> Result<LeftUsers, String> {
    LeftUsers::parse(text).ok_or_else(|| "the users are to keep or to deactivate".to_owned())
}

pub(super) fn seat_limit(text: &str) -> Result<SeatLimit, String> {
    if text == "none" {
        return Ok(SeatLimit::Unlimited);
    }
    let seats = text.parse().map_err(|_| "a seat limit is a whole number, or none".to_owned())?;
    SeatLimit::new(seats).map_err(|it| it.detail)
}

pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "a time has the form 2026-12-24T18:00:00Z".to_owned())
}

pub(super) fn name_id_attribute(text: &str) -> Result<NameIdAttribute, String> {
    let known = NameIdAttribute::parse(text);
    known.ok_or_else(|| "the attributes are userName and externalId".to_owned())
}

pub(super) fn permission(text: &str) -> Result<Permission, String> {
    let names = || Permission::ALL.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
    Permission::parse(text).ok_or_else(|| format!("the permissions of a key are: {}", names()))
}

pub(super) fn address(text: &str) -> Result<String, String> {
    let refused = |_| "not an address or a range such as 203.0.113.0/24".to_owned();
    AllowedAddresses::parse(&[text]).map(|_| text.to_owned()).map_err(refused)
}

pub(super) fn strictness(text: &str) -> Result<Strictness, String> {
    Strictness::parse(text).ok_or_else(|| "a key is tolerant or strict".to_owned())
}

pub(super) fn resource_type(text: &str) -> Result<ResourceKind, String> {
    ResourceKind::parse(text).ok_or_else(|| "the resource types are User and Group".to_owned())
}

/// Times from now on, far inside of what a calendar can hold.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let longest = Duration::from_hours(100 * 365 * 24);
    let duration = duration::parse(text)?;
    if duration > longest { Err("at most 36500d".to_owned()) } else { Ok(duration) }
}
