//! The public keys with which a client may sign in the name of an API key.

use std::path::PathBuf;

use clap::Args;
use scim_app::oauth::{Algorithm, PublicKey, PublicKeys};
use serde_json::json;

use super::{Tools, Which};
use crate::cli::file;
use crate::output::{Answer, table};

/// The longest file with public keys, in bytes.
const LONGEST: usize = 64 * 1024;

/// Public keys for a key.
#[derive(Debug, Args)]
pub struct SetPublicKeys {
    /// Which key
    #[command(flatten)]
    which: Which,
    /// The file with the JWK Set; - reads standard input
    #[arg(long, value_name = "FILE")]
    jwks: PathBuf,
}

impl SetPublicKeys {
    /// Puts them in the place of those that the key has.
    ///
    /// # Errors
    /// No such key or one that is over, a file that cannot be read or holds no public keys.
    pub async fn carry_out(self, tools: &Tools) -> anyhow::Result<Answer> {
        let keys = PublicKeys::parse(&file::read_json(&self.jwks, LONGEST)?)?;
        set(tools, self.which, &keys).await?;
        show(tools, self.which).await
    }
}

/// Shows those of a key.
///
/// # Errors
/// No such key.
pub async fn show(tools: &Tools, which: Which) -> anyhow::Result<Answer> {
    let Which { organization, id } = which;
    let keys = tools.administration.list_public_keys(organization, id).await?;
    Ok(shown(&keys))
}

/// Takes all of a key away.
///
/// # Errors
/// No such key, or one that is over.
pub async fn remove(tools: &Tools, which: Which) -> anyhow::Result<Answer> {
    set(tools, which, &PublicKeys::default()).await?;
    show(tools, which).await
}

async fn set(tools: &Tools, which: Which, keys: &PublicKeys) -> anyhow::Result<()> {
    let Which { organization, id } = which;
    let administration = &tools.administration;
    administration
        .carry_out(async |it| it.set_public_keys(organization, id, keys.clone()).await)
        .await?;
    Ok(())
}

fn shown(keys: &PublicKeys) -> Answer {
    let algorithm = |it: &PublicKey| it.algorithm.map(Algorithm::name);
    let row = |it: &PublicKey| {
        let algorithm = algorithm(it).unwrap_or_default().to_owned();
        [it.id.clone().unwrap_or_default(), it.describe(), algorithm, it.thumbprint()]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    let object = |it: &PublicKey| {
        json!({
            "kid": it.id,
            "kind": it.describe(),
            "alg": algorithm(it),
            "thumbprint": it.thumbprint(),
        })
    };
    let empty = "This key has no public keys: scimd api-key set-public-keys";
    let text = table(empty, ["kid", "kind", "alg", "thumbprint (sha-256)"], &rows);
    Answer { json: keys.iter().map(object).collect(), text }
}
