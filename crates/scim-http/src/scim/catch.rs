//! Keeps a panic in one request from ending more than that request.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
};

/// The code panicked. What it said went to the panic hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// Runs a future to its end, or to its panic. Whoever calls has pinned it: one that is handed over is
/// kept twice, where it came from and where it is run.
pub(crate) async fn unwound<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
    // Nobody looks at what the future borrowed but the request it belonged to, which is answered
    // with 500 and gone.
    poll_fn(move |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(_) => std::task::Poll::Ready(Err(Panicked)),
    })
    .await
}

/// Runs a function to its end, or to its panic.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}
