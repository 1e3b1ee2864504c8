//! What a backend asks at sign-in: users with everything they reach, without their documents.
//!
//! Whom a statement is about is selected first, in a common table, so that the values are bound once
//! and everything else goes on from there by index.

use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, OnConflict, Query, SelectStatement, UnionType,
    WithClause,
};

use super::nestings;
use crate::{
    dialect::{insert, place, places},
    kept::Kept,
};

const FOUND: &str = "found";
const MEMBERS: &str = "group_members";
const MAPPED: &str = "group_roles";
const ASSIGNED: &str = "role_assignments";

/// That two tables speak of the same organization, and that a column of the first is one of the
/// second.
fn joins(
    table: &'static str,
    column: &'static str,
    other: &'static str,
    other_column: &'static str,
) -> Expr {
    Expr::col((table, "organization_id"))
        .equals((other, "organization_id"))
        .and(Expr::col((table, column)).equals((other, other_column)))
}

/// A table, its column, and the table and column before that lead there.
type Step = (&'static str, &'static str, &'static str, &'static str);

/// Tables that are read in this order. SQLite would otherwise rather begin with the mappings of an
/// organization, which it believes to be few, than with the users that are asked for; a cross join
/// it leaves as it stands. To PostgreSQL it is a join like any other.
fn read(first: &'static str, steps: &[Step]) -> SelectStatement {
    let mut select = Query::select();
    select.from(first);
    for (table, column, other, other_column) in steps {
        select.cross_join(*table).and_where(joins(table, column, other, other_column));
    }
    select
}

/// What a row is about, as its first column.
fn kind(number: &'static str) -> Expr {
    Expr::cust(number)
}

/// A table of the users of an organization that are asked for.
fn found(narrow: impl FnOnce(&mut SelectStatement)) -> WithClause {
    const COLUMNS: [&str; 4] = ["organization_id", "id", "user_name_key", "active"];
    let mut users = Query::select();
    users.columns(COLUMNS).from("users").and_where(Expr::col("organization_id").eq(place()));
    narrow(&mut users);
    let mut table = CommonTableExpression::new();
    table.table_name(FOUND).columns(COLUMNS).query(users);
    let mut clause = WithClause::new();
    clause.cte(table);
    clause
}

/// The users in [`FOUND`], what each reaches through its groups, and what is assigned to it: see
/// `rows::AccountRow`.
fn accounts(found: WithClause) -> SelectStatement {
    let nothing = |select: &mut SelectStatement, columns: usize| {
        for _ in 0..columns {
            select.expr(Expr::cust("NULL"));
        }
    };
    let mut through = read(
        FOUND,
        &[
            (MEMBERS, "user_id", FOUND, "id"),
            (MAPPED, "group_id", MEMBERS, "group_id"),
            ("roles", "id", MAPPED, "role_id"),
            ("groups", "id", MEMBERS, "group_id"),
        ],
    );
    through
        .expr(kind("1"))
        .column((FOUND, "id"))
        .columns([(MAPPED, "mapped_us"), (MAPPED, "request_id")])
        .columns([("roles", "role_key"), ("roles", "permissions")])
        .columns([("groups", "id"), ("groups", "display_name")])
        .columns([(MEMBERS, "added_us"), (MEMBERS, "request_id")])
        .columns([(FOUND, "user_name_key"), (FOUND, "active")]);
    let mut assigned =
        read(FOUND, &[(ASSIGNED, "user_id", FOUND, "id"), ("roles", "id", ASSIGNED, "role_id")]);
    assigned
        .expr(kind("2"))
        .column((FOUND, "id"))
        .columns([(ASSIGNED, "assigned_us"), (ASSIGNED, "request_id")])
        .columns([("roles", "role_key"), ("roles", "permissions")]);
    nothing(&mut assigned, 4);
    assigned.columns([(FOUND, "user_name_key"), (FOUND, "active")]);
    let mut all = read(FOUND, &[]);
    all.expr(kind("0")).column((FOUND, "id"));
    nothing(&mut all, 8);
    all.columns([(FOUND, "user_name_key"), (FOUND, "active")])
        .union(UnionType::All, through)
        .union(UnionType::All, assigned)
        .with_cte(found);
    all
}

/// organization, users → accounts.
pub(crate) static BY_IDS: Kept = Kept::sized("users.access_by_ids", |dialect, size| {
    let asked = found(|users| {
        users.and_where(Expr::col("id").is_in(places(size)));
    });
    dialect.text(&accounts(asked))
});

/// organization, folded names → accounts.
pub(crate) static BY_NAMES: Kept = Kept::sized("users.access_by_names", |dialect, size| {
    let asked = found(|users| {
        users.and_where(Expr::col("user_name_key").is_in(places(size)));
    });
    dialect.text(&accounts(asked))
});

/// organization, external id, limit → accounts.
pub(crate) static BY_EXTERNAL_ID: Kept = Kept::new("users.access_by_external_id", |dialect| {
    let asked = found(|users| {
        users.and_where(Expr::col("external_id").eq(place())).limit(1);
    });
    dialect.text(&accounts(asked))
});

/// organization, external ids → external id, user.
pub(crate) static HAVE_EXTERNAL_IDS: Kept =
    Kept::sized("users.have_external_ids", |dialect, size| {
        dialect.text(
            Query::select()
                .columns(["external_id", "id"])
                .from("users")
                .and_where(Expr::col("organization_id").eq(place()))
                .and_where(Expr::col("external_id").is_in(places(size))),
        )
    });

/// organization, users → what lies on ways up from their groups: see `rows::AboveRow`.
pub(crate) static ABOVE: Kept = Kept::sized("group_nestings.access_above", |dialect, size| {
    const NESTED: &str = "group_nestings";
    let mut members = Query::select();
    members
        .columns(["organization_id", "user_id", "group_id", "added_us", "request_id"])
        .from(MEMBERS)
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("user_id").is_in(places(size)));
    let mut own = CommonTableExpression::new();
    own.table_name("own")
        .columns(["organization_id", "user_id", "group_id", "added_us", "request_id"])
        .query(members);
    let mut start = Query::select();
    start.columns([("own", "organization_id"), ("own", "group_id")]).from("own");
    let mut tables = WithClause::new();
    tables.recursive(true).cte(own).cte(nestings::up("reached", start));

    let mut upwards = read(
        "reached",
        &[(NESTED, "member_id", "reached", "group_id"), ("groups", "id", NESTED, "group_id")],
    );
    upwards
        .expr(kind("1"))
        .columns([(NESTED, "added_us"), (NESTED, "request_id")])
        .columns([(NESTED, "member_id"), (NESTED, "group_id")])
        .column(("groups", "display_name"))
        .expr(Expr::cust("''"));
    let mut mapped = read(
        "reached",
        &[(MAPPED, "group_id", "reached", "group_id"), ("roles", "id", MAPPED, "role_id")],
    );
    mapped
        .expr(kind("2"))
        .columns([(MAPPED, "mapped_us"), (MAPPED, "request_id")])
        .columns([(MAPPED, "role_id"), (MAPPED, "group_id")])
        .columns([("roles", "role_key"), ("roles", "permissions")]);
    let mut all = read("own", &[("groups", "id", "own", "group_id")]);
    all.expr(kind("0"))
        .columns([("own", "added_us"), ("own", "request_id")])
        .columns([("own", "user_id"), ("own", "group_id")])
        .column(("groups", "display_name"))
        .expr(Expr::cust("''"))
        .union(UnionType::All, upwards)
        .union(UnionType::All, mapped)
        .with_cte(tables);
    dialect.text(&all)
});

const DEPARTED: &[&str] = &["organization_id", "mark", "user_id", "at_us", "request_id"];

/// organization, marks → mark, user, moment, request.
pub(crate) static DEPARTED_OF: Kept = Kept::sized("departed_users.find", |dialect, size| {
    dialect.text(
        Query::select()
            .columns(DEPARTED.iter().copied().skip(1))
            .from("departed_users")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("mark").is_in(places(size))),
    )
});

/// Rows of organization, mark, user, moment, request; the newest of a mark stays.
pub(crate) static REMEMBER: Kept = Kept::sized("departed_users.remember", |dialect, rows| {
    let newest = OnConflict::columns(["organization_id", "mark"])
        .update_columns(["user_id", "at_us", "request_id"])
        .to_owned();
    dialect.text(insert("departed_users", DEPARTED, rows).on_conflict(newest))
});

/// moment. Of all organizations.
pub(crate) static FORGET: Kept = Kept::new("departed_users.forget", |dialect| {
    dialect.text(
        Query::delete().from_table("departed_users").and_where(Expr::col("at_us").lt(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &BY_IDS,
    &BY_NAMES,
    &BY_EXTERNAL_ID,
    &HAVE_EXTERNAL_IDS,
    &ABOVE,
    &DEPARTED_OF,
    &REMEMBER,
    &FORGET,
];
