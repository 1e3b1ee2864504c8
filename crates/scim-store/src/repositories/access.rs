use async_trait::async_trait;
use scim_app::ports::{AccessQueries, Departed, Departures, Mark};
use scim_domain::{
    FoldedText, OrganizationId, Timestamp, UserId,
    access::{Above, Account, Mapping, Membership, Nesting},
};
use uuid::Uuid;

use super::{Reading, Result, Writing, sorted};
use crate::{
    rows::access::{
        AboveRow, AccountRow, read_above, read_account, read_departed, read_external_id,
    },
    session::{Session, Transaction},
    statements::access as statements,
};

/// Puts the rows of each user together: that of the user comes before those of what it reaches.
fn accounts(rows: Vec<AccountRow>) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in rows {
        match row {
            AccountRow::User(account) => {
                places.insert(account.user, accounts.len());
                accounts.push(account);
            }
            AccountRow::Reached(user, reached) => {
                let account = places.get(&user).and_then(|at: &usize| accounts.get_mut(*at));
                if let Some(account) = account {
                    account.reached.push(reached);
                }
            }
        }
    }
    accounts
}

#[async_trait]
impl<S: Session> AccessQueries for Reading<S> {
    async fn by_ids(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Account>> {
        let ids = users.iter().map(|it| it.uuid());
        let rows =
            self.in_rounds(&statements::BY_IDS, organization.uuid(), ids, read_account).await?;
        Ok(accounts(rows))
    }

    async fn by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<Account>> {
        let names = user_names.iter().map(|it| it.as_str().to_owned());
        let rows =
            self.in_rounds(&statements::BY_NAMES, organization.uuid(), names, read_account).await?;
        Ok(accounts(rows))
    }

    async fn by_external_id(
        &mut self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Vec<Account>> {
        let values = [organization.uuid().into(), external_id.into(), 2_i64.into()];
        let rows = self.session.rows(statements::BY_EXTERNAL_ID.call(values), read_account).await?;
        Ok(accounts(rows))
    }

    async fn have_external_ids(
        &mut self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, UserId)>> {
        let texts = external_ids.iter().cloned();
        let statement = &statements::HAVE_EXTERNAL_IDS;
        self.in_rounds(statement, organization.uuid(), texts, read_external_id).await
    }

    async fn above(&mut self, organization: OrganizationId, users: &[UserId]) -> Result<Above> {
        let ids = users.iter().map(|it| it.uuid());
        let rows = self.in_rounds(&statements::ABOVE, organization.uuid(), ids, read_above).await?;
        let mut above = Above::default();
        for row in rows {
            match row {
                AboveRow::Membership(it) => above.memberships.push(it),
                AboveRow::Nesting(it) => above.nestings.push(it),
                AboveRow::Mapping(it) => above.mappings.push(it),
            }
        }
        // Rounds may have met the same groups.
        above.nestings.sort_by_key(|Nesting { member, group, .. }| (*member, *group));
        above.nestings.dedup();
        let place = |it: &Mapping| (it.group, it.role.clone());
        above.mappings.sort_by_key(place);
        above.mappings.dedup_by_key(|it| place(it));
        above.memberships.sort_by_key(|Membership { user, group, .. }| (*user, *group));
        Ok(above)
    }

    async fn departed(
        &mut self,
        organization: OrganizationId,
        marks: &[Mark],
    ) -> Result<Vec<(Mark, Departed)>> {
        let marks = marks.iter().map(|it| it.uuid());
        let statement = &statements::DEPARTED_OF;
        self.in_rounds(statement, organization.uuid(), marks, read_departed).await
    }
}

#[async_trait]
impl<S: Transaction> Departures for Writing<S> {
    async fn remember(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        marks: &[Mark],
        now: Timestamp,
    ) -> Result<()> {
        let request = self.request();
        let rows = sorted(marks.iter().map(|it| it.uuid())).into_iter().map(|mark: Uuid| {
            vec![
                organization.uuid().into(),
                mark.into(),
                user.uuid().into(),
                now.micros().into(),
                request.clone(),
            ]
        });
        self.insert_rows(&statements::REMEMBER, rows.collect()).await
    }

    async fn forget(&mut self, before: Timestamp) -> Result<()> {
        let call = statements::FORGET.call([before.micros().into()]);
        self.session().execute(call).await.map(drop)
    }
}
