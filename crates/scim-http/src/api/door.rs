//! Where every request enters and leaves: an id, a span, the credential, the endpoint, the
//! permission, and at the end the headers and the log line.

use std::{error::Error as StdError, pin::pin, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, USER_AGENT},
    },
    web::{Bytes, Payload},
};
use scim_app::{Error, management::Manager, provisioning::Origin};
use scim_domain::OrganizationId;
use tokio::time::timeout;
use tracing::{Instrument as _, Span, field::Empty};

use super::{
    Api, MOUNT,
    call::Call,
    endpoints::{Guard, Handled, Segments},
    problem::Problem,
};
use crate::scim::{Panicked, client_address, credential, private, unwound, without_body_to_head};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers one request, whatever happens.
pub(super) async fn serve(api: &Api, request: &HttpRequest, payload: Payload) -> HttpResponse {
    let request_id = api.0.ids.next().as_hyphenated().to_string();
    let method = request.method().as_str();
    // The endpoint's pattern, never the path or the query: those may hold what is personal.
    let span = tracing::info_span!("request", request_id, method, route = Empty);
    answered(api, request, payload, &request_id).instrument(span).await
}

async fn answered(
    api: &Api,
    request: &HttpRequest,
    payload: Payload,
    request_id: &str,
) -> HttpResponse {
    let begun = Instant::now();
    let work = pin!(timeout(api.0.request_timeout, handle(api, request, payload, request_id)));
    let handled = match unwound(work).await {
        Ok(Ok(handled)) => handled,
        Ok(Err(_elapsed)) => Err(Problem::timed_out()),
        Err(Panicked) => Err(Problem::defect("the request panicked")),
    };
    let mut response = handled.unwrap_or_else(|problem| {
        log_cause(&problem);
        problem.respond(&format!("{}{MOUNT}", api.0.public_url), request_id)
    });
    private(&mut response);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    log(request, response.status(), begun);
    without_body_to_head(request, response)
}

/// The way in. The credential comes first: nothing else of the request is looked at before, except
/// whether it asks for what is open to everybody.
async fn handle(api: &Api, request: &HttpRequest, payload: Payload, request_id: &str) -> Handled {
    let found = api.0.table.find(request.method(), request.uri().path());
    let open = matches!(&found, Ok((endpoint, _)) if endpoint.guard == Guard::Open);
    let manager = if open { None } else { Some(open_for(api, request, request_id).await?) };
    let (endpoint, segments) = found?;
    Span::current().record("route", endpoint.path.as_str());
    let organization = match &manager {
        Some(manager) => admitted(manager, endpoint.guard, &segments)?,
        None => None,
    };
    let call = Call {
        api: api.clone(),
        request: request.clone(),
        payload: Some(payload),
        sent: Bytes::new(),
        manager,
        organization,
        segments,
    };
    (endpoint.handler)(call).await
}

/// Lets the credential of a request in: once when it comes, and again before it is answered if it
/// has waited.
pub(super) async fn open_for(
    api: &Api,
    request: &HttpRequest,
    request_id: &str,
) -> Result<Manager, Error> {
    let headers = request.headers();
    let address = client_address(request.peer_addr(), headers, &api.0.trusted_proxies);
    let origin = Origin { request_id: request_id.to_owned(), address };
    let agent = headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
    api.0.management.open(credential(request.headers()).as_ref(), origin, agent).await
}

/// Fails unless the key may use the endpoint; the organization that the path names, if it does.
fn admitted(
    manager: &Manager,
    guard: Guard,
    segments: &Segments,
) -> Result<Option<OrganizationId>, Error> {
    let named = segments.iter().find(|(name, _)| name == "organization");
    let named = named.map(|(_, id)| id.as_str());
    match (guard, named) {
        (Guard::Permission(permission), Some(id)) => manager.within(id, permission).map(Some),
        (Guard::Operator(permission), Some(id)) => {
            // Whoever is not the operator is told so of its own organization, and of no other.
            let organization = manager.reached(id)?;
            manager.operates(permission)?;
            Ok(Some(organization))
        }
        (Guard::Permission(permission), None) => manager.may(permission).map(|()| None),
        (Guard::Operator(permission), None) => manager.operates(permission).map(|()| None),
        (Guard::Open | Guard::Key, Some(id)) => manager.reached(id).map(Some),
        (Guard::Open | Guard::Key, None) => Ok(None),
    }
}

/// Successful reads are for the curious only: they may come by the thousand.
fn log(request: &HttpRequest, status: StatusCode, begun: Instant) {
    let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    let write = !request.method().is_safe();
    // Without a credential anybody may come, as often as they like.
    if status != 401 && (write || status >= 400) {
        tracing::info!(status, took_us, "answered");
    } else {
        tracing::debug!(status, took_us, "answered");
    }
}

/// Tells the cause of a failure that the client is not told.
fn log_cause(problem: &Problem) {
    match problem.cause() {
        Some(Error::Store(cause)) => {
            let error: &(dyn StdError + 'static) = cause;
            tracing::warn!(error, "the store did not serve the request");
        }
        Some(Error::Defect(cause)) => tracing::error!(cause, "a defect"),
        Some(Error::Busy) => tracing::warn!("too many credentials are being checked"),
        Some(
            Error::Unauthenticated(_)
            | Error::Forbidden(_)
            | Error::NotFound(_)
            | Error::Missing { .. }
            | Error::Taken { .. }
            | Error::Conflict(_)
            | Error::Invalid(_)
            | Error::Paused { .. }
            | Error::PreconditionFailed,
        )
        | None => {}
    }
}
