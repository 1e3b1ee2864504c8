//! A key and what its request asks for, in one statement and without a transaction: three statements
//! less for PostgreSQL to read, run and answer, and one way there and back instead of three.
//!
//! One statement is one state of the database by itself. Should anything else be asked of the same
//! view, a transaction begins with what was told, asked once more: if that is the same as before, all
//! of it is one state again.

use scim_app::ports::{Ahead, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use tokio_postgres::Row;
use uuid::Uuid;

use super::rows::{Cell, Made, Part, same};
use crate::{
    dialect::place,
    kept::Kept,
    session::{Call, Read},
    statements::{api_keys, groups, members, organizations, users},
};

/// Where the columns of the resource begin: after those of the key and its organization.
const RESOURCE: usize = api_keys::COLUMNS.len() + organizations::COLUMNS.len();
/// The column with the ids of a user's groups; their names are in the next one.
const GROUPS: usize = RESOURCE + users::COLUMNS.len();

// PostgreSQL's alone, and so not among the statements that are written for both databases.
pub(crate) const ALL: &[&Kept] = &[&USER, &USER_NAMED, &GROUP];

/// user, key → key, organization, [`users::COLUMNS`], the user's groups.
static USER: Kept = Kept::new("together.user", |dialect| dialect.text(&user("id")));
/// folded `userName`, key → the same.
static USER_NAMED: Kept =
    Kept::new("together.user_named", |dialect| dialect.text(&user("user_name_key")));
/// group, key → key, organization, [`groups::COLUMNS`].
static GROUP: Kept =
    Kept::new("together.group", |dialect| dialect.text(&resource("groups", groups::COLUMNS, "id")));

fn resource(
    table: &'static str,
    columns: &'static [&'static str],
    by: &'static str,
) -> SelectStatement {
    let it = Expr::col((table, "organization_id"))
        .equals(("api_keys", "organization_id"))
        .and(Expr::col((table, by)).eq(place()));
    let mut select = api_keys::authenticate();
    select.columns(columns.iter().map(|column| (table, *column))).join(
        JoinType::LeftJoin,
        table,
        it,
    );
    select
}

fn user(by: &'static str) -> SelectStatement {
    let same_group = Expr::col(("groups", "organization_id"))
        .equals(("group_members", "organization_id"))
        .and(Expr::col(("groups", "id")).equals(("group_members", "group_id")));
    let all = |column| Expr::cust(format!("ARRAY_AGG({column} ORDER BY group_members.group_id)"));
    let mut own = Query::select();
    own.expr_as(all("group_members.group_id"), "ids")
        .expr_as(all("groups.display_name"), "names")
        .from("group_members")
        .inner_join("groups", same_group)
        .and_where(
            Expr::col(("group_members", "organization_id")).equals(("users", "organization_id")),
        )
        .and_where(Expr::col(("group_members", "user_id")).equals(("users", "id")));
    let mut select = resource("users", users::COLUMNS, by);
    select.columns([("own", "ids"), ("own", "names")]).join_lateral(
        JoinType::LeftJoin,
        own,
        "own",
        Expr::cust("TRUE"),
    );
    select
}

/// What one statement told.
pub(super) struct Told {
    /// The statement.
    pub(super) call: Call,
    /// A row, or none if there is no such key.
    rows: Vec<Row>,
    wanted: Ahead,
    /// Whether it is of the same state as everything else, because that was looked at.
    pub(super) fixed: bool,
}

/// The statement for a key and what is wanted with it, if `call` asks for a key.
pub(super) fn call(call: &Call, wanted: &Ahead) -> Option<Call> {
    let key = call.values.first()?.clone();
    if !call.is(&api_keys::AUTHENTICATE.call([key.clone()])) {
        return None;
    }
    Some(match wanted {
        Ahead::User(id) => USER.call([id.uuid().into(), key]),
        Ahead::UserNamed(name) => USER_NAMED.call([name.as_str().into(), key]),
        Ahead::Group(id) => GROUP.call([id.uuid().into(), key]),
        Ahead::Nothing => return None,
    })
}

impl Told {
    pub(super) const fn new(call: Call, rows: Vec<Row>, wanted: Ahead) -> Self {
        Self { call, rows, wanted, fixed: false }
    }

    /// Whether these rows say the same.
    pub(super) fn is_still(&self, rows: &[Row]) -> bool {
        same(&self.rows, rows)
    }

    /// The key and its organization.
    pub(super) fn key<T>(&self, read: Read<T>) -> Result<Vec<T>, StoreError> {
        self.rows.iter().map(|row| read(row)).collect()
    }

    /// The rows of another statement, if this one told them.
    pub(super) fn answer<T>(
        &self,
        call: &Call,
        read: Read<T>,
    ) -> Result<Option<Vec<T>>, StoreError> {
        let Some(row) = self.rows.first() else { return Ok(None) };
        // The organization of the key.
        let organization: Uuid = crate::session::Row::id(row, 1)?;
        let id = crate::session::Row::optional_id(row, RESOURCE)?;
        if self.asked(organization).is_some_and(|asked| call.is(&asked)) {
            let found = id.map(|_| read(&Part { row, first: RESOURCE }));
            return found.into_iter().collect::<Result<Vec<_>, _>>().map(Some);
        }
        match (&self.wanted, id) {
            (Ahead::User(_) | Ahead::UserNamed(_), Some(id)) => {
                let groups = members::GROUPS_OF.list([organization.into()], [id].into_iter());
                if call.is(&groups) { groups_of(row, id, read).map(Some) } else { Ok(None) }
            }
            (Ahead::User(_) | Ahead::UserNamed(_) | Ahead::Group(_) | Ahead::Nothing, _) => {
                Ok(None)
            }
        }
    }

    /// The statement that asks for the resource alone.
    fn asked(&self, organization: Uuid) -> Option<Call> {
        let organization = organization.into();
        Some(match &self.wanted {
            Ahead::User(id) => users::FIND.call([organization, id.uuid().into()]),
            Ahead::UserNamed(name) => {
                users::FIND_BY_NAME.call([organization, name.as_str().into()])
            }
            Ahead::Group(id) => groups::FIND.call([organization, id.uuid().into()]),
            Ahead::Nothing => return None,
        })
    }
}

fn groups_of<T>(row: &Row, user: Uuid, read: Read<T>) -> Result<Vec<T>, StoreError> {
    let ids: Option<Vec<Uuid>> = super::values::get(row, GROUPS)?;
    let names: Option<Vec<String>> = super::values::get(row, GROUPS + 1)?;
    let groups = ids.unwrap_or_default().into_iter().zip(names.unwrap_or_default());
    groups
        .map(|(id, name)| read(&Made(vec![Cell::Id(user), Cell::Id(id), Cell::Text(name)])))
        .collect()
}
