//! Where every request enters and leaves: an id, a span, the credential, the endpoint, and at the
//! end the headers, the log line and the activity.

use std::{
    future::ready,
    pin::{Pin, pin},
    sync::{Arc, LazyLock},
    time::Instant,
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody as _, None as NoBody},
    http::{
        ConnectionType, Method, Version,
        header::{
            AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    web::{Bytes, Payload},
};
use scim_app::{
    provisioning::{Denied, Held, Origin},
    token::Token,
};
use tokio::time::timeout;
use tracing::{Instrument as _, Span, field::Empty};
use uuid::Uuid;

use super::{
    Scim, ahead, body, bulk,
    catch::{Panicked, caught, unwound},
    client, discovery, entitlements,
    error::{Failure, Refusal, Told},
    exchange::{Call, Exchange, Handled},
    groups,
    query::Query,
    rounds,
    routes::{self, Action},
    search,
    turns::{Crowded, Waiting},
    users,
};

mod report;

pub(super) use report::log_cause;
pub(crate) use report::log_error;
use report::{log, record};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers one request, whatever happens.
pub(super) async fn serve(scim: &Scim, request: &HttpRequest, payload: Payload) -> HttpResponse {
    let Ok(shown) = Shown::of(scim, request) else {
        body::read_away(request.headers(), payload.into_inner()).await;
        return without_body_to_head(request, turned_away(scim));
    };
    let mut request_id = Uuid::encode_buffer();
    let request_id = &*scim.0.ids.next().as_hyphenated().encode_lower(&mut request_id);
    let mut response = answered(scim, request, payload, shown, request_id).await;
    sign(&mut response, request_id);
    if request.version() < Version::HTTP_11 && response.body().size() == BodySize::Stream {
        end_with_connection(&mut response);
    }
    without_body_to_head(request, response)
}

/// The answer to a request of which nothing is done, not even a line in the log.
pub(super) fn turned_away(scim: &Scim) -> HttpResponse {
    let mut request_id = Uuid::encode_buffer();
    let request_id = &*scim.0.ids.next().as_hyphenated().encode_lower(&mut request_id);
    let (told, text) = &*CROWDED;
    let mut response = told.respond_with(text.clone());
    sign(&mut response, request_id);
    response
}

/// The headers that every answer has.
fn sign(response: &mut HttpResponse, request_id: &str) {
    private(response);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// What a request shows of who sends it.
#[derive(Debug)]
struct Shown {
    token: Option<Token>,
    /// Its place among the requests of the same credential. None without a credential.
    waiting: Option<Waiting>,
}

impl Shown {
    fn of(scim: &Scim, request: &HttpRequest) -> Result<Self, Crowded> {
        let token = credential(request.headers());
        let waiting = token.as_ref().map(|it| scim.0.turns.enter(it.expose())).transpose()?;
        Ok(Self { token, waiting })
    }
}

/// What those are told who are turned away. In a flood they come by the thousand, so it is written
/// once.
static CROWDED: LazyLock<(Told, Bytes)> = LazyLock::new(|| {
    let told = Failure::from(Refusal::Crowded).told(None);
    let text = told.text().into();
    (told, text)
});

async fn answered(
    scim: &Scim,
    request: &HttpRequest,
    payload: Payload,
    shown: Shown,
    request_id: &str,
) -> HttpResponse {
    let method = request.method().as_str();
    // The route's pattern, never the path or the query: those may hold what is personal.
    let span = tracing::info_span!("request", request_id, method, route = Empty);
    let work = async {
        let begun = Instant::now();
        let mut exchange = Exchange::default();
        let handled = {
            let work = handle(scim, request, payload, shown, request_id, &mut exchange);
            let work = pin!(timeout(scim.0.request_timeout, work));
            match unwound(work).await {
                Ok(Ok(handled)) => handled,
                Ok(Err(_elapsed)) => Err(Refusal::TimedOut.into()),
                Err(Panicked) => Err(Refusal::Panicked.into()),
            }
        };
        if caught(|| record(scim, request, request_id, &exchange, &handled)).is_err() {
            tracing::error!("the activity of the request could not be recorded");
        }
        let response = match handled {
            Ok(done) => done.response,
            Err(failure) => {
                log_cause(&failure);
                failure.respond(Some(request_id))
            }
        };
        log(&exchange, response.status(), begun.elapsed());
        response
    };
    work.instrument(span).await
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
        return response.set_body(BoxBody::new(NoBody::new()));
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
    Shown { token, waiting }: Shown,
    request_id: &str,
    exchange: &mut Exchange,
) -> Handled {
    let headers = request.headers();
    let address = client::address(request.peer_addr(), headers, &scim.0.trusted_proxies);
    let origin = Origin { request_id: request_id.to_owned(), address };
    // Until nothing is done for the request any more: the answer is made, or sent, if it is sent while
    // it is still being read, and a write has ended, whoever waits for it.
    let turn = match waiting {
        Some(waiting) => Some(Arc::new(waiting.turn().await?)),
        None => None,
    };
    if let Some(token) = &token {
        rounds::pass(token.expose()).await;
    }
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

/// The token of the one `Authorization` header.
pub(crate) fn credential(headers: &HeaderMap) -> Option<Token> {
    Token::from_authorization(authorization(headers)?)
}

/// The one `Authorization` header. Two of them are none: which one a proxy in front has looked at
/// nobody can say.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION);
    let (only, second) = (all.next()?, all.next());
    if second.is_some() {
        return None;
    }
    only.to_str().ok()
}

/// What a request asks for, as a future of its own: one request is not as large as all kinds of them
/// together, and as long as it waits for its turn it is none of them.
fn dispatch(action: Action, call: Call<'_>) -> Pin<Box<dyn Future<Output = Handled> + '_>> {
    match action {
        Action::SearchUsers => Box::pin(search::users(call)),
        Action::CreateUser => Box::pin(users::create(call)),
        Action::GetUser => Box::pin(users::get(call)),
        Action::ReplaceUser => Box::pin(users::replace(call)),
        Action::PatchUser => Box::pin(users::patch(call)),
        Action::DeleteUser => Box::pin(users::delete(call)),
        Action::SearchGroups => Box::pin(search::groups(call)),
        Action::CreateGroup => Box::pin(groups::create(call)),
        Action::GetGroup => Box::pin(groups::get(call)),
        Action::ReplaceGroup => Box::pin(groups::replace(call)),
        Action::PatchGroup => Box::pin(groups::patch(call)),
        Action::DeleteGroup => Box::pin(groups::delete(call)),
        Action::ServiceProviderConfig => Box::pin(discovery::service_provider_config(call)),
        Action::ResourceTypes => Box::pin(discovery::resource_types(call)),
        Action::ResourceType => Box::pin(discovery::resource_type(call)),
        Action::Schemas => Box::pin(discovery::schemas(call)),
        Action::Schema => Box::pin(discovery::schema(call)),
        Action::SearchRoles => Box::pin(entitlements::search_roles(call)),
        Action::GetRole => Box::pin(entitlements::get_role(call)),
        Action::SearchEntitlements => Box::pin(entitlements::search_entitlements(call)),
        Action::GetEntitlement => Box::pin(ready(entitlements::get_entitlement(&call))),
        Action::Me => Box::pin(ready(Err(Refusal::NotOffered(ME).into()))),
        Action::Bulk => Box::pin(bulk::carry_out(call)),
        Action::SearchUsersByPost => Box::pin(search::users_by_post(call)),
        Action::SearchGroupsByPost => Box::pin(search::groups_by_post(call)),
        Action::SearchAllByPost => Box::pin(search::all_by_post(call)),
        // Their paths are outside of the mount, and the table leads nobody here.
        Action::Home | Action::Alive | Action::Ready | Action::Token | Action::Metadata => {
            Box::pin(ready(Err(Refusal::UnknownPath.into())))
        }
    }
}

const ME: &str = "This service has no /Me: an API key is no user (RFC 7644 §3.11).";
