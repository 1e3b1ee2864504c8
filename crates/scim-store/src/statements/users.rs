//! Users and their index rows.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LockType, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, near, place, places},
    kept::Kept,
};

/// What a stored user is read from.
pub(crate) const COLUMNS: &[&str] =
    &["id", "created_us", "updated_us", "version", "source", "protected", "active", "document"];

const WRITTEN: &[&str] = &[
    "organization_id",
    "id",
    "user_name_key",
    "external_id",
    "display_name_key",
    "active",
    "source",
    "protected",
    "created_us",
    "updated_us",
    "version",
    "document",
];

const TERM: &[&str] = &["organization_id", "user_id", "path", "element", "term"];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().copied())
        .from("users")
        .and_where(Expr::col("organization_id").eq(place()));
    select
}

/// organization, user → [`COLUMNS`].
pub(crate) static FIND: Kept = Kept::new("users.find", |dialect| {
    dialect.text(select().and_where(Expr::col("id").eq(place())))
});

/// The same, locking the row where there are row locks.
pub(crate) static FIND_FOR_UPDATE: Kept = Kept::new("users.find_for_update", |dialect| {
    dialect.text(select().and_where(Expr::col("id").eq(place())).lock(LockType::Update))
});

/// organization, folded name → [`COLUMNS`].
pub(crate) static FIND_BY_NAME: Kept = Kept::new("users.find_by_name", |dialect| {
    dialect.text(select().and_where(Expr::col("user_name_key").eq(place())))
});

/// organization, folded names → [`COLUMNS`].
pub(crate) static FIND_BY_NAMES: Kept = Kept::sized("users.find_by_names", |dialect, size| {
    dialect.text(select().and_where(Expr::col("user_name_key").is_in(places(size))))
});

/// organization, users → [`COLUMNS`].
pub(crate) static FIND_MANY: Kept = Kept::sized("users.find_many", |dialect, size| {
    dialect.text(select().and_where(Expr::col("id").is_in(places(size))))
});

/// organization, id: those after the id, oldest first.
fn after_id() -> SelectStatement {
    select().and_where(Expr::col("id").gt(place())).order_by("id", Order::Asc).take()
}

/// organization, id, limit, offset → [`COLUMNS`], oldest first, a window of those after the id.
pub(crate) static PAGE: Kept =
    Kept::new("users.page", |dialect| dialect.text(after_id().limit(1).offset(1)));

/// The same of a window that reaches no further than [`NEAR`](crate::dialect::NEAR).
pub(crate) static NEAR_PAGE: Kept =
    Kept::new("users.near_page", |dialect| near(dialect, &after_id()));

/// organization, id, limit → [`COLUMNS`], oldest first, those after the id.
pub(crate) static AFTER: Kept =
    Kept::new("users.after", |dialect| dialect.text(after_id().limit(1)));

/// organization, user, limit → [`COLUMNS`] of the users after that one, oldest first; locking the
/// rows where there are row locks.
pub(crate) static PAGE_AFTER: Kept = Kept::new("users.page_after", |dialect| {
    dialect.text(
        select()
            .and_where(Expr::col("id").gt(place()))
            .order_by("id", Order::Asc)
            .limit(1)
            .lock(LockType::Update),
    )
})
.long();

/// organization, limit → [`COLUMNS`], by id.
pub(crate) static FIRST: Kept =
    Kept::new("users.first", |dialect| dialect.text(select().order_by("id", Order::Asc).limit(1)));

/// organization → how many.
pub(crate) static COUNT: Kept = Kept::new("users.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("id")))
            .from("users")
            .and_where(Expr::col("organization_id").eq(place())),
    )
})
.long();

/// organization, `true` → how many are active.
pub(crate) static COUNT_ACTIVE: Kept =
    Kept::new("users.count_active", |dialect| dialect.text(&count_active())).long();

/// organization, `true`, source, `false` → how many of a source are active and not protected.
pub(crate) static COUNT_PROVISIONED: Kept = Kept::new("users.count_provisioned", |dialect| {
    dialect.text(
        count_active()
            .and_where(Expr::col("source").eq(place()))
            .and_where(Expr::col("protected").eq(place())),
    )
})
.long();

fn count_active() -> SelectStatement {
    Query::select()
        .expr(Func::count(Expr::col("id")))
        .from("users")
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("active").eq(place()))
        .take()
}

/// organization, id, `true`, source, `true`, limit → the ids of active users after that id that are
/// of another source, or protected; in order.
pub(crate) static UNPROVISIONED: Kept = Kept::new("users.unprovisioned", |dialect| {
    let others = Expr::col("source").ne(place()).or(Expr::col("protected").eq(place()));
    dialect.text(
        Query::select()
            .column("id")
            .from("users")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").gt(place()))
            .and_where(Expr::col("active").eq(place()))
            .and_where(others)
            .order_by("id", Order::Asc)
            .limit(1),
    )
})
.long();

/// organization → id, in order; answered by the index of those few.
pub(crate) static PROTECTED: Kept = Kept::new("users.protected", |dialect| {
    dialect.text(
        Query::select()
            .column("id")
            .from("users")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("protected"))
            .order_by("id", Order::Asc),
    )
});

/// organization, users → id, active, protected.
pub(crate) static STATES: Kept = Kept::sized("users.states", |dialect, size| {
    dialect.text(
        Query::select()
            .columns(["id", "active", "protected"])
            .from("users")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").is_in(places(size))),
    )
});

/// Rows of what is written: organization, user, key of the name, external id, key of the display
/// name, active, source, protected, created, updated, version, document.
pub(crate) static INSERT: Kept =
    Kept::sized("users.insert", |dialect, rows| dialect.text(&insert("users", WRITTEN, rows)));

/// Everything after the user's id in [`INSERT`] but `created`; then organization, user, version
/// as expected.
pub(crate) static UPDATE: Kept = Kept::new("users.update", |dialect| {
    let mut update = Query::update();
    update.table("users");
    for column in WRITTEN.iter().skip(2).filter(|it| **it != "created_us") {
        update.value(*column, place());
    }
    dialect.text(
        update
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place()))
            .and_where(Expr::col("version").eq(place())),
    )
});

/// organization, user, version as expected. Index rows and memberships go with it.
pub(crate) static DELETE: Kept = Kept::new("users.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("users")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place()))
            .and_where(Expr::col("version").eq(place())),
    )
});

/// organization, user → path, element, term; in order.
pub(crate) static TERMS: Kept = Kept::new("user_terms.list", |dialect| {
    dialect.text(
        Query::select()
            .columns(["path", "element", "term"])
            .from("user_terms")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("user_id").eq(place()))
            .order_by("path", Order::Asc)
            .order_by("element", Order::Asc),
    )
});

/// Rows of organization, user, path, element, term.
pub(crate) static INSERT_TERMS: Kept = Kept::sized("user_terms.insert", |dialect, rows| {
    dialect.text(&insert("user_terms", TERM, rows))
});

/// organization, user.
pub(crate) static DELETE_TERMS: Kept = Kept::new("user_terms.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("user_terms")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("user_id").eq(place())),
    )
});

/// organization, path, term → how many users have such a row.
pub(crate) static COUNT_TERMS: Kept = Kept::new("user_terms.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("user_id")))
            .from("user_terms")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("path").eq(place()))
            .and_where(Expr::col("term").eq(place())),
    )
})
.long();

pub(super) const ALL: &[&Kept] = &[
    &FIND,
    &FIND_FOR_UPDATE,
    &FIND_BY_NAME,
    &FIND_BY_NAMES,
    &FIND_MANY,
    &PAGE,
    &NEAR_PAGE,
    &FIRST,
    &AFTER,
    &PAGE_AFTER,
    &COUNT,
    &COUNT_ACTIVE,
    &COUNT_PROVISIONED,
    &UNPROVISIONED,
    &PROTECTED,
    &STATES,
    &INSERT,
    &UPDATE,
    &DELETE,
    &TERMS,
    &INSERT_TERMS,
    &DELETE_TERMS,
    &COUNT_TERMS,
];
