//! A thread that serves a crowd looks who else has come.
//!
//! Over an embedded database a request hardly waits for anything. A thread to which many requests of
//! one client have come would answer all of them, one after the other, before it reads what anybody
//! else has sent. So after some requests of one credential, the next ones of it wait until the thread
//! has looked at its connections once more: such a look is what is called a round here.
//!
//! Looks that nobody waits for are not counted, since that would cost every request something. So a
//! client that asks seldom waits for a look, too, at each ninth of its requests to a thread; where
//! there is no crowd, that takes no time.

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    hash::{BuildHasher as _, Hash, RandomState},
};

use tokio::{sync::oneshot, task};

#[cfg(test)]
mod tests;

/// How many requests of one credential a thread begins in one round.
const IN_A_ROUND: usize = 8;

/// How many credentials a thread counts at most. Beyond that it counts all of them anew: nobody waits
/// for that, and a crowd begins some more of its requests before the next look.
const COUNTED: usize = 1_000;

thread_local! {
    static ROUND: RefCell<Round> = RefCell::default();
}

/// What this thread has begun since the last look that somebody waited for.
#[derive(Debug, Default)]
struct Round {
    hasher: RandomState,
    begun: HashMap<u64, usize>,
    waiting: HashMap<u64, VecDeque<oneshot::Sender<()>>>,
    /// Whether a look is coming.
    kept: bool,
}

/// What a request does.
enum Next {
    Begin,
    Wait(oneshot::Receiver<()>),
}

impl Round {
    fn enter(&mut self, credential: impl Hash) -> Next {
        let credential = self.hasher.hash_one(credential);
        if self.begun.len() >= COUNTED {
            self.begun.clear();
        }
        let begun = self.begun.entry(credential).or_default();
        if *begun < IN_A_ROUND {
            *begun += 1;
            return Next::Begin;
        }
        let (tell, told) = oneshot::channel();
        self.waiting.entry(credential).or_default().push_back(tell);
        Next::Wait(told)
    }

    /// Begins the next round with those who wait, and answers whether there are more of them.
    fn next(&mut self) -> bool {
        self.begun.clear();
        self.waiting.retain(|credential, waiting| {
            let begun = self.begun.entry(*credential).or_default();
            while *begun < IN_A_ROUND
                && let Some(tell) = waiting.pop_front()
            {
                // Who has gone away takes nobody's place.
                *begun += usize::from(tell.send(()).is_ok());
            }
            !waiting.is_empty()
        });
        self.kept = !self.waiting.is_empty();
        self.kept
    }
}

/// Waits until a request with this credential may begin on this thread.
pub(super) async fn pass(credential: impl Hash) {
    let (next, keep) = ROUND.with_borrow_mut(|round| {
        let next = round.enter(credential);
        let keep = matches!(next, Next::Wait(_)) && !std::mem::replace(&mut round.kept, true);
        (next, keep)
    });
    if keep {
        task::spawn_local(keep_rounds(Keeper));
    }
    match next {
        Next::Begin => {}
        // The sender is dropped only where the runtime ends, and the request with it.
        Next::Wait(told) => drop(told.await),
    }
}

/// Whoever keeps the rounds of a thread; gone with its runtime, the next one that is started there
/// begins anew.
struct Keeper;

impl Drop for Keeper {
    fn drop(&mut self) {
        // There is nothing to tell a thread that ends.
        let _ = ROUND.try_with(|round| {
            if let Ok(mut round) = round.try_borrow_mut() {
                *round = Round::default();
            }
        });
    }
}

/// Lets the thread look at its connections, round after round, as long as anybody waits for it.
async fn keep_rounds(keeper: Keeper) {
    loop {
        task::yield_now().await;
        if !ROUND.with_borrow_mut(Round::next) {
            break;
        }
    }
    // Ended as it should: what was begun in this round counts.
    std::mem::forget(keeper);
}
