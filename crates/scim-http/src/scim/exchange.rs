//! One request while it is being answered.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::Payload};
use scim_app::provisioning::{Caller, Session};

use super::{Scim, error::Failure, query::Query, routes::Route, turns::Turn};

/// What becomes known of a request on its way, for the log and the activity.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    /// Who asks, once the credential was good.
    pub(super) caller: Option<Arc<Caller>>,
    /// Which endpoint, once it was found.
    pub(super) route: Option<&'static Route>,
}

/// A request whose credential is good and whose endpoint is known.
pub(super) struct Call<'a> {
    /// The service.
    pub(super) scim: &'a Scim,
    /// The request.
    pub(super) request: &'a HttpRequest,
    /// Its body, unread.
    pub(super) payload: Payload,
    /// Its credential, and the view of the store in which it was checked.
    pub(super) session: Session,
    /// Its parameters.
    pub(super) query: Query,
    /// The `{id}` of its path.
    pub(super) id: &'a str,
    /// Its turn among the requests with its credential. The caller has it, too, so whatever goes on
    /// for the request after the answer was made, or was given up, keeps it.
    pub(super) turn: Arc<Turn>,
}

/// A request that was carried out.
pub(super) struct Done {
    /// The answer.
    pub(super) response: HttpResponse,
    /// What a write did or left out, in plain words.
    pub(super) notes: Option<Vec<String>>,
}

/// What an endpoint makes of a request.
pub(super) type Handled = Result<Done, Failure>;

impl Done {
    /// Something was read.
    pub(super) const fn read(response: HttpResponse) -> Self {
        Self { response, notes: None }
    }

    /// Something was written.
    pub(super) const fn written(response: HttpResponse, notes: Vec<String>) -> Self {
        Self { response, notes: Some(notes) }
    }
}
