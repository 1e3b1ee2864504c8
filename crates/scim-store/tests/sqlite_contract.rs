//! The promises of the store's port, on SQLite.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;

use std::sync::Arc;

use scim_app::ports::Store;

scim_app::store_contract!({
    let fresh = fresh::Fresh::new().await;
    (fresh.open() as Arc<dyn Store>, fresh)
});
