//! What an identity provider does: read, match, create, update, deactivate, push groups.

mod bulk;
mod conditions;
mod cursor;
mod entitlements;
mod groups;
mod limits;
mod listing;
mod mapping_rules;
mod membership;
mod outcome;
mod plan;
mod roles;
mod search;
mod session;
mod users;
mod views;
mod walk;

use std::sync::Arc;

use tracing::Instrument;

pub(crate) use listing::owned;
pub(crate) use membership::{
    Place, Pushed, Refused, Wish, active_members, effects as access_events, push,
};
pub(crate) use roles::came_and_went;

pub use bulk::{Carried, Change, Operation, Task};
pub use conditions::IfMatch;
pub use listing::{ListQuery, Listing, Position};
pub use outcome::Outcome;
pub use session::{Caller, Denied, Origin, Session};
use walk::Cursors;

pub use views::{GroupView, ResourceView, Shown, UserView};

use crate::{
    Error,
    authentication::Authentication,
    catalogs::Catalogs,
    journal::Journal,
    ports::{Clock, Ids, Store},
};

/// What happens when an identity provider creates a user that sign-in has already made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExistingUser {
    /// The user is taken over: same id, the identity provider's profile.
    #[default]
    Adopt,
    /// 409, as for any other user of that name.
    Reject,
}

/// The use cases behind `/scim/v2`. Cheap to clone.
#[derive(Clone)]
pub struct Provisioning {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    authentication: Authentication,
    catalogs: Catalogs,
    existing_user: ExistingUser,
    cursors: Cursors,
}

impl std::fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provisioning").finish_non_exhaustive()
    }
}

impl Provisioning {
    /// The use cases over these ports.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        authentication: Authentication,
        existing_user: ExistingUser,
    ) -> Self {
        let cursors = Cursors::new(authentication.secrets());
        Self {
            store,
            clock,
            ids,
            authentication,
            catalogs: Catalogs::new(),
            existing_user,
            cursors,
        }
    }

    pub(crate) fn journal<'a>(&'a self, caller: &'a Caller) -> Journal<'a> {
        Journal {
            clock: &*self.clock,
            ids: &*self.ids,
            actor: &caller.actor,
            organization: caller.organization(),
            request_id: Some(&caller.origin.request_id),
        }
    }
}

/// Runs a write in a task of its own to its end: a client that hangs up never drops it halfway.
pub(crate) async fn to_its_end<T: Send + 'static>(
    write: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    // What a panic said is told by the panic hook; here it might carry somebody's data into the log.
    let ended = tokio::spawn(write.in_current_span()).await;
    ended.unwrap_or_else(|_| Err(Error::Defect("a write did not run to its end".to_owned())))
}
