use async_trait::async_trait;
use scim_app::ports::{MemberState, Page, Search, UserQueries, Users};
use scim_domain::{
    FoldedText, OrganizationId, UserId,
    resource::{Value as Attribute, index, representation::GroupRef},
    schema::{Catalog, ResourceType},
    user::{Source, StoredUser, User},
};
use sea_orm::Value;
use uuid::Uuid;

use super::{Reading, Result, Writing};
use crate::{
    error::inconsistent,
    rows::{
        count, read_count, read_group_of, read_member_state, read_term, read_user, read_user_id,
    },
    search::{self, UserSearch},
    session::{Session, Transaction},
    statements::{blocks, members, users as statements},
};

#[async_trait]
impl<S: Session> UserQueries for Reading<S> {
    async fn find(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<StoredUser>> {
        let call = statements::FIND.call([organization.uuid().into(), id.uuid().into()]);
        self.session.first(call, read_user).await
    }

    async fn find_by_name(
        &mut self,
        organization: OrganizationId,
        user_name: &FoldedText,
    ) -> Result<Option<StoredUser>> {
        let call =
            statements::FIND_BY_NAME.call([organization.uuid().into(), user_name.as_str().into()]);
        self.session.first(call, read_user).await
    }

    async fn find_by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<StoredUser>> {
        let names = user_names.iter().map(FoldedText::as_str);
        self.in_rounds(&statements::FIND_BY_NAMES, organization.uuid(), names, read_user).await
    }

    async fn search(
        &mut self,
        organization: OrganizationId,
        search: Search<'_>,
    ) -> Result<Page<StoredUser>> {
        let organization = organization.uuid();
        search::run::<S, UserSearch>(&mut self.session, &self.blocks, organization, search).await
    }

    async fn groups_of(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupRef)>> {
        let ids = users.iter().map(|it| it.uuid());
        self.in_rounds(&members::GROUPS_OF, organization.uuid(), ids, read_group_of).await
    }

    async fn count_carriers(&mut self, organization: OrganizationId, urn: &str) -> Result<u64> {
        let call =
            statements::COUNT_TERMS.call([organization.uuid().into(), urn.into(), "".into()]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn after(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>> {
        let (organization, most) = (organization.uuid().into(), count(limit).into());
        let call = match after {
            None => statements::FIRST.call([organization, most]),
            Some(after) => statements::AFTER.call([organization, after.uuid().into(), most]),
        };
        self.session.rows(call.scan(), read_user).await
    }

    async fn count_active(&mut self, organization: OrganizationId) -> Result<u64> {
        let call = statements::COUNT_ACTIVE.call([organization.uuid().into(), true.into()]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn count_provisioned(&mut self, organization: OrganizationId) -> Result<u64> {
        let (organization, scim) = (organization.uuid().into(), Source::Scim.name().into());
        let values = [organization, true.into(), scim, false.into()];
        let call = statements::COUNT_PROVISIONED.call(values);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn unprovisioned(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserId>> {
        let call = statements::UNPROVISIONED.call([
            organization.uuid().into(),
            after.map_or_else(Uuid::nil, UserId::uuid).into(),
            true.into(),
            Source::Scim.name().into(),
            true.into(),
            count(limit).into(),
        ]);
        self.session.rows(call, read_user_id).await
    }

    async fn protected(&mut self, organization: OrganizationId) -> Result<Vec<UserId>> {
        let call = statements::PROTECTED.call([organization.uuid().into()]);
        self.session.rows(call, read_user_id).await
    }

    async fn states(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<MemberState>> {
        let ids = users.iter().map(|it| it.uuid());
        self.in_rounds(&statements::STATES, organization.uuid(), ids, read_member_state).await
    }
}

/// The columns that change with the document, in the order of [`statements::INSERT`].
fn facts(user: &User) -> [Value; 6] {
    let display_name = user.display_name().filter(|it| !it.is_empty());
    // Whether the attribute is there, and not whether the user has access: see the schema.
    let active = user.document().get("active").and_then(Attribute::as_bool);
    [
        user.user_name_key().as_str().into(),
        user.external_id().filter(|it| !it.is_empty()).map(str::to_owned).into(),
        display_name.map(|it| FoldedText::of(it).as_str().to_owned()).into(),
        active.into(),
        user.source.name().into(),
        user.protected.into(),
    ]
}

/// A row of [`statements::INSERT`].
fn user_row(organization: Uuid, catalog: &Catalog, user: &User) -> Vec<Value> {
    let mut row = vec![organization.into(), user.id.uuid().into()];
    row.extend(facts(user));
    row.extend([
        user.meta.created.micros().into(),
        user.meta.last_modified.micros().into(),
        count(user.meta.version).into(),
        user.document().to_json(&catalog.user).into(),
    ]);
    row
}

/// An index row of a user: path, element, term.
type Term = (String, i64, String);

/// Index rows of a user.
fn terms(user: &User, resource_type: &ResourceType) -> Vec<Term> {
    let terms = index::terms(resource_type, user.document());
    terms.into_iter().map(|it| (it.path, i64::from(it.element), it.text)).collect()
}

fn term_rows(organization: Uuid, user: Uuid, terms: Vec<Term>) -> Vec<Vec<Value>> {
    let row = |(path, element, term): Term| {
        vec![organization.into(), user.into(), path.into(), element.into(), term.into()]
    };
    terms.into_iter().map(row).collect()
}

impl<S: Transaction> Writing<S> {
    async fn stored_terms(&mut self, organization: Uuid, user: UserId) -> Result<Vec<Term>> {
        let call = statements::TERMS.call([organization.into(), user.uuid().into()]);
        self.session().rows(call, read_term).await
    }

    /// Makes the index rows of a user what its document says. Most changes leave every indexed
    /// value as it is; then no row is touched.
    async fn set_terms(
        &mut self,
        organization: Uuid,
        catalog: &Catalog,
        user: &User,
        stored: Vec<Term>,
    ) -> Result<()> {
        let id = user.id.uuid();
        let mut wanted = terms(user, &catalog.user);
        wanted.sort_unstable();
        if stored == wanted {
            return Ok(());
        }
        if !stored.is_empty() {
            let call = statements::DELETE_TERMS.call([organization.into(), id.into()]);
            self.session().execute(call).await?;
        }
        self.add_rows(&statements::INSERT_TERMS, term_rows(organization, id, wanted)).await
    }
}

#[async_trait]
impl<S: Transaction> Users for Writing<S> {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<Option<StoredUser>> {
        let call = statements::FIND_FOR_UPDATE.call([organization.uuid().into(), id.uuid().into()]);
        self.session().first(call, read_user).await
    }

    async fn insert(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
    ) -> Result<()> {
        let (id, row) = (user.id.uuid(), user_row(organization.uuid(), catalog, user));
        self.insert_rows(&statements::INSERT, vec![row]).await?;
        self.came(organization, &blocks::USERS, id).await?;
        let terms = term_rows(organization.uuid(), id, terms(user, &catalog.user));
        self.add_rows(&statements::INSERT_TERMS, terms).await
    }

    async fn insert_many(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        users: &[User],
    ) -> Result<()> {
        let of = organization;
        let organization = of.uuid();
        let rows = users.iter().map(|it| user_row(organization, catalog, it)).collect();
        self.insert_rows(&statements::INSERT, rows).await?;
        self.many_came(of, &blocks::USERS, users.iter().map(|it| it.id.uuid())).await?;
        let terms = |it: &User| term_rows(organization, it.id.uuid(), terms(it, &catalog.user));
        self.add_rows(&statements::INSERT_TERMS, users.iter().flat_map(terms).collect()).await
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        user: &User,
        expected: u64,
    ) -> Result<()> {
        let (organization, id) = (organization.uuid(), user.id.uuid());
        let [name, external_id, display_name, active, source, protected] = facts(user);
        let call = statements::UPDATE.call([
            name,
            external_id,
            display_name,
            active,
            source,
            protected,
            user.meta.last_modified.micros().into(),
            count(user.meta.version).into(),
            user.document().to_json(&catalog.user).into(),
            organization.into(),
            id.into(),
            count(expected).into(),
        ]);
        // Asked first: it was asked ahead, as long as nothing was changed.
        let terms = self.stored_terms(organization, user.id).await?;
        self.change_one(call).await?;
        self.set_terms(organization, catalog, user, terms).await
    }

    async fn index(
        &mut self,
        organization: OrganizationId,
        catalog: &Catalog,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Option<UserId>> {
        let organization = organization.uuid();
        let after = after.map_or_else(Uuid::nil, UserId::uuid);
        let call =
            statements::PAGE_AFTER.call([organization.into(), after.into(), count(limit).into()]);
        let users = self.session().rows(call, read_user).await?;
        for stored in &users {
            let user = User::from_stored(&catalog.user, stored)
                .map_err(|it| inconsistent("users", it.reason))?;
            let terms = self.stored_terms(organization, user.id).await?;
            self.set_terms(organization, catalog, &user, terms).await?;
        }
        Ok(users.last().map(|it| it.id))
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
    ) -> Result<()> {
        let call = statements::DELETE.call([
            organization.uuid().into(),
            id.uuid().into(),
            count(expected).into(),
        ]);
        self.change_one(call).await?;
        self.went(organization, &blocks::USERS, id.uuid()).await
    }
}
