//! `scimd mapping-rule …`

use clap::{Args, Subcommand};
use scim_app::administration::{GroupSummary, MappingRuleChange};
use scim_domain::mapping_rule::{self, Matching, NamePattern};
use scim_domain::role::RoleKey;
use scim_domain::{MappingRuleId, OrganizationId};
use serde_json::{Value, json};

use super::group::object as group_object;
use super::list::rest_of;
use super::{Tools, parse};
use crate::output::{Answer, fields, table};

/// The commands for mapping rules.
#[derive(Debug, Subcommand)]
pub enum MappingRule {
    /// Let every new group of a name lead to a role
    ///
    /// The rule is asked when an identity provider creates a group: never for groups that are
    /// there, and never when one is renamed. Rules apply only while they are switched on with
    /// `scimd organization set-mapping-rules`.
    ///
    /// Example: scimd mapping-rule create --organization ID --prefix eng- --role developer
    Create {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Which groups
        #[command(flatten)]
        pattern: Pattern,
        /// The role's key, such as developer
        #[arg(long, value_name = "KEY")]
        role: String,
    },
    /// List an organization's mapping rules, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Change a mapping rule; what it has mapped stays mapped
    Update {
        /// Which rule
        #[command(flatten)]
        which: Which,
        /// The whole name from now on
        #[arg(long, value_name = "NAME", conflicts_with = "prefix")]
        exact: Option<String>,
        /// The beginning of the name from now on
        #[arg(long, value_name = "TEXT")]
        prefix: Option<String>,
        /// The key of the role from now on
        #[arg(long, value_name = "KEY")]
        role: Option<String>,
    },
    /// Show which groups that are there a rule would match; it maps none of them
    Preview {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Which groups
        #[command(flatten)]
        pattern: Pattern,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u64,
    },
    /// Delete a mapping rule; what it has mapped stays mapped
    Delete(Which),
}

/// The names of groups.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Pattern {
    /// Groups of exactly this name, in any case
    #[arg(long, value_name = "NAME")]
    exact: Option<String>,
    /// Groups whose names begin with this, in any case
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
}

/// A mapping rule, named.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    organization: OrganizationId,
    /// The rule's id
    #[arg(long, value_name = "ID", value_parser = parse::mapping_rule_id)]
    id: MappingRuleId,
}

impl Pattern {
    fn read(self) -> anyhow::Result<NamePattern> {
        let (matching, name) = chosen(self.exact, self.prefix);
        let matching = matching.unwrap_or(Matching::Exact);
        Ok(NamePattern::new(matching, &name.unwrap_or_default())?)
    }
}

/// What one of two options says.
fn chosen(exact: Option<String>, prefix: Option<String>) -> (Option<Matching>, Option<String>) {
    match (exact, prefix) {
        (Some(name), _) => (Some(Matching::Exact), Some(name)),
        (None, Some(name)) => (Some(Matching::Prefix), Some(name)),
        (None, None) => (None, None),
    }
}

impl MappingRule {
    /// Does it.
    ///
    /// # Errors
    /// No such organization, rule or role, a name that no group could have, or a rule that is there
    /// already.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        let (rule, key) = match self {
            Self::List { organization } => return list(tools, organization).await,
            Self::Preview { organization, pattern, limit } => {
                return preview(tools, organization, &pattern.read()?, limit).await;
            }
            Self::Delete(Which { organization, id }) => {
                administration
                    .carry_out(async |it| it.delete_mapping_rule(organization, id).await)
                    .await?;
                let text = "The rule is gone; what it has mapped stays mapped.".to_owned();
                let json = json!({ "id": id.to_string(), "deleted": true });
                return Ok(Answer { json, text });
            }
            Self::Create { organization, pattern, role } => {
                let (pattern, role) = (pattern.read()?, RoleKey::read(role));
                administration
                    .carry_out(async |it| {
                        it.create_mapping_rule(organization, pattern.clone(), &role).await
                    })
                    .await?
            }
            Self::Update { which, exact, prefix, role } => {
                let (matching, name) = chosen(exact, prefix);
                let change = MappingRuleChange { matching, name, role: role.map(RoleKey::read) };
                administration
                    .carry_out(async |it| {
                        it.update_mapping_rule(which.organization, which.id, change.clone()).await
                    })
                    .await?
            }
        };
        let text = fields(&[
            ("id", rule.id.to_string()),
            ("matching", rule.pattern.matching().name().to_owned()),
            ("name", rule.pattern.name().to_owned()),
            ("role", key.to_string()),
            ("created", rule.created.to_string()),
        ]);
        Ok(Answer { json: object(&rule, &key), text })
    }
}

async fn list(tools: &Tools, organization: OrganizationId) -> anyhow::Result<Answer> {
    let all = tools.administration.list_mapping_rules(organization).await?;
    let applied = tools.administration.show_organization(organization).await?.mapping_rules;
    let row = |(rule, key): &(mapping_rule::MappingRule, RoleKey)| {
        let matching = rule.pattern.matching().name().to_owned();
        [rule.id.to_string(), matching, rule.pattern.name().to_owned(), key.to_string()]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let mut text = table("There are no mapping rules.", ["id", "matching", "name", "role"], &rows);
    if !applied && !rows.is_empty() {
        text += "\n\nThey do not apply: scimd organization set-mapping-rules on";
    }
    Ok(Answer { json: all.iter().map(|(rule, key)| object(rule, key)).collect(), text })
}

async fn preview(
    tools: &Tools,
    organization: OrganizationId,
    pattern: &NamePattern,
    limit: u64,
) -> anyhow::Result<Answer> {
    let administration = &tools.administration;
    let page = administration.preview_mapping_rule(organization, pattern, None, limit).await?;
    let row = |group: &GroupSummary| {
        let roles: Vec<_> = group.roles.iter().map(|it| it.key.as_str()).collect();
        let members = group.members.to_string();
        [group.id.to_string(), group.display_name.clone(), members, roles.join(", ")]
    };
    let rows: Vec<_> = page.items.iter().map(row).collect();
    let empty = "No group that is there would match.";
    let text = table(empty, ["id", "name", "members", "roles"], &rows);
    let text = text + &rest_of(page.total, rows.len());
    Ok(Answer { json: page.items.iter().map(group_object).collect(), text })
}

fn object(rule: &mapping_rule::MappingRule, key: &RoleKey) -> Value {
    json!({
        "id": rule.id.to_string(),
        "matching": rule.pattern.matching().name(),
        "name": rule.pattern.name(),
        "role": key.as_str(),
        "created": rule.created.to_string(),
    })
}
