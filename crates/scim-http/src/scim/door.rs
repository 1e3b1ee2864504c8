//! Where every request enters and leaves: an id, a span, the credential, the endpoint, and at the
//! end the headers, the log line and the activity.

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{self, BodySize, BoxBody, MessageBody as _},
    http::{
        ConnectionType, Method, Version,
        header::{
            AUTHORIZATION, CACHE_CONTROL, HeaderName, HeaderValue, USER_AGENT,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    web::Payload,
};
use scim_app::{
    provisioning::{Denied, Held, Origin},
    token::Token,
};
use tracing::{Instrument as _, Span, field::Empty};

use super::{
    Scim, ahead, bulk,
    catch::{Panicked, caught, unwound},
    client, discovery, entitlements,
    error::Refusal,
    exchange::{Call, Exchange, Handled},
    groups,
    query::Query,
    rounds,
    routes::{self, Action},
    search, users,
};

mod report;

pub(super) use report::log_cause;
pub(crate) use report::log_error;
use report::{log, record};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers one request, whatever happens.
pub(super) async fn serve(scim: &Scim, request: &HttpRequest, payload: Payload) -> HttpResponse {
    let request_id = scim.0.ids.next().as_hyphenated().to_string();
    let method = request.method().as_str();
    // The route's pattern, never the path or the query: those may hold what is personal.
    let span = tracing::info_span!("request", request_id, method, route = Empty);
    answered(scim, request, payload, &request_id).instrument(span).await
}

async fn answered(
    scim: &Scim,
    request: &HttpRequest,
    payload: Payload,
    request_id: &str,
) -> HttpResponse {
    let begun = Instant::now();
    let mut exchange = Exchange::default();
    let handled = {
        let work = handle(scim, request, payload, request_id, &mut exchange);
        match unwound(tokio::time::timeout(scim.0.request_timeout, work)).await {
            Ok(Ok(handled)) => handled,
            Ok(Err(_elapsed)) => Err(Refusal::TimedOut.into()),
            Err(Panicked) => Err(Refusal::Panicked.into()),
        }
    };
    if caught(|| record(scim, request, request_id, &exchange, &handled)).is_err() {
        tracing::error!("the activity of the request could not be recorded");
    }
    let mut response = match handled {
        Ok(done) => done.response,
        Err(failure) => {
            log_cause(&failure);
            failure.respond(Some(request_id))
        }
    };
    private(&mut response);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    log(&exchange, response.status(), begun.elapsed());
    if request.version() < Version::HTTP_11 && response.body().size() == BodySize::Stream {
        end_with_connection(&mut response);
    }
    without_body_to_head(request, response)
}

/// HTTP/1.0 knows no chunks (RFC 9112 §6.1): a body whose length nobody knows ends with the
/// connection. The server would send chunks all the same.
fn end_with_connection(response: &mut HttpResponse) {
    response.head_mut().no_chunking(true);
    response.head_mut().set_connection_type(ConnectionType::Close);
}

/// Takes the body of an answer to HEAD away (RFC 9110 §9.3.2). The server does so too, but goes by
/// the request that it read last: of two that came together that may be the one after this.
///
/// The other way round cannot be mended here: if HEAD comes on a connection before another request on
/// it is answered, the server leaves the body of that answer out. No identity provider sends so, and
/// it harms nobody else: proxies send one request after the other.
pub(crate) fn without_body_to_head(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    if *request.method() == Method::HEAD {
        return response.set_body(BoxBody::new(body::None::new()));
    }
    response
}

/// What an answer says is for nobody's cache, unless it says otherwise itself, and of the type it
/// says it is.
pub(crate) fn private(response: &mut HttpResponse) {
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// The way in. The credential comes first: without one that is good, or was, nothing else of the
/// request is looked at.
async fn handle(
    scim: &Scim,
    request: &HttpRequest,
    payload: Payload,
    request_id: &str,
    exchange: &mut Exchange,
) -> Handled {
    let headers = request.headers();
    let address = client::address(request.peer_addr(), headers, &scim.0.trusted_proxies);
    let origin = Origin { request_id: request_id.to_owned(), address };
    let token = credential(request);
    // Until nothing is done for the request any more: the answer is made, or sent, if it is sent while
    // it is still being read, and a write has ended, whoever waits for it.
    let turn = match &token {
        Some(token) => {
            let turn = scim.0.turns.take(token.expose()).await?;
            rounds::pass(token.expose()).await;
            Some(Arc::new(turn))
        }
        None => None,
    };
    let held = turn.clone().map(|turn| -> Held { turn });
    let ahead = || ahead::of(request.method(), request.uri());
    let opened = scim.0.provisioning.open_ahead(token.as_ref(), origin, held, ahead).await;
    exchange.caller = match &opened {
        Ok(session) => Some(session.caller.clone()),
        Err(denied) => denied.caller.clone(),
    };
    if let Some(caller) = &exchange.caller {
        let agent = headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
        scim.0.activity.used(caller.client(), agent);
    }
    let session = opened.map_err(|Denied { error, .. }| error)?;

    let (route, id) =
        routes::find(request.method(), request.uri().path(), session.caller.assigns())?;
    exchange.route = Some(route);
    Span::current().record("route", route.path);
    let query = Query::parse(request.query_string())?;
    // Without a credential nobody comes this far.
    let turn = turn.ok_or(Refusal::UnknownPath)?;
    let call = Call { scim, request, payload, session, query, id, turn };
    dispatch(route.action, call).await
}

/// The token of the one `Authorization` header. Two of them are none: which one a proxy in front
/// has looked at nobody can say.
pub(crate) fn credential(request: &HttpRequest) -> Option<Token> {
    let mut all = request.headers().get_all(AUTHORIZATION);
    let (only, second) = (all.next()?, all.next());
    if second.is_some() {
        return None;
    }
    Token::from_authorization(only.to_str().ok()?)
}

async fn dispatch(action: Action, call: Call<'_>) -> Handled {
    match action {
        Action::SearchUsers => search::users(call).await,
        Action::CreateUser => users::create(call).await,
        Action::GetUser => users::get(call).await,
        Action::ReplaceUser => users::replace(call).await,
        Action::PatchUser => users::patch(call).await,
        Action::DeleteUser => users::delete(call).await,
        Action::SearchGroups => search::groups(call).await,
        Action::CreateGroup => groups::create(call).await,
        Action::GetGroup => groups::get(call).await,
        Action::ReplaceGroup => groups::replace(call).await,
        Action::PatchGroup => groups::patch(call).await,
        Action::DeleteGroup => groups::delete(call).await,
        Action::ServiceProviderConfig => discovery::service_provider_config(call).await,
        Action::ResourceTypes => discovery::resource_types(call).await,
        Action::ResourceType => discovery::resource_type(call).await,
        Action::Schemas => discovery::schemas(call).await,
        Action::Schema => discovery::schema(call).await,
        Action::SearchRoles => entitlements::search_roles(call).await,
        Action::GetRole => entitlements::get_role(call).await,
        Action::SearchEntitlements => entitlements::search_entitlements(call).await,
        Action::GetEntitlement => entitlements::get_entitlement(&call),
        Action::Me => Err(Refusal::NotOffered(ME).into()),
        Action::Bulk => bulk::carry_out(call).await,
        Action::SearchUsersByPost => search::users_by_post(call).await,
        Action::SearchGroupsByPost => search::groups_by_post(call).await,
        Action::SearchAllByPost => search::all_by_post(call).await,
        // Their paths are outside of the mount, and the table leads nobody here.
        Action::Home | Action::Alive | Action::Ready | Action::Token | Action::Metadata => {
            Err(Refusal::UnknownPath.into())
        }
    }
}

const ME: &str = "This service has no /Me: an API key is no user (RFC 7644 §3.11).";
