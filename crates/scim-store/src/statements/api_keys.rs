//! API keys and their last use.

use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query, SelectStatement};

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
    "addresses",
    "users_only",
    "denied_roles",
    "warning_us",
    "successor_id",
    "token_generation",
];

const USE_COLUMNS: &[&str] = &["at_us", "address", "agent"];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select.columns(COLUMNS.iter().map(|it| ("api_keys", *it))).from("api_keys");
    select
}

/// key, as the last place → [`COLUMNS`], then those of its organization.
pub(crate) fn authenticate() -> SelectStatement {
    let mut authenticate = select();
    authenticate
        .columns(organizations::COLUMNS.iter().map(|it| ("organizations", *it)))
        .inner_join(
            "organizations",
            Expr::col(("organizations", "id")).equals(("api_keys", "organization_id")),
        )
        .and_where(Expr::col(("api_keys", "id")).eq(place()));
    authenticate
}

/// key → [`COLUMNS`], then those of its organization. The only statement for a request that knows
/// no organization yet.
pub(crate) static AUTHENTICATE: Kept =
    Kept::new("api_keys.authenticate", |dialect| dialect.text(&authenticate()));

fn find() -> SelectStatement {
    let mut find = select();
    find.and_where(Expr::col("organization_id").eq(place())).and_where(Expr::col("id").eq(place()));
    find
}

/// organization, key → [`COLUMNS`].
pub(crate) static FIND: Kept = Kept::new("api_keys.find", |dialect| dialect.text(&find()));

/// The same, locking the row where there are row locks.
pub(crate) static FIND_FOR_UPDATE: Kept =
    Kept::new("api_keys.find_for_update", |dialect| dialect.text(find().lock(LockType::Update)));

fn list() -> SelectStatement {
    let same_key = Expr::col(("api_key_uses", "organization_id"))
        .equals(("api_keys", "organization_id"))
        .and(Expr::col(("api_key_uses", "api_key_id")).equals(("api_keys", "id")));
    let mut list = select();
    list.columns(USE_COLUMNS.iter().map(|it| ("api_key_uses", *it)))
        .left_join("api_key_uses", same_key)
        .and_where(Expr::col(("api_keys", "organization_id")).eq(place()))
        .order_by(("api_keys", "id"), Order::Asc);
    list
}

/// organization → [`COLUMNS`], then the last use, if any; oldest first.
pub(crate) static LIST: Kept = Kept::new("api_keys.list", |dialect| dialect.text(&list()));

/// organization, key, limit → the same, after that key. Before all keys is the nil one.
pub(crate) static PAGE: Kept = Kept::new("api_keys.page", |dialect| {
    let after = Expr::col(("api_keys", "id")).gt(place());
    dialect.text(list().and_where(after).limit(1))
});

/// organization, key → moment, address and agent of the last use.
pub(crate) static LAST_USE: Kept = Kept::new("api_key_uses.find", |dialect| {
    dialect.text(
        Query::select()
            .columns(USE_COLUMNS.iter().copied())
            .from("api_key_uses")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("api_key_id").eq(place())),
    )
});

/// moment, limit → organization and key of the warnings that are due by then, of all organizations,
/// the longest due first.
pub(crate) static WARNINGS_DUE: Kept = Kept::new("api_keys.warnings_due", |dialect| {
    dialect.text(
        Query::select()
            .columns(["organization_id", "id"])
            .from("api_keys")
            .and_where(Expr::col("warning_us").lte(place()))
            .order_by("warning_us", Order::Asc)
            .limit(1),
    )
});

/// A row of [`COLUMNS`].
pub(crate) static INSERT: Kept =
    Kept::new("api_keys.insert", |dialect| dialect.text(&insert("api_keys", COLUMNS, 1)));

/// name, description, permissions, strictness, addresses, users only, denied roles, expires,
/// warning, revoked, successor, organization, key.
pub(crate) static UPDATE: Kept = Kept::new("api_keys.update", |dialect| {
    dialect.text(
        Query::update()
            .table("api_keys")
            .value("name", place())
            .value("description", place())
            .value("permissions", place())
            .value("strictness", place())
            .value("addresses", place())
            .value("users_only", place())
            .value("denied_roles", place())
            .value("expires_us", place())
            .value("warning_us", place())
            .value("revoked_us", place())
            .value("successor_id", place())
            .value("token_generation", place())
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &AUTHENTICATE,
    &FIND,
    &FIND_FOR_UPDATE,
    &LIST,
    &PAGE,
    &LAST_USE,
    &WARNINGS_DUE,
    &INSERT,
    &UPDATE,
];
