//! What runs beside the requests: giving entries their place, writing what was gathered.

use std::time::Duration;

use scim_app::activity::Activity;
use scim_app::administration::Administration;
use scim_app::feed::{Feeds, Retention};
use scim_app::ports::StoreError;
use scim_app::sealer::Sealer;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The first commit after a pause is sealed at once; those that follow it closely are sealed
/// together: sealing takes the writer's turn.
const GATHERING: Duration = Duration::from_millis(200);
/// Commits of other processes, such as the command line, make no sound here.
const LISTENING: Duration = Duration::from_secs(2);
/// The same while somebody waits for events.
const LISTENING_FOR_SOMEBODY: Duration = Duration::from_millis(200);
/// How often what was gathered about requests is written.
const FLUSHING: Duration = Duration::from_secs(2);
/// How often old requests and events are taken away.
const FORGETTING: Duration = Duration::from_hours(1);
/// How often indexes that were left incomplete are looked for.
const INDEXING: Duration = Duration::from_hours(1);
/// How often deleted organizations whose grace is over are looked for.
const PURGING: Duration = Duration::from_secs(30);
/// How often keys are looked for whose expiry it is time to warn of.
const WARNING: Duration = Duration::from_mins(1);
/// How long the last writing may take.
const LAST: Duration = Duration::from_secs(2);

/// The running workers.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
    sealer: Sealer,
    activity: Activity,
}

/// What the workers work with.
#[derive(Debug)]
pub struct Work {
    /// Gives entries and events their place.
    pub sealer: Sealer,
    /// Wakes those who wait for events.
    pub feeds: Feeds,
    /// Takes old events away.
    pub retention: Retention,
    /// What was gathered about requests.
    pub activity: Activity,
    /// Completes indexes.
    pub administration: Administration,
}

impl Workers {
    /// Starts them on the current runtime.
    pub fn start(work: Work) -> Self {
        let Work { sealer, feeds, retention, activity, administration } = work;
        let (stop, stopped) = watch::channel(false);
        let running = vec![
            tokio::spawn(seal(sealer.clone(), feeds, stopped.clone())),
            tokio::spawn(retain(retention, stopped.clone())),
            tokio::spawn(flush(activity.clone(), stopped.clone())),
            tokio::spawn(forget(activity.clone(), stopped.clone())),
            tokio::spawn(forget_departed(administration.clone(), stopped.clone())),
            tokio::spawn(forget_answers(administration.clone(), stopped.clone())),
            tokio::spawn(index(administration.clone(), stopped.clone())),
            tokio::spawn(warn(administration.clone(), stopped.clone())),
            tokio::spawn(purge(administration, stopped)),
        ];
        Self { stop, running, sealer, activity }
    }

    /// Lets each finish what it does, and writes what is left. Call it when no request runs any
    /// more.
    pub async fn finish(self) {
        self.stop.send_replace(true);
        let finishing = async {
            for worker in self.running {
                if let Err(error) = worker.await {
                    tracing::error!(%error, "a worker broke off");
                }
            }
            report("writing the last activity", self.activity.flush(true).await);
            report("sealing the last entries", self.sealer.run().await.map(drop));
        };
        if timeout(LAST, finishing).await.is_err() {
            tracing::warn!("there was no time to write the last activity");
        }
    }
}

async fn seal(sealer: Sealer, feeds: Feeds, mut stopped: watch::Receiver<bool>) {
    let committed = sealer.committed();
    let mut waiting = feeds.watch_waiting();
    loop {
        let outcome = sealer.run().await;
        let worked = !matches!(outcome, Ok(0));
        report("sealing", outcome.map(drop));
        report("waking those who wait for events", feeds.look().await);
        if worked && !sleep_or_stop(GATHERING, &mut stopped).await {
            return;
        }
        let for_somebody = async {
            if waiting.wait_for(|waiting| *waiting > 0).await.is_ok() {
                sleep(LISTENING_FOR_SOMEBODY).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = committed.notified() => {}
            () = sleep(LISTENING) => {}
            () = for_somebody => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

async fn retain(retention: Retention, mut stopped: watch::Receiver<bool>) {
    loop {
        let running = stopped.clone();
        let taken = retention.run(|| !*running.borrow()).await;
        report("taking old events away", taken.map(drop));
        if !sleep_or_stop(FORGETTING, &mut stopped).await {
            return;
        }
    }
}

async fn flush(activity: Activity, mut stopped: watch::Receiver<bool>) {
    while sleep_or_stop(FLUSHING, &mut stopped).await {
        report("writing activity", activity.flush(false).await);
    }
}

async fn forget(activity: Activity, mut stopped: watch::Receiver<bool>) {
    while sleep_or_stop(FORGETTING, &mut stopped).await {
        report("taking old activity away", activity.forget().await);
    }
}

/// Tells of keys that will expire; first of all of those that it was time for while nobody served.
async fn warn(administration: Administration, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = administration.warn_of_expiry().await {
            let error = anyhow::Error::new(error);
            tracing::warn!("warning of keys failed and will be tried again: {error:#}");
        }
        if !sleep_or_stop(WARNING, &mut stopped).await {
            return;
        }
    }
}

/// Forgets users that were deleted too long ago to be recognized.
async fn forget_departed(administration: Administration, mut stopped: watch::Receiver<bool>) {
    while sleep_or_stop(FORGETTING, &mut stopped).await {
        if let Err(error) = administration.forget_departed().await {
            let error = anyhow::Error::new(error);
            tracing::warn!("forgetting deleted users failed and will be tried again: {error:#}");
        }
    }
}

/// Takes away what requests with an `Idempotency-Key` were answered.
async fn forget_answers(administration: Administration, mut stopped: watch::Receiver<bool>) {
    while sleep_or_stop(FORGETTING, &mut stopped).await {
        report("taking old answers away", administration.forget_answers().await);
    }
}

/// Completes the indexes of declared attributes that somebody began to build and did not finish.
async fn index(administration: Administration, mut stopped: watch::Receiver<bool>) {
    loop {
        let running = stopped.clone();
        if let Err(error) = administration.index_schemas(|| !*running.borrow()).await {
            let error = anyhow::Error::new(error);
            tracing::warn!("indexing failed and will be tried again: {error:#}");
        }
        if !sleep_or_stop(INDEXING, &mut stopped).await {
            return;
        }
    }
}

/// Erases deleted organizations whose grace is over.
async fn purge(administration: Administration, mut stopped: watch::Receiver<bool>) {
    loop {
        let running = stopped.clone();
        if let Err(error) = administration.purge_organizations(|| !*running.borrow()).await {
            let error = anyhow::Error::new(error);
            tracing::warn!("erasing failed and will be tried again: {error:#}");
        }
        if !sleep_or_stop(PURGING, &mut stopped).await {
            return;
        }
    }
}

/// Whether to go on.
async fn sleep_or_stop(pause: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = sleep(pause) => true,
        _ = stopped.wait_for(|stopped| *stopped) => false,
    }
}

/// The next round tries again; until then the log says why nothing happens.
fn report(what: &str, outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        let error = anyhow::Error::new(error);
        tracing::warn!("{what} failed and will be tried again: {error:#}");
    }
}
