//! `scimd serve`: from settings to a listener, and from a signal to a clean end.

mod listener;

use std::time::Duration;

use actix_web::App;
use anyhow::Context as _;
use scim_app::Actor;
use scim_app::feed::Feeds;
use scim_http::Health;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::sleep;

use self::listener::Listener;
use crate::announcement::Announcement;
use crate::database::Database;
use crate::settings::{Loaded, LogFormat};
use crate::stop::StopSignals;
use crate::wiring::Parts;
use crate::workers::{Work, Workers};
use crate::{first, schema, telemetry};

/// How much longer than allowed requests may keep the server before it is left behind.
const GRACE: Duration = Duration::from_millis(1_500);
/// How long hashes that are still computed may keep the process.
const LEFTOVERS: Duration = Duration::from_millis(500);

/// Serves until a signal says to stop.
///
/// # Errors
/// Settings, a database or an address with which it cannot start.
pub fn run(loaded: &Loaded, as_json: bool) -> anyhow::Result<()> {
    let warnings = loaded.check()?;
    let database = Database::of(&loaded.settings.database.url)?;
    let listener = Listener::bind(&loaded.settings.server)?;
    telemetry::start(&loaded.settings.log)?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let runtime = Runtime::new().context("cannot start the runtime")?;
    let served = runtime.block_on(serve(loaded, as_json, listener, &database));
    runtime.shutdown_timeout(LEFTOVERS);
    served
}

async fn serve(
    loaded: &Loaded,
    as_json: bool,
    listener: Listener,
    database: &Database,
) -> anyhow::Result<()> {
    let settings = &loaded.settings;
    database.prepare()?;
    let lock = database.lock().await?;
    if settings.database.migrate {
        let applied = schema::up(database, &lock).await?;
        if let Some(newest) = applied.last() {
            tracing::info!(migrations = applied.len(), newest, "migrated the database");
        }
    } else {
        schema::check(database).await?;
    }
    let parts = Parts::open(settings, database)?;
    let address = listener.address();
    let administration = parts.administration(Actor::System);
    let first = first::make(loaded.profile, address, &administration).await?;
    drop(lock);

    let activity = parts.activity();
    let service = parts.service(settings, database, activity.clone(), listener.public_url())?;
    let health = service.health.clone();
    let base_url = service.scim.base_url().to_owned();
    // Until here a signal ends the process at once: nothing runs yet that would need to finish.
    let signals = StopSignals::take()?;
    let (stopping, stopped) = oneshot::channel();
    let app = move || {
        let app = App::new().configure(|config| scim_http::configure_service(config, &service));
        scim_http::in_front(&service.scim, app)
    };
    let feeds = parts.feeds.clone();
    let stop = until(signals, health, feeds.clone(), stopping);
    let server = listener.serve(&settings.server, app, stop)?;

    let (sealer, retention) = (parts.sealer(), parts.retention(settings));
    let workers = Workers::start(Work { sealer, feeds, retention, activity, administration });
    tracing::info!(%address, base_url, profile = loaded.profile.name(), "serving");
    if as_json || settings.log.format == LogFormat::Text || first.is_some() {
        Announcement { address, base_url, first }.tell(as_json, database)?;
    }
    let late = settings.server.shutdown_timeout + GRACE;
    tokio::select! {
        ended = server => ended.context("the server broke off")?,
        () = overdue(stopped, late) => tracing::warn!("left requests behind that did not end"),
    }
    workers.finish().await;
    tracing::info!("stopped");
    Ok(())
}

/// Resolves when the server must stop, which balancers are told at once.
async fn until(
    mut signals: StopSignals,
    health: Health,
    feeds: Feeds,
    stopping: oneshot::Sender<()>,
) {
    let signal = signals.first().await;
    health.stop();
    feeds.stop();
    tracing::info!(signal, "stopping: running requests may finish");
    // Nobody who waits for it: then the server has ended already.
    let _ = stopping.send(());
}

/// Resolves so long after stopping began; never if it does not begin.
async fn overdue(stopped: oneshot::Receiver<()>, late: Duration) {
    match stopped.await {
        Ok(()) => sleep(late).await,
        Err(_) => std::future::pending().await,
    }
}
