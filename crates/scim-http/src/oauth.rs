//! OAuth 2.0 over HTTP: the token endpoint (RFC 6749 §3.2), and the metadata by which clients find
//! it (RFC 8414).

use std::{pin::pin, sync::Arc, time::Duration, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue, PRAGMA, USER_AGENT},
    web::{self, Bytes, Payload, ServiceConfig},
};
use ipnet::IpNet;
use scim_app::{
    oauth::{Algorithm, Granted, OAuth as TokenEndpoint, TokenRequest},
    ports::Ids,
    provisioning::Origin,
};
use scim_domain::api_key::Permission;
use serde_json::json;
use tokio::time::timeout;
use tracing::Instrument as _;

mod answer;
mod form;
mod request;

use answer::Refusal;

use crate::{
    Settings,
    scim::{
        Panicked, client_address, nowhere_for, private,
        routes::{Action, path_of},
        unwound,
    },
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The token endpoint and its metadata. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OAuth(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    endpoint: TokenEndpoint,
    ids: Arc<dyn Ids>,
    /// The names under which this service knows itself: those that an assertion may be for.
    issuer: String,
    token_url: String,
    metadata: Bytes,
    trusted_proxies: Vec<IpNet>,
    request_timeout: Duration,
}

impl OAuth {
    /// The endpoint over this use case. `ids` names requests.
    pub fn new(endpoint: TokenEndpoint, ids: Arc<dyn Ids>, settings: Settings) -> Self {
        let Settings { public_url, trusted_proxies, request_timeout, .. } = settings;
        let issuer = public_url.trim_end_matches('/').to_owned();
        let token_url = format!("{issuer}{}", path_of(Action::Token));
        let metadata = metadata(&issuer, &token_url).into();
        Self(Arc::new(Inner {
            endpoint,
            ids,
            issuer,
            token_url,
            metadata,
            trusted_proxies,
            request_timeout,
        }))
    }
}

/// What RFC 8414 §2 has and this service is: a token endpoint for clients alone. Nobody's consent
/// is ever asked, so there are no response types.
fn metadata(issuer: &str, token_url: &str) -> String {
    let algorithms: Vec<_> = Algorithm::ALL.iter().map(|it| it.name()).collect();
    let scopes: Vec<_> = Permission::ALL.iter().map(|it| it.name()).collect();
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": token_url,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": scopes,
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "service_documentation": format!("{issuer}/"),
    });
    metadata.to_string()
}

pub(crate) fn configure(cfg: &mut ServiceConfig, oauth: &OAuth) {
    let serving = oauth.clone();
    let serve = move |request: HttpRequest, payload: Payload| {
        let oauth = serving.clone();
        async move { serve(&oauth, &request, payload).await }
    };
    cfg.service(
        web::resource(path_of(Action::Token))
            .route(web::post().to(serve))
            .default_service(web::to(|| nowhere_for("POST"))),
    );
    let document = oauth.0.metadata.clone();
    let tell = move || {
        let mut response =
            HttpResponse::Ok().content_type("application/json").body(document.clone());
        private(&mut response);
        async move { response }
    };
    cfg.service(
        web::resource(path_of(Action::Metadata))
            .route(web::get().to(tell.clone()))
            .route(web::head().to(tell))
            .default_service(web::to(|| nowhere_for("GET, HEAD"))),
    );
}

/// Answers one request for a token, whatever happens.
async fn serve(oauth: &OAuth, request: &HttpRequest, payload: Payload) -> HttpResponse {
    let request_id = oauth.0.ids.next().as_hyphenated().to_string();
    let span =
        tracing::info_span!("request", request_id, method = "POST", route = path_of(Action::Token));
    answered(oauth, request, payload, &request_id).instrument(span).await
}

async fn answered(
    oauth: &OAuth,
    request: &HttpRequest,
    payload: Payload,
    request_id: &str,
) -> HttpResponse {
    let begun = Instant::now();
    let work = pin!(timeout(oauth.0.request_timeout, grant(oauth, request, payload, request_id)));
    let granted = match unwound(work).await {
        Ok(Ok(granted)) => granted,
        Ok(Err(_elapsed)) => Err(Refusal::TimedOut),
        Err(Panicked) => Err(Refusal::Panicked),
    };
    let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let mut response = match granted {
        Ok(granted) => {
            tracing::info!(status = 200, took_us, api_key = %granted.key.id, "gave an access token");
            answer::granted(&granted)
        }
        Err(refusal) => {
            let told = refusal.told(request_id);
            refusal.log(&told, took_us);
            told.respond()
        }
    };
    private(&mut response);
    let headers = response.headers_mut();
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// Reads the request to its end before anybody's secret is looked at: a malformed one costs nothing.
async fn grant(
    oauth: &OAuth,
    request: &HttpRequest,
    payload: Payload,
    request_id: &str,
) -> Result<Granted, Refusal> {
    let headers = request.headers();
    let time = oauth.0.request_timeout * 3 / 4;
    let form = form::read(headers, payload, time).await?;
    let (credential, scope) = request::read(headers, form)?;
    let address = client_address(request.peer_addr(), headers, &oauth.0.trusted_proxies);
    let origin = Origin { request_id: request_id.to_owned(), address };
    let agent = headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
    let audiences = &[oauth.0.token_url.as_str(), oauth.0.issuer.as_str()];
    let asked = TokenRequest { credential, scope, audiences };
    Ok(oauth.0.endpoint.grant(asked, &origin, agent).await?)
}
