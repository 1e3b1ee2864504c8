//! Pages by index and by cursor: which part of the matches is asked for, and what the answer tells
//! about the others.

use std::{sync::Arc, time::Duration};

use scim_domain::{Invalid, Reason};
use tokio::sync::OnceCell;

use super::{
    Position, Provisioning, Session,
    cursor::{Binding, Cursor, CursorKey, SECRET},
    listing::Paging,
    to_its_end,
};
use crate::{
    Error, keyring,
    ports::{Keyset, Part, Place, Secrets, SharedSecret, Window},
};

/// For how long a cursor is good when nobody says otherwise.
const TIMEOUT: Duration = Duration::from_hours(1);

/// What cursors are made with. Clones share it.
#[derive(Clone)]
pub(super) struct Cursors {
    secrets: Arc<dyn Secrets>,
    pub(super) timeout: Duration,
    /// Read once in the life of the process.
    key: Arc<OnceCell<CursorKey>>,
}

impl Cursors {
    pub fn new(secrets: Arc<dyn Secrets>) -> Self {
        Self { secrets, timeout: TIMEOUT, key: Arc::default() }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        self.secrets.random().map_err(Error::Defect)
    }

    fn expired(&self) -> Invalid {
        let seconds = self.timeout.as_secs();
        let detail = format!(
            "This cursor was not used within {seconds} seconds. Start again with an empty cursor."
        );
        Invalid::new(Reason::ExpiredCursor, detail)
    }
}

/// Which of all reasons it is, nobody is told: whoever tries to forge one learns nothing.
fn invalid() -> Invalid {
    Invalid::new(
        Reason::InvalidCursor,
        "This cursor does not belong to this list. Start again with an empty cursor, and repeat \
         the same parameters (filter, sortBy, sortOrder, count) with every page.",
    )
}

/// The part of the matches that a request asks for.
pub(super) enum Wanted {
    /// From an index on.
    Window {
        /// The index, from 1.
        start: u64,
        window: Window,
    },
    /// A step of a walk.
    Step(Step),
}

/// A step of a walk: the first one, or one from where a cursor leads.
pub(super) struct Step {
    from: Option<(Place, Direction)>,
    limit: u64,
    key: CursorKey,
    binding: Binding,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forwards,
    Backwards,
}

impl Wanted {
    pub const fn part(&self) -> Part<'_> {
        match self {
            Self::Window { window, .. } => Part::Window(*window),
            Self::Step(Step { from: None, limit, .. }) => {
                Part::Keyset(Keyset { place: None, backwards: false, limit: *limit })
            }
            Self::Step(Step { from: Some((place, direction)), limit, .. }) => {
                let backwards = matches!(direction, Direction::Backwards);
                Part::Keyset(Keyset { place: Some(place), backwards, limit: *limit })
            }
        }
    }
}

impl Provisioning {
    /// How long a cursor is good for; an hour, unless this says otherwise.
    #[must_use]
    pub const fn with_cursor_timeout(mut self, timeout: Duration) -> Self {
        self.cursors.timeout = timeout;
        self
    }

    /// How long a cursor is good for (RFC 9865 §4, `cursorTimeout`).
    pub const fn cursor_timeout(&self) -> Duration {
        self.cursors.timeout
    }

    /// Understands where a request wants to begin.
    pub(super) async fn wanted(
        &self,
        session: &mut Session,
        paging: &Paging,
        binding: Binding,
    ) -> Result<Wanted, Error> {
        let (text, count) = match paging {
            Paging::Index { start, window } => {
                return Ok(Wanted::Window { start: *start, window: *window });
            }
            Paging::Cursor { text, count } => (text, count),
        };
        let key = self.cursor_key(session).await?.clone();
        if text.is_empty() {
            let step = Step { from: None, limit: count.limit(), key, binding };
            return Ok(Wanted::Step(step));
        }
        let Cursor { place, backwards, limit, issued } =
            key.open(text, &binding).ok_or_else(invalid)?;
        // Left out, it is what it was.
        if count.given().is_some_and(|it| it != limit) {
            return Err(invalid().into());
        }
        let age = self.clock.now().micros().saturating_sub(issued.micros());
        if u128::try_from(age).is_ok_and(|it| it > self.cursors.timeout.as_micros()) {
            return Err(self.cursors.expired().into());
        }
        let direction = if backwards { Direction::Backwards } else { Direction::Forwards };
        Ok(Wanted::Step(Step { from: Some((place, direction)), limit, key, binding }))
    }

    /// What is told of the matches outside the part: where it began, or how to go on.
    pub(super) fn position(&self, wanted: Wanted, rest: Option<Place>) -> Result<Position, Error> {
        let step = match wanted {
            Wanted::Window { start, .. } => return Ok(Position::Index(start)),
            Wanted::Step(step) => step,
        };
        let Step { from, limit, key, binding } = step;
        let issued = self.clock.now();
        let seal = |place: Option<Place>, direction| {
            let Some(place) = place else { return Ok(None) };
            let backwards = direction == Direction::Backwards;
            let cursor = Cursor { place, backwards, limit, issued };
            let sealed = key.seal(&cursor, &binding, self.cursors.random()?);
            sealed.map(Some).ok_or_else(|| Error::Defect("a cursor was not sealed".to_owned()))
        };
        // The place where this part began divides it from its neighbour, whatever has come or gone.
        let (previous, next) = match from {
            None => (None, rest),
            Some((place, Direction::Forwards)) => (Some(place), rest),
            Some((place, Direction::Backwards)) => (rest, Some(place)),
        };
        Ok(Position::Cursor {
            previous: seal(previous, Direction::Backwards)?,
            next: seal(next, Direction::Forwards)?,
        })
    }

    async fn cursor_key(&self, session: &mut Session) -> Result<&CursorKey, Error> {
        let known = session.snapshot.keyring();
        let read = async move {
            if let Some(secret) = known.find(SECRET).await? {
                return Ok(CursorKey::new(&secret));
            }
            let secret = SharedSecret::new(self.cursors.random()?);
            let (store, now) = (Arc::clone(&self.store), self.clock.now());
            let secret = to_its_end(move || keyring::keep(store, SECRET, secret, now)).await?;
            Ok(CursorKey::new(&secret))
        };
        self.cursors.key.get_or_try_init(|| read).await
    }
}
