//! Whether the process lives, and whether it should be sent requests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{self, ServiceConfig},
};
use scim_app::ports::Store;

use crate::scim::{
    nowhere_for,
    routes::{Action, path_of},
};

/// A database that takes longer to say that it is there is of no use to a request either.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers `/healthz` and `/readyz`. Cheap to clone; all clones stop together.
#[derive(Clone)]
pub struct Health {
    store: Arc<dyn Store>,
    stopping: Arc<AtomicBool>,
}

impl std::fmt::Debug for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Health").field("stopping", &self.stopping).finish_non_exhaustive()
    }
}

impl Health {
    /// Ready while the store is.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, stopping: Arc::default() }
    }

    /// From now on `/readyz` answers 503, so that balancers send requests elsewhere while running
    /// ones finish.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    async fn problem(&self) -> Option<&'static str> {
        if self.stopping.load(Ordering::Relaxed) {
            return Some("stopping");
        }
        match tokio::time::timeout(PATIENCE, self.store.ready()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "not ready");
                Some("database")
            }
            Err(_elapsed) => {
                tracing::warn!("not ready: the database does not answer in time");
                Some("database")
            }
        }
    }
}

pub(crate) fn configure(cfg: &mut ServiceConfig, health: &Health) {
    let health = health.clone();
    let ready = move || {
        let health = health.clone();
        async move {
            match health.problem().await {
                None => say(StatusCode::OK, r#"{"status":"ready"}"#.to_owned()),
                Some(problem) => say(
                    StatusCode::SERVICE_UNAVAILABLE,
                    format!(r#"{{"status":"not ready","problem":"{problem}"}}"#),
                ),
            }
        }
    };
    let alive = || async { say(StatusCode::OK, r#"{"status":"alive"}"#.to_owned()) };
    cfg.service(
        web::resource(path_of(Action::Alive))
            .route(web::get().to(alive))
            .route(web::head().to(alive))
            .default_service(web::to(|| nowhere_for("GET, HEAD"))),
    );
    cfg.service(
        web::resource(path_of(Action::Ready))
            .route(web::get().to(ready.clone()))
            .route(web::head().to(ready))
            .default_service(web::to(|| nowhere_for("GET, HEAD"))),
    );
}

fn say(status: StatusCode, body: String) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.content_type("application/json").insert_header((CACHE_CONTROL, "no-store"));
    response.body(body)
}
