//! SCIM over HTTP (RFC 7644).

use std::{sync::Arc, time::Duration};

use actix_web::{
    FromRequest as _, HttpResponse,
    dev::{ServiceRequest, ServiceResponse, fn_service},
    web::{self, Payload, ServiceConfig},
};
use ipnet::IpNet;
use scim_app::{activity::Activity, ports::Ids, provisioning::Provisioning};

mod ahead;
mod answer;
mod body;
mod bulk;
mod catch;
mod client;
mod conditions;
mod discovery;
mod door;
mod entitlements;
mod error;
mod exchange;
mod front;
mod groups;
mod query;
mod rounds;
pub mod routes;
mod search;
mod streamed;
mod turns;
mod users;

pub(crate) use catch::{Panicked, unwound};
pub(crate) use client::address as client_address;
pub(crate) use door::{credential, log_error, private, without_body_to_head};
use error::{Failure, Refusal};
pub(crate) use error::{challenge, told_of};
pub use front::in_front;
use streamed::Streams;
use turns::Turns;

/// Where SCIM is mounted.
pub(crate) const MOUNT: &str = "/scim/v2";

/// What the adapter must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that clients use, without a path: `https://scim.example.com`. Every link in an
    /// answer starts with it.
    pub public_url: String,
    /// The proxies whose `X-Forwarded-For` counts. Empty: that header is ignored.
    pub trusted_proxies: Vec<IpNet>,
    /// How long one request may take, body included. Beyond: 408 while the body is still coming,
    /// 503 after.
    pub request_timeout: Duration,
    /// How long an answer may be under way that is sent while it is still being read. Beyond, it is
    /// broken off: while it is, it holds a view of the store.
    pub answer_timeout: Duration,
    /// How many such answers may be under way at once.
    pub answers_at_once: usize,
}

/// How many requests of one credential are worked on at once. Identity providers send a handful at
/// once; more would not be answered sooner by the connections that there are.
const AT_ONCE: usize = 16;

/// How many more requests of one credential may wait. The last of them are answered in time by any
/// database that works, and a flood is forgotten within seconds after it has ended.
const WAITING: usize = 240;

/// The SCIM endpoints and all they need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scim(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    provisioning: Provisioning,
    activity: Activity,
    ids: Arc<dyn Ids>,
    public_url: String,
    /// Up to and without the slash before `Users`.
    base: String,
    trusted_proxies: Vec<IpNet>,
    request_timeout: Duration,
    turns: Turns,
    streams: Streams,
}

impl Scim {
    /// Endpoints over these use cases. `ids` names requests.
    pub fn new(
        provisioning: Provisioning,
        activity: Activity,
        ids: Arc<dyn Ids>,
        settings: Settings,
    ) -> Self {
        let streams = Streams::new(settings.answers_at_once, settings.answer_timeout);
        let Settings { public_url, trusted_proxies, request_timeout, .. } = settings;
        let public_url = public_url.trim_end_matches('/').to_owned();
        let base = format!("{public_url}{MOUNT}");
        Self(Arc::new(Inner {
            provisioning,
            activity,
            ids,
            public_url,
            base,
            trusted_proxies,
            request_timeout,
            turns: Turns::new(AT_ONCE, WAITING),
            streams,
        }))
    }

    /// The base URL that identity providers are given, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.0.base
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.0.public_url
    }
}

/// One service for everything below the mount: actix decodes paths before it matches them, and
/// here nothing of a request is looked at before its credential.
pub(crate) fn configure(cfg: &mut ServiceConfig, scim: &Scim) {
    let scim = scim.clone();
    // A plain service, since in a flood each layer that a handler has is paid for by all who are
    // turned away.
    let serve = fn_service(move |request: ServiceRequest| {
        let scim = scim.clone();
        async move {
            let (request, mut payload) = request.into_parts();
            let payload = Payload::from_request(&request, &mut payload).await?;
            let response = door::serve(&scim, &request, payload).await;
            Ok(ServiceResponse::new(request, response))
        }
    });
    cfg.service(web::scope(MOUNT).default_service(serve));
}

/// The answer outside of every mount.
pub(crate) async fn nowhere() -> HttpResponse {
    refused(Refusal::UnknownPath)
}

/// The answer to a method that a path outside of the mount does not take.
pub(crate) async fn nowhere_for(allow: &'static str) -> HttpResponse {
    refused(Refusal::NotAllowed { allow: allow.to_owned() })
}

fn refused(refusal: Refusal) -> HttpResponse {
    let mut response = Failure::from(refusal).respond(None);
    private(&mut response);
    response
}
