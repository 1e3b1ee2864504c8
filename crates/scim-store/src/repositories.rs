//! The ports, written once over any session.

mod access;
mod activities;
mod api_keys;
mod audit;
mod blocks;
mod feed;
mod groups;
mod holders;
mod idempotency;
mod keyring;
mod mapping_rules;
mod nestings;
mod organizations;
mod outbox;
mod roles;
mod schemas;
mod users;

use std::sync::Arc;

use async_trait::async_trait;
use scim_app::ports::{
    AccessQueries, Activities, Ahead, ApiKeyQueries, ApiKeys, AuditLog, AuditQueries, Departures,
    FeedQueries, GroupQueries, Groups, HolderQueries, Idempotency, IdempotencyQueries, Keyring,
    KeyringQueries, MappingRuleQueries, MappingRules, NestingQueries, Nestings,
    OrganizationQueries, Organizations, Outbox, RoleQueries, Roles, SchemaQueries, Schemas,
    Snapshot, StoreError, UnitOfWork, UserQueries, Users,
};
use scim_domain::{OrganizationId, RequestId};
use uuid::Uuid;

use crate::{
    blocks::Blocks,
    kept::{Kept, LONGEST_LIST},
    rows::count,
    session::{Read, Session, Transaction},
    statements,
};

type Result<T> = std::result::Result<T, StoreError>;

/// Reads through a session.
pub(crate) struct Reading<S> {
    session: S,
    blocks: Arc<Blocks>,
}

impl<S: Session> Reading<S> {
    pub(crate) const fn new(session: S, blocks: Arc<Blocks>) -> Self {
        Self { session, blocks }
    }

    /// Runs a statement for lists of ids or texts, in as few rounds as a list's length allows. The ids are
    /// sorted first, so that an answer ordered by them is ordered as a whole.
    async fn in_rounds<T: Send + 'static, V: Ord + Clone + Into<sea_orm::Value>>(
        &mut self,
        statement: &'static Kept,
        organization: Uuid,
        ids: impl IntoIterator<Item = V>,
        read: Read<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for round in sorted(ids).chunks(LONGEST_LIST) {
            let call = statement.list([organization.into()], round.iter().cloned());
            let call = if round.len() > 100 { call.scan() } else { call };
            all.append(&mut self.session.rows(call, read).await?);
        }
        Ok(all)
    }

    /// The same with a statement whose last value is how many rows it answers at most, until there
    /// are `limit` of them.
    async fn in_rounds_up_to<T: Send + 'static>(
        &mut self,
        statement: &'static Kept,
        organization: Uuid,
        ids: impl IntoIterator<Item = Uuid>,
        limit: u64,
        read: Read<T>,
    ) -> Result<Vec<T>> {
        let mut all: Vec<T> = Vec::new();
        for round in sorted(ids).chunks(LONGEST_LIST) {
            let left = limit.saturating_sub(u64::try_from(all.len()).unwrap_or(u64::MAX));
            if left == 0 {
                break;
            }
            let call = statement.list([organization.into()], round.iter().copied());
            let call = call.and(count(left).into());
            let call = if round.len() > 100 { call.scan() } else { call };
            all.append(&mut self.session.rows(call, read).await?);
        }
        Ok(all)
    }
}

/// The ids, each once, in their order.
fn sorted<V: Ord>(ids: impl IntoIterator<Item = V>) -> Vec<V> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl<S: Session> Snapshot for Reading<S> {
    fn ahead(&mut self, wanted: &Ahead) {
        self.session.together(wanted);
    }

    fn organizations(&mut self) -> &mut dyn OrganizationQueries {
        self
    }

    fn schemas(&mut self) -> &mut dyn SchemaQueries {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyQueries {
        self
    }

    fn users(&mut self) -> &mut dyn UserQueries {
        self
    }

    fn groups(&mut self) -> &mut dyn GroupQueries {
        self
    }

    fn nestings(&mut self) -> &mut dyn NestingQueries {
        self
    }

    fn roles(&mut self) -> &mut dyn RoleQueries {
        self
    }

    fn holders(&mut self) -> &mut dyn HolderQueries {
        self
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRuleQueries {
        self
    }

    fn access(&mut self) -> &mut dyn AccessQueries {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditQueries {
        self
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyQueries {
        self
    }

    fn feed(&mut self) -> &mut dyn FeedQueries {
        self
    }

    fn keyring(&mut self) -> &mut dyn KeyringQueries {
        self
    }
}

/// Reads and writes through a session.
pub(crate) struct Writing<S> {
    reading: Reading<S>,
    /// The request that links which are made now remember.
    request: Option<RequestId>,
    /// The organization whose row this unit has.
    held: Option<OrganizationId>,
}

impl<S: Transaction> Writing<S> {
    pub(crate) const fn new(session: S, blocks: Arc<Blocks>) -> Self {
        Self { reading: Reading::new(session, blocks), request: None, held: None }
    }

    const fn session(&mut self) -> &mut S {
        &mut self.reading.session
    }

    /// The request as a column keeps it.
    fn request(&self) -> sea_orm::Value {
        self.request.map(RequestId::uuid).into()
    }

    /// Inserts rows.
    async fn insert_rows(
        &mut self,
        statement: &'static Kept,
        rows: Vec<Vec<sea_orm::Value>>,
    ) -> Result<()> {
        for call in statement.rows(rows) {
            self.session().execute(call).await?;
        }
        Ok(())
    }

    /// Inserts rows that nothing can be wrong with: new ones, of what the unit has just written or
    /// holds. Should the database refuse them all the same, the unit fails later.
    async fn add_rows(
        &mut self,
        statement: &'static Kept,
        rows: Vec<Vec<sea_orm::Value>>,
    ) -> Result<()> {
        for call in statement.rows(rows) {
            self.session().later(call).await?;
        }
        Ok(())
    }

    /// Runs a change that must meet exactly one row.
    async fn change_one(&mut self, call: crate::session::Call) -> Result<()> {
        match self.session().execute(call).await? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl<S: Transaction> UnitOfWork for Writing<S> {
    fn in_request(&mut self, request: Option<RequestId>) {
        self.request = request;
    }

    fn ahead(&mut self, organization: OrganizationId, wanted: &Ahead) {
        let of = organization.uuid();
        let calls = match wanted {
            Ahead::User(id) => {
                let values = || [of.into(), id.uuid().into()];
                let find = statements::users::FIND_FOR_UPDATE.call(values());
                vec![find, statements::users::TERMS.call(values())]
            }
            Ahead::UserNamed(name) => {
                vec![statements::users::FIND_BY_NAME.call([of.into(), name.as_str().into()])]
            }
            Ahead::Group(id) => {
                vec![statements::groups::FIND_FOR_UPDATE.call([of.into(), id.uuid().into()])]
            }
            Ahead::Nothing => Vec::new(),
        };
        self.session().ahead(calls);
    }

    fn read(&mut self) -> &mut dyn Snapshot {
        &mut self.reading
    }

    fn organizations(&mut self) -> &mut dyn Organizations {
        self
    }

    fn schemas(&mut self) -> &mut dyn Schemas {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeys {
        self
    }

    fn users(&mut self) -> &mut dyn Users {
        self
    }

    fn groups(&mut self) -> &mut dyn Groups {
        self
    }

    fn nestings(&mut self) -> &mut dyn Nestings {
        self
    }

    fn roles(&mut self) -> &mut dyn Roles {
        self
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRules {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditLog {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn activities(&mut self) -> &mut dyn Activities {
        self
    }

    fn departures(&mut self) -> &mut dyn Departures {
        self
    }

    fn idempotency(&mut self) -> &mut dyn Idempotency {
        self
    }

    fn keyring(&mut self) -> &mut dyn Keyring {
        self
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.reading.session.commit().await
    }
}
