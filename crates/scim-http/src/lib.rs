//! scimd over HTTP: an actix adapter that translates, and decides nothing.
//!
//! [`configure`] mounts SCIM (RFC 7644) under `/scim/v2` of any actix app, [`configure_api`] the
//! management API under `/api/v1`, [`configure_oauth`] the token endpoint that gives access tokens
//! for both; [`configure_service`] adds what a service of its own has around them: `/`, `/healthz`,
//! `/readyz` and an answer for every other path. [`in_front`] stands before such an app and turns away
//! whoever must come again.
//!
//! A request meets, in this order: an id and a span, its credential, the routing table, its query,
//! its body, the use case. Nothing of it is parsed before the credential is good; of one that was
//! good before, the address is read while the database is asked whether it still is.

mod api;
mod health;
mod home;
mod oauth;
mod scim;

pub use api::Api;
pub use health::Health;
pub use oauth::OAuth;
pub use scim::{
    Scim, Settings, in_front,
    routes::{Class, ROUTES, Route, inventory},
};

use actix_web::web::ServiceConfig;

/// Mounts SCIM under `/scim/v2`, at the root of the app.
pub fn configure(cfg: &mut ServiceConfig, scim: &Scim) {
    scim::configure(cfg, scim);
}

/// Mounts the management API under `/api/v1`, at the root of the app.
pub fn configure_api(cfg: &mut ServiceConfig, api: &Api) {
    api::configure(cfg, api);
}

/// Mounts `/oauth/token` and `/.well-known/oauth-authorization-server`, at the root of the app.
pub fn configure_oauth(cfg: &mut ServiceConfig, oauth: &OAuth) {
    oauth::configure(cfg, oauth);
}

/// Everything that a service of its own answers.
#[derive(Clone, Debug)]
pub struct Service {
    /// SCIM.
    pub scim: Scim,
    /// The management API.
    pub api: Api,
    /// The token endpoint.
    pub oauth: OAuth,
    /// Whether requests should be sent here.
    pub health: Health,
}

/// Mounts everything a service of its own answers: SCIM, the management API, the token endpoint, `/`
/// (what this is), `/healthz` (alive), `/readyz` (the database can be used), and SCIM JSON with 404
/// for all other paths.
pub fn configure_service(cfg: &mut ServiceConfig, service: &Service) {
    let Service { scim, api, oauth, health } = service;
    scim::configure(cfg, scim);
    api::configure(cfg, api);
    oauth::configure(cfg, oauth);
    health::configure(cfg, health);
    home::configure(cfg, scim.public_url());
    cfg.default_service(actix_web::web::to(scim::nowhere));
}
