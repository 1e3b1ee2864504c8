//! The first minute of a developer: an organization and a key in an empty database.

use std::net::SocketAddr;

use scim_app::administration::{Administration, CreatedApiKey};
use scim_domain::api_key::{NewApiKey, Permission};
use scim_domain::organization::{Organization, Plan};
use scim_domain::resource::document::Strictness;

use crate::settings::Profile;

/// What was made.
#[derive(Debug)]
pub struct First {
    /// The organization, on the plan with everything.
    pub organization: Organization,
    /// A key for SCIM, with its token.
    pub key: CreatedApiKey,
}

/// Makes an organization and a key, but only where nobody else can reach them: in the development
/// profile, on a loopback address, and in a database without any organization.
///
/// # Errors
/// When the database cannot be used.
pub async fn make(
    profile: Profile,
    bind: SocketAddr,
    administration: &Administration,
) -> anyhow::Result<Option<First>> {
    let welcome = match profile {
        Profile::Development => bind.ip().is_loopback(),
        Profile::Production => false,
    };
    if !welcome || !administration.is_empty().await? {
        return Ok(None);
    }
    let organization = administration
        .carry_out(async |it| it.create_organization("Development", Plan::Enterprise).await)
        .await?;
    let new = NewApiKey {
        name: "Development".to_owned(),
        description: "Made at the first start".to_owned(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Tolerant,
        expires: None,
        ..NewApiKey::default()
    };
    let key = administration
        .carry_out(async |it| it.create_api_key(organization.id, new.clone()).await)
        .await?;
    Ok(Some(First { organization, key }))
}
