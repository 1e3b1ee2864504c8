//! What sea-orm's migrations note about themselves.

use sea_orm::sea_query::{Order, Query};

use crate::kept::Kept;

/// limit → versions: the newest step that was applied.
pub(crate) static NEWEST: Kept = Kept::new("seaql_migrations.newest", |dialect| {
    dialect.text(
        Query::select()
            .column("version")
            .from("seaql_migrations")
            .order_by("version", Order::Desc)
            .limit(1),
    )
});

pub(super) const ALL: &[&Kept] = &[&NEWEST];
