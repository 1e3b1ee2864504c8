//! What an identity provider does: read, match, create, update, deactivate, push groups.

mod bulk;
mod conditions;
mod cursor;
mod entitlements;
mod groups;
mod limits;
mod listing;
mod mapping_rules;
mod member_reader;
mod membership;
mod outcome;
mod plan;
mod roles;
mod search;
mod session;
mod users;
mod views;
mod walk;

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use tracing::Instrument;

pub(crate) use listing::owned;
pub(crate) use membership::{
    Place, Pushed, Refused, Wish, active_members, effects as access_events, push,
};
pub(crate) use roles::came_and_went;

pub use bulk::{Carried, Change, Operation, Task};
pub use conditions::IfMatch;
pub use listing::{ListQuery, Listing, Position};
pub use member_reader::{Bit, MemberReader};
pub use outcome::Outcome;
pub use session::{Caller, Denied, Held, Origin, Session};
use walk::Cursors;

pub use views::{GroupView, Members, ResourceView, Shown, UserView};

use crate::{
    Error,
    authentication::Authentication,
    catalogs::Catalogs,
    journal::Journal,
    ports::{Clock, Ids, Store, StoreError},
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
    members_at_once: u64,
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
            members_at_once: member_reader::AT_ONCE,
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

/// How often a write is carried out at most, when other units are in the way each time.
const ATTEMPTS: u32 = 5;

/// How long to wait before the second attempt; twice as long before each one after it.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs a write in a task of its own to its end: a client that hangs up never drops it halfway. The
/// write has its caller, and with it what is held for the request: it counts until it has ended.
///
/// Where the store says that other units were in the way, nothing was changed, and the write is
/// carried out again from its beginning.
pub(crate) async fn to_its_end<T, W, F>(write: W) -> Result<T, Error>
where
    T: Send + 'static,
    W: FnOnce() -> F + Clone + Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let attempts = async move {
        let mut attempt = 1;
        loop {
            let done = write.clone()().await;
            if let ControlFlow::Break(done) = settled(done, attempt).await {
                return done;
            }
            attempt += 1;
        }
    };
    in_a_task(attempts).await
}

/// Runs work in a task of its own to its end.
pub(crate) async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    // What a panic said is told by the panic hook; here it might carry somebody's data into the log.
    let ended = tokio::spawn(work.in_current_span()).await;
    ended.unwrap_or_else(|_| Err(Error::Defect("a write did not run to its end".to_owned())))
}

/// What became of an attempt to write, unless other units were in its way: then this waits a moment,
/// and it is worth another one. After some attempts it is not.
pub(crate) async fn settled<T>(
    done: Result<T, Error>,
    attempt: u32,
) -> ControlFlow<Result<T, Error>> {
    match done {
        Err(Error::Store(StoreError::Conflict(reason))) if attempt < ATTEMPTS => {
            tracing::debug!(attempt, reason = &*reason as &dyn std::error::Error, "once more");
            tokio::time::sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
            ControlFlow::Continue(())
        }
        done => ControlFlow::Break(done),
    }
}
