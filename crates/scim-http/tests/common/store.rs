//! The store that a run of these tests is about: the one in memory, unless `SCIMD_TEST_STORE` names
//! another. `cargo xtask test` runs them over each.

use std::{any::Any, sync::Arc, time::Duration};

use scim_app::{ports::Store, testing::MemoryStore};
use scim_store::{PostgresOptions, SqlStore};

#[path = "../../../scim-store/tests/common/fresh.rs"]
mod fresh;
#[path = "../../../scim-store/tests/common/postgres.rs"]
mod postgres;

pub use postgres::FreshPostgres;

/// An empty store, and what must live as long as it does.
pub async fn fresh() -> (Arc<dyn Store>, Option<Box<dyn Any>>) {
    let chosen = std::env::var("SCIMD_TEST_STORE");
    match chosen.as_deref() {
        Err(_) | Ok("memory") => (Arc::new(MemoryStore::new()), None),
        Ok("sqlite") => {
            let fresh = fresh::Fresh::new().await;
            (fresh.open(), Some(Box::new(fresh)))
        }
        Ok("postgres") => {
            let fresh = FreshPostgres::new().await;
            (fresh.open(), Some(Box::new(fresh)))
        }
        Ok(other) => panic!("SCIMD_TEST_STORE is {other}: memory, sqlite or postgres"),
    }
}

/// A database on PostgreSQL, whichever store a run is about, that ends a transaction of which nothing
/// is asked for so long.
pub async fn impatient(idle: Duration) -> (Arc<dyn Store>, FreshPostgres) {
    let fresh = FreshPostgres::new().await;
    let options = PostgresOptions {
        statement_timeout: idle,
        ..PostgresOptions::new(scim_migrations::LATEST)
    };
    let store = SqlStore::open_postgres(&fresh.url(), options).unwrap();
    (Arc::new(store), fresh)
}
