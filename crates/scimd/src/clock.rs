//! The time of the system.

use std::time::{SystemTime, UNIX_EPOCH};

use scim_app::ports::Clock;
use scim_domain::Timestamp;

/// The clock of the machine, in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the adapter of the Clock port")]
        let now = SystemTime::now();
        let micros = |duration: std::time::Duration| i64::try_from(duration.as_micros());
        // A machine that believes in a time before 1970 has a clock without power; no moment we
        // could give is right, and none may stop the service.
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(micros(since).unwrap_or(i64::MAX))
    }
}
