//! `scimd organization …`

mod scim;
mod shown;

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_app::idempotency::Once;
use scim_domain::organization::{self, Entitlements, LeftUsers, NameIdAttribute, Plan, SeatLimit};
use scim_domain::{OrganizationId, Timestamp};

use super::{Tools, parse};
use crate::output::{Answer, table};

/// The commands for organizations.
#[derive(Debug, Subcommand)]
pub enum Organization {
    /// Create an organization with its built-in roles
    ///
    /// Example: scimd organization create --name 'Acme Inc.' --plan growth
    Create {
        /// Its name, for people; need not be unique
        #[arg(long)]
        name: String,
        /// What it pays for: starter (without SCIM), growth or enterprise
        #[arg(long, value_parser = parse::plan)]
        plan: Plan,
        /// How many users may be active; without it, any number
        #[arg(long, value_name = "SEATS", value_parser = parse::seat_limit)]
        seat_limit: Option<SeatLimit>,
    },
    /// List all organizations, oldest first
    List,
    /// Show one organization
    Show {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Put an organization on another plan; a smaller one revokes nothing by itself
    SetPlan {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// starter (without SCIM), growth or enterprise
        #[arg(long, value_parser = parse::plan)]
        plan: Plan,
    },
    /// Give an organization another name
    Rename {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Its new name
        #[arg(long)]
        name: String,
    },
    /// Say how many users may be active; lowering it deactivates nobody
    ///
    /// Example: scimd organization set-seat-limit --organization ID 250
    SetSeatLimit {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// How many users may be active, or none for no limit
        #[arg(value_name = "SEATS|none", value_parser = parse::seat_limit)]
        seats: SeatLimit,
    },
    /// Take all access from an organization until it is enabled: of its users and of its keys
    Disable {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Give a disabled organization its access back
    Enable {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Delete an organization: at once it is as disabled, and after the grace its data is erased
    ///
    /// Example: scimd organization delete --organization ID --grace 7d
    Delete {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// How long it can be restored, at most 365d; 0s erases it at once [default: 30d]
        #[arg(long, value_name = "DURATION", value_parser = parse::duration)]
        grace: Option<Duration>,
    },
    /// Take a deletion back, while the grace lasts
    Restore {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Let identity providers wait: they are answered 429 and come back by themselves
    ///
    /// Example: scimd organization pause --organization ID --for 2h
    Pause {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// How long, at most 30d; without it and --until, until it is resumed
        #[arg(long = "for", value_name = "DURATION", value_parser = parse::duration)]
        lasting: Option<Duration>,
        /// Until when, as 2026-12-24T18:00:00Z
        #[arg(long, value_name = "TIME", value_parser = parse::moment, conflicts_with = "lasting")]
        until: Option<Timestamp>,
    },
    /// End a pause
    Resume {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Switch SCIM off or on for an organization
    #[command(subcommand)]
    SwitchScim(SwitchScim),
    /// Allow or refuse groups as members of groups; refused only once no group is in one
    ///
    /// Example: scimd organization set-nested-groups --organization ID allow
    SetNestedGroups {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Whether a group may be a member of a group
        nested_groups: NestedGroups,
    },
    /// Let mapping rules apply to new groups, or no longer; what is mapped stays mapped
    ///
    /// Example: scimd organization set-mapping-rules --organization ID on
    SetMappingRules {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// Whether they apply
        mapping_rules: MappingRules,
    },
    /// Say what the roles of users mean that an identity provider sends
    ///
    /// ignore keeps them as data that grants nothing. assign grants every user the roles whose keys
    /// are among the values of its roles, and tells identity providers which there are at /Roles.
    /// Users who are there already follow page by page; broken off, the same command does the rest.
    ///
    /// Example: scimd organization set-entitlements --organization ID assign
    SetEntitlements {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// What they mean
        #[arg(value_name = "ignore|assign", value_parser = parse::entitlements)]
        entitlements: Entitlements,
    },
    /// Say which attribute of users the NameID of a SAML assertion is compared with
    ///
    /// One, and no other if that finds nobody. It takes effect with the next look-up of access.
    ///
    /// Example: scimd organization set-name-id-attribute --organization ID externalId
    SetNameIdAttribute {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The attribute
        #[arg(value_name = "userName|externalId", value_parser = parse::name_id_attribute)]
        attribute: NameIdAttribute,
    },
}

/// Switching SCIM.
#[derive(Debug, Subcommand)]
pub enum SwitchScim {
    /// Let identity providers provision again; nobody is activated by it
    On {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Let identity providers only take access away from now on
    ///
    /// keep leaves everybody as they are. deactivate takes all access from everybody whom identity
    /// providers manage, page by page, except from protected users and those that only sign-in made;
    /// broken off, the same command does the rest.
    ///
    /// Example: scimd organization switch-scim off --organization ID --users deactivate --preview
    Off {
        /// Its id
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// What becomes of the users that identity providers manage
        #[arg(long, value_name = "keep|deactivate", value_parser = parse::left_users)]
        users: LeftUsers,
        /// Only say what it would mean
        #[arg(long)]
        preview: bool,
    },
}

/// Whether groups may be members of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NestedGroups {
    /// A group may be a member; what it leads to reaches the members of its members.
    Allow,
    /// Only users are members.
    Refuse,
}

/// Whether mapping rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MappingRules {
    /// A group that an identity provider creates leads to the roles of the rules that match it.
    On,
    /// It leads nowhere until somebody maps it.
    Off,
}

impl Organization {
    /// Does it.
    ///
    /// # Errors
    /// No such organization, or a name that cannot be one.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        let organization = match self {
            Self::List => return list(tools).await,
            Self::Create { name, plan, seat_limit } => {
                let seats = seat_limit.unwrap_or_default();
                administration
                    .carry_out(async |it| {
                        it.create_organization_once(&name, plan, seats, &Once::none()).await
                    })
                    .await?
            }
            Self::Show { organization } => administration.show_organization(organization).await?,
            Self::Rename { organization, name } => {
                administration
                    .carry_out(async |it| it.rename_organization(organization, &name).await)
                    .await?
            }
            Self::SetSeatLimit { organization, seats } => {
                administration
                    .carry_out(async |it| it.set_seat_limit(organization, seats).await)
                    .await?
            }
            Self::Disable { organization } => {
                administration
                    .carry_out(async |it| it.disable_organization(organization).await)
                    .await?
            }
            Self::Enable { organization } => {
                administration
                    .carry_out(async |it| it.enable_organization(organization).await)
                    .await?
            }
            Self::Delete { organization, grace } => {
                let grace = grace.map(|it| i64::try_from(it.as_secs()).unwrap_or(i64::MAX));
                administration
                    .carry_out(async |it| it.delete_organization(organization, grace).await)
                    .await?
            }
            Self::Restore { organization } => {
                administration
                    .carry_out(async |it| it.restore_organization(organization).await)
                    .await?
            }
            Self::Pause { organization, lasting, until } => {
                return scim::pause(tools, organization, lasting, until).await;
            }
            Self::Resume { organization } => {
                administration.carry_out(async |it| it.resume_scim(organization).await).await?
            }
            Self::SwitchScim(SwitchScim::On { organization }) => {
                administration.carry_out(async |it| it.switch_scim_on(organization).await).await?
            }
            Self::SwitchScim(SwitchScim::Off { organization, users, preview }) => {
                if preview {
                    return scim::preview(tools, organization, users).await;
                }
                scim::switch_off(tools, organization, users).await?
            }
            Self::SetPlan { organization, plan } => {
                administration.carry_out(async |it| it.set_plan(organization, plan).await).await?
            }
            Self::SetNestedGroups { organization, nested_groups } => {
                let allowed = nested_groups == NestedGroups::Allow;
                administration
                    .carry_out(async |it| it.set_nested_groups(organization, allowed).await)
                    .await?
            }
            Self::SetMappingRules { organization, mapping_rules } => {
                let apply = mapping_rules == MappingRules::On;
                administration
                    .carry_out(async |it| it.set_mapping_rules(organization, apply).await)
                    .await?
            }
            Self::SetEntitlements { organization, entitlements } => {
                let bar = looked_at();
                let told = |users| bar.set_position(users);
                let set = administration
                    .carry_out(async |it| {
                        it.set_entitlements(organization, entitlements, &told).await
                    })
                    .await;
                bar.finish_and_clear();
                set?
            }
            Self::SetNameIdAttribute { organization, attribute } => {
                administration
                    .carry_out(async |it| it.set_name_id_attribute(organization, attribute).await)
                    .await?
            }
        };
        let now = tools.clock.now();
        // One that was deleted without a grace is gone already.
        let seats = if organization.is_gone(now) {
            None
        } else {
            administration.seats(organization.id).await?
        };
        Ok(shown::answer(&organization, seats, now))
    }
}

/// Counts the users that were looked at, for a terminal to watch.
fn looked_at() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // The template is ours and right; if it were not, the bar would look plain.
    let style = ProgressStyle::with_template("{spinner} {pos} users");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

async fn list(tools: &Tools) -> anyhow::Result<Answer> {
    let all = tools.administration.list_organizations().await?;
    let now = tools.clock.now();
    let row = |it: &organization::Organization| {
        let plan = it.plan.name().to_owned();
        let state = shown::state(it, now).to_owned();
        [it.id.to_string(), it.name.clone(), plan, state, it.created.to_string()]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let empty = "There are no organizations yet: scimd organization create";
    let text = table(empty, ["id", "name", "plan", "state", "created"], &rows);
    Ok(Answer { json: all.iter().map(|it| shown::object(it, now)).collect(), text })
}
