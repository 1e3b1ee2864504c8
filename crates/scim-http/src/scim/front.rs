//! In front of the application: who is turned away does not get there.
//!
//! In a flood nearly all requests are turned away, and what each costs is taken from those that are
//! served. The application takes a request apart and looks for its route before anything of ours has
//! a say, which is more than all that is needed to know that it must come again.

use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service as _, ServiceFactory, apply_fn_factory};
use actix_web::{
    HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::AppConfig,
    http::Method,
};
use scim_app::token::Token;

use super::{MOUNT, Scim, body, door};

/// An application behind a door that opens for as many requests of a credential as may be here; the
/// others are told to come again. The application knows the same of itself: this spares it the work.
///
/// Give it to [`HttpServer::new`](actix_web::HttpServer::new) where the application would be. SCIM
/// must be [mounted](crate::configure) at its root.
pub fn in_front<I, F, B>(
    scim: &Scim,
    app: I,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = Response<BoxBody>,
    Error = F::Error,
    InitError = F::InitError,
> + use<I, F, B>
where
    I: IntoServiceFactory<F, Request>,
    F: ServiceFactory<Request, Config = AppConfig, Response: Into<Response<B>>> + 'static,
    B: MessageBody + 'static,
{
    let scim = scim.clone();
    apply_fn_factory(app, move |mut request: Request, app: &F::Service| {
        let work = if turns_away(&scim, &request) {
            let payload = request.take_payload();
            Err((door::turned_away(&scim), request, payload))
        } else {
            Ok(app.call(request))
        };
        async move {
            match work {
                Ok(app) => app.await.map(|it| it.into().map_into_boxed_body()),
                Err((answer, request, payload)) => {
                    body::read_away(request.headers(), payload).await;
                    Ok(answer.into())
                }
            }
        }
    })
}

/// Whether a request is turned away. What is not plainly so goes on to the application, which decides
/// for itself. Of a text that is no token nobody is here.
fn turns_away(scim: &Scim, request: &Request) -> bool {
    let turns = &scim.0.turns;
    turns.any_crowded()
        && is_scim(request.path())
        && *request.method() != Method::HEAD
        && door::authorization(request.headers())
            .is_some_and(|it| turns.is_crowded(Token::shown_by(it)))
}

/// Whether a path leads to SCIM, and not to what only begins like it.
fn is_scim(path: &str) -> bool {
    path.strip_prefix(MOUNT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
