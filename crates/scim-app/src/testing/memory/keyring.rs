//! The secrets of the service itself.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::Timestamp;

use super::state::State;
use crate::ports::{Keyring, KeyringQueries, SharedSecret, StoreError};

#[async_trait]
impl KeyringQueries for State {
    async fn find(&mut self, name: &str) -> Result<Option<SharedSecret>, StoreError> {
        Ok(self.keyring.get(name).cloned())
    }
}

#[async_trait]
impl Keyring for State {
    async fn insert_if_absent(
        &mut self,
        name: &str,
        secret: &SharedSecret,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let keyring = Arc::make_mut(&mut self.keyring);
        keyring.entry(name.to_owned()).or_insert_with(|| secret.clone());
        Ok(())
    }
}
