//! Answers that are sent while they are still being read: those with more members of groups than are
//! held in memory at once.
//!
//! Such an answer is made in a task of its own, from one view of the store, and goes to the client
//! piece by piece: the next one is read when the client has taken the one before. So it needs as
//! much memory as a few pieces, and it holds the view for as long as the client takes. Views are
//! few. So there is a limit to how many such answers are under way, another to how many of these
//! have the same key, and one to how long each may take.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, http::StatusCode};
use scim_app::{
    Error,
    provisioning::{Caller, GroupView, Listing, MemberReader, Members, ResourceView, Session},
};
use scim_domain::{GroupId, resource::document::Corrupt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;

use super::{
    Scim, WAITING,
    answer::{END_OF_LIST, Shape, json, write_head_of_list},
    door::log_error,
    error::{Failure, Refusal},
    turns::{Turn, Turns},
};

mod pieces;

use pieces::{Gone, Outlet, pieces};

/// How many such answers with one key are under way at once: whoever takes long over them leaves
/// places for others.
const OF_ONE_KEY: usize = 2;

/// So many members are one piece: some 150 KiB.
const MEMBERS_IN_PIECE: usize = 1_000;

/// The places for such answers.
#[derive(Debug)]
pub(super) struct Streams {
    of_keys: Turns,
    of_all: Arc<Semaphore>,
    longest: Duration,
}

impl Streams {
    /// So many places, each for so long.
    pub(super) fn new(at_once: usize, longest: Duration) -> Self {
        let of_all = Arc::new(Semaphore::new(at_once));
        Self { of_keys: Turns::new(OF_ONE_KEY, WAITING), of_all, longest }
    }
}

/// The right to send one such answer, and the view of the store that it is read from.
pub(super) struct Sending {
    scim: Scim,
    session: Session,
    place: Place,
}

/// Held until the answer is sent.
struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_key: Turn,
    _turn: Arc<Turn>,
}

impl Sending {
    /// Waits for a place, and only then takes a view of the store: who waits holds none. What was
    /// found in another view must be looked for again in this one.
    pub(super) async fn when_possible(
        scim: &Scim,
        caller: Arc<Caller>,
        turn: &Arc<Turn>,
    ) -> Result<Self, Failure> {
        let Streams { of_keys, of_all, .. } = &scim.0.streams;
        let of_key = of_keys.take(caller.key.id).await?;
        // Nobody closes the semaphore.
        let of_all = Arc::clone(of_all).acquire_owned().await.map_err(|_| Refusal::Crowded)?;
        let place = Place { _of_all: of_all, _of_key: of_key, _turn: Arc::clone(turn) };
        let session = scim.0.provisioning.resume(caller).await?;
        Ok(Self { scim: scim.clone(), session, place })
    }

    /// The view of the store.
    pub(super) const fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// One group whose members are unread.
    pub(super) fn one(self, status: StatusCode, shape: Shape, view: GroupView) -> HttpResponse {
        let mut response = shape.head_of_one(status, &view);
        let items = vec![ResourceView::Group(view)];
        let answer = Answer { head: String::new(), items, tail: "", users: None, groups: shape };
        response.body(self.begin(answer))
    }

    /// A page with groups whose members are unread, and users if there is a shape for them.
    pub(super) fn page(
        self,
        users: Option<Shape>,
        groups: Shape,
        page: Listing<ResourceView>,
    ) -> HttpResponse {
        let mut head = String::new();
        write_head_of_list(&mut head, &page);
        let answer = Answer { head, items: page.items, tail: END_OF_LIST, users, groups };
        json(StatusCode::OK).body(self.begin(answer))
    }

    /// Begins to make the answer; it goes on for as long as somebody takes it.
    fn begin(self, answer: Answer) -> pieces::Pieces {
        let Self { scim, session, place } = self;
        let (outlet, pieces) = pieces();
        let members = scim.0.provisioning.member_reader(session, answer.unread());
        let work = async move {
            let longest = scim.0.streams.longest;
            let writer = Writer { answer: &answer, base: scim.base_url(), outlet, members };
            let ended = tokio::time::timeout(longest, writer.all()).await;
            drop(place);
            log(ended.unwrap_or(Err(Broken::TooLong)));
        };
        tokio::spawn(work.in_current_span());
        pieces
    }
}

/// What is sent.
struct Answer {
    head: String,
    items: Vec<ResourceView>,
    tail: &'static str,
    users: Option<Shape>,
    groups: Shape,
}

impl Answer {
    /// The groups whose members are unread, in their order.
    fn unread(&self) -> Vec<GroupId> {
        let groups = self.items.iter().filter_map(|it| match it {
            ResourceView::Group(view) if view.members.are_unread() => Some(view.group.id),
            ResourceView::Group(_) | ResourceView::User(_) => None,
        });
        groups.collect()
    }
}

/// Why an answer was not sent to its end.
enum Broken {
    /// Nobody takes it any more.
    Gone,
    /// It took longer than it may.
    TooLong,
    /// It could not be read.
    Failed(Error),
}

impl From<Gone> for Broken {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Corrupt> for Broken {
    fn from(corrupt: Corrupt) -> Self {
        Self::Failed(corrupt.into())
    }
}

fn log(ended: Result<(), Broken>) {
    match ended {
        Ok(()) => tracing::debug!("the answer was sent to its end"),
        Err(Broken::Gone) => tracing::debug!("nobody took the answer to its end"),
        Err(Broken::TooLong) => {
            tracing::warn!("the answer was broken off: the client took too long to read it");
        }
        Err(Broken::Failed(error)) => {
            log_error(&error);
            tracing::error!("the answer was broken off: the rest of it could not be read");
        }
    }
}

/// Writes an answer while it reads it.
struct Writer<'a> {
    answer: &'a Answer,
    base: &'a str,
    outlet: Outlet,
    members: MemberReader,
}

impl Writer<'_> {
    async fn all(mut self) -> Result<(), Broken> {
        let answer = self.answer;
        self.outlet.text().push_str(&answer.head);
        for (at, item) in answer.items.iter().enumerate() {
            if at > 0 {
                self.outlet.text().push(',');
            }
            match (item, &answer.users) {
                (ResourceView::Group(view), _) if view.members.are_unread() => {
                    self.group(view).await?;
                }
                (ResourceView::Group(view), _) => answer.groups.write(self.outlet.text(), view)?,
                (ResourceView::User(view), Some(users)) => users.write(self.outlet.text(), view)?,
                (ResourceView::User(_), None) => {
                    let defect = "a user in a page of groups".to_owned();
                    return Err(Error::Defect(defect).into());
                }
            }
            self.outlet.flow().await?;
        }
        self.outlet.text().push_str(answer.tail);
        // Before the last piece is sent, which may take as long as the client likes.
        drop(self.members);
        Ok(self.outlet.end().await?)
    }

    async fn group(&mut self, view: &GroupView) -> Result<(), Broken> {
        let around = self.answer.groups.around(view)?;
        let mut bit = self.members.next().await?;
        if !around.shows_members() {
            // All that can be seen is whether there are any.
            self.members.leave(&bit);
            let view = GroupView { members: Members::All(bit.members), ..view.clone() };
            return Ok(self.answer.groups.write(self.outlet.text(), &view)?);
        }
        self.outlet.text().push_str(&around.before);
        let mut first = true;
        loop {
            for piece in bit.members.chunks(MEMBERS_IN_PIECE) {
                around.members(self.outlet.text(), first, piece, self.base);
                first = false;
                self.outlet.flow().await?;
            }
            if bit.last {
                break;
            }
            bit = self.members.next().await?;
        }
        self.outlet.text().push_str(&around.after);
        Ok(())
    }
}
