//! Secrets that all instances share: made when they are first needed, and then never again.

use std::sync::Arc;

use scim_domain::Timestamp;

use crate::{
    Error, journal,
    ports::{SharedSecret, Store},
};

/// Keeps a secret under a name. If others do at the same time, or did before, all of them have the
/// one that came first: it is what this answers.
pub(crate) async fn keep(
    store: Arc<dyn Store>,
    name: &str,
    secret: SharedSecret,
    now: Timestamp,
) -> Result<SharedSecret, Error> {
    let mut unit = store.begin().await?;
    unit.keyring().insert_if_absent(name, &secret, now).await?;
    let kept = unit.read().keyring().find(name).await?;
    journal::commit_bookkeeping(unit).await?;
    kept.ok_or_else(|| Error::Defect("a secret was not kept".to_owned()))
}
