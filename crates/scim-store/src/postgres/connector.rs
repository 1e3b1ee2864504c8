use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use deadpool_postgres::{
    Connect, Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use scim_app::ports::StoreError;
use thread_local::ThreadLocal;
use tokio::{
    runtime::{self, Handle, RuntimeFlavor},
    task::JoinHandle,
};
use tokio_postgres::{Client, Config};

use super::{PostgresOptions, errors::refused, tls};
use crate::{counter::Counter, error::unavailable};

/// The connections of this process.
pub(crate) struct Pool {
    /// For whoever is not on a thread of its own.
    shared: deadpool_postgres::Pool,
    near: Near,
    config: Config,
    tls: tls::Tls,
    pub(super) options: PostgresOptions,
    pub(super) statements: Counter,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration holds a password.
        f.debug_struct("Pool").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Connections that belong to one thread each and are served by it: to hand a statement to another
/// thread, and its answer back, costs more of the kernel than the way to the database does.
#[derive(Default)]
struct Near {
    /// With the runtime that serves them: the system gives the number of a thread that ended to
    /// another one, on which that runtime does not run.
    pools: ThreadLocal<(runtime::Id, deadpool_postgres::Pool)>,
    /// How many threads have some.
    threads: AtomicUsize,
}

/// Connections that a thread must have at least: with fewer, requests would wait for each other on
/// one thread while connections of another are idle.
const NEAR_AT_LEAST: usize = 4;

/// Connections that are left for those without a thread of their own: what is done in the background.
const SHARED_AT_LEAST: usize = 2;

/// How many connections of all are for each thread, and for those without one of their own.
fn divided(connections: usize, threads: usize) -> (usize, usize) {
    let near = connections.saturating_sub(SHARED_AT_LEAST).checked_div(threads).unwrap_or(0);
    if near < NEAR_AT_LEAST { (0, connections) } else { (near, connections - near * threads) }
}

impl Pool {
    /// A pool that connects when it is first asked for something. Connections that no thread has for
    /// itself are served by the runtime in which this is called, and live as long as that.
    pub(crate) fn new(url: &str, options: PostgresOptions) -> Result<Arc<Self>, StoreError> {
        let (mut config, tls) = tls::configuration(url)?;
        configure(&mut config, options);
        let (_, shared) = divided(options.connections, options.threads);
        let runtime = Handle::try_current().map_err(unavailable)?;
        let shared = pool(&config, &tls, runtime, shared, options)?;
        let near = Near::default();
        Ok(Arc::new(Self { shared, near, config, tls, options, statements: Counter::default() }))
    }

    /// A connection nobody else uses.
    pub(super) async fn connection(&self) -> Result<Object, StoreError> {
        self.pool()?.get().await.map_err(|error| match error {
            PoolError::Backend(error) => match refused(error) {
                // Whatever it is that keeps it from being made: nothing was changed.
                StoreError::Failed(source) | StoreError::Unavailable(source) => {
                    StoreError::Unavailable(source)
                }
                error @ (StoreError::Conflict(_)
                | StoreError::Stale
                | StoreError::Taken(_)
                | StoreError::TooMany
                | StoreError::Unknown(_)
                | StoreError::Inconsistent { .. }) => error,
            },
            PoolError::Timeout(TimeoutType::Wait) => {
                unavailable("no connection to PostgreSQL became free in time")
            }
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => {
                unavailable("PostgreSQL did not answer in time")
            }
            other @ (PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_)) => unavailable(other),
        })
    }

    /// The connections of this thread, if it may have some: a runtime of its own runs on it.
    fn pool(&self) -> Result<&deadpool_postgres::Pool, StoreError> {
        let runtime = Handle::try_current().map_err(unavailable)?;
        if let Some((of, pool)) = self.near.pools.get() {
            return Ok(if *of == runtime.id() { pool } else { &self.shared });
        }
        let (near, _) = divided(self.options.connections, self.options.threads);
        if near == 0 || runtime.runtime_flavor() != RuntimeFlavor::CurrentThread {
            return Ok(&self.shared);
        }
        let one_more = |had: usize| (had < self.options.threads).then_some(had + 1);
        if self.near.threads.fetch_update(Relaxed, Relaxed, one_more).is_err() {
            return Ok(&self.shared);
        }
        let of = runtime.id();
        let pool = || Ok((of, pool(&self.config, &self.tls, runtime, near, self.options)?));
        self.near.pools.get_or_try(pool).map(|(_, pool)| pool)
    }

    /// What counts the statements of all connections.
    pub(crate) fn counter(&self) -> Counter {
        self.statements.clone()
    }

    /// How long a statement is waited for; the database itself gives up a little earlier.
    pub(super) fn deadline(&self) -> Duration {
        self.options.statement_timeout + Duration::from_secs(1)
    }
}

/// A pool of so many connections, which this runtime serves.
fn pool(
    config: &Config,
    tls: &tls::Tls,
    runtime: Handle,
    connections: usize,
    options: PostgresOptions,
) -> Result<deadpool_postgres::Pool, StoreError> {
    let manager = Manager::from_connect(
        config.clone(),
        Connector { tls: tls.clone(), runtime },
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    deadpool_postgres::Pool::builder(manager)
        .max_size(connections)
        .wait_timeout(Some(options.patience))
        .create_timeout(Some(options.patience))
        .recycle_timeout(Some(options.patience))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(unavailable)
}

/// What every connection is told. Statements are planned for any value, so plans need no machine
/// code made for them, which takes longer than they do.
fn configure(config: &mut Config, options: PostgresOptions) {
    let given = config.get_options().unwrap_or_default();
    let all = format!(
        "{given} -c jit=off -c statement_timeout={} -c lock_timeout={} \
         -c idle_in_transaction_session_timeout={} -c client_min_messages=warning \
         -c default_transaction_isolation=read\\ committed -c synchronous_commit=on",
        options.statement_timeout.as_millis(),
        options.patience.as_millis(),
        options.statement_timeout.as_millis(),
    );
    config
        .options(all)
        .connect_timeout(options.patience)
        .tcp_user_timeout(options.statement_timeout)
        .keepalives_idle(Duration::from_secs(30));
    if config.get_application_name().is_none() {
        config.application_name("scimd");
    }
}

/// Makes connections and has them served.
struct Connector {
    tls: tls::Tls,
    runtime: Handle,
}

type Connected = (Client, JoinHandle<()>);

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Connected, tokio_postgres::Error>> + Send + '_>>
    {
        let config = config.clone();
        let tls = self.tls.clone();
        Box::pin(async move {
            let (client, connection) = config.connect(tls).await?;
            let served = self.runtime.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(error = &error as &dyn std::error::Error, "a connection ended");
                }
            });
            Ok((client, served))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::divided;

    #[test]
    fn threads_have_connections_of_their_own_if_there_are_enough() {
        assert_eq!(divided(16, 2), (7, 2));
        assert_eq!(divided(100, 16), (6, 4));
        // Too few for each, or no threads to divide them among.
        assert_eq!(divided(16, 8), (0, 16));
        assert_eq!(divided(16, 0), (0, 16));
        assert_eq!(divided(2, 1), (0, 2));
    }
}
