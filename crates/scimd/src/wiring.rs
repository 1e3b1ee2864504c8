//! Puts the program together: the only place that names every adapter.

use std::sync::Arc;

use scim_app::Actor;
use scim_app::activity::Activity;
use scim_app::administration::Administration;
use scim_app::authentication::Authentication;
use scim_app::feed::{Feeds, Retention};
use scim_app::management::Management;
use scim_app::oauth::OAuth as TokenEndpoint;
use scim_app::ports::{Clock, Ids, Secrets, Store};
use scim_app::provisioning::{self, Provisioning};
use scim_app::sealer::Sealer;
use scim_http::{Api, Health, OAuth, Scim, Service};
use scim_store::{PostgresOptions, SqlStore, SqliteOptions};
use secrecy::ExposeSecret as _;

use crate::clock::SystemClock;
use crate::database::Database;
use crate::ids::TimeOrderedIds;
use crate::secrets::Argon2Secrets;
use crate::settings::{ExistingUser, Settings};

/// The adapters of every port. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Keeps the data.
    pub store: Arc<dyn Store>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The events of organizations, for those who follow them.
    pub feeds: Feeds,
    ids: Arc<dyn Ids>,
    secrets: Arc<dyn Secrets>,
}

impl Parts {
    /// Opens the database and makes the rest. Migrates nothing.
    ///
    /// # Errors
    /// A database that cannot be opened, or a system without randomness.
    pub fn open(settings: &Settings, database: &Database) -> anyhow::Result<Self> {
        let store: Arc<dyn Store> = Arc::new(store(settings, database)?);
        Ok(Self {
            feeds: Feeds::new(store.clone(), Arc::new(SystemClock)),
            store,
            clock: Arc::new(SystemClock),
            ids: Arc::new(TimeOrderedIds),
            secrets: Arc::new(Argon2Secrets::new(&settings.keys)?),
        })
    }

    /// What people do, on behalf of one of them.
    pub fn administration(&self, actor: Actor) -> Administration {
        let Self { store, clock, ids, secrets, .. } = self.clone();
        Administration::new(store, clock, ids, secrets, actor)
    }

    /// What is gathered about requests.
    pub fn activity(&self) -> Activity {
        let Self { store, clock, ids, .. } = self.clone();
        Activity::new(store, clock, ids)
    }

    /// Gives entries and events their place after they were committed.
    pub fn sealer(&self) -> Sealer {
        Sealer::new(self.store.clone())
    }

    /// Takes events away that have been kept long enough.
    pub fn retention(&self, settings: &Settings) -> Retention {
        Retention::new(self.store.clone(), self.clock.clone(), settings.events.retention)
    }

    /// Says whether requests should be sent here.
    pub fn health(&self) -> Health {
        Health::new(self.store.clone())
    }

    /// Everything that is answered over HTTP, at this address.
    ///
    /// # Errors
    /// A system without randomness.
    pub fn service(
        &self,
        settings: &Settings,
        database: &Database,
        activity: Activity,
        public_url: String,
    ) -> anyhow::Result<Service> {
        let Self { store, clock, feeds, ids, secrets } = self.clone();
        let authentication =
            Authentication::new(secrets, clock.clone()).map_err(anyhow::Error::msg)?;
        let existing_user = match settings.provisioning.existing_user {
            ExistingUser::Adopt => provisioning::ExistingUser::Adopt,
            ExistingUser::Reject => provisioning::ExistingUser::Reject,
        };
        let provisioning = Provisioning::new(
            store.clone(),
            clock.clone(),
            ids.clone(),
            authentication.clone(),
            existing_user,
        )
        .with_cursor_timeout(settings.provisioning.cursor_timeout);
        let administration = self.administration(Actor::System);
        let management = Management::new(authentication.clone(), administration, activity.clone());
        let tokens = TokenEndpoint::new(store, clock, authentication, activity.clone());
        let settings = scim_http::Settings {
            public_url,
            trusted_proxies: settings.server.trusted_proxies.clone(),
            request_timeout: settings.server.request_timeout,
            answer_timeout: settings.server.answer_timeout,
            answers_at_once: answers_at_once(settings, database),
        };
        let api = Api::new(management, feeds, ids.clone(), settings.clone())
            .map_err(anyhow::Error::msg)?;
        let oauth = OAuth::new(tokens, ids.clone(), settings.clone());
        let scim = Scim::new(provisioning, activity, ids, settings);
        Ok(Service { scim, api, oauth, health: self.health() })
    }
}

fn store(settings: &Settings, database: &Database) -> anyhow::Result<SqlStore> {
    let schema = scim_migrations::LATEST;
    Ok(match database {
        Database::File(file) => {
            let readers = readers(settings);
            let options = SqliteOptions { readers, ..SqliteOptions::new(schema) };
            SqlStore::open_sqlite(file.path(), options)?
        }
        Database::Server(url) => SqlStore::open_postgres(url.expose_secret(), postgres(settings))?,
    })
}

fn postgres(settings: &Settings) -> PostgresOptions {
    let (connections, threads) = (settings.database.connections, workers(settings));
    PostgresOptions { connections, threads, ..PostgresOptions::new(scim_migrations::LATEST) }
}

/// How many threads serve requests.
fn workers(settings: &Settings) -> usize {
    match settings.server.workers {
        // What actix takes by itself.
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        workers => workers,
    }
}

/// How many answers may be under way at once that are sent while they are still being read. Each
/// holds a connection to the database: most are left to those who do not wait for a client.
fn answers_at_once(settings: &Settings, database: &Database) -> usize {
    match database {
        Database::File(_) => 16,
        Database::Server(_) => postgres(settings).for_long(),
    }
}

fn readers(settings: &Settings) -> usize {
    match settings.database.readers {
        0 => std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)),
        readers => readers,
    }
}
