//! The promises of the store's port, on PostgreSQL.
#![cfg(test)]

#[path = "common/postgres.rs"]
mod postgres;

use std::sync::Arc;

use scim_app::ports::Store;

scim_app::store_contract!({
    let fresh = postgres::FreshPostgres::new().await;
    (fresh.open() as Arc<dyn Store>, fresh)
});
