//! Answers that are sent while they are still being read: those with more members of groups than are
//! held in memory at once.
//!
//! Such an answer is made in a task of its own, from one view of the store, and goes to the client
//! piece by piece: the next one is read when the client has taken the one before. So it needs as
//! much memory as a few pieces, and it holds the view for as long as the client takes. Views are
//! few. So there are limits to how many such answers are under way, and to how long each may take.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, http::StatusCode};
use scim_app::{
    Error,
    provisioning::{
        Caller, GroupView, Listing, MemberReader, Members, ResourceView, Session, UserView,
    },
};
use scim_domain::{GroupId, resource::document::Corrupt};
use tracing::Instrument as _;

use super::{
    Scim,
    answer::{END_OF_LIST, Shape, View, json, write_head_of_list},
    door::log_error,
    error::Failure,
    query::Query,
    turns::Turn,
};

mod pieces;
mod places;

use pieces::{Gone, Outlet, pieces};
use places::{Place, Places};

/// So many members are one piece: some 150 KiB.
const MEMBERS_IN_PIECE: usize = 1_000;

/// How such answers are sent.
#[derive(Debug)]
pub(super) struct Streams {
    places: Places,
    longest: Duration,
}

impl Streams {
    /// So many places, each for so long.
    pub(super) fn new(at_once: usize, longest: Duration) -> Self {
        Self { places: Places::new(at_once), longest }
    }
}

/// The right to send one such answer, and the view of the store that it is read from.
pub(super) struct Sending {
    scim: Scim,
    session: Session,
    place: Place,
}

impl Sending {
    /// Waits for a place, and only then takes a view of the store: who waits holds none. What was
    /// found in another view must be looked for again in this one.
    pub(super) async fn when_possible(
        scim: &Scim,
        caller: Arc<Caller>,
        turn: &Arc<Turn>,
    ) -> Result<Self, Failure> {
        let (organization, key) = (caller.organization(), caller.key.id);
        let place = scim.0.streams.places.take(organization, key, turn).await?;
        let session = scim.0.provisioning.resume(caller).await?;
        Ok(Self { scim: scim.clone(), session, place })
    }

    /// The view of the store.
    pub(super) const fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// One group whose members are unread, in the shape that the query asks for.
    pub(super) fn one(self, query: &Query, view: GroupView) -> HttpResponse {
        let groups = self.shape::<GroupView>(query);
        let mut response = groups.head_of_one(StatusCode::OK, &view);
        let (users, items) = (self.shape::<UserView>(query), vec![ResourceView::Group(view)]);
        let answer = Answer { head: String::new(), items, tail: "", users, groups };
        response.body(self.begin(answer))
    }

    /// A page with groups whose members are unread.
    pub(super) fn page(self, query: &Query, page: Listing<ResourceView>) -> HttpResponse {
        let mut head = String::new();
        write_head_of_list(&mut head, &page);
        let (users, groups) = (self.shape::<UserView>(query), self.shape::<GroupView>(query));
        let answer = Answer { head, items: page.items, tail: END_OF_LIST, users, groups };
        json(StatusCode::OK).body(self.begin(answer))
    }

    /// By the schemas in the view that is sent: those in the first one may be others.
    fn shape<V: View>(&self, query: &Query) -> Shape {
        Shape::of::<V>(&self.scim, &self.session.caller, query)
    }

    /// Begins to make the answer; it goes on for as long as somebody takes it.
    fn begin(self, answer: Answer) -> pieces::Pieces {
        let Self { scim, session, place } = self;
        let (mut outlet, pieces) = pieces();
        let members = scim.0.provisioning.member_reader(session, answer.unread());
        let work = async move {
            let longest = scim.0.streams.longest;
            let outlet = &mut outlet;
            let writer = Writer { answer: &answer, base: scim.base_url(), outlet, members };
            let ended = tokio::time::timeout(longest, writer.all()).await;
            drop(place);
            let by_client = outlet.waited();
            log(ended.unwrap_or(Err(Broken::TooLong { longest })), by_client);
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
    users: Shape,
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
    TooLong {
        /// That long.
        longest: Duration,
    },
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

/// Tells how it ended, and how much of the time the client took.
fn log(ended: Result<(), Broken>, by_client: Duration) {
    let client_ms = u64::try_from(by_client.as_millis()).unwrap_or(u64::MAX);
    match ended {
        Ok(()) => tracing::debug!("the answer was sent to its end"),
        Err(Broken::Gone) => tracing::debug!("nobody took the answer to its end"),
        Err(Broken::TooLong { longest }) if by_client >= longest / 2 => {
            tracing::warn!(
                client_ms,
                "the answer was broken off: the client took too long to read it"
            );
        }
        Err(Broken::TooLong { .. }) => {
            tracing::warn!(
                client_ms,
                "the answer was broken off: the database took too long to read it"
            );
        }
        Err(Broken::Failed(error)) => {
            // A database may end a view that it was not asked anything of for long.
            log_error(&error);
            tracing::warn!(
                client_ms,
                "the answer was broken off: the rest of it could not be read"
            );
        }
    }
}

/// Writes an answer while it reads it.
struct Writer<'a> {
    answer: &'a Answer,
    base: &'a str,
    outlet: &'a mut Outlet,
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
            match item {
                ResourceView::Group(view) if view.members.are_unread() => self.group(view).await?,
                ResourceView::Group(view) => answer.groups.write(self.outlet.text(), view)?,
                ResourceView::User(view) => answer.users.write(self.outlet.text(), view)?,
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
