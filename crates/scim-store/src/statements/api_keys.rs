//! API keys and their last use.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, place},
    kept::Kept,
    statements::organizations,
};

pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "organization_id",
    "name",
    "description",
    "permissions",
    "hash",
    "created_us",
    "expires_us",
    "revoked_us",
    "connection_id",
    "strictness",
    "token_generation",
];

const USE_COLUMNS: &[&str] = &["at_us", "address", "agent"];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select.columns(COLUMNS.iter().map(|it| ("api_keys", *it))).from("api_keys");
    select
}

/// key → [`COLUMNS`], then those of its organization. The only statement for a request that knows
/// no organization yet.
pub(crate) static AUTHENTICATE: Kept = Kept::new("api_keys.authenticate", |dialect| {
    dialect.text(
        select()
            .columns(organizations::COLUMNS.iter().map(|it| ("organizations", *it)))
            .inner_join(
                "organizations",
                Expr::col(("organizations", "id")).equals(("api_keys", "organization_id")),
            )
            .and_where(Expr::col(("api_keys", "id")).eq(place())),
    )
});

/// organization, key → [`COLUMNS`].
pub(crate) static FIND: Kept = Kept::new("api_keys.find", |dialect| {
    dialect.text(
        select()
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

/// organization → [`COLUMNS`], then the last use, if any; oldest first.
pub(crate) static LIST: Kept = Kept::new("api_keys.list", |dialect| {
    let same_key = Expr::col(("api_key_uses", "organization_id"))
        .equals(("api_keys", "organization_id"))
        .and(Expr::col(("api_key_uses", "api_key_id")).equals(("api_keys", "id")));
    dialect.text(
        select()
            .columns(USE_COLUMNS.iter().map(|it| ("api_key_uses", *it)))
            .left_join("api_key_uses", same_key)
            .and_where(Expr::col(("api_keys", "organization_id")).eq(place()))
            .order_by(("api_keys", "id"), Order::Asc),
    )
});

/// A row of [`COLUMNS`].
pub(crate) static INSERT: Kept =
    Kept::new("api_keys.insert", |dialect| dialect.text(&insert("api_keys", COLUMNS, 1)));

/// permissions, strictness, expires, revoked, token generation, organization, key.
pub(crate) static UPDATE: Kept = Kept::new("api_keys.update", |dialect| {
    dialect.text(
        Query::update()
            .table("api_keys")
            .value("permissions", place())
            .value("strictness", place())
            .value("expires_us", place())
            .value("revoked_us", place())
            .value("token_generation", place())
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[&AUTHENTICATE, &FIND, &LIST, &INSERT, &UPDATE];
