//! The store on SQL: the ports of `scim-app`, kept in SQLite or PostgreSQL.
//!
//! Every statement is written once, with sea-query, in the words that SQLite and PostgreSQL share;
//! its text is built once for each database and kept. A session runs statements; the
//! repositories are written once over it. For SQLite the session is rusqlite on the very thread
//! that asks: a statement takes microseconds there, and handing it to another thread would cost
//! more than running it. For PostgreSQL it is tokio-postgres, which sends a statement before the
//! answer to the one before has come.

mod blocks;
mod counter;
mod dialect;
mod engine;
mod error;
mod kept;
mod postgres;
mod repositories;
mod rows;
mod search;
mod session;
mod sqlite;
mod statements;
mod store;

pub use blocks::Lengths;
pub use postgres::PostgresOptions;
pub use sqlite::{SqliteOptions, back_up_sqlite};
pub use store::{KeptStatement, SqlStore};
