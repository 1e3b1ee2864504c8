//! The rules that map new groups to roles.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

const TABLE: &str = "mapping_rules";

const WRITTEN: &[&str] =
    &["organization_id", "id", "matching", "name", "name_key", "role_id", "created_us"];

/// organization → id, matching, name, role, created, key of the role; oldest first.
pub(crate) static LIST: Kept = Kept::new("mapping_rules.list", |dialect| {
    let same_role = Expr::col(("roles", "organization_id"))
        .equals((TABLE, "organization_id"))
        .and(Expr::col(("roles", "id")).equals((TABLE, "role_id")));
    dialect.text(
        Query::select()
            .columns(["id", "matching", "name", "role_id", "created_us"].map(|it| (TABLE, it)))
            .column(("roles", "role_key"))
            .from(TABLE)
            // From the rules to their roles, and not the other way round, which is what "left"
            // says: there is no rule without a role.
            .left_join("roles", same_role)
            .and_where(Expr::col((TABLE, "organization_id")).eq(place()))
            .order_by((TABLE, "id"), Order::Asc),
    )
});

/// A row of what is written: organization, rule, matching, name, folded name, role, created.
pub(crate) static INSERT: Kept =
    Kept::new("mapping_rules.insert", |dialect| dialect.text(&insert(TABLE, WRITTEN, 1)));

/// matching, name, folded name, role, organization, rule.
pub(crate) static UPDATE: Kept = Kept::new("mapping_rules.update", |dialect| {
    dialect.text(
        Query::update()
            .table(TABLE)
            .value("matching", place())
            .value("name", place())
            .value("name_key", place())
            .value("role_id", place())
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

/// organization, rule.
pub(crate) static DELETE: Kept = Kept::new("mapping_rules.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table(TABLE)
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[&LIST, &INSERT, &UPDATE, &DELETE];
