use async_trait::async_trait;
use scim_app::ports::{OrganizationQueries, Organizations, StoreError};
use scim_domain::{OrganizationId, Timestamp, organization::Organization};
use sea_orm::Value;

use super::{Reading, Result, Writing};
use crate::{
    rows::{count, read_count, read_organization, read_organization_id},
    session::{Session, Transaction},
    statements::{organizations as statements, purge},
};

#[async_trait]
impl<S: Session> OrganizationQueries for Reading<S> {
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        self.session.first(statements::FIND.call([id.uuid().into()]), read_organization).await
    }

    async fn list(&mut self) -> Result<Vec<Organization>> {
        self.session
            .rows(
                statements::LIST.call([OrganizationId::OPERATOR.uuid().into()]),
                read_organization,
            )
            .await
    }

    async fn page(
        &mut self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>> {
        let after = after.unwrap_or(OrganizationId::OPERATOR);
        let call = statements::PAGE.call([after.uuid().into(), count(limit).into()]);
        self.session.rows(call, read_organization).await
    }

    async fn seats_used(&mut self, id: OrganizationId) -> Result<Option<u64>> {
        self.session.first(statements::SEATS_USED.call([id.uuid().into()]), read_count).await
    }

    async fn due(&mut self, now: Timestamp, limit: u64) -> Result<Vec<OrganizationId>> {
        let call = statements::DUE.call([now.micros().into(), count(limit).into()]);
        self.session.rows(call, read_organization_id).await
    }
}

#[async_trait]
impl<S: Transaction> Organizations for Writing<S> {
    async fn find_for_update(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        let call = statements::FIND_FOR_UPDATE.call([id.uuid().into()]);
        let found = self.session().first(call, read_organization).await?;
        self.held = found.as_ref().map(|it| it.id);
        Ok(found)
    }

    async fn insert(&mut self, organization: &Organization) -> Result<()> {
        let fixed = [
            organization.id.uuid().into(),
            organization.created.micros().into(),
            count(organization.schema_revision).into(),
        ];
        let mut call = statements::INSERT.call(fixed);
        call.values.extend(settings(organization));
        self.session().execute(call).await?;
        // Nobody else knows of it before the unit ends.
        self.held = Some(organization.id);
        Ok(())
    }

    async fn update(&mut self, organization: &Organization) -> Result<()> {
        let mut call = statements::UPDATE.call(settings(organization));
        call.values.push(organization.id.uuid().into());
        self.change_one(call).await
    }

    async fn hold(&mut self, id: OrganizationId) -> Result<Organization> {
        let call = statements::HOLD.call([id.uuid().into()]);
        let found = self.session().first(call, read_organization).await?;
        self.held = found.as_ref().map(|it| it.id);
        found.ok_or(StoreError::Stale)
    }

    async fn advance_schemas(&mut self, id: OrganizationId) -> Result<()> {
        let call = statements::ADVANCE_SCHEMAS.call([1_i64.into(), id.uuid().into()]);
        self.change_one(call).await
    }

    async fn set_seats_used(&mut self, id: OrganizationId, used: Option<u64>) -> Result<()> {
        let id = id.uuid().into();
        let call = match used {
            Some(used) => statements::SET_SEATS.call([id, count(used).into()]),
            None => statements::FORGET_SEATS.call([id]),
        };
        self.session().execute(call).await.map(drop)
    }

    async fn take_seats(&mut self, id: OrganizationId, number: u64, limit: u64) -> Result<bool> {
        let Some(rest) = limit.checked_sub(number) else { return Ok(false) };
        let below = rest.saturating_add(1);
        let values = [count(number).into(), id.uuid().into(), count(below).into()];
        Ok(self.session().execute(statements::TAKE_SEATS.call(values)).await? > 0)
    }

    async fn free_seats(&mut self, id: OrganizationId, number: u64) -> Result<()> {
        let call = statements::FREE_SEATS.call([count(number).into(), id.uuid().into()]);
        self.session().execute(call).await.map(drop)
    }

    async fn purge(&mut self, id: OrganizationId, limit: u64) -> Result<u64> {
        let mut gone = 0;
        for statement in purge::ALL {
            let left = limit.saturating_sub(gone);
            if left == 0 {
                break;
            }
            let values = [id.uuid().into(), id.uuid().into(), count(left).into()];
            gone += self.session().execute(statement.call(values).scan()).await?;
        }
        Ok(gone)
    }

    async fn delete(&mut self, id: OrganizationId) -> Result<()> {
        self.change_one(statements::DELETE.call([id.uuid().into()])).await
    }
}

/// The columns of an organization that change, in the order of [`statements::UPDATE`].
fn settings(organization: &Organization) -> [Value; 13] {
    let Organization { deletion, pause, .. } = organization;
    let moment = |at: Option<Timestamp>| Value::from(at.map(Timestamp::micros));
    [
        organization.name.clone().into(),
        organization.plan.name().into(),
        organization.entitlements.name().into(),
        organization.nested_groups.into(),
        organization.seat_limit.seats().map(count).into(),
        moment(organization.disabled),
        moment(deletion.map(|it| it.at)),
        moment(deletion.map(|it| it.purge)),
        organization.scim.name().into(),
        moment(pause.map(|it| it.since)),
        moment(pause.and_then(|it| it.until)),
        organization.mapping_rules.into(),
        organization.name_id_attribute.name().into(),
    ]
}
