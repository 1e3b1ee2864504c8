//! Three processes over one database: what one does holds on every other, and nobody can tell which
//! one answered. Each story is told on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../quality/client.rs"]
mod client;
#[expect(dead_code, reason = "the client of the other tests, which the running instance needs")]
#[path = "../end_to_end/http.rs"]
mod http;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../end_to_end/instance.rs"]
mod instance;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../common/sql.rs"]
mod sql;
mod started;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../quality/world.rs"]
mod world;

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
mod races;
