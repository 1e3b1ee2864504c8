//! Whether an organization's keys open anything at the moment.

use scim_domain::{Timestamp, organization::Organization};

use crate::{Error, error::Forbidden};

/// Fails for an organization that is disabled or deleted: none of its keys opens anything.
pub(crate) fn keys_work(organization: &Organization) -> Result<(), Forbidden> {
    if let Some(deletion) = organization.deletion {
        return Err(Forbidden::Deleted(deletion.purge));
    }
    if organization.disabled.is_some() { Err(Forbidden::Disabled) } else { Ok(()) }
}

/// Fails unless identity providers are let in: also not while SCIM is paused.
pub(crate) fn scim_works(organization: &Organization, now: Timestamp) -> Result<(), Error> {
    keys_work(organization)?;
    match organization.paused(now) {
        Some(pause) => Err(Error::Paused { retry_after: pause.retry_after(now) }),
        None => Ok(()),
    }
}
