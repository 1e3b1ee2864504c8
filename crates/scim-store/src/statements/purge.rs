//! Erasing an organization: one statement for each table that holds anything of one, in the order in
//! which they are emptied. API keys come first, so that nobody is let in any more; blocks before what
//! they count, so that they never count what is gone; then users and groups, with which their index
//! rows, memberships and mappings go by an index. The tables of these come last and find nothing more
//! to do: a group of a million members is not looked through for each batch of them.

use sea_orm::sea_query::{Expr, ExprTrait, Query};

use crate::{
    dialect::{Dialect, place},
    kept::Kept,
};

/// organization, organization, limit: so many rows of a table go, by what its key has beside the
/// organization.
fn batch(dialect: Dialect, table: &'static str, key: &[&'static str]) -> String {
    let some = Query::select()
        .columns(key.iter().copied())
        .from(table)
        .and_where(Expr::col("organization_id").eq(place()))
        .limit(1)
        .take();
    let row = match key {
        [only] => Expr::col(*only),
        all => Expr::tuple(all.iter().map(|column| Expr::col(*column))),
    };
    dialect.text(
        Query::delete()
            .from_table(table)
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(row.in_subquery(some)),
    )
}

macro_rules! tables {
    ($($name:ident: $table:literal by $($column:literal)+;)+) => {
        $(static $name: Kept = Kept::new(concat!("purge.", $table), |dialect| {
            batch(dialect, $table, &[$($column),+])
        });)+

        /// Every table that holds anything of an organization.
        pub(crate) const ALL: &[&Kept] = &[$(&$name),+];
    };
}

tables! {
    API_KEYS: "api_keys" by "id";
    API_KEY_USES: "api_key_uses" by "api_key_id";
    API_KEY_QUIRKS: "api_key_quirks" by "api_key_id" "quirk";
    API_KEY_PUBLIC_KEYS: "api_key_public_keys" by "api_key_id";
    USED_ASSERTIONS: "used_assertions" by "api_key_id" "digest";
    ACTIVITY: "activity" by "position";
    EVENTS_PENDING: "events_pending" by "position";
    FEED: "feed" by "sequence";
    FEEDS: "feeds" by "organization_id";
    EVENTS: "events" by "id";
    AUDIT_PENDING: "audit_pending" by "position";
    AUDIT_SEALS: "audit_seals" by "sequence";
    AUDIT_ENTRIES: "audit_entries" by "id";
    RESOURCE_BLOCKS: "resource_blocks" by "resource" "level" "until";
    USERS: "users" by "id";
    GROUPS: "groups" by "id";
    ROLES: "roles" by "id";
    ROLE_ASSIGNMENTS: "role_assignments" by "user_id" "role_id";
    GROUP_ROLES: "group_roles" by "group_id" "role_id";
    GROUP_NESTINGS: "group_nestings" by "group_id" "member_id";
    GROUP_MEMBERS: "group_members" by "group_id" "user_id";
    DEPARTED_USERS: "departed_users" by "mark";
    USER_TERMS: "user_terms" by "user_id" "path" "element";
    MAPPING_RULES: "mapping_rules" by "id";
    SCHEMAS: "organization_schemas" by "id";
    IDEMPOTENCY_KEYS: "idempotency_keys" by "api_key_id" "name";
    SEATS: "organization_seats" by "organization_id";
}
