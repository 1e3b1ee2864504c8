use async_trait::async_trait;
use scim_app::ports::{Keyring, KeyringQueries, SharedSecret};
use scim_domain::Timestamp;

use super::{Reading, Result, Writing};
use crate::{
    rows::read_secret,
    session::{Session, Transaction},
    statements::keyring as statements,
};

#[async_trait]
impl<S: Session> KeyringQueries for Reading<S> {
    async fn find(&mut self, name: &str) -> Result<Option<SharedSecret>> {
        self.session.first(statements::FIND.call([name.into()]), read_secret).await
    }
}

#[async_trait]
impl<S: Transaction> Keyring for Writing<S> {
    async fn insert_if_absent(
        &mut self,
        name: &str,
        secret: &SharedSecret,
        now: Timestamp,
    ) -> Result<()> {
        let secret = secret.expose().to_vec();
        let call =
            statements::INSERT_IF_ABSENT.call([name.into(), secret.into(), now.micros().into()]);
        self.session().execute(call).await.map(drop)
    }
}
