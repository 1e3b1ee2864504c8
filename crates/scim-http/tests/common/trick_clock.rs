//! A clock that stands still, and panics when it was told to.

use std::sync::atomic::{AtomicI64, Ordering};

use scim_app::{ports::Clock, testing::StoppedClock};
use scim_domain::Timestamp;

/// The clock of the world.
#[derive(Debug, Default)]
pub struct TrickClock {
    stopped: StoppedClock,
    /// How many more times it tells the time before it panics; below 1 it never does.
    fuse: AtomicI64,
}

impl TrickClock {
    /// Moves the clock by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.stopped.advance(seconds);
    }

    /// Makes the `nth` from now on who asks for the time panic, once.
    pub fn panic_at(&self, nth: i64) {
        self.fuse.store(nth, Ordering::SeqCst);
    }

    /// Whether it still will.
    pub fn disarm(&self) -> bool {
        self.fuse.swap(0, Ordering::SeqCst) > 0
    }
}

impl Clock for TrickClock {
    fn now(&self) -> Timestamp {
        assert!(self.fuse.fetch_sub(1, Ordering::SeqCst) != 1, "the clock was told to panic");
        self.stopped.now()
    }
}
