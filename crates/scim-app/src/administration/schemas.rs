//! The schemas that an organization declares for itself.
//!
//! Every change advances the schema revision of the organization in its own unit, before anything
//! else: from then on no write goes through that was read by the schemas before.

use scim_domain::{
    Decision, Json, OrganizationId, SchemaId, Subject,
    schema::{Catalog, ResourceKind, Schema, custom::CustomSchema},
};

use super::Administration;
use crate::{
    Error,
    journal::{self, Entry},
    ports::{Snapshot, UnitOfWork},
};

/// Users whose index rows are written in one unit: short enough for writers not to notice.
const BATCH: u64 = 500;

/// How far the index of a schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    /// Every user is in it, and searches use it.
    Complete,
    /// Some more users are in it; there may be others.
    Further,
}

impl Administration {
    /// Declares a schema (RFC 7643 §7) as an extension of the organization's users or groups. It
    /// takes effect with the next request, on every instance.
    pub async fn declare_schema(
        &self,
        organization: OrganizationId,
        extends: ResourceKind,
        declaration: &Json,
    ) -> Result<CustomSchema, Error> {
        let mut unit = self.change_schemas(organization).await?;
        let others = unit.read().schemas().list(organization).await?;
        let (id, now) = (SchemaId::new(self.ids.next()), self.clock.now());
        let decision = CustomSchema::declare(id, extends, declaration, &others, now)?;
        unit.schemas().insert(organization, decision.outcome()).await?;
        self.commit_schema(organization, unit, "schema.declared", decision).await
    }

    /// The schemas of an organization, oldest first.
    pub async fn list_schemas(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<CustomSchema>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        Ok(snapshot.schemas().list(organization).await?)
    }

    /// One of them, by its URN in any case.
    pub async fn show_schema(
        &self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<CustomSchema, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        schema(&mut *snapshot, organization, urn).await
    }

    /// Changes the schema of the declaration's id to what is declared now, as far as stored values survive it. An attribute
    /// that is indexed from now on has its index built by [`Administration::index_schema`]; until
    /// that is complete, searches do without it.
    pub async fn update_schema(
        &self,
        organization: OrganizationId,
        declaration: &Json,
    ) -> Result<CustomSchema, Error> {
        let urn = Schema::urn(declaration)?;
        let mut unit = self.change_schemas(organization).await?;
        let before = schema(unit.read(), organization, urn).await?;
        let decision = before.change(declaration, self.clock.now())?;
        if decision.events().is_empty() {
            return Ok(before);
        }
        unit.schemas().update(organization, decision.outcome()).await?;
        self.commit_schema(organization, unit, "schema.updated", decision).await
    }

    /// Takes a schema away. Refused while anybody carries it: what is stored must stay readable, and
    /// nobody's data disappears by the way.
    pub async fn remove_schema(
        &self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<(), Error> {
        let mut unit = self.change_schemas(organization).await?;
        let it = schema(unit.read(), organization, urn).await?;
        let (carriers, what) = match it.extends {
            ResourceKind::User => {
                (unit.read().users().count_carriers(organization, &it.schema.id).await?, "user(s)")
            }
            ResourceKind::Group => (
                unit.read().groups().count_carriers(organization, &it.schema.id).await?,
                "group(s)",
            ),
        };
        if carriers > 0 {
            return Err(Error::Conflict(format!(
                "{carriers} {what} have values of this schema; it stays until they are removed, for \
                 example with a PATCH that removes {}.",
                it.schema.id
            )));
        }
        unit.schemas().delete(organization, it.id).await?;
        let event = it.removed();
        let decision = Decision::new(it, vec![event]);
        self.commit_schema(organization, unit, "schema.removed", decision).await.map(drop)
    }

    /// Writes some of the index rows that a schema still lacks. Call it until it is complete, at
    /// any pace: what is done stays done, and several may be at it.
    pub async fn index_schema(
        &self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<Indexing, Error> {
        let mut unit = self.begin().await?;
        // As it is now, until this unit ends: no revision has other attributes to index.
        unit.organizations().hold_schemas(organization).await.map_err(|_| missing(urn))?;
        let it = schema(unit.read(), organization, urn).await?;
        if it.building().is_empty() {
            return Ok(Indexing::Complete);
        }
        let declared = unit.read().schemas().list(organization).await?;
        let catalog = Catalog::standard().with(&declared);
        let last = unit.users().index(organization, &catalog, it.indexed_up_to, BATCH).await?;
        if last.is_some() {
            let further = CustomSchema { indexed_up_to: last, ..it };
            unit.schemas().update(organization, &further).await?;
            journal::commit_bookkeeping(unit).await?;
            return Ok(Indexing::Further);
        }
        drop(unit);
        self.complete_index(organization, urn).await
    }

    /// Lets searches use an index once no user is missing in it.
    async fn complete_index(
        &self,
        organization: OrganizationId,
        urn: &str,
    ) -> Result<Indexing, Error> {
        let mut unit = self.change_schemas(organization).await?;
        let it = schema(unit.read(), organization, urn).await?;
        let declared = unit.read().schemas().list(organization).await?;
        let catalog = Catalog::standard().with(&declared);
        // Looked at once more: between two units somebody may have changed what is indexed.
        let last = unit.users().index(organization, &catalog, it.indexed_up_to, 1).await?;
        if last.is_some() || it.building().is_empty() {
            return Ok(Indexing::Further);
        }
        let decision = it.indexed();
        unit.schemas().update(organization, decision.outcome()).await?;
        self.commit_schema(organization, unit, "schema.indexed", decision).await?;
        Ok(Indexing::Complete)
    }

    /// Completes every index that was left incomplete, of all organizations, while it may go on.
    pub async fn index_schemas(&self, may_go_on: impl Fn() -> bool + Send) -> Result<(), Error> {
        for organization in self.list_organizations().await? {
            if organization.schema_revision == 0 {
                continue;
            }
            for it in self.list_schemas(organization.id).await? {
                while may_go_on()
                    && !it.building().is_empty()
                    && self.index_schema(organization.id, &it.schema.id).await? == Indexing::Further
                {
                }
            }
        }
        Ok(())
    }

    /// A unit in which the schemas of the organization may be changed.
    async fn change_schemas(
        &self,
        organization: OrganizationId,
    ) -> Result<Box<dyn UnitOfWork>, Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        unit.organizations().advance_schemas(organization).await?;
        Ok(unit)
    }

    async fn commit_schema(
        &self,
        organization: OrganizationId,
        unit: Box<dyn UnitOfWork>,
        action: &'static str,
        decision: Decision<CustomSchema>,
    ) -> Result<CustomSchema, Error> {
        let it = decision.outcome();
        let entry = Entry { action, subject: Subject::Schema(it.id), detail: it.facts() };
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }
}

async fn schema(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    urn: &str,
) -> Result<CustomSchema, Error> {
    let all = snapshot.schemas().list(organization).await?;
    let found = all.into_iter().find(|it| it.schema.id.eq_ignore_ascii_case(urn));
    found.ok_or_else(|| missing(urn))
}

fn missing(urn: &str) -> Error {
    Error::Missing { what: "schema", id: urn.to_owned() }
}
