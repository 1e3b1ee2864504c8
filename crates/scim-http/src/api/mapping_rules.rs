//! Rules by which groups that identity providers create lead to roles at once.

use scim_app::administration::{self, Administration};
use scim_domain::{
    GroupId, MappingRuleId,
    mapping_rule::{self, NamePattern},
    role::RoleKey,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{Made, moment, no_content, ok},
    body::Given,
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    groups::Group,
    once::Repeated,
    paging::{List, Paging},
    problem::Problem,
};

part![
    list_mapping_rules,
    create_mapping_rule,
    get_mapping_rule,
    update_mapping_rule,
    delete_mapping_rule,
    preview_mapping_rule,
];

/// A rule: groups of such a name lead to a role from the moment an identity provider creates them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MappingRule {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// How the name is compared.
    matching: Matching,
    /// The name, or its beginning; compared in any case.
    name: String,
    /// The key of the role.
    role: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

/// How the name of a rule is compared with that of a group.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Matching {
    /// The whole name.
    Exact,
    /// Its beginning.
    Prefix,
}

impl From<Matching> for mapping_rule::Matching {
    fn from(matching: Matching) -> Self {
        match matching {
            Matching::Exact => Self::Exact,
            Matching::Prefix => Self::Prefix,
        }
    }
}

impl From<mapping_rule::Matching> for Matching {
    fn from(matching: mapping_rule::Matching) -> Self {
        match matching {
            mapping_rule::Matching::Exact => Self::Exact,
            mapping_rule::Matching::Prefix => Self::Prefix,
        }
    }
}

impl MappingRule {
    pub(super) fn of(rule: &mapping_rule::MappingRule, key: &RoleKey) -> Self {
        Self {
            id: rule.id.to_string(),
            matching: rule.pattern.matching().into(),
            name: rule.pattern.name().to_owned(),
            role: key.to_string(),
            created_at: moment(rule.created),
        }
    }
}

/// What is said about a new rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMappingRule {
    /// How the name is compared.
    matching: Matching,
    /// The name, or its beginning: 1 to 200 characters. A prefix does not end with a blank.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The key of the role.
    role: String,
}

/// What is to change about a rule; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MappingRuleChange {
    /// How the name is compared.
    #[serde(default)]
    #[schema(value_type = Matching, required = false)]
    matching: Given<Matching>,
    /// The name, or its beginning.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Given<String>,
    /// The key of the role.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    role: Given<String>,
}

/// The rule that is to be previewed, and which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Previewed {
    /// How the name is compared.
    #[param(inline)]
    matching: Matching,
    /// The name, or its beginning.
    #[param(min_length = 1, max_length = 200)]
    name: String,
    /// Items of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u64>,
    /// `nextCursor` of the page before; without it, the first page.
    cursor: Option<String>,
}

/// What stands in the path of a rule.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the path is read segment by segment")]
struct OfMappingRule {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The rule's id.
    #[param(format = Uuid)]
    rule: String,
}

fn rule_id(call: &Call) -> Result<MappingRuleId, Problem> {
    let id = call.segment("rule");
    let unknown = || scim_app::Error::Missing { what: "mapping rule", id: id.to_owned() };
    Ok(MappingRuleId::parse(id).ok_or_else(unknown)?)
}

/// List mapping rules
///
/// Oldest first. They apply only where the organization's `mappingRules` are on.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/mapping-rules",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.read"])),
    params(InOrganization, Paging),
    responses((status = 200, description = "A page", body = List<MappingRule>))
)]
async fn list_mapping_rules(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?);
    let mut all = call.administration()?.list_mapping_rules(call.organization()?).await?;
    all.retain(|(rule, _)| after.is_none_or(|after| rule.id.uuid() > after));
    let page = List::of(all, limit, |(rule, _)| rule.id.uuid());
    ok(&page.map(|(rule, key)| MappingRule::of(rule, key)))
}

/// Create a mapping rule
///
/// It is asked when an identity provider creates a group: never for groups that are there, and
/// never when one is renamed.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/mapping-rules",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.write"])),
    params(InOrganization, Repeated),
    request_body = NewMappingRule,
    responses(
        (status = 201, description = "Created", body = MappingRule,
            headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "There is no such organization, or no such role"),
        (status = 409, description = "There is this rule, or 200 of them already")
    )
)]
async fn create_mapping_rule(mut call: Call) -> Handled {
    let organization = call.organization()?;
    let new: NewMappingRule = call.body().await?;
    let pattern = NamePattern::new(new.matching.into(), &new.name)?;
    let leads_to = RoleKey::read(new.role);
    let list = call.address(&format!("/organizations/{organization}/mapping-rules"));
    let work = move |it: Administration, once| async move {
        it.create_mapping_rule_once(organization, pattern, &leads_to, &once).await
    };
    let answer = move |(rule, key): &(mapping_rule::MappingRule, RoleKey)| {
        Made::new(format!("{list}/{}", rule.id), &MappingRule::of(rule, key))
    };
    call.create(work, answer).await
}

/// Get a mapping rule
///
/// Which groups it maps, and to which role.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/mapping-rules/{rule}",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.read"])),
    params(OfMappingRule),
    responses((status = 200, description = "The rule", body = MappingRule))
)]
async fn get_mapping_rule(call: Call) -> Handled {
    let (organization, id) = (call.organization()?, rule_id(&call)?);
    let (rule, key) = call.administration()?.show_mapping_rule(organization, id).await?;
    ok(&MappingRule::of(&rule, &key))
}

/// Change a mapping rule
///
/// What it has mapped stays mapped.
#[utoipa::path(
    patch,
    path = "/organizations/{organization}/mapping-rules/{rule}",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.write"])),
    params(OfMappingRule),
    request_body(content = MappingRuleChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The rule as it is now", body = MappingRule),
        (status = 409, description = "There is this rule already")
    )
)]
async fn update_mapping_rule(mut call: Call) -> Handled {
    let (organization, id) = (call.organization()?, rule_id(&call)?);
    let asked: MappingRuleChange = call.body().await?;
    let change = administration::MappingRuleChange {
        matching: asked.matching.uncleared("matching")?.map(Into::into),
        name: asked.name.uncleared("name")?,
        role: asked.role.uncleared("role")?.map(RoleKey::read),
    };
    let work = move |it: Administration| async move {
        it.update_mapping_rule(organization, id, change).await
    };
    let (rule, key) = call.manager()?.carry_out(work).await?;
    ok(&MappingRule::of(&rule, &key))
}

/// Delete a mapping rule
///
/// What it has mapped stays mapped.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/mapping-rules/{rule}",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.write"])),
    params(OfMappingRule),
    responses((status = 204, description = "Deleted"))
)]
async fn delete_mapping_rule(call: Call) -> Handled {
    let (organization, id) = (call.organization()?, rule_id(&call)?);
    let work =
        move |it: Administration| async move { it.delete_mapping_rule(organization, id).await };
    call.manager()?.carry_out(work).await?;
    Ok(no_content())
}

/// Preview a mapping rule
///
/// The groups that are there and that such a rule would match, oldest first. It maps none of them:
/// rules are asked for new groups alone.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/mapping-rule-preview",
    tag = "Mapping rules",
    security(("managementKey" = ["groups.read"])),
    params(InOrganization, Previewed),
    responses((status = 200, description = "A page", body = List<Group>))
)]
async fn preview_mapping_rule(call: Call) -> Handled {
    let Previewed { matching, name, limit, cursor } = call.query()?;
    let paging = Paging { limit, cursor };
    let (limit, after) = (paging.limit()?, paging.after()?.map(GroupId::new));
    let pattern = NamePattern::new(matching.into(), &name)?;
    let (administration, organization) = (call.administration()?, call.organization()?);
    let found =
        administration.preview_mapping_rule(organization, &pattern, after, limit + 1).await?;
    ok(&List::of(found.items, limit, |it| it.id.uuid()).map(Group::of))
}
