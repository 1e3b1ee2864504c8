//! Three processes over one database: what one does holds on every other, and nobody can tell which
//! one answered. Each story is told on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "shared by tests, not one of which needs all of it")]
#[path = "../common/beside.rs"]
mod beside;
mod started;

use beside::{client, database, http, instance, sql, whole, world};

/// Tells each story on either kind of database.
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $story() { super::$story(&crate::started::House::sqlite()); })+
        }
        mod on_postgres {
            $(#[test] fn $story() { super::$story(&crate::started::House::postgres()); })+
        }
    };
}

mod beginning;
mod decisions;
mod feed;
mod imports;
mod races;
mod rules;
