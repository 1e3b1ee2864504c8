//! Looking up what users may do, and setting whom the NameID of an assertion means.

use scim_domain::{
    Invalid, OrganizationId, Reason,
    organization::{NameIdAttribute, Organization, OrganizationChange},
};

use super::Administration;
use crate::{
    Error,
    access::{self, Answer, Lookup, MOST_LOOKUPS},
};

impl Administration {
    /// What somebody may do, and why.
    pub async fn show_access(
        &self,
        organization: OrganizationId,
        lookup: Lookup,
    ) -> Result<Answer, Error> {
        let answers = self.list_access(organization, &[lookup]).await?;
        let answer = answers.into_iter().next();
        answer.ok_or_else(|| Error::Defect("a look-up was not answered".to_owned()))
    }

    /// What each of many may do, and why, in the order of the look-ups; at most [`MOST_LOOKUPS`].
    pub async fn list_access(
        &self,
        organization: OrganizationId,
        lookups: &[Lookup],
    ) -> Result<Vec<Answer>, Error> {
        if lookups.len() > MOST_LOOKUPS {
            let detail = format!(
                "{} look-ups are too many for one request: ask for at most {MOST_LOOKUPS}.",
                lookups.len()
            );
            return Err(Invalid::new(Reason::TooMany, detail).into());
        }
        let mut snapshot = self.store.read().await?;
        let organization = self.organization(&mut *snapshot, organization).await?;
        Ok(access::answers(&mut *snapshot, &organization, lookups).await?)
    }

    /// Sets the attribute of users that the NameID of a SAML assertion is compared with. It takes
    /// effect with the next look-up.
    pub async fn set_name_id_attribute(
        &self,
        id: OrganizationId,
        attribute: NameIdAttribute,
    ) -> Result<Organization, Error> {
        let change =
            OrganizationChange { name_id_attribute: Some(attribute), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// Forgets the users whose deletion is too long ago to be recognized.
    pub async fn forget_departed(&self) -> Result<(), Error> {
        let before = self.clock.now().plus_seconds(-access::REMEMBERED_DAYS * 24 * 60 * 60);
        Ok(access::forget(&*self.store, before).await?)
    }
}
